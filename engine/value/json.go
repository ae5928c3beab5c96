package value

import "unsafe"

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
	shapes []*Object // by depth: the object last read there, whose keys the next one likely has
	seen   keySet
	mem    slab
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
		return ref(KindArray, unsafe.Pointer(p.mem.array())), true
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
	a := p.mem.array()
	a.Elems = p.mem.elemList(len(p.elems) - base)
	copy(a.Elems, p.elems[base:])
	p.elems = p.elems[:base]
	p.depth--
	return ref(KindArray, unsafe.Pointer(a)), true
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
		return ref(KindObject, unsafe.Pointer(p.mem.object())), true
	}
	shape, onShape := p.shape()
	escaped := false
	for n := 0; ; n++ {
		key, same, odd, ok := p.key(shape.props, n, onShape)
		if !ok {
			return Undefined, false
		}
		onShape = same
		escaped = escaped || odd
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
	o := p.finish(p.props[base:], onShape && shape.ints == 0)
	p.props = p.props[:base]
	if p.shapes[p.depth] = o; escaped {
		p.shapes[p.depth] = nil
	}
	p.depth--
	return ref(KindObject, unsafe.Pointer(o)), true
}

// shape gives the object last read at this depth, an empty one if there is none.
func (p *jsonParser) shape() (o *Object, known bool) {
	for len(p.shapes) <= p.depth {
		p.shapes = append(p.shapes, nil)
	}
	if o = p.shapes[p.depth]; o == nil {
		return &noShape, false
	}
	return o, true
}

// key reads a property name; same reports that this and all before are those of
// the shape, which then lends its string. odd reports that it has escapes.
func (p *jsonParser) key(shape []Prop, n int, onShape bool) (key string, same, odd, ok bool) {
	start := p.i
	if onShape && n < len(shape) {
		k := shape[n].Key
		end := start + 1 + len(k)
		if end < len(p.s) && p.s[end] == '"' && p.s[start+1:end] == k {
			p.i = end + 1
			return k, true, false, true
		}
	}
	key, ok = p.str()
	return key, false, p.i-start-2 != len(key), ok
}

// noShape is the shape where none is known.
var noShape Object

// finish makes an object of properties read in textual order; known says that
// they are those of an object read before, without index keys.
func (p *jsonParser) finish(props []Prop, known bool) *Object {
	o := p.mem.object()
	o.props = p.mem.propList(len(props))
	if known || !anyDigit(props) && !p.seen.duplicates(props) {
		copy(o.props, props)
		return o
	}
	o.props = o.props[:0]
	for i := range props {
		o.Set(props[i].Key, props[i].Value)
	}
	return o
}

// anyDigit reports whether a key starts with a digit and so may be an index.
func anyDigit(props []Prop) bool {
	for i := range props {
		if k := props[i].Key; k != "" && k[0]-'0' <= 9 {
			return true
		}
	}
	return false
}
