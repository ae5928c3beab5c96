package jsonata

import "github.com/lockstep-flows/lockstep/engine/value"

// The marks of arrays during an evaluation; an array carries one as its Extra.
// They are compared by address and never changed. When the evaluation ends, the
// arrays get properties of their own instead.
var (
	markSequence = value.Obj("sequence", true).Object()
	markKeep     = value.Obj("sequence", true, "keepSingleton", true).Object()
	markOuter    = value.Obj("sequence", true, "outerWrapper", true).Object()
	markCons     = value.Obj().Object()
)

// isSequence reports whether an array is a sequence.
func isSequence(a *value.Array) bool {
	switch a.Extra {
	case nil, markCons:
		return false
	case markSequence, markKeep, markOuter:
		return true
	}
	return a.Extra.Get("sequence").Bool()
}

// keeps reports whether a sequence stays an array even if it has one item.
func keeps(a *value.Array) bool {
	if a.Extra == markSequence || a.Extra == nil {
		return false
	}
	return value.Truthy(a.Extra.Get("keepSingleton"))
}

// isOuter reports whether a sequence only wraps the input array.
func isOuter(v value.Value) bool {
	a := v.Array()
	return a != nil && a.Extra != nil && (a.Extra == markOuter || value.Truthy(a.Extra.Get("outerWrapper")))
}

// marked makes an array that carries a mark.
func (ev *evaluator) marked(items []value.Value, mark *value.Object) *value.Array {
	a := &value.Array{Elems: items, Extra: mark}
	ev.marks = append(ev.marks, a)
	return a
}

// sequence makes a sequence of items (not copied).
func (ev *evaluator) sequence(items []value.Value) value.Value {
	return value.Of(ev.marked(items, markSequence))
}

// release gives all marked arrays properties of their own.
func (ev *evaluator) release() {
	for _, a := range ev.marks {
		switch a.Extra {
		case markSequence:
			a.Extra = value.NewObject(1)
			a.Extra.Set("sequence", value.True)
		case markKeep:
			a.Extra = value.Obj("sequence", true, "keepSingleton", true).Object()
		case markOuter:
			a.Extra = value.Obj("sequence", true, "outerWrapper", true).Object()
		case markCons:
			a.Extra = nil
		}
	}
	ev.marks = nil
}

// keep marks a sequence to stay an array.
func (ev *evaluator) keep(a *value.Array) {
	switch a.Extra {
	case markSequence:
		a.Extra = markKeep
	case markKeep:
	default:
		a.Extra.Set("keepSingleton", value.True)
	}
}

// unwrap gives what a sequence stands for at the end of an evaluation step:
// nothing if it is empty, the item if it has one.
func (ev *evaluator) unwrap(n *node, v value.Value) value.Value {
	a := v.Array()
	if a == nil || a.Extra == nil || !isSequence(a) {
		return v
	}
	if n.keepArray {
		if a.Extra == markOuter {
			a = ev.marked(a.Elems, markKeep)
		}
		ev.keep(a)
	}
	switch len(a.Elems) {
	case 0:
		return value.Undefined
	case 1:
		if !keeps(a) {
			return a.Elems[0]
		}
	}
	return value.Of(a)
}

// isArray is Array.isArray.
func isArray(v value.Value) bool { return value.IsArray(v) }

// elements gives the items of an array, live ones of the JavaScript engine included.
func elements(v value.Value) []value.Value {
	if a := v.Array(); a != nil {
		return a.Elems
	}
	n := value.Length(v)
	list := make([]value.Value, n)
	for i := range list {
		list[i] = value.Index(v, i)
	}
	return list
}

// collector gathers the results of a path step: arrays are flattened into it.
type collector struct {
	items []value.Value
	first value.Value
	count int // results so far
	flat  bool
}

// add takes a result that is not undefined.
func (c *collector) add(v value.Value) {
	if c.count++; c.count == 1 {
		c.first = v
		return
	}
	if !c.flat {
		c.flat = true
		c.items = make([]value.Value, 0, 8)
		c.push(c.first)
	}
	c.push(v)
}

func (c *collector) push(v value.Value) {
	if v.Kind() == value.KindArray {
		if a := v.Array(); a.Extra != markCons {
			c.items = append(c.items, a.Elems...)
			return
		}
	} else if v.Kind() == value.KindForeign && isArray(v) {
		c.items = append(c.items, elements(v)...)
		return
	}
	c.items = append(c.items, v)
}

// done gives the items, or the array itself if the one result is an array that is
// no sequence and the step is the last.
func (c *collector) done(last bool) (items []value.Value, whole value.Value) {
	if c.count == 1 && !c.flat {
		if isArray(c.first) {
			a := c.first.Array()
			if last && (a == nil || !isSequence(a)) {
				return elements(c.first), c.first
			}
			if a == nil || a.Extra != markCons {
				return elements(c.first), value.Undefined
			}
		}
		return []value.Value{c.first}, value.Undefined
	}
	return c.items, value.Undefined
}
