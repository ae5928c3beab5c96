package js

import (
	"fmt"
	"math"
	"reflect"
	"unsafe"

	"github.com/dop251/goja"
)

// Typed arrays store numbers through an interface of goja's with one method for
// each thing that is done to elements. The arrays made here get an implementation
// of ours around goja's, which differs in what number is stored: goja leaves it to
// Go's conversions, which give numbers from 2⁶³ on, and the bits of NaN, another
// result on each architecture. All ways of storing (by index, set, fill, from, of,
// map, with, sort …) go through it.

// elements has the shape of goja's interface.
type elements interface {
	export(offset int, length int) interface{}
	exportType() reflect.Type
	get(idx int) goja.Value
	getRaw(idx int) uint64
	less(i, j int) bool
	set(idx int, value goja.Value)
	setRaw(idx int, raw uint64)
	swap(i, j int)
	toRaw(goja.Value) uint64
	typeMatch(v goja.Value) bool
}

// stored is one of the forms in which typed arrays keep numbers.
type stored uint8

const (
	storedInt stored = iota // of any size: the low bits count
	storedClamped
	storedFloat32
	storedFloat64
)

// typedArrays are the constructors whose arrays hold numbers.
var typedArrays = []struct {
	name string
	form stored
}{
	{"Uint8Array", storedInt}, {"Int8Array", storedInt}, {"Uint16Array", storedInt}, {"Int16Array", storedInt},
	{"Uint32Array", storedInt}, {"Int32Array", storedInt}, {"Uint8ClampedArray", storedClamped},
	{"Float32Array", storedFloat32}, {"Float64Array", storedFloat64},
}

// The bits of NaN where they can be seen.
const (
	nan64 = 0x7ff8000000000000
	nan32 = 0x7fc00000
)

// typedLayout says where a typed array of goja keeps its elements and what is seen of them.
type typedLayout struct {
	tab, integer, float      unsafe.Pointer
	elements, offset, length uintptr
}

// numberElements stores numbers as V8 does; all else is goja's.
type numberElements struct {
	elements
	form           stored
	integer, float unsafe.Pointer // goja's kinds of numbers
}

func (e *numberElements) set(idx int, v goja.Value) { e.setRaw(idx, e.toRaw(v)) }

func (e *numberElements) toRaw(v goja.Value) uint64 {
	n := (*iface)(unsafe.Pointer(&v))
	if n.tab != e.integer && n.tab != e.float {
		v = v.ToNumber() // fails for symbols and large integers
		n = (*iface)(unsafe.Pointer(&v))
	}
	if n.tab == e.integer {
		return e.form.ofInt(*(*int64)(n.data))
	}
	return e.form.ofFloat(v.ToFloat())
}

func (s stored) ofInt(i int64) uint64 {
	switch s {
	case storedInt:
		return uint64(i)
	case storedClamped:
		return uint64(max(0, min(i, 255)))
	}
	return s.ofFloat(float64(i))
}

func (s stored) ofFloat(f float64) uint64 {
	switch {
	case s == storedFloat64 && f != f:
		return nan64
	case s == storedFloat64:
		return math.Float64bits(f)
	case s == storedFloat32 && f != f:
		return nan32
	case s == storedFloat32:
		return uint64(math.Float32bits(float32(f)))
	case s == storedClamped && f == f:
		return uint64(math.RoundToEven(max(0, min(f, 255))))
	case f != f || math.IsInf(f, 0):
		return 0
	case math.Abs(f) >= hugeInt:
		f = math.Mod(f, 1<<32)
	}
	return uint64(int64(f))
}

// installElements gives all typed arrays, and DataView, our way of storing numbers.
func (r *Runtime) installElements() {
	var err error
	if r.nativeCode, err = r.findNative(); err != nil {
		panic(err)
	}
	if r.typed, err = r.findTyped(); err != nil {
		panic(err)
	}
	r.steps.arrayValues = r.arrayProto.Get("values")
	for _, t := range typedArrays {
		r.reconstruct(t.name, func(old nativeConstruct) nativeConstruct {
			return func(args []goja.Value, target *goja.Object) *goja.Object {
				return r.typedOf(old, t.form, args, target)
			}
		})
	}
	r.installViews()
	r.testElements()
}

// findTyped compares goja's typed arrays with what is known here of their layout.
func (r *Runtime) findTyped() (l typedLayout, err error) {
	sample := r.construct(r.builtin("Float64Array"))
	t := reflect.ValueOf(sample).Elem().FieldByName("self").Elem().Elem().Type()
	for name, into := range map[string]*uintptr{"typedArray": &l.elements, "offset": &l.offset, "length": &l.length} {
		f, ok := t.FieldByName(name)
		if !ok || name == "typedArray" && !sameMethods(f.Type) || name != "typedArray" && f.Type.Kind() != reflect.Int {
			return l, fmt.Errorf("js: goja's typed arrays have another layout than the pinned version's")
		}
		*into = f.Offset
	}
	l.tab = selfOf(sample).tab
	l.integer, l.float = tabOf(r.vm.ToValue(int64(1))), tabOf(r.vm.ToValue(1.5))
	return l, nil
}

// sameMethods reports whether an interface has the methods of elements.
func sameMethods(theirs reflect.Type) bool {
	ours := reflect.TypeFor[elements]()
	if theirs.Kind() != reflect.Interface || theirs.NumMethod() != ours.NumMethod() {
		return false
	}
	for i := range ours.NumMethod() {
		if a, b := theirs.Method(i), ours.Method(i); a.Name != b.Name || a.Type != b.Type {
			return false
		}
	}
	return true
}

// elementsOf gives the place where a typed array keeps its elements, nil for other objects.
func (r *Runtime) elementsOf(o *goja.Object) *elements {
	if self := selfOf(o); self.tab == r.typed.tab {
		return (*elements)(unsafe.Add(self.data, r.typed.elements))
	}
	return nil
}

// typedOf is the constructor of a typed array: goja's, but for what numbers become.
func (r *Runtime) typedOf(old nativeConstruct, form stored, args []goja.Value, target *goja.Object) *goja.Object {
	var fill func(dst *goja.Object, e *numberElements)
	if len(args) > 0 {
		if src, ok := args[0].(*goja.Object); ok {
			switch r.kindOf(src) {
			case kindBytes:
			case kindTyped:
				fill = func(dst *goja.Object, e *numberElements) { r.copyFloats(dst, e, src) }
			default:
				n, each := r.reads(src)
				args, fill = []goja.Value{r.vm.ToValue(n)}, func(_ *goja.Object, e *numberElements) {
					for i := range int(n) {
						e.set(i, each(i))
					}
				}
			}
		}
	}
	o := old(args, target)
	p := r.elementsOf(o)
	e := &numberElements{elements: *p, form: form, integer: r.typed.integer, float: r.typed.float}
	*p = e
	if fill != nil {
		fill(o, e)
	}
	return o
}

// copyFloats stores the elements of another typed array again, if they are of
// another form and may be NaN or huge.
func (r *Runtime) copyFloats(dst *goja.Object, e *numberElements, src *goja.Object) {
	from, ok := (*r.elementsOf(src)).(*numberElements)
	if !ok || from.form < storedFloat32 || from.form == e.form {
		return
	}
	self := selfOf(src).data
	at := *(*int)(unsafe.Add(self, r.typed.offset))
	for i := range *(*int)(unsafe.Add(selfOf(dst).data, r.typed.length)) {
		e.set(i, from.get(at+i))
	}
}

// reads gives how many values an iterable or something like an array has, and each of them.
func (r *Runtime) reads(o *goja.Object) (n int64, each func(i int) goja.Value) {
	method := o.GetSymbol(goja.SymIterator)
	if method == nil || goja.IsUndefined(method) || goja.IsNull(method) {
		return clampSize(o.Get("length")), func(i int) goja.Value { return r.present(o.Get(r.vm.ToValue(i).String())) }
	}
	var list []goja.Value
	simple := false
	if method == r.steps.arrayValues {
		list, simple = r.elements(o)
	}
	if !simple {
		r.vm.ForOf(o, func(v goja.Value) bool {
			list = append(list, v)
			return true
		})
	}
	return int64(len(list)), func(i int) goja.Value { return r.present(list[i]) }
}

// present is undefined for what is not there.
func (r *Runtime) present(v goja.Value) goja.Value {
	if v == nil {
		return r.undefined
	}
	return v
}

// testElements stores numbers in each way, and runs each method of elements, on a
// new array. (It also tells the linker that they are called: goja's calls it cannot see.)
func (r *Runtime) testElements() {
	o := r.construct(r.builtin("Float64Array"), r.ints[smallInts+2])
	e := *r.elementsOf(o)
	e.set(0, r.undefined)
	e.set(1, r.ints[smallInts+1])
	e.swap(0, 1)
	e.setRaw(0, e.toRaw(e.get(0)))
	if e.getRaw(1) != nan64 || !e.less(0, 1) || !e.typeMatch(r.ints[smallInts]) || e.exportType() == nil || e.export(0, 2) == nil {
		panic("js: goja's typed arrays do not store numbers as ours")
	}
}
