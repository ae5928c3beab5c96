package value

import "math"

// The functions of this file follow fdlibm, which carries this notice:
//
// Copyright (C) 1993-2004 by Sun Microsystems, Inc. All rights reserved.
//
// Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use,
// copy, modify, and distribute this software is freely granted, provided that
// this notice is preserved.
//
// Every product that is added to something is written float64(a*b), so that no
// compiler fuses the two and each machine gives the same bits.

const (
	lg1 = 6.666666666666735130e-01
	lg2 = 3.999999999940941908e-01
	lg3 = 2.857142874366239149e-01
	lg4 = 2.222219843214978396e-01
	lg5 = 1.818357216161805012e-01
	lg6 = 1.531383769920937332e-01
	lg7 = 1.479819860511658591e-01
)

// split takes x apart for a logarithm: x is (1+f)·2^k with 1+f around 1. hx is
// the high word of x without its exponent. done says that y is the logarithm.
func split(x float64) (k int, hx int32, m, y float64, done bool) {
	hx = highWord(x)
	if hx < 0x00100000 {
		switch {
		case x == 0:
			return 0, 0, 0, math.Inf(-1), true
		case hx < 0:
			return 0, 0, 0, math.NaN(), true
		}
		k = -54
		x *= 0x1p54
		hx = highWord(x)
	}
	if hx >= 0x7FF00000 {
		return 0, 0, 0, x + x, true
	}
	k += int(hx>>20) - 1023
	return k, hx & 0x000FFFFF, x, 0, false
}

// Log is Math.log.
func Log(x float64) float64 {
	k, hx, x, y, done := split(x)
	if done {
		return y
	}
	i := (hx + 0x95F64) & 0x100000
	f := withHigh(x, hx|(i^0x3FF00000)) - 1
	k += int(i >> 20)
	dk := float64(k)
	if 0x000FFFFF&(2+hx) < 3 { // |f| below 2^-20
		if f == 0 {
			return float64(dk*ln2Hi) + float64(dk*ln2Lo)
		}
		r := float64(float64(f*f) * (0.5 - float64(0.33333333333333333*f)))
		if k == 0 {
			return f - r
		}
		return float64(dk*ln2Hi) - ((r - float64(dk*ln2Lo)) - f)
	}
	s := f / (2 + f)
	z := float64(s * s)
	w := float64(z * z)
	t1 := float64(w * (lg2 + float64(w*(lg4+float64(w*lg6)))))
	t2 := float64(z * (lg1 + float64(w*(lg3+float64(w*(lg5+float64(w*lg7)))))))
	r := t2 + t1
	if (hx-0x6147A)|(0x6B851-hx) > 0 {
		hfsq := float64(0.5 * f * f)
		if k == 0 {
			return f - (hfsq - float64(s*(hfsq+r)))
		}
		return float64(dk*ln2Hi) - ((hfsq - (float64(s*(hfsq+r)) + float64(dk*ln2Lo))) - f)
	}
	if k == 0 {
		return f - float64(s*(f-r))
	}
	return float64(dk*ln2Hi) - ((float64(s*(f-r)) - float64(dk*ln2Lo)) - f)
}

// Log2 is Math.log2.
func Log2(x float64) float64 {
	const ivln2Hi, ivln2Lo = 1.44269504072144627571e+00, 1.67517131648865118353e-10
	if x == 1 {
		return 0
	}
	k, hx, x, y, done := split(x)
	if done {
		return y
	}
	i := (hx + 0x95F64) & 0x100000
	f := withHigh(x, hx|(i^0x3FF00000)) - 1
	y = float64(k + int(i>>20))
	hfsq := float64(0.5 * f * f)
	s := f / (2 + f)
	z := float64(s * s)
	w := float64(z * z)
	t1 := float64(w * (lg2 + float64(w*(lg4+float64(w*lg6)))))
	t2 := float64(z * (lg1 + float64(w*(lg3+float64(w*(lg5+float64(w*lg7)))))))
	r := float64(s * (hfsq + (t2 + t1)))
	hi := chopped(f - hfsq)
	lo := ((f - hi) - hfsq) + r
	valHi := float64(hi * ivln2Hi)
	valLo := float64((lo+hi)*ivln2Lo) + float64(lo*ivln2Hi)
	w = y + valHi
	valLo += (y - w) + valHi
	return valLo + w
}

// Log10 is Math.log10, in fdlibm's older form.
func Log10(x float64) float64 {
	const (
		ivln10   = 4.34294481903251816668e-01
		log10Of2 = 3.01029995663611771306e-01
		log10Lo  = 3.69423907715893078616e-13
	)
	if x == 1 {
		return 0
	}
	k, hx, x, y, done := split(x)
	if done {
		return y
	}
	i := 0
	if k < 0 {
		i = 1
	}
	y = float64(k + i)
	x = withHigh(x, hx|int32(0x3FF-i)<<20)
	z := float64(y*log10Lo) + float64(ivln10*Log(x))
	return z + float64(y*log10Of2)
}

// Log1p is Math.log1p.
func Log1p(x float64) float64 {
	hx := highWord(x)
	ax := hx & 0x7FFFFFFF
	k, f, c := 1, 0.0, 0.0
	hu := int32(1)
	if hx < 0x3FDA827A { // 1+x below sqrt(2)
		switch {
		case ax >= 0x3FF00000:
			if x == -1 {
				return math.Inf(-1)
			}
			return math.NaN()
		case ax < 0x3C900000:
			return x
		case ax < 0x3E200000:
			return x - float64(x*x*0.5)
		case hx > 0 || hx <= -0x402D413C: // 0xBFD2BEC4
			k, f = 0, x
		}
	}
	if hx >= 0x7FF00000 {
		return x + x
	}
	if k != 0 {
		k, hu, f, c = log1pReduce(x, hx)
	}
	return log1pReduced(k, hu, f, c)
}

func log1pReduce(x float64, hx int32) (k int, hu int32, f, c float64) {
	u := x
	if hx < 0x43400000 {
		u = 1 + x
		hu = highWord(u)
		k = int(hu>>20) - 1023
		if k > 0 {
			c = 1 - (u - x)
		} else {
			c = x - (u - 1)
		}
		c /= u
	} else {
		hu = highWord(u)
		k = int(hu>>20) - 1023
	}
	hu &= 0x000FFFFF
	if hu < 0x6A09E {
		u = withHigh(u, hu|0x3FF00000)
	} else {
		k++
		u = withHigh(u, hu|0x3FE00000)
		hu = (0x00100000 - hu) >> 2
	}
	return k, hu, u - 1, c
}

func log1pReduced(k int, hu int32, f, c float64) float64 {
	const (
		lp1 = 6.666666666666735130e-01
		lp2 = 3.999999999940941908e-01
		lp3 = 2.857142874366239149e-01
		lp4 = 2.222219843214978396e-01
		lp5 = 1.818357216161805012e-01
		lp6 = 1.531383769920937332e-01
		lp7 = 1.479819860511658591e-01
	)
	dk := float64(k)
	hfsq := float64(0.5 * f * f)
	if hu == 0 { // |f| below 2^-20
		if f == 0 {
			if k == 0 {
				return 0
			}
			c += float64(dk * ln2Lo)
			return float64(dk*ln2Hi) + c
		}
		r := float64(hfsq * (1 - float64(0.66666666666666666*f)))
		if k == 0 {
			return f - r
		}
		return float64(dk*ln2Hi) - ((r - (float64(dk*ln2Lo) + c)) - f)
	}
	s := f / (2 + f)
	z := float64(s * s)
	r := float64(z * (lp1 + float64(z*(lp2+float64(z*(lp3+float64(z*(lp4+float64(z*(lp5+float64(z*(lp6+float64(z*lp7)))))))))))))
	if k == 0 {
		return f - (hfsq - float64(s*(hfsq+r)))
	}
	return float64(dk*ln2Hi) - ((hfsq - (float64(s*(hfsq+r)) + (float64(dk*ln2Lo) + c))) - f)
}

const ln2 = 6.93147180559945286227e-01

// Asinh is Math.asinh.
func Asinh(x float64) float64 {
	ix := highWord(x) & 0x7FFFFFFF
	if ix >= 0x7FF00000 {
		return x + x
	}
	if ix < 0x3E300000 {
		return x
	}
	var w float64
	a := math.Abs(x)
	switch {
	case ix > 0x41B00000:
		w = Log(a) + ln2
	case ix > 0x40000000:
		w = Log(float64(2*a) + 1/(math.Sqrt(float64(x*x)+1)+a))
	default:
		t := float64(x * x)
		w = Log1p(a + t/(1+math.Sqrt(1+t)))
	}
	return math.Copysign(w, x)
}

// Acosh is Math.acosh.
func Acosh(x float64) float64 {
	hx := highWord(x)
	switch {
	case x != x || hx < 0x3FF00000:
		return math.NaN()
	case hx >= 0x7FF00000:
		return x
	case hx >= 0x41B00000:
		return Log(x) + ln2
	case x == 1:
		return 0
	case hx > 0x40000000:
		t := float64(x * x)
		return Log(float64(2*x) - 1/(x+math.Sqrt(t-1)))
	}
	t := x - 1
	return Log1p(t + math.Sqrt(float64(2*t)+float64(t*t)))
}

// Atanh is Math.atanh.
func Atanh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case x != x || a > 1:
		return math.NaN()
	case a == 1:
		return math.Copysign(math.Inf(1), x)
	case a < 0x1p-28:
		return x
	}
	var t float64
	if a < 0.5 {
		t = a + a
		t = float64(0.5 * Log1p(t+float64(t*a)/(1-a)))
	} else {
		t = float64(0.5 * Log1p((a+a)/(1-a)))
	}
	return math.Copysign(t, x)
}
