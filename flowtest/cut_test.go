package flowtest

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

const recorded = `[{"id":"t","type":"tab"},
 {"id":"i","type":"inject","name":"tick","z":"t","props":[{"p":"payload"}],"payload":"","payloadType":"date","repeat":"0.25","once":true,"onceDelay":0.1,"wires":[["f"]]},
 {"id":"f","type":"function","name":"calc","z":"t","outputs":1,"func":"const n=(context.get('n')||0)+1;context.set('n',n);msg.r=Math.random();msg.env=env.get('COLOUR');msg.n=n;msg.at=Date.now();if(n%3==0)node.error('three',msg);setTimeout(()=>node.send({topic:'late'}),130);return msg","wires":[["g"]]},
 {"id":"g","type":"function","name":"stamp","z":"t","outputs":1,"func":"msg.then=Date.now();return msg","wires":[["d","fi"]]},
 {"id":"d","type":"debug","name":"show","z":"t","active":true,"tosidebar":true,"complete":"true","targetType":"full","wires":[]},
 {"id":"fi","type":"file","name":"save","z":"t","filename":"/nowhere/x","filenameType":"str","overwriteFile":"false","wires":[["d"]]}]`

// source is a clock that goes on while messages are delivered, answers requests late
// and puts messages in between.
type source struct {
	now     float64
	started bool
	busy    bool
	open    []uint64
	n       int
	end     float64
}

func (s *source) Put(f engine.Effect) error {
	if f.Request != 0 && f.Kind != "cancel" {
		s.open = append(s.open, f.Request)
	}
	return nil
}

func (s *source) Next(_ context.Context, p engine.Progress) (engine.Event, error) {
	s.n++
	switch {
	case !s.started:
		s.started = true
		return engine.Event{Kind: engine.EventStart, Time: s.now}, nil
	case p.Stopped:
		return engine.Event{}, io.EOF
	case s.busy && s.now < s.end && p.Pending && s.n%2 == 0:
		s.now++
		return engine.Event{Kind: engine.EventTick, Time: s.now}, nil
	case s.busy && s.now < s.end && !p.Pending && s.n%5 == 0:
		return engine.Event{Kind: engine.EventMessage, Time: s.now, Target: "f", Body: value.Obj("payload", value.Bytes([]byte{0xff, 1}), "nan", value.Num(value.ToNumber(value.Str("x"))))}, nil
	case p.Pending:
		return engine.Event{}, nil
	case len(s.open) > 0:
		id := s.open[0]
		s.open = s.open[1:]
		return engine.Event{Kind: engine.EventReply, Time: s.now, Request: id, Last: true, Body: value.Obj("error", value.ThrownError("Error", "ENOENT"))}, nil
	case s.now >= s.end:
		return engine.Event{Kind: engine.EventStop, Time: s.now}, nil
	}
	s.now = min(s.end, p.NextTimer+2)
	return engine.Event{Kind: engine.EventTick, Time: s.now}, nil
}

type both struct{ a, b engine.Sink }

func (x both) Put(f engine.Effect) error {
	if err := x.a.Put(f); err != nil {
		return err
	}
	return x.b.Put(f)
}

func record(t *testing.T, busy bool) string {
	t.Helper()
	doc, err := flow.Parse("f.json", []byte(recorded))
	if err != nil {
		t.Fatal(err)
	}
	g, err := flow.Compile(nil, doc)
	if err != nil {
		t.Fatal(err)
	}
	v, err := value.ParseJSON(recorded)
	if err != nil {
		t.Fatal(err)
	}
	o := engine.Options{Seed: 7, Env: func(n string) (string, bool) { return "blue", n == "COLOUR" }}
	h, err := journal.NewHeader("test", []value.Value{v}, o)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "run.journal")
	rec, err := journal.Create(file, h, &o, journal.RecorderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(g, nodes.Core(), o)
	if err != nil {
		t.Fatal(err)
	}
	src := &source{now: 1_700_000_000_000, end: 1_700_000_001_500, busy: busy}
	if err := engine.Run(t.Context(), e, rec.Source(src), both{rec, src}); err != nil {
		t.Fatal(err)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestCut cuts tests out of journals; a busy run needs the exact order.
func TestCut(t *testing.T) {
	for _, busy := range []bool{false, true} {
		r, err := journal.Open(record(t, busy))
		if err != nil {
			t.Fatal(err)
		}
		c, err := Cut(t.Context(), r, CutOptions{Name: "bug 7"})
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		if !c.Result.Passed() || c.Exact != busy {
			t.Errorf("busy %v: exact %v\n%s", busy, c.Exact, lines(c.Result))
		}
		file := filepath.Join(t.TempDir(), "a.test.yaml")
		if err := os.WriteFile(file, c.Text, 0o600); err != nil {
			t.Fatal(err)
		}
		_, list := results(t, file, RunOptions{})
		if !list[0].Passed() || list[0].Name != "bug 7" {
			t.Error(lines(list[0]))
		}
		broken := strings.Replace(string(c.Text), "msg.n=n", "msg.n=n+1", 1)
		if err := os.WriteFile(file, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, list := results(t, file, RunOptions{}); list[0].Passed() {
			t.Error("another flow passes, too")
		}
	}
}
