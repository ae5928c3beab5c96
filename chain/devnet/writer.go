package devnet

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// writer writes the metadata of a builder's types.
type writer struct {
	b   *builder
	reg *scale.Registry
	out []byte
	// ids that every version needs
	call, event, failure, address, signature, extra, whole uint32
	constants                                              map[string][]constant
}

type constant struct {
	name  string
	id    uint32
	value []byte
}

// prepare makes all types, so that the registry is complete before it is written.
func (w *writer) prepare(r *runtime) error {
	b := w.b
	w.call, w.event, w.failure = b.id("RuntimeCall"), b.id("RuntimeEvent"), b.id("RuntimeError")
	w.address, w.signature = b.id("MultiAddress"), b.id("MultiSignature")
	var extra []string
	for _, e := range extensions {
		b.id(e[1])
		b.id(e[2])
		extra = append(extra, e[1])
	}
	w.extra = b.id("(" + strings.Join(extra, ", ") + ")")
	x := b.add("UncheckedExtrinsic", &scale.Type{Kind: scale.Composite, Path: []string{"sp_runtime", "generic", "unchecked_extrinsic", "UncheckedExtrinsic"}})
	x.Params = []scale.Param{{Name: "Address", Type: w.address, Given: true}, {Name: "Call", Type: w.call, Given: true}, {Name: "Signature", Type: w.signature, Given: true}, {Name: "Extra", Type: w.extra, Given: true}}
	x.Fields = []scale.Field{{Type: b.id("Vec<u8>")}}
	w.whole = x.ID
	for _, a := range apis {
		for _, m := range a.methods {
			b.fields(m.inputs)
			b.id(m.output)
		}
	}
	w.constants = map[string][]constant{}
	for _, p := range b.pallets {
		for _, it := range b.items(p) {
			if it.key != "" {
				b.id(it.key)
			}
			b.id(it.value)
		}
		for _, line := range strings.Split(p.constants, "\n") {
			if f := strings.Fields(line); len(f) == 3 {
				v, err := hex.DecodeString(f[2])
				if err != nil {
					b.fail("%s: %w", line, err)
				}
				w.constants[p.name] = append(w.constants[p.name], constant{f[0], b.id(f[1]), v})
			}
		}
	}
	if b.err != nil {
		return b.err
	}
	var err error
	if w.reg, err = scale.NewRegistry(b.types); err != nil {
		return err
	}
	return w.prepareVersion(r)
}

// prepareVersion makes the constant System.Version.
func (w *writer) prepareVersion(r *runtime) error {
	var list []any
	for _, a := range apis {
		h, err := hex.DecodeString(a.hash)
		if err != nil {
			return err
		}
		list = append(list, []any{h, a.version})
	}
	id := w.b.ids["RuntimeVersion"]
	v, err := w.reg.Encode(id, scale.Rec("spec_name", specName, "impl_name", specName, "authoring_version", 1, "spec_version", r.spec, "impl_version", 0, "apis", list, "transaction_version", txVersion, "state_version", 1))
	if err != nil {
		return err
	}
	r.version = v
	w.constants["System"] = append(w.constants["System"], constant{"Version", id, v})
	return nil
}

func (w *writer) u8(v uint8)     { w.out = append(w.out, v) }
func (w *writer) n(v int)        { w.out = scale.AppendCompactUint(w.out, uint64(v)) }
func (w *writer) id(v uint32)    { w.n(int(v)) }
func (w *writer) text(s string)  { w.out = scale.AppendBytes(w.out, []byte(s)) }
func (w *writer) bytes(b []byte) { w.out = scale.AppendBytes(w.out, b) }
func (w *writer) none()          { w.n(0) } // no documentation
func (w *writer) u32(v uint32)   { w.out = binary.LittleEndian.AppendUint32(w.out, v) }
func (w *writer) option(id int64) {
	if id < 0 {
		w.u8(0)
		return
	}
	w.u8(1)
	w.id(uint32(id))
}

// write writes the metadata in a version.
func (w *writer) write(version uint8) []byte {
	w.out = append([]byte("meta"), version)
	w.n(len(w.b.types))
	for _, t := range w.b.types {
		w.typ(t)
	}
	w.n(len(w.b.pallets))
	for _, p := range w.b.pallets {
		w.pallet(p, version)
	}
	if version == 14 {
		w.id(w.whole)
		w.u8(4)
	} else {
		w.u8(4)
		w.id(w.address)
		w.id(w.call)
		w.id(w.signature)
		w.id(w.extra)
	}
	w.n(len(extensions))
	for _, e := range extensions {
		w.text(e[0])
		w.id(w.b.ids[e[1]])
		w.id(w.b.ids[e[2]])
	}
	w.id(w.call) // the type of the runtime, which has no values
	if version >= 15 {
		w.apis()
		w.id(w.call)
		w.id(w.event)
		w.id(w.failure)
		w.n(0) // custom values
	}
	return bytes.Clone(w.out)
}

func (w *writer) apis() {
	w.n(len(apis))
	for _, a := range apis {
		w.text(a.name)
		w.n(len(a.methods))
		for _, m := range a.methods {
			w.text(m.name)
			in := w.b.fields(m.inputs)
			w.n(len(in))
			for _, f := range in {
				w.text(f.Name)
				w.id(f.Type)
			}
			w.id(w.b.ids[m.output])
			w.none()
		}
		w.none()
	}
}

func (w *writer) typ(t *scale.Type) {
	w.id(t.ID)
	w.n(len(t.Path))
	for _, p := range t.Path {
		w.text(p)
	}
	w.n(len(t.Params))
	for _, p := range t.Params {
		w.text(p.Name)
		if p.Given {
			w.option(int64(p.Type))
		} else {
			w.u8(0)
		}
	}
	w.u8(uint8(t.Kind))
	switch t.Kind {
	case scale.Composite:
		w.fields(t.Fields)
	case scale.VariantKind:
		w.n(len(t.Cases))
		for _, c := range t.Cases {
			w.text(c.Name)
			w.fields(c.Fields)
			w.u8(c.Index)
			w.none()
		}
	case scale.Sequence, scale.Compact:
		w.id(t.Elem)
	case scale.Array:
		w.u32(t.Len)
		w.id(t.Elem)
	case scale.Tuple:
		w.n(len(t.Elems))
		for _, e := range t.Elems {
			w.id(e)
		}
	case scale.Primitive:
		w.u8(uint8(t.Prim))
	}
	w.none()
}

func (w *writer) fields(fields []scale.Field) {
	w.n(len(fields))
	for _, f := range fields {
		if f.Name == "" {
			w.u8(0)
		} else {
			w.u8(1)
			w.text(f.Name)
		}
		w.id(f.Type)
		if f.TypeName == "" {
			w.u8(0)
		} else {
			w.u8(1)
			w.text(f.TypeName)
		}
		w.none()
	}
}

func (w *writer) pallet(p pallet, version uint8) {
	w.text(p.name)
	items := w.b.items(p)
	if len(items) == 0 {
		w.u8(0)
	} else {
		w.u8(1)
		w.text(p.name)
		w.n(len(items))
		for _, it := range items {
			w.item(it)
		}
	}
	w.option(w.b.of(p, "Call", p.calls))
	w.option(w.b.of(p, "Event", p.events))
	w.n(len(w.constants[p.name]))
	for _, c := range w.constants[p.name] {
		w.text(c.name)
		w.id(c.id)
		w.bytes(c.value)
		w.none()
	}
	w.option(w.b.of(p, "Error", p.errors))
	w.u8(p.index)
	if version >= 15 {
		w.none()
	}
}

func (w *writer) item(it item) {
	w.text(it.name)
	if it.optional {
		w.u8(0)
	} else {
		w.u8(1)
	}
	if it.key == "" {
		w.u8(0)
	} else {
		w.u8(1)
		w.bytes(it.hashers) // one byte each
		w.id(w.b.ids[it.key])
	}
	id := w.b.ids[strings.TrimSpace(it.value)]
	w.id(id)
	switch {
	case it.optional:
		w.bytes([]byte{0})
	case it.def != nil:
		w.bytes(it.def)
	default:
		w.bytes(zero(w.reg, id))
	}
	w.none()
}

// zero encodes the default of a type.
func zero(r *scale.Registry, id uint32) []byte {
	t, err := r.Type(id)
	if err != nil {
		return nil
	}
	var out []byte
	switch t.Kind {
	case scale.Composite:
		for _, f := range t.Fields {
			out = append(out, zero(r, f.Type)...)
		}
	case scale.VariantKind:
		first := slices.MinFunc(t.Cases, func(a, b scale.Case) int { return int(a.Index) - int(b.Index) })
		out = append(out, first.Index)
		for _, f := range first.Fields {
			out = append(out, zero(r, f.Type)...)
		}
	case scale.Tuple:
		for _, e := range t.Elems {
			out = append(out, zero(r, e)...)
		}
	case scale.Array:
		out = bytes.Repeat(zero(r, t.Elem), int(t.Len))
	case scale.Primitive:
		v := any(0)
		switch t.Prim {
		case scale.Bool:
			v = false
		case scale.Str:
			v = ""
		case scale.Char:
			v = rune(0)
		}
		out, err = r.Encode(id, v)
		if err != nil {
			panic(fmt.Sprintf("devnet: %v", err)) // zero fits every type
		}
	default: // sequences and compacts
		out = []byte{0}
	}
	return out
}
