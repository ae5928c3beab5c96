package flow

import "github.com/lockstep-flows/lockstep/engine/value"

// instance expands one subflow instance: its inner nodes, its own node, and the
// wires in, out and to its status output.
func (c *compiler) instance(n *Node, t *body) {
	s := &Scope{
		Kind: ScopeSubflow, ID: n.ID, Label: n.Name, Title: n.Config.Get("name"), Parent: n.Scope, Instance: n, Template: t.id,
		Path: n.Path, CredentialIDs: []string{n.Def.ID, t.id},
		Env: mergeEnv(envVars(t.def.Raw.Get("env")), envVars(n.Config.Get("env"))),
	}
	n.Instance = s
	ids := rename{}
	for _, tab := range []*table{t.groups, t.configs, t.nodes} {
		for i := 0; i < tab.len(); i++ {
			id := tab.at(i).(*Def).ID
			ids[id] = n.ID + "-" + id
		}
	}
	outer := n.Outputs
	n.Outputs = nil
	first := len(c.graph.Nodes)
	c.scope(s, t, ids)
	inner := map[string]*Node{}
	for _, m := range c.graph.Nodes[first:] {
		if m.Scope == s {
			inner[m.Alias] = m
		}
	}
	in := t.def.Raw.Get("in").Array()
	for i := 0; i < in.Length(); i++ {
		n.Outputs = append(n.Outputs, nil)
		for _, w := range portWires(in.At(i)) {
			n.Outputs[i] = append(n.Outputs[i], &Node{ID: ids[w.id]})
		}
	}
	out := t.def.Raw.Get("out").Array()
	for i := 0; i < out.Length(); i++ {
		var to []*Node
		if i < len(outer) {
			to = outer[i]
		}
		for _, w := range portWires(out.At(i)) {
			c.join(n, t, inner, w, to)
		}
	}
	if st := t.def.Raw.Get("status"); st.Object() != nil {
		s.StatusNode = &Node{ID: n.ID + ":status", Type: SubflowStatus, Z: n.ID, Scope: s, Path: s.Path + "/" + n.ID + ":status",
			Def: n.Def, Config: value.NewObject()}
		for _, w := range portWires(st) {
			c.join(n, t, inner, w, []*Node{{ID: s.StatusNode.ID}})
		}
		c.add(s.StatusNode)
	}
	c.add(n)
}

type portWire struct {
	id   string
	port int
}

func portWires(v value.Value) []portWire {
	var out []portWire
	if v.Object() == nil {
		return nil
	}
	list := v.Object().Get("wires").Array()
	for i := 0; i < list.Length(); i++ {
		if w := list.At(i).Object(); w != nil {
			out = append(out, portWire{w.Get("id").Str(), int(value.ToNumber(w.Get("port")))})
		}
	}
	return out
}

// join adds wires from a port inside a subflow (or its input) to outer nodes.
func (c *compiler) join(n *Node, t *body, inner map[string]*Node, w portWire, to []*Node) {
	from := inner[w.id]
	if w.id == t.id {
		from = n
	}
	if from == nil || w.port < 0 || w.port > 1000 {
		return
	}
	if from.Instance != nil && from != n {
		// The output of a nested instance: its own outputs are spliced already, so
		// the wires go on from the ports inside it.
		c.joinInner(from, w.port, to)
		return
	}
	for len(from.Outputs) <= w.port {
		from.Outputs = append(from.Outputs, nil)
	}
	from.Outputs[w.port] = append(from.Outputs[w.port], to...)
}

// joinInner passes wires added to a nested instance's output on to its inside.
func (c *compiler) joinInner(n *Node, port int, to []*Node) {
	t := c.subflows.get(n.Instance.Template).(*body)
	out := t.def.Raw.Get("out").Array()
	if port >= out.Length() {
		return
	}
	inner := map[string]*Node{}
	for _, m := range n.Instance.Nodes {
		inner[m.Alias] = m
	}
	for _, w := range portWires(out.At(port)) {
		c.join(n, t, inner, w, to)
	}
}

// mergeEnv lays an instance's variables over the definition's, in the
// definition's order.
func mergeEnv(base, over []EnvVar) []EnvVar {
	t := newTable()
	for _, list := range [][]EnvVar{base, over} {
		for _, e := range list {
			t.set(e.Name, e)
		}
	}
	out := make([]EnvVar, t.len())
	for i := range out {
		out[i] = t.at(i).(EnvVar)
	}
	return out
}
