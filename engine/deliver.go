package engine

import (
	"fmt"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// delivery is one turn of the loop: a message for a node, or a deferred call.
type delivery struct {
	to *node
	m  *Message
	fn func()
}

// queue is a ring of deliveries, first in first out.
type queue struct {
	ring       []delivery
	head, size int
}

func (q *queue) len() int { return q.size }

func (q *queue) push(d delivery) {
	if q.size == len(q.ring) {
		grown := make([]delivery, max(64, 2*len(q.ring)))
		n := copy(grown, q.ring[q.head:])
		copy(grown[n:], q.ring[:q.head])
		q.ring, q.head = grown, 0
	}
	q.ring[(q.head+q.size)&(len(q.ring)-1)] = d
	q.size++
}

func (q *queue) pop() delivery {
	d := q.ring[q.head]
	q.ring[q.head] = delivery{}
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.size--
	return d
}

// step makes one delivery.
func (e *Engine) step() {
	d := e.queue.pop()
	if e.dropped > 0 {
		e.relieved()
	}
	e.deliveries++
	if d.fn != nil {
		if d.to.impl != nil {
			e.guard(d.to, d.fn)
		}
		return
	}
	e.receive(d.to, d.m)
}

// receive hands a message to a node, at once.
func (e *Engine) receive(n *node, m *Message) {
	if n.impl == nil {
		return
	}
	if !value.Truthy(m.Get("_msgid")) {
		m.Set("_msgid", value.Str(e.newID()))
	}
	e.input(n, m)
}

// input is receive without the id: the node's input handler.
func (e *Engine) input(n *node, m *Message) {
	defer e.caught(n, m)
	if e.opt.Observer != nil {
		e.opt.Observer.Input(&n.call, value.Of(m))
	}
	switch err := n.impl.Receive(&n.call, m); err {
	case nil:
		if n.complete != nil {
			e.completed(n, m)
		}
	case Pending:
	default:
		n.call.Error(err, m)
	}
}

// caught turns a node's panic into that node's error.
func (e *Engine) caught(n *node, m *Message) {
	if r := recover(); r != nil {
		n.call.Error(fmt.Errorf("internal error in node type %s: %v", n.def.Type, r), m)
	}
}

// guard runs fn on behalf of a node.
func (e *Engine) guard(n *node, fn func()) {
	defer e.caught(n, nil)
	fn()
}

func (e *Engine) push(from, to *node, m *Message) {
	if to == nil || to.impl == nil {
		return
	}
	if e.queue.size >= e.opt.MaxPending {
		if e.dropped++; e.dropped == 1 {
			e.log(levelError, from.def.Type, from.def.ID, value.Str(fmt.Sprintf("messages are dropped: %d deliveries are waiting already; look for wires that form a loop", e.queue.size)))
		}
		return
	}
	e.queue.push(delivery{to: to, m: m})
}

// relieved says how many messages were dropped, once half of the queue is gone.
func (e *Engine) relieved() {
	if e.queue.size > e.opt.MaxPending/2 {
		return
	}
	e.log(levelError, "", "", value.Str(fmt.Sprintf("%d messages were dropped", e.dropped)))
	e.dropped = 0
}

// Send sends a message on the first output, by Node-RED's clone rule: the first
// wire gets the message itself, the others clones. A nil message sends nothing.
func (c *Call) Send(m *Message) {
	if m == nil {
		return
	}
	n, e := c.n, c.e
	if e.opt.Observer != nil && n.wires > 0 {
		e.opt.Observer.Called(c, "send", value.Of(m))
	}
	if n.single != nil {
		if !value.Truthy(m.Get("_msgid")) {
			m.Set("_msgid", value.Str(e.newID()))
		}
		e.push(n, n.single, m)
		return
	}
	if len(n.outputs) > 0 && len(n.outputs[0]) > 0 {
		var s sending
		s.add(n.outputs[0], m)
		s.flush(e, n)
	}
}

// SendTo sends a message on one output, counted from 0.
func (c *Call) SendTo(port int, m *Message) {
	if port == 0 {
		c.Send(m)
		return
	}
	outs := make([][]*Message, port+1)
	outs[port] = []*Message{m}
	c.SendAll(outs)
}

// SendOn sends one message on every output i for which on[i] holds, in one go: the
// first delivery gets the message itself, the others clones.
func (c *Call) SendOn(m *Message, on []bool) {
	n, e := c.n, c.e
	if n.wires == 0 {
		return
	}
	if e.opt.Observer != nil {
		outs := make([][]*Message, len(on))
		for i, hit := range on {
			if hit {
				outs[i] = []*Message{m}
			}
		}
		c.SendAll(outs)
		return
	}
	hasID, first := value.Truthy(m.Get("_msgid")), true
	for i, wires := range n.outputs {
		if i >= len(on) || !on[i] {
			continue
		}
		for _, to := range wires {
			if !hasID {
				hasID = true
				m.Set("_msgid", value.Str(e.newID()))
			}
			mine := first
			first = false
			if to == nil || to.impl == nil {
				continue
			}
			if mine {
				e.push(n, to, m)
			} else {
				e.push(n, to, value.CloneMessage(m))
			}
		}
	}
}

// SendAll sends messages on several outputs in one go, as node.send with an
// array does: outs[i] are the messages of output i. Only the first delivery gets
// its message itself, all others clones.
func (c *Call) SendAll(outs [][]*Message) {
	n, e := c.n, c.e
	if n.wires == 0 {
		return
	}
	if e.opt.Observer != nil {
		e.opt.Observer.Called(c, "send", sendArgs(outs))
	} else if len(outs) == 1 && len(outs[0]) == 1 {
		c.Send(outs[0][0])
		return
	}
	var s sending
	for i, wires := range n.outputs {
		if i >= len(outs) {
			break
		}
		for _, to := range wires {
			for _, m := range outs[i] {
				if m != nil {
					s.add([]*node{to}, m)
				}
			}
		}
	}
	s.flush(e, n)
}

// SendValue is node.send with any argument: a message, or an array with a message,
// an array of messages or null for each output. What is no object is an error of
// the node.
func (c *Call) SendValue(v value.Value) {
	if v.IsNullish() || c.n.wires == 0 {
		return
	}
	if o := v.Object(); o != nil {
		c.Send(o)
		return
	}
	list := v.Array()
	if list == nil {
		if !v.IsObject() {
			c.noMessage(v)
		}
		return
	}
	if o := c.e.opt.Observer; o != nil {
		o.Called(c, "send", v)
	}
	var s sending
	for i, wires := range c.n.outputs {
		msgs := []value.Value{list.At(i)}
		if a := list.At(i).Array(); a != nil {
			msgs = a.Elems
		}
		for _, to := range wires {
			for _, m := range msgs {
				if o := m.Object(); o != nil {
					s.add([]*node{to}, o)
				} else if !m.IsNullish() && !m.IsObject() {
					c.noMessage(m)
				}
			}
		}
	}
	s.flush(c.e, c.n)
}

func (c *Call) noMessage(v value.Value) {
	c.Error(c.TextError("nodes.flow.non-message-returned", "type", v.TypeOf()), nil)
}

func sendArgs(outs [][]*Message) value.Value {
	args := value.NewArray()
	for _, list := range outs {
		switch len(list) {
		case 0:
			args.Append(value.Null)
		case 1:
			args.Append(value.Of(list[0]))
		default:
			inner := value.NewArray()
			for _, m := range list {
				inner.Append(value.Of(m))
			}
			args.Append(value.Of(inner))
		}
	}
	return value.Of(args)
}

// sending collects the deliveries of one send, so that ids are given before any
// clone is made.
type sending struct {
	list []delivery
}

func (s *sending) add(wires []*node, m *Message) {
	for _, to := range wires {
		s.list = append(s.list, delivery{to: to, m: m})
	}
}

func (s *sending) flush(e *Engine, from *node) {
	id, missing := value.Undefined, false
	for _, d := range s.list {
		v := d.m.Get("_msgid")
		if !value.Truthy(v) {
			missing = true
		} else if id.IsUndefined() {
			id = v
		}
	}
	if missing {
		if id.IsUndefined() {
			id = value.Str(e.newID())
		}
		for _, d := range s.list {
			if !value.Truthy(d.m.Get("_msgid")) {
				d.m.Set("_msgid", id)
			}
		}
	}
	for i, d := range s.list {
		if d.to == nil || d.to.impl == nil {
			continue
		}
		m := d.m
		if i > 0 {
			m = value.CloneMessage(m)
		}
		e.push(from, d.to, m)
	}
}

// Defer calls fn in a later turn of the loop, after the deliveries already waiting.
func (c *Call) Defer(fn func()) { c.e.queue.push(delivery{to: c.n, fn: fn}) }

const hexDigits = "0123456789abcdef"

// newID makes an id as Node-RED's generateId: 16 hex digits.
func (e *Engine) newID() string {
	var b [16]byte
	r := e.rng.Uint64()
	for i := range b {
		b[i] = hexDigits[r&15]
		r >>= 4
	}
	return string(b[:])
}

// Press hands the node itself a message as it is, as node.emit("input", m) does:
// without giving it an id.
func (c *Call) Press(m *Message) { c.e.input(c.n, m) }
