package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// HTTP performs the effects of the HTTP nodes with one server:
//
//	http.listen  {method, path, upload, raw} → {id, req} or {id, error} for each request
//	http.respond {id, status, headers: [[name, value] …], body: string | Buffer}
//
// A request is read and its body parsed on its own goroutine. Who does not answer
// holds up only the client that waits.
type HTTP struct {
	opt      HTTPOptions
	listener net.Listener
	server   *http.Server

	mu     sync.RWMutex
	routes []*route
	wmu    sync.Mutex
	waits  map[uint64]chan response
	last   uint64
}

// HTTPOptions configure the server.
type HTTPOptions struct {
	// Addr is host:port to listen on; port 0 takes a free one.
	Addr string
	// MaxBody bounds parsed request bodies in bytes; 0 is 5 MB, as Node-RED's.
	MaxBody int64
}

const (
	defaultMaxBody = 5 << 20
	headerTime     = 60 * time.Second
	shutdownTime   = 2 * time.Second
)

// response is what a flow answered.
type response struct {
	status  int
	headers [][2]string
	body    []byte
}

// NewHTTP opens the server's port; requests are served at once, with 404 until
// there are routes.
func NewHTTP(o HTTPOptions) (*HTTP, error) {
	l, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("the HTTP server cannot listen: %w", err)
	}
	if o.MaxBody == 0 {
		o.MaxBody = defaultMaxBody
	}
	p := &HTTP{opt: o, listener: l, waits: map[uint64]chan response{}}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: headerTime, ErrorLog: nil}
	go func() { _ = p.server.Serve(l) }() // ends with Close
	return p, nil
}

// URL is the base of the server's addresses.
func (p *HTTP) URL() string { return "http://" + p.listener.Addr().String() }

// Kinds are http.listen and http.respond.
func (p *HTTP) Kinds() []string { return []string{"http.listen", "http.respond"} }

// Perform adds a route or answers a request.
func (p *HTTP) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	o := f.Body.Object()
	if f.Kind == "http.respond" {
		p.respond(o)
		return nil
	}
	r, err := newRoute(f.Request, o, reply)
	if err != nil {
		go reply(Failure("", err.Error()), true)
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.routes = append(p.routes, r)
	return nil
}

func (p *HTTP) respond(o *value.Object) {
	res := response{status: int(o.Get("status").Num())}
	if b := o.Get("body").Buffer(); b != nil {
		res.body = b.B
	} else {
		res.body = []byte(o.Get("body").Str())
	}
	headers := o.Get("headers").Array()
	for i := range headers.Length() {
		pair := headers.At(i).Array()
		res.headers = append(res.headers, [2]string{pair.At(0).Str(), pair.At(1).Str()})
	}
	id := uint64(o.Get("id").Num())
	p.wmu.Lock()
	wait := p.waits[id]
	delete(p.waits, id)
	p.wmu.Unlock()
	if wait != nil {
		wait <- res
	}
}

// Cancel removes a route.
func (p *HTTP) Cancel(request uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	kept := make([]*route, 0, len(p.routes))
	for _, r := range p.routes {
		if r.request != request {
			kept = append(kept, r)
		}
	}
	p.routes = kept
}

// Close ends the server; requests that wait for an answer are cut off.
func (p *HTTP) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	p.wmu.Lock()
	for id, wait := range p.waits {
		delete(p.waits, id)
		close(wait)
	}
	p.wmu.Unlock()
	err := p.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = p.server.Close()
	}
	return err
}

// ServeHTTP hands a request to the first route that takes it.
func (p *HTTP) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.RLock()
	routes := p.routes
	p.mu.RUnlock()
	path := r.URL.EscapedPath()
	for _, rt := range routes {
		if !rt.takes(r.Method) {
			continue
		}
		if params, ok := rt.match(path); ok {
			p.serve(w, r, rt, params)
			return
		}
	}
	if r.Method == http.MethodOptions {
		if allow := allowed(routes, path); allow != "" {
			options(w, allow)
			return
		}
	}
	notFound(w, r)
}

func (p *HTTP) serve(w http.ResponseWriter, r *http.Request, rt *route, params *value.Object) {
	req, err := p.request(w, r, rt, params)
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			err = bodyError("PayloadTooLargeError", "request entity too large", "entity.too.large", http.StatusRequestEntityTooLarge, "")
		}
	}
	wait := make(chan response, 1)
	p.wmu.Lock()
	p.last++
	id := p.last
	p.waits[id] = wait
	p.wmu.Unlock()
	body := value.Obj("id", float64(id), "req", req)
	if err != nil {
		body.Object().Set("error", value.From(err))
	}
	rt.reply(body, false)
	select {
	case res, ok := <-wait:
		if !ok {
			panic(http.ErrAbortHandler)
		}
		answer(w, r, res)
	case <-r.Context().Done():
		p.wmu.Lock()
		delete(p.waits, id)
		p.wmu.Unlock()
	}
}

func answer(w http.ResponseWriter, r *http.Request, res response) {
	h := w.Header()
	for _, kv := range res.headers {
		h[http.CanonicalHeaderKey(kv[0])] = append(h[http.CanonicalHeaderKey(kv[0])], kv[1])
	}
	if res.status < 100 || res.status > 999 {
		res.status = http.StatusInternalServerError
	}
	w.WriteHeader(res.status)
	if r.Method != http.MethodHead && len(res.body) > 0 {
		_, _ = w.Write(res.body) // a client that went away cannot be told
	}
}

func options(w http.ResponseWriter, allow string) {
	w.Header().Set("Allow", allow)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(allow)))
	w.Header().Set("ETag", engine.ETag([]byte(allow)))
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, allow)
}

const notFoundPage = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>Cannot %s %s</pre>\n</body>\n</html>\n"

func notFound(w http.ResponseWriter, r *http.Request) {
	page := fmt.Sprintf(notFoundPage, escapeHTML(r.Method), escapeHTML(r.URL.EscapedPath()))
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(page)))
	w.WriteHeader(http.StatusNotFound)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, page)
	}
}
