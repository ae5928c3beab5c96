package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/scale"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// A value of a chain as people and programs read it is nil, a bool, a leaf, a members or a
// list of those.

// leaf is a value that has no parts: as text, and in JSON.
type leaf struct {
	text string
	json any
}

// MarshalJSON writes the value.
func (l leaf) MarshalJSON() ([]byte, error) { return json.Marshal(l.json) }

// member is a part of a value.
type member struct {
	name  string
	value any
}

// members are an object, in the order of the chain.
type members []member

// MarshalJSON writes the object.
func (m members) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, x := range m {
		if i > 0 {
			b = append(b, ',')
		}
		k, err := json.Marshal(x.name)
		if err != nil {
			return nil, err
		}
		v, err := json.Marshal(x.value)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, k...), ':'), v...)
	}
	return append(b, '}'), nil
}

// readable gives a decoded value of a type as people read it: accounts as addresses, bytes
// as text where they are one, numbers of 128 bits as amounts.
func readable(r *scale.Registry, id uint32, v any) any {
	t, tokens := bare(r, id), !named(r, id, "FixedU128")
	switch v := v.(type) {
	case []byte:
		if account(r, id) && len(v) == 32 {
			a := onchain.Address(v)
			return leaf{a, a}
		}
		return readableBytes(v, t != nil && t.Kind == scale.Array)
	case *big.Int:
		if tokens {
			return leaf{fmt.Sprintf("%s EWT (%s)", onchain.EWT(v), v), v.String()}
		}
		return leaf{v.String(), v.String()}
	case *scale.Record:
		if t == nil {
			return readableFields(r, nil, v)
		}
		return readableFields(r, t.Fields, v)
	case *scale.Variant:
		return readableCase(r, t, v)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = x
			switch {
			case t != nil && t.Kind == scale.Tuple && i < len(t.Elems):
				out[i] = readable(r, t.Elems[i], x)
			case t != nil:
				out[i] = readable(r, t.Elem, x)
			}
		}
		return out
	case nil:
		return nil
	}
	return leaf{fmt.Sprint(v), v}
}

// account reports whether a type is AccountId32, maybe wrapped.
func account(r *scale.Registry, id uint32) bool { return named(r, id, "AccountId32") }

// named reports whether a type, or one that it wraps, has a name.
func named(r *scale.Registry, id uint32, name string) bool {
	for range 16 {
		t, err := r.Type(id)
		switch {
		case err != nil:
			return false
		case t.Last() == name:
			return true
		case t.Kind == scale.Composite && len(t.Fields) == 1 && t.Fields[0].Name == "":
			id = t.Fields[0].Type
		case optionOf(t) != nil:
			id = *optionOf(t)
		default:
			return false
		}
	}
	return false
}

// readableBytes gives a text in quotes, or 0x… where there is none, or never was one.
func readableBytes(b []byte, fixed bool) leaf {
	hexed := "0x" + hex.EncodeToString(b)
	if fixed || !utf8.Valid(b) {
		return leaf{hexed, hexed}
	}
	return leaf{strconv.Quote(string(b)), onchain.Name(b)}
}

// readableFields gives the fields of a record. A field without a name has its position for
// one.
func readableFields(r *scale.Registry, fields []scale.Field, rec *scale.Record) any {
	out := make(members, 0, rec.Len())
	for i := range rec.Len() {
		m := member{name: strconv.Itoa(i)}
		if rec.Names[i] != "" {
			m.name = rec.Names[i]
		}
		if i < len(fields) {
			m.value = readable(r, fields[i].Type, rec.At(i))
		} else {
			m.value = leaf{fmt.Sprint(rec.At(i)), fmt.Sprint(rec.At(i))}
		}
		out = append(out, m)
	}
	return out
}

// readableCase gives the name of a case, or an object of that name with what it carries.
func readableCase(r *scale.Registry, t *scale.Type, v *scale.Variant) any {
	if v.Fields.Len() == 0 {
		return leaf{v.Name, v.Name}
	}
	var fields []scale.Field
	if t != nil {
		if c := t.Case(v.Name); c != nil {
			fields = c.Fields
		}
	}
	if n, ok := v.Fields.At(0).(*big.Int); ok && v.Name == "Times" { // a factor, no amount
		return members{{v.Name, leaf{n.String(), n.String()}}}
	}
	inner := readableFields(r, fields, v.Fields)
	if list, ok := inner.(members); ok && len(list) == 1 && v.Fields.Names[0] == "" {
		return members{{v.Name, list[0].value}}
	}
	return members{{v.Name, inner}}
}

// readableCall gives the arguments of a call by name.
func readableCall(m *metadata.Metadata, pallet, call string, args *scale.Record) any {
	fields, err := m.CallFields(pallet, call)
	if err != nil {
		fields = nil
	}
	return readableFields(m.Types, fields, args)
}

// readableEvent gives what an event says by name.
func readableEvent(m *metadata.Metadata, e metadata.Event) any {
	var fields []scale.Field
	if p := m.Pallet(e.Pallet); p != nil && p.Events >= 0 {
		if t, err := m.Types.Type(uint32(p.Events)); err == nil {
			if c := t.Case(e.Name); c != nil {
				fields = c.Fields
			}
		}
	}
	return readableFields(m.Types, fields, e.Fields)
}

// print writes an object, a line for each value.
func (m members) print(w io.Writer, indent string) {
	width := 0
	for _, x := range m {
		width = max(width, len(x.name))
	}
	for _, x := range m {
		fmt.Fprint(w, indent, x.name)
		printValue(w, x.value, indent, width-len(x.name))
	}
}

// printValue ends the line of a name with its value, so many columns on, or writes its parts
// below.
func printValue(w io.Writer, v any, indent string, columns int) {
	switch v := v.(type) {
	case members:
		if len(v) > 0 {
			fmt.Fprintln(w)
			v.print(w, indent+"  ")
			return
		}
	case []any:
		if len(v) > 0 {
			fmt.Fprintln(w)
		}
		for _, x := range v {
			fmt.Fprintf(w, "%s  -", indent)
			printValue(w, x, indent+"  ", 0)
		}
		if len(v) > 0 {
			return
		}
	}
	fmt.Fprintf(w, "%*s%s\n", columns+2, "", short(v))
}

// short gives a value in one line.
func short(v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case leaf:
		return v.text
	case members:
		if len(v) == 0 {
			return "none"
		}
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = x.name + " " + short(x.value)
		}
		return strings.Join(parts, ", ")
	case []any:
		if len(v) == 0 {
			return "none"
		}
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = short(x)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(v)
}
