package jsonata

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// ofNumber makes a built-in function of one on numbers.
func ofNumber(f func(float64) float64) native {
	return func(c call) (value.Value, error) {
		if c.arg(0).IsUndefined() {
			return value.Undefined, nil
		}
		return value.Num(f(value.ToNumber(c.arg(0)))), nil
	}
}

func fnSum(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Undefined, nil
	}
	return value.Num(total(elements(c.arg(0)))), nil
}

func total(list []value.Value) float64 {
	sum := 0.0
	for _, v := range list {
		sum += v.Num()
	}
	return sum
}

func fnCount(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Int(0), nil
	}
	return value.Int(len(elements(c.arg(0)))), nil
}

// extreme makes $max or $min.
func extreme(c call, best func(...float64) float64) (value.Value, error) {
	if c.arg(0).IsUndefined() || len(elements(c.arg(0))) == 0 {
		return value.Undefined, nil
	}
	list := elements(c.arg(0))
	nums := make([]float64, len(list))
	for i, v := range list {
		nums[i] = value.ToNumber(v)
	}
	return value.Num(best(nums...)), nil
}

func fnMax(c call) (value.Value, error) { return extreme(c, value.Max) }
func fnMin(c call) (value.Value, error) { return extreme(c, value.Min) }

func fnAverage(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() || len(elements(c.arg(0))) == 0 {
		return value.Undefined, nil
	}
	list := elements(c.arg(0))
	return value.Num(total(list) / float64(len(list))), nil
}

func fnNumber(c call) (value.Value, error) {
	v := c.arg(0)
	switch v.Kind() {
	case value.KindUndefined, value.KindNumber:
		return v, nil
	case value.KindBool:
		return value.Num(value.ToNumber(v)), nil
	case value.KindString:
		if s := v.Str(); decimal(s) {
			if f := value.ParseFloat(s); f-f == 0 {
				return value.Num(f), nil
			}
		} else if radixed(s) {
			return value.Num(value.ParseNumber(s)), nil
		}
	}
	return v, fail("D3030", "value", v, "stack", "index", 1)
}

// decimal reports whether s is an integer, fraction or exponent as in JSON, leading
// zeros allowed.
func decimal(s string) bool {
	s = strings.TrimPrefix(s, "-")
	digits := func() bool {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		s = s[n:]
		return n > 0
	}
	if !digits() {
		return false
	}
	if strings.HasPrefix(s, ".") {
		s = s[1:]
		if !digits() {
			return false
		}
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		if !digits() {
			return false
		}
	}
	return s == ""
}

// radixed finds what the original takes for a number in another base. Its test is
// loose: it wants 0x at the start, 0o anywhere or 0b at the end.
func radixed(s string) bool {
	run := func(at int, letters, digits string) int {
		if at+2 >= len(s) || s[at] != '0' || strings.IndexByte(letters, s[at+1]) < 0 {
			return 0
		}
		n := at + 2
		for n < len(s) && strings.IndexByte(digits, s[n]) >= 0 {
			n++
		}
		if n == at+2 {
			return 0
		}
		return n
	}
	if run(0, "xX", "0123456789abcdefABCDEF") > 0 {
		return true
	}
	for i := range len(s) {
		if run(i, "oO", "01234567") > 0 || run(i, "bB", "01") == len(s) {
			return true
		}
	}
	return false
}

// round rounds half to even at a decimal place.
func round(f, precision float64) float64 {
	shift := func(f, by float64) float64 {
		mantissa, exp, ok := strings.Cut(value.FormatNumber(f), "e")
		if ok {
			by += value.ParseNumber(exp)
		}
		return value.ParseNumber(mantissa + "e" + value.FormatNumber(by))
	}
	shifted := precision != 0 && precision == precision
	if shifted {
		f = shift(f, precision)
	}
	r := value.Round(f)
	if math.Abs(r-f) == 0.5 && math.Abs(math.Mod(r, 2)) == 1 {
		r--
	}
	if shifted {
		r = shift(r, -precision)
	}
	return r + 0 // not -0
}

func fnRound(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Undefined, nil
	}
	return value.Num(round(value.ToNumber(c.arg(0)), c.arg(1).Num())), nil
}

func fnSqrt(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Undefined, nil
	}
	f := value.ToNumber(c.arg(0))
	if f < 0 {
		return value.Undefined, fail("D3060", "stack", "code", "index", 1, "value", c.arg(0))
	}
	return value.Num(value.Sqrt(f)), nil
}

func fnPower(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Undefined, nil
	}
	f := value.Pow(value.ToNumber(c.arg(0)), value.ToNumber(c.arg(1)))
	if f-f != 0 {
		return value.Undefined, fail("D3061", "stack", "code", "index", 1, "value", c.arg(0), "exp", c.arg(1))
	}
	return value.Num(f), nil
}

// random asks the host for a number.
func (ev *evaluator) random() (float64, error) {
	if ev.host.Random == nil {
		return 0, value.NewError("Error", "no random numbers here")
	}
	return ev.host.Random(), nil
}

func fnRandom(c call) (value.Value, error) {
	f, err := c.ev.random()
	return value.Num(f), err
}

func fnFormatBase(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Undefined, nil
	}
	radix := 10.0
	if !c.arg(1).IsUndefined() {
		radix = round(c.arg(1).Num(), 0)
	}
	if radix < 2 || radix > 36 {
		return value.Undefined, fail("D3100", "stack", "value", radix)
	}
	if radix != radix {
		return value.Undefined, value.NewError("RangeError", "toString() radix must be between 2 and 36")
	}
	return value.Str(value.FormatRadix(round(c.arg(0).Num(), 0), int(radix))), nil
}
