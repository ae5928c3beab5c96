package value

// Cloner carries the memory of one deep clone, so that an object that occurs
// twice is cloned once and cycles close.
type Cloner struct {
	objects []*Object
	arrays  []*Array
	others  map[any]Value
	mem     slab
}

// Clone is a deep copy by the rules of the function Node-RED clones messages
// with (lodash cloneDeep): containers are copied and keep shared references and
// cycles; functions, errors and handles inside stay the same.
func Clone(v Value) Value {
	if v.kind < KindObject {
		return v
	}
	var c Cloner
	out := c.Clone(v)
	c.Done()
	return out
}

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

func (c *Cloner) object(o *Object) *Object {
	if o.copy != nil {
		return o.copy
	}
	out := c.mem.object()
	out.props, out.ints = c.mem.propList(len(o.props)), o.ints
	o.copy = out
	c.objects = append(c.objects, o)
	for i := range o.props {
		p := &o.props[i]
		if p.Value.kind < KindObject {
			out.props[i] = *p
		} else {
			out.props[i] = Prop{p.Key, c.Clone(p.Value)}
		}
	}
	return out
}

func (c *Cloner) array(a *Array) *Array {
	if a.copy != nil {
		return a.copy
	}
	out := c.mem.array()
	out.Elems = c.mem.elemList(len(a.Elems))
	a.copy = out
	c.arrays = append(c.arrays, a)
	for i, e := range a.Elems {
		if e.kind < KindObject {
			out.Elems[i] = e
		} else {
			out.Elems[i] = c.Clone(e)
		}
	}
	if a.Extra != nil {
		out.Extra = c.object(a.Extra)
	}
	return out
}

func (c *Cloner) other(v Value) Value {
	key := v.container()
	if done, ok := c.Seen(key); ok {
		return done
	}
	var out Value
	switch v.kind {
	case KindBuffer:
		out = Bytes(append([]byte{}, v.Buffer().B...))
	case KindTypedArray:
		t := v.TypedArray()
		out = Of(&TypedArray{Class: t.Class, B: append([]byte{}, t.B...)})
	case KindDate:
		out = NewDate(v.Date().Ms)
	case KindRegExp:
		r := v.RegExp()
		out = Of(&RegExp{Source: r.Source, Flags: r.Flags})
	case KindMap:
		m := &Map{}
		c.Remember(key, Of(m))
		for _, p := range v.Map().Pairs {
			m.Pairs = append(m.Pairs, [2]Value{p[0], c.Clone(p[1])})
		}
		return Of(m)
	case KindSet:
		s := &Set{}
		c.Remember(key, Of(s))
		for _, e := range v.Set().Items {
			s.Items = append(s.Items, c.Clone(e))
		}
		return Of(s)
	default:
		out = v
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
	c.objects, c.arrays, c.others = nil, nil, nil
}

// container gives the pointer v holds, for use as a map key.
func (v Value) container() any {
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
