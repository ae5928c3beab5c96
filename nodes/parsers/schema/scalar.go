package schema

import (
	"math"
	"strconv"

	"github.com/lockstep-flows/lockstep/engine/regex"
	"github.com/lockstep-flows/lockstep/engine/value"
)

type compileFunc = func(c *compiler, n *node, s *value.Object, v value.Value) (check, error)

// limit makes the keywords that compare with a number.
func limit(name, sign string, ok func(v, l float64) bool) compileFunc {
	return func(_ *compiler, n *node, _ *value.Object, l value.Value) (check, error) {
		if !l.IsNumber() {
			return nil, errInvalid
		}
		message := "must be " + sign + " " + value.ToString(l)
		return func(r *run, v value.Value, at string) {
			if !ok(v.Num(), l.Num()) {
				r.fail(n, name, at, message, "comparison", sign, "limit", l)
			}
		}, nil
	}
}

// size makes the keywords that limit how much there is.
func size(name, word, things string, measure func(value.Value) int) compileFunc {
	return func(_ *compiler, n *node, _ *value.Object, l value.Value) (check, error) {
		if !l.IsNumber() {
			return nil, errInvalid
		}
		message := "must NOT have " + word + " than " + value.ToString(l) + " " + things
		return func(r *run, v value.Value, at string) {
			have := float64(measure(v))
			if word == "more" && have > l.Num() || word == "fewer" && have < l.Num() {
				r.fail(n, name, at, message, "limit", l)
			}
		}, nil
	}
}

func multipleOf(_ *compiler, n *node, _ *value.Object, m value.Value) (check, error) {
	if !m.IsNumber() {
		return nil, errInvalid
	}
	message := "must be multiple of " + value.ToString(m)
	return func(r *run, v value.Value, at string) {
		q := v.Num() / m.Num()
		if m.Num() == 0 || math.IsNaN(q) || q != value.ParseInt(value.FormatNumber(q), 0) {
			r.fail(n, "multipleOf", at, message, "multipleOf", m)
		}
	}, nil
}

func pattern(_ *compiler, n *node, _ *value.Object, p value.Value) (check, error) {
	if !p.IsString() {
		return nil, errInvalid
	}
	re, err := regex.Compile(p.Str(), "u")
	if err != nil {
		return nil, err
	}
	return func(r *run, v value.Value, at string) {
		if !re.Test(v.Str()) {
			r.fail(n, "pattern", at, `must match pattern "`+p.Str()+`"`, "pattern", p)
		}
	}, nil
}

func (c *compiler) constant(n *node, _ *value.Object, k value.Value) (check, error) {
	return func(r *run, v value.Value, at string) {
		if !equal(v, k) {
			r.fail(n, "const", at, "must be equal to constant", "allowedValue", k)
		}
	}, nil
}

func (c *compiler) enum(n *node, _ *value.Object, list value.Value) (check, error) {
	a := list.Array()
	if a.Length() == 0 {
		return nil, errInvalid
	}
	return func(r *run, v value.Value, at string) {
		for _, e := range a.Elems {
			if equal(v, e) {
				return
			}
		}
		r.fail(n, "enum", at, "must be equal to one of the allowed values", "allowedValues", list)
	}, nil
}

// equal compares deeply, without regard to the order of properties.
func equal(a, b value.Value) bool {
	switch {
	case a.Array() != nil && b.Array() != nil:
		x, y := a.Array().Elems, b.Array().Elems
		if len(x) != len(y) {
			return false
		}
		for i := range x {
			if !equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case a.Object() != nil && b.Object() != nil:
		x, y := a.Object(), b.Object()
		if x.Len() != y.Len() {
			return false
		}
		for i := range x.Len() {
			v, ok := y.Lookup(x.At(i).Key)
			if !ok || !equal(x.At(i).Value, v) {
				return false
			}
		}
		return true
	case a.IsObject() && b.IsObject():
		return value.DeepEqual(a, b)
	}
	return value.StrictEqual(a, b)
}

func uniqueItems(_ *compiler, n *node, s *value.Object, v value.Value) (check, error) {
	if !v.IsBool() {
		return nil, errInvalid
	}
	if !v.Bool() {
		return nil, nil
	}
	var items node
	if o := s.Get("items").Object(); o != nil {
		if err := items.compileType(o); err != nil {
			return nil, err
		}
	}
	scalar := len(items.types) > 0
	for _, t := range items.types {
		scalar = scalar && t != "object" && t != "array"
	}
	find := duplicate
	if scalar {
		find = func(list []value.Value) (int, int, bool) { return scalarDuplicate(list, &items) }
	}
	return func(r *run, v value.Value, at string) {
		if i, j, found := find(value.Elements(v)); found {
			message := "must NOT have duplicate items (items ## " + strconv.Itoa(j) + " and " + strconv.Itoa(i) + " are identical)"
			r.fail(n, "uniqueItems", at, message, "i", i, "j", j)
		}
	}, nil
}

// duplicate finds two equal items from the end on.
func duplicate(list []value.Value) (int, int, bool) {
	for i := len(list) - 1; i >= 0; i-- {
		for j := i - 1; j >= 0; j-- {
			if equal(list[i], list[j]) {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

// scalarDuplicate finds two items with the same text, from the end on, leaving out
// those that have another type.
func scalarDuplicate(list []value.Value, items *node) (int, int, bool) {
	seen := make(map[string]int, len(list))
	if len(list) < 2 {
		return 0, 0, false
	}
	for i := len(list) - 1; i >= 0; i-- {
		if !items.hasType(list[i]) {
			continue
		}
		key := value.ToString(list[i])
		if len(items.types) > 1 && list[i].IsString() {
			key += "_"
		}
		if j, ok := seen[key]; ok {
			return i, j, true
		}
		seen[key] = i
	}
	return 0, 0, false
}
