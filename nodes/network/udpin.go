package network

import (
	"encoding/base64"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// UDPIn is the configuration of an udp in node.
type UDPIn struct {
	// Port to listen on; nodes with the same port share a socket.
	Port value.Value `json:"port"`
	// IPv is udp4 (the default) or udp6.
	IPv string `json:"ipv"`
	// Multicast is "true" to become a member of Group.
	Multicast value.Value `json:"multicast"`
	// Group is the address of a multicast group.
	Group string `json:"group"`
	// Iface is the local interface of the group: a name or an address.
	Iface string `json:"iface"`
	// DataType of the payload: buffer (the default), utf8 or base64.
	DataType string `json:"datatype"`
}

var udpInType = engine.Define("udp in", "Receives UDP datagrams.", newUDPIn).With(udpTexts).Starts()

type udpIn struct {
	UDPIn
	c      *engine.Call
	key    string // of the port
	socket *udpSocket
	failed bool // it is no member of its group
	iface  udpInterface
}

func newUDPIn(c *engine.Call, cfg UDPIn) (engine.Node, error) {
	n := &udpIn{UDPIn: cfg, c: c, key: value.ToString(cfg.Port), iface: udpInterface{name: cfg.Iface}}
	n.IPv = udpFamily(cfg.IPv)
	ports := udpShared(c)
	if s := ports[n.key]; s != nil {
		c.Log(value.Str(c.Text("udp.errors.alreadyused", "port", n.key)))
		n.iface.find(c, n.IPv, func() { n.iface.show(c) })
		n.socket = s
		s.listeners = append(s.listeners, n.event)
		return n, nil
	}
	body := value.Obj("type", n.IPv, "port", udpPort(cfg.Port), "iface", cfg.Iface).Object()
	if n.member() {
		body.Set("quiet", value.True)
		body.Set("group", value.Str(cfg.Group))
	}
	n.socket = openUDP(c, body, n.owned)
	ports[n.key] = n.socket
	return n, nil
}

func (n *udpIn) member() bool { return value.LooseEqual(n.Multicast, value.Str("true")) }

// owned hears of the socket that the node has opened.
func (n *udpIn) owned(o *value.Object) {
	switch o.Get("event").Str() {
	case "interface":
		n.iface.missing(n.c)
	case "listening":
		n.iface.address = o.Get("iface").Str()
		n.joined(o.Get("error"))
	}
	n.event(o)
}

// joined tells whether the socket is a member of its group now.
func (n *udpIn) joined(e value.Value) {
	switch {
	case !n.member():
	case !e.IsUndefined():
		n.failed = true
		udpMemberError(n.c, e)
	default:
		n.iface.show(n.c)
		n.c.Log(value.Str(n.c.Text("udp.status.mc-group", "group", n.Group)))
	}
}

// Receive ignores messages: the node has no input.
func (n *udpIn) Receive(*engine.Call, *engine.Message) error { return engine.Pending }

func (n *udpIn) event(o *value.Object) {
	c := n.c
	switch o.Get("event").Str() {
	case "listening":
		own, port := o.Get("address").Str(), value.ToString(o.Get("port"))
		n.iface.after(func() {
			host := n.iface.address
			if host == "" {
				host = own
			}
			c.Log(value.Str(c.Text("udp.status.listener-at", "host", host, "port", port)))
		})
	case "error":
		code := o.Get("error").Error().Prop("code")
		if code.Str() == "EACCES" && value.ToNumber(n.Port) < 1024 {
			c.Error(engine.Fail(c.Text("udp.errors.access-error")), nil)
		} else {
			c.Error(engine.Fail(c.Text("udp.errors.error", "error", value.ToString(code))), nil)
		}
	case "message":
		n.message(o)
	}
}

func (n *udpIn) message(o *value.Object) {
	payload := o.Get("data")
	switch n.DataType {
	case "base64":
		payload = value.Str(base64.StdEncoding.EncodeToString(payload.Buffer().B))
	case "utf8":
		payload = value.Str(value.Text(payload.Buffer().B))
	}
	m := value.NewObject(5)
	m.Set("payload", payload)
	m.Set("fromip", value.Str(o.Get("ip").Str()+":"+value.ToString(o.Get("port"))))
	m.Set("ip", o.Get("ip"))
	m.Set("port", o.Get("port"))
	n.c.Send(m)
}

// Close closes the socket, for the other nodes that share it too. Node-RED cannot
// end an IPv4 membership on a chosen interface, and then leaves the socket to others.
func (n *udpIn) Close(c *engine.Call, _ bool) error {
	stuck := n.member() && (n.failed || n.iface.address != "" && !strings.Contains(n.Group, ":"))
	if !stuck && n.socket.close() {
		c.Log(value.Str(c.Text("udp.status.listener-stopped")))
	}
	delete(udpShared(c), n.key)
	c.StatusValue(value.Of(value.NewObject()))
	return nil
}
