package xml

import (
	"bytes"
	"strings"
)

// sgml is after <!.
func (p *scanner) sgml() {
	c := p.next()
	p.decl = p.appendChar(p.decl)
	switch {
	case string(p.decl) == "--":
		p.comment()
	case p.inDoctype && len(p.decl) > 1:
		p.state = (*scanner).dtd
		p.doctype = append(append(p.doctype, "<!"...), p.decl...)
		p.decl = p.decl[:0]
	case bytes.EqualFold(p.decl, []byte("[CDATA[")):
		p.flush()
		p.cdata()
	case bytes.EqualFold(p.decl, []byte("DOCTYPE")):
		p.state = (*scanner).inDecl
		if (p.inDoctype && len(p.doctype) > 0 || p.sawDoctype || p.sawRoot) && p.fail("Inappropriately located doctype declaration") {
			return
		}
		p.doctype, p.inDoctype, p.sawDoctype = p.doctype[:0], false, false
	case c == '>':
		p.flush()
		p.set((*scanner).inText, true)
	case isQuote(c):
		p.state = func(p *scanner) { p.i = len(p.s) } // sax never finds the end of the quote
	}
}

// comment reads a comment; <!-- was read.
func (p *scanner) comment() {
	p.state = func(p *scanner) { p.i = len(p.s) }
	from := p.i
	for {
		n := strings.Index(p.s[p.i:], "--")
		if n < 0 {
			p.tail("comment", from)
			return
		}
		p.i += n + 2
		p.at = p.i
		p.tooLong("comment", from, p.i-from)
		if p.i >= len(p.s) || p.stopped {
			return
		}
		c := p.next()
		if n > 0 || p.i-from > 3 {
			p.flush()
		}
		if c == '>' {
			break
		}
		if p.fail("Malformed comment") {
			return
		}
	}
	if p.inDoctype && len(p.doctype) > 0 {
		p.state = (*scanner).dtd
	} else {
		p.set((*scanner).inText, true)
	}
}

// tail reads on to the end of the text in something that does not end.
func (p *scanner) tail(what string, from int) {
	p.i, p.at = len(p.s), len(p.s)
	if what != "" {
		p.tooLong(what, from, len(p.s)-from)
	}
}

// cdata reads a CDATA section; its start was read.
func (p *scanner) cdata() {
	p.state = func(p *scanner) { p.i = len(p.s) }
	n := strings.Index(p.s[p.i:], "]]>")
	if n < 0 {
		p.tail("", p.i)
		return
	}
	if n > 0 {
		p.h.cdata(p.s[p.i : p.i+n])
	}
	p.i += n + 3
	p.set((*scanner).inText, true)
}

// inDecl is inside of a doctype.
func (p *scanner) inDecl() {
	c := p.next()
	if c == '>' {
		p.flush()
		p.sawDoctype, p.inDoctype = true, false
		p.set((*scanner).inText, true)
		return
	}
	p.doctype, p.inDoctype = p.appendChar(p.doctype), true
	switch {
	case c == '[':
		p.state = (*scanner).dtd
	case isQuote(c):
		p.quoted((*scanner).inDecl, c)
	}
}

// quoted reads to the end of a quoted text in a doctype.
func (p *scanner) quoted(back func(*scanner), quote rune) {
	p.state = func(p *scanner) { p.i = len(p.s) }
	n := strings.IndexByte(p.s[p.i:], byte(quote))
	if n < 0 {
		p.tail("doctype", p.i)
		return
	}
	p.i += n + 1
	p.state = back
}

// dtd is between the brackets of a doctype.
func (p *scanner) dtd() {
	c := p.next()
	switch {
	case c == ']':
		p.state = (*scanner).inDecl
	case c == '<':
		p.state, p.open = (*scanner).waka, p.at
		return
	case isQuote(c):
		p.quoted((*scanner).dtd, c)
	}
	p.doctype = append(p.doctype, ' ')
}

// instruction reads a processing instruction; <? was read.
func (p *scanner) instruction() {
	from := p.i
	for {
		n := strings.IndexByte(p.s[p.i:], '?')
		if n < 0 || p.i+n+1 == len(p.s) {
			p.tail("procInstBody", from)
			return
		}
		p.i += n + 2 // what follows a ? that is no end is skipped, a ? too
		if p.s[p.i-1] == '>' {
			break
		}
	}
	p.flush()
	p.set((*scanner).inText, true)
}
