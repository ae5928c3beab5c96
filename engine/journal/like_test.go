package journal

import (
	"bytes"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestLike writes bodies that are more or less like the ones before them, and reads them.
func TestLike(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // not for secrets
	short, whole := 0, 0
	for range 300 {
		l, read := likes{}, bodies{}
		body := randomBody(rng, 0)
		for i := range 40 {
			if i > 0 {
				body = altered(rng, value.Clone(body))
			}
			request := uint64(1 + rng.IntN(3))
			line := l.body([]byte(`{"e":"reply"`), request, body)
			v, err := value.ParseJSON(string(bytes.TrimSuffix(line, []byte{'\n'})))
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			tagged := v.Object().Get("b")
			if v.Object().Has("like") {
				short++
				if tagged, err = read.like(request, v.Object().Get("like")); err != nil {
					t.Fatalf("%s: %v", line, err)
				}
			} else {
				whole++
				read.keep(request, tagged)
			}
			got, want := value.AppendTagged(nil, value.FromTagged(tagged)), value.AppendTagged(nil, body)
			if !bytes.Equal(got, want) {
				t.Fatalf("%s\nis read as %s\nit was     %s", line, got, want)
			}
		}
	}
	if short < 1000 || whole < 1000 {
		t.Errorf("%d are like the ones before them, %d are whole", short, whole)
	}
}

var leaves = []func(rng *rand.Rand) value.Value{
	func(rng *rand.Rand) value.Value { return value.Str(strings.Repeat("x", rng.IntN(3)*rng.IntN(300))) },
	func(rng *rand.Rand) value.Value { return value.Num(float64(rng.IntN(4))) },
	func(*rand.Rand) value.Value { return value.Num(math.NaN()) },
	func(*rand.Rand) value.Value { return value.Num(math.Copysign(0, -1)) },
	func(*rand.Rand) value.Value { return value.Undefined },
	func(*rand.Rand) value.Value { return value.Null },
	func(rng *rand.Rand) value.Value { return value.Bool(rng.IntN(2) == 0) },
	func(rng *rand.Rand) value.Value { return value.Of(&value.Buffer{B: []byte{byte(rng.IntN(3))}}) },
	func(rng *rand.Rand) value.Value { return value.Of(&value.Date{Ms: float64(rng.IntN(9))}) },
	func(*rand.Rand) value.Value { return value.BigInt(big.NewInt(7)) },
	func(rng *rand.Rand) value.Value {
		return value.Of(&value.Map{Pairs: [][2]value.Value{{value.Str("k"), value.Num(float64(rng.IntN(3)))}}})
	},
	func(rng *rand.Rand) value.Value {
		return value.Of(value.ObjectOf([]value.Prop{{Key: "$t", Value: value.Str("date")}}))
	},
}

func randomBody(rng *rand.Rand, depth int) value.Value {
	if depth > 0 && rng.IntN(3) > 0 || depth > 4 {
		return leaves[rng.IntN(len(leaves))](rng)
	}
	if depth > 0 && rng.IntN(2) == 0 {
		a := value.NewArray()
		for range rng.IntN(4) {
			a.Elems = append(a.Elems, randomBody(rng, depth+1))
		}
		return value.Of(a)
	}
	o := value.NewObject()
	for range 1 + rng.IntN(6) {
		o.Set(string(rune('a'+rng.IntN(26)))+strings.Repeat("0", rng.IntN(2)), randomBody(rng, depth+1))
	}
	return value.Of(o)
}

// altered changes some leaves, now and then the shape.
func altered(rng *rand.Rand, v value.Value) value.Value {
	switch {
	case v.Kind() == value.KindObject:
		o := v.Object()
		for i := range o.Len() {
			o.At(i).Value = altered(rng, o.At(i).Value)
		}
		if rng.IntN(60) == 0 {
			o.Set("more", value.Null)
		}
	case v.Kind() == value.KindArray:
		for i, e := range v.Array().Elems {
			v.Array().Elems[i] = altered(rng, e)
		}
	case rng.IntN(12) == 0:
		return leaves[rng.IntN(len(leaves)-1)](rng)
	case rng.IntN(200) == 0:
		return randomBody(rng, 3)
	}
	return v
}
