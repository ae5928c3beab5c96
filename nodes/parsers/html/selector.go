package html

import (
	"strings"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// tokenKind is what a token of a selector is.
type tokenKind uint8

const (
	isAttribute tokenKind = iota
	isPseudo
	isPseudoElement
	isTag
	isUniversal
	isDescendant // from here on: what stands between compound selectors
	isChild
	isParent
	isSibling
	isAdjacent
	isColumn
	isFlexible // as a descendant, or the element itself
)

func (t *token) traverses() bool { return t.kind >= isDescendant }

// token is one part of a selector.
type token struct {
	kind      tokenKind
	name      string
	namespace *string
	action    byte // of an attribute: '=', '~', '^', '$', '*', '!', '|', or 0 if it only must exist
	value     string
	fold      folding
	data      *string    // the argument of a pseudo class
	sub       []sequence // or the selectors it is
	hasSub    bool
	start     bool // :scope as put before a selector by the search itself
}

// sequence is a selector without commas.
type sequence = []token

// folding says whether case counts in the value of an attribute.
type folding uint8

const (
	byAttribute folding = iota
	never
	always
	inQuirks
)

// selectorError is an error in a selector, with css-what's or css-select's text.
func selectorError(text string) error { return value.NewError("Error", text) }

// unpacked are the pseudo classes whose argument is a selector.
var unpacked = map[string]bool{"has": true, "not": true, "matches": true, "is": true, "where": true, "host": true, "host-context": true}

// parseSelector reads a selector as css-what does.
func parseSelector(s string) ([]sequence, error) {
	p := &selectorParser{s: s}
	if err := p.selector(); err != nil {
		return nil, err
	}
	if p.i < len(s) {
		return nil, selectorError("Unmatched selector: " + s[p.i:])
	}
	return p.list, nil
}

type selectorParser struct {
	s      string
	i      int
	list   []sequence
	tokens sequence
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' && c != '\v' }

// at is the byte n further on, 0 at the end.
func (p *selectorParser) at(n int) byte {
	if p.i+n < len(p.s) {
		return p.s[p.i+n]
	}
	return 0
}

func (p *selectorParser) space(skip int) {
	for p.i += skip; p.i < len(p.s) && isSpace(p.s[p.i]); {
		p.i++
	}
}

// nameRun is the length of the characters of a name from i on.
func nameRun(s string, i int) int {
	start := i
	for i < len(s) {
		c := s[i]
		if c == '\\' && i+1 < len(s) && s[i+1] != '\n' && s[i+1] != '\r' {
			i++
			n := 0
			for n < 6 && i+n < len(s) && (s[i+n]-'0' <= 9 || s[i+n] >= 'a' && s[i+n] <= 'f') {
				n++
			}
			if i += n; n == 0 {
				_, n = utf8.DecodeRuneInString(s[i:])
				i += n
			} else if i < len(s) && isSpace(s[i]) {
				i++
			}
			continue
		}
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c-'0' <= 9 || c == '_' || c == '-' {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r < 0xB0 {
			break
		}
		i += n
	}
	return i - start
}

// nameLen is the length of a name: one character of any kind may come first.
func nameLen(s string) int {
	if s == "" {
		return 0
	}
	if s[0] != '\\' && s[0] != '#' {
		_, n := utf8.DecodeRuneInString(s)
		if m := nameRun(s, n); m > 0 {
			return n + m
		}
	}
	return nameRun(s, 0)
}

func (p *selectorParser) name(skip int) (string, error) {
	rest := p.s[min(p.i+skip, len(p.s)):]
	n := nameLen(rest)
	if n == 0 {
		return "", selectorError("Expected name, found " + p.s[p.i:])
	}
	p.i += skip + n
	return unescape(rest[:n]), nil
}

// unescape replaces escapes of CSS.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) || s[i+1] == '\n' || s[i+1] == '\r' {
			b.WriteByte(s[i])
			continue
		}
		n := 0
		for n < 6 && i+1+n < len(s) && isHex(s[i+1+n]) {
			n++
		}
		if n == 0 {
			continue // the character itself comes next
		}
		code := rune(value.ParseInt(s[i+1:i+1+n], 16))
		b.WriteString(value.FromUTF16(units(code)))
		if i += n; i+1 < len(s) && isSpace(s[i+1]) {
			i++
		}
	}
	return b.String()
}

func isHex(c byte) bool { return c-'0' <= 9 || c|0x20 >= 'a' && c|0x20 <= 'f' }

// units are the UTF-16 units of a code point as css-what makes them.
func units(c rune) []uint16 {
	if c < 0x10000 {
		return []uint16{uint16(c)}
	}
	c -= 0x10000
	return []uint16{uint16(c>>10) | 0xD800, uint16(c&0x3FF) | 0xDC00}
}

// escaped reports whether an odd number of backslashes stands before a position.
func (p *selectorParser) escaped(at int) bool {
	n := 0
	for at--; at >= 0 && p.s[at] == '\\'; at-- {
		n++
	}
	return n&1 == 1
}

// argument reads what stands in parentheses.
func (p *selectorParser) argument() (string, error) {
	p.i++
	start, depth := p.i, 1
	for ; depth > 0 && p.i < len(p.s); p.i++ {
		if c := p.s[p.i]; c == '(' && !p.escaped(p.i) {
			depth++
		} else if c == ')' && !p.escaped(p.i) {
			depth--
		}
	}
	if depth > 0 {
		return "", selectorError("Parenthesis not matched")
	}
	return unescape(p.s[start : p.i-1]), nil
}

// traversal adds what stands between compound selectors.
func (p *selectorParser) traversal(k tokenKind) error {
	if n := len(p.tokens); n > 0 && p.tokens[n-1].kind == isDescendant {
		p.tokens[n-1].kind = k
		return nil
	}
	return p.push(k)
}

func (p *selectorParser) push(k tokenKind) error {
	if n := len(p.tokens); n > 0 && p.tokens[n-1].traverses() {
		return selectorError("Did not expect successive traversals.")
	}
	p.tokens = append(p.tokens, token{kind: k})
	return nil
}

// finish ends a selector of the list.
func (p *selectorParser) finish() error {
	if n := len(p.tokens); n > 0 && p.tokens[n-1].kind == isDescendant {
		p.tokens = p.tokens[:n-1]
	}
	if len(p.tokens) == 0 {
		return selectorError("Empty sub-selector")
	}
	p.list = append(p.list, p.tokens)
	p.tokens = nil
	return nil
}

// selector reads selectors with commas, up to what is no part of one.
func (p *selectorParser) selector() error {
	p.space(0)
	if p.i == len(p.s) {
		return nil
	}
	for p.i < len(p.s) {
		more, err := p.part()
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	return p.finish()
}

// part reads one token; false says that there is none.
func (p *selectorParser) part() (bool, error) {
	c := p.s[p.i]
	switch {
	case isSpace(c):
		if len(p.tokens) == 0 || p.tokens[0].kind != isDescendant {
			if err := p.push(isDescendant); err != nil {
				return false, err
			}
		}
		p.space(1)
		return true, nil
	case c == '.':
		return true, p.special("class", '~')
	case c == '#':
		return true, p.special("id", '=')
	case c == '[':
		return true, p.attribute()
	case c == ':':
		return true, p.pseudo()
	case c == ',':
		err := p.finish()
		p.space(1)
		return true, err
	}
	if k := strings.IndexByte("><~+", c); k >= 0 {
		err := p.traversal([]tokenKind{isChild, isParent, isSibling, isAdjacent}[k])
		p.space(1)
		return true, err
	}
	if strings.HasPrefix(p.s[p.i:], "/*") {
		end := strings.Index(p.s[p.i+2:], "*/")
		if end < 0 {
			return false, selectorError("Comment was not terminated")
		}
		if p.i += end + 4; len(p.tokens) == 0 {
			p.space(0)
		}
		return true, nil
	}
	return p.tag(c)
}

func (p *selectorParser) tag(c byte) (bool, error) {
	name := ""
	var err error
	switch {
	case c == '*':
		p.i++
		name = "*"
	case c == '|':
		if p.at(1) == '|' {
			err = p.traversal(isColumn)
			p.space(2)
			return true, err
		}
	case nameLen(p.s[p.i:]) > 0:
		if name, err = p.name(0); err != nil {
			return false, err
		}
	default:
		return false, nil
	}
	var namespace *string
	if p.at(0) == '|' && p.at(1) != '|' {
		ns := name
		namespace = &ns
		if p.at(1) == '*' {
			name = "*"
			p.i += 2
		} else if name, err = p.name(1); err != nil {
			return false, err
		}
	}
	k := isTag
	if name == "*" {
		k = isUniversal
	}
	p.tokens = append(p.tokens, token{kind: k, name: name, namespace: namespace})
	return true, nil
}

func (p *selectorParser) special(attr string, action byte) error {
	v, err := p.name(1)
	p.tokens = append(p.tokens, token{kind: isAttribute, name: attr, action: action, value: v, fold: inQuirks})
	return err
}

// attribute reads [name=value].
func (p *selectorParser) attribute() (err error) {
	p.space(1)
	t := token{kind: isAttribute}
	switch {
	case p.at(0) == '|':
		t.name, err = p.name(1)
	case strings.HasPrefix(p.s[p.i:], "*|"):
		ns := "*"
		t.namespace = &ns
		t.name, err = p.name(2)
	default:
		if t.name, err = p.name(0); err == nil && p.at(0) == '|' && p.at(1) != '=' {
			ns := t.name
			t.namespace = &ns
			t.name, err = p.name(1)
		}
	}
	if err != nil {
		return err
	}
	p.space(0)
	if c := p.at(0); c != 0 && strings.IndexByte("~^$*!|", c) >= 0 {
		if p.at(1) != '=' {
			return selectorError("Expected `=`")
		}
		t.action = c
		p.space(2)
	} else if c == '=' {
		t.action = c
		p.space(1)
	}
	if t.action != 0 {
		if err := p.attributeValue(&t); err != nil {
			return err
		}
	}
	if p.at(0) != ']' {
		return selectorError("Attribute selector didn't terminate")
	}
	p.i++
	p.tokens = append(p.tokens, t)
	return nil
}

func (p *selectorParser) attributeValue(t *token) error {
	if q := p.at(0); q == '"' || q == '\'' {
		end := p.i + 1
		for end < len(p.s) && (p.s[end] != q || p.escaped(end)) {
			end++
		}
		if end == len(p.s) {
			return selectorError("Attribute value didn't end")
		}
		t.value = unescape(p.s[p.i+1 : end])
		p.i = end + 1
	} else {
		start := p.i
		for p.i < len(p.s) && (!isSpace(p.s[p.i]) && p.s[p.i] != ']' || p.escaped(p.i)) {
			p.i++
		}
		t.value = unescape(p.s[start:p.i])
	}
	p.space(0)
	switch p.at(0) | 0x20 {
	case 's':
		t.fold = never
		p.space(1)
	case 'i':
		t.fold = always
		p.space(1)
	}
	return nil
}

// pseudo reads :name or ::name with its argument.
func (p *selectorParser) pseudo() error {
	if p.at(1) == ':' {
		name, err := p.name(2)
		if err == nil && p.at(0) == '(' {
			_, err = p.argument()
		}
		p.tokens = append(p.tokens, token{kind: isPseudoElement, name: value.ToLower(name)})
		return err
	}
	name, err := p.name(1)
	if err != nil {
		return err
	}
	t := token{kind: isPseudo, name: value.ToLower(name)}
	if p.at(0) == '(' {
		if err := p.pseudoArgument(&t); err != nil {
			return err
		}
	}
	p.tokens = append(p.tokens, t)
	return nil
}

func (p *selectorParser) pseudoArgument(t *token) error {
	if unpacked[t.name] {
		if q := p.at(1); q == '"' || q == '\'' {
			return selectorError("Pseudo-selector " + t.name + " cannot be quoted")
		}
		in := &selectorParser{s: p.s, i: p.i + 1}
		if err := in.selector(); err != nil {
			return err
		}
		t.sub, t.hasSub = in.list, true
		if p.i = in.i; p.at(0) != ')' {
			return selectorError("Missing closing parenthesis in :" + t.name + " (" + p.s + ")")
		}
		p.i++
		return nil
	}
	data, err := p.argument()
	if err != nil {
		return err
	}
	if t.name == "contains" || t.name == "icontains" {
		if n := len(data); n > 0 && data[0] == data[n-1] && (data[0] == '"' || data[0] == '\'') {
			data = data[min(1, n):max(1, n-1)]
		}
	}
	data = unescape(data)
	t.data = &data
	return nil
}
