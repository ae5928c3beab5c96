package value

import (
	"math"
	"strings"
)

func appendJSONNumber(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	return AppendNumber(dst, f)
}

// appendQuoted appends s as a JSON string, lone surrogates escaped.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	odd := strings.IndexByte(s, 0xED) >= 0
	for start := 0; ; {
		i := plainRun(s, start)
		if odd {
			i = start
			for i < len(s) && s[i] >= 0x20 && s[i] != '"' && s[i] != '\\' && (s[i] != 0xED || s[i+1] < 0xA0) {
				i++
			}
		}
		dst = append(dst, s[start:i]...)
		if i >= len(s) {
			return append(dst, '"')
		}
		start = i + 1
		switch c := s[i]; c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		case 0xED:
			r, n := decode(s, i)
			dst = appendHex4(dst, uint16(r))
			start = i + n
		default:
			dst = appendHex4(dst, uint16(c))
		}
	}
}

func appendHex4(dst []byte, u uint16) []byte {
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', hex[u>>12], hex[u>>8&15], hex[u>>4&15], hex[u&15])
}

// Quote gives s as a JSON string, with its quotes.
func Quote(s string) string { return string(appendQuoted(nil, s)) }
