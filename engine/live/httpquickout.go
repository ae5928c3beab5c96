package live

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// quickRoute finds the route of a flow for a request that needs nothing else: no
// password, no headers of CORS, no mounted handler.
func (p *HTTP) quickRoute(r *http.Request) (*route, *value.Object, bool) {
	if p.nodeGate != nil || p.opt.CORS != nil || p.mounts.find(r) != nil {
		return nil, nil, false
	}
	path, inside := strings.CutPrefix(r.URL.EscapedPath(), p.opt.Root)
	if !inside || path == "" || path[0] != '/' {
		return nil, nil, false
	}
	p.mu.RLock()
	routes := p.routes
	p.mu.RUnlock()
	for _, rt := range routes {
		if !rt.takes(r.Method) {
			continue
		}
		if params, ok := rt.match(path); ok {
			return rt, params, true
		}
	}
	return nil, nil, false
}

// answer hands a request to its flow and writes what the flow answers; false ends
// the connection.
func (x *quickConn) answer(r *quickRequest, rt *route, params *value.Object) bool {
	p := x.q.p
	id, wait := p.begin(nil, r.req, rt, params, r.fields)
	rest := x.buf[r.size:]
	if cap(x.buf) > quickRoom {
		x.buf = append([]byte(nil), rest...)
	} else {
		x.buf = x.buf[:copy(x.buf, rest)]
	}
	res, ok := x.await(wait)
	if !ok {
		p.forget(id)
		return false
	}
	keep := x.compose(r.req, res)
	if x.c.SetWriteDeadline(p.writeTime()) != nil {
		return false
	}
	_, err := x.c.Write(x.out)
	if cap(x.out) > quickRoom {
		x.out = nil
	}
	return err == nil && keep
}

// await waits for the flow's answer; ok is false if the server ends or the client
// went away.
func (x *quickConn) await(wait chan response) (res response, ok bool) {
	x.timer.Reset(goneAfter)
	select {
	case res, ok = <-wait:
		x.timer.Stop()
		return res, ok
	case <-x.timer.C:
	}
	// It takes long: look for an end of the connection. What comes instead is the next request.
	if x.c.SetReadDeadline(time.Time{}) != nil {
		return res, false
	}
	seen := make(chan bool, 1)
	go func() { seen <- x.more(1) }()
	select {
	case res, ok = <-wait:
		_ = x.c.SetReadDeadline(time.Unix(1, 0)) // it wakes the reader
		<-seen
	case alive := <-seen:
		if !alive {
			return res, false
		}
		res, ok = <-wait
	}
	x.bound = time.Time{}
	return res, ok
}

// compose writes an answer into out; keep says whether the connection stays.
func (x *quickConn) compose(r *http.Request, res response) (keep bool) {
	if res.status < 100 || res.status > 999 {
		res.status = http.StatusInternalServerError
	}
	b := append(x.out[:0], "HTTP/1.1 "...)
	b = strconv.AppendInt(b, int64(res.status), 10)
	text := http.StatusText(res.status)
	if text == "" {
		text = "unknown"
	}
	b = append(append(append(b, ' '), text...), "\r\n"...)
	keep = true
	bodiless := res.status < 200 || res.status == http.StatusNoContent || res.status == http.StatusNotModified
	length, dated := -1, false
	for _, h := range res.headers {
		name, v := h[0], latin1(h[1])
		if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(v) {
			continue
		}
		switch {
		case strings.EqualFold(name, "Content-Length"):
			n, err := strconv.Atoi(v)
			if err != nil || bodiless || length >= 0 {
				continue
			}
			length = n
		case strings.EqualFold(name, "Transfer-Encoding"), strings.EqualFold(name, "Keep-Alive"):
			continue
		case strings.EqualFold(name, "Connection"):
			keep = keep && !strings.EqualFold(v, "close")
			continue
		case strings.EqualFold(name, "Date"):
			dated = true
		}
		b = append(append(append(append(b, name...), ": "...), v...), "\r\n"...)
	}
	if length < 0 && !bodiless {
		length = len(res.body)
		b = append(strconv.AppendInt(append(b, "Content-Length: "...), int64(length), 10), "\r\n"...)
	}
	if !dated {
		b = append(append(append(b, "Date: "...), x.q.p.date()...), "\r\n"...)
	}
	hasBody := r.Method != http.MethodHead && !bodiless
	keep = keep && (!hasBody || length == len(res.body))
	if keep {
		b = append(b, "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n"...)
	} else {
		b = append(b, "Connection: close\r\n\r\n"...)
	}
	if hasBody {
		b = append(b, res.body[:min(len(res.body), length)]...)
	}
	x.out = b
	return keep
}

// date is the time as headers have it.
func (p *HTTP) date() string {
	now := time.Now()
	d := p.dated.Load()
	if d == nil || d.second != now.Unix() {
		d = &dated{now.Unix(), now.UTC().Format(http.TimeFormat), now.Add(writeBound)}
		p.dated.Store(d)
	}
	return d.text
}

// dated is a second as text, with the deadline of what is written in it.
type dated struct {
	second int64
	text   string
	bound  time.Time
}

// writeTime is until when an answer that is written now has to be taken.
func (p *HTTP) writeTime() time.Time {
	p.date()
	return p.dated.Load().bound
}
