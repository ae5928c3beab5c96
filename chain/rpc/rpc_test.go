package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// peer is a node that can be told to misbehave.
type peer struct {
	t     *testing.T
	name  string
	dead  atomic.Bool // refuses connections
	calls atomic.Int64
	// say answers a method; "" gives no answer.
	say func(p *peer, ws *websocket.Conn, id uint64, method string) string

	lock  sync.Mutex
	conns map[*websocket.Conn]bool
}

func newPeer(t *testing.T, name string) (*peer, string) {
	p := &peer{t: t, name: name, conns: map[*websocket.Conn]bool{}}
	s := httptest.NewServer(p)
	t.Cleanup(func() { p.drop(); s.Close() })
	return p, strings.Replace(s.URL, "http", "ws", 1)
}

func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.dead.Load() {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	p.lock.Lock()
	p.conns[ws] = true
	p.lock.Unlock()
	for {
		_, b, err := ws.Read(context.Background())
		if err != nil {
			return
		}
		var q request
		_ = json.Unmarshal(b, &q)
		p.calls.Add(1)
		text := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":%q}`, q.ID, p.name)
		if p.say != nil {
			text = p.say(p, ws, q.ID, q.Method)
		}
		if text != "" {
			_ = ws.Write(context.Background(), websocket.MessageText, []byte(text))
		}
	}
}

// drop breaks all connections.
func (p *peer) drop() {
	p.lock.Lock()
	defer p.lock.Unlock()
	for ws := range p.conns {
		_ = ws.CloseNow()
	}
	clear(p.conns)
}

func client(t *testing.T, o Options, urls ...string) (*Client, context.Context) {
	t.Helper()
	o.Pause, o.MaxPause = time.Millisecond, 5*time.Millisecond
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Second
	}
	c, err := Dial(o, urls...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return c, ctx
}

// TestReconnect makes a broken connection again.
func TestReconnect(t *testing.T) {
	p, url := newPeer(t, "a")
	c, ctx := client(t, Options{}, url)
	for range 5 {
		var s string
		if err := c.Call(ctx, &s, "name"); err != nil || s != "a" {
			t.Fatal(s, err)
		}
		p.drop()
	}
}

// TestFailover goes on at the next endpoint, and comes back when that fails.
func TestFailover(t *testing.T) {
	a, first := newPeer(t, "a")
	b, second := newPeer(t, "b")
	c, ctx := client(t, Options{}, first, second)
	for _, want := range []string{"a", "b", "a"} {
		a.dead.Store(want == "b")
		b.dead.Store(want == "a")
		if want == "b" {
			a.drop()
		} else {
			b.drop()
		}
		var s string
		if err := c.Call(ctx, &s, "name"); err != nil || s != want {
			t.Fatalf("%q, %v, want %q", s, err, want)
		}
	}
	a.dead.Store(true)
	a.drop()
	if err := c.Call(ctx, nil, "name"); err == nil {
		t.Error("nobody answers, and that is no error")
	}
}

// TestOnce never sends a request twice, but tries another endpoint if it never left.
func TestOnce(t *testing.T) {
	a, first := newPeer(t, "a")
	_, second := newPeer(t, "b")
	a.say = func(p *peer, ws *websocket.Conn, _ uint64, _ string) string { _ = ws.CloseNow(); return "" }
	c, ctx := client(t, Options{}, first, second)
	if err := c.Once(ctx, nil, "submit"); err == nil || a.calls.Load() != 1 {
		t.Errorf("%v after %d calls", err, a.calls.Load())
	}
	a.dead.Store(true)
	a.drop()
	var s string
	if err := c.Once(ctx, &s, "submit"); err != nil || s != "b" {
		t.Error(s, err)
	}
}

// TestVerify does not use an endpoint that is not the wanted one.
func TestVerify(t *testing.T) {
	_, first := newPeer(t, "wrong")
	_, second := newPeer(t, "right")
	o := Options{Verify: func(ctx context.Context, call CallFunc) error {
		var s string
		if err := call(ctx, &s, "name"); err != nil {
			return err
		}
		if s != "right" {
			return errors.New("it is " + s)
		}
		return nil
	}}
	c, ctx := client(t, o, first, second)
	var s string
	if err := c.Call(ctx, &s, "name"); err != nil || s != "right" {
		t.Error(s, err)
	}
	c, ctx = client(t, o, first)
	if err := c.Call(ctx, &s, "name"); err == nil || !strings.Contains(err.Error(), "it is wrong") {
		t.Error(err)
	}
}

// TestSecrets says that errors do not repeat what a URL may hide.
func TestSecrets(t *testing.T) {
	p, url := newPeer(t, "a")
	p.dead.Store(true)
	for _, u := range []string{url, strings.Replace(url, "ws", "http", 1), "ws://127.0.0.1:1", "http://127.0.0.1:1"} {
		c, ctx := client(t, Options{Attempts: 1}, strings.Replace(u, "://", "://user:hunter2@", 1)+"/hunter3?key=hunter4")
		if err := c.Call(ctx, nil, "name"); err == nil || strings.Contains(err.Error(), "hunter") {
			t.Error(err)
		}
	}
}

// TestAnswers tells a node's errors from broken connections.
func TestAnswers(t *testing.T) {
	p, url := newPeer(t, "a")
	c, ctx := client(t, Options{Timeout: 100 * time.Millisecond, Attempts: 2, MaxBody: 4096}, url)
	for _, x := range []struct{ say, want string }{
		{`{"id":%d,"error":{"code":1010,"message":"Invalid Transaction","data":"bad"}}`, "Invalid Transaction (1010): bad"},
		{`no json %d`, "no JSON-RPC"},
		{`{"id":%d,"result":"` + strings.Repeat("x", 8000) + `"}`, "limit"},
		{``, "no answer within"},
	} {
		p.say = func(_ *peer, _ *websocket.Conn, id uint64, _ string) string {
			if x.say == "" {
				return ""
			}
			return fmt.Sprintf(x.say, id)
		}
		p.calls.Store(0)
		err := c.Call(ctx, nil, "name")
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%.20q: %v, want …%s…", x.say, err, x.want)
		}
		var answer *Error
		if errors.As(err, &answer) != (p.calls.Load() == 1) {
			t.Errorf("%.20q: asked %d times", x.say, p.calls.Load())
		}
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := c.Call(gone, nil, "name"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestSubscription is renewed when its connection breaks, at another endpoint too, and
// drops the oldest notifications if nobody reads.
func TestSubscription(t *testing.T) {
	say := func(p *peer, ws *websocket.Conn, id uint64, method string) string {
		if method != "subscribe" {
			return fmt.Sprintf(`{"id":%d,"result":true}`, id)
		}
		// a notification before the answer must not be lost
		_ = ws.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil, `{"method":"n","params":{"subscription":"s","result":%q}}`, p.name+" early"))
		_ = ws.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil, `{"id":%d,"result":"s"}`, id))
		return fmt.Sprintf(`{"method":"n","params":{"subscription":"s","result":%q}}`, p.name)
	}
	a, first := newPeer(t, "a")
	b, second := newPeer(t, "b")
	a.say, b.say = say, say
	c, ctx := client(t, Options{}, first, second)
	s, err := c.Subscribe(ctx, "subscribe", "unsubscribe")
	if err != nil {
		t.Fatal(err)
	}
	expect := func(want string) {
		t.Helper()
		select {
		case got := <-s.C():
			if string(got) != `"`+want+`"` {
				t.Errorf("%s, want %s", got, want)
			}
		case <-ctx.Done():
			t.Fatalf("%s did not come", want)
		}
	}
	expect("a early")
	expect("a")
	a.dead.Store(true)
	a.drop()
	expect("b early")
	expect("b")
	if s.Renewed() != 1 {
		t.Errorf("renewed %d times", s.Renewed())
	}
	s.Close()
	for range s.C() { //nolint:revive // until it ends
	}
	if s.Err() != nil {
		t.Error(s.Err())
	}
}

// TestFlood keeps memory bounded when a node tells more than anyone reads.
func TestFlood(t *testing.T) {
	p, url := newPeer(t, "a")
	p.say = func(_ *peer, ws *websocket.Conn, id uint64, method string) string {
		if method == "subscribe" {
			go func() {
				_ = ws.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil, `{"id":%d,"result":"s"}`, id))
				for i := range 5 * queue {
					_ = ws.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil, `{"method":"n","params":{"subscription":"s","result":%d}}`, i))
					_ = ws.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil, `{"method":"n","params":{"subscription":"unknown%d","result":%d}}`, i, i))
				}
				_ = ws.Write(context.Background(), websocket.MessageText, []byte(`{"method":"n","params":{"subscription":"s","result":"end"}}`))
			}()
			return ""
		}
		return fmt.Sprintf(`{"id":%d,"result":true}`, id)
	}
	c, ctx := client(t, Options{}, url)
	s, err := c.Subscribe(ctx, "subscribe", "unsubscribe")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for {
		select {
		case got := <-s.C():
			n++
			if string(got) == `"end"` {
				if n > 5*queue+1 {
					t.Errorf("%d notifications", n)
				}
				return
			}
		case <-ctx.Done():
			t.Fatal("the end did not come")
		}
	}
}
