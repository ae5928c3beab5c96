package js

import (
	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// install sets up the global object. What is rarely used is made at first use.
func (r *Runtime) install() {
	r.installDate()
	r.installMath()
	r.installJSON()
	r.installNumber()
	r.installRepeat()
	r.installSort()
	r.defineFunc(r.globals, catName, 2, r.cat)
	r.defineFunc(r.globals, powName, 2, r.pow)
	r.defineFunc(r.globals, catchName, 1, func(c goja.FunctionCall) goja.Value { return r.mend(c.Argument(0)) })
	r.defineFunc(r.globals, importName, 1, r.dynamicImport)
	r.defineFunc(r.globals, depthName, 0, r.checkDepth)
	r.lazy("Buffer", func() goja.Value { return r.buffer() })
	r.lazy("util", func() goja.Value { return r.util() })
	r.lazy("console", func() goja.Value { return r.console() })
	r.lazy("Intl", func() goja.Value { return r.intlObject() })
	r.lazy("promisify", func() goja.Value { return r.util().(*goja.Object).Get("promisify") })
	r.lazy("URL", func() goja.Value { return r.urls().Get("URL") })
	r.lazy("URLSearchParams", func() goja.Value { return r.urls().Get("URLSearchParams") })
	if _, err := r.function("base")(r.undefined, r.baseNatives()); err != nil {
		panic(err)
	}
	r.installMarkup()
	r.installIntegrity()
	r.onFirst(r.globals, "Map", func(m goja.Value) goja.Value {
		r.define(m.(*goja.Object), "groupBy", r.cached("mapgroup"))
		return m
	})
	r.installElements()
	r.installIntegers()
	r.installFrom()
	if err := r.installEval(); err != nil {
		panic(err)
	}
}

// lazy defines a global that is made when it is first read.
func (r *Runtime) lazy(name string, make func() goja.Value) {
	get := func(goja.FunctionCall) goja.Value {
		var v goja.Value
		r.uncounted(func() { v = make() })
		r.define(r.globals, name, v)
		return v
	}
	set := func(c goja.FunctionCall) goja.Value {
		this, ok := c.This.(*goja.Object)
		if !ok {
			this = r.vm.GlobalObject()
		}
		r.define(this, name, c.Argument(0))
		return r.undefined
	}
	_ = r.globals.DefineAccessorProperty(name, r.nativeFunc("get "+name, get), r.nativeFunc("set "+name, set), goja.FLAG_TRUE, goja.FLAG_FALSE)
}

func (r *Runtime) random() float64 { return r.options.Random() }

// buffer makes the class Buffer.
func (r *Runtime) buffer() *goja.Object {
	if o := r.native["Buffer"]; o != nil {
		return o
	}
	v, err := r.function("buffer")(r.undefined, r.bufferNatives(), r.cached("received"), r.nativeFunc("inspect", r.inspectDefault))
	if err != nil {
		panic(err)
	}
	o := v.(*goja.Object)
	r.native["Buffer"] = o
	r.bufferProto = o.Get("prototype").(*goja.Object)
	r.makeBuffer, _ = goja.AssertFunction(o.Get("__make"))
	_ = o.Delete("__make")
	r.limitBuffer(o)
	return o
}

// newBuffer gives a Buffer over bytes, which it shares.
func (r *Runtime) newBuffer(b []byte) *goja.Object {
	r.buffer()
	v, err := r.makeBuffer(r.undefined, r.arrayBuffer(b))
	if err != nil {
		panic(err)
	}
	return v.(*goja.Object)
}

// inspectDefault is util.inspect without options.
func (r *Runtime) inspectDefault(c goja.FunctionCall) goja.Value {
	return r.str(value.Inspect(r.copyAll(c.Argument(0)), value.InspectOptions{}))
}
