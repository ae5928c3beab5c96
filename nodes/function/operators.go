package function

import (
	"github.com/lockstep-flows/lockstep/engine/regex"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// operands of a switch rule: the property, the rule's values, its case option and
// the message's parts.
type operands struct {
	a, b, c    value.Value
	ignoreCase bool
	parts      value.Value
}

type operator func(o operands) (bool, error)

// operators are the tests of switch rules by name.
var operators = map[string]operator{
	"eq":          func(o operands) (bool, error) { return value.LooseEqual(o.a, o.b), nil },
	"neq":         func(o operands) (bool, error) { return !value.LooseEqual(o.a, o.b), nil },
	"lt":          func(o operands) (bool, error) { return less(o.a, o.b), nil },
	"lte":         func(o operands) (bool, error) { return atMost(o.a, o.b), nil },
	"gt":          func(o operands) (bool, error) { return less(o.b, o.a), nil },
	"gte":         func(o operands) (bool, error) { return atMost(o.b, o.a), nil },
	"btwn":        between,
	"cont":        contains,
	"regex":       matches,
	"true":        func(o operands) (bool, error) { return o.a.IsBool() && o.a.Bool(), nil },
	"false":       func(o operands) (bool, error) { return o.a.IsBool() && !o.a.Bool(), nil },
	"null":        func(o operands) (bool, error) { return o.a.IsNullish(), nil },
	"nnull":       func(o operands) (bool, error) { return !o.a.IsNullish(), nil },
	"empty":       func(o operands) (bool, error) { n, ok := size(o.a); return ok && n == 0, nil },
	"nempty":      func(o operands) (bool, error) { n, ok := size(o.a); return ok && n != 0, nil },
	"istype":      isType,
	"head":        func(o operands) (bool, error) { return partsTest(o, headTest) },
	"tail":        func(o operands) (bool, error) { return partsTest(o, tailTest) },
	"index":       func(o operands) (bool, error) { return partsTest(o, indexTest) },
	"hask":        hasKey,
	"jsonata_exp": func(o operands) (bool, error) { return o.b.IsBool() && o.b.Bool(), nil },
	"else":        func(o operands) (bool, error) { return o.a.IsBool() && o.a.Bool(), nil },
}

func less(a, b value.Value) bool {
	l, ok := value.Less(a, b)
	return ok && l
}

func atMost(a, b value.Value) bool {
	l, ok := value.Less(b, a)
	return ok && !l
}

func between(o operands) (bool, error) {
	return atMost(o.b, o.a) && atMost(o.a, o.c) || atMost(o.a, o.b) && atMost(o.c, o.a), nil
}

func contains(o operands) (bool, error) {
	return value.IndexOf(value.ToString(o.a), value.ToString(o.b), 0) != -1, nil
}

func matches(o operands) (bool, error) {
	source, flags := value.ToString(o.b), ""
	if o.b.IsUndefined() {
		source = "(?:)"
	}
	if re := o.b.RegExp(); re != nil {
		source, flags = re.Source, ""
	}
	if o.ignoreCase {
		flags = "i"
	}
	re, err := regex.Cached(source, flags)
	if err != nil {
		return false, err
	}
	return re.Test(value.ToString(o.a)), nil
}

// size is how many elements or properties a value has, if it may be empty at all.
func size(v value.Value) (int, bool) {
	switch v.Kind() {
	case value.KindString:
		return len(v.Str()), true
	case value.KindArray:
		return v.Array().Len(), true
	case value.KindBuffer:
		return len(v.Buffer().B), true
	}
	if v.TypeOf() == "object" && !v.IsNull() {
		return len(value.Keys(v)), true
	}
	return 0, false
}

func isType(o operands) (bool, error) {
	a, want := o.a, value.ToString(o.b)
	isArray := a.Array() != nil || a.Foreign() != nil && a.Foreign().IsArray()
	switch want {
	case "array":
		return isArray, nil
	case "buffer":
		return a.Buffer() != nil, nil
	case "json":
		_, err := value.ParseJSON(value.ToString(a))
		return err == nil, nil
	case "null":
		return a.IsNull(), nil
	case "number":
		return a.IsNumber() && a.Num() == a.Num(), nil
	}
	return a.TypeOf() == want && !isArray && a.Buffer() == nil && !a.IsNull(), nil
}

func partsTest(o operands, test func(o operands, parts value.Value) bool) (bool, error) {
	if _, err := value.GetKey(o.parts, "index"); err != nil {
		return false, err
	}
	return test(o, o.parts), nil
}

func part(parts value.Value, key string) value.Value {
	v, _ := value.GetKey(parts, key)
	return v
}

func headTest(o operands, parts value.Value) bool {
	return less(part(parts, "index"), value.Num(value.ToNumber(o.b)))
}

func tailTest(o operands, parts value.Value) bool {
	count := value.ToNumber(part(parts, "count"))
	return atMost(value.Num(count-value.ToNumber(o.b)), part(parts, "index"))
}

func indexTest(o operands, parts value.Value) bool {
	index := part(parts, "index")
	return atMost(value.Num(value.ToNumber(o.b)), index) && atMost(index, value.Num(value.ToNumber(o.c)))
}

func hasKey(o operands) (bool, error) {
	if o.a.IsNullish() || o.b.TypeOf() == "object" {
		return false, nil
	}
	key := value.ToString(o.b)
	if a := o.a.Array(); a != nil && key == "length" || o.a.IsString() && key == "length" {
		return true, nil
	}
	for _, k := range value.Keys(o.a) {
		if k == key {
			return true, nil
		}
	}
	return false, nil
}
