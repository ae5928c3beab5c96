package value

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// lines gives the JSON lines of a file of vectors, read by our own parser.
func lines(t *testing.T, name string) []Value {
	t.Helper()
	if name[0] != '/' {
		name = "testdata/" + name
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<24)
	var out []Value
	for sc.Scan() {
		v, err := ParseJSON(sc.Text())
		if err != nil {
			t.Fatalf("%s:%d: %v", name, len(out)+1, err)
		}
		out = append(out, v)
	}
	if len(out) == 0 {
		t.Fatalf("%s has no vectors", name)
	}
	return out
}

func TestParseJSON(t *testing.T) {
	bad := 0
	for _, l := range lines(t, "jsonparse.jsonl") {
		in, ok, want := l.Array().At(0).Str(), l.Array().At(1).Num() == 1, l.Array().At(2).Str()
		v, err := ParseJSON(in)
		got := ""
		if err != nil {
			got = err.(*Error).Message
		}
		if (err == nil) == ok && (ok || got == want) {
			if ok && string(AppendJSON(nil, tricky(v))) != want {
				t.Errorf("%q\n got %s\nwant %s", in, AppendJSON(nil, tricky(v)), want)
			}
			continue
		}
		if bad++; bad < 20 {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
}

// tricky writes a value as jsonparse.mjs does: numbers that JSON has not as text.
func tricky(v Value) Value {
	if f := v.Num(); v.IsNumber() && (math.IsInf(f, 0) || f == 0 && math.Signbit(f)) {
		if f == 0 {
			return Str("#-0")
		}
		return Str("#" + FormatNumber(f))
	}
	for _, k := range Keys(v) {
		if v.IsObject() {
			x, _ := GetKey(v, k)
			_ = SetKey(v, k, tricky(x))
		}
	}
	return v
}

func TestParseJSONDepth(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	v, err := ParseJSON(deep(maxJSONDepth))
	if err != nil {
		t.Fatal(err)
	}
	if s := AppendJSON(nil, Clone(v)); len(s) != 2*maxJSONDepth {
		t.Errorf("%d bytes came back", len(s))
	}
	if _, err = ParseJSON(deep(maxJSONDepth + 1)); err == nil || err.(*Error).Name != "RangeError" {
		t.Errorf("got %v", err)
	}
}

func TestParseJSONKeys(t *testing.T) {
	// many keys, with duplicates and keys like indexes among them
	var b strings.Builder
	want := NewObject()
	for i := range 3000 {
		key := "k" + strconv.Itoa(i%2500)
		if i%7 == 0 {
			key = strconv.Itoa(5000 - i%1000)
		}
		fmt.Fprintf(&b, ",%q:%d", key, i)
		want.Set(key, Int(i))
	}
	v, err := ParseJSON("{" + b.String()[1:] + "}")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(AppendJSON(nil, v)), string(AppendJSON(nil, Of(want))); got != want {
		t.Errorf("got %.300s\nwant %.300s", got, want)
	}
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e+3,"x\u0041\n"],"b":{"c":true,"d":null}}`, `"\ud83d\ude00"`, `[1e400,-0]`, "{\"1\":1,\"a\":2,\"1\":3}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = Text([]byte(s))
		v, err := ParseJSON(s)
		if json.Valid([]byte(s)) != (err == nil) {
			t.Fatalf("%q: %v", s, err)
		}
		if err != nil {
			return
		}
		one, _, err := Stringify(v, "")
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseJSON(one)
		if err != nil {
			t.Fatalf("%q: %v", one, err)
		}
		if two := string(AppendJSON(nil, again)); one != two {
			t.Errorf("%q became %q", one, two)
		}
		spaced, _, _ := Stringify(v, "  ")
		if again, err = ParseJSON(spaced); err != nil || string(AppendJSON(nil, again)) != one {
			t.Errorf("%q: %v", spaced, err)
		}
		if !DeepEqual(FromTagged(must(ParseJSON(string(AppendTagged(nil, v))))), v) {
			t.Errorf("%q does not survive tagging", one)
		}
	})
}

func must(v Value, err error) Value {
	if err != nil {
		panic(err)
	}
	return v
}
