package engine

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"time"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Options say how an engine runs. The zero Options is safe and silent.
type Options struct {
	// Seed of all randomness: ids, Math.random, the delay node's random times.
	Seed uint64
	// Zone is local time to the flow; nil is UTC.
	Zone *time.Location
	// Env looks up the process environment; nil is empty.
	Env func(name string) (string, bool)
	// Settings are those of Node-RED's settings.js that nodes read
	// (nodeMessageBufferMaxLength, functionTimeout …), by name.
	Settings *value.Object
	// Globals are the values of functionGlobalContext.
	Globals *value.Object
	// Credentials by node id, decrypted.
	Credentials map[string]*value.Object
	// Stores are the context stores; empty is one in memory. DefaultStore names the
	// one used where none is named; "" is that called "default", else the first.
	Stores       []ContextStore
	DefaultStore string
	// Keys renders catalogue texts as their bare keys.
	Keys bool
	// MaxPending bounds the deliveries waiting; 0 is 2 million. What is sent beyond
	// is dropped; errors in the log say when that begins and how many it were.
	MaxPending int
	// Observer sees messages arrive and node API calls; nil costs nothing.
	Observer Observer
	// Guard watches over code of users that may never end; nil: nobody does.
	Guard Guard
	// Modules gives the text of a JavaScript module that function nodes import; nil:
	// there are none but Node's own.
	Modules func(name string) (text string, err error)
	// Machine is what flows may read of the machine (hostname, platform …), by the
	// names of the functions of Node's module os.
	Machine *value.Object
	// Shared holds values that nodes share, by key, made by the host: see Call.Shared.
	Shared map[any]any
}

// Observer watches an engine from inside its loop. It must not keep messages.
type Observer interface {
	// Input is called before node handles a message that arrived.
	Input(c *Call, m value.Value)
	// Called is called when a node (or user code in it) uses its API: send, error,
	// warn, log, debug, trace or status, with Node-RED's arguments.
	Called(c *Call, method string, args ...value.Value)
}

// Engine is one running flow. It is not safe for use from several goroutines;
// two engines share nothing.
type Engine struct {
	opt      Options
	graph    *flow.Graph
	registry *Registry
	sink     Sink
	sinkErr  error

	now        float64
	seq        uint64
	deliveries uint64
	dropped    uint64 // messages beyond MaxPending
	started    bool
	stopped    bool
	rng        *rand.Rand

	self     *node // stands for the engine itself where a node is asked for
	nodes    []*node
	byID     map[string]*node
	queue    queue
	timers   timers
	requests requests
	stores   *stores
	scopes   map[*flow.Scope]*scope
	groups   map[*flow.Group]*env
	shared   map[any]any
}

// node is the state of one node of the graph.
type node struct {
	def  *flow.Node
	impl Node
	call Call
	// closed is the behaviour of a node that was closed by itself: it is closed
	// again when the flow stops, as in Node-RED.
	closed Node

	outputs [][]*node
	wires   int   // wires in all
	single  *node // the only wire of the only output
	// complete, catch and status are the listeners, see flow.Node.
	complete []*node
}

// New makes an engine for a graph with the node types of a registry. The error
// lists types that are missing.
func New(g *flow.Graph, r *Registry, o Options) (*Engine, error) {
	if err := littleEndian(); err != nil {
		return nil, err
	}
	e := &Engine{opt: o, registry: r, rng: rand.New(rand.NewPCG(o.Seed, 0x6c6f636b73746570)), shared: maps.Clone(o.Shared)}
	if e.shared == nil {
		e.shared = map[any]any{}
	}
	if e.opt.Zone == nil {
		e.opt.Zone = time.UTC
	}
	if e.opt.MaxPending == 0 {
		e.opt.MaxPending = 2 << 20
	}
	if e.opt.Settings == nil {
		e.opt.Settings = value.NewObject()
	}
	e.self = &node{impl: Mute{}, def: &flow.Node{}}
	e.self.call = Call{e: e, n: e.self}
	e.stores = newStores(e, o.Stores, o.DefaultStore, o.Globals)
	e.requests.open = map[uint64]*request{}
	e.use(g)
	var missing flow.Problems
	for _, n := range g.Nodes {
		if n.Instance == nil && n.Type != flow.SubflowStatus && !r.Known(n.Type) && !Inert(n.Type) {
			missing = append(missing, n.Def.Problem(flow.SeverityError, "type", "", "the type %q is not known", n.Type))
		}
	}
	return e, missing.Err()
}

// Inert reports types that exist in flow files but do nothing when they run.
func Inert(typ string) bool { return typ == "comment" || typ == "global-config" }

// use takes a graph's nodes into the engine; those already running under the same
// id keep their state.
func (e *Engine) use(g *flow.Graph) {
	old := e.byID
	e.graph = g
	e.nodes = make([]*node, len(g.Nodes))
	e.byID = make(map[string]*node, len(g.Nodes))
	for i, d := range g.Nodes {
		n := old[d.ID]
		if n == nil {
			n = &node{}
			n.call = Call{e: e, n: n}
		}
		n.def = d
		e.nodes[i] = n
		e.byID[d.ID] = n
	}
	for i, d := range g.Nodes {
		e.nodes[i].link(e, d)
	}
}

// link sets a node's wires.
func (n *node) link(e *Engine, d *flow.Node) {
	n.outputs, n.wires, n.single, n.complete = make([][]*node, len(d.Outputs)), 0, nil, nil
	for i, out := range d.Outputs {
		for _, to := range out {
			var t *node
			if to != nil {
				t = e.nodes[to.Index]
			}
			n.outputs[i] = append(n.outputs[i], t)
			n.wires++
		}
	}
	if len(n.outputs) == 1 && len(n.outputs[0]) == 1 {
		n.single = n.outputs[0][0]
	}
	for _, l := range d.Complete {
		n.complete = append(n.complete, e.nodes[l.Index])
	}
}

// rewire sets wires that name their targets by variables.
func (n *node) rewire(e *Engine, wires value.Value) {
	d := *n.def
	d.Outputs = nil
	outs := wires.Array()
	for i := range outs.Length() {
		var to []*flow.Node
		targets := outs.At(i).Array()
		for j := range targets.Length() {
			to = append(to, e.graph.ByID(value.ToString(targets.At(j))))
		}
		d.Outputs = append(d.Outputs, to)
	}
	n.link(e, &d)
}

// Node gives the door of a running node: what the node itself uses. An embedding
// program can send, report and read context through it between events. It is nil
// if no node of that id runs.
func (e *Engine) Node(id string) *Call {
	if n := e.byID[id]; n != nil && n.impl != nil {
		return &n.call
	}
	return nil
}

// Graph is the graph that runs.
func (e *Engine) Graph() *flow.Graph { return e.graph }

// Now is the time of the engine, in milliseconds since the Unix epoch.
func (e *Engine) Now() float64 { return e.now }

// Progress says where the engine stands.
func (e *Engine) Progress() Progress {
	return Progress{
		Deliveries: e.deliveries, Pending: e.queue.len() > 0, Waiting: e.queue.len(), NextTimer: e.timers.next(),
		Requests: e.requests.awaited, Stopped: e.stopped, Saving: len(e.timers.heap) == e.stores.saving,
	}
}

// start makes all nodes, in start order.
func (e *Engine) start() {
	e.started = true
	e.startScopes()
	for _, n := range e.nodes {
		if n.impl == nil && !e.failed(n.def) {
			e.construct(n)
		}
	}
}

// failed reports whether a node cannot start because its scope's variables, or
// those of a scope around it, could not be prepared.
func (e *Engine) failed(d *flow.Node) bool {
	s := d.Scope
	if d.Instance != nil {
		s = d.Instance
	}
	for ; s != nil; s = s.Parent {
		if e.scopes[s].failed {
			return true
		}
	}
	return false
}

func (e *Engine) construct(n *node) {
	c := &n.call
	if n.def.Instance != nil {
		n.impl = instance{}
		c.config = n.def.Config
		return
	}
	if n.def.Type == flow.SubflowStatus {
		n.impl = subflowStatus{}
		c.config = n.def.Config
		return
	}
	t, ok := e.registry.Lookup(n.def.Type)
	if !ok {
		if Inert(n.def.Type) {
			n.impl = Mute{}
			c.config = n.def.Config
		}
		return
	}
	c.texts, c.ownName = t.Texts, t.OwnName
	c.config = e.substitute(n)
	if refersToEnv(n.def.Config.Get("wires")) {
		n.rewire(e, c.config.Get("wires"))
	}
	n.impl = Mute{}
	impl, err := e.build(t, c)
	n.impl = impl
	if err != nil {
		n.impl = nil
		e.log(levelError, n.def.Type, n.def.ID, Thrown(err))
	}
}

func (e *Engine) build(t Type, c *Call) (n Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the node failed to start: %v", r)
		}
	}()
	return t.New(c)
}

// stop closes all nodes: tabs first, then the global scope; in each, config
// nodes last.
func (e *Engine) stop() {
	if e.stopped {
		return
	}
	e.stopped = true
	for _, n := range e.stopOrder() {
		if n.closed != nil && n.impl == nil {
			n.impl, n.closed = n.closed, nil
		}
		e.close(n, false)
	}
	e.stores.saveAll()
}

// stopOrder is the order in which nodes close: tabs, then the global scope; in
// each, config nodes last; an instance before what is inside it.
func (e *Engine) stopOrder() []*node {
	var out []*node
	var walk func(s *flow.Scope)
	walk = func(s *flow.Scope) {
		for _, config := range []bool{false, true} {
			for _, d := range s.Nodes {
				if d.IsConfig != config {
					continue
				}
				out = append(out, e.nodes[d.Index])
				if d.Instance != nil {
					walk(d.Instance)
				}
			}
		}
	}
	var global *flow.Scope
	for _, s := range e.graph.Scopes {
		switch s.Kind {
		case flow.ScopeGlobal:
			global = s
		case flow.ScopeTab:
			walk(s)
		}
	}
	if global != nil {
		walk(global)
	}
	return out
}

// close ends one node: its Closer runs, its timers and requests go.
func (e *Engine) close(n *node, removed bool) {
	if n.impl == nil {
		return
	}
	e.runCloser(n, removed)
	n.impl = nil
	e.stores.dropNode(n)
	for _, tm := range append([]*timer(nil), e.timers.heap...) {
		if tm.node == n {
			e.cancelTimer(tm.id)
		}
	}
	e.requests.closeNode(e, n)
}

func (e *Engine) runCloser(n *node, removed bool) {
	if cl, ok := n.impl.(Closer); ok {
		e.guard(n, func() {
			if err := cl.Close(&n.call, removed); err != nil {
				n.call.Error(err, nil)
			}
		})
	}
}

// Shared gives the engine-wide value under key, made by make at the first call:
// what nodes of one engine share, as the JavaScript runtime.
func (c *Call) Shared(key any, make func() any) any {
	v, ok := c.e.shared[key]
	if !ok {
		v = make()
		c.e.shared[key] = v
	}
	return v
}

// Started reports whether the start event was handled.
func (e *Engine) Started() bool { return e.started }

// Attach sets where effects go, for a host that handles events before Run.
func (e *Engine) Attach(s Sink) { e.sink = s }

// Settings are the settings nodes read; they may be changed between events.
func (e *Engine) Settings() *value.Object { return e.opt.Settings }
