package value

import (
	"math"
	"strconv"
)

// GetKey reads the property key of any value, as v[key] does for own properties
// and the accessors that hold data (length, size, source …); methods are not
// found. Reading a property of undefined or null gives JavaScript's TypeError.
func GetKey(v Value, key string) (Value, error) {
	switch v.kind {
	case KindObject:
		return v.Object().Get(key), nil
	case KindArray:
		return v.Array().getKey(key), nil
	case KindUndefined, KindNull:
		return Undefined, NewError("TypeError", "Cannot read properties of "+v.nullName()+" (reading '"+key+"')")
	case KindString:
		return stringKey(v.Str(), key), nil
	case KindForeign:
		return v.Foreign().Get(key)
	case KindHandle:
		if v.Handle().Own() != nil {
			return v.Handle().Props.Get(key), nil
		}
		return Undefined, nil
	case KindError:
		return v.Error().getKey(key), nil
	}
	return dataKey(v, key), nil
}

func (v Value) nullName() string {
	if v.kind == KindNull {
		return "null"
	}
	return "undefined"
}

func (a *Array) getKey(key string) Value {
	if i, ok := ArrayIndex(key); ok {
		return a.At(int(i))
	}
	if key == "length" {
		return Int(len(a.Elems))
	}
	if a.Extra != nil {
		return a.Extra.Get(key)
	}
	return Undefined
}

func stringKey(s, key string) Value {
	if key == "length" {
		return Int(UTF16Len(s))
	}
	if i, ok := ArrayIndex(key); ok && int(i) < len(s) {
		if c := Slice(s, int(i), int(i)+1); c != "" {
			return Str(c)
		}
	}
	return Undefined
}

func (e *Error) getKey(key string) Value {
	if e.Props != nil {
		if p, ok := e.Props.Lookup(key); ok {
			return p
		}
	}
	switch key {
	case "name":
		return Str(e.Name)
	case "message":
		return Str(e.Message)
	case "stack":
		return Str(e.stack())
	}
	return Undefined
}

// stack is the error's stack, its text if it has none.
func (e *Error) stack() string {
	if e.Stack == "" {
		return e.Error()
	}
	return e.Stack
}

func dataKey(v Value, key string) Value {
	switch v.kind {
	case KindBuffer:
		if i, ok := ArrayIndex(key); ok && int(i) < len(v.Buffer().B) {
			return Int(int(v.Buffer().B[i]))
		}
		if key == "length" || key == "byteLength" {
			return Int(len(v.Buffer().B))
		}
	case KindTypedArray:
		return v.TypedArray().getKey(key)
	case KindRegExp:
		return v.RegExp().getKey(key)
	case KindMap:
		if key == "size" {
			return Int(len(v.Map().Pairs))
		}
	case KindSet:
		if key == "size" {
			return Int(len(v.Set().Items))
		}
	case KindSymbol:
		if key == "description" {
			return Str(v.Str())
		}
	}
	return Undefined
}

func (r *RegExp) getKey(key string) Value {
	flag := byte(0)
	switch key {
	case "source":
		return Str(r.Source)
	case "flags":
		return Str(r.Flags)
	case "lastIndex":
		return Int(0)
	case "global":
		flag = 'g'
	case "ignoreCase":
		flag = 'i'
	case "multiline":
		flag = 'm'
	case "dotAll":
		flag = 's'
	case "unicode":
		flag = 'u'
	case "sticky":
		flag = 'y'
	case "hasIndices":
		flag = 'd'
	default:
		return Undefined
	}
	for i := range r.Flags {
		if r.Flags[i] == flag {
			return True
		}
	}
	return False
}

// SetKey writes the property key of any value, as v[key] = x does in sloppy
// mode: a write to a primitive is ignored. Writing to undefined or null gives
// JavaScript's TypeError.
func SetKey(v Value, key string, x Value) error {
	switch v.kind {
	case KindObject:
		v.Object().Set(key, x)
	case KindArray:
		return v.Array().setKey(key, x)
	case KindUndefined, KindNull:
		return NewError("TypeError", "Cannot set properties of "+v.nullName()+" (setting '"+key+"')")
	case KindForeign:
		return v.Foreign().Set(key, x)
	case KindBuffer:
		if i, ok := ArrayIndex(key); ok && int(i) < len(v.Buffer().B) {
			v.Buffer().B[i] = byte(ToUint32(ToNumber(x)))
		}
	case KindTypedArray:
		v.TypedArray().setKey(key, x)
	case KindError:
		v.Error().setKey(key, x)
	case KindHandle:
		if v.Handle().Own() == nil {
			v.Handle().Props = NewObject()
		}
		v.Handle().Props.Set(key, x)
	}
	return nil
}

func (a *Array) setKey(key string, x Value) error {
	if i, ok := ArrayIndex(key); ok {
		if !a.SetAt(int(i), x) {
			return NewError("RangeError", "Invalid array length")
		}
		return nil
	}
	if key == "length" {
		return a.SetLength(ToNumber(x))
	}
	if a.Extra == nil {
		a.Extra = NewObject()
	}
	a.Extra.Set(key, x)
	return nil
}

// SetLength is a.length = n: it cuts the array or fills it with undefined.
func (a *Array) SetLength(n float64) error {
	if n != math.Trunc(n) || n < 0 || n > 1<<32-1 || n > float64(len(a.Elems)+maxGrow) {
		return NewError("RangeError", "Invalid array length")
	}
	if int(n) <= len(a.Elems) {
		clear(a.Elems[int(n):])
		a.Elems = a.Elems[:int(n)]
		return nil
	}
	a.Elems = append(a.Elems, make([]Value, int(n)-len(a.Elems))...)
	return nil
}

func (e *Error) setKey(key string, x Value) {
	if x.kind == KindString {
		switch key {
		case "name":
			e.Name = x.Str()
			return
		case "message":
			e.Message = x.Str()
			return
		case "stack":
			e.Stack = x.Str()
			return
		}
	}
	e.SetProp(key, x)
}

// DeleteKey is delete v[key]: elements of arrays become undefined, a missing
// property is no error; undefined and null give JavaScript's TypeError.
func DeleteKey(v Value, key string) error {
	switch v.kind {
	case KindUndefined, KindNull:
		return NewError("TypeError", "Cannot convert undefined or null to object")
	case KindObject:
		v.Object().Delete(key)
	case KindArray:
		if i, ok := ArrayIndex(key); ok {
			if int(i) < v.Array().Len() {
				v.Array().Elems[i] = Undefined
			}
		} else if v.Array().Extra != nil {
			v.Array().Extra.Delete(key)
		}
	case KindForeign:
		return v.Foreign().Delete(key)
	case KindError:
		if v.Error().Props != nil {
			v.Error().Props.Delete(key)
		}
	case KindHandle:
		if v.Handle().Own() != nil {
			v.Handle().Props.Delete(key)
		}
	}
	return nil
}

// HasOwn is Object.hasOwn(v, key); undefined and null give false.
func HasOwn(v Value, key string) bool {
	switch v.kind {
	case KindObject:
		return v.Object().Has(key)
	case KindArray:
		a := v.Array()
		if i, ok := ArrayIndex(key); ok {
			return int(i) < len(a.Elems)
		}
		return key == "length" || a.Extra != nil && a.Extra.Has(key)
	case KindString:
		return !stringKey(v.Str(), key).IsUndefined()
	case KindBuffer, KindTypedArray:
		i, ok := ArrayIndex(key)
		return ok && int(i) < Length(v)
	case KindError:
		e := v.Error()
		return key == "stack" || key == "message" && e.Message != "" || e.Props != nil && e.Props.Has(key)
	case KindHandle:
		return v.Handle().Own() != nil && v.Handle().Props.Has(key)
	case KindRegExp:
		return key == "lastIndex"
	case KindForeign:
		x, err := v.Foreign().Get(key)
		return err == nil && !x.IsUndefined()
	}
	return false
}

// Keys is Object.keys(v): the own enumerable string keys in JavaScript's order.
func Keys(v Value) []string {
	switch v.kind {
	case KindObject:
		return v.Object().Keys()
	case KindForeign:
		return v.Foreign().Keys()
	case KindHandle:
		if v.Handle().Own() != nil {
			return v.Handle().Props.Keys()
		}
	case KindError:
		return v.Error().keys()
	case KindArray, KindString, KindBuffer, KindTypedArray:
		return indexKeys(v)
	}
	return nil
}

// keys are the enumerable ones: all further properties but cause, which the
// Error constructor makes non-enumerable.
func (e *Error) keys() []string {
	if e.Props == nil {
		return nil
	}
	var keys []string
	for _, k := range e.Props.Keys() {
		if k != "cause" {
			keys = append(keys, k)
		}
	}
	return keys
}

func indexKeys(v Value) []string {
	n := Length(v)
	keys := make([]string, n)
	for i := range keys {
		keys[i] = strconv.Itoa(i)
	}
	if v.kind == KindArray && v.Array().Extra != nil {
		keys = append(keys, v.Array().Extra.Keys()...)
	}
	return keys
}

// Length is v.length of an array, string, Buffer or typed array; 0 otherwise.
func Length(v Value) int {
	switch v.kind {
	case KindArray:
		return len(v.Array().Elems)
	case KindString:
		return UTF16Len(v.Str())
	case KindBuffer:
		return len(v.Buffer().B)
	case KindTypedArray:
		return v.TypedArray().Len()
	case KindForeign:
		n, err := v.Foreign().Get("length")
		if err == nil && n.IsNumber() && n.Num() >= 0 && n.Num() < 1<<31 {
			return int(n.Num())
		}
	}
	return 0
}

// Elements gives the elements of an array, in place if it is one of ours.
func Elements(v Value) []Value {
	if a := v.Array(); a != nil {
		return a.Elems
	}
	list := make([]Value, Length(v))
	for i := range list {
		list[i] = Index(v, i)
	}
	return list
}

// Index is v[i], undefined where there is none.
func Index(v Value, i int) Value {
	if v.kind == KindArray {
		return v.Array().At(i)
	}
	if i < 0 || v.IsNullish() {
		return Undefined
	}
	x, _ := GetKey(v, strconv.Itoa(i))
	return x
}
