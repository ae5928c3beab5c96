package value

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// ParseNumber is Number(s): white space around, decimal, 0x, 0o, 0b and Infinity;
// "" is 0 and anything else NaN.
func ParseNumber(s string) float64 {
	if f, ok := simpleDecimal(s); ok {
		return f
	}
	s = Trim(s)
	if s == "" {
		return 0
	}
	if len(s) > 2 && s[0] == '0' {
		if base := prefixBase(s[1]); base != 0 {
			return digitsValue(s[2:], base)
		}
	}
	n := decimalPrefix(s)
	if n != len(s) {
		return math.NaN()
	}
	return decimalValue(s)
}

// simpleDecimal reads the commonest texts: up to 15 digits with a minus or a
// point among them, but no exponent.
func simpleDecimal(s string) (float64, bool) {
	if len(s) == 0 || len(s) > 16 {
		return 0, false
	}
	i := 0
	if s[0] == '-' {
		i = 1
	}
	var n uint64
	digits, point := 0, -1
	for ; i < len(s); i++ {
		switch c := s[i] - '0'; {
		case c <= 9:
			n = n*10 + uint64(c)
			digits++
		case s[i] == '.' && point < 0 && digits > 0:
			point = digits
		default:
			return 0, false
		}
	}
	if digits == 0 || digits > 15 {
		return 0, false
	}
	f := float64(n)
	if point >= 0 {
		f /= powersOfTen[digits-point]
	}
	if s[0] == '-' {
		f = -f
	}
	return f, true
}

func prefixBase(c byte) int {
	switch c | 0x20 {
	case 'x':
		return 16
	case 'o':
		return 8
	case 'b':
		return 2
	}
	return 0
}

// digitsValue reads digits of a base, all of them; NaN if one is not.
func digitsValue(s string, base int) float64 {
	for i := 0; i < len(s); i++ {
		if digitValue(s[i]) >= base {
			return math.NaN()
		}
	}
	if n, err := strconv.ParseUint(s, base, 64); err == nil && n < 1<<53 {
		return float64(n)
	}
	b, ok := new(big.Int).SetString(s, base)
	if !ok {
		return math.NaN()
	}
	return bigToFloat(b)
}

// decimalPrefix is the length of the longest start of s that is a decimal
// number or Infinity, with a sign or without; 0 if there is none.
func decimalPrefix(s string) int {
	i := 0
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	if strings.HasPrefix(s[i:], "Infinity") {
		return i + len("Infinity")
	}
	first := i
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	digits := i - first
	if i < len(s) && s[i] == '.' {
		j := i + 1
		for j < len(s) && s[j]-'0' <= 9 {
			j++
		}
		digits += j - i - 1
		if digits > 0 {
			i = j
		}
	}
	if digits == 0 {
		return 0
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		j := i + 1
		if j < len(s) && (s[j] == '+' || s[j] == '-') {
			j++
		}
		if j < len(s) && s[j]-'0' <= 9 {
			for j < len(s) && s[j]-'0' <= 9 {
				j++
			}
			i = j
		}
	}
	return i
}

// decimalValue is the number that s, which decimalPrefix has accepted, writes.
func decimalValue(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64) // out of range: the infinity we want
	return f
}

// ParseFloat is parseFloat(s): the number at the start of s.
func ParseFloat(s string) float64 {
	s = TrimStart(s)
	n := decimalPrefix(s)
	if n == 0 {
		return math.NaN()
	}
	return decimalValue(s[:n])
}

// ParseInt is parseInt(s, radix); radix 0 stands for undefined: 10, or 16 after
// 0x. A radix that is not 0 or 2 to 36 gives NaN.
func ParseInt(s string, radix int) float64 {
	s = TrimStart(s)
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		s = s[1:]
	}
	if (radix == 0 || radix == 16) && len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' {
		s, radix = s[2:], 16
	}
	if radix == 0 {
		radix = 10
	}
	if radix < 2 || radix > 36 {
		return math.NaN()
	}
	n := 0
	for n < len(s) && digitValue(s[n]) < radix {
		n++
	}
	if n == 0 {
		return math.NaN()
	}
	f := integerValue(s[:n], radix)
	if neg {
		f = -f
	}
	return f
}

// integerValue reads digits of a radix. It is exact for 10 and powers of two;
// for the others it rounds where V8 does, which takes the digits in groups.
func integerValue(s string, radix int) float64 {
	if n, err := strconv.ParseUint(s, radix, 64); err == nil && n < 1<<53 {
		return float64(n)
	}
	if radix == 10 {
		return decimalValue(s)
	}
	if radix&(radix-1) == 0 {
		return digitsValue(s, radix)
	}
	const limit = 0xFFFFFFFF / 36
	s = strings.TrimLeft(s, "0")
	v := 0.0
	for s != "" {
		part, scale := uint32(0), uint32(1)
		i := 0
		for i < len(s) && scale*uint32(radix) <= limit {
			part = part*uint32(radix) + uint32(digitValue(s[i]))
			scale *= uint32(radix)
			i++
		}
		v = float64(v*float64(scale)) + float64(part)
		s = s[i:]
	}
	return v
}

// ParseBigInt is BigInt(s): digits with a minus or plus, or 0x, 0o, 0b; "" is 0.
func ParseBigInt(s string) (*big.Int, bool) {
	s = Trim(s)
	if s == "" {
		return new(big.Int), true
	}
	base, digits := 10, s
	if len(s) > 2 && s[0] == '0' && prefixBase(s[1]) != 0 {
		base, digits = prefixBase(s[1]), s[2:]
	} else if s[0] == '-' || s[0] == '+' {
		digits = s[1:]
	}
	if digits == "" {
		return nil, false
	}
	for i := 0; i < len(digits); i++ {
		if digitValue(digits[i]) >= base {
			return nil, false
		}
	}
	b, ok := new(big.Int).SetString(digits, base)
	if ok && s[0] == '-' {
		b.Neg(b)
	}
	return b, ok
}
