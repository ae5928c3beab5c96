package regex

import (
	"errors"
	"sort"
)

// content is what a class or a class escape stands for: characters and, with the v
// flag, also strings of other lengths than one.
type content struct {
	set     *set
	strings [][]rune
	isRange bool // written as a-z
}

// closed adds what is the same when case is ignored.
func (c *content) closed(p *parser) *content {
	if p.flags.has(flagIgnoreCase) {
		c.set = c.set.folded(p.flags.unicode())
	}
	return c
}

// node gives the node that matches the content, the longest strings first.
func (c *content) node(p *parser) *node {
	c.closed(p)
	one := &node{kind: kindSet, set: c.set}
	if len(c.strings) == 0 {
		return one
	}
	sort.SliceStable(c.strings, func(i, j int) bool { return len(c.strings[i]) > len(c.strings[j]) })
	alt := &node{kind: kindAlt}
	for _, s := range c.strings {
		if len(s) == 0 {
			break
		}
		seq := &node{kind: kindSeq}
		for _, r := range s {
			seq.list = append(seq.list, p.char(r))
		}
		alt.list = append(alt.list, seq)
	}
	alt.list = append(alt.list, one)
	if len(c.strings[len(c.strings)-1]) == 0 {
		alt.list = append(alt.list, &node{kind: kindEmpty})
	}
	return alt
}

// class reads what follows an opening bracket.
func (p *parser) class() (*node, error) {
	if p.flags.has(flagSets) {
		c, err := p.setClass()
		if err != nil {
			return nil, err
		}
		return c.node(p), nil
	}
	inverse := p.eat('^')
	all := &set{}
	for !p.eat(']') {
		if err := p.classRange(all); err != nil {
			return nil, err
		}
	}
	c := (&content{set: all.done()}).closed(p)
	if inverse {
		return &node{kind: kindSet, set: c.set.inverse()}, nil
	}
	return &node{kind: kindSet, set: c.set}, nil
}

// classRange reads one character, escape or range of a class.
func (p *parser) classRange(all *set) error {
	lo, first, err := p.classAtom()
	if err != nil {
		return err
	}
	if p.peek() != '-' || p.ahead(1) == ']' || p.ahead(1) < 0 {
		all.include(lo, first)
		return nil
	}
	p.at++
	hi, last, err := p.classAtom()
	if err != nil {
		return err
	}
	if first != nil || last != nil {
		if p.flags.unicode() {
			return errors.New("Invalid character class")
		}
		all.include(lo, first)
		all.include('-', nil)
		all.include(hi, last)
		return nil
	}
	if lo > hi {
		return errors.New("Range out of order in character class")
	}
	all.add(lo, hi)
	return nil
}

func (s *set) include(c rune, more *content) {
	if more == nil {
		s.add(c, c)
		return
	}
	s.spans = append(s.spans, more.set.spans...)
}

// classAtom reads a character of a class, or an escape for several.
func (p *parser) classAtom() (rune, *content, error) {
	c := p.peek()
	if c < 0 {
		return 0, nil, errors.New("Unterminated character class")
	}
	p.at++
	if c != '\\' {
		return c, nil, nil
	}
	switch p.peek() {
	case -1:
		return 0, nil, errors.New("\\ at end of pattern")
	case 'b':
		p.at++
		return '\b', nil, nil
	}
	more, err := p.classEscape()
	if err != nil {
		if err.Error() == "Invalid property name" {
			err = errors.New("Invalid property name in character class")
		}
		return 0, nil, err
	}
	if more != nil {
		return 0, more, nil
	}
	r, err := p.charEscape(true)
	return r, nil, err
}

// setClass reads a class of the v flag after its opening bracket: nested classes,
// -- and &&, \q{…}.
func (p *parser) setClass() (*content, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxNesting {
		return nil, errors.New("Regular expression too large")
	}
	inverse := p.eat('^')
	all := &content{set: &set{}}
	operator, alone := "", false
	for count := 0; !p.eat(']'); count++ {
		next := p.setOperator()
		if alone && next != "" {
			operator = next
		} else if count == 0 && next == "--" {
			return nil, errors.New("Invalid character in character class")
		} else if next != operator && (count > 0 || next != "") {
			return nil, p.setOperatorError(operator, next)
		}
		if next != "" {
			p.at += 2
			if count > 0 && p.peek() == '&' {
				return nil, errors.New("Invalid character in character class")
			}
		}
		item, err := p.setOperand(operator == "")
		if err != nil {
			return nil, err
		}
		alone = count == 0 && !item.isRange
		all.combine(item, operator, count == 0)
	}
	if inverse {
		if len(all.strings) > 0 {
			return nil, errors.New("Negated character class may contain strings")
		}
		all.set = all.set.inverse()
	}
	return all, nil
}

// setOperator gives the operator that is next, "" if none is.
func (p *parser) setOperator() string {
	if c := p.peek(); (c == '-' || c == '&') && p.ahead(1) == c {
		return string([]rune{c, c})
	}
	return ""
}

func (p *parser) setOperatorError(operator, next string) error {
	if operator == "" {
		return errors.New("Invalid set operation in character class")
	}
	if p.peek() < 0 {
		return errors.New("Unterminated character class")
	}
	return errors.New("Invalid set operation in character class")
}

// combine joins one more operand to the content.
func (c *content) combine(x *content, operator string, first bool) {
	switch {
	case first || operator == "":
		c.set = c.set.union(x.set)
		c.strings = append(c.strings, x.strings...)
	case operator == "--":
		c.set = c.set.minus(x.set)
		c.strings = keepStrings(c.strings, x.strings, false)
	default:
		c.set = c.set.intersect(x.set)
		c.strings = keepStrings(c.strings, x.strings, true)
	}
}

// keepStrings gives the strings of a that are (or are not) in b.
func keepStrings(a, b [][]rune, in bool) (out [][]rune) {
	for _, s := range a {
		found := false
		for _, t := range b {
			found = found || string(s) == string(t)
		}
		if found == in {
			out = append(out, s)
		}
	}
	return out
}

// setOperand reads a nested class, an escape, a character or, if ranges are
// allowed, a range.
func (p *parser) setOperand(ranges bool) (*content, error) {
	if p.eat('[') {
		return p.setClass()
	}
	if p.lookingAt("\\q{") {
		return p.quoted()
	}
	lo, more, err := p.setAtom()
	if err != nil {
		return nil, err
	}
	if more != nil {
		if ranges && p.peek() == '-' && p.ahead(1) != '-' {
			return nil, errors.New("Invalid character class")
		}
		return more.closed(p), nil
	}
	hi, isRange := lo, false
	if ranges && p.peek() == '-' && p.ahead(1) != '-' {
		p.at++
		isRange = true
		if hi, more, err = p.setAtom(); err != nil {
			return nil, err
		}
		if more != nil {
			return nil, errors.New("Invalid character class")
		}
		if lo > hi {
			return nil, errors.New("Range out of order in character class")
		}
	}
	return (&content{set: newSet(span{lo, hi}), isRange: isRange}).closed(p), nil
}

// setAtom is classAtom with the characters that the v flag reserves.
func (p *parser) setAtom() (rune, *content, error) {
	const doubled = "!#$%*+,.:;<=>?@^`~&"
	c := p.peek()
	switch c {
	case '(', ')', '[', ']', '{', '}', '/', '-', '|':
		return 0, nil, errors.New("Invalid character in character class")
	}
	for _, d := range doubled {
		if c == d && p.ahead(1) == c {
			return 0, nil, errors.New("Invalid set operation in character class")
		}
	}
	return p.classAtom()
}

// quoted reads the alternatives of \q{a|bc} after the opening brace.
func (p *parser) quoted() (*content, error) {
	out := &content{set: &set{}}
	var word []rune
	for {
		end := p.peek() == '}'
		if end || p.peek() == '|' {
			p.at++
			if len(word) == 1 {
				out.set.add(word[0], word[0])
			} else {
				out.strings = append(out.strings, word)
			}
			if word = nil; end {
				out.set.done()
				return out.closed(p), nil
			}
			continue
		}
		c, more, err := p.setAtom()
		if err != nil {
			return nil, err
		}
		if more != nil {
			return nil, errors.New("Invalid escape")
		}
		word = append(word, c)
	}
}
