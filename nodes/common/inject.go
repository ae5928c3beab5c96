package common

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Inject is the configuration of an inject node.
type Inject struct {
	// Props are the properties of the message; flows saved before Node-RED 1.1 have
	// none and use Payload and Topic.
	Props value.Value `json:"props"`
	// Repeat is the interval in seconds between messages; empty for none.
	Repeat value.Value `json:"repeat"`
	// Crontab is a cron expression of five, six or seven fields; empty for none.
	Crontab string `json:"crontab"`
	// Once sends a message after the start too.
	Once bool `json:"once"`
	// OnceDelay is how many seconds after the start that is; 0.1 if empty.
	OnceDelay value.Value `json:"onceDelay"`
	// Topic is msg.topic.
	Topic value.Value `json:"topic"`
	// Payload is msg.payload, read as PayloadType says.
	Payload value.Value `json:"payload"`
	// PayloadType is a typed input's type: date, str, num, json, bool, bin, flow,
	// global, env, jsonata.
	PayloadType value.Value `json:"payloadType"`
}

// InjectProp is one property an inject node sets.
type InjectProp struct {
	// P is the property's path in the message.
	P string `json:"p"`
	// V is its value, VT the value's type.
	V  value.Value `json:"v"`
	VT string      `json:"vt"`
}

var injectType = engine.Define("inject", "Starts a flow with a message: at a press, at the start, at intervals or by cron.", newInject).With(map[string]string{
	"inject.errors.invalid-expr": "The JSONata expression is not valid: {{error}}",
	"inject.errors.toolong":      "The interval is too long",
	"inject.repeat":              "repeats",
	"inject.crontab":             "repeats by cron",
	"inject.errors.cron":         "The cron expression {{cron}} is not valid: {{error}}",
}).Starts()

const (
	maxRepeat    = 2147483 // seconds, as setInterval takes at most
	defaultOnce  = 0.1     // seconds
	userProps    = "__user_inject_props__"
	millisPerSec = 1000
)

type inject struct {
	cfg   Inject
	props []prop
}

type prop struct {
	path  string
	typ   string
	value *engine.Input
	empty bool
}

func newInject(c *engine.Call, cfg Inject) (engine.Node, error) {
	n := &inject{cfg: cfg, props: legacy(cfg)}
	for _, p := range n.props {
		if err := p.value.Prepared(); err != nil && p.typ == "jsonata" {
			c.Error(c.TextError("inject.errors.invalid-expr", "error", engine.MessageOf(err)), nil)
		}
	}
	repeat := value.ToNumber(cfg.Repeat)
	if repeat > maxRepeat {
		c.Error(c.TextError("inject.errors.toolong"), nil)
		repeat = 0
	}
	if !value.Truthy(cfg.Repeat) {
		repeat = 0
	}
	if !cfg.Once {
		return n, n.schedule(c, repeat)
	}
	delay := value.ToNumber(cfg.OnceDelay)
	if !value.Truthy(cfg.OnceDelay) {
		delay = defaultOnce
	}
	c.After(delay*millisPerSec, func() {
		n.press(c)
		if err := n.schedule(c, repeat); err != nil {
			c.Error(err, nil)
		}
	})
	return n, nil
}

// legacy gives the properties in the form of today's flows.
func legacy(cfg Inject) []prop {
	list := cfg.Props.Array()
	if list == nil {
		return []prop{
			newProp("payload", cfg.Payload, cfg.PayloadType),
			newProp("topic", cfg.Topic, value.Str("str")),
		}
	}
	var out []prop
	for _, e := range list.Elems {
		o := e.Object()
		if o == nil {
			continue
		}
		p, v, vt := value.ToString(o.Get("p")), o.Get("v"), o.Get("vt")
		switch {
		case p == "payload" && !o.Has("v"):
			v, vt = cfg.Payload, cfg.PayloadType
		case p == "topic" && vt.Str() == "str" && !o.Has("v"):
			v = cfg.Topic
		}
		if o.Get("p").IsUndefined() {
			p = ""
		}
		out = append(out, newProp(p, v, vt))
	}
	return out
}

func newProp(path string, v, vt value.Value) prop {
	typ := "str"
	if !vt.IsUndefined() {
		typ = value.ToString(vt)
	}
	empty := !value.Truthy(v)
	if v.IsUndefined() {
		v = value.Str("")
	}
	return prop{path, typ, engine.NewInput(typ, v), empty}
}

func (n *inject) schedule(c *engine.Call, repeat float64) error {
	if repeat > 0 {
		c.Debug(value.Str(c.Text("inject.repeat")))
		c.Every(repeat*millisPerSec, func() { n.press(c) })
		return nil
	}
	if n.cfg.Crontab == "" {
		return nil
	}
	c.Debug(value.Str(c.Text("inject.crontab")))
	due, err := parseCron(n.cfg.Crontab)
	if err != nil {
		return c.TextError("inject.errors.cron", "cron", n.cfg.Crontab, "error", err.Error())
	}
	n.follow(c, due)
	return nil
}

// follow sets a timer for the next time that is due, again and again.
func (n *inject) follow(c *engine.Call, due *plan) {
	next, ok := due.next(c.Now(), c.Zone())
	if !ok {
		return
	}
	c.At(next, func() {
		n.press(c)
		n.follow(c, due)
	})
}

// press does what the button does: a message without properties arrives.
func (n *inject) press(c *engine.Call) { c.Press(value.NewObject()) }

func (n *inject) Receive(c *engine.Call, m *engine.Message) error {
	props := n.props
	if list := m.Get(userProps).Array(); list != nil {
		props = nil
		for _, e := range list.Elems {
			if o := e.Object(); o != nil {
				props = append(props, newProp(value.ToString(o.Get("p")), o.Get("v"), o.Get("vt")))
			}
		}
	}
	m.Delete(userProps)
	var errs []string
	for _, p := range props {
		if p.path == "" || p.typ == "jsonata" && p.empty {
			continue
		}
		v, err := p.value.Eval(c, m)
		if err == nil {
			_, err = value.SetMessageProperty(m, p.path, v, true)
		} else if p.typ == "jsonata" {
			if p.value.Prepared() == nil {
				errs = append(errs, c.Text("inject.errors.invalid-expr", "error", engine.MessageOf(err)))
			} else {
				errs = append(errs, engine.MessageOf(err))
			}
			continue
		}
		if err != nil {
			errs = append(errs, value.ToString(engine.Thrown(err)))
		}
	}
	if len(errs) > 0 {
		return engine.Fail(strings.Join(errs, "; "))
	}
	c.Send(m)
	return nil
}
