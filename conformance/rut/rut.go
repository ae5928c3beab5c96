// Package rut is our runtime as the drive protocol sees it: JSON lines on stdin
// and stdout that load flows, put messages into nodes and report what happens.
// It is what `lockstep drive` runs and what the conformance tests talk to.
package rut

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

// Options configure a server.
type Options struct {
	// Version is told in hello.
	Version string
	// Registry holds the node types, nil is the core registry; helper is added to it.
	Registry *engine.Registry
	// Virtual makes time stand still but for wait requests, which leap.
	Virtual bool
	// Dir is the working directory for relative file names; "" is the process's.
	Dir string
	// Env looks up the process environment; nil is empty.
	Env func(name string) (string, bool)
	// Performers make the performers of a run; nil is those of the core nodes.
	Performers func(dir string, settings *value.Object) ([]live.Performer, error)
	// BaseURL is where the HTTP performer listens, as startServer answers.
	BaseURL func() string
}

// Server is one runtime under test.
type Server struct {
	opt   Options
	out   *bufio.Writer
	reqs  chan *request
	ended atomic.Bool  // nothing more comes in
	clock atomic.Int64 // virtual time, ms
	env   map[string]*string

	live   *live.Live
	wakeup atomic.Pointer[live.Live] // the same, for the reader
	perf   []live.Performer
	e      *engine.Engine
	graph  *flow.Graph

	report   map[string]bool
	watched  map[string]bool
	closed   map[string]bool // nodes closed by a request
	due      *request        // a load, setFlows, wait or http that is under way
	waitTo   float64
	syncs    []*request
	patience uint64 // the delivery up to which the sync under way waits
	eof      bool
	ctx      context.Context
	base     string // URL of our own HTTP server
}

// request is one line from the driver.
type request struct {
	id   int64
	op   string
	args *value.Object
	done bool
	http chan value.Value
}

// errSwitch ends a run because another flow is loaded, or none.
var errSwitch = errors.New("switch")

// Serve speaks the protocol until in ends.
func Serve(ctx context.Context, in io.Reader, out io.Writer, o Options) error {
	s := &Server{opt: o, out: bufio.NewWriterSize(out, 1<<16), reqs: make(chan *request, 1024), env: map[string]*string{}, ctx: ctx}
	s.clock.Store(time.Now().UnixMilli())
	if o.Registry == nil {
		o.Registry = nodes.Core()
	}
	if o.Performers == nil {
		s.opt.Performers, s.opt.BaseURL = s.corePerformers, func() string { return s.base }
	}
	s.opt.Registry = engine.NewRegistry(o.Registry.Types(), []engine.Type{helper})
	s.write(`{"ev":"hello","protocol":1,"name":"lockstep","version":` + strconv.Quote(o.Version) + `}`)
	s.flush()
	go s.read(in)
	err := s.idle()
	if err == nil {
		err = s.loop()
	}
	err = errors.Join(err, s.unload())
	return errors.Join(err, s.out.Flush())
}

// loop runs one engine after another until the input ends.
func (s *Server) loop() error {
	for {
		err := engine.Run(s.ctx, s.e, s, s)
		switch {
		case s.eof || s.ctx.Err() != nil:
			return nil
		case errors.Is(err, errSwitch):
		case err != nil:
			return err
		}
	}
}

func (s *Server) read(in io.Reader) {
	r := bufio.NewReaderSize(in, 1<<16)
	for {
		line, err := r.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 {
			s.reqs <- parse(line)
			s.wake()
		}
		if err != nil {
			s.ended.Store(true) // before the engine is woken to look
			close(s.reqs)
			s.wake()
			return
		}
	}
}

func (s *Server) wake() {
	if l := s.wakeup.Load(); l != nil {
		go l.Post(engine.Event{Kind: engine.EventTick})
	}
}

func parse(line []byte) *request {
	v, err := value.DecodeTagged(line)
	o := v.Object()
	if err != nil || o == nil {
		return &request{op: "(no JSON object)", args: value.NewObject()}
	}
	return &request{id: int64(o.Get("id").Num()), op: o.Get("op").Str(), args: o}
}

func (s *Server) write(line string) {
	_, _ = s.out.WriteString(line)
	_ = s.out.WriteByte('\n')
}

func (s *Server) flush() { _ = s.out.Flush() }

func (s *Server) ok(r *request, result value.Value) {
	if r.done {
		return
	}
	r.done = true
	if result.IsUndefined() {
		result = value.Of(value.NewObject())
	}
	line := append([]byte(`{"id":`), strconv.FormatInt(r.id, 10)...)
	line = append(line, `,"ok":true,"result":`...)
	line = value.AppendTagged(line, result)
	s.write(string(append(line, '}')))
}

func (s *Server) fail(r *request, text string) {
	r.done = true
	line := append([]byte(`{"id":`), strconv.FormatInt(r.id, 10)...)
	line = append(line, `,"ok":false,"error":`...)
	line = value.AppendTagged(line, value.Obj("name", "Error", "message", text))
	s.write(string(append(line, '}')))
}

// Next is the engine's source: requests first, then deliveries, then what comes
// from outside.
func (s *Server) Next(ctx context.Context, p engine.Progress) (engine.Event, error) {
	for s.due == nil {
		r, more := s.take()
		if !more {
			break
		}
		if r.op == "sync" && (p.Pending || p.Requests > 0 && s.opt.Virtual) {
			s.syncs = append(s.syncs, r)
			s.due, s.patience = r, p.Deliveries+syncPatience
			break
		}
		if err := s.handle(r); err != nil {
			return engine.Event{}, err
		}
		p = s.e.Progress()
	}
	if s.eof {
		return engine.Event{}, io.EOF
	}
	if p.Pending && !(s.due != nil && s.due.op == "sync" && p.Deliveries > s.patience) {
		return engine.Event{}, nil
	}
	s.fetched()
	s.settled(p)
	if s.due == nil && (len(s.reqs) > 0 || s.ended.Load()) {
		return engine.Event{Kind: engine.EventTick, Time: s.now()}, nil
	}
	if ev, ok := s.leap(p); ok {
		return ev, nil
	}
	s.flush()
	if s.opt.Virtual {
		p.NextTimer = math.Inf(1)
	}
	if s.opt.Virtual && s.due != nil && s.due.op == "http" {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, httpPatience)
		defer cancel()
	}
	ev, err := s.live.Next(ctx, p)
	if errors.Is(err, context.DeadlineExceeded) && s.ctx.Err() == nil {
		return engine.Event{Kind: engine.EventTick, Time: s.skip()}, nil
	}
	return ev, err
}

// syncPatience is how many deliveries a barrier waits for: a flow that goes round
// for ever never comes to rest.
const syncPatience = 200_000

// httpPatience is how long a request to our own server may seem idle before
// virtual time goes on to the next timer.
const httpPatience = 20 * time.Millisecond

// skip moves virtual time to the next timer.
func (s *Server) skip() float64 {
	if next := s.e.Progress().NextTimer; !math.IsInf(next, 1) {
		s.clock.Store(int64(math.Max(next, s.now())))
	}
	return s.now()
}

// take gives the next request if there is one.
func (s *Server) take() (*request, bool) {
	select {
	case r, ok := <-s.reqs:
		if !ok {
			s.eof = true
			return nil, false
		}
		return r, true
	default:
		return nil, false
	}
}

// settled answers what waited for the queue to be empty.
func (s *Server) settled(p engine.Progress) {
	if s.opt.Virtual && p.Requests > 0 {
		return
	}
	for _, r := range s.syncs {
		s.ok(r, value.Undefined)
		if s.due == r {
			s.due = nil
		}
	}
	s.syncs = nil
}

// leap moves virtual time on while a wait is under way.
func (s *Server) leap(p engine.Progress) (engine.Event, bool) {
	if s.due == nil || s.due.op != "wait" {
		return engine.Event{}, false
	}
	if !s.opt.Virtual {
		if s.now() >= s.waitTo {
			s.ok(s.due, value.Undefined)
			s.due = nil
			return engine.Event{Kind: engine.EventTick, Time: s.now()}, true
		}
		return engine.Event{}, false
	}
	if p.Requests > 0 {
		return engine.Event{}, false
	}
	to := math.Min(p.NextTimer, s.waitTo)
	s.clock.Store(int64(to))
	if p.NextTimer > s.waitTo {
		s.ok(s.due, value.Undefined)
		s.due = nil
	}
	return engine.Event{Kind: engine.EventTick, Time: to}, true
}

func (s *Server) now() float64 {
	if s.opt.Virtual {
		return float64(s.clock.Load())
	}
	return float64(time.Now().UnixMilli())
}

// Put is the engine's sink: events go to the driver, effects to the performers.
func (s *Server) Put(f engine.Effect) error {
	switch f.Kind {
	case "log":
		s.event(`{"ev":"log","entry":`, f.Body)
	case "debug":
		line := value.AppendTagged([]byte(`{"ev":"comms","topic":"debug","data":`), f.Body)
		s.write(string(append(line, `,"retain":false}`...)))
	}
	return s.live.Put(f)
}

func (s *Server) event(start string, body value.Value) {
	line := value.AppendTagged([]byte(start), body)
	s.write(string(append(line, '}')))
}
