package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// socketEnd is an endpoint over WebSocket: one connection, made when it is needed.
type socketEnd struct {
	url string
	o   Options

	mu     sync.Mutex
	conn   *connection
	closed bool
}

func newSocket(url string, o Options) *socketEnd { return &socketEnd{url: url, o: o} }

// connection is one that stands. What waits fails when it breaks.
type connection struct {
	ws     *websocket.Conn
	cancel context.CancelFunc
	broken chan struct{}

	mu    sync.Mutex
	last  uint64
	waits map[uint64]chan response
	subs  map[string]*Subscription
	early map[string][]json.RawMessage // notifications that came before their subscription's answer
	err   error
}

// maxEarly bounds what is kept for subscriptions that are not known yet, maxNotice the
// bytes of one notification.
const (
	maxEarly  = 16
	maxNotice = 1 << 20
)

func (e *socketEnd) connect(ctx context.Context) (*connection, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, ErrClosed
	}
	if e.conn != nil {
		select {
		case <-e.conn.broken:
		default:
			return e.conn, nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, e.o.Timeout)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, e.url, nil)
	if err != nil {
		return nil, hide(e.url, err)
	}
	ws.SetReadLimit(e.o.MaxBody)
	life, end := context.WithCancel(context.Background())
	c := &connection{ws: ws, cancel: end, broken: make(chan struct{}), waits: map[uint64]chan response{}, subs: map[string]*Subscription{}, early: map[string][]json.RawMessage{}}
	go c.read(life)
	if err := e.o.verify(ctx, e.url, c.ask); err != nil {
		end()
		return nil, err
	}
	e.conn = c
	return c, nil
}

func (c *connection) read(ctx context.Context) {
	var err error
	for {
		var text []byte
		if _, text, err = c.ws.Read(ctx); err != nil {
			break
		}
		var r response
		if err = json.Unmarshal(text, &r); err != nil {
			err = errors.New("the endpoint sent no JSON-RPC")
			break
		}
		if r.ID == nil && len(text) > maxNotice {
			err = fmt.Errorf("a notification has more than %d bytes", maxNotice)
			break
		}
		c.take(r)
	}
	_ = c.ws.CloseNow()
	c.mu.Lock()
	c.err = fmt.Errorf("the connection broke: %w", err)
	waits, subs := c.waits, c.subs
	c.waits, c.subs = nil, nil
	c.mu.Unlock()
	close(c.broken)
	for _, w := range waits {
		close(w)
	}
	for _, s := range subs {
		s.lose()
	}
}

func (c *connection) take(r response) {
	c.mu.Lock()
	if r.ID != nil {
		w := c.waits[*r.ID]
		delete(c.waits, *r.ID)
		c.mu.Unlock()
		if w != nil {
			w <- r
		}
		return
	}
	id := string(r.Params.Subscription)
	s := c.subs[id]
	if s == nil && id != "" && len(c.early) < maxEarly && len(c.early[id]) < maxEarly {
		c.early[id] = append(c.early[id], r.Params.Result)
	}
	c.mu.Unlock()
	if s != nil {
		s.put(r.Params.Result)
	}
}

// send sends a request and gives where its answer will be.
func (c *connection) send(ctx context.Context, method string, params []any) (uint64, chan response, error) {
	c.mu.Lock()
	if c.waits == nil {
		c.mu.Unlock()
		return 0, nil, c.err
	}
	c.last++
	id, w := c.last, make(chan response, 1)
	c.waits[id] = w
	c.mu.Unlock()
	body, err := json.Marshal(request{"2.0", id, method, params})
	if err == nil {
		err = c.ws.Write(ctx, websocket.MessageText, body)
	}
	if err != nil {
		c.forget(id)
		return 0, nil, err
	}
	return id, w, nil
}

func (c *connection) forget(id uint64) {
	c.mu.Lock()
	delete(c.waits, id)
	c.mu.Unlock()
}

func (c *connection) ask(ctx context.Context, method string, params []any) (json.RawMessage, error) {
	id, w, err := c.send(ctx, method, params)
	if err != nil {
		return nil, err
	}
	select {
	case r, ok := <-w:
		if !ok {
			return nil, c.err
		}
		if r.Error != nil {
			return nil, r.Error
		}
		return r.Result, nil
	case <-ctx.Done():
		c.forget(id)
		return nil, ctx.Err()
	}
}

func (e *socketEnd) call(ctx context.Context, method string, params []any) (json.RawMessage, error) {
	limited, cancel := context.WithTimeout(ctx, e.o.Timeout)
	defer cancel()
	c, err := e.connect(limited)
	if err != nil {
		return nil, unsent{err}
	}
	raw, err := c.ask(limited, method, params)
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		c.cancel() // it does not answer any more
		return nil, fmt.Errorf("no answer within %v", e.o.Timeout)
	}
	return raw, err
}

func (e *socketEnd) subscribe(ctx context.Context, s *Subscription) error {
	limited, cancel := context.WithTimeout(ctx, e.o.Timeout)
	defer cancel()
	c, err := e.connect(limited)
	if err != nil {
		return err
	}
	raw, err := c.ask(limited, s.method, s.params)
	if err != nil {
		return err
	}
	id := string(raw)
	c.mu.Lock()
	if c.subs == nil {
		c.mu.Unlock()
		return c.err
	}
	c.subs[id] = s
	early := c.early[id]
	delete(c.early, id)
	c.mu.Unlock()
	for _, r := range early {
		s.put(r)
	}
	s.setLeave(func() {
		c.mu.Lock()
		delete(c.subs, id)
		c.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, _ = c.ask(ctx, s.unsubscribe, []any{raw}) // the connection may be gone
	})
	return nil
}

func (e *socketEnd) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	if e.conn != nil {
		e.conn.cancel()
		_ = e.conn.ws.CloseNow()
	}
}
