package network_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes/network"
)

// play runs nodes in virtual time with what the outside answers, and gives the
// statuses, logs and socket effects in order.
func play(t *testing.T, nodes string, settings value.Value, until float64, events ...engine.Event) []string {
	t.Helper()
	types := engine.NewRegistry(network.Types)
	doc, err := flow.Parse("test", []byte(`[{"id":"tab","type":"tab"},`+nodes+`]`))
	if err != nil {
		t.Fatal(err)
	}
	graph, err := flow.Compile(types.Known, doc)
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(graph, types, engine.Options{Settings: settings.Object(), Keys: true})
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	sink := engine.SinkFunc(func(f engine.Effect) error {
		o := f.Body.Object()
		switch {
		case f.Kind == "log":
			seen = append(seen, "log "+value.ToString(o.Get("msg")))
		case f.Kind == "status":
			text := o.Get("text")
			if s := o.Get("status").Object(); s != nil {
				text = s.Get("text")
			}
			seen = append(seen, "status "+value.ToString(text))
		case strings.HasPrefix(f.Kind, "tcp."):
			seen = append(seen, f.Kind)
		}
		return nil
	})
	script := engine.NewScript(0, events...)
	script.Until = until
	if err := engine.Run(t.Context(), e, script, sink); err != nil {
		t.Fatal(err)
	}
	return seen
}

func answer(at float64, request uint64, pairs ...any) engine.Event {
	return engine.Event{Kind: engine.EventReply, Time: at, Request: request, Body: value.Obj(pairs...)}
}

func without(seen []string, what string) []string {
	return slices.DeleteFunc(seen, func(s string) bool { return s == what })
}

func TestReconnectTimeIsASetting(t *testing.T) {
	t.Parallel()
	seen := play(t, `{"id":"a","type":"tcp in","z":"tab","x":1,"y":1,"server":"client","host":"h","port":"1","wires":[[]]}`,
		value.Obj("socketReconnectTime", 500), 5000,
		answer(10, 1, "event", "error", "error", value.ThrownError("Error", "no")), answer(10, 1, "event", "close"), answer(509, 99))
	if n := len(without(slices.Clone(seen), "tcp.connect")); len(seen)-n != 2 {
		t.Errorf("connected %d times: %v", len(seen)-n, seen)
	}
}

func TestIdleServerConnectionIsEnded(t *testing.T) {
	t.Parallel()
	for _, nodes := range []string{
		`{"id":"a","type":"tcp in","z":"tab","x":1,"y":1,"server":"server","port":"1","wires":[[]]}`,
		`{"id":"a","type":"tcp out","z":"tab","x":1,"y":1,"beserver":"server","port":"1","wires":[]}`,
	} {
		seen := play(t, nodes, value.Obj("socketTimeout", 100), 0,
			answer(1, 1, "event", "listening", "port", 1), answer(2, 1, "event", "open", "socket", 7, "ip", "::1", "port", 9),
			answer(3, 1, "event", "timeout", "socket", 7))
		if !slices.Contains(seen, "log tcpin.errors.timeout") || !slices.Contains(seen, "tcp.end") {
			t.Errorf("got %v", seen)
		}
	}
}

func TestIdleRequestConnectsAgainOnce(t *testing.T) {
	t.Parallel()
	message := engine.Event{Kind: engine.EventMessage, Time: 1, Target: "a", Body: value.Obj("payload", "x")}
	node := `{"id":"a","type":"tcp request","z":"tab","x":1,"y":1,"server":"h","port":"1","out":"sit","wires":[[]]}`
	seen := play(t, node, value.Obj("socketTimeout", 100), 0, message, answer(2, 1, "event", "open"),
		answer(102, 1, "event", "timeout"), answer(202, 1, "event", "timeout"))
	want := []string{"status undefined", "tcp.connect", "status tcpin.status.connections", "tcp.write", "status tcpin.errors.connect-timeout",
		"status common.status.connected", "status tcpin.errors.connect-timeout", "status common.status.error", "log tcpin.errors.connect-fail h:1"}
	if !slices.Equal(seen, want) {
		t.Errorf("got %q", seen)
	}
}

func TestQueueKeepsTheLast(t *testing.T) {
	t.Parallel()
	events := []engine.Event{}
	for range 5 {
		events = append(events, engine.Event{Kind: engine.EventMessage, Time: 1, Target: "a", Body: value.Obj("payload", "x")})
	}
	events = append(events, answer(2, 1, "event", "open"))
	node := `{"id":"a","type":"tcp request","z":"tab","x":1,"y":1,"server":"h","port":"1","out":"sit","wires":[[]]}`
	seen := play(t, node, value.Obj("tcpMsgQueueSize", 2), 0, events...)
	if n := len(seen) - len(without(slices.Clone(seen), "tcp.write")); n != 2 {
		t.Errorf("%d were written: %v", n, seen)
	}
}

func TestDroppedIsANodeError(t *testing.T) {
	t.Parallel()
	seen := play(t, `{"id":"a","type":"tcp out","z":"tab","x":1,"y":1,"host":"h","port":"1","wires":[]}`, value.Obj(), 5,
		answer(1, 1, "event", "open"), answer(2, 1, "event", "dropped", "writes", 3, "bytes", 30))
	if !slices.Contains(seen, "log the peer does not read: 3 writes of 30 bytes were dropped") {
		t.Errorf("got %v", seen)
	}
}
