package admin

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// client is a connection; it is told things once it is let in.
type client struct {
	conn    *websocket.Conn
	allowed bool
	token   string
	queue   [][]byte
	size    int
	wake    chan struct{}
	end     context.CancelFunc
}

// push queues a message; a client that has too much waiting is cut off. The caller
// holds the lock of comms.
func (cl *client) push(m []byte) {
	if cl.size += len(m); cl.size > maxQueued {
		cl.queue = nil
		cl.end()
		return
	}
	cl.queue = append(cl.queue, m)
	select {
	case cl.wake <- struct{}{}:
	default:
	}
}

// getComms opens a connection of an editor.
func (a *API) getComms(q *request) {
	if !strings.EqualFold(q.r.Header.Get("Upgrade"), "websocket") {
		cannot(q.w, q.r)
		return
	}
	conn, err := websocket.Accept(q.w, q.r, &websocket.AcceptOptions{InsecureSkipVerify: a.auth != nil || a.opt.CORS != nil})
	if err != nil {
		return // Accept has answered
	}
	conn.SetReadLimit(maxIncoming)
	a.comms.serve(conn)
}

// serve reads from a connection until it ends.
func (c *comms) serve(conn *websocket.Conn) {
	ctx, cancel := context.WithCancel(context.Background())
	cl := &client{conn: conn, wake: make(chan struct{}, 1), end: cancel, allowed: c.auth == nil}
	c.mu.Lock()
	full := c.closed || len(c.clients) >= maxClients
	if !full {
		c.clients[cl] = true
		c.wg.Add(1)
	}
	c.mu.Unlock()
	if full {
		cancel()
		_ = conn.Close(websocket.StatusTryAgainLater, "too many connections") // it may be gone
		return
	}
	go func() {
		defer c.wg.Done()
		c.write(ctx, cl)
	}()
	for {
		_, text, err := conn.Read(ctx)
		if err != nil {
			break
		}
		if v, err := value.ParseJSON(value.Text(text)); err == nil && v.Object() != nil {
			c.receive(cl, v.Object())
		}
	}
	cancel()
	c.mu.Lock()
	delete(c.clients, cl)
	c.mu.Unlock()
	_ = conn.CloseNow() // it has ended
}

// write sends what waits for a client, in batches.
func (c *comms) write(ctx context.Context, cl *client) {
	defer cl.end()
	for {
		select {
		case <-cl.wake:
		case <-ctx.Done():
			return
		}
		for c.waiting(cl) {
			pause := time.NewTimer(batchPause)
			select {
			case <-pause.C:
			case <-ctx.Done():
				pause.Stop()
				return
			}
			frame := c.batch(cl)
			if frame != nil && c.send(ctx, cl, frame) != nil {
				return
			}
		}
	}
}

func (c *comms) waiting(cl *client) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(cl.queue) > 0
}

// batch takes the messages of one frame.
func (c *comms) batch(cl *client) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(len(cl.queue), batchSize)
	if n == 0 {
		return nil
	}
	frame := []byte{'['}
	for i, m := range cl.queue[:n] {
		if i > 0 {
			frame = append(frame, ',')
		}
		frame = append(frame, m...)
		cl.size -= len(m)
	}
	cl.queue = slices.Delete(cl.queue, 0, n)
	return append(frame, ']')
}

func (c *comms) send(ctx context.Context, cl *client, frame []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	return cl.conn.Write(ctx, websocket.MessageText, frame)
}

// receive handles what a client says: who it is, or what it wants to hear of.
func (c *comms) receive(cl *client, o *value.Object) {
	if token := o.Get("auth"); value.Truthy(token) {
		c.login(cl, token.Str())
		return
	}
	c.mu.Lock()
	allowed := cl.allowed
	c.mu.Unlock()
	if !allowed {
		scope, ok := c.auth.anonymous()
		if !ok || !allows(scope, value.Str("status.read")) {
			c.refuse(cl)
			return
		}
		c.mu.Lock()
		cl.allowed = true
		c.mu.Unlock()
	}
	if topic := o.Get("subscribe").Str(); topic != "" {
		c.subscribe(cl, topic)
	}
}

func (c *comms) login(cl *client, token string) {
	if c.auth == nil {
		c.refuse(cl)
		return
	}
	_, scope, ok := c.auth.byToken(token)
	if !ok || !allows(scope, value.Str("status.read")) {
		c.refuse(cl)
		return
	}
	c.mu.Lock()
	cl.allowed, cl.token = true, token
	c.mu.Unlock()
	_ = c.send(context.Background(), cl, []byte(`{"auth":"ok"}`)) // if it is gone, reading ends
}

func (c *comms) refuse(cl *client) {
	_ = c.send(context.Background(), cl, []byte(`{"auth":"fail"}`)) // if it is gone, reading ends
	go func() { _ = cl.conn.Close(websocket.StatusNormalClosure, "") }()
}

// expire cuts off those whose session has ended.
func (c *comms) expire(token string) {
	c.mu.Lock()
	var gone []*client
	for cl := range c.clients {
		if cl.token == token {
			gone = append(gone, cl)
		}
	}
	c.mu.Unlock()
	for _, cl := range gone {
		c.refuse(cl)
	}
}

// subscribe gives a client what is retained under a topic, in which + stands for one
// level and /# for all below.
func (c *comms) subscribe(cl *client, topic string) {
	p := regexp.QuoteMeta(topic)
	p = strings.ReplaceAll(p, `\+`, "[^/]+")
	if base, ok := strings.CutSuffix(p, "/#"); ok {
		p = base + "(/.*)?"
	}
	re, err := regexp.Compile("^" + p + "$")
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.order {
		if re.MatchString(t) {
			cl.push(message(t, c.retained[t]))
		}
	}
}
