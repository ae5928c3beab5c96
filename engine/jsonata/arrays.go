package jsonata

import (
	"math"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// boolean is JSONata's effective boolean value; that of undefined is false.
func boolean(v value.Value) (bool, error) { return booleanAt(v, 0) }

func booleanAt(v value.Value, depth int) (bool, error) {
	switch v.Kind() {
	case value.KindBool:
		return v.Bool(), nil
	case value.KindString:
		return v.Str() != "", nil
	case value.KindNumber:
		ok, err := isNumeric(v)
		return ok && v.Num() != 0, err
	case value.KindObject:
		return v.Object().Len() > 0, nil
	}
	if !v.IsObject() || isFunction(v) {
		return false, nil
	}
	if !isArray(v) {
		return len(value.Keys(v)) > 0, nil
	}
	if depth > maxData {
		return false, errDepth()
	}
	found := false
	for _, x := range elements(v) {
		yes, err := booleanAt(x, depth+1)
		if err != nil {
			return false, err
		}
		found = found || yes
	}
	return found, nil
}

// hofArgs are the arguments for a function given to $map and the like: as many as
// it takes.
func hofArgs(f, v, key, all value.Value) []value.Value {
	args := []value.Value{v}
	n := arityOf(f)
	if n >= 2 {
		args = append(args, key)
	}
	if n >= 3 {
		args = append(args, all)
	}
	return args
}

// callback calls a function argument.
func (c *call) callback(f value.Value, args []value.Value) (value.Value, error) {
	if fn := functionOf(f); fn == nil || fn.kind != funcClosure {
		return c.ev.apply(f, args, value.Null, c.env)
	}
	return c.ev.apply(functionOf(f).live, args, value.Null, functionOf(f).env)
}

func fnMap(c call) (value.Value, error) {
	arr, f := c.arg(0), c.arg(1)
	if arr.IsUndefined() {
		return arr, nil
	}
	list := elements(arr)
	out := make([]value.Value, 0, len(list))
	for i, x := range list {
		v, err := c.callback(f, hofArgs(f, x, value.Int(i), arr))
		if err != nil {
			return v, err
		}
		if !v.IsUndefined() {
			out = append(out, v)
		}
	}
	return c.ev.sequence(out), nil
}

func fnFilter(c call) (value.Value, error) {
	arr, f := c.arg(0), c.arg(1)
	if arr.IsUndefined() {
		return arr, nil
	}
	var out []value.Value
	for i, x := range elements(arr) {
		yes, err := c.test(f, x, value.Int(i), arr)
		if err != nil {
			return x, err
		}
		if yes {
			out = append(out, x)
		}
	}
	return c.ev.sequence(out), nil
}

// test calls a predicate.
func (c *call) test(f, v, key, all value.Value) (bool, error) {
	r, err := c.callback(f, hofArgs(f, v, key, all))
	if err != nil {
		return false, err
	}
	return boolean(r)
}

func fnSingle(c call) (value.Value, error) {
	arr, f := c.arg(0), c.arg(1)
	if arr.IsUndefined() {
		return arr, nil
	}
	found, result := false, value.Undefined
	for i, x := range elements(arr) {
		yes := true
		if !f.IsUndefined() {
			var err error
			if yes, err = c.test(f, x, value.Int(i), arr); err != nil {
				return x, err
			}
		}
		if yes && found {
			return x, fail("D3138", "stack", "code", "index", i)
		}
		if yes {
			found, result = true, x
		}
	}
	if !found {
		return result, fail("D3139", "stack", "code")
	}
	return result, nil
}

func fnReduce(c call) (value.Value, error) {
	arr, f, result := c.arg(0), c.arg(1), c.arg(2)
	if arr.IsUndefined() {
		return arr, nil
	}
	arity := arityOf(f)
	if arity < 2 {
		return arr, fail("D3050", "stack", "code", "index", 1)
	}
	list := elements(arr)
	i := 0
	if result.IsUndefined() && len(list) > 0 {
		result, i = list[0], 1
	}
	for ; i < len(list); i++ {
		args := []value.Value{result, list[i]}
		if arity >= 3 {
			args = append(args, value.Int(i))
		}
		if arity >= 4 {
			args = append(args, arr)
		}
		var err error
		if result, err = c.callback(f, args); err != nil {
			return result, err
		}
	}
	return result, nil
}

func fnZip(c call) (value.Value, error) {
	n := math.MaxInt
	for _, a := range c.args {
		if isArray(a) {
			n = min(n, len(elements(a)))
		} else {
			n = 0
		}
	}
	var out []value.Value
	for i := 0; i < n && len(c.args) > 0; i++ {
		tuple := make([]value.Value, len(c.args))
		for k, a := range c.args {
			tuple[k] = elements(a)[i]
		}
		out = append(out, value.Arr(tuple...))
	}
	return value.Arr(out...), nil
}

// appendTo is $append: it joins two values as arrays.
func (ev *evaluator) appendTo(a, b value.Value) value.Value {
	if a.IsUndefined() {
		return b
	}
	if b.IsUndefined() {
		return a
	}
	var out []value.Value
	for _, v := range [2]value.Value{a, b} {
		if isArray(v) {
			out = append(out, elements(v)...)
		} else {
			out = append(out, v)
		}
	}
	return value.Arr(out...)
}

func fnAppend(c call) (value.Value, error) { return c.ev.appendTo(c.arg(0), c.arg(1)), nil }

func fnReverse(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() || len(elements(c.arg(0))) <= 1 {
		return c.arg(0), nil
	}
	list := elements(c.arg(0))
	out := make([]value.Value, len(list))
	for i, v := range list {
		out[len(list)-1-i] = v
	}
	return value.Arr(out...), nil
}

func fnShuffle(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() || len(elements(c.arg(0))) <= 1 {
		return c.arg(0), nil
	}
	list := elements(c.arg(0))
	out := make([]value.Value, len(list))
	for i, v := range list {
		r, err := c.ev.random()
		if err != nil {
			return c.arg(0), err
		}
		j := int(math.Floor(r * float64(i+1)))
		out[i] = out[j]
		out[j] = v
	}
	return value.Arr(out...), nil
}

func fnDistinct(c call) (value.Value, error) {
	arr := c.arg(0)
	if !isArray(arr) || len(elements(arr)) <= 1 {
		return arr, nil
	}
	var d distinct
	for _, v := range elements(arr) {
		if err := d.add(v); err != nil {
			return arr, err
		}
	}
	if a := arr.Array(); a != nil && isSequence(a) {
		return c.ev.sequence(d.items), nil
	}
	return value.Arr(d.items...), nil
}

// distinct gathers values that differ; strings and numbers are found by a map.
type distinct struct {
	items   []value.Value
	strings map[string]bool
	numbers map[float64]bool
	others  []value.Value
}

func (d *distinct) add(v value.Value) error {
	switch v.Kind() {
	case value.KindString:
		if d.strings[v.Str()] {
			return nil
		}
		if d.strings == nil {
			d.strings = make(map[string]bool)
		}
		d.strings[v.Str()] = true
	case value.KindNumber:
		if d.numbers[v.Num()] {
			return nil
		}
		if d.numbers == nil {
			d.numbers = make(map[float64]bool)
		}
		if f := v.Num(); f == f {
			d.numbers[f] = true
		}
	default:
		for _, x := range d.others {
			if same, err := deepEqual(v, x, 0); same || err != nil {
				return err
			}
		}
		d.others = append(d.others, v)
	}
	d.items = append(d.items, v)
	return nil
}
