package regex

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestVectors compares with what Node.js did (testdata/vectors.mjs). VECTORS may name
// another file that the same generator wrote.
func TestVectors(t *testing.T) {
	file := os.Getenv("VECTORS")
	if file == "" {
		file = "testdata/vectors.jsonl"
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	n, failed, last := 0, 0, ""
	for sc.Scan() {
		v, err := value.ParseJSON(sc.Text())
		if err != nil {
			t.Fatal(err)
		}
		n++
		if got, want := outcome(v), value.Index(v, 3); got != string(value.AppendJSON(nil, want)) {
			failed++
			pattern := value.Index(v, 0).Str() + " " + value.Index(v, 1).Str()
			if pattern != last { // one report per pattern
				last = pattern
				t.Errorf("/%s/%s on %q:\n got %s\nwant %s", value.Index(v, 0).Str(), value.Index(v, 1).Str(), value.Index(v, 2).Str(), got, value.AppendJSON(nil, want))
			}
		}
	}
	if n < 500 {
		t.Fatalf("only %d vectors", n)
	}
	t.Logf("%d vectors, %d differ", n, failed)
}

// outcome does what the vector asks for and gives it in the form of the vectors.
func outcome(v value.Value) string {
	input, want := value.Index(v, 2).Str(), value.Index(v, 3).Object()
	out := value.NewObject()
	re, err := Compile(value.Index(v, 0).Str(), value.Index(v, 1).Str())
	if err != nil {
		out.Set("error", value.Str(err.Error()))
		return string(value.AppendJSON(nil, value.Of(out)))
	}
	var all []*Match
	if re.Sticky() {
		m, err := re.Exec(input, 0)
		if err != nil {
			return err.Error()
		}
		if m != nil {
			all = append(all, m)
		}
	} else if all, err = re.MatchAll(input); err != nil {
		return err.Error()
	}
	list := value.NewArray()
	for _, m := range all {
		list.Append(shown(m))
	}
	by := want.Get("by").Str()
	replaced, err := re.Replace(input, by)
	if err != nil {
		return err.Error()
	}
	parts, err := re.Split(input, -1)
	if err != nil {
		return err.Error()
	}
	out.Set("all", value.Of(list))
	out.Set("by", value.Str(by))
	out.Set("replace", value.Str(replaced))
	out.Set("split", texts(parts))
	out.Set("src", value.Str(re.Source()))
	out.Set("flags", value.Str(re.Flags()))
	return string(value.AppendJSON(nil, value.Of(out)))
}

func texts(groups []Group) value.Value {
	list := value.NewArray()
	for _, g := range groups {
		if g.Ok {
			list.Append(value.Str(g.Text))
		} else {
			list.Append(value.Null)
		}
	}
	return value.Of(list)
}

func shown(m *Match) value.Value {
	names := value.Null
	for i, name := range m.Names {
		if name == "" {
			continue
		}
		if names.IsNull() {
			names = value.Obj()
		}
		if m.Groups[i+1].Ok {
			names.Object().Set(name, value.Str(m.Groups[i+1].Text))
		}
	}
	return value.Arr(value.Int(m.Index()), texts(m.Groups), names)
}

// TestSteps checks that a runaway pattern ends with an error.
func TestSteps(t *testing.T) {
	re, err := Compile("^(a+)+$", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := re.Exec(strings.Repeat("a", 40)+"!", 0); err == nil {
		t.Fatal("no error")
	}
}

// FuzzMatch looks for panics in the compiler and the matcher.
func FuzzMatch(f *testing.F) {
	f.Add("(a|b)*?c", "i", "aabbc")
	f.Add("(?<=(a){2,3}?)\\1[^x-z]", "u", "äaa😀")
	f.Fuzz(func(t *testing.T, pattern, flags, input string) {
		re, err := Compile(value.Text([]byte(pattern)), flags)
		if err != nil || len(input) > 200 {
			return
		}
		re.prog.limit = 20_000
		_, _ = re.MatchAll(value.Text([]byte(input)))
	})
}
