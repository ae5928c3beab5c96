package value

import (
	"slices"
	"strconv"
	"strings"
)

// Values for the numbers of InspectOptions, whose zero stands for Node's default.
const (
	InspectAll  = -1 // no limit
	InspectNone = -2 // the number zero
)

// InspectOptions are the options of util.inspect. The zero value is Node's
// default. In the numbers 0 stands for the default, InspectAll for no limit and
// InspectNone for zero.
type InspectOptions struct {
	Depth           int  // levels below the top, 2 by default
	Colors          bool // ANSI colours
	BreakLength     int  // length of a line, 80 by default
	Compact         int  // inner levels put on one line, 3 by default; InspectNone: each property has a line
	MaxArrayLength  int  // elements shown of an array, Map, Set or typed array, 100 by default
	MaxStringLength int  // UTF-16 units shown of a string, 10,000 by default
	Sorted          bool // properties sorted by key
	ShowHidden      bool // non-enumerable properties too
}

func inspectNumber(n, byDefault int) int {
	switch n {
	case 0:
		return byDefault
	case InspectAll:
		return 1 << 30
	case InspectNone:
		return 0
	}
	return n
}

// Inspect is util.inspect of Node 22.
func Inspect(v Value, o InspectOptions) string {
	return newInspector(o).value(v, 0, false)
}

func newInspector(o InspectOptions) *inspector {
	o.Depth = inspectNumber(o.Depth, 2)
	o.BreakLength = inspectNumber(o.BreakLength, 80)
	o.Compact = inspectNumber(o.Compact, 3)
	o.MaxArrayLength = inspectNumber(o.MaxArrayLength, 100)
	o.MaxStringLength = inspectNumber(o.MaxStringLength, 10_000)
	return &inspector{InspectOptions: o}
}

// inspector is the state of one call of Inspect.
type inspector struct {
	InspectOptions
	indent   int         // of the lines being made
	current  int         // depth of the container entered last
	seen     []Value     // the open containers
	circular []Value     // those referred to from inside, in the order found
	budget   map[int]int // length of what was made, by indentation
}

// inspectLimit is the length of text at which only the top is shown further.
const inspectLimit = 1 << 27

var inspectStyles = map[string][2]string{
	"special": {"36", "39"}, "number": {"33", "39"}, "bigint": {"33", "39"}, "boolean": {"33", "39"},
	"undefined": {"90", "39"}, "null": {"1", "22"}, "string": {"32", "39"}, "symbol": {"32", "39"},
	"date": {"35", "39"}, "regexp": {"31", "39"}, "module": {"4", "24"},
}

func (c *inspector) style(s, kind string) string {
	if !c.Colors {
		return s
	}
	if e, ok := inspectStyles[kind]; ok {
		return "\x1b[" + e[0] + "m" + s + "\x1b[" + e[1] + "m"
	}
	return s
}

// value formats a value; inView says that it hangs in a typed array.
func (c *inspector) value(v Value, depth int, inView bool) string {
	switch v.kind {
	case KindNull:
		return c.style("null", "null")
	case KindUndefined, KindBool, KindNumber, KindString, KindBigInt, KindSymbol:
		return c.primitive(v)
	case KindBuffer:
		return inspectBuffer(v.Buffer().B)
	}
	for _, s := range c.seen {
		if SameObject(s, v) {
			return c.style("[Circular *"+strconv.Itoa(c.circle(v, true))+"]", "special")
		}
	}
	return c.container(v, depth, inView)
}

// circle gives the number of a container that is referred to from inside, 0 if
// it is none; add makes it one.
func (c *inspector) circle(v Value, add bool) int {
	for i, s := range c.circular {
		if SameObject(s, v) {
			return i + 1
		}
	}
	if !add {
		return 0
	}
	c.circular = append(c.circular, v)
	return len(c.circular)
}

func (c *inspector) primitive(v Value) string {
	switch v.kind {
	case KindString:
		return c.text(v.Str())
	case KindNumber:
		return c.number(v.Num())
	case KindBigInt:
		return c.style(v.BigInt().String()+"n", "bigint")
	case KindBool:
		return c.style(ToString(v), "boolean")
	case KindSymbol:
		return c.style(ToString(v), "symbol")
	}
	return c.style("undefined", "undefined")
}

func (c *inspector) number(f float64) string {
	s := FormatNumber(f)
	if f == 0 && 1/f < 0 {
		s = "-0"
	}
	return c.style(s, "number")
}

// text formats a string; one too long for its line is split after line feeds.
func (c *inspector) text(s string) string {
	trailer := ""
	n := UTF16Len(s)
	if n > c.MaxStringLength {
		trailer = "... " + plural(n-c.MaxStringLength, "more character")
		s = Slice(s, 0, c.MaxStringLength)
		n = c.MaxStringLength
	}
	if n <= 16 || n <= c.BreakLength-c.indent-4 {
		return c.style(quoteText(s), "string") + trailer
	}
	parts := strings.SplitAfter(s, "\n")
	if parts[len(parts)-1] == "" && len(parts) > 1 {
		parts = parts[:len(parts)-1]
	}
	for i, p := range parts {
		parts[i] = c.style(quoteText(p), "string")
	}
	return strings.Join(parts, " +\n"+strings.Repeat(" ", c.indent+2)) + trailer
}

func plural(n int, what string) string {
	if n > 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}

func remaining(n int) string { return "... " + plural(n, "more item") }

// quoteText puts a string in the quotes that need the least escaping.
func quoteText(s string) string {
	quote := byte('\'')
	if strings.Contains(s, "'") {
		if !strings.Contains(s, `"`) {
			quote = '"'
		} else if !strings.Contains(s, "`") && !strings.Contains(s, "${") {
			quote = '`'
		}
	}
	return string(quote) + escapeText(s, quote == '\'') + string(quote)
}

// escapeText escapes control characters, backslashes, lone surrogates and, if
// single is set, single quotes.
func escapeText(s string, single bool) string {
	var b strings.Builder
	last := 0
	for i := 0; i < len(s); {
		r, n := decode(s, i)
		e := ""
		switch {
		case r == '\'' && single:
			e = `\'`
		case r == '\\':
			e = `\\`
		case r == '\b':
			e = `\b`
		case r == '\t':
			e = `\t`
		case r == '\n':
			e = `\n`
		case r == '\f':
			e = `\f`
		case r == '\r':
			e = `\r`
		case r < 0x20 || r > 0x7E && r < 0xA0:
			e = `\x` + strings.ToUpper(string(appendHex4(nil, uint16(r))[4:]))
		case r >= 0xD800 && r < 0xE000:
			e = string(appendHex4(nil, uint16(r)))
		}
		if e != "" {
			b.WriteString(s[last:i])
			b.WriteString(e)
			last = i + n
		}
		i += n
	}
	if last == 0 {
		return s
	}
	b.WriteString(s[last:])
	return b.String()
}

// inspectBuffer is what a Buffer shows of itself: its first 50 bytes.
func inspectBuffer(b []byte) string {
	const limit = 50
	s := "<Buffer "
	s += hexBytes(b[:min(len(b), limit)])
	if n := len(b) - limit; n > 0 {
		s += " ... " + plural(n, "more byte")
	}
	return s + ">"
}

func hexBytes(b []byte) string {
	const hex = "0123456789abcdef"
	out := make([]byte, 0, 3*len(b))
	for i, x := range b {
		if i > 0 {
			out = append(out, ' ')
		}
		out = append(out, hex[x>>4], hex[x&15])
	}
	return string(out)
}

// frame is what is known of a container before its contents are formatted.
type frame struct {
	v         Value
	name      string // of its constructor, "" if it has no prototype
	keys      []string
	base      string // text in front of the braces
	open      string
	shut      string
	arrayLike bool
	done      bool // base is all there is to show
}

// container formats a container that is not open already.
func (c *inspector) container(v Value, depth int, inView bool) string {
	f := c.describe(v, depth, inView)
	if f.done {
		return f.base
	}
	if depth > c.Depth {
		return c.style(f.short(), "special")
	}
	depth++
	c.seen = append(c.seen, v)
	c.current = depth
	out := c.contents(&f, depth, inView)
	fromKeys := len(out)
	for _, k := range f.keys {
		out = append(out, c.property(v, k, depth))
	}
	if n := c.circle(v, false); n > 0 {
		ref := c.style("<ref *"+strconv.Itoa(n)+">", "special")
		if f.base != "" {
			ref += " " + f.base
		}
		f.base = ref
	}
	c.seen = c.seen[:len(c.seen)-1]
	if c.Sorted {
		from := 0
		if f.arrayLike {
			from = fromKeys
		}
		slices.SortFunc(out[from:], CompareStrings)
	}
	s := c.layout(out, &f, depth)
	if c.budget == nil {
		c.budget = map[int]int{}
	}
	c.budget[c.indent] += len(s)
	if c.budget[c.indent] > inspectLimit {
		c.Depth = -1
	}
	return s
}

// short is what stands for a container that is too deep.
func (f *frame) short() string {
	if f.name == "" {
		return "[Object: null prototype]"
	}
	return "[" + f.name + "]"
}

// property formats "key: value".
func (c *inspector) property(v Value, key string, depth int) string {
	x, err := GetKey(v, key)
	c.indent += 2
	s := ""
	if err != nil {
		s = c.style("[Getter]", "special")
	} else {
		s = c.value(x, depth, false)
	}
	c.indent -= 2
	return c.propertyName(v, key) + ": " + s
}

func (c *inspector) propertyName(v Value, key string) string {
	switch {
	case key == "__proto__":
		return "['__proto__']"
	case !enumerable(v, key):
		return "[" + escapeText(key, true) + "]"
	case isIdentifier(key):
		return key
	}
	return c.style(quoteText(key), "string")
}

// enumerable reports whether a property that is shown is an ordinary one.
func enumerable(v Value, key string) bool {
	switch v.kind {
	case KindError:
		if key == "name" {
			return true
		}
		return slices.Contains(v.Error().keys(), key)
	case KindArray:
		return key != "length"
	case KindRegExp:
		return key != "lastIndex"
	}
	return true
}

func isIdentifier(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || i > 0 && c >= '0' && c <= '9') {
			return false
		}
	}
	return s != ""
}
