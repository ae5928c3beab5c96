package jsonata

import "github.com/lockstep-flows/lockstep/engine/value"

// A function that leaves an expression is a live value that cannot be called from
// outside, as the original's are objects that only JSONata knows how to call.

// TypeOf implements value.Foreign.
func (f *function) TypeOf() string { return "function" }

// Class implements value.Foreign.
func (f *function) Class() string { return "Function" }

// Get implements value.Foreign.
func (f *function) Get(string) (value.Value, error) { return value.Undefined, nil }

// Set implements value.Foreign.
func (f *function) Set(string, value.Value) error { return nil }

// Delete implements value.Foreign.
func (f *function) Delete(string) error { return nil }

// Keys implements value.Foreign.
func (f *function) Keys() []string { return nil }

// IsArray implements value.Foreign.
func (f *function) IsArray() bool { return false }

// ToString implements value.Foreign.
func (f *function) ToString() (string, error) { return "[object Object]", nil }

// ToJSON implements value.Foreign.
func (f *function) ToJSON(string) (value.Value, error) { return functionValue(f), nil }

// Snapshot implements value.Foreign.
func (f *function) Snapshot() value.Value { return functionValue(f) }

// Clone implements value.Foreign.
func (f *function) Clone(*value.Cloner) value.Value { return functionValue(f) }

// Same implements value.Foreign.
func (f *function) Same(other value.Foreign) bool { return other == value.Foreign(f) }
