package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
)

// jvalue is a JSON value that keeps the order of object keys, the spelling of numbers and lone
// surrogates, all of which encoding/json loses and cases are about.
type jvalue struct {
	kind byte     // one of { [ " 0 l: object, array, string, number, literal
	text string   // string (lone surrogates as three bytes each), number or literal
	keys []string // of an object
	list []jvalue // elements, or the values of keys
}

func jstring(s string) jvalue { return jvalue{kind: '"', text: s} }
func jint(n int) jvalue       { return jvalue{kind: '0', text: strconv.Itoa(n)} }

// get gives the member of an object, or nil.
func (v *jvalue) get(key string) *jvalue {
	if v == nil || v.kind != '{' {
		return nil
	}
	for i, k := range v.keys {
		if k == key {
			return &v.list[i]
		}
	}
	return nil
}

// str gives the text of a string member, or "".
func (v *jvalue) str(key string) string {
	if m := v.get(key); m != nil && m.kind == '"' {
		return m.text
	}
	return ""
}

func (v *jvalue) set(key string, m jvalue) {
	if old := v.get(key); old != nil {
		*old = m
		return
	}
	v.keys, v.list = append(v.keys, key), append(v.list, m)
}

func (v *jvalue) remove(key string) {
	for i, k := range v.keys {
		if k == key {
			v.keys = append(v.keys[:i:i], v.keys[i+1:]...)
			v.list = append(v.list[:i:i], v.list[i+1:]...)
			return
		}
	}
}

// order puts the members named first to the front and sorts nothing else.
func (v *jvalue) order(first ...string) {
	if v == nil || v.kind != '{' {
		return
	}
	out := jvalue{kind: '{'}
	for _, k := range first {
		if m := v.get(k); m != nil {
			out.set(k, *m)
		}
	}
	for i, k := range v.keys {
		if out.get(k) == nil {
			out.set(k, v.list[i])
		}
	}
	*v = out
}

// mapStrings replaces every string value and every object key.
func (v *jvalue) mapStrings(f func(string) string) {
	if v.kind == '"' {
		v.text = f(v.text)
	}
	for i := range v.keys {
		v.keys[i] = f(v.keys[i])
	}
	for i := range v.list {
		v.list[i].mapStrings(f)
	}
}

// String is the value as compact JSON.
func (v *jvalue) String() string {
	var b strings.Builder
	v.write(&b)
	return b.String()
}

func (v *jvalue) write(b *strings.Builder) {
	switch v.kind {
	case '{':
		b.WriteByte('{')
		for i, k := range v.keys {
			if i > 0 {
				b.WriteByte(',')
			}
			writeString(b, k)
			b.WriteByte(':')
			v.list[i].write(b)
		}
		b.WriteByte('}')
	case '[':
		b.WriteByte('[')
		for i := range v.list {
			if i > 0 {
				b.WriteByte(',')
			}
			v.list[i].write(b)
		}
		b.WriteByte(']')
	case '"':
		writeString(b, v.text)
	default:
		b.WriteString(v.text)
	}
}

func writeString(b *strings.Builder, s string) {
	b.WriteByte('"')
	for i := 0; i < len(s); {
		if hi, ok := surrogateAt(s, i); ok {
			fmt.Fprintf(b, `\u%04x`, hi)
			i += 3
			continue
		}
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < 0x20 || c == 0x7f:
			fmt.Fprintf(b, `\u%04x`, c)
		default:
			b.WriteByte(c)
		}
		i++
	}
	b.WriteByte('"')
}

// surrogateAt tells whether a lone surrogate is encoded at s[i:].
func surrogateAt(s string, i int) (rune, bool) {
	if i+2 >= len(s) || s[i] != 0xed || s[i+1] < 0xa0 {
		return 0, false
	}
	return 0xd000 | rune(s[i+1]&0x3f)<<6 | rune(s[i+2]&0x3f), true
}

// parseJSON reads one JSON value.
func parseJSON(data []byte) (jvalue, error) {
	if !json.Valid(data) {
		return jvalue{}, fmt.Errorf("not valid JSON: %.80q", data)
	}
	p := jparser{s: string(data)}
	return p.value()
}

// jparser reads JSON that is known to be valid.
type jparser struct {
	s string
	i int
}

func (p *jparser) next() byte {
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n,:", p.s[p.i]) >= 0 {
		p.i++
	}
	if p.i == len(p.s) {
		return 0
	}
	return p.s[p.i]
}

func (p *jparser) value() (jvalue, error) {
	switch c := p.next(); {
	case c == '{' || c == '[':
		return p.container(c)
	case c == '"':
		s, err := p.text()
		return jstring(s), err
	case c == 0:
		return jvalue{}, errors.New("unexpected end of JSON")
	default:
		start := p.i
		for p.i < len(p.s) && strings.IndexByte(" \t\r\n,:]}", p.s[p.i]) < 0 {
			p.i++
		}
		kind := byte('0')
		if c >= 'a' {
			kind = 'l'
		}
		return jvalue{kind: kind, text: p.s[start:p.i]}, nil
	}
}

func (p *jparser) container(kind byte) (jvalue, error) {
	out := jvalue{kind: kind}
	p.i++
	for {
		if c := p.next(); c == '}' || c == ']' {
			p.i++
			return out, nil
		}
		if kind == '{' {
			k, err := p.text()
			if err != nil {
				return out, err
			}
			out.keys = append(out.keys, k)
		}
		m, err := p.value()
		if err != nil {
			return out, err
		}
		out.list = append(out.list, m)
	}
}

func (p *jparser) text() (string, error) {
	if p.next() != '"' {
		return "", errors.New("string expected")
	}
	p.i++
	var b strings.Builder
	for p.i < len(p.s) {
		c := p.s[p.i]
		p.i++
		if c == '"' {
			return b.String(), nil
		}
		if c != '\\' {
			b.WriteByte(c)
			continue
		}
		c = p.s[p.i]
		p.i++
		if at := strings.IndexByte("nrtbf", c); at >= 0 {
			b.WriteByte("\n\r\t\b\f"[at])
		} else if c == 'u' {
			p.escape(&b)
		} else {
			b.WriteByte(c)
		}
	}
	return "", errors.New("unterminated string")
}

// escape reads the digits of a \u escape, and the second half of a surrogate pair.
func (p *jparser) escape(b *strings.Builder) {
	r := p.hex4()
	if utf16.IsSurrogate(r) && strings.HasPrefix(p.s[p.i:], `\u`) {
		p.i += 2
		second := p.hex4()
		if whole := utf16.DecodeRune(r, second); whole != 0xfffd {
			b.WriteRune(whole)
			return
		}
		p.i -= 6
	}
	if utf16.IsSurrogate(r) {
		b.Write([]byte{0xe0 | byte(r>>12), 0x80 | byte(r>>6&0x3f), 0x80 | byte(r&0x3f)})
		return
	}
	b.WriteRune(r)
}

func (p *jparser) hex4() rune {
	n, _ := strconv.ParseUint(p.s[p.i:p.i+4], 16, 32)
	p.i += 4
	return rune(n)
}
