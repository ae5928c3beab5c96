package value

import (
	"slices"
	"strings"
)

// SavedJSON is the text that Node-RED's file store of context writes: JSON with an
// indentation of 4, without references to a value's own parents; circular says
// that there were some.
func SavedJSON(v Value) (text string, circular bool, err error) {
	text, _, err = Stringify(v, "    ")
	if err == nil || !strings.HasPrefix(err.Error(), "Converting circular") && !strings.Contains(err.Error(), "circular structure") {
		return text, false, err
	}
	text, _, err = Stringify(uncircled(v, nil), "    ")
	return text, true, err
}

// uncircled copies objects and arrays, leaving out references to parents.
func uncircled(v Value, parents []Value) Value {
	if slices.ContainsFunc(parents, func(p Value) bool { return SameObject(p, v) }) {
		return Undefined
	}
	parents = append(parents, v)
	switch v.kind {
	case KindObject:
		o, out := v.Object(), NewObject()
		for i := range o.Len() {
			out.Set(o.At(i).Key, uncircled(o.At(i).Value, parents))
		}
		return Of(out)
	case KindArray:
		out := NewArray()
		for _, e := range v.Array().Elems {
			out.Append(uncircled(e, parents))
		}
		return Of(out)
	}
	return v
}
