package flow

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// expand makes the nodes of every scope in Node-RED's start order.
func (c *compiler) expand() {
	global := &Scope{Kind: ScopeGlobal, ID: "global", Path: "global"}
	for i := 0; i < c.global.configs.len(); i++ {
		if d := c.global.configs.at(i).(*Def); d.Type == "global-config" {
			global.Env = append(global.Env, envVars(d.Raw.Get("env"))...)
			global.CredentialIDs = append(global.CredentialIDs, d.ID)
		}
	}
	c.scope(global, c.global, nil)
	for i := 0; i < c.tabs.len(); i++ {
		b := c.tabs.at(i).(*body)
		s := &Scope{Kind: ScopeTab, ID: b.id, Path: b.id, Parent: global, CredentialIDs: []string{b.id}}
		if b.def != nil {
			if b.def.Disabled {
				continue
			}
			s.Title = b.def.Raw.Get("label")
			s.Label, s.Env = value.ToString(s.Title), envVars(b.def.Raw.Get("env"))
			if b.def.Raw.Get("label").IsUndefined() {
				s.Label = ""
			}
		}
		c.scope(s, b, nil)
	}
}

// rename maps ids of a subflow definition to those of an instance; nil renames nothing.
type rename map[string]string

func (c *compiler) scope(s *Scope, b *body, ids rename) {
	c.graph.Scopes = append(c.graph.Scopes, s)
	c.groups(s, b, ids)
	for _, d := range configOrder(b.configs) {
		if d.Disabled {
			continue
		}
		n := c.node(s, d, ids)
		n.IsConfig = true
		c.add(n)
	}
	for i := 0; i < b.nodes.len(); i++ {
		d := b.nodes.at(i).(*Def)
		if d.Disabled || len(c.graph.Nodes) > maxNodes {
			continue
		}
		n := c.node(s, d, ids)
		if tid, ok := strings.CutPrefix(d.Type, "subflow:"); ok {
			if t, ok := c.subflows.get(tid).(*body); ok {
				c.instance(n, t)
				continue
			}
		}
		c.add(n)
	}
	if len(c.graph.Nodes) > maxNodes && c.problems.Err() == nil {
		c.problems = append(c.problems, Problem{Text: "the subflows expand to more than a million nodes"})
	}
}

func (c *compiler) add(n *Node) {
	n.Index = len(c.graph.Nodes)
	c.graph.Nodes = append(c.graph.Nodes, n)
	n.Scope.Nodes = append(n.Scope.Nodes, n)
	c.graph.byID[n.ID] = n
}

func (c *compiler) node(s *Scope, d *Def, ids rename) *Node {
	n := &Node{ID: d.ID, Type: d.Type, Name: d.Name, Z: d.Z, Scope: s, Def: d, Config: d.Raw}
	wires := d.Raw.Get("wires")
	if to, ok := c.links[d.ID]; ok && d.Type == "link out" {
		list := value.NewArray()
		for _, id := range to {
			list.Append(value.Str(id))
		}
		wires = value.Arr(value.Of(list))
	}
	if ids != nil {
		n.Alias, n.ID, n.Z = d.ID, ids[d.ID], s.ID
		n.Config = renameConfig(d.Raw, n, ids)
	}
	n.Path = s.Path + "/" + d.ID
	n.wire(wires, ids)
	if d.G != "" {
		g := d.G
		if ids != nil {
			g = ids[g]
		}
		for _, grp := range s.Groups {
			if grp.ID == g {
				n.Group = grp
			}
		}
	}
	return n
}

// pending holds wire targets by id until all nodes are known.
func (n *Node) wire(wires value.Value, ids rename) {
	outs := wires.Array()
	for i := 0; i < outs.Length(); i++ {
		var to []*Node
		targets := outs.At(i).Array()
		for j := 0; j < targets.Length(); j++ {
			id := targets.At(j).Str()
			if ids != nil {
				id = ids[id]
			}
			to = append(to, &Node{ID: id})
		}
		n.Outputs = append(n.Outputs, to)
	}
}

// renameConfig copies a config for an instance: properties that are the id of a
// node of the subflow become that of the instance's node.
func renameConfig(raw *value.Object, n *Node, ids rename) *value.Object {
	out := value.Clone(value.Of(raw)).Object()
	out.Set("id", value.Str(n.ID))
	out.Set("z", value.Str(n.Z))
	out.Set("_alias", value.Str(n.Alias))
	if scope := out.Get("scope").Array(); scope != nil && (n.Type == "complete" || n.Type == "catch" || n.Type == "status") {
		for i, e := range scope.Elems {
			scope.Elems[i] = value.Str(ids[value.ToString(e)])
		}
		return out
	}
	for i := 0; i < out.Len(); i++ {
		p := out.At(i)
		if p.Key == "id" || p.Key == "z" || p.Key == "_alias" || p.Value.IsNullish() {
			continue
		}
		if v := p.Value; v.IsString() || v.Array() != nil && v.Array().Len() == 1 {
			if id, ok := ids[value.ToString(v)]; ok {
				p.Value = value.Str(id)
			}
		}
	}
	return out
}

// configOrder puts config nodes after those of the same body they refer to.
func configOrder(t *table) []*Def {
	done := map[string]bool{}
	var out []*Def
	todo := make([]*Def, t.len())
	for i := range todo {
		todo[i] = t.at(i).(*Def)
	}
	for stuck := 0; len(todo) > 0 && stuck <= len(todo); {
		d := todo[0]
		todo = todo[1:]
		if refersToOpen(t, d, done) {
			todo = append(todo, d)
			stuck++
			continue
		}
		done[d.ID] = true
		out = append(out, d)
		stuck = 0
	}
	return append(out, todo...)
}

func refersToOpen(t *table, d *Def, done map[string]bool) bool {
	for i := 0; i < d.Raw.Len(); i++ {
		p := d.Raw.At(i)
		if p.Key == "id" || p.Key == "wires" || !p.Value.IsString() {
			continue
		}
		if other, ok := t.get(p.Value.Str()).(*Def); ok && !other.Disabled && other != d && !done[other.ID] {
			return true
		}
	}
	return false
}

func (c *compiler) groups(s *Scope, b *body, ids rename) {
	left := make([]*Def, b.groups.len())
	for i := range left {
		left[i] = b.groups.at(i).(*Def)
	}
	made := map[string]*Group{}
	for progress := true; progress; {
		progress = false
		var later []*Def
		for _, d := range left {
			if d.G != "" && made[d.G] == nil && b.groups.get(d.G) != nil {
				later = append(later, d)
				continue
			}
			g := &Group{ID: d.ID, Name: d.Name, Title: d.Raw.Get("name"), Parent: made[d.G], Scope: s, Env: envVars(d.Raw.Get("env"))}
			if ids != nil {
				g.ID = ids[d.ID]
			}
			made[d.ID] = g
			s.Groups = append(s.Groups, g)
			progress = true
		}
		left = later
	}
}
