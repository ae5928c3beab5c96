package value

import (
	"math"
	"math/bits"
)

// The functions of this package named as those of JavaScript's Math give the
// same bits as V8's in Node 20 and 22, on every machine. Go's own math package
// does not: it differs from V8 and between processors.

func highWord(x float64) int32 { return int32(math.Float64bits(x) >> 32) }
func lowWord(x float64) uint32 { return uint32(math.Float64bits(x)) }

func fromWords(high int32, low uint32) float64 {
	return math.Float64frombits(uint64(uint32(high))<<32 | uint64(low))
}

func withHigh(x float64, high int32) float64 { return fromWords(high, lowWord(x)) }

// chopped is x with the low half of its bits cleared.
func chopped(x float64) float64 {
	return math.Float64frombits(math.Float64bits(x) &^ 0xFFFFFFFF)
}

// Sqrt is Math.sqrt.
func Sqrt(x float64) float64 { return math.Sqrt(x) }

// Abs is Math.abs.
func Abs(x float64) float64 { return math.Abs(x) }

// Floor is Math.floor.
func Floor(x float64) float64 { return math.Floor(x) }

// Ceil is Math.ceil.
func Ceil(x float64) float64 { return math.Ceil(x) }

// Trunc is Math.trunc.
func Trunc(x float64) float64 { return math.Trunc(x) }

// Mod is JavaScript's x % y.
func Mod(x, y float64) float64 { return math.Mod(x, y) }

// Round is Math.round: halves go towards +Infinity.
func Round(x float64) float64 {
	c := math.Ceil(x)
	if c-0.5 > x {
		c--
	}
	return c
}

// Sign is Math.sign.
func Sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

// Fround is Math.fround.
func Fround(x float64) float64 { return float64(float32(x)) }

// Imul is Math.imul.
func Imul(a, b float64) float64 { return float64(ToInt32(a) * ToInt32(b)) }

// Clz32 is Math.clz32.
func Clz32(x float64) float64 { return float64(bits.LeadingZeros32(ToUint32(x))) }

// Max is Math.max: -Infinity of nothing, NaN if one is.
func Max(xs ...float64) float64 {
	m := math.Inf(-1)
	for _, x := range xs {
		if x != x {
			return math.NaN()
		}
		if x > m || x == 0 && m == 0 && !math.Signbit(x) {
			m = x
		}
	}
	return m
}

// Min is Math.min: Infinity of nothing, NaN if one is.
func Min(xs ...float64) float64 {
	m := math.Inf(1)
	for _, x := range xs {
		if x != x {
			return math.NaN()
		}
		if x < m || x == 0 && m == 0 && math.Signbit(x) {
			m = x
		}
	}
	return m
}

// Hypot is Math.hypot: the numbers are scaled by the largest and their squares
// added with Kahan's compensation, as V8 does.
func Hypot(xs ...float64) float64 {
	largest, nan := 0.0, false
	for _, x := range xs {
		x = math.Abs(x)
		if math.IsInf(x, 1) {
			return x
		}
		nan = nan || x != x
		if x > largest {
			largest = x
		}
	}
	switch {
	case nan:
		return math.NaN()
	case largest == 0:
		return 0
	}
	sum, lost := 0.0, 0.0
	for _, x := range xs {
		n := math.Abs(x) / largest
		add := float64(n*n) - lost
		next := sum + add
		lost = (next - sum) - add
		sum = next
	}
	return float64(math.Sqrt(sum) * largest)
}
