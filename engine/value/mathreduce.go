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

// pio2Words are the high words of 1 to 32 times pi/2.
var pio2Words = [...]int32{
	0x3FF921FB, 0x400921FB, 0x4012D97C, 0x401921FB, 0x401F6A7A, 0x4022D97C, 0x4025FDBB, 0x402921FB,
	0x402C463A, 0x402F6A7A, 0x4031475C, 0x4032D97C, 0x40346B9C, 0x4035FDBB, 0x40378FDB, 0x403921FB,
	0x403AB41B, 0x403C463A, 0x403DD85A, 0x403F6A7A, 0x40407E4C, 0x4041475C, 0x4042106C, 0x4042D97C,
	0x4043A28C, 0x40446B9C, 0x404534AC, 0x4045FDBB, 0x4046C6CB, 0x40478FDB, 0x404858EB, 0x404921FB,
}

const (
	pio2Hi1  = 1.57079632673412561417e+00 // the first 33 bits of pi/2
	pio2Low1 = 6.07710050650619224932e-11 // pi/2 less those
	pio2Hi2  = 6.07710050630396597660e-11
	pio2Low2 = 2.02226624879595063154e-21
	pio2Hi3  = 2.02226624871116645580e-21
	pio2Low3 = 8.47842766036889956997e-32
	invPio2  = 6.36619772367581382433e-01
)

// remPio2 gives x less n times pi/2 as y0 + y1; only the last bits of n count.
func remPio2(x float64) (n int32, y0, y1 float64) {
	hx := highWord(x)
	ix := hx & 0x7FFFFFFF
	switch {
	case ix < 0x4002D97C: // up to 3pi/4: n is 1 or -1
		return remPio2Near(x, hx, ix)
	case ix <= 0x413921FB: // up to 2^19 pi/2
		return remPio2Medium(x, hx, ix)
	}
	e0 := ix>>20 - 1046
	z := fromWords(ix-e0<<20, lowWord(x))
	var tx [3]float64
	for i := range 2 {
		tx[i] = float64(int32(z))
		z = float64((z - tx[i]) * (1 << 24))
	}
	tx[2] = z
	nx := 3
	for tx[nx-1] == 0 {
		nx--
	}
	n, y0, y1 = kernelRemPio2(tx[:nx], int(e0))
	if hx < 0 {
		return -n, -y0, -y1
	}
	return n, y0, y1
}

func remPio2Near(x float64, hx, ix int32) (n int32, y0, y1 float64) {
	n = 1
	if hx < 0 {
		n, x = -1, -x
	}
	z := x - pio2Hi1
	low := pio2Low1
	if ix == 0x3FF921FB { // near pi/2: more bits
		z -= pio2Hi2
		low = pio2Low2
	}
	y0 = z - low
	y1 = (z - y0) - low
	if n < 0 {
		return n, -y0, -y1
	}
	return n, y0, y1
}

func remPio2Medium(x float64, hx, ix int32) (n int32, y0, y1 float64) {
	t := math.Abs(x)
	n = int32(float64(t*invPio2) + 0.5)
	fn := float64(n)
	r := t - float64(fn*pio2Hi1)
	w := float64(fn * pio2Low1)
	y0 = r - w
	if n >= 32 || ix == pio2Words[n-1] {
		j := ix >> 20
		if j-highWord(y0)>>20&0x7FF > 16 {
			t = r
			w = float64(fn * pio2Hi2)
			r = t - w
			w = float64(fn*pio2Low2) - ((t - r) - w)
			y0 = r - w
			if j-highWord(y0)>>20&0x7FF > 49 {
				t = r
				w = float64(fn * pio2Hi3)
				r = t - w
				w = float64(fn*pio2Low3) - ((t - r) - w)
				y0 = r - w
			}
		}
	}
	y1 = (r - y0) - w
	if hx < 0 {
		return -n, -y0, -y1
	}
	return n, y0, y1
}

// twoOverPi is 2/pi in pieces of 24 bits.
var twoOverPi = [...]float64{
	0xA2F983, 0x6E4E44, 0x1529FC, 0x2757D1, 0xF534DD, 0xC0DB62, 0x95993C, 0x439041, 0xFE5163, 0xABDEBB, 0xC561B7,
	0x246E3A, 0x424DD2, 0xE00649, 0x2EEA09, 0xD1921C, 0xFE1DEB, 0x1CB129, 0xA73EE8, 0x8235F5, 0x2EBB44, 0x84E99C,
	0x7026B4, 0x5F7E41, 0x3991D6, 0x398353, 0x39F49C, 0x845F8B, 0xBDF928, 0x3B1FF8, 0x97FFDE, 0x05980F, 0xEF2F11,
	0x8B5A0A, 0x6D1F6D, 0x367ECF, 0x27CB09, 0xB74F46, 0x3F669E, 0x5FEA2D, 0x7527BA, 0xC7EBE5, 0xF17B3D, 0x0739F7,
	0x8A5292, 0xEA6BFB, 0x5FB11F, 0x8D5D08, 0x560330, 0x46FC7B, 0x6BABF0, 0xCFBC20, 0x9AF436, 0x1DA9E3, 0x91615E,
	0xE61B08, 0x659985, 0x5F14A0, 0x68408D, 0xFFD880, 0x4D7327, 0x310606, 0x1556CA, 0x73A8C9, 0x60E27B, 0xC08C6B,
}

// pio2Pieces is pi/2 in pieces of 24 bits.
var pio2Pieces = [...]float64{
	1.57079625129699707031e+00, 7.54978941586159635335e-08, 5.39030252995776476554e-15,
	3.28200341580791294123e-22, 1.27065575308067607349e-29, 1.22933308981111328932e-36,
	2.73370053816464559624e-44, 2.16741683877804819444e-51,
}

// kernelRemPio2 reduces a large number, given as x[0] + x[1]·2^-24 + … times
// 2^e0, by multiplying it with as much of 2/pi as matters.
func kernelRemPio2(x []float64, e0 int) (n int32, y0, y1 float64) {
	const jk = 4
	jx := len(x) - 1
	jv := max((e0-3)/24, 0)
	q0 := e0 - 24*(jv+1)
	var f, q [20]float64
	for i, j := 0, jv-jx; i <= jx+jk; i, j = i+1, j+1 {
		if j >= 0 {
			f[i] = twoOverPi[j]
		}
	}
	for i := 0; i <= jk; i++ {
		q[i] = dotPieces(x, f[:], jx+i)
	}
	jz := jk
	var iq [20]int32
	var z float64
	var ih int32
	for {
		z, n, ih = distil(q[:], iq[:], jz, q0)
		if ih > 0 {
			n++
			z = complement(iq[:jz], q0, ih, z)
		}
		if z != 0 || !allZero(iq[jk:jz]) {
			break
		}
		k := 1 // not enough bits: take more of 2/pi
		for iq[jk-k] == 0 {
			k++
		}
		for i := jz + 1; i <= jz+k; i++ {
			f[jx+i] = twoOverPi[jv+i]
			q[i] = dotPieces(x, f[:], jx+i)
		}
		jz += k
	}
	jz, q0 = normalise(iq[:], jz, q0, z)
	y0, y1 = timesPio2(iq[:jz+1], q[:], q0)
	if ih != 0 {
		return n & 7, -y0, -y1
	}
	return n & 7, y0, y1
}

// normalise puts the fraction z behind the integers, or drops those at the end
// that are zero.
func normalise(iq []int32, jz, q0 int, z float64) (int, int) {
	if z == 0 {
		jz--
		q0 -= 24
		for iq[jz] == 0 {
			jz--
			q0 -= 24
		}
	} else {
		z = math.Ldexp(z, -q0)
		if z >= 1<<24 {
			fw := float64(int32(z * (1.0 / (1 << 24))))
			iq[jz] = int32(z - float64(fw*(1<<24)))
			jz++
			q0 += 24
			iq[jz] = int32(fw)
		} else {
			iq[jz] = int32(z)
		}
	}
	return jz, q0
}

func dotPieces(x, f []float64, at int) float64 {
	fw := 0.0
	for j := range x {
		fw += float64(x[j] * f[at-j])
	}
	return fw
}

func allZero(iq []int32) bool {
	for _, i := range iq {
		if i != 0 {
			return false
		}
	}
	return true
}

// distil turns q into integers of 24 bits, with the fraction z left, the whole
// part n and whether the fraction is above a half (ih > 0).
func distil(q []float64, iq []int32, jz, q0 int) (z float64, n, ih int32) {
	z = q[jz]
	for i, j := 0, jz; j > 0; i, j = i+1, j-1 {
		fw := float64(int32(z * (1.0 / (1 << 24))))
		iq[i] = int32(z - float64(fw*(1<<24)))
		z = q[j-1] + fw
	}
	z = math.Ldexp(z, q0)
	z -= float64(8 * math.Floor(z*0.125))
	n = int32(z)
	z -= float64(n)
	switch {
	case q0 > 0:
		i := iq[jz-1] >> (24 - q0)
		n += i
		iq[jz-1] -= i << (24 - q0)
		ih = iq[jz-1] >> (23 - q0)
	case q0 == 0:
		ih = iq[jz-1] >> 23
	case z >= 0.5:
		ih = 2
	}
	return z, n, ih
}

// complement replaces the fraction by one less it.
func complement(iq []int32, q0 int, ih int32, z float64) float64 {
	carry := false
	for i, j := range iq {
		if carry {
			iq[i] = 0xFFFFFF - j
		} else if j != 0 {
			carry = true
			iq[i] = 0x1000000 - j
		}
	}
	switch q0 {
	case 1:
		iq[len(iq)-1] &= 0x7FFFFF
	case 2:
		iq[len(iq)-1] &= 0x3FFFFF
	}
	if ih == 2 {
		z = 1 - z
		if carry {
			z -= math.Ldexp(1, q0)
		}
	}
	return z
}

// timesPio2 multiplies the fraction by pi/2.
func timesPio2(iq []int32, q []float64, q0 int) (y0, y1 float64) {
	jz := len(iq) - 1
	fw := math.Ldexp(1, q0)
	for i := jz; i >= 0; i-- {
		q[i] = float64(fw * float64(iq[i]))
		fw = float64(fw * (1.0 / (1 << 24)))
	}
	var fq [20]float64
	for i := jz; i >= 0; i-- {
		sum := 0.0
		for k := 0; k <= 4 && k <= jz-i; k++ {
			sum += float64(pio2Pieces[k] * q[i+k])
		}
		fq[jz-i] = sum
	}
	sum := 0.0
	for i := jz; i >= 0; i-- {
		sum += fq[i]
	}
	rest := fq[0] - sum
	for i := 1; i <= jz; i++ {
		rest += fq[i]
	}
	return sum, rest
}
