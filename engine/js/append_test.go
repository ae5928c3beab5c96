package js

import (
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestAppend appends in every way that could show that strings share memory, and
// compares with additions that are not rewritten (a property, not a variable).
func TestAppend(t *testing.T) {
	body := `
	const pieces = ['a', 'é', '\ud83d', '\ude00', '😀', 7, 1.5, null, undefined, true, {toString() { return 'o' }}, [1, 2], 10n, 'x'.repeat(300), 'ü'.repeat(300), ''];
	let bad = [];
	for (const start of ['', 'y'.repeat(300), 'ß'.repeat(300), '\ud83d'.repeat(260), 5, null]) {
		let s = "", o = {s: start}, kept = [];
		s = start;
		for (let i = 0; i < 60; i++) { const p = pieces[(i * 7) % pieces.length]; s += p; o.s += p; kept.push([s, o.s]); }
		let u = s, v = s, w = s;
		for (let i = 0; i < 3; i++) { u += "u"; v += "v"; w += "w"; }
		if (u !== o.s + 'uuu' || v !== o.s + 'vvv' || w !== o.s + 'www') bad.push('branch');
		for (const [a, b] of kept) if (a !== b || a.length !== b.length) { bad.push([String(start).length, a.length, b.length]); break; }
	}
	let n = 1; for (let i = 0; i < 3; i++) { n += i; }
	let q = ""; q = 4; for (let i = 0; i < 3; i++) { q += i; }
	let e; try { let z = ""; for (;;) { z += Symbol('s'); } } catch (x) { e = x.name + x.message }
	let f = ""; [1, 2, 3].forEach(x => f += x); ["a"].forEach(function (x) { f += x + ","; });
	return {payload: [bad, n, q, e, f]};`
	want := `send0 {"payload":[[],4,7,"TypeErrorCannot convert a Symbol value to a string","123a,"],"_msgid":"id"}` + "\ndone"
	if got := runBody(t, body, value.Obj("_msgid", "id")); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestAppendError keeps the place of an error that V8 gives.
func TestAppendError(t *testing.T) {
	got := runBody(t, "\nfor (let i = 0; i < 2; i++) { zz += 'a' }", value.Obj("_msgid", "id"))
	if want := "fail [ReferenceError: ReferenceError: zz is not defined (line 2, col 31)]"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestSort covers what the judged expressions do not: holes, changes made while
// sorting, arrays of messages.
func TestSort(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`const a = [3, , undefined, 1, 2]; a.sort(); return {payload: [a.length, 3 in a, 4 in a, JSON.stringify(a)]}`, `[5,true,false,"[1,2,3,null,null]"]`},
		{`return {payload: msg.list.sort((a, b) => b - a)}`, `[10,9,1]`},
		{`return {payload: msg.list.sort()}`, `[1,10,9]`},
		{`const a = [3, 1, 2]; a.sort((x, y) => { a.push(9); return x - y }); return {payload: a.slice(0, 3)}`, `[1,2,3]`},
		{`try { [2, 1].sort(() => { throw new Error('no') }) } catch (e) { return {payload: e.message} }`, `"no"`},
		{`try { [2, 1].sort({}) } catch (e) { return {payload: e.name} }`, `"TypeError"`},
		{`return {payload: [3, 1, 2].sort((a, b) => a > b)}`, `[3,1,2]`},
		{`return {payload: [3, 1, 2].sort((a, b) => a < b ? '-1' : NaN)}`, `[1,2,3]`},
		{`class P { static c(a, b) { return this === undefined ? a - b : 0 } } return {payload: [3, 1, 2].sort(P.c)}`, `[1,2,3]`},
		{`try { [2, 1].sort([]) } catch (e) { return {payload: e.message} }`, `"The comparison function must be either a function or undefined: [object Array]"`},
		{`return {payload: [3, 1, 2].sort(new Proxy((a, b) => a - b, {}))}`, `[1,2,3]`},
		{`return {payload: [[2], 'b', 10, {}, null, true].sort()}`, `[10,[2],{},"b",null,true]`},
	} {
		msg := value.Obj("list", value.Arr(value.Int(9), value.Int(10), value.Int(1)), "_msgid", "id")
		want := `send0 {"payload":` + c.want + `,"_msgid":"id"}` + "\ndone"
		if got := runBody(t, c.body, msg); got != want {
			t.Errorf("%s\n got %s\nwant %s", c.body, got, want)
		}
	}
}
