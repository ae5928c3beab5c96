package network

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

var udpTexts = map[string]string{
	"udp.status.listener-at":      "listening for datagrams at {{host}}:{{port}}",
	"udp.status.mc-group":         "member of the multicast group {{group}}",
	"udp.status.listener-stopped": "no longer listening for datagrams",
	"udp.status.output-stopped":   "no longer sending datagrams",
	"udp.status.mc-ready":         "ready for multicasts: {{iface}}:{{outport}} -> {{host}}:{{port}}",
	"udp.status.bc-ready":         "ready for broadcasts: {{outport}} -> {{host}}:{{port}}",
	"udp.status.ready":            "ready for datagrams: {{outport}} -> {{host}}:{{port}}",
	"udp.status.ready-nolocal":    "ready for datagrams: {{host}}:{{port}}",
	"udp.status.re-use":           "shares the socket of its port: {{outport}} -> {{host}}:{{port}}",
	"udp.errors.access-error":     "ports below 1024 need the right to use them",
	"udp.errors.error":            "error: {{error}}",
	"udp.errors.ip-notset":        "udp: no address is given",
	"udp.errors.port-notset":      "udp: no port is given",
	"udp.errors.port-invalid":     "udp: that is no port",
	"udp.errors.alreadyused":      "udp: port {{port}} is in use already and shared",
	"udp.errors.ifnotfound":       "udp: there is no interface {{iface}}",
}

// udpPorts are the sockets of all UDP nodes by port: a node takes the socket of a
// port that another one has opened.
type udpPorts map[string]*udpSocket

type udpPortsKey struct{}

func udpShared(c *engine.Call) udpPorts {
	return c.Shared(udpPortsKey{}, func() any { return udpPorts{} }).(udpPorts)
}

// udpSocket is a socket and those that hear what comes to it.
type udpSocket struct {
	c         *engine.Call // of the node that opened it
	request   uint64
	closed    bool
	listeners []func(o *value.Object)
}

// openUDP opens a socket; first hears of it before all others.
func openUDP(c *engine.Call, body *value.Object, first func(o *value.Object)) *udpSocket {
	s := &udpSocket{c: c, listeners: []func(*value.Object){first}}
	s.request = c.Listen("udp.open", value.Of(body), func(v value.Value, _ bool) {
		for _, fn := range s.listeners {
			fn(v.Object())
		}
	})
	return s
}

// close closes the socket; it reports whether it was open.
func (s *udpSocket) close() bool {
	if s.closed {
		return false
	}
	s.closed = true
	s.c.Unlisten(s.request)
	return true
}

// udpInterface is the local interface a UDP node names: what the configuration
// says, and its address once that is known.
type udpInterface struct {
	name, address string
	asked         bool     // the address is asked for
	then          []func() // what waits for it
}

// show shows the interface as the node's status.
func (i *udpInterface) show(c *engine.Call) {
	if i.address != "" {
		c.StatusValue(value.Obj("text", i.name+" : "+i.address))
	}
}

// missing warns that there is no such interface.
func (i *udpInterface) missing(c *engine.Call) {
	c.Warn(value.Str(c.Text("udp.errors.ifnotfound", "iface", i.name)))
	i.address = ""
}

// find asks for the address, or warns that there is none, and then goes on.
func (i *udpInterface) find(c *engine.Call, typ string, then func()) {
	if i.name == "" || strings.Contains(i.name, ".") {
		i.address = i.name
		then()
		return
	}
	i.asked = true
	i.after(then)
	c.Ask("udp.interface", value.Obj("type", typ, "iface", i.name), func(v value.Value, _ bool) {
		if i.address = v.Object().Get("address").Str(); i.address == "" {
			i.missing(c)
		}
		i.asked = false
		for _, fn := range i.then {
			fn()
		}
		i.then = nil
	})
}

// after calls fn once the address is known.
func (i *udpInterface) after(fn func()) {
	if i.asked {
		i.then = append(i.then, fn)
	} else {
		fn()
	}
}

// udpPort is the local port a number stands for, as the system takes it.
func udpPort(v value.Value) float64 { return float64(value.ToUint32(value.ToNumber(v)) & 0xffff) }

// udpFamily is udp4 or udp6.
func udpFamily(v string) string {
	if v == "" {
		return "udp4"
	}
	return v
}

// udpMemberError reports that the socket could not become a member of its group.
func udpMemberError(c *engine.Call, e value.Value) {
	number := value.Undefined
	if e.Error() != nil {
		number = e.Error().Prop("errno")
	}
	c.Error(engine.Fail(c.Text("udp.errors.error", "error", value.ToString(number))), nil)
}
