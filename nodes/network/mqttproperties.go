package network

import (
	"math"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// setInt copies a whole number between bounds; none stands for no bound.
func setInt(from, to *value.Object, name string, low, high float64) {
	v, ok := from.Lookup(name)
	if !ok {
		return
	}
	f := value.ParseInt(value.ToString(v), 10)
	if math.IsNaN(f) || f < low || f > high {
		return
	}
	to.Set(name, value.Num(f))
}

var inf = math.Inf(1)

// setText copies a text that is not empty.
func setText(from, to *value.Object, name string) {
	if v := from.Get(name); v.IsString() && v.Str() != "" {
		to.Set(name, v)
	}
}

// setBool copies true and false, also as texts.
func setBool(from, to *value.Object, name string) {
	switch v := from.Get(name); {
	case v.IsBool():
		to.Set(name, v)
	case v.Str() == "true" || v.Str() == "false":
		to.Set(name, value.Bool(v.Str() == "true"))
	}
}

// setBuffer copies bytes; a text or a list becomes bytes as Buffer.from makes them.
func setBuffer(from, to *value.Object, name string) error {
	v := from.Get(name)
	if !value.Truthy(v) {
		return nil
	}
	switch {
	case v.Buffer() != nil:
		to.Set(name, value.Bytes(append([]byte(nil), v.Buffer().B...)))
	case v.IsString():
		to.Set(name, value.Bytes([]byte(wellFormed(v.Str()))))
	case v.Array() != nil:
		b := make([]byte, v.Array().Length())
		for i := range b {
			b[i] = byte(value.ToInt32(value.ToNumber(v.Array().At(i))))
		}
		to.Set(name, value.Bytes(b))
	default:
		return codeError("TypeError", "ERR_INVALID_ARG_TYPE",
			"The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object. Received "+received(v))
	}
	return nil
}

// received describes a value as Node's argument errors do.
func received(v value.Value) string {
	if v.IsObject() {
		return "an instance of " + value.ClassName(v)
	}
	return "type " + v.TypeOf() + " (" + value.Inspect(v, value.InspectOptions{}) + ")"
}

// setUser copies user properties: texts as they are, all else as JSON.
func setUser(from value.Value, to *value.Object) {
	if !from.IsObject() {
		return
	}
	out := value.NewObject()
	for _, key := range value.Keys(from) {
		v, err := value.GetKey(from, key)
		switch {
		case err != nil || v.IsNullish():
		case v.IsString():
			out.Set(key, v)
		default:
			if text, ok, err := value.Stringify(v, ""); err == nil && ok {
				out.Set(key, value.Str(text))
			}
		}
	}
	if out.Len() > 0 {
		to.Set("userProperties", value.Of(out))
	}
}

// userText gives user properties that are written as JSON in the editor.
func userText(v value.Value, to *value.Object) {
	if text := value.ToString(v); !v.IsNullish() && startsObject(text) {
		if parsed, err := value.ParseJSON(text); err == nil {
			setUser(parsed, to)
		}
	}
}

func startsObject(text string) bool {
	for i := range len(text) {
		if text[i] != ' ' {
			return text[i] == '{'
		}
	}
	return false
}

// payloadBytes is what is published for a payload: bytes, text, or JSON of objects.
func payloadBytes(v value.Value) (value.Value, error) {
	switch {
	case v.IsNullish():
		return value.Str(""), nil
	case v.Buffer() != nil || v.IsString():
		return v, nil
	case v.IsObject() && v.TypeOf() == "object":
		text, ok, err := value.Stringify(v, "")
		if !ok {
			return value.Undefined, err
		}
		return value.Str(text), err
	}
	return value.Str(value.ToString(v)), nil
}

// shownStatus shows a status of Node-RED's catalogue, named as nodes name it that
// use the runtime's own texts.
func shownStatus(c *engine.Call, fill, shape, key string) {
	text := c.Text(key)
	if text == key {
		text = "node-red:" + key
	}
	c.Status(fill, shape, text)
}

func showDisconnected(c *engine.Call) {
	shownStatus(c, "red", "ring", "common.status.disconnected")
}

func showConnecting(c *engine.Call) {
	shownStatus(c, "yellow", "ring", "common.status.connecting")
}

func showConnected(c *engine.Call) { shownStatus(c, "green", "dot", "common.status.connected") }
