package flow

import (
	"slices"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// resolve turns wire targets into nodes and finds who hears whom.
func (g *Graph) resolve() {
	for _, n := range g.Nodes {
		for _, out := range n.Outputs {
			for i, to := range out {
				out[i] = g.byID[to.ID]
				if out[i] == nil && to.ID != "" {
					g.dangling(n, to.ID)
				}
			}
		}
	}
	g.users()
	l := &listeners{graph: g, scopes: map[*Scope]*heard{}}
	for _, s := range g.Scopes {
		l.scopes[s] = hear(s)
	}
	for _, n := range g.Nodes {
		h := l.scopes[n.scopeOfHandlers()]
		n.Complete = h.complete[n.ID]
		n.Catch = l.chains(n, false)
		n.Status = l.chains(n, true)
	}
}

func (g *Graph) dangling(n *Node, id string) {
	if n.Alias == "" || n.Def.Raw.Get("wires").Array() != nil {
		g.Problems = append(g.Problems, n.Def.Problem(SeverityWarning, "wires", "wire it to a node of the file, or delete the wire", "a wire leads to %q, which is not there or disabled", id))
	}
}

// scopeOfHandlers is the scope whose listeners a node belongs to: an instance's
// node is handled inside its own subflow first.
func (n *Node) scopeOfHandlers() *Scope {
	if n.Instance != nil {
		return n.Instance
	}
	return n.Scope
}

// users finds the nodes that refer to each global config node.
func (g *Graph) users() {
	configs := map[string]*Node{}
	for _, n := range g.Nodes {
		if n.Scope.Kind == ScopeGlobal {
			configs[n.ID] = n
		}
	}
	if len(configs) == 0 {
		return
	}
	for _, n := range g.Nodes {
		for i := 0; i < n.Config.Len(); i++ {
			p := n.Config.At(i)
			if p.Key == "id" || p.Key == "wires" || p.Key == "type" || !p.Value.IsString() {
				continue
			}
			if c := configs[p.Value.Str()]; c != nil && c != n {
				c.Users = append(c.Users, n)
			}
		}
	}
}

// heard is what listens in one scope.
type heard struct {
	catch, status []*Node
	complete      map[string][]*Node
}

type listeners struct {
	graph  *Graph
	scopes map[*Scope]*heard
}

func hear(s *Scope) *heard {
	h := &heard{complete: map[string][]*Node{}}
	order := newTable()
	for _, n := range s.Nodes {
		order.set(n.ID, n)
	}
	for i := 0; i < order.len(); i++ {
		n := order.at(i).(*Node)
		switch n.Type {
		case "catch":
			h.catch = append(h.catch, n)
		case "status":
			h.status = append(h.status, n)
		case "complete":
			for _, id := range n.listensTo() {
				h.complete[id] = append(h.complete[id], n)
			}
		}
	}
	slices.SortStableFunc(h.catch, func(a, b *Node) int { return a.catchRank() - b.catchRank() })
	return h
}

// hears reports whether a catch or status node's list of ids has this one.
func (n *Node) hears(id string) bool {
	if n.Type == "status" {
		return slices.Contains(n.listensTo(), id)
	}
	return slices.ContainsFunc(n.Config.Get("scope").Array().Elems, func(v value.Value) bool { return v.Str() == id })
}

// listensTo are the ids in the scope of a complete or status node, without those it
// is wired to itself: that would be a loop. (The one after a dropped id is not
// looked at, as in Node-RED.)
func (n *Node) listensTo() []string {
	var out []string
	scope := n.Config.Get("scope").Array()
	for i := 0; i < scope.Length(); i++ {
		id := value.ToString(scope.At(i))
		wired := slices.ContainsFunc(n.Outputs, func(out []*Node) bool {
			return slices.ContainsFunc(out, func(t *Node) bool { return t != nil && t.ID == id })
		})
		if !wired {
			out = append(out, id)
			continue
		}
		if i++; i < scope.Length() {
			out = append(out, value.ToString(scope.At(i)))
		}
	}
	return out
}

// catchRank orders catch nodes: those with a scope, then those for all, then
// those for what nobody caught.
func (n *Node) catchRank() int {
	switch {
	case value.Truthy(n.Config.Get("scope")):
		return 0
	case value.Truthy(n.Config.Get("uncaught")):
		return 2
	}
	return 1
}

func (l *listeners) chains(n *Node, status bool) []Chain {
	if n.Scope.Kind == ScopeGlobal && len(n.Users) > 0 && n.Instance == nil {
		var out []Chain
		for _, u := range n.Users {
			out = append(out, l.chain(u, u.scopeOfHandlers(), status))
		}
		return out
	}
	start := n.scopeOfHandlers()
	if status && n.Instance != nil {
		start = n.Scope
	}
	return []Chain{l.chain(n, start, status)}
}

func (l *listeners) chain(reporting *Node, s *Scope, status bool) Chain {
	var out Chain
	for ; s != nil; s = s.Parent {
		h := l.scopes[s]
		list := h.catch
		if status {
			list = h.status
		}
		lv := Level{Listeners: candidates(list, reporting)}
		if status && s.StatusNode != nil && reporting != s.Instance {
			lv.Stop = true
		}
		out = append(out, lv)
		if s.Kind != ScopeSubflow || lv.Stop {
			break
		}
		reporting = s.Instance
	}
	return out
}

// candidates are the listeners that a node's event may reach, nearest group first.
func candidates(list []*Node, reporting *Node) []*Node {
	type candidate struct {
		distance int
		node     *Node
	}
	var found []candidate
	for _, t := range list {
		scope := t.Config.Get("scope")
		grouped := t.Group != nil && scope.IsString() && scope.Str() == "group"
		if grouped && reporting.Group == nil {
			continue
		}
		if scope.Array() != nil && !t.hears(reporting.ID) {
			continue
		}
		d := 0
		g := reporting.Group
		for g != nil && g != t.Group {
			d++
			g = g.Parent
		}
		if reporting.Group != nil && g == nil && grouped {
			continue
		}
		found = append(found, candidate{d, t})
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.distance - b.distance })
	out := make([]*Node, len(found))
	for i, c := range found {
		out[i] = c.node
	}
	return out
}
