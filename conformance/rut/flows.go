package rut

import (
	"errors"
	"os"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/live/all"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// start begins a run with a new engine; its first event starts the nodes.
func (s *Server) start(g *flow.Graph, o engine.Options) error {
	e, _ := engine.New(g, s.opt.Registry, o) // unknown types are left out: getNode says so
	s.e, s.graph = e, g
	if s.opt.Performers != nil {
		var err error
		if s.perf, err = s.opt.Performers(s.opt.Dir, o.Settings); err != nil {
			return err
		}
	}
	l := live.New(live.Options{Performers: s.perf, Clock: s.wall})
	s.live = l
	s.wakeup.Store(l)
	ev, err := l.Next(s.ctx, engine.Progress{})
	if err != nil {
		return err
	}
	e.Attach(s)
	e.Handle(ev)
	return nil
}

// corePerformers make what the core nodes need; the HTTP server keeps its port
// from run to run, if it is still free.
func (s *Server) corePerformers(dir string, settings *value.Object) ([]live.Performer, error) {
	const any = "127.0.0.1:0"
	var h *live.HTTP
	err := errors.New("not tried")
	if s.base != "" {
		h, err = live.NewHTTP(live.HTTPOptions{Addr: strings.TrimPrefix(s.base, "http://")})
	}
	if err != nil {
		if h, err = live.NewHTTP(live.HTTPOptions{Addr: any}); err != nil {
			return nil, err
		}
	}
	s.base = h.URL()
	return all.Performers(all.Options{Dir: dir, HTTP: h, Settings: settings, Env: s.lookupEnv, Environ: s.environ}), nil
}

func (s *Server) wall() time.Time {
	if s.opt.Virtual {
		return time.UnixMilli(s.clock.Load())
	}
	return time.Now()
}

// idle runs an engine without nodes, for the requests that come before a load.
func (s *Server) idle() error {
	g, err := flow.Compile(nil)
	if err != nil {
		return err
	}
	return s.start(g, engine.Options{})
}

func (s *Server) unload() error {
	if s.e != nil && !s.e.Progress().Stopped {
		s.e.Handle(engine.Event{Kind: engine.EventStop, Time: s.now()})
	}
	for s.e != nil && s.e.Step() {
		continue
	}
	if s.live != nil {
		return s.live.Close()
	}
	return nil
}

func (s *Server) options(r *request) engine.Options {
	creds := map[string]*value.Object{}
	if o := r.args.Get("credentials").Object(); o != nil {
		for i := range o.Len() {
			creds[o.At(i).Key] = o.At(i).Value.Object()
		}
	}
	settings := r.args.Get("settings").Object()
	if settings == nil {
		settings = value.NewObject()
	}
	var seed uint64 = 1
	if !s.opt.Virtual {
		seed = uint64(time.Now().UnixNano())
	}
	stores, fallback := storesOf(settings.Get("contextStorage").Object())
	return engine.Options{Seed: seed, Env: s.lookupEnv, Settings: settings, Credentials: creds, Keys: true, Observer: s,
		Globals: settings.Get("functionGlobalContext").Object(), Stores: stores, DefaultStore: fallback}
}

func (s *Server) lookupEnv(name string) (string, bool) {
	if v, ok := s.env[name]; ok {
		if v == nil {
			return "", false
		}
		return *v, true
	}
	if s.opt.Env != nil {
		return s.opt.Env(name)
	}
	return os.LookupEnv(name)
}

func (s *Server) compile(r *request) (*flow.Graph, error) {
	doc, err := flow.FromValue("flow", r.args.Get("flow"))
	if err != nil {
		return nil, err
	}
	g, err := flow.Compile(func(t string) bool { return s.opt.Registry.Known(t) || engine.Inert(t) }, doc)
	if err != nil {
		return nil, err
	}
	return g, nil
}

func (s *Server) load(r *request) error {
	if err := s.unload(); err != nil {
		return err
	}
	s.report, s.watched, s.closed = map[string]bool{}, map[string]bool{}, map[string]bool{}
	if list := r.args.Get("report").Array(); list != nil {
		for _, m := range list.Elems {
			s.report[m.Str()] = true
		}
	}
	g, err := s.compile(r)
	if err != nil {
		s.fail(r, err.Error())
		if err := s.idle(); err != nil {
			return err
		}
		return errSwitch
	}
	if len(g.Missing) > 0 { // then nothing is started at all
		if g, err = flow.Compile(nil); err != nil {
			return err
		}
	}
	if err := s.start(g, s.options(r)); err != nil {
		return err
	}
	s.ok(r, value.Undefined)
	return errSwitch
}

func (s *Server) setFlows(r *request) {
	g, err := s.compile(r)
	if err != nil {
		s.fail(r, err.Error())
		return
	}
	creds := map[string]*value.Object{}
	if o := r.args.Get("credentials").Object(); o != nil {
		for i := range o.Len() {
			creds[o.At(i).Key] = o.At(i).Value.Object()
		}
	}
	s.graph = g
	s.e.Deploy(g, engine.DeployType(r.args.Get("type").Str()), creds)
	s.ok(r, value.Undefined)
}
