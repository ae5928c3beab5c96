package value

import (
	"bytes"
	"math"
	"math/big"
)

// maxDepth bounds recursion over values that may be nested without end.
const maxDepth = 100_000

func errStack() *Error { return NewError("RangeError", "Maximum call stack size exceeded") }

// StrictEqual is JavaScript's a === b.
func StrictEqual(a, b Value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case KindUndefined, KindNull:
		return true
	case KindBool:
		return a.num == b.num
	case KindNumber:
		return a.Num() == b.Num()
	case KindString:
		return a.Str() == b.Str()
	case KindBigInt:
		return a.BigInt().Cmp(b.BigInt()) == 0
	case KindSymbol:
		return a.ptr == b.ptr && a.num == b.num
	}
	return SameObject(a, b)
}

// SameValueZero is the equality of Map keys and Array.includes: as ===, but NaN
// equals NaN.
func SameValueZero(a, b Value) bool {
	if a.kind == KindNumber && b.kind == KindNumber && math.IsNaN(a.Num()) && math.IsNaN(b.Num()) {
		return true
	}
	return StrictEqual(a, b)
}

// SameValue is Object.is(a, b): as SameValueZero, but 0 and -0 differ.
func SameValue(a, b Value) bool {
	if a.kind == KindNumber && b.kind == KindNumber && a.Num() == 0 && b.Num() == 0 {
		return math.Signbit(a.Num()) == math.Signbit(b.Num())
	}
	return SameValueZero(a, b)
}

// LooseEqual is JavaScript's a == b.
func LooseEqual(a, b Value) bool {
	if a.kind == b.kind {
		return StrictEqual(a, b)
	}
	if a.IsNullish() || b.IsNullish() {
		return a.IsNullish() && b.IsNullish()
	}
	if a.kind >= KindObject && b.kind >= KindObject {
		return false
	}
	if a.kind == KindBool {
		return LooseEqual(Num(float64(a.num)), b)
	}
	if b.kind == KindBool {
		return LooseEqual(a, Num(float64(b.num)))
	}
	if a.kind >= KindObject {
		return LooseEqual(ToPrimitive(a, "default"), b)
	}
	if b.kind >= KindObject {
		return LooseEqual(a, ToPrimitive(b, "default"))
	}
	if a.kind == KindSymbol || b.kind == KindSymbol {
		return false
	}
	if a.kind == KindBigInt || b.kind == KindBigInt {
		c, ok := compareBig(a, b)
		return ok && c == 0
	}
	return ToNumber(a) == ToNumber(b)
}

// Less is JavaScript's a < b; comparable is false where JavaScript's answer is
// undefined (a NaN is involved), and then all of < <= > >= are false.
func Less(a, b Value) (less, comparable bool) {
	c, ok := Compare(a, b)
	return ok && c < 0, ok
}

// Compare orders a and b as JavaScript's < and > do: two strings (after
// conversion to primitives) by UTF-16 units, everything else as numbers. ok is
// false where a NaN is involved.
func Compare(a, b Value) (order int, ok bool) {
	if a.kind >= KindObject {
		a = ToPrimitive(a, "number")
	}
	if b.kind >= KindObject {
		b = ToPrimitive(b, "number")
	}
	if a.kind == KindString && b.kind == KindString {
		return CompareStrings(a.Str(), b.Str()), true
	}
	if a.kind == KindBigInt || b.kind == KindBigInt {
		return compareBig(a, b)
	}
	x, y := ToNumber(a), ToNumber(b)
	switch {
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	case x == y:
		return 0, true
	}
	return 0, false
}

// compareBig compares two primitives of which at least one is a BigInt.
func compareBig(a, b Value) (int, bool) {
	if a.kind != KindBigInt {
		c, ok := compareBig(b, a)
		return -c, ok
	}
	x := a.BigInt()
	switch b.kind {
	case KindBigInt:
		return x.Cmp(b.BigInt()), true
	case KindString:
		y, ok := ParseBigInt(b.Str())
		if !ok {
			return 0, false
		}
		return x.Cmp(y), true
	}
	f := ToNumber(b)
	if math.IsNaN(f) {
		return 0, false
	}
	return new(big.Float).SetInt(x).Cmp(big.NewFloat(f)), true
}

// DeepEqual is Node-RED's RED.util.compareObjects: arrays by element, Buffers by
// bytes, everything else by its own enumerable properties (so any two Dates or
// Maps are equal).
func DeepEqual(a, b Value) bool { return deepEqual(a, b, 0) }

func deepEqual(a, b Value, depth int) bool {
	if StrictEqual(a, b) {
		return true
	}
	if a.IsNullish() || b.IsNullish() || depth > maxDepth {
		return false
	}
	isA, isB := IsArray(a), IsArray(b)
	if isA != isB {
		return false
	}
	if isA {
		return equalElems(a, b, depth)
	}
	if (a.kind == KindBuffer) != (b.kind == KindBuffer) {
		return false
	}
	if a.kind == KindBuffer {
		return bytes.Equal(a.Buffer().B, b.Buffer().B)
	}
	if a.TypeOf() != "object" || b.TypeOf() != "object" {
		return false
	}
	keys := Keys(a)
	if len(keys) != len(Keys(b)) {
		return false
	}
	for _, k := range keys {
		x, _ := GetKey(a, k)
		y, _ := GetKey(b, k)
		if !deepEqual(x, y, depth+1) {
			return false
		}
	}
	return true
}

func equalElems(a, b Value, depth int) bool {
	n := Length(a)
	if n != Length(b) {
		return false
	}
	for i := 0; i < n; i++ {
		if !deepEqual(Index(a, i), Index(b, i), depth+1) {
			return false
		}
	}
	return true
}

// IsArray is Array.isArray(v).
func IsArray(v Value) bool {
	return v.kind == KindArray || v.kind == KindForeign && v.Foreign().IsArray()
}
