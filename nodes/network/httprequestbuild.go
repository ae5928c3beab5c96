package network

import (
	"encoding/base64"
	"regexp"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/engine/weburl"
)

// outgoing is a request that is being put together.
type outgoing struct {
	n       *httpRequest
	c       *engine.Call
	m       *engine.Message
	url     string
	method  string
	timeout float64
	refused bool // what is wrong was reported

	headers *value.Object // content-type and content-length in lower case
	spelled map[string]string
	cookies *value.Array
	data    []byte
	has     bool // there is a body
	follow  bool
	user    value.Value // of the URL, as secret
	digest  value.Value
	tls     value.Value
}

func (x *outgoing) build() error {
	x.headers, x.follow = value.NewObject(), true
	x.spelled = map[string]string{"content-type": "Content-Type", "content-length": "Content-Length"}
	x.messageHeaders()
	x.nodeHeaders()
	if v, ok := x.m.Lookup("followRedirects"); ok {
		x.follow = value.Truthy(v)
	}
	if err := x.addCookies(); err != nil {
		return err
	}
	u, ok := weburl.Parse(x.url, nil)
	if !ok {
		e := value.ThrownError("TypeError", "Invalid URL")
		e.SetProp("code", value.Str("ERR_INVALID_URL"))
		e.SetProp("input", value.Str(x.url))
		return e
	}
	x.authorize(u)
	if err := x.payload(); err != nil || x.refused {
		return err
	}
	for _, name := range []string{"content-type", "content-length"} {
		if v, ok := x.headers.Lookup(name); ok && x.spelled[name] != name {
			x.headers.Delete(name)
			x.headers.Set(x.spelled[name], v)
		}
	}
	return x.security()
}

// known gives the name under which a header is kept, and notes its spelling.
func (x *outgoing) known(name string) string {
	lower := strings.ToLower(name)
	if _, ok := x.spelled[lower]; ok {
		x.spelled[lower] = name
		return lower
	}
	return name
}

// setHeader replaces a header whatever its case; a falsy value removes it.
func (x *outgoing) setHeader(name string, v value.Value) {
	for _, k := range x.headers.Keys() {
		if strings.EqualFold(k, name) {
			x.headers.Delete(k)
		}
	}
	if value.Truthy(v) {
		x.headers.Set(name, v)
	}
}

func (x *outgoing) messageHeaders() {
	h := x.m.Get("headers").Object()
	if h == nil {
		return
	}
	if mark, ok := h.Lookup(requestMark); ok {
		h.Delete(requestMark)
		if value.StrictEqual(mark, value.Str(engine.HashSum(value.Of(h)))) {
			x.m.Delete("headers")
			return
		}
	}
	for _, name := range h.Keys() {
		x.setHeader(x.known(name), h.Get(name))
	}
}

func (x *outgoing) nodeHeaders() {
	list := x.n.Headers.Array()
	if list == nil {
		return
	}
	for _, e := range list.Elems {
		h := e.Object()
		if h == nil {
			continue
		}
		name := x.part(h.Get("keyType"), h.Get("keyValue"))
		if value.Truthy(name) {
			x.setHeader(x.known(value.ToString(name)), x.part(h.Get("valueType"), h.Get("valueValue")))
		}
	}
}

// part evaluates one side of the headers table.
func (x *outgoing) part(typ, v value.Value) value.Value {
	switch typ.Str() {
	case "other":
		return v
	case "msg":
		found, err := engine.NewInput("msg", v).Eval(x.c, x.m)
		if err != nil {
			return value.Undefined
		}
		return found
	}
	return typ
}

var (
	cookieName  = regexp.MustCompile("^[!#$%&'*+\\-.^_`|~0-9A-Za-z]+$")
	cookieValue = regexp.MustCompile(`^(?:[\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]*|"[\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]*")$`)
)

// addCookies takes those of a cookie header and of msg.cookies.
func (x *outgoing) addCookies() error {
	x.cookies = value.NewArray()
	if v, ok := x.headers.Lookup("cookie"); ok {
		if !v.IsString() {
			return value.ThrownError("TypeError", "argument str must be a string")
		}
		x.headers.Delete("cookie")
		pairs := parseCookie(v.Str(), func(s string) string { return s })
		for i := range pairs.Len() {
			if err := x.addCookie(pairs.At(i).Key, pairs.At(i).Value.Str()); err != nil {
				return err
			}
		}
	}
	list := x.m.Get("cookies").Object()
	if list == nil {
		return nil
	}
	for i := range list.Len() {
		name, v := list.At(i).Key, list.At(i).Value
		if v.IsUndefined() {
			return value.ThrownError("TypeError", "Cannot read properties of undefined (reading 'value')")
		}
		plain := false
		if o := v.Object(); o != nil {
			plain = o.Get("encode").IsBool() && !o.Get("encode").Bool()
			v = o.Get("value")
		}
		if v.IsNull() {
			continue
		}
		text := value.ToString(v)
		if !plain {
			text = value.EncodeURIComponent(text)
		}
		if err := x.addCookie(name, text); err != nil {
			return err
		}
	}
	return nil
}

func (x *outgoing) addCookie(name, text string) error {
	if !cookieName.MatchString(name) {
		return value.ThrownError("TypeError", "argument name is invalid")
	}
	if !cookieValue.MatchString(text) {
		return value.ThrownError("TypeError", "argument val is invalid")
	}
	x.cookies.Append(value.Str(name + "=" + text))
	return nil
}

// authorize adds what the node's or the URL's credentials ask for.
func (x *outgoing) authorize(u *weburl.URL) {
	user, password, any := x.n.credentials(x.c, u)
	if u.User != "" || u.Password != "" {
		x.user = value.NewSecret("userinfo", u.User+":"+u.Password)
	}
	if !any {
		return
	}
	switch x.n.AuthType {
	case "basic":
		if user != "" || password != "" {
			text := "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
			x.setHeader("Authorization", value.NewSecret("authorization", text))
		}
	case "digest":
		x.digest = value.Obj("user", value.NewSecret("user", user), "password", value.NewSecret("password", password))
	case "bearer":
		x.setHeader("Authorization", value.NewSecret("authorization", "Bearer "+password))
	}
}

// security takes the settings of TLS.
func (x *outgoing) security() error {
	t, err := tlsOptions(x.c, x.n.TLS)
	if err != nil {
		return err
	}
	x.tls = t
	v, ok := x.m.Lookup("rejectUnauthorized")
	if !t.IsUndefined() || !ok {
		return nil
	}
	text := strings.ToLower(v.Str())
	switch {
	case v.IsBool():
		x.tls = value.Obj("verify", v)
	case v.IsString() && (text == "true" || text == "false"):
		x.tls = value.Obj("verify", text == "true")
	default:
		x.c.Warn(value.Str(x.c.Text("httpin.errors.rejectunauthorized-invalid")))
	}
	return nil
}

// body gives the effect's body, as the performer documents it.
func (x *outgoing) body() value.Value {
	o := value.NewObject(16)
	o.Set("method", value.Str(x.method))
	o.Set("url", value.Str(x.hiddenURL()))
	headers := value.NewArray()
	for i := range x.headers.Len() {
		p := x.headers.At(i)
		headers.Append(value.Arr(value.Str(p.Key), headerValue(p.Key, p.Value)))
	}
	o.Set("headers", value.Of(headers))
	if x.has {
		o.Set("body", value.Bytes(x.data))
	}
	if x.cookies.Length() > 0 {
		o.Set("cookies", value.Of(x.cookies))
	}
	for _, p := range []struct {
		name string
		v    value.Value
	}{{"userinfo", x.user}, {"digest", x.digest}, {"tls", x.tls}} {
		if !p.v.IsUndefined() {
			o.Set(p.name, p.v)
		}
	}
	o.Set("follow", value.Bool(x.follow))
	o.Set("maxRedirects", value.Int(maxRedirects))
	o.Set("timeout", value.Num(x.timeout))
	o.Set("proxy", proxyOptions(x.c, x.n.Proxy))
	o.Set("persist", value.Bool(x.n.Persist))
	o.Set("lenient", value.Bool(x.n.InsecureHTTPParser))
	return value.Of(o)
}

// hiddenURL is the URL without user and password.
func (x *outgoing) hiddenURL() string {
	u, ok := weburl.Parse(x.url, nil)
	if !ok || x.user.IsUndefined() {
		return x.url
	}
	u.User, u.Password = "", ""
	return u.String()
}

// headerValue is a header's value as text, or as several; what authorizes is secret.
func headerValue(name string, v value.Value) value.Value {
	if h := v.Handle(); h != nil {
		return v
	}
	if a := v.Array(); a != nil {
		list := value.NewArray()
		for _, e := range a.Elems {
			list.Append(value.Str(value.ToString(e)))
		}
		return value.Of(list)
	}
	text := value.ToString(v)
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization":
		return value.NewSecret(strings.ToLower(name), text)
	}
	return value.Str(text)
}
