package engine

import (
	"slices"
	"time"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/jsonata"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Call is a node's only door to anything: it is given to the constructor and to
// every handler, is the same for the node's whole life, and may be kept by the node.
type Call struct {
	e      *Engine
	n      *node
	config *value.Object
	texts  map[string]string
	// ownName says that the type sets its name itself: an empty one stays "".
	ownName bool
	host    *jsonata.Host
}

// ID is the node's id; in a subflow instance "instance-id".
func (c *Call) ID() string { return c.n.def.ID }

// Type is the node's type.
func (c *Call) Type() string { return c.n.def.Type }

// Name is the node's name, "" if it has none.
func (c *Call) Name() string { return c.n.def.Name }

// Def is the node's place in the graph.
func (c *Call) Def() *flow.Node { return c.n.def }

// Outputs is the number of outputs that have wires or may have.
func (c *Call) Outputs() int { return len(c.n.outputs) }

// Wired reports whether anything is wired to the node.
func (c *Call) Wired() bool { return c.n.wires > 0 }

// Config is the node's properties with ${ENV} replaced. It must not be changed.
func (c *Call) Config() *value.Object { return c.config }

// Credentials are the node's decrypted credentials, empty if it has none.
func (c *Call) Credentials() *value.Object {
	for _, id := range []string{c.n.def.ID, c.n.def.Alias} {
		if o := c.e.opt.Credentials[id]; o != nil && id != "" {
			if refersToEnv(value.Of(o)) {
				return replaceEnv(value.Clone(value.Of(o)), c).Object()
			}
			return o
		}
	}
	return value.NewObject()
}

// Now is the time: that of the event at work, in milliseconds since the Unix epoch.
func (c *Call) Now() float64 { return c.e.now }

// Zone is local time.
func (c *Call) Zone() *time.Location { return c.e.opt.Zone }

// Random is the next random number, 0 ≤ r < 1.
func (c *Call) Random() float64 { return c.e.rng.Float64() }

// NewID makes an id as Node-RED does: 16 hex digits.
func (c *Call) NewID() string { return c.e.newID() }

// Setting is a value of Node-RED's settings.js, undefined if it is not set.
func (c *Call) Setting(name string) value.Value { return c.e.opt.Settings.Get(name) }

// Options are those the engine was made with.
func (c *Call) Options() Options { return c.e.opt }

// Lookup finds a running node of the same engine, as RED.nodes.getNode: its door
// and its behaviour; nil, nil if it does not run.
func (c *Call) Lookup(id string) (*Call, Node) {
	n := c.e.byID[id]
	if n == nil || n.impl == nil {
		return nil, nil
	}
	return &n.call, n.impl
}

// Deliver hands a message to another node at once, as node.receive does.
func (c *Call) Deliver(to *Call, m *Message) { c.e.receive(to.n, m) }

// Every node of the engine that runs, in start order, for nodes that look for others.
func (c *Call) Each(fn func(c *Call, n Node)) {
	for _, n := range c.e.nodes {
		if n.impl != nil {
			fn(&n.call, n.impl)
		}
	}
}

// Emit sends an effect for which no answer is awaited.
func (c *Call) Emit(kind string, body value.Value) { c.e.emit(c.n, kind, 0, body) }

// Reply is called with each answer to a request; last says that it is the last.
type Reply func(body value.Value, last bool)

// how a request is answered.
type answers uint8

const (
	single answers = iota // by one answer
	pieces                // by several, up to a last one
	stream                // by any number; nobody waits for them
)

type request struct {
	node *node
	kind string
	fn   Reply
	how  answers
}

// requests are those that wait for answers.
type requests struct {
	open    map[uint64]*request
	last    uint64
	awaited int // open ones that are no streams
}

// Ask sends an effect and calls fn with its answer.
func (c *Call) Ask(kind string, body value.Value, fn Reply) uint64 {
	return c.e.ask(c.n, kind, body, fn, single)
}

// AskMany is Ask for an answer that comes in several pieces.
func (c *Call) AskMany(kind string, body value.Value, fn Reply) uint64 {
	return c.e.ask(c.n, kind, body, fn, pieces)
}

// Listen sends an effect that opens a stream of answers: fn is called with each
// until the node closes or Unlisten. A run that waits for streams only has
// nothing left to do.
func (c *Call) Listen(kind string, body value.Value, fn Reply) uint64 {
	return c.e.ask(c.n, kind, body, fn, stream)
}

func (e *Engine) ask(n *node, kind string, body value.Value, fn Reply, how answers) uint64 {
	r := &e.requests
	r.last++
	id := r.last
	r.open[id] = &request{n, kind, fn, how}
	if how != stream {
		r.awaited++
	}
	e.emit(n, kind, id, body)
	return id
}

// Unlisten ends a request: no answer to it is heard any more, and an effect
// "cancel" tells the outside.
func (c *Call) Unlisten(id uint64) { c.e.requests.drop(c.e, id) }

func (r *requests) drop(e *Engine, id uint64) {
	req := r.open[id]
	if req == nil {
		return
	}
	r.forget(id, req)
	e.emit(req.node, "cancel", id, value.Str(req.kind))
}

func (r *requests) forget(id uint64, req *request) {
	delete(r.open, id)
	if req.how != stream {
		r.awaited--
	}
}

func (r *requests) closeNode(e *Engine, n *node) {
	var ids []uint64
	for id, req := range r.open {
		if req.node == n {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		r.drop(e, id)
	}
}

func (e *Engine) reply(ev Event) {
	req := e.requests.open[ev.Request]
	if req == nil {
		return
	}
	last := ev.Last || req.how == single
	if last {
		e.requests.forget(ev.Request, req)
	}
	e.guard(req.node, func() { req.fn(ev.Body, last) })
}

func (e *Engine) emit(n *node, kind string, request uint64, body value.Value) {
	e.put(Effect{Node: n.def.ID, Type: n.def.Type, Kind: kind, Request: request, Body: body})
}

func (e *Engine) put(f Effect) {
	e.seq++
	f.Seq, f.Time = e.seq, e.now
	if e.sink != nil && e.sinkErr == nil {
		e.sinkErr = e.sink.Put(f)
	}
}
