package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// drainLimit is how many deliveries are made between two timers that are both
// due: enough for any flow that settles, few enough that one that never does
// stays responsive.
const drainLimit = 100_000

// Run runs an engine: it takes events from src until io.EOF or an error, and
// gives effects to sink. Cancelling ctx ends it with ctx's error; to close the nodes,
// let the source yield EventStop first.
func Run(ctx context.Context, e *Engine, src Source, sink Sink) error {
	e.sink = sink
	for {
		ev, err := src.Next(ctx, e.Progress())
		if err != nil {
			if errors.Is(err, io.EOF) {
				return e.sinkErr
			}
			return err
		}
		switch {
		case ev.Kind != EventNone:
			e.Handle(ev)
		case e.queue.len() > 0:
			e.step()
		default:
			return errors.New("the source gave no event although nothing was waiting")
		}
		if e.sinkErr != nil {
			return fmt.Errorf("the sink refused an effect: %w", e.sinkErr)
		}
	}
}

// Handle takes one event: time passes to ev.Time, timers that are due fire, and
// the event is acted on. Deliveries it causes wait for Run (or for Step).
func (e *Engine) Handle(ev Event) {
	if ev.Kind != EventStart {
		e.advance(ev.Time)
	} else {
		e.now = math.Max(e.now, ev.Time)
	}
	switch ev.Kind {
	case EventStart:
		if !e.started {
			e.start()
		}
	case EventMessage:
		e.message(ev)
	case EventReply:
		e.reply(ev)
	case EventStop:
		e.stop()
	case EventDeploy:
		e.deployEvent(ev.Body.Object())
	case EventCommand:
		e.command(ev.Target, ev.Body.Object())
	}
}

// Step makes the delivery that is next; false if none waits. Only a host that
// drives the engine without Run needs it.
func (e *Engine) Step() bool {
	if e.queue.len() == 0 {
		return false
	}
	e.step()
	return true
}

func (e *Engine) message(ev Event) {
	n := e.byID[ev.Target]
	if n == nil || n.impl == nil {
		e.log(levelWarn, "", ev.Target, value.Str(fmt.Sprintf("a message for node %q was dropped: it does not run", ev.Target)))
		return
	}
	m := ev.Body.Object()
	if m == nil {
		m = value.NewObject()
		if !ev.Body.IsNullish() {
			m.Set("payload", ev.Body)
		}
	}
	e.receive(n, m)
}

// advance lets time pass up to t.
func (e *Engine) advance(t float64) {
	for e.timers.next() <= t && !e.stopped {
		busy := e.queue.len() > 0
		e.fire()
		for i := 0; !busy && i < drainLimit && e.queue.len() > 0; i++ {
			e.step()
		}
	}
	if t > e.now {
		e.now = t
	}
}

// Script is a Source in virtual time: it yields its events in order of their
// time, and between them leaps from timer to timer. It ends when there is nothing
// left to do, or at Until.
type Script struct {
	// Events to come, ordered by time.
	Events []Event
	// Until ends the script at that time; 0 is never.
	Until float64
}

// NewScript gives a script of a start at the given time and these events.
func NewScript(start float64, events ...Event) *Script {
	return &Script{Events: append([]Event{{Kind: EventStart, Time: start}}, events...)}
}

// Next yields the next event of the script or the next timer's time.
func (s *Script) Next(ctx context.Context, p Progress) (Event, error) {
	if err := ctx.Err(); err != nil {
		return Event{}, err
	}
	if p.Pending {
		return Event{}, nil
	}
	if len(s.Events) > 0 && s.Events[0].Time <= p.NextTimer {
		ev := s.Events[0]
		s.Events = s.Events[1:]
		return ev, nil
	}
	if math.IsInf(p.NextTimer, 1) || s.Until > 0 && p.NextTimer > s.Until {
		return Event{}, io.EOF
	}
	return Event{Kind: EventTick, Time: p.NextTimer}, nil
}
