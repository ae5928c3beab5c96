package socket

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

const (
	readSize = 64 << 10
	// entryCost is what a queued write counts besides its bytes.
	entryCost = 64
	// flushTime is how long a destroyed connection may go on writing what waits.
	flushTime = 100 * time.Millisecond
	// tellPause is the time between two reports of what was dropped.
	tellPause = time.Second
)

// conn is one TCP connection: bytes that wait to be written, and who hears of it.
type conn struct {
	id      uint64
	limit   int
	reply   func(value.Value, bool)
	alone   bool // its end is the end of its request
	timeout time.Duration

	mu        sync.Mutex
	c         net.Conn // nil while connecting
	queue     net.Buffers
	size      int
	ending    bool
	destroyed bool
	failed    error // what the writer met
	dropped   struct{ writes, bytes int }
	telling   bool
	idle      *time.Timer

	wake    chan struct{} // something to write or to end
	written chan struct{} // closed when the writer is through
	gone    chan struct{} // closed when all is over
}

func newConn(id uint64, limit int, reply func(value.Value, bool)) *conn {
	return &conn{id: id, limit: limit, reply: reply, wake: make(chan struct{}, 1), written: make(chan struct{}), gone: make(chan struct{})}
}

func (c *conn) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// write queues bytes, which the connection then owns.
func (c *conn) write(b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ending || c.destroyed || len(b) == 0 {
		return
	}
	if c.size > 0 && c.size+len(b) > c.limit {
		c.dropped.writes++
		c.dropped.bytes += len(b)
		if !c.telling {
			c.telling = true
			go c.tell()
		}
		return
	}
	c.queue = append(c.queue, b)
	c.size += len(b) + entryCost
	c.signal()
}

// tell reports what was dropped, at most once in a while.
func (c *conn) tell() {
	for {
		c.mu.Lock()
		d := c.dropped
		c.dropped.writes, c.dropped.bytes = 0, 0
		c.telling = d.writes > 0
		c.mu.Unlock()
		if d.writes == 0 {
			return
		}
		c.reply(event(c.id, "dropped", "writes", d.writes, "bytes", d.bytes), false)
		select {
		case <-time.After(tellPause):
		case <-c.gone:
			return
		}
	}
}

// end closes the connection when all is written and the peer has ended too.
func (c *conn) end() {
	c.mu.Lock()
	c.ending = true
	c.mu.Unlock()
	c.signal()
}

// destroy closes the connection now; what the system takes at once is still sent.
func (c *conn) destroy() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.destroyed {
		return
	}
	c.destroyed = true
	if c.c != nil {
		_ = c.c.SetWriteDeadline(time.Now().Add(flushTime)) // fails only if it is closed already
		_ = c.c.SetReadDeadline(time.Now())
	}
	c.signal()
}

func (c *conn) isDestroyed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.destroyed
}

// run reads until the connection is over; it says so with "end", "error", "close".
func (c *conn) run(nc net.Conn) {
	c.mu.Lock()
	c.c = nc
	if c.destroyed {
		_ = nc.SetWriteDeadline(time.Now().Add(flushTime)) // as in destroy
		_ = nc.SetReadDeadline(time.Now())
	}
	c.mu.Unlock()
	c.watch()
	go c.send(nc)
	err := c.read(nc)
	if errors.Is(err, io.EOF) && !c.isDestroyed() {
		c.reply(event(c.id, "end"), false)
		c.end()
		<-c.written
	} else {
		c.fail(err)
		c.destroy()
		<-c.written
	}
	c.finish(nc)
}

// finish closes what is left and tells why.
func (c *conn) finish(nc net.Conn) {
	_ = nc.Close() // nothing is left to be lost
	c.mu.Lock()
	err := c.failed
	if c.idle != nil {
		c.idle.Stop()
	}
	c.mu.Unlock()
	close(c.gone)
	if err != nil {
		call := "read"
		var op *net.OpError
		if errors.As(err, &op) && op.Op == "write" {
			call = "write"
		}
		c.reply(event(c.id, "error", "error", errorOf(err, call, nil)), false)
	}
	c.reply(event(c.id, "close"), c.alone)
}

// fail keeps the first error of a connection that nobody destroyed.
func (c *conn) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil && !c.destroyed && err != nil && !errors.Is(err, io.EOF) {
		c.failed = err
	}
}

func (c *conn) read(nc net.Conn) error {
	buf := make([]byte, readSize)
	for {
		n, err := nc.Read(buf)
		if n > 0 && !c.isDestroyed() {
			c.active()
			c.reply(event(c.id, "data", "data", append([]byte(nil), buf[:n]...)), false)
		}
		if err != nil {
			return err
		}
	}
}

// watch starts to tell when the connection is idle.
func (c *conn) watch() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timeout == 0 || c.idle != nil {
		return
	}
	c.idle = time.AfterFunc(c.timeout, func() {
		c.mu.Lock()
		over := c.ending || c.destroyed
		if !over {
			c.idle.Reset(c.timeout)
		}
		c.mu.Unlock()
		if !over {
			c.reply(event(c.id, "timeout"), false)
		}
	})
}

func (c *conn) active() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.idle != nil {
		c.idle.Reset(c.timeout)
	}
}

// send writes what is queued until the connection ends.
func (c *conn) send(nc net.Conn) {
	defer close(c.written)
	for {
		c.mu.Lock()
		batch, ending, destroyed := c.queue, c.ending, c.destroyed
		c.queue = nil
		c.mu.Unlock()
		if len(batch) == 0 {
			if destroyed {
				return
			}
			if ending {
				c.shut(nc)
				return
			}
			<-c.wake
			continue
		}
		total := len(batch) * entryCost
		for _, b := range batch {
			total += len(b)
		}
		if _, err := batch.WriteTo(nc); err != nil {
			c.fail(err)
			c.destroy()
			return
		}
		c.mu.Lock()
		c.size -= total
		c.mu.Unlock()
		c.active()
	}
}

// shut ends the writing side; the peer may still send.
func (c *conn) shut(nc net.Conn) {
	if half, ok := nc.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite() // a connection that is gone is noticed by the reader
		return
	}
	_ = nc.Close()
}
