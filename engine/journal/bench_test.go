package journal_test

import (
	"context"
	"testing"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/value"
)

type nowhere struct{}

func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) Close() error                { return nil }

// BenchmarkRecord records what a simple HTTP request makes: an event and an effect.
func BenchmarkRecord(b *testing.B) {
	var o engine.Options
	h, err := journal.NewHeader("test", nil, o)
	if err != nil {
		b.Fatal(err)
	}
	r := journal.New(nowhere{}, h, &o)
	headers := value.Obj("host", "127.0.0.1:1880", "user-agent", "Mozilla/5.0 (X11; Linux x86_64)", "accept", "*/*", "accept-encoding", "gzip, deflate")
	req := value.Obj("httpVersion", "1.1", "url", "/a?x=1", "method", "GET", "headers", headers, "baseUrl", "", "originalUrl", "/a?x=1", "params", value.NewObject(),
		"query", value.Obj("x", "1"), "path", "/a", "hostname", "127.0.0.1", "ip", "127.0.0.1")
	ev := engine.Event{Kind: engine.EventReply, Request: 5, Time: 1.7e12, Body: value.Obj("id", 77, "req", req)}
	f := engine.Effect{Kind: "http.respond", Node: "h", Time: 1.7e12, Body: value.Obj("id", 77, "status", 200, "headers", value.Arr(value.Str("Content-Type"), value.Str("application/json; charset=utf-8"), value.Str("Content-Length"), value.Str("22")), "body", value.Bytes([]byte(`{"n":128407,"q":{"x":"1"}}`)))}
	src := r.Source(fixed{ev})
	b.ReportAllocs()
	for b.Loop() {
		_, _ = src.Next(b.Context(), engine.Progress{Pending: true})
		_ = r.Put(f)
	}
}

type fixed struct{ ev engine.Event }

func (s fixed) Next(_ context.Context, _ engine.Progress) (engine.Event, error) { return s.ev, nil }

// BenchmarkReplay plays back events for three native nodes in a row.
func BenchmarkReplay(b *testing.B) {
	const text = `[{"id":"t","type":"tab"},
	 {"id":"c","type":"change","z":"t","x":1,"y":1,"rules":[{"t":"set","p":"a","pt":"msg","to":"payload","tot":"msg"}],"wires":[["s"]]},
	 {"id":"s","type":"switch","z":"t","x":1,"y":1,"property":"a","propertyType":"msg","rules":[{"t":"gt","v":"-1","vt":"num"}],"checkall":"true","outputs":1,"wires":[["r"]]},
	 {"id":"r","type":"range","z":"t","x":1,"y":1,"minin":"0","maxin":"10","minout":"0","maxout":"100","action":"scale","round":false,"property":"payload","wires":[[]]}]`
	const count = 100_000
	events := make([]engine.Event, count)
	for i := range events {
		events[i] = engine.Event{Kind: engine.EventMessage, Target: "c", Time: 1_700_000_000_000 + float64(i), Body: value.Obj("payload", i)}
	}
	file := record(b, text, engine.Options{Seed: 1}, journal.RecorderOptions{}, 10*count, events...)
	b.ResetTimer()
	n := 0
	for b.Loop() {
		res, err := replay(b, file, text, journal.ReplayOptions{})
		if err != nil || res.Count > 0 || res.Events < count {
			b.Fatal(res, err)
		}
		n += int(res.Events)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}
