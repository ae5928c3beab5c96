package live

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// quick serves the plain case without net/http, at about half its cost, and with
// headers in the order in which they came: whole HTTP/1.1 requests for routes of
// flows, one after another. Whatever else comes on a connection (upgrades, chunked
// bodies, files, mounted handlers, anything odd) makes net/http take it over, from
// the first byte that was not answered.
type quick struct {
	p    *HTTP
	l    net.Listener
	over chan net.Conn // those for net/http
	done chan struct{}
	stop sync.Once

	mu    sync.Mutex
	conns map[net.Conn]bool
	wg    sync.WaitGroup
}

const (
	quickHead  = 16 << 10         // a longer head is for net/http
	quickRoom  = 64 << 10         // a bigger buffer is given back after its request
	idleBound  = 65 * time.Second // a connection without a request ends after it, a second more or less
	goneAfter  = time.Second      // a flow that takes longer is watched for a client that goes away
	bodyBound  = 5 * time.Minute  // to send a body
	writeBound = 5 * time.Minute  // to take an answer
)

func newQuick(p *HTTP, l net.Listener) *quick {
	return &quick{p: p, l: l, over: make(chan net.Conn), done: make(chan struct{}), conns: map[net.Conn]bool{}}
}

// Accept, Close and Addr make it the listener of net/http.
func (q *quick) Accept() (net.Conn, error) {
	select {
	case c := <-q.over:
		return c, nil
	case <-q.done:
		return nil, net.ErrClosed
	}
}

// Close ends the listening; connections without a request end at once.
func (q *quick) Close() error {
	var err error
	q.stop.Do(func() {
		close(q.done)
		err = q.l.Close()
		q.mu.Lock()
		defer q.mu.Unlock()
		for c := range q.conns {
			_ = c.SetReadDeadline(time.Unix(1, 0)) // one that is closed already needs none
		}
	})
	return err
}

// Addr is where it listens.
func (q *quick) Addr() net.Addr { return q.l.Addr() }

// wait waits for the connections to end, at most d.
func (q *quick) wait(d time.Duration) {
	ended := make(chan struct{})
	go func() {
		q.wg.Wait()
		close(ended)
	}()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ended:
		return
	case <-t.C:
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for c := range q.conns {
		_ = c.Close() // it had its time
	}
}

// run accepts connections until Close.
func (q *quick) run() {
	for {
		c, err := q.l.Accept()
		if err != nil {
			select {
			case <-q.done:
				return
			case <-time.After(10 * time.Millisecond): // too many files are open, perhaps
				continue
			}
		}
		q.mu.Lock()
		q.conns[c] = true
		q.mu.Unlock()
		q.wg.Add(1)
		go q.serve(c)
	}
}

func (q *quick) serve(c net.Conn) {
	defer q.wg.Done()
	x := &quickConn{q: q, c: c, remote: c.RemoteAddr().String(), timer: time.NewTimer(time.Hour)}
	kept := false
	defer func() {
		x.timer.Stop()
		q.mu.Lock()
		delete(q.conns, c)
		q.mu.Unlock()
		if r := recover(); r != nil || !kept {
			_ = c.Close() // nobody waits for it
		}
	}()
	for {
		r, ok := x.read()
		if r == nil && !ok {
			return
		}
		var rt *route
		var params *value.Object
		if ok {
			rt, params, ok = q.p.quickRoute(r.req)
		}
		if !ok {
			_ = c.SetDeadline(time.Time{}) // net/http sets its own
			select {
			case q.over <- &replayed{Conn: c, first: x.buf}:
				kept = true
			case <-q.done:
			}
			return
		}
		if !x.answer(r, rt, params) {
			return
		}
	}
}

// replayed is a connection of which some bytes were read already.
type replayed struct {
	net.Conn
	first []byte
}

func (c *replayed) Read(b []byte) (int, error) {
	if len(c.first) > 0 {
		n := copy(b, c.first)
		c.first = c.first[n:]
		return n, nil
	}
	return c.Conn.Read(b)
}

// quickConn is one connection; buf holds what was read and not answered.
type quickConn struct {
	q      *quick
	c      net.Conn
	buf    []byte
	out    []byte
	remote string
	bound  time.Time // the read deadline
	timer  *time.Timer
}

// quickRequest is a request with its headers in order; size is what it takes of buf.
type quickRequest struct {
	req    *http.Request
	fields [][2]string
	size   int
}

// read reads the next request. ok false with a request or bytes in buf is one for net/http;
// ok false with nil is the end.
func (x *quickConn) read() (r *quickRequest, ok bool) {
	if now := time.Now(); x.bound.Sub(now) < idleBound-time.Second {
		x.bound = now.Add(idleBound)
		if x.c.SetReadDeadline(x.bound) != nil {
			return nil, false
		}
		select {
		case <-x.q.done: // Close may have come before the deadline was set
			return nil, false
		default:
		}
	}
	end := bytes.Index(x.buf, []byte("\r\n\r\n"))
	for end < 0 {
		if len(x.buf) > quickHead {
			return &quickRequest{}, false
		}
		from := max(0, len(x.buf)-3)
		if !x.more(2048) {
			return nil, false
		}
		if end = bytes.Index(x.buf[from:], []byte("\r\n\r\n")); end >= 0 {
			end += from
		}
	}
	r, ok = parseQuick(string(x.buf[:end+2]), x.remote)
	if !ok || r.req.ContentLength > x.q.p.opt.MaxBody {
		return &quickRequest{}, false
	}
	r.size = end + 4 + int(r.req.ContentLength)
	if len(x.buf) < r.size {
		x.bound = time.Now().Add(bodyBound)
		if x.c.SetReadDeadline(x.bound) != nil {
			return nil, false
		}
	}
	for len(x.buf) < r.size {
		if !x.more(r.size - len(x.buf)) {
			return nil, false
		}
	}
	r.req.Body = http.NoBody
	if r.req.ContentLength > 0 {
		r.req.Body = io.NopCloser(bytes.NewReader(x.buf[end+4 : r.size]))
	}
	return r, true
}

// more reads at least one byte into buf; false is the end of the connection.
func (x *quickConn) more(room int) bool {
	if cap(x.buf)-len(x.buf) < room {
		next := make([]byte, len(x.buf), 2*len(x.buf)+room)
		copy(next, x.buf)
		x.buf = next
	}
	n, err := x.c.Read(x.buf[len(x.buf):cap(x.buf)])
	x.buf = x.buf[:len(x.buf)+n]
	return err == nil || n > 0 // an end that came with bytes is seen the next time
}

// parseQuick reads a head that has nothing unusual in it; ok is false for any other.
func parseQuick(head, remote string) (*quickRequest, bool) {
	line, rest, _ := strings.Cut(head, "\r\n")
	method, line, _ := strings.Cut(line, " ")
	target, proto, _ := strings.Cut(line, " ")
	if !knownMethods[method] || method == http.MethodConnect || proto != "HTTP/1.1" || !strings.HasPrefix(target, "/") {
		return nil, false
	}
	for i := range len(target) {
		if target[i] <= ' ' || target[i] >= 0x7f || target[i] == '#' {
			return nil, false
		}
	}
	path, query, _ := strings.Cut(target, "?")
	u := &url.URL{Path: path, RawPath: path, RawQuery: query}
	if strings.IndexByte(path, '%') >= 0 {
		plain, err := url.PathUnescape(path)
		if err != nil {
			return nil, false
		}
		u.Path = plain
	}
	r := &quickRequest{req: &http.Request{Method: method, URL: u, Proto: proto, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, RemoteAddr: remote, RequestURI: target}}
	for rest != "" {
		line, rest, _ = strings.Cut(rest, "\r\n")
		if !r.field(line) {
			return nil, false
		}
	}
	return r, r.req.Host != ""
}

// field takes one line of a head; false if it is unusual.
func (r *quickRequest) field(line string) bool {
	name, v, ok := strings.Cut(line, ":")
	v = strings.Trim(v, " \t")
	if !ok || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(v) {
		return false
	}
	key := http.CanonicalHeaderKey(name)
	switch key {
	case "Host":
		if r.req.Host != "" || !httpguts.ValidHostHeader(v) {
			return false
		}
		r.req.Host = v
		r.fields = append(r.fields, [2]string{"host", v})
		return true
	case "Content-Length":
		n, err := strconv.ParseUint(v, 10, 40)
		if err != nil || r.req.Header[key] != nil || v[0] == '+' {
			return false
		}
		r.req.ContentLength = int64(n)
	case "Connection":
		if !strings.EqualFold(v, "keep-alive") {
			return false
		}
	case "Transfer-Encoding", "Expect", "Upgrade", "Trailer", "Te":
		return false
	}
	r.req.Header[key] = append(r.req.Header[key], v)
	r.fields = append(r.fields, [2]string{strings.ToLower(name), v})
	return true
}
