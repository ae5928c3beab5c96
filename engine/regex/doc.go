// Package regex is a JavaScript regular expression engine.
//
// It follows ECMAScript 2024: look-ahead and look-behind, named groups,
// back-references, lazy quantifiers, classes, \p{…} and the flags d g i m s u v y,
// with the laxness of Annex B where neither u nor v is set. Strings are WTF-8 and
// positions count UTF-16 units, as in package value. Errors of the compiler have
// the texts of V8 (Node.js 22).
//
// A pattern becomes a small program for a backtracking matcher that keeps its
// choices on its own stack, not on Go's. Each match may take a bounded number of
// steps; what needs more ends with an error, at the same step on every machine.
package regex
