package network

import (
	"net/url"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// answer puts the server's answer, or what went wrong, into the message.
func (n *httpRequest) answer(c *engine.Call, m *engine.Message, address string, o *value.Object) {
	if list := o.Get("warnings").Array(); list != nil {
		for _, w := range list.Elems {
			c.Warn(w)
		}
	}
	if err := o.Get("error"); !err.IsUndefined() {
		n.failed(c, m, address, err)
		return
	}
	m.Set("statusCode", o.Get("status"))
	headers := o.Get("headers").Object()
	m.Set("headers", o.Get("headers"))
	m.Set("responseUrl", o.Get("url"))
	body := o.Get("body")
	m.Set("payload", body)
	m.Set("redirectList", redirects(o.Get("redirects").Array()))
	m.Set("retry", value.Int(0))
	if set, ok := headers.Lookup("set-cookie"); ok {
		m.Set("responseCookies", responseCookies(set))
	}
	headers.Set(requestMark, value.Str(engine.HashSum(value.Of(headers))))
	if n.Ret != "bin" {
		m.Set("payload", n.convert(c, o))
	}
	if n.count--; n.count == 0 {
		c.StatusValue(value.Of(value.NewObject()))
	}
	c.Send(m)
	c.Done(m)
}

// convert gives the body as text or as parsed JSON.
func (n *httpRequest) convert(c *engine.Call, o *value.Object) value.Value {
	text := ""
	if b := o.Get("body").Buffer(); b != nil {
		text = value.Text(b.B)
	}
	if n.Ret != "obj" {
		return value.Str(text)
	}
	if o.Get("status").Num() == 204 {
		text = "{}"
	}
	v, err := value.ParseJSON(text)
	if err != nil {
		c.Warn(value.Str(c.Text("httpin.errors.json-error")))
		return value.Str(text)
	}
	return v
}

func (n *httpRequest) failed(c *engine.Call, m *engine.Message, address string, v value.Value) {
	err := v.Error()
	code := err.Prop("code")
	if code.Str() == "ETIMEDOUT" {
		text := c.Text("common.notification.errors.no-response")
		c.Error(engine.Fail(text), m)
		c.Status("red", "ring", text)
	} else {
		c.ErrorValue(v, m)
		c.StatusValue(value.Obj("fill", "red", "shape", "ring", "text", code))
	}
	text := err.Name
	if err.Message != "" {
		text += ": " + err.Message
	}
	m.Set("payload", value.Str(text+" : "+address))
	m.Set("statusCode", code)
	if !n.SendErr {
		c.Send(m)
	}
	n.count--
	c.Done(m)
}

// redirects is msg.redirectList: the answers that led elsewhere.
func redirects(list *value.Array) value.Value {
	out := value.NewArray()
	if list == nil {
		return value.Of(out)
	}
	for _, e := range list.Elems {
		hop := value.Obj("location", e.Object().Get("location")).Object()
		if set, ok := e.Object().Lookup("set-cookie"); ok {
			hop.Set("cookies", responseCookies(set))
		}
		out.Append(value.Of(hop))
	}
	return value.Of(out)
}

// responseCookies reads Set-Cookie headers: by name {value, attributes as spelled}.
func responseCookies(set value.Value) value.Value {
	out := value.NewObject()
	list := set.Array()
	if list == nil {
		return value.Of(out)
	}
	for _, e := range list.Elems {
		text := e.Str()
		name, _, ok := strings.Cut(text, "=")
		if name = strings.TrimSpace(name); !ok || name == "" {
			continue
		}
		c := parseCookie(text, decodeCookie)
		v := c.Get(name)
		c.Delete("value")
		c.Set("value", v)
		c.Delete(name)
		out.Set(name, value.Of(c))
	}
	return value.Of(out)
}

// parseCookie reads name=value pairs as npm's cookie does: the first of a name counts.
func parseCookie(text string, decode func(string) string) *value.Object {
	o := value.NewObject()
	for _, part := range strings.Split(text, ";") {
		name, v, ok := strings.Cut(part, "=")
		if name = strings.Trim(name, " \t"); !ok || o.Has(name) {
			continue
		}
		v = strings.Trim(v, " \t")
		if len(v) > 1 && v[0] == '"' && v[len(v)-1] == '"' {
			v = v[1 : len(v)-1]
		}
		o.Set(name, value.Str(decode(v)))
	}
	return o
}

func decodeCookie(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return value.Text([]byte(plain))
	}
	return s
}
