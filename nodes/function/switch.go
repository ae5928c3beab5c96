package function

import (
	"math"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Switch is the configuration of a switch node.
type Switch struct {
	// Property is what the rules look at, PropertyType its type: msg (default),
	// flow, global, jsonata, env or prev.
	Property     value.Value `json:"property"`
	PropertyType string      `json:"propertyType" default:"msg"`
	// Rules decide, one for each output.
	Rules []SwitchRule `json:"rules"`
	// CheckAll is "true" to try all rules, "false" to stop at the first that holds.
	CheckAll value.Value `json:"checkall"`
	// Repair rebuilds message sequences for each output.
	Repair bool `json:"repair"`
	// Outputs is the number of outputs, one for each rule.
	Outputs value.Value `json:"outputs"`
}

// SwitchRule is one rule of a switch node.
type SwitchRule struct {
	// T is the test: eq, neq, lt, lte, gt, gte, btwn, cont, regex, true, false,
	// null, nnull, empty, nempty, istype, head, tail, index, hask, jsonata_exp, else.
	T string `json:"t"`
	// V is what is compared with, VT its type: str, num, msg, flow, global,
	// jsonata, env, prev.
	V  value.Value `json:"v"`
	VT string      `json:"vt"`
	// V2 is the second value of btwn and index, V2T its type.
	V2  value.Value `json:"v2"`
	V2T string      `json:"v2t"`
	// Case ignores upper and lower case in regex.
	Case bool `json:"case"`
}

var switchType = engine.Define("switch", "Sends messages on by rules about their properties.", newSwitch).With(map[string]string{
	"switch.errors.invalid-expr": "A JSONata expression failed: {{error}}",
	"switch.errors.too-many":     "Too many messages are waiting for their sequences",
})

type switchNode struct {
	property  *engine.Input
	rules     []test
	firstHit  bool
	repair    bool
	usesParts bool // a rule is a JSONata expression, which may use $I and $N
	counted   bool // sequences are collected before they are tested
	previous  value.Value

	waiting  []*engine.Message
	handling bool
	seq      sequences
	resume   func() // handles the next waiting message
	onward   []bool
}

// test is a prepared SwitchRule.
type test struct {
	SwitchRule
	op     operator
	v1, v2 operand
}

// operand is a value a rule compares with.
type operand struct {
	in    *engine.Input
	fixed value.Value
	prev  bool
}

func newSwitch(c *engine.Call, cfg Switch) (engine.Node, error) {
	if cfg.PropertyType == "" {
		cfg.PropertyType = "msg"
	}
	n := &switchNode{property: engine.NewInput(cfg.PropertyType, cfg.Property), previous: value.Null, repair: cfg.Repair, counted: cfg.Repair}
	n.firstHit = value.Truthy(cfg.CheckAll) && value.ToString(cfg.CheckAll) == "false"
	if cfg.PropertyType == "jsonata" {
		if err := n.property.Prepared(); err != nil {
			c.Error(c.TextError("switch.errors.invalid-expr", "error", engine.MessageOf(err)), nil)
			return engine.Mute{}, nil
		}
	}
	valid := true
	for _, r := range cfg.Rules {
		t := test{SwitchRule: r, op: operators[r.T]}
		n.counted = n.counted || r.T == "tail"
		n.usesParts = n.usesParts || r.T == "jsonata_exp"
		t.v1 = newOperand(r.V, &t.VT, true)
		if !r.V2.IsUndefined() {
			t.v2 = newOperand(r.V2, &t.V2T, false)
		}
		for _, o := range []operand{t.v1, t.v2} {
			if o.in != nil && o.in.Type() == "jsonata" && o.in.Prepared() != nil {
				c.Error(c.TextError("switch.errors.invalid-expr", "error", engine.MessageOf(o.in.Prepared())), nil)
				valid = false
			}
		}
		n.rules = append(n.rules, t)
	}
	if !valid {
		return engine.Mute{}, nil
	}
	n.seq.reset()
	n.resume = func() { n.next(c) }
	return n, nil
}

// newOperand prepares a rule's value; a missing type is guessed as Node-RED does.
func newOperand(v value.Value, typ *string, first bool) operand {
	number := value.ToNumber(v)
	if *typ == "" {
		*typ = "str"
		if !math.IsNaN(number) {
			*typ = "num"
		}
	}
	switch {
	case *typ == "prev":
		return operand{prev: true}
	case first && (*typ == "json" || *typ == "null"):
		return operand{fixed: value.Str(*typ)}
	case *typ == "num" && (!first || !math.IsNaN(number)):
		return operand{fixed: value.Num(number)}
	}
	return operand{in: engine.NewInput(*typ, v)}
}

func (o *operand) value(c *engine.Call, n *switchNode, m *engine.Message, vars *value.Object) (value.Value, error) {
	switch {
	case o.prev:
		return n.previous, nil
	case o.in == nil:
		return o.fixed, nil
	}
	v, err := o.in.EvalVars(c, m, vars)
	if err != nil {
		if o.in.Type() == "jsonata" {
			return v, c.TextError("switch.errors.invalid-expr", "error", engine.MessageOf(err))
		}
		return value.Undefined, nil
	}
	return v, nil
}

// Receive handles one message per turn of the loop: those that arrive meanwhile wait.
func (n *switchNode) Receive(c *engine.Call, m *engine.Message) error {
	if n.handling {
		n.waiting = append(n.waiting, m)
	} else {
		n.handle(c, m)
	}
	return engine.Pending
}

func (n *switchNode) next(c *engine.Call) {
	if len(n.waiting) == 0 {
		n.handling = false
		return
	}
	m := n.waiting[0]
	n.waiting = n.waiting[1:]
	if len(n.waiting) == 0 {
		n.waiting = nil
	}
	n.handle(c, m)
}

func (n *switchNode) handle(c *engine.Call, m *engine.Message) {
	n.handling = true
	n.process(c, m, true, func() { c.Defer(n.resume) })
}

func (n *switchNode) Close(*engine.Call, bool) error {
	n.seq.reset()
	return nil
}

// process tests a message, or keeps it until its sequence is complete; done is
// called when the next may be handled.
func (n *switchNode) process(c *engine.Call, m *engine.Message, collect bool, done func()) {
	parts, has := sequenceParts(m)
	if n.counted && collect && has {
		n.collect(c, m, parts, done)
		return
	}
	property, err := n.read(c, m)
	if err != nil {
		c.Warn(engine.Thrown(err))
		done()
		return
	}
	onward, err := n.apply(c, m, property, has)
	switch {
	case err != nil:
		c.Error(err, m)
	case n.repair && has:
		n.repairParts(c, m, onward)
	default:
		c.SendOn(m, onward)
	}
	done()
}

func (n *switchNode) read(c *engine.Call, m *engine.Message) (value.Value, error) {
	v, err := n.property.Eval(c, m)
	if err != nil {
		if n.property.Type() == "jsonata" {
			return v, c.TextError("switch.errors.invalid-expr", "error", engine.MessageOf(err))
		}
		return value.Undefined, nil
	}
	return v, nil
}

// apply gives the outputs that get the message.
func (n *switchNode) apply(c *engine.Call, m *engine.Message, property value.Value, has bool) ([]bool, error) {
	onward := n.onward[:0]
	if n.repair {
		onward = make([]bool, 0, len(n.rules)) // kept with the message
	}
	elseFlag := true
	var vars *value.Object
	if has && n.usesParts {
		parts := m.Get("parts").Object()
		vars = value.Obj("I", parts.Get("index"), "N", parts.Get("count")).Object()
	}
	for i := range n.rules {
		r := &n.rules[i]
		v1, err := r.v1.value(c, n, m, vars)
		if err != nil {
			return nil, err
		}
		v2, err := r.v2.value(c, n, m, vars)
		if err != nil {
			return nil, err
		}
		subject := property
		if r.T == "else" {
			subject = value.Bool(elseFlag)
			elseFlag = true
		}
		hit, err := r.holds(subject, v1, v2, m.Get("parts"))
		if err != nil {
			return nil, err
		}
		onward = append(onward, hit)
		if hit {
			elseFlag = false
			if n.firstHit {
				break
			}
		}
	}
	if !n.repair {
		n.onward = onward
	}
	if len(n.rules) > 0 {
		n.previous = property
	}
	return onward, nil
}

func (r *test) holds(a, b, b2, parts value.Value) (bool, error) {
	if r.op == nil {
		return false, value.NewError("TypeError", "operators[rule.t] is not a function")
	}
	return r.op(operands{a, b, b2, r.Case, parts})
}
