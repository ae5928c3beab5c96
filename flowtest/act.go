package flowtest

import (
	"fmt"
	"slices"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// accepted is where the numbers of connections to the flow begin.
const accepted = 1 << 40

// step takes one step.
func (r *runner) step(s Step) error {
	w := r.world
	switch s.Verb {
	case "inject", "press":
		return r.inject(s)
	case "wait":
		return r.wait(s)
	case "answer":
		return w.answerNow(s.Answer)
	case "expect":
		for _, x := range s.Expect {
			r.expect(x)
		}
	case "stop":
		r.e.Handle(engine.Event{Kind: engine.EventStop, Time: r.now()})
	case "http":
		return w.http.ask(s.Fields)
	case "mqtt":
		return w.mqtt(s.Fields)
	case "tcp", "udp", "websocket":
		return w.socket(s)
	case "event":
		return r.event(s)
	case "reply":
		return w.replyTo(s)
	}
	return nil
}

func (r *runner) inject(s Step) error {
	n, err := r.s.Node(s.Node)
	if err != nil {
		return err
	}
	if r.e.Node(n.ID) == nil {
		return fmt.Errorf("%s does not run", nodeText(n))
	}
	body := value.Obj()
	if s.Verb == "inject" {
		body = value.Clone(s.Value)
	}
	r.e.Handle(engine.Event{Kind: engine.EventMessage, Time: r.now(), Target: n.ID, Body: body})
	return nil
}

// idleSteps and idleTime bound wait: idle.
const idleTime = 10 * 366 * 24 * 3600e3

func (r *runner) wait(s Step) error {
	if !s.Idle {
		r.world.until = r.e.Now() + s.Wait
		return nil
	}
	end := r.e.Now() + idleTime
	for fired := 0; ; fired++ {
		p := r.e.Progress()
		next := p.NextTimer
		if len(r.world.events) > 0 {
			next = min(next, r.world.events[0].Time)
		}
		if next > end && len(r.world.events) == 0 && next > 1e17 {
			return nil
		}
		if next > end || fired > 100_000 {
			return fmt.Errorf("the flow never becomes idle: a timer is set again and again; write how long to wait")
		}
		r.world.until = next
		if !r.settle(s.Place, -1) {
			return nil
		}
	}
}

func (r *runner) event(s Step) error {
	kinds := map[string]engine.EventKind{"message": engine.EventMessage, "command": engine.EventCommand, "deploy": engine.EventDeploy, "tick": engine.EventTick}
	r.e.Handle(engine.Event{Kind: kinds[s.Kind], Time: r.now(), Target: s.Node, Body: value.Clone(s.Value)})
	return nil
}

// answerNow answers the oldest request that waits and fits, or the next that comes.
func (w *world) answerNow(a *Answer) error {
	q, err := w.waiting(a)
	if err != nil {
		return err
	}
	once := *a
	if q != nil {
		w.give(&once, q.Effect)
		return nil
	}
	if once.Times == 0 {
		once.Times = 1
	}
	w.answers = slices.Insert(w.answers, 0, &answering{Answer: &once})
	return nil
}

// replyTo answers the request of a number.
func (w *world) replyTo(s Step) error {
	id := s.Node
	if n, err := w.r.s.Node(s.Node); err == nil {
		id = n.ID
	}
	list := w.made[id+"\n"+s.Kind]
	if s.Number == 0 || s.Number > uint64(len(list)) {
		return fmt.Errorf("%s has asked for %s %d times: there is no number %d to answer", nodeText(w.r.s.Graph.ByID(id)), s.Kind, len(list), s.Number)
	}
	request := list[s.Number-1]
	if s.Last || !streams[s.Kind] {
		w.forget(request)
	}
	w.r.e.Handle(engine.Event{Kind: engine.EventReply, Time: w.r.now(), Request: request, Last: s.Last, Body: value.Clone(s.Value)})
	return nil
}

// stream finds the open streams of a node, or of the config node that it uses.
func (w *world) stream(n *flow.Node, kinds ...string) *asked {
	ids := []string{n.ID}
	for _, key := range []string{"server", "client", "broker"} {
		if id := n.Config.Get(key).Str(); id != "" {
			ids = append(ids, id)
		}
	}
	for _, q := range w.order {
		if slices.Contains(ids, q.Node) && slices.Contains(kinds, q.Kind) {
			return q
		}
	}
	return nil
}

// mqtt lets a message arrive at the brokers' clients.
func (w *world) mqtt(o *value.Object) error {
	only := ""
	if name := o.Get("broker").Str(); name != "" {
		n, err := w.r.s.Node(name)
		if err != nil {
			return err
		}
		only = n.ID
	}
	m := value.Obj("topic", o.Get("topic"), "payload", value.Bytes(bytesOf(o.Get("payload"))), "qos", orZero(o.Get("qos")), "retain", o.Get("retain").Bool()).Object()
	if p := o.Get("properties"); !p.IsUndefined() {
		m.Set("properties", p)
	}
	found := false
	for _, q := range w.order {
		if q.Kind == "mqtt.connect" && (only == "" || q.Node == only) {
			found = true
			w.reply(q.Request, 0, false, value.Obj("event", "messages", "messages", value.Arr(value.Clone(value.Of(m)))))
		}
	}
	if !found {
		return fmt.Errorf("no node of the flow is connected to a broker")
	}
	return nil
}

func orZero(v value.Value) value.Value {
	if v.IsNumber() {
		return v
	}
	return value.Num(0)
}

// socket lets data arrive at a tcp, udp or websocket node.
func (w *world) socket(s Step) error {
	n, err := w.r.s.Node(s.Node)
	if err != nil {
		return err
	}
	kinds := map[string][]string{"tcp": {"tcp.listen", "tcp.connect"}, "udp": {"udp.open"}, "websocket": {"ws.listen", "ws.connect"}}[s.Verb]
	q := w.stream(n, kinds...)
	if q == nil {
		return fmt.Errorf("%s has no port open for %s", nodeText(n), s.Verb)
	}
	o := s.Fields
	data := value.Bytes(bytesOf(o.Get("data")))
	if s.Verb == "udp" {
		ip, port := o.Get("from"), o.Get("port")
		if !ip.IsString() {
			ip = value.Str("127.0.0.1")
		}
		if !port.IsNumber() {
			port = value.Num(40000)
		}
		w.event(q.Effect, value.Obj("event", "message", "data", data, "ip", ip, "port", port))
		return nil
	}
	id := float64(q.Request)
	if q.Kind == "tcp.listen" || q.Kind == "ws.listen" {
		id = w.peer(q, value.ToString(o.Get("from")))
	}
	if s.Verb == "websocket" {
		if data = o.Get("data"); data.Buffer() == nil {
			data = value.Str(string(bytesOf(data)))
		}
	}
	if o.Has("data") {
		w.event(q.Effect, value.Obj("socket", id, "event", map[bool]string{true: "data", false: "message"}[s.Verb == "tcp"], "data", data))
	}
	if o.Get("close").Bool() {
		if s.Verb == "tcp" {
			w.event(q.Effect, value.Obj("socket", id, "event", "end"))
		}
		w.event(q.Effect, value.Obj("socket", id, "event", "close", "code", 1000.0))
		delete(w.ports, fmt.Sprint(q.Request, " ", value.ToString(o.Get("from"))))
	}
	return nil
}

// peer is the connection of a name to a listening node; the first use opens it.
func (w *world) peer(q *asked, name string) float64 {
	key := fmt.Sprint(q.Request, " ", name)
	if id := w.ports[key]; id != 0 {
		return id
	}
	w.lastPort++
	id := accepted + w.lastPort
	w.ports[key] = id
	w.event(q.Effect, value.Obj("socket", id, "event", "open", "ip", "127.0.0.1", "port", 40000+w.lastPort))
	return id
}
