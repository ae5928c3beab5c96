package mqtt

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/coder/websocket"

	"github.com/lockstep-flows/lockstep/engine/live"
)

// ports by scheme: which ones stand for what, and which are secure.
var ports = map[string]struct {
	port           string
	secure, framed bool
}{
	"mqtt": {"1883", false, false}, "tcp": {"1883", false, false},
	"mqtts": {"8883", true, false}, "ssl": {"8883", true, false}, "tls": {"8883", true, false},
	"ws": {"80", false, true}, "wss": {"443", true, true},
}

// dial opens a connection to the broker of a url.
func dial(ctx context.Context, o *options) (net.Conn, error) {
	u, err := url.Parse(o.url)
	if err != nil {
		return nil, fmt.Errorf("the broker's url: %w", err)
	}
	kind, ok := ports[u.Scheme]
	if !ok {
		kind = ports["mqtt"]
	}
	port := u.Port()
	if port == "" {
		port = kind.port
	}
	host := u.Hostname()
	if host == "" {
		host = "localhost"
	}
	var secure *tls.Config
	if kind.secure || o.tls != nil && o.tls.Has("cert") {
		if secure, err = live.TLSConfig(o.tls, o.dir); err != nil {
			return nil, err
		}
		if secure.ServerName == "" {
			secure.ServerName = host
		}
	}
	if kind.framed {
		return dialFramed(ctx, o, u, secure, net.JoinHostPort(host, port))
	}
	conn, err := o.allow.Dialer(net.Dialer{}, host).DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil || secure == nil {
		return conn, err
	}
	wrapped := tls.Client(conn, secure)
	if err := wrapped.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return wrapped, nil
}

// maxFrame bounds a message of a websocket, which carries any number of packets.
const maxFrame = 64 << 20

func dialFramed(ctx context.Context, o *options, u *url.URL, secure *tls.Config, addr string) (net.Conn, error) {
	protocol, scheme := "mqtt", "ws"
	if o.version == 3 {
		protocol = "mqttv3.1"
	}
	if secure != nil {
		scheme = "wss"
	}
	path := u.RequestURI()
	transport := &http.Transport{TLSClientConfig: secure, Proxy: func(r *http.Request) (*url.URL, error) {
		proxy, err := http.ProxyFromEnvironment(r)
		if proxy != nil && err == nil {
			err = o.allow.Far(r.URL.Hostname())
		}
		return proxy, err
	}, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		return o.allow.Dialer(net.Dialer{}, host).DialContext(ctx, network, addr)
	}}
	ws, _, err := websocket.Dial(ctx, scheme+"://"+addr+path, &websocket.DialOptions{
		HTTPClient:   &http.Client{Transport: transport},
		Subprotocols: []string{protocol},
	})
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(maxFrame)
	return websocket.NetConn(context.Background(), ws, websocket.MessageBinary), nil
}
