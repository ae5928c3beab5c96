package yaml

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Dump writes a value as YAML: objects and arrays in blocks, keys in their order, what
// occurs twice by reference. Undefined is left out of objects and null in arrays; a
// function and what else has no YAML is an error, and so is a value nested deeper than
// 1,000 levels (js-yaml ends where its stack does, somewhere above 2,500 here).
func Dump(v value.Value) (string, error) {
	d := &dumper{}
	d.inspect(v)
	if d.deep {
		return "", value.NewError("RangeError", "Maximum call stack size exceeded")
	}
	text, ok, err := d.node(v, position{compact: true})
	if err != nil || !ok {
		return "", err
	}
	return text + "\n", nil
}

// dumper writes one value.
type dumper struct {
	seen    map[any]int // how often a container was met, -1-index for those met again
	foreign []value.Value
	shared  []bool // by index of those met again: whether it was written
	level   int    // of what is inspected
	deep    bool   // some value is too deep
}

const maxLevel = 1000

const indentStep = 2

// position is where a node stands.
type position struct {
	level   int
	compact bool // it may begin on the line of a dash
	key     bool // it is the key of a mapping
}

// identity is a key for a container in a table.
func (d *dumper) identity(v value.Value) any {
	if c := v.Container(); c != nil {
		return c
	}
	for i, f := range d.foreign {
		if value.SameObject(f, v) {
			return i
		}
	}
	d.foreign = append(d.foreign, v)
	return len(d.foreign) - 1
}

// inspect finds the containers that occur more than once; they are numbered in the
// order in which that shows.
func (d *dumper) inspect(v value.Value) {
	if !v.IsObject() || v.TypeOf() != "object" {
		return
	}
	if d.level++; d.level > maxLevel {
		d.deep = true
	}
	defer func() { d.level-- }()
	if d.deep {
		return
	}
	if d.seen == nil {
		d.seen = map[any]int{}
	}
	id := d.identity(v)
	switch d.seen[id] {
	case 0:
		d.seen[id] = 1
	case 1:
		d.seen[id] = -1 - len(d.shared)
		d.shared = append(d.shared, false)
		return
	default:
		return
	}
	if a := v.Array(); a != nil {
		for _, e := range a.Elems {
			d.inspect(e)
		}
		return
	}
	if o := v.Object(); o != nil {
		for i := range o.Len() {
			d.inspect(o.At(i).Value)
		}
		return
	}
	if f := v.Foreign(); f != nil {
		for _, key := range value.Keys(v) {
			e, _ := value.GetKey(v, key)
			d.inspect(e)
		}
	}
}

// reference gives the number of a container that occurs more than once.
func (d *dumper) reference(v value.Value) (int, bool) {
	n := d.seen[d.identity(v)]
	return -1 - n, n < 0
}

// node writes a value; ok is false if it has no YAML.
func (d *dumper) node(v value.Value, p position) (text string, ok bool, err error) {
	switch v.Kind() {
	case value.KindNull:
		return "null", true, nil
	case value.KindBool, value.KindNumber:
		return number(v), true, nil
	case value.KindString:
		return writeScalar(v.Str(), p), true, nil
	case value.KindUndefined:
		return "", false, nil
	case value.KindDate:
		text, err = value.ISOString(v.Date().Ms)
		return text, true, err
	case value.KindBuffer:
		return binary(v.Buffer().B, p), true, nil
	case value.KindTypedArray:
		if v.TypedArray().Class == "Uint8Array" {
			return binary(v.TypedArray().B, p), true, nil
		}
	}
	switch class := value.ToObjectString(v); class {
	case "[object Object]", "[object Array]":
		text, err = d.container(v, p)
		return text, true, err
	default:
		return "", false, exception("unacceptable kind of an object to dump " + class)
	}
}

// number writes a number or boolean.
func number(v value.Value) string {
	if v.IsBool() {
		return value.ToString(v)
	}
	f := v.Num()
	switch {
	case f != f:
		return ".nan"
	case f-f != 0 && f > 0:
		return ".inf"
	case f-f != 0:
		return "-.inf"
	case f == 0 && 1/f < 0:
		return "-0.0"
	}
	s := value.FormatNumber(f)
	if i := strings.IndexByte(s, 'e'); i > 0 && value.Mod(f, 1) != 0 && !strings.Contains(s, ".") {
		return s[:i] + "." + s[i:] // YAML wants a point
	}
	return s
}

func binary(b []byte, p position) string {
	text := base64.StdEncoding.EncodeToString(b)
	if len(b) == 0 {
		text = "AAAA"
	}
	return "!!binary " + writeScalar(text, p)
}

// container writes an object or array.
func (d *dumper) container(v value.Value, p position) (string, error) {
	ref, again := d.reference(v)
	mark := ""
	if again {
		mark = "&ref_" + strconv.Itoa(ref)
		if d.shared[ref] {
			return "*ref_" + strconv.Itoa(ref), nil
		}
		d.shared[ref] = true
		p.compact = false
	}
	var text string
	var err error
	isArray := value.IsArray(v)
	empty := isArray && value.Length(v) == 0 || !isArray && len(value.Keys(v)) == 0
	switch {
	case empty:
		text = "{}"
		if isArray {
			text = "[]"
		}
		if again {
			mark += " "
		}
	case isArray:
		text, err = d.sequence(v, p)
	default:
		text, err = d.mapping(v, p)
	}
	return mark + text, err
}

func newLine(level int) string { return "\n" + strings.Repeat(" ", indentStep*level) }

func (d *dumper) sequence(v value.Value, p position) (string, error) {
	var b strings.Builder
	in := position{level: p.level + 1, compact: true}
	for i := range value.Length(v) {
		e := value.Index(v, i)
		if e.IsUndefined() {
			e = value.Null
		}
		text, ok, err := d.node(e, in)
		if err != nil {
			return "", err
		}
		if !ok {
			continue
		}
		if !p.compact || b.Len() > 0 {
			b.WriteString(newLine(p.level))
		}
		b.WriteByte('-')
		if text == "" || text[0] != '\n' {
			b.WriteByte(' ')
		}
		b.WriteString(text)
	}
	if b.Len() == 0 {
		return "[]", nil
	}
	return b.String(), nil
}

// longKey is the length above which a key is written with a question mark.
const longKey = 1024

func (d *dumper) mapping(v value.Value, p position) (string, error) {
	var b strings.Builder
	for _, key := range value.Keys(v) {
		e, err := value.GetKey(v, key)
		if err != nil {
			return "", err
		}
		name := writeScalar(key, position{level: p.level + 1, key: true})
		explicit := value.UTF16Len(name) > longKey
		text, ok, err := d.node(e, position{level: p.level + 1, compact: explicit})
		if err != nil {
			return "", err
		}
		if !ok {
			continue
		}
		if !p.compact || b.Len() > 0 {
			b.WriteString(newLine(p.level))
		}
		if explicit {
			b.WriteString("? " + name + newLine(p.level))
		} else {
			b.WriteString(name)
		}
		b.WriteByte(':')
		if text == "" || text[0] != '\n' {
			b.WriteByte(' ')
		}
		b.WriteString(text)
	}
	if b.Len() == 0 {
		return "{}", nil
	}
	return b.String(), nil
}
