package xml

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// writer writes a document as xmlbuilder does.
type writer struct {
	b                       strings.Builder
	pretty, empty, flatText bool
	indent, newline, slash  string
	offset                  int
	flat                    int // how many of the elements around are not indented
}

func newWriter(o value.Value) *writer {
	w := &writer{indent: "  ", newline: "\n"}
	get := func(names ...string) value.Value {
		for _, n := range names {
			if v := given(o, n, value.Undefined); !v.IsNullish() {
				return v
			}
		}
		return value.Undefined
	}
	w.pretty, w.empty = value.Truthy(get("pretty")), value.Truthy(get("allowEmpty"))
	if v := get("indent"); !v.IsUndefined() {
		w.indent = value.ToString(v)
	}
	if v := get("newline"); !v.IsUndefined() {
		w.newline = value.ToString(v)
	}
	if v := get("offset"); !v.IsUndefined() {
		w.offset = int(value.ToInteger(value.ToNumber(v)))
	}
	w.flatText = value.Truthy(get("dontPrettyTextNodes", "dontprettytextnodes"))
	if v := get("spaceBeforeSlash", "spacebeforeslash"); v.IsBool() && v.Bool() {
		w.slash = " "
	} else if !v.IsUndefined() {
		w.slash = value.ToString(v)
	}
	return w
}

func (w *writer) document(d *document) string {
	for _, c := range d.top.children {
		w.node(c, 0)
	}
	s := w.b.String()
	if w.pretty && w.newline != "" {
		s = strings.TrimSuffix(s, w.newline)
	}
	return s
}

func (w *writer) start(level int) {
	if w.pretty && w.flat == 0 {
		for range level + w.offset {
			w.b.WriteString(w.indent)
		}
	}
}

func (w *writer) end() {
	if w.pretty && w.flat == 0 {
		w.b.WriteString(w.newline)
	}
}

// line writes a node that is in one piece.
func (w *writer) line(level int, parts ...string) {
	w.start(level)
	for _, p := range parts {
		w.b.WriteString(p)
	}
	w.end()
}

func (w *writer) node(n *node, level int) {
	switch n.kind {
	case isElement:
		w.element(n, level)
	case isText, isRaw:
		w.line(level, n.value)
	case isCDATA:
		w.line(level, "<![CDATA[", n.value, "]]>")
	case isComment:
		w.line(level, "<!-- ", n.value, " -->")
	case isInstruction:
		text := ""
		if n.value != "" {
			text = " " + n.value
		}
		w.line(level, "<?", n.name, text, w.slash, "?>")
	case isDeclaration:
		w.start(level)
		w.b.WriteString("<?xml")
		w.attributes(n)
		w.b.WriteString(w.slash + "?>")
		w.end()
	case isDoctype:
		ids := ""
		if public, system := n.attrs[0].value, n.attrs[1].value; public != "" && system != "" {
			ids = ` PUBLIC "` + public + `" "` + system + `"`
		} else if system != "" {
			ids = ` SYSTEM "` + system + `"`
		}
		w.line(level, "<!DOCTYPE ", n.name, ids, w.slash, ">")
	}
}

func (w *writer) attributes(n *node) {
	for i := range n.attrs {
		w.b.WriteByte(' ')
		w.b.WriteString(n.attrs[i].name)
		w.b.WriteString(`="`)
		w.b.WriteString(n.attrs[i].value)
		w.b.WriteByte('"')
	}
}

func isPlain(n *node) bool { return n.kind == isText || n.kind == isRaw }

func (w *writer) element(n *node, level int) {
	w.start(level)
	w.b.WriteByte('<')
	w.b.WriteString(n.name)
	w.attributes(n)
	blank := true
	for _, c := range n.children {
		blank = blank && isPlain(c) && c.value == ""
	}
	switch {
	case blank && w.empty:
		w.b.WriteString("></" + n.name + ">")
	case blank:
		w.b.WriteString(w.slash + "/>")
	case w.pretty && len(n.children) == 1 && isPlain(n.children[0]):
		w.b.WriteByte('>')
		w.flat++
		w.node(n.children[0], level+1)
		w.flat--
		w.close(n)
	default:
		w.content(n, level)
	}
	w.end()
}

func (w *writer) close(n *node) {
	w.b.WriteString("</")
	w.b.WriteString(n.name)
	w.b.WriteByte('>')
}

// content writes children on lines of their own.
func (w *writer) content(n *node, level int) {
	flat := false
	if w.flatText {
		for _, c := range n.children {
			flat = flat || isPlain(c)
		}
	}
	if flat {
		w.flat++
	}
	w.b.WriteByte('>')
	w.end()
	for _, c := range n.children {
		w.node(c, level+1)
	}
	w.start(level)
	w.close(n)
	if flat {
		w.flat--
	}
}
