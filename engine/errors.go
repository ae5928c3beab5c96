package engine

import (
	"errors"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Pending is returned by Receive when the handling of the message goes on after
// the call.
var Pending = errors.New("the message is still being handled")

// thrown is a JavaScript value as a Go error: what node.error was called with.
type thrown struct{ v value.Value }

func (t thrown) Error() string { return value.ToString(t.v) }

// Throw makes any value an error: Throw(value.Str("x")) is reported as the
// string "x", a *value.Error as that error.
func Throw(v value.Value) error {
	if e := v.Error(); e != nil {
		return e
	}
	return thrown{v}
}

// Fail makes a plain text error: reported as that string, without a class.
func Fail(text string) error { return thrown{value.Str(text)} }

// Thrown gives the JavaScript value of an error: the value it was made of by
// Throw or Fail, itself if it is a *value.Error, else a JavaScript Error with its text.
func Thrown(err error) value.Value {
	var t thrown
	if errors.As(err, &t) {
		return t.v
	}
	var e *value.Error
	if errors.As(err, &e) {
		if e.Stack == "" {
			e.Stack = e.Error()
		}
		return value.Of(e)
	}
	return value.Of(value.ThrownError("Error", err.Error()))
}

// MessageOf is err.message as JavaScript code would read it.
func MessageOf(err error) string {
	switch v := Thrown(err); v.Kind() {
	case value.KindError:
		return v.Error().Message
	case value.KindObject:
		return value.ToString(v.Object().Get("message"))
	}
	return err.Error()
}

// Text gives a catalogue text by its key with {{name}} parameters replaced:
// Text("delay.errors.limit", "n", "3"). With Options.Keys it is the bare key.
func (c *Call) Text(key string, params ...string) string {
	if c.e.opt.Keys {
		return key
	}
	wording, ok := c.texts[key]
	if !ok {
		wording, ok = engineTexts[key]
	}
	if !ok {
		return key
	}
	for i := 0; i+1 < len(params); i += 2 {
		wording = strings.ReplaceAll(wording, "{{"+params[i]+"}}", params[i+1])
	}
	return wording
}

// TextError is Text as an error that is reported as a plain string.
func (c *Call) TextError(key string, params ...string) error { return Fail(c.Text(key, params...)) }

// engineTexts are the wordings of the engine's own catalogue texts.
var engineTexts = map[string]string{
	"nodes.flow.error-loop":           "An error that goes round in a circle was stopped after 10 rounds",
	"nodes.flow.non-message-returned": "The node tried to send a {{type}}: a message is an object",
	"common.status.connected":         "connected",
	"common.status.connecting":        "connecting",
	"common.status.disconnected":      "disconnected",
	"common.status.error":             "error",
	"common.status.not-connected":     "not connected",
	"common.status.ok":                "OK",
	"context.unknown-store":           "There is no context store {{name}}: the default store is used",
}
