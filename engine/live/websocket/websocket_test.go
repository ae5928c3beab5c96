package websocket_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	ws "github.com/coder/websocket"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/live/websocket"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// patience bounds what a test waits for.
const patience = 30 * time.Second

// outside is a performer with the answers to each request.
type outside struct {
	t    *testing.T
	p    *websocket.WebSocket
	url  string // of the HTTP server, as ws:
	last uint64
}

type answers chan *value.Object

func start(t *testing.T, pending int) *outside {
	t.Helper()
	h, err := live.NewHTTP(live.HTTPOptions{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	o := &outside{t: t, p: websocket.New(websocket.Options{HTTP: h, MaxPending: pending}), url: "ws" + strings.TrimPrefix(h.URL(), "http")}
	t.Cleanup(func() {
		_ = o.p.Close()
		_ = h.Close()
	})
	return o
}

func (o *outside) ask(kind string, pairs ...any) (uint64, answers) {
	o.t.Helper()
	o.last++
	ch := make(answers, 100_000)
	f := engine.Effect{Kind: kind, Request: o.last, Body: value.Obj(pairs...)}
	if err := o.p.Perform(f, func(v value.Value, _ bool) { ch <- v.Object() }); err != nil {
		o.t.Fatal(err)
	}
	return o.last, ch
}

func (o *outside) send(pairs ...any) {
	o.t.Helper()
	if err := o.p.Perform(engine.Effect{Kind: "ws.send", Body: value.Obj(pairs...)}, func(value.Value, bool) {}); err != nil {
		o.t.Fatal(err)
	}
}

// next waits for an event of a name, passing over others.
func next(t *testing.T, ch answers, name string) *value.Object {
	t.Helper()
	var seen []string
	deadline := time.After(patience)
	for {
		select {
		case o := <-ch:
			if o.Get("event").Str() == name {
				return o
			}
			seen = append(seen, o.Get("event").Str())
		case <-deadline:
			t.Fatalf("no %q; seen: %v", name, seen)
		}
	}
}

// TestThousandClients: a broadcast reaches all of them, and each one's answer comes.
func TestThousandClients(t *testing.T) {
	t.Parallel()
	const clients = 1000
	o := start(t, 0)
	listen, hears := o.ask("ws.listen", "path", "/many")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	failed := make(chan error, clients)
	var up, over sync.WaitGroup
	up.Add(clients)
	for i := range clients {
		over.Go(func() {
			c, _, err := ws.Dial(ctx, o.url+"/many", nil)
			up.Done()
			if err == nil {
				defer func() { _ = c.CloseNow() }()
				var b []byte
				if _, b, err = c.Read(ctx); err == nil {
					err = c.Write(ctx, ws.MessageText, fmt.Appendf(nil, "%s %d", b, i))
				}
			}
			if err == nil {
				_, _, err = c.Read(ctx) // until the listener cuts it off
				if ctx.Err() == nil {
					err = nil
				}
			}
			failed <- err
		})
	}
	up.Wait()
	list := value.NewArray()
	for range clients {
		list.Append(next(t, hears, "open").Get("socket"))
	}
	o.send("sockets", list, "data", "hello")
	got := map[string]bool{}
	for range clients {
		got[next(t, hears, "message").Get("data").Str()] = true
	}
	if len(got) != clients {
		t.Errorf("%d different answers", len(got))
	}
	o.p.Cancel(listen)
	over.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			t.Fatal(err)
		}
	}
	for range clients {
		next(t, hears, "close")
	}
}

func TestSlowReaderLosesOnlyItsOwn(t *testing.T) {
	t.Parallel()
	o := start(t, 1<<20)
	_, hears := o.ask("ws.listen", "path", "/a")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	slow, _, err := ws.Dial(ctx, o.url+"/a", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.CloseNow() }()
	bad := next(t, hears, "open").Get("socket")
	fast, _, err := ws.Dial(ctx, o.url+"/a", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = fast.CloseNow() }()
	good := next(t, hears, "open").Get("socket")
	block := make([]byte, 256<<10)
	for range 200 {
		o.send("socket", bad, "data", block)
	}
	d := next(t, hears, "dropped")
	if n := d.Get("messages").Num(); n < 1 || d.Get("bytes").Num() != n*float64(len(block)) {
		t.Errorf("dropped %v messages, %v bytes", d.Get("messages"), d.Get("bytes"))
	}
	o.send("sockets", value.Arr(bad, good), "data", "both")
	if _, b, err := fast.Read(ctx); err != nil || string(b) != "both" {
		t.Errorf("got %q, %v", b, err)
	}
}

// silent takes connections and says nothing.
func silent(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var all []net.Conn
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			all = append(all, c)
			mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		defer mu.Unlock()
		for _, c := range all {
			_ = c.Close()
		}
	})
	return "ws://" + l.Addr().String()
}

func TestCloseWhileConnecting(t *testing.T) {
	t.Parallel()
	o := start(t, 0)
	url := silent(t)
	id, hears := o.ask("ws.connect", "url", url)
	_, hears2 := o.ask("ws.connect", "url", url)
	o.p.Cancel(id)
	next(t, hears, "error")
	next(t, hears, "close")
	if err := o.p.Close(); err != nil {
		t.Error(err)
	}
	next(t, hears2, "close")
}

// TestHeartbeat: a server that is alive is kept, one that is half-open is noticed.
func TestHeartbeat(t *testing.T) { // not in parallel: it must not be starved
	held := make(chan struct{})
	dead := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := ws.Accept(w, r, nil); err == nil {
			<-held // it never reads, so it answers no ping
			_ = c.CloseNow()
		}
	}))
	defer dead.Close()
	defer close(held)
	o := start(t, 0)
	_, hears := o.ask("ws.connect", "url", "ws"+strings.TrimPrefix(dead.URL, "http"), "heartbeat", 50.0)
	next(t, hears, "open")
	if e := next(t, hears, "error").Get("error").Error(); e.Message != "timeout" {
		t.Errorf("got %v", e)
	}
	next(t, hears, "close")
	_, server := o.ask("ws.listen", "path", "/alive")
	id, client := o.ask("ws.connect", "url", o.url+"/alive", "heartbeat", 300.0)
	next(t, client, "open")
	socket := next(t, server, "open").Get("socket")
	timer := time.NewTimer(700 * time.Millisecond)
	defer timer.Stop()
	<-timer.C
	o.send("socket", float64(id), "data", "still here")
	if got := next(t, server, "message").Get("data").Str(); got != "still here" {
		t.Errorf("got %q", got)
	}
	o.send("socket", socket, "data", []byte{1, 2})
	if b := next(t, client, "message").Get("data").Buffer(); b == nil || len(b.B) != 2 {
		t.Error("bytes do not come as bytes")
	}
	o.p.Cancel(id)
	if code := next(t, server, "close").Get("code").Num(); code != float64(ws.StatusNoStatusRcvd) {
		t.Errorf("closed with %v", code)
	}
}

func TestInvalidUTF8Ends(t *testing.T) {
	t.Parallel()
	o := start(t, 0)
	_, hears := o.ask("ws.listen", "path", "/u")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, _, err := ws.Dial(ctx, o.url+"/u", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.CloseNow() }()
	if err := c.Write(ctx, ws.MessageText, []byte{0xff}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Read(ctx); ws.CloseStatus(err) != ws.StatusInvalidFramePayloadData {
		t.Errorf("got %v", err)
	}
	next(t, hears, "error")
	next(t, hears, "close")
}

func TestSubprotocols(t *testing.T) {
	t.Parallel()
	o := start(t, 0)
	o.ask("ws.listen", "path", "/p")
	_, hears := o.ask("ws.connect", "url", o.url+"/p", "protocols", value.Arr(value.Str("one"), value.Str("two")))
	next(t, hears, "open")
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := ws.Accept(w, r, nil); err == nil {
			_ = c.CloseNow()
		}
	}))
	defer plain.Close()
	_, hears = o.ask("ws.connect", "url", "ws"+strings.TrimPrefix(plain.URL, "http"), "protocols", value.Arr(value.Str("one")))
	if e := next(t, hears, "error").Get("error").Error(); e.Message != "Server sent no subprotocol" {
		t.Errorf("got %v", e)
	}
}

func TestWithoutServer(t *testing.T) {
	t.Parallel()
	p := websocket.New(websocket.Options{})
	o := &outside{t: t, p: p}
	_, hears := o.ask("ws.listen", "path", "/a")
	if e := next(t, hears, "").Get("error").Error(); e == nil {
		t.Error("no error")
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// TestProxy: the connection goes through the proxy, with its password.
func TestProxy(t *testing.T) {
	t.Parallel()
	o := start(t, 0)
	o.ask("ws.listen", "path", "/x")
	asked := make(chan string, 1)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := (&http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}).BasicAuth()
		asked <- r.Method + " " + r.Host + " " + user + ":" + password
		up, err := net.Dial("tcp", r.Host)
		if err != nil {
			return
		}
		down, _, _ := w.(http.Hijacker).Hijack()
		_, _ = down.Write([]byte("HTTP/1.1 200 OK\r\n\r\n"))
		go func() {
			buf := make([]byte, 1024)
			for {
				n, err := up.Read(buf)
				if _, e := down.Write(buf[:n]); err != nil || e != nil {
					_ = down.Close()
					return
				}
			}
		}()
		buf := make([]byte, 1024)
		for {
			n, err := down.Read(buf)
			if _, e := up.Write(buf[:n]); err != nil || e != nil {
				_ = up.Close()
				return
			}
		}
	}))
	defer proxy.Close()
	through := value.NewSecret("proxy", "http://me:pw@"+strings.TrimPrefix(proxy.URL, "http://"))
	id, hears := o.ask("ws.connect", "url", o.url+"/x", "proxy", through)
	next(t, hears, "open")
	if got, want := <-asked, "CONNECT "+strings.TrimPrefix(o.url, "ws://")+" me:pw"; got != want {
		t.Errorf("the proxy was asked %q, not %q", got, want)
	}
	o.p.Cancel(id)
	next(t, hears, "close")
}

// TestCompression: a client offers compression and reads and writes compressed
// messages; a listener does not take the offer.
func TestCompression(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("lockstep ", 1000)
	offers := make(chan string, 1)
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		offers <- r.Header.Get("Sec-WebSocket-Extensions")
		c, err := ws.Accept(w, r, &ws.AcceptOptions{CompressionMode: ws.CompressionContextTakeover})
		if err != nil {
			return
		}
		defer c.CloseNow() //nolint:errcheck // it may be closed already
		for {
			kind, b, err := c.Read(r.Context())
			if err != nil || c.Write(r.Context(), kind, b) != nil {
				return
			}
		}
	}))
	defer echo.Close()
	o := start(t, 0)
	id, hears := o.ask("ws.connect", "url", "ws"+strings.TrimPrefix(echo.URL, "http"))
	next(t, hears, "open")
	if offer := <-offers; !strings.HasPrefix(offer, "permessage-deflate") {
		t.Errorf("the client offers %q", offer)
	}
	for range 3 {
		o.send("socket", float64(id), "data", long)
		if got := next(t, hears, "message").Get("data").Str(); got != long {
			t.Fatalf("got %d bytes of %d", len(got), len(long))
		}
	}
	o.ask("ws.listen", "path", "/plain")
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	c, r, err := ws.Dial(ctx, o.url+"/plain", &ws.DialOptions{CompressionMode: ws.CompressionContextTakeover}) //nolint:bodyclose // the library closes it
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow() //nolint:errcheck // it may be closed already
	if got := r.Header.Get("Sec-WebSocket-Extensions"); got != "" {
		t.Errorf("the listener takes %q", got)
	}
}
