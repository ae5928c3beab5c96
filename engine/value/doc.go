// Package value holds JavaScript values as Go data: what messages, context and
// settings are made of.
//
// A Value is a small struct, copied freely; numbers, booleans and strings live in
// it without a heap allocation. Containers (Object, Array, Buffer, Date, Error …)
// are pointers, because in JavaScript their identity matters: two Values that
// hold the same *Object are the same object.
//
// Objects keep JavaScript's key order: integer-like keys first, ascending, then
// the others in the order of insertion. Strings are WTF-8: UTF-8 in which a lone
// UTF-16 surrogate is allowed as its own three bytes, so every JavaScript string
// has exactly one form and ordinary text needs no conversion. Functions of this
// package that take or give positions count UTF-16 code units, as JavaScript does.
//
// Nothing here depends on a clock, a locale, a map order or the machine.
package value
