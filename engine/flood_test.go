package engine_test

import (
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

type logSink struct{ lines []string }

func (s *logSink) Put(f engine.Effect) error {
	if f.Kind == "log" {
		s.lines = append(s.lines, value.ToString(f.Body.Object().Get("msg")))
	}
	return nil
}

// TestFlood: wires that double every message fill the queue to its bound and no
// further, and the log says so once.
func TestFlood(t *testing.T) {
	doc, err := flow.Parse("f.json", []byte(`[{"id":"t","type":"tab"},{"id":"c","type":"change","z":"t","x":1,"y":1,"rules":[],"wires":[["c","c"]]}]`))
	if err != nil {
		t.Fatal(err)
	}
	g, err := flow.Compile(nil, doc)
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(g, nodes.Core(), engine.Options{MaxPending: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var s logSink
	e.Attach(&s)
	e.Handle(engine.Event{Kind: engine.EventStart})
	e.Handle(engine.Event{Kind: engine.EventMessage, Target: "c", Body: value.Obj("payload", 1)})
	for range 100_000 {
		if !e.Step() {
			t.Fatal("the flood ended")
		}
	}
	if len(s.lines) != 1 || !strings.HasPrefix(s.lines[0], "messages are dropped: 1000 deliveries") {
		t.Errorf("log: %q", s.lines)
	}
}
