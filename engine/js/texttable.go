package js

import (
	"github.com/lockstep-flows/lockstep/engine/value"
)

// plainTexts are error texts that need nothing but another wording.
var plainTexts = map[string]string{
	"No initial value": "Reduce of empty array with no initial value", "Malformed URI": "URI malformed",
	"The normalization form should be one of NFC, NFD, NFKC, NFKD":                 "The normalization form should be one of NFC, NFD, NFKC, NFKD.",
	"RegExp doesn't have global flag set":                                          "String.prototype.matchAll called with a non-global RegExp argument",
	"Must call super constructor in derived class before accessing 'this'":         "Must call super constructor in derived class before accessing 'this' or returning from derived constructor",
	"Promise self-resolution":                                                      "Chaining cycle detected for promise #<Promise>",
	"Cannot make a dynamic object non-extensible":                                  "Cannot prevent extensions",
	"Dynamic objects do not support Symbol properties":                             "Symbols cannot be properties of a message's objects",
	"Iterator result is not an object":                                             "Iterator result undefined is not an object",
	"Invalid regular expression (re2): * (error parsing regexp: missing argument)": "Invalid regular expression: nothing to repeat",
}

// rangeTexts are thrown as TypeErrors by goja and as RangeErrors by V8.
var rangeTexts = map[string]bool{"Invalid array length": true}

var (
	memberText    = value.NewPattern(`^Object has no member '(.*)'$`)
	bigintText    = value.NewPattern(`^Cannot convert (.*) to a BigInt$`)
	objectText    = value.NewPattern(`^Value is not an object: (.*)$`)
	calledText    = value.NewPattern(`^Value is not callable: (.*)$`)
	frozenText    = value.NewPattern(`^Cannot assign to read only property '(.*)'$`)
	deleteText    = value.NewPattern(`^Cannot delete property '(.*)' of \[object Object\]$`)
	anonymousText = value.NewPattern(`^(?:SyntaxError: )?\(anonymous\): Line \d+:\d+ (.*?)(?: \(and \d+ more errors\))?$`)
	evalText      = value.NewPattern(`^SyntaxError: <eval>: Line \d+:\d+ (.*?)( \(and \d+ more errors\))?$`)
	regexpText    = value.NewPattern(`^Invalid regular expression \(re2\): (.*) \(error parsing regexp: (.*)\)$`)
)
