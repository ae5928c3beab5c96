package engine

import (
	"context"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// EventKind says what an Event is.
type EventKind uint8

// The kinds of event.
const (
	// EventNone is no event: a Source returns it to let the engine go on with the
	// deliveries it has.
	EventNone EventKind = iota
	// EventStart starts all nodes. It comes first, once.
	EventStart
	// EventTick lets time pass up to Time.
	EventTick
	// EventMessage hands the message Body to node Target, as if it had arrived there.
	EventMessage
	// EventReply answers request Request with Body.
	EventReply
	// EventStop closes all nodes.
	EventStop
	// EventDeploy replaces the flows: Body is {flows: the array of a flow file, type:
	// full, flows or nodes}. Credentials are not part of it: see SetAllCredentials.
	EventDeploy
	// EventCommand tells node Target, which must be a Commander, or the engine itself
	// if Target is "", to do something: Body is {command, …}. The engine knows stop
	// and start, which close and start all nodes, and forget {store, scope, key},
	// which deletes a value of a context.
	EventCommand
)

// Event is the only thing that enters an Engine.
type Event struct {
	Kind EventKind
	// Time in milliseconds since the Unix epoch; a time before that of the last
	// event counts as that.
	Time float64
	// Target is the id of a node (EventMessage).
	Target string
	// Request is the request answered (EventReply), as in Effect.Request; Last says
	// that no further answer follows.
	Request uint64
	Last    bool
	// Body is the message or the answer.
	Body value.Value
}

// Effect is the only thing that leaves an Engine.
type Effect struct {
	// Seq counts the effects of a run from 1; Time is that of the event at work.
	Seq  uint64
	Time float64
	// Node is the id of the node it comes from, "" for the engine itself; Type its type.
	Node, Type string
	// Kind says what it is: log, status, debug, http.response, file.write …
	Kind string
	// Request is not 0 if the node waits for an answer.
	Request uint64
	// Body is valid during Put only: a sink that keeps it must encode or clone it.
	Body value.Value
}

// Progress tells a Source where the engine stands.
type Progress struct {
	// Deliveries made since the start.
	Deliveries uint64
	// Pending says that deliveries are waiting: the Source must not block. Waiting is
	// how many.
	Pending bool
	Waiting int
	// NextTimer is when the next timer is due, +Inf if there is none.
	NextTimer float64
	// Saving says that timers, if any, only wait to save context, which the stop
	// does, too.
	Saving bool
	// Requests is how many requests wait for an answer.
	Requests int
	// Stopped is set once EventStop was handled.
	Stopped bool
}

// Source yields the events of a run. Next blocks until there is one, unless
// p.Pending is set: then it returns at once, with EventNone if there is none.
// io.EOF ends the run.
type Source interface {
	Next(ctx context.Context, p Progress) (Event, error)
}

// Sink takes the effects of a run. Put must not call the engine. An error ends the run.
type Sink interface {
	Put(f Effect) error
}

// SinkFunc makes a function a Sink.
type SinkFunc func(f Effect) error

// Put calls f.
func (s SinkFunc) Put(f Effect) error { return s(f) }
