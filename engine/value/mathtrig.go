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

// Sin is Math.sin.
func Sin(x float64) float64 {
	ix := highWord(x) & 0x7FFFFFFF
	if ix <= 0x3FE921FB { // up to pi/4
		return kernelSin(x, 0, false)
	}
	if ix >= 0x7FF00000 {
		return math.NaN()
	}
	n, y0, y1 := remPio2(x)
	switch n & 3 {
	case 0:
		return kernelSin(y0, y1, true)
	case 1:
		return kernelCos(y0, y1)
	case 2:
		return -kernelSin(y0, y1, true)
	}
	return -kernelCos(y0, y1)
}

// Cos is Math.cos.
func Cos(x float64) float64 {
	ix := highWord(x) & 0x7FFFFFFF
	if ix <= 0x3FE921FB {
		return kernelCos(x, 0)
	}
	if ix >= 0x7FF00000 {
		return math.NaN()
	}
	n, y0, y1 := remPio2(x)
	switch n & 3 {
	case 0:
		return kernelCos(y0, y1)
	case 1:
		return -kernelSin(y0, y1, true)
	case 2:
		return -kernelCos(y0, y1)
	}
	return kernelSin(y0, y1, true)
}

// Tan is Math.tan.
func Tan(x float64) float64 {
	ix := highWord(x) & 0x7FFFFFFF
	if ix <= 0x3FE921FB {
		return kernelTan(x, 0, 1)
	}
	if ix >= 0x7FF00000 {
		return math.NaN()
	}
	n, y0, y1 := remPio2(x)
	return kernelTan(y0, y1, 1-int(n&1)*2)
}

// kernelSin is the sine of x + y, |x| up to pi/4; tail says that y counts.
func kernelSin(x, y float64, tail bool) float64 {
	const (
		s1 = -1.66666666666666324348e-01
		s2 = 8.33333333332248946124e-03
		s3 = -1.98412698298579493134e-04
		s4 = 2.75573137070700676789e-06
		s5 = -2.50507602534068634195e-08
		s6 = 1.58969099521155010221e-10
	)
	if highWord(x)&0x7FFFFFFF < 0x3E400000 && int(x) == 0 {
		return x
	}
	z := float64(x * x)
	v := float64(z * x)
	r := s2 + float64(z*(s3+float64(z*(s4+float64(z*(s5+float64(z*s6)))))))
	if !tail {
		return x + float64(v*(s1+float64(z*r)))
	}
	return x - ((float64(z*(float64(0.5*y)-float64(v*r))) - y) - float64(v*s1))
}

// kernelCos is the cosine of x + y, |x| up to pi/4, in fdlibm's older form.
func kernelCos(x, y float64) float64 {
	const (
		c1 = 4.16666666666666019037e-02
		c2 = -1.38888888888741095749e-03
		c3 = 2.48015872894767294178e-05
		c4 = -2.75573143513906633035e-07
		c5 = 2.08757232129817482790e-09
		c6 = -1.13596475577881948265e-11
	)
	ix := highWord(x) & 0x7FFFFFFF
	if ix < 0x3E400000 && int(x) == 0 {
		return 1
	}
	z := float64(x * x)
	r := float64(z * (c1 + float64(z*(c2+float64(z*(c3+float64(z*(c4+float64(z*(c5+float64(z*c6)))))))))))
	if ix < 0x3FD33333 {
		return 1 - (float64(0.5*z) - (float64(z*r) - float64(x*y)))
	}
	qx := 0.28125
	if ix <= 0x3FE90000 {
		qx = fromWords(ix-0x00200000, 0) // x/4
	}
	hz := float64(0.5*z) - qx
	return (1 - qx) - (hz - (float64(z*r) - float64(x*y)))
}

var tanT = [...]float64{
	3.33333333333334091986e-01, 1.33333333333201242699e-01, 5.39682539762260521377e-02,
	2.18694882948595424599e-02, 8.86323982359930005737e-03, 3.59207910759131235356e-03,
	1.45620945432529025516e-03, 5.88041240820264096874e-04, 2.46463134818469906812e-04,
	7.81794442939557092300e-05, 7.14072491382608190305e-05, -1.85586374855275456654e-05,
	2.59073051863633712884e-05,
}

// kernelTan is tan(x + y), |x| up to pi/4, if k is 1, and -1/tan if k is -1.
func kernelTan(x, y float64, k int) float64 {
	const pio4, pio4lo = 7.85398163397448278999e-01, 3.06161699786838301793e-17
	hx := highWord(x)
	ix := hx & 0x7FFFFFFF
	if ix < 0x3E300000 && int(x) == 0 {
		switch {
		case uint32(ix)|lowWord(x)|uint32(k+1) == 0:
			return 1 / math.Abs(x)
		case k == 1:
			return x
		}
		w := x + y
		z := chopped(w)
		return minusInverse(w, z, y-(z-x))
	}
	big := ix >= 0x3FE59428
	if big {
		if hx < 0 {
			x, y = -x, -y
		}
		z := pio4 - x
		w := pio4lo - y
		x, y = z+w, 0
	}
	z := float64(x * x)
	w := float64(z * z)
	t := &tanT
	r := t[1] + float64(w*(t[3]+float64(w*(t[5]+float64(w*(t[7]+float64(w*(t[9]+float64(w*t[11])))))))))
	v := float64(z * (t[2] + float64(w*(t[4]+float64(w*(t[6]+float64(w*(t[8]+float64(w*(t[10]+float64(w*t[12])))))))))))
	s := float64(z * x)
	r = y + float64(z*(float64(s*(r+v))+y))
	r += float64(t[0] * s)
	w = x + r
	if big {
		v = float64(k)
		return float64(1-(hx>>30)&2) * (v - float64(2*(x-(float64(w*w)/(w+v)-r))))
	}
	if k == 1 {
		return w
	}
	z = chopped(w)
	return minusInverse(w, z, r-(z-x))
}

// minusInverse is -1/(z + v), z having half the bits and w being the sum.
func minusInverse(w, z, v float64) float64 {
	a := -1 / w
	t := chopped(a)
	s := 1 + float64(t*z)
	return t + float64(a*(s+float64(t*v)))
}
