package jsonata

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// fail makes an error as JSONata throws it. The fields follow as key and value;
// "stack" and "code" stand alone and only say where the key comes in the order,
// which is otherwise: code first.
func fail(code string, fields ...any) *value.Error {
	e := &value.Error{Props: value.NewObject(len(fields)/2 + 4)}
	for i := 0; i < len(fields); i++ {
		if fields[i] == "code" {
			e.Props.Set("code", value.Undefined) // comes later
		}
	}
	if !e.Props.Has("code") {
		e.Props.Set("code", value.Str(code))
	} else {
		e.Props.Clear()
	}
	for i := 0; i < len(fields); i++ {
		switch key, _ := fields[i].(string); key {
		case "stack":
			e.Props.Set(key, value.Str("Error"))
		case "code":
			e.Props.Set(key, value.Str(code))
		default:
			i++
			e.Props.Set(key, value.From(fields[i]))
		}
	}
	return e
}

// typeError is a TypeError of JavaScript.
func typeError(text string) *value.Error { return value.NewError("TypeError", text) }

// asError gives any error as a *value.Error.
func asError(err error) *value.Error {
	if e, ok := err.(*value.Error); ok {
		return e
	}
	return value.NewError("Error", err.Error())
}

// set sets a field of an error.
func set(e *value.Error, key string, v value.Value) { e.SetProp(key, v) }

// addText writes the message of an error by its code; an error that has none keeps
// its own.
func addText(e *value.Error) {
	if e.Props == nil {
		return
	}
	text := messageOf(e.Prop("code").Str())
	if text == "" {
		return
	}
	var b strings.Builder
	for {
		at := strings.Index(text, "{{")
		if at < 0 {
			break
		}
		b.WriteString(text[:at])
		end := strings.Index(text, "}}")
		if key, raw := strings.CutPrefix(text[at+2:end], "{"); raw {
			b.WriteString(value.ToString(e.Prop(key)))
			text = text[end+3:]
		} else {
			b.WriteString(shown(e.Prop(key)))
			text = text[end+2:]
		}
	}
	b.WriteString(text)
	e.Message = b.String()
	set(e, "message", value.Str(e.Message))
}

// shown is JSON.stringify(v) as it appears inside of a text.
func shown(v value.Value) string {
	s, ok, err := value.Stringify(v, "")
	if err != nil || !ok {
		return "undefined"
	}
	return s
}

// messageOf gives the text of an error code, "" if there is none.
func messageOf(code string) string {
	for i := 0; i+1 < len(messages); i += 2 {
		if messages[i] == code {
			return messages[i+1]
		}
	}
	return ""
}
