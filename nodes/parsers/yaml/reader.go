package yaml

import (
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// kind is what a node was found to be; none is one without content.
type kind uint8

const (
	none kind = iota
	scalar
	sequence
	mapping
)

func (k kind) String() string {
	switch k {
	case scalar:
		return "scalar"
	case sequence:
		return "sequence"
	case mapping:
		return "mapping"
	}
	return "null"
}

// reader is a recursive descent over a text that ends with a zero byte. What a
// production found is in tag, anchor, kind and result. Errors are panics with a
// *value.Error, caught by ParseIn.
type reader struct {
	place
	s       string // with a zero byte at its end
	size    int    // of the text without it
	zone    *time.Location
	depth   int
	merged  int // keys taken over by merges
	list    []value.Value
	found   property
	version string
	handles map[string]string // what tag handles stand for
	anchors map[string]value.Value
	undo    []map[string]*value.Value // what anchors were before a trial, nil if none
	buf     []byte
}

// place is where reading is.
type place struct {
	pos       int
	line      int
	lineStart int
	indent    int // of the line
	tab       int // where the first tab before the content of the line is, or -1
}

// property is what is known of the node at work.
type property struct {
	tag, anchor string // "" if there is none
	kind        kind
	result      value.Value
}

const (
	maxDepth  = 100
	maxMerged = 10000
)

// context is where a node stands.
type context uint8

const (
	flowIn context = iota
	flowOut
	blockIn
	blockOut
)

func newReader(text string, zone *time.Location) *reader {
	if text != "" {
		if c := text[len(text)-1]; c != '\n' && c != '\r' {
			text += "\n"
		}
		text = strings.TrimPrefix(text, "\uFEFF")
	}
	r := &reader{s: text, size: len(text), zone: zone}
	r.tab = -1
	if i := strings.IndexByte(text, 0); i >= 0 {
		r.pos = i
		r.fail("null byte is not allowed in input")
	}
	r.s += "\x00"
	return r
}

func (r *reader) documents() []value.Value {
	for r.ch() == ' ' {
		r.indent++
		r.pos++
	}
	for r.pos < r.size-1 {
		r.document()
	}
	return r.list
}

// ch is the byte at work, 0 at the end.
func (r *reader) ch() byte { return r.s[r.pos] }

// after is the byte n further on, 0 beyond the end.
func (r *reader) after(n int) byte {
	if r.pos+n >= len(r.s) {
		return 0
	}
	return r.s[r.pos+n]
}

// step goes to the next byte and gives it.
func (r *reader) step() byte {
	if r.pos++; r.pos >= len(r.s) {
		return 0
	}
	return r.s[r.pos]
}

func isEOL(c byte) bool   { return c == '\n' || c == '\r' }
func isWhite(c byte) bool { return c == ' ' || c == '\t' }
func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
func isFlow(c byte) bool {
	return c == ',' || c == '[' || c == ']' || c == '{' || c == '}'
}

func (r *reader) lineBreak() {
	switch r.ch() {
	case '\n':
		r.pos++
	case '\r':
		if r.step() == '\n' {
			r.pos++
		}
	default:
		r.fail("a line break is expected")
	}
	r.line++
	r.lineStart = r.pos
	r.tab = -1
}

// skip skips white space, line breaks and, if allowed, comments; it gives the number
// of line breaks.
func (r *reader) skip(comments bool) int {
	breaks := 0
	for {
		c := r.ch()
		for isWhite(c) {
			if c == '\t' && r.tab < 0 {
				r.tab = r.pos
			}
			c = r.step()
		}
		if comments && c == '#' {
			for c = r.step(); c != '\n' && c != '\r' && c != 0; {
				c = r.step()
			}
		}
		if !isEOL(c) {
			return breaks
		}
		r.lineBreak()
		breaks++
		for r.indent = 0; r.ch() == ' '; r.pos++ {
			r.indent++
		}
	}
}

// atSeparator reports whether --- or ... stands at the start of the line.
func (r *reader) atSeparator() bool {
	c := r.ch()
	if r.pos != r.lineStart || c != '-' && c != '.' || c != r.after(1) || c != r.after(2) {
		return false
	}
	c = r.after(3)
	return c == 0 || isSpace(c)
}

// document reads one document.
func (r *reader) document() {
	r.version = ""
	r.handles, r.anchors = map[string]string{}, map[string]value.Value{}
	directives := false
	for r.ch() != 0 {
		r.skip(true)
		if r.indent > 0 || r.ch() != '%' {
			break
		}
		directives = true
		r.directive()
	}
	r.skip(true)
	if r.indent == 0 && r.ch() == '-' && r.after(1) == '-' && r.after(2) == '-' {
		r.pos += 3
		r.skip(true)
	} else if directives {
		r.fail("directives end mark is expected")
	}
	r.node(r.indent-1, blockOut, false, true)
	r.skip(true)
	r.list = append(r.list, r.found.result)
	if r.atSeparator() {
		if r.ch() == '.' {
			r.pos += 3
			r.skip(true)
		}
		return
	}
	if r.pos < r.size-1 {
		r.fail("end of the stream or a document separator is expected")
	}
}

// directive reads a line that begins with %.
func (r *reader) directive() {
	r.pos++
	name := r.word()
	if name == "" {
		r.fail("directive name must not be less than one character in length")
	}
	var args []string
	for r.ch() != 0 {
		for isWhite(r.ch()) {
			r.pos++
		}
		if r.ch() == '#' {
			for !isEOL(r.ch()) && r.ch() != 0 {
				r.pos++
			}
			break
		}
		if isEOL(r.ch()) {
			break
		}
		args = append(args, r.word())
	}
	if r.ch() != 0 {
		r.lineBreak()
	}
	switch name {
	case "YAML":
		r.setVersion(args)
	case "TAG":
		r.setHandle(args)
	}
}

// word reads up to white space.
func (r *reader) word() string {
	start := r.pos
	for c := r.ch(); c != 0 && !isSpace(c); {
		c = r.step()
	}
	return r.s[start:r.pos]
}

func (r *reader) setVersion(args []string) {
	if r.version != "" {
		r.fail("duplication of %YAML directive")
	}
	if len(args) != 1 {
		r.fail("YAML directive accepts exactly one argument")
	}
	major, minor, ok := strings.Cut(args[0], ".")
	if !ok || !digits(major) || !digits(minor) {
		r.fail("ill-formed argument of the YAML directive")
	}
	if value.ParseInt(major, 10) != 1 {
		r.fail("unacceptable YAML version of the document")
	}
	r.version = args[0]
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i]-'0' > 9 {
			return false
		}
	}
	return s != ""
}

func (r *reader) setHandle(args []string) {
	if len(args) != 2 {
		r.fail("TAG directive accepts exactly two arguments")
	}
	handle, prefix := args[0], args[1]
	if !isHandle(handle) {
		r.fail("ill-formed tag handle (first argument) of the TAG directive")
	}
	if _, twice := r.handles[handle]; twice {
		r.fail(`there is a previously declared suffix for "` + handle + `" tag handle`)
	}
	if !isTagURI(prefix) {
		r.fail("ill-formed tag prefix (second argument) of the TAG directive")
	}
	decoded, ok := decodeURI(prefix)
	if !ok {
		r.fail("tag prefix is malformed: " + prefix)
	}
	r.handles[handle] = decoded
}
