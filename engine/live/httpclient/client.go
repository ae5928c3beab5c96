// Package httpclient performs the requests of http request nodes.
package httpclient

import (
	"context"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Options say what requests may do. The zero Options allows every host.
type Options struct {
	// Dir is where relative names of certificate files start; "" is the process's directory.
	Dir string
	// Env looks up the process environment, for http_proxy and its kin; nil is empty.
	Env func(name string) (string, bool)
	// MaxBody bounds a response's body in bytes; a longer one is an error. 0 is 256 MiB.
	MaxBody int64
	// MaxRequests bounds the requests under way; one more is answered with an error. 0
	// is 20,000.
	MaxRequests int
	// Allow is asked before each connection, with the host as the URL names it and the
	// address it has: an error refuses the connection and becomes the node's. For a
	// request through a proxy it is asked for the proxy, and for the host that is meant
	// with a nil address, as only the proxy knows it. nil allows all.
	Allow live.Allow
	// Own are addresses (host:port, as URLs name them) to which connections are made
	// whatever Allow says: those of the program itself.
	Own []string
}

const (
	defaultMaxBody     = 256 << 20
	defaultMaxRequests = 20000
)

// Client performs the effect
//
//	http.request {method, url, headers: [[name, value | [value …]] …], body: Buffer,
//	  cookies: ["name=value" …], userinfo: secret, digest: {user, password: secret},
//	  follow: bool, maxRedirects, timeout: ms, tls, proxy, persist: bool, lenient: bool}
//	→ {status, headers, url, body: Buffer, redirects: [{location, set-cookie}], warnings} or {error, warnings}
//
// tls is what live.TLSConfig takes, proxy what live.ProxyFor takes. The timeout
// covers each hop of a chain of redirects, from its start to the last byte of its body. Names
// of the answer's headers are in lower case and in the order in which they came.
// Connections are kept for a few seconds and shared, but for persist, which keeps them
// for the node alone.
type Client struct {
	opt      Options
	pool     *pool
	requests live.Requests
}

// New makes a Client.
func New(o Options) *Client {
	if o.MaxBody == 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.MaxRequests == 0 {
		o.MaxRequests = defaultMaxRequests
	}
	if o.Env == nil {
		o.Env = func(string) (string, bool) { return "", false }
	}
	return &Client{opt: o, pool: newPool(o)}
}

// Kinds is http.request.
func (p *Client) Kinds() []string { return []string{"http.request"} }

// Perform starts a request.
func (p *Client) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	o := value.Clone(f.Body).Object()
	p.requests.Start(f.Request, p.opt.MaxRequests, func(ctx context.Context) value.Value {
		return (&exchange{p: p, ctx: ctx, node: f.Node, o: o}).run()
	}, reply)
	return nil
}

// Cancel ends a request.
func (p *Client) Cancel(request uint64) { p.requests.Cancel(request) }

// Close ends all requests and waits for them, at most 2 s.
func (p *Client) Close() error {
	p.requests.Close()
	p.pool.close()
	return nil
}
