package js

import (
	"math"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// timer is a setTimeout or setInterval of a function node.
type timer struct {
	f      *Function
	id     uint64
	fn     goja.Value
	args   []goja.Value
	repeat bool
	object *goja.Object
}

// Fire runs the timer of this id; one that was cleared is no matter.
func (r *Runtime) Fire(id uint64) {
	t := r.timers[id]
	if t == nil {
		return
	}
	if !t.repeat {
		delete(r.timers, id)
		delete(t.f.timers, id)
	}
	t.f.enter(func() {
		fn, ok := goja.AssertFunction(t.fn)
		if !ok {
			e := r.construct(r.builtin("TypeError"), r.str("func.apply is not a function"))
			if t.fn == r.undefined || t.fn == r.null {
				e = r.construct(r.builtin("TypeError"), r.str("Cannot read properties of "+t.fn.String()+" (reading 'apply')"))
			}
			t.f.report(e)
			return
		}
		if _, err := fn(r.undefined, t.args...); err != nil {
			t.f.report(t.f.failure(err))
		}
	})
}

// report gives an error thrown by a timer's function to the node, as node.error(err, {}).
func (f *Function) report(thrown goja.Value) {
	f.r.settle()
	f.host.Error(f.r.fromJS(f.r.mend(thrown)), value.Of(value.NewObject()))
}

// setTimer is setTimeout and setInterval.
func (f *Function) setTimer(c goja.FunctionCall, repeat bool) goja.Value {
	r := f.r
	ms := c.Argument(1).ToFloat()
	if !(ms >= 1 && ms <= math.MaxInt32) {
		ms = 1
	}
	t := &timer{f: f, fn: c.Argument(0), repeat: repeat}
	if len(c.Arguments) > 2 {
		t.args = append(t.args, c.Arguments[2:]...)
	}
	t.id = f.host.SetTimer(ms, repeat)
	r.timers[t.id] = t
	f.timers[t.id] = t
	made, err := r.function("timeout")(r.undefined, r.vm.ToValue(int64(t.id)), r.boolean(repeat), r.cached("clear"))
	if err != nil {
		panic(err)
	}
	t.object = made.(*goja.Object)
	return made
}

// clearTimer is clearTimeout and clearInterval: they take what setTimeout gave, or
// its number.
func (r *Runtime) clearTimer(c goja.FunctionCall) goja.Value {
	v := c.Argument(0)
	if o, ok := v.(*goja.Object); ok {
		v = o.Get("_timerId")
	}
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return r.undefined
	}
	id := uint64(v.ToInteger())
	if t := r.timers[id]; t != nil {
		delete(r.timers, id)
		delete(t.f.timers, id)
		t.f.host.ClearTimer(id)
	}
	return r.undefined
}

func (r *Runtime) boolean(b bool) goja.Value {
	if b {
		return r.yes
	}
	return r.no
}
