package engine

import (
	"fmt"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Commander is implemented by nodes that take commands from outside the flow, such
// as the button of a debug node: see EventCommand.
type Commander interface {
	Command(c *Call, body *value.Object) error
}

// deployEvent replaces the flows by those of an event. The host has compiled them
// before; should they be wrong all the same, the log says so and all stays.
func (e *Engine) deployEvent(body *value.Object) {
	doc, err := flow.FromValue("deploy", body.Get("flows"))
	var g *flow.Graph
	if err == nil {
		g, err = flow.Compile(func(t string) bool { return e.registry.Known(t) || Inert(t) }, doc)
	}
	if err != nil {
		e.log(levelError, "", "", value.Str("the flows were not deployed: "+err.Error()))
		return
	}
	e.Deploy(g, DeployType(body.Get("type").Str()), nil)
}

func (e *Engine) command(target string, body *value.Object) {
	if target == "" {
		e.ownCommand(body)
		return
	}
	n := e.byID[target]
	if n == nil || n.impl == nil {
		e.log(levelWarn, "", target, value.Str(fmt.Sprintf("a command for node %q was dropped: it does not run", target)))
		return
	}
	e.guard(n, func() {
		err := fmt.Errorf("a %s node takes no commands", n.def.Type)
		if cm, ok := n.impl.(Commander); ok {
			err = cm.Command(&n.call, body)
		}
		if err != nil {
			n.call.Error(err, nil)
		}
	})
}

func (e *Engine) ownCommand(body *value.Object) {
	switch body.Get("command").Str() {
	case "stop":
		e.stop()
	case "start":
		if e.stopped {
			e.stopped = false
			e.scopes, e.groups = nil, nil
			e.start()
		}
	case "forget":
		st := e.stores.find(body.Get("store").Str())
		x := Context{s: e.stores, scope: body.Get("scope").Str()}
		if st.scopes[x.scope] == nil {
			return
		}
		if err := x.set(body.Get("key").Str(), value.Undefined, st.Name); err != nil {
			e.log(levelError, "", "", Thrown(err))
		}
	}
}

// Running reports whether the flows run: they were started and not stopped.
func (e *Engine) Running() bool { return e.started && !e.stopped }

// SetAllCredentials replaces the credentials of all nodes, for those that start
// from now on.
func (e *Engine) SetAllCredentials(all map[string]*value.Object) { e.opt.Credentials = all }

// ContextStores are the names of the context stores in order, and the default's.
func (e *Engine) ContextStores() (names []string, fallback string) {
	for _, c := range e.opt.Stores {
		names = append(names, c.Name)
	}
	if len(names) == 0 {
		names = []string{"memory"}
	}
	return names, e.stores.fallback.Name
}

// ContextData is what a store holds for a scope ("global", a flow's id,
// "node:flow"), nil if nothing. It must not be changed.
func (e *Engine) ContextData(store, scope string) *value.Object {
	return e.stores.find(store).scopes[scope]
}
