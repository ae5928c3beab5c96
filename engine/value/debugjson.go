package value

import (
	"math"
	"strconv"
	"strings"
)

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
		f := v.Foreign()
		if class := f.Class(); class == "Map" || class == "Set" {
			return f.Snapshot(), nil
		}
		return f.ToJSON(key)
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
	for i := range o.list() {
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
