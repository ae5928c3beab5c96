package schema

import (
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// FuzzSchema looks for schemas and values on which compiling or checking panics.
func FuzzSchema(f *testing.F) {
	for _, s := range []string{`{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}`, `{"anyOf":[{"minimum":1},{"pattern":"^a"}]}`,
		`{"items":[{},{"uniqueItems":true}],"additionalItems":false}`, `{"$id":"x","definitions":{"y":{"$id":"z"}},"$ref":"z"}`,
		`{"if":{"const":1},"then":{"enum":[1]}}`, `{"propertyNames":{"maxLength":1},"dependencies":{"a":["b"]}}`, `{"not":{"$ref":"#"}}`} {
		f.Add(s, `{"a":{"a":[1,"1",1]}}`)
	}
	f.Fuzz(func(t *testing.T, text, data string) {
		s, err := value.ParseJSON(text)
		if err != nil || len(text) > 1<<10 {
			return
		}
		v, err := value.ParseJSON(data)
		if err != nil {
			return
		}
		var set Set
		c, err := set.Compile(s)
		if err != nil {
			return
		}
		if errs, err := c.Validate(v); err == nil && len(errs) > 0 && Text(errs) == "" {
			t.Error("errors without text")
		}
	})
}
