package yaml

import (
	"strings"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// text is a scalar being put together: a part of the input as long as that will do.
type text struct {
	r     *reader
	whole string
	built bool
}

func (r *reader) newText() text {
	r.found.kind = scalar
	r.buf = r.buf[:0]
	return text{r: r}
}

// part adds a part of the input; in quotes JSON's rules of characters hold.
func (t *text) part(from, to int, quoted bool) {
	if from >= to {
		return
	}
	s := t.r.s[from:to]
	t.r.checkChars(s, quoted)
	t.add(s)
}

func (t *text) add(s string) {
	switch {
	case s == "":
	case !t.built && t.whole == "":
		t.whole = s
	case !t.built:
		t.r.buf = append(append(t.r.buf[:0], t.whole...), s...)
		t.built = true
	default:
		t.r.buf = append(t.r.buf, s...)
	}
}

// fold adds what a number of line breaks counts for.
func (t *text) fold(breaks int) {
	if breaks == 1 {
		t.add(" ")
	} else if breaks > 1 {
		t.add(strings.Repeat("\n", breaks-1))
	}
}

func (t *text) done() string {
	if t.built {
		return string(t.r.buf)
	}
	return t.whole
}

func (r *reader) checkChars(s string, quoted bool) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 0x20 && c < 0x7F || c == '\t':
		case quoted:
			if c < 0x20 {
				r.fail("expected valid JSON character")
			}
		case c == '\n' || c == '\r':
		case c < 0x80, badUTF8(s[i:]):
			r.fail("the stream contains non-printable characters")
		}
	}
}

// badUTF8 reports whether a character begins that YAML does not print: C1 controls,
// surrogates, U+FFFE and U+FFFF.
func badUTF8(s string) bool {
	switch s[0] {
	case 0xC2:
		return len(s) > 1 && s[1] <= 0x9F && s[1] != 0x85
	case 0xED:
		return len(s) > 1 && s[1] >= 0xA0
	case 0xEF:
		return len(s) > 2 && s[1] == 0xBF && s[2] >= 0xBE
	}
	return false
}

// plain reads a scalar without quotes.
func (r *reader) plain(indent int, inFlow bool) bool {
	c := r.ch()
	if isSpace(c) || isFlow(c) || strings.IndexByte("#&*!|>'\"%@`", c) >= 0 {
		return false
	}
	if c == '?' || c == '-' {
		if next := r.after(1); isSpace(next) || inFlow && isFlow(next) {
			return false
		}
	}
	before := r.found
	t := r.newText()
	start, end := r.pos, r.pos
	pending, line := false, 0
	for c != 0 {
		if c == ':' {
			if next := r.after(1); isSpace(next) || inFlow && isFlow(next) {
				break
			}
		} else if c == '#' {
			if isSpace(r.s[r.pos-1]) {
				break
			}
		} else if r.atSeparator() || inFlow && isFlow(c) {
			break
		} else if isEOL(c) {
			back := r.place
			line = r.line
			r.skip(false)
			if r.indent >= indent {
				pending = true
				c = r.ch()
				continue
			}
			r.pos, r.line, r.lineStart, r.indent = end, back.line, back.lineStart, back.indent
			break
		}
		if pending {
			t.part(start, end, false)
			t.fold(r.line - line)
			start, end = r.pos, r.pos
			pending = false
		}
		if !isWhite(c) {
			end = r.pos + 1
		}
		c = r.step()
	}
	t.part(start, end, false)
	if s := t.done(); s != "" {
		r.found.result = value.Str(s)
		return true
	}
	r.found.kind, r.found.result = before.kind, before.result
	return false
}

func (r *reader) singleQuoted() bool {
	if r.ch() != '\'' {
		return false
	}
	t := r.newText()
	r.pos++
	start, end := r.pos, r.pos
	for {
		switch c := r.ch(); {
		case c == 0:
			r.fail("unexpected end of the stream within a single quoted scalar")
		case c == '\'':
			t.part(start, r.pos, true)
			if r.step() != '\'' {
				r.found.result = value.Str(t.done())
				return true
			}
			start = r.pos
			r.pos++
			end = r.pos
		case isEOL(c):
			t.part(start, end, true)
			t.fold(r.skip(false))
			start, end = r.pos, r.pos
		case r.atSeparator():
			r.fail("unexpected end of the document within a single quoted scalar")
		default:
			r.pos++
			if !isWhite(c) {
				end = r.pos
			}
		}
	}
}

func (r *reader) doubleQuoted() bool {
	if r.ch() != '"' {
		return false
	}
	t := r.newText()
	r.pos++
	start, end := r.pos, r.pos
	high := rune(0) // a high surrogate that waits for its low one
	for {
		switch c := r.ch(); {
		case c == 0:
			r.fail("unexpected end of the stream within a double quoted scalar")
		case c == '"':
			t.part(start, r.pos, true)
			r.pos++
			r.found.result = value.Str(joined(t.done(), high != 0))
			return true
		case c == '\\':
			t.part(start, r.pos, true)
			r.pos++
			if isEOL(r.ch()) {
				r.skip(false)
			} else {
				u := r.escape()
				if u >= 0xD800 && u < 0xE000 {
					high = u
				}
				t.add(encode(u))
			}
			start, end = r.pos, r.pos
		case isEOL(c):
			t.part(start, end, true)
			t.fold(r.skip(false))
			start, end = r.pos, r.pos
		case r.atSeparator():
			r.fail("unexpected end of the document within a double quoted scalar")
		default:
			r.pos++
			if !isWhite(c) {
				end = r.pos
			}
		}
	}
}

// joined makes characters of the surrogates that met.
func joined(s string, surrogates bool) string {
	if !surrogates {
		return s
	}
	return value.FromUTF16(value.UTF16(s))
}

// encode gives a code point, a surrogate by itself too.
func encode(c rune) string {
	switch {
	case c >= 0xD800 && c < 0xE000:
		return value.FromUTF16([]uint16{uint16(c)})
	case c > utf8.MaxRune || c < 0: // as JavaScript makes two units of it
		c -= 0x10000
		return value.FromUTF16([]uint16{uint16(c>>10 + 0xD800), uint16(c&0x3FF + 0xDC00)})
	}
	return string(c)
}

// simpleEscapes are the escapes of one character, and what they stand for.
const simpleEscapes = "0\x00a\x07b\x08t\t\t\tn\nv\x0bf\x0cr\re\x1b  \"\"//\\\\N\u0085_\u00a0L\u2028P\u2029"

// escape reads what follows a backslash.
func (r *reader) escape() rune {
	c := r.ch()
	rest := simpleEscapes
	for rest != "" {
		name, n := utf8.DecodeRuneInString(rest)
		means, m := utf8.DecodeRuneInString(rest[n:])
		rest = rest[n+m:]
		if name == rune(c) {
			r.pos++
			return means
		}
	}
	n := 0
	switch c {
	case 'x':
		n = 2
	case 'u':
		n = 4
	case 'U':
		n = 8
	default:
		r.fail("unknown escape sequence")
	}
	var u int32
	for range n {
		d := hexDigit(r.step())
		if d < 0 {
			r.fail("expected hexadecimal character")
		}
		u = u<<4 + d
	}
	r.pos++
	if u < 0 { // JavaScript sees a code up to 0xFFFF
		return rune(uint16(u))
	}
	return u
}

func hexDigit(c byte) int32 {
	switch {
	case c-'0' <= 9:
		return int32(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int32(c|0x20-'a') + 10
	}
	return -1
}
