package network

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// tcpAsk is one connection of a tcp request node, and the answer it collects.
type tcpAsk struct {
	n       *tcpRequest
	id      string // host:port
	request uint64
	m       *engine.Message // that opened it
	buf     []byte
	i       int // how much of the answer has come, even beyond buf
	chunk   string
	again   bool // connecting again did not harm it yet
}

// answerSize is how many bytes of an answer are kept that ends by time or character.
const answerSize = 64 << 10

func (a *tcpAsk) number() float64 { return float64(a.request) }

// client is what the node knows of the connection's host now; nil if it forgot it.
func (a *tcpAsk) client() *tcpClient { return a.n.clients[a.id] }

// open connects to a host.
func (n *tcpRequest) open(k *tcpClient, id string, host, port value.Value, m *engine.Message) error {
	a := &tcpAsk{n: n, id: id, m: m}
	size := float64(answerSize)
	if n.Out == "count" {
		size = max(n.split, 1)
		if math.IsNaN(n.split) || n.split < 0 || n.split > maxText {
			return codeError("RangeError", "ERR_OUT_OF_RANGE", "The value of \"size\" is out of range. It must be >= 0 && <= 9007199254740991. Received "+value.ToString(value.Num(n.split)))
		}
	}
	a.buf = make([]byte, int(size))
	k.socket, k.made = a, true
	if !value.Truthy(host) || !value.Truthy(port) {
		n.c.Warn(value.Str(n.c.Text("tcpin.errors.no-host")))
		return engine.Pending
	}
	k.connecting = true
	if err := portError("Port", port); err != nil {
		return err
	}
	body := value.Obj("host", value.ToString(host), "port", value.ToNumber(port), "early", true).Object()
	if o := n.tls.Object(); o != nil {
		o = value.Clone(n.tls).Object()
		o.Set("verify", value.False) // Node-RED takes any certificate here
		body.Set("tls", value.Of(o))
	}
	if t := n.c.Setting("socketTimeout"); value.Truthy(t) {
		body.Set("timeout", t)
	}
	a.request = n.c.Listen("tcp.connect", value.Of(body), func(v value.Value, _ bool) { a.event(v.Object()) })
	return engine.Pending
}

func (a *tcpAsk) event(o *value.Object) {
	n, k := a.n, a.client()
	switch o.Get("event").Str() {
	case "open":
		a.opened(k)
	case "data":
		a.data(o.Get("data").Buffer().B)
	case "end":
		tcpStatus(n.c, "grey", "ring", "common.status.disconnected")
		if k != nil && k.socket != nil {
			k.connected, k.connecting, k.socket = false, false, nil
		}
	case "close":
		if k != nil {
			k.connected, k.connecting = false, false
		}
	case "dropped":
		tcpDropped(n.c, o)
	case "error":
		a.failed(k)
	case "timeout":
		a.idle(k)
	}
}

func (a *tcpAsk) opened(k *tcpClient) {
	n := a.n
	n.showCount("dot")
	if k == nil || k.socket == nil {
		return
	}
	k.connected, k.connecting = true, false
	for len(k.waiting) > 0 {
		n.writeNext(k)
	}
	if n.Out == "time" && n.split < 0 {
		k.connected, k.connecting = false, false
		tcpEnd(n.c, k.socket.number())
		n.forget(a.id)
		n.c.StatusValue(value.Of(value.NewObject()))
	}
}

func (a *tcpAsk) failed(k *tcpClient) {
	n := a.n
	tcpStatus(n.c, "red", "ring", "common.status.error")
	n.c.Error(engine.Fail(n.c.Text("tcpin.errors.connect-fail")+" "+a.id), a.m)
	if k != nil && k.socket != nil {
		k.socket.destroy()
		n.forget(a.id)
	}
}

// idle follows Node-RED, which connects the idle socket again: once the system
// takes that for success, but not while it connects or a second time.
func (a *tcpAsk) idle(k *tcpClient) {
	if k == nil {
		return
	}
	n := a.n
	was := k.connected
	k.connected, k.connecting = false, false
	tcpStatus(n.c, "grey", "dot", "tcpin.errors.connect-timeout")
	if k.socket == nil {
		return
	}
	if !was || a.again {
		a.failed(k)
		return
	}
	a.again = true
	k.connected = true
	tcpStatus(n.c, "green", "dot", "common.status.connected")
}

// destroy ends the connection; nothing is heard of it any more.
func (a *tcpAsk) destroy() {
	if a.request != 0 {
		a.n.c.Unlisten(a.request)
	}
}

// data takes bytes of the answer.
func (a *tcpAsk) data(b []byte) {
	n := a.n
	if n.Out == "sit" {
		a.sit(b)
		return
	}
	for _, x := range b {
		switch n.Out {
		case "time":
			a.timed(x)
		case "count":
			a.put(x)
			if float64(a.i) >= n.split {
				a.answer(a.i)
			}
		default:
			a.put(x)
			if float64(x) == n.split {
				a.answer(a.i)
			}
		}
	}
}

// put adds a byte to the answer; what is beyond the buffer is lost but counted.
func (a *tcpAsk) put(x byte) {
	if a.i < len(a.buf) {
		a.buf[a.i] = x
	}
	a.i++
}

// timed adds a byte; the first one starts the time to the end of the answer.
func (a *tcpAsk) timed(x byte) {
	k := a.client()
	if k == nil {
		return
	}
	if k.timing {
		a.put(x)
		return
	}
	k.timing = true
	a.i = 0
	a.put(x)
	a.n.c.After(a.n.split, func() {
		if k := a.client(); k != nil {
			k.timing = false
			a.answer(a.i)
		}
	})
}

// answer sends the first bytes of the answer and ends the connection.
func (a *tcpAsk) answer(size int) {
	n, k := a.n, a.client()
	if k == nil {
		return
	}
	m := value.CloneMessage(k.last)
	bytes := make([]byte, size)
	copy(bytes, a.buf)
	m.Set("payload", n.payload(bytes))
	n.c.Send(m)
	if k.socket != nil {
		n.c.StatusValue(value.Of(value.NewObject()))
		k.socket.destroy()
		n.forget(a.id)
	}
	a.i = 0
}

func (n *tcpRequest) payload(b []byte) value.Value {
	if n.Ret == "string" {
		return value.Str(value.Text(b))
	}
	return value.Bytes(b)
}

// sit sends what came, whole or line by line, and stays connected.
func (a *tcpAsk) sit(b []byte) {
	n, k := a.n, a.client()
	if k == nil {
		return
	}
	m := value.CloneMessage(k.last)
	if n.Ret != "string" || n.Newline == "" {
		m.Set("payload", n.payload(b))
		n.c.Send(m)
		return
	}
	if len(a.chunk)+len(b) > maxText {
		n.c.Error(engine.Fail(n.c.Text("tcpin.errors.bad-string")), m)
		return
	}
	a.chunk += value.Text(b)
	for {
		part, rest, found := strings.Cut(a.chunk, n.Newline)
		if !found {
			return
		}
		a.chunk = rest
		if n.trim {
			part += n.Newline
		}
		line := value.CloneMessage(m)
		line.Set("payload", value.Str(part))
		n.c.Send(line)
	}
}
