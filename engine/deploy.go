package engine

import (
	"maps"
	"slices"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// DeployType says how much of a running flow a deploy restarts.
type DeployType string

// The deploy types, as Node-RED's admin API names them.
const (
	// DeployFull restarts everything.
	DeployFull DeployType = "full"
	// DeployFlows restarts what changed and all that is wired to it.
	DeployFlows DeployType = "flows"
	// DeployNodes restarts only what changed.
	DeployNodes DeployType = "nodes"
)

// Deploy replaces the running flow by another. Nodes that are the same stay as
// they are, with their new wires; context is kept. credentials replaces
// Options.Credentials unless it is nil. Call it between events only.
func (e *Engine) Deploy(g *flow.Graph, typ DeployType, credentials map[string]*value.Object) {
	if credentials != nil {
		e.opt.Credentials = credentials
	}
	for _, n := range e.restarts(g, typ) {
		e.close(n, g.ByID(n.def.ID) == nil)
	}
	e.stores.clean(g.Mentions)
	e.scopes, e.groups = nil, nil
	e.use(g)
	e.stopped = false
	e.start()
}

// restarts are the nodes that must be closed, in order: what changed before what
// is only connected to it.
func (e *Engine) restarts(g *flow.Graph, typ DeployType) []*node {
	out := map[string]bool{}
	full := typ != DeployFlows && typ != DeployNodes || e.scopesChanged(g)
	for _, n := range e.nodes {
		after := g.ByID(n.def.ID)
		if full || after == nil || n.def.Type != after.Type || differ(n.def.Config, after.Config) {
			out[n.def.ID] = true
		}
	}
	e.spread(g, out)
	first := maps.Clone(out)
	if typ == DeployFlows {
		e.spreadWires(g, out)
		e.spread(g, out)
	}
	var list []*node
	order := e.stopOrder()
	for _, early := range []bool{true, false} {
		for _, n := range order {
			if out[n.def.ID] && first[n.def.ID] == early {
				list = append(list, n)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *node) int { return e.tab(a) - e.tab(b) })
	return list
}

// tab is the position of the tab a node is on; the global scope comes last.
func (e *Engine) tab(n *node) int {
	s := n.def.Scope
	for s.Kind == flow.ScopeSubflow {
		s = s.Parent
	}
	if s.Kind == flow.ScopeGlobal {
		return len(e.graph.Scopes)
	}
	return slices.Index(e.graph.Scopes, s)
}

// scopesChanged reports whether any environment changed: then all restarts.
func (e *Engine) scopesChanged(g *flow.Graph) bool {
	before := map[string]*flow.Scope{}
	for _, s := range e.graph.Scopes {
		before[s.ID] = s
	}
	for _, s := range g.Scopes {
		if b := before[s.ID]; b != nil && !sameEnv(b.Env, s.Env) {
			return true
		}
	}
	return false
}

func sameEnv(a, b []flow.EnvVar) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || a[i].Type != b[i].Type || !value.DeepEqual(a[i].Value, b[i].Value) {
			return false
		}
	}
	return true
}

func differ(a, b *value.Object) bool {
	skip := func(k string) bool {
		return k == "x" || k == "y" || k == "wires" || k == "w" || k == "h" || k == "style" || k == "credentials"
	}
	count := func(o *value.Object) (n int) {
		for i := range o.Len() {
			if !skip(o.At(i).Key) {
				n++
			}
		}
		return n
	}
	if count(a) != count(b) {
		return true
	}
	for i := range a.Len() {
		p := a.At(i)
		if v, ok := b.Lookup(p.Key); !skip(p.Key) && (!ok || !value.DeepEqual(p.Value, v)) {
			return true
		}
	}
	return b.Has("credentials")
}

// spread adds the users of changed config nodes, and whole subflow instances of
// which a part changed.
func (e *Engine) spread(g *flow.Graph, out map[string]bool) {
	for more := true; more; {
		more = false
		mark := func(id string) {
			if !out[id] {
				out[id], more = true, true
			}
		}
		for _, n := range g.Nodes {
			if s := n.Scope; s.Kind == flow.ScopeSubflow {
				if out[n.ID] || e.byID[n.ID] == nil {
					mark(s.Instance.ID)
				} else if out[s.Instance.ID] {
					mark(n.ID)
				}
			}
			for i := range n.Config.Len() {
				p := n.Config.At(i)
				if p.Key != "id" && p.Key != "z" && p.Key != "g" && p.Value.IsString() && out[p.Value.Str()] {
					mark(n.ID)
				}
			}
		}
	}
}

// spreadWires adds everything that is connected to a changed node by wires.
func (e *Engine) spreadWires(g *flow.Graph, out map[string]bool) {
	next := map[string][]string{}
	join := func(nodes []*flow.Node) {
		for _, n := range nodes {
			for _, wires := range n.Outputs {
				for _, to := range wires {
					if to != nil {
						next[n.ID] = append(next[n.ID], to.ID)
						next[to.ID] = append(next[to.ID], n.ID)
					}
				}
			}
		}
	}
	join(e.graph.Nodes)
	join(g.Nodes)
	var todo []string
	for _, n := range g.Nodes {
		if out[n.ID] || e.byID[n.ID] == nil || e.rewired(n) {
			todo = append(todo, n.ID)
		}
	}
	seen := map[string]bool{}
	for len(todo) > 0 {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !seen[id] {
			seen[id], out[id] = true, true
			todo = append(todo, next[id]...)
		}
	}
}

func (e *Engine) rewired(n *flow.Node) bool {
	before := e.byID[n.ID].def
	return !value.DeepEqual(before.Def.Raw.Get("wires"), n.Def.Raw.Get("wires"))
}

// CloseNode closes one running node; the others go on.
func (e *Engine) CloseNode(id string, removed bool) {
	if n := e.byID[id]; n != nil && n.impl != nil {
		n.closed = n.impl
		e.close(n, removed)
	}
}

// SetCredentials changes the credentials of a node while it runs.
func (e *Engine) SetCredentials(id string, o *value.Object) {
	creds := map[string]*value.Object{id: o}
	for k, v := range e.opt.Credentials {
		if k != id {
			creds[k] = v
		}
	}
	e.opt.Credentials = creds
}
