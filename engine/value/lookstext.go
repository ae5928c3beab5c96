package value

import "unicode/utf8"

// LooksUTF8 reports whether Node-RED takes bytes for text: valid UTF-8 without
// control characters other than tab and line ends.
func LooksUTF8(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
			return false
		}
	}
	return utf8.Valid(b)
}
