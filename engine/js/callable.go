package js

import (
	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// callableToJS gives a function written in Go as a function of JavaScript. It is
// made once and kept with a function that can hold it.
func (r *Runtime) callableToJS(fn value.Callable) goja.Value {
	keeper, keeps := fn.(value.Wrapped)
	if keeps {
		if w, ok := keeper.Wrapper().(*goja.Object); ok {
			return w
		}
	}
	name, _ := fn.Get("name")
	o := r.nativeFunc(name.Str(), func(c goja.FunctionCall) goja.Value {
		r.settle()
		args := make([]value.Value, len(c.Arguments))
		for i, a := range c.Arguments {
			args[i] = r.fromJS(a)
		}
		v, err := fn.Call(args)
		if err != nil {
			r.throwValue(err)
		}
		return r.toJS(v)
	})
	if n, err := fn.Get("length"); err == nil && n.IsNumber() {
		_ = o.DefineDataProperty("length", r.number(n.Num()), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	r.link(o, fn)
	if keeps {
		keeper.SetWrapper(o)
	}
	return o
}
