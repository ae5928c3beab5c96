package network

import (
	"net/url"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// webSocketRetry is the time before a client connects again, in milliseconds.
const webSocketRetry = 3000

// start opens a client's connection.
func (n *webSocket) start() error {
	c := n.c
	n.retrying = false
	u, err := url.Parse(n.cfg.Path)
	if err != nil || u.Host == "" {
		e := value.ThrownError("TypeError", "Invalid URL")
		e.SetProp("code", value.Str("ERR_INVALID_URL"))
		e.SetProp("input", value.Str(n.cfg.Path))
		return e
	}
	body := value.Obj("url", n.cfg.Path).Object()
	if p := n.protocols(); len(p) > 0 {
		body.Set("protocols", value.Arr(p...))
	}
	if h := n.headers(); len(h) > 0 {
		body.Set("headers", value.Arr(h...))
	}
	if n.heartbeat > 0 {
		body.Set("heartbeat", value.Num(n.heartbeat))
	}
	if !n.tls.IsUndefined() {
		body.Set("tls", n.tls)
	}
	if proxy := n.proxy(); proxy != "" {
		body.Set("proxy", value.NewSecret("proxy", proxy))
	}
	l := &webSocketLink{id: c.NewID()}
	n.current = l
	c.Defer(func() { // servers of the same flow listen by then
		if !n.closing {
			l.socket = float64(c.Listen("ws.connect", value.Of(body), func(v value.Value, _ bool) { n.clientEvent(l, v.Object()) }))
		}
	})
	return nil
}

func (n *webSocket) protocols() []value.Value {
	var list []value.Value
	for _, p := range strings.Split(n.cfg.Subprotocol, ",") {
		if p = value.Trim(p); p != "" {
			list = append(list, value.Str(p))
		}
	}
	return list
}

// headers are the headers of the opening request as pairs; later ones of a name win.
func (n *webSocket) headers() []value.Value {
	var list []value.Value
	for _, h := range n.cfg.Headers {
		name, text := h.KeyType, value.Str(h.ValueType)
		if name == "other" {
			name = h.KeyValue
		}
		switch h.ValueType {
		case "other":
			text = value.Str(h.ValueValue)
		case "env":
			text = n.c.Env(h.ValueValue)
		}
		if name != "" && value.Truthy(text) {
			list = append(list, value.Arr(value.Str(name), value.NewSecret(name, value.ToString(text))))
		}
	}
	return list
}

// proxy is the HTTP proxy to go through: Node-RED takes one for WebSockets in its
// legacy mode only (NR_PROXY_MODE, or the setting proxyOptions.mode).
func (n *webSocket) proxy() string {
	env := func(name string) string {
		if v := n.c.Env(name); !v.IsNullish() {
			return value.ToString(v)
		}
		return ""
	}
	mode := env("NR_PROXY_MODE")
	if mode == "" {
		mode = env("nr_proxy_mode")
	}
	if o := n.c.Setting("proxyOptions").Object(); o != nil && mode != "legacy" && mode != "strict" {
		mode = o.Get("mode").Str()
	}
	if mode != "legacy" {
		return ""
	}
	if p := env("HTTP_PROXY"); p != "" {
		return p
	}
	return env("http_proxy")
}

func (n *webSocket) clientEvent(l *webSocketLink, o *value.Object) {
	switch o.Get("event").Str() {
	case "open":
		l.state = linkOpen
		n.opened(l.id)
	case "error":
		l.state = linkClosed
		n.failed(l.id)
		n.startLater()
	case "close":
		l.state = linkClosed
		n.left(l.id)
		n.startLater()
	default:
		n.common(l.id, o)
	}
}

// startLater connects again after a while.
func (n *webSocket) startLater() {
	if n.retrying {
		n.c.Cancel(n.retry)
	}
	n.retrying = true
	n.retry = n.c.After(webSocketRetry, func() {
		if err := n.start(); err != nil {
			n.c.Error(err, nil)
		}
	})
}

// webSocketView shows on a websocket in or out node how the connection is.
type webSocketView struct {
	c      *engine.Call
	closed bool
}

func (n *webSocket) view(c *engine.Call) *webSocketView {
	n.viewers = slices.DeleteFunc(n.viewers, func(v *webSocketView) bool { return v.closed })
	v := &webSocketView{c: c}
	n.viewers = append(n.viewers, v)
	return v
}

func (n *webSocket) each(fill, shape, text, event, id string) {
	for _, v := range n.viewers {
		if !v.closed || n.closing { // when all closes, Node-RED shows the end even on nodes that closed before
			v.c.StatusValue(value.Obj("fill", fill, "shape", shape, "text", text, "event", event, "_session", session("websocket", id)))
		}
	}
}

// countText is the text of a status with the number of clients, none for a client.
func (n *webSocket) countText() string {
	count := ""
	if n.isServer {
		count = value.FormatNumber(float64(len(n.order)))
	}
	return n.c.Text("websocket.status.connected", "count", count)
}

func (n *webSocket) opened(id string) { n.each("green", "dot", n.countText(), "connect", id) }

func (n *webSocket) failed(id string) { n.each("red", "ring", "common.status.error", "error", id) }

func (n *webSocket) left(id string) {
	if len(n.order) > 0 {
		n.each("green", "dot", n.countText(), "disconnect", id)
		return
	}
	n.each("red", "ring", "common.status.disconnected", "disconnect", id)
}
