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
	pio2Hi = 1.57079632679489655800e+00
	pio2Lo = 6.12323399573676603587e-17
	pio4Hi = 7.85398163397448278999e-01
	piHi   = 3.1415926535897931160e+00
	piLo   = 1.2246467991473531772e-16
)

// asinRatio is the rational function that both Asin and Acos use.
func asinRatio(t float64) float64 {
	const (
		ps0 = 1.66666666666666657415e-01
		ps1 = -3.25565818622400915405e-01
		ps2 = 2.01212532134862925881e-01
		ps3 = -4.00555345006794114027e-02
		ps4 = 7.91534994289814532176e-04
		ps5 = 3.47933107596021167570e-05
		qs1 = -2.40339491173441421878e+00
		qs2 = 2.02094576023350569471e+00
		qs3 = -6.88283971605453293030e-01
		qs4 = 7.70381505559019352791e-02
	)
	p := float64(t * (ps0 + float64(t*(ps1+float64(t*(ps2+float64(t*(ps3+float64(t*(ps4+float64(t*ps5)))))))))))
	q := 1 + float64(t*(qs1+float64(t*(qs2+float64(t*(qs3+float64(t*qs4)))))))
	return p / q
}

// Asin is Math.asin.
func Asin(x float64) float64 {
	ix := highWord(x) & 0x7FFFFFFF
	a := math.Abs(x)
	switch {
	case x != x || a > 1:
		return math.NaN()
	case a == 1:
		return float64(x*pio2Hi) + float64(x*pio2Lo)
	case ix < 0x3E400000:
		return x
	case ix < 0x3FE00000:
		return x + float64(x*asinRatio(x*x))
	}
	t := float64((1 - a) * 0.5)
	r := asinRatio(t)
	s := math.Sqrt(t)
	if ix >= 0x3FEF3333 { // above 0.975
		t = pio2Hi - (float64(2*(s+float64(s*r))) - pio2Lo)
	} else {
		w := chopped(s)
		c := (t - float64(w*w)) / (s + w)
		p := float64(2*s*r) - (pio2Lo - float64(2*c))
		q := pio4Hi - float64(2*w)
		t = pio4Hi - (p - q)
	}
	return math.Copysign(t, x)
}

// Acos is Math.acos.
func Acos(x float64) float64 {
	ix := highWord(x) & 0x7FFFFFFF
	a := math.Abs(x)
	switch {
	case x != x || a > 1:
		return math.NaN()
	case x == 1:
		return 0
	case x == -1:
		return piHi + 2*pio2Lo
	case ix <= 0x3C600000:
		return pio2Hi + pio2Lo
	case ix < 0x3FE00000:
		return pio2Hi - (x - (pio2Lo - float64(x*asinRatio(x*x))))
	case x < 0:
		z := float64((1 + x) * 0.5)
		s := math.Sqrt(z)
		w := float64(asinRatio(z)*s) - pio2Lo
		return piHi - float64(2*(s+w))
	}
	z := float64((1 - x) * 0.5)
	s := math.Sqrt(z)
	df := chopped(s)
	c := (z - float64(df*df)) / (s + df)
	w := float64(asinRatio(z)*s) + c
	return float64(2 * (df + w))
}

var (
	atanHi = [...]float64{4.63647609000806093515e-01, 7.85398163397448278999e-01, 9.82793723247329054082e-01, 1.57079632679489655800e+00}
	atanLo = [...]float64{2.26987774529616870924e-17, 3.06161699786838301793e-17, 1.39033110312309984516e-17, 6.12323399573676603587e-17}
	atanT  = [...]float64{
		3.33333333333329318027e-01, -1.99999999998764832476e-01, 1.42857142725034663711e-01,
		-1.11111104054623557880e-01, 9.09088713343650656196e-02, -7.69187620504482999495e-02,
		6.66107313738753120669e-02, -5.83357013379057348645e-02, 4.97687799461593236017e-02,
		-3.65315727442169155270e-02, 1.62858201153657823623e-02,
	}
)

// Atan is Math.atan.
func Atan(x float64) float64 {
	ix := highWord(x) & 0x7FFFFFFF
	if ix >= 0x44100000 { // 2^66 and above
		if x != x {
			return x
		}
		return math.Copysign(atanHi[3]+atanLo[3], x)
	}
	a := math.Abs(x)
	id := -1
	switch {
	case ix < 0x3E400000:
		return x
	case ix < 0x3FDC0000: // below 7/16
		a = x
	case ix < 0x3FE60000: // below 11/16
		id, a = 0, (float64(2*a)-1)/(2+a)
	case ix < 0x3FF30000: // below 19/16
		id, a = 1, (a-1)/(a+1)
	case ix < 0x40038000: // below 39/16
		id, a = 2, (a-1.5)/(1+float64(1.5*a))
	default:
		id, a = 3, -1/a
	}
	t := &atanT
	z := float64(a * a)
	w := float64(z * z)
	s1 := float64(z * (t[0] + float64(w*(t[2]+float64(w*(t[4]+float64(w*(t[6]+float64(w*(t[8]+float64(w*t[10])))))))))))
	s2 := float64(w * (t[1] + float64(w*(t[3]+float64(w*(t[5]+float64(w*(t[7]+float64(w*t[9])))))))))
	if id < 0 {
		return a - float64(a*(float64(s1)+float64(s2)))
	}
	z = atanHi[id] - ((float64(a*(float64(s1)+float64(s2))) - atanLo[id]) - a)
	return math.Copysign(z, x)
}

// Atan2 is Math.atan2.
func Atan2(y, x float64) float64 {
	const tiny = 1.0e-300
	switch {
	case x != x || y != y:
		return math.NaN()
	case x == 1:
		return Atan(y)
	case y == 0:
		if math.Signbit(x) {
			return math.Copysign(piHi+tiny, y)
		}
		return y
	case x == 0:
		return math.Copysign(pio2Hi+tiny, y)
	case math.IsInf(x, 1):
		if math.IsInf(y, 0) {
			return math.Copysign(pio4Hi+tiny, y)
		}
		return math.Copysign(0, y)
	case math.IsInf(x, -1):
		if math.IsInf(y, 0) {
			return math.Copysign(3*pio4Hi+tiny, y)
		}
		return math.Copysign(piHi+tiny, y)
	case math.IsInf(y, 0):
		return math.Copysign(pio2Hi+tiny, y)
	}
	k := (highWord(y)&0x7FFFFFFF - highWord(x)&0x7FFFFFFF) >> 20
	var z float64
	neg := x < 0
	switch {
	case k > 60:
		z, neg = pio2Hi+0.5*piLo, false
	case neg && k < -60:
		z = 0
	default:
		z = Atan(math.Abs(y / x))
	}
	switch {
	case !neg:
		return math.Copysign(z, y)
	case y > 0:
		return piHi - (z - piLo)
	}
	return (z - piLo) - piHi
}
