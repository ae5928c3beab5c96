package value

import (
	"cmp"
	"strings"
	"unicode/utf8"
)

// IsASCII reports whether s has only bytes below 128, so that its UTF-16 units
// are its bytes.
func IsASCII(s string) bool {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if (s[i]|s[i+1]|s[i+2]|s[i+3]|s[i+4]|s[i+5]|s[i+6]|s[i+7])&0x80 != 0 {
			return false
		}
	}
	for ; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// UTF16Len is JavaScript's s.length: the number of UTF-16 units.
func UTF16Len(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < 0x80 || c >= 0xC0 {
			n++
		}
		if c >= 0xF0 {
			n++
		}
	}
	return n
}

// decode reads one code point, a lone surrogate included, of WTF-8 text.
func decode(s string, i int) (r rune, size int) {
	c := s[i]
	if c < 0x80 {
		return rune(c), 1
	}
	if c == 0xED && i+2 < len(s) && s[i+1] >= 0xA0 && s[i+1] < 0xC0 && s[i+2]&0xC0 == 0x80 {
		return 0xD000 | rune(s[i+1]&0x3F)<<6 | rune(s[i+2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(s[i:])
}

// UTF16 gives the UTF-16 units of s.
func UTF16(s string) []uint16 {
	out := make([]uint16, 0, len(s))
	for i := 0; i < len(s); {
		r, n := decode(s, i)
		i += n
		if r < 0x10000 {
			out = append(out, uint16(r))
			continue
		}
		r -= 0x10000
		out = append(out, uint16(0xD800+r>>10), uint16(0xDC00+r&0x3FF))
	}
	return out
}

// FromUTF16 makes a string of UTF-16 units; lone surrogates are kept.
func FromUTF16(u []uint16) string {
	var b strings.Builder
	b.Grow(len(u))
	for i := 0; i < len(u); i++ {
		c := rune(u[i])
		if isHigh(u[i]) && i+1 < len(u) && isLow(u[i+1]) {
			c = 0x10000 + (c-0xD800)<<10 + rune(u[i+1]) - 0xDC00
			i++
		}
		writeRune(&b, c)
	}
	return b.String()
}

func isHigh(u uint16) bool { return u&0xFC00 == 0xD800 }
func isLow(u uint16) bool  { return u&0xFC00 == 0xDC00 }

// writeRune writes a code point, a lone surrogate as its own three bytes.
func writeRune(b *strings.Builder, c rune) {
	if c >= 0xD800 && c < 0xE000 {
		b.WriteByte(0xED)
		b.WriteByte(byte(0x80 | c>>6&0x3F))
		b.WriteByte(byte(0x80 | c&0x3F))
		return
	}
	b.WriteRune(c)
}

// appendRune appends a code point, a lone surrogate as its own three bytes.
func appendRune(dst []byte, c rune) []byte {
	if c >= 0xD800 && c < 0xE000 {
		return append(dst, 0xED, byte(0x80|c>>6&0x3F), byte(0x80|c&0x3F))
	}
	return utf8.AppendRune(dst, c)
}

// Text decodes bytes as UTF-8 the way Node's buf.toString('utf8') does: each
// maximal part of an invalid sequence becomes one U+FFFD.
func Text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var out strings.Builder
	out.Grow(len(b) + 8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r != utf8.RuneError || n > 1 {
			out.Write(b[:n])
			b = b[n:]
			continue
		}
		out.WriteString("\uFFFD")
		b = b[invalidLen(b):]
	}
	return out.String()
}

// invalidLen is the length of the maximal part of an ill-formed sequence.
func invalidLen(b []byte) int {
	lo, hi, need := byte(0x80), byte(0xBF), 0
	switch c := b[0]; {
	case c >= 0xC2 && c <= 0xDF:
		need = 1
	case c >= 0xE0 && c <= 0xEF:
		need = 2
		if c == 0xE0 {
			lo = 0xA0
		} else if c == 0xED {
			hi = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		need = 3
		if c == 0xF0 {
			lo = 0x90
		} else if c == 0xF4 {
			hi = 0x8F
		}
	}
	n := 1
	for n <= need && n < len(b) && b[n] >= lo && b[n] <= hi {
		n++
		lo, hi = 0x80, 0xBF
	}
	return n
}

// Slice gives the UTF-16 units from from up to to (not included); both are
// clamped to the string. A pair that is cut leaves a lone surrogate.
func Slice(s string, from, to int) string {
	if from < 0 {
		from = 0
	}
	if to <= from {
		return ""
	}
	at, unit := skipUnits(s, 0, 0, from)
	if at >= len(s) {
		return ""
	}
	head := ""
	start := at
	if unit < from { // inside a pair
		r, n := decode(s, at)
		head = surrogate(0xDC00 + (r-0x10000)&0x3FF)
		start, at, unit = at+n, at+n, unit+2
		if to <= unit {
			return head
		}
	}
	end, unit := skipUnits(s, at, unit, to)
	if unit < to && end < len(s) {
		r, _ := decode(s, end)
		return head + s[start:end] + surrogate(0xD800+(r-0x10000)>>10)
	}
	return head + s[start:end]
}

func surrogate(c rune) string { return string(appendRune(nil, c)) }

// skipUnits moves from byte i, which is at unit unit, to the unit want, or to
// the start of the pair that want is inside of, or to the end.
func skipUnits(s string, i, unit, want int) (int, int) {
	for i < len(s) && unit < want {
		if s[i] < 0x80 {
			i++
			unit++
			continue
		}
		r, n := decode(s, i)
		if r >= 0x10000 {
			if unit+2 > want {
				return i, unit
			}
			unit++
		}
		unit++
		i += n
	}
	return i, unit
}

// UnitAt is s.charCodeAt(i); 0 if i is outside.
func UnitAt(s string, i int) uint16 {
	if i < 0 {
		return 0
	}
	at, unit := skipUnits(s, 0, 0, i)
	if at >= len(s) {
		return 0
	}
	r, _ := decode(s, at)
	switch {
	case r < 0x10000:
		return uint16(r)
	case unit == i:
		return uint16(0xD800 + (r-0x10000)>>10)
	}
	return uint16(0xDC00 + (r-0x10000)&0x3FF)
}

// IndexOf is s.indexOf(sub, from), in UTF-16 units; -1 if there is none.
func IndexOf(s, sub string, from int) int {
	if from < 0 {
		from = 0
	}
	if IsASCII(s) {
		if from > len(s) {
			from = len(s)
		}
		if i := strings.Index(s[from:], sub); i >= 0 {
			return from + i
		}
		return -1
	}
	if edgesSurrogate(sub) {
		return indexUnits(UTF16(s), UTF16(sub), from)
	}
	at, unit := skipUnits(s, 0, 0, from)
	if unit < from && at < len(s) { // from is inside a pair
		_, n := decode(s, at)
		at, unit = at+n, unit+2
		if sub == "" {
			return from
		}
	}
	i := strings.Index(s[at:], sub)
	if i < 0 {
		return -1
	}
	return unit + UTF16Len(s[at:at+i])
}

// edgesSurrogate reports whether sub starts with a low or ends with a high
// surrogate of its own, which may be half of a pair in another string.
func edgesSurrogate(sub string) bool {
	return startsLow(sub) || endsHigh(sub)
}

func startsLow(s string) bool { return len(s) >= 3 && s[0] == 0xED && s[1] >= 0xB0 }
func endsHigh(s string) bool {
	n := len(s)
	return n >= 3 && s[n-3] == 0xED && s[n-2] >= 0xA0 && s[n-2] < 0xB0
}

func indexUnits(s, sub []uint16, from int) int {
search:
	for i := from; i+len(sub) <= len(s); i++ {
		for j := range sub {
			if s[i+j] != sub[j] {
				continue search
			}
		}
		return i
	}
	return -1
}

// CompareStrings orders strings by UTF-16 units as JavaScript's < does: -1, 0 or 1.
func CompareStrings(a, b string) int {
	n := min(len(a), len(b))
	i := 0
	for i < n && a[i] == b[i] {
		i++
	}
	if i == n {
		return cmp.Compare(len(a), len(b))
	}
	if a[i] < 0x80 && b[i] < 0x80 {
		return cmp.Compare(a[i], b[i])
	}
	for i > 0 && (a[i]&0xC0 == 0x80 || b[i]&0xC0 == 0x80) {
		i-- // back to the start of the character in which they differ
	}
	x, y := UTF16(a[i:min(len(a), i+8)]), UTF16(b[i:min(len(b), i+8)])
	for j := 0; j < len(x) && j < len(y); j++ {
		if x[j] != y[j] {
			return cmp.Compare(x[j], y[j])
		}
	}
	return cmp.Compare(len(x), len(y))
}

// Concat is a + b: a high surrogate at the end of a and a low one at the start
// of b become one character.
func Concat(a, b string) string {
	if !endsHigh(a) || !startsLow(b) {
		return a + b
	}
	hi, _ := decode(a, len(a)-3)
	lo, _ := decode(b, 0)
	r := 0x10000 + (hi-0xD800)<<10 + lo - 0xDC00
	return a[:len(a)-3] + string(r) + b[3:]
}

// fixJoins joins the surrogate halves that met when texts were put together.
func fixJoins(s string) string {
	if !strings.Contains(s, "\xED") {
		return s
	}
	for i := 0; i+6 <= len(s); i++ {
		if s[i] == 0xED && s[i+1] >= 0xA0 && s[i+1] < 0xB0 && s[i+3] == 0xED && s[i+4] >= 0xB0 {
			return FromUTF16(UTF16(s))
		}
	}
	return s
}
