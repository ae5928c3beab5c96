package mqtt

import (
	"bufio"
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// client is a connection to a broker that is made again whenever it is lost.
type client struct {
	opt  options
	wire wire
	tell func(value.Value) // an event for the broker node
	mute atomic.Bool       // nobody listens any more
	lost atomic.Int64      // publications of quality 0 that found no room

	ctx    context.Context //nolint:containedctx // of the client's life; ends it
	cancel context.CancelFunc

	mu      sync.Mutex
	session session
	ending  bool
	conn    net.Conn
	wake    chan struct{} // there is something to write
	ended   chan struct{}
}

// times of a connection.
const (
	connectTime = 30 * time.Second // until a broker answers a connect
	writeTime   = 30 * time.Second // until a peer that does not read is given up
)

func newClient(o options, tell func(value.Value)) *client {
	c := &client{opt: o, wire: wireOf(o.version), tell: tell, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	c.session.init()
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c
}

func (c *client) event(v value.Value) {
	if !c.mute.Load() {
		c.tell(v)
	}
}

// silence stops the events: nobody hears them any more.
func (c *client) silence() { c.mute.Store(true) }

// run connects again and again until the client is ended.
func (c *client) run() {
	defer close(c.ended)
	defer c.fail()
	for first := true; c.ctx.Err() == nil; first = false {
		if !first {
			select {
			case <-time.After(c.opt.reconnect):
			case <-c.ctx.Done():
				return
			}
			c.event(value.Obj("event", "reconnect"))
		}
		c.attempt()
		c.event(value.Obj("event", "close"))
		if c.stopping() {
			return
		}
	}
}

func (c *client) stopping() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ending
}

// attempt is one connection from its beginning to its end.
func (c *client) attempt() {
	ctx, cancel := context.WithTimeout(c.ctx, connectTime)
	conn, err := dial(ctx, &c.opt)
	cancel()
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }() // it is lost or over
	stop := context.AfterFunc(c.ctx, func() { _ = conn.Close() })
	defer stop()
	link := &link{c: c, conn: conn, in: bufio.NewReaderSize(conn, 1<<16), out: bufio.NewWriterSize(conn, 1<<16)}
	if err := link.greet(); err != nil {
		return
	}
	c.mu.Lock()
	c.conn = conn
	c.mu.Unlock()
	done := make(chan struct{})
	var workers sync.WaitGroup
	workers.Go(func() { link.write(done) })
	if link.keepalive > 0 {
		workers.Go(func() { link.keepAlive(done) })
	}
	_ = link.read() // why it ended is of no interest: it is made again
	close(done)
	_ = conn.Close()
	workers.Wait()
	c.mu.Lock()
	c.conn = nil
	c.session.lost()
	c.mu.Unlock()
}

// errEnded answers what was under way when the client ended.
var errEnded = errors.New("client disconnecting")

// fail answers everything that will never be sent.
func (c *client) fail() {
	c.mu.Lock()
	left := c.session.drain()
	c.mu.Unlock()
	for _, j := range left {
		j.done(errEnded)
	}
}

// end closes the connection once everything under way is through, in two seconds at
// most; done is called when it is closed.
func (c *client) end(force bool, done func()) {
	c.mu.Lock()
	c.ending = true
	up := c.conn != nil
	c.mu.Unlock()
	if force || !up {
		c.cancel()
	} else {
		c.poke()
		late := time.AfterFunc(endTime, c.cancel)
		context.AfterFunc(c.ctx, func() { late.Stop() })
	}
	go func() {
		<-c.ended
		c.cancel()
		if done != nil {
			done()
		}
	}()
}

// poke tells the writer that there is something to do.
func (c *client) poke() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}
