// Package websocket carries out the effects of the WebSocket nodes, with
// github.com/coder/websocket.
//
// What is read goes to the engine with back-pressure; what is sent waits in a
// bounded queue for each peer. A peer that does not read loses messages, which is
// reported, and holds up nobody else.
package websocket

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	ws "github.com/coder/websocket"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// WebSocket performs the effects of the WebSocket nodes:
//
//	ws.listen  {path}
//	ws.connect {url, protocols: [string …], headers: [[name, value] …], heartbeat: ms, tls, proxy}
//	ws.send    {socket or sockets: [number …], data: string | Buffer}
//
// The path is below the root of the HTTP server. A client's number is that of the
// request that connects it; accepted ones have numbers of their own. Both streams answer
//
//	{socket, event: "open"}
//	{socket, event: "message", data: string | Buffer}
//	{socket, event: "dropped", messages, bytes}
//	{socket, event: "error", error}
//	{socket, event: "close", code}
//	{event: "error", error}                        there is nothing to listen on
//
// A heartbeat pings the server; if it has not answered by the next, the connection
// ends with an error. Cancelling connect closes the connection with a handshake,
// cancelling listen cuts all connections.
type WebSocket struct {
	opt  Options
	ctx  context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu        sync.Mutex
	last      uint64
	conns     map[uint64]*conn
	listeners map[uint64]*listener
}

// Options configure the performer.
type Options struct {
	// HTTP is the server that listeners share with the http in nodes; without one
	// they cannot listen.
	HTTP *live.HTTP
	// Dir is where relative names of certificate files start.
	Dir string
	// Allow is asked before each connection; nil allows all.
	Allow live.Allow
	// MaxPending is how many bytes may wait to be sent to one peer; 0 is 16 MiB.
	MaxPending int
}

const (
	defaultPending = 16 << 20
	// maxMessage is the longest message that is taken, in bytes, as Node-RED's.
	maxMessage = 100 << 20
	// accepted is where the numbers of accepted connections begin.
	accepted = 1 << 40
	// closeTime bounds the closing handshake.
	closeTime = time.Second
	// waitTime is how long Close waits.
	waitTime = 2 * time.Second
)

type listener struct {
	remove  func()
	conns   map[uint64]*conn
	stopped bool
}

// New makes the performer.
func New(o Options) *WebSocket {
	if o.MaxPending == 0 {
		o.MaxPending = defaultPending
	}
	ctx, stop := context.WithCancel(context.Background())
	return &WebSocket{opt: o, ctx: ctx, stop: stop, last: accepted, conns: map[uint64]*conn{}, listeners: map[uint64]*listener{}}
}

// Kinds are ws.listen, ws.connect and ws.send.
func (p *WebSocket) Kinds() []string { return []string{"ws.listen", "ws.connect", "ws.send"} }

// Perform opens a listener or a connection, or sends.
func (p *WebSocket) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	o := f.Body.Object()
	switch f.Kind {
	case "ws.listen":
		p.listen(f.Request, o.Get("path").Str(), reply)
	case "ws.connect":
		p.connect(f.Request, value.Clone(f.Body).Object(), reply)
	default:
		p.send(o)
	}
	return nil
}

// send queues a message for its receivers, which share the bytes.
func (p *WebSocket) send(o *value.Object) {
	m := message{ws.MessageText, []byte(o.Get("data").Str())}
	if b := o.Get("data").Buffer(); b != nil {
		m = message{ws.MessageBinary, append([]byte(nil), b.B...)}
	} else {
		m.data = []byte(value.Text(m.data)) // lone surrogates become replacement characters
	}
	ids := []value.Value{o.Get("socket")}
	if list := o.Get("sockets").Array(); list != nil {
		ids = list.Elems
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, id := range ids {
		if c := p.conns[uint64(id.Num())]; c != nil {
			c.queue(m)
		}
	}
}

func (p *WebSocket) listen(id uint64, path string, reply func(value.Value, bool)) {
	if p.opt.HTTP == nil {
		go reply(live.Failure("ENOSERVER", "there is no HTTP server for WebSockets to listen on"), true)
		return
	}
	l := &listener{conns: map[uint64]*conn{}}
	remove, err := p.opt.HTTP.Route(path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.accept(l, w, r, reply)
	}))
	if err != nil {
		go reply(live.Failure("EADDRINUSE", err.Error()), true)
		return
	}
	l.remove = remove
	p.mu.Lock()
	p.listeners[id] = l
	p.mu.Unlock()
}

// accept upgrades a request and serves the connection until it ends.
func (p *WebSocket) accept(l *listener, w http.ResponseWriter, r *http.Request, reply func(value.Value, bool)) {
	p.mu.Lock()
	if l.stopped {
		p.mu.Unlock()
		http.NotFound(w, r)
		return
	}
	p.last++
	c := newConn(p.last, p.opt.MaxPending, reply)
	p.conns[c.id], l.conns[c.id] = c, c
	p.wg.Add(1)
	p.mu.Unlock()
	defer p.wg.Done()
	defer p.forget(c, l)
	o := &ws.AcceptOptions{InsecureSkipVerify: true} // as Node-RED: any origin may connect
	if first, _, _ := strings.Cut(r.Header.Get("Sec-WebSocket-Protocol"), ","); strings.TrimSpace(first) != "" {
		o.Subprotocols = []string{strings.TrimSpace(first)}
	}
	wc, err := ws.Accept(w, r, o)
	if err != nil {
		close(c.gone)
		return
	}
	reply(c.event("open"), false)
	c.run(p.ctx, wc)
	c.tellFailure()
	reply(c.event("close", "code", c.code), false)
}

func (p *WebSocket) forget(c *conn, l *listener) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c.id)
	if l != nil {
		delete(l.conns, c.id)
	}
}

// Cancel ends a client's connection or a listener with all of its connections.
func (p *WebSocket) Cancel(request uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.conns[request]; c != nil {
		c.close()
	}
	if l := p.listeners[request]; l != nil {
		delete(p.listeners, request)
		p.cut(l)
	}
}

func (p *WebSocket) cut(l *listener) {
	l.stopped = true
	l.remove()
	for _, c := range l.conns {
		c.cut(nil)
	}
}

// Close ends everything and waits for it, but not long.
func (p *WebSocket) Close() error {
	p.mu.Lock()
	for _, l := range p.listeners {
		p.cut(l)
	}
	for _, c := range p.conns {
		c.close()
	}
	p.mu.Unlock()
	done := make(chan struct{})
	go func() {
		p.wg.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(waitTime):
	}
	p.stop()
	return nil
}

// errTimeout and errUTF8 end connections.
var (
	errTimeout = errors.New("timeout")
	errUTF8    = errors.New("Invalid WebSocket frame: invalid UTF-8 sequence")
)
