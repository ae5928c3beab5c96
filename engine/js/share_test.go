package js

import (
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// node makes a function node on a runtime and host.
func node(t *testing.T, r *Runtime, h Host, id, body string) *Function {
	t.Helper()
	f, err := r.NewFunction(h, Identity{ID: id}, Source{Func: body})
	if err != nil {
		t.Fatal(err)
	}
	f.Start()
	return f
}

func msg(payload any) *value.Object { return value.Obj("payload", payload, "_msgid", "id").Object() }

// last gives the payload last sent, as JSON.
func last(h *testHost) string {
	if len(h.sent) == 0 {
		return "nothing sent: " + strings.Join(h.log, "; ")
	}
	return show(h.sent[len(h.sent)-1][0].Get("payload"))
}

// TestSharing: what a function keeps and what left it are the same objects, for
// the function itself, for other nodes and for native code.
func TestSharing(t *testing.T) {
	h := newHost()
	r := New(Options{})
	keeper := node(t, r, h, "a", `
		if (typeof list === "undefined") { list = []; global.set("list", list); global.set("fn", x => list.push(x)); global.set("map", new Map()) }
		list.push(msg.payload); global.get("map").set(msg.payload, list.length);
		msg.payload = list; return msg`)
	other := node(t, r, h, "b", `global.get("list").push("b"); global.get("fn")("f");
		return {payload: [global.get("list"), typeof list, [...global.get("map")], global.get("list") === msg.payload]}`)
	keeper.Receive(msg(1))
	first := h.sent[len(h.sent)-1][0]
	if got := last(h); got != "[1]" {
		t.Fatal(got)
	}
	other.Receive(value.Obj("payload", first.Get("payload"), "_msgid", "id").Object())
	if got, want := last(h), `[[1,"b","f"],"undefined",[[1,1]],true]`; got != want {
		t.Errorf("got %s want %s", got, want)
	}
	if got := show(first.Get("payload")); got != `[1,"b","f"]` {
		t.Errorf("the message sent first shows %s", got)
	}
	keeper.Receive(msg(2))
	if got := last(h); got != `[1,"b","f",2]` {
		t.Error(got)
	}
	if a := h.data["global"].Get("list"); a.Array() == nil || a.Array().Len() != 4 {
		t.Errorf("context holds %v", a.Kind())
	}
}

// TestKinds: what leaves JavaScript is data where data can stand for it.
func TestKinds(t *testing.T) {
	h := newHost()
	r := New(Options{})
	f := node(t, r, h, "a", `
		class Point { constructor() { this.x = 1 } }
		msg.payload = {d: new Date(5), b: Buffer.from("hi"), u: new Uint16Array([1, 258]), r: /a/g, e: new TypeError("bad"),
			f() {}, c: new Point(), m: new Map([[1, {a: 1}]]), n: null, big: 12n, deep: {l: [1, {q: 2}]}, p: Object.create(null)};
		keep = msg.payload; return msg`)
	f.Receive(msg(1))
	p := h.sent[0][0].Get("payload").Object()
	for key, want := range map[string]value.Kind{
		"d": value.KindDate, "b": value.KindBuffer, "u": value.KindTypedArray, "r": value.KindRegExp, "e": value.KindError,
		"f": value.KindForeign, "c": value.KindForeign, "m": value.KindForeign, "n": value.KindNull, "big": value.KindBigInt,
		"deep": value.KindObject, "p": value.KindObject,
	} {
		if got := p.Get(key).Kind(); got != want {
			t.Errorf("%s is of kind %d, not %d", key, got, want)
		}
	}
	if m := p.Get("m").Foreign().Snapshot().Map(); m == nil || len(m.Pairs) != 1 || m.Pairs[0][1].Object() == nil {
		t.Error("the Map has no snapshot")
	}
	if l := p.Get("deep").Object().Get("l").Array(); l == nil || l.At(1).Object() == nil {
		t.Error("nested objects are not data")
	}
	p.Get("b").Buffer().B[0] = 'H'
	g := node(t, r, h, "b", `msg.payload.d.setTime(9); return {payload: [msg.payload.b.toString(), msg.payload.u[1], msg.payload.m.get(1).a,
		msg.payload.c.x, msg.payload.e instanceof TypeError, typeof msg.payload.f, msg.payload.r.test("a"), String(msg.payload.big)]}`)
	g.Receive(h.sent[0][0])
	if got, want := last(h), `["Hi",258,1,1,true,"function",true,"12"]`; got != want {
		t.Errorf("got %s want %s", got, want)
	}
	if ms := p.Get("d").Date().Ms; ms != 9 {
		t.Errorf("the date is %v", ms)
	}
}

// TestClone: a clone of live values follows lodash.
func TestClone(t *testing.T) {
	h := newHost()
	r := New(Options{})
	f := node(t, r, h, "a", `
		class P { constructor() { this.o = {v: 1} } get w() { return this.o.v } }
		var o = {p: new P(), m: new Map([["k", {v: 1}]]), s: new Set([1]), f: () => 7, d: new Date(3)}; o.self = o;
		var c = RED.util.cloneMessage(o);
		c.p.o.v = 2; c.m.get("k").v = 2; c.s.add(2); c.d.setTime(4);
		return {payload: [o.p.o.v, c.p.w, c.p instanceof P, o.m.get("k").v, c.m.get("k").v, o.s.size, c.s.size, c.f === o.f, c.self === c, o.d.getTime(), c !== o]}`)
	f.Receive(msg(1))
	if got, want := last(h), `[1,2,true,1,2,1,2,true,true,3,true]`; got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

// TestNativeIn: native values of every kind are what they should be to JavaScript.
func TestNativeIn(t *testing.T) {
	h := newHost()
	r := New(Options{})
	f := node(t, r, h, "a", `var p = msg.payload; p.m.set(2, 3); return {payload: [p.d instanceof Date, p.d.getTime(), Buffer.isBuffer(p.b), p.b.toString(), p.e.message,
		p.e instanceof RangeError, p.m.size, p.s.has(1), p.r.test("xa"), p.t[1], p.h.url, p.m === p.m, p.u === undefined, "u" in p, p.z.length, p.z[0]]}`)
	m := &value.Map{Pairs: [][2]value.Value{{value.Int(1), value.Int(2)}}}
	z := value.Str("\xed\xa0\x80x")
	f.Receive(msg(value.Obj("d", value.NewDate(5), "b", value.Bytes([]byte("hi")), "e", value.Of(value.NewError("RangeError", "out")),
		"m", value.Of(m), "s", value.Of(&value.Set{Items: []value.Value{value.Int(1)}}), "r", value.Of(&value.RegExp{Source: "a$"}),
		"t", value.Of(&value.TypedArray{Class: "Uint16Array", B: []byte{1, 0, 2, 0}}),
		"h", value.Of(&value.Handle{Class: "IncomingMessage", Props: value.Obj("url", "/x").Object()}), "u", value.Undefined, "z", z)))
	if got, want := last(h), `[true,5,true,"hi","out",true,2,true,true,2,"/x",true,true,true,2,"\ud800"]`; got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

// TestInterrupt: a loop can be stopped from outside, and the node goes on after.
func TestInterrupt(t *testing.T) {
	h := newHost()
	r := New(Options{})
	f := node(t, r, h, "a", `if (msg.payload === 1) for (;;) {} return msg`)
	r.Interrupt("too slow")
	f.Receive(msg(1))
	f.Receive(msg(2))
	if got, want := strings.Join(h.log, "|"), `fail [Error: too slow]|send0 {"payload":2,"_msgid":"id"}|done`; got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

// TestLimits: steps end a loop, waiting for the clock ends, deep recursion fails.
func TestLimits(t *testing.T) {
	h := newHost()
	r := New(Options{MaxSteps: 10000, Now: func() float64 { return 1000 }})
	node(t, r, h, "a", `while (true) {}`).Receive(msg(1))
	node(t, r, h, "b", `var t = Date.now(); while (Date.now() < t + 20) {} return {payload: Date.now() >= t + 20}`).Receive(msg(1))
	node(t, r, h, "c", `function f(n) { return f(n + 1) } f(0)`).Receive(msg(1))
	r2 := New(Options{MaxDepth: 1000})
	node(t, r2, h, "d", `var n = 0; try { (function f() { n++; f() })() } catch (e) { return {payload: [e.name, e.message, n > 500]} }`).Receive(msg(1))
	got := strings.Join(h.log, "|")
	for _, want := range []string{"too many steps", `"payload":true`, `["RangeError","Maximum call stack size exceeded",true]`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
}

// TestRejection: a promise rejected without a handler is the node's error.
func TestRejection(t *testing.T) {
	got := runBody(t, `Promise.reject(new Error("lost")); (async () => { throw new Error("too") })(); return msg`, value.Of(msg(1)))
	if !strings.Contains(got, "error [Error: lost] about undefined") || !strings.Contains(got, "error [Error: too]") {
		t.Error(got)
	}
}

// TestCheck: the places of syntax errors.
func TestCheck(t *testing.T) {
	got := Check(Source{Func: "let a = 1;\nreturn a +;", Initialize: "ok()", Finalize: "x = {"})
	if len(got) != 2 || got[0].Line != 2 || got[0].Column != 11 || got[0].Text != "Unexpected token ';'" || got[1].Part != "finalize" {
		t.Errorf("%+v", got)
	}
	if got := Check(Source{Func: "for await (const x of y) {}\nreturn msg"}); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestLibs: modules come from the hook.
func TestLibs(t *testing.T) {
	h := newHost()
	r := New(Options{Require: func(m string) (string, error) { return "module.exports = {name: '" + m + "', twice: x => x * 2}", nil }})
	f, err := r.NewFunction(h, Identity{ID: "a"}, Source{Func: "return {payload: [lib.name, lib.twice(4)]}", Libs: []Lib{{"lib", "left"}}})
	if err != nil {
		t.Fatal(err)
	}
	f.Start()
	f.Receive(msg(1))
	if got := last(h); got != `["left",8]` {
		t.Error(got)
	}
}

// TestContextProperties: properties set on context.global and context.flow are seen
// by other nodes; those of flow and context are a node's own.
func TestContextProperties(t *testing.T) {
	h := newHost()
	r := New(Options{})
	h.Context("global")
	h.data["global"].Set("seed", value.Str("s"))
	node(t, r, h, "a", `context.global.count = (context.global.count || 0) + 1; context.global.list = [1]; flow.mine = 1; context.n = 2`).Receive(msg(1))
	node(t, r, h, "b", `context.global.count++; context.global.list.push(2);
		return {payload: [context.global.count, context.global.list, context.global.seed, typeof flow.mine, typeof context.n, typeof context.global.get, global.get("count") === undefined]}`).Receive(msg(1))
	if got, want := last(h), `[2,[1,2],"s","undefined","undefined","function",true]`; got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

// TestLinkCall: node.linkcall is a promise of the message that comes back.
func TestLinkCall(t *testing.T) {
	got := runBody(t, `let m = await node.linkcall("target", {payload: 1}, {timeout: 50}); try { await node.linkcall("", msg) } catch (e) { m.e = e.message }; return m`, value.Of(msg(1)))
	want := `linkcall target 50 {"payload":1,"called":"target"}` + "\n" +
		`send0 {"payload":1,"called":"target","e":"function.error.linkcallTargetInvalid","_msgid":"id"}` + "\ndone"
	if got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

// TestTimers: clearing in all ways, arguments, order.
func TestTimers(t *testing.T) {
	got := runBody(t, `let a = setTimeout(() => node.warn("never"), 10); a.close(); let b = setInterval(() => node.warn("never"), 10); clearTimeout(+b);
		setTimeout((x, y) => node.warn([x, y, Date.now()]), 20, 1, 2); setTimeout(() => node.warn("first"), 20.9); clearTimeout(undefined); clearTimeout(99); return null`, value.Of(msg(1)))
	if want := "done\nwarn [1,2,20]\nwarn \"first\""; got != want {
		t.Errorf("got %s want %s", got, want)
	}
}
