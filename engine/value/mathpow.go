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

// Pow is Math.pow and **: NaN for 1 or -1 to an infinite power, unlike C.
func Pow(x, y float64) float64 {
	switch {
	case y == 0:
		return 1
	case x != x || y != y:
		return math.NaN()
	}
	hx, hy := highWord(x), highWord(y)
	ix, iy := hx&0x7FFFFFFF, hy&0x7FFFFFFF
	yInt := parity(x, y)
	if lowWord(y) == 0 {
		if z, ok := powSpecialY(x, y); ok {
			return z
		}
	}
	ax := math.Abs(x)
	if lowWord(x) == 0 && (ix == 0x7FF00000 || ix == 0 || ix == 0x3FF00000) {
		z := ax
		if hy < 0 {
			z = 1 / z
		}
		if hx < 0 {
			if ix == 0x3FF00000 && yInt == 0 {
				return math.NaN()
			}
			if yInt == 1 {
				z = -z
			}
		}
		return z
	}
	if hx < 0 && yInt == 0 {
		return math.NaN()
	}
	s := 1.0
	if hx < 0 && yInt == 1 {
		s = -1
	}
	var t1, t2 float64
	if iy > 0x41E00000 { // |y| above 2^31
		switch {
		case iy > 0x43F00000 && ix <= 0x3FEFFFFF || ix < 0x3FEFFFFF:
			return float64(s * overflowIf(hy < 0))
		case iy > 0x43F00000 || ix > 0x3FF00000:
			return float64(s * overflowIf(hy > 0))
		}
		t1, t2 = log2NearOne(ax)
	} else {
		t1, t2 = log2Extra(ax, ix)
	}
	return float64(s * powFinish(y, t1, t2))
}

func overflowIf(b bool) float64 {
	if b {
		return math.Inf(1)
	}
	return 0
}

// parity says what a negative x needs to know of y: 0 not an integer, 1 odd, 2 even.
func parity(x, y float64) int {
	if x >= 0 && !math.Signbit(x) {
		return 0
	}
	a := math.Abs(y)
	switch {
	case a >= 1<<53:
		return 2
	case a != math.Trunc(a):
		return 0
	case int64(a)&1 == 1:
		return 1
	}
	return 2
}

func powSpecialY(x, y float64) (float64, bool) {
	switch {
	case math.IsInf(y, 0):
		a := math.Abs(x)
		switch {
		case a == 1:
			return math.NaN(), true
		case a > 1 == (y > 0):
			return math.Inf(1), true
		}
		return 0, true
	case y == 1:
		return x, true
	case y == -1:
		return 1 / x, true
	case y == 2:
		return float64(x * x), true
	case y == 0.5 && highWord(x) >= 0:
		return math.Sqrt(x), true
	}
	return 0, false
}

// log2NearOne is log2(x) as t1 + t2, for x within 2^-20 of 1.
func log2NearOne(ax float64) (t1, t2 float64) {
	const (
		ivln2   = 1.44269504088896338700e+00
		ivln2Hi = 1.44269502162933349609e+00
		ivln2Lo = 1.92596299112661746887e-08
	)
	t := ax - 1
	w := float64(float64(t*t) * (0.5 - float64(t*(0.3333333333333333333333-float64(t*0.25)))))
	u := float64(ivln2Hi * t)
	v := float64(t*ivln2Lo) - float64(w*ivln2)
	t1 = chopped(u + v)
	return t1, v - (t1 - u)
}

// log2Extra is log2(x) as t1 + t2, with more bits than a float64 has.
func log2Extra(ax float64, ix int32) (t1, t2 float64) {
	const (
		l1   = 5.99999999999994648725e-01
		l2   = 4.28571428578550184252e-01
		l3   = 3.33333329818377432918e-01
		l4   = 2.72728123808534006489e-01
		l5   = 2.30660745775561754067e-01
		l6   = 2.06975017800338417784e-01
		cp   = 9.61796693925975554329e-01
		cpHi = 9.61796700954437255859e-01
		cpLo = -7.02846165095275826516e-09
	)
	n := int32(0)
	if ix < 0x00100000 {
		ax *= 1 << 53
		n = -53
		ix = highWord(ax)
	}
	n += ix>>20 - 0x3FF
	j := ix & 0x000FFFFF
	ix = j | 0x3FF00000
	k := int32(0)
	bp, dpHi, dpLo := 1.0, 0.0, 0.0
	switch {
	case j <= 0x3988E:
	case j < 0xBB67A:
		k, bp, dpHi, dpLo = 1, 1.5, 5.84962487220764160156e-01, 1.35003920212974897128e-08
	default:
		n++
		ix -= 0x00100000
	}
	ax = withHigh(ax, ix)
	u := ax - bp
	v := 1 / (ax + bp)
	ss := float64(u * v)
	sh := chopped(ss)
	th := fromWords(((ix>>1)|0x20000000)+0x00080000+k<<18, 0)
	tl := ax - (th - bp)
	sl := float64(v * ((u - float64(sh*th)) - float64(sh*tl)))
	s2 := float64(ss * ss)
	r := float64(float64(s2*s2) * (l1 + float64(s2*(l2+float64(s2*(l3+float64(s2*(l4+float64(s2*(l5+float64(s2*l6)))))))))))
	r += float64(sl * (sh + ss))
	s2 = float64(sh * sh)
	th = chopped(3 + s2 + r)
	tl = r - ((th - 3) - s2)
	u = float64(sh * th)
	v = float64(sl*th) + float64(tl*ss)
	ph := chopped(u + v)
	pl := v - (ph - u)
	zh := float64(cpHi * ph)
	zl := float64(cpLo*ph) + float64(pl*cp) + dpLo
	t := float64(n)
	t1 = chopped(((zh + zl) + dpHi) + t)
	return t1, zl - (((t1 - t) - dpHi) - zh)
}

// powFinish is 2 to the power y·(t1+t2).
func powFinish(y, t1, t2 float64) float64 {
	const (
		p1  = 1.66666666666666019037e-01
		p2  = -2.77777777770155933842e-03
		p3  = 6.61375632143793436117e-05
		p4  = -1.65339022054652515390e-06
		p5  = 4.13813679705723846039e-08
		lHi = 6.93147182464599609375e-01
		lLo = -1.90465429995776804525e-09
		ovt = 8.0085662595372944372e-17 // -(1024 - log2(the largest number and a half))
	)
	y1 := chopped(y)
	pl := float64((y-y1)*t1) + float64(y*t2)
	ph := float64(y1 * t1)
	z := pl + ph
	j, i := highWord(z), lowWord(z)
	if j >= 0x40900000 { // z at least 1024
		if j > 0x40900000 || i != 0 || pl+ovt > z-ph {
			return math.Inf(1)
		}
	} else if j&0x7FFFFFFF >= 0x4090CC00 { // z at most -1075
		if j != -0x3F6F3400 || i != 0 || pl <= z-ph {
			return 0
		}
	}
	a := j & 0x7FFFFFFF
	n := int32(0)
	if a > 0x3FE00000 { // |z| above a half: take the nearest integer out
		k := a>>20 - 0x3FF
		n = j + 0x00100000>>(k+1)
		k = n&0x7FFFFFFF>>20 - 0x3FF
		t := fromWords(n&^(0x000FFFFF>>k), 0)
		n = (n&0x000FFFFF | 0x00100000) >> (20 - k)
		if j < 0 {
			n = -n
		}
		ph -= t
	}
	t := chopped(pl + ph)
	u := float64(t * lHi)
	v := float64((pl-(t-ph))*ln2) + float64(t*lLo)
	z = u + v
	w := v - (z - u)
	t = float64(z * z)
	c := z - float64(t*(p1+float64(t*(p2+float64(t*(p3+float64(t*(p4+float64(t*p5)))))))))
	r := float64(z*c) / ((c - 2) - (w + float64(z*w)))
	z = 1 - (r - z)
	if j = highWord(z) + n<<20; j>>20 <= 0 {
		return math.Ldexp(z, int(n))
	}
	return withHigh(z, j)
}

// Cbrt is Math.cbrt.
func Cbrt(x float64) float64 {
	const (
		b1 = 715094163
		b2 = 696219795
		p0 = 1.87595182427177009643
		p1 = -1.88497979543377169875
		p2 = 1.621429720105354466140
		p3 = -0.758397934778766047437
		p4 = 0.145996192886612446982
	)
	hx := highWord(x) & 0x7FFFFFFF
	if hx >= 0x7FF00000 {
		return x + x
	}
	var t float64
	if hx < 0x00100000 {
		if x == 0 {
			return x
		}
		t = float64(math.Abs(x) * 0x1p54)
		t = fromWords(highWord(t)/3+b2, 0)
	} else {
		t = fromWords(hx/3+b1, 0)
	}
	t = math.Copysign(t, x)
	r := float64(float64(t*t) * (t / x))
	t = float64(t * ((p0 + float64(r*(p1+float64(r*p2)))) + float64(float64(float64(r*r)*r)*(p3+float64(r*p4)))))
	t = math.Float64frombits((math.Float64bits(t) + 0x80000000) & 0xFFFFFFFFC0000000)
	s := float64(t * t)
	r = x / s
	w := t + t
	r = (r - t) / (w + r)
	return t + float64(t*r)
}
