// Package flow reads flow files and compiles them to a graph.
//
// Parse takes every form in which Node-RED flows are kept: the flat array of an
// export or a flow file of any generation, an object with a flows array, and the
// single-flow document {label, nodes, configs}. It remembers where each node and
// each property stands, so that every complaint can name file, line and column.
//
// Compile does once what never changes while the flow runs: it expands subflows
// instance by instance, joins link nodes, finds the groups and scopes, orders the
// start, and works out which catch, status and complete nodes hear which node. A
// Graph is not changed after Compile; engine.New may be given the same one often.
package flow
