package jsonata

import (
	"github.com/lockstep-flows/lockstep/engine/value"
)

// mergeSort sorts stably; after says whether a belongs after b. It compares in the
// order in which the original does, so that the same comparison fails first.
func mergeSort[T any](list []T, after func(a, b T) (bool, error)) ([]T, error) {
	if len(list) <= 1 {
		return list, nil
	}
	left, err := mergeSort(list[:len(list)/2], after)
	if err != nil {
		return nil, err
	}
	right, err := mergeSort(list[len(list)/2:], after)
	if err != nil {
		return nil, err
	}
	out := make([]T, 0, len(list))
	for len(left) > 0 && len(right) > 0 {
		swap, err := after(left[0], right[0])
		if err != nil {
			return nil, err
		}
		if swap {
			out, right = append(out, right[0]), right[1:]
		} else {
			out, left = append(out, left[0]), left[1:]
		}
	}
	return append(append(out, left...), right...), nil
}

func fnSort(c call) (value.Value, error) {
	arr, f := c.arg(0), c.arg(1)
	if arr.IsUndefined() || len(elements(arr)) <= 1 {
		return arr, nil
	}
	list := elements(arr)
	after := func(a, b value.Value) (bool, error) {
		v, err := c.callback(f, []value.Value{a, b})
		return value.Truthy(v), err
	}
	if f.IsUndefined() {
		if ok, err := sortable(list); err != nil {
			return arr, err
		} else if !ok {
			return arr, fail("D3070", "stack", "code", "index", 1)
		}
		after = func(a, b value.Value) (bool, error) {
			order, ok := value.Compare(a, b)
			return ok && order > 0, nil
		}
	}
	out, err := mergeSort(list, after)
	return value.Arr(out...), err
}

// sortable reports whether all items are numbers, or all are strings.
func sortable(list []value.Value) (bool, error) {
	numbers, texts := true, true
	for _, v := range list {
		n, err := isNumeric(v)
		if err != nil {
			return false, err
		}
		numbers, texts = numbers && n, texts && v.IsString()
	}
	return numbers || texts, nil
}

// orderBy sorts items by the terms of an order-by.
func (ev *evaluator) orderBy(step *node, items []value.Value, env *frame) ([]value.Value, error) {
	return mergeSort(items, func(a, b value.Value) (bool, error) {
		return ev.after(step, a, b, env, env)
	})
}

// sortTuples sorts tuples; if there is more than one, the result is a plain list.
func (ev *evaluator) sortTuples(step *node, ts *tuples, env *frame) (*tuples, error) {
	list, err := mergeSort(ts.list, func(a, b *tuple) (bool, error) {
		x, xEnv := ts.context(a, env)
		y, yEnv := ts.context(b, env)
		return ev.after(step, x, y, xEnv, yEnv)
	})
	return &tuples{list: list, stream: ts.stream && len(list) <= 1}, err
}

// after reports whether a belongs after b by the terms of an order-by.
func (ev *evaluator) after(step *node, a, b value.Value, aEnv, bEnv *frame) (bool, error) {
	for _, t := range step.terms {
		x, err := ev.eval(t.expr, a, aEnv)
		if err != nil {
			return false, err
		}
		y, err := ev.eval(t.expr, b, bEnv)
		if err != nil {
			return false, err
		}
		order, err := step.order(x, y)
		if err != nil {
			return false, err
		}
		if x.IsUndefined() || y.IsUndefined() {
			if order != 0 {
				return order > 0, nil
			}
			continue
		}
		if order != 0 {
			return (order > 0) != t.descending, nil
		}
	}
	return false, nil
}

// order compares the values of one term; what is missing comes last.
func (n *node) order(x, y value.Value) (int, error) {
	switch {
	case x.IsUndefined() && y.IsUndefined():
		return 0, nil
	case x.IsUndefined():
		return 1, nil
	case y.IsUndefined():
		return -1, nil
	}
	plain := func(v value.Value) bool { return v.IsString() || v.IsNumber() }
	if !plain(x) || !plain(y) {
		v := y
		if !plain(x) {
			v = x
		}
		return 0, fail("T2008", "stack", "position", n.pos, "value", v)
	}
	if x.Kind() != y.Kind() {
		return 0, fail("T2007", "stack", "position", n.pos, "value", x, "value2", y)
	}
	if value.StrictEqual(x, y) {
		return 0, nil
	}
	if c, ok := value.Compare(x, y); ok && c < 0 {
		return -1, nil
	}
	return 1, nil
}
