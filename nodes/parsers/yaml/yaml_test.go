package yaml

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// vector is a line of testdata/vectors.jsonl, which testdata/vectors.mjs writes:
// what js-yaml makes of a text, or of a value if there is no text.
type vector struct {
	Text          *string
	Err           string
	Value         json.RawMessage // tagged; none if it is circular
	Dump, DumpErr string
}

func TestVectors(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/vectors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	n := 0
	for ; lines.Scan(); n++ {
		var c vector
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		// encoding/json has no lone surrogates.
		line, err := value.ParseJSON(lines.Text())
		if err != nil {
			t.Fatal(err)
		}
		text, dump := line.Object().Get("text"), line.Object().Get("dump")
		c.Err = line.Object().Get("err").Str()
		var v value.Value
		if c.Text != nil {
			v, err = Parse(text.Str())
			if got := message(err); got != c.Err {
				t.Errorf("load %q fails with\n%s\nnot\n%s", text.Str(), got, c.Err)
				continue
			}
			if err != nil {
				continue
			}
			if c.Value != nil {
				if got, want := value.AppendTagged(nil, v), value.AppendTagged(nil, tagged(t, c.Value)); !bytes.Equal(got, want) {
					t.Errorf("load %q gives %s, not %s", text.Str(), got, want)
					continue
				}
			}
		} else {
			v = tagged(t, c.Value)
		}
		got, err := Dump(v)
		if got != dump.Str() || message(err) != c.DumpErr {
			t.Errorf("dump of %q %.200s gives\n%q %s, not\n%q %s", text.Str(), c.Value, got, message(err), dump.Str(), c.DumpErr)
		}
	}
	if n < 300 || lines.Err() != nil {
		t.Fatal("too few vectors:", n, lines.Err())
	}
}

func tagged(t *testing.T, text []byte) value.Value {
	t.Helper()
	v, err := value.DecodeTagged(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func message(err error) string {
	if e, ok := err.(*value.Error); ok {
		return e.Message
	}
	if err != nil {
		return "not a JavaScript error: " + err.Error()
	}
	return ""
}

// TestShared holds what vectors in JSON cannot: the same container twice.
func TestShared(t *testing.T) {
	t.Parallel()
	one, date := value.Obj("x", 1), value.Of(&value.Date{})
	for _, c := range []struct {
		v    value.Value
		want string
	}{
		{value.Arr(one, one), "- &ref_0\n  x: 1\n- *ref_0\n"},
		{value.Obj("a", one, "b", one), "a: &ref_0\n  x: 1\nb: *ref_0\n"},
		{value.Arr(date, date, one, one), "- 1970-01-01T00:00:00.000Z\n- 1970-01-01T00:00:00.000Z\n- &ref_1\n  x: 1\n- *ref_1\n"},
	} {
		if got, err := Dump(c.v); got != c.want || err != nil {
			t.Errorf("got\n%s%v, not\n%s", got, err, c.want)
		}
	}
}

func TestDeep(t *testing.T) {
	t.Parallel()
	v := value.Null
	for range 100_000 {
		v = value.Arr(v)
	}
	if _, err := Dump(v); err == nil {
		t.Error("a value nested 100,000 levels deep was dumped")
	}
	if _, err := Parse(strings.Repeat("[", 100_000)); err == nil {
		t.Error("a text nested 100,000 levels deep was loaded")
	}
}

// FuzzLoad holds that nothing panics and that what is dumped in a list loads again as it
// was. (A text by itself need not: " \n" does not in js-yaml either.)
func FuzzLoad(f *testing.F) {
	for _, s := range []string{"a: [1, x]\nb: |\n  l\n", "- &a {x: 1}\n- *a", "!!binary aGk=", "<<: {a: 1}", "? [a]\n: \"\\x41\"", "2020-01-01", "%TAG ! x\n---\n!a b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Parse(value.Text([]byte(text)))
		if err != nil || v.IsUndefined() {
			return
		}
		v = value.Arr(v)
		out, err := Dump(v)
		if err != nil {
			return
		}
		again, err := Parse(out)
		if err != nil {
			t.Fatalf("%q is dumped as %q: %v", text, out, err)
		}
		if a, b := value.AppendTagged(nil, v), value.AppendTagged(nil, again); !bytes.Equal(a, b) {
			t.Fatalf("%q is dumped as %q: %s is not %s", text, out, b, a)
		}
	})
}
