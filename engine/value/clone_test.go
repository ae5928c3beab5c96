package value

import "testing"

// TestClone holds Clone to what lodash.clonedeep 4.5.0 does under Node 22.
func TestClone(t *testing.T) {
	buf := NewBuffer([]byte("abc"))
	date, err := NewDate(5), Of(NewError("Error", "x"))
	shared := Obj("x", 1)
	m := &Map{Pairs: [][2]Value{{Obj("k", 1), shared}, {Str("again"), shared}}}
	match := Arr(Str("m"))
	match.Array().Extra = Obj("index", 3, "input", "in", "other", 1).Object()
	in := Obj("a", buf, "b", buf, "d", date, "d2", date, "err", err, "s", shared, "s2", shared, "map", m, "match", match, "__proto__", shared, "u", Undefined)
	in.Object().Set("self", in)
	o := Clone(in).Object()
	get := func(k string) Value { return o.Get(k) }

	get("a").Buffer().B[0] = 'Z'
	switch {
	case string(buf.B) != "Zbc" || SameObject(get("a"), get("b")) || SameObject(get("a"), Of(buf)):
		t.Error("the clones of a Buffer are Buffers of their own over the same bytes")
	case !SameObject(get("d"), get("d2")) || SameObject(get("d"), date):
		t.Error("a Date is cloned once")
	case !SameObject(get("err"), err) || !SameObject(get("self"), Of(o)):
		t.Error("errors stay, cycles close")
	case !SameObject(get("s"), get("s2")) || SameObject(get("s"), shared):
		t.Error("a shared object is cloned once")
	case o.Has("__proto__") || !o.Has("u"):
		t.Error("__proto__ is lost, undefined is kept")
	}
	p := get("map").Map().Pairs
	if SameObject(p[0][0], m.Pairs[0][0]) || SameObject(p[0][1], get("s")) || !SameObject(p[0][1], p[1][1]) {
		t.Error("what is in a Map is cloned on its own, keys too")
	}
	if x := get("match").Array().Extra; x.Len() != 2 || x.Get("input").Str() != "in" {
		t.Errorf("a match result has %v", x.Keys())
	}
	if Clone(err).Object() == nil {
		t.Error("an error alone becomes an empty object")
	}
	self := &Set{}
	self.Items = append(self.Items, Of(self))
	Clone(Of(self))
	if in.Object().copy != nil || shared.Object().copy != nil {
		t.Error("marks are left")
	}
}
