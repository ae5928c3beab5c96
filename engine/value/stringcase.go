package value

import (
	"sort"
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
	b := make([]byte, 0, len(s)+8)
	for i := 0; i < len(s); {
		r, n := decode(s, i)
		switch {
		case r == 0x130:
			b = append(b, "i\u0307"...)
		case r == 0x3A3 && finalSigma(s, i, n):
			b = append(b, "\u03c2"...)
		default:
			b = appendRune(b, mapCase(lowerRanges[:], r, 'A', 'Z', 'a'-'A'))
		}
		i += n
	}
	return string(b)
}

// ToUpper is s.toUpperCase(): Unicode's full mapping, with ß as SS.
func ToUpper(s string) string {
	if IsASCII(s) {
		return strings.ToUpper(s)
	}
	b := make([]byte, 0, len(s)+8)
	for i := 0; i < len(s); {
		r, n := decode(s, i)
		i += n
		if t, ok := upperSpecial[r]; ok && r >= 0x80 {
			b = append(b, t...)
		} else {
			b = appendRune(b, mapCase(upperRanges[:], r, 'a', 'z', 'A'-'a'))
		}
	}
	return string(b)
}

// mapCase maps one character by a table, and by adding delta from first to last
// of ASCII.
func mapCase(table []caseRange, r, first, last, delta rune) rune {
	if r < 0x80 {
		if r >= first && r <= last {
			return r + delta
		}
		return r
	}
	i := sort.Search(len(table), func(i int) bool { return table[i].hi >= r })
	if i < len(table) && r >= table[i].lo && (r-table[i].lo)%table[i].stride == 0 {
		return r + table[i].delta
	}
	return r
}

// finalSigma reports whether the sigma of n bytes at i ends a word: there is a
// letter with case before it and none after it.
func finalSigma(s string, i, n int) bool {
	before := false
	for j := i; j > 0; {
		j--
		for j > 0 && s[j]&0xC0 == 0x80 {
			j--
		}
		if r, _ := decode(s, j); !caseIgnorable(r) {
			before = cased(r)
			break
		}
	}
	if !before {
		return false
	}
	for j := i + n; j < len(s); {
		r, size := decode(s, j)
		if !caseIgnorable(r) {
			return !cased(r)
		}
		j += size
	}
	return true
}

func cased(r rune) bool {
	return unicode.In(r, unicode.Lu, unicode.Ll, unicode.Lt, unicode.Other_Lowercase, unicode.Other_Uppercase)
}

func caseIgnorable(r rune) bool {
	switch r {
	case '\'', '.', ':', 0xB7, 0x387, 0x55F, 0x5F4, 0x2018, 0x2019, 0x2024, 0x2027, 0xFE13, 0xFE52, 0xFE55, 0xFF07, 0xFF0E, 0xFF1A:
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk)
}
