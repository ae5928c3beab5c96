package js

import "github.com/dop251/goja"

// then calls one of the functions when v, which may be a promise, is settled: at
// once if it is settled already.
func (r *Runtime) then(v goja.Value, ok, failed func(goja.Value)) {
	o, isObject := v.(*goja.Object)
	if !isObject {
		ok(v)
		return
	}
	p, isPromise := o.Export().(*goja.Promise)
	if isPromise {
		switch p.State() {
		case goja.PromiseStateFulfilled:
			ok(p.Result())
			return
		case goja.PromiseStateRejected:
			r.trackRejection(p, goja.PromiseRejectionHandle)
			failed(p.Result())
			return
		}
	}
	_, err := r.function("then")(r.undefined, v, r.callback(ok), r.callback(failed))
	if err != nil {
		failed(r.failure(err))
	}
}

// dynamicImport is import(module), for which there is nothing to import.
func (r *Runtime) dynamicImport(goja.FunctionCall) goja.Value {
	p, _, reject := r.vm.NewPromise()
	e := r.construct(r.builtin("TypeError"), r.str("A dynamic import callback was not specified."))
	_ = e.Set("code", "ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING")
	_ = reject(e)
	return r.vm.ToValue(p)
}

// callback makes a JavaScript function of a Go function of one argument.
func (r *Runtime) callback(fn func(goja.Value)) goja.Value {
	f := r.current
	return r.vm.ToValue(func(c goja.FunctionCall) goja.Value {
		if f != nil {
			f.enter(func() { fn(c.Argument(0)) })
		} else {
			fn(c.Argument(0))
		}
		return r.undefined
	})
}

// owners makes promise jobs run as the node that made them.
type owners struct{ r *Runtime }

// Grab implements goja.AsyncContextTracker.
func (o *owners) Grab() any { return o.r.current }

// Resumed implements goja.AsyncContextTracker.
func (o *owners) Resumed(owner any) {
	if f, ok := owner.(*Function); ok && f != nil && f != o.r.current {
		o.r.current = f
		o.r.vm.SetGlobalObject(f.globals)
	}
}

// Exited implements goja.AsyncContextTracker.
func (o *owners) Exited() {}
