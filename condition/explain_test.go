package condition

import (
	"fmt"
	"strings"
	"testing"
)

func TestExplain(t *testing.T) {
	env := map[string]any{"a": map[string]any{"n": 3.0}, "list": []any{1.0, 2.0}, "get": func(s string) any { return s + "!" }}
	for text, want := range map[string]string{
		`a.n > 2 and a.n == 4`:                  "a.n=3",
		`a.n == 3 or len(list) == 1`:            "a.n=3 list=[1 2]",
		`not (get("x") == "y")`:                 `get("x")=x!`,
		`a.m.k == 1`:                            "a=map[n:3] a.m=<nil> a.m.k fails",
		`all(list, # > 1) and get("z") == "z!"`: "list=[1 2]",
		`2 + `:                                  "",
	} {
		c := &Condition{text: text}
		var got []string
		for _, p := range c.Explain(env) {
			if p.Err != nil {
				got = append(got, p.Text+" fails")
			} else {
				got = append(got, fmt.Sprintf("%s=%v", p.Text, p.Value))
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s, not %s", text, s, want)
		}
	}
	c := &Condition{text: `len(get("x")) > 1 and get("y", 2)`}
	if got := fmt.Sprint(c.Strings()); got != "[x y]" {
		t.Error(got)
	}
}
