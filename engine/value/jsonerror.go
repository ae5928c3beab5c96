package value

import (
	"math/bits"
	"strconv"
)

// Texts of V8's JSON.parse errors that show their input do so with this many
// characters on either side, if the input is longer than that.
const jsonContext = 10

func (p *jsonParser) tooDeep() bool {
	p.err = NewError("RangeError", "JSON is nested deeper than "+strconv.Itoa(maxJSONDepth)+" levels")
	return false
}

// failWith records an error of a kind that has a text of its own, at p.i.
func (p *jsonParser) failWith(text string) bool {
	pos := UTF16Len(p.s[:p.i])
	line, column := p.lineColumn()
	p.err = NewError("SyntaxError", text+" in JSON at position "+strconv.Itoa(pos)+
		" (line "+strconv.Itoa(line)+" column "+strconv.Itoa(column)+")")
	if text == "Unexpected non-whitespace character after JSON" {
		p.err.Message = text + p.err.Message[len(text)+len(" in JSON"):]
	}
	return false
}

func (p *jsonParser) lineColumn() (line, column int) {
	line = 1
	start := 0
	for i := 0; i < p.i; i++ {
		c := p.s[i]
		if c == '\r' && i+1 < p.i && p.s[i+1] == '\n' {
			i++
		}
		if c == '\r' || c == '\n' {
			line++
			start = i + 1
		}
	}
	return line, UTF16Len(p.s[start:p.i]) + 1
}

// fail records the error of a token that cannot be at p.i.
func (p *jsonParser) fail() bool {
	if p.i >= len(p.s) {
		p.err = NewError("SyntaxError", "Unexpected end of JSON input")
		return false
	}
	switch c := p.s[p.i]; {
	case c == '"':
		return p.failWith("Unexpected string")
	case c == '-' || c >= '0' && c <= '9':
		return p.failWith("Unexpected number")
	}
	p.err = NewError("SyntaxError", p.unexpectedToken())
	return false
}

func (p *jsonParser) unexpectedToken() string {
	switch p.s {
	case "NaN", "Infinity", "undefined", "[object Object]":
		return `"` + p.s + `" is not valid JSON`
	}
	pos, n := UTF16Len(p.s[:p.i]), UTF16Len(p.s)
	text := "Unexpected token '" + Slice(p.s, pos, pos+1) + "', "
	if n <= 2*jsonContext {
		return text + `"` + p.s + `" is not valid JSON`
	}
	from, to, before, after := pos-jsonContext, pos+jsonContext, "...", "... "
	if pos < jsonContext {
		from, before = 0, ""
	}
	if pos >= jsonContext && pos >= n-jsonContext {
		to, after = n, " "
	}
	return text + before + `"` + Slice(p.s, from, to) + `"` + after + "is not valid JSON"
}

// keySet finds duplicate keys: by comparing all pairs where there are few, else
// with a table that is kept for the next object.
type keySet struct {
	table []int32
}

func (k *keySet) duplicates(props []Prop) bool {
	if len(props) <= 8 {
		for i := 1; i < len(props); i++ {
			for j := 0; j < i; j++ {
				if props[i].Key == props[j].Key {
					return true
				}
			}
		}
		return false
	}
	size := 1 << bits.Len(uint(2*len(props)))
	if len(k.table) < size {
		k.table = make([]int32, size)
	}
	table := k.table[:size]
	clear(table)
	for i := range props {
		key := props[i].Key
		for h := hashKey(key); ; h++ {
			slot := &table[int(h)&(size-1)]
			if *slot == 0 {
				*slot = int32(i + 1)
				break
			}
			if props[*slot-1].Key == key {
				return true
			}
		}
	}
	return false
}
