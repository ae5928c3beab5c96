package jsonata

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/regex"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// tokenKind is what kind of token the lexer found.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenOperator
	tokenName
	tokenVariable
	tokenString
	tokenNumber
	tokenValue // true, false, null
	tokenRegex
)

// token is one token of an expression. pos is a position in UTF-16 units: that
// after the token, except for the end.
type token struct {
	kind  tokenKind
	text  string // name, operator
	value value.Value
	re    *regex.Regexp
	pos   int
}

// lexer reads tokens one at a time.
type lexer struct {
	src []uint16
	at  int
}

func newLexer(src string) *lexer { return &lexer{src: value.UTF16(src)} }

func (l *lexer) peek(n int) uint16 {
	if l.at+n < len(l.src) && l.at+n >= 0 {
		return l.src[l.at+n]
	}
	return 0
}

func (l *lexer) text(from, to int) string { return value.FromUTF16(l.src[from:to]) }

func isBlank(c uint16) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v'
}

// single are the characters that are operators by themselves and end a name.
const single = ".[]{}(),@#;:?+-*/%|=<>^&!~"

func isSingle(c uint16) bool { return c < 0x80 && strings.IndexByte(single, byte(c)) >= 0 && c != 0 }

// double are the operators of two characters.
const double = ".. := != >= <= ** ~> ?: ??"

// next reads a token. operand says that one is expected, so that / begins a
// regular expression.
func (l *lexer) next(operand bool) (token, *value.Error) {
	if err := l.skip(); err != nil {
		return token{}, err
	}
	if l.at >= len(l.src) {
		return token{pos: l.at}, nil
	}
	c := l.peek(0)
	switch {
	case c == '/' && operand:
		l.at++
		re, err := l.regex()
		return token{kind: tokenRegex, re: re, pos: l.at}, err
	case isSingle(c):
		if d := l.peek(1); d != 0 && d < 0x80 {
			if two := string([]byte{byte(c), byte(d)}); d != ' ' && strings.Contains(double, two) {
				l.at += 2
				return token{kind: tokenOperator, text: two, pos: l.at}, nil
			}
		}
		l.at++
		return token{kind: tokenOperator, text: string(rune(c)), pos: l.at}, nil
	case c == '"' || c == '\'':
		return l.quoted(c)
	case c >= '0' && c <= '9':
		return l.number()
	case c == '`':
		return l.backquoted()
	}
	return l.name(), nil
}

// skip moves over blanks and comments.
func (l *lexer) skip() *value.Error {
	for l.at < len(l.src) {
		if isBlank(l.src[l.at]) {
			l.at++
			continue
		}
		if l.src[l.at] != '/' || l.peek(1) != '*' {
			return nil
		}
		start := l.at
		for l.at += 2; l.peek(0) != '*' || l.peek(1) != '/'; {
			if l.at++; l.at >= len(l.src) {
				return fail("S0106", "stack", "position", start)
			}
		}
		l.at += 2
	}
	return nil
}

// regex reads a regular expression after its first slash.
func (l *lexer) regex() (*regex.Regexp, *value.Error) {
	start, depth := l.at, 0
	for ; l.at < len(l.src); l.at++ {
		c := l.src[l.at]
		if c == '/' && depth == 0 && !l.escaped() {
			break
		}
		if l.peek(-1) != '\\' {
			switch c {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth--
			}
		}
	}
	if l.at >= len(l.src) {
		return nil, fail("S0302", "stack", "position", l.at)
	}
	if l.at == start {
		return nil, fail("S0301", "stack", "position", l.at)
	}
	pattern := l.text(start, l.at)
	l.at++
	flags := l.at
	for l.peek(0) == 'i' || l.peek(0) == 'm' {
		l.at++
	}
	re, err := regex.Cached(pattern, l.text(flags, l.at)+"g")
	if err != nil {
		e, _ := err.(*value.Error)
		return nil, &value.Error{Name: e.Name, Message: e.Message}
	}
	return re, nil
}

// escaped reports whether an odd number of backslashes stands before.
func (l *lexer) escaped() bool {
	n := 0
	for l.peek(-1-n) == '\\' {
		n++
	}
	return n%2 == 1
}

func (l *lexer) quoted(quote uint16) (token, *value.Error) {
	var out []uint16
	for l.at++; l.at < len(l.src); l.at++ {
		c := l.src[l.at]
		if c == quote {
			l.at++
			return token{kind: tokenString, value: value.Str(value.FromUTF16(out)), pos: l.at}, nil
		}
		if c != '\\' {
			out = append(out, c)
			continue
		}
		l.at++
		c = l.peek(0)
		if c == 'u' {
			u, ok := l.hex4()
			if !ok {
				return token{}, fail("S0104", "stack", "position", l.at)
			}
			out = append(out, u)
			l.at += 4
			continue
		}
		at := strings.IndexByte(`"\/bfnrt`, byte(c))
		if at < 0 || c >= 0x80 || l.at >= len(l.src) {
			bad := ""
			if l.at < len(l.src) {
				bad = l.text(l.at, l.at+1)
			}
			return token{}, fail("S0103", "stack", "position", l.at, "token", bad)
		}
		out = append(out, uint16("\"\\/\b\f\n\r\t"[at]))
	}
	return token{}, fail("S0101", "stack", "position", l.at)
}

// hex4 reads the digits after \u; fewer than four at the end of the text will do.
func (l *lexer) hex4() (u uint16, ok bool) {
	for i := 1; i <= 4 && l.at+i < len(l.src); i++ {
		c := l.peek(i)
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		u, ok = u<<4|c, true
	}
	return u, ok
}

func (l *lexer) digits() int {
	start := l.at
	for c := l.peek(0); c >= '0' && c <= '9'; c = l.peek(0) {
		l.at++
	}
	return l.at - start
}

func (l *lexer) number() (token, *value.Error) {
	start := l.at
	if l.peek(0) == '0' {
		l.at++
	} else {
		l.digits()
	}
	if mark := l.at; l.peek(0) == '.' {
		l.at++
		if l.digits() == 0 {
			l.at = mark
		}
	}
	if mark := l.at; l.peek(0) == 'e' || l.peek(0) == 'E' {
		l.at++
		if l.peek(0) == '+' || l.peek(0) == '-' {
			l.at++
		}
		if l.digits() == 0 {
			l.at = mark
		}
	}
	text := l.text(start, l.at)
	f := value.ParseNumber(text)
	if f-f != 0 {
		l.at = start
		return token{}, fail("S0102", "stack", "position", start, "token", text)
	}
	return token{kind: tokenNumber, value: value.Num(f), pos: l.at}, nil
}

func (l *lexer) backquoted() (token, *value.Error) {
	l.at++
	for end := l.at; end < len(l.src); end++ {
		if l.src[end] == '`' {
			name := l.text(l.at, end)
			l.at = end + 1
			return token{kind: tokenName, text: name, pos: l.at}, nil
		}
	}
	l.at = len(l.src)
	return token{}, fail("S0105", "stack", "position", l.at)
}

func (l *lexer) name() token {
	start := l.at
	for l.at < len(l.src) && !isBlank(l.src[l.at]) && !isSingle(l.src[l.at]) {
		l.at++
	}
	name := l.text(start, l.at)
	if strings.HasPrefix(name, "$") {
		return token{kind: tokenVariable, text: name[1:], pos: l.at}
	}
	switch name {
	case "or", "in", "and":
		return token{kind: tokenOperator, text: name, pos: l.at}
	case "true":
		return token{kind: tokenValue, value: value.True, pos: l.at}
	case "false":
		return token{kind: tokenValue, value: value.False, pos: l.at}
	case "null":
		return token{kind: tokenValue, value: value.Null, pos: l.at}
	}
	return token{kind: tokenName, text: name, pos: l.at}
}
