package js

import "github.com/dop251/goja"

func (r *Runtime) installAll() {
	date := r.builtin("Date")
	r.dateProto = date.Get("prototype").(*goja.Object)
	f, _ := goja.AssertFunction(r.dateProto.Get("valueOf"))
	r.dateValueOf = f
	r.bufferProto = r.vm.NewObject()
}

func (r *Runtime) random() float64 { return r.options.Random() }

func (r *Runtime) newDate(ms float64) *goja.Object {
	return r.construct(r.builtin("Date"), r.number(ms))
}

func (r *Runtime) newBuffer(b []byte) *goja.Object {
	return r.construct(r.builtin("Uint8Array"), r.vm.ToValue(r.vm.NewArrayBuffer(b)))
}

func (r *Runtime) pow(c goja.FunctionCall) goja.Value { return r.undefined }

func (r *Runtime) setExtraProto(o *goja.Object, extra any) {}

func (r *Runtime) v8Text(s string, frames []frame) (string, string) { return s, "" }

func (r *Runtime) require(module string) (goja.Value, error) { return nil, nil }

func (f *Function) redObject() goja.Value { return f.r.vm.NewObject() }

func (f *Function) promisified(fn *goja.Object) {}
