package determinism

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

// soakVar is how long TestInterleavings goes on, such as 10m; unset: a few runs.
const soakVar = "LOCKSTEP_SOAK"

// busyFlows have many things in flight at once: timers that race, files, promises,
// messages that are joined in the order in which they come.
const busyFlows = `[{"id":"t","type":"tab"},
 {"id":"i1","type":"inject","z":"t","x":1,"y":1,"props":[{"p":"payload"}],"payload":"","payloadType":"date","repeat":"0.007","once":true,"onceDelay":0,"wires":[["f","w"]]},
 {"id":"i2","type":"inject","z":"t","x":1,"y":1,"props":[{"p":"payload"}],"payload":"two","payloadType":"str","repeat":"0.011","once":true,"onceDelay":0.002,"wires":[["f","d"]]},
 {"id":"f","type":"function","z":"t","x":1,"y":1,"outputs":2,"func":"const n = (context.get('n') || 0) + 1; context.set('n', n);\nsetTimeout(() => node.send([null, {topic: 'late', n, at: Date.now()}]), Math.random() * 9);\nawait new Promise(r => setTimeout(r, n % 3));\nflow.set('last', n); msg.n = n; msg.r = Math.random(); return [msg, null]","wires":[["w"],["j"]]},
 {"id":"w","type":"file","z":"t","x":1,"y":1,"filename":"DIR/log.txt","filenameType":"str","appendNewline":true,"overwriteFile":"false","wires":[["r"]]},
 {"id":"r","type":"file in","z":"t","x":1,"y":1,"filename":"DIR/log.txt","filenameType":"str","format":"utf8","wires":[["s"]]},
 {"id":"s","type":"function","z":"t","x":1,"y":1,"outputs":1,"func":"msg.payload = msg.payload.length; msg.last = flow.get('last'); return msg","wires":[["j"]]},
 {"id":"d","type":"delay","z":"t","x":1,"y":1,"pauseType":"random","randomFirst":"1","randomLast":"8","randomUnits":"milliseconds","wires":[["j"]]},
 {"id":"j","type":"join","z":"t","x":1,"y":1,"mode":"custom","build":"array","property":"payload","propertyType":"msg","joinerType":"str","joiner":",","count":"4","timeout":"0.02","wires":[["o"]]},
 {"id":"o","type":"debug","z":"t","x":1,"y":1,"active":true,"tosidebar":true,"console":true,"complete":"true","targetType":"full","wires":[]},
 {"id":"c","type":"catch","z":"t","x":1,"y":1,"wires":[["o"]]}]`

// late carries out effects through another performer, and gives its answers after a
// random time, so that they overtake each other.
type late struct {
	live.Performer
	waiting sync.WaitGroup
}

func (l *late) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	return l.Performer.Perform(f, func(body value.Value, last bool) {
		wait := time.Duration(rand.IntN(4000)) * time.Microsecond //nolint:gosec // chance is the point
		l.waiting.Add(1)
		go func() {
			defer l.waiting.Done()
			time.Sleep(wait)
			reply(body, last)
		}()
	})
}

func (l *late) Close() error {
	err := l.Performer.Close()
	l.waiting.Wait()
	return err
}

func engineOf(t testing.TB, flows []value.Value, o engine.Options) (*engine.Engine, error) {
	t.Helper()
	var docs []*flow.Document
	for _, f := range flows {
		text, _, err := value.Stringify(f, "")
		if err != nil {
			t.Fatal(err)
		}
		doc, err := flow.Parse("f.json", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc)
	}
	g, err := flow.Compile(nil, docs...)
	if err != nil {
		t.Fatal(err)
	}
	return engine.New(g, nodes.Core(), o)
}

// runLive runs flows in real time for a while and gives the file of the journal.
func runLive(t testing.TB, text string, length time.Duration, performers ...live.Performer) string {
	t.Helper()
	flows, err := value.ParseJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	o := engine.Options{Seed: rand.Uint64()} //nolint:gosec // chance is the point
	h, err := journal.NewHeader("test", []value.Value{flows}, o)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "run.journal")
	rec, err := journal.Create(file, h, &o, journal.RecorderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engineOf(t, []value.Value{flows}, o)
	if err != nil {
		t.Fatal(err)
	}
	l := live.New(live.Options{Sink: rec, Performers: performers})
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	defer context.AfterFunc(ctx, l.Stop)()
	if err := engine.Run(context.WithoutCancel(ctx), e, rec.Source(l), l); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

// replayed plays a journal back and fails at any difference.
func replayed(t testing.TB, file string) *journal.Result {
	t.Helper()
	r, err := journal.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	res, err := journal.Replay(t.Context(), r, journal.ReplayOptions{Build: func(o engine.Options) (*engine.Engine, error) {
		return engineOf(t, r.Header.Flows, o)
	}})
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, d := range res.Differences {
		t.Errorf("%s: %+v", file, d)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if res.Count != 0 || !res.Complete || !strings.Contains(string(text), `"digest":"`+res.Digest) {
		t.Errorf("%s: %d differences, complete %v, digest %s", file, res.Count, res.Complete, res.Digest)
	}
	return res
}

// TestInterleavings: however the threads, answers and timers of a live run interleave,
// its journal plays back to the same digest.
func TestInterleavings(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	end := time.Now()
	if s := os.Getenv(soakVar); s != "" {
		d, err := time.ParseDuration(s)
		if err != nil {
			t.Fatal(err)
		}
		end = end.Add(d)
	}
	runs, effects := 0, uint64(0)
	for ; runs < 8 || time.Now().Before(end); runs++ {
		runtime.GOMAXPROCS(1 + runs%8)
		flows := strings.ReplaceAll(busyFlows, "DIR", filepath.ToSlash(t.TempDir()))
		file := runLive(t, flows, 150*time.Millisecond, &late{Performer: live.NewFiles("")})
		effects += replayed(t, file).Effects
		if t.Failed() {
			return
		}
	}
	t.Logf("%d runs, %d effects", runs, effects)
	if effects < uint64(runs)*20 {
		t.Errorf("only %d effects in %d runs", effects, runs)
	}
}
