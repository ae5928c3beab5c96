package scale

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// AppendCompact appends a compact number, which must not be negative.
func AppendCompact(dst []byte, n *big.Int) ([]byte, error) {
	if n.Sign() < 0 || n.BitLen() > 536 {
		return nil, fmt.Errorf("%s does not fit a compact number", n)
	}
	if n.BitLen() <= 30 {
		return AppendCompactUint(dst, n.Uint64()), nil
	}
	b := n.Bytes()
	slices.Reverse(b)
	for len(b) < 4 {
		b = append(b, 0)
	}
	return append(append(dst, byte(len(b)-4)<<2|3), b...), nil
}

// AppendCompactUint appends a compact number.
func AppendCompactUint(dst []byte, n uint64) []byte {
	switch {
	case n < 1<<6:
		return append(dst, byte(n<<2))
	case n < 1<<14:
		return append(dst, byte(n<<2)|1, byte(n>>6))
	case n < 1<<30:
		return append(dst, byte(n<<2)|2, byte(n>>6), byte(n>>14), byte(n>>22))
	}
	dst, _ = AppendCompact(dst, new(big.Int).SetUint64(n)) // it fits
	return dst
}

// AppendBytes appends bytes with their length.
func AppendBytes(dst, b []byte) []byte {
	return append(AppendCompactUint(dst, uint64(len(b))), b...)
}

// Encode gives a value of a type as bytes.
func (r *Registry) Encode(id uint32, v any) ([]byte, error) { return r.Append(nil, id, v) }

// Append appends a value of a type.
func (r *Registry) Append(dst []byte, id uint32, v any) ([]byte, error) {
	return r.append(dst, id, v, 0)
}

func (r *Registry) append(dst []byte, id uint32, v any, depth int) ([]byte, error) {
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
			return r.append(dst, one, v, depth+1)
		}
		return r.appendFields(dst, t.Fields, v, t.Name(), depth)
	case VariantKind:
		return r.appendVariant(dst, t, v, depth)
	case Sequence:
		return r.appendSequence(dst, t, v, depth)
	case Array:
		return r.appendArray(dst, t, v, depth)
	case Tuple:
		return r.appendTuple(dst, t, v, depth)
	case Primitive:
		return appendPrimitive(dst, t.Prim, v)
	case Compact:
		return r.appendCompact(dst, t.Elem, v, depth)
	case BitSequence:
		return r.appendBits(dst, t, v)
	}
	return nil, fmt.Errorf("type %d has a kind that is not known", id)
}

func (r *Registry) appendFields(dst []byte, fields []Field, v any, of string, depth int) ([]byte, error) {
	get, err := fieldsOf(fields, v, of)
	if err != nil {
		return nil, err
	}
	for i, f := range fields {
		if dst, err = r.append(dst, f.Type, get[i], depth+1); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", of, fieldName(f, i), err)
		}
	}
	return dst, nil
}

// fieldsOf brings a record, map or list into the order of the fields; a missing or
// superfluous name is an error.
func fieldsOf(fields []Field, v any, of string) ([]any, error) {
	out := make([]any, len(fields))
	switch v := v.(type) {
	case *Record:
		if v == nil || v.Len() != len(fields) {
			return nil, fmt.Errorf("%s has %d fields, not %d", of, len(fields), v.Len())
		}
		for i, f := range fields {
			at := i
			if f.Name != "" && v.Names[i] != f.Name {
				if at = slices.Index(v.Names, f.Name); at < 0 {
					return nil, fmt.Errorf("%s: the field %s is missing", of, f.Name)
				}
			}
			out[i] = v.Values[at]
		}
	case map[string]any:
		for i, f := range fields {
			x, ok := v[f.Name]
			if !ok {
				return nil, fmt.Errorf("%s: the field %s is missing", of, fieldName(f, i))
			}
			out[i] = x
		}
		if len(v) != len(fields) {
			return nil, fmt.Errorf("%s has %d fields, not %d", of, len(fields), len(v))
		}
	case []any:
		if len(v) != len(fields) {
			return nil, fmt.Errorf("%s has %d fields, not %d", of, len(fields), len(v))
		}
		copy(out, v)
	case nil:
		if len(fields) > 0 {
			return nil, fmt.Errorf("%s needs %d fields", of, len(fields))
		}
	default:
		if len(fields) != 1 {
			return nil, fmt.Errorf("%s needs %d fields, not %T", of, len(fields), v)
		}
		out[0] = v
	}
	return out, nil
}

func (r *Registry) appendVariant(dst []byte, t *Type, v any, depth int) ([]byte, error) {
	if of, ok := isOption(t); ok {
		if _, is := v.(*Variant); !is || !r.nests(of) && !isOptionCase(v) {
			if v == nil {
				return append(dst, 0), nil
			}
			return r.append(append(dst, 1), of, v, depth+1)
		}
	}
	var name string
	var fields any
	switch v := v.(type) {
	case *Variant:
		name = v.Name
		if v.Fields != nil {
			fields = v.Fields
		}
	case string:
		name = v
	case map[string]any:
		if len(v) != 1 {
			return nil, fmt.Errorf("%s needs one case, not %d", t.Name(), len(v))
		}
		for name, fields = range v { //nolint:revive // there is one
		}
	default:
		return nil, fmt.Errorf("%s needs a case, not %T", t.Name(), v)
	}
	c := t.Case(name)
	if c == nil {
		return nil, fmt.Errorf("%s has no case %q", t.Name(), name)
	}
	return r.appendFields(append(dst, c.Index), c.Fields, fields, t.Name()+"."+name, depth)
}

// isOptionCase reports whether a variant is spelled as Some or None.
func isOptionCase(v any) bool {
	x, ok := v.(*Variant)
	return ok && (x.Name == "Some" || x.Name == "None")
}

func (r *Registry) appendSequence(dst []byte, t *Type, v any, depth int) ([]byte, error) {
	if r.bytes(t.Elem) {
		b, err := bytesOf(v)
		if err != nil {
			return nil, err
		}
		return AppendBytes(dst, b), nil
	}
	list, err := listOf(v)
	if err != nil {
		return nil, err
	}
	dst = AppendCompactUint(dst, uint64(len(list)))
	return r.appendAll(dst, t.Elem, list, depth)
}

func (r *Registry) appendAll(dst []byte, elem uint32, list []any, depth int) ([]byte, error) {
	var err error
	for i, e := range list {
		if dst, err = r.append(dst, elem, e, depth+1); err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return dst, nil
}

func (r *Registry) appendArray(dst []byte, t *Type, v any, depth int) ([]byte, error) {
	if r.bytes(t.Elem) {
		b, err := bytesOf(v)
		if err == nil && len(b) != int(t.Len) {
			err = fmt.Errorf("%d bytes are needed, not %d", t.Len, len(b))
		}
		return append(dst, b...), err
	}
	list, err := listOf(v)
	if err != nil {
		return nil, err
	}
	if len(list) != int(t.Len) {
		return nil, fmt.Errorf("%d elements are needed, not %d", t.Len, len(list))
	}
	return r.appendAll(dst, t.Elem, list, depth)
}

func (r *Registry) appendTuple(dst []byte, t *Type, v any, depth int) ([]byte, error) {
	if len(t.Elems) == 1 {
		return r.append(dst, t.Elems[0], v, depth+1)
	}
	if len(t.Elems) == 0 {
		return dst, nil
	}
	list, err := listOf(v)
	if err != nil {
		return nil, err
	}
	if len(list) != len(t.Elems) {
		return nil, fmt.Errorf("%d elements are needed, not %d", len(t.Elems), len(list))
	}
	for i, e := range t.Elems {
		if dst, err = r.append(dst, e, list[i], depth+1); err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return dst, nil
}

// bytesOf takes bytes or a text; a text is its UTF-8, also if it looks like hex.
func bytesOf(v any) ([]byte, error) {
	switch v := v.(type) {
	case []byte:
		return v, nil
	case string:
		return []byte(v), nil
	case [32]byte:
		return v[:], nil
	case [64]byte:
		return v[:], nil
	case Hex:
		return hex.DecodeString(strings.TrimPrefix(string(v), "0x"))
	}
	return nil, fmt.Errorf("bytes are needed, not %T", v)
}

// Hex is a text of hex digits, with or without 0x, that stands for its bytes.
type Hex string

func listOf(v any) ([]any, error) {
	switch v := v.(type) {
	case []any:
		return v, nil
	case [][]byte:
		out := make([]any, len(v))
		for i, b := range v {
			out[i] = b
		}
		return out, nil
	case []string:
		out := make([]any, len(v))
		for i, s := range v {
			out[i] = s
		}
		return out, nil
	case *Record:
		return v.Values, nil
	case nil:
		return nil, nil
	}
	return nil, fmt.Errorf("a list is needed, not %T", v)
}

func appendPrimitive(dst []byte, p Prim, v any) ([]byte, error) {
	switch p {
	case Bool:
		b, ok := v.(bool)
		if !ok {
			return nil, fmt.Errorf("a bool is needed, not %T", v)
		}
		if b {
			return append(dst, 1), nil
		}
		return append(dst, 0), nil
	case Char:
		c, ok := v.(rune)
		if !ok {
			return nil, fmt.Errorf("a char is needed, not %T", v)
		}
		return append(dst, byte(c), byte(c>>8), byte(c>>16), byte(c>>24)), nil
	case Str:
		s, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("a text is needed, not %T", v)
		}
		return AppendBytes(dst, []byte(s)), nil
	}
	n, err := integer(v)
	if err != nil {
		return nil, err
	}
	size, signed := width(p)
	return appendInteger(dst, n, size, signed, p)
}

func appendInteger(dst []byte, n *big.Int, size int, signed bool, p Prim) ([]byte, error) {
	low, high := new(big.Int), new(big.Int).Lsh(big.NewInt(1), uint(8*size))
	if signed {
		high.Rsh(high, 1)
		low.Neg(high)
	}
	if n.Cmp(low) < 0 || n.Cmp(high) >= 0 {
		return nil, fmt.Errorf("%s does not fit a %s", n, p)
	}
	if n.Sign() < 0 {
		n = new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*size)))
	}
	b := n.Bytes()
	slices.Reverse(b)
	dst = append(dst, b...)
	return append(dst, make([]byte, size-len(b))...), nil
}

// integer takes any Go integer, or a text of decimal digits, with or without separators.
func integer(v any) (*big.Int, error) {
	switch v := v.(type) {
	case *big.Int:
		if v == nil {
			return nil, errors.New("a number is missing")
		}
		return v, nil
	case int:
		return big.NewInt(int64(v)), nil
	case int64:
		return big.NewInt(v), nil
	case int32:
		return big.NewInt(int64(v)), nil
	case uint64:
		return new(big.Int).SetUint64(v), nil
	case uint32:
		return big.NewInt(int64(v)), nil
	case uint16:
		return big.NewInt(int64(v)), nil
	case uint8:
		return big.NewInt(int64(v)), nil
	case string:
		if n, ok := new(big.Int).SetString(strings.NewReplacer("_", "", ",", "").Replace(v), 10); ok {
			return n, nil
		}
		return nil, fmt.Errorf("%q is no number", v)
	}
	return nil, fmt.Errorf("a number is needed, not %T", v)
}

func (r *Registry) appendCompact(dst []byte, elem uint32, v any, depth int) ([]byte, error) {
	t, err := r.Type(elem)
	if err != nil {
		return nil, err
	}
	if one, ok := newtype(t); ok && depth < maxDepth {
		return r.appendCompact(dst, one, v, depth+1)
	}
	if t.Kind == Tuple && len(t.Elems) == 0 || t.Kind == Composite && len(t.Fields) == 0 {
		return dst, nil
	}
	if t.Kind == Composite && len(t.Fields) == 1 {
		inner, err := fieldsOf(t.Fields, v, t.Name())
		if err != nil {
			return nil, err
		}
		return r.appendCompact(dst, t.Fields[0].Type, inner[0], depth+1)
	}
	if t.Kind != Primitive || t.Prim < U8 || t.Prim > U256 {
		return nil, fmt.Errorf("a compact %s is not known", t.Name())
	}
	n, err := integer(v)
	if err != nil {
		return nil, err
	}
	size, _ := width(t.Prim)
	if n.Sign() < 0 || n.BitLen() > 8*size {
		return nil, fmt.Errorf("%s does not fit a %s", n, t.Prim)
	}
	return AppendCompact(dst, n)
}

func (r *Registry) appendBits(dst []byte, t *Type, v any) ([]byte, error) {
	bits, ok := v.([]bool)
	if !ok {
		return nil, fmt.Errorf("a list of bits is needed, not %T", v)
	}
	size, msb, err := r.bitLayout(t)
	if err != nil {
		return nil, err
	}
	dst = AppendCompactUint(dst, uint64(len(bits)))
	words := make([]byte, (len(bits)+8*size-1)/(8*size)*size)
	for i, set := range bits {
		at, bit := i/(8*size), i%(8*size)
		if msb {
			bit = 8*size - 1 - bit
		}
		if set {
			words[at*size+bit/8] |= 1 << (bit % 8)
		}
	}
	return append(dst, words...), nil
}
