package parsers

import (
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// build makes a text of objects or arrays.
func (n *csvLegacy) build(c *engine.Call, m *engine.Message, payload value.Value) error {
	if err := n.ready(m); err != nil {
		return err
	}
	if !value.IsArray(payload) {
		payload = value.Arr(payload)
		m.Set("payload", payload)
	}
	b := &legacyBuilder{csvLegacy: n, c: c, m: m, rows: value.Elements(payload), payload: payload}
	if n.header && !n.sent {
		if err := b.names(); err != nil {
			return err
		}
	}
	for i := 0; i < len(b.rows); i++ {
		if err := b.line(i); err != nil {
			return err
		}
		b.out = append(b.out, n.ret...)
	}
	if len(b.out) == 0 {
		b.out = append(b.out, n.ret...)
	}
	m.Set("payload", value.Str(textOf(b.out)))
	m.Set("columns", value.Str(columnText(n.template, true)))
	c.Send(m)
	return nil
}

// legacyBuilder makes one text.
type legacyBuilder struct {
	*csvLegacy
	c       *engine.Call
	m       *engine.Message
	payload value.Value
	rows    []value.Value
	out     []byte
}

// names writes the line of names.
func (b *legacyBuilder) names() error {
	if !b.hasTemplate() {
		if v, ok := b.m.Lookup("columns"); ok {
			names, err := b.columns(v)
			if err != nil {
				return err
			}
			b.template = names
		} else {
			if len(b.rows) == 0 || b.rows[0].IsNullish() {
				return value.ThrownError("TypeError", "Cannot convert undefined or null to object")
			}
			b.template = value.Keys(b.rows[0])
		}
	}
	for i, name := range b.template {
		if i > 0 {
			b.out = append(b.out, b.sep...)
		}
		if strings.Contains(name, b.sep) {
			b.out = append(append(append(b.out, '"'), name...), '"')
		} else {
			b.out = append(b.out, name...)
		}
	}
	b.out = append(b.out, b.ret...)
	if b.once {
		b.sent = true
	}
	return nil
}

func (b *legacyBuilder) line(i int) error {
	row := b.rows[i]
	if !isObject(row) { // an array of plain values is one line
		b.payload = value.Arr(b.payload)
		b.m.Set("payload", b.payload)
		b.rows = b.payload.Array().Elems
		row = b.payload.Array().At(i)
		return b.list(row)
	}
	if value.IsArray(row) {
		return b.list(row)
	}
	if !b.hasTemplate() {
		if v, ok := b.m.Lookup("columns"); ok {
			names, err := b.columns(v)
			if err != nil {
				return err
			}
			b.template = names
		}
	}
	if !b.hasTemplate() {
		return b.free(row)
	}
	return b.byTemplate(i, row)
}

// list writes a line of an array. Cells that need quotes get them in the array too.
func (b *legacyBuilder) list(row value.Value) error {
	if row.IsNullish() {
		_, err := value.GetKey(row, "length")
		return err
	}
	n := value.Length(row)
	for t := range n {
		if t > 0 {
			b.out = append(b.out, b.sep...)
		}
		cell := value.Index(row, t)
		if cell.IsUndefined() {
			cell = value.Str("")
			_ = value.SetKey(row, strconv.Itoa(t), cell)
		}
		if cell.IsNull() {
			_, err := value.GetKey(cell, "toString")
			return err
		}
		text := cell.Str()
		if !cell.IsString() {
			text = value.ToStringIn(cell, b.c.Zone())
		}
		quoted := strings.ContainsAny(text, "\"\n") || strings.Contains(text, b.sep)
		from := len(b.out)
		b.out = appendCell(b.out, text, quoted)
		if quoted {
			_ = value.SetKey(row, strconv.Itoa(t), value.Str(string(b.out[from:])))
		}
	}
	return nil
}

// free writes an object without a template: the properties of the first row.
func (b *legacyBuilder) free(row value.Value) error {
	if !b.warnedNoColumns {
		b.c.Warn(value.Str(b.c.Text("csv.errors.obj_csv")))
		b.warnedNoColumns = true
	}
	first := true
	for _, key := range value.Keys(b.rows[0]) {
		if row.IsNullish() {
			_, err := value.GetKey(row, "hasOwnProperty")
			return err
		}
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
		text := ""
		if !cell.IsUndefined() {
			if text, err = value.ToStringStrict(cell); err != nil {
				return err
			}
		}
		if !first {
			b.out = append(b.out, b.sep...)
		}
		first = false
		b.out = appendCell(b.out, text, strings.Contains(text, `"`) || strings.Contains(text, b.sep) || strings.Contains(key, "\n"))
	}
	return nil
}

// byTemplate writes the properties of an object that the template names.
func (b *legacyBuilder) byTemplate(i int, row value.Value) error {
	for t, name := range b.template {
		if t > 0 {
			b.out = append(b.out, b.sep...)
		}
		if name == "" {
			continue
		}
		v, err := b.property(i, row, name)
		if err != nil {
			return err
		}
		if v.IsNumber() && !b.numberSep {
			b.out = value.AppendNumber(b.out, v.Num())
			continue
		}
		text := ""
		if !v.IsUndefined() {
			if text, err = ensureString(v); err != nil {
				return err
			}
		}
		b.out = appendCell(b.out, text, strings.ContainsAny(text, "\"\n") || strings.Contains(text, b.sep))
	}
	return nil
}

// property reads a property of a row. Names that are no plain text are read as the
// property expression that Node-RED makes of them.
func (b *legacyBuilder) property(i int, row value.Value, name string) (value.Value, error) {
	if !strings.ContainsAny(name, `"'\[]`) {
		return value.GetKey(row, name)
	}
	quote := `"`
	if strings.Contains(name, `"`) {
		quote = "'"
	}
	return value.GetMessageProperty(b.m, `payload["`+strconv.Itoa(i)+`"][`+quote+name+quote+"]")
}
