package live

import (
	"context"
	"fmt"
	"io"
	"math"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Options configure a Live. The zero Options gives a clock and nothing else.
type Options struct {
	// Performers carry out effects; two must not claim the same kind.
	Performers []Performer
	// Sink gets every effect before it is performed: to print logs, to record. It
	// may be nil.
	Sink engine.Sink
	// Clock gives wall time; nil is the system's.
	Clock func() time.Time
	// Once ends the run when nothing is left to do: no delivery, timer or request.
	Once bool
	// Queue is how many outside events may wait before those who post them block;
	// 0 is 4096.
	Queue int
}

// Performer carries out effects of some kinds.
type Performer interface {
	// Kinds are the effects it carries out.
	Kinds() []string
	// Perform starts carrying out an effect; it must not block, and must not keep
	// f.Body (clone it). It answers, if f.Request is not 0, through reply, later and
	// from another goroutine; last says that no further answer follows.
	Perform(f engine.Effect, reply func(body value.Value, last bool)) error
	// Cancel ends a request: nobody waits for its answers any more.
	Cancel(request uint64)
	// Close ends everything; it waits for what it started.
	Close() error
}

// Live is a running engine's Source and Sink.
type Live struct {
	opt      Options
	by       map[string]Performer
	requests map[uint64]Performer
	events   chan posted
	large    chan struct{} // one for each large event that waits
	stopping chan struct{}
	stop     sync.Once
	ended    chan struct{} // nothing is taken any more
	over1    sync.Once

	event func(engine.Event, engine.Progress) error
	idle  func()
	quiet *time.Timer

	started, stopped bool
	sinceEvent       int // turns since the last chance for an event
	generation       int // deliveries that waited then
	checkEvery       int
	untilCheck       int
	last             float64
}

// turns is how many deliveries the engine makes at least before another outside
// event is let in. If more were waiting when the last one had been handled, all
// those are made first, as in Node.js: else who sends faster than the flow works
// would fill the memory.
const turns = 64

// New makes a Live. The first event it yields is the start.
func New(o Options) *Live {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Queue == 0 {
		o.Queue = 4096
	}
	l := &Live{opt: o, by: map[string]Performer{}, requests: map[uint64]Performer{},
		events: make(chan posted, o.Queue), large: make(chan struct{}, largeBodies), stopping: make(chan struct{}), ended: make(chan struct{}), checkEvery: 1}
	for _, p := range o.Performers {
		for _, k := range p.Kinds() {
			if l.by[k] != nil {
				panic(fmt.Sprintf("two performers for effect kind %q", k))
			}
			l.by[k] = p
		}
	}
	return l
}

func (l *Live) now() float64 { return float64(l.opt.Clock().UnixMilli()) }

// Post hands the engine an event, from any goroutine; its time is set when it is
// taken. It blocks while the queue is full, and reports false once the run is over.
func (l *Live) Post(ev engine.Event) bool { return l.post(posted{event: ev}) }

// Do runs fn between two events, after those posted before, on the goroutine of the
// engine: there its methods may be called. It returns when fn has, and reports false
// if the run was over before. What is done there must not change what the flows
// do, or else it cannot be replayed; that is what events are for.
func (l *Live) Do(fn func()) bool {
	done := make(chan struct{})
	if !l.post(posted{do: func() { fn(); close(done) }}) {
		return false
	}
	select {
	case <-done:
		return true
	case <-l.ended:
		return false
	}
}

// posted is an event that waits, or something to do.
type posted struct {
	event engine.Event
	do    func()
	big   bool // it holds a place among the large ones
}

// largeBody is the size in bytes from which a body counts as large, largeBodies how many of
// them may wait: what streams files or sockets in must not fill the memory.
const (
	largeBody   = 16 << 10
	largeBodies = 64
)

func (l *Live) post(p posted) bool {
	if o := p.event.Body.Object(); o != nil {
		for _, k := range [...]string{"data", "payload"} {
			b := o.Get(k).Buffer()
			p.big = p.big || b != nil && len(b.B) >= largeBody
		}
	}
	if p.big {
		select {
		case l.large <- struct{}{}:
		case <-l.stopping:
			return false
		}
	}
	select {
	case l.events <- p:
		return true
	case <-l.stopping:
		return false
	}
}

// Inject hands a message to a node, from any goroutine.
func (l *Live) Inject(node string, m *engine.Message) bool {
	return l.Post(engine.Event{Kind: engine.EventMessage, Target: node, Body: value.Of(m)})
}

// Stop ends the run: the nodes are closed, then Run returns nil. It may be called
// from any goroutine, more than once.
func (l *Live) Stop() { l.stop.Do(func() { close(l.stopping) }) }

func (l *Live) over() { l.over1.Do(func() { close(l.ended) }) }

// Next yields the next event: see engine.Source.
func (l *Live) Next(ctx context.Context, p engine.Progress) (engine.Event, error) {
	if !l.started {
		l.started = true
		return l.at(engine.Event{Kind: engine.EventStart}, p)
	}
	if l.stopped {
		l.over()
		return engine.Event{}, io.EOF
	}
	if p.Pending {
		return l.poll(ctx, p)
	}
	l.sinceEvent = 0
	return l.wait(ctx, p)
}

// poll looks for an event without blocking, while deliveries wait.
func (l *Live) poll(ctx context.Context, p engine.Progress) (engine.Event, error) {
	if l.sinceEvent++; l.sinceEvent == 1 {
		l.generation = p.Waiting
	}
	if l.sinceEvent > max(turns, l.generation) {
		l.sinceEvent = 0
		select {
		case ev := <-l.events:
			return l.take(ev, p)
		case <-l.stopping:
			return l.end(p)
		case <-ctx.Done():
			return engine.Event{}, ctx.Err()
		default:
		}
	}
	if l.untilCheck--; l.untilCheck > 0 {
		return engine.Event{}, nil
	}
	now := l.now()
	switch {
	case now-l.last >= 1 && l.checkEvery > 1:
		l.checkEvery /= 2
	case now == l.last && l.checkEvery < 32:
		l.checkEvery *= 2
	}
	l.untilCheck = l.checkEvery
	if now > l.last {
		return l.told(engine.Event{Kind: engine.EventTick, Time: now}, p)
	}
	return engine.Event{}, nil
}

// quietAfter is how long no event comes until the run counts as quiet.
const quietAfter = time.Millisecond

// Tell has functions called on the goroutine of the run: event for each event that Next is
// about to yield, which it does not if that fails, idle when nothing has been left to do for a
// moment. It must be called before the run begins.
func (l *Live) Tell(event func(engine.Event, engine.Progress) error, idle func()) {
	l.event, l.idle = event, idle
	l.quiet = time.NewTimer(quietAfter)
}

// untilQuiet gives what tells that the run is quiet, nil if nobody wants to know.
func (l *Live) untilQuiet() <-chan time.Time {
	if l.quiet == nil {
		return nil
	}
	l.quiet.Reset(quietAfter)
	return l.quiet.C
}

// wait blocks for the next event or timer.
func (l *Live) wait(ctx context.Context, p engine.Progress) (engine.Event, error) {
	if l.opt.Once && p.Saving && p.Requests == 0 && len(l.events) == 0 {
		return l.end(p)
	}
	var due <-chan time.Time
	if !math.IsInf(p.NextTimer, 1) {
		left := p.NextTimer - l.now()
		if left <= 0 {
			return l.at(engine.Event{Kind: engine.EventTick}, p)
		}
		t := time.NewTimer(time.Duration(math.Min(left, 1<<40) * float64(time.Millisecond)))
		defer t.Stop()
		due = t.C
	}
	for quiet := l.untilQuiet(); ; quiet = nil {
		select {
		case ev := <-l.events:
			return l.take(ev, p)
		case <-due:
			return l.at(engine.Event{Kind: engine.EventTick}, p)
		case <-l.stopping:
			return l.end(p)
		case <-ctx.Done():
			return engine.Event{}, ctx.Err()
		case <-quiet:
			l.idle()
		}
	}
}

// take gives a posted event; something to do is done, and is a tick.
func (l *Live) take(got posted, p engine.Progress) (engine.Event, error) {
	if got.do != nil {
		got.do()
		return l.at(engine.Event{Kind: engine.EventTick}, p)
	}
	if got.big {
		<-l.large
	}
	return l.at(got.event, p)
}

// at gives an event that happens now.
func (l *Live) at(ev engine.Event, p engine.Progress) (engine.Event, error) {
	if ev.Kind == engine.EventReply && ev.Last {
		delete(l.requests, ev.Request)
	}
	ev.Time = math.Max(l.now(), l.last)
	return l.told(ev, p)
}

// told gives an event, after the one who wants to know of it.
func (l *Live) told(ev engine.Event, p engine.Progress) (engine.Event, error) {
	l.last = ev.Time
	if l.event != nil {
		return ev, l.event(ev, p)
	}
	return ev, nil
}

func (l *Live) end(p engine.Progress) (engine.Event, error) {
	l.stopped = true
	l.Stop()
	return l.at(engine.Event{Kind: engine.EventStop}, p)
}

// Put carries out an effect: see engine.Sink.
func (l *Live) Put(f engine.Effect) error {
	if l.opt.Sink != nil {
		if err := l.opt.Sink.Put(f); err != nil {
			return err
		}
	}
	if f.Kind == "cancel" {
		if p := l.requests[f.Request]; p != nil {
			delete(l.requests, f.Request)
			p.Cancel(f.Request)
		}
		return nil
	}
	p := l.by[f.Kind]
	if p == nil {
		if f.Request != 0 {
			l.refuse(f)
		}
		return nil
	}
	id := f.Request
	if id != 0 {
		l.requests[id] = p
	}
	return p.Perform(f, func(body value.Value, last bool) {
		if id != 0 {
			l.Post(engine.Event{Kind: engine.EventReply, Request: id, Last: last, Body: body})
		}
	})
}

// refuse answers a request that nothing here can carry out.
func (l *Live) refuse(f engine.Effect) {
	body := Failure("EUNSUPPORTED", fmt.Sprintf("this host cannot carry out %q", f.Kind))
	go l.Post(engine.Event{Kind: engine.EventReply, Request: f.Request, Last: true, Body: body})
}

// Close closes all performers, after Run has returned.
func (l *Live) Close() error {
	l.Stop()
	l.over()
	var first error
	for _, p := range l.opt.Performers {
		if err := p.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Failure is the answer that says a request failed: {error: Error} with a code.
func Failure(code, text string) value.Value {
	e := value.ThrownError("Error", text)
	if code != "" {
		e.SetProp("code", value.Str(code))
	}
	return value.Obj("error", e)
}
