package schema

import (
	"strconv"

	"github.com/lockstep-flows/lockstep/engine/value"
)

func (c *compiler) not(n *node, _ *value.Object, v value.Value) (check, error) {
	sub, err := c.sub(v, n.path+"/not")
	if err != nil {
		return nil, err
	}
	return func(r *run, v value.Value, at string) {
		if sub == nil || sub.quiet(r, v, at) {
			r.fail(n, "not", at, "must NOT be valid")
		}
	}, nil
}

// list compiles a list of schemas; nil stands for one that takes every value.
func (c *compiler) list(n *node, name string, v value.Value) ([]*node, error) {
	a := v.Array()
	if a == nil {
		return nil, errInvalid
	}
	subs := make([]*node, a.Len())
	for i, e := range a.Elems {
		var err error
		if subs[i], err = c.sub(e, n.path+"/"+name+"/"+strconv.Itoa(i)); err != nil {
			return nil, err
		}
	}
	return subs, nil
}

func (c *compiler) allOf(n *node, _ *value.Object, v value.Value) (check, error) {
	subs, err := c.list(n, "allOf", v)
	return func(r *run, v value.Value, at string) {
		before := len(r.errors)
		for _, s := range subs {
			if s != nil && !r.over(before) {
				s.check(r, v, at)
			}
		}
	}, err
}

func (c *compiler) anyOf(n *node, _ *value.Object, v value.Value) (check, error) {
	if a := v.Array(); a != nil {
		for _, e := range a.Elems {
			if ok, err := always(e); ok || err != nil {
				return nil, err
			}
		}
	}
	subs, err := c.list(n, "anyOf", v)
	return func(r *run, v value.Value, at string) {
		before := len(r.errors)
		for _, s := range subs {
			if s.check(r, v, at) {
				r.errors = r.errors[:before]
				return
			}
		}
		r.fail(n, "anyOf", at, "must match a schema in anyOf")
	}, err
}

func (c *compiler) oneOf(n *node, _ *value.Object, v value.Value) (check, error) {
	subs, err := c.list(n, "oneOf", v)
	return func(r *run, v value.Value, at string) {
		before, passed := len(r.errors), -1
		passing := value.Null
		for i, s := range subs {
			if s != nil && !s.check(r, v, at) {
				continue
			}
			if passed >= 0 {
				r.fail(n, "oneOf", at, "must match exactly one schema in oneOf", "passingSchemas", value.Arr(value.Int(passed), value.Int(i)))
				return
			}
			passed = i
		}
		if passed < 0 {
			r.fail(n, "oneOf", at, "must match exactly one schema in oneOf", "passingSchemas", passing)
			return
		}
		r.errors = r.errors[:before]
	}, err
}

// needsIf compiles then and else, which if has done already.
func needsIf(_ *compiler, _ *node, s *value.Object, v value.Value) (check, error) {
	if !s.Has("if") || v.Object() == nil && !v.IsBool() {
		return nil, errInvalid
	}
	return nil, nil
}

// branch compiles if with then and else.
func (c *compiler) branch(n *node, s *value.Object, v value.Value) (check, error) {
	if !s.Has("then") && !s.Has("else") || v.Object() == nil && !v.IsBool() {
		return nil, errInvalid
	}
	var clauses [2]*node
	for i, name := range []string{"then", "else"} {
		if !s.Has(name) {
			continue
		}
		var err error
		if clauses[i], err = c.sub(s.Get(name), n.path+"/"+name); err != nil {
			return nil, err
		}
	}
	if clauses[0] == nil && clauses[1] == nil {
		return nil, nil
	}
	cond := &node{path: n.path + "/if"}
	if err := c.into(cond, v); err != nil {
		return nil, err
	}
	return func(r *run, v value.Value, at string) {
		name, clause := "then", clauses[0]
		if !cond.quiet(r, v, at) {
			name, clause = "else", clauses[1]
		}
		if clause != nil && !clause.check(r, v, at) {
			r.fail(n, "if", at, `must match "`+name+`" schema`, "failingKeyword", name)
		}
	}, nil
}
