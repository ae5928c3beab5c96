package engine

import (
	"fmt"
	"sort"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Message is what travels on wires: a plain object. It is passed by pointer
// because identity matters: a node that passes a message on passes the same one.
type Message = value.Object

// Node is the behaviour of one node of a flow. Receive handles one message.
// Returning nil ends the handling (Node-RED's done()), so complete nodes hear of
// it; an error ends it as failed, so catch nodes hear of it; Pending leaves it open:
// the node calls Done or Fail on its Call later, or never.
type Node interface {
	Receive(c *Call, m *Message) error
}

// Closer is implemented by nodes that have something to do when they are
// stopped; removed says that the node was deleted from the flow. Timers and open
// requests of a closed node are cancelled by the engine.
type Closer interface {
	Close(c *Call, removed bool) error
}

// Named gives the type with OwnName set.
func (t Type) Named() Type {
	t.OwnName = true
	return t
}

// Starts gives the type with Source set.
func (t Type) Starts() Type {
	t.Source = true
	return t
}

// Checked gives the type with a check of its own.
func (t Type) Checked(check func(d *flow.Def) flow.Problems) Type {
	t.Check = check
	return t
}

// UserKeeper is implemented by config nodes that keep a list of the nodes that
// use them: their errors and statuses are reported to those that hear their users.
type UserKeeper interface {
	// Users are the ids of the nodes that use this one now.
	Users() []string
}

// Mute is a Node that ignores messages: embed it in config nodes.
type Mute struct{}

// Receive ignores the message.
func (Mute) Receive(*Call, *Message) error { return Pending }

// Type describes a node type.
type Type struct {
	// Name as in flow files ("inject"), Summary in one line.
	Name, Summary string
	// Config is the zero value of the config struct, whose json-tagged fields are
	// the properties of flow files; nil if the type has none.
	Config any
	// New makes a node. It runs when the flow starts, in start order, and may use
	// every part of the Call.
	New func(c *Call) (Node, error)
	// Texts are the wordings of the type's catalogue texts by key.
	Texts map[string]string
	// Check finds what is wrong with a node before it runs, beyond the shape of its
	// properties and its typed inputs; nil checks nothing.
	Check func(d *flow.Def) flow.Problems
	// Source marks types that start flows by themselves: nothing need be wired to them.
	Source bool
	// OwnName marks types that Node-RED gives even an empty name, which then shows
	// as "" where others have no name.
	OwnName bool
}

// Define makes a Type whose constructor gets the decoded config struct.
func Define[C any](name, summary string, construct func(c *Call, cfg C) (Node, error)) Type {
	var zero C
	return Type{Name: name, Summary: summary, Config: zero, New: func(c *Call) (Node, error) {
		var cfg C
		if err := c.Decode(&cfg); err != nil {
			return nil, err
		}
		return construct(c, cfg)
	}}
}

// With gives the type with wordings for its catalogue texts.
func (t Type) With(texts map[string]string) Type {
	t.Texts = texts
	return t
}

// Registry is an immutable set of types.
type Registry struct {
	types []Type
	index map[string]int
}

// NewRegistry joins tables of types; a name that occurs twice panics, as it is a
// mistake in the program.
func NewRegistry(tables ...[]Type) *Registry {
	r := &Registry{index: map[string]int{}}
	for _, t := range tables {
		r.types = append(r.types, t...)
	}
	sort.SliceStable(r.types, func(i, j int) bool { return r.types[i].Name < r.types[j].Name })
	for i, t := range r.types {
		if _, twice := r.index[t.Name]; twice {
			panic(fmt.Sprintf("node type %q is registered twice", t.Name))
		}
		r.index[t.Name] = i
	}
	return r
}

// Types gives all types, by name.
func (r *Registry) Types() []Type { return append([]Type(nil), r.types...) }

// Lookup finds a type.
func (r *Registry) Lookup(name string) (Type, bool) {
	if r == nil {
		return Type{}, false
	}
	i, ok := r.index[name]
	if !ok {
		return Type{}, false
	}
	return r.types[i], true
}

// Known reports whether a type exists: what flow.Compile asks.
func (r *Registry) Known(name string) bool {
	_, ok := r.Lookup(name)
	return ok
}
