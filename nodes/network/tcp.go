package network

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

var tcpTexts = map[string]string{
	"tcpin.status.connecting":        "connecting to {{host}}:{{port}}",
	"tcpin.status.connected":         "connected with {{host}}:{{port}}",
	"tcpin.status.listening-port":    "listening on port {{port}}",
	"tcpin.status.stopped-listening": "no longer listening on port {{port}}",
	"tcpin.status.connection-from":   "{{host}}:{{port}} has connected",
	"tcpin.status.connection-closed": "{{host}}:{{port}} has gone",
	"tcpin.status.connections":       "connections: {{count}}",
	"tcpin.errors.connection-lost":   "the connection with {{host}}:{{port}} is lost",
	"tcpin.errors.timeout":           "an idle connection to port {{port}} was closed",
	"tcpin.errors.cannot-listen":     "cannot listen on port {{port}}: {{error}}",
	"tcpin.errors.error":             "{{error}}",
	"tcpin.errors.socket-error":      "error on the connection with {{host}}:{{port}}",
	"tcpin.errors.no-host":           "No host or no port is given",
	"tcpin.errors.connect-timeout":   "timeout while connecting",
	"tcpin.errors.connect-fail":      "cannot connect to",
	"tcpin.errors.bad-string":        "the bytes make no text",
}

// tcpSessions are the connections of all tcp in nodes, to which tcp out nodes
// reply, in the order of their making.
type tcpSessions struct{ list []tcpSession }

// tcpSession is one of them: the id in msg._session and the socket's number.
type tcpSession struct {
	id     string
	socket float64
}

type tcpSessionsKey struct{}

func tcpPool(c *engine.Call) *tcpSessions {
	return c.Shared(tcpSessionsKey{}, func() any { return &tcpSessions{} }).(*tcpSessions)
}

func (p *tcpSessions) add(id string, socket float64) {
	p.list = append(p.list, tcpSession{id, socket})
}

func (p *tcpSessions) remove(id string) {
	for i, s := range p.list {
		if s.id == id {
			p.list = append(p.list[:i], p.list[i+1:]...)
			return
		}
	}
}

func (p *tcpSessions) find(id string) (tcpSession, bool) {
	for _, s := range p.list {
		if s.id == id {
			return s, true
		}
	}
	return tcpSession{}, false
}

// session is msg._session.
func session(typ, id string) value.Value { return value.Obj("type", typ, "id", id) }

// sessionID is the id in msg._session if it is of a type.
func sessionID(m *engine.Message, typ string) (string, bool) {
	s := m.Get("_session").Object()
	if s == nil || s.Get("type").Str() != typ {
		return "", false
	}
	return value.ToString(s.Get("id")), true
}

func tcpWrite(c *engine.Call, socket float64, data []byte, end bool) {
	body := value.Obj("socket", socket, "data", data).Object()
	if end {
		body.Set("end", value.True)
	}
	c.Emit("tcp.write", value.Of(body))
}

func tcpDestroy(c *engine.Call, socket float64) { c.Emit("tcp.destroy", value.Obj("socket", socket)) }

func tcpEnd(c *engine.Call, socket float64) { c.Emit("tcp.end", value.Obj("socket", socket)) }

// tcpBytes are the bytes of a payload to be written.
func tcpBytes(v value.Value, base64 bool) []byte {
	switch {
	case v.Buffer() != nil:
		return v.Buffer().B
	case v.IsString() && base64:
		return fromBase64(v.Str())
	}
	return []byte(wellFormed(value.ToString(v)))
}

// fromBase64 decodes as Node.js does: both alphabets, what belongs to neither is
// skipped, an equals sign ends.
func fromBase64(s string) []byte {
	out := make([]byte, 0, len(s)*3/4)
	var bits uint32
	have := 0
	for i := range len(s) {
		b := s[i]
		if b == '=' {
			break
		}
		at := strings.IndexByte(base64Digits, b)
		switch {
		case b == '-':
			at = 62
		case b == '_':
			at = 63
		case at < 0:
			continue
		}
		bits = bits<<6 | uint32(at)
		if have++; have == 4 {
			out = append(out, byte(bits>>16), byte(bits>>8), byte(bits))
			bits, have = 0, 0
		}
	}
	switch have {
	case 2:
		out = append(out, byte(bits>>4))
	case 3:
		out = append(out, byte(bits>>10), byte(bits>>2))
	}
	return out
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// tcpTLS are the TLS settings of a node that names a tls-config node.
func tcpTLS(c *engine.Call, id string) (value.Value, error) {
	if id == "" {
		return value.Undefined, nil
	}
	v, err := tlsOptions(c, id)
	if err == nil && v.IsUndefined() {
		err = value.ThrownError("TypeError", "Cannot read properties of null (reading 'addTLSOptions')")
	}
	return v, err
}

// portError is what Node.js throws for a number that is no port; nil if it is one.
func portError(name string, v value.Value) error {
	f := value.ToNumber(v)
	if f >= 0 && f < 65536 && f == math.Trunc(f) && !(v.IsString() && value.Trim(v.Str()) == "") {
		return nil
	}
	typ := v.TypeOf()
	return codeError("RangeError", "ERR_SOCKET_BAD_PORT",
		name+" should be >= 0 and < 65536. Received type "+typ+" ("+value.Inspect(v, value.InspectOptions{})+").")
}

// milliseconds is a setting that is a time; other if it is not set.
func milliseconds(c *engine.Call, name string, other float64) float64 {
	if v := c.Setting(name); value.Truthy(v) {
		return value.ToNumber(v)
	}
	return other
}

const (
	// tcpReconnect is the time before a client connects again, in milliseconds.
	tcpReconnect = 10_000
	// tcpQuick is that time after a connection that was ended as it should.
	tcpQuick = 20
)

// tcpStatus shows a status with more properties behind those that are seen.
func tcpStatus(c *engine.Call, fill, shape, text string, more ...any) {
	c.StatusValue(value.Obj(append([]any{"fill", fill, "shape", shape, "text", text}, more...)...))
}

// tcpDropped reports what a peer that does not read made the host drop.
func tcpDropped(c *engine.Call, o *value.Object) {
	c.Error(engine.Fail("the peer does not read: "+value.ToString(o.Get("writes"))+" writes of "+
		value.ToString(o.Get("bytes"))+" bytes were dropped"), nil)
}

var escapes = strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t")
