package engine_test

import (
	"context"
	"fmt"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

// ShoutConfig is what a flow file says of a shout node.
type ShoutConfig struct {
	// Mark is put behind the text.
	Mark string `json:"mark" default:"!"`
}

func newShout(_ *engine.Call, cfg ShoutConfig) (engine.Node, error) { return shouting(cfg), nil }

// shouting is a node type of our own: it makes the payload upper case.
type shouting ShoutConfig

func (n shouting) Receive(c *engine.Call, m *engine.Message) error {
	m.Set("payload", value.Str(value.ToUpper(value.ToString(m.Get("payload")))+n.Mark))
	c.Send(m)
	return nil // the message is done: complete nodes hear of it
}

// A daemon adds a node type in Go, runs a flow with it, puts a message into a node
// and reads what came out.
func Example() {
	types := engine.NewRegistry(nodes.Core().Types(), []engine.Type{
		engine.Define("shout", "Makes text louder.", newShout),
	})
	doc, err := flow.Parse("greet.json", []byte(`[
		{"id":"tab","type":"tab","label":"Greetings"},
		{"id":"in","type":"function","z":"tab","x":100,"y":80,"func":"node.log('greeting ' + msg.payload); msg.payload = 'hello ' + msg.payload; return msg;","wires":[["loud"]]},
		{"id":"loud","type":"shout","z":"tab","x":250,"y":80,"mark":"!!","wires":[["out"]]},
		{"id":"out","type":"debug","z":"tab","x":400,"y":80,"name":"out","complete":"payload","wires":[]}]`))
	if err != nil {
		panic(err) // names file, line and column
	}
	graph, err := flow.Compile(types.Known, doc)
	if err != nil {
		panic(err)
	}
	e, err := engine.New(graph, types, engine.Options{Seed: 1})
	if err != nil {
		panic(err)
	}
	effects := engine.SinkFunc(func(f engine.Effect) error {
		if f.Kind == "log" || f.Kind == "debug" {
			fmt.Println(f.Kind+":", f.Body.Object().Get("msg").Str())
		}
		return nil
	})
	l := live.New(live.Options{Sink: effects, Once: true})
	l.Inject("in", value.Obj("payload", "world").Object()) // from any goroutine
	if err := engine.Run(context.Background(), e, l, l); err != nil {
		panic(err)
	}
	// Output:
	// log: greeting world
	// debug: HELLO WORLD!!
}
