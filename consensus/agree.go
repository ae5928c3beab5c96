package consensus

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/lockstep-flows/lockstep/condition"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Method says how several workers' values of a field become one.
type Method string

// The methods.
const (
	// Identical: all have the same canonical bytes.
	Identical Method = "identical"
	// Majority: more than half of all workers that take part have the same bytes.
	Majority Method = "majority"
	// Median: the middle number, the lower of two middle ones. Fewer than half that lie
	// cannot move it beyond the others.
	Median Method = "median"
	// Mean: the mean of the numbers that lie within Tolerance of the median; more than
	// half must.
	Mean Method = "mean"
)

// Rule is how one field is agreed on.
type Rule struct {
	// Field is a property path into the values (a.b[0]), "" the whole value.
	Field string
	// Method is Identical if it is empty.
	Method Method
	// Tolerance is how far a number may be from the median. Relative takes it as a part of the
	// median's size. With Identical, Majority and Median it has no meaning.
	Tolerance float64
	Relative  bool
}

// Policy is how values are agreed on.
type Policy struct {
	// Rules for the fields; none means that the whole is identical.
	Rules []Rule
	// Eligible is a condition (package condition) on worker and value: who takes part. "" is
	// everyone.
	Eligible string
	// Least is how many must take part; 0 is 1.
	Least int
}

// Opinion is what one worker says.
type Opinion struct {
	Worker string
	Value  value.Value
}

// Agreement is what came of it.
type Agreement struct {
	// Values by field, as the rules name them.
	Values map[string]value.Value
	// Part are the workers that took part, Outside those of them that a rule left out.
	Part, Outside []string
}

// ErrDisagree says that the workers do not agree.
var ErrDisagree = errors.New("the workers do not agree")

// Agree applies a policy. The result does not depend on the order of the opinions.
func (p Policy) Agree(opinions []Opinion) (*Agreement, error) {
	part, err := p.eligible(opinions)
	if err != nil {
		return nil, err
	}
	if len(part) < max(p.Least, 1) {
		return nil, fmt.Errorf("%w: %d take part, %d must", ErrDisagree, len(part), max(p.Least, 1))
	}
	rules := p.Rules
	if len(rules) == 0 {
		rules = []Rule{{}}
	}
	a := &Agreement{Values: map[string]value.Value{}}
	for _, o := range part {
		a.Part = append(a.Part, o.Worker)
	}
	for _, r := range rules {
		v, outside, err := r.apply(part)
		if err != nil {
			return nil, fmt.Errorf("field %q: %w", r.Field, err)
		}
		a.Values[r.Field] = v
		for _, w := range outside {
			if !slices.Contains(a.Outside, w) {
				a.Outside = append(a.Outside, w)
			}
		}
	}
	slices.Sort(a.Outside)
	return a, nil
}

func (p Policy) eligible(opinions []Opinion) ([]Opinion, error) {
	list := slices.Clone(opinions)
	slices.SortFunc(list, func(a, b Opinion) int { return value.CompareStrings(a.Worker, b.Worker) })
	for i := range list {
		if i > 0 && list[i].Worker == list[i-1].Worker {
			return nil, fmt.Errorf("worker %s is there twice", list[i].Worker)
		}
	}
	if p.Eligible == "" {
		return list, nil
	}
	c, err := condition.Compile(p.Eligible, "worker", "value")
	if err != nil {
		return nil, err
	}
	var out []Opinion
	for _, o := range list {
		// One whose value the condition cannot judge does not take part.
		if ok, err := c.Holds(map[string]any{"worker": o.Worker, "value": condition.Of(o.Value)}); err == nil && ok {
			out = append(out, o)
		}
	}
	return out, nil
}

// said is what a worker says on a field; absent fields count as undefined.
type said struct {
	worker string
	v      value.Value
	bytes  string
}

func (r Rule) apply(part []Opinion) (value.Value, []string, error) {
	all := make([]said, len(part))
	for i, o := range part {
		v := o.Value
		if r.Field != "" {
			path, err := value.ParsePath(r.Field)
			if err != nil {
				return value.Undefined, nil, err
			}
			if v, err = value.GetPath(o.Value, path, value.Undefined); err != nil {
				v = value.Undefined
			}
		}
		b, err := AppendCanonical(nil, v)
		if err != nil {
			return value.Undefined, nil, fmt.Errorf("worker %s: %w", o.Worker, err)
		}
		all[i] = said{o.Worker, v, string(b)}
	}
	switch r.Method {
	case Identical, "":
		return same(all, len(all))
	case Majority:
		return same(all, len(all)/2+1)
	case Median, Mean:
		return r.middle(all)
	}
	return value.Undefined, nil, fmt.Errorf("the method %q is not known", r.Method)
}

// same finds the value that at least need workers have.
func same(all []said, need int) (value.Value, []string, error) {
	count := map[string]int{}
	for _, s := range all {
		count[s.bytes]++
	}
	for _, s := range all {
		if count[s.bytes] >= need {
			return s.v, others(all, func(o said) bool { return o.bytes != s.bytes }), nil
		}
	}
	return value.Undefined, nil, ErrDisagree
}

func others(all []said, out func(said) bool) (list []string) {
	for _, s := range all {
		if out(s) {
			list = append(list, s.worker)
		}
	}
	return list
}

func finite(v value.Value) bool {
	return v.IsNumber() && !math.IsNaN(v.Num()) && !math.IsInf(v.Num(), 0)
}

func (r Rule) middle(all []said) (value.Value, []string, error) {
	var nums []float64
	for _, s := range all {
		if finite(s.v) {
			nums = append(nums, s.v.Num())
		}
	}
	if 2*len(nums) <= len(all) {
		return value.Undefined, nil, ErrDisagree
	}
	slices.Sort(nums)
	median := nums[(len(nums)-1)/2]
	if r.Method == Median {
		return value.Num(median), others(all, func(s said) bool { return !finite(s.v) }), nil
	}
	within := r.Tolerance
	if r.Relative {
		within *= math.Abs(median)
	}
	near := func(f float64) bool { return math.Abs(f-median) <= within }
	sum, n := 0.0, 0
	for _, f := range nums { // in order, so that the sum is the same everywhere
		if near(f) {
			sum += f
			n++
		}
	}
	if 2*n <= len(all) || math.IsInf(sum, 0) {
		return value.Undefined, nil, ErrDisagree
	}
	return value.Num(sum / float64(n)), others(all, func(s said) bool { return !finite(s.v) || !near(s.v.Num()) }), nil
}
