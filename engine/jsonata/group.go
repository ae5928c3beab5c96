package jsonata

import "github.com/lockstep-flows/lockstep/engine/value"

// groups gathers the items of a group-by under their keys, in the order of
// JavaScript's objects.
type groups struct {
	index *value.Object // key → number in list
	list  []grouped
}

// grouped is what was gathered under one key.
type grouped struct {
	pair   int // the pair of expressions it came from
	data   value.Value
	owned  bool // data is an array made for the group
	tuples []*tuple
}

// groupBy evaluates a group-by, or an object constructor.
func (ev *evaluator) groupBy(g *group, in value.Value, env *frame) (value.Value, error) {
	if ts := tuplesOf(in); ts != nil {
		return ev.groupTuples(g, ts, env)
	}
	var one [1]value.Value
	items := one[:]
	if isArray(in) {
		if items = elements(in); len(items) == 0 {
			items = one[:]
			if a := in.Array(); a != nil { // the array that came in keeps what the reference puts into it
				a.Append(value.Undefined)
			}
		}
	} else {
		items[0] = in
	}
	if len(items) == 1 {
		return ev.groupOne(g, items[0], env)
	}
	gs := groups{index: value.NewObject()}
	for _, item := range items {
		for i, pair := range g.pairs {
			key, err := ev.eval(pair[0], item, env)
			if err != nil {
				return key, err
			}
			to, isNew, err := gs.find(g, key, i)
			if err != nil {
				return key, err
			}
			switch {
			case to == nil:
			case isNew:
				to.data = item
			default:
				to.data = ev.grow(to, item)
			}
		}
	}
	out := value.NewObject(gs.index.Len())
	for i := range gs.index.Len() {
		p := gs.index.At(i)
		to := &gs.list[int(p.Value.Num())]
		v, err := ev.eval(g.pairs[to.pair][1], to.data, env)
		if err != nil {
			return v, err
		}
		if !v.IsUndefined() {
			out.Set(p.Key, v)
		}
	}
	return value.Of(out), nil
}

// grow is appendTo for a group: the array made for the second item is used on.
func (ev *evaluator) grow(to *grouped, item value.Value) value.Value {
	if item.IsUndefined() {
		return to.data
	}
	if !to.owned {
		to.owned = !to.data.IsUndefined()
		return ev.appendTo(to.data, item)
	}
	a := to.data.Array()
	if isArray(item) {
		a.Append(elements(item)...)
	} else {
		a.Append(item)
	}
	return to.data
}

// find gives the group of a key, nil if there is no key.
func (gs *groups) find(g *group, key value.Value, pair int) (to *grouped, isNew bool, err error) {
	if key.IsUndefined() {
		return nil, false, nil
	}
	if err := checkKey(g, key); err != nil {
		return nil, false, err
	}
	if at, ok := gs.index.Lookup(key.Str()); ok {
		to = &gs.list[int(at.Num())]
		if to.pair != pair {
			return nil, false, fail("D1009", "stack", "position", g.pos, "value", key)
		}
		return to, false, nil
	}
	gs.index.Set(key.Str(), value.Int(len(gs.list)))
	gs.list = append(gs.list, grouped{pair: pair})
	return &gs.list[len(gs.list)-1], true, nil
}

func checkKey(g *group, key value.Value) error {
	if !key.IsString() {
		return fail("T1003", "stack", "position", g.pos, "value", key)
	}
	if k := key.Str(); k == "_jsonata_lambda" || k == "_jsonata_function" {
		return fail("D1013", "stack", "position", g.pos, "value", key)
	}
	return nil
}

// groupOne is groupBy for a single item, the object constructor.
func (ev *evaluator) groupOne(g *group, item value.Value, env *frame) (value.Value, error) {
	keys := make([]string, len(g.pairs))
	used := make([]bool, len(g.pairs))
	out := value.NewObject(len(g.pairs))
	for i, pair := range g.pairs {
		key, err := ev.eval(pair[0], item, env)
		if err != nil {
			return key, err
		}
		if key.IsUndefined() {
			continue
		}
		if err := checkKey(g, key); err != nil {
			return key, err
		}
		keys[i], used[i] = key.Str(), true
		if out.Has(keys[i]) {
			return key, fail("D1009", "stack", "position", g.pos, "value", key)
		}
		out.Set(keys[i], value.Undefined)
	}
	missing := false
	for i, pair := range g.pairs {
		if !used[i] {
			continue
		}
		v, err := ev.eval(pair[1], item, env)
		if err != nil {
			return v, err
		}
		out.Set(keys[i], v)
		missing = missing || v.IsUndefined()
	}
	if missing {
		for i := out.Len() - 1; i >= 0; i-- {
			if p := out.At(i); p.Value.IsUndefined() {
				out.Delete(p.Key)
			}
		}
	}
	return value.Of(out), nil
}
