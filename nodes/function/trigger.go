package function

import (
	"math"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/mustache"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Trigger is the configuration of a trigger node.
type Trigger struct {
	// Op1 is sent first, Op2 later; their types are those of typed inputs, or pay
	// (the payload as it is), payl (the latest message), nul (nothing), val (old flows).
	Op1     value.Value `json:"op1"`
	Op2     value.Value `json:"op2"`
	Op1Type string      `json:"op1type"`
	Op2Type string      `json:"op2type"`
	// Duration until the second is sent, in Units (ms, s, min, hr); negative sends
	// the first again and again, 0 waits for a reset.
	Duration value.Value `json:"duration"`
	Units    string      `json:"units"`
	// Extend starts the time anew with each message.
	Extend value.Value `json:"extend"`
	// OverrideDelay lets msg.delay (in milliseconds) set the time.
	OverrideDelay bool `json:"overrideDelay"`
	// Reset is a payload that resets the node; msg.reset always does.
	Reset value.Value `json:"reset"`
	// ByTopic is "all" for one state, "topic" for one for each value of Topic.
	ByTopic string `json:"bytopic"`
	Topic   string `json:"topic"`
	// Outputs is 2 to send the second message on a second output.
	Outputs value.Value `json:"outputs"`
}

var triggerType = engine.Define("trigger", "Sends a message, and another one some time later.", newTrigger)

const defaultDuration = 250 // ms

type trigger struct {
	cfg      Trigger
	op1, op2 *op
	duration float64
	loop     bool
	extend   bool
	second   bool
	reset    string
	topics   map[string]*topicState
	latest   map[string]*engine.Message
}

// op is a prepared Op1 or Op2.
type op struct {
	typ      string
	in       *engine.Input
	template *mustache.Template
}

type topicState struct {
	timer   engine.Timer
	blocked bool // waits for a reset
	m2      value.Value
}

func newOp(v value.Value, typ, fallback, dateDefault string) *op {
	if !value.Truthy(v) {
		v = value.Str(fallback)
	}
	if typ == "" {
		typ = "str"
	}
	if typ == "date" && v.Str() == dateDefault {
		v = value.Str("")
	}
	if typ == "val" {
		switch v.Str() {
		case "true", "false":
			typ = "bool"
		case "null":
			typ, v = "null", value.Null
		default:
			typ = "str"
		}
	}
	o := &op{typ: typ}
	if typ == "str" && value.IndexOf(v.Str(), "{{", 0) >= 0 {
		o.template = mustache.Parse(v.Str())
	}
	o.in = engine.NewInput(typ, v)
	return o
}

func (o *op) value(c *engine.Call, m *engine.Message) (value.Value, error) {
	if o.template != nil {
		text, err := o.template.Render(value.Of(m), nil)
		return value.Str(text), err
	}
	return o.in.Eval(c, m)
}

func newTrigger(_ *engine.Call, cfg Trigger) (engine.Node, error) {
	n := &trigger{
		cfg: cfg, op1: newOp(cfg.Op1, cfg.Op1Type, "1", "1"), op2: newOp(cfg.Op2, cfg.Op2Type, "0", "0"),
		second: value.LooseEqual(cfg.Outputs, value.Num(2)), topics: map[string]*topicState{}, latest: map[string]*engine.Message{},
		extend: value.ToString(cfg.Extend) == "true", duration: value.ParseFloat(value.ToString(cfg.Duration)),
	}
	if value.Truthy(cfg.Reset) {
		n.reset = value.ToString(cfg.Reset)
	}
	if n.cfg.Topic == "" {
		n.cfg.Topic = "topic"
	}
	if math.IsNaN(n.duration) {
		n.duration = defaultDuration
	}
	if n.duration < 0 {
		n.loop, n.extend = true, false
		n.duration = -n.duration
	}
	switch cfg.Units {
	case "s":
		n.duration *= msPerSecond
	case "min":
		n.duration *= msPerMinute
	case "hr":
		n.duration *= msPerHour
	}
	return n, nil
}

func (n *trigger) show(c *engine.Call) {
	o := value.NewObject()
	if l := len(n.topics); l > 0 {
		o.Set("fill", value.Str("blue"))
		o.Set("shape", value.Str("dot"))
		if l > 1 {
			o.Set("text", value.Int(l))
		}
	}
	c.StatusValue(value.Of(o))
}

func (n *trigger) Receive(c *engine.Call, m *engine.Message) error {
	key := "_none"
	tv, err := value.GetMessageProperty(m, n.cfg.Topic)
	if err != nil {
		return err
	}
	if value.Truthy(tv) && n.cfg.ByTopic != "" && n.cfg.ByTopic != "all" {
		key = value.ToString(tv)
	}
	wait := n.duration
	if d, ok := m.Lookup("delay"); ok && n.cfg.OverrideDelay {
		if f := value.ParseFloat(value.ToString(d)); !math.IsNaN(f) {
			wait = f
		}
	}
	t := n.topics[key]
	if t == nil {
		t = &topicState{}
		n.topics[key] = t
	}
	switch {
	case n.resets(m):
		c.Cancel(t.timer)
		delete(n.topics, key)
		n.show(c)
		return nil
	case n.op2.typ == "payl":
		n.latest[key] = value.CloneMessage(m)
	}
	if t.timer == 0 && !t.blocked || n.loop {
		return n.begin(c, m, key, t, wait)
	}
	if n.extend && wait > 0 {
		if n.op2.typ == "payl" {
			t.m2 = value.Clone(m.Get("payload"))
		}
		c.Cancel(t.timer)
		t.timer = c.After(wait, func() { n.extended(c, m, key, t) })
	}
	return nil
}

func (n *trigger) resets(m *engine.Message) bool {
	if m.Has("reset") {
		return true
	}
	p, ok := m.Lookup("payload")
	return ok && n.reset != "" && !p.IsNullish() && value.ToString(p) == n.reset
}

// begin sends the first message and sets the time for the second.
func (n *trigger) begin(c *engine.Call, m *engine.Message, key string, t *topicState, wait float64) error {
	switch {
	case n.op2.typ == "pay":
		t.m2 = value.Clone(m.Get("payload"))
	case n.op2.typ != "nul":
		v, err := n.op2.value(c, m)
		if err != nil {
			return err
		}
		t.m2 = v
	}
	if n.op1.typ != "pay" && n.op1.typ != "nul" {
		v, err := n.op1.value(c, m)
		if err != nil {
			return err
		}
		m.Set("payload", v)
	}
	switch {
	case wait == 0:
		t.blocked = true
	case n.loop:
		n.repeat(c, m, t, wait)
	case t.timer == 0:
		t.timer = c.After(wait, func() { n.expire(c, m, key, t) })
	}
	c.Done(m)
	n.show(c)
	if n.op1.typ != "nul" {
		c.Send(value.CloneMessage(m))
	}
	return engine.Pending
}

func (n *trigger) repeat(c *engine.Call, m *engine.Message, t *topicState, wait float64) {
	c.Cancel(t.timer)
	t.timer = 0
	if n.op1.typ == "nul" {
		return
	}
	out := value.CloneMessage(m)
	t.timer = c.Every(wait, func() {
		if n.op1.typ == "date" {
			out.Set("payload", value.Num(c.Now()))
		}
		c.Send(value.CloneMessage(out))
	})
}

func (n *trigger) port() int {
	if n.second {
		return 1
	}
	return 0
}

// expire sends the second message.
func (n *trigger) expire(c *engine.Call, m *engine.Message, key string, t *topicState) {
	if n.op2.typ == "nul" {
		delete(n.topics, key)
		n.show(c)
		return
	}
	out := value.CloneMessage(m)
	if n.op2.typ == "flow" || n.op2.typ == "global" || n.op2.typ == "date" {
		v, err := n.op2.value(c, m)
		if err != nil {
			c.Error(err, nil)
			return
		}
		t.m2 = v
	}
	if n.op2.typ == "payl" {
		out = n.latest[key]
		delete(n.latest, key)
	} else {
		out.Set("payload", t.m2)
	}
	if out != nil {
		c.SendTo(n.port(), out)
	}
	delete(n.topics, key)
	n.show(c)
}

// extended sends the second message after a time that was started anew.
func (n *trigger) extended(c *engine.Call, m *engine.Message, key string, t *topicState) {
	var out *engine.Message
	if n.op2.typ != "nul" {
		if n.op2.typ == "flow" || n.op2.typ == "global" {
			v, err := n.op2.value(c, m)
			if err != nil {
				c.Error(err, nil)
				return
			}
			t.m2 = v
		}
		if n.topics[key] != nil {
			out = value.CloneMessage(m)
			out.Set("payload", t.m2)
		}
	}
	delete(n.topics, key)
	n.show(c)
	if out != nil {
		c.SendTo(n.port(), out)
	}
}

func (n *trigger) Close(c *engine.Call, _ bool) error {
	n.topics = map[string]*topicState{}
	n.show(c)
	return nil
}
