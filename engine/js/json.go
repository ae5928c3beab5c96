package js

import (
	"strings"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// installJSON replaces JSON.parse and JSON.stringify by those of the value package.
func (r *Runtime) installJSON() {
	j := r.builtin("JSON")
	original, _ := goja.AssertFunction(j.Get("stringify"))
	r.defineFunc(j, "parse", 2, r.jsonParse)
	r.defineFunc(j, "stringify", 3, func(c goja.FunctionCall) goja.Value {
		return r.jsonStringify(c, original)
	})
}

func (r *Runtime) jsonParse(c goja.FunctionCall) goja.Value {
	v, err := value.ParseJSON(text(c.Argument(0).ToString()))
	if err != nil {
		r.throwValue(err)
	}
	out := r.toJS(v)
	if _, ok := goja.AssertFunction(c.Argument(1)); ok {
		res, err := r.function("revive")(r.undefined, out, c.Argument(1))
		if err != nil {
			panic(err)
		}
		return res
	}
	return out
}

func (r *Runtime) jsonStringify(c goja.FunctionCall, original goja.Callable) goja.Value {
	if _, ok := c.Argument(1).(*goja.Object); ok {
		res, err := original(c.This, c.Arguments...)
		if err != nil {
			panic(err)
		}
		return res
	}
	v := c.Argument(0)
	if _, ok := v.(*goja.Object); ok {
		r.settle()
	}
	text, ok, err := value.Stringify(r.copyOut(v, nil), r.indent(c.Argument(2)))
	if err != nil {
		r.throwValue(err)
	}
	if !ok {
		return r.undefined
	}
	return r.str(text)
}

// indent is the third argument of JSON.stringify as text.
func (r *Runtime) indent(v goja.Value) string {
	if o, ok := v.(*goja.Object); ok && r.kindOf(o) == kindBoxed {
		v = r.primitiveOf(o)
	}
	if s, ok := v.(goja.String); ok {
		t := text(s)
		if value.UTF16Len(t) > 10 {
			t = value.Slice(t, 0, 10)
		}
		return t
	}
	if goja.IsNumber(v) {
		return strings.Repeat(" ", int(max(0, min(10, v.ToInteger()))))
	}
	return ""
}

// copyOut gives a value as data without adopting it: plain objects and arrays are
// copied, as deep as they go.
func (r *Runtime) copyOut(v goja.Value, seen map[*goja.Object]value.Value) value.Value {
	o, ok := v.(*goja.Object)
	if !ok {
		return r.primitive(v)
	}
	if !r.isPlain(o) {
		return r.adopt(o)
	}
	if done, ok := seen[o]; ok {
		return done
	}
	if seen == nil {
		seen = map[*goja.Object]value.Value{}
	}
	self := selfOf(o)
	if self.tab == r.tabs.array {
		l := (*arrayLayout)(self.data)
		a := &value.Array{Elems: make([]value.Value, int(l.length))}
		seen[o] = value.Of(a)
		for i, e := range l.values {
			if e != nil && i < len(a.Elems) {
				a.Elems[i] = r.copyOut(e, seen)
			}
		}
		return value.Of(a)
	}
	b := (*baseLayout)(self.data)
	if f, ok := b.values["toJSON"].(*goja.Object); ok && r.kindOf(f) == kindFunction {
		return value.Live(&live{r: r, o: o})
	}
	n := value.NewObject(len(b.propNames))
	seen[o] = value.Of(n)
	for _, name := range b.propNames {
		if e, ok := b.values[name]; ok {
			n.Set(keyText(name), r.copyOut(e, seen))
		}
	}
	return value.Of(n)
}
