package js

import (
	"math/big"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// mathOne are the functions of Math that Go or goja compute differently from V8.
var mathOne = map[string]func(float64) float64{
	"sin": value.Sin, "cos": value.Cos, "tan": value.Tan, "asin": value.Asin, "acos": value.Acos, "atan": value.Atan,
	"sinh": value.Sinh, "cosh": value.Cosh, "tanh": value.Tanh, "asinh": value.Asinh, "acosh": value.Acosh,
	"atanh": value.Atanh, "exp": value.Exp, "expm1": value.Expm1, "log": value.Log, "log2": value.Log2,
	"log10": value.Log10, "log1p": value.Log1p, "cbrt": value.Cbrt,
}

var mathOrder = []string{
	"sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "exp", "expm1",
	"log", "log2", "log10", "log1p", "cbrt",
}

// define sets a property as the language's own are: writable, not enumerable.
func (r *Runtime) define(o *goja.Object, name string, v goja.Value) {
	_ = o.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// defineFunc sets a function written in Go, with its name and length.
func (r *Runtime) defineFunc(o *goja.Object, name string, length int, fn func(goja.FunctionCall) goja.Value) {
	r.instead(o, name, func() goja.Value { return r.sizedFunc(name, length, fn) })
}

// sizedFunc makes a function written in Go, with its name and length.
func (r *Runtime) sizedFunc(name string, length int, fn func(goja.FunctionCall) goja.Value) *goja.Object {
	f := r.nativeFunc(name, fn)
	if length > 0 {
		_ = f.DefineDataProperty("length", r.ints[smallInts+length], goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	return f
}

func (r *Runtime) installMath() {
	m := r.builtin("Math")
	for _, name := range mathOrder {
		fn := mathOne[name]
		r.defineFunc(m, name, 1, func(c goja.FunctionCall) goja.Value {
			return r.number(fn(c.Argument(0).ToFloat()))
		})
	}
	r.defineFunc(m, "atan2", 2, func(c goja.FunctionCall) goja.Value {
		return r.number(value.Atan2(c.Argument(0).ToFloat(), c.Argument(1).ToFloat()))
	})
	r.defineFunc(m, "pow", 2, func(c goja.FunctionCall) goja.Value {
		return r.number(value.Pow(c.Argument(0).ToFloat(), c.Argument(1).ToFloat()))
	})
	r.defineFunc(m, "hypot", 2, func(c goja.FunctionCall) goja.Value {
		xs := make([]float64, len(c.Arguments))
		for i, a := range c.Arguments {
			xs[i] = a.ToFloat()
		}
		return r.number(value.Hypot(xs...))
	})
}

// pow is the operator **.
func (r *Runtime) pow(c goja.FunctionCall) goja.Value {
	a, b := r.numeric(c.Argument(0)), r.numeric(c.Argument(1))
	x, isX := a.Export().(*big.Int)
	y, isY := b.Export().(*big.Int)
	switch {
	case isX && isY:
		if y.Sign() < 0 {
			panic(r.rangeError("Exponent must be non-negative"))
		}
		if y.BitLen() > 32 && x.BitLen() > 1 {
			panic(r.rangeError("Maximum BigInt size exceeded"))
		}
		r.chargePower(x, y)
		return r.vm.ToValue(new(big.Int).Exp(x, y, nil))
	case isX || isY:
		r.throw("TypeError", "Cannot mix BigInt and other types, use explicit conversions")
	}
	return r.number(value.Pow(a.ToFloat(), b.ToFloat()))
}

// numeric is ToNumeric of the language: objects become primitives first.
func (r *Runtime) numeric(v goja.Value) goja.Value {
	if _, ok := v.(*goja.Object); ok {
		return v.ToNumber()
	}
	if goja.IsBigInt(v) {
		return v
	}
	return v.ToNumber()
}
