package value

import (
	"strconv"
	"strings"
)

// Path is a parsed Node-RED property expression such as payload.a[3]["b c"] or
// payload[msg.topic]. The zero Path has no parts and is the root itself.
type Path struct {
	expr  string
	parts []part
}

// part is one step of a path: a name, an index, or a reference to be looked up
// in the message when the path is used.
type part struct {
	key    string // the name; for an index its digits
	index  int    // the index as an int if number is set, -1 if it is too big for one
	number bool   // [3] or .3.: JavaScript sees a number
	ref    *Path  // [msg.x]; key then holds its text
}

// ParsePath parses a property expression. Errors are Node-RED's, as *Error with
// code INVALID_EXPR. A reference [msg.x] is looked up when the path is used.
func ParsePath(expr string) (Path, error) {
	p := pathParser{src: expr, units: pathUnits(expr)}
	if err := p.parse(); err != nil {
		return Path{}, err
	}
	return Path{expr, p.parts}, nil
}

// String is the expression the path was parsed from.
func (p Path) String() string { return p.expr }

// Len is the number of parts.
func (p Path) Len() int { return len(p.parts) }

// First is the name of the first part, "" if there is none or it is a reference.
func (p Path) First() string {
	if len(p.parts) == 0 || p.parts[0].ref != nil {
		return ""
	}
	return p.parts[0].key
}

// HasReference reports whether the path has a part [msg.x] that needs a message.
func (p Path) HasReference() bool {
	for i := range p.parts {
		if p.parts[i].ref != nil {
			return true
		}
	}
	return false
}

// NormalisePath gives the canonical text of an expression, payload["a"][3], with
// references replaced by what msg has there (msg undefined: left as they are).
// It is RED.util.normalisePropertyExpression with its toString set.
func NormalisePath(expr string, msg Value) (string, error) {
	p, err := ParsePath(expr)
	if err != nil {
		return "", err
	}
	parts, err := p.resolve(msg)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i := range parts {
		switch s := parts[i]; {
		case i == 0:
			b.WriteString(s.key)
		case s.number || s.ref != nil:
			b.WriteString("[" + s.key + "]")
		case strings.Contains(s.key, `"`):
			b.WriteString("['" + s.key + "']")
		default:
			b.WriteString(`["` + s.key + `"]`)
		}
	}
	return b.String(), nil
}

// resolve replaces references by the values they have in msg. Without a message
// a reference is read as JavaScript reads its list of parts: joined by commas.
func (p Path) resolve(msg Value) ([]part, error) {
	if !p.HasReference() {
		return p.parts, nil
	}
	out := make([]part, len(p.parts))
	for i, s := range p.parts {
		if s.ref == nil {
			out[i] = s
			continue
		}
		if !Truthy(msg) {
			full, err := ParsePath(s.ref.expr)
			if err != nil {
				return nil, invalidExpr("Invalid expression started at position " + strconv.Itoa(s.index))
			}
			out[i] = part{key: full.listed(), ref: s.ref}
			continue
		}
		v, err := GetPath(msg, *s.ref, msg)
		if err != nil || v.IsUndefined() {
			return nil, invalidExpr("Invalid expression started at position " + strconv.Itoa(s.index))
		}
		out[i] = partOf(v)
	}
	return out, nil
}

// listed is what JavaScript makes of the list of parts as a key.
func (p Path) listed() string {
	names := make([]string, len(p.parts))
	for i := range p.parts {
		names[i] = p.parts[i].key
		if ref := p.parts[i].ref; ref != nil {
			if full, err := ParsePath(ref.expr); err == nil {
				names[i] = full.listed()
			}
		}
	}
	return strings.Join(names, ",")
}

// partOf makes a part of a value that a reference gave. A value that is neither
// a string nor a number is a part that setting a property passes over.
func partOf(v Value) part {
	switch v.kind {
	case KindString:
		return part{key: v.Str()}
	case KindNumber:
		key := FormatNumber(v.Num())
		i, ok := ArrayIndex(key)
		if !ok {
			return part{key: key, number: true, index: -1}
		}
		return part{key: key, number: true, index: int(i)}
	}
	return part{key: ToString(v), ref: &Path{}}
}

func invalidExpr(text string) *Error {
	e := NewError("Error", text)
	e.SetProp("code", Str("INVALID_EXPR"))
	return e
}

// pathParser walks an expression by UTF-16 units, as positions in errors count.
type pathParser struct {
	src   string
	units []string // the units of src; nil if it is ASCII
	parts []part
}

// pathUnits gives the units of a text that is not ASCII, each as a string.
func pathUnits(s string) []string {
	if IsASCII(s) {
		return nil
	}
	u := UTF16(s)
	out := make([]string, len(u))
	for i := range u {
		out[i] = FromUTF16(u[i : i+1])
	}
	return out
}

func (p *pathParser) len() int {
	if p.units != nil {
		return len(p.units)
	}
	return len(p.src)
}

// at is unit i as a string; past the end what a JavaScript regexp and a text
// make of it: "undefined".
func (p *pathParser) at(i int) string {
	if i >= p.len() {
		return "undefined"
	}
	if p.units != nil {
		return p.units[i]
	}
	return p.src[i : i+1]
}

func (p *pathParser) cut(from, to int) string {
	if p.units == nil {
		return p.src[from:to]
	}
	return Slice(p.src, from, to)
}

func (p *pathParser) push(name string) { p.parts = append(p.parts, part{key: name}) }

// pushNumber adds a part made of digits only, as parseInt reads it.
func (p *pathParser) pushNumber(digits string) {
	p.parts = append(p.parts, partOf(Num(ParseInt(digits, 10))))
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// identStart reports whether a character may follow a dot.
func identStart(c string) bool {
	b := c[0]
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '$' || b == '_'
}
