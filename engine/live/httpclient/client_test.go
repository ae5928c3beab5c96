package httpclient

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

const patience = 20 * time.Second

// ask performs a request and gives its answer.
func ask(t *testing.T, c *Client, id uint64, pairs ...any) *value.Object {
	t.Helper()
	got := start(t, c, id, pairs...)
	select {
	case v := <-got:
		return v.Object()
	case <-time.After(patience):
		t.Fatal("no answer")
		return nil
	}
}

func start(t *testing.T, c *Client, id uint64, pairs ...any) <-chan value.Value {
	t.Helper()
	o := value.Obj("method", "GET", "follow", true, "maxRedirects", 21, "timeout", 10000).Object()
	for i := 0; i < len(pairs); i += 2 {
		o.Set(pairs[i].(string), value.From(pairs[i+1]))
	}
	got := make(chan value.Value, 1)
	if err := c.Perform(engine.Effect{Kind: "http.request", Node: "n", Request: id, Body: value.Of(o)}, func(v value.Value, _ bool) { got <- v }); err != nil {
		t.Fatal(err)
	}
	return got
}

func closed(t *testing.T, c *Client) {
	t.Helper()
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

// wantError fails if an answer is not the error of a code and text.
func wantError(t *testing.T, o *value.Object, code, text string) {
	t.Helper()
	e := o.Get("error").Error()
	if e == nil {
		t.Fatalf("no error: %s", value.Inspect(value.Of(o), value.InspectOptions{}))
	}
	if e.Prop("code").Str() != code || text != "" && e.Error() != text {
		t.Errorf("error %s %q, want %s %q", e.Prop("code").Str(), e.Error(), code, text)
	}
}

func body(o *value.Object) string {
	if b := o.Get("body").Buffer(); b != nil {
		return string(b.B)
	}
	return value.Inspect(value.Of(o), value.InspectOptions{})
}

// raw listens and answers each connection by hand.
func raw(t *testing.T, serve func(c net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Add(1)
			go func() {
				defer wg.Done()
				defer func() { _ = c.Close() }()
				serve(c)
			}()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		wg.Wait()
	})
	return "http://" + l.Addr().String() + "/x"
}

func readHead(c net.Conn) string {
	var b strings.Builder
	r := bufio.NewReader(c)
	for {
		line, err := r.ReadString('\n')
		b.WriteString(line)
		if err != nil || line == "\r\n" {
			return b.String()
		}
	}
}

// untilClosed waits for the peer to go.
func untilClosed(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// TestHeaders: those of the answer come in their order, as Latin-1, joined; those
// of the request go out as spelled.
func TestHeaders(t *testing.T) {
	heads := make(chan string, 1)
	url := raw(t, func(c net.Conn) {
		heads <- readHead(c)
		_, _ = io.WriteString(c, "HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-B: 2\r\nx-a: \xe4\r\nSet-Cookie: a=1\r\nX-B: 3\r\nSet-Cookie: b=2\r\nEtag: 1\r\nEtag: 2\r\nContent-Length: 2\r\n\r\nhi")
		untilClosed(c)
	})
	c := New(Options{})
	closed(t, c)
	o := ask(t, c, 1, "url", url, "headers", value.Arr(value.Arr(value.Str("x-OWN"), value.Str("é")), value.Arr(value.Str("Authorization"), value.NewSecret("a", "tok"))))
	text, _, _ := value.Stringify(o.Get("headers"), "")
	if want := `{"x-b":"2, 3","x-a":"ä","set-cookie":["a=1","b=2"],"etag":"1","content-length":"2"}`; text != want {
		t.Errorf("headers %s, want %s", text, want)
	}
	head := <-heads
	for _, want := range []string{"x-OWN: \xe9\r\n", "Authorization: tok\r\n", "Connection: keep-alive\r\n"} {
		if !strings.Contains(head, want) {
			t.Errorf("no %q in %q", want, head)
		}
	}
}

// TestBrokenPeers: peers that stall, hang up or talk nonsense end in Node-RED's errors.
func TestBrokenPeers(t *testing.T) {
	c := New(Options{MaxBody: 100})
	closed(t, c)
	for _, b := range []struct{ name, answer, code, text string }{
		{"stalls before the answer", "stall", "ETIMEDOUT", "TimeoutError: Timeout awaiting 'request' for 100ms"},
		{"stalls in the body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalfstall", "ETIMEDOUT", "TimeoutError: Timeout awaiting 'request' for 100ms"},
		{"hangs up", "", "ECONNRESET", "RequestError: socket hang up"},
		{"hangs up in the body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "ECONNRESET", "ReadError: The server aborted pending request"},
		{"is no web server", "220 mail\r\n\r\n", "HPE_INVALID_CONSTANT", ""},
		{"sends too much", "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" + strings.Repeat("x", 101), "ERR_RESPONSE_TOO_LARGE", ""},
	} {
		t.Run(b.name, func(t *testing.T) {
			url := raw(t, func(c net.Conn) {
				readHead(c)
				text, stall := strings.CutSuffix(b.answer, "stall")
				_, _ = io.WriteString(c, text)
				if stall {
					untilClosed(c)
				}
			})
			timeout := 10000
			if b.code == "ETIMEDOUT" {
				timeout = 100
			}
			wantError(t, ask(t, c, 1, "url", url, "timeout", timeout), b.code, b.text)
		})
	}
}

// TestAllow: a refused address is not connected to.
func TestAllow(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	c := New(Options{Allow: func(host string, ip net.IP) error {
		if ip != nil && ip.IsLoopback() {
			return errors.New("private addresses are not allowed: " + host)
		}
		return nil
	}})
	closed(t, c)
	wantError(t, ask(t, c, 1, "url", s.URL), "ERR_GOT_REQUEST_ERROR", "RequestError: private addresses are not allowed: 127.0.0.1")
}

// TestCancel: a request of a node that closed ends, and is not answered.
func TestCancel(t *testing.T) {
	arrived, gone := make(chan struct{}), make(chan struct{})
	url := raw(t, func(c net.Conn) {
		readHead(c)
		close(arrived)
		untilClosed(c)
		close(gone)
	})
	c := New(Options{})
	closed(t, c)
	got := start(t, c, 7, "url", url)
	<-arrived
	c.Cancel(7)
	select {
	case <-gone:
	case <-time.After(patience):
		t.Fatal("the connection stays")
	}
	if !c.requests.Close() {
		t.Fatal("it goes on")
	}
	if len(got) > 0 {
		t.Error("it was answered")
	}
}

// TestConcurrent: thousands of requests are under way at once; one too many is refused.
func TestConcurrent(t *testing.T) {
	n := 10000
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err == nil {
		n = min(n, int(files.Cur)/2-100) // both ends are in this process
	}
	release := make(chan struct{})
	free := sync.OnceFunc(func() { close(release) })
	var waiting sync.WaitGroup
	waiting.Add(n)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		waiting.Done()
		<-release
		_, _ = io.WriteString(w, r.URL.RawQuery)
	}))
	defer s.Close()
	defer free()
	c := New(Options{MaxRequests: n})
	closed(t, c)
	answers := make([]<-chan value.Value, n)
	for i := range answers {
		answers[i] = start(t, c, uint64(i)+1, "url", fmt.Sprintf("%s/?%d", s.URL, i), "timeout", 100000)
	}
	all := make(chan struct{})
	go func() {
		waiting.Wait()
		close(all)
	}()
	select {
	case <-all:
	case <-time.After(3 * patience):
		t.Fatal("they did not all arrive")
	}
	wantError(t, ask(t, c, uint64(n)+1, "url", s.URL), "ERR_TOO_MANY_REQUESTS", "")
	free()
	for i, a := range answers {
		v := <-a
		if got := body(v.Object()); got != fmt.Sprint(i) {
			t.Fatalf("request %d: %s", i, got)
		}
	}
}

// TestConnectionsAreReused: requests one after another share a connection.
func TestConnectionsAreReused(t *testing.T) {
	peers := map[string]bool{}
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { peers[r.RemoteAddr] = true }))
	defer s.Close()
	c := New(Options{})
	closed(t, c)
	for i := range uint64(5) {
		if o := ask(t, c, i+1, "url", s.URL, "method", "POST", "body", value.Bytes([]byte("x"))); o.Get("status").Num() != 200 {
			t.Fatal(body(o))
		}
	}
	if len(peers) != 1 {
		t.Errorf("%d connections", len(peers))
	}
}

func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }
