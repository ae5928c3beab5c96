package js

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"

	"github.com/dop251/goja"
)

// numberForm is one of the forms in which Buffer reads and writes numbers.
type numberForm struct {
	name     string
	size     int
	signed   bool
	float    bool
	big      bool
	variable bool // the size is an argument
}

var numberForms = []numberForm{
	{name: "UInt8", size: 1}, {name: "Int8", size: 1, signed: true},
	{name: "UInt16", size: 2}, {name: "Int16", size: 2, signed: true},
	{name: "UInt32", size: 4}, {name: "Int32", size: 4, signed: true},
	{name: "Float", size: 4, float: true}, {name: "Double", size: 8, float: true},
	{name: "BigUInt64", size: 8, big: true}, {name: "BigInt64", size: 8, big: true, signed: true},
	{name: "UInt", variable: true}, {name: "Int", signed: true, variable: true},
}

// numberAccess sets readX and writeX for all forms and both byte orders. They get
// the buffer as their first argument.
func (r *Runtime) numberAccess(o *goja.Object) {
	for _, f := range numberForms {
		for _, order := range []string{"LE", "BE"} {
			if f.size == 1 {
				order = ""
			}
			little := order == "LE"
			_ = o.Set("read"+f.name+order, r.nativeFunc("read"+f.name+order, func(c goja.FunctionCall) goja.Value {
				return r.readNumber(f, little, c)
			}))
			_ = o.Set("write"+f.name+order, r.nativeFunc("write"+f.name+order, func(c goja.FunctionCall) goja.Value {
				return r.writeNumber(f, little, c)
			}))
			if f.size == 1 {
				break
			}
		}
	}
}

// nodeError throws an error with a code, as Node's own functions do.
func (r *Runtime) nodeError(class, code, format string, args ...any) {
	e := r.construct(r.builtin(class), r.str(fmt.Sprintf(format, args...)))
	_ = e.Set("code", code)
	r.mend(e)
	panic(e)
}

// received describes a value as Node's argument errors do.
func (r *Runtime) received(v goja.Value) string {
	res, err := r.function("received")(r.undefined, v)
	if err != nil {
		panic(err)
	}
	return text(res)
}

// offset checks the offset of an access of n bytes to b.
func (r *Runtime) offset(v goja.Value, b []byte, n int) int {
	if v == r.undefined {
		v = r.ints[smallInts]
	}
	if !goja.IsNumber(v) {
		r.nodeError("TypeError", "ERR_INVALID_ARG_TYPE", "The \"offset\" argument must be of type number. Received %s", r.received(v))
	}
	f := v.ToFloat()
	if f >= 0 && f == math.Floor(f) && f+float64(n) <= float64(len(b)) {
		return int(f)
	}
	switch {
	case f != math.Floor(f):
		r.nodeError("RangeError", "ERR_OUT_OF_RANGE", "The value of \"offset\" is out of range. It must be an integer. Received %s", separated(v.String()))
	case len(b)-n < 0:
		r.nodeError("RangeError", "ERR_BUFFER_OUT_OF_BOUNDS", "Attempt to access memory outside buffer bounds")
	}
	r.nodeError("RangeError", "ERR_OUT_OF_RANGE", "The value of \"offset\" is out of range. It must be >= 0 and <= %d. Received %s", len(b)-n, separated(v.String()))
	return 0
}

// width checks the byteLength argument of the forms of variable size.
func (r *Runtime) width(v goja.Value) int {
	if !goja.IsNumber(v) {
		r.nodeError("TypeError", "ERR_INVALID_ARG_TYPE", "The \"byteLength\" argument must be of type number. Received %s", r.received(v))
	}
	f := v.ToFloat()
	if f != math.Floor(f) {
		r.nodeError("RangeError", "ERR_OUT_OF_RANGE", "The value of \"byteLength\" is out of range. It must be an integer. Received %s", separated(v.String()))
	}
	if f < 1 || f > 6 {
		r.nodeError("RangeError", "ERR_OUT_OF_RANGE", "The value of \"byteLength\" is out of range. It must be >= 1 and <= 6. Received %s", separated(v.String()))
	}
	return int(f)
}

func (r *Runtime) readNumber(f numberForm, little bool, c goja.FunctionCall) goja.Value {
	b, _ := r.rawBytes(c.Argument(0))
	n := f.size
	if f.variable {
		n = r.width(c.Argument(2))
	}
	at := r.offset(c.Argument(1), b, n)
	u := loadBits(b[at:at+n], little)
	switch {
	case f.float && n == 4:
		return r.vm.ToValue(float64(math.Float32frombits(uint32(u))))
	case f.float:
		return r.vm.ToValue(math.Float64frombits(u))
	case f.big && f.signed:
		return r.vm.ToValue(big.NewInt(int64(u)))
	case f.big:
		return r.vm.ToValue(new(big.Int).SetUint64(u))
	case f.signed:
		shift := 64 - 8*uint(n)
		return r.vm.ToValue(int64(u<<shift) >> shift)
	}
	return r.vm.ToValue(int64(u))
}

func loadBits(b []byte, little bool) (u uint64) {
	for i := range b {
		if little {
			u |= uint64(b[i]) << (8 * uint(i))
		} else {
			u = u<<8 | uint64(b[i])
		}
	}
	return u
}

func storeBits(b []byte, u uint64, little bool) {
	var all [8]byte
	if little {
		binary.LittleEndian.PutUint64(all[:], u)
		copy(b, all[:len(b)])
		return
	}
	binary.BigEndian.PutUint64(all[:], u)
	copy(b, all[8-len(b):])
}

func (r *Runtime) writeNumber(f numberForm, little bool, c goja.FunctionCall) goja.Value {
	b, _ := r.rawBytes(c.Argument(0))
	v, n := c.Argument(1), f.size
	if f.variable {
		n = r.width(c.Argument(3))
	}
	var u uint64
	switch {
	case f.float:
		x := v.ToFloat()
		u = math.Float64bits(x)
		if x != x {
			u = 0x7ff8000000000000
		}
		if n == 4 {
			u = uint64(math.Float32bits(float32(x)))
			if x != x {
				u = 0x7fc00000
			}
		}
	case f.big:
		u = r.bigBits(f, v)
	default:
		u = r.intBits(f, n, v.ToFloat())
	}
	at := r.offset(c.Argument(2), b, n)
	storeBits(b[at:at+n], u, little)
	return r.vm.ToValue(at + n)
}

func (r *Runtime) intBits(f numberForm, n int, x float64) uint64 {
	lo, hi := 0.0, math.Ldexp(1, 8*n)-1
	if f.signed {
		lo, hi = -math.Ldexp(1, 8*n-1), math.Ldexp(1, 8*n-1)-1
	}
	if x < lo || x > hi {
		limits := fmt.Sprintf(">= %s and <= %s", r.number(lo), r.number(hi))
		if n > 4 || n == 4 && f.variable {
			bits := 8 * n
			limits = fmt.Sprintf(">= 0 and < 2 ** %d", bits)
			if f.signed {
				limits = fmt.Sprintf(">= -(2 ** %d) and < 2 ** %d", bits-1, bits-1)
			}
		}
		r.nodeError("RangeError", "ERR_OUT_OF_RANGE", "The value of \"value\" is out of range. It must be %s. Received %s", limits, separated(r.number(x).String()))
	}
	if x != x {
		return 0
	}
	return uint64(int64(x))
}

func (r *Runtime) bigBits(f numberForm, v goja.Value) uint64 {
	x, ok := v.Export().(*big.Int)
	if !goja.IsBigInt(v) || !ok {
		if v == r.undefined || v == r.null || goja.IsNumber(v) {
			r.throw("TypeError", "Cannot mix BigInt and other types, use explicit conversions")
		}
		r.throw("TypeError", "Cannot mix BigInt and other types, use explicit conversions")
	}
	if f.signed && !x.IsInt64() {
		r.nodeError("RangeError", "ERR_OUT_OF_RANGE", "The value of \"value\" is out of range. It must be >= -(2n ** 63n) and < 2n ** 63n. Received %sn", separated(x.String()))
	}
	if !f.signed && !x.IsUint64() {
		r.nodeError("RangeError", "ERR_OUT_OF_RANGE", "The value of \"value\" is out of range. It must be >= 0n and < 2n ** 64n. Received %sn", separated(x.String()))
	}
	if f.signed {
		return uint64(x.Int64())
	}
	return x.Uint64()
}

// separated groups the digits of large integers by three, as Node's range errors do.
func separated(s string) string {
	digits, sign := s, ""
	if len(s) > 0 && s[0] == '-' {
		digits, sign = s[1:], "-"
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return s
		}
	}
	if len(digits) < 10 || len(digits) == 10 && digits <= "4294967296" {
		return s
	}
	out := ""
	for len(digits) > 3 {
		out = "_" + digits[len(digits)-3:] + out
		digits = digits[:len(digits)-3]
	}
	return sign + digits + out
}
