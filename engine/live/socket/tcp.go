package socket

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// TCP performs the effects of the TCP nodes:
//
//	tcp.connect {host, port, tls, early: bool, keepalive: bool, timeout: ms}
//	tcp.listen  {port, tls, timeout: ms}
//	tcp.write   {socket, data: Buffer, end: bool}
//	tcp.end     {socket}
//	tcp.destroy {socket}
//
// A connection's number is that of the request that asked for it; those accepted
// have numbers of their own. The streams of connect and listen answer
//
//	{socket, event: "open", ip, port}      early: before the TLS handshake
//	{socket, event: "data", data: Buffer}
//	{socket, event: "end"}                 the peer will send no more
//	{socket, event: "timeout"}             nothing came or went for the time given
//	{socket, event: "dropped", writes, bytes}
//	{socket, event: "error", error}
//	{socket, event: "close"}               the last of a connection
//	{event: "listening", port}
//	{event: "error", error}                listening failed
//
// Cancelling connect destroys the connection, cancelling listen ends all that were accepted.
type TCP struct {
	opt  Options
	ctx  context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup

	mu      sync.Mutex
	last    uint64
	conns   map[uint64]*conn
	servers map[uint64]*server
}

type server struct {
	listener net.Listener
	conns    map[uint64]*conn
	stopped  bool
}

const (
	// accepted is where the numbers of accepted connections begin.
	accepted = 1 << 40
	// keepIdle, keepEvery and keepTries notice a dead peer as Node-RED's TCP nodes do.
	keepIdle  = 120 * time.Second
	keepEvery = time.Second
	keepTries = 10
	// handshakeTime bounds the TLS handshake of an accepted connection, as Node.js.
	handshakeTime = 120 * time.Second
	// lingerTime is how long connections of a closed server may take to end.
	lingerTime = 2 * time.Second
	acceptWait = 10 * time.Millisecond
)

// NewTCP makes the performer.
func NewTCP(o Options) *TCP {
	ctx, stop := context.WithCancel(context.Background())
	return &TCP{opt: o.filled(), ctx: ctx, stop: stop, last: accepted, conns: map[uint64]*conn{}, servers: map[uint64]*server{}}
}

// Kinds are those of the TCP nodes.
func (p *TCP) Kinds() []string {
	return []string{"tcp.connect", "tcp.listen", "tcp.write", "tcp.end", "tcp.destroy"}
}

// Perform starts, feeds or ends a connection.
func (p *TCP) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	o := f.Body.Object()
	switch f.Kind {
	case "tcp.connect":
		p.connect(f.Request, value.Clone(f.Body).Object(), reply)
	case "tcp.listen":
		p.listen(f.Request, value.Clone(f.Body).Object(), reply)
	default:
		p.mu.Lock()
		c := p.conns[uint64(o.Get("socket").Num())]
		p.mu.Unlock()
		if c == nil {
			return nil
		}
		if b := o.Get("data").Buffer(); b != nil {
			c.write(append([]byte(nil), b.B...))
		}
		switch {
		case f.Kind == "tcp.destroy":
			c.destroy()
		case f.Kind == "tcp.end" || o.Get("end").Bool():
			c.end()
		}
	}
	return nil
}

func millis(v value.Value) time.Duration {
	return time.Duration(value.ToNumber(v) * float64(time.Millisecond))
}

func (p *TCP) connect(id uint64, o *value.Object, reply func(value.Value, bool)) {
	c := newConn(id, p.opt.MaxPending, reply)
	c.alone = true
	if o.Has("timeout") {
		c.timeout = millis(o.Get("timeout"))
	}
	p.mu.Lock()
	p.conns[id] = c
	p.mu.Unlock()
	p.wg.Go(func() {
		defer p.forget(c, nil)
		c.watch()
		nc, err := p.dial(c, o)
		if err != nil {
			close(c.gone)
			if !c.isDestroyed() {
				reply(event(id, "error", "error", err), false)
			}
			reply(event(id, "close"), true)
			return
		}
		c.run(nc)
	})
}

// dial opens a client's connection and tells that it is open.
func (p *TCP) dial(c *conn, o *value.Object) (net.Conn, error) {
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	dialled := make(chan struct{})
	defer close(dialled)
	go func() { // a destroyed connection is no longer waited for
		for {
			select {
			case <-c.wake:
				if c.isDestroyed() {
					cancel()
				}
			case <-dialled:
				c.signal()
				return
			}
		}
	}()
	host, port := value.ToString(o.Get("host")), int(value.ToNumber(o.Get("port")))
	if host == "" {
		host = "localhost"
	}
	d := p.opt.Allow.Dialer(net.Dialer{KeepAliveConfig: keepAlive(o.Get("keepalive").Bool()), KeepAlive: -1}, host)
	nc, err := d.DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, connectError(err, host, port)
	}
	t := o.Get("tls").Object()
	if t == nil {
		c.opened(nc, false)
		return nc, nil
	}
	config, err := live.TLSConfig(t, p.opt.Dir)
	if err != nil {
		_ = nc.Close()
		return nil, err
	}
	if config.ServerName == "" {
		config.ServerName = host
	}
	early := o.Get("early").Bool()
	if early {
		c.opened(nc, false)
	}
	secure := tls.Client(nc, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = nc.Close()
		return nil, errorOf(err, "read", nil)
	}
	if !early {
		c.opened(nc, false)
	}
	return secure, nil
}

func connectError(err error, host string, port int) error {
	at := &place{address: host, port: port}
	var op *net.OpError
	if errors.As(err, &op) {
		if a, ok := op.Addr.(*net.TCPAddr); ok && a != nil {
			at.address = a.IP.String()
		}
	}
	return errorOf(err, "connect", at)
}

func keepAlive(on bool) net.KeepAliveConfig {
	return net.KeepAliveConfig{Enable: on, Idle: keepIdle, Interval: keepEvery, Count: keepTries}
}

// opened tells that a connection is open, and its peer; mapped writes IPv4
// addresses as a socket does that listens on both.
func (c *conn) opened(nc net.Conn, mapped bool) {
	a, _ := nc.RemoteAddr().(*net.TCPAddr)
	if a == nil {
		a = &net.TCPAddr{}
	}
	c.reply(event(c.id, "open", "ip", address(a.IP, a.Zone, mapped), "port", a.Port), false)
}

func address(ip net.IP, zone string, mapped bool) string {
	if mapped && ip.To4() != nil {
		return "::ffff:" + ip.String()
	}
	if zone != "" {
		return ip.String() + "%" + zone
	}
	return ip.String()
}

// Cancel ends a connection or a server.
func (p *TCP) Cancel(request uint64) {
	p.mu.Lock()
	c, s := p.conns[request], p.servers[request]
	delete(p.servers, request)
	p.mu.Unlock()
	if c != nil {
		c.destroy()
	}
	if s != nil {
		p.close(s)
	}
}

func (p *TCP) forget(c *conn, s *server) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c.id)
	if s != nil {
		delete(s.conns, c.id)
	}
}

// Close ends all connections and waits for them, but not long.
func (p *TCP) Close() error {
	p.stop()
	p.mu.Lock()
	for id, s := range p.servers {
		delete(p.servers, id)
		s.stopped = true
		_ = s.listener.Close()
	}
	for _, c := range p.conns {
		c.destroy()
	}
	p.mu.Unlock()
	waitFor(&p.wg, lingerTime)
	return nil
}

// waitFor waits for a group, but not longer than d.
func waitFor(wg *sync.WaitGroup, d time.Duration) {
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(d):
	}
}
