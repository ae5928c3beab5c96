package js

import (
	"math/bits"
	"strings"

	"github.com/dop251/goja"
)

// cost is the number of steps that a call of a built-in function takes.
type cost func(r *Runtime, c goja.FunctionCall) int64

// costs are the functions that do more than a fixed amount of work, by the object
// that has them. Functions of the flow that they call count for themselves.
var costs = []struct {
	object string
	names  string
	cost   cost
}{
	{"String.prototype", "indexOf lastIndexOf includes startsWith endsWith search match matchAll isWellFormed codePointAt", costRead},
	{"String.prototype", "toUpperCase toLowerCase toLocaleUpperCase toLocaleLowerCase normalize toWellFormed trim trimStart trimEnd " +
		"anchor big blink bold fixed fontcolor fontsize italics link small strike sub sup localeCompare", costText},
	{"String.prototype", "repeat", costRepeat},
	{"String.prototype", "padStart padEnd", costPad},
	{"String.prototype", "concat", costJoinArguments},
	{"String.prototype", "split", costSplit},
	{"String", "fromCharCode fromCodePoint", costArguments},
	{"String", "raw", costRaw},
	{"Array.prototype", "every some forEach filter map find findIndex findLast findLastIndex reduce reduceRight indexOf lastIndexOf includes " +
		"fill reverse copyWithin slice splice toReversed toSpliced with", costElements},
	{"Array.prototype", "sort toSorted", costSort},
	{"Array.prototype", "concat push unshift", costLists},
	{"Array.prototype", "shift", costMoves},
	{"Array.prototype", "join toLocaleString", costArrayJoin},
	{"Array.prototype", "flat flatMap", costFlat},
	{"Array", "of", costArguments},
	{"Array", "from", costFrom},
	{"Object", "keys values entries assign freeze seal isFrozen isSealed getOwnPropertyNames getOwnPropertySymbols " +
		"getOwnPropertyDescriptors defineProperties fromEntries groupBy create", costKeys},
	{"Reflect", "ownKeys", costKeys},
	{"Reflect", "apply construct", costApply},
	{"Function.prototype", "apply", costApply},
	{"Function.prototype", "bind toString", costArguments},
	{"Map.prototype", "forEach clear", costElements},
	{"Set.prototype", "forEach clear", costElements},
	{"Set.prototype", "union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom", costSets},
	{"Map", "groupBy", costFirst},
	{"Promise", "all allSettled any race", costFirst},
	{"ArrayBuffer.prototype", "slice", costBytes},
	{"TypedArray.prototype", "fill set copyWithin reverse slice indexOf lastIndexOf includes every some forEach filter map find findIndex " +
		"findLast findLastIndex reduce reduceRight toReversed with toLocaleString", costTyped},
	{"TypedArray.prototype", "join", costTypedJoin},
	{"TypedArray.prototype", "sort toSorted", costSort},
	{"TypedArray", "from of", costFrom},
	{"JSON", "parse", costParse},
	{"JSON", "stringify", costTree},
	{"global", "structuredClone", costTree},
	{"global", "parseInt parseFloat encodeURIComponent encodeURI decodeURIComponent decodeURI escape unescape atob btoa", costGlobalText},
	{"BigInt.prototype", "toString toLocaleString", costBigText},
	{"global", "BigInt", nil}, // a constructor, see limitmake.go
}

// limit makes the built-in functions count, if there is a limit.
func (r *Runtime) limit() {
	if r.options.MaxSteps <= 0 || r.steps.limited {
		return
	}
	r.cached("halt")
	r.cached("counted")
	r.testCounting()
	r.limitRegexes()
	for _, c := range costs {
		o := r.homeOf(c.object)
		for _, name := range strings.Fields(c.names) {
			if c.cost != nil {
				r.limitCall(o, name, c.cost)
			}
		}
	}
	r.limitMakers()
	r.limitBuffer(r.native["Buffer"])
	r.steps.limited = true
}

// homeOf finds an object of the table.
func (r *Runtime) homeOf(path string) *goja.Object {
	name, prototype := strings.CutSuffix(path, ".prototype")
	var o *goja.Object
	switch name {
	case "global":
		return r.globals
	case "TypedArray":
		o = r.builtin("Uint8Array").Prototype()
	default:
		o = r.builtin(name)
	}
	if prototype {
		return o.Get("prototype").(*goja.Object)
	}
	return o
}

// limitCall makes a function of an object count; one that is not there stays so.
func (r *Runtime) limitCall(o *goja.Object, name string, cost cost) {
	old, ok := o.Get(name).(*goja.Object)
	if !ok {
		return
	}
	call, ok := goja.AssertFunction(old)
	if !ok {
		return
	}
	f := r.nativeFunc(old.Get("name").String(), func(c goja.FunctionCall) goja.Value {
		r.charge(cost(r, c))
		v, err := call(c.This, c.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	})
	_ = f.DefineDataProperty("length", old.Get("length"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	r.define(o, name, f)
}

func costRead(r *Runtime, c goja.FunctionCall) int64 {
	return (textUnits(c.This) + textUnits(c.Argument(0))) / readPerStep
}

func costText(_ *Runtime, c goja.FunctionCall) int64 {
	return (textUnits(c.This) + textUnits(c.Argument(0))) / unitsPerStep
}

// number gives an argument as a count without calling code of the flow, which the
// function itself will do; what that gives is checked by the function.
func countOf(v goja.Value) int64 {
	if o, ok := v.(*goja.Object); ok {
		v = o.ToNumber()
	}
	if _, ok := v.(*goja.Symbol); ok || goja.IsBigInt(v) {
		return 0
	}
	return clampSize(v)
}

func costRepeat(r *Runtime, c goja.FunctionCall) int64 {
	n := times(textUnits(thisText(c)), countOf(c.Argument(0)))
	if textUnits(c.This) > 0 && n > maxText && c.Argument(0).ToFloat() <= 1<<53 {
		r.joinable(n)
	}
	return n / unitsPerStep
}

// thisText is this as a string, if that needs no code of the flow.
func thisText(c goja.FunctionCall) goja.Value {
	if _, ok := c.This.(*goja.Object); ok || goja.IsNull(c.This) || goja.IsUndefined(c.This) {
		return c.This
	}
	if _, ok := c.This.(*goja.Symbol); ok {
		return c.This
	}
	return c.This.ToString()
}

func costPad(r *Runtime, c goja.FunctionCall) int64 {
	n := countOf(c.Argument(0))
	if n <= textUnits(thisText(c)) || textUnits(c.Argument(1)) == 0 && len(c.Arguments) > 1 && !goja.IsUndefined(c.Argument(1)) {
		return 0
	}
	r.joinable(n)
	return n / unitsPerStep
}

func costJoinArguments(r *Runtime, c goja.FunctionCall) int64 {
	n := textUnits(c.This)
	for _, a := range c.Arguments {
		n += textUnits(a)
	}
	r.joinable(n)
	return n/unitsPerStep + int64(len(c.Arguments))
}

func costSplit(r *Runtime, c goja.FunctionCall) int64 {
	n, sep := textUnits(c.This), textUnits(c.Argument(0))
	switch {
	case goja.IsUndefined(c.Argument(0)):
		return 1
	case sep == 0:
		return n
	}
	return n / max(1, sep*2)
}

func costArguments(_ *Runtime, c goja.FunctionCall) int64 { return int64(len(c.Arguments)) / 4 }

func costRaw(r *Runtime, c goja.FunctionCall) int64 {
	o, ok := c.Argument(0).(*goja.Object)
	if !ok {
		return 0
	}
	raw, ok := o.Get("raw").(*goja.Object)
	if !ok {
		return 0
	}
	return r.joined(raw, 0)
}

func costElements(r *Runtime, c goja.FunctionCall) int64 { return r.lengthOf(c.This) }

// lengthOf is the size of what is no object without its own length, or null.
func (r *Runtime) lengthOf(v goja.Value) int64 {
	if v == nil || goja.IsNull(v) || goja.IsUndefined(v) {
		return 0
	}
	return r.sizeOf(v)
}

func costSort(r *Runtime, c goja.FunctionCall) int64 {
	n := r.lengthOf(c.This)
	return times(n, int64(bits.Len64(uint64(n))))
}

// costLists is for what copies this and its arguments, which may be arrays.
func costLists(r *Runtime, c goja.FunctionCall) int64 {
	n := int64(len(c.Arguments))
	if _, ok := c.This.(*goja.Object); ok {
		n += r.lengthOf(c.This) / movesPerStep
	}
	for _, a := range c.Arguments {
		if o, ok := a.(*goja.Object); ok {
			switch r.kindOf(o) {
			case kindArray, kindSparse, kindDynamic, kindProxy:
				n += r.sizeOf(o)
			case kindPlain, kindOther:
				if s := o.GetSymbol(goja.SymIsConcatSpreadable); s != nil && s.ToBoolean() {
					n += r.sizeOf(o)
				}
			}
		}
	}
	return n
}

func costMoves(r *Runtime, c goja.FunctionCall) int64 { return r.lengthOf(c.This) / movesPerStep }

func costArrayJoin(r *Runtime, c goja.FunctionCall) int64 {
	o, ok := c.This.(*goja.Object)
	if !ok {
		return textUnits(c.This)
	}
	sep := int64(1)
	if s, ok := c.Argument(0).(goja.String); ok {
		sep = int64(s.Length())
	}
	return r.joined(o, sep)
}

// joined is the cost of joining the texts of a list.
func (r *Runtime) joined(o *goja.Object, sep int64) int64 {
	n := r.sizeOf(o)
	units := times(n, sep)
	if list, ok := r.elements(o); ok && n == int64(len(list)) {
		for _, v := range list {
			units += textUnits(v)
		}
	} else if n <= 1<<24 && r.kindOf(o) != kindProxy {
		r.charge(n)
		for i := range n {
			units += textUnits(o.Get(r.vm.ToValue(i).String()))
		}
	}
	r.joinable(units)
	return n + units/unitsPerStep
}

func costFlat(r *Runtime, c goja.FunctionCall) int64 {
	o, ok := c.This.(*goja.Object)
	if !ok {
		return 1
	}
	depth := 1
	if d := c.Argument(0); !goja.IsUndefined(d) && goja.IsNumber(d) {
		depth = int(min(1<<20, clampSize(d)))
	}
	w := walker{r: r, depth: depth, arraysOnly: true}
	w.walk(o, depth)
	return 1
}

func costFrom(r *Runtime, c goja.FunctionCall) int64 {
	return costFirst(r, c) + int64(len(c.Arguments))
}

// costFirst is for what reads its first argument: an iterable that is no array or
// string is read through a counter.
func costFirst(r *Runtime, c goja.FunctionCall) int64 {
	o, ok := c.Argument(0).(*goja.Object)
	if !ok {
		return textUnits(c.Argument(0))
	}
	if n, ok := r.listed(o); ok {
		return n
	}
	if it := r.throughCounter(o); it != goja.Value(o) {
		c.Arguments[0] = it
		return 1
	}
	return r.sizeOf(o)
}

func costKeys(r *Runtime, c goja.FunctionCall) int64 {
	n := int64(1)
	for _, a := range c.Arguments {
		if !goja.IsNull(a) && !goja.IsUndefined(a) {
			n += r.keysOf(a)
		}
	}
	return n
}

func costApply(r *Runtime, c goja.FunctionCall) int64 {
	n := int64(1)
	for _, a := range c.Arguments {
		if o, ok := a.(*goja.Object); ok {
			switch r.kindOf(o) {
			case kindFunction, kindProxy:
			default:
				n += r.sizeOf(o)
			}
		}
	}
	return n
}

func costSets(r *Runtime, c goja.FunctionCall) int64 {
	return r.lengthOf(c.This) + r.lengthOf(c.Argument(0))
}

func costBytes(r *Runtime, c goja.FunctionCall) int64 { return r.lengthOf(c.This) / unitsPerStep }

func costTyped(r *Runtime, c goja.FunctionCall) int64 {
	n := r.lengthOf(c.This)
	if _, ok := goja.AssertFunction(c.Argument(0)); ok {
		return n
	}
	return n/2 + r.lengthOf(c.Argument(0))/2
}

func costTypedJoin(r *Runtime, c goja.FunctionCall) int64 {
	n := times(r.lengthOf(c.This), 3+textUnits(c.Argument(0)))
	return n / 2
}

func costParse(_ *Runtime, c goja.FunctionCall) int64 { return textUnits(c.Argument(0)) / 2 }

func costGlobalText(_ *Runtime, c goja.FunctionCall) int64 {
	return textUnits(c.Argument(0)) / unitsPerStep
}

func costBigText(_ *Runtime, c goja.FunctionCall) int64 {
	n := words(c.This)
	return times(n, n) / wordsPerStep
}

func costTree(r *Runtime, c goja.FunctionCall) int64 {
	w := walker{r: r}
	w.walk(c.Argument(0), 0)
	if s, ok := c.Argument(2).(goja.String); ok {
		return int64(s.Length())
	}
	return 1
}
