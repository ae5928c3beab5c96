package network

import (
	"strconv"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// tcpListen opens a server's port and hears its connections.
func tcpListen(c *engine.Call, port, tls value.Value, fn func(o *value.Object)) error {
	if err := portError("options.port", port); err != nil {
		return err
	}
	body := value.Obj("port", port).Object()
	if !tls.IsUndefined() {
		body.Set("tls", tls)
	}
	if t := c.Setting("socketTimeout"); value.Truthy(t) {
		body.Set("timeout", t)
	}
	c.Listen("tcp.listen", value.Of(body), func(v value.Value, _ bool) {
		o := v.Object()
		switch {
		case o.Get("event").Str() == "listening":
			c.Log(value.Str(c.Text("tcpin.status.listening-port", "port", value.ToString(port))))
			fn(o)
		case o.Has("error") && !o.Has("socket"):
			c.Error(engine.Fail(c.Text("tcpin.errors.cannot-listen", "port", value.ToString(port), "error", value.ToString(o.Get("error")))), nil)
		default:
			fn(o)
		}
	})
	return nil
}

// listen makes the node a server.
func (n *tcpIn) listen() error { return tcpListen(n.c, n.Port, n.tls, n.serverEvent) }

func (n *tcpIn) serverEvent(o *value.Object) {
	c := n.c
	socket := o.Get("socket").Num()
	p := n.peers[socket]
	switch o.Get("event").Str() {
	case "listening":
		n.listening = true
	case "open":
		p = &tcpPeer{n: n, id: c.NewID(), socket: socket, ip: o.Get("ip"), port: o.Get("port")}
		n.peers[socket] = p
		tcpPool(c).add(p.id, socket)
		n.count++
		n.showCount(p, "connect")
	case "data":
		p.data(o.Get("data").Buffer(), n.DataType != "buffer" && n.Newline != "")
	case "end":
		if !n.stream || n.DataType == "utf8" && n.Newline != "" || n.DataType == "base64" {
			p.flush()
		}
	case "timeout":
		c.Log(value.Str(c.Text("tcpin.errors.timeout", "port", value.ToString(n.Port))))
		tcpEnd(c, socket)
	case "error":
		c.Log(o.Get("error"))
	case "dropped":
		tcpDropped(c, o)
	case "close":
		delete(n.peers, socket)
		tcpPool(c).remove(p.id)
		n.count--
		n.showCount(p, "disconnect")
	}
}

// showCount shows how many connections there are, and which one came or went.
func (n *tcpIn) showCount(p *tcpPeer, event string) {
	text := n.c.Text("tcpin.status.connections", "count", strconv.Itoa(n.count))
	n.c.StatusValue(value.Obj("text", text, "event", event, "ip", p.ip, "port", p.port, "_session", session("tcp", p.id)))
}
