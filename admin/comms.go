package admin

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

const (
	batchPause  = 50 * time.Millisecond // in which messages gather
	batchSize   = 50                    // messages in one frame
	maxQueued   = 8 << 20               // bytes that wait for a client; then it is cut off
	writeTime   = 10 * time.Second      // for a client to take a frame
	maxIncoming = 1 << 20               // bytes of a frame from a client
	maxClients  = 256
	keepAliveMS = 15000
)

// comms are the connections of editors, and what they are told at once: retained is
// the last message of each topic that has one, as JSON.
type comms struct {
	auth      *auth
	keepAlive time.Duration
	maxLength int
	started   int64 // ms since the Unix epoch
	done      chan struct{}

	mu       sync.Mutex
	closed   bool
	clients  map[*client]bool
	retained map[string][]byte
	order    []string // topics of retained, oldest first
	wg       sync.WaitGroup
}

func keepAlive(s *value.Object) time.Duration {
	return time.Duration(limitOf(s, "webSocketKeepAliveTime", keepAliveMS) * float64(time.Millisecond))
}

func newComms(a *auth, keepAlive time.Duration, maxLength int) *comms {
	c := &comms{auth: a, keepAlive: keepAlive, maxLength: maxLength, started: time.Now().UnixMilli(), done: make(chan struct{}),
		clients: map[*client]bool{}, retained: map[string][]byte{}}
	if a != nil {
		a.sessions.mu.Lock()
		a.sessions.expired = c.expire
		a.sessions.mu.Unlock()
	}
	go c.beat()
	return c
}

// beat sends a sign of life to all.
func (c *comms) beat() {
	t := time.NewTicker(c.keepAlive)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			c.publish("hb", value.AppendJSON(nil, value.Num(float64(c.started))), false)
		case <-c.done:
			return
		}
	}
}

// effect publishes what an editor shows of an effect. It runs on the goroutine of
// the engine and does not block.
func (c *comms) effect(f engine.Effect) {
	switch f.Kind {
	case "status":
		c.status(f.Node, f.Body.Object())
	case "debug":
		if c.heard() {
			c.publish("debug", value.AppendJSON(nil, f.Body), false)
		}
	case "log":
		if level := f.Body.Object().Get("level").Num(); (level == 20 || level == 30) && c.heard() {
			c.publish("debug", c.logEntry(f.Body.Object()), false)
		}
	}
}

// logEntry is a warning or an error as the debug sidebar shows it.
func (c *comms) logEntry(o *value.Object) []byte {
	out := value.NewObject(o.Len() + 1)
	msg, format := value.EncodeDebug(o.Get("msg"), c.maxLength)
	for i := range o.Len() {
		if p := o.At(i); p.Key == "msg" {
			out.Set("msg", msg)
		} else {
			out.Set(p.Key, p.Value)
		}
	}
	if format != "" {
		out.Set("format", value.Str(format))
	}
	return value.AppendJSON(nil, value.Of(out))
}

func (c *comms) status(node string, o *value.Object) {
	topic := "status/" + node
	if o == nil || !value.Truthy(o.Get("text")) && !value.Truthy(o.Get("fill")) && !value.Truthy(o.Get("shape")) {
		if c.has(topic) {
			c.publish(topic, []byte("{}"), false)
		}
		return
	}
	out := value.NewObject(3)
	for _, k := range []string{"text", "fill", "shape"} {
		if v := o.Get(k); !v.IsUndefined() {
			out.Set(k, v)
		}
	}
	c.publish(topic, value.AppendJSON(nil, value.Of(out)), true)
}

// notify tells editors of something in the runtime; who connects later is told too.
func (c *comms) notify(name string, body value.Value) {
	c.publish("notification/"+name, value.AppendJSON(nil, body), true)
}

func (c *comms) has(topic string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.retained[topic] != nil
}

func (c *comms) heard() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.clients) > 0
}

// keepOnly forgets the statuses of nodes that are gone.
func (c *comms) keepOnly(exists func(id string) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.order = slices.DeleteFunc(c.order, func(topic string) bool {
		id, ok := strings.CutPrefix(topic, "status/")
		gone := ok && !exists(id)
		if gone {
			delete(c.retained, topic)
		}
		return gone
	})
}

// publish gives a message to all that are let in.
func (c *comms) publish(topic string, data []byte, retain bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.retained[topic]; old != nil && !retain {
		delete(c.retained, topic)
		c.order = slices.DeleteFunc(c.order, func(t string) bool { return t == topic })
	} else if retain {
		if old == nil {
			c.order = append(c.order, topic)
		}
		c.retained[topic] = data
	}
	if len(c.clients) == 0 {
		return
	}
	m := message(topic, data)
	for cl := range c.clients {
		if cl.allowed {
			cl.push(m)
		}
	}
}

func message(topic string, data []byte) []byte {
	m := append([]byte(`{"topic":`), value.Quote(topic)...)
	m = append(m, `,"data":`...)
	return append(append(m, data...), '}')
}

// close ends all connections and waits for them.
func (c *comms) close() {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	c.closed = true
	close(c.done)
	for cl := range c.clients {
		cl.end()
	}
	c.mu.Unlock()
	c.wg.Wait()
}
