package js

import (
	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// live is a value of the JavaScript engine held outside of it: a function, a class
// instance, a Map, an object with accessors. It implements value.Foreign.
type live struct {
	r       *Runtime
	o       *goja.Object
	pending bool // a plain object that will be adopted when the turn or call ends
}

// TypeOf implements value.Foreign.
func (l *live) TypeOf() string {
	if _, ok := goja.AssertFunction(l.o); ok {
		return "function"
	}
	return "object"
}

// Class implements value.Foreign.
func (l *live) Class() (name string) {
	_ = l.r.vm.Try(func() {
		c, ok := l.o.Get("constructor").(*goja.Object)
		if !ok {
			return
		}
		if n, ok := c.Get("name").(goja.String); ok {
			name = text(n)
		}
	})
	return name
}

// Get implements value.Foreign.
func (l *live) Get(key string) (v value.Value, err error) {
	err = l.r.guard(func() { v = l.r.fromJS(l.o.Get(key)) })
	return v, err
}

// Set implements value.Foreign.
func (l *live) Set(key string, v value.Value) error {
	return l.r.guard(func() {
		if err := l.o.Set(key, l.r.toJS(v)); err != nil {
			panic(err)
		}
	})
}

// Delete implements value.Foreign.
func (l *live) Delete(key string) error {
	return l.r.guard(func() {
		if err := l.o.Delete(key); err != nil {
			panic(err)
		}
	})
}

// Keys implements value.Foreign.
func (l *live) Keys() (keys []string) {
	_ = l.r.vm.Try(func() { keys = l.o.Keys() })
	return keys
}

// IsArray implements value.Foreign.
func (l *live) IsArray() bool { return l.o.ClassName() == "Array" }

// ToString implements value.Foreign.
func (l *live) ToString() (s string, err error) {
	err = l.r.guard(func() { s = text(l.o.ToString()) })
	return s, err
}

// ToJSON implements value.Foreign.
func (l *live) ToJSON(key string) (v value.Value, err error) {
	v = value.Live(l)
	err = l.r.guard(func() {
		if l.r.kindOf(l.o) == kindBoxed {
			v = l.r.primitive(l.r.primitiveOf(l.o))
			return
		}
		if f, ok := goja.AssertFunction(l.o.Get("toJSON")); ok {
			res, err := f(l.o, l.r.str(key))
			if err != nil {
				panic(err)
			}
			v = l.r.fromJS(res)
		}
	})
	return v, err
}

// Same implements value.Foreign.
func (l *live) Same(other value.Foreign) bool {
	o, ok := other.(*live)
	return ok && o.o == l.o
}

// Snapshot implements value.Foreign: Maps and Sets as such, functions as they are
// (data has no form for them), other objects by their enumerable own properties.
func (l *live) Snapshot() value.Value {
	s := snapshot{seen: map[*goja.Object]value.Value{}}
	return s.of(l)
}

type snapshot struct{ seen map[*goja.Object]value.Value }

func (s *snapshot) value(r *Runtime, v value.Value) value.Value {
	if f, ok := v.Foreign().(*live); ok && f.r == r {
		return s.of(f)
	}
	return v
}

func (s *snapshot) of(l *live) value.Value {
	if v, ok := s.seen[l.o]; ok {
		return v
	}
	if l.TypeOf() == "function" {
		return value.Live(l)
	}
	switch l.r.kindOf(l.o) {
	case kindMap:
		m := &value.Map{}
		s.seen[l.o] = value.Of(m)
		l.each(func(k, v value.Value) {
			m.Pairs = append(m.Pairs, [2]value.Value{s.value(l.r, k), s.value(l.r, v)})
		})
		return value.Of(m)
	case kindSet:
		m := &value.Set{}
		s.seen[l.o] = value.Of(m)
		l.each(func(_, v value.Value) { m.Items = append(m.Items, s.value(l.r, v)) })
		return value.Of(m)
	case kindBoxed:
		var v value.Value
		_ = l.r.vm.Try(func() { v = l.r.primitive(l.r.primitiveOf(l.o)) })
		return v
	}
	if l.IsArray() {
		a := &value.Array{}
		s.seen[l.o] = value.Of(a)
		n, _ := l.Get("length")
		for i := 0; i < int(n.Num()); i++ {
			e, _ := l.Get(value.FormatNumber(float64(i)))
			a.Elems = append(a.Elems, s.value(l.r, e))
		}
		return value.Of(a)
	}
	o := value.NewObject()
	s.seen[l.o] = value.Of(o)
	for _, k := range l.Keys() {
		v, _ := l.Get(k)
		o.Set(k, s.value(l.r, v))
	}
	return value.Of(o)
}

// each goes over a Map's pairs or a Set's members.
func (l *live) each(f func(k, v value.Value)) {
	_ = l.r.guard(func() {
		forEach := l.r.method(l.o, "forEach")
		_, err := forEach(l.o, l.r.vm.ToValue(func(c goja.FunctionCall) goja.Value {
			f(l.r.fromJS(c.Argument(1)), l.r.fromJS(c.Argument(0)))
			return goja.Undefined()
		}))
		if err != nil {
			panic(err)
		}
	})
}

// Clone implements value.Foreign by lodash's rules: functions, errors, promises and
// WeakMaps stay the same object inside a clone; Maps, Sets and boxed values are
// copied; any other object becomes one with the same prototype and deep copies of
// its enumerable own properties.
func (l *live) Clone(c *value.Cloner) value.Value {
	if l.pending {
		return c.Clone(l.r.adopt(l.o))
	}
	if done, ok := c.Seen(l.o); ok {
		return done
	}
	k := l.r.kindOf(l.o)
	if l.TypeOf() == "function" || k == kindPromise || k == kindError {
		return value.Live(l)
	}
	out := value.Live(l)
	if err := l.r.guard(func() { out = l.clone(c, k) }); err != nil {
		return value.Live(l)
	}
	return out
}

func (l *live) clone(c *value.Cloner, k kind) value.Value {
	r := l.r
	switch k {
	case kindMap:
		m := r.construct(r.builtin("Map"))
		out := value.Live(&live{r: r, o: m})
		c.Remember(l.o, out)
		set := r.method(m, "set")
		l.each(func(key, v value.Value) { _, _ = set(m, r.toJS(key), r.toJS(c.Clone(v))) })
		return out
	case kindSet:
		m := r.construct(r.builtin("Set"))
		out := value.Live(&live{r: r, o: m})
		c.Remember(l.o, out)
		add := r.method(m, "add")
		l.each(func(_, v value.Value) { _, _ = add(m, r.toJS(c.Clone(v))) })
		return out
	case kindBoxed:
		return value.Live(&live{r: r, o: r.primitiveOf(l.o).ToObject(r.vm)})
	case kindOther, kindBytes, kindView:
		// WeakMap, WeakSet, generators and the like: lodash gives an empty object
		// at the top and the thing itself inside; the thing itself is kept.
		return value.Live(l)
	}
	o := r.vm.CreateObject(l.o.Prototype())
	if l.IsArray() {
		o = r.vm.NewArray()
	}
	c.Remember(l.o, value.Live(&live{r: r, o: o}))
	for _, key := range l.o.Keys() {
		_ = o.Set(key, r.toJS(c.Clone(r.fromJS(l.o.Get(key)))))
	}
	for _, sym := range l.o.Symbols() {
		_ = o.SetSymbol(sym, r.toJS(c.Clone(r.fromJS(l.o.GetSymbol(sym)))))
	}
	return r.adopt(o)
}
