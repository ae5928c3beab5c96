package websocket

import (
	"context"
	"errors"
	"sync"
	"time"
	"unicode/utf8"

	ws "github.com/coder/websocket"

	"github.com/lockstep-flows/lockstep/engine/value"
)

const (
	// entryCost is what a queued message counts besides its bytes.
	entryCost = 64
	// tellPause is the time between two reports of what was dropped.
	tellPause = time.Second
)

type message struct {
	typ  ws.MessageType
	data []byte
}

// conn is one connection: messages that wait to be sent, and who hears of it.
type conn struct {
	id    uint64
	limit int
	reply func(value.Value, bool)
	code  int // why it was closed, as in close frames

	mu      sync.Mutex
	waiting []message
	size    int
	closing bool // close was asked for
	failed  error
	dropped struct{ messages, bytes int }
	telling bool
	pinged  bool // a ping is not answered yet
	cancel  context.CancelFunc
	wc      *ws.Conn

	wake chan struct{}
	gone chan struct{}
}

func newConn(id uint64, limit int, reply func(value.Value, bool)) *conn {
	return &conn{id: id, limit: limit, reply: reply, code: int(ws.StatusAbnormalClosure), wake: make(chan struct{}, 1), gone: make(chan struct{})}
}

// event makes the answer that tells what happened to the connection.
func (c *conn) event(name string, more ...any) value.Value {
	return value.Obj(append([]any{"socket", float64(c.id), "event", name}, more...)...)
}

// queue adds a message to be sent, or counts it as dropped.
func (c *conn) queue(m message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return
	}
	if c.size > 0 && c.size+len(m.data) > c.limit {
		c.dropped.messages++
		c.dropped.bytes += len(m.data)
		if !c.telling {
			c.telling = true
			go c.tell()
		}
		return
	}
	c.waiting = append(c.waiting, m)
	c.size += len(m.data) + entryCost
	c.signal()
}

func (c *conn) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// tell reports what was dropped, at most once in a while.
func (c *conn) tell() {
	for {
		c.mu.Lock()
		d := c.dropped
		c.dropped.messages, c.dropped.bytes = 0, 0
		c.telling = d.messages > 0
		c.mu.Unlock()
		if d.messages == 0 {
			return
		}
		c.reply(c.event("dropped", "messages", d.messages, "bytes", d.bytes), false)
		select {
		case <-time.After(tellPause):
		case <-c.gone:
			return
		}
	}
}

// close ends the connection with a handshake, after what waits to be sent.
func (c *conn) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return
	}
	c.closing = true
	if c.wc == nil {
		if c.cancel != nil {
			c.cancel() // it is still connecting
		}
		return
	}
	time.AfterFunc(closeTime, c.cancel)
	c.signal()
}

// cut ends the connection at once.
func (c *conn) cut(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closing = true
	if c.failed == nil {
		c.failed = err
	}
	if c.cancel != nil {
		c.cancel()
	}
}

// run reads and sends until the connection ends.
func (c *conn) run(ctx context.Context, wc *ws.Conn) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c.mu.Lock()
	cut := c.closing
	c.wc, c.cancel = wc, cancel
	c.mu.Unlock()
	if cut {
		cancel()
	}
	wc.SetReadLimit(maxMessage)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		c.send(ctx, wc)
	}()
	err := c.read(ctx, wc)
	cancel()
	_ = wc.CloseNow() // it is over already
	close(c.gone)
	<-sent
	var closed ws.CloseError
	if errors.As(err, &closed) {
		c.code = int(closed.Code)
	}
}

func (c *conn) read(ctx context.Context, wc *ws.Conn) error {
	for {
		typ, data, err := wc.Read(ctx)
		if err != nil {
			return err
		}
		c.answered()
		body := value.Bytes(data)
		if typ == ws.MessageText {
			if !utf8.Valid(data) {
				c.mu.Lock()
				c.failed = errUTF8
				c.mu.Unlock()
				_ = wc.Close(ws.StatusInvalidFramePayloadData, "") // the peer may be gone
				return errUTF8
			}
			body = value.Str(string(data))
		}
		c.reply(c.event("message", "data", body), false)
	}
}

// answered notes that the peer is alive.
func (c *conn) answered() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pinged = false
}

func (c *conn) send(ctx context.Context, wc *ws.Conn) {
	for {
		c.mu.Lock()
		batch, closing := c.waiting, c.closing
		c.waiting = nil
		c.mu.Unlock()
		for _, m := range batch {
			if wc.Write(ctx, m.typ, m.data) != nil {
				_ = wc.CloseNow() // the reader tells
				return
			}
			c.mu.Lock()
			c.size -= len(m.data) + entryCost
			c.mu.Unlock()
		}
		if len(batch) > 0 {
			continue
		}
		if closing {
			_ = wc.Close(ws.StatusNoStatusRcvd, "") // bounded by the context
			return
		}
		select {
		case <-c.wake:
		case <-ctx.Done():
			return
		}
	}
}

// beat pings the peer now and then; one that does not answer in time is cut off.
func (c *conn) beat(ctx context.Context, wc *ws.Conn, every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.gone:
			return
		case <-t.C:
		}
		c.mu.Lock()
		dead := c.pinged
		c.pinged = true
		c.mu.Unlock()
		if dead {
			c.cut(errTimeout)
			return
		}
		go func() { _ = wc.Ping(ctx) }() // the answer is heard as a pong
	}
}
