package live

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// HTTP performs the effects of the HTTP nodes with one server:
//
//	http.listen  {method, path, upload, raw} → {id, req} or {id, error} for each request
//	http.respond {id, status, headers: [name, value, name, value …], body: string | Buffer}
//
// A request is read and its body parsed on its own goroutine. Who does not answer
// holds up only the client that waits.
type HTTP struct {
	opt      HTTPOptions
	listener net.Listener
	server   *http.Server
	mounts   mounts
	folders  []*folder

	nodeGate, staticGate *gate
	quick                *quick
	dated                atomic.Pointer[dated]

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
	// MaxBody bounds request bodies in bytes (apiMaxLength); 0 is 5 MB, as Node-RED's.
	MaxBody int64
	// MaxUpload bounds bodies with files, for nodes that take uploads; 0 is 64 MB.
	MaxUpload int64
	// Root is the path under which the routes of flows lie (httpNodeRoot); "" is /.
	Root string
	// Static are folders of files, asked after the routes of flows (httpStatic).
	Static []Static
	// NodeAuth guards the routes of flows, StaticAuth the files; nil lets all in.
	NodeAuth, StaticAuth *BasicAuth
	// CORS of the routes of flows (httpNodeCors); nil sets nothing.
	CORS *CORS
	// TLS makes it an https server (https); nil is plain HTTP.
	TLS *tls.Config
}

const (
	defaultMaxBody   = 5 << 20
	defaultMaxUpload = 64 << 20
	headerTime       = 60 * time.Second
	shutdownTime     = 2 * time.Second
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
	if o.MaxBody == 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.MaxUpload == 0 {
		o.MaxUpload = defaultMaxUpload
	}
	o.Root = strings.TrimRight("/"+strings.Trim(o.Root, "/"), "/")
	p := &HTTP{opt: o, waits: map[uint64]chan response{}, nodeGate: newGate(o.NodeAuth), staticGate: newGate(o.StaticAuth)}
	if o.CORS != nil {
		if err := o.CORS.prepare(); err != nil {
			return nil, fmt.Errorf("the patterns of origins: %w", err)
		}
	}
	folders, err := openFolders(o.Static)
	if err != nil {
		return nil, err
	}
	p.folders = folders
	l, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("the HTTP server cannot listen: %w", err)
	}
	p.listener = l
	if o.TLS != nil {
		cfg := o.TLS.Clone()
		cfg.NextProtos = []string{"http/1.1"}
		l = tls.NewListener(l, cfg)
	}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: headerTime, ErrorLog: log.New(io.Discard, "", 0)}
	if o.TLS == nil {
		p.quick = newQuick(p, l)
		go p.quick.run()
		l = p.quick
	}
	go func() { _ = p.server.Serve(l) }() // ends with Close
	return p, nil
}

// URL is the base of the server's addresses.
func (p *HTTP) URL() string {
	if p.opt.TLS != nil {
		return "https://" + p.listener.Addr().String()
	}
	return "http://" + p.listener.Addr().String()
}

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
	res.headers = make([][2]string, 0, headers.Length()/2)
	for i := 0; i+1 < headers.Length(); i += 2 {
		res.headers = append(res.headers, [2]string{headers.At(i).Str(), headers.At(i + 1).Str()})
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
	if p.quick != nil {
		_ = p.quick.Close() // Shutdown closes it again
		p.quick.wait(shutdownTime)
	}
	err := p.server.Shutdown(ctx)
	for _, f := range p.folders {
		_ = f.root.Close() // it was only read
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = p.server.Close()
	}
	return err
}

// ServeHTTP hands a request to the first route that takes it.
func (p *HTTP) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !knownMethods[r.Method] {
		badRequest(w)
		return
	}
	if h := p.mounts.find(r); h != nil {
		h.ServeHTTP(w, r)
		return
	}
	p.mu.RLock()
	routes := p.routes
	p.mu.RUnlock()
	path, inside := strings.CutPrefix(r.URL.EscapedPath(), p.opt.Root)
	if path == "" {
		path = "/"
	}
	if !inside || path[0] != '/' {
		p.other(w, r)
		return
	}
	if !p.nodeGate.lets(w, r) || p.opt.CORS != nil && r.Method == http.MethodOptions && p.opt.CORS.apply(w, r) {
		return
	}
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
	p.other(w, r)
}

// knownMethods are those that Node.js reads; others are no requests to it.
var knownMethods = map[string]bool{
	"GET": true, "POST": true, "PUT": true, "DELETE": true, "PATCH": true, "HEAD": true, "OPTIONS": true, "CONNECT": true, "TRACE": true,
	"ACL": true, "BIND": true, "CHECKOUT": true, "COPY": true, "LINK": true, "LOCK": true, "M-SEARCH": true, "MERGE": true, "MKACTIVITY": true,
	"MKCALENDAR": true, "MKCOL": true, "MOVE": true, "NOTIFY": true, "PROPFIND": true, "PROPPATCH": true, "PURGE": true, "QUERY": true, "REBIND": true,
	"REPORT": true, "SEARCH": true, "SOURCE": true, "SUBSCRIBE": true, "UNBIND": true, "UNLINK": true, "UNLOCK": true, "UNSUBSCRIBE": true,
}

// badRequest answers what is no request as Node.js does, and ends the connection.
func badRequest(w http.ResponseWriter) {
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n") // a client that went away cannot be told
		_ = c.Close()
	}
}

// other looks for a file.
func (p *HTTP) other(w http.ResponseWriter, r *http.Request) {
	for _, f := range p.folders {
		if f.serve(w, r, p.staticGate) {
			return
		}
	}
	notFound(w, r)
}

func (p *HTTP) serve(w http.ResponseWriter, r *http.Request, rt *route, params *value.Object) {
	if p.opt.CORS != nil {
		p.opt.CORS.apply(w, r)
	}
	id, wait := p.begin(w, r, rt, params, nil)
	select {
	case res, ok := <-wait:
		if !ok {
			panic(http.ErrAbortHandler)
		}
		answer(w, r, res)
	case <-r.Context().Done():
		p.forget(id)
	}
}

// begin hands a request to its flow; the answer will come from wait. fields are the
// headers in their order, nil if that is not known.
func (p *HTTP) begin(w http.ResponseWriter, r *http.Request, rt *route, params *value.Object, fields [][2]string) (id uint64, wait chan response) {
	req, err := p.request(w, r, rt, params, fields)
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			err = bodyError("PayloadTooLargeError", "request entity too large", "entity.too.large", http.StatusRequestEntityTooLarge, "")
		}
	}
	wait = make(chan response, 1)
	p.wmu.Lock()
	p.last++
	id = p.last
	p.waits[id] = wait
	p.wmu.Unlock()
	body := value.NewObject(3)
	body.Add("id", value.Num(float64(id)))
	body.Add("req", value.Of(req))
	if err != nil {
		body.Add("error", value.From(err))
	}
	rt.reply(value.Of(body), false)
	return id, wait
}

// forget gives up waiting for an answer.
func (p *HTTP) forget(id uint64) {
	p.wmu.Lock()
	defer p.wmu.Unlock()
	delete(p.waits, id)
}

func answer(w http.ResponseWriter, r *http.Request, res response) {
	h := w.Header()
	for _, kv := range res.headers {
		key := http.CanonicalHeaderKey(kv[0])
		h[key] = append(h[key], latin1(kv[1]))
	}
	if res.status < 100 || res.status > 999 {
		res.status = http.StatusInternalServerError
	}
	w.WriteHeader(res.status)
	if r.Method != http.MethodHead && len(res.body) > 0 {
		_, _ = w.Write(res.body) // a client that went away cannot be told
	}
}

// latin1 gives a header's text the bytes that Node.js sends for it.
func latin1(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			b := make([]byte, 0, len(s))
			for _, r := range s {
				b = append(b, byte(r))
			}
			return string(b)
		}
	}
	return s
}

// wide reads a header's bytes as Latin-1.
func wide(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			r := make([]rune, len(s))
			for i := range len(s) {
				r[i] = rune(s[i])
			}
			return string(r)
		}
	}
	return s
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
