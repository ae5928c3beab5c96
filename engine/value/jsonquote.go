package value

import (
	"math"
	"math/bits"
	"slices"
)

func appendJSONNumber(dst []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	return AppendNumber(dst, f)
}

// appendQuoted appends s as a JSON string, lone surrogates escaped.
func appendQuoted(dst []byte, s string) []byte {
	if quoteRun(s, 0) == len(s) {
		dst = slices.Grow(dst, len(s)+2)
		n := len(dst)
		dst = dst[:n+len(s)+2]
		dst[n] = '"'
		copy(dst[n+1:], s)
		dst[n+1+len(s)] = '"'
		return dst
	}
	return appendEscaped(dst, s)
}

// quoteRun gives the first position from i on of a byte that may have to be
// escaped, or the end: what plainRun finds, and the first byte of surrogates.
func quoteRun(s string, i int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(s); i += 8 {
		w := load8(s, i)
		quote := w ^ ones*'"'
		slash := w ^ ones*'\\'
		odd := w ^ ones*0xED
		found := ((quote-ones)&^quote | (slash-ones)&^slash | (odd-ones)&^odd | (w-ones*0x20)&^w) & highs
		if found != 0 {
			return i + bits.TrailingZeros64(found)>>3
		}
	}
	for i < len(s) && s[i] != '"' && s[i] != '\\' && s[i] >= 0x20 && s[i] != 0xED {
		i++
	}
	return i
}

func appendEscaped(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for start, i := 0, 0; ; {
		i = quoteRun(s, i)
		if i+1 < len(s) && s[i] == 0xED && s[i+1] < 0xA0 {
			i++
			continue
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
		i = start
	}
}

func appendHex4(dst []byte, u uint16) []byte {
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', hex[u>>12], hex[u>>8&15], hex[u>>4&15], hex[u&15])
}

// Quote gives s as a JSON string, with its quotes.
func Quote(s string) string { return string(appendQuoted(nil, s)) }
