package websocket

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	ws "github.com/coder/websocket"

	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// connect opens a client's connection and serves it until it ends.
func (p *WebSocket) connect(id uint64, o *value.Object, reply func(value.Value, bool)) {
	c := newConn(id, p.opt.MaxPending, reply)
	ctx, cancel := context.WithCancel(p.ctx)
	c.cancel = cancel
	p.mu.Lock()
	p.conns[id] = c
	p.mu.Unlock()
	p.wg.Go(func() {
		defer cancel()
		defer p.forget(c, nil)
		wc, err := p.dial(ctx, c, o)
		if err != nil {
			close(c.gone)
			reply(c.event("error", "error", value.ThrownError("Error", err.Error())), false)
			reply(c.event("close", "code", c.code), true)
			return
		}
		reply(c.event("open"), false)
		if o.Has("heartbeat") {
			go c.beat(ctx, wc, time.Duration(o.Get("heartbeat").Num()*float64(time.Millisecond)))
		}
		c.run(ctx, wc)
		c.tellFailure()
		reply(c.event("close", "code", c.code), true)
	})
}

// tellFailure tells what ended the connection, if it is an error.
func (c *conn) tellFailure() {
	c.mu.Lock()
	err := c.failed
	c.mu.Unlock()
	if err != nil {
		c.reply(c.event("error", "error", value.ThrownError("Error", err.Error())), false)
	}
}

func (p *WebSocket) dial(ctx context.Context, c *conn, o *value.Object) (*ws.Conn, error) {
	tlsConfig, err := live.TLSConfig(o.Get("tls").Object(), p.opt.Dir)
	if err != nil {
		return nil, err
	}
	t := &http.Transport{TLSClientConfig: tlsConfig, DisableCompression: true}
	proxy := value.Reveal(o.Get("proxy"))
	t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		if proxy == "" {
			return p.opt.Allow.Dialer(net.Dialer{}, host).DialContext(ctx, network, addr)
		}
		if err := p.opt.Allow.Far(host); err != nil {
			return nil, err
		}
		return tunnel(ctx, p.opt.Allow, proxy, addr)
	}
	defer t.CloseIdleConnections()
	opt := &ws.DialOptions{
		HTTPClient: &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		HTTPHeader: http.Header{},
		OnPingReceived: func(context.Context, []byte) bool {
			c.answered()
			return true
		},
		OnPongReceived: func(context.Context, []byte) { c.answered() },
		// As Node-RED: a client offers compression, a listener does not take it.
		CompressionMode: ws.CompressionContextTakeover, CompressionThreshold: compressFrom,
	}
	if list := o.Get("protocols").Array(); list != nil {
		for _, e := range list.Elems {
			opt.Subprotocols = append(opt.Subprotocols, value.ToString(e))
		}
	}
	if list := o.Get("headers").Array(); list != nil {
		for _, e := range list.Elems {
			pair := e.Array()
			name, text := value.ToString(pair.At(0)), value.Reveal(pair.At(1))
			if strings.EqualFold(name, "host") {
				opt.Host = text
			} else {
				opt.HTTPHeader.Set(name, text)
			}
		}
	}
	wc, _, err := ws.Dial(ctx, o.Get("url").Str(), opt) //nolint:bodyclose // the library closes it
	if err != nil {
		return nil, err
	}
	if len(opt.Subprotocols) > 0 && wc.Subprotocol() == "" {
		_ = wc.CloseNow() // refused
		return nil, errors.New("Server sent no subprotocol")
	}
	return wc, nil
}

// compressFrom is the number of bytes from which a message is compressed.
const compressFrom = 1024

// tunnel opens a connection through an HTTP proxy.
func tunnel(ctx context.Context, allow live.Allow, proxy, addr string) (net.Conn, error) {
	u, err := url.Parse(proxy)
	if err != nil || u.Host == "" {
		return nil, errors.New("the proxy's address is no URL")
	}
	at := u.Host
	if u.Port() == "" {
		at = net.JoinHostPort(u.Hostname(), "80")
	}
	c, err := allow.Dialer(net.Dialer{}, u.Hostname()).DialContext(ctx, "tcp", at)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Now()) })
	defer stop()
	ask := "CONNECT " + addr + " HTTP/1.1\r\nHost: " + addr + "\r\n"
	if u.User != nil {
		password, _ := u.User.Password()
		ask += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(u.User.Username()+":"+password)) + "\r\n"
	}
	if _, err = c.Write([]byte(ask + "\r\n")); err == nil {
		// the server speaks only after the client, so nothing behind the answer is read ahead
		var res *http.Response
		if res, err = http.ReadResponse(bufio.NewReader(c), &http.Request{Method: http.MethodConnect}); err == nil { //nolint:bodyclose // an answer to CONNECT has none
			if res.StatusCode == http.StatusOK {
				return c, nil
			}
			err = fmt.Errorf("the proxy answered %s", res.Status)
		}
	}
	_ = c.Close() // it was not opened
	return nil, err
}
