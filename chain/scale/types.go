package scale

import (
	"fmt"
	"strings"
)

// Kind says how a type is encoded.
type Kind uint8

// The kinds of type, in the order of their definition in the metadata.
const (
	Composite Kind = iota
	VariantKind
	Sequence
	Array
	Tuple
	Primitive
	Compact
	BitSequence
)

// Prim is a primitive type.
type Prim uint8

// The primitives, in the order of the metadata.
const (
	Bool Prim = iota
	Char
	Str
	U8
	U16
	U32
	U64
	U128
	U256
	I8
	I16
	I32
	I64
	I128
	I256
)

var primNames = [...]string{"bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "u256", "i8", "i16", "i32", "i64", "i128", "i256"}

// String is the Rust name.
func (p Prim) String() string {
	if int(p) < len(primNames) {
		return primNames[p]
	}
	return fmt.Sprintf("primitive %d", uint8(p))
}

// Field is one of a composite or a variant; Name is "" if it has none.
type Field struct {
	Name     string
	Type     uint32
	TypeName string
	Docs     []string
}

// Case is one of a variant.
type Case struct {
	Name   string
	Fields []Field
	Index  uint8
	Docs   []string
}

// Param is a generic parameter; Type is meant only if Given.
type Param struct {
	Name  string
	Type  uint32
	Given bool
}

// Type is one of a registry.
type Type struct {
	ID     uint32
	Path   []string
	Params []Param
	Kind   Kind
	Docs   []string
	// Fields of a composite, Cases of a variant, Elems of a tuple.
	Fields []Field
	Cases  []Case
	Elems  []uint32
	// Elem of a sequence, array or compact; Len of an array.
	Elem uint32
	Len  uint32
	// Prim of a primitive.
	Prim Prim
	// Store and Order of a bit sequence.
	Store, Order uint32
}

// Name is the path joined by ::, or what the type is.
func (t *Type) Name() string {
	if len(t.Path) > 0 {
		return strings.Join(t.Path, "::")
	}
	switch t.Kind {
	case Primitive:
		return t.Prim.String()
	case Tuple:
		return "tuple"
	case Sequence:
		return "sequence"
	case Array:
		return "array"
	}
	return "type"
}

// Last is the last part of the path, "" if there is none.
func (t *Type) Last() string {
	if len(t.Path) == 0 {
		return ""
	}
	return t.Path[len(t.Path)-1]
}

// Case finds a case by its name.
func (t *Type) Case(name string) *Case {
	for i := range t.Cases {
		if t.Cases[i].Name == name {
			return &t.Cases[i]
		}
	}
	return nil
}

// CaseAt finds a case by its index.
func (t *Type) CaseAt(index uint8) *Case {
	for i := range t.Cases {
		if t.Cases[i].Index == index {
			return &t.Cases[i]
		}
	}
	return nil
}

// Registry holds the types of a metadata, by id.
type Registry struct{ types map[uint32]*Type }

// NewRegistry makes a registry; two types of one id are an error.
func NewRegistry(types []*Type) (*Registry, error) {
	r := &Registry{types: make(map[uint32]*Type, len(types))}
	for _, t := range types {
		if r.types[t.ID] != nil {
			return nil, fmt.Errorf("type %d is declared twice", t.ID)
		}
		r.types[t.ID] = t
	}
	return r, nil
}

// Type finds a type.
func (r *Registry) Type(id uint32) (*Type, error) {
	if t := r.types[id]; t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("type %d is not declared", id)
}

// Len is the number of types.
func (r *Registry) Len() int { return len(r.types) }

// bytes reports whether a sequence or array of this element is a []byte.
func (r *Registry) bytes(elem uint32) bool {
	t := r.types[elem]
	return t != nil && t.Kind == Primitive && t.Prim == U8
}

// isOption reports whether a type is an Option, and of what.
func isOption(t *Type) (of uint32, ok bool) {
	if t.Kind != VariantKind || len(t.Path) != 1 || t.Path[0] != "Option" || len(t.Cases) != 2 {
		return 0, false
	}
	some := t.CaseAt(1)
	if some == nil || len(some.Fields) != 1 {
		return 0, false
	}
	return some.Fields[0].Type, true
}

// newtype gives the field that stands for a composite.
func newtype(t *Type) (uint32, bool) {
	if t.Kind == Composite && len(t.Fields) == 1 && t.Fields[0].Name == "" {
		return t.Fields[0].Type, true
	}
	return 0, false
}
