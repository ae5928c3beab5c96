package admin

import (
	"net/http"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// nodeType is the type of a node that runs, "" if it does not.
func (a *API) nodeType(id string) (typ string) {
	a.live.Do(func() {
		if c := a.engine.Node(id); c != nil {
			typ = c.Type()
		}
	})
	return typ
}

// postInject is the button of an inject node: a message without properties arrives,
// or one that says what the properties are for once.
func (a *API) postInject(q *request) {
	id := q.parts[0]
	if a.nodeType(id) == "" {
		q.status(http.StatusNotFound)
		return
	}
	m := value.NewObject()
	if value.Truthy(q.field("__user_inject_props__")) {
		m = q.body.Object()
	}
	if !a.live.Post(engine.Event{Kind: engine.EventMessage, Target: id, Body: value.Of(m)}) {
		q.status(http.StatusInternalServerError)
		return
	}
	q.status(http.StatusOK)
}

// activate switches a debug node; other nodes have no such switch.
func (a *API) activate(id string, on bool) (known bool) {
	typ := a.nodeType(id)
	if typ == "debug" {
		a.live.Post(engine.Event{Kind: engine.EventCommand, Target: id, Body: value.Obj("command", "active", "active", on)})
	}
	return typ != ""
}

// switched is the answer to enable and to disable.
func switched(on bool) int {
	if on {
		return http.StatusOK
	}
	return http.StatusCreated
}

func isSwitch(state string) bool { return state == "enable" || state == "disable" }

func (a *API) postDebug(q *request) {
	id, state := q.parts[0], q.parts[1]
	if !isSwitch(state) || !a.activate(id, state == "enable") {
		q.status(http.StatusNotFound)
		return
	}
	q.status(switched(state == "enable"))
}

func (a *API) postDebugs(q *request) {
	state := q.parts[0]
	nodes := q.field("nodes").Array()
	switch {
	case !isSwitch(state):
		q.status(http.StatusNotFound)
	case nodes == nil:
		q.status(http.StatusBadRequest)
	default:
		for _, id := range nodes.Elems {
			a.activate(id.Str(), state == "enable")
		}
		q.status(switched(state == "enable"))
	}
}
