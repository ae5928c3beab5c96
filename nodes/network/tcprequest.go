package network

import (
	"math"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// TCPRequest is the configuration of a tcp request node.
type TCPRequest struct {
	// Server is the host; empty takes msg.host.
	Server string `json:"server"`
	// Port of the host; empty takes msg.port.
	Port value.Value `json:"port"`
	// Out says when the answer is complete: time (SplitC milliseconds after its
	// first byte), char (SplitC has come), count (SplitC bytes have come), sit
	// (never: the connection stays and all that comes is sent) or immed (no answer).
	Out string `json:"out"`
	// Ret is the type of the answer: buffer (the default) or string.
	Ret string `json:"ret"`
	// SplitC is the time, character or count of Out.
	SplitC value.Value `json:"splitc"`
	// Newline splits text that comes while sitting; \n, \r and \t are understood once each.
	Newline string `json:"newline"`
	// Trim puts the delimiter back behind each part.
	Trim value.Value `json:"trim"`
	// TLS is the id of a tls-config node; empty is an open connection.
	TLS string `json:"tls"`
}

var tcpRequestType = engine.Define("tcp request", "Sends to a TCP server and awaits its answer.", newTCPRequest).With(tcpTexts)

type tcpRequest struct {
	TCPRequest
	c       *engine.Call
	port    value.Value
	split   float64 // SplitC as a number
	tls     value.Value
	trim    bool
	queue   int
	order   []string // of clients
	clients map[string]*tcpClient
	lastID  string
}

// tcpClient is what the node knows of one host:port.
type tcpClient struct {
	waiting               []*engine.Message
	connected, connecting bool
	socket                *tcpAsk // nil before the first and after the end
	made                  bool    // there was a socket
	last                  *engine.Message
	timing                bool // a timer runs to the end of the answer
}

const defaultTCPQueue = 1000

func newTCPRequest(c *engine.Call, cfg TCPRequest) (engine.Node, error) {
	n := &tcpRequest{TCPRequest: cfg, c: c, clients: map[string]*tcpClient{}, trim: cfg.Trim.IsBool() && cfg.Trim.Bool()}
	n.port = value.Num(value.ToNumber(cfg.Port))
	for _, mark := range [][2]string{{`\n`, "\n"}, {`\r`, "\r"}, {`\t`, "\t"}} {
		n.Newline = strings.Replace(n.Newline, mark[0], mark[1], 1)
	}
	n.queue = int(milliseconds(c, "tcpMsgQueueSize", defaultTCPQueue))
	var err error
	if cfg.TLS != "" {
		if n.tls, err = tcpTLS(c, cfg.TLS); err != nil {
			return nil, err
		}
	}
	switch n.Out {
	case "immed":
		n.split, n.Out = -1, "time"
	case "char":
		n.split, err = splitChar(cfg.SplitC)
	default:
		n.split = value.ToNumber(cfg.SplitC)
	}
	return n, err
}

// splitChar is the byte that ends an answer: an escape, a hexadecimal number or
// the first character.
func splitChar(v value.Value) (float64, error) {
	if v.IsNullish() {
		return 0, value.ThrownError("TypeError", "Cannot read properties of "+value.ToString(v)+" (reading '0')")
	}
	if !v.IsString() {
		return value.ToNumber(v), nil
	}
	s := v.Str()
	if strings.HasPrefix(s, `\`) {
		for _, e := range splitEscapes {
			s = strings.Replace(s, e.mark, strconv.Itoa(e.code), 1)
		}
		return value.ParseInt(s, 10), nil
	}
	if strings.HasPrefix(s, "0x") {
		return value.ParseInt(s, 16), nil
	}
	if s == "" {
		return math.NaN(), nil
	}
	return float64(value.UnitAt(s, 0)), nil
}

var splitEscapes = []struct {
	mark string
	code int
}{{`\n`, 0x0a}, {`\r`, 0x0d}, {`\t`, 0x09}, {`\e`, 0x1b}, {`\f`, 0x0c}, {`\0`, 0x00}}

// Receive queues the message for its connection, which it opens if there is none.
func (n *tcpRequest) Receive(c *engine.Call, m *engine.Message) error {
	if err := textPayload(m); err != nil {
		return err
	}
	host, port := value.Str(n.Server), n.port
	if n.Server == "" {
		host = m.Get("host")
	}
	if !value.Truthy(port) {
		port = m.Get("port")
	}
	if n.Out == "sit" && value.Truthy(m.Get("reset")) {
		if err := n.reset(m.Get("reset")); err != nil {
			return err
		}
		if !m.Has("payload") {
			return engine.Pending
		}
	}
	id := value.ToString(host) + ":" + value.ToString(port)
	if id != n.lastID {
		c.StatusValue(value.Of(value.NewObject()))
		n.lastID = id
	}
	k := n.clients[id]
	if k == nil {
		k = &tcpClient{}
		n.clients[id] = k
		n.order = append(n.order, id)
	}
	if len(k.waiting) == n.queue {
		k.waiting = k.waiting[1:]
	}
	k.waiting = append(k.waiting, m)
	k.last = m
	if !k.connecting && !k.connected {
		return n.open(k, id, host, port, m)
	}
	if !k.connecting && k.socket != nil {
		n.writeNext(k)
	}
	return engine.Pending
}

// textPayload makes text of a payload that is neither text nor bytes.
func textPayload(m *engine.Message) error {
	v := m.Get("payload")
	switch {
	case v.IsUndefined() || v.Buffer() != nil || v.IsString():
	case v.IsNull():
		return value.ThrownError("TypeError", "Cannot read properties of null (reading 'toString')")
	default:
		m.Set("payload", value.Str(value.ToString(v)))
	}
	return nil
}

// reset ends one connection, or all.
func (n *tcpRequest) reset(v value.Value) error {
	end := func(id string) error {
		k := n.clients[id]
		switch {
		case !k.made:
		case k.socket == nil:
			return value.ThrownError("TypeError", "Cannot read properties of null (reading 'destroy')")
		default:
			k.socket.destroy()
			n.forget(id)
		}
		return nil
	}
	if v.IsBool() {
		for _, id := range append([]string(nil), n.order...) {
			if err := end(id); err != nil {
				return err
			}
		}
	}
	if v.IsString() && strings.Contains(v.Str(), ":") && n.clients[v.Str()] != nil {
		if err := end(v.Str()); err != nil {
			return err
		}
	}
	shape := "dot"
	if len(n.clients) == 0 {
		shape = "ring"
	}
	n.showCount(shape)
	return nil
}

func (n *tcpRequest) showCount(shape string) {
	tcpStatus(n.c, "green", shape, n.c.Text("tcpin.status.connections", "count", strconv.Itoa(len(n.clients))))
}

func (n *tcpRequest) forget(id string) {
	delete(n.clients, id)
	for i, s := range n.order {
		if s == id {
			n.order = append(n.order[:i], n.order[i+1:]...)
			return
		}
	}
}

// writeNext writes the message that has waited longest and ends its handling.
func (n *tcpRequest) writeNext(k *tcpClient) {
	m := k.waiting[0]
	k.waiting = k.waiting[1:]
	if v := m.Get("payload"); !v.IsUndefined() {
		tcpWrite(n.c, k.socket.number(), tcpBytes(v, false), false)
	}
	n.c.Done(m)
}

// Close ends all connections. Node-RED stumbles over one that its peer has ended,
// and then leaves the status as it is.
func (n *tcpRequest) Close(c *engine.Call, _ bool) error {
	for _, k := range n.clients {
		if k.made && k.socket == nil {
			return nil
		}
	}
	c.StatusValue(value.Of(value.NewObject()))
	return nil
}
