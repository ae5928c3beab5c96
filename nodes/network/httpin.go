package network

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// HTTPIn is the configuration of an http in node.
type HTTPIn struct {
	// Method is get, post, put, delete or patch.
	Method string `json:"method"`
	// URL is the path in the manner of Express: /a/:name, /files/*, /(a|b).
	URL string `json:"url"`
	// Upload takes file uploads: msg.req.files.
	Upload bool `json:"upload"`
	// SkipBodyParsing leaves the body a Buffer.
	SkipBodyParsing bool `json:"skipBodyParsing"`
	// SwaggerDoc is the id of a documentation node; it has no effect.
	SwaggerDoc string `json:"swaggerDoc"`
}

var httpInType = engine.Define("http in", "Starts a flow with an HTTP request.", newHTTPIn).With(httpTexts).Starts()

var httpTexts = map[string]string{
	"httpin.errors.missing-path":    "No path is given",
	"httpin.errors.not-created":     "There is no HTTP server for it",
	"httpin.errors.no-response":     "The message has no response to send: it came from no http in node",
	"httpin.errors.deprecated-call": "{{method}} is called directly; use an http response node",
}

type httpIn struct {
	HTTPIn
}

func newHTTPIn(c *engine.Call, cfg HTTPIn) (engine.Node, error) {
	if root := c.Setting("httpNodeRoot"); root.IsBool() && !root.Bool() {
		c.Warn(value.Str(c.Text("httpin.errors.not-created")))
		return engine.Mute{}, nil
	}
	if cfg.URL == "" {
		c.Warn(value.Str(c.Text("httpin.errors.missing-path")))
		return engine.Mute{}, nil
	}
	path := cfg.URL
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	n := &httpIn{cfg}
	c.Listen("http.listen", value.Obj("method", cfg.Method, "path", path, "upload", cfg.Upload, "raw", cfg.SkipBodyParsing),
		func(body value.Value, _ bool) { n.request(c, body.Object()) })
	return n, nil
}

// Receive ignores messages: the node has no input.
func (n *httpIn) Receive(*engine.Call, *engine.Message) error { return engine.Pending }

func (n *httpIn) request(c *engine.Call, o *value.Object) {
	if !o.Has("id") {
		c.Error(engine.Throw(o.Get("error")), nil)
		return
	}
	req := &value.Handle{Class: "IncomingMessage", ID: uint64(o.Get("id").Num()), Props: o.Get("req").Object()}
	addRequestMethods(req.Props)
	res := newResult(c, req)
	if err := o.Get("error"); !err.IsUndefined() {
		c.Warn(err)
		res.sendStatus(500)
		return
	}
	m := value.NewObject(6)
	m.Set("_msgid", value.Str(c.NewID()))
	m.Set("req", value.Of(req))
	m.Set("res", value.Of(res.wrapper()))
	switch n.Method {
	case "get":
		m.Set("payload", first(req.Props, 7, "query"))
	case "post", "put", "patch", "delete", "options":
		m.Set("payload", req.Props.Get("body"))
	}
	c.Send(m)
}

// requestMethods are what functions call on msg.req.
var requestMethods = [...]string{"get", "header", "is", "param"}

// addRequestMethods adds them.
func addRequestMethods(props *value.Object) {
	list := new(struct {
		methods [len(requestMethods)]value.Func
		live    [len(requestMethods)]value.Foreign
	})
	call := func(name string, args []value.Value) (value.Value, error) {
		switch name {
		case "is":
			return isType(first(props, 3, "headers").Object().Get("content-type").Str(), args), nil
		case "param":
			return param(props, args), nil
		}
		if len(args) == 0 {
			return value.Undefined, value.ThrownError("TypeError", "name argument is required to req.get")
		}
		return first(props, 3, "headers").Object().Get(strings.ToLower(value.ToString(args[0]))), nil
	}
	for i, name := range requestMethods {
		list.methods[i] = value.Func{Name: name, Key: name, Fn: call}
		list.live[i] = &list.methods[i]
		props.Add(name, value.LiveAt(list.live[:], i))
	}
}

func isType(have string, args []value.Value) value.Value {
	have, _, _ = strings.Cut(have, ";")
	_, sub, _ := strings.Cut(have, "/")
	for _, a := range args {
		want := value.ToString(a)
		if want == have || want == sub || strings.HasSuffix(want, "/*") && strings.HasPrefix(have, strings.TrimSuffix(want, "*")) {
			return value.Str(want)
		}
	}
	return value.False
}

func param(props *value.Object, args []value.Value) value.Value {
	if len(args) == 0 {
		return value.Undefined
	}
	for _, from := range []string{"params", "body", "query"} {
		if o := props.Get(from).Object(); o != nil {
			if v := o.Get(value.ToString(args[0])); !v.IsNullish() {
				return v
			}
		}
	}
	if len(args) > 1 {
		return args[1]
	}
	return value.Undefined
}
