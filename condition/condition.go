// Package condition evaluates the conditions that users write on the command line,
// in tests and in policies, in the language of expr-lang
// (https://expr-lang.org/docs/language-definition), over values of flows.
//
// Values appear as JavaScript's would: objects as maps, arrays as lists, numbers as
// float64, dates as text, buffers as {type, data}. Conditions have no side effects, always end, and give the
// same result on every machine: the functions now, keys, values and toPairs, which would
// not, are left out or made to follow the order of keys.
package condition

import (
	"fmt"
	"math"
	"sort"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Condition is a compiled condition.
type Condition struct {
	text    string
	program *vm.Program
}

// Compile checks a condition; names are what it may refer to.
func Compile(text string, names ...string) (*Condition, error) {
	env := types.Map{}
	for _, n := range names {
		env[n] = types.Any
	}
	p, err := expr.Compile(text, expr.Env(env), expr.AsAny(), expr.DisableBuiltin("now"), expr.DisableBuiltin("keys"), expr.DisableBuiltin("values"),
		expr.DisableBuiltin("toPairs"), expr.Function("keys", keys), expr.Function("values", values), expr.Function("approx", approx, new(func(any, any) bool), new(func(any, any, any) bool)))
	if err != nil {
		return nil, fmt.Errorf("the condition %q is wrong: %w", text, err)
	}
	return &Condition{text, p}, nil
}

// Text is the condition as it was written.
func (c *Condition) Text() string { return c.text }

// Holds evaluates the condition, which must give true or false.
func (c *Condition) Holds(names map[string]any) (bool, error) {
	out, err := c.Value(names)
	if err != nil {
		return false, err
	}
	b, ok := out.(bool)
	if !ok {
		return false, fmt.Errorf("the condition %q gives %v, not true or false", c.text, out)
	}
	return b, nil
}

// Value evaluates an expression.
func (c *Condition) Value(names map[string]any) (any, error) {
	out, err := expr.Run(c.program, names)
	if err != nil {
		return nil, fmt.Errorf("the condition %q fails: %w", c.text, err)
	}
	return out, nil
}

// keys are the keys of an object in alphabetical order.
func keys(args ...any) (any, error) {
	m, err := object("keys", args)
	if err != nil {
		return nil, err
	}
	list := make([]string, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	sort.Strings(list)
	out := make([]any, len(list))
	for i, k := range list {
		out[i] = k
	}
	return out, nil
}

// values are the values of an object in the order of keys.
func values(args ...any) (any, error) {
	m, err := object("values", args)
	if err != nil {
		return nil, err
	}
	names, err := keys(m)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, k := range names.([]any) {
		out = append(out, m[k.(string)])
	}
	return out, nil
}

func object(fn string, args []any) (map[string]any, error) {
	if len(args) == 1 {
		if m, ok := args[0].(map[string]any); ok {
			return m, nil
		}
	}
	return nil, fmt.Errorf("%s takes one object", fn)
}

// approx reports whether two numbers differ by at most a third one, 1e-9 if none is given.
func approx(args ...any) (any, error) {
	tolerance := 1e-9
	n := make([]float64, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case float64:
			n[i] = v
		case int:
			n[i] = float64(v)
		default:
			return nil, fmt.Errorf("approx takes numbers, not %T", a)
		}
	}
	if len(n) == 3 {
		tolerance = n[2]
	}
	if len(n) < 2 || len(n) > 3 {
		return nil, fmt.Errorf("approx takes two numbers and a tolerance")
	}
	return math.Abs(n[0]-n[1]) <= tolerance, nil
}

// Of gives a value of a flow the form that conditions see.
func Of(v value.Value) any { return of(v, 0) }

// maxDepth is the nesting that conditions see.
const maxDepth = 200

func of(v value.Value, depth int) any {
	switch {
	case depth > maxDepth || v.IsNullish():
		return nil
	case v.IsBool():
		return v.Bool()
	case v.IsNumber():
		return v.Num()
	case v.IsString():
		return v.Str()
	case v.Date() != nil:
		return value.ISO(v.Date().Ms)
	case v.Error() != nil:
		return map[string]any{"name": v.Error().Name, "message": v.Error().Message, "code": v.Error().Code}
	}
	if a := v.Array(); a != nil {
		out := make([]any, a.Len())
		for i := range out {
			out[i] = of(a.At(i), depth+1)
		}
		return out
	}
	if b := v.Buffer(); b != nil {
		data := make([]any, len(b.B))
		for i, x := range b.B {
			data[i] = float64(x)
		}
		return map[string]any{"type": "Buffer", "data": data}
	}
	if v.TypeOf() == "function" {
		return "function"
	}
	if v.TypeOf() != "object" {
		return value.ToString(v)
	}
	out := map[string]any{}
	for _, k := range value.Keys(v) {
		x, err := value.GetKey(v, k)
		if err == nil {
			out[k] = of(x, depth+1)
		}
	}
	return out
}
