package flowtest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/flow/svg"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Cover counts which nodes and wires of a flow tests have reached.
type Cover struct {
	// Flows are the names of the flow files.
	Flows []string

	s       *Suite
	inputs  map[string]bool // by id of the node
	outputs map[output]bool
}

type output struct {
	node string
	port int
}

// NewCover counts for a suite.
func NewCover(s *Suite) *Cover {
	return &Cover{Flows: s.FlowNames, s: s, inputs: map[string]bool{}, outputs: map[output]bool{}}
}

// Join puts together what was counted for the same flows.
func Join(list []*Cover) []*Cover {
	var out []*Cover
	for _, c := range list {
		i := slices.IndexFunc(out, func(o *Cover) bool { return o.key() == c.key() })
		if i < 0 {
			out = append(out, c)
			continue
		}
		for k := range c.inputs {
			out[i].inputs[k] = true
		}
		for k := range c.outputs {
			out[i].outputs[k] = true
		}
	}
	return out
}

func (c *Cover) key() string {
	names := make([]string, len(c.Flows))
	for i, f := range c.Flows {
		names[i] = filepath.Clean(f)
	}
	return strings.Join(names, "\n")
}

func (c *Cover) input(n *flow.Node)            { c.inputs[n.ID] = true }
func (c *Cover) output(n *flow.Node, port int) { c.outputs[output{n.ID, port}] = true }

// reached reports whether a message came to a definition, or left it.
func (c *Cover) reached(d *flow.Def) bool {
	for _, n := range c.s.Graph.Nodes {
		if n.Def != d {
			continue
		}
		if c.inputs[n.ID] {
			return true
		}
		for p := range max(len(n.Outputs), 1) {
			if c.outputs[output{n.ID, p}] {
				return true
			}
		}
	}
	return false
}

// used reports whether a message left a definition through a port.
func (c *Cover) used(d *flow.Def, port int) bool {
	for _, n := range c.s.Graph.Nodes {
		if n.Def == d && c.left(n, port) {
			return true
		}
	}
	return false
}

// left reports whether a message left a node through a port; from an instance of a
// subflow it leaves where it leaves the nodes wired to that output.
func (c *Cover) left(n *flow.Node, port int) bool {
	if n.Instance == nil {
		return c.outputs[output{n.ID, port}]
	}
	for _, d := range c.s.Defs {
		if d.ID != n.Instance.Template {
			continue
		}
		for _, w := range value.Elements(d.Raw.Get("out").Array().At(port).Object().Get("wires")) {
			id, from := w.Object().Get("id").Str(), int(w.Object().Get("port").Num())
			if id == d.ID && c.inputs[n.ID] {
				return true
			}
			for _, inner := range n.Instance.Nodes {
				if inner.Alias == id && c.left(inner, from) {
					return true
				}
			}
		}
	}
	return false
}

// Tab is what was reached of a tab or subflow.
type Tab struct {
	Label                            string
	Nodes, AllNodes, Wires, AllWires int
}

// Tabs are the tabs and subflows that have nodes.
func (c *Cover) Tabs() []Tab {
	var out []Tab
	for _, z := range c.s.Defs {
		if z.Type != "tab" && z.Type != "subflow" || z.Disabled {
			continue
		}
		t := Tab{Label: z.Raw.Get("label").Str()}
		if z.Type == "subflow" {
			t.Label = "subflow " + z.Name
		}
		for _, d := range c.counted(z) {
			t.AllNodes++
			if c.reached(d) {
				t.Nodes++
			}
			c.wires(d, func(port int, _ string) {
				t.AllWires++
				if c.used(d, port) {
					t.Wires++
				}
			})
		}
		if t.AllNodes > 0 {
			out = append(out, t)
		}
	}
	return out
}

// counted are the nodes of a tab that can be reached.
func (c *Cover) counted(z *flow.Def) (out []*flow.Def) {
	for _, d := range c.s.Defs {
		if d.Z == z.ID && d.Raw.Has("x") && d.Raw.Has("y") && d.Type != "group" && d.Type != "comment" && !d.Disabled {
			out = append(out, d)
		}
	}
	return out
}

func (c *Cover) wires(d *flow.Def, fn func(port int, to string)) {
	for port, out := range value.Elements(d.Raw.Get("wires")) {
		for _, to := range value.Elements(out) {
			if t := c.def(to.Str()); t != nil && !t.Disabled {
				fn(port, to.Str())
			}
		}
	}
}

func (c *Cover) def(id string) *flow.Def {
	for _, d := range c.s.Defs {
		if d.ID == id {
			return d
		}
	}
	return nil
}

// Total is the sum of all tabs.
func (c *Cover) Total() (sum Tab) {
	for _, t := range c.Tabs() {
		sum.Nodes += t.Nodes
		sum.AllNodes += t.AllNodes
		sum.Wires += t.Wires
		sum.AllWires += t.AllWires
	}
	return sum
}

// Missed are the nodes and wires that were not reached, in words.
func (c *Cover) Missed() (out []string) {
	for _, z := range c.s.Defs {
		if z.Type != "tab" && z.Type != "subflow" || z.Disabled {
			continue
		}
		for _, d := range c.counted(z) {
			if !c.reached(d) {
				out = append(out, defText(d))
				continue
			}
			c.wires(d, func(port int, to string) {
				if !c.used(d, port) {
					out = append(out, fmt.Sprintf("the wire from output %d of %s to %s", port+1, defText(d), defText(c.def(to))))
				}
			})
		}
	}
	return out
}

func defText(d *flow.Def) string {
	if d.Name != "" {
		return fmt.Sprintf("%s %q", d.Type, d.Name)
	}
	return d.Type + " " + d.ID
}

// The colours of what was reached and what was not.
const (
	reachedColour = "#b7e4b0"
	missedColour  = "#f3b3b3"
	usedWire      = "#3c9a3c"
	missedWire    = "#d04545"
)

// Draw draws the tabs, coloured by what was reached.
func (c *Cover) Draw() []svg.Page {
	return svg.DrawWith(c.s.Defs, svg.Paint{
		Node: func(d *flow.Def) string {
			switch {
			case d.Disabled || d.Type == "comment":
				return ""
			case c.reached(d):
				return reachedColour
			}
			return missedColour
		},
		Wire: func(d *flow.Def, port int) string {
			if c.used(d, port) {
				return usedWire
			}
			return missedWire
		},
	})
}
