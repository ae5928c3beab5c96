package live

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// dial connects to a server of tests; each read has a deadline.
func dial(t *testing.T, p *HTTP) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(p.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c, bufio.NewReader(c)
}

func readAnswer(t *testing.T, r *bufio.Reader) (*http.Response, string) {
	t.Helper()
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

// TestQuickConnection: requests in one write, in pieces, with bodies, and odd ones
// in between that net/http takes over are all answered, in order.
func TestQuickConnection(t *testing.T) {
	p := server(t, HTTPOptions{})
	c, r := dial(t, p)
	text := "GET /hi?1 HTTP/1.1\r\nHost: a\r\n\r\n" +
		"POST /hi?2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" +
		"GET /hi?3 HTTP/1.1\r\nHost: a\r\n\r\n" +
		"POST /hi?4 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" +
		"GET /hi?5 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
	for i := 0; i < len(text); i += 50 {
		if _, err := io.WriteString(c, text[i:min(i+50, len(text))]); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []string{"1", "2", "3", "4", "5"} {
		res, b := readAnswer(t, r)
		if want := "|/hi?" + n + "|/hi?" + n + "|/hi"; b != want || res.Header.Get("Content-Type") != "text/x" || res.Header.Get("Date") == "" {
			t.Errorf("%q, want %q: %v", b, want, res.Header)
		}
	}
	if _, err := r.ReadByte(); err == nil {
		t.Error("the connection stays open")
	}
}

// TestQuickRefuses: heads that two readers could read in two ways are not taken by
// the quick way.
func TestQuickRefuses(t *testing.T) {
	for _, head := range []string{
		"GET / HTTP/1.0\r\nHost: a\r\n", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n", "GET http://a/ HTTP/1.1\r\nHost: a\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n", "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: a\nb: c\r\n",
		"GET /%zz HTTP/1.1\r\nHost: a\r\n", "GET /a b HTTP/1.1\r\nHost: a\r\n", "get / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n",
	} {
		if _, ok := parseQuick(head, ""); ok {
			t.Errorf("taken: %q", head)
		}
	}
}

// FuzzQuick: what is taken is what net/http reads, too.
func FuzzQuick(f *testing.F) {
	for _, s := range []string{"GET /a?b HTTP/1.1\r\nHost: a\r\nX-Y: z\r\n", "POST /%41 HTTP/1.1\r\nhost:b\r\ncontent-length: 3\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, head string) {
		if !strings.HasSuffix(head, "\r\n") || strings.Contains(head, "\r\n\r\n") {
			return // read never gives such a head
		}
		r, ok := parseQuick(head, "")
		if !ok {
			return
		}
		o, err := http.ReadRequest(bufio.NewReader(strings.NewReader(head + "\r\n")))
		if err != nil {
			t.Fatalf("%q: %v", head, err)
		}
		if o.Method != r.req.Method || o.URL.EscapedPath() != r.req.URL.EscapedPath() || o.URL.RawQuery != r.req.URL.RawQuery || o.Host != r.req.Host || o.ContentLength != r.req.ContentLength {
			t.Fatalf("%q: %v, want %v", head, r.req, o)
		}
	})
}

// TestQuickSlow: a flow that takes long still answers; one whose client went away
// is forgotten, and so is one that never answers when the server closes.
func TestQuickSlow(t *testing.T) {
	p, err := NewHTTP(HTTPOptions{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var ids []float64
	came := make(chan struct{}, 10)
	f := engine.Effect{Kind: "http.listen", Request: 1, Body: value.Obj("method", "get", "path", "/slow")}
	if err := p.Perform(f, func(v value.Value, _ bool) {
		mu.Lock()
		defer mu.Unlock()
		ids = append(ids, v.Object().Get("id").Num())
		came <- struct{}{}
	}); err != nil {
		t.Fatal(err)
	}
	answer := func(i int) {
		mu.Lock()
		defer mu.Unlock()
		_ = p.Perform(engine.Effect{Kind: "http.respond", Body: value.Obj("id", ids[i], "status", 200, "headers", value.Arr(), "body", "late")}, nil)
	}
	waiting := func() int {
		p.wmu.Lock()
		defer p.wmu.Unlock()
		return len(p.waits)
	}
	c, r := dial(t, p)
	_, _ = io.WriteString(c, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
	<-came
	time.Sleep(goneAfter + 100*time.Millisecond)
	_, _ = io.WriteString(c, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
	answer(0)
	if _, b := readAnswer(t, r); b != "late" {
		t.Error(b)
	}
	<-came
	answer(1)
	if _, b := readAnswer(t, r); b != "late" {
		t.Error(b)
	}
	gone, _ := dial(t, p)
	_, _ = io.WriteString(gone, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
	<-came
	_ = gone.Close()
	for i := 0; waiting() > 0; i++ {
		if i > 400 {
			t.Fatal("it waits for a client that is gone")
		}
		time.Sleep(10 * time.Millisecond)
	}
	_, _ = io.WriteString(c, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
	<-came
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if _, err := r.ReadByte(); err == nil {
		t.Error("the connection stays open")
	}
}
