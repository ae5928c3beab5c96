package function

import (
	"math"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// rateLimit lets messages through at a steady rate: the others wait or are dropped.
type rateLimit struct{ delay }

func (n *rateLimit) Receive(c *engine.Call, m *engine.Message) error {
	if !n.Drop {
		n.enqueue(c, m)
	} else if !m.Has("reset") {
		n.pass(c, m)
	}
	if m.Has("reset") {
		if m.Get("flush").IsUndefined() {
			c.Cancel(n.interval)
			n.interval = 0
			n.sent = false
		}
		n.buffer = nil
		n.rate = n.fixedRate
		blue(c, "ring", 0)
		c.Done(m)
	}
	return engine.Pending
}

func (n *rateLimit) start(c *engine.Call) {
	c.Cancel(n.interval)
	n.interval = c.Every(n.rate, func() { n.tick(c) })
}

// tick sends the next message of the queue.
func (n *rateLimit) tick(c *engine.Call) {
	if len(n.buffer) == 0 {
		c.Cancel(n.interval)
		n.interval = 0
	} else {
		q := n.shift()
		if q.m.Len() > 1 {
			c.Send(q.m)
			q.done()
		}
	}
	n.reportDepth(c)
}

func (n *delay) shift() queued {
	q := n.buffer[0]
	n.buffer = n.buffer[1:]
	return q
}

// release sends the first count messages that wait, without the properties that
// steer the node; one that has no more than bare properties then is dropped.
func (n *delay) release(c *engine.Call, count, bare int) {
	for ; count > 0; count-- {
		q := n.shift()
		q.m.Delete("flush")
		q.m.Delete("reset")
		if q.m.Len() > bare {
			c.Send(q.m)
			q.done()
		}
	}
}

func (n *rateLimit) enqueue(c *engine.Call, m *engine.Message) {
	flush, flushing := m.Lookup("flush")
	out := value.CloneMessage(m)
	out.Delete("flush")
	if out.Len() > 1 {
		if n.interval != 0 {
			n.queue(c, m, out)
		} else {
			n.sendFirst(c, m, out)
		}
	}
	if flushing {
		n.flush(c, flush)
		c.Done(m)
	}
}

// queue keeps a message while others are being let through.
func (n *rateLimit) queue(c *engine.Call, m, out *engine.Message) {
	if r, ok := n.rateOf(out); ok && r != n.rate {
		n.rate = r
		n.start(c)
	}
	limit := value.ToNumber(c.Setting("nodeMessageBufferMaxLength"))
	q := queued{out, func() { c.Done(m) }}
	switch {
	case limit > 0 && float64(len(n.buffer)) >= limit:
		n.buffer = nil
		c.Error(c.TextError("delay.errors.too-many"), out)
		return
	case value.StrictEqual(m.Get("toFront"), value.True):
		n.buffer = append([]queued{q}, n.buffer...)
	default:
		n.buffer = append(n.buffer, q)
	}
	n.reportDepth(c)
}

// sendFirst sends a message at once and starts the clock for those that follow.
func (n *rateLimit) sendFirst(c *engine.Call, m, out *engine.Message) {
	if r, ok := n.rateOf(out); ok {
		n.rate = r
	}
	switch {
	case !m.Has("reset"):
		c.Send(out)
	case m.Has("flush"):
		n.buffer = append(n.buffer, queued{out, func() { c.Done(m) }})
	}
	n.reportDepth(c)
	n.start(c)
	c.Done(m)
}

func (n *rateLimit) flush(c *engine.Call, flush value.Value) {
	count := flushCount(flush, len(n.buffer))
	if count == 0 {
		c.Cancel(n.interval)
		n.interval = 0
	} else {
		n.release(c, count, 1)
		n.start(c)
	}
	blue(c, "dot", len(n.buffer))
}

// pass sends a message if the last one was long enough ago.
func (n *rateLimit) pass(c *engine.Call, m *engine.Message) {
	if r, ok := n.rateOf(m); ok {
		n.rate = r
	}
	switch {
	case !n.sent || c.Now()-n.lastSent > n.rate:
		n.sent, n.lastSent = true, c.Now()
		c.Send(m)
	case n.twoOutputs:
		c.SendTo(1, m)
	}
	c.Done(m)
}

func (n *rateLimit) Close(c *engine.Call, _ bool) error {
	for _, q := range n.buffer {
		q.done()
	}
	n.buffer = nil
	noStatus(c)
	return nil
}

// burst lets a number of messages through in a period, and drops the rest.
type burst struct {
	delay
	limit    float64
	inflight int
	timers   []engine.Timer
}

func (n *burst) ready(c *engine.Call) {
	c.StatusValue(value.Obj("fill", "green", "shape", "ring", "text", ""))
}

func (n *burst) Receive(c *engine.Call, m *engine.Message) error {
	switch {
	case m.Has("reset"):
		for _, t := range n.timers {
			c.Cancel(t)
		}
		n.timers, n.inflight = nil, 0
		n.ready(c)
	case float64(n.inflight) < n.limit:
		n.inflight++
		c.Send(m)
		n.timers = append(n.timers, c.After(n.timer, func() {
			n.timers = n.timers[1:]
			if float64(n.inflight) == n.limit {
				n.ready(c)
			}
			n.inflight--
		}))
	default:
		if n.twoOutputs {
			c.SendTo(1, m)
		}
		c.StatusValue(value.Obj("fill", "red", "shape", "dot", "text", ""))
	}
	return nil
}

func (n *burst) Close(c *engine.Call, _ bool) error {
	noStatus(c)
	return nil
}

// topicQueue keeps the last message of each topic; at each tick the first, or
// all, are sent.
type topicQueue struct{ delay }

func (n *topicQueue) tick(c *engine.Call) {
	for len(n.buffer) > 0 {
		q := n.shift()
		c.Send(q.m)
		q.done()
		if n.PauseType == "queue" {
			break
		}
	}
	n.reportDepth(c)
}

// limited is the tick after msg.rate changed the rate: one message at a time, and
// an end when there is none.
func (n *topicQueue) limited(c *engine.Call) {
	if len(n.buffer) == 0 {
		c.Cancel(n.interval)
		n.interval = 0
	} else if q := n.shift(); q.m.Len() > 1 {
		c.Send(q.m)
		q.done()
	}
	n.reportDepth(c)
}

func (n *topicQueue) Receive(c *engine.Call, m *engine.Message) error {
	if r, ok := n.rateOf(m); ok && r != n.rate {
		n.rate = r
		c.Cancel(n.interval)
		n.interval = c.Every(n.rate, func() { n.limited(c) })
	}
	if !m.Has("topic") {
		m.Set("topic", value.Str(nothingTopic))
	}
	n.put(c, m)
	if flush, ok := m.Lookup("flush"); ok {
		n.flush(c, flush)
		noStatus(c)
		c.Done(m)
	}
	if m.Has("reset") {
		for len(n.buffer) > 0 {
			n.shift().done()
		}
		n.rate = n.fixedRate
		c.StatusValue(value.Obj("text", "reset"))
		c.Done(m)
	}
	return engine.Pending
}

func (n *topicQueue) put(c *engine.Call, m *engine.Message) {
	q := queued{m, func() { c.Done(m) }}
	for i, b := range n.buffer {
		if value.StrictEqual(m.Get("topic"), b.m.Get("topic")) {
			if n.twoOutputs {
				c.SendTo(1, b.m)
			}
			b.done()
			n.buffer[i] = q
			return
		}
	}
	n.buffer = append(n.buffer, q)
	n.reportDepth(c)
}

func (n *topicQueue) flush(c *engine.Call, flush value.Value) {
	count := len(n.buffer)
	if flush.IsNumber() {
		// Node-RED's own count has no upper bound; an empty queue ends it.
		count = int(math.Min(math.Floor(flush.Num()), float64(count)))
	}
	n.release(c, count, 2)
}

func (n *topicQueue) Close(c *engine.Call, _ bool) error {
	for len(n.buffer) > 0 {
		n.shift().done()
	}
	noStatus(c)
	return nil
}
