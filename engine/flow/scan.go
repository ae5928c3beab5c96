package flow

import (
	"fmt"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// maxDepth bounds the nesting of a flow file; Node-RED's own never pass 20.
const maxDepth = 1000

// scanner reads JSON and notes where the properties of outer objects start.
type scanner struct {
	file  *File
	s     string
	at    int
	depth int
	marks map[*value.Object]*marks
}

// marks are the offsets of an object and of the values of its properties.
type marks struct {
	start int
	props map[string]int
}

// markDepth is how deep objects are given marks: a node is at most at depth 3
// ({flows:[{…}]}), its rules two further down.
const markDepth = 6

type syntaxError struct {
	at   int
	text string
}

func (p *scanner) fail(at int, format string, args ...any) {
	panic(syntaxError{at, fmt.Sprintf(format, args...)})
}

func (p *scanner) space() {
	for p.at < len(p.s) {
		switch p.s[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *scanner) document() (v value.Value, err *syntaxError) {
	defer func() {
		if r := recover(); r != nil {
			se, ok := r.(syntaxError)
			if !ok {
				panic(r)
			}
			err = &se
		}
	}()
	p.at = len(p.s) - len(strings.TrimPrefix(p.s, "\ufeff"))
	p.space()
	if p.at == len(p.s) {
		p.fail(p.at, "the file is empty; a flow file is a JSON array of nodes")
	}
	v = p.value()
	p.space()
	if p.at < len(p.s) {
		p.fail(p.at, "unexpected %s after the end of the JSON document", p.here())
	}
	return v, nil
}

func (p *scanner) here() string {
	if p.at >= len(p.s) {
		return "end of file"
	}
	for _, r := range p.s[p.at:] {
		return fmt.Sprintf("%q", r)
	}
	return ""
}

func (p *scanner) value() value.Value {
	if p.at >= len(p.s) {
		p.fail(p.at, "unexpected end of file: a value is missing")
	}
	switch c := p.s[p.at]; {
	case c == '{':
		return p.object()
	case c == '[':
		return p.array()
	case c == '"':
		return value.Str(p.str())
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	for word, v := range map[string]value.Value{"true": value.True, "false": value.False, "null": value.Null} {
		if strings.HasPrefix(p.s[p.at:], word) {
			p.at += len(word)
			return v
		}
	}
	p.fail(p.at, "unexpected %s: a JSON value was expected", p.here())
	return value.Undefined
}

func (p *scanner) enter() {
	if p.depth++; p.depth > maxDepth {
		p.fail(p.at, "nested more than %d levels deep", maxDepth)
	}
}

func (p *scanner) object() value.Value {
	p.enter()
	o := value.NewObject()
	var m *marks
	if p.depth <= markDepth {
		m = &marks{start: p.at, props: map[string]int{}}
		p.marks[o] = m
	}
	p.at++
	p.space()
	if p.at < len(p.s) && p.s[p.at] == '}' {
		p.at++
		p.depth--
		return value.Of(o)
	}
	for {
		p.space()
		if p.at >= len(p.s) || p.s[p.at] != '"' {
			p.fail(p.at, "unexpected %s: a property name in double quotes was expected", p.here())
		}
		key := p.str()
		p.space()
		if p.at >= len(p.s) || p.s[p.at] != ':' {
			p.fail(p.at, "unexpected %s: ':' was expected after the property name %q", p.here(), key)
		}
		p.at++
		p.space()
		if m != nil {
			m.props[key] = p.at
		}
		o.Set(key, p.value())
		if p.end('}', "the object") {
			return value.Of(o)
		}
	}
}

func (p *scanner) array() value.Value {
	p.enter()
	a := value.NewArray()
	p.at++
	p.space()
	if p.at < len(p.s) && p.s[p.at] == ']' {
		p.at++
		p.depth--
		return value.Of(a)
	}
	for {
		p.space()
		a.Append(p.value())
		if p.end(']', "the array") {
			return value.Of(a)
		}
	}
}

// end reads what follows an element: a comma (false) or the closing mark (true).
func (p *scanner) end(closing byte, what string) bool {
	p.space()
	if p.at < len(p.s) {
		switch p.s[p.at] {
		case ',':
			p.at++
			return false
		case closing:
			p.at++
			p.depth--
			return true
		}
	}
	p.fail(p.at, "unexpected %s: ',' or '%c' was expected to go on with or end %s", p.here(), closing, what)
	return true
}

func (p *scanner) number() value.Value {
	start := p.at
	for p.at < len(p.s) && strings.IndexByte("+-.eE0123456789", p.s[p.at]) >= 0 {
		p.at++
	}
	v, err := value.ParseJSON(p.s[start:p.at])
	if err != nil {
		p.fail(start, "%q is not a number", p.s[start:p.at])
	}
	return v
}

func (p *scanner) str() string {
	start := p.at
	for i := p.at + 1; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case c == '\\':
			i++
		case c < 0x20:
			p.fail(i, "a control character (0x%02x) inside a string: write it as an escape", c)
		case c == '"':
			p.at = i + 1
			raw := p.s[start+1 : i]
			if strings.IndexByte(raw, '\\') < 0 {
				return raw
			}
			v, err := value.ParseJSON(p.s[start : i+1])
			if err != nil {
				p.fail(start, "a bad escape inside a string")
			}
			return v.Str()
		}
	}
	p.fail(start, "a string that does not end")
	return ""
}
