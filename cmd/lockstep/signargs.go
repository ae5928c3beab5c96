package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// argument is one of a call that this program knows.
type argument struct {
	// path is its name, or several that versions of a chain have had, with bars between them.
	// A part of a record is behind a point; * is the record that has such a part.
	path string
	// from is where the user gives it, such as --name.
	from  string
	value any
	// given is whether the user gave it; needed that there is no default if not.
	given, needed bool
	// dev says that it is an account whose key everybody knows.
	dev bool
}

// arguments brings what is known, and what the user gave by --arg, into the form that the
// chain's metadata asks for. What the chain asks for and nobody knows is an error, and so is
// what the user gave and the chain does not take.
func arguments(m *metadata.Metadata, pallet, call string, known []argument, more map[string]any) (map[string]any, error) {
	fields, err := m.CallFields(pallet, call)
	if err != nil {
		return nil, err
	}
	f := filling{m: m, known: known, more: more, used: map[string]bool{}}
	out := f.fields(fields, "")
	for _, a := range known {
		if a.given && !f.used[a.path] {
			f.errs = append(f.errs, fmt.Errorf("it takes no %s: leave out %s", strings.ReplaceAll(a.path, "|", " or "), a.from))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(more)) {
		if !f.used["="+name] {
			f.errs = append(f.errs, fmt.Errorf("it takes no %s: leave out --arg %s", name, name))
		}
	}
	if len(f.errs) > 0 {
		return nil, fmt.Errorf("the chain's call %s.%s: %s", pallet, call, strings.ReplaceAll(errors.Join(f.errs...).Error(), "\n", "; "))
	}
	return out, nil
}

// filling is the filling in of a call's arguments.
type filling struct {
	m     *metadata.Metadata
	known []argument
	more  map[string]any
	// used are the known arguments by path, and the others by "=" and their name.
	used map[string]bool
	errs []error
}

func (f *filling) fields(fields []scale.Field, prefix string) map[string]any {
	out := make(map[string]any, len(fields))
	for _, field := range fields {
		path := prefix + field.Name
		if v, ok := f.more[path]; ok {
			f.used["="+path] = true
			if a := f.find(path); a != nil {
				if f.used[a.path] = true; a.given {
					f.errs = append(f.errs, fmt.Errorf("%s is given twice: by %s and --arg", path, a.from))
				}
			}
			var err error
			if out[field.Name], err = fromJSON(f.m.Types, field.Type, v); err != nil {
				f.errs = append(f.errs, fmt.Errorf("--arg %s: %w", path, err))
			}
			continue
		}
		if a := f.find(path); a != nil {
			f.used[a.path] = true
			if out[field.Name] = a.value; a.needed && !a.given {
				f.errs = append(f.errs, fmt.Errorf("it asks for %s: give %s", path, a.from))
			}
			continue
		}
		if inner := f.record(field.Type); inner != nil && f.below(path, inner) {
			out[field.Name] = f.fields(inner, path+".")
			continue
		}
		f.errs = append(f.errs, fmt.Errorf("it asks for %s (%s), which this version does not know: give it by --arg %s=JSON", path, f.kind(field), path))
	}
	return out
}

// find finds a known argument.
func (f *filling) find(path string) *argument {
	_, rest, part := strings.Cut(path, ".")
	for i, a := range f.known {
		for _, name := range strings.Split(a.path, "|") {
			if name == path || part && name == "*."+rest {
				return &f.known[i]
			}
		}
	}
	return nil
}

// below reports whether parts of a record are known.
func (f *filling) below(path string, fields []scale.Field) bool {
	for _, field := range fields {
		at := path + "." + field.Name
		inner := f.record(field.Type)
		if f.find(at) != nil || f.more[at] != nil || inner != nil && f.below(at, inner) {
			return true
		}
	}
	return false
}

// record is the fields of a type that is a record with names.
func (f *filling) record(id uint32) []scale.Field {
	t := bare(f.m.Types, id)
	if t == nil || t.Kind != scale.Composite || len(t.Fields) == 0 || t.Fields[0].Name == "" {
		return nil
	}
	return t.Fields
}

func (f *filling) kind(field scale.Field) string {
	if t := bare(f.m.Types, field.Type); t != nil && field.TypeName == "" {
		return t.Name()
	}
	return field.TypeName
}

// bare is a type without the wrappers that do not show in values.
func bare(r *scale.Registry, id uint32) *scale.Type {
	for range 16 {
		t, err := r.Type(id)
		switch {
		case err != nil:
			return nil
		case t.Kind == scale.Composite && len(t.Fields) == 1 && t.Fields[0].Name == "":
			id = t.Fields[0].Type
		case t.Kind == scale.Tuple && len(t.Elems) == 1:
			id = t.Elems[0]
		case t.Kind == scale.Compact:
			id = t.Elem
		case optionOf(t) != nil:
			id = *optionOf(t)
		default:
			return t
		}
	}
	return nil
}

// optionOf is the type that an Option may hold; nil if the type is none.
func optionOf(t *scale.Type) *uint32 {
	if t.Kind != scale.VariantKind || len(t.Path) != 1 || t.Path[0] != "Option" {
		return nil
	}
	if some := t.Case("Some"); some != nil && len(some.Fields) == 1 {
		return &some.Fields[0].Type
	}
	return nil
}

// moreArgs reads the values of --arg.
func moreArgs(list []string) (map[string]any, error) {
	out := map[string]any{}
	for _, text := range list {
		name, raw, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, errors.New("--arg is NAME=JSON, such as --arg quorum_percent=60")
		}
		d := json.NewDecoder(strings.NewReader(raw))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("--arg %s: it is no JSON: a text is written in quotes", name)
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("--arg %s: something follows the JSON", name)
		}
		if _, twice := out[name]; twice {
			return nil, fmt.Errorf("--arg %s is given twice", name)
		}
		out[name] = v
	}
	return out, nil
}

// fromJSON gives JSON as values of a type: texts for bytes (0x… for those of fixed length,
// SS58 for accounts), {"Case": …} for an enumeration.
func fromJSON(r *scale.Registry, id uint32, v any) (any, error) {
	t := bare(r, id)
	if t == nil {
		return nil, errors.New("the type is not known")
	}
	switch v := v.(type) {
	case json.Number:
		n, ok := new(big.Int).SetString(v.String(), 10)
		if !ok {
			return nil, fmt.Errorf("%s is no whole number", v)
		}
		return n, nil
	case string:
		if t.Kind == scale.Array {
			return fixedBytes(int(t.Len), v)
		}
		return v, nil
	case []any:
		return listFromJSON(r, t, v)
	case map[string]any:
		return recordFromJSON(r, t, v)
	}
	return v, nil
}

// fixedBytes reads bytes of a fixed length.
func fixedBytes(size int, text string) ([]byte, error) {
	if digits, ok := strings.CutPrefix(text, "0x"); ok {
		b, err := hex.DecodeString(digits)
		if err != nil || len(b) != size {
			return nil, fmt.Errorf("0x and %d hex digits are needed", 2*size)
		}
		return b, nil
	}
	if size != 32 {
		return nil, fmt.Errorf("0x and %d hex digits are needed", 2*size)
	}
	id, _, err := keys.ParseAddress(text)
	return bytes.Clone(id[:]), err
}

func listFromJSON(r *scale.Registry, t *scale.Type, list []any) (any, error) {
	elem := bare(r, t.Elem)
	octets := (t.Kind == scale.Sequence || t.Kind == scale.Array) && elem != nil && elem.Kind == scale.Primitive && elem.Prim == scale.U8
	out, raw := make([]any, len(list)), make([]byte, len(list))
	for i, v := range list {
		id := t.Elem
		switch {
		case octets:
			n, ok := v.(json.Number)
			x, err := n.Int64()
			if !ok || err != nil || x < 0 || x > 255 {
				return nil, errors.New("bytes are a text, or numbers from 0 to 255")
			}
			raw[i] = byte(x)
			continue
		case t.Kind == scale.Tuple && i < len(t.Elems):
			id = t.Elems[i]
		case t.Kind != scale.Sequence && t.Kind != scale.Array:
			return nil, fmt.Errorf("a %s is no list", t.Name())
		}
		var err error
		if out[i], err = fromJSON(r, id, v); err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	if octets {
		return raw, nil
	}
	return out, nil
}

func recordFromJSON(r *scale.Registry, t *scale.Type, object map[string]any) (any, error) {
	out := make(map[string]any, len(object))
	for name, v := range object {
		fields := t.Fields
		if t.Kind == scale.VariantKind {
			c := t.Case(name)
			if c == nil {
				return nil, fmt.Errorf("%s has no case %q", t.Name(), name)
			}
			if len(c.Fields) != 1 || c.Fields[0].Name != "" {
				inner, ok := v.(map[string]any)
				if !ok {
					return nil, fmt.Errorf("the case %s of %s is an object", name, t.Name())
				}
				x, err := recordFromJSON(r, &scale.Type{Kind: scale.Composite, Path: []string{name}, Fields: c.Fields}, inner)
				if err != nil {
					return nil, err
				}
				out[name] = x
				continue
			}
			fields = []scale.Field{{Name: name, Type: c.Fields[0].Type}}
		}
		at := slices.IndexFunc(fields, func(f scale.Field) bool { return f.Name == name })
		if at < 0 {
			return nil, fmt.Errorf("%s has no field %q", t.Name(), name)
		}
		var err error
		if out[name], err = fromJSON(r, fields[at].Type, v); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if t.Kind == scale.VariantKind {
			out[name] = []any{out[name]}
		}
	}
	return out, nil
}
