package regex

import (
	"errors"
	"unicode"
)

// escape reads what follows a backslash outside of a class.
func (p *parser) escape() (n *node, repeatable bool, err error) {
	c := p.peek()
	switch c {
	case -1:
		return nil, false, errors.New("\\ at end of pattern")
	case 'b', 'B':
		p.at++
		return &node{kind: kindWord, neg: c == 'B'}, false, nil
	case 'k':
		if p.flags.unicode() || p.named {
			return p.namedReference()
		}
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		if n, err := p.numberReference(); n != nil || err != nil {
			return n, true, err
		}
	}
	if s, err := p.classEscape(); s != nil || err != nil {
		if err != nil {
			return nil, false, err
		}
		return s.node(p), true, nil
	}
	if p.flags.unicode() && c == '0' && p.ahead(1) >= '0' && p.ahead(1) <= '9' {
		return nil, false, errors.New("Invalid decimal escape")
	}
	r, err := p.charEscape(false)
	if err != nil {
		return nil, false, err
	}
	return p.char(r), true, nil
}

func (p *parser) namedReference() (*node, bool, error) {
	p.at++
	if p.peek() != '<' {
		return nil, false, errors.New("Invalid named reference")
	}
	p.at++
	name, ok := p.name()
	if !ok {
		return nil, false, errors.New("Invalid capture group name")
	}
	n := &node{kind: kindBackref, name: name}
	p.backrefs = append(p.backrefs, n)
	return n, true, nil
}

// numberReference reads \1 and so on; nil if the digits are no reference.
func (p *parser) numberReference() (*node, error) {
	start := p.at
	n, _ := p.number()
	if n <= p.groups {
		return &node{kind: kindBackref, index: n}, nil
	}
	if p.flags.unicode() {
		return nil, errors.New("Invalid escape")
	}
	p.at = start
	return nil, nil
}

// name reads a group name up to and with the closing angle bracket.
func (p *parser) name() (string, bool) {
	var name []rune
	for {
		c := p.peek()
		if c < 0 {
			return "", false
		}
		p.at++
		switch {
		case c == '>':
			return string(name), len(name) > 0
		case c == '\\':
			if !p.eat('u') {
				return "", false
			}
			r, ok := p.unicodeEscape(true)
			if !ok {
				return "", false
			}
			c = r
		case c >= 0xD800 && c < 0xDC00 && p.peek() >= 0xDC00 && p.peek() < 0xE000:
			c = pair(uint16(c), uint16(p.peek()))
			p.at++
		}
		if !nameRune(c, len(name) == 0) {
			return "", false
		}
		name = append(name, c)
	}
}

// nameRune reports whether c may stand in a group name.
func nameRune(c rune, first bool) bool {
	if c == '$' || c == '_' || unicode.IsLetter(c) || unicode.Is(unicode.Nl, c) || unicode.Is(unicode.Other_ID_Start, c) {
		return true
	}
	return !first && (c == 0x200C || c == 0x200D || unicode.In(c, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue))
}

// classEscape reads \d \D \s \S \w \W \p{…} \P{…}; nil if none is next.
func (p *parser) classEscape() (*content, error) {
	c := p.peek()
	var s *set
	switch c {
	case 'd', 'D':
		s = newSet(span{'0', '9'})
	case 's', 'S':
		s = spaces()
	case 'w', 'W':
		s = words(p.flags.has(flagIgnoreCase) && p.flags.unicode())
	case 'p', 'P':
		if !p.flags.unicode() {
			return nil, nil
		}
		return p.property()
	default:
		return nil, nil
	}
	p.at++
	if c < 'a' {
		s = s.inverse()
	}
	return &content{set: s}, nil
}

func spaces() *set {
	return newSet(span{'\t', '\r'}, span{' ', ' '}, span{0xA0, 0xA0}, span{0x1680, 0x1680}, span{0x2000, 0x200A},
		span{0x2028, 0x2029}, span{0x202F, 0x202F}, span{0x205F, 0x205F}, span{0x3000, 0x3000}, span{0xFEFF, 0xFEFF})
}

func words(folded bool) *set {
	if folded { // two letters fold to s and k
		return newSet(span{'0', '9'}, span{'A', 'Z'}, span{'_', '_'}, span{'a', 'z'}, span{0x17F, 0x17F}, span{0x212A, 0x212A})
	}
	return newSet(span{'0', '9'}, span{'A', 'Z'}, span{'_', '_'}, span{'a', 'z'})
}

// charEscape reads an escape that stands for one character.
func (p *parser) charEscape(class bool) (rune, error) {
	c := p.peek()
	p.at++
	switch c {
	case 't':
		return '\t', nil
	case 'n':
		return '\n', nil
	case 'v':
		return '\v', nil
	case 'f':
		return '\f', nil
	case 'r':
		return '\r', nil
	case 'c':
		return p.control(class)
	case 'x':
		if r, ok := p.hex(2); ok {
			return r, nil
		}
		if p.flags.unicode() {
			return 0, errors.New("Invalid escape")
		}
		return 'x', nil
	case 'u':
		if r, ok := p.unicodeEscape(p.flags.unicode()); ok {
			return r, nil
		}
		if p.flags.unicode() {
			return 0, errors.New("Invalid Unicode escape")
		}
		return 'u', nil
	case '0', '1', '2', '3', '4', '5', '6', '7':
		return p.octal(c, class)
	}
	if p.flags.unicode() && !p.identity(c, class) {
		return 0, errors.New("Invalid escape")
	}
	return c, nil
}

// identity reports whether \c may stand for c itself in unicode mode.
func (p *parser) identity(c rune, class bool) bool {
	const syntax = "^$\\.*+?()[]{}|/"
	const setSyntax = "&-!#%,:;<=>@`~"
	for _, s := range syntax {
		if c == s {
			return true
		}
	}
	if class && p.flags.has(flagSets) {
		for _, s := range setSyntax {
			if c == s {
				return true
			}
		}
	}
	return class && c == '-'
}

func (p *parser) control(class bool) (rune, error) {
	c := p.peek()
	letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	if letter || class && !p.flags.unicode() && (c >= '0' && c <= '9' || c == '_') {
		p.at++
		return c & 31, nil
	}
	if p.flags.unicode() {
		return 0, errors.New("Invalid Unicode escape")
	}
	p.at-- // the backslash stands for itself
	return '\\', nil
}

// octal reads \0 and the legacy octal escapes; c is the first digit.
func (p *parser) octal(c rune, class bool) (rune, error) {
	next := p.peek()
	if p.flags.unicode() {
		if c != '0' || next >= '0' && next <= '9' {
			if class {
				return 0, errors.New("Invalid class escape")
			}
			return 0, errors.New("Invalid decimal escape")
		}
		return 0, nil
	}
	n := c - '0'
	for range 2 {
		d := p.peek()
		if d < '0' || d > '7' || n*8+d-'0' > 0xFF {
			break
		}
		n = n*8 + d - '0'
		p.at++
	}
	return n, nil
}

// hex reads n hexadecimal digits; if they are not there it does not move.
func (p *parser) hex(n int) (r rune, ok bool) {
	for i := range n {
		d := hexValue(p.ahead(i))
		if d < 0 {
			return 0, false
		}
		r = r<<4 | d
	}
	p.at += n
	return r, true
}

func hexValue(c rune) rune {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return -1
}

// unicodeEscape reads what follows \u: four digits, two escapes that make a pair
// and {…} if full is set. If it is malformed it does not move.
func (p *parser) unicodeEscape(full bool) (rune, bool) {
	start := p.at
	if full && p.eat('{') {
		r, digits := rune(0), 0
		for d := hexValue(p.peek()); d >= 0 && r <= 0x10FFFF; d = hexValue(p.peek()) {
			r = r<<4 | d
			digits++
			p.at++
		}
		if digits > 0 && r <= 0x10FFFF && p.eat('}') {
			return r, true
		}
		p.at = start
		return 0, false
	}
	r, ok := p.hex(4)
	if !ok || !full || r < 0xD800 || r >= 0xDC00 {
		return r, ok
	}
	after := p.at
	if p.lookingAt("\\u") {
		if lo, ok := p.hex(4); ok && lo >= 0xDC00 && lo < 0xE000 {
			return pair(uint16(r), uint16(lo)), true
		}
	}
	p.at = after
	return r, true
}
