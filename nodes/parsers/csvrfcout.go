package parsers

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// quotes reports whether a cell needs quotes.
func quotes(text, sep string) bool {
	return strings.ContainsAny(text, "\"\r\n") || strings.Contains(text, sep)
}

// rfcColumns joins names of columns, with those that have none or without.
func rfcColumns(names []string, sep string, all bool) string {
	var out []byte
	for i, name := range names {
		if name == "" && !all {
			continue
		}
		if len(out) > 0 || all && i > 0 {
			out = append(out, sep...)
		}
		out = appendCell(out, name, quotes(name, sep))
	}
	return textOf(out)
}

// build makes a text of objects or arrays.
func (n *csvRFC) build(c *engine.Call, m *engine.Message, payload value.Value) error {
	b := &rfcBuilder{csvRFC: n, c: c, m: m}
	if value.IsArray(payload) {
		b.rows = value.Elements(payload)
		if len(b.rows) > 0 {
			first := b.rows[0]
			b.lists = value.IsArray(first)
			if !isObject(first) {
				b.rows, b.lists = []value.Value{payload}, true
			}
		}
	} else {
		b.rows = []value.Value{payload}
	}
	if err := b.ready(); err != nil {
		return err
	}
	if n.header && !n.sent {
		if err := b.names(); err != nil {
			return err
		}
	}
	for _, row := range b.rows {
		err := error(nil)
		if b.lists {
			err = b.list(row)
		} else {
			err = b.object(row)
		}
		if err != nil {
			return err
		}
		b.out = append(b.out, n.ret...)
	}
	if len(b.out) == 0 {
		b.out = append(b.out, n.ret...)
	}
	m.Set("payload", value.Str(textOf(b.out)))
	m.Set("columns", value.Str(rfcColumns(n.template.names, ",", false)))
	c.Send(m)
	return nil
}

// rfcBuilder makes one text.
type rfcBuilder struct {
	*csvRFC
	c     *engine.Call
	m     *engine.Message
	rows  []value.Value
	lists bool // the first row is an array
	out   []byte
}

// ready finds the columns for objects: those of the template, unless the message is
// a later part of a sequence without one.
func (b *rfcBuilder) ready() (err error) {
	if b.noColumns {
		if l, err := later(b.m); l || err != nil {
			return err
		}
	}
	b.template, err = templateOf(b.temp)
	return err
}

// fromMessage takes the columns from msg.columns if it has them.
func (b *rfcBuilder) fromMessage() (bool, error) {
	v, ok := b.m.Lookup("columns")
	if !ok {
		return false, nil
	}
	text := v.Str()
	if a := v.Array(); a != nil {
		text = `"` + strings.ReplaceAll(value.Join(a, ""), `"`, `""`) + `"`
	}
	t, err := templateOf(text)
	if err == nil {
		b.template = t
	}
	return true, err
}

// names writes the line of names.
func (b *rfcBuilder) names() error {
	if !b.template.some {
		found, err := b.fromMessage()
		if err != nil {
			return err
		}
		if !found {
			if len(b.rows) == 0 || b.rows[0].IsNullish() {
				return value.ThrownError("TypeError", "Cannot convert undefined or null to object")
			}
			b.template = keyColumns(b.rows[0])
		}
	}
	b.out = append(append(b.out, rfcColumns(b.template.names, b.sep, true)...), b.ret...)
	if b.once {
		b.sent = true
	}
	return nil
}

// put appends a value as a cell.
func (b *rfcBuilder) put(v value.Value) error {
	if v.IsNumber() && !b.numberSep {
		b.out = value.AppendNumber(b.out, v.Num())
		return nil
	}
	if v.IsUndefined() {
		return nil
	}
	text, err := ensureString(v)
	b.out = appendCell(b.out, text, quotes(text, b.sep))
	return err
}

// list writes a row of an array; columns without a name at its end are left out.
func (b *rfcBuilder) list(row value.Value) error {
	named := b.template.some
	n := len(b.template.names)
	if named {
		for n > 0 && b.template.names[n-1] == "" {
			n--
		}
	} else {
		if row.IsNullish() {
			_, err := value.GetKey(row, "length")
			return err
		}
		n = value.Length(row)
	}
	for t := range n {
		if row.IsNullish() {
			_, err := value.GetKey(row, "0")
			return err
		}
		if t > 0 {
			b.out = append(b.out, b.sep...)
		}
		if named && b.template.names[t] == "" {
			continue
		}
		if err := b.put(value.Index(row, t)); err != nil {
			return err
		}
	}
	return nil
}

func (b *rfcBuilder) object(row value.Value) error {
	if !b.template.some {
		if _, err := b.fromMessage(); err != nil {
			return err
		}
	}
	if !b.template.some {
		return b.free(row)
	}
	o := row.Object()
	for t, name := range b.template.names {
		if t > 0 {
			b.out = append(b.out, b.sep...)
		}
		if name == "" {
			continue
		}
		if o != nil && t < o.Len() && o.At(t).Key == name {
			if err := b.put(o.At(t).Value); err != nil {
				return err
			}
			continue
		}
		v, err := value.GetKey(row, name)
		if err == nil {
			err = b.put(v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// free writes an object without a template, the properties of the first row; its own
// are the template from then on.
func (b *rfcBuilder) free(row value.Value) error {
	if !b.warnedNoColumns {
		b.c.Warn(value.Str(b.c.Text("csv.errors.obj_csv")))
		b.warnedNoColumns = true
	}
	if row.IsNullish() {
		return value.ThrownError("TypeError", "Cannot convert undefined or null to object")
	}
	b.template = keyColumns(row)
	first := true
	for _, key := range value.Keys(b.rows[0]) {
		if !value.HasOwn(row, key) {
			continue
		}
		cell, err := value.GetKey(row, key)
		if err != nil {
			return err
		}
		if isObject(cell) {
			continue
		}
		if !first {
			b.out = append(b.out, b.sep...)
		}
		first = false
		if err := b.put(cell); err != nil {
			return err
		}
	}
	return nil
}
