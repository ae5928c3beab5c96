package scale

import (
	"bytes"
	"encoding/hex"
	"math/big"
	"reflect"
	"testing"
)

// a registry of every kind of type.
func types(t testing.TB) *Registry {
	t.Helper()
	r, err := NewRegistry([]*Type{
		{ID: 0, Kind: Primitive, Prim: U8}, {ID: 1, Kind: Primitive, Prim: U32}, {ID: 2, Kind: Primitive, Prim: U128}, {ID: 3, Kind: Primitive, Prim: Str},
		{ID: 4, Kind: Sequence, Elem: 0}, {ID: 5, Kind: Sequence, Elem: 1}, {ID: 6, Kind: Array, Elem: 0, Len: 4}, {ID: 7, Kind: Tuple, Elems: []uint32{1, 3}},
		{ID: 8, Kind: Composite, Path: []string{"Pair"}, Fields: []Field{{Name: "a", Type: 1}, {Name: "b", Type: 3}}},
		{ID: 9, Kind: VariantKind, Path: []string{"Option"}, Cases: []Case{{Name: "None", Index: 0}, {Name: "Some", Index: 1, Fields: []Field{{Type: 1}}}}},
		{ID: 10, Kind: VariantKind, Path: []string{"Option"}, Cases: []Case{{Name: "None", Index: 0}, {Name: "Some", Index: 1, Fields: []Field{{Type: 9}}}}},
		{ID: 11, Kind: Compact, Elem: 2}, {ID: 12, Kind: Primitive, Prim: I16}, {ID: 13, Kind: Primitive, Prim: I128}, {ID: 14, Kind: Primitive, Prim: Bool},
		{ID: 15, Kind: Composite, Path: []string{"bitvec", "order", "Lsb0"}}, {ID: 16, Kind: BitSequence, Store: 0, Order: 15},
		{ID: 17, Kind: VariantKind, Path: []string{"E"}, Cases: []Case{{Name: "A", Index: 3}, {Name: "B", Index: 7, Fields: []Field{{Name: "x", Type: 4}}}}},
		{ID: 18, Kind: Composite, Path: []string{"Wrap"}, Fields: []Field{{Type: 4}}},
		{ID: 19, Kind: Composite, Path: []string{"bitvec", "order", "Msb0"}}, {ID: 20, Kind: BitSequence, Store: 1, Order: 19},
		{ID: 21, Kind: Sequence, Elem: 21}, {ID: 22, Kind: Primitive, Prim: Char},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestValues encodes values as the SCALE specification does, and reads them back.
func TestValues(t *testing.T) {
	r := types(t)
	big1, _ := new(big.Int).SetString("100000000000000000000", 10)
	for _, c := range []struct {
		id   uint32
		v    any
		want string
		back any
	}{
		{1, 16777215, "ffffff00", uint64(16777215)}, {2, big1, "000010632d5ec76b0500000000000000", big1}, {3, "Hamlet", "1848616d6c6574", "Hamlet"},
		{4, []byte{1, 2}, "080102", []byte{1, 2}}, {4, "hi", "086869", []byte("hi")}, {4, Hex("0xdead"), "08dead", []byte{0xde, 0xad}}, {4, "0xdead", "18307864656164", []byte("0xdead")},
		{5, []any{1, 2}, "080100000002000000", []any{uint64(1), uint64(2)}}, {6, []byte{1, 2, 3, 4}, "01020304", []byte{1, 2, 3, 4}},
		{7, []any{1, "a"}, "010000000461", []any{uint64(1), "a"}}, {8, map[string]any{"b": "x", "a": 1}, "010000000478", Rec("a", uint64(1), "b", "x")},
		{9, nil, "00", nil}, {9, 5, "0105000000", uint64(5)}, {10, Var("Some", Var("None")), "0100", Var("Some", nil)},
		{11, 69, "1501", big.NewInt(69)}, {11, 65535, "feff0300", big.NewInt(65535)}, {11, big1, "1700" + "0010632d5ec76b05", big1},
		{11, "1073741824", "0300000040", big.NewInt(1 << 30)}, {12, -1, "ffff", int64(-1)}, {12, -32768, "0080", int64(-32768)},
		{13, -2, "feffffffffffffffffffffffffffffff", big.NewInt(-2)}, {14, true, "01", true}, {16, []bool{true, false, true}, "0c05", []bool{true, false, true}},
		{17, "A", "03", Var("A")}, {17, map[string]any{"B": []any{"z"}}, "07047a", nil}, {18, "w", "0477", []byte("w")},
		{20, []bool{true, false}, "0800000080", []bool{true, false}}, {22, 'ü', "fc000000", 'ü'},
	} {
		got, err := r.Encode(c.id, c.v)
		if err != nil || hex.EncodeToString(got) != c.want {
			t.Errorf("type %d, %v: %x, %v; want %s", c.id, c.v, got, err, c.want)
			continue
		}
		back, err := r.DecodeAll(got, c.id)
		if err != nil {
			t.Errorf("type %d, %s: %v", c.id, c.want, err)
			continue
		}
		if x, ok := back.(*Variant); ok {
			x.Index = 0
		}
		if n, ok := c.back.(*big.Int); ok {
			if n.Cmp(back.(*big.Int)) != 0 {
				t.Errorf("type %d: %v, want %v", c.id, back, n)
			}
		} else if c.back != nil && c.id != 10 && !reflect.DeepEqual(back, c.back) {
			t.Errorf("type %d: %#v, want %#v", c.id, back, c.back)
		}
		again, err := r.Encode(c.id, back)
		if err != nil || !bytes.Equal(again, got) {
			t.Errorf("type %d read back: %x, %v", c.id, again, err)
		}
	}
}

// TestBad: what does not fit is an error, and lengths that lie cost nothing.
func TestBad(t *testing.T) {
	r := types(t)
	for _, c := range []struct {
		id uint32
		v  any
	}{{0, 256}, {0, -1}, {12, 40000}, {6, []byte{1}}, {7, []any{1}}, {8, map[string]any{"a": 1}}, {8, map[string]any{"a": 1, "b": "", "c": 2}}, {17, "C"}, {14, 1}, {11, -1}, {99, 1}, {5, "x"}} {
		if b, err := r.Encode(c.id, c.v); err == nil {
			t.Errorf("type %d takes %v: %x", c.id, c.v, b)
		}
	}
	for _, c := range []struct {
		id  uint32
		hex string
	}{{4, "feffffff"}, {5, "feffffff01"}, {3, "0cff"}, {3, "04ff"}, {17, "00"}, {14, "02"}, {1, "0000"}, {4, "0801"}, {22, "00d80000"}, {16, "feffffff"}, {21, "0404040404"}, {4, "ffffffffffff"}} {
		b, _ := hex.DecodeString(c.hex)
		if v, err := r.DecodeAll(b, c.id); err == nil {
			t.Errorf("type %d reads %s as %v", c.id, c.hex, v)
		}
	}
	deep := bytes.Repeat([]byte{4}, 1000)
	if _, err := r.DecodeAll(deep, 21); err == nil {
		t.Error("a value nested 1000 deep is read")
	}
}

// FuzzDecode: what is read is written the same.
func FuzzDecode(f *testing.F) {
	r := types(f)
	f.Add(uint32(8), []byte{1, 0, 0, 0, 4, 0x78})
	f.Add(uint32(11), []byte{0x15, 1})
	f.Fuzz(func(t *testing.T, id uint32, b []byte) {
		id %= 23
		d := NewDecoder(b)
		v, err := r.Decode(d, id)
		if err != nil {
			return
		}
		again, err := r.Encode(id, v)
		if err != nil {
			t.Fatalf("type %d: %x gives %#v, which cannot be written: %v", id, b[:d.Pos()], v, err)
		}
		if back, err := r.DecodeAll(again, id); err != nil || !reflect.DeepEqual(back, v) {
			t.Fatalf("type %d: %#v is written as %x and read as %#v, %v", id, v, again, back, err)
		}
	})
}
