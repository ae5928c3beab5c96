package js

import (
	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// setExtraProto lets an array show the properties it has besides its elements (a
// match result's index and input). They can be read, not written.
func (r *Runtime) setExtraProto(w *goja.Object, extra *value.Object) {
	p := r.vm.CreateObject(r.arrayProto)
	for _, k := range extra.Keys() {
		_ = p.DefineDataProperty(k, r.toJS(extra.Get(k)), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
	}
	_ = w.SetPrototype(p)
}
