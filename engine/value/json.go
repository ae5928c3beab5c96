package value

import (
	"encoding/binary"
	"math"
	"strconv"
	"unsafe"
)

// maxJSONDepth bounds the nesting of JSON that is read. (V8 has no bound here,
// but its JSON.stringify has one far below this.)
const maxJSONDepth = 100_000

// retainWhole is the size of text up to which parsed strings are parts of the
// text itself and keep it in memory; those of longer texts are copied.
const retainWhole = 64 << 10

// ParseJSON is JSON.parse. The error is a *Error with V8's text.
func ParseJSON(text string) (Value, error) {
	p := jsonParser{s: text, copies: len(text) > retainWhole}
	p.space()
	v, ok := p.value()
	if ok {
		p.space()
		if p.i < len(p.s) {
			p.failWith("Unexpected non-whitespace character after JSON")
		}
	}
	if p.err != nil {
		return Undefined, p.err
	}
	return v, nil
}

// jsonParser reads one text in one pass. Elements and properties of containers
// that are still open are collected on two stacks and copied out once.
type jsonParser struct {
	s      string
	i      int
	depth  int
	copies bool
	err    *Error
	elems  []Value
	props  []Prop
	shapes [][]Prop // by depth: the object last read there, whose keys the next one likely has
	seen   keySet
}

func (p *jsonParser) space() {
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case ' ', '\n', '\t', '\r':
			p.i++
		default:
			return
		}
	}
}

// peek skips white space and gives the next byte, 0 at the end (or for a NUL).
func (p *jsonParser) peek() byte {
	for p.i < len(p.s) {
		c := p.s[p.i]
		if c > ' ' {
			return c
		}
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
		p.i++
	}
	return 0
}

// value reads a value at a position that is not white space.
func (p *jsonParser) value() (Value, bool) {
	if p.i >= len(p.s) {
		return Undefined, p.fail()
	}
	switch c := p.s[p.i]; c {
	case '"':
		s, ok := p.str()
		return Str(s), ok
	case '{':
		return p.object()
	case '[':
		return p.array()
	case 't':
		return True, p.literal("true")
	case 'f':
		return False, p.literal("false")
	case 'n':
		return Null, p.literal("null")
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		f, ok := p.number()
		return Num(f), ok
	}
	return Undefined, p.fail()
}

func (p *jsonParser) literal(word string) bool {
	if len(p.s)-p.i >= len(word) && p.s[p.i:p.i+len(word)] == word {
		p.i += len(word)
		return true
	}
	for j := 0; j < len(word) && p.i < len(p.s) && p.s[p.i] == word[j]; j++ {
		p.i++
	}
	return p.fail()
}

func (p *jsonParser) array() (Value, bool) {
	if p.depth++; p.depth > maxJSONDepth {
		return Undefined, p.tooDeep()
	}
	p.i++
	base := len(p.elems)
	if p.peek() == ']' {
		p.i++
		p.depth--
		return Of(&Array{}), true
	}
	for {
		v, ok := p.value()
		if !ok {
			return Undefined, false
		}
		p.elems = append(p.elems, v)
		switch p.peek() {
		case ',':
			p.i++
			p.peek()
			continue
		case ']':
			p.i++
		default:
			return Undefined, p.failWith("Expected ',' or ']' after array element")
		}
		break
	}
	a := &Array{Elems: make([]Value, len(p.elems)-base)}
	copy(a.Elems, p.elems[base:])
	p.elems = p.elems[:base]
	p.depth--
	return Of(a), true
}

func (p *jsonParser) object() (Value, bool) {
	if p.depth++; p.depth > maxJSONDepth {
		return Undefined, p.tooDeep()
	}
	p.i++
	base := len(p.props)
	if c := p.peek(); c != '"' {
		if c != '}' {
			return Undefined, p.failWith("Expected property name or '}'")
		}
		p.i++
		p.depth--
		return Of(&Object{}), true
	}
	for len(p.shapes) <= p.depth {
		p.shapes = append(p.shapes, nil)
	}
	shape, onShape := p.shapes[p.depth], true
	for n := 0; ; n++ {
		key, same, ok := p.key(shape, n, onShape)
		if !ok {
			return Undefined, false
		}
		onShape = same
		if p.peek() != ':' || p.i >= len(p.s) {
			return Undefined, p.failWith("Expected ':' after property name")
		}
		p.i++
		p.peek()
		v, ok := p.value()
		if !ok {
			return Undefined, false
		}
		p.props = append(p.props, Prop{key, v})
		switch p.peek() {
		case ',':
			p.i++
			if p.peek() != '"' {
				return Undefined, p.failWith("Expected double-quoted property name")
			}
			continue
		case '}':
			p.i++
		default:
			return Undefined, p.failWith("Expected ',' or '}' after property value")
		}
		break
	}
	o := p.finish(p.props[base:], onShape)
	p.props = p.props[:base]
	p.shapes[p.depth] = o.props
	p.depth--
	return Of(o), true
}

// key reads a property name; same reports that this and all before are those of
// the shape, which then lends its string.
func (p *jsonParser) key(shape []Prop, n int, onShape bool) (key string, same, ok bool) {
	if onShape && n < len(shape) {
		k := shape[n].Key
		end := p.i + 1 + len(k)
		if end < len(p.s) && p.s[end] == '"' && p.s[p.i+1:end] == k && plainKey(k) {
			p.i = end + 1
			return k, true, true
		}
	}
	key, ok = p.str()
	return key, false, ok
}

// plainKey reports whether a key is written in JSON as it is.
func plainKey(k string) bool {
	for i := 0; i < len(k); i++ {
		if k[i] == '\\' || k[i] == '"' || k[i] < ' ' {
			return false
		}
	}
	return true
}

// finish makes an object of properties read in textual order. Those of a known
// shape have no duplicates; an index key among them is already in front.
func (p *jsonParser) finish(props []Prop, onShape bool) *Object {
	plain := true
	for i := range props {
		if k := props[i].Key; k != "" && k[0] >= '0' && k[0] <= '9' {
			plain = false
		}
	}
	if plain && (onShape || !p.seen.duplicates(props)) {
		o := &Object{props: make([]Prop, len(props))}
		copy(o.props, props)
		return o
	}
	o := NewObject(len(props))
	for i := range props {
		o.Set(props[i].Key, props[i].Value)
	}
	return o
}

// number reads a number by JSON's grammar, rounding as JavaScript does.
func (p *jsonParser) number() (float64, bool) {
	s, start := p.s, p.i
	i := start
	neg := s[i] == '-'
	if neg {
		i++
	}
	var mant uint64
	first := i
	for i < len(s) && s[i]-'0' <= 9 {
		mant = mant*10 + uint64(s[i]-'0')
		i++
	}
	switch {
	case i == first:
		p.i = i
		return 0, p.failWith("No number after minus sign")
	case s[first] == '0' && i > first+1:
		p.i = first + 1
		return 0, p.failWith("Unexpected number")
	}
	digits, scale := i-first, 0
	exact := true
	if i < len(s) && s[i] == '.' {
		i++
		from := i
		for i < len(s) && s[i]-'0' <= 9 {
			mant = mant*10 + uint64(s[i]-'0')
			i++
		}
		if i == from {
			p.i = i
			return 0, p.failWith("Unterminated fractional number")
		}
		scale = i - from
		digits += scale
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		exact = false
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		from := i
		for i < len(s) && s[i]-'0' <= 9 {
			i++
		}
		if i == from {
			p.i = i
			return 0, p.failWith("Exponent part is missing a number")
		}
	}
	p.i = i
	if exact && digits <= 15 {
		f := float64(mant)
		if scale > 0 {
			f /= powersOfTen[scale]
		}
		if neg {
			f = -f
		}
		return f, true
	}
	f, _ := strconv.ParseFloat(s[start:i], 64) // out of range: the infinity we want
	return f, true
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
			break
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
