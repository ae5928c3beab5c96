package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"time"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/condition"
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/value"
)

type journalFlags struct {
	where               string
	stats, follow, json bool
	count               int
	toTest              bool
	flow, name          string
}

func journalCommand(s streams) *cobra.Command {
	var f journalFlags
	c := &cobra.Command{
		Use: "journal FILE", Short: "Show a recorded run", Args: cobra.ExactArgs(1),
		Long: `journal prints a journal that run --record wrote: the events that came in and
the effects that went out, one per line.

--where takes a condition over
  event   whether it is an event (else it is an effect)
  kind    start, tick, message, reply, stop, deploy, command, or the kind of the effect
  node    id of the node: where an effect comes from, whom an event is for
  type    the node's type
  seq     number of the event or effect
  time    ms since 1970
  msg     the body
in the language of https://expr-lang.org, for instance 'node == "n1" && msg.payload > 3'.

--to-test cuts a test for lockstep test out of the journal: what came in becomes its
steps, what the flow put out is expected. --flow names the flow file in it, relative
to the folder of that file; without it the test holds the journal's flows.

Exit codes: 0 shown; 2 the journal or the condition is wrong.`,
		Example: `  lockstep journal run.journal
  lockstep journal --where 'kind == "log" && msg.level <= 30' run.journal
  lockstep journal --stats run.journal
  lockstep journal --follow run.journal
  lockstep journal --to-test run.journal > bug.test.yaml`,
		RunE: func(c *cobra.Command, args []string) error { return f.run(c.Context(), s, args[0]) },
	}
	c.Flags().StringVar(&f.where, "where", "", "show only what a condition holds for")
	c.Flags().BoolVar(&f.stats, "stats", false, "show counts instead")
	c.Flags().BoolVar(&f.follow, "follow", false, "go on as the journal grows, until interrupted")
	c.Flags().BoolVar(&f.json, "json", false, "print the lines as they are in the file")
	c.Flags().IntVarP(&f.count, "count", "n", 0, "stop after this many lines; 0 is all")
	c.Flags().BoolVar(&f.toTest, "to-test", false, "print a test that does what was recorded")
	c.Flags().StringVar(&f.flow, "flow", "", "with --to-test: the flow file that is tested")
	c.Flags().StringVar(&f.name, "name", "", "with --to-test: the name of the test")
	return c
}

func (f *journalFlags) run(ctx context.Context, s streams, file string) error {
	if f.toTest {
		return cutTest(ctx, s, file, f.flow, f.name)
	}
	var cond *condition.Condition
	if f.where != "" {
		var err error
		if cond, err = condition.Compile(f.where, "event", "kind", "node", "type", "seq", "time", "msg"); err != nil {
			return err
		}
	}
	r, err := journal.Open(file)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // it was only read
	show := shower{s: s, f: f, cond: cond, types: typesOf(r.Header), asked: map[uint64]string{}, counts: map[string]int{}}
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) && f.follow {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(progressEvery):
			}
			r.Again()
			continue
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = show.record(rec)
		}
		if errors.Is(err, errEnough) {
			return nil
		}
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return exitError{code: exitStopped}
		}
	}
	if r.Torn {
		fmt.Fprintln(s.err, "the last line is not complete: the run was cut off there")
	}
	if f.stats {
		show.stats()
	}
	return nil
}

// typesOf are the types of the nodes of a journal's flows.
func typesOf(h *journal.Header) map[string]string {
	out := map[string]string{}
	var walk func(v value.Value)
	walk = func(v value.Value) {
		if a := v.Array(); a != nil {
			for _, e := range a.Elems {
				walk(e)
			}
		}
		if o := v.Object(); o != nil {
			if id := o.Get("id").Str(); id != "" {
				out[id] = o.Get("type").Str()
			}
			for _, k := range []string{"flows", "nodes", "configs", "subflows"} {
				walk(o.Get(k))
			}
		}
	}
	for _, v := range h.Flows {
		walk(v)
	}
	return out
}

// shower prints records.
type shower struct {
	s           streams
	f           *journalFlags
	cond        *condition.Condition
	types       map[string]string
	asked       map[uint64]string // who asked a request
	counts      map[string]int
	shown       int
	first, last float64
	events      int
	effects     int
}

func (p *shower) record(r *journal.Record) error {
	kind, node, at := "", "", 0.0
	var body value.Value
	switch r.Kind {
	case journal.EventRecord:
		kind, node, body, at = eventName(r.Event.Kind), r.Event.Target, r.Event.Body, r.Event.Time
		if r.Event.Request != 0 {
			node = p.asked[r.Event.Request]
		}
		p.events++
	case journal.EffectRecord:
		kind, node, body, at = r.Effect.Kind, r.Effect.Node, r.Effect.Body, r.Effect.Time
		if r.Effect.Request != 0 {
			p.asked[r.Effect.Request] = node
		}
		p.effects++
	default:
		return nil
	}
	if p.first == 0 {
		p.first = at
	}
	p.last = max(p.last, at)
	typ := p.types[node]
	if p.cond != nil {
		ok, err := p.cond.Holds(map[string]any{"event": r.Kind == journal.EventRecord, "kind": kind, "node": node, "type": typ, "seq": float64(r.Seq), "time": at, "msg": condition.Of(body)})
		if err != nil {
			return err
		}
		if !ok {
			return nil
		}
	}
	if p.f.stats {
		p.counts[kindOf(r)+"\t"+kind+"\t"+node+"\t"+typ]++
		return nil
	}
	return p.print(r, kind, node, typ, body, at)
}

func kindOf(r *journal.Record) string {
	if r.Kind == journal.EventRecord {
		return "event"
	}
	return "effect"
}

func (p *shower) print(r *journal.Record, kind, node, typ string, body value.Value, at float64) error {
	var err error
	if p.f.json {
		_, err = p.s.out.Write(r.Whole())
	} else {
		arrow := "->"
		if r.Kind == journal.EventRecord {
			arrow = "<-"
		}
		who := node
		if typ != "" {
			who = typ + ":" + node
		}
		text := ""
		if !body.IsUndefined() {
			text = " " + string(value.AppendTagged(nil, body))
		}
		_, err = fmt.Fprintf(p.s.out, "%s %s %d %s %s%s\n", clock(at), arrow, r.Seq, kind, who, text)
	}
	if p.shown++; err == nil && p.f.count > 0 && p.shown >= p.f.count {
		err = errEnough
	}
	return err
}

func clock(ms float64) string { return value.ISO(ms) }

func (p *shower) stats() {
	fmt.Fprintf(p.s.out, "%d events, %d effects in %.3f s\n", p.events, p.effects, (p.last-p.first)/1000)
	keys := make([]string, 0, len(p.counts))
	for k := range p.counts {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if p.counts[keys[i]] != p.counts[keys[j]] {
			return p.counts[keys[i]] > p.counts[keys[j]]
		}
		return keys[i] < keys[j]
	})
	for _, k := range keys {
		fmt.Fprintf(p.s.out, "%d\t%s\n", p.counts[k], k)
	}
}

func eventName(k engine.EventKind) string { return journal.EventName(k) }

// eventText names an event of a journal.
func eventText(r *journal.Record) string {
	text := fmt.Sprintf("%d %s %s", r.Seq, clock(r.Event.Time), eventName(r.Event.Kind))
	if r.Event.Target != "" {
		text += " for " + r.Event.Target
	}
	if r.Event.Request != 0 {
		text += fmt.Sprintf(" to request %d", r.Event.Request)
	}
	if !r.Event.Body.IsUndefined() {
		body := string(value.AppendTagged(nil, r.Event.Body))
		if len(body) > 300 {
			body = body[:300] + "…"
		}
		text += " " + body
	}
	return text
}
