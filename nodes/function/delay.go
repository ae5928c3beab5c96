package function

import (
	"math"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Delay is the configuration of a delay node.
type Delay struct {
	// PauseType is what the node does: delay, delayv (time from msg.delay), random,
	// rate, queue, timed or burst.
	PauseType string `json:"pauseType"`
	// Timeout is the delay in TimeoutUnits (milliseconds, seconds, minutes, hours, days).
	Timeout      value.Value `json:"timeout"`
	TimeoutUnits string      `json:"timeoutUnits"`
	// Rate messages are let through in NbRateUnits RateUnits (second, minute, hour, day).
	Rate        value.Value `json:"rate"`
	NbRateUnits value.Value `json:"nbRateUnits"`
	RateUnits   string      `json:"rateUnits"`
	// RandomFirst and RandomLast bound a random delay, in RandomUnits.
	RandomFirst value.Value `json:"randomFirst"`
	RandomLast  value.Value `json:"randomLast"`
	RandomUnits string      `json:"randomUnits"`
	// Drop drops messages over the rate instead of queueing them.
	Drop bool `json:"drop"`
	// AllowRate lets msg.rate change the rate, in milliseconds between messages.
	AllowRate bool `json:"allowrate"`
	// Outputs is 2 to send what is dropped to a second output.
	Outputs value.Value `json:"outputs"`
}

var delayType = engine.Define("delay", "Delays messages, limits their rate, or queues them by topic.", newDelay).With(map[string]string{
	"delay.errors.too-many": "Too many messages are queued",
}).Named()

const (
	reportPause  = 500   // ms until a changed queue length is shown
	dropReport   = 15000 // ms between reports of dropped messages
	statusFrom   = 1000  // ms of delay from which waiting messages are counted
	msPerSecond  = 1000
	msPerMinute  = 60 * msPerSecond
	msPerHour    = 60 * msPerMinute
	msPerDay     = 24 * msPerHour
	nothingTopic = "_none_"
)

// delay is what all modes share.
type delay struct {
	Delay
	timeout, rate, fixedRate, timer float64
	first, span                     float64
	twoOutputs                      bool
	list                            []*held
	buffer                          []queued
	interval, busy                  engine.Timer
	sent                            bool
	lastSent                        float64
}

// held is a message that waits for its own timer.
type held struct {
	timer engine.Timer
	run   func()
	done  func()
}

// queued is a message in the rate limit's queue.
type queued struct {
	m    *engine.Message // what is sent
	done func()
}

func unit(name, singular string) float64 {
	switch name {
	case "milliseconds":
		return 1
	case "minutes", singular + "minute":
		return msPerMinute
	case "hours", singular + "hour":
		return msPerHour
	case "days", singular + "day":
		return msPerDay
	}
	return msPerSecond
}

func newDelay(c *engine.Call, cfg Delay) (engine.Node, error) {
	n := delay{Delay: cfg}
	num := value.ToNumber
	n.timeout = num(cfg.Timeout) * unit(cfg.TimeoutUnits, "?")
	perRate := unit(cfg.RateUnits, "")
	if cfg.RateUnits == "milliseconds" || cfg.RateUnits == "minutes" || cfg.RateUnits == "hours" || cfg.RateUnits == "days" {
		perRate = msPerSecond
	}
	n.rate, n.timer = perRate/num(cfg.Rate), num(cfg.NbRateUnits)*perRate
	if nb := num(cfg.NbRateUnits); nb > 0 {
		n.rate *= nb
	}
	u := unit(cfg.RandomUnits, "?")
	n.first = num(cfg.RandomFirst) * u
	n.span = float64(num(cfg.RandomLast)*u) - n.first
	n.fixedRate = n.rate
	n.twoOutputs = cfg.Outputs.IsNumber() && cfg.Outputs.Num() == 2
	switch cfg.PauseType {
	case "delay", "delayv", "random":
		return &delayEach{n}, nil
	case "rate":
		return &rateLimit{n}, nil
	case "burst":
		b := &burst{delay: n, limit: num(cfg.Rate)}
		b.ready(c)
		return b, nil
	case "queue", "timed":
		q := &topicQueue{n}
		q.interval = c.Every(q.rate, func() { q.tick(c) })
		return q, nil
	}
	return engine.Mute{}, nil
}

func blue(c *engine.Call, shape string, n int) {
	c.StatusValue(value.Obj("fill", "blue", "shape", shape, "text", n))
}

func noStatus(c *engine.Call) { c.StatusValue(value.Of(value.NewObject())) }

func (n *delay) reportDepth(c *engine.Call) {
	if n.busy != 0 {
		return
	}
	n.busy = c.After(reportPause, func() {
		blue(c, "dot", len(n.buffer))
		n.busy = 0
	})
}

// rateOf gives msg.rate if it may set the rate.
func (n *delay) rateOf(m *engine.Message) (float64, bool) {
	v, ok := m.Lookup("rate")
	if !n.AllowRate || !ok || math.IsNaN(value.ParseFloat(value.ToString(v))) {
		return 0, false
	}
	return value.ToNumber(v), true
}

// flushCount is how many of n waiting messages msg.flush asks for.
func flushCount(flush value.Value, n int) int {
	if flush.IsNumber() {
		return max(0, int(math.Min(math.Floor(flush.Num()), float64(n))))
	}
	return n
}

// delayEach delays each message by itself.
type delayEach struct{ delay }

func (n *delayEach) Receive(c *engine.Call, m *engine.Message) error {
	wait := n.wait(c, m)
	h := &held{done: func() { c.Done(m) }}
	h.run = func() {
		n.drop(h)
		n.leave(c, m, wait)
	}
	h.timer = c.After(wait, h.run)
	flush, flushing := m.Lookup("flush")
	if m.Len() == 2 && flushing {
		n.clear(c, h)
	} else {
		n.list = append(n.list, h)
	}
	reset := m.Has("reset")
	if reset {
		n.clearAll(c, true)
	}
	if flushing && !(reset && n.PauseType == "delay") {
		n.flush(c, flush)
		c.Done(m)
		if n.PauseType == "delay" {
			return engine.Pending
		}
	} else if reset && n.PauseType == "delay" {
		return engine.Pending
	}
	if n.shows(wait) {
		blue(c, "dot", len(n.list))
	}
	return engine.Pending
}

// wait is the delay of a message in milliseconds.
func (n *delayEach) wait(c *engine.Call, m *engine.Message) float64 {
	switch n.PauseType {
	case "random":
		return n.first + float64(n.span*c.Random())
	case "delayv":
		wait := n.timeout
		if v, ok := m.Lookup("delay"); ok {
			if d := value.ParseFloat(value.ToString(v)); !math.IsNaN(d) {
				wait = d
			}
		}
		return math.Max(wait, 0)
	}
	return n.timeout
}

// shows reports whether the number of waiting messages is shown.
func (n *delayEach) shows(wait float64) bool {
	switch n.PauseType {
	case "random":
		return n.timeout >= statusFrom
	case "delayv":
		return wait >= 0
	}
	return n.timeout > statusFrom
}

// leave sends a message whose time has come.
func (n *delayEach) leave(c *engine.Call, m *engine.Message, wait float64) {
	count := func() { blue(c, "dot", len(n.list)) }
	switch n.PauseType {
	case "delay":
		if n.timeout > statusFrom {
			count()
		}
		c.Send(m)
	case "delayv":
		if len(n.list) == 0 {
			noStatus(c)
		}
		c.Send(m)
		if wait >= 0 {
			count()
		}
	default:
		c.Send(m)
		if n.timeout >= statusFrom {
			count()
		}
	}
	c.Done(m)
}

func (n *delayEach) drop(h *held) {
	for i, o := range n.list {
		if o == h {
			n.list = append(n.list[:i], n.list[i+1:]...)
			return
		}
	}
}

func (n *delayEach) clear(c *engine.Call, h *held) {
	c.Cancel(h.timer)
	h.done()
}

func (n *delayEach) clearAll(c *engine.Call, show bool) {
	for _, h := range n.list {
		n.clear(c, h)
	}
	n.list = nil
	if show {
		blue(c, "ring", 0)
	} else {
		noStatus(c)
	}
}

func (n *delayEach) flush(c *engine.Call, flush value.Value) {
	for i := flushCount(flush, len(n.list)); i > 0; i-- {
		h := n.list[0]
		c.Cancel(h.timer)
		h.run()
	}
	blue(c, "dot", len(n.list))
}

func (n *delayEach) Close(c *engine.Call, _ bool) error {
	n.clearAll(c, false)
	return nil
}
