package js

import (
	"cmp"
	"math"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// installSort replaces Array.prototype.sort by one that makes V8's comparisons in
// V8's order, which also are fewer than goja's.
func (r *Runtime) installSort() {
	original, _ := goja.AssertFunction(r.arrayProto.Get("sort"))
	r.defineFunc(r.arrayProto, "sort", 1, func(c goja.FunctionCall) goja.Value {
		compare, ok := r.comparison(c.Argument(0))
		if o, is := c.This.(*goja.Object); is && ok && r.sortArray(o, compare) {
			return o
		}
		if _, callable := goja.AssertFunction(c.Argument(0)); !ok && !callable {
			r.throw("TypeError", "The comparison function must be either a function or undefined: %s", r.shown(c.Argument(0)))
		}
		v, err := original(c.This, c.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	})
}

// shown is a value as V8 puts it at the end of some error texts.
func (r *Runtime) shown(v goja.Value) string {
	o, ok := v.(*goja.Object)
	switch {
	case !ok:
		return v.String()
	case o.ClassName() == "Array":
		return "[object Array]"
	}
	return "#<" + (&live{r: r, o: o}).Class() + ">"
}

// comparison gives the function that compares two elements; none was given if it is nil.
func (r *Runtime) comparison(v goja.Value) (compare func(x, y goja.Value) int, ok bool) {
	if v == r.undefined {
		return nil, true
	}
	o, ok := v.(*goja.Object)
	if !ok || r.kindOf(o) != kindFunction {
		return nil, false
	}
	fn, ok := o.Export().(func(goja.FunctionCall) goja.Value)
	if !ok {
		return nil, false
	}
	return func(x, y goja.Value) int {
		var f float64
		switch v := fn(goja.FunctionCall{This: r.undefined, Arguments: []goja.Value{x, y}}); v.ExportType() {
		case typeInt:
			return cmp.Compare(v.ToInteger(), 0)
		default:
			f = v.ToFloat()
		}
		switch {
		case f < 0:
			return -1
		case f > 0 && !math.IsNaN(f):
			return 1
		}
		return 0
	}, true
}

// sortArray sorts an ordinary array in place; false if it is no such array.
func (r *Runtime) sortArray(o *goja.Object, compare func(x, y goja.Value) int) bool {
	list, ok := r.elements(o)
	if !ok {
		return false
	}
	defined := make([]goja.Value, 0, len(list))
	none := 0
	for _, v := range list {
		switch v {
		case nil:
		case r.undefined:
			none++
		default:
			defined = append(defined, v)
		}
	}
	if compare != nil {
		value.MergeSort(defined, compare)
	} else {
		r.sortTexts(defined)
	}
	n := copy(list, defined)
	for i := n; i < len(list); i++ {
		list[i] = nil
		if i < n+none {
			list[i] = r.undefined
		}
	}
	r.setElements(o, list)
	return true
}

// sortTexts sorts values by their text, in UTF-16 order.
func (r *Runtime) sortTexts(list []goja.Value) {
	type pair struct {
		v goja.Value
		s goja.String
	}
	pairs := make([]pair, len(list))
	for i, v := range list {
		pairs[i] = pair{v, r.keyOf(v)}
	}
	value.MergeSort(pairs, func(x, y pair) int { return x.s.CompareTo(y.s) })
	for i, p := range pairs {
		list[i] = p.v
	}
}

// keyOf is the text by which a value is sorted.
func (r *Runtime) keyOf(v goja.Value) goja.String {
	if o, ok := v.(*goja.Object); ok {
		v = o.ToString()
	}
	if _, ok := v.(*goja.Symbol); ok {
		r.throw("TypeError", "Cannot convert a Symbol value to a string")
	}
	return r.textOf(v)
}

// elements copies the elements of an ordinary array, holes as nil.
func (r *Runtime) elements(o *goja.Object) ([]goja.Value, bool) {
	switch self := selfOf(o); self.tab {
	case r.tabs.array:
		a := (*arrayLayout)(self.data)
		if a.propValueCount != 0 || !a.base.extensible || int(a.length) != len(a.values) {
			return nil, false
		}
		return append([]goja.Value(nil), a.values...), true
	case r.tabs.dynArray:
		w, ok := r.wrapper(o).(*arrayView)
		if !ok || w.fixed != 0 {
			return nil, false
		}
		list := make([]goja.Value, len(w.a.Elems))
		for i := range list {
			list[i] = w.Get(i)
		}
		return list, true
	}
	return nil, false
}

// setElements writes the elements back; the comparisons may have changed the array.
func (r *Runtime) setElements(o *goja.Object, list []goja.Value) {
	switch self := selfOf(o); self.tab {
	case r.tabs.array:
		a := (*arrayLayout)(self.data)
		if a.propValueCount == 0 && a.base.extensible && int(a.length) == len(list) && len(a.values) == len(list) {
			a.objCount = 0
			for i, v := range list {
				if a.values[i] = v; v != nil {
					a.objCount++
				}
			}
			return
		}
	case r.tabs.dynArray:
		if w, ok := r.wrapper(o).(*arrayView); ok {
			for i, v := range list {
				w.Set(i, v)
			}
			return
		}
	}
	for i, v := range list {
		key := value.FormatNumber(float64(i))
		if v == nil {
			_ = o.Delete(key)
		} else if err := o.Set(key, v); err != nil {
			panic(err)
		}
	}
}
