package js

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// The types here mirror the memory of goja's own at the pinned version, so that a
// plain goja object can be read without a call per property and be turned, in
// place, into the wrapper of a native object. checkLayout compares them field by
// field with goja's when a Runtime is made and refuses to start if they differ.

type iface struct{ tab, data unsafe.Pointer }

type objectLayout struct {
	self    iface
	runtime unsafe.Pointer
}

type baseLayout struct {
	class           string
	val             *goja.Object
	prototype       *goja.Object
	extensible      bool
	values          map[unistring.String]goja.Value
	propNames       []unistring.String
	lastSorted      int
	idxPropCount    int
	symValues       unsafe.Pointer
	privateElements unsafe.Pointer
}

type arrayLayout struct {
	base           baseLayout
	values         []goja.Value
	length         uint32
	objCount       int
	propValueCount int
}

type dynamicLayout struct {
	val       *goja.Object
	prototype *goja.Object
	handler   iface
}

// objectPiece and arrayPiece are the parts of a goja object that shows a native one,
// in one piece of memory: the object, its implementation and our handler.
type (
	objectPiece struct {
		self objectLayout
		impl struct {
			val, prototype *goja.Object
			handler        goja.DynamicObject
		}
		h object
	}
	arrayPiece struct {
		self objectLayout
		impl struct {
			val, prototype *goja.Object
			handler        goja.DynamicArray
		}
		h arrayView
	}
)

// newObject makes a goja object that shows o.
func (r *Runtime) newObject(o *value.Object) *goja.Object {
	v := &objectPiece{h: object{r: r, o: o}}
	g := (*goja.Object)(unsafe.Pointer(&v.self))
	v.impl.val, v.impl.prototype, v.impl.handler = g, r.objectProto, &v.h
	v.self = objectLayout{iface{r.tabs.dynObject, unsafe.Pointer(&v.impl)}, unsafe.Pointer(r.vm)}
	return g
}

// newArray makes a goja object that shows a.
func (r *Runtime) newArray(a *value.Array) *goja.Object {
	v := &arrayPiece{h: arrayView{r: r, a: a}}
	g := (*goja.Object)(unsafe.Pointer(&v.self))
	v.impl.val, v.impl.prototype, v.impl.handler = g, r.arrayProto, &v.h
	v.self = objectLayout{iface{r.tabs.dynArray, unsafe.Pointer(&v.impl)}, unsafe.Pointer(r.vm)}
	return g
}

// tabs are the interface tables that tell goja's kinds of objects apart.
type tabs struct {
	plain, array, dynObject, dynArray, property unsafe.Pointer
	unicode                                     unsafe.Pointer // strings of other than ASCII characters
	vm, callStack, stack                        uintptr        // offsets in goja.Runtime and its vm
}

// callDepth is the number of nested calls.
func (t *tabs) callDepth(r *goja.Runtime) int {
	vm := *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(r), t.vm))
	return len(*(*[]struct{})(unsafe.Add(vm, t.callStack)))
}

// setStack gives the machine, which runs nothing, memory for its stack. goja drops
// the stack after each call from outside and would have to make it anew.
func (t *tabs) setStack(r *goja.Runtime, memory []goja.Value) {
	vm := *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(r), t.vm))
	*(*[]goja.Value)(unsafe.Add(vm, t.stack)) = memory[:0]
}

func selfOf(o *goja.Object) *iface { return &(*objectLayout)(unsafe.Pointer(o)).self }

func tabOf(v goja.Value) unsafe.Pointer { return (*iface)(unsafe.Pointer(&v)).tab }

// become makes dst show what src shows: dst keeps its identity and gets the
// behaviour of src, which must be a fresh dynamic object or array.
func become(dst, src *goja.Object) {
	s := *selfOf(src)
	(*dynamicLayout)(s.data).val = dst
	*selfOf(dst) = s
}

// checkLayout compares the mirrors with goja's types and collects the tables.
func checkLayout(vm *goja.Runtime) (t tabs, err error) {
	plain, array := vm.NewObject(), vm.NewArray()
	dynObject := vm.NewDynamicObject(&object{})
	dynArray := vm.NewDynamicArray(&arrayView{})
	if err := sameField(reflect.TypeOf(goja.Object{}), reflect.TypeOf(objectLayout{}), "self", "runtime"); err != nil {
		return t, err
	}
	impl := func(o *goja.Object) reflect.Type {
		return reflect.ValueOf(o).Elem().FieldByName("self").Elem().Elem().Type()
	}
	base, ok := impl(array).FieldByName("baseObject")
	if !ok || base.Offset != 0 || impl(plain) != base.Type {
		return t, fmt.Errorf("js: goja's objects have another layout than the pinned version's")
	}
	dyn, ok := impl(dynObject).FieldByName("baseDynamicObject")
	if !ok || dyn.Offset != 0 {
		return t, fmt.Errorf("js: goja's dynamic objects have another layout than the pinned version's")
	}
	checks := []error{
		sameField(base.Type, reflect.TypeOf(baseLayout{}), "class", "val", "prototype", "extensible", "values",
			"propNames", "symValues", "privateElements"),
		sameField(impl(array), reflect.TypeOf(arrayLayout{}), "values", "length", "objCount", "propValueCount"),
		sameField(dyn.Type, reflect.TypeOf(dynamicLayout{}), "val", "prototype"),
	}
	d, _ := impl(dynObject).FieldByName("d")
	a, _ := impl(dynArray).FieldByName("a")
	want := unsafe.Offsetof(dynamicLayout{}.handler)
	if d.Offset != want || a.Offset != want {
		checks = append(checks, fmt.Errorf("js: goja's dynamic objects have another layout than the pinned version's"))
	}
	for _, e := range checks {
		if e != nil {
			return t, e
		}
	}
	if reflect.TypeOf(goja.Object{}).Size() != unsafe.Sizeof(objectLayout{}) || impl(dynObject).Size() != unsafe.Sizeof(dynamicLayout{}) ||
		impl(dynArray).Size() != unsafe.Sizeof(dynamicLayout{}) {
		return t, fmt.Errorf("js: goja's objects have another size than the pinned version's")
	}
	if err := t.findMachine(); err != nil {
		return t, err
	}
	t.plain, t.array = selfOf(plain).tab, selfOf(array).tab
	t.dynObject, t.dynArray = selfOf(dynObject).tab, selfOf(dynArray).tab
	t.unicode = tabOf(goja.StringFromUTF16([]uint16{0x4E00}))
	accessor := vm.NewObject()
	_ = accessor.DefineAccessorProperty("x", vm.ToValue(func(goja.FunctionCall) goja.Value { return nil }), nil, 0, 0)
	for _, v := range (*baseLayout)(selfOf(accessor).data).values {
		t.property = tabOf(v)
	}
	return t, nil
}

// findMachine notes where goja keeps its machine, and what of it is used.
func (t *tabs) findMachine() error {
	machine, ok := reflect.TypeOf(goja.Runtime{}).FieldByName("vm")
	if !ok || machine.Type.Kind() != reflect.Pointer {
		return fmt.Errorf("js: goja's runtime has another layout than the pinned version's")
	}
	calls, ok := machine.Type.Elem().FieldByName("callStack")
	if !ok || calls.Type.Kind() != reflect.Slice {
		return fmt.Errorf("js: goja's machine has another layout than the pinned version's")
	}
	stack, ok := machine.Type.Elem().FieldByName("stack")
	if !ok || stack.Type.Kind() != reflect.Slice || stack.Type.Elem() != reflect.TypeOf((*goja.Value)(nil)).Elem() {
		return fmt.Errorf("js: goja's machine has another layout than the pinned version's")
	}
	t.vm, t.callStack, t.stack = machine.Offset, calls.Offset, stack.Offset
	return nil
}

// sameField checks that the named fields have the same offset and size in both
// types; the mirror may call them differently only in case.
func sameField(theirs, ours reflect.Type, names ...string) error {
	for _, name := range names {
		a, ok := theirs.FieldByName(name)
		b, ok2 := ours.FieldByName(name)
		if !ok || !ok2 || a.Offset != b.Offset || a.Type.Size() != b.Type.Size() {
			return fmt.Errorf("js: goja's %s.%s is not where the pinned version has it", theirs.Name(), name)
		}
	}
	return nil
}
