package function

import (
	"math"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/js"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Function is the configuration of a function node.
type Function struct {
	// Func is the JavaScript run for each message; what it returns is sent.
	Func string `json:"func"`
	// Initialize is JavaScript run once when the node starts ("On Start").
	Initialize string `json:"initialize"`
	// Finalize is JavaScript run when the node stops ("On Stop").
	Finalize string `json:"finalize"`
	// Outputs is the number of outputs: a number, or text in old flows.
	Outputs value.Value `json:"outputs"`
	// Timeout in seconds after which one run is stopped; 0 is never.
	Timeout value.Value `json:"timeout"`
	// NoErr is the number of errors the editor found; not used.
	NoErr value.Value `json:"noerr"`
	// Libs are modules the code uses, by the variable that holds them.
	Libs []FunctionLib `json:"libs"`
}

// FunctionLib is a module a function node uses.
type FunctionLib struct {
	// Var is the name of the variable that holds the module.
	Var string `json:"var"`
	// Module is the name of the module, with a version if there is one.
	Module string `json:"module"`
}

var functionType = engine.Define("function", "Runs JavaScript on messages.", newFunction).With(map[string]string{
	"function.error.externalModuleNotAllowed": "The function node may not load modules",
	"function.error.externalModuleLoadError":  "The function node could not load its modules",
	"function.error.moduleLoadError":          "The module {{module}} could not be loaded: {{error}}",
	"function.error.moduleNameError":          "{{name}} is no name for a module: it is taken",
	"function.error.inputListener":            "A function node cannot listen for its own input",
	"function.error.non-message-returned":     "The function tried to send a {{type}}: a message is an object",
	"function.error.linkcallTargetInvalid":    "node.linkcall needs the id or name of a link in node",
	"function.error.linkcallMsgInvalid":       "node.linkcall needs a message object",
	"function.error.linkcallTargetNotFound":   "node.linkcall found no such link in node",
}).Named().Checked(checkFunction)

// runtimeKey is where an engine keeps its JavaScript runtime; givenKey where a host
// has put one.
type (
	runtimeKey struct{}
	givenKey   struct{}
)

// Share makes an engine run its function nodes in a runtime that the host made
// before: its values (functionGlobalContext) may then be used by the flows.
func Share(o *engine.Options, r *js.Runtime) {
	if o.Shared == nil {
		o.Shared = map[any]any{}
	}
	o.Shared[givenKey{}] = r
}

// Runtime gives the JavaScript runtime of an engine, through any of its nodes.
func Runtime(c *engine.Call) *js.Runtime {
	return c.Shared(runtimeKey{}, func() any {
		host := c.Options()
		o := js.Options{
			Now: c.Now, Random: c.Random, NewID: c.NewID, Zone: c.Zone(), JSONata: evalJSONata, Guard: c.Guard(),
			Require: host.Modules, Env: host.Env, Machine: host.Machine,
		}
		if n := value.ToNumber(c.Setting("functionMaxSteps")); n >= 1 {
			o.MaxSteps = int64(math.Min(n, 1<<53))
		}
		if r, ok := host.Shared[givenKey{}].(*js.Runtime); ok {
			r.Use(o)
			return r
		}
		return js.New(o)
	}).(*js.Runtime)
}

func evalJSONata(h js.Host, expr string, msg value.Value) (value.Value, error) {
	x, err := engine.NewExpression(expr)
	if err != nil {
		return value.Undefined, err
	}
	return x.EvalOn(h.(*function).c, msg)
}

// function is a function node; it is the js.Host of its code.
type function struct {
	c     *engine.Call
	fn    *js.Function
	links map[string]func(*value.Object, error)
}

func newFunction(c *engine.Call, cfg Function) (engine.Node, error) {
	if len(cfg.Libs) > 0 && c.Setting("functionExternalModules").IsBool() && !c.Setting("functionExternalModules").Bool() {
		e := value.NewError("Error", c.Text("function.error.externalModuleNotAllowed"))
		return nil, e
	}
	n := &function{c: c}
	src := js.Source{Func: cfg.Func, Initialize: cfg.Initialize, Finalize: cfg.Finalize, Timeout: n.timeout(cfg)}
	for _, l := range cfg.Libs {
		src.Libs = append(src.Libs, js.Lib{Var: l.Var, Module: l.Module})
	}
	if taken := src.Taken(); len(taken) > 0 {
		for _, name := range taken {
			c.ErrorValue(value.Str(c.Text("function.error.moduleNameError", "name", name)), nil)
		}
		return nil, value.NewError("Error", c.Text("function.error.externalModuleLoadError"))
	}
	self := js.Identity{ID: c.ID(), Name: c.Name(), Type: c.Type(), Z: c.Def().Z, Path: c.Def().Path, Outputs: cfg.Outputs}
	fn, err := Runtime(c).NewFunction(n, self, src)
	if err != nil {
		// A node whose code does not compile runs, and does nothing.
		if t, ok := err.(*js.Thrown); ok {
			c.ErrorValue(t.Value, nil)
		} else {
			c.Error(err, nil)
		}
		return n, nil
	}
	n.fn = fn
	fn.Start()
	return n, nil
}

// timeout is the node's time limit in milliseconds, 0 for none.
func (n *function) timeout(cfg Function) float64 {
	if t := value.ToNumber(cfg.Timeout) * 1000; t > 0 {
		return t
	}
	if t := value.ToNumber(n.c.Setting("globalFunctionTimeout")) * 1000; t > 0 {
		return t
	}
	return 0
}

// Receive runs the code on a message.
func (n *function) Receive(_ *engine.Call, m *engine.Message) error {
	if n.fn != nil {
		n.fn.Receive(m)
	}
	return engine.Pending
}

// Close runs the code for the stop.
func (n *function) Close(c *engine.Call, removed bool) error {
	if n.fn != nil && n.fn.Close(removed) {
		c.StatusValue(value.Of(value.NewObject()))
	}
	return nil
}

// Send implements js.Host.
func (n *function) Send(_ *value.Object, outputs [][]*value.Object) { n.c.SendAll(outputs) }

// SendValue implements js.Host.
func (n *function) SendValue(v value.Value) { n.c.SendValue(v) }

// Call implements js.Host.
func (n *function) Call(method string, args []value.Value) error { return n.c.Apply(method, args) }

// Done implements js.Host.
func (n *function) Done(m *value.Object) {
	if m != nil {
		n.c.Done(m)
	}
}

// Fail implements js.Host.
func (n *function) Fail(m *value.Object, err value.Value) { n.c.ErrorValue(err, m) }

// Error implements js.Host.
func (n *function) Error(err, about value.Value) {
	m := about.Object()
	if m == nil && about.IsObject() {
		m = value.NewObject()
	}
	n.c.ErrorValue(err, m)
}

// SetTimer implements js.Host.
func (n *function) SetTimer(ms float64, repeat bool) uint64 {
	r := Runtime(n.c)
	var id uint64
	fire := func() { r.Fire(id) }
	if repeat {
		id = uint64(n.c.Every(ms, fire))
	} else {
		id = uint64(n.c.After(ms, fire))
	}
	return id
}

// ClearTimer implements js.Host.
func (n *function) ClearTimer(id uint64) { n.c.Cancel(engine.Timer(id)) }

// Context implements js.Host.
func (n *function) Context(scope string) js.Store {
	switch scope {
	case "flow":
		return store{n.c.Context(engine.ContextFlow)}
	case "global":
		return store{n.c.Context(engine.ContextGlobal)}
	}
	return store{n.c.Context(engine.ContextNode)}
}

// store is a context scope as js sees it.
type store struct{ x engine.Context }

func (s store) Get(key, name string) (value.Value, error) { return s.x.Get(key, name) }
func (s store) Set(key, name string, v value.Value) error { return s.x.Set(key, v, name) }
func (s store) Keys(name string) ([]string, error)        { return s.x.Keys(name), nil }
func (s store) Uncached(key, name string) bool {
	if _, named := engine.ParseContextKey(key); name == "" {
		name = named
	}
	return s.x.Uncached(name)
}
func (n *function) Env(name string) value.Value              { return n.c.Env(name) }
func (n *function) Text(key string, params ...string) string { return n.c.Text(key, params...) }

// LinkCall implements js.Host.
func (n *function) LinkCall(target string, m *value.Object, timeout float64, answer func(*value.Object, error)) error {
	found, _ := n.c.Lookup(target)
	to, err := n.c.LinkIn(target, found == nil)
	if err != nil {
		return err
	}
	stack := m.Get("_linkSource").Array()
	if stack == nil {
		stack = value.NewArray()
		m.Set("_linkSource", value.Of(stack))
	}
	id := n.c.NewID() + n.c.NewID()[:12]
	if n.links == nil {
		n.links = map[string]func(*value.Object, error){}
	}
	timer := n.c.After(math.Max(1, timeout), func() {
		delete(n.links, id)
		answer(nil, value.NewError("Error", "timeout"))
	})
	n.links[id] = func(m *value.Object, err error) {
		n.c.Cancel(timer)
		answer(m, err)
	}
	stack.Append(value.Obj("id", id, "node", n.c.ID()))
	n.c.Deliver(to, m)
	return nil
}

// ReturnLink takes the answer to a node.linkcall.
func (n *function) ReturnLink(_ *engine.Call, id string, m *engine.Message) {
	if a := m.Get("_linkSource").Array(); a != nil && a.Len() == 0 {
		m.Delete("_linkSource")
	}
	if answer := n.links[id]; answer != nil {
		delete(n.links, id)
		answer(m, nil)
	}
}
