package sequence

import (
	"math"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// list is what a group collects as a JavaScript array: it may have holes, and
// members whose keys are not indexes, which count and are not sent.
type list struct {
	elems  []value.Value
	filled []bool // false at a hole
	full   int    // how many are not holes
	names  map[string]bool
}

// maxIndex bounds the length of a list that gaps may come to.
const maxIndex = 1 << 26

// put sets the element with an index and makes holes up to it.
func (l *list) put(i int, v value.Value) {
	for len(l.elems) <= i {
		l.elems, l.filled = append(l.elems, value.Undefined), append(l.filled, false)
	}
	if !l.filled[i] {
		l.full++
	}
	l.elems[i], l.filled[i] = v, true
}

// name sets a member whose key is no index.
func (l *list) name(key string) {
	if l.names == nil {
		l.names = map[string]bool{}
	}
	l.names[key] = true
}

// size counts elements and members, without the holes.
func (l *list) size() int { return l.full + len(l.names) }

// flatten puts the elements of arrays in their place and leaves the holes out.
func (l *list) flatten() {
	old := *l
	*l = list{names: old.names}
	for i, v := range old.elems {
		if !old.filled[i] {
			continue
		}
		if a := v.Array(); a != nil {
			for _, e := range a.Elems {
				l.put(len(l.elems), e)
			}
			continue
		}
		l.put(len(l.elems), v)
	}
}

// put sets a key of the object. A group that began as a list stays one: then the
// key is an index, or names a member that is lost when the group is sent.
func (g *group) put(key string, v value.Value) {
	if g.object != nil {
		g.object.Set(key, v)
		g.count = float64(g.object.Len())
		return
	}
	if i, ok := value.ArrayIndex(key); ok && i <= maxIndex {
		g.list.put(int(i), v)
	} else {
		g.list.name(key)
	}
	g.count = float64(g.list.size())
}

// insert puts a value into the list, at its index if it has one. A group that
// began as an object stays one: then the index is a key.
func (g *group) insert(a arrival) error {
	index := value.ToNumber(a.index)
	numbered := !a.index.IsUndefined() && !math.IsNaN(index)
	switch {
	case g.object != nil && numbered:
		key := value.ToString(a.index)
		if g.object.Get(key).IsNullish() {
			g.count++
		}
		g.object.Set(key, a.property)
	case a.property.IsUndefined() && !numbered:
	case g.object != nil:
		return value.NewError("TypeError", "group.payload.push is not a function")
	case numbered:
		g.place(int(index), a.property)
	default:
		g.list.put(len(g.list.elems), a.property)
		g.count++
	}
	return nil
}

func (g *group) place(i int, v value.Value) {
	if i < 0 || i > maxIndex {
		return
	}
	if i >= len(g.list.elems) || g.list.elems[i].IsNullish() {
		g.count++
	}
	g.list.put(i, v)
}
