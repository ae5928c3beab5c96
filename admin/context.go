package admin

import (
	"net/http"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

const debugLength = 1000 // characters and items of a value an editor gets

// limitOf is a setting that is a number above 0, or its default.
func limitOf(s *value.Object, name string, fallback float64) float64 {
	if n := value.ToNumber(s.Get(name)); n > 0 {
		return n
	}
	return fallback
}

// encode gives a value as debug messages and contexts show it.
func encode(v value.Value) *value.Object {
	msg, format := value.EncodeDebug(v, debugLength)
	o := value.Obj("msg", msg).Object()
	if format != "" {
		o.Set("format", value.Str(format))
	}
	return o
}

// scopeKey is the name of a scope in the stores; "" if there is none. It runs on the
// goroutine of the engine.
func (a *API) scopeKey(kind, id string) string {
	switch kind {
	case "global":
		return "global"
	case "flow":
		return id
	}
	c := a.engine.Node(id)
	if c == nil {
		return ""
	}
	d := c.Def()
	if strings.HasPrefix(d.Type, subflowPrefix) {
		return d.ID
	}
	own := d.ID
	if d.Alias != "" {
		own = d.Alias
	}
	if d.Z != "" {
		own += ":" + d.Z
	}
	return own
}

// contextRequest is what is asked of a context.
type contextRequest struct {
	scope, key, store string // store is "" if none is named
	stores            []string
	fallback          string
}

// context runs fn on the goroutine of the engine; false was answered.
func (a *API) context(q *request, fn func(c contextRequest)) bool {
	c := contextRequest{key: q.parts[2], store: q.r.URL.Query().Get("store")}
	found := true
	ok := a.live.Do(func() {
		c.stores, c.fallback = a.engine.ContextStores()
		if found = c.store == "" || slices.Contains(c.stores, c.store); found {
			c.scope = a.scopeKey(q.parts[0], q.parts[1])
			fn(c)
		}
	})
	switch {
	case !ok:
		q.fail(failed(http.StatusServiceUnavailable, "stopped", "the run is over"))
	case !found:
		q.fail(notFound)
	}
	return ok && found
}

func (a *API) getContext(q *request) {
	out := value.NewObject()
	keysOnly := q.r.URL.Query().Has("keysOnly")
	ok := a.context(q, func(c contextRequest) {
		switch {
		case c.scope == "":
		case c.key == "":
			a.contexts(out, c, keysOnly)
		default:
			if c.store == "" {
				c.store = c.fallback
			}
			v := a.valueOf(c)
			if keysOnly {
				out.Set(c.store, value.Of(outline(v)))
				return
			}
			out = encode(v)
			if c.store != c.fallback {
				out.Set("store", value.Str(c.store))
			}
		}
	})
	if ok {
		q.ok(value.Of(out))
	}
}

// contexts gives all of a scope, store by store.
func (a *API) contexts(out *value.Object, c contextRequest, keysOnly bool) {
	stores := c.stores
	if c.store != "" {
		stores = []string{c.store}
	}
	for _, store := range stores {
		keys := a.keysOf(c.scope, store)
		if keysOnly {
			list := value.Arr()
			for _, k := range keys {
				list.Array().Elems = append(list.Array().Elems, value.Obj("key", k))
			}
			out.Set(store, value.Obj("keys", list))
			continue
		}
		in := value.NewObject()
		data := a.engine.ContextData(store, c.scope)
		for _, k := range keys {
			own := data != nil && data.Has(k)
			if !own && store != c.fallback {
				continue // a value of functionGlobalContext is shown once
			}
			in.Set(k, value.Of(encode(a.valueOf(contextRequest{scope: c.scope, key: k, store: store}))))
		}
		out.Set(store, value.Of(in))
	}
}

func (a *API) keysOf(scope, store string) []string {
	if scope == "global" {
		return a.engine.GlobalContext().Keys(store)
	}
	if data := a.engine.ContextData(store, scope); data != nil {
		return data.Keys()
	}
	return nil
}

// valueOf reads a context; a path that cannot be read is undefined.
func (a *API) valueOf(c contextRequest) value.Value {
	p, err := value.ParsePath(c.key)
	if err != nil {
		return value.Undefined
	}
	read := func(o *value.Object) value.Value {
		if o == nil {
			return value.Undefined
		}
		v, err := value.GetPath(value.Of(o), p, value.Undefined)
		if err != nil {
			return value.Undefined
		}
		return v
	}
	v := read(a.engine.ContextData(c.store, c.scope))
	if v.IsUndefined() && c.scope == "global" {
		v, _ = a.engine.GlobalContext().Get(c.key, c.store) // also functionGlobalContext's; a bad key was found above
	}
	return v
}

// outline says what is in a value, one level deep.
func outline(v value.Value) *value.Object {
	out := value.NewObject()
	o := v.Object()
	switch {
	case v.Array() != nil:
		out.Set("format", value.Str("array["+value.FormatNumber(float64(v.Array().Len()))+"]"))
	case o != nil:
		keys := value.Arr()
		for i := range o.Len() {
			p := o.At(i)
			k := value.Obj("key", p.Key)
			switch {
			case p.Value.Array() != nil:
				n := float64(p.Value.Array().Len())
				k.Object().Set("format", value.Str("array["+value.FormatNumber(n)+"]"))
				k.Object().Set("length", value.Num(n))
			case p.Value.TypeOf() == "object":
				k.Object().Set("format", value.Str("object"))
			}
			keys.Array().Elems = append(keys.Array().Elems, k)
		}
		out.Set("keys", keys)
		out.Set("format", value.Str("object"))
	default:
		out.Set("keys", value.Arr())
	}
	return out
}

func (a *API) deleteContext(q *request) {
	var do engine.Event
	ok := a.context(q, func(c contextRequest) {
		if c.store == "" {
			c.store = c.fallback
		}
		if c.scope != "" {
			do = engine.Event{Kind: engine.EventCommand, Body: value.Obj("command", "forget", "store", c.store, "scope", c.scope, "key", c.key)}
		}
	})
	if !ok {
		return
	}
	if q.parts[2] == "" {
		q.fail(notFound)
		return
	}
	if do.Kind != engine.EventNone {
		a.live.Post(do)
		a.live.Do(func() {})
	}
	q.bare(http.StatusNoContent)
}

// getUDPPorts lists the ports on which udp in nodes listen, for their dialog.
func (a *API) getUDPPorts(q *request) {
	ports := value.NewObject()
	a.live.Do(func() {
		for _, n := range a.engine.Graph().Nodes {
			if n.Type == "udp in" && n.Def != nil && n.Scope.Kind != flow.ScopeSubflow {
				if p := value.ToString(n.Config.Get("port")); p != "" && p != "undefined" {
					ports.Set(p, value.True)
				}
			}
		}
	})
	out := value.Arr()
	for _, k := range ports.Keys() {
		out.Array().Elems = append(out.Array().Elems, value.Str(k))
	}
	q.ok(out)
}
