package sequence

import (
	"bytes"
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Split is the configuration of a split node.
type Split struct {
	// Splt is what strings and buffers are split at: text with \n, \r, \t … escapes,
	// a JSON array of bytes, or a length, as SpltType says (str, bin, len).
	Splt     value.Value `json:"splt"`
	SpltType string      `json:"spltType"`
	// ArraySplt is how many elements of an array a message gets; default 1.
	ArraySplt value.Value `json:"arraySplt"`
	// ArraySpltType is always len.
	ArraySpltType string `json:"arraySpltType"`
	// Stream treats messages as one stream: what is left over waits for the next.
	Stream bool `json:"stream"`
	// AddName is the property that gets the key when an object is split; empty for none.
	AddName string `json:"addname"`
	// Property is what is split; payload if empty.
	Property string `json:"property"`
}

var splitType = engine.Define("split", "Splits a string, array, object or buffer into a sequence of messages.", newSplit)

var escapes = strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t", `\e`, "e", `\f`, "\f", `\0`, "\x00")

type split struct {
	Split
	text   string      // splt as text
	raw    []byte      // splt as bytes
	ch     value.Value // splt as parts carry it
	length int
	array  int

	index     int
	rest      string // of strings, when streaming
	restBytes []byte
	open      []func()
}

func newSplit(c *engine.Call, cfg Split) (engine.Node, error) {
	n := &split{Split: cfg, array: 1}
	if n.SpltType == "" {
		n.SpltType = "str"
	}
	if n.Property == "" {
		n.Property = "payload"
	}
	if err := n.prepare(); err != nil {
		c.Error(engine.Fail("Invalid split property: "+value.ToString(engine.Thrown(err))), nil)
		return engine.Mute{}, nil
	}
	return n, nil
}

func (n *split) prepare() error {
	splt := value.ToString(n.Splt)
	switch n.SpltType {
	case "str":
		if !value.Truthy(n.Splt) {
			splt = `\n`
		}
		n.text = escapes.Replace(splt)
		n.raw, n.ch = []byte(n.text), value.Str(n.text)
	case "bin":
		v, err := value.ParseJSON(splt)
		if err != nil {
			return err
		}
		if v.Array() == nil {
			return value.ThrownError("Error", "not an array")
		}
		n.ch, n.raw = v, toBytes(v.Array())
		n.text = value.Text(n.raw)
	case "len":
		l := value.ParseInt(splt, 10)
		if math.IsNaN(l) || l < 1 {
			return value.ThrownError("Error", "invalid split length: "+splt)
		}
		n.length = int(l)
	}
	if !n.ArraySplt.IsUndefined() {
		l := value.ParseInt(value.ToString(n.ArraySplt), 10)
		if math.IsNaN(l) || l < 1 {
			return value.ThrownError("Error", "invalid array split length: "+value.ToString(n.ArraySplt))
		}
		n.array = int(l)
	}
	return nil
}

func toBytes(a *value.Array) []byte {
	b := make([]byte, a.Len())
	for i, e := range a.Elems {
		b[i] = byte(value.ToInt32(value.ToNumber(e)))
	}
	return b
}

func (n *split) Receive(c *engine.Call, m *engine.Message) error {
	v, err := value.GetMessageProperty(m, n.Property)
	if err != nil {
		return err
	}
	if v.IsUndefined() {
		return engine.Pending
	}
	parts := value.NewObject(8)
	if prev, ok := m.Lookup("parts"); ok {
		parts.Set("parts", prev)
	}
	m.Set("parts", value.Of(parts))
	parts.Set("id", value.Str(c.NewID()))
	if n.Property != "payload" {
		parts.Set("property", value.Str(n.Property))
	}
	m.Delete("_msgid")
	switch {
	case v.IsString():
		return n.splitText(c, m, parts, v.Str())
	case v.Array() != nil:
		return n.splitArray(c, m, parts, v.Array())
	case v.Buffer() != nil:
		return n.splitBuffer(c, m, parts, v.Buffer().B)
	case v.TypeOf() == "object" && !v.IsNull():
		return n.splitObject(c, m, parts, v)
	case v.IsNull():
		return value.NewError("TypeError", "Cannot convert undefined or null to object")
	}
	return nil
}

// part sends one part as a clone of the message.
func (n *split) part(c *engine.Call, m *engine.Message, parts *value.Object, v value.Value, index int) error {
	if _, err := value.SetMessageProperty(m, n.Property, v, true); err != nil {
		return err
	}
	parts.Set("index", value.Int(index))
	c.Send(value.CloneMessage(m))
	return nil
}

func (n *split) next() int {
	n.index++
	return n.index - 1
}

func (n *split) finish() {
	for _, done := range n.open {
		done()
	}
	n.open = nil
}

func (n *split) splitText(c *engine.Call, m *engine.Message, parts *value.Object, s string) error {
	s = n.rest + s
	parts.Set("type", value.Str("string"))
	if n.SpltType == "len" {
		return n.textByLength(c, m, parts, s)
	}
	list := []string{s}
	switch {
	case n.text == "":
		list = strings.Split(s, "")
	case n.SpltType == "str" || n.SpltType == "bin":
		list = strings.Split(s, n.text)
	}
	parts.Set("ch", n.ch)
	for i, p := range list {
		if i == len(list)-1 && n.Stream {
			n.rest = p
			break
		}
		if !n.Stream {
			parts.Set("index", value.Int(n.index))
			parts.Set("count", value.Int(len(list)))
		}
		if err := n.part(c, m, parts, value.Str(p), n.next()); err != nil {
			return err
		}
	}
	if !n.Stream {
		n.index = 0
	}
	return nil
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

func (n *split) textByLength(c *engine.Call, m *engine.Message, parts *value.Object, s string) error {
	parts.Set("ch", value.Str(""))
	parts.Set("len", value.Int(n.length))
	count := ceilDiv(value.UTF16Len(s), n.length)
	if !n.Stream {
		parts.Set("count", value.Int(count))
		n.index = 0
	}
	pos := 0
	for range count - 1 {
		if err := n.part(c, m, parts, value.Str(value.Slice(s, pos, pos+n.length)), n.next()); err != nil {
			return err
		}
		pos += n.length
	}
	if count > 1 {
		n.finish()
	}
	n.rest = value.Slice(s, pos, value.UTF16Len(s))
	if n.Stream && value.UTF16Len(n.rest) != n.length {
		n.open = append(n.open, func() { c.Done(m) })
		return engine.Pending
	}
	if err := n.part(c, m, parts, value.Str(n.rest), n.next()); err != nil {
		return err
	}
	n.finish()
	n.rest = ""
	return nil
}

func (n *split) splitArray(c *engine.Call, m *engine.Message, parts *value.Object, a *value.Array) error {
	parts.Set("type", value.Str("array"))
	count := ceilDiv(a.Len(), n.array)
	parts.Set("count", value.Int(count))
	parts.Set("len", value.Int(n.array))
	// The elements themselves are sent as clones; the array need not be cloned.
	if _, err := value.SetMessageProperty(m, n.Property, value.Null, true); err != nil {
		return err
	}
	out := value.CloneMessage(m)
	if _, err := value.SetMessageProperty(m, n.Property, value.Of(a), true); err != nil {
		return err
	}
	parts = out.Get("parts").Object()
	for i := range count {
		v := a.At(i)
		if n.array > 1 {
			end := min((i+1)*n.array, a.Len())
			v = value.Arr(append([]value.Value{}, a.Elems[i*n.array:end]...)...)
		}
		if err := n.part(c, out, parts, v, i); err != nil {
			return err
		}
	}
	return nil
}

func (n *split) splitObject(c *engine.Call, m *engine.Message, parts *value.Object, v value.Value) error {
	keys := value.Keys(v)
	parts.Set("type", value.Str("object"))
	for i, k := range keys {
		p, err := value.GetKey(v, k)
		if err != nil {
			return err
		}
		if _, err := value.SetMessageProperty(m, n.Property, p, true); err != nil {
			return err
		}
		if n.AddName != "" {
			if _, err := value.SetMessageProperty(m, n.AddName, value.Str(k), true); err != nil {
				return err
			}
		}
		parts.Set("key", value.Str(k))
		parts.Set("index", value.Int(i))
		parts.Set("count", value.Int(len(keys)))
		c.Send(value.CloneMessage(m))
	}
	return nil
}

func (n *split) splitBuffer(c *engine.Call, m *engine.Message, parts *value.Object, b []byte) error {
	b = append(append([]byte{}, n.restBytes...), b...)
	parts.Set("type", value.Str("buffer"))
	if n.SpltType == "len" {
		return n.bufferByLength(c, m, parts, b)
	}
	parts.Set("ch", n.ch)
	count := 1
	if len(n.raw) > 0 {
		count += bytes.Count(b, n.raw)
	}
	if !n.Stream {
		parts.Set("count", value.Int(count))
		n.index = 0
	}
	from := 0
	for at := bytes.Index(b, n.raw); at >= 0 && len(n.raw) > 0; {
		if err := n.part(c, m, parts, value.Bytes(b[from:from+at]), n.next()); err != nil {
			return err
		}
		from += at + len(n.raw)
		at = bytes.Index(b[from:], n.raw)
	}
	if count > 1 {
		n.finish()
	}
	if !n.Stream && from < len(b) {
		index := n.next()
		if _, err := value.SetMessageProperty(m, n.Property, value.Bytes(b[from:]), true); err != nil {
			return err
		}
		parts.Set("index", value.Int(index))
		parts.Set("count", value.Int(n.next()))
		c.Send(value.CloneMessage(m))
		n.finish()
	} else if n.restBytes = b[from:]; len(n.restBytes) > 0 {
		n.open = append(n.open, func() { c.Done(m) })
	}
	if len(n.restBytes) == 0 {
		return nil
	}
	return engine.Pending
}

func (n *split) bufferByLength(c *engine.Call, m *engine.Message, parts *value.Object, b []byte) error {
	count := ceilDiv(len(b), n.length)
	if !n.Stream {
		parts.Set("count", value.Int(count))
		n.index = 0
	}
	parts.Set("len", value.Int(n.length))
	pos := 0
	for range count - 1 {
		if err := n.part(c, m, parts, value.Bytes(b[pos:pos+n.length]), n.next()); err != nil {
			return err
		}
		pos += n.length
	}
	if count > 1 {
		n.finish()
	}
	n.restBytes = b[pos:]
	if n.Stream && len(n.restBytes) != n.length {
		n.open = append(n.open, func() { c.Done(m) })
		return engine.Pending
	}
	if err := n.part(c, m, parts, value.Bytes(n.restBytes), n.next()); err != nil {
		return err
	}
	n.finish()
	n.restBytes = nil
	return nil
}
