package value

import (
	"math"
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

// debugEncoder writes JSON as JSON.stringify does with Node-RED's replacer and
// the one of json-stringify-safe, which writes the path of a circular reference.
type debugEncoder struct {
	dst   []byte
	limit int
	stack []Value // the holders passed on the way down, by the library's rules
	keys  []string
	depth int
}

// debugDepth is the nesting at which encoding fails, as JavaScript's does when its
// stack is full: a Map that contains itself is such a value.
const debugDepth = 2000

// value writes the property key of holder; it reports false if that has no JSON.
func (e *debugEncoder) value(holder Value, key string, v Value) (bool, error) {
	v, err := jsonForm(v, key)
	if err != nil {
		return false, err
	}
	if e.depth++; e.depth > debugDepth {
		return false, errStack()
	}
	defer func() { e.depth-- }()
	v = e.replace(key, e.cycle(holder, key, v))
	switch v.kind {
	case KindUndefined, KindSymbol:
		return false, nil
	case KindObject:
		return true, e.object(v, Keys(v))
	case KindArray:
		return true, e.array(v, len(v.Array().Elems))
	case KindHandle:
		return true, e.object(v, Keys(v))
	case KindForeign:
		if IsArray(v) {
			return true, e.array(v, Length(v))
		}
		return true, e.object(v, Keys(v))
	}
	e.dst = AppendJSON(e.dst, v)
	return true, nil
}

// jsonForm is what toJSON makes of a value, if it has one.
func jsonForm(v Value, key string) (Value, error) {
	switch v.kind {
	case KindDate:
		if s := ISO(v.Date().Ms); s != "" {
			return Str(s), nil
		}
		return Null, nil
	case KindBuffer:
		data := make([]Value, len(v.Buffer().B))
		for i, b := range v.Buffer().B {
			data[i] = Int(int(b))
		}
		return Obj("type", "Buffer", "data", Arr(data...)), nil
	case KindForeign:
		return v.Foreign().ToJSON(key)
	}
	return v, nil
}

// cycle replaces a value that is on the way to itself.
func (e *debugEncoder) cycle(holder Value, key string, v Value) Value {
	if len(e.stack) == 0 {
		e.stack = append(e.stack, v)
		return v
	}
	if at := indexSame(e.stack, holder); at >= 0 {
		e.stack = e.stack[:at+1]
		e.keys = append(e.keys[:min(at, len(e.keys))], key)
	} else {
		e.stack = append(e.stack, holder)
		e.keys = append(e.keys, key)
	}
	at := indexSame(e.stack, v)
	switch {
	case at < 0:
		return v
	case at == 0:
		return Str("[Circular ~]")
	}
	return Str("[Circular ~." + strings.Join(e.keys[:min(at, len(e.keys))], ".") + "]")
}

func indexSame(list []Value, v Value) int {
	for i := range list {
		if SameObject(list[i], v) {
			return i
		}
	}
	return -1
}

// replace is Node-RED's replacer.
func (e *debugEncoder) replace(key string, v Value) Value {
	switch {
	case key == "_req" || key == "_res":
		return debugMark("internal", Undefined)
	case v.kind == KindError:
		return debugError(v.Error())
	case v.kind == KindString:
		return Str(debugCut(v.Str(), e.limit))
	case v.kind == KindUndefined:
		return debugMark("undefined", Undefined)
	case v.kind == KindNumber:
		if f := v.Num(); f != f || math.IsInf(f, 0) {
			return debugMark("number", Str(FormatNumber(f)))
		}
	case v.kind == KindBigInt:
		return debugMark("bigint", Str(v.BigInt().String()))
	case v.TypeOf() == "function":
		return debugMark("function", Undefined)
	case IsArray(v):
		if n := Length(v); n > e.limit {
			return debugMark("array", debugSlice(v, e.limit), n)
		}
	case v.kind == KindTypedArray:
		return e.view(v.TypedArray())
	case v.kind == KindSet:
		return debugSet(v.Set(), e.limit)
	case v.kind == KindMap:
		return debugMap(v.Map(), e.limit)
	case v.kind == KindRegExp:
		return debugMark("regexp", Str(ToString(v)))
	case v.kind == KindHandle && (v.Handle().Class == "ServerResponse" || v.Handle().Class == "Socket"):
		return Str("[internal]")
	case v.kind == KindObject:
		return e.bufferObject(v)
	}
	return v
}

// view replaces a typed array or DataView by an array of its elements.
func (e *debugEncoder) view(t *TypedArray) Value {
	n := t.Len()
	kind := "array"
	if n > e.limit {
		kind = t.Class
	}
	elems := make([]Value, min(n, e.limit))
	for i := range elems {
		elems[i] = t.At(i)
	}
	switch t.Class {
	case "ArrayBuffer", "SharedArrayBuffer":
		return Of(NewObject())
	case "DataView":
		m := debugMark("array", Arr())
		m.Object().Set("length", Undefined)
		return m
	}
	return debugMark(kind, Arr(elems...), n)
}

// bufferObject marks the JSON form of a Buffer (or an object that looks like it).
func (e *debugEncoder) bufferObject(v Value) Value {
	o := v.Object()
	if t := o.Get("type"); !t.IsString() || t.Str() != "Buffer" || !IsArray(o.Get("data")) && !o.Get("data").IsString() {
		return v
	}
	out := &Object{}
	for i := range o.props {
		out.Set(o.props[i].Key, o.props[i].Value)
	}
	n := Length(o.Get("data"))
	out.Set("__enc__", True)
	out.Set("length", Int(n))
	if n > e.limit {
		if d := o.Get("data"); d.IsString() {
			out.Set("data", Str(Slice(d.Str(), 0, e.limit)))
		} else {
			out.Set("data", debugSlice(d, e.limit))
		}
	}
	return Of(out)
}

func (e *debugEncoder) object(v Value, keys []string) error {
	e.dst = append(e.dst, '{')
	any := false
	for _, k := range keys {
		x, err := GetKey(v, k)
		if err != nil {
			return err
		}
		mark := len(e.dst)
		if any {
			e.dst = append(e.dst, ',')
		}
		e.dst = append(appendQuoted(e.dst, k), ':')
		ok, err := e.value(v, k, x)
		if err != nil {
			return err
		}
		if !ok {
			e.dst = e.dst[:mark]
		}
		any = any || ok
	}
	e.dst = append(e.dst, '}')
	return nil
}

func (e *debugEncoder) array(v Value, n int) error {
	e.dst = append(e.dst, '[')
	for i := range n {
		if i > 0 {
			e.dst = append(e.dst, ',')
		}
		ok, err := e.value(v, strconv.Itoa(i), Index(v, i))
		if err != nil {
			return err
		}
		if !ok {
			e.dst = append(e.dst, "null"...)
		}
	}
	e.dst = append(e.dst, ']')
	return nil
}
