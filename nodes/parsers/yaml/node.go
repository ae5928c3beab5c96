package yaml

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// store notes what an anchor stands for.
func (r *reader) store(name string, v value.Value) {
	if n := len(r.undo); n > 0 {
		if _, noted := r.undo[n-1][name]; !noted {
			var old *value.Value
			if v, ok := r.anchors[name]; ok {
				old = &v
			}
			r.undo[n-1][name] = old
		}
	}
	r.anchors[name] = v
}

// mapFromProperty reads again from a tag or anchor on, which then belongs to the first
// key of a mapping. If there is none, all is as it was.
func (r *reader) mapFromProperty(start place, indent, flowIndent int) bool {
	place, found := r.place, r.found
	r.undo = append(r.undo, map[string]*value.Value{})
	r.place, r.found = start, property{result: value.Null}
	ok := r.blockMapping(indent, flowIndent) && r.found.kind == mapping
	last := len(r.undo) - 1
	trial := r.undo[last]
	r.undo = r.undo[:last]
	if ok {
		if last > 0 {
			for name, old := range trial { // the order does not matter
				if _, noted := r.undo[last-1][name]; !noted {
					r.undo[last-1][name] = old
				}
			}
		}
		return true
	}
	for name, old := range trial {
		if old == nil {
			delete(r.anchors, name)
		} else {
			r.anchors[name] = *old
		}
	}
	r.place, r.found = place, found
	return false
}

// status is how a line's indentation relates to that of the parent: more, the same
// or less.
func (r *reader) status(parent int) int {
	switch {
	case r.indent > parent:
		return 1
	case r.indent == parent:
		return 0
	}
	return -1
}

// at is what is known of a node before its content is read.
type at struct {
	status      int // of its indentation
	newLine     bool
	collections bool // block collections may follow
	blocks      bool // block styles are allowed here
	property    bool // there is a tag or an anchor
	start       place
}

// node reads a node with its properties; false says that there is none.
func (r *reader) node(parent int, ctx context, seek, compact bool) bool {
	if r.depth >= maxDepth {
		r.fail("nesting exceeded maxDepth (100)")
	}
	r.depth++
	r.found = property{result: value.Null}
	a := at{status: 1, blocks: ctx >= blockIn, collections: ctx >= blockIn}
	if seek && r.skip(true) > 0 {
		a.newLine = true
		a.status = r.status(parent)
	}
	if a.status == 1 {
		r.properties(&a, parent)
	}
	a.collections = a.collections && (a.newLine || compact)
	content := false
	if a.status == 1 || ctx == blockOut {
		content = r.content(&a, parent, ctx)
	}
	r.resolve()
	r.depth--
	return r.found.tag != "" || r.found.anchor != "" || content
}

// properties reads the tag and the anchor of a node.
func (r *reader) properties(a *at, parent int) {
	for {
		start := r.place
		c := r.ch()
		if a.newLine && (c == '!' && r.found.tag != "" || c == '&' && r.found.anchor != "") {
			return // the first key of a mapping has it
		}
		if !r.tag() && !r.anchor() {
			return
		}
		if !a.property {
			a.property, a.start = true, start
		}
		if a.collections = false; r.skip(true) > 0 {
			a.newLine, a.collections = true, a.blocks
			a.status = r.status(parent)
		}
	}
}

// content reads the content of a node.
func (r *reader) content(a *at, parent int, ctx context) bool {
	flowIndent := parent
	if ctx >= blockIn {
		flowIndent++
	}
	indent := r.pos - r.lineStart
	if a.status == 0 { // a sequence may be indented as its parent
		return a.collections && r.blockSequence(indent)
	}
	if a.status < 0 {
		return false
	}
	if a.collections && (r.blockSequence(indent) || r.blockMapping(indent, flowIndent)) || r.flowCollection(flowIndent) {
		return true
	}
	content := true
	c := r.ch()
	switch {
	case a.property && a.blocks && !a.collections && c != '|' && c != '>' &&
		r.mapFromProperty(a.start, a.start.pos-a.start.lineStart, flowIndent):
	case a.blocks && r.blockScalar(flowIndent), r.singleQuoted(), r.doubleQuoted():
	case r.alias():
		if r.found.tag != "" || r.found.anchor != "" {
			r.fail("alias node should not have any properties")
		}
	case r.plain(flowIndent, ctx == flowIn):
		if r.found.tag == "" {
			r.found.tag = "?"
		}
	default:
		content = false
	}
	if r.found.anchor != "" {
		r.store(r.found.anchor, r.found.result)
	}
	return content
}

// resolve makes a value of the content by its tag.
func (r *reader) resolve() {
	f := &r.found
	switch f.tag {
	case "!":
		return
	case "":
	case "?":
		if !f.result.IsNull() && f.kind != scalar {
			r.fail(`unacceptable node kind for !<?> tag; it should be "scalar", not "` + f.kind.String() + `"`)
		}
		if v, tag, ok := implicit(f.result); ok {
			f.result, f.tag = v, tag
		} else {
			return
		}
	default:
		r.construct()
	}
	if f.anchor != "" {
		r.store(f.anchor, f.result)
	}
}

// construct makes a value by an explicit tag.
func (r *reader) construct() {
	f := &r.found
	t, ok := types[f.tag]
	if !ok || f.kind != none && t.kind != f.kind {
		r.fail("unknown tag !<" + f.tag + ">")
	}
	if !f.result.IsNull() && t.kind != f.kind {
		r.fail("unacceptable node kind for !<" + f.tag + `> tag; it should be "` + t.kind.String() + `", not "` + f.kind.String() + `"`)
	}
	v, ok := t.construct(f.result)
	if !ok {
		r.fail("cannot resolve a node with !<" + f.tag + "> explicit tag")
	}
	f.result = v
}

// name reads the name of an anchor or alias.
func (r *reader) name(of string) string {
	start := r.pos + 1
	for c := r.step(); c != 0 && !isSpace(c) && !isFlow(c); {
		c = r.step()
	}
	if r.pos == start {
		r.fail("name of an " + of + " node must contain at least one character")
	}
	return r.s[start:r.pos]
}

func (r *reader) anchor() bool {
	if r.ch() != '&' {
		return false
	}
	if r.found.anchor != "" {
		r.fail("duplication of an anchor property")
	}
	r.found.anchor = r.name("anchor")
	return true
}

func (r *reader) alias() bool {
	if r.ch() != '*' {
		return false
	}
	name := r.name("alias")
	v, ok := r.anchors[name]
	if !ok {
		r.fail(`unidentified alias "` + name + `"`)
	}
	r.found.result = v
	r.skip(true)
	return true
}

// tag reads a tag.
func (r *reader) tag() bool {
	if r.ch() != '!' {
		return false
	}
	if r.found.tag != "" {
		r.fail("duplication of a tag property")
	}
	handle, name := "!", ""
	verbatim, isNamed := false, false
	switch r.step() {
	case '<':
		verbatim = true
		r.pos++
	case '!':
		isNamed, handle = true, "!!"
		r.pos++
	}
	if verbatim {
		name = r.verbatim()
	} else {
		handle, name = r.shorthand(handle, isNamed)
	}
	if name != "" && !isTagURI(name) {
		r.fail("tag name cannot contain such characters: " + name)
	}
	decoded, ok := decodeURI(name)
	if !ok {
		r.fail("tag name is malformed: " + name)
	}
	prefix, known := r.handles[handle]
	switch {
	case verbatim:
		r.found.tag = decoded
	case known:
		r.found.tag = prefix + decoded
	case handle == "!":
		r.found.tag = "!" + decoded
	case handle == "!!":
		r.found.tag = tagPrefix + decoded
	default:
		r.fail(`undeclared tag handle "` + handle + `"`)
	}
	return true
}

// verbatim reads a tag in angle brackets.
func (r *reader) verbatim() string {
	start := r.pos
	for c := r.step(); c != 0 && c != '>'; {
		c = r.step()
	}
	if r.pos >= r.size {
		r.fail("unexpected end of the stream within a verbatim tag")
	}
	name := r.s[start:r.pos]
	r.pos++
	return name
}

// shorthand reads a tag with its handle.
func (r *reader) shorthand(handle string, isNamed bool) (string, string) {
	start := r.pos
	for c := r.ch(); c != 0 && !isSpace(c); c = r.step() {
		if c != '!' {
			continue
		}
		if isNamed {
			r.fail("tag suffix cannot contain exclamation marks")
		}
		handle = r.s[start-1 : r.pos+1]
		if !isHandle(handle) {
			r.fail("named tag handle cannot contain such characters")
		}
		isNamed, start = true, r.pos+1
	}
	name := r.s[start:r.pos]
	if strings.ContainsAny(name, ",[]{}") {
		r.fail("tag suffix cannot contain flow indicator characters")
	}
	return handle, name
}
