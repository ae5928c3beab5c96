package flow

import (
	"fmt"
	"sort"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// maxFile bounds the size of a flow file in bytes.
const maxFile = 256 << 20

// File is one flow file's text, kept for positions.
type File struct {
	Name  string
	lines []int // offset of each line's start
	text  string
}

func newFile(name, text string) *File {
	f := &File{Name: name, text: text, lines: []int{0}}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	return f
}

func (f *File) position(at int) Position {
	line := sort.SearchInts(f.lines, at+1) - 1
	return Position{f.Name, line + 1, utf8.RuneCountInString(f.text[f.lines[line]:min(at, len(f.text))]) + 1}
}

// Def is one entry of a flow file: a node, tab, subflow, group or config node.
type Def struct {
	ID, Type, Name, Z, G string
	// Disabled is the editor's "d" (nodes) or "disabled" (tabs).
	Disabled bool
	// Raw is the entry as it stands in the file.
	Raw *value.Object

	file  *File
	marks map[*value.Object]*marks
}

// Position is where the entry stands, or one of its properties if prop is given
// and known.
func (d *Def) Position(prop string) Position {
	if d.file == nil {
		return Position{}
	}
	m := d.marks[d.Raw]
	if m == nil {
		return Position{File: d.file.Name}
	}
	if at, ok := m.props[prop]; ok {
		return d.file.position(at)
	}
	return d.file.position(m.start)
}

// Within is where a property of an object inside the entry stands (a rule's), the
// entry itself if it is not known.
func (d *Def) Within(o *value.Object, prop string) Position {
	if m := d.marks[o]; m != nil && d.file != nil {
		if at, ok := m.props[prop]; ok {
			return d.file.position(at)
		}
		return d.file.position(m.start)
	}
	return d.Position("")
}

// Problem makes a problem with this entry.
func (d *Def) Problem(s Severity, prop, advice, format string, args ...any) Problem {
	return Problem{Position: d.Position(prop), Severity: s, Node: d.ID, Type: d.Type, Name: d.Name,
		Property: prop, Text: fmt.Sprintf(format, args...), Advice: advice}
}

// Document is a parsed flow file.
type Document struct {
	File string
	// Defs are its entries in the order of the file.
	Defs []*Def
	// Problems are what was odd but could be read.
	Problems Problems
}

// Parse reads a flow file. name is used in positions. The error is a Problems
// list that names every place that is wrong.
func Parse(name string, text []byte) (*Document, error) {
	if len(text) > maxFile {
		return nil, Problems{{Position: Position{File: name}, Text: fmt.Sprintf("the file has %d MB; flow files up to %d MB are read", len(text)>>20, maxFile>>20)}}
	}
	if i := invalidUTF8(text); i >= 0 {
		f := newFile(name, string(text[:i]))
		return nil, Problems{{Position: f.position(i), Text: fmt.Sprintf("byte 0x%02x is not valid UTF-8", text[i]), Advice: "save the file as UTF-8"}}
	}
	f := newFile(name, string(text))
	p := &scanner{file: f, s: f.text, marks: map[*value.Object]*marks{}}
	root, bad := p.document()
	if bad != nil {
		return nil, Problems{{Position: f.position(bad.at), Text: bad.text}}
	}
	d := &Document{File: name}
	return d, d.read(f, p.marks, root)
}

// FromValue makes a document of entries that come from elsewhere than a file (an
// array of objects, or any other form Parse reads).
func FromValue(name string, root value.Value) (*Document, error) {
	d := &Document{File: name}
	return d, d.read(nil, nil, root)
}

func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

func (d *Document) read(f *File, m map[*value.Object]*marks, root value.Value) error {
	r := &reader{doc: d, file: f, marks: m}
	switch {
	case root.Array() != nil:
		r.list(root.Array(), "")
	case root.Object() != nil:
		r.object(root.Object())
	default:
		r.fail(Position{File: d.File}, "a flow file is an array of nodes, or an object with \"flows\" or \"nodes\"; this is %s", describe(root))
	}
	if err := r.problems.Err(); err != nil {
		return err
	}
	d.Problems = r.problems
	return nil
}

type reader struct {
	doc      *Document
	file     *File
	marks    map[*value.Object]*marks
	problems Problems
}

func (r *reader) fail(at Position, format string, args ...any) {
	r.problems = append(r.problems, Problem{Position: at, Text: fmt.Sprintf(format, args...)})
}

// object reads {flows:[…]} or a single-flow document.
func (r *reader) object(o *value.Object) {
	if list := o.Get("flows").Array(); list != nil {
		r.list(list, "")
		return
	}
	nodes := o.Get("nodes").Array()
	configs := o.Get("configs").Array()
	if nodes == nil && configs == nil {
		r.fail(Position{File: r.doc.File}, "the object has neither \"flows\" nor \"nodes\": it is no flow file")
		return
	}
	id := o.Get("id").Str()
	if id == "" {
		id = "flow"
	}
	if id != "global" {
		tab := value.NewObject()
		tab.Set("id", value.Str(id))
		tab.Set("type", value.Str("tab"))
		for i := 0; i < o.Len(); i++ {
			if p := o.At(i); p.Key != "id" && p.Key != "nodes" && p.Key != "configs" && p.Key != "subflows" {
				tab.Set(p.Key, p.Value)
			}
		}
		if r.marks != nil {
			r.marks[tab] = r.marks[o]
		}
		r.def(tab)
	} else {
		id = ""
	}
	for i := 0; i < o.Get("subflows").Array().Length(); i++ {
		if s := o.Get("subflows").Array().At(i).Object(); s != nil {
			r.def(s)
			sid := s.Get("id").Str()
			r.list(s.Get("nodes").Array(), sid)
			r.list(s.Get("configs").Array(), sid)
		}
	}
	r.list(nodes, id)
	r.list(configs, id)
}

// list reads entries; those without a tab are given z.
func (r *reader) list(a *value.Array, z string) {
	for i := 0; i < a.Length(); i++ {
		o := a.At(i).Object()
		if o == nil {
			r.fail(Position{File: r.doc.File}, "entry %d is %s, not a node object", i, describe(a.At(i)))
			continue
		}
		if z != "" && !o.Has("z") {
			o.Set("z", value.Str(z))
		}
		r.def(o)
	}
}

func (r *reader) def(o *value.Object) {
	d := &Def{Raw: o, file: r.file, marks: r.marks}
	if r.file == nil {
		d.file = &File{Name: r.doc.File, lines: []int{0}}
	}
	text := func(key string) string {
		switch v := o.Get(key); v.Kind() {
		case value.KindString:
			return v.Str()
		case value.KindNumber:
			return value.ToString(v)
		}
		return ""
	}
	d.ID, d.Type, d.Name, d.Z, d.G = text("id"), text("type"), text("name"), text("z"), text("g")
	d.Disabled = o.Get("d").Bool() || d.Type == "tab" && value.Truthy(o.Get("disabled"))
	if d.ID == "" {
		r.problems = append(r.problems, d.Problem(SeverityError, "id", "give every node an \"id\" of its own", "an entry without an id"))
		return
	}
	if d.Type == "" {
		r.problems = append(r.problems, d.Problem(SeverityError, "type", "give it a \"type\"", "a node without a type"))
		return
	}
	if w, ok := o.Lookup("wires"); ok && d.Type != "tab" && d.Type != "group" {
		r.wires(d, w)
	}
	r.doc.Defs = append(r.doc.Defs, d)
}

func (r *reader) wires(d *Def, w value.Value) {
	bad := func(format string, args ...any) {
		r.problems = append(r.problems, d.Problem(SeverityError, "wires", "write it as an array with one array of node ids for each output", format, args...))
	}
	list := w.Array()
	if list == nil {
		if !w.IsNullish() {
			bad("wires is %s", describe(w))
		}
		return
	}
	for i := 0; i < list.Len(); i++ {
		out := list.At(i)
		if out.IsNullish() {
			continue
		}
		if out.Array() == nil {
			bad("output %d of wires is %s", i, describe(out))
			return
		}
		for j := 0; j < out.Array().Len(); j++ {
			if e := out.Array().At(j); !e.IsString() && !e.IsNullish() {
				bad("wire %d of output %d is %s, not a node id", j, i, describe(e))
				return
			}
		}
	}
}

func describe(v value.Value) string {
	switch v.Kind() {
	case value.KindNull:
		return "null"
	case value.KindArray:
		return "an array"
	case value.KindObject:
		return "an object"
	case value.KindUndefined:
		return "missing"
	}
	return "a " + v.TypeOf()
}
