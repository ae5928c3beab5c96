package parsers

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
)

// partKind is the kind of a part of a selector; those from descendant on lead from
// one element to another.
type partKind int

const (
	partTag partKind = iota
	partAny
	partAttribute
	partPseudo
	partPseudoElement
	descendant
	descendantOrSelf
	child
	parent
	sibling
	adjacent
	column
)

// part is one part of a selector.
type part struct {
	kind       partKind
	name       string
	op, text   string // of an attribute: = ~= ^= $= *= != |= or nothing; its text
	insensible byte   // of an attribute: i, s or 0 if not said; q for #id and .class
	namespaced bool
	namespace  string
	data       string // of a pseudo-class with an argument
	hasData    bool
	groups     [][]part // of a pseudo-class of selectors
}

func (p part) leads() bool { return p.kind >= descendant }

// selectorDepth is how deep selectors may hold others.
const selectorDepth = 200

// selectorParser reads selectors by the grammar of css-what, whose errors it gives.
type selectorParser struct {
	text  string
	at    int
	depth int
}

func parseSelector(text string) ([][]part, error) {
	p := &selectorParser{text: text}
	groups, err := p.groups()
	if err == nil && p.at < len(text) {
		err = engine.Fail("Unmatched selector: " + text[p.at:])
	}
	return groups, err
}

// lead adds a part that leads to other elements.
func lead(parts []part, kind partKind) ([]part, error) {
	n := len(parts)
	if n > 0 && parts[n-1].kind == descendant && kind != descendant {
		parts[n-1].kind = kind
		return parts, nil
	}
	if n > 0 && parts[n-1].leads() {
		return nil, engine.Fail("Did not expect successive traversals.")
	}
	return append(parts, part{kind: kind}), nil
}

func closeParts(groups [][]part, parts []part) ([][]part, error) {
	if n := len(parts); n > 0 && parts[n-1].kind == descendant {
		parts = parts[:n-1]
	}
	if len(parts) == 0 {
		return nil, engine.Fail("Empty sub-selector")
	}
	return append(groups, parts), nil
}

var leads = map[byte]partKind{'>': child, '<': parent, '~': sibling, '+': adjacent}

// groups reads selectors between commas, as far as it can.
func (p *selectorParser) groups() (groups [][]part, err error) {
	if p.depth++; p.depth > selectorDepth {
		return nil, engine.Fail("the selector is nested too deep")
	}
	defer func() { p.depth-- }()
	var parts []part
	if p.skip(0); p.at >= len(p.text) {
		return nil, nil
	}
	for more := true; more && p.at < len(p.text) && err == nil; {
		c := p.text[p.at]
		switch {
		case c == ',':
			groups, err = closeParts(groups, parts)
			parts = nil
			p.skip(1)
		case isSelectorSpace(c):
			if len(parts) == 0 || parts[0].kind != descendant {
				parts, err = lead(parts, descendant)
			}
			p.skip(1)
		case leads[c] != 0:
			parts, err = lead(parts, leads[c])
			p.skip(1)
		case strings.HasPrefix(p.text[p.at:], "||"):
			parts, err = lead(parts, column)
			p.skip(2)
		case strings.HasPrefix(p.text[p.at:], "/*"):
			err = p.comment(len(parts) == 0)
		default:
			var one part
			if one, more, err = p.simple(c); more && err == nil {
				parts = append(parts, one)
			}
		}
	}
	if err != nil {
		return nil, err
	}
	return closeParts(groups, parts)
}

func (p *selectorParser) comment(first bool) error {
	end := strings.Index(p.text[p.at+2:], "*/")
	if end < 0 {
		return engine.Fail("Comment was not terminated")
	}
	p.at += end + 4
	if first {
		p.skip(0)
	}
	return nil
}

// simple reads a part that looks at one element; ok is false if there is none.
func (p *selectorParser) simple(c byte) (one part, ok bool, err error) {
	switch c {
	case '.', '#':
		one = part{kind: partAttribute, name: "class", op: "~=", insensible: 'q'}
		if c == '#' {
			one.name, one.op = "id", "="
		}
		one.text, err = p.name(1)
	case '[':
		one, err = p.attribute()
	case ':':
		one, err = p.pseudo()
	default:
		return p.tag(c)
	}
	return one, true, err
}

func (p *selectorParser) tag(c byte) (one part, ok bool, err error) {
	name := ""
	switch {
	case c == '*':
		name = "*"
		p.at++
	case c == '|':
	case nameLen(p.text[p.at:]) > 0:
		name, _ = p.name(0)
	default:
		return one, false, nil
	}
	if p.byteAt(p.at) == '|' && p.byteAt(p.at+1) != '|' {
		one.namespaced, one.namespace = true, name
		if p.byteAt(p.at+1) == '*' {
			name = "*"
			p.at += 2
		} else if name, err = p.name(1); err != nil {
			return one, true, err
		}
	}
	one.name = name
	if name == "*" {
		one.kind = partAny
	}
	return one, true, nil
}
