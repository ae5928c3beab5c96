package js

import (
	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// walker charges for all that hangs below a value, as a tree: what is reached twice
// is charged twice, since it is written or copied twice. It calls no code of the flow.
type walker struct {
	r          *Runtime
	depth      int
	arraysOnly bool // the elements of arrays to a depth: what flat does
	above      map[*goja.Object]bool
	around     map[any]bool
}

// chargeTree charges for a value that is copied.
func (r *Runtime) chargeTree(v goja.Value) {
	if r.steps.limited {
		(&walker{r: r}).walk(v, 0)
	}
}

func (w *walker) walk(v goja.Value, depth int) {
	o, ok := v.(*goja.Object)
	if !ok {
		w.r.charge(1 + textUnits(v)/unitsPerStep)
		return
	}
	w.r.charge(1)
	if w.above[o] {
		return
	}
	switch h := w.r.wrapper(o).(type) {
	case *object:
		if !w.arraysOnly {
			w.native(value.Of(h.o))
		}
		return
	case *arrayView:
		if w.arraysOnly && depth < 0 {
			return
		}
		w.native(value.Of(h.a))
		return
	}
	if w.above == nil {
		w.above = map[*goja.Object]bool{}
	}
	w.above[o] = true
	w.parts(o, depth)
	delete(w.above, o)
}

func (w *walker) parts(o *goja.Object, depth int) {
	r := w.r
	switch k := r.kindOf(o); {
	case k == kindArray:
		if w.arraysOnly && depth < 0 {
			return
		}
		l := (*arrayLayout)(selfOf(o).data)
		r.charge(int64(l.length) - int64(len(l.values)))
		for _, e := range l.values {
			if e != nil {
				w.walk(e, depth-1)
			}
		}
	case w.arraysOnly:
	case k == kindSparse:
		r.charge(r.sizeOf(o))
	case k == kindTyped, k == kindBytes:
		r.charge(r.sizeOf(o) / unitsPerStep)
	case k == kindMap, k == kindSet:
		w.collection(o)
	case k == kindPlain, k == kindError, k == kindOther:
		for _, name := range (*baseLayout)(selfOf(o).data).propNames {
			r.charge(1 + int64(len(name))/unitsPerStep)
			v := (*baseLayout)(selfOf(o).data).values[name]
			if v != nil && tabOf(v) != r.tabs.property {
				w.walk(v, depth)
			}
		}
	}
}

func (w *walker) collection(o *goja.Object) {
	_, err := w.r.method(o, "forEach")(o, w.r.vm.ToValue(func(c goja.FunctionCall) goja.Value {
		w.walk(c.Argument(0), 0)
		w.walk(c.Argument(1), 0)
		return w.r.undefined
	}))
	if err != nil {
		panic(err)
	}
}

// native charges for a value of messages.
func (w *walker) native(v value.Value) {
	w.r.charge(1)
	var key any
	switch {
	case v.Object() != nil:
		key = v.Object()
	case v.Array() != nil:
		key = v.Array()
	case v.IsString():
		w.r.charge(int64(len(v.Str())) / unitsPerStep)
		return
	case v.Buffer() != nil:
		w.r.charge(int64(len(v.Buffer().B)) / unitsPerStep)
		return
	default:
		if live, ok := v.Foreign().(*live); ok && live.r == w.r {
			w.walk(live.o, 0)
		}
		return
	}
	if w.around[key] {
		return
	}
	if w.around == nil {
		w.around = map[any]bool{}
	}
	w.around[key] = true
	if o := v.Object(); o != nil {
		for i := range o.Len() {
			w.r.charge(int64(len(o.At(i).Key)) / unitsPerStep)
			w.native(o.At(i).Value)
		}
	} else {
		for _, e := range v.Array().Elems {
			w.native(e)
		}
	}
	delete(w.around, key)
}
