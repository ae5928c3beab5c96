package yaml

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// header is what follows | or >.
type header struct {
	folded  bool
	chomp   byte // '+', '-' or 0
	indent  int
	decided bool // indent is known
}

func (r *reader) blockHeader(indent int) header {
	h := header{folded: r.ch() == '>', indent: indent}
	for r.ch() != 0 {
		c := r.step()
		switch {
		case c == '+' || c == '-':
			if h.chomp != 0 {
				r.fail("repeat of a chomping mode identifier")
			}
			h.chomp = c
		case c == '0':
			r.fail("bad explicit indentation width of a block scalar; it cannot be less than one")
		case c-'0' <= 9:
			if h.decided {
				r.fail("repeat of an indentation width identifier")
			}
			h.indent, h.decided = indent+int(c-'0')-1, true
		default:
			if !isWhite(c) {
				return h
			}
			for isWhite(c) {
				c = r.step()
			}
			if c == '#' {
				for !isEOL(c) && c != 0 {
					c = r.step()
				}
			}
			return h
		}
	}
	return h
}

// blockScalar reads a text that begins with | or >.
func (r *reader) blockScalar(indent int) bool {
	if c := r.ch(); c != '|' && c != '>' {
		return false
	}
	t := r.newText()
	h := r.blockHeader(indent)
	content, more := false, false // there was a line; the last one was indented more
	empty := 0
	for r.ch() != 0 {
		r.lineBreak()
		c := r.ch()
		for r.indent = 0; (!h.decided || r.indent < h.indent) && c == ' '; c = r.step() {
			r.indent++
		}
		if !h.decided && r.indent > h.indent {
			h.indent = r.indent
		}
		if isEOL(c) {
			empty++
			continue
		}
		if !h.decided && h.indent == 0 {
			r.fail("missing indentation for block scalar")
		}
		breaks := empty // line breaks before this line
		if content {
			breaks++
		}
		if r.indent < h.indent {
			if h.chomp == '+' {
				t.add(strings.Repeat("\n", breaks))
			} else if h.chomp == 0 && content {
				t.add("\n")
			}
			break
		}
		switch {
		case !h.folded || isWhite(c):
			more = h.folded
			t.add(strings.Repeat("\n", breaks))
		case more:
			more = false
			t.add(strings.Repeat("\n", empty+1))
		case empty == 0 && content:
			t.add(" ")
		default:
			t.add(strings.Repeat("\n", empty))
		}
		content, h.decided, empty = true, true, 0
		start := r.pos
		for !isEOL(c) && c != 0 {
			c = r.step()
		}
		t.part(start, r.pos, false)
	}
	r.found.result = value.Str(t.done())
	return true
}

// blockSequence reads entries that begin with a dash.
func (r *reader) blockSequence(indent int) bool {
	if r.tab >= 0 {
		return false
	}
	before := r.found
	list := value.NewArray()
	if before.anchor != "" {
		r.store(before.anchor, value.Of(list))
	}
	detected := false
	for c := r.ch(); c != 0; c = r.ch() {
		r.noTab()
		if c != '-' || !isSpace(r.after(1)) {
			break
		}
		detected = true
		r.pos++
		if r.skip(true) > 0 && r.indent <= indent {
			list.Append(value.Null)
			continue
		}
		line := r.line
		r.node(indent, blockIn, false, true)
		list.Append(r.found.result)
		r.skip(true)
		if (r.line == line || r.indent > indent) && r.ch() != 0 {
			r.fail("bad indentation of a sequence entry")
		} else if r.indent < indent {
			break
		}
	}
	if detected {
		r.found = property{before.tag, before.anchor, sequence, value.Of(list)}
	}
	return detected
}

func (r *reader) noTab() {
	if r.tab >= 0 {
		r.pos = r.tab
		r.fail("tab characters must not be used in indentation")
	}
}

// pair is a key and a value of a mapping being read, and where the key began.
type pair struct {
	tag        string
	key, value value.Value
	at         place
}

func (p *pair) clear() { p.tag, p.key, p.value = "", value.Null, value.Null }

// blockMapping reads keys with values. If there are none, what was read instead is
// the node.
func (r *reader) blockMapping(indent, flowIndent int) bool {
	if r.tab >= 0 {
		return false
	}
	b := &blockMap{reader: r, indent: indent, flowIndent: flowIndent, outer: r.found}
	b.m.object = value.NewObject()
	b.p.clear()
	if b.outer.anchor != "" {
		r.store(b.outer.anchor, value.Of(b.m.object))
	}
	for r.ch() != 0 {
		if !b.explicit {
			r.noTab()
		}
		switch b.entry() {
		case notMapping:
			r.found.tag, r.found.anchor = b.outer.tag, b.outer.anchor
			return true
		case next:
			continue
		}
		break
	}
	if b.explicit {
		b.storeKey()
	}
	if b.detected {
		r.found = property{b.outer.tag, b.outer.anchor, mapping, value.Of(b.m.object)}
	}
	return b.detected
}

// blockMap is a block mapping being read.
type blockMap struct {
	*reader
	indent, flowIndent int
	outer              property
	m                  keys
	p                  pair
	explicit           bool // after ?
	detected           bool // it is a mapping
}

type outcome uint8

const (
	next outcome = iota
	over
	notMapping
)

// storeKey stores a key without a value.
func (b *blockMap) storeKey() {
	b.p.value = value.Null
	b.storePair(&b.m, &b.p)
}

// entry reads a key or a value.
func (b *blockMap) entry() outcome {
	r := b.reader
	line := r.line
	compact := true
	if c := r.ch(); (c == '?' || c == ':') && isSpace(r.after(1)) {
		switch {
		case c == '?':
			if b.explicit {
				b.storeKey()
				b.p.clear()
			}
			b.detected, b.explicit = true, true
		case b.explicit:
			b.explicit = false
		default:
			r.fail("incomplete explicit mapping pair; a key node is missed; or followed by a non-tabulated empty line")
		}
		r.pos++
	} else {
		compact = false
		if o := b.implicitKey(line); o != next {
			return o
		}
	}
	if r.line == line || r.indent > b.indent {
		b.content(compact)
	}
	if (r.line == line || r.indent > b.indent) && r.ch() != 0 {
		r.fail("bad indentation of a mapping entry")
	} else if r.indent < b.indent {
		return over
	}
	return next
}

// implicitKey reads a key and its colon.
func (b *blockMap) implicitKey(line int) outcome {
	r := b.reader
	b.p.at = r.place
	if !r.node(b.flowIndent, flowOut, false, true) {
		return over
	}
	if r.line != line {
		if b.detected {
			r.fail("can not read a block mapping entry; a multiline key may not be an implicit key")
		}
		return notMapping
	}
	for isWhite(r.ch()) {
		r.pos++
	}
	if r.ch() != ':' {
		if b.detected {
			r.fail("can not read an implicit mapping pair; a colon is missed")
		}
		return notMapping
	}
	if !isSpace(r.step()) {
		r.fail("a whitespace character is expected after the key-value separator within a block mapping")
	}
	if b.explicit {
		b.storeKey()
		b.p.clear()
	}
	b.detected, b.explicit = true, false
	b.p.tag, b.p.key = r.found.tag, r.found.result
	return next
}

// content reads what follows ?, : or a key.
func (b *blockMap) content(compact bool) {
	r := b.reader
	if b.explicit {
		b.p.at = r.place
	}
	if r.node(b.indent, blockOut, true, compact) {
		if b.explicit {
			b.p.key = r.found.result
		} else {
			b.p.value = r.found.result
		}
	}
	if !b.explicit {
		b.storePair(&b.m, &b.p)
		b.p.clear()
	}
	r.skip(true)
}
