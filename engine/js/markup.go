package js

import (
	"strings"

	"github.com/dop251/goja"
)

// markup are the methods of strings that put them into HTML: the name, the element, and
// the attribute that takes the argument.
var markup = []struct{ name, element, attribute string }{
	{"anchor", "a", "name"}, {"big", "big", ""}, {"blink", "blink", ""}, {"bold", "b", ""}, {"fixed", "tt", ""}, {"fontcolor", "font", "color"},
	{"fontsize", "font", "size"}, {"italics", "i", ""}, {"link", "a", "href"}, {"small", "small", ""}, {"strike", "strike", ""}, {"sub", "sub", ""}, {"sup", "sup", ""},
}

// installMarkup makes them.
func (r *Runtime) installMarkup() {
	proto := r.homeOf("String.prototype")
	for _, m := range markup {
		length := 0
		if m.attribute != "" {
			length = 1
		}
		r.defineFunc(proto, m.name, length, func(c goja.FunctionCall) goja.Value {
			if goja.IsUndefined(c.This) || goja.IsNull(c.This) {
				r.throw("TypeError", "String.prototype.%s called on null or undefined", m.name)
			}
			s, open := text(c.This.ToString()), m.element
			if m.attribute != "" {
				open += " " + m.attribute + `="` + strings.ReplaceAll(text(c.Argument(0).ToString()), `"`, "&quot;") + `"`
			}
			r.charge(int64(len(s) + len(open)))
			return r.str("<" + open + ">" + s + "</" + m.element + ">")
		})
	}
}
