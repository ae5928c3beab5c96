package metadata

import (
	"errors"
	"fmt"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// magic begins all metadata: "meta".
const magic = 0x6174656d

// Decode reads metadata as state_getMetadata gives it.
func Decode(b []byte) (*Metadata, error) {
	r := &reader{d: scale.NewDecoder(b)}
	if r.u32() != magic {
		return nil, errors.New("this is no metadata: it does not begin with \"meta\"")
	}
	m := &Metadata{Version: r.byte()}
	switch m.Version {
	case 14, 15, 16:
	default:
		return nil, fmt.Errorf("metadata of version %d is not known: 14, 15 and 16 are", m.Version)
	}
	r.version = m.Version
	m.Types = r.registry()
	m.Pallets = list(r, r.pallet)
	m.Extrinsic = r.extrinsic()
	if m.Version < 16 {
		r.id() // the type of the runtime
	}
	if m.Version >= 15 {
		m.APIs = list(r, r.api)
		for range 3 { // the outer enumerations of calls, events, errors
			r.id()
		}
		m.Custom = r.custom()
	}
	if r.err == nil && r.d.Left() > 0 {
		r.err = fmt.Errorf("%d bytes are left over", r.d.Left())
	}
	if r.err != nil {
		return nil, fmt.Errorf("the metadata (version %d) cannot be read at byte %d: %w", m.Version, r.d.Pos(), r.err)
	}
	m.legacyExtrinsic()
	return m, nil
}

// legacyExtrinsic takes the types of version 14 out of the parameters of the
// extrinsic's type.
func (m *Metadata) legacyExtrinsic() {
	x := &m.Extrinsic
	if x.Type < 0 {
		return
	}
	t, err := m.Types.Type(uint32(x.Type))
	if err != nil {
		return
	}
	for _, p := range t.Params {
		if !p.Given {
			continue
		}
		switch p.Name {
		case "Address":
			x.Address = int64(p.Type)
		case "Call":
			x.Call = int64(p.Type)
		case "Signature":
			x.Signature = int64(p.Type)
		}
	}
}

// reader reads on until the first error, which it keeps.
type reader struct {
	d       *scale.Decoder
	version uint8
	err     error
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// next reads what a method of the decoder reads, or gives nothing after an error.
func next[T any](r *reader, read func() (T, error)) (v T) {
	if r.err == nil {
		v, r.err = read()
	}
	return v
}

func (r *reader) u32() uint32  { return next(r, r.d.U32) }
func (r *reader) byte() byte   { return next(r, r.d.Byte) }
func (r *reader) text() string { return next(r, r.d.Text) }

func (r *reader) bytes() []byte {
	if r.err != nil {
		return nil
	}
	n, err := r.d.Length(1)
	if err != nil {
		r.fail(err)
		return nil
	}
	b, err := r.d.Bytes(n)
	r.fail(err)
	return b
}

// id reads a compact id of a type.
func (r *reader) id() uint32 {
	if r.err != nil {
		return 0
	}
	n, err := r.d.Compact()
	if err != nil {
		r.fail(err)
		return 0
	}
	if !n.IsUint64() || n.Uint64() > 1<<32-1 {
		r.fail(fmt.Errorf("%s is no id of a type", n))
		return 0
	}
	return uint32(n.Uint64())
}

func (r *reader) texts() []string { return list(r, r.text) }

// list reads a sequence.
func list[T any](r *reader, one func() T) []T {
	if r.err != nil {
		return nil
	}
	n, err := r.d.Length(1)
	if err != nil {
		r.fail(err)
		return nil
	}
	var out []T
	for i := 0; i < n && r.err == nil; i++ {
		out = append(out, one())
	}
	return out
}

// option reports whether a value follows.
func (r *reader) option() bool {
	switch b := r.byte(); {
	case r.err != nil || b == 0:
		return false
	case b == 1:
		return true
	default:
		r.fail(fmt.Errorf("%d is no option", b))
		return false
	}
}

func (r *reader) registry() *scale.Registry {
	types := list(r, r.portable)
	if r.err != nil {
		return nil
	}
	reg, err := scale.NewRegistry(types)
	r.fail(err)
	return reg
}

func (r *reader) portable() *scale.Type {
	t := &scale.Type{ID: r.id(), Path: r.texts()}
	t.Params = list(r, func() scale.Param {
		p := scale.Param{Name: r.text(), Given: r.option()}
		if p.Given {
			p.Type = r.id()
		}
		return p
	})
	t.Kind = scale.Kind(r.byte())
	switch t.Kind {
	case scale.Composite:
		t.Fields = list(r, r.field)
	case scale.VariantKind:
		t.Cases = list(r, func() scale.Case {
			return scale.Case{Name: r.text(), Fields: list(r, r.field), Index: r.byte(), Docs: r.texts()}
		})
	case scale.Sequence, scale.Compact:
		t.Elem = r.id()
	case scale.Array:
		t.Len, t.Elem = r.u32(), r.id()
	case scale.Tuple:
		t.Elems = list(r, r.id)
	case scale.Primitive:
		t.Prim = scale.Prim(r.byte())
		if t.Prim > scale.I256 {
			r.fail(fmt.Errorf("primitive %d is not known", t.Prim))
		}
	case scale.BitSequence:
		t.Store, t.Order = r.id(), r.id()
	default:
		r.fail(fmt.Errorf("a type of kind %d is not known", t.Kind))
	}
	t.Docs = r.texts()
	return t
}

func (r *reader) field() scale.Field {
	var f scale.Field
	if r.option() {
		f.Name = r.text()
	}
	f.Type = r.id()
	if r.option() {
		f.TypeName = r.text()
	}
	f.Docs = r.texts()
	return f
}

func (r *reader) pallet() *Pallet {
	p := &Pallet{Name: r.text(), Calls: -1, Events: -1, Errors: -1}
	if r.option() {
		p.Prefix = r.text()
		p.Storage = list(r, func() *Entry { return r.entry(p) })
	}
	enum := func() int64 {
		if !r.option() {
			return -1
		}
		id := int64(r.id())
		r.variantsDeprecated()
		return id
	}
	p.Calls, p.Events = enum(), enum()
	p.Constants = list(r, func() Constant {
		c := Constant{Name: r.text(), Type: r.id(), Value: r.bytes(), Docs: r.texts()}
		r.deprecated()
		return c
	})
	p.Errors = enum()
	if r.version >= 16 {
		list(r, func() string { n := r.text(); r.id(); r.texts(); return n }) // associated types
		list(r, r.view)
	}
	p.Index = r.byte()
	if r.version >= 15 {
		p.Docs = r.texts()
	}
	r.deprecated()
	return p
}

// view reads a view function, which nothing here needs.
func (r *reader) view() string {
	if r.err == nil {
		_, err := r.d.Bytes(32)
		r.fail(err)
	}
	name := r.text()
	list(r, r.input)
	r.id()
	r.texts()
	r.deprecated()
	return name
}

// deprecated reads what version 16 says of items that shall not be used any more.
func (r *reader) deprecated() {
	if r.version < 16 {
		return
	}
	switch b := r.byte(); {
	case r.err != nil || b <= 1:
	case b == 2:
		r.text()
		if r.option() {
			r.text()
		}
	default:
		r.fail(fmt.Errorf("a deprecation of kind %d is not known", b))
	}
}

func (r *reader) variantsDeprecated() {
	if r.version >= 16 {
		list(r, func() byte { i := r.byte(); r.deprecated(); return i })
	}
}

func (r *reader) entry(p *Pallet) *Entry {
	e := &Entry{Pallet: p.Name, Prefix: p.Prefix, Name: r.text()}
	e.Optional = r.byte() == 0
	switch kind := r.byte(); {
	case r.err != nil:
	case kind == 0:
		e.Value = r.id()
	case kind == 1:
		e.Hashers = list(r, func() Hasher {
			h := Hasher(r.byte())
			if h > Identity {
				r.fail(fmt.Errorf("a hasher of kind %d is not known", h))
			}
			return h
		})
		e.Key, e.Value = r.id(), r.id()
	default:
		r.fail(fmt.Errorf("storage of kind %d is not known", kind))
	}
	e.Default, e.Docs = r.bytes(), r.texts()
	r.deprecated()
	return e
}

func (r *reader) extrinsic() Extrinsic {
	x := Extrinsic{Address: -1, Call: -1, Signature: -1, Type: -1}
	switch r.version {
	case 14:
		x.Type = int64(r.id())
		x.Versions = []uint8{r.byte()}
	case 15:
		x.Versions = []uint8{r.byte()}
		x.Address, x.Call, x.Signature = int64(r.id()), int64(r.id()), int64(r.id())
		r.id() // the type of the extra data
	default:
		return r.extrinsic16(x)
	}
	x.Extensions = list(r, r.extension)
	return x
}

func (r *reader) extension() Extension {
	return Extension{Name: r.text(), Type: r.id(), Implicit: r.id()}
}

// extrinsic16 reads version 16, which lists the extensions of each version of the format;
// those of version 4, or else of the lowest, count.
func (r *reader) extrinsic16(x Extrinsic) Extrinsic {
	x.Versions = list(r, r.byte)
	x.Address, x.Call, x.Signature = int64(r.id()), int64(r.id()), int64(r.id())
	type use struct {
		version uint8
		indexes []uint32
	}
	uses := list(r, func() use { return use{r.byte(), list(r, r.id)} })
	all := list(r, r.extension)
	var indexes []uint32
	for i, u := range uses {
		if u.version == 4 || u.version == 0 || i == 0 {
			indexes = u.indexes
		}
	}
	for _, i := range indexes {
		if int(i) >= len(all) {
			r.fail(fmt.Errorf("extension %d is not declared", i))
			return x
		}
		x.Extensions = append(x.Extensions, all[i])
	}
	if len(uses) == 0 {
		x.Extensions = all
	}
	return x
}

func (r *reader) api() API {
	a := API{Name: r.text()}
	a.Methods = list(r, func() Method {
		m := Method{Name: r.text(), Inputs: list(r, r.input), Output: r.id(), Docs: r.texts()}
		r.deprecated()
		return m
	})
	r.texts()
	if r.version >= 16 {
		r.id() // the version of the API
		r.deprecated()
	}
	return a
}

func (r *reader) input() Input { return Input{Name: r.text(), Type: r.id()} }

func (r *reader) custom() map[string]Custom {
	out := map[string]Custom{}
	list(r, func() string {
		name := r.text()
		out[name] = Custom{Type: r.id(), Value: r.bytes()}
		return name
	})
	return out
}
