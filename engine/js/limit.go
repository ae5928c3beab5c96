package js

import (
	"errors"
	"math"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// A step limit makes code that does not end, or wants too much memory, stop at the
// same point on every machine. Counted are
//   - every turn of a loop and every call, with what they make (limitcode.go);
//   - every operator that joins strings or large integers, by their size;
//   - the texts that eval and Function make code of (evalcode.go), by their length;
//   - what the language's own functions do, by the size of what they are given or
//     make (limitcalls.go, limitmake.go);
//   - the steps of regular expressions, which then run on our own engine
//     (limitregex.go).
//
// What would go beyond the limit is not begun. A stop cannot be caught: all code of
// the turn ends, the node gets an error, and the next turn starts afresh.

// counting says what of a program is counted.
type counting uint8

const (
	countNothing counting = iota
	countTurns            // loop turns and calls: the timeout of a node
	countAll
)

// Sizes that make a step: it stands for at most so much memory, or for about as
// much work as a loop turn.
const (
	unitsPerStep   = 8  // of text made
	readPerStep    = 64 // of text only read
	wordsPerStep   = 8  // of large integers
	movesPerStep   = 64 // elements of arrays moved
	matchesPerStep = 8  // steps of a regular expression
)

// steps is the part of a Runtime that counts.
type steps struct {
	left    int64
	stopped bool  // this turn was stopped
	end     int64 // the steps that were left when it was stopped
	asked   int64 // and how many it asked for
	limited bool  // the built-in functions are counted
	regexes regexes
	// arrayValues is the iterator of arrays that the language starts with.
	arrayValues goja.Value
}

// counting says what is counted in the programs of a function node.
func (f *Function) counting() counting {
	if f.r.options.MaxSteps > 0 {
		return countAll
	}
	if f.budget() > 0 {
		return countTurns
	}
	return countNothing
}

// counting says what is counted in programs that are no function node's.
func (r *Runtime) counting() counting {
	if r.options.MaxSteps > 0 {
		return countAll
	}
	return countNothing
}

// refill gives a new turn its steps; 0 is no limit.
func (r *Runtime) refill(n int64) {
	if n == 0 {
		n = math.MaxInt64
	}
	r.steps.left = n
	if r.steps.stopped {
		r.steps.stopped = false
		r.vm.ClearInterrupt()
	}
}

// errSteps is what code is stopped with; the texts are those of Node.js where it has one.
func (r *Runtime) errSteps() error {
	if f := r.current; f != nil && f.source.Timeout > 0 && f.budget() != r.options.MaxSteps {
		return errors.New("Script execution timed out after " + value.FormatNumber(f.source.Timeout) + "ms")
	}
	return errors.New("Script execution was stopped: it took too many steps")
}

// runOut stops the code, for which n further steps are too many, before its next
// instruction.
func (r *Runtime) runOut(n int64) {
	if !r.steps.stopped {
		r.steps.end, r.steps.asked = r.steps.left+n, n
	}
	r.steps.left, r.steps.stopped = 0, true
	r.Interrupt(r.errSteps().Error())
}

// charge takes n steps; with too few left the code ends here, by a panic that
// JavaScript cannot catch. It may only be called below JavaScript.
func (r *Runtime) charge(n int64) {
	if !r.steps.limited {
		return
	}
	if r.steps.left -= n; n >= 0 && r.steps.left > 0 {
		return
	}
	r.runOut(n)
	_, err := r.function("halt")(r.undefined) // gives goja's own error of a stop
	panic(err)
}

// uncounted runs f without counting: what is made at first use must not make the
// first turn that uses it longer.
func (r *Runtime) uncounted(f func()) {
	before, limited := r.steps.left, r.steps.limited
	r.steps.left, r.steps.limited = math.MaxInt64, false
	defer func() { r.steps.left, r.steps.limited = before, limited }()
	f()
}

// textUnits is the length of a string, 0 for anything else.
func textUnits(v goja.Value) int64 {
	if s, ok := v.(goja.String); ok {
		return int64(s.Length())
	}
	return 0
}

// times is a*b, as much as there is at most.
func times(a, b int64) int64 {
	if a > 0 && b > math.MaxInt64/4/a {
		return math.MaxInt64 / 4
	}
	return a * b
}

// sizeOf is the number of elements of what has elements, or of UTF-16 units of a string.
func (r *Runtime) sizeOf(v goja.Value) int64 {
	o, ok := v.(*goja.Object)
	if !ok {
		return textUnits(v)
	}
	switch self := selfOf(o); self.tab {
	case r.tabs.array:
		return int64((*arrayLayout)(self.data).length)
	case r.tabs.dynArray:
		if w, ok := r.wrapper(o).(*arrayView); ok {
			return int64(len(w.a.Elems))
		}
	}
	name := "length"
	switch r.kindOf(o) {
	case kindMap, kindSet:
		name = "size"
	case kindBytes:
		name = "byteLength"
	}
	return clampSize(o.Get(name))
}

// clampSize is ToLength.
func clampSize(v goja.Value) int64 {
	if v == nil {
		return 0
	}
	f := v.ToFloat()
	if !(f > 0) {
		return 0
	}
	return int64(math.Min(f, 1<<53-1))
}

// keysOf is the number of own properties of an object.
func (r *Runtime) keysOf(v goja.Value) int64 {
	o, ok := v.(*goja.Object)
	if !ok {
		return textUnits(v)
	}
	switch self := selfOf(o); self.tab {
	case r.tabs.plain:
		return int64(len((*baseLayout)(self.data).propNames))
	case r.tabs.dynObject:
		if w, ok := r.wrapper(o).(*object); ok {
			return int64(w.o.Len())
		}
	}
	switch r.kindOf(o) {
	case kindArray, kindSparse, kindTyped, kindDynamic:
		return r.sizeOf(o)
	case kindProxy:
		return 1 // its traps are counted
	}
	return int64(len(o.GetOwnPropertyNames()))
}
