package flowtest

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// web is the HTTP server of a test: it reads requests and finds their nodes as when
// flows run live, but listens nowhere.
type web struct {
	server *live.HTTP
	ctx    context.Context
	stop   context.CancelFunc
	mu     sync.Mutex
	took   []func() // replies that requests under way have made
	calls  []*call
	byID   map[uint64]*call
}

// call is a request to the flow and its response.
type call struct {
	name, method, path string
	status             int
	header             http.Header
	body               bytes.Buffer
	done               chan struct{}
	taken              chan struct{}
	ended              bool
	err                string
}

func newWeb(ctx context.Context) (*web, error) {
	s, err := live.NewClosedHTTP(live.HTTPOptions{})
	w := &web{server: s, byID: map[uint64]*call{}}
	w.ctx, w.stop = context.WithCancel(ctx)
	return w, err
}

// close cuts off the requests that were not answered.
func (w *web) close() {
	w.stop()
	for _, c := range w.calls {
		<-c.done
	}
}

func (w *web) cancel(request uint64) { w.server.Cancel(request) }

// listen makes a route; its requests come through ask.
func (w *web) listen(to *world, f engine.Effect) bool {
	err := w.server.Perform(f, func(body value.Value, last bool) {
		w.mu.Lock()
		w.took = append(w.took, func() { to.reply(f.Request, 0, last, body) })
		w.mu.Unlock()
		w.current().mark(w, uint64(body.Object().Get("id").Num()))
	})
	return err == nil
}

// current is the request that was made last: they are made one at a time.
func (w *web) current() *call { return w.calls[len(w.calls)-1] }

// mark notes that a node took the request.
func (c *call) mark(w *web, id uint64) {
	w.mu.Lock()
	w.byID[id] = c
	w.mu.Unlock()
	close(c.taken)
}

// ask makes a request; it returns when a node has it, or it was answered without.
func (w *web) ask(o *value.Object) error {
	c := &call{name: o.Get("name").Str(), method: strings.ToUpper(o.Get("method").Str()), path: o.Get("path").Str(), header: http.Header{}, done: make(chan struct{}), taken: make(chan struct{})}
	if c.method == "" {
		c.method = http.MethodGet
	}
	req, err := c.request(w.ctx, o)
	if err != nil {
		return err
	}
	w.calls = append(w.calls, c)
	go func() {
		defer close(c.done)
		defer func() {
			if r := recover(); r != nil {
				c.err = fmt.Sprint(r)
			}
		}()
		w.server.ServeHTTP(c, req)
	}()
	select {
	case <-c.taken:
	case <-c.done:
		c.ended = true
	}
	w.mu.Lock()
	took := w.took
	w.took = nil
	w.mu.Unlock()
	for _, fn := range took {
		fn()
	}
	return nil
}

func (c *call) request(ctx context.Context, o *value.Object) (*http.Request, error) {
	if !strings.HasPrefix(c.path, "/") {
		c.path = "/" + c.path
	}
	target := c.path
	if q := o.Get("query").Object(); q != nil {
		sep := "?"
		if strings.Contains(target, "?") {
			sep = "&"
		}
		target += sep + encoded(q)
	}
	body, kind := o.Get("body"), ""
	switch form := o.Get("form").Object(); {
	case form != nil:
		body, kind = value.Str(encoded(form)), "application/x-www-form-urlencoded"
	case !body.IsString() && body.Buffer() == nil && !body.IsNullish():
		kind = "application/json"
	case body.IsString():
		kind = "text/plain"
	}
	data := bytesOf(body)
	req, err := http.NewRequestWithContext(ctx, c.method, "http://localhost"+target, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	req.RequestURI, req.RemoteAddr = target, "127.0.0.1:40000"
	if ip := o.Get("ip").Str(); ip != "" {
		req.RemoteAddr = ip + ":40000"
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if h := o.Get("headers").Object(); h != nil {
		for i := range h.Len() {
			if strings.EqualFold(h.At(i).Key, "host") {
				req.Host = value.ToString(h.At(i).Value)
				continue
			}
			req.Header.Set(h.At(i).Key, value.ToString(h.At(i).Value))
		}
	}
	if k := o.Get("cookies").Object(); k != nil {
		for i := range k.Len() {
			req.AddCookie(&http.Cookie{Name: k.At(i).Key, Value: url.PathEscape(value.ToString(k.At(i).Value))})
		}
	}
	return req, nil
}

// encoded writes a query or form in the order given.
func encoded(o *value.Object) string {
	var parts []string
	for i := range o.Len() {
		p := o.At(i)
		list := []value.Value{p.Value}
		if a := p.Value.Array(); a != nil {
			list = a.Elems
		}
		for _, v := range list {
			parts = append(parts, url.QueryEscape(p.Key)+"="+url.QueryEscape(value.ToString(v)))
		}
	}
	return strings.Join(parts, "&")
}

// respond gives a response of the flow to its request.
func (w *web) respond(f engine.Effect) bool {
	id := uint64(f.Body.Object().Get("id").Num())
	w.mu.Lock()
	c := w.byID[id]
	delete(w.byID, id)
	w.mu.Unlock()
	if err := w.server.Perform(f, nil); err != nil {
		return false
	}
	if c != nil {
		<-c.done
		c.ended = true
	}
	return true
}

// Header is that of the response.
func (c *call) Header() http.Header { return c.header }

// WriteHeader sets the status.
func (c *call) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
}

// Write takes a part of the body.
func (c *call) Write(b []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	return c.body.Write(b)
}

// shown is a response as conditions see it, nil if there is none yet.
func (c *call) shown() any {
	if !c.ended {
		return nil
	}
	headers := map[string]any{}
	for k, v := range c.header {
		if k = strings.ToLower(k); k != "date" {
			headers[k] = strings.Join(v, ", ")
		}
	}
	cookies := map[string]any{}
	for _, k := range (&http.Response{Header: c.header}).Cookies() {
		cookies[k.Name] = k.Value
	}
	out := map[string]any{"name": c.name, "method": c.method, "path": c.path, "status": float64(c.status), "headers": headers, "cookies": cookies, "body": value.Text(c.body.Bytes())}
	if v, err := value.ParseJSON(value.Text(c.body.Bytes())); err == nil {
		out["json"] = plain(v)
	}
	return out
}
