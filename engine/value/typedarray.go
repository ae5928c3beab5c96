package value

import (
	"encoding/binary"
	"math"
	"math/big"
	"strings"
)

// ElemSize is the number of bytes of one element; 0 for ArrayBuffer,
// SharedArrayBuffer and DataView, which have none.
func (t *TypedArray) ElemSize() int {
	switch t.Class {
	case "Int8Array", "Uint8Array", "Uint8ClampedArray":
		return 1
	case "Int16Array", "Uint16Array", "Float16Array":
		return 2
	case "Int32Array", "Uint32Array", "Float32Array":
		return 4
	case "Float64Array", "BigInt64Array", "BigUint64Array":
		return 8
	}
	return 0
}

// Len is the number of elements.
func (t *TypedArray) Len() int {
	if n := t.ElemSize(); n > 0 {
		return len(t.B) / n
	}
	return 0
}

// At is element i as a number or BigInt, undefined outside.
func (t *TypedArray) At(i int) Value {
	if i < 0 || i >= t.Len() {
		return Undefined
	}
	size := t.ElemSize()
	b := t.B[i*size:]
	switch t.Class {
	case "Int8Array":
		return Int(int(int8(b[0])))
	case "Uint8Array", "Uint8ClampedArray":
		return Int(int(b[0]))
	case "Int16Array":
		return Int(int(int16(binary.LittleEndian.Uint16(b))))
	case "Uint16Array":
		return Int(int(binary.LittleEndian.Uint16(b)))
	case "Int32Array":
		return Int(int(int32(binary.LittleEndian.Uint32(b))))
	case "Uint32Array":
		return Num(float64(binary.LittleEndian.Uint32(b)))
	case "Float32Array":
		return Num(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	case "Float64Array":
		return Num(math.Float64frombits(binary.LittleEndian.Uint64(b)))
	case "BigInt64Array":
		return BigInt(big.NewInt(int64(binary.LittleEndian.Uint64(b))))
	case "BigUint64Array":
		return BigInt(new(big.Int).SetUint64(binary.LittleEndian.Uint64(b)))
	}
	return Undefined
}

// SetAt writes element i with JavaScript's conversion; outside it does nothing.
func (t *TypedArray) SetAt(i int, v Value) {
	if i < 0 || i >= t.Len() {
		return
	}
	size := t.ElemSize()
	b := t.B[i*size:]
	switch t.Class {
	case "Float32Array":
		binary.LittleEndian.PutUint32(b, math.Float32bits(canonical32(float32(ToNumber(v)))))
		return
	case "Float64Array":
		binary.LittleEndian.PutUint64(b, canonicalBits(ToNumber(v)))
		return
	case "Uint8ClampedArray":
		b[0] = clampByte(ToNumber(v))
		return
	case "BigInt64Array", "BigUint64Array":
		if x := v.BigInt(); x != nil {
			m := new(big.Int).And(x, new(big.Int).SetUint64(math.MaxUint64))
			binary.LittleEndian.PutUint64(b, m.Uint64())
		}
		return
	}
	n := ToUint32(ToNumber(v))
	switch size {
	case 1:
		b[0] = byte(n)
	case 2:
		binary.LittleEndian.PutUint16(b, uint16(n))
	case 4:
		binary.LittleEndian.PutUint32(b, n)
	}
}

// canonicalBits are the bits of f with every NaN as V8 writes it.
func canonicalBits(f float64) uint64 {
	if math.IsNaN(f) {
		return 0x7FF8000000000000
	}
	return math.Float64bits(f)
}

func canonical32(f float32) float32 {
	if f != f {
		return math.Float32frombits(0x7FC00000)
	}
	return f
}

func clampByte(f float64) byte {
	switch {
	case !(f > 0):
		return 0
	case f >= 255:
		return 255
	}
	return byte(math.RoundToEven(f))
}

func (t *TypedArray) getKey(key string) Value {
	if i, ok := ArrayIndex(key); ok {
		return t.At(int(i))
	}
	switch key {
	case "byteLength":
		return Int(len(t.B))
	case "length":
		if t.ElemSize() > 0 {
			return Int(t.Len())
		}
	case "byteOffset":
		if t.Class != "ArrayBuffer" {
			return Int(0)
		}
	}
	return Undefined
}

func (t *TypedArray) setKey(key string, v Value) {
	if i, ok := ArrayIndex(key); ok {
		t.SetAt(int(i), v)
	}
}

// joined is String(t): the elements with commas between.
func (t *TypedArray) joined() string {
	if t.ElemSize() == 0 {
		return "[object " + t.Class + "]"
	}
	var b strings.Builder
	for i := range t.Len() {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(ToString(t.At(i)))
	}
	return b.String()
}
