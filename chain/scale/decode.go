package scale

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"unicode/utf8"
)

// Decoder reads SCALE from bytes. Lengths that the bytes cannot hold are errors
// before anything of that size is made.
type Decoder struct {
	b   []byte
	pos int
}

// NewDecoder reads from b, which must not change.
func NewDecoder(b []byte) *Decoder { return &Decoder{b: b} }

// ErrShort says that the bytes end too early.
var ErrShort = errors.New("the bytes end too early")

// Left is the number of bytes not read yet.
func (d *Decoder) Left() int { return len(d.b) - d.pos }

// Pos is the number of bytes read.
func (d *Decoder) Pos() int { return d.pos }

// Bytes reads n bytes, which are part of the input.
func (d *Decoder) Bytes(n int) ([]byte, error) {
	if n < 0 || n > d.Left() {
		return nil, ErrShort
	}
	b := d.b[d.pos : d.pos+n : d.pos+n]
	d.pos += n
	return b, nil
}

// Byte reads a byte.
func (d *Decoder) Byte() (byte, error) {
	b, err := d.Bytes(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

// U32 reads a u32.
func (d *Decoder) U32() (uint32, error) {
	b, err := d.Bytes(4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b), nil
}

// Compact reads a compact number.
func (d *Decoder) Compact() (*big.Int, error) {
	first, err := d.Byte()
	if err != nil {
		return nil, err
	}
	switch first & 3 {
	case 0:
		return new(big.Int).SetUint64(uint64(first >> 2)), nil
	case 1:
		b, err := d.Byte()
		if err != nil {
			return nil, err
		}
		return new(big.Int).SetUint64(uint64(first)>>2 | uint64(b)<<6), nil
	case 2:
		b, err := d.Bytes(3)
		if err != nil {
			return nil, err
		}
		return new(big.Int).SetUint64(uint64(first)>>2 | uint64(b[0])<<6 | uint64(b[1])<<14 | uint64(b[2])<<22), nil
	}
	b, err := d.Bytes(int(first>>2) + 4)
	if err != nil {
		return nil, err
	}
	return littleEndian(b), nil
}

// Length reads the length of a sequence. Each of its elements takes at least size
// bytes; what cannot fit is an error.
func (d *Decoder) Length(size int) (int, error) {
	n, err := d.Compact()
	if err != nil {
		return 0, err
	}
	if !n.IsInt64() || n.Int64() > int64(maxLength) || size > 0 && n.Int64() > int64(d.Left()/size) {
		return 0, fmt.Errorf("a length of %s with %d bytes left: %w", n, d.Left(), ErrShort)
	}
	return int(n.Int64()), nil
}

// maxLength bounds all sequences, maxEmpty those whose elements take no bytes.
const (
	maxLength = 1 << 28
	maxEmpty  = 1 << 16
)

// Text reads a string.
func (d *Decoder) Text() (string, error) {
	n, err := d.Length(1)
	if err != nil {
		return "", err
	}
	b, err := d.Bytes(n)
	if err != nil {
		return "", err
	}
	if !utf8.Valid(b) {
		return "", errors.New("a text is not UTF-8")
	}
	return string(b), nil
}

func littleEndian(b []byte) *big.Int {
	r := slices.Clone(b)
	slices.Reverse(r)
	return new(big.Int).SetBytes(r)
}

// maxDepth is how deep values may nest: a call in a call in a call …
const maxDepth = 128

// Decode reads a value of a type.
func (r *Registry) Decode(d *Decoder, id uint32) (any, error) { return r.decode(d, id, 0) }

// DecodeAll reads a value that must take all the bytes.
func (r *Registry) DecodeAll(b []byte, id uint32) (any, error) {
	d := NewDecoder(b)
	v, err := r.Decode(d, id)
	if err == nil && d.Left() > 0 {
		err = fmt.Errorf("%d bytes are left over", d.Left())
	}
	return v, err
}

func (r *Registry) decode(d *Decoder, id uint32, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("the value is nested too deeply")
	}
	t, err := r.Type(id)
	if err != nil {
		return nil, err
	}
	switch t.Kind {
	case Composite:
		if one, ok := newtype(t); ok {
			return r.decode(d, one, depth+1)
		}
		return r.fields(d, t.Fields, t.Name(), depth)
	case VariantKind:
		return r.variant(d, t, depth)
	case Sequence:
		return r.sequence(d, t.Elem, -1, depth)
	case Array:
		return r.sequence(d, t.Elem, int(t.Len), depth)
	case Tuple:
		if len(t.Elems) == 1 {
			return r.decode(d, t.Elems[0], depth+1)
		}
		out := make([]any, len(t.Elems))
		for i, e := range t.Elems {
			if out[i], err = r.decode(d, e, depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	case Primitive:
		return primitive(d, t.Prim)
	case Compact:
		return r.compact(d, t.Elem, depth)
	case BitSequence:
		return r.bits(d, t)
	}
	return nil, fmt.Errorf("type %d has a kind that is not known", id)
}

func (r *Registry) fields(d *Decoder, fields []Field, of string, depth int) (*Record, error) {
	rec := &Record{Names: make([]string, len(fields)), Values: make([]any, len(fields))}
	for i, f := range fields {
		v, err := r.decode(d, f.Type, depth+1)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", of, fieldName(f, i), err)
		}
		rec.Names[i], rec.Values[i] = f.Name, v
	}
	return rec, nil
}

func fieldName(f Field, i int) string {
	if f.Name != "" {
		return f.Name
	}
	return fmt.Sprint(i)
}

func (r *Registry) variant(d *Decoder, t *Type, depth int) (any, error) {
	index, err := d.Byte()
	if err != nil {
		return nil, err
	}
	c := t.CaseAt(index)
	if c == nil {
		return nil, fmt.Errorf("%s has no case %d", t.Name(), index)
	}
	if of, ok := isOption(t); ok && !r.nests(of) {
		if index == 0 {
			return nil, nil
		}
		return r.decode(d, of, depth+1)
	}
	v := &Variant{Name: c.Name, Index: index}
	if len(c.Fields) > 0 {
		if v.Fields, err = r.fields(d, c.Fields, t.Name()+"."+c.Name, depth); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// nests reports whether a type is itself an Option.
func (r *Registry) nests(id uint32) bool {
	t := r.types[id]
	if t == nil {
		return false
	}
	_, ok := isOption(t)
	return ok
}

func (r *Registry) sequence(d *Decoder, elem uint32, n, depth int) (any, error) {
	if r.bytes(elem) {
		var err error
		if n < 0 {
			if n, err = d.Length(1); err != nil {
				return nil, err
			}
		}
		b, err := d.Bytes(n)
		return slices.Clone(b), err
	}
	if n < 0 {
		var err error
		if n, err = d.Length(0); err != nil {
			return nil, err
		}
	}
	if n > max(d.Left(), maxEmpty) {
		return nil, fmt.Errorf("a length of %d with %d bytes left: %w", n, d.Left(), ErrShort)
	}
	out := make([]any, 0, min(n, d.Left()+1))
	for range n {
		v, err := r.decode(d, elem, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func primitive(d *Decoder, p Prim) (any, error) {
	switch p {
	case Bool:
		b, err := d.Byte()
		if err == nil && b > 1 {
			err = fmt.Errorf("%d is no bool", b)
		}
		return b == 1, err
	case Char:
		n, err := d.U32()
		if err == nil && !utf8.ValidRune(rune(n)) {
			err = fmt.Errorf("%d is no char", n)
		}
		return rune(n), err
	case Str:
		return d.Text()
	}
	size, signed := width(p)
	b, err := d.Bytes(size)
	if err != nil {
		return nil, err
	}
	if size > 8 {
		n := littleEndian(b)
		if signed && b[size-1] >= 0x80 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*size)))
		}
		return n, nil
	}
	var u uint64
	for i, x := range b {
		u |= uint64(x) << (8 * i)
	}
	if signed {
		shift := 64 - 8*size
		return int64(u<<shift) >> shift, nil
	}
	return u, nil
}

// width is the number of bytes of an integer.
func width(p Prim) (size int, signed bool) {
	if p >= I8 {
		return 1 << (p - I8), true
	}
	return 1 << (p - U8), false
}

func (r *Registry) compact(d *Decoder, elem uint32, depth int) (any, error) {
	t, err := r.Type(elem)
	if err != nil {
		return nil, err
	}
	if one, ok := newtype(t); ok && depth < maxDepth {
		return r.compact(d, one, depth+1)
	}
	if t.Kind == Tuple && len(t.Elems) == 0 || t.Kind == Composite && len(t.Fields) == 0 {
		return []any{}, nil
	}
	if t.Kind == Composite && len(t.Fields) == 1 { // with a name: Perbill { parts }
		v, err := r.compact(d, t.Fields[0].Type, depth+1)
		return &Record{Names: []string{t.Fields[0].Name}, Values: []any{v}}, err
	}
	n, err := d.Compact()
	if err != nil {
		return nil, err
	}
	if t.Kind != Primitive || t.Prim < U8 || t.Prim > U256 {
		return nil, fmt.Errorf("a compact %s is not known", t.Name())
	}
	size, _ := width(t.Prim)
	if n.BitLen() > 8*size {
		return nil, fmt.Errorf("%s does not fit a %s", n, t.Prim)
	}
	if size <= 8 {
		return n.Uint64(), nil
	}
	return n, nil
}

func (r *Registry) bits(d *Decoder, t *Type) (any, error) {
	size, msb, err := r.bitLayout(t)
	if err != nil {
		return nil, err
	}
	count, err := d.Compact()
	if err != nil {
		return nil, err
	}
	if !count.IsInt64() || count.Int64() > int64(8*d.Left()) {
		return nil, ErrShort
	}
	n := int(count.Int64())
	words := (n + 8*size - 1) / (8 * size)
	b, err := d.Bytes(words * size)
	if err != nil {
		return nil, err
	}
	out := make([]bool, n)
	for i := range out {
		at, bit := i/(8*size), i%(8*size)
		if msb {
			bit = 8*size - 1 - bit
		}
		out[i] = b[at*size+bit/8]>>(bit%8)&1 == 1
	}
	return out, nil
}

func (r *Registry) bitLayout(t *Type) (size int, msb bool, err error) {
	store, err := r.Type(t.Store)
	if err != nil {
		return 0, false, err
	}
	order, err := r.Type(t.Order)
	if err != nil {
		return 0, false, err
	}
	if store.Kind != Primitive || store.Prim < U8 || store.Prim > U64 {
		return 0, false, fmt.Errorf("a bit sequence in %s is not known", store.Name())
	}
	size, _ = width(store.Prim)
	switch order.Last() {
	case "Lsb0":
	case "Msb0":
		msb = true
	default:
		return 0, false, fmt.Errorf("a bit sequence in the order %s is not known", order.Name())
	}
	return size, msb, nil
}
