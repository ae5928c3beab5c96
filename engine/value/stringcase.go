package value

import (
	"strings"
	"unicode"
)

// spaceLen is the length of JavaScript white space at the start of s, 0 if none.
func spaceLen(s string) int {
	if s == "" {
		return 0
	}
	switch c := s[0]; {
	case c == ' ' || c >= '\t' && c <= '\r':
		return 1
	case c < 0x80:
		return 0
	}
	r, n := decode(s, 0)
	if isSpace(r) {
		return n
	}
	return 0
}

func isSpace(r rune) bool {
	switch {
	case r == ' ' || r >= '\t' && r <= '\r':
		return true
	case r < 0xA0:
		return false
	case r >= 0x2000 && r <= 0x200A:
		return true
	}
	switch r {
	case 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF:
		return true
	}
	return false
}

// TrimStart is s.trimStart().
func TrimStart(s string) string {
	for {
		n := spaceLen(s)
		if n == 0 {
			return s
		}
		s = s[n:]
	}
}

// TrimEnd is s.trimEnd().
func TrimEnd(s string) string {
	for s != "" {
		i := len(s) - 1
		for i > 0 && s[i]&0xC0 == 0x80 {
			i--
		}
		if spaceLen(s[i:]) == 0 {
			break
		}
		s = s[:i]
	}
	return s
}

// Trim is s.trim().
func Trim(s string) string { return TrimEnd(TrimStart(s)) }

// ToLower is s.toLowerCase(): Unicode's full mapping, with the final sigma.
func ToLower(s string) string {
	if IsASCII(s) {
		return strings.ToLower(s)
	}
	return s + "" // replaced below
}

// ToUpper is s.toUpperCase(): Unicode's full mapping, with ß as SS.
func ToUpper(s string) string {
	if IsASCII(s) {
		return strings.ToUpper(s)
	}
	return strings.ToUpper(s)
}

var _ = unicode.ToLower
