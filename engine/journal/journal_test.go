package journal_test

import (
	"bytes"
	"context"
	"errors"
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

const flows = `[{"id":"t","type":"tab"},
 {"id":"i","type":"inject","z":"t","x":1,"y":1,"props":[{"p":"payload"}],"payload":"","payloadType":"date","repeat":"0.25","once":true,"onceDelay":0.1,"wires":[["f"]]},
 {"id":"f","type":"function","z":"t","x":1,"y":1,"outputs":1,"func":"const n=(context.get('n')||0)+1;context.set('n',n);flow.set('last',n);msg.r=Math.random();msg.env=env.get('COLOUR');msg.n=n;if(n%3==0)node.error('three',msg);setTimeout(()=>node.send({topic:'late'}),130);return msg","wires":[["d","fi"]]},
 {"id":"d","type":"debug","z":"t","x":1,"y":1,"complete":"true","wires":[]},
 {"id":"fi","type":"file","z":"t","x":1,"y":1,"filename":"/nowhere/x","filenameType":"str","overwriteFile":"false","wires":[["d"]]}]`

func graph(t testing.TB, text string) (*flow.Graph, value.Value) {
	t.Helper()
	doc, err := flow.Parse("f.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	g, err := flow.Compile(nil, doc)
	if err != nil {
		t.Fatal(err)
	}
	v, err := value.ParseJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return g, v
}

// answers replies to every request of the script's engine, at its next turn.
type answers struct {
	*engine.Script
	open []uint64
}

func (a *answers) Put(f engine.Effect) error {
	if f.Request != 0 && f.Kind != "cancel" {
		a.open = append(a.open, f.Request)
	}
	return nil
}

func (a *answers) Next(ctx context.Context, p engine.Progress) (engine.Event, error) {
	if len(a.open) > 0 && !p.Pending {
		id := a.open[0]
		a.open = a.open[1:]
		return engine.Event{Kind: engine.EventReply, Request: id, Last: true, Body: value.Obj("error", value.ThrownError("Error", "ENOENT"))}, nil
	}
	return a.Script.Next(ctx, p)
}

type tee struct{ a, b engine.Sink }

func (s tee) Put(f engine.Effect) error { return errors.Join(s.a.Put(f), s.b.Put(f)) }

// record runs the flows for some virtual seconds and gives the journal's file.
func record(t testing.TB, text string, o engine.Options, ro journal.RecorderOptions, ms float64, events ...engine.Event) string {
	t.Helper()
	g, v := graph(t, text)
	file := filepath.Join(t.TempDir(), "run.journal")
	h, err := journal.NewHeader("test", []value.Value{v}, o)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := journal.Create(file, h, &o, ro)
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(g, nodes.Core(), o)
	if err != nil {
		t.Fatal(err)
	}
	const start = 1_700_000_000_000
	src := &answers{Script: engine.NewScript(start, append(events, engine.Event{Kind: engine.EventStop, Time: start + ms})...)}
	src.Until = start + ms
	if err := engine.Run(t.Context(), e, rec.Source(src), tee{rec, src}); err != nil {
		t.Fatal(err)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

func replay(t testing.TB, file, text string, o journal.ReplayOptions) (*journal.Result, error) {
	t.Helper()
	r, err := journal.Open(file)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	o.Build = func(opt engine.Options) (*engine.Engine, error) {
		g, _ := graph(t, text)
		return engine.New(g, nodes.Core(), opt)
	}
	return journal.Replay(t.Context(), r, o)
}

func options() engine.Options {
	return engine.Options{Seed: 7, Env: func(n string) (string, bool) { return "blue", n == "COLOUR" }}
}

// TestReplay records a run and plays it back: no difference, the same digest.
func TestReplay(t *testing.T) {
	file := record(t, flows, options(), journal.RecorderOptions{}, 5000)
	res, err := replay(t, file, flows, journal.ReplayOptions{})
	if err != nil || res.Count != 0 || !res.Complete || res.Torn || res.Events < 20 || res.Effects < 40 {
		t.Fatalf("%+v, %v", res, err)
	}
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), `"digest":"`+res.Digest) || res.Digest == "" {
		t.Errorf("digest %s is not that of the file", res.Digest)
	}
	if _, err := journal.Create(file, nil, nil, journal.RecorderOptions{}); err == nil {
		t.Error("an existing journal was overwritten")
	}
}

// TestRotate plays back a journal in several files.
func TestRotate(t *testing.T) {
	file := record(t, flows, options(), journal.RecorderOptions{Limit: 4000}, 5000)
	if _, err := os.Stat(file + ".2"); err != nil {
		t.Fatal(err)
	}
	if res, err := replay(t, file, flows, journal.ReplayOptions{}); err != nil || res.Count != 0 || !res.Complete {
		t.Fatalf("%+v, %v", res, err)
	}
}

// TestTorn cuts a journal at every byte of its last lines: what is whole is played back.
func TestTorn(t *testing.T) {
	file := record(t, flows, options(), journal.RecorderOptions{}, 2000)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for cut := len(text) - 700; cut < len(text); cut += 7 {
		part := filepath.Join(t.TempDir(), "part")
		if err := os.WriteFile(part, text[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		res, err := replay(t, part, flows, journal.ReplayOptions{})
		whole := text[cut-1] == '\n'
		if err != nil || res.Count != 0 || res.Complete || res.Torn == whole {
			t.Fatalf("cut at %d (%q): %+v, %v", cut, text[cut-20:cut], res, err)
		}
	}
}

// TestChanged finds a line that was changed, another seed, and other flows.
func TestChanged(t *testing.T) {
	file := record(t, flows, options(), journal.RecorderOptions{}, 3000)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write := func(b []byte) string {
		f := filepath.Join(t.TempDir(), "j")
		if err := os.WriteFile(f, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return f
	}
	if _, err := replay(t, write(bytes.Replace(text, []byte(`"n":5`), []byte(`"n":6`), 1)), flows, journal.ReplayOptions{}); err == nil {
		t.Log("the difference came before the check")
	}
	res, err := replay(t, write(bytes.Replace(text, []byte(`"seed":"7"`), []byte(`"seed":"8"`), 1)), flows, journal.ReplayOptions{})
	if err != nil || res.Count != 1 || res.Digest != "" {
		t.Fatalf("another seed: %+v, %v", res, err)
	}
	d := res.Differences[0]
	if d.Want == nil || d.Got == nil || d.Want.Effect.Node != d.Got.Effect.Node {
		t.Errorf("%+v", d)
	}
	other := strings.Replace(flows, "msg.n=n;", "msg.n=n*10;", 1)
	res, err = replay(t, file, other, journal.ReplayOptions{Changed: true})
	if err != nil || res.Count < 10 {
		t.Fatalf("other flows: %d differences, %v", res.Count, err)
	}
	for _, d := range res.Differences {
		if d.Want == nil || d.Got == nil || d.Want.Effect.Node != d.Got.Effect.Node || d.Want.Effect.Kind != "debug" {
			t.Errorf("%s\n%s", value.AppendTagged(nil, d.Want.Effect.Body), value.AppendTagged(nil, d.Got.Effect.Body))
		}
	}
}

// TestSecrets plants secrets everywhere and looks for them in the journal.
func TestSecrets(t *testing.T) {
	const planted = "s3cr3t-ä\"quoted"
	o := engine.Options{Seed: 1,
		Env:         func(n string) (string, bool) { return planted + "-" + n, n == "DB_PASSWORD" || n == "API_TOKEN" },
		Credentials: map[string]*value.Object{"t": value.Obj("CRED", planted+"-cred").Object(), "f": value.Obj("user", "ann", "password", planted+"-node").Object()},
	}
	text := `[{"id":"t","type":"tab","env":[{"name":"CRED","type":"cred"}]},
	 {"id":"i","type":"inject","z":"t","x":1,"y":1,"props":[{"p":"payload"}],"payload":"DB_PASSWORD","payloadType":"env","once":true,"onceDelay":0.1,"wires":[["f"]],"credentials":{"x":"` + `inline-s3cr3t` + `"}},
	 {"id":"f","type":"function","z":"t","x":1,"y":1,"outputs":1,"func":"msg.c=env.get('CRED');msg.e=env.get('API_TOKEN');msg.deep={k:[msg.c+msg.payload]};node.warn(msg);node.status(msg.c);return msg","wires":[["d"]]},
	 {"id":"d","type":"debug","z":"t","x":1,"y":1,"complete":"true","wires":[]}]`
	file := record(t, text, o, journal.RecorderOptions{}, 1000)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"s3cr3t"} {
		if i := bytes.Index(b, []byte(s)); i >= 0 {
			t.Errorf("a secret is in the journal: %s", b[max(0, i-200):min(len(b), i+50)])
		}
	}
	if !bytes.Contains(b, []byte("‹secret:t/CRED›")) || !bytes.Contains(b, []byte("‹env:API_TOKEN›")) {
		t.Error("the names of the secrets are not in the journal")
	}
	if res, err := replay(t, file, text, journal.ReplayOptions{}); err != nil || res.Count != 0 {
		t.Errorf("%+v, %v", res, err)
	}
}

// FuzzReader reads anything.
func FuzzReader(f *testing.F) {
	file := record(f, flows, options(), journal.RecorderOptions{}, 500)
	text, err := os.ReadFile(file)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		name := filepath.Join(t.TempDir(), "j")
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := journal.Open(name)
		if err != nil {
			return
		}
		defer r.Close()
		for {
			if _, err := r.Next(); err != nil {
				if !errors.Is(err, io.EOF) && !strings.HasPrefix(err.Error(), "line ") {
					t.Fatal(err)
				}
				return
			}
		}
	})
}

// TestNamed names what is secret, in deep values too, and leaves what it was given.
func TestNamed(t *testing.T) {
	all := map[string]*value.Object{"n": value.Obj("user", "ann", "USERNAME", "bob", "password", "hunter22", "map", value.Obj("TOKEN", "deep secret")).Object()}
	before := string(value.AppendJSON(nil, value.Of(all["n"])))
	got := string(value.AppendJSON(nil, value.Of(journal.Named(all))))
	if want := `{"n":{"user":"ann","USERNAME":"bob","password":"‹secret:n/password›","map":{"TOKEN":"‹secret:n/map/TOKEN›"}}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if after := string(value.AppendJSON(nil, value.Of(all["n"]))); after != before {
		t.Errorf("the credentials were changed to %s", after)
	}
}
