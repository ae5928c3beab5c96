package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
	"github.com/lockstep-flows/lockstep/nodes/function"
	"github.com/lockstep-flows/lockstep/userdir"
)

type replayFlags struct {
	until   uint64
	step    bool
	json    bool
	limit   int
	userDir string
}

func replayCommand(s streams) *cobra.Command {
	var f replayFlags
	c := &cobra.Command{
		Use: "replay JOURNAL [FLOWS…]", Short: "Play back a recorded run and compare", Args: cobra.MinimumNArgs(1),
		Long: `replay makes a recorded run again, without any contact to the outside and as
fast as it can, and compares every effect with the one recorded. It needs nothing
but the journal, which holds the flows.

With FLOWS, another version of the flows gets the recorded events: what it does
differently is shown, node by node.

Exit codes: 0 no difference; 1 there is one; 2 the journal or the command line is wrong.`,
		Example: `  lockstep run --record bug.journal flows.json
  lockstep replay bug.journal
  lockstep replay bug.journal mended-flows.json
  lockstep replay --step --until 20 bug.journal`,
		RunE: func(c *cobra.Command, args []string) error { return f.run(c.Context(), s, args) },
	}
	c.Flags().Uint64Var(&f.until, "until", 0, "stop before the event of this number")
	c.Flags().BoolVar(&f.step, "step", false, "print each event, the messages nodes got and what they did")
	c.Flags().BoolVar(&f.json, "json", false, "print the result as JSON")
	c.Flags().IntVar(&f.limit, "limit", 20, "number of differences to show")
	c.Flags().StringVarP(&f.userDir, "user-dir", "u", "", "user directory whose settings.js has the code of functionGlobalContext")
	return c
}

func (f *replayFlags) run(ctx context.Context, s streams, args []string) error {
	r, err := journal.Open(args[0])
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // it was only read
	o := journal.ReplayOptions{Changed: len(args) > 1, Until: f.until, Limit: f.limit}
	var watch stepper
	if f.step {
		watch = stepper{s: s}
		o.Before, o.Effect = watch.event, watch.effect
	}
	o.Build = func(opt engine.Options) (*engine.Engine, error) {
		if f.step {
			opt.Observer = watch
		}
		return f.build(s, r.Header, opt, args[1:])
	}
	progress := newProgress(s.err, f.step)
	o.After = func(rec *journal.Record) error { progress.show(rec.Seq, "events"); return nil }
	started := time.Now()
	res, err := journal.Replay(ctx, r, o)
	progress.end()
	if err != nil {
		return err
	}
	if err := f.report(s, r.Header, res, time.Since(started)); err != nil {
		return err
	}
	if res.Count > 0 {
		return exitError{code: exitFailed}
	}
	return nil
}

// build makes the engine of a replay from the journal's flows or other ones.
func (f *replayFlags) build(s streams, h *journal.Header, o engine.Options, files []string) (*engine.Engine, error) {
	registry := nodes.Worker() // journals of workers, too
	var docs []*flow.Document
	for i, v := range h.Flows {
		d, err := flow.FromValue(fmt.Sprintf("flows %d of the journal", i+1), value.Clone(v))
		if err != nil {
			return nil, err
		}
		docs = append(docs, d)
	}
	if len(files) > 0 {
		read, err := inputs(s.in, files)
		if err != nil {
			return nil, err
		}
		if docs, err = documents(read); err != nil {
			return nil, err
		}
	}
	g, err := flow.Compile(known(registry), docs...)
	if err != nil {
		return nil, err
	}
	if f.userDir != "" {
		d, err := userdir.Open(userdir.Options{Path: f.userDir, Env: o.Env, Machine: o.Machine, Zone: o.Zone})
		if err != nil {
			return nil, err
		}
		o.Globals = d.Globals
		function.Share(&o, d.Runtime)
	} else if len(h.Missing) > 0 {
		fmt.Fprintf(s.err, "warning: functionGlobalContext had code that a journal cannot hold (%s): give --user-dir\n", join(h.Missing))
	}
	e, err := engine.New(g, registry, o)
	if e != nil && len(g.Missing) > 0 {
		err = nil // they were missing when it was recorded, too
	}
	return e, err
}

func (f *replayFlags) report(s streams, h *journal.Header, r *journal.Result, took time.Duration) error {
	if f.json {
		list := value.NewArray()
		for _, d := range r.Differences {
			list.Append(value.Obj("event", seqOf(d.Event), "want", lineOf(d.Want), "got", lineOf(d.Got), "note", d.Note))
		}
		_, err := fmt.Fprintf(s.out, "%s\n", value.AppendJSON(nil, value.Obj("events", float64(r.Events), "effects", float64(r.Effects), "differences", float64(r.Count),
			"first", list, "digest", r.Digest, "complete", r.Complete, "torn", r.Torn, "flows", h.Hash)))
		return err
	}
	for _, d := range r.Differences {
		showDifference(s, d)
	}
	if n := r.Count - len(r.Differences); n > 0 {
		fmt.Fprintf(s.out, "and %s more\n", count(n, "difference"))
	}
	if r.Torn {
		fmt.Fprintln(s.err, "the journal ends within a line: the run was cut off there")
	} else if !r.Complete && f.until == 0 {
		fmt.Fprintln(s.err, "the journal has no end: the run was cut off")
	}
	fmt.Fprintf(s.out, "replayed %d events and %d effects: %s\n", r.Events, r.Effects, count(r.Count, "difference"))
	if r.Digest != "" {
		fmt.Fprintln(s.out, "digest "+r.Digest)
	}
	fmt.Fprintf(s.err, "%.1f s, %.0f events a second\n", took.Seconds(), float64(r.Events)/max(took.Seconds(), 1e-3))
	return nil
}

func seqOf(r *journal.Record) any {
	if r == nil {
		return value.Null
	}
	return float64(r.Seq)
}

func lineOf(r *journal.Record) value.Value {
	if r == nil {
		return value.Null
	}
	return value.Obj("node", r.Effect.Node, "kind", r.Effect.Kind, "body", value.Str(string(value.AppendTagged(nil, r.Effect.Body))))
}

func showDifference(s streams, d journal.Difference) {
	where := "after the last event"
	if d.Event != nil {
		where = "at event " + eventText(d.Event)
	}
	who := d.Want
	if who == nil {
		who = d.Got
	}
	if who == nil {
		fmt.Fprintf(s.out, "%s: %s\n", where, d.Note)
		return
	}
	fmt.Fprintf(s.out, "%s: %s of node %s\n  recorded  %s\n  now       %s\n", where, who.Effect.Kind, nodeText(who.Effect.Node), effectText(d.Want), effectText(d.Got))
}

func nodeText(id string) string {
	if id == "" {
		return "none"
	}
	return id
}

func effectText(r *journal.Record) string {
	if r == nil {
		return "nothing"
	}
	return r.Effect.Kind + " " + string(value.AppendTagged(nil, r.Effect.Body))
}

// stepper prints what happens in a replay.
type stepper struct{ s streams }

func (p stepper) event(r *journal.Record) error {
	_, err := fmt.Fprintln(p.s.out, "event "+eventText(r))
	return err
}

func (p stepper) effect(f engine.Effect) error {
	_, err := fmt.Fprintf(p.s.out, "    %s -> %s %s\n", nodeText(f.Node), f.Kind, value.AppendTagged(nil, f.Body))
	return err
}

// Input prints a message that a node gets.
func (p stepper) Input(c *engine.Call, m value.Value) {
	fmt.Fprintf(p.s.out, "  %s (%s) gets %s\n", c.ID(), c.Type(), value.AppendTagged(nil, m))
}

// Called is not of interest: effects tell.
func (p stepper) Called(*engine.Call, string, ...value.Value) {}

func join(list []string) string {
	out := ""
	for i, t := range list {
		if i > 0 {
			out += ", "
		}
		out += t
	}
	return out
}

// progressEvery is how often progress is shown.
const progressEvery = 200 * time.Millisecond

// progress shows on a terminal how far long work has come.
type progress struct {
	out  *os.File
	next time.Time
	on   bool
}

func newProgress(w any, off bool) *progress {
	f, ok := w.(*os.File)
	return &progress{out: f, on: ok && !off && terminal(f), next: time.Now().Add(time.Second)}
}

func (p *progress) show(n uint64, what string) {
	if !p.on || n%1024 != 0 || time.Now().Before(p.next) {
		return
	}
	p.next = time.Now().Add(progressEvery)
	fmt.Fprintf(p.out, "\r%d %s", n, what)
}

func (p *progress) end() {
	if p.on {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// errEnough ends reading once enough was shown.
var errEnough = errors.New("enough")
