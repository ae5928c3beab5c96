package js

import (
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

func TestBodies(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`return msg;`, "send0 {\"payload\":{\"a\":1,\"b\":[1,2,3]},\"_msgid\":\"id\"}\ndone"},
		{`msg.payload.a++; msg.payload.b.push({x:[1]}); msg.y = {z: msg.payload.b}; return msg`,
			`send0 {"payload":{"a":2,"b":[1,2,3,{"x":[1]}]},"_msgid":"id","y":{"z":[1,2,3,{"x":[1]}]}}` + "\ndone"},
		{`return x`, `fail [ReferenceError: ReferenceError: x is not defined (line 1, col 1)]`},
		{`x = 5; return {payload: typeof x + x}`, `send0 {"payload":"number5","_msgid":"id"}` + "\ndone"},
		{`node.send([[msg, {payload:1}], {payload:2}]); node.warn("hi"); return null`,
			`send0 {"payload":{"a":1,"b":[1,2,3]},"_msgid":"id"}` + "\n" + `send0 {"payload":1,"_msgid":"id"}` + "\n" + `send1 {"payload":2,"_msgid":"id"}` + "\nwarn \"hi\"\ndone"},
		{`return 5`, "error \"function.error.non-message-returned\" about undefined\ndone"},
		{`await new Promise(r => setTimeout(r, 500)); return {payload: Date.now()}`, `send0 {"payload":500,"_msgid":"id"}` + "\ndone"},
		{`throw "x"`, `fail "x"`},
		{`let f = flow.get('n') || 0; flow.set('n', f+1); return {payload: flow.get('n'), k: flow.keys()}`, `send0 {"payload":1,"k":["n"],"_msgid":"id"}` + "\ndone"},
		{`let o = {a:1}; context.set('o', o); o.b = 2; let p = context.get('o'); return {payload: [p === o, p.b, JSON.stringify(p)]}`,
			`send0 {"payload":[true,2,"{\"a\":1,\"b\":2}"],"_msgid":"id"}` + "\ndone"},
		{`node.send(msg); node.done()`, `send0 {"payload":{"a":1,"b":[1,2,3]},"_msgid":"id"}` + "\ndone"},
		{`return {payload: 2**10 }`, `send0 {"payload":1024,"_msgid":"id"}` + "\ndone"},
		{`{ function q(){ return 7 } } return {payload: q()}`, `send0 {"payload":7,"_msgid":"id"}` + "\ndone"},
		{`msg.self = msg; msg.payload = 1; let n = RED.util.cloneMessage(msg); n.self = n.self === n; return n`, `send0 {"payload":1,"_msgid":"id","self":true}` + "\ndone"},
	} {
		msg := value.Obj("payload", value.Obj("a", 1, "b", value.Arr(value.Int(1), value.Int(2), value.Int(3))), "_msgid", "id")
		if got := runBody(t, c.body, msg); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.body, got, c.want)
		}
	}
}

func bench(b *testing.B, body string) {
	h := newHost()
	h.quiet = true
	r := New(Options{})
	f, err := r.NewFunction(h, Identity{ID: "n1"}, Source{Func: body})
	if err != nil {
		b.Fatal(err)
	}
	f.Start()
	b.ReportAllocs()
	for b.Loop() {
		msg := value.NewObject(2)
		msg.Set("_msgid", value.Str("0123456789abcdef"))
		msg.Set("payload", value.Int(1))
		f.Receive(msg)
	}
}

func BenchmarkReturn(b *testing.B) { bench(b, `return msg;`) }
func BenchmarkSet(b *testing.B)    { bench(b, `msg.payload = msg.payload + 1; return msg;`) }
func BenchmarkLoop(b *testing.B) {
	bench(b, `for (let i = 0; i < 1000; i++) { msg.payload = i; } return msg;`)
}
func BenchmarkLoopGet(b *testing.B) {
	bench(b, `let s = 0; for (let i = 0; i < 1000; i++) { s += msg.payload; } return msg;`)
}
func BenchmarkSend(b *testing.B)     { bench(b, `node.send(msg);`) }
func BenchmarkNew(b *testing.B)      { bench(b, `return {payload: {a: 1, b: [1,2,3]}};`) }
func BenchmarkAsync(b *testing.B)    { bench(b, `await 1; return msg;`) }
func BenchmarkImplicit(b *testing.B) { bench(b, `for (i = 0; i < 1000; i++) { } return msg;`) }
func BenchmarkEmptyLoop(b *testing.B) {
	bench(b, `for (let i = 0; i < 1000; i++) { } return msg;`)
}
func BenchmarkRuntime(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		New(Options{})
	}
}
func BenchmarkCompile(b *testing.B) {
	r := New(Options{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.NewFunction(newHost(), Identity{ID: "n1"}, Source{Func: `msg.payload = flow.get("a"); node.send(msg); if (x) { return null } return msg;`}); err != nil {
			b.Fatal(err)
		}
	}
}
