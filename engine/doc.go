// Package engine runs a compiled Node-RED flow as a pure function: events go in,
// effects come out, and in between there is only arithmetic.
//
//	            ┌──────────────────────── Engine ────────────────────────┐
//	Source ───▶ │ Event → node → wires → node → … → Effect               │ ───▶ Sink
//	            │ queue of deliveries, timers, context stores, one Call   │
//	            │ per node; no clock, goroutine, socket, file or logger   │
//	            └─────────────────────────────────────────────────────────┘
//
// An Event is all that enters: the start, a message for a node, the answer to a
// request, the passing of time, the stop. An Effect is all that leaves: a log
// line, a status, an HTTP answer, a file to write. Time is a field of each event;
// randomness comes from the seed. The same graph, options and events give the same
// effects, byte for byte, on every machine.
//
// Run drives an Engine between a Source and a Sink. Live running, testing,
// replaying and voting differ only in those two: package live is the clock and
// the ports, Script is virtual time.
//
// # Order
//
// Messages are delivered one at a time, first in first out, as Node-RED does with
// one delivery per turn of its loop. Catch, status and complete nodes are called
// at once, inside the call that caused them. A timer fires at its due time,
// however late the host is; timers due together fire in the order they were made.
//
// # Nodes
//
// A node type is a Type in a Registry: a name, a config struct and a constructor.
// The constructor gets a Call, which stays valid for the node's life and is its
// only door to anything: messages, timers, context, status, errors, the outside.
package engine
