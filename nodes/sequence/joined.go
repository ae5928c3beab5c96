package sequence

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// result is the joined value of a group.
func (g *group) result() (value.Value, error) {
	switch g.kind {
	case "object":
		return value.Of(g.object), nil
	case "array":
		if value.ToNumber(g.arrayLen) > 1 {
			g.list.flatten()
		}
	case "buffer":
		return g.buffer()
	case "string":
		return g.text()
	}
	return value.Of(value.NewArray(g.list.elems...)), nil
}

func (g *group) text() (value.Value, error) {
	sep := g.joinChar
	if sep.IsNullish() {
		_, err := value.GetKey(sep, "toString")
		return sep, err
	}
	text := value.ToString(sep)
	var b strings.Builder
	for i, v := range g.list.elems {
		if i > 0 {
			b.WriteString(text)
		}
		if !v.IsNullish() {
			b.WriteString(value.ToString(v))
		}
	}
	return value.Str(b.String()), nil
}

func (g *group) buffer() (value.Value, error) {
	var sep, out []byte
	if !g.joinChar.IsUndefined() {
		var err error
		if sep, err = asBytes(g.joinChar); err != nil {
			return value.Undefined, err
		}
	}
	for i, v := range g.list.elems {
		if i > 0 {
			out = append(out, sep...)
		}
		b, err := asBytes(v)
		if err != nil {
			return value.Undefined, err
		}
		out = append(out, b...)
	}
	return value.Bytes(out), nil
}

// asBytes is Buffer.from(v).
func asBytes(v value.Value) ([]byte, error) {
	switch {
	case v.Buffer() != nil:
		return v.Buffer().B, nil
	case v.IsString():
		return []byte(v.Str()), nil
	case v.Array() != nil:
		return toBytes(v.Array()), nil
	}
	e := value.NewError("TypeError", "The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object. Received "+value.Inspect(v, value.InspectOptions{}))
	e.SetProp("code", value.Str("ERR_INVALID_ARG_TYPE"))
	return nil, e
}

// finish ends the handling of the messages of a group.
func (g *group) finish(c *engine.Call) {
	for _, m := range g.open {
		c.Done(m)
	}
	g.open = nil
}
