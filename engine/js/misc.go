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

// require gives the exports of a module for a function node's libs.
func (r *Runtime) require(module string) (goja.Value, error) {
	if r.options.Require == nil {
		return nil, value.NewError("Error", "modules are not available: "+module)
	}
	src, err := r.options.Require(module)
	if err != nil {
		return nil, err
	}
	prg, err := r.program(module, "(function(){var module={exports:{}},exports=module.exports;\n"+src+"\nreturn module.exports.default||module.exports})()", false)
	if err != nil {
		return nil, err
	}
	return r.vm.RunProgram(prg)
}
