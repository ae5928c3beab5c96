package jsonata

import (
	"math"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// path evaluates the steps of a path one after the other.
func (ev *evaluator) path(n *node, in value.Value, env *frame) (value.Value, error) {
	if n.plain {
		if v, ok := simple(n, in); ok {
			return v, nil
		}
	}
	w := walk{ev: ev, n: n, env: env}
	if n.list[0].kind != kindVariable && isArray(in) {
		w.items = elements(in)
	} else {
		w.items = []value.Value{in}
	}
	for i, step := range n.list {
		done, err := w.step(step, i, in)
		if err != nil {
			return value.Undefined, err
		}
		if done {
			break
		}
	}
	return w.result()
}

// simple evaluates a path of names over objects; ok is false if there is more to it.
func simple(n *node, v value.Value) (value.Value, bool) {
	for _, step := range n.list {
		o := v.Object()
		if o == nil {
			return v, false
		}
		var ok bool
		if v, ok = o.Lookup(step.name); !ok || v.Kind() >= value.KindArray || v.IsUndefined() {
			return v, false
		}
	}
	return v, true
}

// walk is the state of a path's evaluation: the items between two steps, or the
// tuples once a step binds something.
type walk struct {
	ev     *evaluator
	n      *node
	env    *frame
	items  []value.Value
	owned  bool        // items is not part of other data
	whole  value.Value // the array that the result is, if it is no sequence
	tuples *tuples
	stream bool
}

// step evaluates one step; done says that nothing is left.
func (w *walk) step(step *node, i int, in value.Value) (done bool, err error) {
	w.stream = w.stream || step.tuple
	w.whole = value.Undefined
	if i == 0 && step.consArray {
		return w.constructor(step, in)
	}
	if w.stream {
		w.tuples, err = w.ev.tupleStep(step, w.items, w.tuples, w.env)
		return false, err
	}
	if step.kind == kindSort {
		return w.sort(step)
	}
	var c collector
	for _, item := range w.items {
		v, err := w.ev.eval(step, item, w.env)
		if err != nil {
			return true, err
		}
		for _, s := range step.stages {
			if v, err = w.ev.filter(s.expr, v, w.env); err != nil {
				return true, err
			}
		}
		if v.IsUndefined() {
			continue
		}
		c.add(v)
	}
	w.items, w.whole = c.done(i == len(w.n.list)-1)
	w.owned = c.flat
	return len(w.items) == 0, nil
}

// constructor evaluates an array constructor that begins the path, on the whole
// input.
func (w *walk) constructor(step *node, in value.Value) (bool, error) {
	whole := in
	if !isArray(in) {
		whole = w.ev.sequence(w.items)
	}
	v, err := w.ev.eval(step, whole, w.env)
	if err != nil {
		return true, err
	}
	w.whole, w.owned = v, false
	w.items = nil
	if isArray(v) {
		w.items = elements(v)
	} else if len(w.n.list) > 1 {
		w.whole = value.Undefined
	}
	return len(w.items) == 0 && !w.stream, nil
}

func (w *walk) sort(step *node) (bool, error) {
	items, err := w.ev.orderBy(step, w.items, w.env)
	if err != nil {
		return true, err
	}
	w.owned = len(w.items) > 1
	w.items = items
	v := w.ev.sequence(items)
	if w.owned {
		v = value.Arr(items...)
	}
	for _, s := range step.stages {
		if v, err = w.ev.filter(s.expr, v, w.env); err != nil {
			return true, err
		}
	}
	w.whole = value.Undefined
	if a := v.Array(); a != nil {
		w.items = a.Elems
		if !isSequence(a) {
			w.whole = v
		}
	} else {
		w.items = []value.Value{v}
	}
	return len(w.items) == 0, nil
}

// result makes the value of the path.
func (w *walk) result() (value.Value, error) {
	n, ev := w.n, w.ev
	if w.stream {
		if w.tuples == nil {
			w.tuples = &tuples{stream: true}
		}
		if n.group != nil {
			return ev.groupTuples(n.group, w.tuples, w.env)
		}
		if n.tuple {
			return value.Live(w.tuples), nil
		}
		w.items = make([]value.Value, len(w.tuples.list))
		for i, t := range w.tuples.list {
			w.items[i] = t.item
		}
		w.owned, w.whole = true, value.Undefined
	}
	if n.keepSingleton {
		if a := w.whole.Array(); a != nil && a.Extra == markCons {
			w.items, w.whole, w.owned = []value.Value{w.whole}, value.Undefined, true
		}
	}
	v := w.whole
	if v.IsUndefined() {
		v = w.sequence()
	}
	if n.group != nil {
		return ev.groupBy(n.group, v, w.env)
	}
	return v, nil
}

// sequence makes a sequence of the items, or what it stands for.
func (w *walk) sequence() value.Value {
	keep := w.n.keepSingleton || w.n.keepArray && w.n.group == nil
	if !keep && w.n.group == nil {
		switch len(w.items) {
		case 0:
			return value.Undefined
		case 1:
			return w.items[0]
		}
	}
	items := w.items
	if !w.owned {
		items = append([]value.Value(nil), items...)
	}
	if keep {
		return value.Of(w.ev.marked(items, markKeep))
	}
	return w.ev.sequence(items)
}

// filter applies a predicate: an index if it is a number, else a condition.
func (ev *evaluator) filter(p *node, in value.Value, env *frame) (value.Value, error) {
	if ts := tuplesOf(in); ts != nil {
		out, err := ev.filterTuples(p, ts, env)
		return value.Live(out), err
	}
	var one [1]value.Value
	items := one[:]
	if isArray(in) {
		items = elements(in)
	} else {
		items[0] = in
	}
	if p.kind == kindNumber {
		at := math.Floor(p.value.Num())
		if at < 0 {
			at += float64(len(items))
		}
		if at < 0 || at >= float64(len(items)) || items[int(at)].IsUndefined() {
			return ev.sequence(nil), nil
		}
		if item := items[int(at)]; isArray(item) {
			return item, nil
		}
		return ev.sequence([]value.Value{items[int(at)]}), nil
	}
	var out []value.Value
	for i, item := range items {
		v, err := ev.eval(p, item, env)
		if err != nil {
			return v, err
		}
		n, err := selects(v, i, len(items))
		if err != nil {
			return v, err
		}
		for range n {
			out = append(out, item)
		}
	}
	return ev.sequence(out), nil
}

// selects says how often the result of a predicate selects item i of n: numbers
// are indices, anything else a condition.
func selects(v value.Value, i, n int) (int, error) {
	var list []value.Value
	if num, err := isNumeric(v); err != nil {
		return 0, err
	} else if num {
		list = []value.Value{v}
	} else if !isArray(v) {
		return asCount(v)
	} else {
		list = elements(v)
	}
	for _, x := range list {
		if num, err := isNumeric(x); err != nil {
			return 0, err
		} else if !num {
			return asCount(v)
		}
	}
	count := 0
	for _, x := range list {
		at := math.Floor(x.Num())
		if at < 0 {
			at += float64(n)
		}
		if at == float64(i) {
			count++
		}
	}
	return count, nil
}

func asCount(v value.Value) (int, error) {
	yes, err := boolean(v)
	if yes {
		return 1, err
	}
	return 0, err
}

// isNumeric reports whether v is a number; infinity is an error.
func isNumeric(v value.Value) (bool, error) {
	if !v.IsNumber() {
		return false, nil
	}
	f := v.Num()
	if math.IsInf(f, 0) {
		return false, fail("D1001", "value", f, "stack")
	}
	return f == f, nil
}
