package network

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// WebSocketListener is the configuration of a websocket-listener node.
type WebSocketListener struct {
	// Path to listen on, below the root of the HTTP server's endpoints.
	Path string `json:"path"`
	// WholeMsg is "true" to send and receive whole messages as JSON, else payloads.
	WholeMsg string `json:"wholemsg"`
	// Subprotocol, Heartbeat and TLS are those of a websocket-client; they have no effect.
	Subprotocol string      `json:"subprotocol"`
	Heartbeat   value.Value `json:"hb"`
	TLS         string      `json:"tls"`
}

// WebSocketClient is the configuration of a websocket-client node.
type WebSocketClient struct {
	// Path is the URL to connect to, ws: or wss:.
	Path string `json:"path"`
	// WholeMsg is "true" to send and receive whole messages as JSON, else payloads.
	WholeMsg string `json:"wholemsg"`
	// Subprotocol names the protocols to ask for, with commas between.
	Subprotocol string `json:"subprotocol"`
	// Heartbeat is the time between pings in seconds; empty or 0 sends none.
	Heartbeat value.Value `json:"hb"`
	// TLS is the id of a tls-config node, for wss: URLs.
	TLS string `json:"tls"`
	// Headers of the request that opens the connection, each {keyType, keyValue,
	// valueType, valueValue}: a type is the name or value itself, "other" takes
	// the value beside it, "env" the environment variable it names.
	Headers []WebSocketHeader `json:"headers"`
}

// WebSocketHeader is one header of a websocket-client node.
type WebSocketHeader struct {
	// KeyType is the header's name, or "other": then KeyValue is.
	KeyType  string `json:"keyType"`
	KeyValue string `json:"keyValue"`
	// ValueType is the header's value, "other" for ValueValue, or "env" for the
	// environment variable that ValueValue names.
	ValueType  string `json:"valueType"`
	ValueValue string `json:"valueValue"`
}

var (
	webSocketListenerType = engine.Define("websocket-listener", "Listens for WebSocket connections.", newWebSocketListener).With(webSocketTexts)
	webSocketClientType   = engine.Define("websocket-client", "Holds a WebSocket connection to a server.", newWebSocketClient).With(webSocketTexts)
)

var webSocketTexts = map[string]string{
	"websocket.status.connected":      "connected {{count}}",
	"websocket.errors.send-error":     "A message could not be sent:",
	"websocket.errors.missing-conf":   "No server or client is configured",
	"websocket.errors.duplicate-path": "Another listener has the path {{path}} already",
}

// webSocket is a listener or a client, as the websocket in and out nodes see it.
type webSocket struct {
	engine.Mute
	c        *engine.Call
	isServer bool
	whole    bool
	cfg      WebSocketClient
	fullPath string

	inputs  []*engine.Call // of websocket in nodes
	viewers []*webSocketView
	ids     map[float64]string // of sessions, by socket
	order   []float64          // of a listener's sockets

	current   *webSocketLink // a client's last connection
	heartbeat float64
	tls       value.Value
	retry     engine.Timer
	retrying  bool
	closing   bool
}

// webSocketLink is a client's connection.
type webSocketLink struct {
	id     string
	socket float64
	state  linkState
}

type linkState uint8

const (
	linkConnecting linkState = iota
	linkOpen
	linkClosed
)

// listenerPaths are the listeners of all flows by path.
type listenerPaths map[string]*webSocket

type listenerPathsKey struct{}

func webSocketPaths(c *engine.Call) listenerPaths {
	return c.Shared(listenerPathsKey{}, func() any { return listenerPaths{} }).(listenerPaths)
}

func isRemote(path string) bool {
	p := strings.ToLower(path)
	return strings.HasPrefix(p, "ws://") || strings.HasPrefix(p, "wss://")
}

func newWebSocketListener(c *engine.Call, cfg WebSocketListener) (engine.Node, error) {
	return newWebSocket(c, WebSocketClient{Path: cfg.Path, WholeMsg: cfg.WholeMsg, Subprotocol: cfg.Subprotocol, Heartbeat: cfg.Heartbeat, TLS: cfg.TLS})
}

func newWebSocketClient(c *engine.Call, cfg WebSocketClient) (engine.Node, error) {
	return newWebSocket(c, cfg)
}

// newWebSocket makes either: the path decides which, as in Node-RED.
func newWebSocket(c *engine.Call, cfg WebSocketClient) (engine.Node, error) {
	n := &webSocket{c: c, cfg: cfg, whole: cfg.WholeMsg == "true", isServer: !isRemote(cfg.Path), ids: map[float64]string{}}
	if s := value.ParseInt(value.ToString(cfg.Heartbeat), 10); s > 0 {
		n.heartbeat = float64(s * 1000)
	}
	if !n.isServer {
		var err error
		n.tls, err = tlsOptions(c, cfg.TLS)
		return n, err
	}
	n.listen()
	return n, nil
}

// listen opens the path.
func (n *webSocket) listen() {
	c := n.c
	path := strings.TrimPrefix(n.cfg.Path, "/")
	paths := webSocketPaths(c)
	if paths[path] != nil {
		c.Error(engine.Fail(c.Text("websocket.errors.duplicate-path", "path", n.cfg.Path)), nil)
		return
	}
	n.fullPath = path
	paths[path] = n
	c.Listen("ws.listen", value.Obj("path", "/"+path), func(v value.Value, _ bool) { n.serverEvent(v.Object()) })
}

func (n *webSocket) serverEvent(o *value.Object) {
	socket := o.Get("socket").Num()
	switch o.Get("event").Str() {
	case "open":
		id := n.c.NewID()
		n.ids[socket] = id
		n.order = append(n.order, socket)
		n.opened(id)
	case "close":
		id := n.forget(socket)
		n.left(id)
	case "error":
		n.failed(n.ids[socket])
	default:
		if !o.Has("socket") {
			n.c.Error(engine.Throw(o.Get("error")), nil)
			return
		}
		n.common(n.ids[socket], o)
	}
}

func (n *webSocket) forget(socket float64) string {
	id := n.ids[socket]
	delete(n.ids, socket)
	for i, s := range n.order {
		if s == socket {
			n.order = append(n.order[:i], n.order[i+1:]...)
			break
		}
	}
	return id
}

// common handles what is the same for listeners and clients.
func (n *webSocket) common(id string, o *value.Object) {
	switch o.Get("event").Str() {
	case "message":
		n.message(id, o.Get("data"))
	case "dropped":
		n.c.Error(engine.Fail("the peer "+id+" does not read: "+value.ToString(o.Get("messages"))+" messages of "+
			value.ToString(o.Get("bytes"))+" bytes were dropped"), nil)
	}
}

// message sends what came to the websocket in nodes.
func (n *webSocket) message(id string, data value.Value) {
	v := value.Obj("payload", data)
	if n.whole {
		text := data.Str()
		if b := data.Buffer(); b != nil {
			text = value.Text(b.B)
		}
		if parsed, err := value.ParseJSON(text); err == nil {
			v = parsed
			if v.TypeOf() != "object" {
				v = value.Obj("payload", parsed)
			}
		}
	}
	if o := v.Object(); o != nil {
		o.Set("_session", session("websocket", id))
	}
	for _, c := range n.inputs {
		if o := v.Object(); o != nil {
			c.Send(o)
		} else {
			c.SendValue(v)
		}
	}
}

// broadcast sends to all clients of a listener, or to a client's server.
func (n *webSocket) broadcast(data value.Value) {
	if n.isServer {
		if len(n.order) > 0 {
			list := value.NewArray()
			for _, s := range n.order {
				list.Append(value.Num(s))
			}
			n.c.Emit("ws.send", value.Obj("sockets", list, "data", data))
		}
		return
	}
	switch l := n.current; {
	case l == nil:
		n.c.Warn(value.Str(n.c.Text("websocket.errors.send-error") + " TypeError: Cannot read properties of undefined (reading 'send')"))
	case l.state == linkConnecting:
		n.c.Warn(value.Str(n.c.Text("websocket.errors.send-error") + " Error: WebSocket is not open: readyState 0 (CONNECTING)"))
	case l.state == linkOpen:
		n.c.Emit("ws.send", value.Obj("socket", l.socket, "data", data))
	}
}

// reply sends to one client of a listener.
func (n *webSocket) reply(id string, data value.Value) {
	for _, s := range n.order {
		if n.ids[s] == id {
			n.c.Emit("ws.send", value.Obj("socket", s, "data", data))
			return
		}
	}
}

// Close gives up the path or the connection.
func (n *webSocket) Close(c *engine.Call, _ bool) error {
	n.closing = true
	if n.isServer && webSocketPaths(c)[n.fullPath] == n {
		delete(webSocketPaths(c), n.fullPath)
	}
	for i := len(n.order) - 1; i >= 0; i-- { // sockets that are cut go in this order
		n.left(n.forget(n.order[i]))
	}
	if l := n.current; l != nil && l.state != linkClosed {
		if l.state == linkConnecting {
			n.failed(l.id)
		}
		l.state = linkClosed
		n.left(l.id)
	}
	return nil
}
