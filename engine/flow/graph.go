package flow

import "github.com/lockstep-flows/lockstep/engine/value"

// Graph is a compiled flow: every node that will run, in the order in which it
// starts, and the scopes they live in. It is immutable.
type Graph struct {
	// Nodes in start order; Node.Index is the position here.
	Nodes []*Node
	// Scopes in start order: the global scope first, then tabs, each followed by
	// the subflow instances in it.
	Scopes []*Scope
	// Missing are the types that no one can build, with the nodes that need
	// them; empty if Compile was given no known types.
	Missing []Missing
	// Problems are warnings found while compiling.
	Problems Problems

	byID map[string]*Node
	defs map[string]bool
}

// Missing is a type that is not known, and the entries that have it.
type Missing struct {
	Type string
	Defs []*Def
}

// ByID finds a node by its id (in a subflow instance: instance-id).
func (g *Graph) ByID(id string) *Node { return g.byID[id] }

// Mentions reports whether the flow file has an entry of this id, disabled ones
// too, or a subflow makes a node of it.
func (g *Graph) Mentions(id string) bool { return g.defs[id] || g.byID[id] != nil }

// Node is one node of the graph: an instance that will run.
type Node struct {
	Index int
	// ID is unique in the graph; Alias is the id in the subflow's definition, ""
	// outside subflows. Path is the ids of tab and subflow instances down to it.
	ID, Alias, Type, Name, Z, Path string
	Scope                          *Scope
	Group                          *Group
	// Def is where it comes from; Config its properties with ids already those
	// of this instance, ${ENV} not yet replaced.
	Def    *Def
	Config *value.Object
	// Outputs[i] are the nodes wired to output i, in order; nil entries are wires
	// that lead nowhere.
	Outputs [][]*Node
	// Users are the nodes that refer to this config node.
	Users []*Node
	// Instance is set on the node that stands for a subflow instance.
	Instance *Scope
	// IsConfig is set for nodes without a place on the canvas; they start first.
	IsConfig bool

	// Complete are the complete nodes that hear this one.
	Complete []*Node
	// Catch and Status say which nodes hear its errors and statuses: one chain,
	// or one for each user of a global config node.
	Catch, Status []Chain
}

// Chain is a list of levels, from the node's own scope outwards: if nobody on a
// level took the event, the next is asked.
type Chain []Level

// Level is the listeners of one scope in the order they are asked.
type Level struct {
	Listeners []*Node
	// Stop ends the chain here even if nobody listens (a subflow that has a
	// status output of its own).
	Stop bool
}

// ScopeKind says what a scope is.
type ScopeKind int

// The kinds of scope.
const (
	ScopeGlobal ScopeKind = iota
	ScopeTab
	ScopeSubflow
)

// Scope is a tab, a subflow instance, or the global scope: what flow context,
// env and catch nodes belong to.
type Scope struct {
	Kind ScopeKind
	// ID is "global", the tab's id, or the instance's id.
	ID, Label, Path string
	// Title is the label of a tab or the name of a subflow's instance as the flow has
	// it, which may be empty; undefined if it has none.
	Title  value.Value
	Parent *Scope
	// Env are the definitions of the scope, instance overrides applied.
	Env []EnvVar
	// Groups outermost first.
	Groups []*Group
	// Nodes of this scope, in start order.
	Nodes []*Node
	// Instance is the node of a subflow instance, Template the id of its definition.
	Instance *Node
	Template string
	// StatusNode takes what is wired to the subflow's status output, nil if it has none.
	StatusNode *Node
	// CredentialIDs are the ids under which env of type cred finds its values,
	// first found wins.
	CredentialIDs []string
}

// TypeName is what Node-RED's log calls a scope: flow or subflow.
func (s *Scope) TypeName() string {
	if s.Kind == ScopeSubflow {
		return "subflow"
	}
	return "flow"
}

// Group is a group on a canvas.
type Group struct {
	ID, Name string
	Title    value.Value // the name as the flow has it; undefined if it has none
	Parent   *Group
	Scope    *Scope
	Env      []EnvVar
}

// EnvVar is one environment variable definition.
type EnvVar struct {
	Name, Type string
	Value      value.Value
}

func envVars(v value.Value) []EnvVar {
	var out []EnvVar
	list := v.Array()
	for i := 0; i < list.Length(); i++ {
		if e := list.At(i).Object(); e != nil {
			out = append(out, EnvVar{e.Get("name").Str(), e.Get("type").Str(), e.Get("value")})
		}
	}
	return out
}
