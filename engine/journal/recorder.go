package journal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"strconv"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Recorder writes the journal of a run. It is a Sink; Source wraps that of the run.
// It is used by the goroutine of the run only.
type Recorder struct {
	out      io.WriteCloser
	next     func() (io.WriteCloser, error) // opens the file that follows; nil: there is one only
	limit    int64
	written  int64
	buf      []byte
	summed   int // bytes of buf that are in sum
	sum      hash.Hash
	redact   redactor
	err      error
	times    times
	turns    uint64  // deliveries at the last event
	flushed  float64 // the time of the event at the last flush
	lines    int
	events   uint64
	effects  uint64
	env      map[string]envValue
	modules  map[string]string
	finished bool
	likes    likes
}

type envValue struct {
	text string
	ok   bool
}

// checkEvery is how many lines a check covers.
const checkEvery = 4096

// flushAt is how many bytes are kept before they are written, while the run is busy.
const flushAt = 64 << 10

// RecorderOptions configure a Recorder.
type RecorderOptions struct {
	// Limit is the size in bytes at which a file is full and the next begins; 0 is
	// never.
	Limit int64
}

// Create starts the journal of a run in a new file. o are the run's options: its Env
// and Modules are replaced by ones that note what is looked up. An existing file is
// not overwritten.
func Create(file string, h *Header, o *engine.Options, ro RecorderOptions) (*Recorder, error) {
	open := func(name string) (io.WriteCloser, error) {
		return os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	}
	out, err := open(file)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("the journal %s exists: give another name, or move it away", file)
	}
	if err != nil {
		return nil, err
	}
	n := 0
	next := func() (io.WriteCloser, error) {
		n++
		return open(file + "." + strconv.Itoa(n))
	}
	r := New(out, h, o)
	r.limit, r.next = ro.Limit, next
	return r, r.err
}

// New starts the journal of a run on a writer: see Create.
func New(out io.WriteCloser, h *Header, o *engine.Options) *Recorder {
	r := &Recorder{out: out, sum: sha256.New(), env: map[string]envValue{}, modules: map[string]string{}, likes: likes{}}
	for id, c := range o.Credentials {
		r.redact.credentials(id, c)
	}
	r.line(h.line())
	if lookup := o.Env; lookup != nil {
		o.Env = func(name string) (string, bool) { return r.lookup(name, lookup) }
	}
	if modules := o.Modules; modules != nil {
		o.Modules = func(name string) (string, error) { return r.module(name, modules) }
	}
	r.flush()
	r.buf, r.summed = nil, 0 // the header may have been long, and there may be many runs
	return r
}

// Hide makes the texts of credentials secret that come later, with a deploy.
func (r *Recorder) Hide(all map[string]*value.Object) {
	for id, c := range all {
		r.redact.credentials(id, c)
	}
}

// lookup notes a variable when it is first looked up; it stays what it was.
func (r *Recorder) lookup(name string, lookup func(string) (string, bool)) (string, bool) {
	if v, ok := r.env[name]; ok {
		return v.text, v.ok
	}
	text, ok := lookup(name)
	r.env[name] = envValue{text, ok}
	shown := value.Undefined
	if ok {
		if shown = value.Str(text); secretName.MatchString(name) {
			r.redact.add(text, envName(name))
			shown = value.Str(envName(name))
		}
	}
	r.line(append(value.AppendTagged(nil, value.Obj("env", name, "v", shown)), '\n'))
	return text, ok
}

func (r *Recorder) module(name string, modules func(string) (string, error)) (string, error) {
	if text, ok := r.modules[name]; ok {
		return text, nil
	}
	text, err := modules(name)
	if err != nil {
		return "", err
	}
	r.modules[name] = text
	r.line(append(value.AppendTagged(nil, value.Obj("module", name, "v", text)), '\n'))
	return text, nil
}

// maxDelay is how many milliseconds what was recorded may wait while events go on coming.
const maxDelay = 5

// Source records the events of a source as the engine takes them, and hands them to the
// operating system before the run waits for the next. A source with a method Tell, as
// live.Live has it, is given back as it is: it tells of its events itself, and they are
// handed on when it is idle, or after five milliseconds.
func (r *Recorder) Source(src engine.Source) engine.Source {
	if t, ok := src.(interface {
		Tell(event func(engine.Event, engine.Progress) error, idle func())
	}); ok {
		t.Tell(r.taken, r.flush)
		return src
	}
	return recordedSource{r, src}
}

type recordedSource struct {
	r   *Recorder
	src engine.Source
}

// Next yields the source's next event.
func (s recordedSource) Next(ctx context.Context, p engine.Progress) (engine.Event, error) {
	if !p.Pending {
		s.r.flush()
	}
	ev, err := s.src.Next(ctx, p)
	if err == nil && ev.Kind != engine.EventNone {
		err = s.r.taken(ev, p)
	}
	return ev, err
}

// taken records an event.
func (r *Recorder) taken(ev engine.Event, p engine.Progress) error {
	if ev.Time-r.flushed >= maxDelay {
		r.flush()
		r.flushed = ev.Time
	}
	r.event(ev, p.Deliveries)
	return r.err
}

// kinds are the names of events.
var kinds = [...]string{engine.EventStart: "start", engine.EventTick: "tick", engine.EventMessage: "message", engine.EventReply: "reply",
	engine.EventStop: "stop", engine.EventDeploy: "deploy", engine.EventCommand: "command"}

func (r *Recorder) event(ev engine.Event, deliveries uint64) {
	r.events++
	start := len(r.buf)
	b := append(r.buf, `{"e":"`...)
	b = append(append(b, kinds[ev.Kind]...), '"')
	if d := deliveries - r.turns; d > 0 {
		b = strconv.AppendUint(append(b, `,"d":`...), d, 10)
	}
	r.turns = deliveries
	b = r.times.at(b, ev.Time)
	if ev.Target != "" {
		b = value.AppendJSON(append(b, `,"to":`...), value.Str(ev.Target))
	}
	if ev.Request != 0 {
		b = strconv.AppendUint(append(b, `,"r":`...), ev.Request, 10)
	}
	if ev.Last {
		b = append(b, `,"last":true`...)
	}
	if ev.Kind == engine.EventReply && ev.Request != 0 && !ev.Last {
		r.buf = r.likes.body(b, ev.Request, ev.Body)
	} else {
		r.buf = appendBody(b, ev.Body)
	}
	r.ended(start)
}

// times leaves out a time that is the same as in the line before.
type times struct{ last float64 }

func (x *times) at(b []byte, t float64) []byte {
	if t != x.last {
		b = value.AppendNumber(append(b, `,"t":`...), t)
		x.last = t
	}
	return b
}

// appendBody ends a line.
func appendBody(b []byte, v value.Value) []byte {
	if !v.IsUndefined() {
		b = value.AppendTagged(append(b, `,"b":`...), v)
	}
	return append(b, '}', '\n')
}

// Put records an effect.
func (r *Recorder) Put(f engine.Effect) error {
	r.effects++
	start := len(r.buf)
	r.buf = r.times.effect(r.buf, f)
	r.ended(start)
	return r.err
}

// effect appends the line of an effect.
func (x *times) effect(b []byte, f engine.Effect) []byte {
	b = value.AppendJSON(append(b, `{"f":`...), value.Str(f.Kind))
	if f.Node != "" {
		b = value.AppendJSON(append(b, `,"n":`...), value.Str(f.Node))
	}
	b = x.at(b, f.Time)
	if f.Request != 0 {
		b = strconv.AppendUint(append(b, `,"r":`...), f.Request, 10)
	}
	return appendBody(b, f.Body)
}

func (r *Recorder) line(b []byte) {
	start := len(r.buf)
	r.buf = append(r.buf, b...)
	r.ended(start)
}

// ended takes in a line that begins at start.
func (r *Recorder) ended(start int) {
	if len(r.redact.texts) > 0 {
		r.buf = append(r.buf[:start], r.redact.line(r.buf[start:])...)
	}
	if r.lines++; r.lines%checkEvery == 0 {
		r.buf = append(r.buf, `{"check":"`+r.Digest()+"\"}\n"...)
		r.summed = len(r.buf)
	}
	if len(r.buf) >= flushAt {
		r.flush()
	}
}

// flush hands what was recorded to the operating system.
func (r *Recorder) flush() {
	if len(r.buf) == 0 || r.err != nil {
		return
	}
	r.sum.Write(r.buf[r.summed:])
	n, err := r.out.Write(r.buf)
	r.written += int64(n)
	r.buf, r.summed = r.buf[:0], 0
	if err != nil {
		r.err = fmt.Errorf("the journal cannot be written: %w", err)
		return
	}
	if r.limit > 0 && r.next != nil && r.written >= r.limit {
		r.rotate()
	}
}

func (r *Recorder) rotate() {
	clear(r.likes) // so that a file needs no other one
	err := r.out.Close()
	if err == nil {
		r.out, err = r.next()
	}
	if r.written = 0; err != nil {
		r.err = fmt.Errorf("the journal cannot go on: %w", err)
	}
}

// Digest is the SHA-256 of all lines so far.
func (r *Recorder) Digest() string {
	r.sum.Write(r.buf[r.summed:])
	r.summed = len(r.buf)
	return hex.EncodeToString(r.sum.Sum(nil))
}

// Close writes the end and closes the file.
func (r *Recorder) Close() error {
	if r.finished {
		return r.err
	}
	r.finished = true
	digest := r.Digest()
	r.buf = append(r.buf, value.AppendJSON(nil, value.Obj("end", value.Obj("events", float64(r.events), "effects", float64(r.effects), "digest", digest)))...)
	r.buf = append(r.buf, '\n')
	r.limit = 0
	r.flush()
	return errors.Join(r.err, r.out.Close())
}

// EventName is the name of a kind of event in a journal.
func EventName(k engine.EventKind) string {
	if int(k) < len(kinds) {
		return kinds[k]
	}
	return ""
}
