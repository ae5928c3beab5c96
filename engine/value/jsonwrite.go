package value

import (
	"strconv"
	"strings"
	"sync"
)

// Stringify is JSON.stringify(v, null, indent). ok is false where JavaScript
// gives undefined. The error is a *Error: the TypeError of a circular structure
// (with V8's text) or of a BigInt, or what a live object's toJSON threw.
func Stringify(v Value, indent string) (text string, ok bool, err error) {
	if o := v.Object(); o != nil && indent == "" {
		if text, ok := o.unreadText(); ok {
			return text, true, nil
		}
	}
	switch v.kind {
	case KindUndefined, KindSymbol:
		return "", false, nil
	}
	w := writers.Get().(*jsonWriter)
	w.indent = indent
	if ok = w.value(v, "", -1); ok && w.err == nil {
		text = string(w.dst)
	}
	ok, err = ok && w.err == nil, w.err
	w.done()
	return text, ok, err
}

// writers are those to use again: memory only, never state.
var writers = sync.Pool{New: func() any { return new(jsonWriter) }}

// done gives the memory of a writer back, without what it held.
func (w *jsonWriter) done() {
	dst, parents := w.dst[:0], w.parents[:cap(w.parents)]
	clear(parents)
	*w = jsonWriter{}
	if cap(dst) <= keptText {
		w.dst = dst
	}
	if cap(parents) <= deepFrom {
		w.parents = parents[:0]
	}
	writers.Put(w)
}

// keptText bounds the room a jsonWriter keeps for the next text.
const keptText = 256 << 10

// AppendJSON appends the compact JSON of v. What JSON.stringify leaves out or
// fails on (undefined, a circular reference, a BigInt) is written as null.
func AppendJSON(dst []byte, v Value) []byte {
	w := jsonWriter{dst: dst, lenient: true}
	if !w.value(v, "", -1) {
		return append(w.dst, "null"...)
	}
	return w.dst
}

// jsonWriter writes one value. parents are the containers that are open.
type jsonWriter struct {
	dst     []byte
	indent  string
	lenient bool
	err     error
	parents []jsonParent
	deep    map[any]bool // the open containers too, once there are many
}

// jsonParent is an open container and where it hangs in the one above it.
type jsonParent struct {
	v     Value
	key   string
	index int // -1 if it hangs by a key
}

// value writes v, which hangs in its parent by key, or by index if that is not
// negative. It reports false if nothing was written: v has no JSON, or w.err.
func (w *jsonWriter) value(v Value, key string, index int) bool {
	switch v.kind {
	case KindString:
		w.dst = appendQuoted(w.dst, v.Str())
		return true
	case KindNumber:
		w.dst = appendJSONNumber(w.dst, v.Num())
		return true
	case KindNull:
		w.dst = append(w.dst, "null"...)
		return true
	case KindBool:
		w.dst = strconv.AppendBool(w.dst, v.num != 0)
		return true
	case KindUndefined, KindSymbol:
		return false
	case KindBigInt:
		return w.fail(NewError("TypeError", "Do not know how to serialize a BigInt"))
	case KindForeign:
		return w.foreign(v, key, index)
	case KindDate:
		if s := ISO(v.Date().Ms); s != "" {
			w.dst = appendQuoted(w.dst, s)
		} else {
			w.dst = append(w.dst, "null"...)
		}
		return true
	}
	if v.kind == KindObject && w.indent == "" && len(w.parents) < lateDepth {
		if text, ok := v.Object().unreadText(); ok {
			w.dst = append(w.dst, text...)
			return true
		}
	}
	if !w.open(v, key, index) {
		return false
	}
	var ok bool
	switch {
	case w.indent == "" && v.kind == KindObject:
		ok = w.compactObject(v.Object())
	case w.indent == "" && v.kind == KindArray:
		ok = w.compactArray(v.Array().Elems)
	default:
		ok = w.container(v)
	}
	w.shut(v)
	return ok
}

func (w *jsonWriter) fail(e error) bool {
	if w.lenient {
		w.dst = append(w.dst, "null"...)
		return true
	}
	w.err = e
	return false
}

func (w *jsonWriter) container(v Value) bool {
	switch v.kind {
	case KindObject:
		return w.object(v.Object())
	case KindArray:
		return w.array(v.Array().Elems)
	case KindBuffer:
		return w.buffer(v.Buffer())
	case KindHandle:
		if v.Handle().Own() != nil {
			return w.object(v.Handle().Props)
		}
	case KindError, KindTypedArray:
		return w.keyed(v, Keys(v))
	case KindForeign:
		return w.foreignContainer(v)
	}
	w.dst = append(w.dst, "{}"...)
	return true
}

// deepFrom is the depth from which a table says what is open; up to it a look
// through the open containers is quicker.
const deepFrom = 64

// open notes that v is being written; it fails if it already is.
func (w *jsonWriter) open(v Value, key string, index int) bool {
	n := len(w.parents)
	if n >= deepFrom {
		if w.deep == nil {
			w.deep = make(map[any]bool)
			for i := range w.parents {
				w.deep[w.parents[i].v.identity()] = true
			}
		}
		if n > maxDepth {
			return w.fail(errStack()) && false
		}
		if w.deep[v.identity()] || v.kind == KindForeign {
			for i := range w.parents {
				if SameObject(w.parents[i].v, v) {
					return w.circle(i, key, index)
				}
			}
		}
		w.deep[v.identity()] = true
	} else {
		for i := range w.parents {
			if w.parents[i].v.ptr == v.ptr || v.kind == KindForeign && SameObject(w.parents[i].v, v) {
				return w.circle(i, key, index)
			}
		}
	}
	w.parents = append(w.parents, jsonParent{v, key, index})
	return true
}

// identity is a map key for a container.
func (v Value) identity() any {
	if c := v.Container(); c != nil {
		return c
	}
	return v.ptr
}

func (w *jsonWriter) shut(v Value) {
	w.parents = w.parents[:len(w.parents)-1]
	if w.deep != nil {
		delete(w.deep, v.identity())
	}
}

func (w *jsonWriter) newline(less int) {
	w.dst = append(w.dst, '\n')
	for range len(w.parents) - less {
		w.dst = append(w.dst, w.indent...)
	}
}

func (w *jsonWriter) array(elems []Value) bool {
	if len(elems) == 0 {
		w.dst = append(w.dst, "[]"...)
		return true
	}
	w.dst = append(w.dst, '[')
	for i, e := range elems {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		if w.indent != "" {
			w.newline(0)
		}
		if !w.value(e, "", i) {
			if w.err != nil {
				return false
			}
			w.dst = append(w.dst, "null"...)
		}
	}
	if w.indent != "" {
		w.newline(1)
	}
	w.dst = append(w.dst, ']')
	return true
}

func (w *jsonWriter) object(o *Object) bool {
	w.dst = append(w.dst, '{')
	any := false
	for i := range o.list() {
		p := &o.props[i]
		if p.Value.kind == KindUndefined {
			continue
		}
		wrote, ok := w.property(p.Key, p.Value, any)
		if !ok {
			return false
		}
		any = any || wrote
	}
	return w.endObject(any)
}

// keyed writes an object of the properties keys of v.
func (w *jsonWriter) keyed(v Value, keys []string) bool {
	w.dst = append(w.dst, '{')
	any := false
	for _, k := range keys {
		x, err := GetKey(v, k)
		if err != nil {
			return w.fail(err)
		}
		wrote, ok := w.property(k, x, any)
		if !ok {
			return false
		}
		any = any || wrote
	}
	return w.endObject(any)
}

// property writes one property if its value has JSON; ok is false on an error.
func (w *jsonWriter) property(key string, v Value, comma bool) (wrote, ok bool) {
	mark := len(w.dst)
	if comma {
		w.dst = append(w.dst, ',')
	}
	if w.indent != "" {
		w.newline(0)
	}
	w.dst = appendQuoted(w.dst, key)
	w.dst = append(w.dst, ':')
	if w.indent != "" {
		w.dst = append(w.dst, ' ')
	}
	if w.value(v, key, -1) {
		return true, true
	}
	w.dst = w.dst[:mark]
	return false, w.err == nil
}

func (w *jsonWriter) endObject(any bool) bool {
	if any && w.indent != "" {
		w.newline(1)
	}
	w.dst = append(w.dst, '}')
	return true
}

func (w *jsonWriter) buffer(b *Buffer) bool {
	data := make([]Value, len(b.B))
	for i, c := range b.B {
		data[i] = Int(int(c))
	}
	if w.indent == "" {
		w.dst = append(w.dst, `{"type":"Buffer","data":[`...)
		for i, c := range b.B {
			if i > 0 {
				w.dst = append(w.dst, ',')
			}
			w.dst = strconv.AppendUint(w.dst, uint64(c), 10)
		}
		w.dst = append(w.dst, "]}"...)
		return true
	}
	o := NewObject(2)
	o.Set("type", Str("Buffer"))
	o.Set("data", Arr(data...))
	return w.object(o)
}

func (w *jsonWriter) foreign(v Value, key string, index int) bool {
	name := key
	if index >= 0 {
		name = strconv.Itoa(index)
	}
	j, err := v.Foreign().ToJSON(name)
	if err != nil {
		return w.fail(err)
	}
	if j.kind != KindForeign {
		return w.value(j, key, index)
	}
	if j.Foreign().TypeOf() == "function" {
		return false
	}
	if !w.open(j, key, index) {
		return false
	}
	ok := w.container(j)
	w.shut(j)
	return ok
}

func (w *jsonWriter) foreignContainer(v Value) bool {
	f := v.Foreign()
	if !f.IsArray() {
		return w.keyed(v, f.Keys())
	}
	elems := make([]Value, Length(v))
	for i := range elems {
		e, err := f.Get(strconv.Itoa(i))
		if err != nil {
			return w.fail(err)
		}
		elems[i] = e
	}
	return w.array(elems)
}

// circle makes the error of a value that is its own ancestor, parents[first].
func (w *jsonWriter) circle(first int, key string, index int) bool {
	if w.lenient {
		w.dst = append(w.dst, "null"...)
		return true
	}
	var b strings.Builder
	b.WriteString("Converting circular structure to JSON\n    --> starting at object with constructor " + constructorText(w.parents[first].v))
	rest := w.parents[first+1:]
	for i, p := range rest {
		switch {
		case i < 2 || i == len(rest)-1:
			b.WriteString("\n    |     " + hangs(p.key, p.index) + " -> object with constructor " + constructorText(p.v))
		case i == 2:
			b.WriteString("\n    |     ...")
		}
	}
	b.WriteString("\n    --- " + hangs(key, index) + " closes the circle")
	w.err = NewError("TypeError", b.String())
	return false
}

func hangs(key string, index int) string {
	if index >= 0 {
		return "index " + strconv.Itoa(index)
	}
	return "property '" + key + "'"
}

func constructorText(v Value) string { return "'" + ClassName(v) + "'" }
