package js

import "github.com/lockstep-flows/lockstep/engine/value"

// Identity is what a function node knows about itself.
type Identity struct {
	ID, Name, Path, Type, Z string
	// Outputs is the number of outputs, as the flow file gives it.
	Outputs value.Value
}

// Host is the door of one function node to its engine. The msg arguments tell
// which message is being handled: the object Receive got, nil in setup and close
// code and in timers made there.
type Host interface {
	// Send sends messages: a list per output, nil entries for outputs that get none.
	Send(msg *value.Object, outputs [][]*value.Object)
	// SendValue is node.send with an array that holds things that are no messages.
	SendValue(v value.Value)
	// Done says that msg has been handled.
	Done(msg *value.Object)
	// Fail is done(err): msg could not be handled.
	Fail(msg *value.Object, err value.Value)
	// Error reports an error as node.error(err, about); about may be undefined.
	Error(err, about value.Value)
	// Call is node.log, warn, error, debug, trace or status with the arguments given;
	// the error is thrown.
	Call(method string, args []value.Value) error
	// SetTimer asks for Fire(id) after ms milliseconds, again and again if repeat.
	SetTimer(ms float64, repeat bool) (id uint64)
	// ClearTimer takes back a timer.
	ClearTimer(id uint64)
	// Context is the context store of a scope: node, flow or global.
	Context(scope string) Store
	// Env is env.get(name).
	Env(name string) value.Value
	// LinkCall sends msg to a link in node and calls answer once: with the message
	// that came back or an error. The error returned says that there is no such node.
	LinkCall(target string, msg *value.Object, timeout float64, answer func(*value.Object, error)) error
	// Text renders a message catalogue text.
	Text(key string, params ...string) string
}

// Store is context data. store names one of the configured stores, "" the default.
type Store interface {
	// Get reads a property path; undefined if there is none.
	Get(key, store string) (value.Value, error)
	// Set writes a property path; undefined deletes.
	Set(key, store string, v value.Value) error
	// Keys lists the top-level keys.
	Keys(store string) ([]string, error)
	// Uncached reports whether a key can be read with a callback only.
	Uncached(key, store string) bool
}
