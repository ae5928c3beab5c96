package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/live/all"
	"github.com/lockstep-flows/lockstep/engine/live/energyweb"
	"github.com/lockstep-flows/lockstep/engine/live/httpclient"
	"github.com/lockstep-flows/lockstep/engine/live/sqlite"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// installed is a solution that runs: an engine of its own.
type installed struct {
	Solution
	tab  string
	vars Variables
	text []byte // of the flow document
	cid  string

	live     *live.Live
	http     *live.HTTP
	watchdog *live.Watchdog
	journal  string // file, "" if there is none
	seed     uint64 // those of the journal
	zone     string
	sqlite   string
	done     chan struct{}
	bare     string      // why there is no journal, if one was wanted
	full     atomic.Bool // the journal has reached its limit
	err      error       // of the run, once done is closed
}

// eventQueue is how many outside events of a solution may wait before those who post them
// block. A place takes 100 bytes, and there may be many solutions.
const eventQueue = 64

// Graph compiles the flows of a solution.
func Graph(flows value.Value, r *engine.Registry) (*flow.Graph, error) {
	g, _, err := graph(value.Clone(flows), r)
	return g, err
}

// graph keeps parts of the flows.
func graph(flows value.Value, r *engine.Registry) (*flow.Graph, []*flow.Def, error) {
	doc, err := flow.FromValue("the flow of the solution", flows)
	if err != nil {
		return nil, nil, err
	}
	g, err := flow.Compile(func(t string) bool { return r.Known(t) || engine.Inert(t) }, doc)
	if err != nil {
		return nil, nil, err
	}
	if len(g.Missing) > 0 {
		var names []string
		for _, m := range g.Missing {
			names = append(names, m.Type)
		}
		return nil, nil, fmt.Errorf("the flow has node types that are not known here: %q", names)
	}
	return g, doc.Defs, nil
}

// credentials are those that nodes of a published flow have with them.
func credentials(flows value.Value) map[string]*value.Object {
	all := map[string]*value.Object{}
	for _, v := range value.Elements(flows) {
		if n := v.Object(); n != nil && n.Get("credentials").Object() != nil {
			all[n.Get("id").Str()] = n.Get("credentials").Object()
		}
	}
	return all
}

// start installs a solution.
func (w *Worker) start(s Solution, d *Document, cid string, vars Variables) (*installed, error) {
	flows, err := d.Flows(vars, w.c.TextIDs)
	if err != nil {
		return nil, err
	}
	in := &installed{Solution: s, tab: TabID(vars), vars: vars, text: d.Text, cid: cid, sqlite: vars["EWX_SQLITE_PATH"], done: make(chan struct{})}
	if err := os.MkdirAll(filepath.Dir(in.sqlite), 0o700); err != nil {
		return nil, err
	}
	o := engine.Options{Seed: w.seed(), Env: w.flowEnv, Globals: value.Obj("rpcUrl", vars["EWX_RPC_URL"]).Object()}
	var header *journal.Header
	if w.c.Journals > 0 {
		if header, err = journal.NewHeader(w.o.Version, []value.Value{flows}, o); err != nil {
			return nil, err
		}
	}
	g, defs, err := graph(flows, w.types)
	if err != nil {
		return nil, err
	}
	if w.o.Observe != nil {
		o.Observer = w.o.Observe(s.ID, defs)
	}
	var rec *recording
	if header != nil {
		if rec, err = w.record(in, header, &o); err != nil {
			in.journal, in.bare = "", "the journal could not be made: "+err.Error()
			w.warn(fmt.Sprintf("solution %s runs without a journal: %v", in.ID, err))
		}
	}
	o.Credentials = credentials(flows) // after the journal has begun: they are in the published document
	if w.c.CodeLimit > 0 {
		in.watchdog = live.NewWatchdog(w.c.CodeLimit)
		o.Guard = in.watchdog
	}
	e, err := engine.New(g, w.types, o)
	if err != nil {
		return nil, err
	}
	if in.http, err = live.NewClosedHTTP(live.HTTPOptions{Root: "/api"}); err != nil {
		return nil, err
	}
	performers := w.performers(in, rec)
	sinks := sinkList{w.logs(in)}
	if rec != nil {
		sinks = append(sinks, rec)
	}
	in.live = live.New(live.Options{Sink: sinks, Performers: performers, Queue: eventQueue})
	if rec != nil {
		rec.follow(in.live)
	}
	go in.run(e, rec)
	return in, nil
}

func (in *installed) run(e *engine.Engine, rec *recording) {
	defer close(in.done)
	err := engine.Run(context.Background(), e, in.live, in.live)
	err = errors.Join(err, in.live.Close())
	if rec != nil {
		err = errors.Join(err, rec.close())
	}
	if in.watchdog != nil {
		in.watchdog.Close()
	}
	in.err = err
}

// ended reports whether the engine has stopped by itself.
func (in *installed) ended() bool {
	select {
	case <-in.done:
		return true
	default:
		return false
	}
}

// stop ends a solution; code that never ends is left alone when ctx ends.
func (in *installed) stop(ctx context.Context) error {
	in.live.Stop()
	select {
	case <-in.done:
		return in.err
	case <-ctx.Done():
		return fmt.Errorf("the solution %s did not stop in time", in.ID)
	}
}

// sinkList gives effects to several sinks.
type sinkList []engine.Sink

// Put gives an effect to all.
func (l sinkList) Put(f engine.Effect) error {
	for _, s := range l {
		if err := s.Put(f); err != nil {
			return err
		}
	}
	return nil
}

// performers are what the solution's effects are carried out by. It may open its own
// database and no other file of that kind, and reach what the policy allows.
func (w *Worker) performers(in *installed, rec *recording) []live.Performer {
	dir := filepath.Dir(in.sqlite)
	var list []live.Performer
	for _, p := range all.Performers(all.Options{Dir: dir, HTTP: in.http, Env: w.flowEnv, Allow: w.policy.Allow, Environ: func() []string { return nil }}) {
		if !slices.Contains(p.Kinds(), "http.request") {
			list = append(list, p)
		}
	}
	o := energyweb.Options{Host: &host{w, in}, Client: w.policy.client(w.urls.names), TokenHosts: w.urls.names}
	o.Mark = func() (string, string) { return "", in.bare }
	if rec != nil {
		o.Mark = rec.mark
	}
	return append(list, energyweb.New(o),
		httpclient.New(httpclient.Options{Dir: dir, Env: w.flowEnv, Allow: w.policy.Allow, Own: w.policy.own, MaxRequests: 256, MaxBody: 64 << 20}),
		sqlite.New(sqlite.Options{Dir: dir, Allow: func(path string) error {
			if rel, err := filepath.Rel(dir, path); err != nil || !filepath.IsLocal(rel) {
				return errors.New("a flow may use databases in its own folder only")
			}
			return nil
		}}))
}
