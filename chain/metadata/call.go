package metadata

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// Call encodes a call of a pallet: its two indexes and its arguments in the order of
// their declaration, or by name in a map.
func (m *Metadata) Call(pallet, name string, args any) ([]byte, error) {
	p, c, err := m.find(pallet, name)
	if err != nil {
		return nil, err
	}
	out := []byte{p.Index, c.Index}
	fields, err := arguments(c, args)
	if err != nil {
		return nil, fmt.Errorf("%s.%s: %w", p.Name, c.Name, err)
	}
	for i, f := range c.Fields {
		if out, err = m.Types.Append(out, f.Type, fields[i]); err != nil {
			return nil, fmt.Errorf("%s.%s: argument %s: %w", p.Name, c.Name, f.Name, err)
		}
	}
	return out, nil
}

// CallFields are the arguments of a call.
func (m *Metadata) CallFields(pallet, name string) ([]scale.Field, error) {
	_, c, err := m.find(pallet, name)
	if err != nil {
		return nil, err
	}
	return c.Fields, nil
}

// find finds a call of a pallet, by its name or that in camel case.
func (m *Metadata) find(pallet, name string) (*Pallet, *scale.Case, error) {
	p := m.Pallet(pallet)
	if p == nil {
		return nil, nil, fmt.Errorf("the runtime has no pallet %s", pallet)
	}
	if p.Calls < 0 {
		return nil, nil, fmt.Errorf("the pallet %s has no calls", p.Name)
	}
	t, err := m.Types.Type(uint32(p.Calls))
	if err != nil {
		return nil, nil, err
	}
	c := t.Case(name)
	if c == nil {
		c = t.Case(snake(name))
	}
	if c == nil {
		return nil, nil, fmt.Errorf("the pallet %s has no call %s", p.Name, name)
	}
	return p, c, nil
}

// snake gives a name in camel case as Rust writes it.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func arguments(c *scale.Case, args any) ([]any, error) {
	switch a := args.(type) {
	case []any:
		if len(a) != len(c.Fields) {
			return nil, fmt.Errorf("%d arguments are needed, not %d", len(c.Fields), len(a))
		}
		return a, nil
	case map[string]any:
		out := make([]any, len(c.Fields))
		for i, f := range c.Fields {
			v, ok := a[f.Name]
			if !ok {
				return nil, fmt.Errorf("the argument %s is missing", f.Name)
			}
			out[i] = v
		}
		if len(a) != len(c.Fields) {
			return nil, fmt.Errorf("%d arguments are needed, not %d", len(c.Fields), len(a))
		}
		return out, nil
	case nil:
		if len(c.Fields) > 0 {
			return nil, fmt.Errorf("%d arguments are needed", len(c.Fields))
		}
		return nil, nil
	}
	return nil, fmt.Errorf("arguments are a list or a map, not %T", args)
}

// DecodeCall reads a call: pallet, name, arguments.
func (m *Metadata) DecodeCall(d *scale.Decoder) (pallet, name string, args *scale.Record, err error) {
	if m.Extrinsic.Call < 0 {
		return "", "", nil, errors.New("the metadata does not name the type of calls")
	}
	v, err := m.Types.Decode(d, uint32(m.Extrinsic.Call))
	if err != nil {
		return "", "", nil, err
	}
	outer, ok := v.(*scale.Variant)
	if !ok {
		return "", "", nil, fmt.Errorf("a call is %T", v)
	}
	inner, ok := outer.Fields.At(0).(*scale.Variant)
	if !ok {
		return "", "", nil, fmt.Errorf("a call of %s is %T", outer.Name, outer.Fields.At(0))
	}
	return outer.Name, inner.Name, inner.Fields, nil
}

// Event of a block.
type Event struct {
	// Pallet and Name, such as System and ExtrinsicFailed.
	Pallet, Name string
	Fields       *scale.Record
	// Extrinsic is the number of the transaction that caused it, -1 if none did.
	Extrinsic int
}

// Events decodes System.Events.
func (m *Metadata) Events(raw []byte) ([]Event, error) {
	e, err := m.Storage("System", "Events")
	if err != nil {
		return nil, err
	}
	v, err := m.Value(e, raw)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("System.Events is %T", v)
	}
	out := make([]Event, 0, len(list))
	for _, x := range list {
		rec, _ := x.(*scale.Record)
		outer, _ := rec.Get("event").(*scale.Variant)
		if outer == nil {
			return nil, errors.New("a record of System.Events has no event")
		}
		ev := Event{Pallet: outer.Name, Extrinsic: -1}
		if inner, ok := outer.Fields.At(0).(*scale.Variant); ok {
			ev.Name, ev.Fields = inner.Name, inner.Fields
		}
		if phase, ok := rec.Get("phase").(*scale.Variant); ok && phase.Name == "ApplyExtrinsic" {
			if n, ok := phase.Fields.At(0).(uint64); ok {
				ev.Extrinsic = int(n)
			}
		}
		out = append(out, ev)
	}
	return out, nil
}

// DispatchError names an error of a call: that of a pallet as Pallet.Error with what it
// carries, such as the field it is about, and its documentation; others by their names.
func (m *Metadata) DispatchError(v any) (name, docs string) {
	e, ok := v.(*scale.Variant)
	if !ok {
		return fmt.Sprint(v), ""
	}
	if e.Name != "Module" {
		if inner, ok := e.Fields.At(0).(*scale.Variant); ok {
			return e.Name + "." + inner.Name, ""
		}
		return e.Name, ""
	}
	rec, _ := e.Fields.At(0).(*scale.Record)
	if rec == nil {
		rec = e.Fields
	}
	index, _ := rec.Get("index").(uint64)
	p := m.PalletAt(uint8(index))
	code := -1
	var more []byte
	switch c := rec.Get("error").(type) {
	case uint64:
		code = int(c)
	case []byte:
		if len(c) > 0 {
			code, more = int(c[0]), c[1:]
		}
	}
	if p == nil || p.Errors < 0 || code < 0 {
		return fmt.Sprintf("Module %d error %d", index, code), ""
	}
	t, err := m.Types.Type(uint32(p.Errors))
	if err != nil {
		return p.Name, ""
	}
	if c := t.CaseAt(uint8(code)); c != nil {
		return p.Name + "." + c.Name, strings.Join(append(m.carried(c, more), c.Docs...), " ")
	}
	return fmt.Sprintf("%s error %d", p.Name, code), ""
}

// carried names the cases that an error carries.
func (m *Metadata) carried(c *scale.Case, data []byte) (out []string) {
	d := scale.NewDecoder(data)
	for _, f := range c.Fields {
		v, err := m.Types.Decode(d, f.Type)
		if err != nil {
			break
		}
		if x, ok := v.(*scale.Variant); ok {
			out = append(out, "("+x.Name+")")
		}
	}
	return out
}
