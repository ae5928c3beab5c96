package engine

import (
	"slices"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Log levels as Node-RED numbers them.
const (
	levelError = 20
	levelWarn  = 30
	levelInfo  = 40
	levelDebug = 50
	levelTrace = 60
)

// Done ends the handling of a message for which Receive returned Pending.
func (c *Call) Done(m *Message) {
	if c.n.complete != nil {
		c.e.completed(c.n, m)
	}
}

// Fail ends the handling of a message for which Receive returned Pending with an error.
func (c *Call) Fail(m *Message, err error) { c.Error(err, m) }

func source(n *node, count int) *value.Object {
	o := value.NewObject(4)
	o.Set("id", value.Str(n.def.ID))
	o.Set("type", value.Str(n.def.Type))
	o.Set("name", n.name())
	if count > 0 {
		o.Set("count", value.Int(count))
	}
	return o
}

// name is the node's name as JavaScript sees it: undefined if it has none.
func (n *node) name() value.Value {
	if v := n.call.config.Get("name"); value.Truthy(v) || n.call.ownName {
		return v
	}
	return value.Undefined
}

func (e *Engine) completed(n *node, m *Message) {
	for _, l := range n.complete {
		if l.impl == nil {
			continue
		}
		out := value.CloneMessage(m)
		out.Set("complete", value.Obj("source", source(n, 0)))
		e.receive(l, out)
	}
}

// Error reports an error as node.error(err, m): to the catch nodes that hear this
// node, or to the log if m is nil or nobody takes it.
func (c *Call) Error(err error, m *Message) { c.ErrorValue(Thrown(err), m) }

// ErrorValue is Error with any JavaScript value.
func (c *Call) ErrorValue(v value.Value, m *Message) {
	if !value.Truthy(v) && !v.IsBool() {
		v = value.Str("")
	}
	if o := c.e.opt.Observer; o != nil {
		if m != nil {
			o.Called(c, "error", v, value.Of(m))
		} else {
			o.Called(c, "error", v)
		}
	}
	c.raise(v, m)
}

// Apply calls one of a node's methods log, warn, error, debug, trace or status with
// the arguments of a JavaScript call, however many they are. The error is what the
// method throws.
func (c *Call) Apply(method string, args []value.Value) error {
	if o := c.e.opt.Observer; o != nil && (method != "status" || c.n.def.Instance == nil) {
		o.Called(c, method, args...)
	}
	var first, second value.Value
	if len(args) > 0 {
		first = args[0]
	}
	if len(args) > 1 {
		second = args[1]
	}
	switch method {
	case "error":
		m := second.Object()
		if m == nil && second.IsObject() {
			m = value.NewObject()
		}
		c.raise(first, m)
	case "status":
		if first.IsNullish() {
			return value.NewError("TypeError", "Cannot read properties of "+value.ToString(first)+" (reading 'hasOwnProperty')")
		}
		c.showStatus(first)
	case "warn":
		c.e.nodeLog(c.n, levelWarn, first)
	case "debug":
		c.e.nodeLog(c.n, levelDebug, first)
	case "trace":
		c.e.nodeLog(c.n, levelTrace, first)
	default:
		c.e.nodeLog(c.n, levelInfo, first)
	}
	return nil
}

func (c *Call) raise(v value.Value, m *Message) {
	if !value.Truthy(v) && !v.IsBool() {
		v = value.Str("")
	}
	if m == nil || !c.e.handleError(c.n, v, m) {
		c.e.nodeLog(c.n, levelError, v)
	}
}

func (e *Engine) handleError(n *node, v value.Value, m *Message) bool {
	count := 1
	if prev := m.Get("error").Object(); prev != nil {
		if src := prev.Get("source").Object(); src != nil && value.StrictEqual(src.Get("id"), value.Str(n.def.ID)) {
			count = int(value.ToNumber(src.Get("count"))) + 1
			if count == 10 {
				for s := n.def.Scope; ; s = s.Parent { // the flow and each one around it that is asked next
					n.call.Warn(value.Str(n.call.Text("nodes.flow.error-loop")))
					if s == nil || s.Kind != flow.ScopeSubflow {
						return false
					}
				}
			}
		}
	}
	handled := false
	for _, chain := range e.chains(n, n.def.Catch) {
		for _, level := range chain {
			took, byUncaught := false, false
			for _, l := range level.Listeners {
				t := e.nodes[l.Index]
				if t.impl == nil {
					continue
				}
				if value.Truthy(l.Config.Get("uncaught")) && !byUncaught {
					if took {
						continue
					}
					byUncaught = true
				}
				e.receive(t, errorMessage(n, v, m, count))
				took = true
			}
			if took {
				handled = true
				break
			}
		}
	}
	return handled
}

// chains are those listeners a node's events go to. A global config node is heard
// through the users it keeps a list of; one that keeps none is not heard.
func (e *Engine) chains(n *node, all []flow.Chain) []flow.Chain {
	if len(n.def.Users) == 0 || n.def.Scope.Kind != flow.ScopeGlobal {
		return all
	}
	keeper, ok := n.impl.(UserKeeper)
	if !ok {
		return nil
	}
	users := keeper.Users()
	var out []flow.Chain
	for i, u := range n.def.Users {
		if slices.Contains(users, u.ID) {
			out = append(out, all[i])
		}
	}
	return out
}

// errorMessage is the message a catch node gets.
func errorMessage(n *node, v value.Value, m *Message, count int) *Message {
	out := value.CloneMessage(m)
	if prev, ok := out.Lookup("error"); ok {
		out.Set("_error", prev)
	}
	info := value.NewObject(5)
	info.Set("message", value.Str(value.ToString(v)))
	info.Set("source", value.Of(source(n, count)))
	if err := v.Error(); err != nil {
		if code, ok := lookup(err.Props, "code"); ok {
			info.Set("code", code)
		}
		info.Set("stack", value.Str(err.Stack))
		if cause, ok := lookup(err.Props, "cause"); ok {
			info.Set("cause", cause)
		}
	} else if o := v.Object(); o != nil {
		for _, key := range []string{"code", "stack", "cause"} {
			if p, ok := o.Lookup(key); ok {
				info.Set(key, p)
			}
		}
	}
	out.Set("error", value.Of(info))
	return out
}

func lookup(o *value.Object, key string) (value.Value, bool) {
	if o == nil {
		return value.Undefined, false
	}
	return o.Lookup(key)
}

// Warn, Log, Debug and Trace write to the log.
func (c *Call) Warn(v value.Value) { c.report("warn", levelWarn, v) }

// Log writes to the log at level info.
func (c *Call) Log(v value.Value) { c.report("log", levelInfo, v) }

// Debug writes to the log at level debug.
func (c *Call) Debug(v value.Value) { c.report("debug", levelDebug, v) }

// Trace writes to the log at level trace.
func (c *Call) Trace(v value.Value) { c.report("trace", levelTrace, v) }

func (c *Call) report(method string, level int, v value.Value) {
	if o := c.e.opt.Observer; o != nil {
		o.Called(c, method, v)
	}
	c.e.nodeLog(c.n, level, v)
}

func (e *Engine) nodeLog(n *node, level int, v value.Value) {
	o := value.NewObject(8)
	o.Set("level", value.Int(level))
	o.Set("id", value.Str(n.def.ID))
	o.Set("type", value.Str(n.def.Type))
	if !v.IsUndefined() {
		o.Set("msg", v)
	}
	if n.def.Alias != "" {
		o.Set("_alias", value.Str(n.def.Alias))
	}
	if n.def.Z != "" {
		o.Set("z", value.Str(n.def.Z))
	}
	if name := n.name(); value.Truthy(name) {
		o.Set("name", name)
	}
	o.Set("path", value.Str(n.def.Scope.Path))
	o.Set("timestamp", value.Num(e.now))
	e.emit(n, "log", 0, value.Of(o))
}

// log is an entry of the engine itself; id and typ say of what, and may be empty.
func (e *Engine) log(level int, typ, id string, v value.Value) {
	o := value.NewObject(5)
	o.Set("level", value.Int(level))
	if id != "" {
		o.Set("id", value.Str(id))
	}
	if typ != "" {
		o.Set("type", value.Str(typ))
	}
	o.Set("msg", v)
	o.Set("timestamp", value.Num(e.now))
	e.put(Effect{Kind: "log", Body: value.Of(o)})
}

// Status shows a status under the node: fill (red, green, yellow, blue, grey),
// shape (ring, dot) and text. All empty clears it.
func (c *Call) Status(fill, shape, text string) {
	o := value.NewObject(3)
	if fill != "" || shape != "" || text != "" {
		o.Set("fill", value.Str(fill))
		o.Set("shape", value.Str(shape))
		o.Set("text", value.Str(text))
	}
	c.StatusValue(value.Of(o))
}

// StatusValue is node.status: an object, or a string, number or boolean as text.
func (c *Call) StatusValue(v value.Value) {
	if o := c.e.opt.Observer; o != nil && c.n.def.Instance == nil {
		o.Called(c, "status", v)
	}
	c.showStatus(v)
}

func (c *Call) showStatus(v value.Value) {
	if v.Kind() == value.KindArray {
		c.hearStatus(v)
		return
	}
	switch v.Kind() {
	case value.KindString, value.KindNumber, value.KindBool:
		v = value.Obj("text", value.ToString(v))
	}
	o := v.Object()
	if o == nil {
		o = value.NewObject()
	}
	if t, ok := o.Lookup("text"); ok && !t.IsString() && !t.IsNullish() {
		o.Set("text", value.Str(value.ToString(t)))
	}
	c.hearStatus(value.Of(o))
}

// hearStatus gives a status, an object or array, to those that hear the node.
func (c *Call) hearStatus(v value.Value) {
	e, n := c.e, c.n
	e.emit(n, "status", 0, v)
	for _, chain := range e.chains(n, n.def.Status) {
		for _, level := range chain {
			took := false
			for _, l := range level.Listeners {
				t := e.nodes[l.Index]
				if t.impl == nil {
					continue
				}
				status := value.Clone(v)
				if o := status.Object(); o != nil {
					o.Set("source", value.Of(source(n, 0)))
				}
				e.receive(t, value.Obj("status", status).Object())
				took = true
			}
			if took || level.Stop {
				break
			}
		}
	}
}
