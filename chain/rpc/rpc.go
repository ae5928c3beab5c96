package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Error is what a node answers a request with.
type Error struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data,omitempty"`
}

// Error gives code, message and data.
func (e *Error) Error() string {
	if len(e.Data) > 0 && string(e.Data) != "null" {
		return fmt.Sprintf("%s (%d): %s", e.Message, e.Code, strings.Trim(string(e.Data), `"`))
	}
	return fmt.Sprintf("%s (%d)", e.Message, e.Code)
}

// Options configure a Client.
type Options struct {
	// Timeout of one request; 0 is 30 s.
	Timeout time.Duration
	// MaxBody bounds an answer in bytes; 0 is 32 MB.
	MaxBody int64
	// Pause before an endpoint is tried again grows from this up to MaxPause; 0 is
	// 200 ms, and 10 s.
	Pause, MaxPause time.Duration
	// Attempts is how often a request is tried when endpoints fail; 0 is 3 for each
	// endpoint.
	Attempts int
	// Verify is asked of every new connection before it is used; an error means that the
	// endpoint is not the one that is wanted, and the next is tried.
	Verify func(ctx context.Context, call CallFunc) error
}

// CallFunc asks one endpoint a method.
type CallFunc func(ctx context.Context, result any, method string, params ...any) error

// verify asks a connection what Options.Verify wants to know.
func (o *Options) verify(ctx context.Context, url string, ask func(ctx context.Context, method string, params []any) (json.RawMessage, error)) error {
	if o.Verify == nil {
		return nil
	}
	err := o.Verify(ctx, func(ctx context.Context, result any, method string, params ...any) error {
		if params == nil {
			params = []any{}
		}
		raw, err := ask(ctx, method, params)
		if err != nil {
			return err
		}
		return json.Unmarshal(raw, result)
	})
	if err != nil {
		return &refused{fmt.Sprintf("the endpoint %s is not used: %v", host(url), err)}
	}
	return nil
}

// refused says that an endpoint is not the one that is wanted; it is no answer of a node to
// the request that was made.
type refused struct{ text string }

func (e *refused) Error() string { return e.text }

// host is a URL without what may be secret in it.
func host(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "endpoint"
	}
	return u.Scheme + "://" + u.Host
}

// hide leaves the URL out of an error, in which there may be a secret, but for its host.
func hide(at string, err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return fmt.Errorf("%s: %w", host(at), u.Err)
	}
	return err
}

// unsent says that a request never left.
type unsent struct{ error }

func (e unsent) Unwrap() error { return e.error }

// Client of a chain. It may be used from several goroutines.
type Client struct {
	o     Options
	ends  []endpoint
	mu    sync.Mutex
	now   int // the endpoint in use
	ended chan struct{}
	once  sync.Once
}

// endpoint is one node.
type endpoint interface {
	call(ctx context.Context, method string, params []any) (json.RawMessage, error)
	subscribe(ctx context.Context, s *Subscription) error
	close()
}

// Dial makes a client of one or more URLs (http, https, ws, wss). It connects when it is
// first used.
func Dial(o Options, urls ...string) (*Client, error) {
	if len(urls) == 0 {
		return nil, errors.New("an endpoint of the chain is needed, such as wss://…")
	}
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&o.Timeout, 30*time.Second)
	set(&o.Pause, 200*time.Millisecond)
	set(&o.MaxPause, 10*time.Second)
	if o.MaxBody == 0 {
		o.MaxBody = 32 << 20
	}
	if o.Attempts == 0 {
		o.Attempts = 3 * len(urls)
	}
	c := &Client{o: o, ended: make(chan struct{})}
	for _, u := range urls {
		parsed, err := url.Parse(u)
		if err != nil || parsed.Host == "" {
			return nil, fmt.Errorf("%q is no URL of an endpoint", u)
		}
		switch parsed.Scheme {
		case "http", "https":
			c.ends = append(c.ends, newHTTP(u, o))
		case "ws", "wss":
			c.ends = append(c.ends, newSocket(u, o))
		default:
			return nil, fmt.Errorf("%q: an endpoint is http, https, ws or wss", u)
		}
	}
	return c, nil
}

// Close ends the client: all requests fail, subscriptions end.
func (c *Client) Close() {
	c.once.Do(func() { close(c.ended) })
	for _, e := range c.ends {
		e.close()
	}
}

// ErrClosed says that the client was closed.
var ErrClosed = errors.New("the connection to the chain is closed")

// Call asks a method; result may be nil. An *Error is the node's answer; other errors
// mean that no endpoint answered.
func (c *Client) Call(ctx context.Context, result any, method string, params ...any) error {
	if params == nil {
		params = []any{}
	}
	var raw json.RawMessage
	err := c.try(ctx, func(e endpoint) (err error) {
		raw, err = e.call(ctx, method, params)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(raw, result); err != nil {
		return fmt.Errorf("%s: the answer cannot be read: %w", method, err)
	}
	return nil
}

// Once is Call for what must not be done twice: another endpoint is tried only if the
// request has not left yet.
func (c *Client) Once(ctx context.Context, result any, method string, params ...any) error {
	var raw json.RawMessage
	var err error
	for range c.ends {
		n, e := c.current()
		raw, err = e.call(ctx, method, params)
		var not unsent
		if !errors.As(err, &not) || ctx.Err() != nil {
			break
		}
		c.failed(n)
	}
	if err == nil && result != nil {
		err = json.Unmarshal(raw, result)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return nil
}

// Tells reports whether the endpoint that is used now has subscriptions: one with ws or wss.
func (c *Client) Tells() bool {
	_, e := c.current()
	_, ok := e.(*socketEnd)
	return ok
}

func (c *Client) current() (int, endpoint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now, c.ends[c.now]
}

// failed goes on to the endpoint after n, if that is still in use.
func (c *Client) failed(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now == n {
		c.now = (n + 1) % len(c.ends)
	}
}

// try does something with one endpoint after the other until it works or a node
// answers with an error.
func (c *Client) try(ctx context.Context, do func(e endpoint) error) error {
	pause := c.o.Pause
	var last error
	for range c.o.Attempts {
		n, e := c.current()
		err := do(e)
		var answer *Error
		if err == nil || errors.As(err, &answer) || ctx.Err() != nil {
			return err
		}
		last = err
		c.failed(n)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		case <-c.ended:
			return ErrClosed
		}
		pause = min(2*pause, c.o.MaxPause)
	}
	return last
}

type request struct {
	Version string `json:"jsonrpc"`
	ID      uint64 `json:"id"`
	Method  string `json:"method"`
	Params  []any  `json:"params"`
}

type response struct {
	ID     *uint64         `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *Error          `json:"error"`
	// of a notification
	Method string `json:"method"`
	Params struct {
		Subscription json.RawMessage `json:"subscription"`
		Result       json.RawMessage `json:"result"`
	} `json:"params"`
}
