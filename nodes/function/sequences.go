package function

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// sequences are what a switch node keeps of message sequences: those being
// collected, and those being rebuilt.
type sequences struct {
	pending  int
	in       map[string]*collected
	out      map[string][]sorted
	received map[string]int
}

type collected struct {
	count value.Value
	msgs  []*engine.Message
}

// sorted is a message and the outputs it goes to.
type sorted struct {
	m      *engine.Message
	onward []bool
}

func (s *sequences) reset() {
	s.pending = 0
	s.in, s.out, s.received = map[string]*collected{}, map[string][]sorted{}, map[string]int{}
}

// sequenceParts gives msg.parts if it names a sequence and an index in it.
func sequenceParts(m *engine.Message) (*value.Object, bool) {
	parts := m.Get("parts").Object()
	return parts, parts != nil && parts.Has("id") && parts.Has("index")
}

// full reports whether more messages are kept than the setting allows; then all
// are dropped and the message is in error.
func (n *switchNode) full(c *engine.Call, m *engine.Message) {
	if limit := value.ToNumber(c.Setting("nodeMessageBufferMaxLength")); limit > 0 && float64(n.seq.pending) > limit {
		n.seq.reset()
		c.Error(c.TextError("switch.errors.too-many"), m)
	}
}

// collect keeps a message until its sequence is complete, then tests them all,
// one per turn.
func (n *switchNode) collect(c *engine.Call, m *engine.Message, parts *value.Object, done func()) {
	id := value.ToString(parts.Get("id"))
	g := n.seq.in[id]
	if g == nil {
		g = &collected{}
		n.seq.in[id] = g
	}
	g.msgs = append(g.msgs, m)
	n.seq.pending++
	n.full(c, m)
	if count, ok := parts.Lookup("count"); ok {
		g.count = count
	}
	if !value.StrictEqual(g.count, value.Int(len(g.msgs))) {
		done()
		return
	}
	size := len(g.msgs)
	n.drain(c, g.msgs, g.count, func() {
		n.seq.pending -= size
		delete(n.seq.in, id)
		done()
	})
}

func (n *switchNode) drain(c *engine.Call, msgs []*engine.Message, count value.Value, done func()) {
	m := msgs[0]
	m.Get("parts").Object().Set("count", count)
	n.process(c, m, false, func() {
		if len(msgs) == 1 {
			done()
			return
		}
		c.Defer(func() { n.drain(c, msgs[1:], count, done) })
	})
}

// repairParts keeps a tested message until its whole sequence is, then sends the
// sequences of all outputs with new ids, indexes and counts.
func (n *switchNode) repairParts(c *engine.Call, m *engine.Message, onward []bool) {
	parts := m.Get("parts").Object()
	id := value.ToString(parts.Get("id"))
	n.seq.received[id]++
	n.seq.out[id] = append(n.seq.out[id], sorted{m, onward})
	n.seq.pending++
	if value.StrictEqual(parts.Get("count"), value.Int(n.seq.received[id])) {
		n.sendSequences(c, n.seq.out[id], len(onward))
		n.seq.pending -= len(onward)
		delete(n.seq.out, id)
		delete(n.seq.received, id)
	}
	n.full(c, m)
}

func (n *switchNode) sendSequences(c *engine.Call, list []sorted, ports int) {
	counts, indexes, ids := make([]int, ports), make([]int, ports), make([]string, ports)
	at := func(s sorted, port int) bool { return port < len(s.onward) && s.onward[port] }
	for _, s := range list {
		for p := range ports {
			if at(s, p) || p >= len(s.onward) {
				counts[p]++
			}
		}
	}
	for p := range ids {
		ids[p] = c.NewID()
	}
	for _, s := range list {
		outs := make([][]*engine.Message, ports)
		for p := range ports {
			if !at(s, p) {
				continue
			}
			m := value.CloneMessage(s.m)
			parts := m.Get("parts").Object()
			parts.Set("id", value.Str(ids[p]))
			parts.Set("index", value.Int(indexes[p]))
			parts.Set("count", value.Int(counts[p]))
			outs[p] = []*engine.Message{m}
			indexes[p]++
		}
		c.SendAll(outs)
	}
}
