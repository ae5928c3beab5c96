package function

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/regex"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Change is the configuration of a change node.
type Change struct {
	// Rules are applied in order. Flows saved before Node-RED 0.9 have none and use
	// the properties below for a single one.
	Rules value.Value `json:"rules"`
	// Action of the single rule: replace, change, delete or move.
	Action string `json:"action"`
	// Property it acts on.
	Property string `json:"property"`
	// From is what a change looks for, To the new value or the new place.
	From string `json:"from"`
	To   string `json:"to"`
	// Reg makes From a regular expression.
	Reg value.Value `json:"reg"`
}

// ChangeRule is one rule of a change node.
type ChangeRule struct {
	// T is what the rule does: set, change, delete or move.
	T string `json:"t"`
	// P is the property it acts on, PT its type: msg, flow or global.
	P  string `json:"p"`
	PT string `json:"pt"`
	// From is what a change looks for, FromT its type: msg, flow, global, str, re,
	// num, bool or env.
	From  value.Value `json:"from"`
	FromT string      `json:"fromt"`
	// To is the new value, or where to move, ToT its type.
	To  value.Value `json:"to"`
	ToT string      `json:"tot"`
	// RE marks From as a regular expression in old flows.
	RE value.Value `json:"re"`
	// DC clones the value, so that later changes to it are not seen where it came from.
	DC bool `json:"dc"`
}

var changeType = engine.Define("change", "Sets, changes, deletes and moves message properties and context values.", newChange).With(map[string]string{
	"change.errors.invalid-from": "The search text of a rule is not valid: {{error}}",
	"change.errors.invalid-json": "The JSON of a rule is not valid",
	"change.errors.invalid-expr": "The JSONata expression of a rule failed: {{error}}",
	"change.errors.no-override":  "{{property}} cannot be set: a value above it is not an object",
})

type change struct{ rules []rule }

// rule is a prepared ChangeRule.
type rule struct {
	ChangeRule
	to     *engine.Input
	pto    value.Value // the value where it is the same for all messages
	fixed  bool
	target target
	search *regex.Regexp
	steps  []rule // a move is set and delete
}

func newChange(c *engine.Call, cfg Change) (engine.Node, error) {
	rules, err := changeRules(cfg)
	if err != nil {
		return nil, err
	}
	n := &change{}
	valid := true
	for _, cr := range rules {
		r, err := prepareRule(c, cr)
		if err != nil {
			valid = false
			c.Error(err, nil)
		}
		n.rules = append(n.rules, r)
	}
	if !valid {
		return engine.Mute{}, nil
	}
	return n, nil
}

func changeRules(cfg Change) ([]ChangeRule, error) {
	list := cfg.Rules.Array()
	if list == nil {
		r := ChangeRule{T: cfg.Action, P: cfg.Property}
		switch cfg.Action {
		case "replace":
			r.T = "set"
			fallthrough
		case "set", "move":
			r.To = value.Str(cfg.To)
		case "change":
			r.From, r.To = value.Str(cfg.From), value.Str(cfg.To)
			r.RE = value.Bool(cfg.Reg.IsNull() || value.Truthy(cfg.Reg))
		}
		return []ChangeRule{r}, nil
	}
	var out []ChangeRule
	for _, e := range list.Elems {
		var r ChangeRule
		if err := engine.DecodeObject(e, &r); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func prepareRule(c *engine.Call, cr ChangeRule) (rule, error) {
	if cr.PT == "" {
		cr.PT = "msg"
	}
	if cr.T == "change" && value.Truthy(cr.RE) {
		cr.FromT = "re"
	}
	if cr.T == "set" && cr.ToT == "" && strings.HasPrefix(cr.To.Str(), "msg.") {
		cr.To, cr.ToT = value.Str(cr.To.Str()[4:]), "msg"
	}
	if cr.ToT == "" {
		cr.ToT = "str"
	}
	if cr.FromT == "" {
		cr.FromT = "str"
	}
	r := rule{ChangeRule: cr}
	var first error
	note := func(err error) {
		if first == nil {
			first = err
		}
	}
	if cr.T == "change" && cr.FromT != "msg" && cr.FromT != "flow" && cr.FromT != "global" {
		source := value.ToString(cr.From)
		if cr.FromT != "re" {
			source = escapeRegExp(source)
		}
		var err error
		if r.search, err = regex.Compile(source, "g"); err != nil {
			note(c.TextError("change.errors.invalid-from", "error", engine.MessageOf(err)))
		}
	}
	note(r.prepareTo(c))
	if cr.T == "move" {
		r.steps = moveSteps(cr)
	}
	r.target = newTarget(cr.PT, cr.P)
	return r, first
}

// prepareTo prepares the value of a rule.
func (r *rule) prepareTo(c *engine.Call) error {
	switch r.ToT {
	case "num":
		r.pto, r.fixed = value.Num(value.ToNumber(r.To)), true
	case "bool":
		r.pto, r.fixed = value.Bool(strings.EqualFold(value.ToString(r.To), "true")), true
	case "env":
		r.pto, _ = engine.NewInput("env", r.To).Eval(c, nil)
		r.fixed = true
	case "json", "bin":
		if _, err := value.ParseJSON(value.ToString(r.To)); err != nil {
			return c.TextError("change.errors.invalid-json")
		}
		r.to = engine.NewInput(r.ToT, r.To)
	case "jsonata":
		r.to = engine.NewInput(r.ToT, r.To)
		if err := r.to.Prepared(); err != nil {
			return c.TextError("change.errors.invalid-expr", "error", engine.MessageOf(err))
		}
	case "msg", "flow", "global", "date":
		r.to = engine.NewInput(r.ToT, r.To)
	default:
		r.pto, r.fixed = r.To, true
	}
	return nil
}

// moveSteps are the rules a move consists of; moving out of a child of the target
// goes through a temporary property.
func moveSteps(cr ChangeRule) []rule {
	set := func(p, pt, to, tot string) rule {
		r := rule{ChangeRule: ChangeRule{T: "set", P: p, PT: pt, To: value.Str(to), ToT: tot}, target: newTarget(pt, p)}
		r.to = engine.NewInput(tot, r.To)
		return r
	}
	del := func(p, pt string) rule {
		return rule{ChangeRule: ChangeRule{T: "delete", P: p, PT: pt}, fixed: true, target: newTarget(pt, p)}
	}
	to := value.ToString(cr.To)
	if cr.ToT != cr.PT || strings.Contains(cr.P, to) && cr.P != to {
		return []rule{set(to, cr.ToT, cr.P, cr.PT), del(cr.P, cr.PT)}
	}
	const temp = "_temp_move"
	return []rule{set(temp, cr.ToT, cr.P, cr.PT), del(cr.P, cr.PT), set(to, cr.ToT, temp, cr.PT), del(temp, cr.PT)}
}

// outcome of a rule: go on, or end the handling without sending.
type outcome bool

const (
	goOn  outcome = true
	ended outcome = false
)

func (n *change) Receive(c *engine.Call, m *engine.Message) error {
	for i := range n.rules {
		r := &n.rules[i]
		if r.T == "move" {
			for j := range r.steps {
				if r.steps[j].apply(c, m) == ended {
					return engine.Pending
				}
			}
			continue
		}
		if r.apply(c, m) == ended {
			return engine.Pending
		}
	}
	c.Send(m)
	return nil
}

func (r *rule) apply(c *engine.Call, m *engine.Message) outcome {
	v, err := r.value(c, m)
	if err != nil {
		if r.ToT == "jsonata" {
			c.Error(c.TextError("change.errors.invalid-expr", "error", engine.MessageOf(err)), m)
			return ended
		}
		if r.ToT != "flow" && r.ToT != "global" || r.unresolved(m) {
			return goOn // Node-RED leaves the rule out without a word
		}
		v = value.Undefined
	}
	if r.DC {
		v = value.Clone(v)
	}
	s := search{typ: r.FromT, from: r.From, re: r.search}
	if r.T == "change" && (r.FromT == "msg" || r.FromT == "flow" || r.FromT == "global") {
		if s, err = r.dynamicSearch(c, m); err != nil {
			if err == errSkip {
				return goOn
			}
			c.Error(err, m)
			return ended
		}
	}
	if r.PT == "msg" {
		r.onMessage(c, m, v, s)
		return goOn
	}
	return r.onContext(c, m, v, s)
}

func (r *rule) value(c *engine.Call, m *engine.Message) (value.Value, error) {
	if r.fixed {
		return r.pto, nil
	}
	return r.to.Eval(c, m)
}

// unresolved reports whether the key of a context value names a property that the
// message does not have.
func (r *rule) unresolved(m *engine.Message) bool {
	_, _, err := engine.ContextKey(value.ToString(r.To), m)
	return err != nil
}

func (r *rule) onMessage(c *engine.Call, m *engine.Message, v value.Value, s search) {
	switch r.T {
	case "delete":
		_, _ = r.target.set(c, m, value.Undefined)
	case "set":
		if ok, err := r.target.set(c, m, v); err == nil && !ok {
			c.Warn(value.Str(c.Text("change.errors.no-override", "property", r.P)))
		}
	case "change":
		current, err := r.target.get(c, m)
		if err != nil {
			return
		}
		if out, hit := s.replace(current, v, r.ToT == "bool"); hit {
			_, _ = r.target.set(c, m, out)
		}
	}
}

func (r *rule) onContext(c *engine.Call, m *engine.Message, v value.Value, s search) outcome {
	if r.PT != "flow" && r.PT != "global" {
		return ended
	}
	var err error
	switch r.T {
	case "delete":
		_, err = r.target.set(c, m, value.Undefined)
	case "set":
		_, err = r.target.set(c, m, v)
	case "change":
		var current value.Value
		if current, err = r.target.get(c, m); err == nil {
			out, hit := s.replace(current, v, false)
			if !hit {
				return ended
			}
			_, err = r.target.set(c, m, out)
		}
	default:
		return ended
	}
	if err == errSkip {
		return goOn
	}
	if err != nil {
		c.Error(err, m)
		return ended
	}
	return goOn
}
