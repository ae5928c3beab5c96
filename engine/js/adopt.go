package js

import (
	"unsafe"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// isPlain reports whether a goja object is a plain object or array that can be
// adopted: ordinary prototype, extensible, no accessors, attributes or symbols.
func (r *Runtime) isPlain(o *goja.Object) bool {
	self := selfOf(o)
	switch self.tab {
	case r.tabs.plain:
		b := (*baseLayout)(self.data)
		return b.extensible && b.symValues == nil && b.class == "Object" && r.hasPlainProto(b.prototype, r.objectProto) &&
			r.allData(b)
	case r.tabs.array:
		a := (*arrayLayout)(self.data)
		return a.base.extensible && a.base.symValues == nil && a.base.prototype == r.arrayProto && a.propValueCount == 0 &&
			r.allData(&a.base)
	}
	return false
}

// hasPlainProto: an object without prototype is plain too (RegExp groups, parsed queries).
func (r *Runtime) hasPlainProto(p, want *goja.Object) bool { return p == want || p == nil }

// allData reports whether all properties are ordinary data properties. An array's
// length is the one that may be special.
func (r *Runtime) allData(b *baseLayout) bool {
	for k, v := range b.values {
		if tabOf(v) == r.tabs.property && !(b.class == "Array" && k == "length") {
			return false
		}
	}
	return true
}

// adopt gives a goja object as a value. Plain objects and arrays become native
// ones, with all they hold, and the goja object becomes their wrapper.
func (r *Runtime) adopt(o *goja.Object) value.Value {
	self := selfOf(o)
	switch self.tab {
	case r.tabs.dynObject:
		switch h := (*(*goja.DynamicObject)(handlerOf(self))).(type) {
		case *object:
			return value.Of(h.o)
		case *handle:
			return value.Of(h.h)
		}
	case r.tabs.dynArray:
		if h, ok := (*(*goja.DynamicArray)(handlerOf(self))).(*arrayView); ok {
			return value.Of(h.a)
		}
	case r.tabs.plain:
		if r.isPlain(o) {
			return r.adoptObject(o, (*baseLayout)(self.data))
		}
	case r.tabs.array:
		if r.isPlain(o) {
			return r.adoptArray(o, (*arrayLayout)(self.data))
		}
	}
	return r.special(o)
}

// handlerOf points at the Go handler of a dynamic object or array.
func handlerOf(self *iface) unsafe.Pointer {
	return unsafe.Pointer(&(*dynamicLayout)(self.data).handler)
}

func (r *Runtime) adoptObject(o *goja.Object, b *baseLayout) value.Value {
	n := value.NewObject(len(b.propNames))
	n.SetWrapper(o)
	w := r.newObject(n)
	if b.prototype == nil {
		_ = w.SetPrototype(nil)
	}
	become(o, w)
	for _, name := range b.propNames {
		if v, ok := b.values[name]; ok {
			n.Set(keyText(name), r.fromJS(v))
		}
	}
	return value.Of(n)
}

func (r *Runtime) adoptArray(o *goja.Object, a *arrayLayout) value.Value {
	n := &value.Array{Elems: make([]value.Value, int(a.length))}
	n.SetWrapper(o)
	become(o, r.newArray(n))
	for i, v := range a.values {
		if i < len(n.Elems) && v != nil {
			n.Elems[i] = r.fromJS(v)
		}
	}
	for _, name := range a.base.propNames {
		if name == "length" {
			continue
		}
		if n.Extra == nil {
			n.Extra = value.NewObject()
		}
		n.Extra.Set(keyText(name), r.fromJS(a.base.values[name]))
	}
	if n.Extra != nil {
		r.setExtraProto(o, n.Extra)
	}
	return value.Of(n)
}
