// Package js runs the JavaScript of function nodes on goja, over messages that
// are Go data (engine/value).
//
// One Runtime serves all function nodes of an engine; each node is a Function with
// global variables of its own. A message is never converted to get into JavaScript:
// its objects and arrays are seen through thin wrappers, made when first touched
// and kept in the object, and what a function writes lands in the message at once.
//
// What a function creates itself stays an ordinary goja object while it works on
// it. When it leaves (node.send, return, context.set) plain objects and arrays are
// adopted: their properties move to a value.Object or value.Array, and the goja
// object becomes, in place, the wrapper of that. References the function kept go on
// seeing and changing the same object, exactly as in Node.js, and the rest of the
// engine sees nothing but data. Functions, class instances, Maps, Proxies and other
// things that have no form as data stay live (value.Foreign).
//
// Nothing here has a clock, randomness or goroutines: time, random numbers and ids
// come from Options, timers are requests to the Host which are answered by Fire.
//
// # Endless code
//
// Code is stopped by Interrupt, which a Guard calls by the clock, or after MaxSteps
// loop turns and calls, which is the same on every machine but makes tight loops a
// third slower. Either way the call fails with an error and others go on.
//
// # goja
//
// Some of goja is changed at its edges, each change explained in its file and
// checked against the pinned version's memory layout when a Runtime is made: texts
// of errors about null (nullish.go), wrappers made in one piece and a stack that is
// kept (layout.go), appending to strings (append.go), sorting (sort.go), numbers that
// become integers or elements of typed arrays (bitwise.go, integers.go, elements.go),
// code made from text (evalcode.go).
//
// # Names
//
// Each node has a global object of its own, whose prototype is the shared one: a name
// assigned without declaration stays with the node. Code that may hand functions to
// other nodes through context is compiled within its own globals (with), so that its
// variables are found wherever the functions are called.
//
// # Where this differs from V8
//
// All nodes share one set of classes, so instanceof Array is true for any array (in
// Node-RED it is false for those of other nodes). Properties with symbols cannot be
// put on objects of messages. Array holes are undefined. Stacks name functions, not
// classes and methods. testdata/known.txt lists all differences of the vectors.
package js
