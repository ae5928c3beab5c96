package jsonata

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestSuite runs the official JSONata test suite. JSONATA_SUITE is the folder with
// its groups and datasets; without it the test is skipped.
func TestSuite(t *testing.T) {
	dir := os.Getenv("JSONATA_SUITE")
	if dir == "" {
		t.Skip("JSONATA_SUITE does not name the folder of the official suite (test/test-suite of jsonata)")
	}
	files, err := filepath.Glob(filepath.Join(dir, "groups", "*", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s", dir)
	}
	total, right, lenient := 0, 0, 0
	for _, file := range files {
		for i, c := range suiteCases(t, file) {
			total++
			err := runSuiteCase(dir, file, c)
			if err == "" {
				right++
				continue
			}
			if strings.HasPrefix(err, "code:") {
				lenient++
			}
			rel, _ := filepath.Rel(dir, file)
			t.Logf("%s[%d]: %s\n  %s", rel, i, err, c.Get("expr").Str())
		}
	}
	t.Logf("%d of %d cases: %.2f %% strict, %.2f %% with any error code", right, total,
		100*float64(right)/float64(total), 100*float64(right+lenient)/float64(total))
	if float64(right) < 0.995*float64(total) {
		t.Errorf("fewer than 99.5 %% of the suite")
	}
}

func suiteCases(t *testing.T, file string) (cases []*value.Object) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	v, err := value.ParseJSON(string(text))
	if err != nil {
		t.Fatal(file, err)
	}
	if o := v.Object(); o != nil {
		return []*value.Object{o}
	}
	for _, x := range v.Array().Elems {
		cases = append(cases, x.Object())
	}
	return cases
}

// runSuiteCase gives what is wrong, "" if nothing is.
func runSuiteCase(dir, file string, c *value.Object) string {
	src := c.Get("expr").Str()
	if name := c.Get("expr-file").Str(); name != "" {
		text, err := os.ReadFile(filepath.Join(filepath.Dir(file), name))
		if err != nil {
			return err.Error()
		}
		src = string(text)
	}
	input := c.Get("data")
	if name := c.Get("dataset").Str(); name != "" {
		text, err := os.ReadFile(filepath.Join(dir, "datasets", name+".json"))
		if err != nil {
			return err.Error()
		}
		input, _ = value.ParseJSON(string(text))
	}
	x, err := Compile(src)
	var got value.Value
	if err == nil {
		if b := c.Get("bindings").Object(); b != nil {
			for i := range b.Len() {
				x.Assign(b.At(i).Key, b.At(i).Value)
			}
		}
		got, err = x.Eval(input, &Host{Now: func() float64 { return 1.7e12 }, Random: func() float64 { return 0.4 }})
	}
	code := c.Get("code").Str()
	if e := c.Get("error").Object(); e != nil {
		code = e.Get("code").Str()
	}
	if code != "" {
		if err == nil {
			return "no error, want " + code
		}
		if have := asError(err).Prop("code").Str(); have != code {
			return "code: got " + have + " " + err.Error() + ", want " + code
		}
		return ""
	}
	if err != nil {
		return "error: " + err.Error()
	}
	if c.Get("undefinedResult").Bool() {
		if !got.IsUndefined() {
			return "got " + shown(got) + ", want undefined"
		}
		return ""
	}
	want, has := c.Lookup("result")
	if !has {
		return ""
	}
	if c.Get("unordered").Bool() && sameMembers(got, want) {
		return ""
	}
	if !equalJSON(got, want) {
		return "got " + shown(got) + ", want " + shown(want)
	}
	return ""
}

func equalJSON(a, b value.Value) bool {
	if a.Kind() == value.KindNumber && b.Kind() == value.KindNumber {
		return a.Num() == b.Num()
	}
	same, _ := deepEqual(a, b, 0)
	return same
}

func sameMembers(a, b value.Value) bool {
	if !isArray(a) || !isArray(b) || value.Length(a) != value.Length(b) {
		return false
	}
	rest := append([]value.Value(nil), elements(b)...)
next:
	for _, x := range elements(a) {
		for i, y := range rest {
			if equalJSON(x, y) {
				rest = append(rest[:i], rest[i+1:]...)
				continue next
			}
		}
		return false
	}
	return true
}
