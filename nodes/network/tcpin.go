package network

import (
	"bytes"
	"encoding/base64"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// TCPIn is the configuration of a tcp in node.
type TCPIn struct {
	// Server says that the node listens ("server" or true) or connects ("client").
	Server value.Value `json:"server"`
	// Host is where to connect to; empty is this machine.
	Host string `json:"host"`
	// Port to listen on or to connect to; a server with 0 takes a free one.
	Port value.Value `json:"port"`
	// DataMode is stream (a message for what comes, the default) or single (one
	// message when the peer has ended).
	DataMode string `json:"datamode"`
	// DataType of the payload: buffer (the default), utf8 or base64.
	DataType string `json:"datatype"`
	// Newline splits a stream of text into messages; \n, \r and \t are understood.
	Newline string `json:"newline"`
	// Topic of the messages.
	Topic value.Value `json:"topic"`
	// Trim puts the delimiter back behind each part.
	Trim value.Value `json:"trim"`
	// Base64 is written by old editors and has no effect.
	Base64 value.Value `json:"base64"`
	// TLS is the id of a tls-config node; empty is an open connection.
	TLS string `json:"tls"`
}

var tcpInType = engine.Define("tcp in", "Receives from TCP connections, as a server or a client.", newTCPIn).With(tcpTexts).Starts()

type tcpIn struct {
	TCPIn
	c         *engine.Call
	stream    bool
	tls       value.Value
	peers     map[float64]*tcpPeer
	count     int
	server    bool
	listening bool
	closed    bool
	client    *tcpPeer
}

// tcpPeer is one connection of a tcp in node.
type tcpPeer struct {
	n         *tcpIn
	id        string
	socket    float64
	ip, port  value.Value
	connected bool
	quick     bool // it ended as it should: connect again soon
	rest      []byte
}

func newTCPIn(c *engine.Call, cfg TCPIn) (engine.Node, error) {
	n := &tcpIn{TCPIn: cfg, c: c, stream: cfg.DataMode == "" || cfg.DataMode == "stream", peers: map[float64]*tcpPeer{}}
	n.server = cfg.Server.Str() == "server" || cfg.Server.IsBool() && cfg.Server.Bool()
	n.Newline = escapes.Replace(n.Newline)
	if n.DataType == "" {
		n.DataType = "buffer"
	}
	n.Port = value.Num(value.ToNumber(cfg.Port))
	if !n.server {
		n.connecting()
	}
	var err error
	if n.tls, err = tcpTLS(c, cfg.TLS); err != nil {
		return nil, err
	}
	if n.server {
		return n, n.listen()
	}
	if err := portError("Port", n.Port); err != nil {
		return nil, err
	}
	c.Defer(n.open) // servers of the same flow listen by then
	return n, nil
}

// Receive ignores messages: the node has no input.
func (n *tcpIn) Receive(*engine.Call, *engine.Message) error { return engine.Pending }

func (n *tcpIn) place() []string { return []string{"host", n.Host, "port", value.ToString(n.Port)} }

// connecting shows that a client connects.
func (n *tcpIn) connecting() {
	n.c.Log(value.Str(n.c.Text("tcpin.status.connecting", n.place()...)))
	tcpStatus(n.c, "grey", "dot", "common.status.connecting")
}

// open opens the connection of a client.
func (n *tcpIn) open() {
	c := n.c
	if n.closed {
		return
	}
	p := &tcpPeer{n: n, id: c.NewID()}
	body := value.Obj("host", n.Host, "port", n.Port, "keepalive", true).Object()
	if !n.tls.IsUndefined() {
		body.Set("tls", n.tls)
	}
	p.socket = float64(c.Listen("tcp.connect", value.Of(body), func(v value.Value, _ bool) { p.clientEvent(v.Object()) }))
	n.client = p
	tcpPool(c).add(p.id, p.socket)
}

func (p *tcpPeer) clientEvent(o *value.Object) {
	n, c := p.n, p.n.c
	switch o.Get("event").Str() {
	case "open":
		p.connected = true
		c.Log(value.Str(c.Text("tcpin.status.connected", n.place()...)))
		tcpStatus(c, "green", "dot", "common.status.connected", "_session", session("tcp", p.id))
	case "data":
		p.data(o.Get("data").Buffer(), n.DataType == "utf8" && n.Newline != "")
	case "end":
		if !n.stream || n.DataType == "utf8" && n.Newline != "" {
			p.quick = p.flush()
		}
	case "error":
		c.Log(o.Get("error"))
	case "dropped":
		tcpDropped(c, o)
	case "close":
		tcpPool(c).remove(p.id)
		p.connected = false
		tcpStatus(c, "red", "ring", "common.status.disconnected", "_session", session("tcp", p.id))
		wait := float64(tcpQuick)
		if !p.quick {
			c.Log(value.Str(c.Text("tcpin.errors.connection-lost", n.place()...)))
			wait = milliseconds(c, "socketReconnectTime", tcpReconnect)
		}
		c.After(wait, func() {
			n.connecting()
			n.open()
		})
	}
}

// maxText is the longest string of V8, in UTF-16 units: what a delimiter or an end
// is awaited for may not become longer.
const maxText = 1<<29 - 24

// data takes bytes that came: they are sent on, split into lines or kept for the end.
func (p *tcpPeer) data(b *value.Buffer, split bool) {
	n := p.n
	payload, ok := n.decode(b)
	if !ok {
		n.c.Error(engine.Fail(n.c.Text("tcpin.errors.error", "error", "TypeError [ERR_UNKNOWN_ENCODING]: Unknown encoding: "+n.DataType)), nil)
		return
	}
	if n.stream && !split {
		p.send(payload, p.ip, p.port)
		return
	}
	add := b.B
	if n.DataType != "buffer" {
		add = []byte(payload.Str())
	}
	if len(p.rest)+len(add) > maxText {
		n.c.Error(engine.Fail(n.c.Text("tcpin.errors.error", "error", "RangeError: Invalid string length")), nil)
		return
	}
	from := max(0, len(p.rest)-len(n.Newline)+1)
	p.rest = append(p.rest, add...)
	if n.stream {
		p.split(from)
	}
}

// split sends the lines that are complete; none begins its end before from.
func (p *tcpPeer) split(from int) {
	n := p.n
	mark := []byte(n.Newline)
	start := 0
	for {
		at := bytes.Index(p.rest[from:], mark)
		if at < 0 {
			break
		}
		end := from + at
		line := string(p.rest[start:end])
		if n.Trim.IsBool() && n.Trim.Bool() {
			line += n.Newline
		}
		p.send(value.Str(line), p.ip, p.port)
		start = end + len(mark)
		from = start
	}
	p.rest = append(p.rest[:0:0], p.rest[start:]...)
}

func (n *tcpIn) decode(b *value.Buffer) (value.Value, bool) {
	switch n.DataType {
	case "buffer":
		return value.Of(b), true
	case "utf8":
		return value.Str(value.Text(b.B)), true
	case "base64":
		return value.Str(base64.StdEncoding.EncodeToString(b.B)), true
	}
	return value.Undefined, false
}

// flush sends what was kept when the peer has ended; it reports whether there was any.
func (p *tcpPeer) flush() bool {
	rest := p.rest
	p.rest = nil
	if len(rest) == 0 {
		return false
	}
	payload := value.Bytes(rest)
	if p.n.DataType != "buffer" {
		payload = value.Str(string(rest))
	}
	ip, port := p.ip, p.port
	if p.n.stream { // Node-RED notes the sender of single messages only
		ip, port = value.Undefined, value.Undefined
	}
	p.send(payload, ip, port)
	return true
}

func (p *tcpPeer) send(payload, ip, port value.Value) {
	m := value.NewObject(6)
	m.Set("topic", p.n.Topic)
	m.Set("payload", payload)
	if p.n.server {
		m.Set("ip", ip)
		m.Set("port", port)
	}
	m.Set("_session", session("tcp", p.id))
	p.n.c.Send(m)
}

// Close ends what the node has open; a client that was connected shows that it is not.
func (n *tcpIn) Close(c *engine.Call, _ bool) error {
	n.closed = true
	if p := n.client; p != nil {
		tcpPool(c).remove(p.id)
		if p.connected {
			tcpStatus(c, "red", "ring", "common.status.disconnected", "_session", session("tcp", p.id))
		}
		p.connected = false
	}
	if n.listening {
		for _, s := range tcpPool(c).list {
			tcpEnd(c, s.socket)
		}
		c.Log(value.Str(c.Text("tcpin.status.stopped-listening", "port", value.ToString(n.Port))))
	}
	for _, p := range n.peers {
		tcpPool(c).remove(p.id)
	}
	return nil
}
