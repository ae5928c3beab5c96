package js

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
)

// Functions of goja's own that convert numbers by Go's rules are given other code, in
// place: the function object, its name and its properties stay what they are, and a
// call costs no more than one of Go.

// nativeCode says where goja keeps the Go code of its own functions.
type nativeCode struct {
	tab          unsafe.Pointer // of function objects written in Go
	f, construct uintptr
}

type (
	nativeCall      = func(goja.FunctionCall) goja.Value
	nativeConstruct = func(args []goja.Value, newTarget *goja.Object) *goja.Object
)

// findNative notes the layout of function objects written in Go.
func (r *Runtime) findNative() (n nativeCode, err error) {
	sample := r.vm.ToValue(func(goja.FunctionCall) goja.Value { return nil }).(*goja.Object)
	t := reflect.ValueOf(sample).Elem().FieldByName("self").Elem().Elem().Type()
	f, ok := t.FieldByName("f")
	c, ok2 := t.FieldByName("construct")
	if !ok || !ok2 || f.Type != reflect.TypeFor[nativeCall]() || c.Type != reflect.TypeFor[nativeConstruct]() {
		return n, fmt.Errorf("js: goja's functions have another layout than the pinned version's")
	}
	return nativeCode{tab: selfOf(sample).tab, f: f.Offset, construct: c.Offset}, nil
}

// recode replaces the code of a built-in function written in Go by what change makes of it.
func (r *Runtime) recode(o *goja.Object, name string, change func(old nativeCall) nativeCall) {
	r.onFirst(o, name, func(fn goja.Value) goja.Value {
		r.recodeCall(fn.(*goja.Object), change)
		return fn
	})
}

func (r *Runtime) recodeCall(fn *goja.Object, change func(old nativeCall) nativeCall) {
	p := (*nativeCall)(r.codeOf(fn, r.nativeCode.f))
	*p = change(*p)
}

// reconstruct does so for what a global constructor runs.
func (r *Runtime) reconstruct(name string, change func(old nativeConstruct) nativeConstruct) {
	r.onFirst(r.globals, name, func(fn goja.Value) goja.Value {
		r.recodeConstruct(fn.(*goja.Object), change)
		return fn
	})
}

func (r *Runtime) recodeConstruct(fn *goja.Object, change func(old nativeConstruct) nativeConstruct) {
	p := (*nativeConstruct)(r.codeOf(fn, r.nativeCode.construct))
	*p = change(*p)
}

func (r *Runtime) codeOf(o *goja.Object, offset uintptr) unsafe.Pointer {
	self := selfOf(o)
	if self.tab != r.nativeCode.tab {
		panic("js: goja's " + o.Get("name").String() + " is not written as in the pinned version")
	}
	return unsafe.Add(self.data, offset)
}
