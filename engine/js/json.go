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
	text, ok, err := value.Stringify(r.copyOut(v), r.indent(c.Argument(2)))
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
func (r *Runtime) copyOut(v goja.Value) value.Value {
	c := copier{r: r}
	return c.value(v)
}

// copyAll is copyOut that also copies Maps and Sets, for showing a value.
func (r *Runtime) copyAll(v goja.Value) value.Value {
	c := copier{r: r, collections: true}
	return c.value(v)
}

// copier copies values out of JavaScript; shared references and cycles are kept.
type copier struct {
	r           *Runtime
	seen        map[*goja.Object]value.Value
	collections bool
}

func (c *copier) value(v goja.Value) value.Value {
	r := c.r
	o, ok := v.(*goja.Object)
	if !ok {
		return r.primitive(v)
	}
	if done, ok := c.seen[o]; ok {
		return done
	}
	plain := r.isPlain(o)
	if !plain && !(c.collections && (r.kindOf(o) == kindMap || r.kindOf(o) == kindSet)) {
		return r.adopt(o)
	}
	if c.seen == nil {
		c.seen = map[*goja.Object]value.Value{}
	}
	self := selfOf(o)
	switch {
	case !plain:
		return c.collection(o)
	case self.tab == r.tabs.array:
		l := (*arrayLayout)(self.data)
		a := &value.Array{Elems: make([]value.Value, int(l.length))}
		c.seen[o] = value.Of(a)
		for i, e := range l.values {
			if e != nil && i < len(a.Elems) {
				a.Elems[i] = c.value(e)
			}
		}
		return value.Of(a)
	}
	b := (*baseLayout)(self.data)
	if f, ok := b.values["toJSON"].(*goja.Object); ok && r.kindOf(f) == kindFunction {
		return value.Live(&live{r: r, o: o})
	}
	n := value.NewObject(len(b.propNames))
	c.seen[o] = value.Of(n)
	for _, name := range b.propNames {
		if e, ok := b.values[name]; ok {
			n.Set(keyText(name), c.value(e))
		}
	}
	return value.Of(n)
}

// collection copies a Map or Set.
func (c *copier) collection(o *goja.Object) value.Value {
	r := c.r
	m, s := &value.Map{}, &value.Set{}
	isMap := r.kindOf(o) == kindMap
	if isMap {
		c.seen[o] = value.Of(m)
	} else {
		c.seen[o] = value.Of(s)
	}
	_, _ = r.method(o, "forEach")(o, r.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		if isMap {
			m.Pairs = append(m.Pairs, [2]value.Value{c.value(call.Argument(1)), c.value(call.Argument(0))})
		} else {
			s.Items = append(s.Items, c.value(call.Argument(0)))
		}
		return goja.Undefined()
	}))
	return c.seen[o]
}
