package jsonata

import "github.com/lockstep-flows/lockstep/engine/value"

// tuple is an item of a path together with what the path has bound so far.
type tuple struct {
	item value.Value
	vars []binding
}

func (t *tuple) bind(name string, v value.Value) {
	for i := range t.vars {
		if t.vars[i].name == name {
			t.vars[i].value = v
			return
		}
	}
	t.vars = append(t.vars, binding{name, v})
}

// frame makes a scope of what the tuple binds.
func (t *tuple) frame(parent *frame) *frame {
	f := newFrame(parent)
	for _, b := range t.vars {
		f.bind(b.name, b.value)
	}
	f.bind("@", t.item)
	return f
}

// object is the tuple as the original sees it where it has lost sight of its being one.
func (t *tuple) object() value.Value {
	o := value.NewObject(len(t.vars) + 1)
	o.Set("@", t.item)
	for _, b := range t.vars {
		o.Set(b.name, b.value)
	}
	return value.Of(o)
}

func (t *tuple) copy() *tuple {
	return &tuple{t.item, append([]binding(nil), t.vars...)}
}

// tuples is a stream of tuples. It travels as a value between a nested path and the
// path around it, and so implements value.Foreign.
type tuples struct {
	function // for the methods of Foreign
	list     []*tuple
	stream   bool // false after a sort, which makes a plain list of it
}

// TypeOf implements value.Foreign.
func (ts *tuples) TypeOf() string { return "object" }

// Same implements value.Foreign.
func (ts *tuples) Same(other value.Foreign) bool { return other == value.Foreign(ts) }

func tuplesOf(v value.Value) *tuples {
	if v.Kind() != value.KindForeign {
		return nil
	}
	ts, _ := v.Foreign().(*tuples)
	return ts
}

// array gives the tuples as objects.
func (ts *tuples) array() value.Value {
	out := value.NewArray()
	for _, t := range ts.list {
		out.Append(t.object())
	}
	return value.Of(out)
}

// context is what expressions see of a tuple: its item and a frame, or the tuple
// as an object.
func (ts *tuples) context(t *tuple, env *frame) (value.Value, *frame) {
	if ts.stream {
		return t.item, t.frame(env)
	}
	return t.object(), env
}

// tupleStep evaluates a step of a path that binds something.
func (ev *evaluator) tupleStep(step *node, items []value.Value, in *tuples, env *frame) (*tuples, error) {
	if step.kind == kindSort {
		return ev.tupleSort(step, items, in, env)
	}
	if in == nil {
		in = &tuples{stream: true}
		for _, v := range items {
			in.list = append(in.list, &tuple{item: v})
		}
	}
	out := &tuples{stream: true}
	for _, t := range in.list {
		v, err := ev.eval(step, t.item, t.frame(env))
		if err != nil {
			return nil, err
		}
		if inner := tuplesOf(v); inner != nil {
			for _, x := range inner.list {
				c := t.copy()
				for _, b := range x.vars {
					c.bind(b.name, b.value)
				}
				c.item = x.item
				out.list = append(out.list, c)
			}
			continue
		}
		if v.IsUndefined() {
			continue
		}
		results := []value.Value{v}
		if isArray(v) {
			results = elements(v)
		}
		for i, r := range results {
			out.list = append(out.list, step.bound(t, r, i))
		}
	}
	return ev.tupleStages(step, out, env)
}

// bound makes the tuple of result i of a step.
func (n *node) bound(t *tuple, r value.Value, i int) *tuple {
	c := t.copy()
	if n.focus != "" {
		c.bind(n.focus, r)
	} else {
		c.item = r
	}
	if n.index != "" {
		c.bind(n.index, value.Int(i))
	}
	if n.ancestor != nil {
		c.bind(n.ancestor.label, t.item)
	}
	return c
}

func (ev *evaluator) tupleSort(step *node, items []value.Value, in *tuples, env *frame) (*tuples, error) {
	if in != nil {
		sorted, err := ev.sortTuples(step, in, env)
		if err != nil {
			return nil, err
		}
		return ev.tupleStages(step, sorted, env)
	}
	sorted, err := ev.orderBy(step, items, env)
	if err != nil {
		return nil, err
	}
	out := &tuples{stream: true}
	for i, v := range sorted {
		out.list = append(out.list, &tuple{v, []binding{{step.index, value.Int(i)}}})
	}
	return ev.tupleStages(step, out, env)
}

func (ev *evaluator) tupleStages(step *node, ts *tuples, env *frame) (*tuples, error) {
	var err error
	for _, s := range step.stages {
		if s.expr == nil {
			for i, t := range ts.list {
				t.bind(s.index, value.Int(i))
			}
			continue
		}
		if ts, err = ev.filterTuples(s.expr, ts, env); err != nil {
			return nil, err
		}
	}
	return ts, nil
}

func (ev *evaluator) filterTuples(p *node, ts *tuples, env *frame) (*tuples, error) {
	out := &tuples{stream: ts.stream}
	for i, t := range ts.list {
		if p.kind == kindNumber {
			n, err := selects(p.value, i, len(ts.list))
			if err != nil {
				return nil, err
			}
			if n > 0 {
				out.list = append(out.list, t)
			}
			continue
		}
		in, scope := ts.context(t, env)
		v, err := ev.eval(p, in, scope)
		if err != nil {
			return nil, err
		}
		n, err := selects(v, i, len(ts.list))
		if err != nil {
			return nil, err
		}
		for range n {
			out.list = append(out.list, t)
		}
	}
	return out, nil
}

// groupTuples is groupBy for tuples: the bindings of a group's tuples are joined.
func (ev *evaluator) groupTuples(g *group, ts *tuples, env *frame) (value.Value, error) {
	if !ts.stream {
		return ev.groupBy(g, ts.array(), env)
	}
	gs := groups{index: value.NewObject()}
	for _, t := range ts.list {
		for i, pair := range g.pairs {
			key, err := ev.eval(pair[0], t.item, t.frame(env))
			if err != nil {
				return key, err
			}
			to, _, err := gs.find(g, key, i)
			if err != nil {
				return key, err
			}
			if to != nil {
				to.tuples = append(to.tuples, t)
			}
		}
	}
	out := value.NewObject(gs.index.Len())
	for i := range gs.index.Len() {
		p := gs.index.At(i)
		to := &gs.list[int(p.Value.Num())]
		t := ev.reduce(to.tuples)
		scope := newFrame(env)
		for _, b := range t.vars {
			scope.bind(b.name, b.value)
		}
		v, err := ev.eval(g.pairs[to.pair][1], t.item, scope)
		if err != nil {
			return v, err
		}
		if !v.IsUndefined() {
			out.Set(p.Key, v)
		}
	}
	return value.Of(out), nil
}

// reduce makes one tuple of several: their items and bindings are appended.
func (ev *evaluator) reduce(list []*tuple) *tuple {
	out := list[0].copy()
	for _, t := range list[1:] {
		out.item = ev.appendTo(out.item, t.item)
		for _, b := range t.vars {
			var was value.Value
			for _, x := range out.vars {
				if x.name == b.name {
					was = x.value
				}
			}
			out.bind(b.name, ev.appendTo(was, b.value))
		}
	}
	return out
}
