package value

import "sync"

// Cloner carries the memory of one deep clone, so that an object that occurs
// twice is cloned once and cycles close.
type Cloner struct {
	objects []*Object
	arrays  []*Array
	others  map[any]Value
	mem     slab
	inner   int // how many Maps and Sets this clone is inside of
}

// maxInner bounds the clones within clones that Maps and Sets make; lodash
// overflows its stack on a Map that contains itself.
const maxInner = 32

// Clone is a deep copy by the rules of the function Node-RED clones messages
// with, lodash.clonedeep 4.5.0: containers are copied, shared references and
// cycles kept; errors, functions and handles inside stay the same. A Buffer's
// clone is a new Buffer over the same bytes, each time it occurs. What is in a
// Map or Set is cloned on its own. An own property __proto__ is lost. An error
// or function that is not inside of anything becomes an empty object.
func Clone(v Value) Value {
	switch {
	case v.kind < KindObject:
		return v
	case v.kind == KindError || v.kind == KindForeign && v.Foreign().TypeOf() == "function":
		return Of(NewObject())
	}
	c := cloners.Get().(*Cloner)
	out := c.Clone(v)
	c.Done()
	cloners.Put(c)
	return out
}

// cloners are Cloners to use again: memory only, never state.
var cloners = sync.Pool{New: func() any { return new(Cloner) }}

// CloneMessage clones a message as Node-RED does for the second and later
// wires: a deep clone in which req and res stay the same and come last.
func CloneMessage(m *Object) *Object {
	req, hasReq := m.Lookup("req")
	res, hasRes := m.Lookup("res")
	if !hasReq && !hasRes {
		return Clone(Of(m)).Object()
	}
	m.Delete("req")
	m.Delete("res")
	out := Clone(Of(m)).Object()
	if Truthy(req) {
		out.Set("req", req)
		m.Set("req", req)
	}
	if Truthy(res) {
		out.Set("res", res)
		m.Set("res", res)
	}
	return out
}

// Clone copies one value within the clone.
func (c *Cloner) Clone(v Value) Value {
	switch v.kind {
	case KindObject:
		return Of(c.object(v.Object()))
	case KindArray:
		return Of(c.array(v.Array()))
	case KindError, KindHandle:
		return v
	case KindForeign:
		return v.Foreign().Clone(c)
	}
	if v.kind < KindObject {
		return v
	}
	return c.other(v)
}

// object clones an object. Outermost, containers themselves remember their clone,
// which is quicker than a table.
func (c *Cloner) object(o *Object) *Object {
	if c.inner == 0 {
		if o.copy != nil {
			return o.copy
		}
	} else if done, ok := c.Seen(o); ok {
		return done.Object()
	}
	out := c.mem.object()
	if c.inner == 0 {
		o.copy = out
		c.objects = append(c.objects, o)
	} else {
		c.Remember(o, Of(out))
	}
	if o.shareUnread(out) {
		return out
	}
	out.props, out.ints = c.mem.propList(len(o.list())), o.ints
	proto := false
	for i := range o.props {
		p := &o.props[i]
		if p.Value.kind < KindObject {
			out.props[i] = *p
		} else {
			out.props[i] = Prop{p.Key, c.Clone(p.Value)}
		}
		proto = proto || p.Key == "__proto__"
	}
	if proto {
		out.Delete("__proto__")
	}
	return out
}

func (c *Cloner) array(a *Array) *Array {
	if c.inner == 0 {
		if a.copy != nil {
			return a.copy
		}
	} else if done, ok := c.Seen(a); ok {
		return done.Array()
	}
	out := c.mem.array()
	out.Elems = c.mem.elemList(len(a.Elems))
	if c.inner == 0 {
		a.copy = out
		c.arrays = append(c.arrays, a)
	} else {
		c.Remember(a, Of(out))
	}
	for i, e := range a.Elems {
		if e.kind < KindObject {
			out.Elems[i] = e
		} else {
			out.Elems[i] = c.Clone(e)
		}
	}
	if a.Extra != nil && len(a.Elems) > 0 && a.Elems[0].kind == KindString && a.Extra.Has("index") {
		out.Extra = NewObject(2) // a match result: these two, not cloned
		out.Extra.Set("index", a.Extra.Get("index"))
		out.Extra.Set("input", a.Extra.Get("input"))
	}
	return out
}

// within starts the clone of what is in a Map or Set; nil if that is too deep.
func (c *Cloner) within() *Cloner {
	if c.inner >= maxInner {
		return nil
	}
	return &Cloner{inner: c.inner + 1}
}

func (c *Cloner) other(v Value) Value {
	if v.kind == KindBuffer {
		b := v.Buffer().B
		return Bytes(b[:len(b):len(b)])
	}
	key := v.Container()
	if done, ok := c.Seen(key); ok {
		return done
	}
	out := v
	switch v.kind {
	case KindTypedArray:
		t := v.TypedArray()
		out = Of(&TypedArray{Class: t.Class, B: append([]byte{}, t.B...)})
	case KindDate:
		out = NewDate(v.Date().Ms)
	case KindRegExp:
		r := v.RegExp()
		out = Of(&RegExp{Source: r.Source, Flags: r.Flags})
	case KindMap:
		if in := c.within(); in != nil {
			m := &Map{Pairs: make([][2]Value, 0, len(v.Map().Pairs))}
			for _, p := range v.Map().Pairs {
				k := in.Clone(p[0])
				m.Pairs = append(m.Pairs, [2]Value{k, in.Clone(p[1])})
			}
			out = Of(m)
		}
	case KindSet:
		if in := c.within(); in != nil {
			s := &Set{Items: make([]Value, 0, len(v.Set().Items))}
			for _, e := range v.Set().Items {
				s.Items = append(s.Items, in.Clone(e))
			}
			out = Of(s)
		}
	}
	c.Remember(key, out)
	return out
}

// Seen gives the clone already made of a container of the JavaScript engine (or
// any comparable key).
func (c *Cloner) Seen(key any) (Value, bool) {
	v, ok := c.others[key]
	return v, ok
}

// Remember notes the clone made for a key.
func (c *Cloner) Remember(key any, v Value) {
	if c.others == nil {
		c.others = make(map[any]Value)
	}
	c.others[key] = v
}

// Done ends the clone; it must be called once, after the last Clone.
func (c *Cloner) Done() {
	for _, o := range c.objects {
		o.copy = nil
	}
	for _, a := range c.arrays {
		a.copy = nil
	}
	clear(c.objects)
	clear(c.arrays)
	*c = Cloner{objects: c.objects[:0], arrays: c.arrays[:0]}
	if cap(c.objects) > keptRoom || cap(c.arrays) > keptRoom {
		*c = Cloner{}
	}
}

// keptRoom bounds the room a Cloner keeps for the next clone.
const keptRoom = 4096

// Container gives the pointer that an object of ours holds, as a key of its identity
// in a map; nil for other values and for live objects.
func (v Value) Container() any {
	switch v.kind {
	case KindObject:
		return v.Object()
	case KindArray:
		return v.Array()
	case KindBuffer:
		return v.Buffer()
	case KindTypedArray:
		return v.TypedArray()
	case KindDate:
		return v.Date()
	case KindRegExp:
		return v.RegExp()
	case KindError:
		return v.Error()
	case KindMap:
		return v.Map()
	case KindSet:
		return v.Set()
	case KindHandle:
		return v.Handle()
	}
	return nil
}
