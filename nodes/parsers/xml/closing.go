package xml

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// closeTag is after </.
func (p *scanner) closeTag() {
	c := p.next()
	if p.tagName == "" {
		switch {
		case isSpace(c):
		case nameStart(c):
			p.tagName = p.s[p.at:p.i]
		case len(p.script) > 0:
			p.script = p.appendChar(append(p.script, "</"...))
			p.state = (*scanner).inScript
		default:
			p.fail("Invalid tagname in closing tag.")
		}
		return
	}
	switch {
	case c == '>':
		p.closed()
	case nameBody(c):
		from := p.at
		for p.i < len(p.s) && nameBody(rune(p.s[p.i])) && p.s[p.i] < 0x80 {
			p.i++
		}
		p.tagName += p.s[from:p.i]
	case len(p.script) > 0:
		p.script = p.appendChar(append(append(p.script, "</"...), p.tagName...))
		p.tagName = ""
		p.state = (*scanner).inScript
	default:
		if !isSpace(c) {
			p.fail("Invalid tagname in closing tag")
		}
		p.state = (*scanner).closeSpace
	}
}

func (p *scanner) closeSpace() {
	c := p.next()
	switch {
	case isSpace(c):
	case c == '>':
		p.closed()
	default:
		p.fail("Invalid characters in closing tag")
	}
}

// closed is the end of a closing tag: it closes the element and, where strict is off,
// those in it that are open.
func (p *scanner) closed() {
	if p.stopped {
		return
	}
	if len(p.script) > 0 {
		if p.tagName != "script" {
			p.script = append(append(append(p.script, "</"...), p.tagName...), '>')
			p.tagName, p.state = "", (*scanner).inScript
			return
		}
		p.flush()
		p.script = p.script[:0]
	}
	name := p.tagName
	if !p.strict {
		name = value.ToUpper(name)
	}
	t := len(p.tags) - 1
	for ; t >= 0 && p.tags[t].name != name; t-- {
		if p.fail("Unexpected close tag") {
			return
		}
	}
	if t < 0 {
		if p.fail("Unmatched closing tag: " + p.tagName) {
			return
		}
		p.text = append(append(append(p.text, "</"...), p.tagName...), '>')
		p.set((*scanner).inText, true)
		return
	}
	for len(p.tags) > t {
		p.tags = p.tags[:len(p.tags)-1]
		p.flush()
		p.h.close()
		if p.stopIfOver(); p.stopped {
			return
		}
	}
	p.tagName, p.attrName, p.attrValue = "", "", p.attrValue[:0]
	p.set((*scanner).inText, true)
}

// entity reads an entity into buf; its & was read. back is the state after it.
func (p *scanner) entity(back func(*scanner), buf *[]byte, settled bool) {
	p.set(func(p *scanner) { p.i = len(p.s) }, false)
	start := p.i
	for p.i < len(p.s) {
		p.at = p.i
		c := p.next()
		if c == ';' {
			*buf = append(*buf, p.named(p.s[start:p.at])...)
			p.set(back, settled)
			return
		}
		if c != '#' && !nameBody(c) || p.at == start && c != '#' && !nameStart(c) {
			if p.fail("Invalid character in entity name") {
				return
			}
			*buf = append(append(*buf, '&'), p.s[start:p.i]...)
			p.set(back, settled)
			return
		}
	}
}

// named gives what an entity stands for.
func (p *scanner) named(name string) string {
	if s := entities[name]; s != "" {
		return s
	}
	lower := value.ToLower(name)
	if s := entities[lower]; s != "" {
		return s
	}
	num, digits := 0.0, ""
	ok := false
	if rest, found := strings.CutPrefix(lower, "#x"); found {
		num, digits, ok = value.ParseInt(rest, 16), rest, true
	} else if rest, found := strings.CutPrefix(lower, "#"); found {
		num, digits, ok = value.ParseInt(rest, 10), rest, true
	}
	radix := 10
	if strings.HasPrefix(lower, "#x") {
		radix = 16
	}
	if !ok || num != num || value.FormatRadix(num, radix) != strings.TrimLeft(digits, "0") || !isChar(num) {
		p.fail("Invalid character entity")
		return "&" + name + ";"
	}
	return string(rune(num))
}

// isChar reports whether XML allows a character.
func isChar(n float64) bool {
	return n == 9 || n == 10 || n == 13 || n >= 0x20 && n <= 0xD7FF || n >= 0xE000 && n <= 0xFFFD || n >= 0x10000 && n <= 0x10FFFF
}
