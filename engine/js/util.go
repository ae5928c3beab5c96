package js

import (
	"fmt"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// util makes Node's module util.
func (r *Runtime) util() goja.Value {
	if o := r.native["util"]; o != nil {
		return o
	}
	n := r.vm.NewObject()
	set := func(name string, fn func(goja.FunctionCall) goja.Value) { _ = n.Set(name, r.nativeFunc(name, fn)) }
	set("inspect", r.inspect)
	set("format", r.format)
	set("kind", func(c goja.FunctionCall) goja.Value { return r.str(r.kindName(c.Argument(0))) })
	set("decode", func(c goja.FunctionCall) goja.Value {
		b, _ := r.rawBytes(c.Argument(0))
		return r.str(decodeText(b, c.Argument(1).String()))
	})
	set("encode", func(c goja.FunctionCall) goja.Value { return r.arrayBuffer(utf8Bytes(text(c.Argument(0)))) })
	set("received", func(c goja.FunctionCall) goja.Value { return r.str(r.received(c.Argument(0))) })
	v, err := r.function("util")(r.undefined, n, r.buffer())
	if err != nil {
		panic(err)
	}
	r.native["util"] = v.(*goja.Object)
	return v
}

// inspect is util.inspect(value, options).
func (r *Runtime) inspect(c goja.FunctionCall) goja.Value {
	r.settle()
	if o, ok := c.Argument(0).(*goja.Object); ok {
		if s, ok := r.customInspect(o, c.Argument(1)); ok {
			return s
		}
	}
	return r.str(value.Inspect(r.copyAll(c.Argument(0)), r.inspectOptions(c)))
}

// customInspect calls an object's own form for util.inspect, if it has one.
func (r *Runtime) customInspect(o *goja.Object, options goja.Value) (goja.Value, bool) {
	if r.kindOf(o) == kindDynamic {
		return nil, false
	}
	res, err := r.function("custom")(r.undefined, o, options)
	if err != nil {
		panic(err)
	}
	_, ok := res.(goja.String)
	return res, ok
}

// inspectCount gives a number option: null and Infinity are no limit.
func (r *Runtime) inspectCount(v goja.Value) int {
	switch {
	case v == r.null || v.ToFloat() > 1<<30:
		return value.InspectAll
	case v.ToInteger() == 0:
		return value.InspectNone
	}
	return int(v.ToInteger())
}

func (r *Runtime) inspectOptions(c goja.FunctionCall) (opt value.InspectOptions) {
	o, ok := c.Argument(1).(*goja.Object)
	if !ok {
		if d := c.Argument(2); d != r.undefined {
			opt.Depth = r.inspectCount(d)
		}
		opt.ShowHidden = c.Argument(1).ToBoolean()
		return opt
	}
	number := func(key string, into *int) {
		if v := o.Get(key); v != nil && v != r.undefined {
			*into = r.inspectCount(v)
		}
	}
	flag := func(key string) bool { v := o.Get(key); return v != nil && v.ToBoolean() }
	number("depth", &opt.Depth)
	number("breakLength", &opt.BreakLength)
	number("maxArrayLength", &opt.MaxArrayLength)
	number("maxStringLength", &opt.MaxStringLength)
	if v := o.Get("compact"); v != nil && v != r.undefined {
		switch v {
		case r.yes:
			opt.Compact = 3
		case r.no:
			opt.Compact = value.InspectNone
		default:
			opt.Compact = r.inspectCount(v)
		}
	}
	opt.Colors, opt.Sorted, opt.ShowHidden = flag("colors"), flag("sorted"), flag("showHidden")
	return opt
}

// format is util.format.
func (r *Runtime) format(c goja.FunctionCall) goja.Value { return r.str(r.formatted(c.Arguments)) }

func (r *Runtime) formatted(args []goja.Value) string {
	r.settle()
	list := make([]value.Value, len(args))
	for i, a := range args {
		list[i] = r.copyAll(a)
	}
	if len(list) == 0 {
		return ""
	}
	return value.Format(list)
}

// kindName tells util.types what an object is inside.
func (r *Runtime) kindName(v goja.Value) string {
	o, ok := v.(*goja.Object)
	if !ok {
		return ""
	}
	switch r.kindOf(o) {
	case kindDate:
		return "Date"
	case kindRegExp:
		return "RegExp"
	case kindError:
		return "Error"
	case kindMap:
		return "Map"
	case kindSet:
		return "Set"
	case kindPromise:
		return "Promise"
	case kindProxy:
		return "Proxy"
	case kindBoxed:
		return "Boxed"
	case kindView:
		return "DataView"
	case kindBytes:
		return "ArrayBuffer"
	case kindTyped:
		return "TypedArray"
	}
	return fmt.Sprint(o.ClassName())
}

// console makes the object console.
func (r *Runtime) console() goja.Value {
	if o := r.native["console"]; o != nil {
		return o
	}
	v, err := r.function("console")(r.undefined, r.nativeFunc("write", func(c goja.FunctionCall) goja.Value {
		if r.options.Console != nil {
			r.options.Console(c.Argument(0).String(), r.formatted(c.Arguments[1:]))
		}
		return r.undefined
	}), r.nativeFunc("inspect", r.inspect))
	if err != nil {
		panic(err)
	}
	r.native["console"] = v.(*goja.Object)
	return v
}

// urls makes URL and URLSearchParams.
func (r *Runtime) urls() *goja.Object {
	if o := r.native["urls"]; o != nil {
		return o
	}
	v, err := r.function("url")(r.undefined, r.nativeFunc("encode", func(c goja.FunctionCall) goja.Value {
		return r.arrayBuffer(utf8Bytes(text(c.Argument(0))))
	}), r.nativeFunc("decode", func(c goja.FunctionCall) goja.Value {
		b, _ := r.rawBytes(c.Argument(0))
		return r.str(value.Text(b))
	}))
	if err != nil {
		panic(err)
	}
	r.native["urls"] = v.(*goja.Object)
	return r.native["urls"]
}

// promisified gives setTimeout its form for util.promisify.
func (f *Function) promisified(fn *goja.Object) {
	r := f.r
	custom, err := r.function("promisified")(r.undefined, fn)
	if err != nil {
		panic(err)
	}
	sym := r.function("symbol")
	s, err := sym(r.undefined, r.str("nodejs.util.promisify.custom"))
	if err != nil {
		panic(err)
	}
	_ = fn.DefineDataPropertySymbol(s.(*goja.Symbol), custom, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}
