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
	ln2Hi  = 6.93147180369123816490e-01
	ln2Lo  = 1.90821492927058770002e-10
	invLn2 = 1.44269504088896338700e+00
)

// Exp is Math.exp.
func Exp(x float64) float64 {
	const (
		p1 = 1.66666666666666019037e-01
		p2 = -2.77777777770155933842e-03
		p3 = 6.61375632143793436117e-05
		p4 = -1.65339022054652515390e-06
		p5 = 4.13813679705723846039e-08
	)
	hx := highWord(x) & 0x7FFFFFFF
	neg := math.Signbit(x)
	if hx >= 0x40862E42 {
		switch {
		case x != x:
			return math.NaN()
		case x > 7.09782712893383973096e+02:
			return math.Inf(1)
		case x < -7.45133219101941108420e+02:
			return 0
		}
	}
	var hi, lo float64
	k := 0
	switch {
	case hx > 0x3FD62E42 && hx < 0x3FF0A2B2: // half to one and a half ln2
		if x == 1 {
			return math.E
		}
		if neg {
			hi, lo, k = x+ln2Hi, -ln2Lo, -1
		} else {
			hi, lo, k = x-ln2Hi, ln2Lo, 1
		}
		x = hi - lo
	case hx > 0x3FD62E42:
		k = int(float64(invLn2*x) + math.Copysign(0.5, x))
		t := float64(k)
		hi, lo = x-float64(t*ln2Hi), float64(t*ln2Lo)
		x = hi - lo
	case hx < 0x3E300000:
		return 1 + x
	}
	t := float64(x * x)
	c := x - float64(t*(p1+float64(t*(p2+float64(t*(p3+float64(t*(p4+float64(t*p5)))))))))
	if k == 0 {
		return 1 - (float64(x*c)/(c-2) - x)
	}
	y := 1 - ((lo - float64(x*c)/(2-c)) - hi)
	switch {
	case k == 1024:
		return float64(y * 2 * 0x1p1023)
	case k >= -1021:
		return float64(y * fromWords(int32(0x3FF00000+k<<20), 0))
	}
	return float64(y * fromWords(int32(0x3FF00000+(k+1000)<<20), 0) * 0x1p-1000)
}

// Expm1 is Math.expm1.
func Expm1(x float64) float64 {
	hx := highWord(x) & 0x7FFFFFFF
	neg := math.Signbit(x)
	if hx >= 0x4043687A { // 56 ln2
		switch {
		case x != x:
			return math.NaN()
		case neg:
			return -1
		case x > 7.09782712893383973096e+02:
			return math.Inf(1)
		}
	}
	var c float64
	k := 0
	switch {
	case hx > 0x3FD62E42:
		var hi, lo float64
		if hx < 0x3FF0A2B2 {
			hi, lo, k = x-ln2Hi, ln2Lo, 1
			if neg {
				hi, lo, k = x+ln2Hi, -ln2Lo, -1
			}
		} else {
			k = int(float64(invLn2*x) + math.Copysign(0.5, x))
			t := float64(k)
			hi, lo = x-float64(t*ln2Hi), float64(t*ln2Lo)
		}
		x = hi - lo
		c = (hi - x) - lo
	case hx < 0x3C900000:
		return x
	}
	return expm1Reduced(x, c, k)
}

// expm1Reduced is exp((x + c) + k ln2) - 1.
func expm1Reduced(x, c float64, k int) float64 {
	const (
		q1 = -3.33333333333331316428e-02
		q2 = 1.58730158725481460165e-03
		q3 = -7.93650757867487942473e-05
		q4 = 4.00821782732936239552e-06
		q5 = -2.01099218183624371326e-07
	)
	hfx := float64(0.5 * x)
	hxs := float64(x * hfx)
	r1 := 1 + float64(hxs*(q1+float64(hxs*(q2+float64(hxs*(q3+float64(hxs*(q4+float64(hxs*q5)))))))))
	t := 3 - float64(r1*hfx)
	e := float64(hxs * ((r1 - t) / (6 - float64(x*t))))
	if k == 0 {
		return x - (float64(x*e) - hxs)
	}
	twoK := fromWords(int32(0x3FF00000+k<<20), 0)
	e = float64(x*(e-c)) - c
	e -= hxs
	switch {
	case k == -1:
		return float64(0.5*(x-e)) - 0.5
	case k == 1:
		if x < -0.25 {
			return float64(-2 * (e - (x + 0.5)))
		}
		return 1 + float64(2*(x-e))
	case k <= -2 || k > 56:
		y := 1 - (e - x)
		if k == 1024 {
			y = float64(y * 2 * 0x1p1023)
		} else {
			y = float64(y * twoK)
		}
		return y - 1
	case k < 20:
		t = fromWords(int32(0x3FF00000-0x200000>>k), 0)
		return float64((t - (e - x)) * twoK)
	}
	t = fromWords(int32((0x3FF-k)<<20), 0)
	return float64(((x - (e + t)) + 1) * twoK)
}

// Sinh is Math.sinh.
func Sinh(x float64) float64 {
	h, ax := 0.5, math.Abs(x)
	if x < 0 {
		h = -h
	}
	switch {
	case ax < 22:
		if ax < 0x1p-28 {
			return x
		}
		t := Expm1(ax)
		if ax < 1 {
			return float64(h * (float64(2*t) - float64(t*t)/(t+1)))
		}
		return float64(h * (t + t/(t+1)))
	case ax < 709.7822265625:
		return float64(h * Exp(ax))
	case ax <= 710.4758600739439:
		w := Exp(0.5 * ax)
		return float64(h * w * w)
	}
	return float64(x * math.Inf(1))
}

// Cosh is Math.cosh.
func Cosh(x float64) float64 {
	x = math.Abs(x)
	ix := highWord(x)
	switch {
	case ix < 0x3FD62E43:
		t := Expm1(x)
		w := 1 + t
		if ix < 0x3C800000 {
			return w
		}
		return 1 + float64(t*t)/(w+w)
	case ix < 0x40360000:
		t := Exp(x)
		return float64(0.5*t) + 0.5/t
	case ix < 0x40862E42:
		return float64(0.5 * Exp(x))
	case x <= 710.4758600739439:
		w := Exp(0.5 * x)
		return float64(0.5 * w * w)
	}
	if x != x {
		return x
	}
	return math.Inf(1)
}

// Tanh is Math.tanh.
func Tanh(x float64) float64 {
	ix := highWord(x) & 0x7FFFFFFF
	z := 1.0
	switch {
	case x != x:
		return x
	case ix < 0x3E300000:
		return x
	case ix < 0x3FF00000:
		t := Expm1(-2 * math.Abs(x))
		z = -t / (t + 2)
	case ix < 0x40360000:
		t := Expm1(2 * math.Abs(x))
		z = 1 - 2/(t+2)
	}
	if x < 0 {
		return -z
	}
	return z
}
