package sequence

import (
	"slices"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// reducer is the reduce mode of a join node.
type reducer struct {
	exp, fixup *engine.Expression
	init       *engine.Input
	right      bool
	groups     map[string]*reduceGroup
	order      []string
	count      int
}

type reduceGroup struct {
	count value.Value
	msgs  []kept
}

func newReducer(_ *engine.Call, cfg Join) (*reducer, error) {
	r := &reducer{right: cfg.ReduceRight, init: engine.NewInput(cfg.ReduceInitType, cfg.ReduceInit), groups: map[string]*reduceGroup{}}
	text := func(v value.Value) string {
		if v.IsUndefined() {
			return ""
		}
		return value.ToString(v)
	}
	var err error
	if r.exp, err = engine.NewExpression(text(cfg.ReduceExp)); err != nil {
		return nil, err
	}
	if f := text(cfg.ReduceFixup); f != "" && !cfg.ReduceFixup.IsNull() {
		r.fixup, err = engine.NewExpression(f)
	}
	return r, err
}

// arrive takes a message of a sequence; the complete sequence is reduced.
func (r *reducer) arrive(c *engine.Call, m *engine.Message) {
	partsValue, ok := m.Lookup("parts")
	if !ok {
		c.Send(m)
		c.Done(m)
		return
	}
	parts := partsValue.Object()
	if parts == nil {
		parts = value.NewObject()
	}
	id := value.ToString(parts.Get("id"))
	g := r.groups[id]
	if g == nil {
		g = &reduceGroup{}
		r.groups[id] = g
		r.order = append(r.order, id)
	}
	if g.count.IsUndefined() {
		g.count = parts.Get("count")
	}
	k := keep(c, m)
	g.msgs = append(g.msgs, k)
	r.count++
	if value.StrictEqual(g.count, value.Int(len(g.msgs))) {
		r.forget(id)
		r.count -= len(g.msgs)
		if err := r.reduce(c, g); err != nil {
			for _, other := range g.msgs[:len(g.msgs)-1] {
				other.done()
			}
			c.Fail(m, err)
			return
		}
		for _, k := range g.msgs {
			k.done()
		}
	}
	if limit := keptLimit(c); limit > 0 && r.count > limit {
		r.clear(m)
		c.Fail(m, c.TextError("join.too-many"))
	}
}

func (r *reducer) forget(id string) {
	delete(r.groups, id)
	r.order = slices.DeleteFunc(r.order, func(o string) bool { return o == id })
}

// clear drops all that is kept; the handling of all but the last message ends.
func (r *reducer) clear(last *engine.Message) {
	for _, id := range r.order {
		for _, k := range r.groups[id].msgs {
			if !value.StrictEqual(k.m.Get("_msgid"), last.Get("_msgid")) {
				k.done()
			}
		}
	}
	r.groups, r.order, r.count = map[string]*reduceGroup{}, nil, 0
}

func (r *reducer) reduce(c *engine.Call, g *reduceGroup) error {
	acc, err := r.init.Eval(c, value.NewObject())
	if err != nil {
		if r.init.Type() == "jsonata" {
			acc = value.Undefined
		} else {
			return value.ThrownError("Error", c.Text("join.errors.invalid-expr", "error", engine.MessageOf(err)))
		}
	}
	msgs := slices.Clone(g.msgs)
	slices.SortStableFunc(msgs, func(a, b kept) int {
		x, y := indexOf(a.m), indexOf(b.m)
		sign := 1
		if r.right {
			sign = -1
		}
		if l, ok := value.Less(x, y); ok && l {
			return -sign
		}
		if l, ok := value.Less(y, x); ok && l {
			return sign
		}
		return 0
	})
	for _, k := range msgs {
		r.exp.Assign(value.Obj("I", indexOf(k.m), "N", g.count, "A", acc).Object())
		if acc, err = r.exp.Eval(c, k.m); err != nil {
			return err
		}
	}
	if r.fixup != nil {
		r.fixup.Assign(value.Obj("N", g.count, "A", acc).Object())
		if acc, err = r.fixup.Eval(c, value.NewObject()); err != nil {
			return err
		}
	}
	last := msgs[len(msgs)-1].m
	last.Set("payload", acc)
	c.Send(last)
	return nil
}

func indexOf(m *engine.Message) value.Value {
	if p := m.Get("parts").Object(); p != nil {
		return p.Get("index")
	}
	return value.Undefined
}
