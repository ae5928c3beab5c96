package xml

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

func (p *scanner) openTag() {
	start := p.i
	for p.i < len(p.s) {
		p.at = p.i
		c := p.next()
		if nameBody(c) {
			continue
		}
		p.tagName = p.s[start:p.at]
		if p.newTag(); p.stopped {
			return
		}
		switch {
		case c == '>':
			p.opened(false)
		case c == '/':
			p.state = (*scanner).slash
		default:
			if !isSpace(c) {
				p.fail("Invalid character in tag name")
			}
			p.state = (*scanner).attr
		}
		return
	}
}

func (p *scanner) newTag() {
	if !p.strict {
		p.tagName = value.ToUpper(p.tagName)
	}
	p.tag = &tag{name: p.tagName}
	if p.xmlns {
		p.tag.ns = p.parentNS()
	}
	p.attrs = p.attrs[:0]
	p.flush()
}

func (p *scanner) parentNS() map[string]string {
	if len(p.tags) == 0 {
		return map[string]string{"xml": xmlNamespace, "xmlns": xmlnsNamespace}
	}
	return p.tags[len(p.tags)-1].ns
}

const (
	xmlNamespace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsNamespace = "http://www.w3.org/2000/xmlns/"
)

// slash is after the / of an opening tag.
func (p *scanner) slash() {
	if p.next() == '>' {
		if p.opened(true); !p.stopped {
			p.closed()
		}
		return
	}
	p.fail("Forward-slash in opening tag not followed by >")
	p.state = (*scanner).attr
}

// attr is where an attribute may begin.
func (p *scanner) attr() {
	c := p.next()
	switch {
	case isSpace(c):
	case c == '>':
		p.opened(false)
	case c == '/':
		p.state = (*scanner).slash
	case nameStart(c):
		p.beginName()
	default:
		p.fail("Invalid attribute name")
	}
}

func (p *scanner) beginName() {
	p.attrName, p.attrValue = p.s[p.at:p.i], p.attrValue[:0]
	p.state = (*scanner).inName
}

// inName is inside of the name of an attribute.
func (p *scanner) inName() {
	c := p.next()
	switch {
	case c == '=':
		p.state = (*scanner).equals
	case c == '>':
		if p.fail("Attribute without value") {
			return
		}
		p.attrValue = append(p.attrValue[:0], p.attrName...)
		p.addAttr()
		p.opened(false)
	case isSpace(c):
		p.state = (*scanner).afterName
	case nameBody(c):
		p.attrName += p.s[p.at:p.i]
	default:
		p.fail("Invalid attribute name")
	}
}

func (p *scanner) afterName() {
	c := p.next()
	switch {
	case c == '=':
		p.state = (*scanner).equals
		return
	case isSpace(c):
		return
	}
	if p.fail("Attribute without value") {
		return
	}
	p.tag.set(p.attrName, value.Str(""))
	p.attrValue, p.attrName = p.attrValue[:0], ""
	switch {
	case c == '>':
		p.opened(false)
	case nameStart(c):
		p.attrName, p.state = p.s[p.at:p.i], (*scanner).inName
	default:
		p.state = (*scanner).attr
	}
}

// equals is after the = of an attribute.
func (p *scanner) equals() {
	c := p.next()
	switch {
	case isSpace(c):
	case isQuote(c):
		p.quote, p.state, p.attrAt = c, (*scanner).inValue, p.i
	case p.strict:
		p.error("Unquoted attribute value")
	default:
		p.attrAt = p.at
		p.attrValue = p.appendChar(p.attrValue[:0])
		p.state = (*scanner).unquoted
	}
}

// inValue is inside of a quoted value.
func (p *scanner) inValue() {
	from := p.i
	for p.i < len(p.s) {
		c := p.s[p.i]
		if rune(c) != p.quote && c != '&' {
			p.i++
			continue
		}
		p.attrValue = append(p.attrValue, p.s[from:p.i]...)
		p.at = p.i
		p.tooLong("attribValue", p.attrAt, p.i-p.attrAt)
		if p.stopped {
			return
		}
		p.i++
		if c == '&' {
			p.entity((*scanner).inValue, &p.attrValue, false)
			return
		}
		p.addAttr()
		p.state = (*scanner).afterValue
		return
	}
	p.attrValue = append(p.attrValue, p.s[from:]...)
}

func (p *scanner) afterValue() {
	c := p.next()
	switch {
	case isSpace(c):
		p.state = (*scanner).attr
	case c == '>':
		p.opened(false)
	case c == '/':
		p.state = (*scanner).slash
	case nameStart(c):
		if !p.fail("No whitespace between attributes") {
			p.beginName()
		}
	default:
		p.fail("Invalid attribute name")
	}
}

func (p *scanner) unquoted() {
	c := p.next()
	if c != '>' && !isSpace(c) {
		if c == '&' {
			p.entity((*scanner).unquoted, &p.attrValue, false)
		} else {
			p.attrValue = p.appendChar(p.attrValue)
		}
		return
	}
	p.addAttr()
	if c == '>' {
		p.opened(false)
	} else {
		p.state = (*scanner).attr
	}
}

func (t *tag) set(name string, v value.Value) {
	if t.attrs == nil {
		t.attrs = value.NewObject(4)
	}
	t.attrs.Set(name, v)
}

// addAttr takes an attribute that is complete; of two with one name the first counts.
func (p *scanner) addAttr() {
	name, v := p.attrName, string(p.attrValue)
	p.attrName, p.attrValue = "", p.attrValue[:0]
	if !p.strict {
		name = value.ToUpper(name)
	}
	if p.tag.attrs != nil && p.tag.attrs.Has(name) {
		return
	}
	if !p.xmlns {
		p.tag.set(name, value.Str(v))
		return
	}
	if prefix, local := qname(name, true); prefix == "xmlns" {
		switch {
		case local == "xml" && v != xmlNamespace:
			p.fail("xml: prefix must be bound to " + xmlNamespace + "\nActual: " + v)
		case local == "xmlns" && v != xmlnsNamespace:
			p.fail("xmlns: prefix must be bound to " + xmlnsNamespace + "\nActual: " + v)
		default:
			p.tag.bind(local, v)
		}
	}
	p.attrs = append(p.attrs, attribute{name, v})
}

// bind binds a prefix to a namespace for the tag and those within it.
func (t *tag) bind(prefix, uri string) {
	if !t.own {
		ns := make(map[string]string, len(t.ns)+1)
		for k, v := range t.ns {
			ns[k] = v
		}
		t.ns, t.own = ns, true
	}
	t.ns[prefix] = uri
}

// qname splits a name at its colon.
func qname(name string, attr bool) (prefix, local string) {
	if attr && name == "xmlns" {
		return "xmlns", ""
	}
	prefix, local, found := strings.Cut(name, ":")
	if !found {
		return "", name
	}
	local, _, _ = strings.Cut(local, ":")
	return prefix, local
}

// opened is the end of an opening tag.
func (p *scanner) opened(selfClosing bool) {
	t := p.tag
	uri, local := "", ""
	if p.xmlns {
		var prefix string
		prefix, local = qname(p.tagName, false)
		uri = t.ns[prefix]
		if prefix != "" && uri == "" {
			if p.fail("Unbound namespace prefix: " + value.Quote(p.tagName)) {
				return
			}
			uri = prefix
		}
		if p.bindAttrs(t); p.stopped {
			return
		}
	}
	p.sawRoot = true
	p.tags = append(p.tags, t)
	p.flush()
	p.h.open(t, uri, local)
	if !selfClosing {
		p.set((*scanner).inText, true)
		if !p.strict && strings.EqualFold(p.tagName, "script") {
			p.set((*scanner).inScript, false)
		}
		p.tag, p.tagName = nil, ""
	}
	p.attrName, p.attrValue = "", p.attrValue[:0]
	p.stopIfOver()
}

func (p *scanner) bindAttrs(t *tag) {
	for _, a := range p.attrs {
		prefix, local := qname(a.name, true)
		uri := ""
		if prefix != "" {
			uri = t.ns[prefix]
		}
		if prefix != "" && prefix != "xmlns" && uri == "" {
			if p.fail("Unbound namespace prefix: " + value.Quote(prefix)) {
				return
			}
			uri = prefix
		}
		t.set(a.name, value.Obj("name", a.name, "value", a.value, "prefix", prefix, "local", local, "uri", uri))
	}
	p.attrs = p.attrs[:0]
}

// stopIfOver ends reading once there is a result.
func (p *scanner) stopIfOver() { p.stopped = p.stopped || p.h.done || p.h.lost || p.h.err != nil }
