package value

import "strings"

const uriHex = "0123456789ABCDEF"

// EncodeURIComponent is JavaScript's encodeURIComponent; a lone surrogate, for
// which that throws, becomes U+FFFD.
func EncodeURIComponent(s string) string {
	plain := func(c byte) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.!~*'()", c) >= 0
	}
	at := 0
	for at < len(s) && plain(s[at]) {
		at++
	}
	if at == len(s) {
		return s
	}
	s = Text([]byte(s))
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; plain(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(uriHex[c>>4])
			b.WriteByte(uriHex[c&15])
		}
	}
	return b.String()
}
