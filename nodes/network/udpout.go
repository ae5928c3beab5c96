package network

import (
	"math"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// UDPOut is the configuration of an udp out node.
type UDPOut struct {
	// Addr is where datagrams go to: an address or a name; empty takes msg.ip.
	Addr string `json:"addr"`
	// Port of the receiver; empty takes msg.port.
	Port value.Value `json:"port"`
	// OutPort is the local port; empty takes a free one, or the socket of a node
	// that listens on Port.
	OutPort value.Value `json:"outport"`
	// IPv is udp4 (the default) or udp6.
	IPv string `json:"ipv"`
	// Multicast is "false", "broad" for broadcasts or "multi" to send to the group Addr.
	Multicast value.Value `json:"multicast"`
	// Iface is the local interface of the group: a name or an address.
	Iface string `json:"iface"`
	// Base64 decodes payloads.
	Base64 bool `json:"base64"`
}

var udpOutType = engine.Define("udp out", "Sends UDP datagrams.", newUDPOut).With(udpTexts)

// udpDelay is when a udp out node opens its socket, in milliseconds: after the udp
// in nodes, so that it can share theirs.
const udpDelay = 75

type udpOut struct {
	UDPOut
	c      *engine.Call
	key    string // of the port whose socket it shares
	socket *udpSocket
	iface  udpInterface
}

func newUDPOut(c *engine.Call, cfg UDPOut) (engine.Node, error) {
	n := &udpOut{UDPOut: cfg, c: c, key: "0", iface: udpInterface{name: cfg.Iface}}
	n.IPv = udpFamily(cfg.IPv)
	if !value.Truthy(n.OutPort) {
		n.OutPort = value.Str("")
	}
	for _, p := range []value.Value{n.OutPort, cfg.Port} {
		if value.Truthy(p) {
			n.key = value.ToString(p)
			break
		}
	}
	n.iface.find(c, n.IPv, func() {})
	c.After(udpDelay, func() { n.iface.after(n.open) })
	return n, nil
}

func (n *udpOut) kind() string { return value.ToString(n.Multicast) }

func (n *udpOut) places() []string {
	return []string{"outport", value.ToString(n.OutPort), "host", n.Addr, "port", value.ToString(n.Port), "iface", n.iface.address}
}

func (n *udpOut) log(key string) { n.c.Log(value.Str(n.c.Text(key, n.places()...))) }

// open takes the socket of the port or opens one.
func (n *udpOut) open() {
	ports := udpShared(n.c)
	if s := ports[n.key]; s != nil && value.ToNumber(value.Str(n.key)) != 0 {
		n.socket = s
		if n.kind() != "false" {
			n.c.Emit("udp.quiet", value.Obj("socket", float64(s.request)))
		}
		n.log("udp.status.re-use")
		n.iface.show(n.c)
		return
	}
	bound := n.kind() != "false"
	body := value.Obj("type", n.IPv, "port", udpPort(n.OutPort), "iface", n.iface.address).Object()
	if bound {
		body.Set("quiet", value.True)
	}
	if n.kind() == "multi" {
		body.Set("group", value.Str(n.Addr))
	}
	n.socket = openUDP(n.c, body, n.event)
	ports[n.key] = n.socket
	switch {
	case bound:
	case value.Truthy(n.OutPort):
		n.log("udp.status.ready")
	default:
		n.log("udp.status.ready-nolocal")
	}
}

// event hears of the socket that the node has opened.
func (n *udpOut) event(o *value.Object) {
	if o.Get("event").Str() != "listening" || n.kind() == "false" {
		return
	}
	switch e := o.Get("error"); {
	case n.kind() != "multi":
		n.log("udp.status.bc-ready")
	case !e.IsUndefined():
		udpMemberError(n.c, e)
	default:
		n.iface.show(n.c)
		n.log("udp.status.mc-ready")
	}
}

func (n *udpOut) Receive(c *engine.Call, m *engine.Message) error {
	if n.socket == nil || !m.Has("payload") {
		return engine.Pending
	}
	address, port := value.Str(n.Addr), n.Port
	if n.Addr == "" {
		address = m.Get("ip")
	}
	if !value.Truthy(port) {
		port = m.Get("port")
	}
	f := value.ToNumber(port)
	switch {
	case !value.Truthy(address):
		c.Warn(value.Str(c.Text("udp.errors.ip-notset")))
		return nil
	case !value.Truthy(port):
		c.Warn(value.Str(c.Text("udp.errors.port-notset")))
		return nil
	case math.IsNaN(f) || f < 1 || f > 65535:
		c.Warn(value.Str(c.Text("udp.errors.port-invalid")))
		return nil
	}
	data, err := n.bytes(m.Get("payload"))
	if err != nil {
		return err
	}
	if n.socket.closed {
		return codeError("Error", "ERR_SOCKET_DGRAM_NOT_RUNNING", "Not running")
	}
	body := value.Obj("socket", float64(n.socket.request), "data", data, "address", address, "port", math.Trunc(f))
	c.Ask("udp.send", body, func(v value.Value, _ bool) {
		if e := v.Object().Get("error"); !e.IsUndefined() {
			c.Error(engine.Fail("udp : "+value.ToString(e)), m)
		}
		c.Done(m)
	})
	return engine.Pending
}

// bytes are those of a payload to be sent.
func (n *udpOut) bytes(v value.Value) ([]byte, error) {
	switch {
	case v.Buffer() != nil:
		return v.Buffer().B, nil
	case !n.Base64:
		return []byte(wellFormed(value.ToString(v))), nil
	case v.IsString():
		return fromBase64(v.Str()), nil
	case v.Array() != nil:
		var b []byte
		for _, e := range v.Array().Elems {
			b = append(b, byte(value.ToUint32(value.ToNumber(e))))
		}
		return b, nil
	}
	received := "type " + v.TypeOf() + " (" + value.Inspect(v, value.InspectOptions{}) + ")"
	switch {
	case v.IsNullish():
		received = value.ToString(v)
	case v.IsObject():
		received = "an instance of " + value.ClassName(v)
	}
	return nil, codeError("TypeError", "ERR_INVALID_ARG_TYPE",
		"The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object. Received "+received)
}

// Close closes the socket, for the other nodes that share it too.
func (n *udpOut) Close(c *engine.Call, _ bool) error {
	if n.socket != nil && n.socket.close() && n.kind() != "multi" {
		c.Log(value.Str(c.Text("udp.status.output-stopped")))
	}
	delete(udpShared(c), n.key)
	c.StatusValue(value.Of(value.NewObject()))
	return nil
}
