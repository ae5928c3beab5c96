package common

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Catch is the configuration of a catch node.
type Catch struct {
	// Scope says whose errors are caught: null all nodes of the same tab, "group"
	// those of the same group, or a list of node ids.
	Scope value.Value `json:"scope"`
	// Uncaught takes only errors that no other catch node took.
	Uncaught bool `json:"uncaught"`
}

// Complete is the configuration of a complete node.
type Complete struct {
	// Scope lists the ids of the nodes whose end of handling is reported.
	Scope value.Value `json:"scope"`
	// Uncaught is written by the editor and has no effect.
	Uncaught bool `json:"uncaught"`
}

// Status is the configuration of a status node.
type Status struct {
	// Scope says whose statuses are reported: null all nodes of the same tab,
	// "group" those of the same group, or a list of node ids.
	Scope value.Value `json:"scope"`
}

// Junction is the configuration of a junction: it has no options.
type Junction struct{}

// relay passes every message on. Who hears whom was worked out when the flow was
// compiled; the engine hands these nodes the finished message.
type relay struct{}

func (relay) Receive(c *engine.Call, m *engine.Message) error {
	c.Send(m)
	return nil
}

func newRelay[C any](*engine.Call, C) (engine.Node, error) { return relay{}, nil }

var (
	catchType    = engine.Define("catch", "Takes the errors of other nodes and starts a flow with them.", newRelay[Catch]).Starts()
	completeType = engine.Define("complete", "Starts a flow when another node has finished handling a message.", newRelay[Complete]).Starts()
	statusType   = engine.Define("status", "Starts a flow with each status another node shows.", newRelay[Status]).Starts()
	junctionType = engine.Define("junction", "Joins and splits wires; messages pass unchanged.", newRelay[Junction])
)

// Unknown is the configuration of a node whose type was not known when the flow
// was saved.
type Unknown struct{}

var unknownType = engine.Define("unknown", "Stands for a node whose type was missing; it ignores messages.",
	func(*engine.Call, Unknown) (engine.Node, error) { return engine.Mute{}, nil }).Starts()
