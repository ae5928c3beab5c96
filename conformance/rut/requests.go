package rut

import (
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// handle carries out one request. An error switches to another run.
func (s *Server) handle(r *request) error {
	switch r.op {
	case "load":
		return s.load(r)
	case "unload", "stopFlows":
		s.e.Handle(engine.Event{Kind: engine.EventStop, Time: s.now()})
		s.ok(r, value.Undefined)
	case "setFlows":
		s.setFlows(r)
	case "getNode":
		s.getNode(r)
	case "receive":
		s.withNode(r, func(c *engine.Call) { s.receive(r, c) })
	case "call":
		s.withNode(r, func(c *engine.Call) { s.call(r, c) })
	case "close":
		if s.e.Node(r.node()) != nil {
			s.closed[r.node()] = true
		}
		s.e.CloseNode(r.node(), r.args.Get("removed").Bool())
		s.ok(r, value.Undefined)
	case "subscribe":
		s.watched[r.node()] = true
		s.ok(r, value.Undefined)
	case "context":
		s.context(r)
	case "contextInit":
		s.contextInit(r)
	case "contextClose":
		s.e.ResetContext(nil, "")
		s.ok(r, value.Undefined)
	case "sync":
		s.ok(r, value.Undefined)
	default:
		return s.handleOutside(r)
	}
	return nil
}

// handleOutside carries out the requests about what is around the flow.
func (s *Server) handleOutside(r *request) error {
	switch r.op {
	case "settings":
		s.settings(r)
	case "env":
		s.setEnv(r)
	case "setCredentials":
		s.e.SetCredentials(r.node(), r.args.Get("credentials").Object())
		s.ok(r, value.Undefined)
	case "state":
		s.state(r)
	case "startServer":
		url := ""
		if s.opt.BaseURL != nil {
			url = s.opt.BaseURL()
		}
		s.ok(r, value.Obj("http", url))
	case "stopServer":
		s.ok(r, value.Undefined)
	case "wait":
		s.due, s.waitTo = r, s.now()+value.ToNumber(r.args.Get("ms"))
		if !s.opt.Virtual {
			s.alarm(value.ToNumber(r.args.Get("ms")))
		}
	case "http":
		s.http(r)
	case "fileWrite":
		s.fileWrite(r)
	case "fileRead":
		s.fileRead(r)
	default:
		s.fail(r, "unknown op: "+r.op)
	}
	return nil
}

func (r *request) node() string { return r.args.Get("node").Str() }

func (s *Server) withNode(r *request, fn func(c *engine.Call)) {
	c := s.e.Node(r.node())
	switch {
	case c != nil:
		fn(c)
	case s.closed[r.node()]:
		s.ok(r, value.Undefined) // it is there, but hears nothing any more
	default:
		s.fail(r, "no such node: "+r.node())
	}
}

func (s *Server) getNode(r *request) {
	c := s.e.Node(r.node())
	if c == nil {
		s.ok(r, value.Obj("exists", false))
		return
	}
	config := value.Clone(value.Of(c.Config())).Object()
	config.Set("id", value.Str(c.ID()))
	if c.Def().Instance != nil {
		config = value.Obj("id", c.ID(), "type", c.Type()).Object()
	}
	if creds := c.Credentials(); creds.Len() > 0 {
		config.Set("credentials", value.Of(creds))
	}
	s.ok(r, value.Obj("exists", true, "type", c.Type(), "config", config))
}

func (s *Server) receive(r *request, c *engine.Call) {
	m := r.args.Get("msg")
	o := m.Object()
	if o == nil {
		o = value.NewObject()
		if e := m.Error(); e != nil && e.Props != nil {
			o = e.Props
		}
	}
	if r.args.Get("direct").Bool() {
		c.Press(o)
	} else {
		c.Deliver(c, o)
	}
	s.ok(r, value.Undefined)
}

func (s *Server) call(r *request, c *engine.Call) {
	args := r.args.Get("args").Array()
	arg := func(i int) value.Value {
		if args == nil {
			return value.Undefined
		}
		return args.At(i)
	}
	switch r.args.Get("method").Str() {
	case "send":
		c.SendValue(arg(0))
	case "error":
		c.ErrorValue(arg(0), arg(1).Object())
	case "warn":
		c.Warn(arg(0))
	case "log":
		c.Log(arg(0))
	case "debug":
		c.Debug(arg(0))
	case "trace":
		c.Trace(arg(0))
	case "status":
		c.StatusValue(arg(0))
	default:
		s.fail(r, "no such method: "+r.args.Get("method").Str())
		return
	}
	s.ok(r, value.Undefined)
}

func (s *Server) context(r *request) {
	var ctx engine.Context
	scope := r.args.Get("scope").Str()
	if scope == "global" {
		ctx = s.e.GlobalContext()
	} else {
		c := s.e.Node(r.node())
		if c == nil {
			s.fail(r, "no such node: "+r.node())
			return
		}
		ctx = c.Context(engine.ContextNode)
		if scope == "flow" {
			ctx = c.Context(engine.ContextFlow)
		}
	}
	result, err := access(ctx, r.args)
	if err != nil {
		s.fail(r, value.ToString(engine.Thrown(err)))
		return
	}
	s.ok(r, result)
}

func access(ctx engine.Context, args *value.Object) (value.Value, error) {
	store, key := args.Get("store").Str(), args.Get("key")
	var keys []string
	if a := key.Array(); a != nil {
		for _, k := range a.Elems {
			keys = append(keys, k.Str())
		}
	}
	switch args.Get("method").Str() {
	case "keys":
		list := value.NewArray()
		for _, k := range ctx.Keys(store) {
			list.Append(value.Str(k))
		}
		return value.Obj("value", list), nil
	case "get":
		if key.Array() != nil {
			values, err := ctx.GetAll(keys, store)
			return value.Obj("value", value.NewArray(values...)), err
		}
		v, err := ctx.Get(key.Str(), store)
		return value.Obj("value", v), err
	}
	if key.Array() != nil {
		values := []value.Value{args.Get("value")}
		if a := args.Get("value").Array(); a != nil {
			values = a.Elems
		}
		return value.Undefined, ctx.SetAll(keys, values, store)
	}
	return value.Undefined, ctx.Set(key.Str(), args.Get("value"), store)
}

func (s *Server) contextInit(r *request) {
	s.e.ResetContext(storesOf(r.args.Get("contextStorage").Object()))
	s.ok(r, value.Undefined)
}

// storesOf are the context stores of the setting contextStorage, all in memory, and
// the default's name.
func storesOf(o *value.Object) (stores []engine.ContextStore, fallback string) {
	for i := 0; o != nil && i < o.Len(); i++ {
		p := o.At(i)
		if p.Key == "default" && p.Value.IsString() {
			fallback = p.Value.Str()
			continue
		}
		stores = append(stores, engine.ContextStore{Name: p.Key})
	}
	return stores, fallback
}

func (s *Server) settings(r *request) {
	o := s.e.Settings()
	if set := r.args.Get("set").Object(); set != nil {
		for i := range set.Len() {
			o.Set(set.At(i).Key, set.At(i).Value)
		}
	}
	if del := r.args.Get("delete").Array(); del != nil {
		for _, k := range del.Elems {
			o.Delete(k.Str())
		}
	}
	s.ok(r, value.Undefined)
}

func (s *Server) setEnv(r *request) {
	if set := r.args.Get("set").Object(); set != nil {
		for i := range set.Len() {
			text := value.ToString(set.At(i).Value)
			s.env[set.At(i).Key] = &text
		}
	}
	if del := r.args.Get("delete").Array(); del != nil {
		for _, k := range del.Elems {
			s.env[k.Str()] = nil
		}
	}
	s.ok(r, value.Undefined)
}

// environ is the environment of child processes: the process's, changed by requests.
func (s *Server) environ() []string {
	var list []string
	for _, e := range os.Environ() {
		if name, _, _ := strings.Cut(e, "="); s.env[name] == nil {
			if _, changed := s.env[name]; !changed {
				list = append(list, e)
			}
		}
	}
	for name, text := range s.env {
		if text != nil {
			list = append(list, name+"="+*text)
		}
	}
	return list
}

func (s *Server) state(r *request) {
	c := s.e.Node(r.node())
	if c == nil || c.Type() != "mqtt-broker" {
		s.ok(r, value.Undefined)
		return
	}
	result := value.Obj("connected", false, "connecting", false)
	if _, n := c.Lookup(r.node()); n != nil {
		if b, ok := n.(interface {
			Connection() (connected, connecting bool)
		}); ok {
			connected, connecting := b.Connection()
			result = value.Obj("connected", connected, "connecting", connecting)
		}
	}
	s.ok(r, result)
}

func (s *Server) path(r *request) string {
	return filepath.Join(s.opt.Dir, filepath.FromSlash(r.args.Get("path").Str()))
}

func (s *Server) fileWrite(r *request) {
	body := r.args.Get("body")
	data := []byte(body.Str())
	if b := body.Buffer(); b != nil {
		data = b.B
	}
	path := s.path(r)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.fail(r, err.Error())
		return
	}
	if err := os.WriteFile(path, data, 0o644); err != nil { //nolint:gosec // a test's own folder
		s.fail(r, err.Error())
		return
	}
	s.ok(r, value.Undefined)
}

func (s *Server) fileRead(r *request) {
	data, err := os.ReadFile(s.path(r))
	if err != nil {
		s.ok(r, value.Obj("missing", true))
		return
	}
	s.ok(r, value.Obj("body", textOrBytes(data)))
}

// textOrBytes gives text if data is valid UTF-8, else a buffer.
func textOrBytes(data []byte) value.Value {
	if utf8.Valid(data) {
		return value.Str(string(data))
	}
	return value.Bytes(data)
}
