package value

import (
	"math"
	"math/big"
	"unsafe"
)

// Kind says what a Value holds.
type Kind uint8

// The kinds of value. The zero Value is undefined.
const (
	KindUndefined Kind = iota
	KindNull
	KindBool
	KindNumber
	KindString
	KindBigInt
	KindSymbol
	KindObject     // *Object: a plain object
	KindArray      // *Array
	KindBuffer     // *Buffer: Node's Buffer
	KindTypedArray // *TypedArray: the other views, DataView and ArrayBuffer
	KindDate       // *Date
	KindRegExp     // *RegExp
	KindError      // *Error
	KindMap        // *Map
	KindSet        // *Set
	KindForeign    // Foreign: a live value of the JavaScript engine
	KindHandle     // *Handle: something outside (a request, a response, a socket)
)

// Value is one JavaScript value. It is not comparable with ==: use StrictEqual
// or SameObject.
type Value struct {
	_    [0]func()
	ptr  unsafe.Pointer
	num  uint64
	kind Kind
}

// Undefined and Null are the two empty values; the zero Value is Undefined.
var (
	Undefined = Value{}
	Null      = Value{kind: KindNull}
	True      = Value{kind: KindBool, num: 1}
	False     = Value{kind: KindBool}
)

// Bool gives true or false.
func Bool(b bool) Value {
	if b {
		return True
	}
	return False
}

// Num gives a number.
func Num(f float64) Value { return Value{kind: KindNumber, num: math.Float64bits(f)} }

// Int gives a number that is an integer.
func Int(i int) Value { return Num(float64(i)) }

// Str gives a string; s must be WTF-8 (every valid UTF-8 string is). Use
// Text for bytes that may be invalid.
func Str(s string) Value {
	return Value{kind: KindString, ptr: unsafe.Pointer(unsafe.StringData(s)), num: uint64(len(s))}
}

// BigInt gives a BigInt; b must not be changed afterwards.
func BigInt(b *big.Int) Value { return Value{kind: KindBigInt, ptr: unsafe.Pointer(b)} }

// Symbol gives a symbol that stands for a description only.
func Symbol(description string) Value {
	v := Str(description)
	v.kind = KindSymbol
	return v
}

// Of makes a Value of one of the container pointers: *Object, *Array, *Buffer,
// *TypedArray, *Date, *RegExp, *Error, *Map, *Set, *Handle or a Foreign. A nil
// pointer gives undefined.
func Of[T *Object | *Array | *Buffer | *TypedArray | *Date | *RegExp | *Error | *Map | *Set | *Handle](p T) Value {
	switch p := any(p).(type) {
	case *Object:
		return ref(KindObject, unsafe.Pointer(p))
	case *Array:
		return ref(KindArray, unsafe.Pointer(p))
	case *Buffer:
		return ref(KindBuffer, unsafe.Pointer(p))
	case *TypedArray:
		return ref(KindTypedArray, unsafe.Pointer(p))
	case *Date:
		return ref(KindDate, unsafe.Pointer(p))
	case *RegExp:
		return ref(KindRegExp, unsafe.Pointer(p))
	case *Error:
		return ref(KindError, unsafe.Pointer(p))
	case *Map:
		return ref(KindMap, unsafe.Pointer(p))
	case *Set:
		return ref(KindSet, unsafe.Pointer(p))
	case *Handle:
		return ref(KindHandle, unsafe.Pointer(p))
	}
	return Undefined
}

// Live makes a Value of a live value of the JavaScript engine.
func Live(f Foreign) Value {
	if f == nil {
		return Undefined
	}
	return Value{kind: KindForeign, ptr: unsafe.Pointer(&f)}
}

// LiveAt is Live for an element of a list that will not change: many cost one allocation.
func LiveAt(list []Foreign, i int) Value {
	return Value{kind: KindForeign, ptr: unsafe.Pointer(&list[i])}
}

func ref(k Kind, p unsafe.Pointer) Value {
	if p == nil {
		return Undefined
	}
	return Value{kind: k, ptr: p}
}

// Kind says what v holds.
func (v Value) Kind() Kind { return v.kind }

// IsUndefined reports whether v is undefined.
func (v Value) IsUndefined() bool { return v.kind == KindUndefined }

// IsNull reports whether v is null.
func (v Value) IsNull() bool { return v.kind == KindNull }

// IsNullish reports whether v is undefined or null.
func (v Value) IsNullish() bool { return v.kind <= KindNull }

// IsString reports whether v is a string.
func (v Value) IsString() bool { return v.kind == KindString }

// IsNumber reports whether v is a number (NaN is one).
func (v Value) IsNumber() bool { return v.kind == KindNumber }

// IsBool reports whether v is a boolean.
func (v Value) IsBool() bool { return v.kind == KindBool }

// Bool is the boolean v holds, false if it holds none. Truthy converts.
func (v Value) Bool() bool { return v.kind == KindBool && v.num != 0 }

// Num is the number v holds, 0 if it holds none. ToNumber converts.
func (v Value) Num() float64 {
	if v.kind != KindNumber {
		return 0
	}
	return math.Float64frombits(v.num)
}

// Str is the string v holds (or a symbol's description), "" if it holds none.
// ToString converts.
func (v Value) Str() string {
	if v.kind != KindString && v.kind != KindSymbol {
		return ""
	}
	return unsafe.String((*byte)(v.ptr), int(v.num))
}

// BigInt is the BigInt v holds, or nil. It must not be changed.
func (v Value) BigInt() *big.Int {
	if v.kind != KindBigInt {
		return nil
	}
	return (*big.Int)(v.ptr)
}

// Object is the plain object v holds, or nil.
func (v Value) Object() *Object {
	if v.kind != KindObject {
		return nil
	}
	return (*Object)(v.ptr)
}

// Array is the array v holds, or nil.
func (v Value) Array() *Array {
	if v.kind != KindArray {
		return nil
	}
	return (*Array)(v.ptr)
}

// Buffer is the buffer v holds, or nil.
func (v Value) Buffer() *Buffer {
	if v.kind != KindBuffer {
		return nil
	}
	return (*Buffer)(v.ptr)
}

// TypedArray is the typed array v holds, or nil.
func (v Value) TypedArray() *TypedArray {
	if v.kind != KindTypedArray {
		return nil
	}
	return (*TypedArray)(v.ptr)
}

// Date is the date v holds, or nil.
func (v Value) Date() *Date {
	if v.kind != KindDate {
		return nil
	}
	return (*Date)(v.ptr)
}

// RegExp is the regular expression v holds, or nil.
func (v Value) RegExp() *RegExp {
	if v.kind != KindRegExp {
		return nil
	}
	return (*RegExp)(v.ptr)
}

// Error is the error v holds, or nil.
func (v Value) Error() *Error {
	if v.kind != KindError {
		return nil
	}
	return (*Error)(v.ptr)
}

// Map is the Map v holds, or nil.
func (v Value) Map() *Map {
	if v.kind != KindMap {
		return nil
	}
	return (*Map)(v.ptr)
}

// Set is the Set v holds, or nil.
func (v Value) Set() *Set {
	if v.kind != KindSet {
		return nil
	}
	return (*Set)(v.ptr)
}

// Foreign is the live value v holds, or nil.
func (v Value) Foreign() Foreign {
	if v.kind != KindForeign {
		return nil
	}
	return *(*Foreign)(v.ptr)
}

// Handle is the handle v holds, or nil.
func (v Value) Handle() *Handle {
	if v.kind != KindHandle {
		return nil
	}
	return (*Handle)(v.ptr)
}

// IsObject reports whether typeof v is "object" (and v is not null) or "function".
func (v Value) IsObject() bool { return v.kind >= KindObject }

// TypeOf is JavaScript's typeof v.
func (v Value) TypeOf() string {
	switch v.kind {
	case KindUndefined:
		return "undefined"
	case KindBool:
		return "boolean"
	case KindNumber:
		return "number"
	case KindString:
		return "string"
	case KindBigInt:
		return "bigint"
	case KindSymbol:
		return "symbol"
	case KindForeign:
		return v.Foreign().TypeOf()
	}
	return "object"
}

// SameObject reports whether a and b are the same container (not an equal one).
func SameObject(a, b Value) bool {
	if a.kind != b.kind || a.kind < KindObject {
		return false
	}
	if a.kind == KindForeign {
		return a.Foreign().Same(b.Foreign())
	}
	return a.ptr == b.ptr
}
