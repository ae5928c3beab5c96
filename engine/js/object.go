package js

import (
	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// object shows a native object to JavaScript.
type object struct {
	r     *Runtime
	o     *value.Object
	dirty bool // holds live objects that have not been adopted yet
	fixed int  // 0 extensible, else one of the levels below
	side  *goja.Object
}

// Levels of integrity an object can be given (Object.preventExtensions, seal, freeze).
const (
	notExtensible = 1 + iota
	sealed
	frozen
)

// wrapObject makes the wrapper of an object that has none.
func (r *Runtime) wrapObject(o *value.Object) *goja.Object {
	w := r.newObject(o)
	o.SetWrapper(w)
	return w
}

// Get implements goja.DynamicObject.
func (w *object) Get(key string) goja.Value {
	v, ok := w.o.Lookup(key)
	if !ok {
		if w.side != nil {
			return w.side.Get(key)
		}
		return nil
	}
	switch v.Kind() {
	case value.KindMap, value.KindSet:
		v = w.r.enliven(v)
		w.o.Set(key, v)
	}
	return w.r.toJS(v)
}

// Set implements goja.DynamicObject.
func (w *object) Set(key string, v goja.Value) bool {
	if w.fixed != 0 && (w.fixed == frozen || !w.o.Has(key)) {
		return false
	}
	if w.side != nil && !w.o.Has(key) && w.side.Get(key) != nil {
		return w.side.Set(key, v) == nil
	}
	if o, ok := v.(*goja.Object); ok {
		x, pending := w.r.slot(o)
		if pending && !w.dirty {
			w.dirty = true
			w.r.dirty = append(w.r.dirty, w)
		}
		w.o.Set(key, x)
		return true
	}
	w.o.Set(key, w.r.primitive(v))
	return true
}

// Has implements goja.DynamicObject.
func (w *object) Has(key string) bool {
	return w.o.Has(key) || w.side != nil && w.side.Get(key) != nil
}

// Delete implements goja.DynamicObject.
func (w *object) Delete(key string) bool {
	if w.fixed >= sealed && w.o.Has(key) {
		return false
	}
	w.o.Delete(key)
	if w.side != nil {
		_ = w.side.Delete(key)
	}
	return true
}

// Keys implements goja.DynamicObject.
func (w *object) Keys() []string {
	keys := w.o.Keys()
	if w.side != nil {
		keys = append(keys, w.side.Keys()...)
	}
	return keys
}

// settle adopts what was written into the object since it was last settled.
func (w *object) settle() {
	w.dirty = false
	for i := 0; i < w.o.Len(); i++ {
		p := w.o.At(i)
		if p.Value.Kind() == value.KindForeign {
			p.Value = w.r.settled(p.Value)
		}
	}
}

// arrayView shows a native array to JavaScript.
type arrayView struct {
	r     *Runtime
	a     *value.Array
	dirty bool
	fixed int
}

func (r *Runtime) wrapArray(a *value.Array) *goja.Object {
	w := r.newArray(a)
	if a.Extra != nil {
		r.setExtraProto(w, a.Extra)
	}
	a.SetWrapper(w)
	return w
}

// Len implements goja.DynamicArray.
func (w *arrayView) Len() int { return len(w.a.Elems) }

// Get implements goja.DynamicArray.
func (w *arrayView) Get(i int) goja.Value {
	if i < 0 || i >= len(w.a.Elems) {
		return nil
	}
	v := w.a.Elems[i]
	switch v.Kind() {
	case value.KindMap, value.KindSet:
		v = w.r.enliven(v)
		w.a.Elems[i] = v
	}
	return w.r.toJS(v)
}

// Set implements goja.DynamicArray.
func (w *arrayView) Set(i int, v goja.Value) bool {
	if i < 0 || w.fixed != 0 && (w.fixed == frozen || i >= len(w.a.Elems)) {
		return false
	}
	var x value.Value
	if o, ok := v.(*goja.Object); ok {
		var pending bool
		x, pending = w.r.slot(o)
		if pending && !w.dirty {
			w.dirty = true
			w.r.dirty = append(w.r.dirty, w)
		}
	} else {
		x = w.r.primitive(v)
	}
	if i < len(w.a.Elems) {
		w.a.Elems[i] = x
		return true
	}
	if i == len(w.a.Elems) {
		w.a.Elems = append(w.a.Elems, x)
		return true
	}
	if !w.a.SetAt(i, x) {
		panic(w.r.rangeError("Invalid array length"))
	}
	return true
}

// SetLen implements goja.DynamicArray.
func (w *arrayView) SetLen(n int) bool {
	if w.fixed != 0 {
		return false
	}
	switch {
	case n < 0:
		panic(w.r.rangeError("Invalid array length"))
	case n <= len(w.a.Elems):
		clear(w.a.Elems[n:])
		w.a.Elems = w.a.Elems[:n]
	default:
		if !w.a.SetAt(n-1, value.Undefined) {
			panic(w.r.rangeError("Invalid array length"))
		}
	}
	return true
}

func (w *arrayView) settle() {
	w.dirty = false
	for i, v := range w.a.Elems {
		if v.Kind() == value.KindForeign {
			w.a.Elems[i] = w.r.settled(v)
		}
	}
}

// slot gives what a slot of a native container holds for an object: its data, or,
// for a plain object or array that JavaScript may still be filling, the live
// object, to be adopted before anything but JavaScript looks (pending).
func (r *Runtime) slot(o *goja.Object) (v value.Value, pending bool) {
	if r.isPlain(o) {
		return value.Live(&live{r: r, o: o, pending: true}), true
	}
	return r.adopt(o), false
}

// settled gives the data of a pending live object, any other value as it is.
func (r *Runtime) settled(v value.Value) value.Value {
	if l, ok := v.Foreign().(*live); ok && l.pending {
		return r.adopt(l.o)
	}
	return v
}

// settle adopts all that JavaScript has written into native containers.
func (r *Runtime) settle() {
	for len(r.dirty) > 0 {
		list := r.dirty
		r.dirty = r.spare[:0]
		for i, w := range list {
			w.settle()
			list[i] = nil
		}
		r.spare = list[:0]
	}
}
