package value

import (
	"strconv"
	"strings"
	"time"
)

// DebugLength is Node-RED's default limit of characters, elements and bytes in
// the debug sidebar.
const DebugLength = 1000

// EncodeDebug is RED.util.encodeObject: what a debug node publishes of a value to
// the editor. format says what msg is ("string[4]", "Object", "array[3]" …); msg
// is a string (for containers their JSON with __enc__ markers), or an object for a
// BigInt. Strings, arrays and Buffers longer than maxLength are cut. Dates are
// written in UTC.
func EncodeDebug(v Value, maxLength int) (msg Value, format string) {
	return EncodeDebugIn(v, maxLength, time.UTC)
}

// EncodeDebugIn is EncodeDebug with Dates written in the time zone loc.
func EncodeDebugIn(v Value, maxLength int, loc *time.Location) (msg Value, format string) {
	switch v.kind {
	case KindUndefined, KindNull:
		return Str("(undefined)"), ToString(v)
	case KindBool, KindNumber:
		return Str(ToString(v)), v.TypeOf()
	case KindBigInt:
		return debugMark("bigint", Str(v.BigInt().String())), "bigint"
	case KindSymbol:
		return v, "string[undefined]"
	case KindString:
		return Str(debugCut(v.Str(), maxLength)), "string[" + strconv.Itoa(UTF16Len(v.Str())) + "]"
	case KindBuffer:
		return Str(debugHex(v.Buffer().B, maxLength)), "buffer[" + strconv.Itoa(len(v.Buffer().B)) + "]"
	case KindError:
		return Str(string(AppendJSON(nil, debugError(v.Error())))), "error"
	}
	if v.TypeOf() == "function" {
		return Str("[function]"), "function"
	}
	return debugObject(v, maxLength, loc)
}

func debugHex(b []byte, limit int) string {
	const hex = "0123456789abcdef"
	out := make([]byte, 0, 2*len(b))
	for _, x := range b {
		if len(out) >= limit {
			break
		}
		out = append(out, hex[x>>4], hex[x&15])
	}
	return string(out[:min(len(out), max(limit, 0))])
}

func debugCut(s string, limit int) string {
	if len(s) <= limit || UTF16Len(s) <= limit {
		return s
	}
	return Slice(s, 0, limit) + "..."
}

// debugMark is {__enc__: true, type, data, length…}.
func debugMark(kind string, data Value, length ...int) Value {
	o := NewObject(4)
	o.Set("__enc__", True)
	o.Set("type", Str(kind))
	if !data.IsUndefined() {
		o.Set("data", data)
	}
	if len(length) > 0 {
		o.Set("length", Int(length[0]))
	}
	return Of(o)
}

func debugError(e *Error) Value {
	d := NewObject(5)
	d.Set("name", Str(e.Name))
	message := e.Message
	if message == "" {
		message = e.Error()
	}
	d.Set("message", Str(message))
	if code := e.Prop("code"); !code.IsUndefined() {
		d.Set("code", code)
	}
	if cause := e.Prop("cause"); !cause.IsUndefined() {
		d.Set("cause", Str(ToString(cause)))
	}
	d.Set("stack", Str(e.stack()))
	return debugMark("error", Of(d))
}

// debugObject encodes what typeof calls an object.
func debugObject(v Value, limit int, loc *time.Location) (Value, string) {
	format := ClassName(v)
	if format == "" || format == "IncomingMessage" || format == "ServerResponse" {
		format = "Object"
	}
	if strings.Contains(strings.ToLower(format), "error") {
		name, _ := GetKey(v, "name")
		message, _ := GetKey(v, "message")
		return Str(string(AppendJSON(nil, Obj("name", name, "message", message)))), format
	}
	kind := format
	if IsArray(v) {
		kind = "array"
	}
	n := Length(v)
	switch {
	case IsArray(v) || v.kind == KindTypedArray && format != "ArrayBuffer":
		size := strconv.Itoa(n)
		if format == "DataView" {
			size = "undefined"
		}
		format = kind + "[" + size + "]"
		if n > limit {
			v = debugMark(kind, debugSlice(v, limit), n)
		}
	case v.kind == KindSet:
		n = len(v.Set().Items)
		format = "set[" + strconv.Itoa(n) + "]"
		v = debugSet(v.Set(), limit)
	case v.kind == KindMap:
		format = "map"
		v = debugMap(v.Map(), limit)
	case v.kind == KindRegExp:
		return Str(ToString(v)), "regexp"
	case format != "Object":
		s, err := toString(v, loc, nil)
		if err != nil {
			d := Obj("message", "[Type not serializable]", "stack", debugStack(err))
			return Str(string(AppendJSON(nil, debugMark("error", d)))), format
		}
		return Str(s), format
	}
	e := debugEncoder{limit: limit}
	if _, err := e.value(Undefined, "", v); err != nil {
		return debugFailure(err), "error"
	}
	return Str(string(e.dst)), format
}

func debugStack(err error) string {
	if e, ok := err.(*Error); ok {
		return e.stack()
	}
	return err.Error()
}

func debugFailure(err error) Value {
	e, ok := err.(*Error)
	if !ok {
		e = NewError("Error", err.Error())
	}
	d := Obj("name", e.Name, "message", "encodeObject Error: "+e.Message, "stack", e.stack())
	return Str(string(AppendJSON(nil, debugMark("error", d))))
}

// debugSlice is the first n elements, as an array or a typed array.
func debugSlice(v Value, n int) Value {
	if t := v.TypedArray(); t != nil {
		return Of(&TypedArray{Class: t.Class, B: t.B[:n*t.ElemSize()]})
	}
	elems := make([]Value, n)
	for i := range elems {
		elems[i] = Index(v, i)
	}
	return Arr(elems...)
}

func debugSet(s *Set, limit int) Value {
	n := min(len(s.Items), limit)
	return debugMark("set", Arr(append([]Value{}, s.Items[:n]...)...), len(s.Items))
}

func debugMap(m *Map, limit int) Value {
	o := NewObject()
	for _, p := range m.Pairs[:min(len(m.Pairs), limit)] {
		o.Set(ToString(p[0]), p[1])
	}
	return debugMark("map", Of(o), len(m.Pairs))
}
