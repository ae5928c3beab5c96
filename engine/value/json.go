package value

import (
	"sync"
	"unsafe"
)

// maxJSONDepth bounds the nesting of JSON that is read. (V8 has no bound here,
// but its JSON.stringify has one far below this.)
const maxJSONDepth = 100_000

// retainWhole is the size of text up to which parsed strings are parts of the
// text itself and keep it in memory; those of longer texts are copied.
const retainWhole = 64 << 10

// ParseJSON is JSON.parse. The error is a *Error with V8's text. Bytes from outside
// go through Text first: in a string that is not well-formed, values are not defined.
func ParseJSON(text string) (Value, error) { return parseJSON(text, nil) }

// parseJSON reads a text, objects late if that is given.
func parseJSON(text string, late *LateJSON) (Value, error) {
	p := newParser(text)
	p.late, p.from = late != nil, late
	p.space()
	v, ok := p.value()
	if ok {
		p.space()
		if p.i < len(p.s) {
			p.failWith("Unexpected non-whitespace character after JSON")
		}
	}
	err := p.err
	if late != nil {
		late.over += int64(p.held)
	}
	p.done()
	if err != nil {
		return Undefined, err
	}
	return v, nil
}

// newParser gives a parser with memory that is used again.
func newParser(text string) *jsonParser {
	p := parsers.Get().(*jsonParser)
	p.s, p.copies = text, len(text) > retainWhole
	return p
}

// done gives the memory of a parser back, without what it held.
func (p *jsonParser) done() {
	elems, props, shapes := p.elems[:max(p.mostElems, len(p.elems))], p.props[:max(p.mostProps, len(p.props))], p.shapes
	clear(elems)
	clear(props)
	clear(shapes)
	seen := p.seen
	*p = jsonParser{}
	if cap(elems) <= keptRoom && cap(props) <= keptRoom && cap(shapes) <= keptRoom && len(seen.table) <= keptRoom {
		p.elems, p.props, p.shapes, p.seen = elems[:0], props[:0], shapes[:0], seen
	}
	parsers.Put(p)
}

// parsers are those to use again: memory only, never state.
var parsers = sync.Pool{New: func() any { return new(jsonParser) }}

// jsonParser reads one text in one pass. Elements and properties of containers
// that are still open are collected on two stacks and copied out once.
type jsonParser struct {
	s       string
	i       int
	depth   int
	copies  bool
	late    bool      // objects may be read late
	from    *LateJSON // who reads them so
	held    int       // bytes of objects read over
	short   bool      // an object was too short for that
	refused bool      // a text was not such that it may be held: no more of them
	level   int       // how many late objects this text was in
	err     *Error
	elems   []Value
	props   []Prop
	shapes  []*Object // by depth: the object last read there, whose keys the next one likely has
	varied  bool      // an object was not like the one before it: lists are copied
	seen    keySet
	mem     slab

	mostElems, mostProps int // the heights that the stacks had
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
		if !p.late || len(p.s)-p.i < lateFrom {
			return p.object(p.mem.object())
		}
		if v, ok := p.later(); ok {
			return v, true
		}
		late := p.late
		p.late = p.late && !p.short // what is in a short object is shorter
		v, ok := p.object(p.mem.object())
		p.late = late
		return v, ok
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
	late := p.late
	p.short = false
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
		if p.short && v.kind == KindObject {
			p.late, p.short = false, false // those that follow are likely short too
		}
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
	p.mostElems = max(p.mostElems, len(p.elems))
	p.elems = p.elems[:base]
	p.late = late && !p.refused
	p.depth--
	return ref(KindArray, unsafe.Pointer(a)), true
}

// object reads an object into o.
func (p *jsonParser) object(o *Object) (Value, bool) {
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
		return ref(KindObject, unsafe.Pointer(o)), true
	}
	shape, onShape := p.shape()
	escaped := false
	var list []Prop // those of an object like the last one, written where they stay
	n := 0
	for ; ; n++ {
		key, same, odd, ok := p.key(shape.props, n, onShape)
		if !ok {
			return Undefined, false
		}
		onShape, escaped = same, escaped || odd
		if !p.colon() {
			return Undefined, false
		}
		v, ok := p.value()
		if !ok {
			return Undefined, false
		}
		if onShape && n == 0 && !p.varied && shape.ints == 0 {
			list = p.mem.propList(len(shape.props))
		}
		switch {
		case onShape && list != nil:
			list[n] = Prop{key, v}
		case list != nil:
			p.props = append(append(p.props, list[:n]...), Prop{key, v})
			clear(list)
			list, p.varied = nil, true
		default:
			p.props = append(p.props, Prop{key, v})
		}
		more, ok := p.more()
		if !ok {
			return Undefined, false
		}
		if !more {
			break
		}
	}
	if list != nil {
		o.props = list[:n+1]
	} else {
		p.finish(o, base, onShape && shape.ints == 0)
	}
	if p.shapes[p.depth] = o; escaped {
		p.shapes[p.depth] = nil
	}
	p.depth--
	return ref(KindObject, unsafe.Pointer(o)), true
}

// colon reads the colon after a property's name, and the space behind it.
func (p *jsonParser) colon() bool {
	if p.peek() != ':' {
		return p.failWith("Expected ':' after property name")
	}
	p.i++
	p.peek()
	return true
}

// more reads what follows a property: a comma and the start of the next one, or
// the end of the object.
func (p *jsonParser) more() (more, ok bool) {
	switch p.peek() {
	case ',':
		p.i++
		if p.peek() != '"' {
			return false, p.failWith("Expected double-quoted property name")
		}
		return true, true
	case '}':
		p.i++
		return false, true
	}
	return false, p.failWith("Expected ',' or '}' after property value")
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

// finish gives o the properties that were read, in textual order, and takes them
// off the stack; known says that they are those of an object read before, without
// index keys.
func (p *jsonParser) finish(o *Object, base int, known bool) {
	props := p.props[base:]
	p.mostProps = max(p.mostProps, len(p.props))
	p.props = p.props[:base]
	o.props = p.mem.propList(len(props))
	if known || !anyDigit(props) && !p.seen.duplicates(props) {
		copy(o.props, props)
		return
	}
	o.props = o.props[:0]
	for i := range props {
		o.Set(props[i].Key, props[i].Value)
	}
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
