package jsonata

import (
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestDeep evaluates deep recursion, and recursion and loops without end.
func TestDeep(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(170))", "7.257415615307994e+306"},
		{"($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(1000))", "1000"},
		{"($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(30000))", "30000"},
		{"($f := function($n) { $n = 0 ? 0 : $f($n - 1) }; $f(1000000))", "0"},
		{"($f := function($n) { 1 + $f($n) }; $f(1))", "D1011"},
		{"($f := function($n) { $f($n) }; $f(1))", "D1012"},
		{"($f := function($n) { $map([$n], $f) }; $f(1))", "D1011"},
	} {
		x, err := Compile(c.src)
		if err != nil {
			t.Fatal(err)
		}
		x.limit = 10_000_000
		v, err := x.Eval(value.Undefined, nil)
		got := value.ToString(v)
		if err != nil {
			got = asError(err).Prop("code").Str()
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.src, got, c.want)
		}
	}
}
