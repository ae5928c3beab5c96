package common

import (
	"errors"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Debug is the configuration of a debug node.
type Debug struct {
	// Active switches the sidebar output; default true.
	Active value.Value `json:"active"`
	// ToSidebar sends messages to the debug sidebar; default true.
	ToSidebar value.Value `json:"tosidebar"`
	// Console also writes them to the log: true or "true".
	Console value.Value `json:"console"`
	// ToStatus also shows them as the node's status.
	ToStatus bool `json:"tostatus"`
	// Complete is the message property shown (payload if empty), "true" for the
	// whole message, or a JSONata expression.
	Complete value.Value `json:"complete"`
	// TargetType is the type of Complete: msg, full or jsonata.
	TargetType string `json:"targetType"`
	// StatusVal is the property or expression shown as status.
	StatusVal value.Value `json:"statusVal"`
	// StatusType is the type of StatusVal: auto, counter, msg or jsonata.
	StatusType string `json:"statusType"`
}

var debugType = engine.Define("debug", "Shows messages in the debug sidebar, the log or its status.", newDebug).With(map[string]string{
	"debug.invalid-exp": "The JSONata expression cannot be evaluated: {{error}}",
}).Named()

const (
	debugLength  = 1000 // characters and items of a value the sidebar gets
	statusLength = 32   // characters a status keeps
	inspectDepth = 10
	countPause   = 100 // ms between messages from which a count is shown at once
	countDelay   = 200 // ms a fast count waits
)

type debug struct {
	complete, statusVal, statusType string
	edit, stat                      *engine.Expression
	toConsole, toStatus             bool
	toSidebar, sidebarIsTrue        bool
	active                          bool
	oldState                        string
	counter                         int
	last                            float64
	timer                           engine.Timer
	dead                            bool
}

func newDebug(c *engine.Call, cfg Debug) (engine.Node, error) {
	n := &debug{
		complete: orText(cfg.Complete, "payload"), statusType: cfg.StatusType, toStatus: cfg.ToStatus,
		toConsole: value.ToString(cfg.Console) == "true",
		toSidebar: cfg.ToSidebar.IsUndefined() || value.Truthy(cfg.ToSidebar),
		active:    cfg.Active.IsNullish() || value.Truthy(cfg.Active), last: c.Now(),
	}
	n.sidebarIsTrue = cfg.ToSidebar.IsUndefined() || value.LooseEqual(cfg.ToSidebar, value.True)
	if n.statusType == "" {
		n.statusType = "auto"
	}
	jsonata := cfg.TargetType == "jsonata"
	if n.complete == "false" {
		n.complete = "payload"
	}
	n.statusVal = orText(cfg.StatusVal, n.complete)
	if n.toStatus {
		c.StatusValue(value.Obj("fill", "grey", "shape", "ring"))
		n.oldState = "{}"
	}
	n.showReady(c)
	if jsonata {
		n.complete = "null"
	}
	var err error
	if jsonata && value.Truthy(cfg.Complete) {
		if n.edit, err = engine.NewExpression(value.ToString(cfg.Complete)); err != nil {
			n.dead = true
		}
	}
	if cfg.StatusType == "jsonata" && value.Truthy(cfg.StatusVal) && !n.dead {
		if n.stat, err = engine.NewExpression(value.ToString(cfg.StatusVal)); err != nil {
			n.dead = true
		}
	}
	if n.dead {
		c.Error(c.TextError("debug.invalid-exp", "error", value.ToString(cfg.Complete)), nil)
	}
	return n, nil
}

func (n *debug) showReady(c *engine.Call) {
	if n.statusType == "counter" {
		n.count(c)
		return
	}
	c.StatusValue(value.Obj("fill", "", "shape", "", "text", ""))
}

func (n *debug) count(c *engine.Call) {
	c.StatusValue(value.Obj("fill", "blue", "shape", "ring", "text", n.counter))
}

func orText(v value.Value, fallback string) string {
	if !value.Truthy(v) {
		return fallback
	}
	return value.ToString(v)
}

func (n *debug) Close(c *engine.Call, _ bool) error {
	if n.oldState != "" {
		c.StatusValue(value.Of(value.NewObject()))
	}
	return nil
}

// Command switches the sidebar output, as the button in the editor does:
// {command: "active", active: bool}.
func (n *debug) Command(_ *engine.Call, body *value.Object) error {
	if body.Get("command").Str() != "active" {
		return errors.New("a debug node knows the command active only")
	}
	n.active = body.Get("active").Bool()
	return nil
}

func (n *debug) Receive(c *engine.Call, m *engine.Message) error {
	if n.dead {
		return engine.Pending
	}
	if own(c, m) {
		return nil
	}
	if n.toStatus {
		n.showStatus(c, m)
	}
	if n.complete == "true" && n.edit == nil {
		if n.toConsole {
			c.Log(value.Str("\n" + value.Inspect(value.Of(m), value.InspectOptions{Depth: inspectDepth})))
		}
		if n.active && n.toSidebar {
			n.sidebar(c, m, value.Of(m), "")
		}
		return nil
	}
	out, err := n.value(c, m)
	if err != nil {
		c.Error(err, nil)
		return engine.Pending
	}
	if n.toConsole {
		c.Log(value.Str(consoleText(out)))
	}
	if n.active && n.sidebarIsTrue {
		n.sidebar(c, m, out, n.property())
	}
	return nil
}

// own reports whether a message is a status of this very node, which it must not
// show again.
func own(c *engine.Call, m *engine.Message) bool {
	s := m.Get("status").Object()
	if s == nil {
		return false
	}
	src := s.Get("source").Object()
	return src != nil && value.StrictEqual(src.Get("id"), value.Str(c.ID()))
}

func (n *debug) property() string {
	if n.edit != nil {
		return ""
	}
	return n.complete
}

func (n *debug) value(c *engine.Call, m *engine.Message) (value.Value, error) {
	if n.edit != nil {
		v, err := n.edit.Eval(c, m)
		if err != nil {
			return v, c.TextError("debug.invalid-exp")
		}
		return v, nil
	}
	v, err := value.GetMessageProperty(m, n.complete)
	if err != nil {
		return value.Undefined, nil
	}
	return v, nil
}

func consoleText(v value.Value) string {
	switch {
	case v.IsString():
		if strings.Contains(v.Str(), "\n") {
			return "\n" + v.Str()
		}
		return v.Str()
	case v.TypeOf() == "object":
		return "\n" + value.Inspect(v, value.InspectOptions{Depth: inspectDepth})
	}
	return value.Inspect(v, value.InspectOptions{})
}

func (n *debug) sidebar(c *engine.Call, m *engine.Message, v value.Value, property string) {
	d := c.Def()
	msg, format := value.EncodeDebug(v, debugLength)
	o := value.NewObject(10)
	set := func(key string, v value.Value) {
		if !v.IsUndefined() {
			o.Set(key, v)
		}
	}
	text := func(key, s string) {
		if s != "" {
			o.Set(key, value.Str(s))
		}
	}
	o.Set("id", value.Str(d.ID))
	text("z", d.Z)
	text("_alias", d.Alias)
	o.Set("path", value.Str(d.Scope.Path))
	set("name", c.Config().Get("name"))
	set("topic", m.Get("topic"))
	text("property", property)
	o.Set("msg", msg)
	text("format", format)
	c.Emit("debug", value.Of(o))
}

func (n *debug) showStatus(c *engine.Call, m *engine.Message) {
	if n.statusType == "counter" {
		pause := c.Now() - n.last
		n.last = c.Now()
		n.counter++
		c.Cancel(n.timer)
		if pause > countPause {
			n.count(c)
		} else {
			n.timer = c.After(countDelay, func() { n.count(c) })
		}
		return
	}
	out, err := n.statusValue(c, m)
	if err != nil {
		c.Error(err, nil)
		return
	}
	fill, shape, text := "grey", "dot", out.Str()
	if !out.IsString() {
		text = value.Inspect(out, value.InspectOptions{})
	}
	var fillV, shapeV, textV = value.Str(fill), value.Str(shape), value.Str(text)
	if o := out.Object(); o != nil && value.Truthy(o.Get("fill")) && value.Truthy(o.Get("shape")) && value.Truthy(o.Get("text")) {
		fillV, shapeV, textV = o.Get("fill"), o.Get("shape"), o.Get("text")
	}
	if n.statusType == "auto" {
		if e := m.Get("error").Object(); e != nil {
			fillV, textV = value.Str("red"), e.Get("message")
		}
		if s := m.Get("status").Object(); s != nil {
			fillV, shapeV, textV = or(s.Get("fill"), "grey"), or(s.Get("shape"), "ring"), or(s.Get("text"), "")
		}
	}
	if s := textV.Str(); value.UTF16Len(s) > statusLength {
		textV = value.Str(value.Slice(s, 0, statusLength) + "...")
	}
	status := value.Obj("fill", fillV, "shape", shapeV, "text", textV)
	if state, _, _ := value.Stringify(status, ""); state != n.oldState {
		n.oldState = state
		c.StatusValue(status)
	}
}

func or(v value.Value, fallback string) value.Value {
	if value.Truthy(v) {
		return v
	}
	return value.Str(fallback)
}

func (n *debug) statusValue(c *engine.Call, m *engine.Message) (value.Value, error) {
	switch {
	case n.statusType == "auto" && n.complete == "true":
		return m.Get("payload"), nil
	case n.statusType == "auto":
		return n.value(c, m)
	case n.stat != nil:
		v, err := n.stat.Eval(c, m)
		if err != nil {
			return v, c.TextError("debug.invalid-exp")
		}
		return v, nil
	}
	v, err := value.GetMessageProperty(m, n.statusVal)
	if err != nil {
		return value.Undefined, nil
	}
	return v, nil
}
