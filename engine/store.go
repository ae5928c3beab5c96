package engine

import (
	"regexp"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Scope of context data.
type ContextScope int

// The scopes of context.
const (
	ContextNode ContextScope = iota
	ContextFlow
	ContextGlobal
)

// ContextStore describes a store of context data.
type ContextStore struct {
	// Name as context functions and typed inputs give it.
	Name string
	// Saved: the data outlives the run. What is set leaves as requests
	// "context.save" {store, scope, text: JSON} and "context.delete" {store, scope},
	// answered by {} or {error}.
	Saved bool
	// Delay is the time in milliseconds within which changes of a scope are saved
	// together; at the stop all are.
	Delay float64
	// Uncached: function nodes read it with a callback only, and see copies.
	Uncached bool
	// Data is what it holds at the start, by scope: "global", the id of a flow, or
	// "node:flow". The store goes on with these objects.
	Data map[string]*value.Object
}

// stores are the context stores of an engine.
type stores struct {
	e        *Engine
	fallback *store
	byName   map[string]*store
	globals  *value.Object
	warned   map[string]bool
	saving   int // timers that wait to save
	// configured says that the stores were named: then a node's data outlives it.
	configured bool
}

// store is one store and its data.
type store struct {
	ContextStore
	scopes   map[string]*value.Object
	changed  []string // scopes to save
	circular map[string]bool
}

func newStores(e *Engine, list []ContextStore, fallback string, globals *value.Object) *stores {
	s := &stores{e: e, globals: globals, warned: map[string]bool{}}
	s.reset(list, fallback)
	return s
}

// reset replaces all stores.
func (s *stores) reset(list []ContextStore, fallback string) {
	s.configured = len(list) > 0
	if !s.configured {
		list = []ContextStore{{Name: "memory"}}
	}
	s.byName, s.fallback = map[string]*store{}, nil
	for _, c := range list {
		st := &store{ContextStore: c, scopes: c.Data, circular: map[string]bool{}}
		if st.scopes == nil {
			st.scopes = map[string]*value.Object{}
		}
		s.byName[c.Name] = st
		if s.fallback == nil || c.Name == "default" && fallback == "" || c.Name == fallback {
			s.fallback = st
		}
	}
}

// ResetContext replaces all context stores; fallback names the default one, ""
// takes that of the name default, else the first.
func (e *Engine) ResetContext(list []ContextStore, fallback string) { e.stores.reset(list, fallback) }

// Context is one scope of context data, as context, flow and global in Node-RED.
type Context struct {
	s      *stores
	scope  string
	parent *flow.Scope
	global bool
}

// Context gives a scope of the node's context.
func (c *Call) Context(scope ContextScope) Context {
	d := c.n.def
	switch scope {
	case ContextGlobal:
		return c.e.GlobalContext()
	case ContextFlow:
		return c.e.flowContext(d.Scope)
	}
	return Context{s: c.e.stores, scope: contextID(d)}
}

// contextID names a node's own context as Node-RED does: id:tab.
func contextID(d *flow.Node) string {
	id := d.ID
	if d.Alias != "" {
		id = d.Alias
	}
	if d.Z != "" {
		id += ":" + d.Z
	}
	return id
}

// dropNode forgets a closed node's own data, which no configured store keeps.
func (s *stores) dropNode(n *node) {
	if !s.configured {
		delete(s.fallback.scopes, contextID(n.def))
	}
}

// GlobalContext is the global context; it outlives the flow.
func (e *Engine) GlobalContext() Context { return Context{s: e.stores, scope: "global", global: true} }

func (e *Engine) flowContext(s *flow.Scope) Context {
	return Context{s: e.stores, scope: s.ID, parent: s.Parent}
}

var storeKey = regexp.MustCompile(`^#:\((\S+?)\)::(.*)$`)

// ParseContextKey splits "#:(store)::key" into key and store; the store is "" if
// none is named.
func ParseContextKey(key string) (rest, store string) {
	if !strings.HasPrefix(key, "#:(") {
		return key, ""
	}
	if m := storeKey.FindStringSubmatch(key); m != nil {
		return m[2], m[1]
	}
	return key, ""
}

func invalidKey() error { return value.ThrownError("Error", "Invalid context key") }

// target follows "$parent." in a key and finds the store.
func (x Context) target(key, store string) (ctx Context, rest, name string, ok bool) {
	rest, named := ParseContextKey(key)
	if store == "" {
		store = named
	}
	for rest == "$parent" || strings.HasPrefix(rest, "$parent.") {
		if x.parent == nil || rest == "$parent" {
			return x, "", "", false
		}
		p := x.parent
		x = Context{s: x.s, scope: p.ID, parent: p.Parent, global: p.Kind == flow.ScopeGlobal}
		rest = strings.TrimPrefix(rest, "$parent.")
	}
	return x, rest, store, true
}

func (s *stores) find(name string) *store {
	if name == "" || name == "_" {
		return s.fallback
	}
	if st, ok := s.byName[name]; ok {
		return st
	}
	if name != s.fallback.Name && !s.warned[name] {
		s.warned[name] = true
		c := Call{e: s.e}
		s.e.log(levelWarn, "", "", value.Str(c.Text("context.unknown-store", "name", name)))
	}
	return s.fallback
}

// Get reads a value by its key, a property path such as a.b[0]; store "" is the
// default store.
func (x Context) Get(key, store string) (value.Value, error) {
	if key == "" {
		return value.Undefined, invalidKey()
	}
	ctx, rest, store, ok := x.target(key, store)
	if !ok {
		return value.Undefined, nil
	}
	return ctx.get(rest, store)
}

func (x Context) get(key, store string) (value.Value, error) {
	st := x.s.find(store)
	v, err := readPath(st.scopes[x.scope], key)
	if st.Uncached {
		v = value.Clone(v)
	}
	if err == nil && v.IsUndefined() && x.global && x.s.globals != nil {
		return readPath(x.s.globals, key)
	}
	return v, err
}

// readPath reads a path; only a path that is no path is an error.
func readPath(o *value.Object, key string) (value.Value, error) {
	if o == nil {
		return value.Undefined, nil // not even a bad key is noticed, as in Node-RED
	}
	if simpleKey(key) {
		return o.Get(key), nil
	}
	p, err := value.ParsePath(key)
	if err != nil {
		return value.Undefined, err
	}
	v, err := value.GetPath(value.Of(o), p, value.Undefined)
	if err != nil {
		return value.Undefined, nil
	}
	return v, nil
}

// simpleKey reports whether a key is a plain name, which needs no parsing.
func simpleKey(key string) bool {
	for i := 0; i < len(key); i++ {
		c := key[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' && c != '$' && (c < '0' || c > '9') {
			return false
		}
	}
	return key != "" && (key[0] < '0' || key[0] > '9')
}

// Set writes a value; undefined deletes it.
func (x Context) Set(key string, v value.Value, store string) error {
	if key == "" {
		return invalidKey()
	}
	ctx, rest, store, ok := x.target(key, store)
	if !ok {
		return nil
	}
	return ctx.set(rest, v, store)
}

func (x Context) set(key string, v value.Value, name string) error {
	st := x.s.find(name)
	o := st.scopes[x.scope]
	if o == nil {
		o = value.NewObject()
		st.scopes[x.scope] = o
	}
	if st.Saved {
		if st.Uncached {
			v = savedForm(v)
		}
		defer x.s.change(st, x.scope)
	}
	if simpleKey(key) {
		if v.IsUndefined() {
			o.Delete(key)
		} else {
			o.Set(key, v)
		}
		return nil
	}
	p, err := value.ParsePath(key)
	if err != nil {
		return err
	}
	_, err = value.SetPath(value.Of(o), p, v, !v.IsUndefined(), value.Undefined)
	return err
}

// GetAll reads several keys of one store.
func (x Context) GetAll(keys []string, store string) ([]value.Value, error) {
	if err := validKeys(keys); err != nil {
		return nil, err
	}
	out := make([]value.Value, len(keys))
	for i, k := range keys {
		v, err := x.get(k, store)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// SetAll writes several keys of one store; a key without a value becomes null.
func (x Context) SetAll(keys []string, values []value.Value, store string) error {
	if err := validKeys(keys); err != nil {
		return err
	}
	for i, k := range keys {
		v := value.Null
		if i < len(values) {
			v = values[i]
		}
		if err := x.set(k, v, store); err != nil {
			return err
		}
	}
	return nil
}

func validKeys(keys []string) error {
	for _, k := range keys {
		if k == "" {
			return invalidKey()
		}
	}
	if len(keys) == 0 {
		return invalidKey()
	}
	return nil
}

// Uncached reports whether a store is read with a callback only.
func (x Context) Uncached(store string) bool { return x.s.find(store).Uncached }

// Keys are the top-level keys of the scope in a store.
func (x Context) Keys(store string) []string {
	var keys []string
	seen := map[string]bool{}
	add := func(o *value.Object) {
		for i := 0; o != nil && i < o.Len(); i++ {
			if k := o.At(i).Key; !seen[k] && !(x.global && (k == "set" || k == "get" || k == "keys")) {
				seen[k] = true
				keys = append(keys, k)
			}
		}
	}
	if x.global {
		add(x.s.globals)
	}
	add(x.s.find(store).scopes[x.scope])
	return keys
}
