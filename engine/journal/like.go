package journal

import (
	"errors"
	"strconv"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// The answers to one request are much alike when they come again and again: the requests
// of one route have nearly the same headers. Such a body is written as what is different in
// it from the body before it for the same request:
//
//	{"e":"reply","r":7,"like":[3,"/x?q=2",9,17]}
//
// says that the leaves 3 and 9 are "/x?q=2" and 17, and all others as they were. Leaves are
// counted from 0 in the order in which they are written; everything but an array and a plain
// object is one.

// Bounds of what is remembered: bodies with more leaves are written whole, longer texts are
// written each time, and the memory ends with so many requests.
const (
	likeLeaves = 200
	likeText   = 512
	likeDepth  = 6
	likeKnown  = 64
	likeTries  = 8 // after so many bodies in a row that were not alike
)

// shape is a body as its containers, keys and leaves, in the order in which they are written.
type shape struct {
	parts  []part
	leaves int
	misses int
}

// part is the beginning of a container with so many entries, a key, or a leaf.
type part struct {
	kind  partKind
	text  string // the key
	n     int
	value value.Value // of a leaf; undefined if it is not remembered
}

type partKind uint8

const (
	partObject partKind = iota
	partArray
	partKey
	partLeaf
)

// take adds a value; false says that it is too large, or may be more than one leaf, or less,
// in tagged JSON.
func (s *shape) take(v value.Value, depth int) bool {
	switch v.Kind() {
	case value.KindObject:
		o := v.Object()
		if depth == likeDepth || s.leaves+o.Len() > likeLeaves {
			return false
		}
		s.parts = append(s.parts, part{kind: partObject, n: o.Len()})
		for i := range o.Len() {
			p := o.At(i)
			if p.Key == "" || p.Key[0] == '$' || p.Key == "__proto__" || p.Key[0] >= '0' && p.Key[0] <= '9' {
				return false
			}
			s.parts = append(s.parts, part{kind: partKey, text: p.Key})
			if !s.take(p.Value, depth+1) {
				return false
			}
		}
		return true
	case value.KindArray:
		a := v.Array()
		if depth == likeDepth || s.leaves+len(a.Elems) > likeLeaves {
			return false
		}
		s.parts = append(s.parts, part{kind: partArray, n: len(a.Elems)})
		for _, e := range a.Elems {
			if !s.take(e, depth+1) {
				return false
			}
		}
		return true
	case value.KindForeign:
		return false
	}
	s.leaves++
	s.parts = append(s.parts, part{kind: partLeaf, value: remembered(v)})
	return s.leaves <= likeLeaves
}

// remembered is a leaf that can be compared, undefined for others.
func remembered(v value.Value) value.Value {
	switch v.Kind() {
	case value.KindString:
		if len(v.Str()) > likeText {
			return value.Undefined
		}
		return v
	case value.KindNumber, value.KindBool, value.KindNull:
		return v
	}
	return value.Undefined
}

// differs goes through a body of the same shape, and appends the leaves that are not as they
// were; false says that the shape is another one, and leaves it half changed.
func (s *shape) differs(b []byte, v value.Value, at, leaf *int) ([]byte, bool) {
	if *at == len(s.parts) {
		return b, false
	}
	p := &s.parts[*at]
	*at++
	switch v.Kind() {
	case value.KindObject:
		o := v.Object()
		if p.kind != partObject || p.n != o.Len() {
			return b, false
		}
		for i := range o.Len() {
			q := o.At(i)
			if s.parts[*at].text != q.Key {
				return b, false
			}
			*at++
			var ok bool
			if b, ok = s.differs(b, q.Value, at, leaf); !ok {
				return b, false
			}
		}
		return b, true
	case value.KindArray:
		a := v.Array()
		if p.kind != partArray || p.n != len(a.Elems) {
			return b, false
		}
		for _, e := range a.Elems {
			var ok bool
			if b, ok = s.differs(b, e, at, leaf); !ok {
				return b, false
			}
		}
		return b, true
	}
	if p.kind != partLeaf || v.Kind() == value.KindForeign {
		return b, false
	}
	if !sameLeaf(p.value, v) {
		b = strconv.AppendInt(b, int64(*leaf), 10)
		b = append(value.AppendTagged(append(b, ','), v), ',')
		p.value = remembered(v)
	}
	*leaf++
	return b, true
}

// sameLeaf compares a leaf with one that is remembered.
func sameLeaf(old, v value.Value) bool {
	switch v.Kind() {
	case value.KindString:
		return old.Kind() == value.KindString && old.Str() == v.Str()
	case value.KindUndefined:
		return false
	}
	return value.SameValue(old, v)
}

// likes remembers bodies by request.
type likes map[uint64]*shape

// body appends the body of a reply to a request, as what is different in it if it can be.
func (l likes) body(b []byte, request uint64, v value.Value) []byte {
	s := l[request]
	switch {
	case v.Kind() != value.KindObject || s != nil && s.misses >= likeTries || s == nil && len(l) >= likeKnown:
		return appendBody(b, v)
	case s == nil:
		s = &shape{}
		l[request] = s
	case len(s.parts) > 0:
		start := len(b)
		var at, leaf int
		if b, ok := s.differs(append(b, `,"like":[`...), v, &at, &leaf); ok && at == len(s.parts) {
			s.misses = 0
			if b[len(b)-1] == ',' {
				b = b[:len(b)-1]
			}
			return append(b, ']', '}', '\n')
		}
		b = b[:start]
		s.misses++
	default:
		s.misses++
	}
	s.parts, s.leaves = s.parts[:0], 0
	if !s.take(v, 0) {
		s.parts = s.parts[:0]
	}
	return appendBody(b, v)
}

// bodies are the last bodies of requests as a Reader has read them, in tagged JSON.
type bodies map[uint64]value.Value

// keep remembers a body that was written whole.
func (l bodies) keep(request uint64, tagged value.Value) {
	if _, known := l[request]; (known || len(l) < likeKnown) && tagged.Kind() == value.KindObject {
		l[request] = value.Clone(tagged)
	}
}

// like gives the body that a list of differences means, in tagged JSON.
func (l bodies) like(request uint64, changes value.Value) (value.Value, error) {
	body, ok := l[request]
	list := changes.Array()
	if !ok || list == nil || len(list.Elems)%2 != 0 {
		return value.Undefined, errors.New("it is like a body that is not there")
	}
	w := patch{changes: list.Elems}
	body = w.apply(body)
	if len(w.changes) > 0 {
		return value.Undefined, errors.New("it changes leaves that are not there")
	}
	l[request] = body
	return value.Clone(body), nil
}

// patch changes leaves.
type patch struct {
	changes []value.Value
	leaf    int
}

func (w *patch) apply(v value.Value) value.Value {
	if o := v.Object(); v.Kind() == value.KindObject && !o.Has("$t") {
		for i := range o.Len() {
			p := o.At(i)
			p.Value = w.apply(p.Value)
		}
		return v
	}
	if v.Kind() == value.KindArray {
		elems := v.Array().Elems
		for i := range elems {
			elems[i] = w.apply(elems[i])
		}
		return v
	}
	if len(w.changes) > 0 && number(w.changes[0]) == float64(w.leaf) && w.changes[0].IsNumber() {
		v = w.changes[1]
		w.changes = w.changes[2:]
	}
	w.leaf++
	return v
}
