package devnet

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// maxRequest bounds a request in bytes, maxQueue what waits for a slow reader, maxSubs the
// subscriptions of a connection.
const (
	maxRequest = 16 << 20
	maxQueue   = 4096
	maxSubs    = 1024
)

func hex0x(b []byte) string { return "0x" + hex.EncodeToString(b) }

// request of JSON-RPC.
type request struct {
	ID     json.RawMessage   `json:"id"`
	Method string            `json:"method"`
	Params []json.RawMessage `json:"params"`
}

// answer of JSON-RPC.
type answer struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Result  any             `json:"result"`
}

type refusal struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Error   *rpcError       `json:"error"`
}

// ServeHTTP answers JSON-RPC by POST and by WebSocket.
func (c *Chain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	switch {
	case r.Header.Get("Upgrade") != "":
		c.serveSocket(w, r)
	case r.Method == http.MethodPost:
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
		if err != nil {
			http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
			return
		}
		out := c.answer(nil, body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(out) // who asked may be gone
	case r.Method == http.MethodOptions:
		w.Header().Set("Access-Control-Allow-Methods", "POST")
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
	default:
		http.Error(w, "this is the RPC of a lockstep devnet: POST JSON-RPC, or open a WebSocket", http.StatusMethodNotAllowed)
	}
}

// answer answers a request, or several in a list.
func (c *Chain) answer(s *session, body []byte) []byte {
	var list []request
	if err := json.Unmarshal(body, &list); err == nil {
		out := []byte{'['}
		for i, r := range list {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, c.one(s, r)...)
		}
		return append(out, ']')
	}
	var r request
	if err := json.Unmarshal(body, &r); err != nil {
		return encode(refusal{"2.0", json.RawMessage("null"), &rpcError{-32700, "Parse error", nil}})
	}
	return c.one(s, r)
}

func (c *Chain) one(s *session, r request) []byte {
	if r.ID == nil {
		r.ID = json.RawMessage("null")
	}
	v, e := c.call(s, r.Method, r.Params)
	if e != nil {
		return encode(refusal{"2.0", r.ID, e})
	}
	return encode(answer{"2.0", r.ID, v})
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return []byte(`{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"Internal error"}}`)
	}
	return b
}

// session is a WebSocket connection with its subscriptions.
type session struct {
	c      *Chain
	ws     *websocket.Conn
	cancel context.CancelFunc

	lock sync.Mutex
	out  chan []byte
	last int
	subs map[string]*subscription
}

// subscription of a session.
type subscription struct {
	kind, notice string
	keys         []string // of storage
	greeted      bool     // the client knows its id
	seen         int64    // the last block it told of
	pending      []any    // what it could not tell yet
}

func (c *Chain) serveSocket(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	ws.SetReadLimit(maxRequest)
	ctx, cancel := context.WithCancel(context.Background())
	s := &session{c: c, ws: ws, cancel: cancel, out: make(chan []byte, maxQueue), subs: map[string]*subscription{}}
	c.lock.Lock()
	c.sessions[s] = true
	c.lock.Unlock()
	select {
	case <-c.done:
		cancel()
	default:
	}
	defer func() {
		c.lock.Lock()
		delete(c.sessions, s)
		c.lock.Unlock()
		s.end()
		_ = ws.CloseNow()
	}()
	go s.write(ctx)
	for {
		_, body, err := ws.Read(ctx)
		if err != nil {
			return
		}
		s.flush(c.answer(s, body))
	}
}

func (s *session) write(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case b := <-s.out:
			limited, cancel := context.WithTimeout(ctx, 10*time.Second)
			err := s.ws.Write(limited, websocket.MessageText, b)
			cancel()
			if err != nil {
				s.end()
				return
			}
		}
	}
}

// send queues a message. A reader that is too slow loses its connection.
func (s *session) send(b []byte) {
	select {
	case s.out <- b:
	default:
		s.end()
	}
}

func (s *session) end() { s.cancel() }

// subscribe adds a subscription and gives its id. What it tells before the client
// knows the id waits for flush.
func (s *session) subscribe(sub *subscription) (string, *rpcError) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if len(s.subs) >= maxSubs {
		return "", &rpcError{-32603, "Internal error", "too many subscriptions"}
	}
	s.last++
	id := "lockstep" + strconv.Itoa(s.last)
	s.subs[id] = sub
	return id, nil
}

// unsubscribe takes one away.
func (s *session) unsubscribe(id string) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	_, ok := s.subs[id]
	delete(s.subs, id)
	return ok
}

// flush sends an answer, and lets subscriptions begin whose ids are in it: no block is made
// in between.
func (s *session) flush(answer []byte) {
	s.c.lock.RLock()
	defer s.c.lock.RUnlock()
	s.lock.Lock()
	defer s.lock.Unlock()
	s.send(answer)
	for id, sub := range s.subs {
		if !sub.greeted {
			sub.greeted = true
			s.greet(id, sub)
		}
	}
}

// greet tells what a subscription begins with. The locks are held.
func (s *session) greet(id string, sub *subscription) {
	best := s.c.best()
	sub.seen = int64(best.number)
	switch sub.kind {
	case "new", "all":
		s.notify(id, sub.notice, best.json())
	case "final":
		if b := s.c.blocks[s.c.finalized()]; b != nil {
			sub.seen = int64(b.number)
			s.notify(id, sub.notice, b.json())
		}
	case "version":
		s.notify(id, sub.notice, s.c.r.json())
	case "storage":
		s.notify(id, sub.notice, s.c.changes(best, sub.keys))
	}
	for _, v := range sub.pending {
		s.notify(id, sub.notice, v)
	}
	sub.pending = nil
}

// tell tells a subscription something, as soon as the client knows its id.
func (s *session) tell(id string, v any) {
	s.lock.Lock()
	defer s.lock.Unlock()
	switch sub := s.subs[id]; {
	case sub == nil:
	case sub.greeted:
		s.notify(id, sub.notice, v)
	default:
		sub.pending = append(sub.pending, v)
	}
}

// block tells all subscriptions of a new block, and of the one that became final.
func (s *session) block(b, final *block) {
	s.c.lock.RLock()
	defer s.c.lock.RUnlock()
	s.lock.Lock()
	defer s.lock.Unlock()
	for id, sub := range s.subs {
		if !sub.greeted {
			continue
		}
		of := b
		if sub.kind == "final" {
			of = final
		}
		if of == nil || int64(of.number) <= sub.seen {
			continue
		}
		switch sub.kind {
		case "new", "all", "final":
			s.notify(id, sub.notice, of.json())
		case "storage":
			var keys []string
			for _, k := range sub.keys {
				if _, ok := slices.BinarySearch(b.changed, k); ok {
					keys = append(keys, k)
				}
			}
			if keys != nil {
				s.notify(id, sub.notice, s.c.changes(b, keys))
			}
		}
		sub.seen = int64(of.number)
	}
}

// notify tells a value.
func (s *session) notify(id, method string, v any) {
	type params struct {
		Subscription string `json:"subscription"`
		Result       any    `json:"result"`
	}
	s.send(encode(struct {
		Version string `json:"jsonrpc"`
		Method  string `json:"method"`
		Params  params `json:"params"`
	}{"2.0", method, params{id, v}}))
}
