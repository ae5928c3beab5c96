package jsonata

import (
	"math"

	"github.com/lockstep-flows/lockstep/engine/value"
)

func (ev *evaluator) binary(n *node, in value.Value, env *frame) (value.Value, error) {
	lhs, err := ev.eval(n.lhs, in, env)
	if err != nil {
		return lhs, err
	}
	if n.op == opAnd || n.op == opOr {
		v, err := ev.logical(n, lhs, in, env)
		return v, located(n, err)
	}
	rhs, err := ev.eval(n.rhs, in, env)
	if err != nil {
		return rhs, err
	}
	var v value.Value
	switch {
	case n.op <= opMod:
		v, err = arithmetic(n.op, lhs, rhs)
	case n.op <= opNotEqual:
		if lhs.IsUndefined() || rhs.IsUndefined() {
			return value.False, nil
		}
		var same bool
		same, err = deepEqual(lhs, rhs, 0)
		v = value.Bool(same == (n.op == opEqual))
	case n.op <= opGreaterEqual:
		v, err = compare(n.op, lhs, rhs)
	case n.op == opConcat:
		v, err = ev.concat(lhs, rhs)
	case n.op == opIn:
		v = includes(lhs, rhs)
	case n.op == opRange:
		v, err = ev.rangeOf(lhs, rhs)
	}
	if err != nil {
		err = located(n, err)
	}
	return v, err
}

// located notes the operator and its place in an error.
func located(n *node, err error) error {
	if err == nil {
		return nil
	}
	e := asError(err)
	set(e, "position", n.position())
	set(e, "token", n.valueField())
	return e
}

func (ev *evaluator) logical(n *node, lhs, in value.Value, env *frame) (value.Value, error) {
	yes, err := boolean(lhs)
	if err != nil || yes == (n.op == opOr) {
		return value.Bool(yes), err
	}
	rhs, err := ev.eval(n.rhs, in, env)
	if err != nil {
		return rhs, err
	}
	yes, err = boolean(rhs)
	return value.Bool(yes), err
}

func arithmetic(op operator, lhs, rhs value.Value) (value.Value, error) {
	if !lhs.IsUndefined() {
		if ok, err := isNumeric(lhs); err != nil {
			return lhs, err
		} else if !ok {
			return lhs, fail("T2001", "stack", "value", lhs)
		}
	}
	if !rhs.IsUndefined() {
		if ok, err := isNumeric(rhs); err != nil {
			return rhs, err
		} else if !ok {
			return rhs, fail("T2002", "stack", "value", rhs)
		}
	}
	if lhs.IsUndefined() || rhs.IsUndefined() {
		return value.Undefined, nil
	}
	a, b := lhs.Num(), rhs.Num()
	switch op {
	case opAdd:
		return value.Num(a + b), nil
	case opSub:
		return value.Num(a - b), nil
	case opMul:
		return value.Num(a * b), nil
	case opDiv:
		return value.Num(a / b), nil
	}
	return value.Num(value.Mod(a, b)), nil
}

// deepEqual compares as JSONata's = does.
func deepEqual(a, b value.Value, depth int) (bool, error) {
	if value.StrictEqual(a, b) {
		return true, nil
	}
	if a.TypeOf() != "object" || b.TypeOf() != "object" || a.IsNull() || b.IsNull() || isFunction(a) || isFunction(b) {
		return false, nil
	}
	if depth > maxData {
		return false, errDepth()
	}
	if isArray(a) && isArray(b) {
		x, y := elements(a), elements(b)
		if len(x) != len(y) {
			return false, nil
		}
		for i := range x {
			if same, err := deepEqual(x[i], y[i], depth+1); !same {
				return false, err
			}
		}
		return true, nil
	}
	if isArray(a) || isArray(b) {
		return false, nil
	}
	keys := value.Keys(a)
	if len(keys) != len(value.Keys(b)) {
		return false, nil
	}
	for _, k := range keys {
		if !value.HasOwn(b, k) {
			return false, nil
		}
	}
	for _, k := range keys {
		x, err := value.GetKey(a, k)
		if err != nil {
			return false, err
		}
		y, err := value.GetKey(b, k)
		if err != nil {
			return false, err
		}
		if same, err := deepEqual(x, y, depth+1); !same {
			return false, err
		}
	}
	return true, nil
}

func compare(op operator, lhs, rhs value.Value) (value.Value, error) {
	plain := func(v value.Value) bool { return v.IsString() || v.IsNumber() }
	if !plain(lhs) && !lhs.IsUndefined() || !plain(rhs) && !rhs.IsUndefined() {
		v := rhs
		if !plain(lhs) {
			v = lhs
		}
		return v, fail("T2010", "stack", "value", v)
	}
	if lhs.IsUndefined() || rhs.IsUndefined() {
		return value.Undefined, nil
	}
	if lhs.Kind() != rhs.Kind() {
		return lhs, fail("T2009", "stack", "value", lhs, "value2", rhs)
	}
	c, ok := value.Compare(lhs, rhs)
	switch {
	case !ok:
		return value.False, nil
	case op == opLess:
		ok = c < 0
	case op == opLessEqual:
		ok = c <= 0
	case op == opGreater:
		ok = c > 0
	default:
		ok = c >= 0
	}
	return value.Bool(ok), nil
}

func (ev *evaluator) concat(lhs, rhs value.Value) (value.Value, error) {
	var text [2]string
	for i, v := range [2]value.Value{lhs, rhs} {
		if v.IsUndefined() {
			continue
		}
		s, err := stringify(v, false)
		if err != nil {
			return v, err
		}
		text[i] = s
	}
	return value.Str(value.Concat(text[0], text[1])), nil
}

func includes(lhs, rhs value.Value) value.Value {
	if lhs.IsUndefined() || rhs.IsUndefined() {
		return value.False
	}
	if !isArray(rhs) {
		return value.Bool(value.StrictEqual(lhs, rhs))
	}
	for _, v := range elements(rhs) {
		if value.StrictEqual(lhs, v) {
			return value.True
		}
	}
	return value.False
}

func isInteger(v value.Value) bool {
	return v.IsNumber() && v.Num() == math.Trunc(v.Num()) && !math.IsInf(v.Num(), 0)
}

// maxRange bounds the length of a range.
const maxRange = 1e7

func (ev *evaluator) rangeOf(lhs, rhs value.Value) (value.Value, error) {
	if !lhs.IsUndefined() && !isInteger(lhs) {
		return lhs, fail("T2003", "stack", "value", lhs)
	}
	if !rhs.IsUndefined() && !isInteger(rhs) {
		return rhs, fail("T2004", "stack", "value", rhs)
	}
	if lhs.IsUndefined() || rhs.IsUndefined() || lhs.Num() > rhs.Num() {
		return value.Undefined, nil
	}
	size := rhs.Num() - lhs.Num() + 1
	if size > maxRange {
		return lhs, fail("D2014", "stack", "value", size)
	}
	items := make([]value.Value, int(size))
	for i := range items {
		items[i] = value.Num(lhs.Num() + float64(i))
	}
	return ev.sequence(items), nil
}

func (ev *evaluator) unary(n *node, in value.Value, env *frame) (value.Value, error) {
	switch n.op {
	case opFilter:
		return ev.array(n, in, env)
	case opGroup:
		return ev.groupBy(&group{n.pairs, n.pos}, in, env)
	}
	v, err := ev.eval(n.lhs, in, env)
	if err != nil || v.IsUndefined() {
		return v, err
	}
	if ok, err := isNumeric(v); err != nil {
		return v, err
	} else if !ok {
		return v, fail("D1002", "stack", "position", n.pos, "token", "-", "value", v)
	}
	return value.Num(-v.Num()), nil
}

// array evaluates an array constructor: results that are arrays are joined, those
// of array constructors stay arrays.
func (ev *evaluator) array(n *node, in value.Value, env *frame) (value.Value, error) {
	items := make([]value.Value, 0, len(n.list))
	for _, x := range n.list {
		v, err := ev.eval(x, in, env)
		if err != nil {
			return v, err
		}
		if v.IsUndefined() {
			continue
		}
		if isArray(v) && !(x.kind == kindUnary && x.op == opFilter) {
			items = append(items, elements(v)...)
		} else {
			items = append(items, v)
		}
	}
	if n.consArray {
		return value.Of(ev.marked(items, markCons)), nil
	}
	return value.Arr(items...), nil
}
