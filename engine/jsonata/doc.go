// Package jsonata evaluates JSONata expressions as Node-RED 5 does with JSONata
// 2.2: the same results, the same error codes, texts and positions.
//
// Compile makes a tree of an expression; Eval walks it over values of package
// value. Input values are neither copied nor changed. Time, random numbers and
// context come from the Host only; all else is arithmetic, so an expression gives
// the same result on every machine. Depth and steps of an evaluation are bounded,
// and what exceeds them is an error.
//
// A sequence (the result of a path) is an array that carries a mark, in its Extra
// properties, as in the original: an array that leaves an evaluation keeps it as
// the property "sequence". Functions are values of the Foreign kind.
package jsonata
