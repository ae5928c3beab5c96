package js

import (
	"math/big"

	"github.com/dop251/goja"
)

// What the operators do, counted before they run. A function here reports true if
// the code was stopped.

// maxBigBits is V8's limit for the size of a BigInt.
const maxBigBits = 1 << 30

// words is the size of a BigInt in 64-bit words, 0 for anything else.
func words(v goja.Value) int64 {
	if !goja.IsBigInt(v) {
		return 0
	}
	b, _ := v.Export().(*big.Int)
	return int64(b.BitLen()+63) / 64
}

// joinable throws if a string of so many units is longer than V8's may be.
func (r *Runtime) joinable(units int64) {
	if units > maxText {
		panic(r.rangeError("Invalid string length"))
	}
}

func beforeAdd(r *Runtime, a, b goja.Value) bool {
	x, y := textUnits(a), textUnits(b)
	if x > 0 && y > 0 {
		r.joinable(x + y)
	}
	if n := x + y; n > 0 {
		return r.take(n / unitsPerStep)
	}
	if goja.IsBigInt(a) {
		return r.take((words(a) + words(b)) / wordsPerStep)
	}
	return false
}

// operands makes primitives of the operands of +, so that their size is known.
func operands(r *Runtime, pair *[2]goja.Value) {
	for i, v := range pair {
		o, ok := v.(*goja.Object)
		if !ok {
			continue
		}
		v, err := r.function("primitive")(r.undefined, o)
		if err != nil {
			panic(err)
		}
		pair[i] = v
	}
}

func beforeMultiply(r *Runtime, a, b goja.Value) bool {
	x, y := words(a), words(b)
	if x > 0 && y > 0 && (x+y-2)*64 > maxBigBits {
		panic(r.rangeError("Maximum BigInt size exceeded"))
	}
	return x > 0 && y > 0 && r.take(times(x, y)/wordsPerStep)
}

// chargePower charges for x ** y of BigInts.
func (r *Runtime) chargePower(x, y *big.Int) {
	if !r.steps.limited || x.BitLen() <= 1 {
		return
	}
	size := times(int64(x.BitLen()), y.Int64())
	if size > 2*maxBigBits {
		panic(r.rangeError("Maximum BigInt size exceeded"))
	}
	n, root := size/64, int64(1)
	for root*root < n {
		root *= 2
	}
	r.charge(times(n, root) / wordsPerStep)
}

func beforeShift(r *Runtime, a, b goja.Value) bool {
	if !goja.IsBigInt(a) || !goja.IsBigInt(b) {
		return false
	}
	n, _ := b.Export().(*big.Int)
	if n.Sign() > 0 && words(a) > 0 && (!n.IsInt64() || n.Int64() > maxBigBits) {
		panic(r.rangeError("Maximum BigInt size exceeded"))
	}
	by := int64(0)
	if n.Sign() > 0 && n.IsInt64() {
		by = n.Int64() / 64
	}
	return r.take((words(a) + by) / wordsPerStep)
}

func beforeCompare(r *Runtime, a, b goja.Value) bool {
	if n := min(textUnits(a), textUnits(b)); n >= readPerStep {
		return r.take(n / readPerStep)
	}
	return false
}

func beforeJoin(r *Runtime, args []goja.Value) bool {
	n := int64(0)
	for _, a := range args {
		n += textUnits(a)
	}
	r.joinable(n)
	return r.take(n / unitsPerStep)
}

// beforeSpread counts what a spread will read; what is not an ordinary array or
// string is read by a generator that counts.
func beforeSpread(r *Runtime, args []goja.Value) bool {
	if n, ok := r.listed(args[0]); ok {
		return r.take(n)
	}
	args[0] = r.throughCounter(args[0])
	return false
}

// listed gives the number of elements of an array or string that is read as such.
func (r *Runtime) listed(v goja.Value) (int64, bool) {
	o, ok := v.(*goja.Object)
	if !ok {
		return textUnits(v), true
	}
	switch selfOf(o).tab {
	case r.tabs.array, r.tabs.dynArray:
		if it := o.GetSymbol(goja.SymIterator); it != nil && it == r.steps.arrayValues {
			return r.sizeOf(o), true
		}
	}
	return 0, false
}

// throughCounter gives an iterable that reads v and counts what it reads.
func (r *Runtime) throughCounter(v goja.Value) goja.Value {
	o, ok := v.(*goja.Object)
	if !ok {
		return v
	}
	if _, ok := goja.AssertFunction(o.GetSymbol(goja.SymIterator)); !ok {
		return v
	}
	it, err := r.function("counted")(r.undefined, v)
	if err != nil {
		panic(err)
	}
	return it
}

func afterRest(r *Runtime, result goja.Value) { r.take(r.sizeOf(result)) }

func beforeKeys(r *Runtime, args []goja.Value) bool {
	if o, ok := args[0].(*goja.Object); ok {
		return r.take(r.keysOf(o) / 4)
	}
	return r.take(textUnits(args[0]))
}
