package network

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// HTTPProxy is the configuration of an http proxy node. Its credentials username
// and password are what the proxy is told.
type HTTPProxy struct {
	// URL of the proxy, http://host:port.
	URL string `json:"url"`
	// NoProxy lists hosts that are asked without the proxy: names, *.suffixes, with
	// or without a port.
	NoProxy value.Value `json:"noproxy"`
}

var httpProxyType = engine.Define("http proxy", "Holds the settings of an HTTP proxy.", newHTTPProxy)

type httpProxy struct{ HTTPProxy }

func newHTTPProxy(_ *engine.Call, cfg HTTPProxy) (engine.Node, error) { return &httpProxy{cfg}, nil }

// Receive ignores messages: the node has no input.
func (n *httpProxy) Receive(*engine.Call, *engine.Message) error { return engine.Pending }

// proxyOptions gives the proxy object of an http.request or websocket effect: what
// live.ProxyFor documents. The id is that of an http proxy node, "" for none.
func proxyOptions(c *engine.Call, id string) value.Value {
	o := value.NewObject()
	if s := c.Setting("proxyOptions").Object(); s != nil {
		o.Set("options", value.Of(s))
	}
	if id == "" {
		return value.Of(o)
	}
	env := value.NewObject()
	o.Set("env", value.Of(env))
	door, node := c.Lookup(id)
	n, ok := node.(*httpProxy)
	if !ok {
		return value.Of(o)
	}
	var hosts []string
	if a := n.NoProxy.Array(); a != nil {
		for _, h := range a.Elems {
			hosts = append(hosts, value.ToString(h))
		}
	}
	setNames(env, "no_proxy", strings.Join(hosts, ","), "http_proxy", n.URL, "https_proxy", n.URL)
	creds := door.Credentials()
	user, password := value.Reveal(creds.Get("username")), value.Reveal(creds.Get("password"))
	if user != "" || password != "" {
		o.Set("username", value.NewSecret("username", user))
		o.Set("password", value.NewSecret("password", password))
	}
	return value.Of(o)
}
