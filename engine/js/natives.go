package js

import (
	"cmp"
	"strings"
	"unicode"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// baseNatives are the Go functions that prelude/base.js uses.
func (r *Runtime) baseNatives() *goja.Object {
	o := r.vm.NewObject()
	set := func(name string, fn func(goja.FunctionCall) goja.Value) { _ = o.Set(name, r.nativeFunc(name, fn)) }
	r.realDate = r.builtin("Date")
	set("now", func(goja.FunctionCall) goja.Value { return r.str(value.DateString(r.millis(), r.options.Zone)) })
	set("dateArguments", r.dateArguments)
	set("mend", func(c goja.FunctionCall) goja.Value { return r.mend(c.Argument(0)) })
	set("stack", func(c goja.FunctionCall) goja.Value {
		head := text(c.Argument(1))
		for _, f := range parseFrames(text(c.Argument(0).(*goja.Object).Get("stack"))) {
			head += "\n    at " + f.String()
		}
		return r.str(head)
	})
	set("wellFormed", func(c goja.FunctionCall) goja.Value {
		return r.str(string(utf8Bytes(text(c.Argument(0)))))
	})
	set("describe", func(c goja.FunctionCall) goja.Value { return r.str(r.describe(c.Argument(0))) })
	compare, _ := goja.AssertFunction(r.builtin("String").Get("prototype").(*goja.Object).Get("localeCompare"))
	_ = o.Set("localeCompare", r.nativeFunc("localeCompare", func(c goja.FunctionCall) goja.Value {
		return r.localeCompare(c, compare)
	}))
	set("special", r.specialProperty)
	return o
}

// describe gives a value as V8 names it in "x is not a function".
func (r *Runtime) describe(v goja.Value) string {
	if s, ok := v.(goja.String); ok {
		return "\"" + text(s) + "\""
	}
	o, ok := v.(*goja.Object)
	if !ok {
		return v.String()
	}
	if _, fn := goja.AssertFunction(o); fn || o.ClassName() == "Array" {
		s, _ := r.try(func() goja.Value { return o.ToString() })
		return s.String()
	}
	return "#<" + (&live{r: r, o: o}).Class() + ">"
}

func (r *Runtime) try(f func() goja.Value) (v goja.Value, err error) {
	v = r.undefined
	if ex := r.vm.Try(func() { v = f() }); ex != nil {
		return r.undefined, ex
	}
	return v, nil
}

// wrapper gives the Go handler of an object that shows a native one, or nil.
func (r *Runtime) wrapper(v goja.Value) any {
	o, ok := v.(*goja.Object)
	if !ok {
		return nil
	}
	switch self := selfOf(o); self.tab {
	case r.tabs.dynObject:
		return *(*goja.DynamicObject)(handlerOf(self))
	case r.tabs.dynArray:
		return *(*goja.DynamicArray)(handlerOf(self))
	}
	return nil
}

// specialProperty defines a property that is not plain data on a native object:
// it is kept beside the object, only JavaScript sees it.
func (r *Runtime) specialProperty(c goja.FunctionCall) goja.Value {
	w, ok := r.wrapper(c.Argument(0)).(*object)
	d, isObject := c.Argument(2).(*goja.Object)
	key, isString := c.Argument(1).(goja.String)
	if !ok || !isObject || !isString {
		return r.no
	}
	k := text(key)
	flag := func(name string) bool { v := d.Get(name); return v != nil && v.ToBoolean() }
	old, had := w.o.Lookup(k)
	plain := d.Get("get") == nil && d.Get("set") == nil
	for _, name := range []string{"writable", "enumerable", "configurable"} {
		plain = plain && (flag(name) || had && d.Get(name) == nil)
	}
	if plain {
		v := d.Get("value")
		if v == nil && had {
			return r.yes
		}
		if v == nil {
			v = r.undefined
		}
		return r.boolean(w.Set(k, v))
	}
	if w.side == nil {
		w.side = r.vm.CreateObject(nil)
	}
	this := c.Argument(0)
	bind := func(name string) goja.Value {
		fn, ok := goja.AssertFunction(d.Get(name))
		if !ok {
			return nil
		}
		return r.nativeFunc(name, func(c goja.FunctionCall) goja.Value {
			v, err := fn(this, c.Arguments...)
			if err != nil {
				panic(err)
			}
			return v
		})
	}
	f := func(name string) goja.Flag { return goja.ToFlag(flag(name)) }
	w.o.Delete(k)
	if get, put := bind("get"), bind("set"); get != nil || put != nil {
		_ = w.side.DefineAccessorProperty(k, get, put, f("configurable"), f("enumerable"))
		return r.yes
	}
	v := d.Get("value")
	if v == nil {
		v = r.toJS(old)
	}
	_ = w.side.DefineDataProperty(k, v, f("writable"), f("configurable"), f("enumerable"))
	return r.yes
}

// localeCompare is String.prototype.localeCompare with the options numeric and
// sensitivity.
func (r *Runtime) localeCompare(c goja.FunctionCall, plain goja.Callable) goja.Value {
	opt, ok := c.Argument(2).(*goja.Object)
	if !ok {
		v, err := plain(c.This, c.Argument(0))
		if err != nil {
			panic(err)
		}
		return v
	}
	a, b := text(c.This.ToString()), text(c.Argument(0).ToString())
	get := func(k string) string {
		if v := opt.Get(k); v != nil && v != r.undefined {
			return v.String()
		}
		return ""
	}
	fold := func(s string) string { return s }
	switch get("sensitivity") {
	case "base":
		fold = func(s string) string { return strings.ToLower(r.stripAccents(s)) }
	case "accent":
		fold = strings.ToLower
	case "case":
		fold = r.stripAccents
	}
	compare := func(a, b string) int {
		v, err := plain(r.str(fold(a)), r.str(fold(b)))
		if err != nil {
			panic(err)
		}
		return int(v.ToInteger())
	}
	if get("numeric") == "true" {
		return r.number(float64(compareNumeric(a, b, compare)))
	}
	return r.number(float64(compare(a, b)))
}

func (r *Runtime) stripAccents(s string) string {
	v, err := r.method(r.builtin("String").Get("prototype").(*goja.Object), "normalize")(r.str(s), r.str("NFD"))
	if err != nil {
		panic(err)
	}
	return strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		return c
	}, text(v))
}

// compareNumeric compares runs of digits as numbers and what is between by compare.
func compareNumeric(a, b string, compare func(a, b string) int) int {
	for a != "" && b != "" {
		da, db := digitsAt(a), digitsAt(b)
		if da > 0 && db > 0 {
			x, y := strings.TrimLeft(a[:da], "0"), strings.TrimLeft(b[:db], "0")
			if len(x) != len(y) {
				return cmp.Compare(len(x), len(y))
			}
			if x != y {
				return strings.Compare(x, y)
			}
			a, b = a[da:], b[db:]
			continue
		}
		ta, tb := textRun(a), textRun(b)
		if da > 0 || db > 0 {
			ta, tb = max(ta, da), max(tb, db)
		}
		if d := compare(a[:ta], b[:tb]); d != 0 {
			return d
		}
		a, b = a[ta:], b[tb:]
	}
	return cmp.Compare(len(a), len(b))
}

func digitsAt(s string) (n int) {
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func textRun(s string) (n int) {
	for n < len(s) && (s[n] < '0' || s[n] > '9') {
		n++
	}
	return n
}
