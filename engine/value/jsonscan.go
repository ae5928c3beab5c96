package value

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
	"unsafe"
)

// number reads a number by JSON's grammar, rounding as JavaScript does.
func (p *jsonParser) number() (float64, bool) {
	s, start := p.s, p.i
	i := start
	if s[i] == '-' {
		i++
	}
	first := i
	i, mant := readDigits(s, i, 0)
	switch {
	case i == first:
		p.i = i
		return 0, p.failWith("No number after minus sign")
	case s[first] == '0' && i > first+1:
		p.i = first + 1
		return 0, p.failWith("Unexpected number")
	}
	digits, scale := i-first, 0
	if i < len(s) && s[i] == '.' {
		i++
		from := i
		i, mant = readDigits(s, i, mant)
		if scale = i - from; scale == 0 {
			p.i = i
			return 0, p.failWith("Unterminated fractional number")
		}
		digits += scale
	}
	p.i = i
	if i < len(s) && s[i]|0x20 == 'e' {
		if !p.exponent() {
			return 0, false
		}
	} else if digits <= 15 {
		f := float64(mant)
		if scale > 0 {
			f /= powersOfTen[scale]
		}
		if first > start {
			f = -f
		}
		return f, true
	}
	f, _ := strconv.ParseFloat(s[start:p.i], 64) // out of range: the infinity we want
	return f, true
}

// readDigits reads decimal digits on to n, which may overflow if they are many.
func readDigits(s string, i int, n uint64) (int, uint64) {
	for i < len(s) && s[i]-'0' <= 9 {
		n = n*10 + uint64(s[i]-'0')
		i++
	}
	return i, n
}

// exponent reads over the exponent of a number.
func (p *jsonParser) exponent() bool {
	p.i++
	if p.i < len(p.s) && (p.s[p.i] == '+' || p.s[p.i] == '-') {
		p.i++
	}
	from := p.i
	if p.i, _ = readDigits(p.s, p.i, 0); p.i == from {
		return p.failWith("Exponent part is missing a number")
	}
	return true
}

// powersOfTen are those that a float64 holds exactly.
var powersOfTen = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// plainRun gives the first position from i on of a quote, a backslash or a
// control character, or the end.
func plainRun(s string, i int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	for i+8 <= len(b) {
		w := binary.LittleEndian.Uint64(b[i:])
		quote := w ^ ones*'"'
		slash := w ^ ones*'\\'
		found := ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*0x20)&^w) & highs
		if found != 0 {
			return i + bits.TrailingZeros64(found)>>3 // the lowest mark is true, those above it may not be
		}
		i += 8
	}
	for i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= 0x20 {
		i++
	}
	return i
}

// str reads a string; p.i is at its opening quote.
func (p *jsonParser) str() (string, bool) {
	start := p.i + 1
	i := plainRun(p.s, start)
	if i < len(p.s) && p.s[i] == '"' {
		p.i = i + 1
		return p.keep(p.s[start:i]), true
	}
	return p.escaped(start, i)
}

func (p *jsonParser) keep(s string) string {
	if !p.copies || s == "" {
		return s
	}
	b := make([]byte, len(s))
	copy(b, s)
	return unsafe.String(&b[0], len(b))
}

// escaped reads on a string in which there is an escape, or an error, at i.
func (p *jsonParser) escaped(start, i int) (string, bool) {
	buf := make([]byte, 0, i-start+32)
	surrogates := false
	for {
		buf = append(buf, p.s[start:i]...)
		p.i = i
		if i >= len(p.s) {
			return "", p.failWith("Unterminated string")
		}
		c := p.s[i]
		if c == '"' {
			p.i++
			break
		}
		if c != '\\' {
			return "", p.failWith("Bad control character in string literal")
		}
		p.i++
		r, ok := p.escape()
		if !ok {
			return "", false
		}
		surrogates = surrogates || r >= 0xD800 && r < 0xE000
		buf = appendRune(buf, r)
		start = p.i
		i = plainRun(p.s, start)
	}
	s := unsafe.String(unsafe.SliceData(buf), len(buf))
	if surrogates {
		s = fixJoins(s)
	}
	return s, true
}

// escape reads what follows a backslash.
func (p *jsonParser) escape() (rune, bool) {
	if p.i >= len(p.s) {
		return 0, p.fail()
	}
	c := p.s[p.i]
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		return p.unicodeEscape()
	default:
		return 0, p.failWith("Bad escaped character")
	}
	p.i++
	return rune(c), true
}

func (p *jsonParser) unicodeEscape() (rune, bool) {
	p.i++
	var r rune
	for range 4 {
		d := -1
		if p.i < len(p.s) {
			d = digitValue(p.s[p.i])
		}
		if d < 0 || d > 15 {
			return 0, p.failWith("Bad Unicode escape")
		}
		r = r<<4 | rune(d)
		p.i++
	}
	return r, true
}

// digitValue is the value of a digit in bases up to 36, or math.MaxInt32.
func digitValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	return math.MaxInt32
}
