package xml

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// scanner is sax's state machine: each state reads what it is about and sets the
// next. The first error ends it in strict mode; the end of the root element ends
// it too, since xml2js has its result then.
type scanner struct {
	s       string
	i       int // where reading goes on
	at      int // where the character at work begins; len(s) at the end
	strict  bool
	xmlns   bool
	chunk   int
	h       *tree
	state   func(p *scanner)
	err     *value.Error
	stopped bool

	text       []byte // of the text at work
	tagName    string
	tag        *tag
	tags       []*tag
	attrName   string
	attrValue  []byte
	attrAt     int // where the value began
	attrs      []attribute
	quote      rune
	decl       []byte
	doctype    []byte
	inDoctype  bool // the doctype is open
	sawDoctype bool
	script     []byte
	open       int // where the last < stands
	sawRoot    bool
	settled    bool
}

// tag is an element that is open.
type tag struct {
	name  string
	attrs *value.Object
	ns    map[string]string
	own   bool // ns is not that of the parent
}

// attribute is one whose namespace is not known yet.
type attribute struct{ name, value string }

func (p *scanner) run() {
	p.set((*scanner).begin, true)
	for p.i < len(p.s) && !p.stopped {
		p.at = p.i
		p.state(p)
	}
	if !p.stopped {
		p.end()
	}
}

// next reads a character.
func (p *scanner) next() rune {
	if c := p.s[p.i]; c < utf8.RuneSelf {
		p.i++
		return rune(c)
	}
	r, n := utf8.DecodeRuneInString(p.s[p.i:])
	if r == utf8.RuneError && n == 1 && p.i+3 <= len(p.s) && p.s[p.i] == 0xED { // a lone surrogate
		n = 3
		r = 0xD000 | rune(p.s[p.i+1]&0x3F)<<6 | rune(p.s[p.i+2]&0x3F)
	}
	p.i += n
	return r
}

// fail is an error in strict mode.
func (p *scanner) fail(text string) bool {
	if p.strict {
		p.error(text)
	}
	return p.strict
}

// error reports an error at the character at work.
func (p *scanner) error(text string) {
	if p.err != nil {
		return
	}
	before, char := p.s[:p.at], ""
	line := strings.Count(before, "\n")
	column := value.UTF16Len(before[strings.LastIndexByte(before, '\n')+1:])
	if p.at < len(p.s) && p.i > p.at {
		char = value.Slice(p.s[p.at:p.i], 0, 1)
		column++
		if char == "\n" {
			line, column = line+1, 0
		}
	}
	p.flush()
	e := value.ThrownError("Error", text+"\nLine: "+strconv.Itoa(line)+"\nColumn: "+strconv.Itoa(column)+"\nChar: "+char)
	p.err = e
	p.stopped = true
}

// end is the end of the text.
func (p *scanner) end() {
	p.at, p.i = len(p.s), len(p.s)
	p.tooLong("attribValue", p.attrAt, len(p.attrValue))
	if p.sawRoot && !p.stopped {
		p.fail("Unclosed root tag")
	}
	if p.err == nil && !p.stopped && !p.settled {
		p.error("Unexpected end")
	}
	if !p.stopped {
		p.flush()
	}
}

// set sets the state; settled says whether the text may end in it.
func (p *scanner) set(state func(*scanner), settled bool) { p.state, p.settled = state, settled }

// maxBuffer is how much sax gathers of one thing.
const maxBuffer = 64 << 10

// tooLong reports an error if something that began at a position was longer than sax
// allows when it looked, which it does after each chunk.
func (p *scanner) tooLong(what string, from, size int) {
	if size <= maxBuffer || p.stopped {
		return
	}
	start := value.UTF16Len(p.s[:from])
	end := value.UTF16Len(p.s[:p.at])
	for b := (start/p.chunk + 1) * p.chunk; b <= end; b += p.chunk {
		if b-start > maxBuffer {
			p.at = from + len(value.Slice(p.s[from:], 0, b-start))
			p.i = p.at
			p.error("Max buffer length exceeded: " + what)
			return
		}
	}
	if p.at == len(p.s) {
		p.error("Max buffer length exceeded: " + what)
	}
}

// flush hands on the text.
func (p *scanner) flush() {
	if len(p.text) > 0 {
		t := string(p.text)
		p.text = p.text[:0]
		p.h.text(t)
	}
}

// appendChar appends the character at work.
func (p *scanner) appendChar(dst []byte) []byte { return append(dst, p.s[p.at:p.i]...) }

func (p *scanner) begin() {
	p.set((*scanner).beginSpace, true)
	if strings.HasPrefix(p.s, "\uFEFF") {
		p.i += 3
		return
	}
	p.beginSpace()
}

func (p *scanner) beginSpace() {
	c := p.next()
	switch {
	case c == '<':
		p.set((*scanner).waka, false)
		p.open = p.at
	case !isSpace(c):
		if !p.fail("Non-whitespace before first tag.") {
			p.text = p.appendChar(p.text)
			p.set((*scanner).inText, true)
		}
	}
}

func (p *scanner) inText() {
	if p.sawRoot {
		n := strings.IndexAny(p.s[p.i:], "<&")
		if n < 0 {
			p.text = append(p.text, p.s[p.i:]...)
			p.i = len(p.s)
			return
		}
		p.text = append(p.text, p.s[p.i:p.i+n]...)
		p.i += n
		p.at = p.i
	}
	c := p.next()
	if c == '<' {
		p.set((*scanner).waka, false)
		p.open = p.at
		return
	}
	if !isSpace(c) && !p.sawRoot && p.fail("Text data outside of root node.") {
		return
	}
	if c == '&' {
		p.entity((*scanner).inText, &p.text, true)
	} else {
		p.text = p.appendChar(p.text)
	}
}

// waka is after a <.
func (p *scanner) waka() {
	c := p.next()
	switch {
	case c == '!':
		p.state, p.decl = (*scanner).sgml, p.decl[:0]
	case isSpace(c):
	case nameStart(c):
		p.state, p.tagName = (*scanner).openTag, ""
		p.i = p.at
	case c == '/':
		p.state, p.tagName = (*scanner).closeTag, ""
	case c == '?':
		p.state = (*scanner).instruction
	default:
		if p.fail("Unencoded <") {
			return
		}
		p.text = append(p.text, '<')
		for range value.UTF16Len(p.s[p.open+1 : p.at]) {
			p.text = append(p.text, ' ')
		}
		p.text = p.appendChar(p.text)
		p.set((*scanner).inText, true)
	}
}

// inScript is inside of a script element, which is known where strict is off only.
func (p *scanner) inScript() {
	n := strings.IndexByte(p.s[p.i:], '<')
	if n < 0 {
		p.script = append(p.script, p.s[p.i:]...)
		p.i = len(p.s)
		return
	}
	p.script = append(p.script, p.s[p.i:p.i+n]...)
	p.i += n + 1
	p.state = (*scanner).scriptEnding
}

func (p *scanner) scriptEnding() {
	c := p.next()
	if c == '/' {
		p.state = (*scanner).closeTag
		return
	}
	p.script = p.appendChar(append(p.script, '<'))
	p.state = (*scanner).inScript
}
