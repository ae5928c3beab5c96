package mustache

import (
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// FuzzMustache: no template makes the parser or the renderer fail other than by an error.
func FuzzMustache(f *testing.F) {
	for _, s := range []string{"", "{{a}}", "{{#a}}x{{/a}}", "{{^a}}{{/b}}", "{{=<% %>=}}<%a%>", "{{{a}}", "{{! x", "{{#a.b}}{{.}}{{/a.b}}\n", "{{=x", "{{}}", "é{{&ü}}"} {
		f.Add(s)
	}
	v := value.Obj("a", value.Obj("b", value.NewArray(value.Int(1), value.Str("x"))), "ü", "y")
	f.Fuzz(func(t *testing.T, s string) {
		m := Parse(s)
		out, err := m.Render(v, nil)
		if m.err != nil && err == nil {
			t.Errorf("a broken template rendered: %q", out)
		}
	})
}
