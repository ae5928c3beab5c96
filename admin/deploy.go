package admin

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// state is what is deployed. Its values are not changed, only replaced.
type state struct {
	flows       value.Value
	credentials map[string]*value.Object
	rev         string
	running     bool
	changed     bool // it was deployed while stopped: the engine has older flows
}

// revision is the version of flows: the SHA-256 of their JSON.
func revision(flows value.Value) string {
	sum := sha256.Sum256(value.AppendJSON(nil, flows))
	return hex.EncodeToString(sum[:])
}

func cloneCredentials(all map[string]*value.Object) map[string]*value.Object {
	out := make(map[string]*value.Object, len(all))
	for id, o := range all {
		out[id] = value.Clone(value.Of(o)).Object()
	}
	return out
}

// current is what is deployed now.
func (a *API) current() state {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.now
}

// deployment is what a client wants to run.
type deployment struct {
	flows value.Value
	// credentials are a full set by node id, replacing all; nil: those inside flows
	// change what there is.
	credentials *value.Object
	kind        string
	rev         value.Value // what the client saw; undefined: it does not matter
	loaded      bool        // they come from where they would be saved
	all         map[string]*value.Object
}

// deploy checks flows as a whole, keeps them and makes them run; it returns when
// they do, with their revision. The caller holds deploying.
func (a *API) deploy(d deployment) (string, error) {
	old := a.current()
	if !d.rev.IsUndefined() && d.rev.Str() != old.rev {
		return "", &failure{http.StatusConflict, "version_mismatch", "Error"}
	}
	if d.flows.Array() == nil {
		return "", failed(http.StatusBadRequest, "invalid_flow", "the flows must be an array of nodes")
	}
	event := value.Clone(d.flows)
	nodes, err := a.check(event)
	if err != nil {
		return "", err
	}
	next := state{flows: value.Clone(d.flows), credentials: cloneCredentials(old.credentials), running: old.running || d.loaded}
	dirty, err := a.takeCredentials(&next, d)
	if err != nil {
		return "", err
	}
	next.rev = revision(next.flows)
	markCredentials(event)
	if !d.loaded {
		if err := a.save(next, dirty); err != nil {
			return "", err
		}
	}
	if !a.run(&next, event, d.kind) {
		return "", failed(http.StatusServiceUnavailable, "stopped", "the run is over")
	}
	a.mu.Lock()
	a.now = next
	a.mu.Unlock()
	a.comms.keepOnly(func(id string) bool { return nodes[id] })
	a.comms.notify("runtime-deploy", value.Obj("revision", next.rev))
	if a.opt.Deployed != nil {
		a.opt.Deployed(d.kind, len(nodes))
	}
	return next.rev, nil
}

// check compiles flows; it gives the ids of the nodes that would run.
func (a *API) check(flows value.Value) (map[string]bool, error) {
	for _, v := range flows.Array().Elems {
		if v.Object() == nil {
			return nil, failed(http.StatusBadRequest, "invalid_flow", "the flows were not deployed: an entry is no object")
		}
	}
	var g *flow.Graph
	doc, err := flow.FromValue("flows", flows)
	if err == nil {
		g, err = flow.Compile(a.known, doc)
	}
	if err == nil && len(g.Missing) > 0 && !a.opt.Missing {
		err = missing(g.Missing)
	}
	if err != nil {
		return nil, failed(http.StatusBadRequest, "invalid_flow", "the flows were not deployed:\n%v", err)
	}
	ids := make(map[string]bool, len(g.Nodes))
	for _, n := range g.Nodes {
		ids[n.ID] = true
	}
	return ids, nil
}

func missing(list []flow.Missing) error {
	var b strings.Builder
	b.WriteString("these node types are not known:")
	for _, m := range list {
		fmt.Fprintf(&b, "\n  %s (", m.Type)
		for i, d := range m.Defs {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString("node " + d.ID)
		}
		b.WriteString(")")
	}
	return errors.New(b.String())
}

func (a *API) known(typ string) bool { return a.opt.Registry.Known(typ) || engine.Inert(typ) }

// markCredentials takes the credentials out of flows that go to the engine, where
// they would be recorded; an empty set is left to show that the node has new ones.
func markCredentials(flows value.Value) {
	for _, v := range flows.Array().Elems {
		if o := v.Object(); o.Has("credentials") {
			o.Set("credentials", value.Of(value.NewObject()))
		}
	}
}

// save writes what is deployed.
func (a *API) save(s state, credentials bool) error {
	if credentials && a.opt.SaveCredentials != nil {
		if err := a.opt.SaveCredentials(sorted(s.credentials)); err != nil {
			return failed(http.StatusBadRequest, "unexpected_error", "the credentials cannot be written: %v", err)
		}
	}
	if a.opt.SaveFlows == nil {
		return nil
	}
	indent := ""
	if a.setting("flowFilePretty") {
		indent = "    "
	}
	text, _, err := value.Stringify(s.flows, indent)
	if err == nil {
		err = a.opt.SaveFlows([]byte(text))
	}
	if err != nil {
		return failed(http.StatusBadRequest, "unexpected_error", "the flows cannot be written: %v", err)
	}
	return nil
}

// run makes the engine take flows, and waits until it has. Stopped flows are kept
// for the next start.
func (a *API) run(next *state, event value.Value, kind string) bool {
	if !next.running {
		next.changed = true
		return true
	}
	next.changed = false
	creds := cloneCredentials(next.credentials)
	a.comms.notify("runtime-state", value.Obj("state", "stop", "deploy", true))
	body := value.Obj("flows", event, "type", kind)
	ok := a.live.Do(func() {
		if a.opt.Hide != nil {
			body.Object().Set("credentials", value.Of(a.opt.Hide(creds)))
		}
		a.engine.SetAllCredentials(creds)
	}) &&
		a.live.Post(engine.Event{Kind: engine.EventDeploy, Body: body}) &&
		a.live.Do(func() {})
	a.comms.notify("runtime-state", value.Obj("state", "start", "deploy", true))
	return ok
}

// setRunning starts or stops the flows.
func (a *API) setRunning(on bool) error {
	a.deploying.Lock()
	defer a.deploying.Unlock()
	s := a.current()
	if s.running == on {
		return nil
	}
	s.running = on
	var ok bool
	switch {
	case on && s.changed:
		event := value.Clone(s.flows)
		s.changed = false
		ok = a.run(&s, event, string(engine.DeployFull))
	case on:
		ok = a.command("start")
	default:
		ok = a.command("stop")
	}
	if !ok {
		return failed(http.StatusInternalServerError, "stopped", "the run is over")
	}
	a.mu.Lock()
	a.now = s
	a.mu.Unlock()
	a.comms.notify("runtime-state", value.Obj("state", stateName(on)))
	return nil
}

func stateName(on bool) string {
	if on {
		return "start"
	}
	return "stop"
}

// command gives the engine a command and waits until it was carried out.
func (a *API) command(name string) bool {
	return a.live.Post(engine.Event{Kind: engine.EventCommand, Body: value.Obj("command", name)}) && a.live.Do(func() {})
}
