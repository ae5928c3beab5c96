package indexer

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// cond reports whether a row is wanted.
type cond func(*row) bool

// where makes a condition of a filter's input; nil takes all.
func (x *exec) where(e *entity, arg any) (cond, error) {
	in, ok := arg.(map[string]any)
	if !ok {
		return nil, nil
	}
	if !x.spend(8 + 8*len(in)) { // it costs more to make a condition than to try it
		return nil, errTooMuch
	}
	var all, or []cond
	for _, key := range slices.Sorted(maps.Keys(in)) {
		v := in[key]
		if key == "OR" || v == nil && !strings.HasSuffix(key, "_eq") {
			continue
		}
		if key == "AND" {
			for _, part := range listOf(v) {
				c, err := x.where(e, part)
				if err != nil {
					return nil, err
				}
				if c != nil {
					all = append(all, c)
				}
			}
			continue
		}
		c, err := x.condition(e, key, v)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	if len(all) > 0 {
		or = append(or, every(all))
	}
	for _, part := range listOf(in["OR"]) {
		c, err := x.where(e, part)
		if err != nil {
			return nil, err
		}
		if c != nil {
			or = append(or, c)
		}
	}
	switch len(or) {
	case 0:
		return nil, nil
	case 1:
		return or[0], nil
	}
	return func(r *row) bool {
		for _, c := range or {
			if c(r) {
				return true
			}
		}
		return false
	}, nil
}

func every(list []cond) cond {
	if len(list) == 1 {
		return list[0]
	}
	return func(r *row) bool {
		for _, c := range list {
			if !c(r) {
				return false
			}
		}
		return true
	}
}

// condition makes one of a key such as votingRoundId_eq.
func (x *exec) condition(e *entity, key string, v any) (cond, error) {
	f, ok := e.filters[key]
	if !ok {
		return nil, fmt.Errorf("%s has no filter %s", e.name, key)
	}
	switch {
	case f.op == "":
		sub, err := x.where(f.f.of, v)
		return func(r *row) bool {
			x.spend(1)
			to := x.store.get(r, f.f)
			return to != nil && (sub == nil || sub(to))
		}, err
	case f.f.kind == kindMany:
		return x.manyCondition(f, v)
	case f.op == "isNull" || v == nil: // _eq: null, _not_eq: null
		want, _ := v.(bool)
		if f.op != "isNull" {
			want = f.op == "eq"
		}
		return func(r *row) bool {
			x.spend(1)
			null := r.vals[f.f.column] == nil || f.f.kind == kindOne && x.store.get(r, f.f) == nil
			return null == want
		}, nil
	case f.f.kind == kindList:
		return x.listCondition(f, v)
	case f.op == "in" || f.op == "not_in":
		return x.inCondition(f, v)
	}
	to, err := coerce(f.f.kind, v)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	test := comparison(f, to)
	return func(r *row) bool {
		x.spend(1)
		v := r.vals[f.f.column]
		return v != nil && test(v)
	}, nil
}

func (x *exec) manyCondition(f filter, v any) (cond, error) {
	sub, err := x.where(f.f.of, v)
	return func(r *row) bool {
		for _, to := range x.store.many(r, f.f) {
			if !x.spend(1) {
				return false
			}
			if yes := sub == nil || sub(to); yes != (f.op == "every") {
				return f.op == "some"
			}
		}
		return f.op != "some"
	}, err
}

func (x *exec) listCondition(f filter, v any) (cond, error) {
	wanted := map[string]bool{}
	for _, w := range listOf(v) {
		wanted[fmt.Sprint(w)] = true
	}
	return func(r *row) bool {
		have, _ := r.vals[f.f.column].([]string)
		found := map[string]bool{}
		for _, h := range have {
			x.spend(1)
			if wanted[h] {
				found[h] = true
			}
		}
		switch f.op {
		case "containsAny":
			return len(found) > 0
		case "containsAll":
			return len(found) == len(wanted)
		}
		return len(found) == 0
	}, nil
}

func (x *exec) inCondition(f filter, v any) (cond, error) {
	set := map[any]bool{}
	for _, w := range listOf(v) {
		to, err := coerce(f.f.kind, w)
		if err != nil {
			return nil, fmt.Errorf("%s_%s: %w", f.f.name, f.op, err)
		}
		set[keyOf(to)] = true
	}
	return func(r *row) bool {
		x.spend(1)
		v := r.vals[f.f.column]
		return v != nil && set[keyOf(v)] == (f.op == "in")
	}, nil
}

// comparison is an operator with its right side.
func comparison(f filter, to any) func(any) bool {
	op, not := strings.CutPrefix(f.op, "not_")
	var test func(v any) bool
	switch op {
	case "eq":
		test = func(v any) bool { return compare(v, to) == 0 }
	case "gt":
		test = func(v any) bool { return compare(v, to) > 0 }
	case "gte":
		test = func(v any) bool { return compare(v, to) >= 0 }
	case "lt":
		test = func(v any) bool { return compare(v, to) < 0 }
	case "lte":
		test = func(v any) bool { return compare(v, to) <= 0 }
	default:
		test = textTest(op, to.(string))
	}
	if not {
		return func(v any) bool { return !test(v) }
	}
	return test
}

func textTest(op, part string) func(any) bool {
	switch op {
	case "startsWith":
		return func(v any) bool { return strings.HasPrefix(v.(string), part) }
	case "endsWith":
		return func(v any) bool { return strings.HasSuffix(v.(string), part) }
	case "containsInsensitive":
		part = strings.ToLower(part)
		return func(v any) bool { return strings.Contains(strings.ToLower(v.(string)), part) }
	}
	return func(v any) bool { return strings.Contains(v.(string), part) }
}

// listOf gives the elements of a list; another value is a list of one, null one of none.
func listOf(v any) []any {
	switch l := v.(type) {
	case nil:
		return nil
	case []any:
		return l
	}
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Slice {
		out := make([]any, rv.Len())
		for i := range out {
			out[i] = rv.Index(i).Interface()
		}
		return out
	}
	return []any{v}
}

// coerce makes a value of a kind of what a query or its variables say.
func coerce(k kind, v any) (any, error) {
	text := fmt.Sprint(v)
	switch k {
	case kindInt:
		return wholeNumber(v)
	case kindBool:
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case kindBig:
		if n, err := wholeNumber(v); err == nil {
			return big.NewInt(n), nil
		}
		if n, ok := new(big.Int).SetString(text, 10); ok && len(text) < 100 {
			return n, nil
		}
	case kindDate:
		if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return t, nil
		}
	default:
		if s, ok := v.(string); ok {
			return s, nil
		}
	}
	return nil, fmt.Errorf("%.40q is no %s", text, map[kind]string{kindBool: "Boolean", kindBig: "BigInt", kindDate: "DateTime", kindText: "String"}[k])
}

// wholeNumber takes the numbers of a query and of JSON.
func wholeNumber(v any) (int64, error) {
	switch n := v.(type) {
	case int64:
		return n, nil
	case float64:
		if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
			return int64(n), nil
		}
	case string:
		if i, err := strconv.ParseInt(n, 10, 64); err == nil {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%.40q is no whole number", fmt.Sprint(v))
}

// compare orders two values of one kind.
func compare(a, b any) int {
	switch x := a.(type) {
	case string:
		return strings.Compare(x, b.(string))
	case int64:
		return cmp.Compare(x, b.(int64))
	case bool:
		y := b.(bool)
		switch {
		case x == y:
			return 0
		case y:
			return -1
		}
		return 1
	case *big.Int:
		return x.Cmp(b.(*big.Int))
	case time.Time:
		return x.Compare(b.(time.Time))
	}
	return 0
}

// keyOf gives a value as a key of a map.
func keyOf(v any) any {
	switch x := v.(type) {
	case *big.Int:
		return x.String()
	case time.Time:
		return x.UnixNano()
	}
	return v
}
