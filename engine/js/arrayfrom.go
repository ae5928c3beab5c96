package js

import (
	"reflect"
	"slices"
	_ "unsafe" // functions are linked by name

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Array.from({length: n}, f) is how lists are made in flows. goja looks for each of the
// n elements by its name, along the prototypes, and defines each of the result. Where
// nothing but a length is there, they are known to be undefined.

// maxMade is the length up to which the result is made in one piece.
const maxMade = 1 << 20

// callableOf is goja's own way to call a function from Go code that JavaScript called.
//
//go:linkname callableOf github.com/dop251/goja.(*Runtime).toCallable
func callableOf(vm *goja.Runtime, f goja.Value) func(goja.FunctionCall) goja.Value

func (r *Runtime) installFrom() {
	base, ok := reflect.ValueOf(r.objectProto).Elem().FieldByName("self").Elem().Elem().Type().FieldByName("baseObject")
	if !ok || base.Offset != 0 {
		panic("js: goja's Object.prototype has another layout than the pinned version's")
	}
	array := r.builtin("Array")
	r.recode(array, "from", func(old nativeCall) nativeCall {
		return func(c goja.FunctionCall) goja.Value {
			if n := r.onlyLength(c.Argument(0)); n > 0 && n <= maxMade && c.This == goja.Value(array) {
				if _, ok := goja.AssertFunction(c.Argument(1)); ok {
					return r.generate(c.Argument(0).(*goja.Object), int(n), c.Argument(1), c.Argument(2))
				}
			}
			return old(c)
		}
	})
}

// onlyLength gives the length of a plain object that has nothing else, 0 for other values.
func (r *Runtime) onlyLength(v goja.Value) int64 {
	o, ok := v.(*goja.Object)
	if !ok || !r.bare(o) {
		return 0
	}
	names := (*baseLayout)(selfOf(r.objectProto).data).propNames
	n := (*baseLayout)(selfOf(o).data).values["length"]
	if n == nil || tabOf(n) != r.typed.integer || o.GetSymbol(goja.SymIterator) != nil {
		return 0
	}
	for _, name := range names {
		if s := name.String(); s != "" && s[0] >= '0' && s[0] <= '9' {
			return 0
		}
	}
	return n.ToInteger()
}

// bare reports whether o is a plain object with one property, its length.
func (r *Runtime) bare(o *goja.Object) bool {
	self := selfOf(o)
	if self.tab != r.tabs.plain {
		return false
	}
	b := (*baseLayout)(self.data)
	return len(b.propNames) == 1 && b.propNames[0] == "length" && b.prototype == r.objectProto
}

// generate makes the array of what f gives for each position.
func (r *Runtime) generate(o *goja.Object, n int, f, this goja.Value) goja.Value {
	call, list, args := callableOf(r.vm, f), make([]goja.Value, n), [2]goja.Value{}
	proto := (*baseLayout)(selfOf(r.objectProto).data)
	before := slices.Clone(proto.propNames)
	for i := range list {
		args[0], args[1] = r.undefined, r.vm.ToValue(int64(i))
		if !r.bare(o) || !slices.Equal(before, proto.propNames) { // f has changed it
			args[0] = r.present(o.Get(value.FormatNumber(float64(i))))
		}
		list[i] = call(goja.FunctionCall{This: this, Arguments: args[:]})
	}
	result := r.vm.NewArray()
	a := (*arrayLayout)(selfOf(result).data)
	a.values, a.length, a.objCount = list, uint32(n), n
	return result
}
