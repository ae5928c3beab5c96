package flow

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// SubflowStatus is the type of the hidden node behind a subflow's status output.
const SubflowStatus = "subflow-status"

// maxNodes bounds what subflows may expand to.
const maxNodes = 1 << 20

// Compile builds the graph of one or more documents together. known reports
// which node types exist; nil takes all. The error is a Problems list.
func Compile(known func(typ string) bool, docs ...*Document) (*Graph, error) {
	c := &compiler{
		graph:    &Graph{byID: map[string]*Node{}, defs: map[string]bool{}},
		known:    known,
		tabs:     newTable(),
		subflows: newTable(),
		global:   newBody(nil),
	}
	for _, d := range docs {
		for _, def := range d.Defs {
			c.graph.defs[def.ID] = true
		}
	}
	c.classify(docs)
	c.linkWires()
	c.missing()
	c.cycles()
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	c.expand()
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	c.graph.resolve()
	c.graph.Problems = append(c.graph.Problems, c.problems...)
	return c.graph, nil
}

// table keeps things by id in JavaScript's key order, which is Node-RED's start
// order.
type table struct {
	order *value.Object
	items []any
}

func newTable() *table { return &table{order: value.NewObject()} }

func (t *table) set(id string, item any) {
	t.order.Set(id, value.Int(len(t.items)))
	t.items = append(t.items, item)
}

func (t *table) get(id string) any {
	if v, ok := t.order.Lookup(id); ok {
		return t.items[int(v.Num())]
	}
	return nil
}

func (t *table) len() int { return t.order.Len() }

func (t *table) at(i int) any { return t.items[int(t.order.At(i).Value.Num())] }

// body is the content of a tab, a subflow definition or the global scope.
type body struct {
	def     *Def // the tab or subflow entry; nil for global and for tabs never defined
	id      string
	configs *table // *Def
	nodes   *table // *Def
	groups  *table // *Def
}

func newBody(d *Def) *body {
	b := &body{def: d, configs: newTable(), nodes: newTable(), groups: newTable()}
	if d != nil {
		b.id = d.ID
	}
	return b
}

type compiler struct {
	graph    *Graph
	known    func(string) bool
	all      []*Def
	tabs     *table // *body
	subflows *table // *body
	global   *body
	links    map[string][]string // link out id → link in ids
	problems Problems
}

func (c *compiler) body(id string) *body {
	if b, ok := c.tabs.get(id).(*body); ok {
		return b
	}
	if b, ok := c.subflows.get(id).(*body); ok {
		return b
	}
	return nil
}

func isNode(d *Def) bool { return d.Type != "tab" && d.Type != "subflow" && d.Type != "group" }

// placed reports whether the entry has a place on the canvas.
func placed(d *Def) bool { return d.Raw.Has("x") && d.Raw.Has("y") }

func (c *compiler) classify(docs []*Document) {
	seen := map[string]*Def{}
	for _, doc := range docs {
		c.problems = append(c.problems, doc.Problems...)
		for _, d := range doc.Defs {
			if first := seen[d.ID]; first != nil {
				c.problems = append(c.problems, d.Problem(SeverityWarning, "id", "give each node an id of its own", "the id is used before, at %s; the later entry counts", first.Position("id")))
			}
			seen[d.ID] = d
			c.all = append(c.all, d)
			switch d.Type {
			case "tab":
				c.tabs.set(d.ID, newBody(d))
			case "subflow":
				c.subflows.set(d.ID, newBody(d))
			}
		}
	}
	for _, d := range c.all {
		switch {
		case d.Type == "group":
			if b := c.body(d.Z); b != nil {
				b.groups.set(d.ID, d)
			}
		case isNode(d):
			c.place(d)
		}
	}
}

func (c *compiler) place(d *Def) {
	if strings.HasPrefix(d.Type, "subflow:") && !placed(d) {
		c.problems = append(c.problems, d.Problem(SeverityWarning, "x", "give it x and y", "a subflow's instance without a place; Node-RED does not start it"))
		return
	}
	b := c.body(d.Z)
	switch {
	case b == nil && d.Z != "":
		// Node-RED makes up the missing tab.
		b = newBody(nil)
		b.id = d.Z
		c.tabs.set(d.Z, b)
		c.problems = append(c.problems, d.Problem(SeverityWarning, "z", "export the tab with its nodes", "its tab %q is not in the file", d.Z))
	case b == nil:
		if placed(d) {
			c.problems = append(c.problems, d.Problem(SeverityWarning, "z", "give it the id of a tab as \"z\"", "a node on no tab; Node-RED does not start it"))
		} else {
			c.global.configs.set(d.ID, d)
		}
		return
	}
	if placed(d) {
		b.nodes.set(d.ID, d)
	} else {
		b.configs.set(d.ID, d)
	}
}

// linkWires collects the wires of link out nodes: a link may be written on
// either end.
func (c *compiler) linkWires() {
	sets := map[string]*value.Object{}
	add := func(from, to string) {
		if sets[from] == nil {
			sets[from] = value.NewObject()
		}
		sets[from].Set(to, value.True)
	}
	var outs []string
	for _, d := range c.all {
		if d.Type != "link in" && d.Type != "link out" {
			continue
		}
		list := d.Raw.Get("links").Array()
		for i := 0; i < list.Length(); i++ {
			if d.Type == "link in" {
				add(value.ToString(list.At(i)), d.ID)
			} else {
				add(d.ID, value.ToString(list.At(i)))
			}
		}
		if d.Type == "link out" && list != nil {
			outs = append(outs, d.ID)
		}
	}
	c.links = map[string][]string{}
	for _, id := range outs {
		if sets[id] != nil {
			c.links[id] = sets[id].Keys()
		} else {
			c.links[id] = []string{}
		}
	}
}

func (c *compiler) missing() {
	if c.known == nil {
		return
	}
	at := map[string]int{}
	for _, d := range c.all {
		if !isNode(d) {
			continue
		}
		if id, ok := strings.CutPrefix(d.Type, "subflow:"); ok {
			if c.subflows.get(id) != nil {
				continue
			}
		} else if c.known(d.Type) {
			continue
		}
		i, ok := at[d.Type]
		if !ok {
			i = len(c.graph.Missing)
			at[d.Type] = i
			c.graph.Missing = append(c.graph.Missing, Missing{Type: d.Type})
		}
		c.graph.Missing[i].Defs = append(c.graph.Missing[i].Defs, d)
	}
}

// cycles refuses subflows that contain themselves.
func (c *compiler) cycles() {
	state := map[string]int{}
	var walk func(b *body, trail []string) bool
	walk = func(b *body, trail []string) bool {
		switch state[b.id] {
		case 1:
			c.problems = append(c.problems, b.def.Problem(SeverityError, "", "take the instance out of the subflow", "the subflow contains itself: %s", strings.Join(append(trail, b.id), " → ")))
			return false
		case 2:
			return true
		}
		state[b.id] = 1
		for i := 0; i < b.nodes.len(); i++ {
			if id, ok := strings.CutPrefix(b.nodes.at(i).(*Def).Type, "subflow:"); ok {
				if inner, ok := c.subflows.get(id).(*body); ok && !walk(inner, append(trail, b.id)) {
					return false
				}
			}
		}
		state[b.id] = 2
		return true
	}
	for i := 0; i < c.subflows.len(); i++ {
		if !walk(c.subflows.at(i).(*body), nil) {
			return
		}
	}
}
