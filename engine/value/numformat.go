package value

import (
	"math"
	"strconv"
	"strings"
)

// FormatRadix is f.toString(radix), radix 2 to 36, with as many fraction digits
// as V8 writes: those that tell f from its neighbours.
func FormatRadix(f float64, radix int) string {
	if radix == 10 || f != f || math.IsInf(f, 0) {
		return FormatNumber(f)
	}
	if math.Abs(f) < 1<<53 && f == math.Trunc(f) {
		return strconv.FormatInt(int64(f), radix)
	}
	neg := f < 0
	if neg {
		f = -f
	}
	whole := math.Floor(f)
	frac, carry := radixFraction(f, f-whole, radix)
	if carry {
		whole++
	}
	s := radixWhole(whole, radix)
	if len(frac) > 0 {
		s += "." + string(frac)
	}
	if neg {
		s = "-" + s
	}
	return s
}

const radixDigits = "0123456789abcdefghijklmnopqrstuvwxyz"

// radixFraction writes the fraction frac of f until what is left is less than
// half the distance to the next number. carry is set if it was rounded up to 1.
func radixFraction(f, frac float64, radix int) (digits []byte, carry bool) {
	r := float64(radix)
	delta := 0.5 * (math.Float64frombits(math.Float64bits(f)+1) - f)
	delta = max(delta, math.SmallestNonzeroFloat64)
	for frac >= delta {
		frac = float64(frac * r)
		delta = float64(delta * r)
		d := int(frac)
		digits = append(digits, radixDigits[d])
		frac -= float64(d)
		if (frac > 0.5 || frac == 0.5 && d&1 == 1) && frac+delta > 1 {
			for len(digits) > 0 {
				d = digitValue(digits[len(digits)-1]) + 1
				digits = digits[:len(digits)-1]
				if d < radix {
					return append(digits, radixDigits[d]), false
				}
			}
			return nil, true
		}
	}
	return digits, false
}

// radixWhole writes an integer; digits that it does not take to tell a float64
// from its neighbours are zeros.
func radixWhole(whole float64, radix int) string {
	r := float64(radix)
	zeros := 0
	for whole/r >= 1<<53 {
		whole /= r
		zeros++
	}
	var rev []byte
	for {
		rest := math.Mod(whole, r)
		rev = append(rev, radixDigits[int(rest)])
		if whole = (whole - rest) / r; whole <= 0 {
			break
		}
	}
	out := make([]byte, 0, len(rev)+zeros)
	for i := len(rev) - 1; i >= 0; i-- {
		out = append(out, rev[i])
	}
	return string(out) + strings.Repeat("0", zeros)
}

// ToFixed is f.toFixed(digits). The error is JavaScript's RangeError for digits
// that are not 0 to 100.
func ToFixed(f float64, digits int) (string, error) {
	if digits < 0 || digits > 100 {
		return "", NewError("RangeError", "toFixed() digits argument must be between 0 and 100")
	}
	if !(math.Abs(f) < 1e21) {
		return FormatNumber(f), nil
	}
	if f == 0 {
		f = 0 // not -0
	}
	s := strconv.FormatFloat(f, 'f', digits, 64)
	if fractionDigits(f) != digits+1 {
		return s, nil
	}
	// Exactly half way: JavaScript rounds away from zero, Go to even.
	s = strconv.FormatFloat(f, 'f', digits+1, 64)
	return strings.TrimSuffix(roundUp(s[:len(s)-1]), "."), nil
}

// fractionDigits is the number of decimal digits after the point that write f
// exactly, 0 for an integer.
func fractionDigits(f float64) int {
	if f == math.Trunc(f) {
		return 0
	}
	frac, exp := math.Frexp(f)
	mant := uint64(math.Abs(frac) * (1 << 53))
	exp -= 53
	for mant&1 == 0 {
		mant >>= 1
		exp++
	}
	return -exp
}

// roundUp adds one to the last digit of a decimal text.
func roundUp(s string) string {
	b := []byte(s)
	for i := len(b) - 1; i >= 0; i-- {
		switch c := b[i]; {
		case c >= '0' && c < '9':
			b[i]++
			return string(b)
		case c == '9':
			b[i] = '0'
		case c == '-':
			return "-1" + string(b[1:])
		}
	}
	return "1" + string(b)
}

// significant gives the first n digits of |f|, half rounded up as JavaScript
// does, and the decimal exponent of the first one.
func significant(f float64, n int) (digits string, exp int) {
	f = math.Abs(f)
	s := strconv.FormatFloat(f, 'e', n-1, 64)
	if next := strconv.FormatFloat(f, 'e', n, 64); next[strings.IndexByte(next, 'e')-1] == '5' {
		exact := strconv.FormatFloat(f, 'e', 800, 64)
		at := strings.IndexByte(exact, 'e')
		all := exact[:1] + exact[2:at]
		if all[n] == '5' && strings.Trim(all[n+1:], "0") == "" {
			exp, _ = strconv.Atoi(exact[at+1:])
			digits = roundUp(all[:n])
			if len(digits) > n {
				return digits[:n], exp + 1
			}
			return digits, exp
		}
	}
	at := strings.IndexByte(s, 'e')
	exp, _ = strconv.Atoi(s[at+1:])
	return strings.Replace(s[:at], ".", "", 1), exp
}

// ToPrecision is f.toPrecision(digits). The error is JavaScript's RangeError for
// digits that are not 1 to 100.
func ToPrecision(f float64, digits int) (string, error) {
	if f != f || math.IsInf(f, 0) {
		return FormatNumber(f), nil
	}
	if digits < 1 || digits > 100 {
		return "", NewError("RangeError", "toPrecision() argument must be between 1 and 100")
	}
	d, exp := significant(f, digits)
	sign := ""
	if f < 0 {
		sign = "-"
	}
	switch {
	case exp < -6 || exp >= digits:
		return sign + scientific(d, exp), nil
	case exp < 0:
		return sign + "0." + strings.Repeat("0", -exp-1) + d, nil
	case exp == digits-1:
		return sign + d, nil
	}
	return sign + d[:exp+1] + "." + d[exp+1:], nil
}

// ToExponential is f.toExponential(digits), digits after the point; negative
// digits stand for undefined: as many as needed. The error is JavaScript's
// RangeError for more than 100.
func ToExponential(f float64, digits int) (string, error) {
	if f != f || math.IsInf(f, 0) {
		return FormatNumber(f), nil
	}
	if digits > 100 {
		return "", NewError("RangeError", "toExponential() argument must be between 0 and 100")
	}
	sign := ""
	if f < 0 {
		sign = "-"
	}
	if digits < 0 {
		s := strconv.FormatFloat(math.Abs(f), 'e', -1, 64)
		at := strings.IndexByte(s, 'e')
		exp, _ := strconv.Atoi(s[at+1:])
		return sign + scientific(strings.Replace(s[:at], ".", "", 1), exp), nil
	}
	d, exp := significant(f, digits+1)
	return sign + scientific(d, exp), nil
}

func scientific(digits string, exp int) string {
	s := digits[:1]
	if len(digits) > 1 {
		s += "." + digits[1:]
	}
	if exp < 0 {
		return s + "e-" + strconv.Itoa(-exp)
	}
	return s + "e+" + strconv.Itoa(exp)
}
