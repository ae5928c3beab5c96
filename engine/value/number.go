package value

import (
	"math"
	"strconv"
)

// FormatNumber is String(f): the shortest decimal that reads back as f.
func FormatNumber(f float64) string {
	if i := int(f); float64(i) == f && i >= 0 && i < 100 {
		return strconv.Itoa(i) // no allocation
	}
	var buf [32]byte
	return string(AppendNumber(buf[:0], f))
}

// AppendNumber appends String(f).
func AppendNumber(dst []byte, f float64) []byte {
	if i := int64(f); float64(i) == f && i > -1<<53 && i < 1<<53 {
		return strconv.AppendInt(dst, i, 10) // -0 is "0"
	}
	if a := math.Abs(f); a < 1e9 && a >= 1e-3 {
		if n := int64(a * 1000); float64(n) == a*1000 && float64(n)/1000 == a {
			return appendThousandths(dst, n, f < 0)
		}
	}
	switch {
	case f != f:
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	}
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 {
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	return trimExponent(dst)
}

// appendThousandths appends n/1000, the commonest fractions: up to three digits
// after the point. A decimal so short is the shortest one for its number.
func appendThousandths(dst []byte, n int64, neg bool) []byte {
	if neg {
		dst = append(dst, '-')
	}
	dst = strconv.AppendInt(dst, n/1000, 10)
	r := byte(n / 100 % 10)
	dst = append(dst, '.', '0'+r)
	if n%100 != 0 {
		dst = append(dst, '0'+byte(n/10%10))
	}
	if n%10 != 0 {
		dst = append(dst, '0'+byte(n%10))
	}
	return dst
}

// trimExponent turns Go's e-07 at the end into JavaScript's e-7.
func trimExponent(b []byte) []byte {
	n := len(b)
	if n >= 4 && b[n-2] == '0' && (b[n-3] == '-' || b[n-3] == '+') {
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}

// ToInteger is JavaScript's ToIntegerOrInfinity: NaN is 0, else towards zero.
func ToInteger(f float64) float64 {
	if f != f {
		return 0
	}
	return math.Trunc(f) + 0
}

// ToInt32 is f | 0.
func ToInt32(f float64) int32 { return int32(ToUint32(f)) }

// ToUint32 is f >>> 0.
func ToUint32(f float64) uint32 {
	if i := int32(f); float64(i) == f {
		return uint32(i)
	}
	if f != f || math.IsInf(f, 0) {
		return 0
	}
	b := math.Float64bits(f)
	exp := int(b>>52&0x7FF) - 1075 // f is mantissa × 2^exp
	mant := b&(1<<52-1) | 1<<52
	var u uint32
	switch {
	case exp >= 32 || exp <= -53:
	case exp >= 0:
		u = uint32(mant << exp)
	default:
		u = uint32(mant >> -exp)
	}
	if b>>63 != 0 {
		u = -u
	}
	return u
}
