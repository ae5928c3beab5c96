package httpclient

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/engine/weburl"
)

// pool keeps a client for each way to connect: a proxy, settings of TLS, a node
// that keeps connections for itself.
type pool struct {
	opt Options

	mu      sync.Mutex
	clients map[string]*client
	tick    uint64
}

// client connects in one way.
type client struct {
	rest      *resty.Client
	transport *http.Transport
	used      uint64
}

const (
	maxClients  = 256
	idleTime    = 4 * time.Second  // servers give 5 s as a rule; who is first to close matters
	persistTime = 90 * time.Second // for connections that a node keeps for itself
	idlePerHost = 256
	headerLimit = 16 << 10 // as Node.js
)

func newPool(o Options) *pool { return &pool{opt: o, clients: map[string]*client{}} }

// client gives the one for an effect's body.
func (p *pool) client(node string, o *value.Object, proxy *weburl.URL) (*client, error) {
	settings := o.Get("tls").Object()
	key := fmt.Sprint(o.Get("lenient").Bool(), "|", proxyKey(proxy), "|", p.tlsKey(settings))
	if o.Get("persist").Bool() {
		key += "|" + node
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tick++
	if c := p.clients[key]; c != nil {
		c.used = p.tick
		return c, nil
	}
	cfg, err := live.TLSConfig(settings, p.opt.Dir)
	if err != nil {
		return nil, err
	}
	if len(p.clients) >= maxClients {
		p.dropOldest()
	}
	c := newClient(&dialer{allow: p.opt.Allow, own: p.opt.Own, proxy: proxy, tls: cfg}, o.Get("persist").Bool())
	c.used = p.tick
	p.clients[key] = c
	return c, nil
}

func proxyKey(u *weburl.URL) string {
	if u == nil {
		return ""
	}
	sum := sha256.Sum256([]byte(u.String()))
	return hex.EncodeToString(sum[:])
}

// tlsKey tells settings apart without holding what is secret in them; a file that
// changed makes another key.
func (p *pool) tlsKey(o *value.Object) string {
	if o == nil {
		return ""
	}
	h := sha256.New()
	for i := range o.Len() {
		key, v := o.At(i).Key, value.Reveal(o.At(i).Value)
		_, _ = fmt.Fprintf(h, "%q=%q;", key, v) // a hash takes all
		if !strings.HasSuffix(key, "File") {
			continue
		}
		name := v
		if !filepath.IsAbs(name) {
			name = filepath.Join(p.opt.Dir, name)
		}
		if info, err := os.Stat(name); err == nil {
			_, _ = fmt.Fprint(h, info.ModTime().UnixNano(), info.Size())
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (p *pool) dropOldest() {
	oldest := ""
	for k, c := range p.clients {
		if oldest == "" || c.used < p.clients[oldest].used {
			oldest = k
		}
	}
	p.clients[oldest].transport.CloseIdleConnections()
	delete(p.clients, oldest)
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, c := range p.clients {
		c.transport.CloseIdleConnections()
		delete(p.clients, k)
	}
}

type quiet struct{}

func (quiet) Errorf(string, ...any) {}
func (quiet) Warnf(string, ...any)  {}
func (quiet) Debugf(string, ...any) {}

func newClient(d *dialer, persist bool) *client {
	t := &http.Transport{
		DialContext: d.dial, DialTLSContext: d.dialTLS, DisableCompression: true,
		MaxIdleConnsPerHost: idlePerHost, IdleConnTimeout: idleTime,
		MaxResponseHeaderBytes: headerLimit, TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
	if persist {
		t.IdleConnTimeout = persistTime
	}
	rest := resty.NewWithClient(&http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }})
	rest.SetLogger(quiet{}).SetDisableWarn(true).SetDoNotParseResponse(true)
	rest.SetPreRequestHook(func(_ *resty.Client, r *http.Request) error {
		if x, ok := r.Context().Value(exchangeKey{}).(*exchange); ok {
			x.fill(r)
		}
		return nil
	})
	return &client{rest: rest, transport: t}
}

// exchangeKey is under what a request's context holds its exchange.
type exchangeKey struct{}

// do makes one HTTP request; the caller closes the answer's body.
func (c *client) do(ctx context.Context, x *exchange) (*http.Response, error) {
	ctx = context.WithValue(ctx, exchangeKey{}, x)
	res, err := c.rest.R().SetContext(ctx).Execute(x.method, x.url.Scheme+"://"+x.url.Hostname+":"+x.url.DialPort()+"/")
	if err != nil {
		return nil, err
	}
	if res.RawResponse == nil || res.RawResponse.Body == nil {
		return nil, io.ErrUnexpectedEOF
	}
	return res.RawResponse, nil
}
