package jsonata

import (
	"github.com/lockstep-flows/lockstep/engine/value"
)

const (
	// maxDepth bounds how deep evaluation may nest.
	maxDepth = 150_000
	// maxSteps bounds the number of evaluation steps.
	maxSteps = 100_000_000
)

// evaluator is one evaluation of an expression.
type evaluator struct {
	x     *Expr
	host  *Host
	root  *frame
	now   float64
	depth int
	steps int
	marks []*value.Array // arrays that carry a mark
	calls []callSite     // by number of the built-in function
}

// eval evaluates a node on an input.
func (ev *evaluator) eval(n *node, in value.Value, env *frame) (value.Value, error) {
	if ev.depth++; ev.depth > maxDepth {
		return value.Undefined, errTooDeep()
	}
	if ev.steps++; ev.steps > ev.x.limit {
		return value.Undefined, fail("D1012", "stack", "value", ev.x.limit)
	}
	v, err := ev.dispatch(n, in, env)
	if err == nil && n.extra {
		v, err = ev.extras(n, v, env)
	}
	ev.depth--
	if err == nil && v.Kind() == value.KindArray {
		v = ev.unwrap(n, v)
	}
	return v, err
}

func errTooDeep() error { return fail("D1011", "stack", "value", maxDepth) }

func (ev *evaluator) dispatch(n *node, in value.Value, env *frame) (value.Value, error) {
	switch n.kind {
	case kindPath:
		return ev.path(n, in, env)
	case kindString, kindNumber, kindValue:
		return n.value, nil
	case kindVariable:
		return ev.variable(n, in, env), nil
	case kindBinary:
		return ev.binary(n, in, env)
	case kindUnary:
		return ev.unary(n, in, env)
	case kindName:
		return ev.lookup(in, n.name)
	case kindFunction:
		return ev.call(n, in, env, nil)
	case kindCondition:
		return ev.condition(n, in, env)
	case kindBlock:
		return ev.block(n, in, env)
	case kindBind:
		v, err := ev.eval(n.rhs, in, env)
		if err == nil {
			env.bind(n.lhs.name, v)
		}
		return v, err
	case kindLambda:
		return ev.lambda(n, in, env), nil
	case kindApply:
		return ev.apply2(n, in, env)
	case kindPartial:
		return ev.partial(n, in, env)
	case kindRegex:
		return functionValue(&function{kind: funcRegex, node: n}), nil
	case kindTransform:
		return functionValue(&function{kind: funcTransform, node: n, env: env, sig: transformSignature()}), nil
	case kindWildcard:
		return ev.wildcard(in)
	case kindDescendant:
		return ev.descendants(in)
	case kindParent:
		v, _ := env.lookup(n.slot.label)
		return v, nil
	}
	return value.Undefined, nil
}

// extras applies the predicates and the group-by of a node that is no path.
func (ev *evaluator) extras(n *node, v value.Value, env *frame) (value.Value, error) {
	var err error
	for _, s := range n.predicate {
		if v, err = ev.filter(s.expr, v, env); err != nil {
			return v, err
		}
	}
	if n.group != nil {
		return ev.groupBy(n.group, v, env)
	}
	return v, nil
}

func (ev *evaluator) variable(n *node, in value.Value, env *frame) value.Value {
	if n.name == "" {
		if isOuter(in) {
			return in.Array().At(0)
		}
		return in
	}
	if v, ok := env.lookup(n.name); ok {
		return v
	}
	return n.value // the built-in function of that name
}

func (ev *evaluator) condition(n *node, in value.Value, env *frame) (value.Value, error) {
	c, err := ev.eval(n.lhs, in, env)
	if err != nil {
		return c, err
	}
	yes, err := boolean(c)
	switch {
	case err != nil:
		return c, err
	case yes:
		return ev.eval(n.rhs, in, env)
	case n.third != nil:
		return ev.eval(n.third, in, env)
	}
	return value.Undefined, nil
}

func (ev *evaluator) block(n *node, in value.Value, env *frame) (v value.Value, err error) {
	if n.frames {
		env = newFrame(env)
	}
	for _, x := range n.list {
		if v, err = ev.eval(x, in, env); err != nil {
			return v, err
		}
	}
	return v, nil
}

// lookup reads a name of an object, or of all objects of an array.
func (ev *evaluator) lookup(in value.Value, name string) (value.Value, error) {
	if o := in.Object(); o != nil {
		if v, ok := o.Lookup(name); ok {
			if blocked(name) {
				return value.Undefined, nil
			}
			return v, nil
		}
		return method(in, name), nil
	}
	if isArray(in) {
		var items []value.Value
		for _, x := range elements(in) {
			v, err := ev.lookup(x, name)
			if err != nil {
				return v, err
			}
			if v.IsUndefined() {
				continue
			}
			if isArray(v) {
				items = append(items, elements(v)...)
			} else {
				items = append(items, v)
			}
		}
		return ev.sequence(items), nil
	}
	if !in.IsObject() || in.Kind() == value.KindForeign && isFunction(in) || blocked(name) {
		return value.Undefined, nil
	}
	v, err := value.GetKey(in, name)
	if err == nil && v.IsUndefined() {
		v = method(in, name)
	}
	return v, err
}

// blocked are the names that cannot be read.
func blocked(name string) bool {
	switch name {
	case "__proto__", "constructor", "prototype", "__lookupGetter__", "__lookupSetter__", "__defineGetter__", "__defineSetter__":
		return true
	}
	return false
}

func (ev *evaluator) wildcard(in value.Value) (value.Value, error) {
	if isOuter(in) && in.Array().Len() > 0 {
		in = in.Array().At(0)
	}
	var items []value.Value
	sequence := true
	if in.IsObject() && !isFunction(in) {
		err := each(in, func(_ string, v value.Value) error {
			if !isArray(v) {
				items = append(items, v)
				return nil
			}
			sequence = false
			var err error
			items, err = flatten(items, v, 0)
			return err
		})
		if err != nil {
			return value.Undefined, err
		}
	}
	if !sequence {
		return value.Arr(items...), nil
	}
	return ev.sequence(items), nil
}

// each goes over the own enumerable properties of a value.
func each(v value.Value, f func(key string, v value.Value) error) error {
	if o := v.Object(); o != nil {
		for i := 0; i < o.Len(); i++ {
			p := o.At(i)
			if err := f(p.Key, p.Value); err != nil {
				return err
			}
		}
		return nil
	}
	for _, k := range value.Keys(v) {
		x, err := value.GetKey(v, k)
		if err != nil {
			return err
		}
		if err := f(k, x); err != nil {
			return err
		}
	}
	return nil
}

func errDepth() error {
	return value.NewError("RangeError", "Maximum call stack size exceeded")
}

// maxData bounds how deep data may be nested.
const maxData = 10_000

func flatten(items []value.Value, v value.Value, depth int) ([]value.Value, error) {
	if depth > maxData {
		return nil, errDepth()
	}
	if !isArray(v) {
		return append(items, v), nil
	}
	var err error
	for _, x := range elements(v) {
		if items, err = flatten(items, x, depth+1); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func (ev *evaluator) descendants(in value.Value) (value.Value, error) {
	if in.IsUndefined() {
		return in, nil
	}
	items, err := descend(nil, in, 0)
	if err != nil {
		return value.Undefined, err
	}
	if len(items) == 1 {
		return items[0], nil
	}
	return ev.sequence(items), nil
}

func descend(items []value.Value, in value.Value, depth int) ([]value.Value, error) {
	if depth > maxData {
		return nil, errDepth()
	}
	var err error
	if isArray(in) {
		for _, x := range elements(in) {
			if items, err = descend(items, x, depth+1); err != nil {
				return nil, err
			}
		}
		return items, nil
	}
	items = append(items, in)
	if !in.IsObject() || isFunction(in) {
		return items, nil
	}
	err = each(in, func(_ string, v value.Value) error {
		items, err = descend(items, v, depth+1)
		return err
	})
	return items, err
}
