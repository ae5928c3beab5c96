package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// ReplayOptions say how a journal is played back.
type ReplayOptions struct {
	// Build makes the engine from the recorded options, usually from the flows of
	// the header.
	Build func(o engine.Options) (*engine.Engine, error)
	// Changed says that the flows are not those recorded: requests are found by node
	// and order, effects are compared node by node, and all differences are collected.
	Changed bool
	// Until ends the replay before the event of this number; 0 is never.
	Until uint64
	// Before is called before each event, After when the engine asks for the next one,
	// Effect with each effect; each may be nil. An error ends the replay.
	Before func(rec *Record) error
	After  func(rec *Record) error
	Effect func(f engine.Effect) error
	// Limit is the number of differences kept; 0 is 20. All are counted.
	Limit int
}

// Result is what came of a replay.
type Result struct {
	// Events and Effects that were compared.
	Events, Effects uint64
	// Differences are the first ones, Count is how many there were.
	Differences []Difference
	Count       int
	// Digest of the run as replayed, that of the journal if there was no difference.
	Digest string
	// Complete says that the recorded run ended well; Torn that its last line was cut off.
	Complete, Torn bool
}

// Difference is a place where a replay did something else.
type Difference struct {
	// Event is the event at work.
	Event *Record
	// Want was recorded, Got came now; one may be nil. Their Text is the line.
	Want, Got *Record
	// Note says what differs beyond effects.
	Note string
}

// errDiffers ends a replay at the first difference.
var errDiffers = errors.New("the replay differs")

// Replay plays the rest of a journal and compares.
func Replay(ctx context.Context, r *Reader, o ReplayOptions) (*Result, error) {
	if o.Limit == 0 {
		o.Limit = 20
	}
	if r.Header.Semantics != engine.Semantics && !o.Changed {
		return nil, fmt.Errorf("the journal was recorded with semantics %d; this program has %d: replay it with a version of then", r.Header.Semantics, engine.Semantics)
	}
	p := &player{r: r, o: o, env: map[string]envValue{}, modules: map[string]string{}, res: &Result{}, asked: map[requestKey][]uint64{}, ids: map[uint64]uint64{}, streams: map[streamKey]*stream{}}
	r.Lazy = !o.Changed
	if err := p.ahead(); err != nil {
		return nil, err
	}
	opt, err := r.Header.Options()
	if err != nil {
		return nil, err
	}
	opt.Env = p.lookup
	opt.Modules = p.module
	e, err := o.Build(opt)
	if err != nil {
		return nil, err
	}
	p.engine = e
	err = engine.Run(ctx, e, p, p)
	if errors.Is(err, errDiffers) {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	p.finish()
	return p.res, nil
}

// player is the Source and Sink of a replay.
type player struct {
	r       *Reader
	engine  *engine.Engine
	o       ReplayOptions
	res     *Result
	times   times
	line    []byte
	env     map[string]envValue
	modules map[string]string

	next  *Record   // the event to come, nil at the end
	want  []*Record // effects recorded after the event at work
	now   *Record   // the event at work
	turns uint64
	ended bool

	asked   map[requestKey][]uint64 // requests of the recorded run, by who asked, in order
	ids     map[uint64]uint64       // requests recorded → now
	streams map[streamKey]*stream
}

type requestKey struct{ node, kind string }

func (p *player) lookup(name string) (string, bool) {
	v := p.env[name]
	return v.text, v.ok
}

func (p *player) module(name string) (string, error) {
	if text, ok := p.modules[name]; ok {
		return text, nil
	}
	return "", fmt.Errorf("the module %q was not used in the recorded run", name)
}

// ahead reads up to the next event: the effects before it are those to be
// expected of the event at work.
func (p *player) ahead() error {
	p.next = nil
	for {
		rec, err := p.r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch rec.Kind {
		case EventRecord:
			p.next = rec
			return nil
		case EffectRecord:
			p.want = append(p.want, rec)
			p.recorded(rec)
		case EnvRecord:
			p.env[rec.Name] = envValue{rec.Value.Str(), rec.Value.IsString()}
		case ModuleRecord:
			p.modules[rec.Name] = rec.Value.Str()
		case EndRecord:
			p.res.Complete = true
		}
	}
}

// Next yields the next recorded event, after as many deliveries as then.
func (p *player) Next(ctx context.Context, g engine.Progress) (engine.Event, error) {
	if err := ctx.Err(); err != nil {
		return engine.Event{}, err
	}
	if p.next != nil && g.Pending && g.Deliveries-p.turns < p.next.Deliveries {
		return engine.Event{}, nil
	}
	if p.next == nil && g.Pending && !p.ended {
		return engine.Event{}, nil
	}
	if err := p.after(g); err != nil {
		return engine.Event{}, err
	}
	if p.next == nil || p.o.Until > 0 && p.next.Seq >= p.o.Until {
		p.ended = true
		return engine.Event{}, io.EOF
	}
	return p.take(g)
}

// after settles the event that is over.
func (p *player) after(g engine.Progress) error {
	if p.now == nil {
		return nil
	}
	if p.o.After != nil {
		if err := p.o.After(p.now); err != nil {
			return err
		}
	}
	if p.o.Changed || p.next == nil {
		return nil
	}
	if len(p.want) > 0 {
		return p.differs(Difference{Event: p.now, Want: p.want[0]})
	}
	if n := g.Deliveries - p.turns; n != p.next.Deliveries {
		return p.differs(Difference{Event: p.now, Note: fmt.Sprintf("%d deliveries were made; the recorded run made %d", n, p.next.Deliveries)})
	}
	return nil
}

func (p *player) take(g engine.Progress) (engine.Event, error) {
	p.now = p.next
	p.turns = g.Deliveries
	p.res.Events++
	p.times.last = p.now.Event.Time
	if err := p.ahead(); err != nil {
		return engine.Event{}, err
	}
	if p.o.Before != nil {
		if err := p.o.Before(p.now); err != nil {
			return engine.Event{}, err
		}
	}
	ev := p.now.Event
	if ev.Kind == engine.EventDeploy {
		p.deploys(ev.Body.Object())
	}
	if p.o.Changed && ev.Request != 0 {
		ev.Request = p.ids[ev.Request] // 0, which nobody waits for, if it is not asked any more
	}
	return ev, nil
}

// deploys takes the credentials of a deploy, which have names for what is secret.
func (p *player) deploys(body *value.Object) {
	if body == nil || body.Get("credentials").Object() == nil {
		return
	}
	all := map[string]*value.Object{}
	for o, i := body.Get("credentials").Object(), 0; i < o.Len(); i++ {
		all[o.At(i).Key] = o.At(i).Value.Object()
	}
	p.engine.SetAllCredentials(all)
}

// Put compares an effect with the one recorded.
func (p *player) Put(f engine.Effect) error {
	if p.o.Effect != nil {
		if err := p.o.Effect(f); err != nil {
			return err
		}
	}
	if p.ended {
		return nil
	}
	p.res.Effects++
	p.line = p.times.effect(p.line[:0], f)
	if p.o.Changed {
		p.changed(f)
		return nil
	}
	if len(p.want) > 0 && bytes.Equal(p.want[0].Text, p.line) {
		p.want = p.want[1:]
		return nil
	}
	if len(p.want) == 0 && p.next == nil && !p.res.Complete {
		p.res.Effects--
		return nil // the journal ends here
	}
	got := &Record{Kind: EffectRecord, Effect: f, Text: bytes.Clone(p.line)}
	got.Effect.Body = value.Clone(f.Body)
	d := Difference{Event: p.now, Got: got}
	if len(p.want) > 0 {
		d.Want = p.want[0]
	}
	return p.differs(d)
}

func (p *player) differs(d Difference) error {
	if d.Want != nil {
		if err := d.Want.Read(); err != nil {
			return err
		}
	}
	p.res.Count++
	if len(p.res.Differences) < p.o.Limit {
		p.res.Differences = append(p.res.Differences, d)
	}
	if p.o.Changed {
		return nil
	}
	return errDiffers
}

func (p *player) finish() {
	p.res.Torn = p.r.Torn
	if p.o.Changed {
		p.leftOver()
	} else if p.next == nil && len(p.want) > 0 && p.res.Count == 0 {
		_ = p.differs(Difference{Event: p.now, Want: p.want[0]})
	}
	if p.res.Count == 0 && !p.o.Changed && p.next == nil {
		p.res.Digest = p.r.Digest()
	}
}
