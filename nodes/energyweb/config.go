package energyweb

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Config is the configuration of an energywebx-config node.
type Config struct {
	// EnvConfig is what the worker puts in: the solution, the worker's address and so on.
	EnvConfig value.Value `json:"__envConfig"`
}

var configType = engine.Define("energywebx-config", "Knows the worker, its solution and the addresses of services.", newConfig)

// config holds what other nodes ask for.
type config struct {
	engine.Mute
	env   injected
	urls  *value.Object
	err   error
	ready bool
	wait  []func()
}

func newConfig(c *engine.Call, cfg Config) (engine.Node, error) {
	if cfg.EnvConfig.Object() == nil {
		return nil, engine.Fail("there is no __envConfig: the node works in a worker only")
	}
	n := &config{env: injected{cfg.EnvConfig.Object()}}
	n.load(c)
	return n, nil
}

// reloadAfter is the pause in ms before the addresses are asked for again.
const reloadAfter = 10_000

func (n *config) load(c *engine.Call) {
	baseURLs(c, n.env, func(o *value.Object, err error) {
		n.urls, n.err, n.ready = o, err, true
		for _, fn := range n.wait {
			fn()
		}
		n.wait = nil
		if err != nil {
			c.Error(err, nil)
			c.After(reloadAfter, func() { n.load(c) })
		}
	})
}

// whenReady calls fn once the addresses are there, or could not be had.
func (n *config) whenReady(fn func()) {
	if n.ready {
		fn()
		return
	}
	n.wait = append(n.wait, fn)
}

// url gives an address, "" if there is none.
func (n *config) url(name string) string {
	if n.urls == nil {
		return ""
	}
	return n.urls.Get(name).Str()
}

// findConfig gives the config node of an id, or the first there is.
func findConfig(c *engine.Call, id string) *config {
	if _, n := c.Lookup(id); n != nil {
		if found, ok := n.(*config); ok {
			return found
		}
	}
	var first *config
	c.Each(func(_ *engine.Call, n engine.Node) {
		if found, ok := n.(*config); ok && first == nil {
			first = found
		}
	})
	return first
}

// settled calls fn with the config node, once it is ready.
func settled(c *engine.Call, id string, fn func(*config, error)) {
	n := findConfig(c, id)
	if n == nil {
		fn(nil, engine.Fail("there is no energywebx-config node"))
		return
	}
	n.whenReady(func() { fn(n, n.err) })
}

// FetchConfig is the configuration of a fetch-ewx-config node.
type FetchConfig struct {
	// EWXConfig is the id of an energywebx-config node; empty takes the first there is.
	EWXConfig string `json:"ewxConfig"`
	// EnvConfig is what the worker puts in.
	EnvConfig value.Value `json:"__envConfig"`
}

var fetchConfigType = engine.Define("fetch-ewx-config", "Puts the addresses of services, the worker and its solution into the payload.", newFetchConfig)

type fetchConfig struct{ FetchConfig }

func newFetchConfig(_ *engine.Call, cfg FetchConfig) (engine.Node, error) {
	return &fetchConfig{cfg}, nil
}

func (n *fetchConfig) Receive(c *engine.Call, m *engine.Message) error {
	send := func(urls *value.Object, env injected, err error) {
		if err != nil {
			c.Fail(m, err)
			return
		}
		var pairs []any
		for i := range urls.Len() {
			pairs = append(pairs, urls.At(i).Key, urls.At(i).Value)
		}
		c.Send(with(m, append(pairs, "workerAddress", env.or(c, "EWX_WORKER_ADDRESS"), "solutionNamespace", env.or(c, "EWX_SOLUTION_ID"))...))
		c.Done(m)
	}
	if findConfig(c, n.EWXConfig) == nil {
		env := injected{n.EnvConfig.Object()}
		baseURLs(c, env, func(o *value.Object, err error) { send(o, env, err) })
		return engine.Pending
	}
	settled(c, n.EWXConfig, func(f *config, err error) { send(f.urls, f.env, err) })
	return engine.Pending
}
