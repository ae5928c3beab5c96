package value

import (
	"encoding/base64"
	"math"
	"strconv"
	"sync"
)

// maxTagged is the number of levels that tagged JSON is written to.
const maxTagged = 200

// AppendTagged appends v as tagged JSON, which DecodeTagged reads.
func AppendTagged(dst []byte, v Value) []byte {
	if v.kind == KindString {
		return appendQuoted(dst, v.Str())
	}
	w := tagWriters.Get().(*tagWriter)
	w.dst = dst
	w.write(v, "")
	dst = w.dst
	w.dst = nil
	clear(w.open[:cap(w.open)])
	clear(w.path[:cap(w.path)])
	w.open, w.path = w.open[:0], w.path[:0]
	tagWriters.Put(w)
	return dst
}

// tagWriters are used again: a journal writes many small values.
var tagWriters = sync.Pool{New: func() any { return new(tagWriter) }}

type tagWriter struct {
	dst  []byte
	open []Value
	path []string // the steps from the root to the value being written
}

func (w *tagWriter) text(s string)  { w.dst = append(w.dst, s...) }
func (w *tagWriter) quote(s string) { w.dst = appendQuoted(w.dst, s) }

// tag writes {"$t":"name","key":"text"}.
func (w *tagWriter) tag(name, key, text string) {
	w.text(`{"$t":"` + name + `","` + key + `":`)
	w.quote(text)
	w.text("}")
}

func (w *tagWriter) write(v Value, step string) {
	switch v.kind {
	case KindUndefined:
		w.text(`{"$t":"undefined"}`)
	case KindNumber:
		f := v.Num()
		switch {
		case f == 0 && math.Signbit(f):
			w.tag("number", "v", "-0")
		case f != f || math.IsInf(f, 0):
			w.tag("number", "v", FormatNumber(f))
		default:
			w.dst = AppendNumber(w.dst, f)
		}
	case KindBigInt:
		w.tag("bigint", "v", v.BigInt().String())
	case KindSymbol:
		w.tag("symbol", "v", v.Str())
	case KindBuffer:
		w.text(`{"$t":"buffer","v":"`)
		w.dst = base64.StdEncoding.AppendEncode(w.dst, v.Buffer().B)
		w.text(`"}`)
	case KindTypedArray:
		w.typedArray(v.TypedArray())
	case KindDate:
		w.text(`{"$t":"date","v":`)
		w.dst = appendJSONNumber(w.dst, v.Date().Ms)
		w.text("}")
	case KindRegExp:
		w.text(`{"$t":"regexp","source":`)
		w.quote(v.RegExp().Source)
		w.text(`,"flags":`)
		w.quote(v.RegExp().Flags)
		w.text("}")
	case KindHandle:
		w.tag("opaque", "class", ClassName(v))
	case KindString:
		w.quote(v.Str())
	case KindNull, KindBool:
		w.dst = AppendJSON(w.dst, v)
	default:
		w.container(v, step)
	}
}

func (w *tagWriter) typedArray(t *TypedArray) {
	b := base64.StdEncoding.EncodeToString(t.B)
	if t.Class == "ArrayBuffer" {
		w.tag("arraybuffer", "v", b)
		return
	}
	w.text(`{"$t":"typedarray","k":`)
	w.quote(t.Class)
	w.text(`,"v":"` + b + `"}`)
}

// container writes a value that others hang below; step leads to it. Of a live
// object it writes the data that it gives.
func (w *tagWriter) container(v Value, step string) {
	class := ""
	if v.kind == KindForeign {
		f := v.Foreign()
		if f.TypeOf() == "function" {
			name, _ := f.Get("name")
			w.tag("function", "name", name.Str())
			return
		}
		if class = f.Class(); class == "Object" {
			class = ""
		}
		v = f.Snapshot()
		if v.kind == KindForeign {
			w.tag("opaque", "class", f.Class())
			return
		}
		if v.kind != KindObject {
			w.write(v, step)
			return
		}
	}
	for i := range w.open {
		if SameObject(w.open[i], v) {
			w.circular(i)
			return
		}
	}
	if len(w.open) >= maxTagged {
		w.text(`{"$t":"truncated"}`)
		return
	}
	w.open = append(w.open, v)
	if len(w.open) > 1 {
		w.path = append(w.path, step)
	}
	w.contents(v, class)
	w.open = w.open[:len(w.open)-1]
	if len(w.path) > 0 {
		w.path = w.path[:len(w.path)-1]
	}
}

func (w *tagWriter) contents(v Value, class string) {
	switch v.kind {
	case KindObject:
		w.object(v.Object(), class)
	case KindArray:
		w.text("[")
		w.list(v.Array().Elems)
		w.text("]")
	case KindError:
		w.error(v.Error())
	case KindMap:
		w.text(`{"$t":"map","v":[`)
		for i, p := range v.Map().Pairs {
			w.pair(i, p[0], p[1], strconv.Itoa(i))
		}
		w.text("]}")
	case KindSet:
		w.text(`{"$t":"set","v":[`)
		w.list(v.Set().Items)
		w.text("]}")
	}
}

// circular writes a reference to open[i].
func (w *tagWriter) circular(i int) {
	w.text(`{"$t":"circular","path":[`)
	for j, s := range w.path[:i] {
		if j > 0 {
			w.text(",")
		}
		w.quote(s)
	}
	w.text("]}")
}

func (w *tagWriter) list(elems []Value) {
	for i, e := range elems {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		switch e.kind {
		case KindString:
			w.dst = appendQuoted(w.dst, e.Str())
		case KindNull, KindBool:
			w.dst = AppendJSON(w.dst, e)
		default:
			w.write(e, strconv.Itoa(i))
		}
	}
}

func (w *tagWriter) pair(i int, k, v Value, step string) {
	if i > 0 {
		w.text(",")
	}
	w.text("[")
	w.write(k, step)
	w.text(",")
	w.write(v, step)
	w.text("]")
}

// object writes a plain object, or one of a class, as an escaped one if need be.
func (w *tagWriter) object(o *Object, class string) {
	if class != "" || o.ambiguous() {
		w.text(`{"$t":"object","v":[`)
		for i := range o.list() {
			w.pair(i, Str(o.props[i].Key), o.props[i].Value, o.props[i].Key)
		}
		w.text("]")
		if class != "" {
			w.text(`,"class":`)
			w.quote(class)
		}
		w.text("}")
		return
	}
	mark := byte('{')
	for i := range o.list() {
		p := &o.props[i]
		w.dst = append(appendQuoted(append(w.dst, mark), p.Key), ':')
		switch mark = ','; p.Value.kind {
		case KindString:
			w.dst = appendQuoted(w.dst, p.Value.Str())
		default:
			w.write(p.Value, p.Key)
		}
	}
	if mark == '{' {
		w.dst = append(w.dst, mark)
	}
	w.dst = append(w.dst, '}')
}

// ambiguous reports whether JSON with the keys of o would mean something else. (It makes no
// index of the keys: what is written is often written once.)
func (o *Object) ambiguous() bool {
	for i := range o.list() {
		if k := o.props[i].Key; k == "$t" || k == "__proto__" {
			return true
		}
	}
	return false
}

func (w *tagWriter) error(e *Error) {
	w.text(`{"$t":"error","name":`)
	w.quote(e.Name)
	w.text(`,"message":`)
	w.quote(e.Message)
	if e.Stack != "" {
		w.text(`,"stack":`)
		w.quote(e.Stack)
	}
	var rest []Prop
	if e.Props != nil {
		for _, p := range e.Props.list() {
			if p.Key != "code" && p.Key != "cause" {
				rest = append(rest, p)
				continue
			}
			w.text(`,"` + p.Key + `":`)
			w.write(p.Value, p.Key)
		}
	}
	if len(rest) > 0 {
		w.text(`,"props":[`)
		for i, p := range rest {
			w.pair(i, Str(p.Key), p.Value, p.Key)
		}
		w.text("]")
	}
	w.text("}")
}
