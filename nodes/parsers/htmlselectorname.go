package parsers

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// byteAt is 0 after the end.
func (p *selectorParser) byteAt(i int) byte {
	if i >= len(p.text) {
		return 0
	}
	return p.text[i]
}

func isSelectorSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'
}

func (p *selectorParser) skip(by int) {
	for p.at += by; p.at < len(p.text) && isSelectorSpace(p.text[p.at]); {
		p.at++
	}
}

func isHex(c byte, upper bool) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || upper && c >= 'A' && c <= 'F'
}

// isSpace reports whether JavaScript's \s matches.
func isSpace(r rune) bool { return value.Trim(string(r)) == "" }

// escapeLen is the length of an escape at the start of s, or 0.
func escapeLen(s string, upper bool) int {
	if len(s) < 2 || s[0] != '\\' {
		return 0
	}
	i := 1
	for i < len(s) && i < 7 && isHex(s[i], upper) {
		i++
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	if i == 1 {
		return 1 + size
	}
	if size > 0 && isSpace(r) {
		i += size
	}
	return i
}

// nameLen is the length of the name at the start of s, or 0. Its first character
// may be any but a backslash and #.
func nameLen(s string) int {
	r, first := utf8.DecodeRuneInString(s)
	if first > 0 && r != '\\' && r != '#' {
		if n := unitsLen(s[first:]); n > 0 {
			return first + n
		}
	}
	return unitsLen(s)
}

func unitsLen(s string) int {
	i := 0
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\\':
			if size = escapeLen(s[i:], false); size == 0 || strings.ContainsAny(s[i+1:i+2], "\n\r") {
				return i
			}
		case r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xb0:
		default:
			return i
		}
		i += size
	}
	return i
}

func unescapeSelector(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		n := escapeLen(s[i:], true)
		if n == 0 {
			b.WriteByte(s[i])
			i++
			continue
		}
		body := s[i+1 : i+n]
		if isHex(body[0], true) {
			code, _ := strconv.ParseUint(value.TrimEnd(body), 16, 32)
			b.WriteRune(rune(code))
		} else {
			b.WriteString(body)
		}
		i += n
	}
	return b.String()
}

// name reads one that begins after offset bytes.
func (p *selectorParser) name(offset int) (string, error) {
	rest := ""
	if p.at+offset < len(p.text) {
		rest = p.text[p.at+offset:]
	}
	n := nameLen(rest)
	if n == 0 {
		return "", engine.Fail("Expected name, found " + p.text[min(p.at, len(p.text)):])
	}
	p.at += offset + n
	return unescapeSelector(rest[:n]), nil
}

// escaped reports whether there is an odd number of backslashes before i.
func (p *selectorParser) escaped(i int) bool {
	n := 0
	for i--; i >= 0 && p.text[i] == '\\'; i-- {
		n++
	}
	return n%2 == 1
}

// argument reads what is in parentheses.
func (p *selectorParser) argument() (string, error) {
	p.at++
	start, depth := p.at, 1
	for ; depth > 0 && p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '(' && !p.escaped(p.at):
			depth++
		case c == ')' && !p.escaped(p.at):
			depth--
		}
	}
	if depth > 0 {
		return "", engine.Fail("Parenthesis not matched")
	}
	return unescapeSelector(p.text[start : p.at-1]), nil
}
