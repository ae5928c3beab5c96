package value

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"
)

// From makes a Value of a Go value: a Value, string (WTF-8), float64, int, int64,
// bool, nil (null), []byte (a Buffer), *big.Int, any of the container pointers, a
// Foreign or an error. Maps and slices are refused with a panic: a Go map has no
// order, and a slice does not say whether it is an array or a Buffer.
func From(x any) Value {
	switch x := x.(type) {
	case Value:
		return x
	case string:
		return Str(x)
	case float64:
		return Num(x)
	case int:
		return Int(x)
	case int64:
		return Num(float64(x))
	case bool:
		return Bool(x)
	case nil:
		return Null
	case []byte:
		return Bytes(x)
	case *big.Int:
		return BigInt(x)
	case *Object:
		return Of(x)
	case *Array:
		return Of(x)
	}
	return fromContainer(x)
}

func fromContainer(x any) Value {
	switch x := x.(type) {
	case *Buffer:
		return Of(x)
	case *TypedArray:
		return Of(x)
	case *Date:
		return Of(x)
	case *RegExp:
		return Of(x)
	case *Error:
		return Of(x)
	case *Map:
		return Of(x)
	case *Set:
		return Of(x)
	case *Handle:
		return Of(x)
	case Foreign:
		return Live(x)
	case error:
		return Of(NewError("Error", x.Error()))
	}
	panic(fmt.Sprintf("value.From: a Go %T has no JavaScript form; use Object, Array or Bytes", x))
}

// Truthy reports whether v counts as true in a JavaScript condition.
func Truthy(v Value) bool {
	switch v.kind {
	case KindUndefined, KindNull:
		return false
	case KindBool:
		return v.num != 0
	case KindNumber:
		f := v.Num()
		return f != 0 && f == f
	case KindString:
		return v.num != 0
	case KindBigInt:
		return v.BigInt().Sign() != 0
	}
	return true
}

// ToString is String(v): arrays are joined with commas, a Date is written in
// UTC, an Error as "Name: message". A live object whose toString throws gives "".
func ToString(v Value) string {
	if v.kind == KindString {
		return v.Str()
	}
	return ToStringIn(v, time.UTC)
}

// ToStringIn is ToString with Dates written in the time zone loc.
func ToStringIn(v Value, loc *time.Location) string {
	s, _ := toString(v, loc, nil)
	return s
}

// ToStringStrict is ToString, but gives the error that JavaScript throws: a
// symbol in a text position, or a live object's own toString that fails.
func ToStringStrict(v Value) (string, error) {
	if v.kind == KindSymbol {
		return "", NewError("TypeError", "Cannot convert a Symbol value to a string")
	}
	return toString(v, time.UTC, nil)
}

func toString(v Value, loc *time.Location, within []*Array) (string, error) {
	switch v.kind {
	case KindUndefined:
		return "undefined", nil
	case KindNull:
		return "null", nil
	case KindBool:
		if v.num != 0 {
			return "true", nil
		}
		return "false", nil
	case KindNumber:
		return FormatNumber(v.Num()), nil
	case KindString:
		return v.Str(), nil
	case KindBigInt:
		return v.BigInt().String(), nil
	case KindSymbol:
		return "Symbol(" + v.Str() + ")", nil
	case KindArray:
		return joinArray(v.Array(), ",", loc, within)
	case KindBuffer:
		return Text(v.Buffer().B), nil
	case KindTypedArray:
		return v.TypedArray().joined(), nil
	case KindDate:
		return DateString(v.Date().Ms, loc), nil
	case KindRegExp:
		return "/" + v.RegExp().Source + "/" + v.RegExp().Flags, nil
	case KindError:
		return v.Error().Error(), nil
	case KindForeign:
		return v.Foreign().ToString()
	}
	return ToObjectString(v), nil
}

func joinArray(a *Array, sep string, loc *time.Location, within []*Array) (string, error) {
	for _, w := range within {
		if w == a {
			return "", nil
		}
	}
	if len(within) > maxDepth {
		return "", errStack()
	}
	within = append(within, a)
	var b strings.Builder
	for i, e := range a.Elems {
		if i > 0 {
			b.WriteString(sep)
		}
		if e.IsNullish() {
			continue
		}
		s, err := toString(e, loc, within)
		if err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	return fixJoins(b.String()), nil
}

// Join is Array.prototype.join(sep).
func Join(a *Array, sep string) string {
	s, _ := joinArray(a, sep, time.UTC, nil)
	return s
}

// ToObjectString is Object.prototype.toString.call(v), as "[object Array]".
func ToObjectString(v Value) string {
	switch v.kind {
	case KindUndefined:
		return "[object Undefined]"
	case KindNull:
		return "[object Null]"
	case KindBool:
		return "[object Boolean]"
	case KindNumber:
		return "[object Number]"
	case KindString:
		return "[object String]"
	case KindBigInt:
		return "[object BigInt]"
	case KindSymbol:
		return "[object Symbol]"
	case KindArray:
		return "[object Array]"
	case KindBuffer:
		return "[object Uint8Array]"
	case KindTypedArray:
		return "[object " + v.TypedArray().Class + "]"
	case KindDate:
		return "[object Date]"
	case KindRegExp:
		return "[object RegExp]"
	case KindError:
		return "[object Error]"
	case KindMap:
		return "[object Map]"
	case KindSet:
		return "[object Set]"
	case KindForeign:
		if v.Foreign().TypeOf() == "function" {
			return "[object Function]"
		}
		if v.Foreign().IsArray() {
			return "[object Array]"
		}
	}
	return "[object Object]"
}

// ToPrimitive is JavaScript's ToPrimitive; hint is "default", "number" or
// "string". Only a Date tells the first two apart.
func ToPrimitive(v Value, hint string) Value {
	if v.kind < KindObject {
		return v
	}
	if v.kind == KindDate && hint == "number" {
		return Num(v.Date().Ms)
	}
	return Str(ToString(v))
}

// ToNumber is Number(v); a symbol, on which JavaScript throws, gives NaN.
func ToNumber(v Value) float64 {
	switch v.kind {
	case KindNumber:
		return v.Num()
	case KindUndefined, KindSymbol:
		return math.NaN()
	case KindNull:
		return 0
	case KindBool:
		return float64(v.num)
	case KindString:
		return ParseNumber(v.Str())
	case KindBigInt:
		return bigToFloat(v.BigInt())
	case KindDate:
		return v.Date().Ms
	}
	return ParseNumber(ToString(v))
}

func bigToFloat(b *big.Int) float64 {
	f, _ := new(big.Float).SetInt(b).Float64()
	return f
}
