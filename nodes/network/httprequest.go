package network

import (
	"math"
	"regexp"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/mustache"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/engine/weburl"
)

// HTTPRequest is the configuration of an http request node. Its credentials are
// user and password (the token, for bearer).
type HTTPRequest struct {
	// Method is GET (default), POST, PUT, DELETE, PATCH, HEAD or another; "use" takes
	// msg.method.
	Method string `json:"method"`
	// URL to ask; a mustache template if it holds {{; empty takes msg.url. Without a
	// scheme it is http://, or https:// if TLS is set.
	URL string `json:"url"`
	// Ret is what msg.payload becomes: txt (default), bin (Buffer) or obj (parsed JSON).
	Ret string `json:"ret"`
	// PayToQS says what becomes of the payload of a GET: ignore (default), query
	// (also true) or body.
	PayToQS value.Value `json:"paytoqs"`
	// Headers of the request: a list of {keyType, keyValue, valueType, valueValue}; a
	// type is other (the value as it is), msg (a property), or itself the text.
	Headers value.Value `json:"headers"`
	// TLS is the id of a tls-config node.
	TLS string `json:"tls"`
	// Proxy is the id of an http proxy node; empty takes the environment's http_proxy,
	// https_proxy and no_proxy.
	Proxy string `json:"proxy"`
	// AuthType is basic (default), digest or bearer.
	AuthType string `json:"authType"`
	// Persist keeps connections open for this node alone.
	Persist bool `json:"persist"`
	// SendErr sends errors to catch nodes only; default false: also as a message.
	SendErr bool `json:"senderr"`
	// InsecureHTTPParser takes responses that break the rules of HTTP.
	InsecureHTTPParser bool `json:"insecureHTTPParser"`
}

var httpRequestType = engine.Define("http request", "Asks a web server.", newHTTPRequest).With(map[string]string{
	"common.errors.nooverride":                 "The message tries to override what the node sets: set it in one place only",
	"common.notification.errors.no-response":   "The server did not answer in time",
	"httpin.status.requesting":                 "requesting",
	"httpin.errors.no-url":                     "No URL is given",
	"httpin.errors.invalid-transport":          "The URL has to start with http:// or https://",
	"httpin.errors.timeout-isnan":              "The timeout is no number: the default is used",
	"httpin.errors.timeout-isnegative":         "The timeout is less than 1 ms: the default is used",
	"httpin.errors.invalid-payload":            "The payload cannot be made a query",
	"httpin.errors.json-error":                 "The answer is not JSON",
	"httpin.errors.rejectunauthorized-invalid": "msg.rejectUnauthorized has to be true or false",
})

const (
	defaultTimeout = 120000 // ms
	maxRedirects   = 21
)

type httpRequest struct {
	HTTPRequest
	template    *mustache.Template
	toQuery     bool
	toBody      bool
	count       int
	timeout     float64
	urlUser     string // of the first URL that names one: Node-RED keeps it
	urlPassword string
}

func newHTTPRequest(c *engine.Call, cfg HTTPRequest) (engine.Node, error) {
	n := &httpRequest{HTTPRequest: cfg, timeout: defaultTimeout}
	if strings.Contains(cfg.URL, "{{") {
		n.template = mustache.Parse(cfg.URL)
	}
	if n.Ret == "" {
		n.Ret = "txt"
	}
	if n.AuthType == "" {
		n.AuthType = "basic"
	}
	n.toQuery = cfg.PayToQS.IsBool() && cfg.PayToQS.Bool() || cfg.PayToQS.Str() == "query"
	n.toBody = cfg.PayToQS.Str() == "body"
	if t := c.Setting("httpRequestTimeout"); value.Truthy(t) {
		if ms := value.ParseInt(value.ToString(t), 10); !math.IsNaN(ms) && ms != 0 {
			n.timeout = ms
		}
	}
	return n, nil
}

func (n *httpRequest) Close(c *engine.Call, _ bool) error {
	c.StatusValue(value.Of(value.NewObject()))
	return nil
}

func (n *httpRequest) Receive(c *engine.Call, m *engine.Message) error {
	n.count++
	c.Status("blue", "dot", c.Text("httpin.status.requesting"))
	url, ok, err := n.address(c, m)
	if err != nil || !ok {
		return err
	}
	method := n.method(c, m)
	x := &outgoing{n: n, c: c, m: m, url: url, method: method, timeout: n.timeoutOf(c, m)}
	if err := x.build(); err != nil {
		return err
	}
	if x.refused {
		return nil
	}
	if v := m.Get("requestTimeout"); !v.IsUndefined() && !v.IsNumber() && x.timeout == value.ToNumber(v) {
		n.failed(c, m, x.url, badTimeout(v))
		return engine.Pending
	}
	c.Ask("http.request", x.body(), func(body value.Value, _ bool) { n.answer(c, m, x.url, body.Object()) })
	return engine.Pending
}

// address gives the URL to ask; ok is false if there is none, which was reported.
func (n *httpRequest) address(c *engine.Call, m *engine.Message) (string, bool, error) {
	v := value.Str(n.URL)
	if n.URL == "" {
		v = m.Get("url")
	}
	if own := m.Get("url"); value.Truthy(own) && n.URL != "" && !value.StrictEqual(own, v) {
		c.Warn(value.Str(c.Text("common.errors.nooverride")))
	}
	if n.template != nil {
		text, err := n.template.Render(value.Of(m), nil)
		if err != nil {
			return "", false, err
		}
		v = value.Str(text)
	}
	if !value.Truthy(v) {
		c.Error(c.TextError("httpin.errors.no-url"), m)
		return "", false, nil
	}
	if !v.IsString() {
		return "", false, value.ThrownError("TypeError", "url.indexOf is not a function")
	}
	url := v.Str()
	if strings.Contains(url, "://") && !strings.HasPrefix(url, "http") {
		text := c.Text("httpin.errors.invalid-transport")
		c.Warn(value.Str(text))
		c.Status("red", "ring", text)
		return "", false, nil
	}
	if !strings.HasPrefix(url, "http://") && !strings.HasPrefix(url, "https://") {
		scheme := "http://"
		if _, node := c.Lookup(n.TLS); node != nil && n.TLS != "" {
			scheme = "https://"
		}
		url = scheme + url
	}
	if path, query, ok := strings.Cut(url, "?"); ok && query != "" {
		url = path + "?" + looseEscape.ReplaceAllStringFunc(query, escapePercent)
	}
	return url, true, nil
}

var (
	looseEscape = regexp.MustCompile(`%.?.?`)
	goodEscape  = regexp.MustCompile(`(?i)^%[a-f0-9]{2}`)
)

// escapePercent makes a percent sign that starts no escape one that does.
func escapePercent(s string) string {
	if goodEscape.MatchString(s) {
		return s
	}
	return "%25" + s[1:]
}

func (n *httpRequest) method(c *engine.Call, m *engine.Message) string {
	own := m.Get("method")
	if value.Truthy(own) && n.Method != "" {
		if n.Method == "use" {
			return strings.ToUpper(value.ToString(own))
		}
		c.Warn(value.Str(c.Text("common.errors.nooverride")))
	}
	if n.Method == "" {
		return "GET"
	}
	return strings.ToUpper(n.Method)
}

func (n *httpRequest) timeoutOf(c *engine.Call, m *engine.Message) float64 {
	v := m.Get("requestTimeout")
	if v.IsUndefined() {
		return n.timeout
	}
	ms := value.ToNumber(v)
	switch {
	case math.IsNaN(ms):
		c.Warn(value.Str(c.Text("httpin.errors.timeout-isnan")))
	case ms < 1:
		c.Warn(value.Str(c.Text("httpin.errors.timeout-isnegative")))
	default:
		return ms
	}
	return n.timeout
}

// badTimeout is what Node-RED's client says to a timeout that is no number.
func badTimeout(v value.Value) value.Value {
	text := "Option 'timeout.request': Expected values which are `number` or `undefined`. Received values of type `" + v.TypeOf() + "`."
	e := value.ThrownError("RequestError", text)
	e.SetProp("code", value.Str("ERR_GOT_REQUEST_ERROR"))
	e.SetProp("cause", value.Of(value.ThrownError("TypeError", text)))
	return value.Of(e)
}

// credentials gives user and password as Node-RED sees them: those of the node,
// else those of the first URL that had some; any says that there are some.
func (n *httpRequest) credentials(c *engine.Call, u *weburl.URL) (user, password string, any bool) {
	creds := c.Credentials()
	user, password = value.Reveal(creds.Get("user")), value.Reveal(creds.Get("password"))
	if n.urlUser == "" && user == "" {
		n.urlUser = u.User
	}
	if n.urlPassword == "" && password == "" {
		n.urlPassword = u.Password
	}
	if user == "" {
		user = n.urlUser
	}
	if password == "" {
		password = n.urlPassword
	}
	return user, password, user != "" || password != "" || creds.Len() > 0
}
