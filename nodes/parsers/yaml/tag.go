package yaml

import (
	"strings"
	"unicode/utf8"
)

const (
	tagPrefix = "tag:yaml.org,2002:"
	tagMerge  = tagPrefix + "merge"
	tagBinary = tagPrefix + "binary"
)

func isWord(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c-'0' <= 9 || c == '-' }

// isHandle reports whether a text is !, !! or !name!.
func isHandle(s string) bool {
	if s == "!" || s == "!!" {
		return true
	}
	if len(s) < 3 || s[0] != '!' || s[len(s)-1] != '!' {
		return false
	}
	for i := 1; i < len(s)-1; i++ {
		if !isWord(s[i]) {
			return false
		}
	}
	return true
}

// isTagURI reports whether a text has only characters of a URI; its first may be any
// but a flow indicator.
func isTagURI(s string) bool {
	if s == "" || isFlow(s[0]) {
		return false
	}
	_, i := utf8.DecodeRuneInString(s)
	if s[0] >= 0xF0 {
		return false // two UTF-16 units
	}
	for ; i < len(s); i++ {
		if s[i] == '%' {
			if i+2 >= len(s) || hexDigit(s[i+1]) < 0 || hexDigit(s[i+2]) < 0 {
				return false
			}
			i += 2
			continue
		}
		if !isWord(s[i]) && strings.IndexByte("#;/?:@&=+$,_.!~*'()[]", s[i]) < 0 {
			return false
		}
	}
	return true
}

// decodeURI is decodeURIComponent.
func decodeURI(s string) (string, bool) {
	if !strings.Contains(s, "%") {
		return s, true
	}
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b = append(b, s[i])
			continue
		}
		if i+2 >= len(s) || hexDigit(s[i+1]) < 0 || hexDigit(s[i+2]) < 0 {
			return "", false
		}
		b = append(b, byte(hexDigit(s[i+1])<<4|hexDigit(s[i+2])))
		i += 2
	}
	return string(b), utf8.Valid(b)
}
