package nodes

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// chain makes a flow of nodes wired one after the other; each is JSON without the
// closing brace, id and wires.
func chain(nodes ...string) string {
	var b strings.Builder
	b.WriteString(`[{"id":"t","type":"tab"}`)
	for i, n := range nodes {
		fmt.Fprintf(&b, `,%s,"id":"n%d","z":"t","x":1,"y":1,"wires":[["n%d"]]}`, n, i, i+1)
	}
	return b.String() + "]"
}

func start(b *testing.B, text string) *engine.Engine {
	b.Helper()
	doc, err := flow.Parse("bench.json", []byte(text))
	if err != nil {
		b.Fatal(err)
	}
	r := Core()
	g, err := flow.Compile(r.Known, doc)
	if err != nil {
		b.Fatal(err)
	}
	e, err := engine.New(g, r, engine.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := engine.Run(context.Background(), e, engine.NewScript(0), engine.SinkFunc(func(engine.Effect) error { return nil })); err != nil {
		b.Fatal(err)
	}
	return e
}

// send puts b.N messages into node n0 and runs until nothing waits.
func send(b *testing.B, e *engine.Engine, msg func() *engine.Message) {
	b.Helper()
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		e.Handle(engine.Event{Kind: engine.EventMessage, Target: "n0", Body: value.Of(msg())})
		for e.Step() {
			continue
		}
	}
}

func number() *engine.Message { return value.Obj("_msgid", "m", "payload", 21, "topic", "t").Object() }

const (
	setNode    = `{"type":"change","rules":[{"t":"set","p":"a","pt":"msg","to":"payload","tot":"msg"}]`
	switchNode = `{"type":"switch","property":"payload","propertyType":"msg","rules":[{"t":"gt","v":"10","vt":"num"}],"checkall":"true"`
)

func BenchmarkNative10(b *testing.B) {
	send(b, start(b, chain(setNode, setNode, switchNode, setNode, setNode, switchNode, setNode, setNode, switchNode, setNode)), number)
}

func BenchmarkSwitch(b *testing.B) { send(b, start(b, chain(switchNode)), number) }

func BenchmarkChange(b *testing.B) { send(b, start(b, chain(setNode)), number) }

func BenchmarkFunction(b *testing.B) {
	send(b, start(b, chain(`{"type":"function","func":"return msg;","outputs":1`)), number)
}

func BenchmarkTemplate(b *testing.B) {
	rows := value.NewArray()
	for i := range 20 {
		rows.Append(value.Obj("name", fmt.Sprintf("row <%d>", i), "value", i))
	}
	t := `{"type":"template","field":"out","template":"{{#payload}}<li>{{name}}: {{value}}</li>\n{{/payload}}","syntax":"mustache"`
	send(b, start(b, chain(t)), func() *engine.Message { return value.Obj("_msgid", "m", "payload", rows).Object() })
}

func BenchmarkFanout100(b *testing.B) {
	var to []string
	var nodes strings.Builder
	for i := range 100 {
		to = append(to, fmt.Sprintf(`"o%d"`, i))
		fmt.Fprintf(&nodes, `,{"id":"o%d","type":"change","z":"t","x":1,"y":1,"rules":[],"wires":[]}`, i)
	}
	text := `[{"id":"t","type":"tab"},{"id":"n0","type":"junction","z":"t","x":1,"y":1,"wires":[[` + strings.Join(to, ",") + `]]}` + nodes.String() + `]`
	payload := value.NewObject()
	for i := range 20 {
		payload.Set(fmt.Sprintf("key%d", i), value.Obj("n", i, "s", "some text here", "list", value.NewArray(value.Int(1), value.Int(2))))
	}
	send(b, start(b, text), func() *engine.Message { return value.Obj("_msgid", "m", "payload", payload).Object() })
}

func BenchmarkSplitJoin1000(b *testing.B) {
	list := value.NewArray()
	for i := range 1000 {
		list.Append(value.Int(i))
	}
	send(b, start(b, chain(`{"type":"split","splt":"\\n","arraySplt":1`, `{"type":"join","mode":"auto"`)), func() *engine.Message {
		return value.Obj("_msgid", "m", "payload", list).Object()
	})
}

func BenchmarkSort1000(b *testing.B) {
	e := start(b, chain(`{"type":"sort","order":"ascending","as_num":true,"target":"payload","targetType":"msg","msgKey":"payload","msgKeyType":"elem"`))
	send(b, e, func() *engine.Message {
		list := value.NewArray()
		seed := uint32(1)
		for range 1000 {
			seed = seed*1664525 + 1013904223
			list.Append(value.Num(float64(seed >> 8)))
		}
		return value.Obj("_msgid", "m", "payload", list).Object()
	})
}
