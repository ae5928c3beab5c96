package parsers

import (
	"strings"
	"unsafe"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// What a byte of CSV means outside of quotes. A separator of several bytes is
// known by its first; isSep looks at the others.
const (
	plainByte = iota
	sepByte
	quoteByte
	lineByte
)

// csvScan reads the text of a CSV.
type csvScan struct {
	s     string
	sep   string // "" finds none
	class [256]uint8
	cell  csvCell
}

// classes fills the table of bytes; quotes say whether a quote is one even if it is the
// separator.
func (p *csvScan) classes(quotesFirst bool) {
	p.class['\n'], p.class['\r'] = lineByte, lineByte
	p.class['"'] = quoteByte
	if p.sep != "" && (p.sep != `"` || !quotesFirst) {
		p.class[p.sep[0]] = sepByte
	}
}

// isSep reports whether the separator, whose first byte is at i, is there.
func (p *csvScan) isSep(i int) bool {
	return len(p.sep) == 1 || strings.HasPrefix(p.s[i:], p.sep)
}

// csvCell is the text of a cell: a part of the whole text as long as that will do,
// else put together in buf.
type csvCell struct {
	s        string
	from, to int
	buf      []byte
	built    bool
}

func (c *csvCell) reset() { c.from, c.to, c.built = 0, 0, false }

func (c *csvCell) empty() bool { return !c.built && c.from == c.to }

// add appends a part of the whole text.
func (c *csvCell) add(from, to int) {
	switch {
	case from == to:
	case c.built:
		c.buf = append(c.buf, c.s[from:to]...)
	case c.from == c.to:
		c.from, c.to = from, to
	case c.to == from:
		c.to = to
	default:
		c.buf = append(append(c.buf[:0], c.s[c.from:c.to]...), c.s[from:to]...)
		c.built = true
	}
}

func (c *csvCell) text() string {
	if c.built {
		return string(c.buf)
	}
	return c.s[c.from:c.to]
}

// legacyNumber reads a cell as the legacy mode does: a number by the pattern
// /^-?(?!E)(?!0\d)\d*\.?\d*(E-?\+?)?\d+$/i within white space.
func legacyNumber(s string) (float64, bool) {
	if s == "" {
		return 0, false
	}
	if c := s[0]; c >= 'A' && c < 0x80 {
		return 0, false // as most texts
	}
	if a, z := s[0], s[len(s)-1]; a <= ' ' || a >= 0x80 || z <= ' ' || z >= 0x80 {
		s = value.Trim(s)
	}
	i := 0
	if i < len(s) && s[i] == '-' {
		i++
	}
	first := i
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	if i-first > 1 && s[first] == '0' {
		return 0, false
	}
	if i < len(s) && s[i] == '.' {
		i++
		for i < len(s) && s[i]-'0' <= 9 {
			i++
		}
	}
	if i == len(s) {
		if i == first || s[i-1] == '.' {
			return 0, false
		}
		return value.ParseNumber(s), true
	}
	if i == first || s[i]|0x20 != 'e' {
		return 0, false
	}
	i++
	if i < len(s) && s[i] == '-' {
		i++
	}
	if i < len(s) && s[i] == '+' {
		i++
	}
	digits := i
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	return value.ParseFloat(s), i == len(s) && i > digits
}

// textOf makes a string of bytes that are not changed afterwards.
func textOf(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// countLines is the number of characters that end lines.
func countLines(s string) int {
	n := strings.Count(s, "\n")
	if strings.IndexByte(s, '\r') >= 0 {
		n += strings.Count(s, "\r")
	}
	return n
}
