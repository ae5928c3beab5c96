package js

import (
	"math"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"

	"github.com/lockstep-flows/lockstep/engine/value"
)

func keyText(name unistring.String) string { return name.String() }

// specialToJS gives the JavaScript object of the kinds that are neither plain
// objects nor arrays. The object is made once and kept with the value.
func (r *Runtime) specialToJS(v value.Value) goja.Value {
	switch v.Kind() {
	case value.KindBigInt:
		return r.vm.ToValue(v.BigInt())
	case value.KindSymbol:
		return goja.NewSymbol(v.Str())
	}
	c, ok := container(v)
	if !ok {
		return r.undefined
	}
	if w, ok := c.Wrapper().(*goja.Object); ok {
		return w
	}
	w := r.makeSpecial(v)
	c.SetWrapper(w)
	return w
}

// container gives the container a value holds as what can keep its wrapper.
func container(v value.Value) (value.Wrapped, bool) {
	switch v.Kind() {
	case value.KindBuffer:
		return v.Buffer(), true
	case value.KindTypedArray:
		return v.TypedArray(), true
	case value.KindDate:
		return v.Date(), true
	case value.KindRegExp:
		return v.RegExp(), true
	case value.KindError:
		return v.Error(), true
	case value.KindMap:
		return v.Map(), true
	case value.KindSet:
		return v.Set(), true
	case value.KindHandle:
		return v.Handle(), true
	}
	return nil, false
}

func (r *Runtime) makeSpecial(v value.Value) *goja.Object {
	switch v.Kind() {
	case value.KindBuffer:
		return r.newBuffer(v.Buffer().B)
	case value.KindTypedArray:
		return r.newTyped(v.TypedArray())
	case value.KindDate:
		d := r.newDate(v.Date().Ms)
		r.link(d, v.Date())
		return d
	case value.KindRegExp:
		return r.construct(r.builtin("RegExp"), r.str(v.RegExp().Source), r.str(v.RegExp().Flags))
	case value.KindError:
		return r.newError(v.Error())
	case value.KindMap:
		m := r.construct(r.builtin("Map"))
		set := r.method(m, "set")
		for _, p := range v.Map().Pairs {
			_, _ = set(m, r.toJS(p[0]), r.toJS(p[1]))
		}
		return m
	case value.KindSet:
		s := r.construct(r.builtin("Set"))
		add := r.method(s, "add")
		for _, x := range v.Set().Items {
			_, _ = add(s, r.toJS(x))
		}
		return s
	}
	return r.vm.NewDynamicObject(&handle{r: r, h: v.Handle()})
}

// enliven turns a Map or Set that is data into a live one, so that changes made
// by JavaScript stay with it.
func (r *Runtime) enliven(v value.Value) value.Value {
	if o, ok := r.specialToJS(v).(*goja.Object); ok {
		return value.Live(&live{r: r, o: o})
	}
	return v
}

// special gives an object that is neither wrapper nor plain as a value: as data
// where data can stand for it, else live.
func (r *Runtime) special(o *goja.Object) value.Value {
	switch r.kindOf(o) {
	case kindFunction:
		if fn, ok := r.linked(o).(value.Callable); ok {
			return value.Live(fn)
		}
	case kindSparse:
		return r.adoptSparse(o)
	case kindTyped:
		return r.typedValue(o)
	case kindBytes:
		if b, ok := o.Export().(goja.ArrayBuffer); ok {
			t := &value.TypedArray{Class: "ArrayBuffer", B: b.Bytes()}
			t.SetWrapper(o)
			return value.Of(t)
		}
	case kindView:
		if b, ok := r.viewBytes(o); ok {
			t := &value.TypedArray{Class: "DataView", B: b}
			t.SetWrapper(o)
			return value.Of(t)
		}
	case kindDate:
		if o.Prototype() == r.dateProto {
			if d, ok := r.linked(o).(*value.Date); ok {
				return value.Of(d)
			}
			d := &value.Date{Ms: r.dateMs(o)}
			d.SetWrapper(o)
			r.link(o, d)
			return value.Of(d)
		}
	case kindRegExp:
		x := &value.RegExp{Source: text(o.Get("source")), Flags: text(o.Get("flags"))}
		x.SetWrapper(o)
		return value.Of(x)
	case kindError:
		return value.Of(r.errorValue(o))
	}
	return value.Live(&live{r: r, o: o})
}

func (r *Runtime) adoptSparse(o *goja.Object) value.Value {
	n := int(o.Get("length").ToInteger())
	if n > 1<<22 {
		return value.Live(&live{r: r, o: o})
	}
	a := &value.Array{Elems: make([]value.Value, n)}
	a.SetWrapper(o)
	var keys []uint32
	var vals []goja.Value
	for _, k := range o.Keys() {
		if i, ok := value.ArrayIndex(k); ok {
			keys, vals = append(keys, i), append(vals, o.Get(k))
		}
	}
	become(o, r.newArray(a))
	for i, k := range keys {
		a.Elems[k] = r.fromJS(vals[i])
	}
	return value.Of(a)
}

// viewBytes gives the bytes a typed array or DataView looks at, shared.
func (r *Runtime) viewBytes(o *goja.Object) ([]byte, bool) {
	buf, ok := o.Get("buffer").(*goja.Object)
	if !ok {
		return nil, false
	}
	ab, ok := buf.Export().(goja.ArrayBuffer)
	if !ok {
		return nil, false
	}
	from, n := o.Get("byteOffset").ToInteger(), o.Get("byteLength").ToInteger()
	b := ab.Bytes()
	if from+n > int64(len(b)) {
		return nil, false
	}
	return b[from : from+n : from+n], true
}

func (r *Runtime) typedValue(o *goja.Object) value.Value {
	if b, ok := o.Export().([]byte); ok && r.isBuffer(o) {
		n := &value.Buffer{B: b}
		n.SetWrapper(o)
		return value.Of(n)
	}
	b, ok := r.viewBytes(o)
	if !ok {
		return value.Live(&live{r: r, o: o})
	}
	t := &value.TypedArray{Class: "Uint8Array", B: b}
	if c := o.GetSymbol(goja.SymToStringTag); c != nil {
		t.Class = c.String()
	}
	t.SetWrapper(o)
	return value.Of(t)
}

// isBuffer reports whether an object is a Node Buffer.
func (r *Runtime) isBuffer(o *goja.Object) bool {
	if r.bufferProto == nil {
		return false
	}
	for p := o.Prototype(); p != nil; p = p.Prototype() {
		if p == r.bufferProto {
			return true
		}
	}
	return false
}

func (r *Runtime) newTyped(t *value.TypedArray) *goja.Object {
	buf := r.vm.ToValue(r.vm.NewArrayBuffer(t.B))
	if t.Class == "ArrayBuffer" {
		return buf.(*goja.Object)
	}
	return r.construct(r.builtin(t.Class), buf)
}

// dateMs is the time of a goja Date, NaN if invalid.
func (r *Runtime) dateMs(o *goja.Object) float64 {
	v, err := r.dateValueOf(o)
	if err != nil {
		return math.NaN()
	}
	return v.ToFloat()
}

// handle shows an outside thing (an HTTP request, a socket) to JavaScript.
type handle struct {
	r *Runtime
	h *value.Handle
}

func (w *handle) props() *value.Object {
	if w.h.Own() == nil {
		w.h.Props = value.NewObject()
	}
	return w.h.Props
}

// Get implements goja.DynamicObject.
func (w *handle) Get(key string) goja.Value {
	if v, ok := w.props().Lookup(key); ok {
		return w.r.toJS(v)
	}
	return nil
}

// Set implements goja.DynamicObject.
func (w *handle) Set(key string, v goja.Value) bool {
	w.props().Set(key, w.r.fromJS(v))
	return true
}

// Has implements goja.DynamicObject.
func (w *handle) Has(key string) bool { return w.props().Has(key) }

// Delete implements goja.DynamicObject.
func (w *handle) Delete(key string) bool { w.props().Delete(key); return true }

// Keys implements goja.DynamicObject.
func (w *handle) Keys() []string { return w.props().Keys() }
