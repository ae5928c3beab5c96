package network

import (
	"slices"
	"strconv"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// TCPOut is the configuration of a tcp out node.
type TCPOut struct {
	// BeServer is client (connect, the default), server (listen, and send to all
	// that connected) or reply (to the connections of tcp in nodes).
	BeServer string `json:"beserver"`
	// Host is where to connect to; empty is this machine.
	Host string `json:"host"`
	// Port to listen on or to connect to.
	Port value.Value `json:"port"`
	// Base64 decodes payloads that are strings.
	Base64 bool `json:"base64"`
	// End closes the connection after each message.
	End value.Value `json:"end"`
	// TLS is the id of a tls-config node; empty is an open connection.
	TLS string `json:"tls"`
}

var tcpOutType = engine.Define("tcp out", "Sends to TCP connections, as a server, a client or in reply.", newTCPOut).With(tcpTexts)

type tcpOut struct {
	TCPOut
	c   *engine.Call
	end bool
	tls value.Value
}

func newTCPOut(c *engine.Call, cfg TCPOut) (engine.Node, error) {
	n := &tcpOut{TCPOut: cfg, c: c, end: cfg.End.IsBool() && cfg.End.Bool()}
	n.Port = value.Num(value.ToNumber(cfg.Port))
	if cfg.BeServer == "reply" {
		return &tcpReply{n}, nil
	}
	if cfg.BeServer == "" || cfg.BeServer == "client" {
		client := &tcpOutClient{tcpOut: n}
		return client, client.start()
	}
	s := &tcpOutServer{tcpOut: n, peers: map[float64][2]string{}}
	s.showCount()
	var err error
	if n.tls, err = tcpTLS(c, cfg.TLS); err != nil {
		return nil, err
	}
	return s, tcpListen(c, n.Port, n.tls, s.event)
}

func (n *tcpOut) place() []string { return []string{"host", n.Host, "port", value.ToString(n.Port)} }

// tcpOutClient sends to the server it is connected to.
type tcpOutClient struct {
	*tcpOut
	socket    float64
	connected bool
	closed    bool
	quick     bool // it was ended on purpose: connect again soon
}

// start connects once all nodes are made: servers of the same flow listen by then.
func (n *tcpOutClient) start() error {
	n.connecting()
	var err error
	if n.tls, err = tcpTLS(n.c, n.TLS); err != nil {
		return err
	}
	if err := portError("Port", n.Port); err != nil {
		return err
	}
	n.c.Defer(n.open)
	return nil
}

func (n *tcpOutClient) connecting() {
	n.c.Log(value.Str(n.c.Text("tcpin.status.connecting", n.place()...)))
	tcpStatus(n.c, "grey", "dot", "common.status.connecting")
}

func (n *tcpOutClient) open() {
	c := n.c
	if n.closed {
		return
	}
	body := value.Obj("host", n.Host, "port", n.Port, "keepalive", true).Object()
	if !n.tls.IsUndefined() {
		body.Set("tls", n.tls)
	}
	n.socket = float64(c.Listen("tcp.connect", value.Of(body), func(v value.Value, _ bool) { n.event(v.Object()) }))
}

func (n *tcpOutClient) event(o *value.Object) {
	c := n.c
	switch o.Get("event").Str() {
	case "open":
		n.connected = true
		c.Log(value.Str(c.Text("tcpin.status.connected", n.place()...)))
		tcpStatus(c, "green", "dot", "common.status.connected")
	case "end":
		c.StatusValue(value.Of(value.NewObject()))
		n.connected = false
	case "error":
		c.Log(value.Str(c.Text("tcpin.errors.error", "error", value.ToString(o.Get("error")))))
	case "dropped":
		tcpDropped(c, o)
	case "close":
		tcpStatus(c, "red", "ring", "common.status.disconnected")
		n.connected = false
		wait := float64(tcpQuick)
		if !n.quick {
			c.Log(value.Str(c.Text("tcpin.errors.connection-lost", n.place()...)))
			wait = milliseconds(c, "socketReconnectTime", tcpReconnect)
		}
		n.quick = false
		c.After(wait, func() {
			n.connecting()
			n.open()
		})
	}
}

func (n *tcpOutClient) Receive(c *engine.Call, m *engine.Message) error {
	v := m.Get("payload")
	if !n.connected || v.IsNullish() {
		return nil
	}
	tcpWrite(c, n.socket, tcpBytes(v, n.Base64), false)
	if n.end {
		n.quick = true
		c.StatusValue(value.Of(value.NewObject()))
		tcpDestroy(c, n.socket)
	}
	return nil
}

// Close shows that a connection is no more.
func (n *tcpOutClient) Close(c *engine.Call, _ bool) error {
	n.closed = true
	if n.connected {
		tcpStatus(c, "red", "ring", "common.status.disconnected")
		n.connected = false
	}
	return nil
}

// tcpReply sends to the connections of tcp in nodes.
type tcpReply struct{ *tcpOut }

func (n *tcpReply) Receive(c *engine.Call, m *engine.Message) error {
	reset := m.Get("reset").IsBool() && m.Get("reset").Bool()
	to := tcpPool(c).list
	if id, ok := sessionID(m, "tcp"); ok {
		to = nil
		if s, found := tcpPool(c).find(id); found {
			to = []tcpSession{s}
		}
	}
	var data []byte
	if !reset && len(to) > 0 {
		data = tcpBytes(m.Get("payload"), n.Base64)
	}
	for _, s := range to {
		if reset {
			tcpDestroy(c, s.socket)
		} else {
			tcpWrite(c, s.socket, data, false)
		}
	}
	return nil
}

// tcpOutServer sends to all that are connected to it.
type tcpOutServer struct {
	*tcpOut
	sockets   []float64
	peers     map[float64][2]string // address and port by socket
	listening bool
}

func (n *tcpOutServer) showCount() {
	n.c.StatusValue(value.Obj("text", n.c.Text("tcpin.status.connections", "count", strconv.Itoa(len(n.sockets)))))
}

func (n *tcpOutServer) drop(socket float64) {
	if i := slices.Index(n.sockets, socket); i >= 0 {
		n.sockets = slices.Delete(n.sockets, i, i+1)
	}
}

func (n *tcpOutServer) event(o *value.Object) {
	c := n.c
	socket := o.Get("socket").Num()
	peer := n.peers[socket]
	log := func(key string) { c.Log(value.Str(c.Text(key, "host", peer[0], "port", peer[1]))) }
	switch o.Get("event").Str() {
	case "listening":
		n.listening = true
	case "open":
		peer = [2]string{value.ToString(o.Get("ip")), value.ToString(o.Get("port"))}
		n.peers[socket] = peer
		log("tcpin.status.connection-from")
		n.sockets = append(n.sockets, socket)
		n.showCount()
	case "timeout":
		c.Log(value.Str(c.Text("tcpin.errors.timeout", "port", value.ToString(n.Port))))
		tcpEnd(c, socket)
	case "error":
		log("tcpin.errors.socket-error")
		n.drop(socket)
		n.showCount()
	case "dropped":
		tcpDropped(c, o)
	case "close":
		log("tcpin.status.connection-closed")
		n.drop(socket)
		delete(n.peers, socket)
		n.showCount()
	}
}

func (n *tcpOutServer) Receive(c *engine.Call, m *engine.Message) error {
	v := m.Get("payload")
	if v.IsNullish() {
		return nil
	}
	data := tcpBytes(v, n.Base64)
	for _, s := range n.sockets {
		tcpWrite(c, s, data, n.end)
	}
	return nil
}

// Close ends the connections.
func (n *tcpOutServer) Close(c *engine.Call, _ bool) error {
	if n.listening {
		c.Log(value.Str(c.Text("tcpin.status.stopped-listening", "port", value.ToString(n.Port))))
	}
	return nil
}
