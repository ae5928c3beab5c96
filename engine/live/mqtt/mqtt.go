package mqtt

import (
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Clients performs the effects of the MQTT nodes:
//
//	mqtt.connect     {url, protocolVersion: 3 | 4 | 5, clientId, clean, keepalive: s, username, password,
//	                  reconnectPeriod: ms, will: {topic, payload, qos, retain, properties}, properties, tls}
//	                 → {event: "connect", sessionPresent, properties}, {event: "reconnect"}, {event: "close"},
//	                   {event: "disconnect", reasonCode, properties},
//	                   {event: "messages", messages: [{topic, payload: Buffer, qos, retain, properties} …]},
//	                   {event: "dropped", error} if a publication without an answer was lost
//	mqtt.subscribe   {client, topics: [{topic, qos, nl, rap, rh}], properties}
//	mqtt.unsubscribe {client, topic}
//	mqtt.publish     {client, topic, payload: string | Buffer, qos, retain, properties} → {} or {error}
//	mqtt.end         {client, force} → {}
//
// client is the number of the mqtt.connect request. A client connects again until
// it is ended; publications of quality 1 and 2 that were not acknowledged are sent
// again then.
type Clients struct {
	dir   string
	allow live.Allow

	mu      sync.Mutex
	clients map[uint64]*client
	closed  bool
	wg      sync.WaitGroup
}

// New gives a performer; names of certificate files are relative to dir. allow is asked before
// each connection; nil allows all.
func New(dir string, allow live.Allow) *Clients {
	return &Clients{dir: dir, allow: allow, clients: map[uint64]*client{}}
}

// endTime is how long a client that is ended may take for what is under way.
const endTime = 2 * time.Second

// Kinds are the effects of the MQTT nodes.
func (p *Clients) Kinds() []string {
	return []string{"mqtt.connect", "mqtt.subscribe", "mqtt.unsubscribe", "mqtt.publish", "mqtt.end"}
}

// Perform starts what the effect asks for.
func (p *Clients) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	o := f.Body.Object()
	if f.Kind == "mqtt.connect" {
		p.connect(f.Request, o, reply)
		return nil
	}
	p.mu.Lock()
	c := p.clients[uint64(o.Get("client").Num())]
	p.mu.Unlock()
	if c == nil {
		if f.Kind == "mqtt.end" {
			go reply(value.Of(value.NewObject()), true)
		} else {
			go reply(live.Failure("", "client disconnecting"), true)
		}
		return nil
	}
	switch f.Kind {
	case "mqtt.publish":
		c.publish(o, reply)
	case "mqtt.subscribe":
		c.subscribe(o)
	case "mqtt.unsubscribe":
		c.queue(&job{kind: jobUnsubscribe, topic: o.Get("topic").Str()})
	default:
		c.end(o.Get("force").Bool(), func() { reply(value.Of(value.NewObject()), true) })
	}
	return nil
}

func (p *Clients) connect(id uint64, o *value.Object, reply func(value.Value, bool)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	opt := readOptions(o, p.dir)
	opt.allow = p.allow
	c := newClient(opt, func(v value.Value) { reply(v, false) })
	p.clients[id] = c
	p.wg.Add(1)
	go func() {
		defer p.wg.Done()
		c.run()
		p.mu.Lock()
		delete(p.clients, id)
		p.mu.Unlock()
	}()
}

// Cancel ends the client of a mqtt.connect request, in good order.
func (p *Clients) Cancel(request uint64) {
	p.mu.Lock()
	c := p.clients[request]
	p.mu.Unlock()
	if c != nil {
		c.silence()
		c.end(false, nil)
	}
}

// Close ends all clients and waits for them.
func (p *Clients) Close() error {
	p.mu.Lock()
	p.closed = true
	for _, c := range p.clients {
		c.silence()
		c.end(false, nil)
	}
	p.mu.Unlock()
	p.wg.Wait()
	return nil
}
