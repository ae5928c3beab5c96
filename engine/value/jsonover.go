package value

import (
	"encoding/binary"
	"strings"
	"sync"
	"unsafe"
)

// scanDepth bounds the nesting of an object that scanObject reads over.
const scanDepth = 64

// jsonScan reads over JSON that it does not keep. Its memory is used again.
type jsonScan struct {
	s      string
	exact  int32
	try    bool // numbers of many digits are tried, not left unknown
	depth  int  // containers that are open
	deep   int  // the most there were
	open   [scanDepth + 1]openScan
	keys   []span                // those of open objects that are not on their shape
	shapes [scanDepth + 1][]span // by depth: the keys of the object last read there
	buf    []byte
	seen   keySet
}

// span is a key in the text. Its first eight bytes with its quotes and the colon
// are kept, masked if they are fewer.
type span struct {
	from, to   uint32
	size       uint32 // with quotes and colon; 0 if no colon follows at once, or the text ends
	word, mask uint64
}

func (c *jsonScan) span(from, to int) span {
	k := span{from: uint32(from), to: uint32(to)}
	if from+7 <= len(c.s) && to+1 < len(c.s) && c.s[to+1] == ':' {
		k.size = uint32(to - from + len(`"":`))
		k.mask = ^uint64(0) >> (64 - 8*min(k.size, 8))
		k.word = load8(c.s, from-1)
	}
	return k
}

// load8 gives eight bytes as a number.
func load8(s string, i int) uint64 {
	b := s[i : i+8]
	return binary.LittleEndian.Uint64(unsafe.Slice(unsafe.StringData(b), 8))
}

// openScan is a container that is open.
type openScan struct {
	isArray bool
	onShape bool
	n       int // keys read, if onShape
	base    int // where its keys start, if not
}

// scans are those to use again: memory only, never state.
var scans = sync.Pool{New: func() any { return new(jsonScan) }}

// scanObject reads over the object at s[i]. It gives its end, or -1 where the
// text is not valid, nested deeply, or has keys with escapes or __proto__; and
// whether the text is what Stringify writes. With try set it is never unknown.
func scanObject(s string, i int, try bool) (end int, exact int32) {
	if uint64(len(s)) >= 1<<32 {
		return -1, exactNo
	}
	c := scans.Get().(*jsonScan)
	c.s, c.exact, c.try = s, exactYes, try
	if end = c.object(i); end >= 0 {
		if c.exact != exactNo && hasSurrogate(s[i:end]) {
			c.exact = exactNo
		}
	}
	exact = c.exact
	c.s, c.depth, c.keys = "", 0, c.keys[:0]
	for d := range c.deep + 1 {
		if c.shapes[d] = c.shapes[d][:0]; cap(c.shapes[d]) > keptRoom {
			c.shapes[d] = nil
		}
	}
	if cap(c.keys) > keptRoom {
		c.keys, c.seen = nil, keySet{}
	}
	c.deep = 0
	scans.Put(c)
	return end, exact
}

// hasSurrogate reports whether a text holds a surrogate that is not escaped.
func hasSurrogate(s string) bool {
	for {
		at := strings.IndexByte(s, 0xED)
		if at < 0 || at+1 >= len(s) {
			return at >= 0
		}
		if s[at+1] >= 0xA0 {
			return true
		}
		s = s[at+1:]
	}
}

// skip reads over white space from i on; it gives the next byte too, 0 at the end.
func (c *jsonScan) skip(i int) (int, byte) {
	for ; i < len(c.s); i++ {
		switch b := c.s[i]; b {
		case ' ', '\n', '\t', '\r':
			c.exact = exactNo
		default:
			return i, b
		}
	}
	return i, 0
}

// object reads over the outermost object, at i. Like all below it gives the end
// of what it read, or -1 if that is not to be held.
func (c *jsonScan) object(i int) int {
	s := c.s
	if i = c.enter(i, false); i < 0 {
		return -1
	}
	for c.depth > 0 {
		o := &c.open[c.depth]
		if !o.isArray {
			if i = c.key(o, i); i < 0 {
				return -1
			}
		}
		var b byte
		if i < len(s) {
			b = s[i]
		}
		if b <= ' ' {
			i, b = c.skip(i)
		}
		switch {
		case b == '"':
			j := plainRun(s, i+1)
			if j >= len(s) || s[j] != '"' {
				if j = c.escaped(j); j < 0 {
					return -1
				}
			}
			i = j + 1
		case b-'1' < 9:
			if i = c.digits(i); i < 0 {
				return -1
			}
		case b == '{' || b == '[':
			if i = c.enter(i, b == '['); i < 0 {
				return -1
			}
			continue
		default:
			if i = c.other(i, b); i < 0 {
				return -1
			}
		}
		if i < len(s) && s[i] == ',' {
			i++
			continue
		}
		if i = c.after(i); i < 0 {
			return -1
		}
	}
	return i
}

// digits reads over a number that starts with a digit other than 0.
func (c *jsonScan) digits(i int) int {
	j := i
	for j < len(c.s) && c.s[j]-'0' <= 9 {
		j++
	}
	if j < len(c.s) && j-i <= 15 && c.s[j] != '.' && c.s[j]|0x20 != 'e' {
		return j
	}
	return c.number(i)
}

// other reads over a word, or a number of any kind.
func (c *jsonScan) other(i int, b byte) int {
	word := ""
	switch b {
	case 't':
		word = "true"
	case 'f':
		word = "false"
	case 'n':
		word = "null"
	case '0', '-':
		return c.number(i)
	}
	if word == "" || !strings.HasPrefix(c.s[i:], word) {
		return -1
	}
	return i + len(word)
}

// enter opens the container whose bracket is at i; one that is empty is read
// over whole, with what follows it.
func (c *jsonScan) enter(i int, isArray bool) int {
	if c.depth >= scanDepth {
		return -1
	}
	c.depth++
	c.deep = max(c.deep, c.depth)
	c.open[c.depth] = openScan{isArray: isArray, onShape: !isArray && len(c.shapes[c.depth]) > 0, base: len(c.keys)}
	i, b := c.skip(i + 1)
	if isArray && b == ']' || !isArray && b == '}' {
		c.leave()
		if c.depth == 0 {
			return i + 1
		}
		return c.after(i + 1)
	}
	return i
}

// after reads what follows a value: a comma, or the ends of containers.
func (c *jsonScan) after(i int) int {
	for {
		var b byte
		o := &c.open[c.depth]
		i, b = c.skip(i)
		i++
		switch {
		case b == ',':
			return i
		case b == ']' && o.isArray, b == '}' && !o.isArray:
			c.leave()
			if c.depth == 0 {
				return i
			}
		default:
			return -1
		}
	}
}

// leave closes a container.
func (c *jsonScan) leave() {
	o := &c.open[c.depth]
	if !o.isArray && !o.onShape {
		keys := c.keys[o.base:]
		if c.exact != exactNo && c.duplicates(keys) {
			c.exact = exactNo
		}
		c.shapes[c.depth] = append(c.shapes[c.depth][:0], keys...)
		c.keys = c.keys[:o.base]
	}
	c.depth--
}

func (c *jsonScan) duplicates(keys []span) bool {
	if len(keys) > 8 {
		return c.seen.duplicateSpans(c.s, keys)
	}
	for i := 1; i < len(keys); i++ {
		k := c.s[keys[i].from:keys[i].to]
		for _, other := range keys[:i] {
			if c.s[other.from:other.to] == k {
				return true
			}
		}
	}
	return false
}

// key reads over a property name of o and its colon.
func (c *jsonScan) key(o *openScan, i int) int {
	s := c.s
	if o.onShape {
		if shape := c.shapes[c.depth]; o.n < len(shape) {
			k := &shape[o.n]
			end := i + int(k.size)
			if k.size > 0 && end <= len(s) && i+8 <= len(s) && (load8(s, i)^k.word)&k.mask == 0 &&
				(k.size <= 8 || s[i+8:end] == s[k.from+7:k.to+2]) {
				o.n++
				return end
			}
		}
	}
	i, b := c.skip(i)
	if b != '"' {
		return -1
	}
	if i = c.newKey(o, i+1); i < 0 {
		return -1
	}
	if i, b = c.skip(i + 1); b != ':' {
		return -1
	}
	return i + 1
}

// newKey reads over a name; it gives the place of
// its closing quote.
func (c *jsonScan) newKey(o *openScan, start int) int {
	end := plainRun(c.s, start)
	if end >= len(c.s) || c.s[end] != '"' {
		return -1
	}
	k := c.s[start:end]
	if o.onShape {
		if shape := c.shapes[c.depth]; o.n < len(shape) && k == c.s[shape[o.n].from:shape[o.n].to] {
			o.n++
			return end
		}
		o.onShape = false
		c.keys = append(c.keys, c.shapes[c.depth][:o.n]...)
	}
	if k == "__proto__" {
		return -1
	}
	if k != "" && k[0]-'0' <= 9 {
		if _, ok := ArrayIndex(k); ok {
			c.exact = exactNo
		}
	}
	c.keys = append(c.keys, c.span(start, end))
	return end
}

// escaped reads on in a string in which there is an escape, or an error, at i;
// it gives the place of its closing quote.
func (c *jsonScan) escaped(i int) int {
	for {
		switch {
		case i >= len(c.s):
			return -1
		case c.s[i] == '"':
			return i
		case c.s[i] != '\\' || i+1 >= len(c.s):
			return -1
		}
		switch c.s[i+1] {
		case '"', '\\', 'b', 'f', 'n', 'r', 't':
		case '/':
			c.exact = exactNo
		case 'u':
			c.exact = exactNo
			if i+6 > len(c.s) {
				return -1
			}
			for _, d := range []byte(c.s[i+2 : i+6]) {
				if digitValue(d) > 15 {
					return -1
				}
			}
			i += 4
		default:
			return -1
		}
		i = plainRun(c.s, i+2)
	}
}
