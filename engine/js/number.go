package js

import (
	"math"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// installNumber replaces the number formatting that differs from V8's.
func (r *Runtime) installNumber() {
	p := r.builtin("Number").Get("prototype").(*goja.Object)
	r.defineFunc(p, "toString", 1, func(c goja.FunctionCall) goja.Value {
		n := r.thisNumber(c, "toString")
		radix := c.Argument(0)
		if radix == r.undefined || radix.ToFloat() == 10 {
			return r.str(value.FormatNumber(n))
		}
		x := radix.ToFloat()
		if !(x >= 2 && x < 37) {
			panic(r.rangeError("toString() radix argument must be between 2 and 36"))
		}
		return r.str(value.FormatRadix(n, int(x)))
	})
	r.digits(p, "toFixed", 0, func(n float64, d goja.Value) (string, error) { return value.ToFixed(n, intArg(d)) })
	r.digits(p, "toPrecision", 1, func(n float64, d goja.Value) (string, error) {
		if d == r.undefined {
			return value.FormatNumber(n), nil
		}
		return value.ToPrecision(n, intArg(d))
	})
	r.digits(p, "toExponential", 0, func(n float64, d goja.Value) (string, error) {
		if d == r.undefined {
			return value.ToExponential(n, -1)
		}
		return value.ToExponential(n, intArg(d))
	})
	r.defineFunc(p, "toLocaleString", 0, func(c goja.FunctionCall) goja.Value {
		n := r.thisNumber(c, "toLocaleString")
		return r.intl("NumberFormat", "format", c.Argument(0), c.Argument(1), r.number(n))
	})
}

// installRepeat gives the error of String.prototype.repeat V8's text.
func (r *Runtime) installRepeat() {
	p := r.builtin("String").Get("prototype").(*goja.Object)
	original, _ := goja.AssertFunction(p.Get("repeat"))
	r.defineFunc(p, "repeat", 1, func(c goja.FunctionCall) goja.Value {
		if n, ok := c.Argument(0).(*goja.Object); !ok && n == nil {
			if f := c.Argument(0).ToFloat(); f <= -1 || f > math.MaxInt32 {
				panic(r.rangeError("Invalid count value: " + c.Argument(0).String()))
			}
		}
		v, err := original(c.This, c.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	})
}

// intArg is ToIntegerOrInfinity as an int.
func intArg(v goja.Value) int {
	f := math.Trunc(v.ToFloat())
	switch {
	case f != f:
		return 0
	case f > 1000:
		return 1000
	case f < -1000:
		return -1000
	}
	return int(f)
}

func (r *Runtime) digits(p *goja.Object, name string, least int, format func(n float64, d goja.Value) (string, error)) {
	r.defineFunc(p, name, 1, func(c goja.FunctionCall) goja.Value {
		n := r.thisNumber(c, name)
		d := c.Argument(0)
		if name != "toFixed" && (math.IsNaN(n) || math.IsInf(n, 0)) {
			_ = intArg(d)
			return r.str(value.FormatNumber(n))
		}
		if i := intArg(d); d != r.undefined && (i < least || i > 100) {
			what := "argument"
			if name == "toFixed" {
				what = "digits argument"
			}
			r.throw("RangeError", "%s() %s must be between %d and 100", name, what, least)
		}
		s, err := format(n, d)
		if err != nil {
			r.throwValue(err)
		}
		return r.str(s)
	})
}

func (r *Runtime) thisNumber(c goja.FunctionCall, name string) float64 {
	if goja.IsNumber(c.This) {
		return c.This.ToFloat()
	}
	if o, ok := c.This.(*goja.Object); ok && r.kindOf(o) == kindBoxed && o.ClassName() == "Number" {
		return r.primitiveOf(o).ToFloat()
	}
	r.throw("TypeError", "Number.prototype.%s requires that 'this' be a Number", name)
	return 0
}

// intl calls a method of an Intl formatter made for locale and options.
func (r *Runtime) intl(class, method string, locale, options, v goja.Value) goja.Value {
	res, err := r.function("intlcall")(r.undefined, r.intlObject(), r.str(class), r.str(method), locale, options, v)
	if err != nil {
		panic(err)
	}
	return res
}
