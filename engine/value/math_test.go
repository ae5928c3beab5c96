package value

import (
	"encoding/binary"
	"math"
	"os"
	"testing"
)

// The inputs of testdata/math.mjs, made in the same way.
var mathSpecial = []float64{
	0, 1, 0.5, 2, 3, 4, 0.25, 1.5, 2.5, 3.5, 10, 100, 1000, 1e-5, 1e-10, 1e-20, 1e-300, 5e-324, 1e-310, 2.2250738585072014e-308, 1.7976931348623157e308,
	math.Inf(1), 0.1, 0.2, 0.3, 0.7, 0.9, 0.99, 0.999, 0.9999999999999999, 1.0000000000000002, 1.0001, 0.6744, 0.785398163397448, 1.5707963267948966, 3.141592653589793,
	4.71238898038469, 6.283185307179586, 7.853981633974483, 2.356194490192345, 22, 21.999, 56, 700, 709.782712893384, 709.7827128933841, 709.7822265625, 710.4758600739439, 710.475860073944, 745.1332191019411, 745.2,
	0.34657359, 0.6931471805599453, 1.0397207708, 2147483647, 2147483648, 4294967295, 4294967296, 9007199254740991, 9007199254740992, 1e15, 1e21, 1e22, 1e100, 1e200, 823549.6, 1647099.5,
	3.5e-9, 1.4901161193847656e-8, 7.450580596923828e-9, 3.725290298461914e-9, 1.8626451492309570e-9, 5.551115123125783e-17, 1.1102230246251565e-16, 0.41421356237309503, 0.2928932188134524, 0.2928932188134525,
	1.4142135623730951, 0.7071067811865476, 0.43749999, 0.4375, 0.6875, 1.1875, 2.4375, 0.975, 0.49999999999999994, 4503599627370495.5, 33.3, 32.2,
}

type mathInputs uint32

func (m *mathInputs) rand32() uint32 {
	*m += 0x6D2B79F5
	s := uint32(*m)
	t := (s ^ s>>15) * (1 | s)
	t = (t + (t^t>>7)*(61|t)) ^ t
	return t ^ t>>14
}

func (m *mathInputs) unit() float64 {
	hi := float64(m.rand32()>>6) * 134217728
	return (hi + float64(m.rand32()>>5)) / 9007199254740992
}

func (m *mathInputs) next(i int) float64 {
	switch i % 8 {
	case 0:
		lo := m.rand32()
		return fromWords(int32(m.rand32()), lo)
	case 1:
		return float64(m.unit()*2) - 1
	case 2:
		return float64(m.unit()*20) - 10
	case 3:
		return float64(m.unit()*1600) - 800
	case 4:
		return float64(m.unit()*4e6) - 2e6
	case 5:
		return math.Trunc(float64(m.unit()*200) - 100)
	case 6:
		lo := m.rand32()
		x := fromWords(int32(m.rand32()%0x4000000+0x3E000000-0x1800000), lo)
		if m.rand32()&1 == 1 {
			return x
		}
		return -x
	}
	lo := m.rand32()
	return fromWords(int32(0x3FE00000+m.rand32()%0x200000), lo)
}

// specials are the special inputs with their negatives and NaN.
func specials() []float64 {
	list := mathSpecial
	for _, x := range mathSpecial {
		list = append(list, -x)
	}
	return append(list, math.NaN())
}

func TestMath(t *testing.T) {
	special := specials()
	file := os.Getenv("LOCKSTEP_MATH")
	if file == "" {
		file = "testdata/math.bin"
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := func() float64 {
		f := math.Float64frombits(binary.LittleEndian.Uint64(data))
		data = data[8:]
		return f
	}
	count := int(want())
	differ := 0
	check := func(name string, got float64, in ...float64) {
		if w := want(); !sameBits(got, w) {
			if differ++; differ <= 3 {
				t.Errorf("%s(%v) = %v (%x), want %v (%x)", name, in, got, math.Float64bits(got), w, math.Float64bits(w))
			}
		}
	}
	done := func(name string) {
		if differ > 0 {
			t.Errorf("%s: %d of %d differ", name, differ, count)
		}
		differ = 0
	}
	for _, f := range mathUnary {
		for _, x := range special {
			check(f.name, f.f(x), x)
		}
		in := mathInputs(12345)
		for i := range count {
			x := in.next(i)
			check(f.name, f.f(x), x)
		}
		done(f.name)
	}
	for _, f := range mathBinary {
		for i := 0; i < len(special); i += 5 {
			for j := 0; j < len(special); j += 5 {
				check(f.name, f.f(special[i], special[j]), special[i], special[j])
			}
		}
		in := mathInputs(54321)
		for i := range count {
			x := in.next(i)
			y := in.next(i >> 3)
			check(f.name, f.f(x, y), x, y)
		}
		done(f.name)
	}
	if len(data) != 0 {
		t.Errorf("%d bytes of vectors left", len(data))
	}
}

func sameBits(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b
}

var mathUnary = []struct {
	name string
	f    func(float64) float64
}{
	{"sin", Sin}, {"cos", Cos}, {"tan", Tan}, {"asin", Asin}, {"acos", Acos}, {"atan", Atan}, {"sinh", Sinh}, {"cosh", Cosh},
	{"tanh", Tanh}, {"asinh", Asinh}, {"acosh", Acosh}, {"atanh", Atanh}, {"exp", Exp}, {"expm1", Expm1}, {"log", Log}, {"log2", Log2},
	{"log10", Log10}, {"log1p", Log1p}, {"cbrt", Cbrt}, {"sqrt", Sqrt}, {"round", Round}, {"sign", Sign}, {"fround", Fround},
	{"clz32", Clz32}, {"trunc", Trunc}, {"floor", Floor}, {"ceil", Ceil},
}

var mathBinary = []struct {
	name string
	f    func(x, y float64) float64
}{
	{"pow", Pow}, {"atan2", Atan2},
	{"hypot", func(x, y float64) float64 { return Hypot(x, y) }}, {"imul", Imul},
	{"max", func(x, y float64) float64 { return Max(x, y) }}, {"min", func(x, y float64) float64 { return Min(x, y) }},
	{"mod", Mod}, {"hypot3", func(x, y float64) float64 { return Hypot(x, y, x*0.75) }},
}
