package js

import "github.com/dop251/goja"

// levels are the ways to fix an object, from the least on, with how each is done and asked for.
var levels = []struct{ do, ask string }{{"preventExtensions", "isExtensible"}, {"seal", "isSealed"}, {"freeze", "isFrozen"}}

// fixedOf gives how far a native object is fixed; nil for those of goja's own.
func (r *Runtime) fixedOf(v goja.Value) *int {
	switch w := r.wrapper(v).(type) {
	case *object:
		return &w.fixed
	case *arrayView:
		return &w.fixed
	}
	return nil
}

// installIntegrity lets Object.freeze and its kin keep the integrity of native objects, which
// are not goja's own.
func (r *Runtime) installIntegrity() {
	o := r.builtin("Object")
	for i, l := range levels {
		level := i + 1
		r.recode(o, l.do, func(old nativeCall) nativeCall {
			return func(c goja.FunctionCall) goja.Value {
				if f := r.fixedOf(c.Argument(0)); f != nil {
					*f = max(*f, level)
					return c.Argument(0)
				}
				return old(c)
			}
		})
		r.recode(o, l.ask, func(old nativeCall) nativeCall {
			return func(c goja.FunctionCall) goja.Value {
				f := r.fixedOf(c.Argument(0))
				switch {
				case f == nil:
					return old(c)
				case level == 1:
					return r.vm.ToValue(*f == 0)
				}
				return r.vm.ToValue(*f >= level)
			}
		})
	}
}
