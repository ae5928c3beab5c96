package js

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// lateBodies are functions that look into a document and change it in all ways.
var lateBodies = []string{
	`return msg`,
	`msg.payload.added = 1; return msg`,
	`msg.payload.a.b.c = msg.n; return msg`,
	`delete msg.payload.a.b; return msg`,
	`delete msg.payload.list; return msg`,
	`msg.payload.list.sort((x, y) => y.id - x.id); return msg`,
	`msg.payload.list.splice(1, 2, {x: msg.payload.a}); return msg`,
	`msg.payload.list.reverse(); msg.payload.list.push(msg.payload.a.b); return msg`,
	`msg.payload.list.length = msg.n; return msg`,
	`msg.payload.list.forEach(e => { e.id += msg.n; delete e.pad }); return msg`,
	`const {a, ...rest} = msg.payload; rest.a2 = a; msg.payload = rest; return msg`,
	`msg.payload = {...msg.payload, a: 7}; return msg`,
	`msg.payload = Object.assign({}, msg.payload, {z: msg.payload.a}); return msg`,
	`Object.assign(msg.payload.a, {pad: "new"}); return msg`,
	`const keep = msg.payload.a; msg.payload.copy = RED.util.cloneMessage({p: keep}); keep.b.c = "later"; return msg`,
	`const c = RED.util.cloneMessage(msg); msg.payload.a.pad = 1; c.payload.a.b.d = msg.payload; return c`,
	`msg.payload = JSON.parse(JSON.stringify(msg.payload)); msg.payload.a.b.c = 5; return msg`,
	`msg.payload = JSON.stringify(msg.payload); return msg`,
	`msg.payload.a.b = msg.payload.list; msg.payload.list[0] = 1; return msg`,
	`for (const k in msg.payload.a) msg.payload.a[k] = k; return msg`,
	`for (const k of Object.keys(msg.payload)) if (typeof msg.payload[k] == "string") msg.payload[k] += "!"; return msg`,
	`Object.defineProperty(msg.payload, "hidden", {value: 3, enumerable: false}); return msg`,
	`Object.freeze(msg.payload.a); try { msg.payload.a.b = 1 } catch (e) {} ; return msg`,
	`Object.setPrototypeOf(msg.payload, {up: 1}); msg.payload.up2 = msg.payload.up; return msg`,
	`RED.util.setMessageProperty(msg, "payload.a.b.c[0].d", 9, true); return msg`,
	`msg.payload.toJSON = function () { return {own: this.a} }; return msg`,
	`msg.payload.a.b.c = Buffer.from("xy"); msg.payload.list[1].at = new Date(0); return msg`,
	`msg.payload["0"] = "first"; msg.payload.a["1"] = undefined; return msg`,
	`flow.set("doc", msg.payload); msg.payload.a.n = 1; flow.get("doc").a.m = 2; return msg`,
	`const d = flow.get("doc"); if (d) { d.a = msg.payload.a; msg.payload.old = d.list } return msg`,
	`msg.payload.has = ["a" in msg.payload, "q" in msg.payload, msg.payload.hasOwnProperty("list"), Object.entries(msg.payload.a).length]; return msg`,
}

// TestLateInFunctions: a document that is read late is to functions what one that
// was read at once is.
func TestLateInFunctions(t *testing.T) {
	const rounds = 2000
	var lists [2][]*Function
	var hosts [2]*testHost
	for i := range hosts {
		hosts[i] = newHost()
		r := New(Options{})
		for j, body := range lateBodies {
			lists[i] = append(lists[i], node(t, r, hosts[i], fmt.Sprint("n", j), body))
		}
	}
	for seed := range rounds {
		r := rand.New(rand.NewPCG(uint64(seed), 2))
		text := lateDocument(r)
		var docs [2]*value.Object
		for i := range docs {
			v, err := value.ParseJSON(text)
			if i == 1 {
				v, err = new(value.LateJSON).Parse(text)
			}
			if err != nil {
				t.Fatal(text, err)
			}
			docs[i] = value.Obj("payload", v, "n", 2).Object()
		}
		for range 1 + r.IntN(4) {
			at := r.IntN(len(lateBodies))
			if at == 5 && r.IntN(2) == 0 {
				at = 0
			}
			for i := range docs {
				hosts[i].log = nil
				lists[i][at].Receive(docs[i])
			}
			if a, b := strings.Join(hosts[0].log, "\n"), strings.Join(hosts[1].log, "\n"); a != b {
				t.Fatalf("%s\nof %s\n got %s\nwant %s", lateBodies[at], text, b, a)
			}
			if hosts[0].sent == nil {
				break
			}
			for i := range docs {
				docs[i] = hosts[i].sent[len(hosts[i].sent)-1][0]
			}
			if docs[0].Get("payload").Object() == nil {
				break
			}
		}
	}
}

// lateDocument writes a document of which each part may be long.
func lateDocument(r *rand.Rand) string {
	pad := func() string { return strings.Repeat("pad ", r.IntN(300)) }
	var b strings.Builder
	fmt.Fprintf(&b, `{"name":"%s","a":{"pad":"%s","b":{"c":{"d":%d},"pad":"%s"}},"list":[`, pad(), pad(), r.IntN(9), pad())
	for i := range 3 + r.IntN(3) {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"pad":"%s","in":{"x":[%d,{"y":"%s"}]}}`, i, pad(), i, pad())
	}
	b.WriteString(`]}`)
	if r.IntN(3) == 0 {
		return strings.ReplaceAll(b.String(), ":", ": ")
	}
	return b.String()
}
