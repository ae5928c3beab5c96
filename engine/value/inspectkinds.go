package value

import (
	"strconv"
	"strings"
)

// describe finds out how a container is shown: its braces, base and keys.
func (c *inspector) describe(v Value, depth int, inView bool) frame {
	f := frame{v: v, name: ClassName(v), open: "{", shut: "}"}
	switch v.kind {
	case KindArray:
		return c.describeArray(f, "")
	case KindMap, KindSet:
		n := len(v.Map().pairs()) + len(v.Set().items())
		f.open = f.prefix(n) + "{"
		if n == 0 {
			f.base, f.done = f.open+"}", true
		}
	case KindTypedArray:
		f.describeView(c.ShowHidden, inView)
	case KindRegExp:
		f.base, f.done = c.style(ToString(v), "regexp"), !c.ShowHidden || depth > c.Depth
		if c.ShowHidden {
			f.base, f.keys = ToString(v), []string{"lastIndex"}
		}
	case KindDate:
		s := ISO(v.Date().Ms)
		if s == "" {
			s = invalidDate
		}
		f.base, f.done = c.style(s, "date"), true
	case KindError:
		f.keys = v.Error().keys()
		f.base = c.error(v.Error(), &f.keys)
		f.done = len(f.keys) == 0
	case KindForeign:
		return c.describeForeign(f)
	default:
		f.keys = Keys(v)
		if f.name != "Object" {
			f.open = f.name + " {"
		}
		if len(f.keys) == 0 {
			f.base, f.done = f.open+"}", true
		}
	}
	return f
}

func (m *Map) pairs() [][2]Value {
	if m == nil {
		return nil
	}
	return m.Pairs
}

func (s *Set) items() []Value {
	if s == nil {
		return nil
	}
	return s.Items
}

// prefix is the class with a size, as "Map(2) ".
func (f *frame) prefix(n int) string {
	if f.name == "" {
		return "[Array(" + strconv.Itoa(n) + "): null prototype] "
	}
	return f.name + "(" + strconv.Itoa(n) + ") "
}

func (c *inspector) describeArray(f frame, prefix string) frame {
	f.open, f.shut, f.arrayLike = prefix+"[", "]", true
	if a := f.v.Array(); a != nil && a.Extra != nil {
		f.keys = a.Extra.Keys()
	}
	if c.ShowHidden {
		f.keys = append([]string{"length"}, f.keys...)
	}
	if Length(f.v) == 0 && len(f.keys) == 0 {
		f.base, f.done = f.open+"]", true
	}
	return f
}

func (f *frame) describeView(hidden, inView bool) {
	t := f.v.TypedArray()
	if t.ElemSize() > 0 {
		f.open, f.shut, f.arrayLike = f.prefix(t.Len())+"[", "]", true
		if t.Len() == 0 && !hidden {
			f.base, f.done = f.open+"]", true
		}
		return
	}
	f.open = f.name + " {"
	if t.Class != "DataView" && inView {
		f.base, f.done = f.open+" [byteLength]: "+strconv.Itoa(len(t.B))+" }", true
	}
}

func (c *inspector) describeForeign(f frame) frame {
	o := f.v.Foreign()
	f.keys = o.Keys()
	switch {
	case o.TypeOf() == "function":
		f.base = functionBase(o)
		if len(f.keys) == 0 {
			f.base, f.done = c.style(f.base, "special"), true
		}
		return f
	case o.IsArray():
		keys := f.keys
		f.keys = nil
		for _, k := range keys {
			if _, ok := ArrayIndex(k); !ok {
				f.keys = append(f.keys, k)
			}
		}
		prefix := ""
		if f.name != "Array" {
			prefix = f.prefix(Length(f.v))
		}
		return c.describeArray(f, prefix)
	case f.name == "Promise" && len(f.keys) == 0:
		f.base, f.done = "Promise { "+c.style("<pending>", "special")+" }", true
		return f
	case f.name == "":
		f.open = "[Object: null prototype] {"
	case f.name != "Object":
		f.open = f.name + " {"
	}
	if len(f.keys) == 0 {
		f.base, f.done = f.open+"}", true
	}
	return f
}

// functionBase is [Function: f], [AsyncFunction: f] or [class A extends B].
func functionBase(o Foreign) string {
	name := ""
	if n, err := o.Get("name"); err == nil {
		name = n.Str()
	}
	if src, err := o.ToString(); err == nil && strings.HasPrefix(src, "class") && strings.HasSuffix(src, "}") {
		if name == "" {
			name = "(anonymous)"
		}
		s := "[class " + name
		if p, err := o.Get("__proto__"); err == nil && p.kind == KindForeign {
			if n, err := p.Foreign().Get("name"); err == nil && n.Str() != "" {
				s += " extends " + n.Str()
			}
		}
		return s + "]"
	}
	kind := "Function"
	switch o.Class() {
	case "AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction":
		kind = o.Class()
	}
	if name == "" {
		return "[" + kind + " (anonymous)]"
	}
	return "[" + kind + ": " + name + "]"
}

// contents formats what a container holds besides its properties.
func (c *inspector) contents(f *frame, depth int, inView bool) []string {
	v := f.v
	switch {
	case f.arrayLike && v.kind == KindTypedArray:
		return c.typedElems(v.TypedArray())
	case f.arrayLike:
		return c.elems(v, depth)
	case v.kind == KindMap:
		return c.pairs(v.Map().Pairs, depth)
	case v.kind == KindSet:
		c.indent += 2
		out := c.list(v.Set().Items, depth)
		c.indent -= 2
		return out
	case v.kind == KindTypedArray:
		return c.bytes(v.TypedArray(), depth)
	}
	return nil
}

func (c *inspector) elems(v Value, depth int) []string {
	c.indent += 2
	defer func() { c.indent -= 2 }()
	if a := v.Array(); a != nil {
		return c.list(a.Elems, depth)
	}
	n := Length(v)
	elems := make([]Value, min(n, c.MaxArrayLength))
	for i := range elems {
		elems[i] = Index(v, i)
	}
	out := c.list(elems, depth)
	if n > len(elems) {
		out = append(out, remaining(n-len(elems)))
	}
	return out
}

func (c *inspector) list(elems []Value, depth int) []string {
	n := min(len(elems), c.MaxArrayLength)
	out := make([]string, 0, n+1)
	for _, e := range elems[:n] {
		out = append(out, c.value(e, depth, false))
	}
	if n < len(elems) {
		out = append(out, remaining(len(elems)-n))
	}
	return out
}

func (c *inspector) pairs(pairs [][2]Value, depth int) []string {
	n := min(len(pairs), c.MaxArrayLength)
	out := make([]string, 0, n+1)
	c.indent += 2
	for _, p := range pairs[:n] {
		k := c.value(p[0], depth, false)
		out = append(out, k+" => "+c.value(p[1], depth, false))
	}
	c.indent -= 2
	if n < len(pairs) {
		out = append(out, remaining(len(pairs)-n))
	}
	return out
}

func (c *inspector) typedElems(t *TypedArray) []string {
	n := min(t.Len(), c.MaxArrayLength)
	out := make([]string, 0, n+1)
	for i := range n {
		out = append(out, c.primitive(t.At(i)))
	}
	if n < t.Len() {
		out = append(out, remaining(t.Len()-n))
	}
	if c.ShowHidden {
		add := func(key, s string) { out = append(out, c.style("["+key+"]", "string")+": "+s) }
		add("BYTES_PER_ELEMENT", c.number(float64(t.ElemSize())))
		add("length", c.number(float64(t.Len())))
		add("byteLength", c.number(float64(len(t.B))))
		add("byteOffset", c.number(0))
		add("buffer", "ArrayBuffer { [byteLength]: "+c.number(float64(len(t.B)))+" }")
	}
	return out
}

// bytes formats the contents of an ArrayBuffer or DataView.
func (c *inspector) bytes(t *TypedArray, depth int) []string {
	size := c.style("[byteLength]", "string") + ": " + c.number(float64(len(t.B)))
	if t.Class == "DataView" {
		c.indent += 2
		buffer := c.value(Of(&TypedArray{Class: "ArrayBuffer", B: t.B}), depth, false)
		c.indent -= 2
		return []string{size, c.style("[byteOffset]", "string") + ": " + c.number(0),
			c.style("[buffer]", "string") + ": " + buffer}
	}
	s := hexBytes(t.B[:min(len(t.B), c.MaxArrayLength)])
	if n := len(t.B) - c.MaxArrayLength; n > 0 {
		s += " ... " + plural(n, "more byte")
	}
	return []string{c.style("[Uint8Contents]", "special") + ": <" + s + ">", size}
}
