package network

import (
	"math"
	"strconv"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// HTTPResponse is the configuration of an http response node.
type HTTPResponse struct {
	// StatusCode of the answer; empty takes msg.statusCode, or 200.
	StatusCode value.Value `json:"statusCode"`
	// Headers of the answer by name; they win over msg.headers.
	Headers *value.Object `json:"headers"`
}

var httpResponseType = engine.Define("http response", "Answers an HTTP request.", newHTTPResponse).With(httpTexts)

type httpResponse struct {
	status  float64
	headers *value.Object
}

func newHTTPResponse(_ *engine.Call, cfg HTTPResponse) (engine.Node, error) {
	n := &httpResponse{status: value.ParseInt(value.ToString(cfg.StatusCode), 10), headers: cfg.Headers}
	if n.headers == nil {
		n.headers = value.NewObject()
	}
	return n, nil
}

// requestMark is the header by which an http request node marks headers that came
// from a response: they are not sent on unless they were changed.
const requestMark = "x-node-red-request-node"

func (n *httpResponse) Receive(c *engine.Call, m *engine.Message) error {
	if !value.Truthy(m.Get("res")) {
		c.Warn(value.Str(c.Text("httpin.errors.no-response")))
		return nil
	}
	res := resultOf(m.Get("res"))
	if res == nil {
		return value.ThrownError("TypeError", "Cannot read properties of undefined (reading 'set')")
	}
	if err := res.setAll(n.merge(m)); err != nil {
		return err
	}
	if err := res.setCookies(m.Get("cookies")); err != nil {
		return err
	}
	status := n.status
	if math.IsNaN(status) || status == 0 {
		status = value.ParseInt(value.ToString(m.Get("statusCode")), 10)
	}
	if math.IsNaN(status) || status == 0 {
		status = 200
	}
	res.status = int(status)
	return n.send(res, m)
}

// merge gives the headers to send: the node's own, then the message's.
func (n *httpResponse) merge(m *engine.Message) *value.Object {
	out := value.Clone(value.Of(n.headers)).Object()
	h := m.Get("headers").Object()
	if h == nil {
		return out
	}
	if mark, ok := h.Lookup(requestMark); ok {
		h.Delete(requestMark)
		if value.StrictEqual(mark, value.Str(engine.HashSum(value.Of(h)))) {
			m.Delete("headers")
			return out
		}
	}
	for i := range h.Len() {
		if p := h.At(i); !out.Has(p.Key) {
			out.Set(p.Key, p.Value)
		}
	}
	return out
}

func (n *httpResponse) send(res *result, m *engine.Message) error {
	v := m.Get("payload")
	if v.TypeOf() == "object" && v.Buffer() == nil {
		return res.jsonp(v)
	}
	if res.get("content-length").IsUndefined() {
		length, err := byteLength(v)
		if err != nil {
			return err
		}
		if err := res.set("content-length", value.Str(strconv.Itoa(length))); err != nil {
			return err
		}
	}
	if v.IsNumber() {
		v = value.Str(value.ToString(v))
		m.Set("payload", v)
	}
	return res.send(v)
}

func byteLength(v value.Value) (int, error) {
	switch {
	case v.IsNullish():
		return 0, nil
	case v.Buffer() != nil:
		return len(v.Buffer().B), nil
	case v.IsNumber() || v.IsString():
		return len(wellFormed(value.ToString(v))), nil
	}
	return 0, codeError("TypeError", "ERR_INVALID_ARG_TYPE", "The \"string\" argument must be of type string or an instance of Buffer or ArrayBuffer. Received type "+v.TypeOf()+" ("+value.Inspect(v, value.InspectOptions{})+")")
}

func wellFormed(s string) string { return value.Text([]byte(s)) }
