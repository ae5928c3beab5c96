package httpclient

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/engine/weburl"
)

// exchange is one request of a node with all that follows from it: redirects and
// the answer to a digest challenge.
type exchange struct {
	p    *Client
	ctx  context.Context
	node string
	o    *value.Object

	url       *weburl.URL
	method    string
	body      []byte
	hasBody   bool
	headers   []header
	jar       jar
	client    *client
	timeout   time.Duration
	userinfo  string
	digested  bool
	redirects *value.Array
	warnings  *value.Array
}

// header is a field of a request, as spelled.
type header struct {
	name   string
	values []string
}

// hop is the answer to one HTTP request.
type hop struct {
	status  int
	headers *value.Object
	body    []byte
}

func (x *exchange) run() value.Value {
	x.redirects, x.warnings = value.NewArray(), value.NewArray()
	out := value.NewObject(6)
	h, err := x.follow()
	if err != nil {
		out.Set("error", value.Of(nodeError(err)))
	} else {
		out.Set("status", value.Int(h.status))
		out.Set("headers", value.Of(h.headers))
		out.Set("url", value.Str(x.url.String()))
		out.Set("body", value.Bytes(h.body))
		out.Set("redirects", value.Of(x.redirects))
	}
	if x.warnings.Len() > 0 {
		out.Set("warnings", value.Of(x.warnings))
	}
	return value.Of(out)
}

// prepare reads the effect's body.
func (x *exchange) prepare() error {
	o := x.o
	u, ok := weburl.Parse(o.Get("url").Str(), nil)
	if !ok || !u.Special() {
		return &failure{name: "TypeError", code: "ERR_INVALID_URL", text: "Invalid URL"}
	}
	x.url, x.method = u, o.Get("method").Str()
	x.timeout = time.Duration(math.Min(o.Get("timeout").Num(), math.MaxInt32) * float64(time.Millisecond))
	if b := o.Get("body").Buffer(); b != nil {
		x.body, x.hasBody = b.B, true
	}
	if u := o.Get("userinfo"); !u.IsUndefined() {
		x.setUser(value.Reveal(u))
	}
	if list := o.Get("cookies").Array(); list != nil {
		for _, c := range list.Elems {
			x.jar.set(c.Str(), x.url)
		}
	}
	x.set("user-agent", "got (https://github.com/sindresorhus/got)")
	list := o.Get("headers").Array()
	for i := range list.Length() {
		pair := list.At(i).Array()
		if err := x.add(pair.At(0).Str(), pair.At(1)); err != nil {
			return err
		}
	}
	var err error
	x.client, err = x.p.pool.client(x.node, o, x.proxy())
	return err
}

func (x *exchange) setUser(text string) {
	user, password, _ := strings.Cut(text, ":")
	x.url.User, x.url.Password = user, password
	plain := func(s string) string {
		if p, err := url.PathUnescape(s); err == nil {
			return p
		}
		return s
	}
	x.userinfo = "Basic " + base64.StdEncoding.EncodeToString([]byte(plain(user)+":"+plain(password)))
}

var proxyForm = regexp.MustCompile(`(?i)^(https?://)?(.+)?:([0-9]+)?`)

// proxy gives the proxy to go through, nil for none.
func (x *exchange) proxy() *weburl.URL {
	settings := x.o.Get("proxy").Object()
	text := live.ProxyFor(settings, x.o.Get("url").Str(), x.p.opt.Env)
	if text == "" {
		return nil
	}
	u, ok := weburl.Parse(text, nil)
	if !ok || !proxyForm.MatchString(text) {
		x.warnings.Append(value.Str("Bad proxy url: " + text))
		return nil
	}
	if settings != nil && settings.Has("username") {
		u.User = url.PathEscape(value.Reveal(settings.Get("username")))
		u.Password = url.PathEscape(value.Reveal(settings.Get("password")))
	}
	return u
}

var (
	token   = regexp.MustCompile("^[!#$%&'*+\\-.^_`|~0-9A-Za-z]+$")
	badText = regexp.MustCompile(`[^\t\x20-\x7e\x{80}-\x{ff}]`)
)

func (x *exchange) add(name string, v value.Value) error {
	if !token.MatchString(name) {
		return &failure{class: "TypeError", node: true, code: "ERR_INVALID_HTTP_TOKEN", text: `Header name must be a valid HTTP token ["` + name + `"]`}
	}
	var list []string
	if a := v.Array(); a != nil {
		for _, e := range a.Elems {
			list = append(list, value.Reveal(e))
		}
	} else {
		list = []string{value.Reveal(v)}
	}
	for i, s := range list {
		if badText.MatchString(s) {
			return &failure{class: "TypeError", node: true, code: "ERR_INVALID_CHAR", text: `Invalid character in header content ["` + name + `"]`}
		}
		list[i] = latin1(s)
	}
	x.set(name, list...)
	return nil
}

// latin1 gives a text the bytes that Node.js sends for it in a header.
func latin1(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}

func (x *exchange) set(name string, values ...string) {
	x.drop(name)
	x.headers = append(x.headers, header{name, values})
}

func (x *exchange) drop(name string) {
	kept := x.headers[:0]
	for _, h := range x.headers {
		if !strings.EqualFold(h.name, name) {
			kept = append(kept, h)
		}
	}
	x.headers = kept
}

// follow makes requests until there is an answer to give.
func (x *exchange) follow() (*hop, error) {
	if err := x.prepare(); err != nil {
		return nil, err
	}
	for {
		h, err := x.once()
		if err != nil {
			return nil, err
		}
		location := h.headers.Get("location")
		if location.Str() != "" && redirecting[h.status] && x.o.Get("follow").Bool() {
			if err := x.redirect(h, location.Str()); err != nil {
				return nil, err
			}
			continue
		}
		if h.status == http.StatusUnauthorized && !x.digested && x.answerChallenge(h) {
			continue
		}
		return h, nil
	}
}

var redirecting = map[int]bool{300: true, 301: true, 302: true, 303: true, 304: true, 307: true, 308: true}

func (x *exchange) redirect(h *hop, location string) error {
	limit := int(x.o.Get("maxRedirects").Num())
	if x.redirects.Len() >= limit {
		return &failure{name: "MaxRedirectsError", code: "ERR_TOO_MANY_REDIRECTS", text: fmt.Sprintf("Redirected %d times. Aborting.", limit)}
	}
	if h.status == http.StatusSeeOther && x.method != "GET" && x.method != "HEAD" {
		x.method, x.body, x.hasBody = "GET", nil, false
		x.drop("content-length")
	}
	to, ok := weburl.Parse(value.Text([]byte(latin1(location))), x.url)
	if !ok {
		return &failure{class: "TypeError", code: "ERR_INVALID_URL", text: "Invalid URL", props: []any{"input", location, "base", x.url.String()}}
	}
	if !to.Special() {
		return &failure{class: "Error", code: "ERR_UNSUPPORTED_PROTOCOL", text: "Unsupported protocol: " + to.Scheme + ":"}
	}
	if to.Hostname != x.url.Hostname || to.Port != x.url.Port {
		x.drop("host")
		x.drop("cookie")
		x.drop("authorization")
		x.userinfo = ""
	} else {
		to.User, to.Password = x.url.User, x.url.Password
	}
	x.url = to
	hopInfo := value.Obj("location", location).Object()
	if set, ok := h.headers.Lookup("set-cookie"); ok {
		hopInfo.Set("set-cookie", set)
	}
	x.redirects.Append(value.Of(hopInfo))
	return nil
}

// once makes one HTTP request.
func (x *exchange) once() (*hop, error) {
	ctx, cancel := context.WithTimeout(x.ctx, x.timeout)
	defer cancel()
	var got *conn
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		if c, ok := i.Conn.(*conn); ok {
			c.begin()
			got = c
		}
	}})
	if cookie := x.jar.header(x.url, time.Now()); cookie != "" {
		x.set("cookie", cookie)
	}
	if x.userinfo != "" {
		x.set("authorization", x.userinfo)
	}
	res, err := x.client.do(ctx, x)
	if err != nil {
		return nil, x.timedOut(err)
	}
	defer func() { _ = res.Body.Close() }() // what was read counts
	body, err := io.ReadAll(io.LimitReader(res.Body, x.p.opt.MaxBody+1))
	if err != nil {
		if timeout := x.timedOut(err); timeout != err { //nolint:errorlint // it is the same or another
			return nil, timeout
		}
		return nil, &failure{name: "ReadError", class: "Error", code: "ECONNRESET", text: "The server aborted pending request"}
	}
	if int64(len(body)) > x.p.opt.MaxBody {
		return nil, &failure{name: "ReadError", class: "Error", code: "ERR_RESPONSE_TOO_LARGE", text: fmt.Sprintf("the response is longer than %d bytes", x.p.opt.MaxBody)}
	}
	h := &hop{status: res.StatusCode, headers: responseHeaders(got, res), body: body}
	if set := h.headers.Get("set-cookie").Array(); set != nil {
		for _, c := range set.Elems {
			x.jar.set(c.Str(), x.url)
		}
	}
	return h, nil
}

// timedOut makes the error of a deadline one that says so as Node-RED's client does.
func (x *exchange) timedOut(err error) error {
	var f *failure
	if errors.As(err, &f) {
		return err
	}
	var timeout interface{ Timeout() bool }
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() && x.ctx.Err() == nil {
		ms := value.FormatNumber(float64(x.timeout) / float64(time.Millisecond))
		return &failure{name: "TimeoutError", class: "TimeoutError", code: "ETIMEDOUT", text: "Timeout awaiting 'request' for " + ms + "ms"}
	}
	return err
}

// fill puts the request's parts into one of net/http, which must not change them.
func (x *exchange) fill(r *http.Request) {
	r.URL = &url.URL{Scheme: x.url.Scheme, Host: x.url.Hostname + ":" + x.url.DialPort(), Opaque: x.url.Path, RawQuery: strings.TrimPrefix(x.url.Query, "?")}
	if strings.HasPrefix(x.url.Path, "//") {
		r.URL.Opaque, r.URL.Path, r.URL.RawPath = "", x.url.Path, x.url.Path
	}
	r.Host = x.url.Host()
	r.Header = http.Header{}
	r.Header["Connection"] = []string{"keep-alive"}
	for _, h := range x.headers {
		switch strings.ToLower(h.name) {
		case "host":
			r.Host = h.values[0]
		case "user-agent":
			r.Header["User-Agent"] = h.values
		case "content-length":
		case "transfer-encoding":
			r.TransferEncoding = h.values
		case "connection":
			r.Header["Connection"] = h.values
		default:
			r.Header[h.name] = h.values
		}
	}
	r.Body, r.ContentLength, r.GetBody = http.NoBody, 0, nil
	if x.hasBody && len(x.body) > 0 {
		r.ContentLength = int64(len(x.body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(x.body)), nil }
		r.Body, _ = r.GetBody() // it never fails
		if len(r.TransferEncoding) > 0 {
			r.ContentLength = -1
		}
	}
}
