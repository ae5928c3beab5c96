package flowtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
	"strings"

	"github.com/lockstep-flows/lockstep/condition"
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// world is all that is around the flow in a test: virtual time, files in memory, a
// broker and peers that do what the test says.
type world struct {
	r         *runner
	until     float64 // time may pass up to here
	events    []engine.Event
	open      map[uint64]*asked
	order     []*asked
	made      map[string][]uint64 // requests by node and kind, in order
	answers   []*answering
	files     memory
	http      *web
	ports     map[string]float64 // connections that steps opened, by node and name
	lastPort  float64
	turns     int64  // deliveries until the next step, -1 for all
	base      uint64 // deliveries at the last step
	fired     int
	simulated bool
}

// asked is a request that left the flow.
type asked struct {
	engine.Effect
	stream bool
}

// answering is an answer with how often it was used.
type answering struct {
	*Answer
	used uint64
}

// streams are the kinds of request that nobody waits for.
var streams = map[string]bool{"http.listen": true, "ws.listen": true, "ws.connect": true, "tcp.listen": true, "tcp.connect": true,
	"udp.open": true, "mqtt.connect": true, "watch.start": true}

// Bounds of what may happen between two steps.
const (
	maxDeliveries = 500_000
	maxTimers     = 1_000_000
)

func newWorld(r *runner) (*world, error) {
	w := &world{r: r, open: map[uint64]*asked{}, made: map[string][]uint64{}, files: newMemory(r.g.Files), ports: map[string]float64{}, turns: -1, simulated: r.g.Simulate == nil || *r.g.Simulate}
	for _, a := range r.g.Answers {
		w.answers = append(w.answers, &answering{Answer: a})
	}
	var err error
	w.http, err = newWeb(r.ctx)
	return w, err
}

func (w *world) close() { w.http.close() }

// settle lets the flow go on until it waits for time or the outside.
func (r *runner) settle(p Place, turns int64) bool {
	w := r.world
	w.until = math.Max(w.until, r.e.Now())
	w.turns, w.base, w.fired = turns, r.e.Progress().Deliveries, 0
	err := engine.Run(r.ctx, r.e, w, w)
	if err != nil {
		r.fail(p, err.Error())
	}
	return err == nil
}

// Next yields the answers and timers that are due up to now.
func (w *world) Next(ctx context.Context, p engine.Progress) (engine.Event, error) {
	if err := ctx.Err(); err != nil {
		return engine.Event{}, err
	}
	if n := p.Deliveries - w.base; p.Pending {
		if w.turns >= 0 && n >= uint64(w.turns) {
			return engine.Event{}, io.EOF
		}
		if n > maxDeliveries {
			return engine.Event{}, fmt.Errorf("the flow does not come to rest: %d messages were delivered; look for wires that form a loop", n)
		}
		return engine.Event{}, nil
	}
	next := math.Inf(1)
	if len(w.events) > 0 {
		next = w.events[0].Time
	}
	switch now := w.r.e.Now(); {
	case next <= w.until && next <= p.NextTimer:
		ev := w.events[0]
		w.events = w.events[1:]
		return ev, nil
	case p.NextTimer <= w.until && !p.Stopped:
		if w.fired++; w.fired > maxTimers {
			return engine.Event{}, errors.New("timers fire without an end; wait less")
		}
		return engine.Event{Kind: engine.EventTick, Time: p.NextTimer}, nil
	case now < w.until:
		return engine.Event{Kind: engine.EventTick, Time: w.until}, nil
	}
	return engine.Event{}, io.EOF
}

// reply answers a request after some ms.
func (w *world) reply(request uint64, after float64, last bool, body value.Value) {
	w.post(engine.Event{Kind: engine.EventReply, Time: w.r.e.Now() + after, Request: request, Last: last, Body: body})
}

func (w *world) post(ev engine.Event) {
	i := sort.Search(len(w.events), func(i int) bool { return w.events[i].Time > ev.Time })
	w.events = append(w.events, engine.Event{})
	copy(w.events[i+1:], w.events[i:])
	w.events[i] = ev
}

// Put takes an effect: it is noted, and answered if it is a request.
func (w *world) Put(f engine.Effect) error {
	f.Body = value.Clone(f.Body)
	w.r.seen.effect(f)
	if f.Kind == "cancel" {
		w.forget(f.Request)
		w.http.cancel(f.Request)
		return nil
	}
	if f.Request != 0 {
		a := &asked{Effect: f, stream: streams[f.Kind]}
		w.open[f.Request] = a
		w.order = append(w.order, a)
		w.made[f.Node+"\n"+f.Kind] = append(w.made[f.Node+"\n"+f.Kind], f.Request)
	}
	done, err := w.answer(f)
	if err != nil || done || !w.simulated {
		return err
	}
	if w.simulate(f) {
		if a := w.open[f.Request]; a != nil && !a.stream {
			w.forget(f.Request)
		}
		return nil
	}
	if f.Request != 0 && w.r.g.Unanswered == "error" && !streams[f.Kind] {
		w.forget(f.Request)
		w.reply(f.Request, 0, true, live.Failure("EUNSUPPORTED", fmt.Sprintf("this host cannot carry out %q", f.Kind)))
	}
	return nil
}

func (w *world) forget(request uint64) {
	if w.open[request] == nil {
		return
	}
	delete(w.open, request)
	for i, a := range w.order {
		if a.Request == request {
			w.order = append(w.order[:i:i], w.order[i+1:]...)
			return
		}
	}
}

// answer looks for an answer of the test to a request.
func (w *world) answer(f engine.Effect) (bool, error) {
	if f.Request == 0 {
		return false, nil
	}
	for _, a := range w.answers {
		if a.Times > 0 && a.used >= a.Times {
			continue
		}
		ok, err := w.fits(a.Answer, f, a.used)
		if err != nil {
			return false, err
		}
		if ok {
			a.used++
			w.give(a.Answer, f)
			return true, nil
		}
	}
	return false, nil
}

// fits reports whether an answer is one to a request.
func (w *world) fits(a *Answer, f engine.Effect, used uint64) (bool, error) {
	n := w.r.s.Graph.ByID(f.Node)
	if a.Kind != "" && a.Kind != f.Kind || a.Kind == "" && streams[f.Kind] {
		return false, nil
	}
	if a.Node != "" {
		if want, err := w.r.s.Node(a.Node); err != nil || want != n {
			return false, err
		}
	}
	if a.When == nil {
		return true, nil
	}
	name := ""
	if n != nil {
		name = n.Name
	}
	ok, err := a.When.Holds(map[string]any{"kind": f.Kind, "node": f.Node, "name": name, "type": f.Type, "msg": condition.Of(f.Body), "count": float64(used + 1)})
	if err != nil {
		err = fmt.Errorf("line %d: %w", a.Line, err)
	}
	return ok, err
}

// give sends an answer.
func (w *world) give(a *Answer, f engine.Effect) {
	if !streams[f.Kind] {
		w.forget(f.Request)
	}
	if a.Fail != "" || a.Text != "" {
		w.reply(f.Request, a.After, true, failure(a, f))
		return
	}
	if a.Raw {
		w.reply(f.Request, a.After, !streams[f.Kind], value.Clone(a.With))
		return
	}
	bodies := shaped(a.With, f)
	for i, b := range bodies {
		w.reply(f.Request, a.After, i == len(bodies)-1 && !streams[f.Kind], b)
	}
}

// waiting finds the oldest request that an answer fits.
func (w *world) waiting(a *Answer) (*asked, error) {
	for _, q := range w.order {
		if q.stream && a.Kind == "" {
			continue
		}
		ok, err := w.fits(a, q.Effect, 0)
		if ok || err != nil {
			return q, err
		}
	}
	return nil, nil
}

// unanswered fails the test for each request that nobody answered.
func (r *runner) unanswered() {
	if r.g.Unanswered != "" && r.g.Unanswered != "fail" || !r.world.simulated || len(r.res.Failures) > 0 {
		return
	}
	for _, q := range r.world.order {
		if q.stream {
			continue
		}
		r.fail(r.t.Place, fmt.Sprintf("%s asked for %s and nothing answered", nodeText(r.s.Graph.ByID(q.Node)), q.Kind),
			"it asked  "+show(plain(readable(q.Body))), "answer it with  given: {answers: [{kind: "+q.Kind+", with: …}]}, or say  given: {unanswered: wait}")
	}
}

// open requests are named in the details of a failure.
func (r *runner) waitingFor() (out []string) {
	for _, q := range r.world.order {
		if !q.stream {
			out = append(out, fmt.Sprintf("%s waits for an answer to %s %s", nodeText(r.s.Graph.ByID(q.Node)), q.Kind, show(plain(readable(q.Body)))))
		}
	}
	return out
}

// failure is the answer that says that a request failed, in Node.js's words.
func failure(a *Answer, f engine.Effect) value.Value {
	text := a.Text
	if text == "" {
		known := errorTexts[a.Fail]
		o := f.Body.Object()
		switch {
		case strings.HasPrefix(f.Kind, "file."):
			call := map[string]string{"file.read": "open", "file.write": "open", "file.delete": "unlink"}[f.Kind]
			return fileError(a.Fail, known, call, value.ToString(o.Get("path")))
		case known == "":
			text = a.Fail
		case f.Kind == "exec.run":
			text = "spawn " + value.ToString(o.Get("file")) + " " + a.Fail
		case a.Fail == "ENOTFOUND" || a.Fail == "EAI_AGAIN":
			text = "getaddrinfo " + a.Fail
		case a.Fail == "ECONNREFUSED" || a.Fail == "EHOSTUNREACH" || a.Fail == "ENETUNREACH":
			text = "connect " + a.Fail
		default:
			text = known
		}
	}
	return live.Failure(a.Fail, text)
}

// errorTexts are Node.js's words for error codes.
var errorTexts = map[string]string{
	"ENOENT": "no such file or directory", "EACCES": "permission denied", "EISDIR": "illegal operation on a directory", "ENOSPC": "no space left on device",
	"EROFS": "read-only file system", "EPERM": "operation not permitted", "EEXIST": "file already exists", "EMFILE": "too many open files", "EIO": "i/o error",
	"ECONNREFUSED": "connection refused", "ECONNRESET": "read ECONNRESET", "ETIMEDOUT": "connect ETIMEDOUT", "ENOTFOUND": "not found", "EAI_AGAIN": "try again",
	"EHOSTUNREACH": "no route to host", "ENETUNREACH": "network is unreachable", "EPIPE": "write EPIPE", "ENOTDIR": "not a directory",
}
