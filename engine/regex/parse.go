package regex

import (
	"errors"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// maxNesting bounds how deep groups may be nested.
const maxNesting = 1000

// parser reads a pattern: code points with u or v, else UTF-16 units.
type parser struct {
	src      []rune
	at       int
	flags    flag
	groups   int // all capturing groups of the pattern
	opened   int // those opened so far
	names    []string
	named    bool // the pattern has named groups
	depth    int
	backrefs []*node // by name, resolved at the end
}

func newParser(source string, f flag) *parser {
	p := &parser{flags: f}
	if f.unicode() {
		p.src = codePoints(source)
	} else {
		for _, u := range value.UTF16(source) {
			p.src = append(p.src, rune(u))
		}
	}
	p.countGroups()
	p.names = make([]string, p.groups)
	return p
}

// codePoints reads UTF-16 pairs as one, lone surrogates as themselves.
func codePoints(s string) []rune {
	var out []rune
	u := value.UTF16(s)
	for i := 0; i < len(u); i++ {
		if isHigh(u[i]) && i+1 < len(u) && isLow(u[i+1]) {
			out = append(out, pair(u[i], u[i+1]))
			i++
			continue
		}
		out = append(out, rune(u[i]))
	}
	return out
}

func pair(hi, lo uint16) rune { return 0x10000 + (rune(hi)-0xD800)<<10 + rune(lo) - 0xDC00 }

// countGroups finds the number of capturing groups and whether any has a name,
// which decide what \1 and \k mean.
func (p *parser) countGroups() {
	class := 0
	for i := 0; i < len(p.src); i++ {
		switch p.src[i] {
		case '\\':
			i++
		case '[':
			if class == 0 || p.flags.has(flagSets) {
				class++
			}
		case ']':
			if class > 0 {
				class--
			}
		case '(':
			if class > 0 {
				continue
			}
			next := func(n int) rune {
				if i+n < len(p.src) {
					return p.src[i+n]
				}
				return -1
			}
			if next(1) != '?' {
				p.groups++
			} else if next(2) == '<' && next(3) != '=' && next(3) != '!' {
				p.groups++
				p.named = true
			}
		}
	}
}

// peek is the next character, -1 at the end.
func (p *parser) peek() rune { return p.ahead(0) }

func (p *parser) ahead(n int) rune {
	if p.at+n < len(p.src) {
		return p.src[p.at+n]
	}
	return -1
}

// eat moves past c if it is next.
func (p *parser) eat(c rune) bool {
	if p.peek() != c {
		return false
	}
	p.at++
	return true
}

// lookingAt reports whether s is next, and moves past it.
func (p *parser) lookingAt(s string) bool {
	for i := range len(s) {
		if p.ahead(i) != rune(s[i]) {
			return false
		}
	}
	p.at += len(s)
	return true
}

func (p *parser) parse() (*node, error) {
	root, err := p.disjunction()
	if err != nil {
		return nil, err
	}
	if p.at < len(p.src) {
		return nil, errors.New("Unmatched ')'")
	}
	for _, b := range p.backrefs {
		for i, name := range p.names {
			if name == b.name {
				b.index = i + 1
			}
		}
		if b.index == 0 {
			return nil, errors.New("Invalid named capture referenced")
		}
	}
	return root, nil
}

func (p *parser) disjunction() (*node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxNesting {
		return nil, errors.New("Regular expression too large")
	}
	first, err := p.alternative()
	if err != nil || p.peek() != '|' {
		return first, err
	}
	alt := &node{kind: kindAlt, list: []*node{first}}
	for p.eat('|') {
		next, err := p.alternative()
		if err != nil {
			return nil, err
		}
		alt.list = append(alt.list, next)
	}
	return alt, nil
}

func (p *parser) alternative() (*node, error) {
	var list []*node
	for p.at < len(p.src) && p.peek() != '|' && p.peek() != ')' {
		from := p.opened
		n, repeatable, err := p.term()
		if err != nil {
			return nil, err
		}
		n.from, n.to = from+1, p.opened+1
		if n, err = p.quantified(n, repeatable); err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	switch len(list) {
	case 0:
		return &node{kind: kindEmpty}, nil
	case 1:
		return list[0], nil
	}
	return &node{kind: kindSeq, list: list}, nil
}

// term reads an atom or an assertion; repeatable says whether a quantifier may follow.
func (p *parser) term() (n *node, repeatable bool, err error) {
	c := p.peek()
	p.at++
	switch c {
	case '^':
		return &node{kind: kindStart}, false, nil
	case '$':
		return &node{kind: kindEnd}, false, nil
	case '.':
		return &node{kind: kindSet, set: p.dot()}, true, nil
	case '(':
		return p.group()
	case '[':
		n, err = p.class()
		return n, true, err
	case '\\':
		return p.escape()
	case '*', '+', '?':
		return nil, false, errors.New("Nothing to repeat")
	case '{':
		p.at--
		_, _, ok := p.braces()
		if ok {
			return nil, false, errors.New("Nothing to repeat")
		}
		if p.flags.unicode() {
			return nil, false, errors.New("Lone quantifier brackets")
		}
		p.at++
	case ']', '}':
		if p.flags.unicode() {
			return nil, false, errors.New("Lone quantifier brackets")
		}
	}
	return p.char(c), true, nil
}

func (p *parser) dot() *set {
	if p.flags.has(flagDotAll) {
		return newSet(span{0, 0x10FFFF})
	}
	return newSet(span{'\n', '\n'}, span{'\r', '\r'}, span{0x2028, 0x2029}).inverse()
}

// char is the node of a literal character.
func (p *parser) char(c rune) *node {
	if p.flags.has(flagIgnoreCase) {
		if same := variants(c, p.flags.unicode()); len(same) > 1 {
			s := &set{}
			for _, r := range same {
				s.add(r, r)
			}
			return &node{kind: kindSet, set: s.done()}
		}
	}
	if p.flags.unicode() && c >= 0xD800 && c < 0xE000 { // not half of a pair
		return &node{kind: kindSet, set: newSet(span{c, c})}
	}
	return &node{kind: kindChar, c: c}
}

// group reads what follows an opening parenthesis.
func (p *parser) group() (*node, bool, error) {
	n := &node{kind: kindGroup}
	switch {
	case p.peek() != '?':
		p.opened++
		n.index = p.opened
	case p.lookingAt("?:"):
		n = nil
	case p.lookingAt("?="):
		n = &node{kind: kindLook}
	case p.lookingAt("?!"):
		n = &node{kind: kindLook, neg: true}
	case p.lookingAt("?<="):
		n = &node{kind: kindLook, behind: true}
	case p.lookingAt("?<!"):
		n = &node{kind: kindLook, behind: true, neg: true}
	case p.lookingAt("?<"):
		if err := p.groupName(n); err != nil {
			return nil, false, err
		}
	default:
		return nil, false, errors.New("Invalid group")
	}
	body, err := p.disjunction()
	if err != nil {
		return nil, false, err
	}
	if !p.eat(')') {
		return nil, false, errors.New("Unterminated group")
	}
	if n == nil {
		return &node{kind: kindSeq, list: []*node{body}}, true, nil
	}
	n.list = []*node{body}
	if n.kind != kindLook {
		return n, true, nil
	}
	return n, !n.behind && !p.flags.unicode(), nil
}

func (p *parser) groupName(n *node) error {
	name, ok := p.name()
	if !ok {
		return errors.New("Invalid capture group name")
	}
	for _, other := range p.names {
		if other == name {
			return errors.New("Duplicate capture group name")
		}
	}
	p.opened++
	n.index = p.opened
	p.names[n.index-1] = name
	return nil
}

// quantified reads the quantifier after n, if there is one.
func (p *parser) quantified(n *node, repeatable bool) (*node, error) {
	lo, hi := 0, infinite
	switch p.peek() {
	case '*':
		p.at++
	case '+':
		p.at++
		lo = 1
	case '?':
		p.at++
		hi = 1
	case '{':
		from, to, ok := p.braces()
		if !ok {
			if p.flags.unicode() {
				return nil, errors.New("Incomplete quantifier")
			}
			return n, nil
		}
		if lo, hi = from, to; lo > hi {
			return nil, errors.New("numbers out of order in {} quantifier")
		}
	default:
		return n, nil
	}
	if !repeatable {
		if n.kind == kindLook {
			return nil, errors.New("Invalid quantifier")
		}
		return nil, errors.New("Nothing to repeat")
	}
	lazy := p.eat('?')
	return &node{kind: kindRepeat, min: lo, max: hi, lazy: lazy, list: []*node{n}, from: n.from, to: n.to}, nil
}

// braces reads {n}, {n,} or {n,m}; if none is next it does not move.
func (p *parser) braces() (lo, hi int, ok bool) {
	start := p.at
	p.at++
	if lo, ok = p.number(); ok {
		hi = lo
		if p.eat(',') {
			if hi, ok = p.number(); !ok {
				hi = infinite
			}
		}
		if p.eat('}') {
			return lo, hi, true
		}
	}
	p.at = start
	return 0, 0, false
}

func (p *parser) number() (n int, ok bool) {
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		ok = true
		n = min(n*10+int(c-'0'), infinite)
		p.at++
	}
	return n, ok
}
