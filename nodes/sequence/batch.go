package sequence

import (
	"slices"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Batch is the configuration of a batch node.
type Batch struct {
	// Mode is count, interval or concat.
	Mode string `json:"mode"`
	// Count messages make a sequence, the last Overlap of which begin the next.
	Count   value.Value `json:"count"`
	Overlap value.Value `json:"overlap"`
	// HonourParts ends a sequence early at the end of the one that comes in.
	HonourParts bool `json:"honourParts"`
	// Interval in seconds after which what has come is sent.
	Interval value.Value `json:"interval"`
	// AllowEmptySequence sends a message with payload null if nothing came.
	AllowEmptySequence bool `json:"allowEmptySequence"`
	// Topics are concatenated in this order.
	Topics []BatchTopic `json:"topics"`
}

// BatchTopic is one topic of a concatenation.
type BatchTopic struct {
	// Topic is compared with msg.topic.
	Topic value.Value `json:"topic"`
}

var batchType = engine.Define("batch", "Makes sequences of messages: by number, by time, or by joining sequences.", newBatch).With(map[string]string{
	"batch.too-many":      "Too many messages are waiting",
	"batch.no-parts":      "The message has no msg.parts that name its sequence",
	"batch.unexpected":    "The mode is not known",
	"batch.count.invalid": "The overlap must be smaller than the number of messages",
})

func newBatch(c *engine.Call, cfg Batch) (engine.Node, error) {
	number := func(v value.Value, d float64) float64 {
		if value.Truthy(v) {
			return value.ToNumber(v)
		}
		return d
	}
	switch cfg.Mode {
	case "", "count":
		n := &batchCount{honour: cfg.HonourParts, count: number(cfg.Count, 1), overlap: number(cfg.Overlap, 0)}
		if n.count <= n.overlap {
			c.Error(c.TextError("batch.count.invalid"), nil)
			return engine.Mute{}, nil
		}
		return n, nil
	case "interval":
		n := &batchInterval{interval: number(cfg.Interval, 0) * 1000, empty: cfg.AllowEmptySequence}
		n.start(c)
		return n, nil
	case "concat":
		n := &batchConcat{}
		for _, t := range cfg.Topics {
			n.topics = append(n.topics, t.Topic)
		}
		n.reset()
		return n, nil
	}
	c.Error(c.TextError("batch.unexpected"), nil)
	return engine.Mute{}, nil
}

// sendBatch sends messages as one sequence.
func sendBatch(c *engine.Call, list []kept, clone bool) {
	id := list[0].m.Get("_msgid")
	for i, k := range list {
		m := k.m
		if clone {
			m = value.CloneMessage(m)
		}
		parts := m.Get("parts").Object()
		if !m.Has("parts") {
			parts = value.NewObject(3)
			m.Set("parts", value.Of(parts))
		}
		if parts != nil {
			parts.Set("id", id)
			parts.Set("index", value.Int(i))
			parts.Set("count", value.Int(len(list)))
		}
		c.Send(m)
	}
}

func finish(list []kept) {
	for _, k := range list {
		k.done()
	}
}

// overflow drops what is kept if it is too much: the last message is in error.
func overflow(c *engine.Call, list []kept, count int) ([]kept, int) {
	limit := keptLimit(c)
	if limit <= 0 || count <= limit || len(list) == 0 {
		return list, count
	}
	last := len(list) - 1
	c.Fail(list[last].m, c.TextError("batch.too-many"))
	finish(list[:last])
	return nil, 0
}

type batchCount struct {
	honour         bool
	count, overlap float64
	pending        []kept
	kept           int
}

func (n *batchCount) Receive(c *engine.Call, m *engine.Message) error {
	if m.Has("reset") {
		finish(n.pending)
		n.pending, n.kept = nil, 0
		return nil
	}
	end := false
	if parts, ok := m.Lookup("parts"); ok && n.honour {
		index, err := value.GetKey(parts, "index")
		if err != nil {
			return err
		}
		count, _ := value.GetKey(parts, "count")
		end = value.StrictEqual(value.Num(value.ToNumber(index)+1), count)
	}
	n.pending = append(n.pending, keep(c, m))
	n.kept++
	if float64(len(n.pending)) == n.count || end {
		queue, overlap := n.pending, int(n.overlap)
		sendBatch(c, queue, overlap > 0)
		finish(queue[:max(0, len(queue)-overlap)])
		n.pending, n.kept = nil, 0
		if overlap > 0 {
			n.pending = slices.Clone(queue[max(0, len(queue)-overlap):])
		}
	}
	n.pending, n.kept = overflow(c, n.pending, n.kept)
	return engine.Pending
}

func (n *batchCount) Close(*engine.Call, bool) error {
	finish(n.pending)
	n.pending = nil
	return nil
}

type batchInterval struct {
	interval float64
	empty    bool
	timer    engine.Timer
	pending  []kept
	kept     int
}

func (n *batchInterval) start(c *engine.Call) {
	if n.interval > 0 {
		n.timer = c.Every(n.interval, func() { n.tick(c) })
	}
}

func (n *batchInterval) tick(c *engine.Call) {
	switch {
	case len(n.pending) > 0:
		list := n.pending
		sendBatch(c, list, false)
		finish(list)
		n.pending = nil
	case n.empty:
		c.Send(value.Obj("payload", nil, "parts", value.Obj("id", c.NewID(), "index", 0, "count", 1)).Object())
	}
	n.kept = 0
}

func (n *batchInterval) Receive(c *engine.Call, m *engine.Message) error {
	if m.Has("reset") {
		c.Cancel(n.timer)
		finish(n.pending)
		n.pending, n.kept = nil, 0
		c.Done(m)
		n.start(c)
		return engine.Pending
	}
	n.pending = append(n.pending, keep(c, m))
	n.kept++
	n.pending, n.kept = overflow(c, n.pending, n.kept)
	return engine.Pending
}

func (n *batchInterval) Close(*engine.Call, bool) error {
	finish(n.pending)
	n.pending = nil
	return nil
}

// batchConcat joins one sequence of each topic.
type batchConcat struct {
	topics  []value.Value
	pending *concatPending
	count   int
}

// concatPending are sequences by topic, in the order they began.
type concatPending struct {
	topics []string
	groups map[string][]*concatGroup
}

type concatGroup struct {
	id    string
	count value.Value
	msgs  []kept
}

func (n *batchConcat) reset() {
	n.pending, n.count = &concatPending{groups: map[string][]*concatGroup{}}, 0
}

func (p *concatPending) each(fn func(k kept)) {
	for _, t := range p.topics {
		for _, g := range p.groups[t] {
			for _, k := range g.msgs {
				fn(k)
			}
		}
	}
}

func (n *batchConcat) Receive(c *engine.Call, m *engine.Message) error {
	if m.Has("reset") {
		n.pending.each(func(k kept) { k.done() })
		n.reset()
		return nil
	}
	topic := m.Get("topic")
	if !slices.ContainsFunc(n.topics, func(t value.Value) bool { return value.StrictEqual(t, topic) }) {
		return engine.Pending
	}
	parts := m.Get("parts").Object()
	if parts == nil || !parts.Has("id") || !parts.Has("index") || !parts.Has("count") {
		return c.TextError("batch.no-parts")
	}
	pending := n.pending
	pending.add(value.ToString(topic), value.ToString(parts.Get("id")), parts, keep(c, m))
	n.count++
	if limit := keptLimit(c); limit > 0 && n.count > limit {
		pending.each(func(k kept) {
			if value.StrictEqual(k.m.Get("id"), m.Get("id")) {
				c.Fail(k.m, c.TextError("batch.too-many"))
			} else {
				k.done()
			}
		})
		n.reset()
	}
	n.concat(c, pending)
	return engine.Pending
}

func (p *concatPending) add(topic, id string, parts *value.Object, k kept) {
	if _, ok := p.groups[topic]; !ok {
		p.topics = append(p.topics, topic)
	}
	var g *concatGroup
	for _, o := range p.groups[topic] {
		if o.id == id {
			g = o
		}
	}
	if g == nil {
		g = &concatGroup{id: id}
		p.groups[topic] = append(p.groups[topic], g)
	}
	g.msgs = append(g.msgs, k)
	if g.count.IsUndefined() {
		g.count = parts.Get("count")
	}
}

// concat sends the first sequences of all topics if all are complete.
func (n *batchConcat) concat(c *engine.Call, p *concatPending) {
	var all []kept
	for _, t := range n.topics {
		groups := p.groups[value.ToString(t)]
		if len(groups) == 0 || !value.StrictEqual(groups[0].count, value.Int(len(groups[0].msgs))) {
			return
		}
		all = append(all, groups[0].msgs...)
	}
	for _, t := range n.topics {
		key := value.ToString(t)
		if len(p.groups[key]) > 0 {
			p.groups[key] = p.groups[key][1:]
		}
	}
	if len(all) == 0 {
		return
	}
	sendBatch(c, all, true)
	finish(all)
	n.count -= len(all)
}

func (n *batchConcat) Close(*engine.Call, bool) error {
	n.pending.each(func(k kept) { k.done() })
	n.reset()
	return nil
}
