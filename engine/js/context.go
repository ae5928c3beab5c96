package js

import (
	"strings"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// contextObject makes context, flow or global of a function node.
func (f *Function) contextObject(scope string) *goja.Object {
	if scope == "flow" && f.self.Z == "" {
		return f.noFlow()
	}
	x := &contextAPI{f: f, r: f.r, scope: scope}
	o := f.r.vm.NewObject()
	_ = o.Set("set", f.r.nativeFunc("set", x.set))
	_ = o.Set("get", f.r.nativeFunc("get", x.get))
	_ = o.Set("keys", f.r.nativeFunc("keys", x.keys))
	return o
}

// noFlow is flow of a node outside of any tab: every method of it fails.
func (f *Function) noFlow() *goja.Object {
	o := f.r.vm.NewObject()
	for _, name := range []string{"set", "get", "keys"} {
		_ = o.Set(name, f.r.nativeFunc(name, func(goja.FunctionCall) goja.Value {
			f.r.throw("TypeError", "Cannot read properties of undefined (reading '%s')", name)
			return nil
		}))
	}
	return o
}

// contextAPI is the three functions of one scope.
type contextAPI struct {
	f     *Function
	r     *Runtime
	scope string
	store Store
}

func (x *contextAPI) data() Store {
	if x.store == nil {
		x.store = x.f.host.Context(x.scope)
	}
	return x.store
}

// storeAndCallback sorts out the optional arguments: (store, callback), (callback), (store).
func (x *contextAPI) storeAndCallback(c goja.FunctionCall, at int) (string, goja.Callable) {
	store, cb := c.Argument(at), c.Argument(at+1)
	if !cb.ToBoolean() {
		if _, ok := goja.AssertFunction(store); ok {
			store, cb = x.r.undefined, store
		}
	}
	fn, ok := goja.AssertFunction(cb)
	if !ok && cb.ToBoolean() {
		x.r.throw("Error", "Callback must be a function")
	}
	name := ""
	if store.ToBoolean() {
		name = store.String()
	}
	return name, fn
}

// answer gives a result to the callback or, if there is none, returns it.
func (x *contextAPI) answer(cb goja.Callable, err error, results ...goja.Value) goja.Value {
	if cb == nil {
		if err != nil {
			x.r.throwValue(err)
		}
		if len(results) == 0 {
			return x.r.undefined
		}
		return results[0]
	}
	args := []goja.Value{x.r.undefined}
	if err != nil {
		args[0] = x.r.toJS(errorOf(err))
	} else {
		args = append(args, results...)
	}
	if _, err := cb(x.r.undefined, args...); err != nil {
		panic(err)
	}
	return x.r.undefined
}

// errorOf gives a Go error as a JavaScript value.
func errorOf(err error) value.Value {
	switch e := err.(type) {
	case *Thrown:
		return e.Value
	case *value.Error:
		return value.Of(e)
	}
	return value.Of(value.NewError("Error", err.Error()))
}

// keyList gives the keys of an array of keys; ok is false if it is no such array.
func (x *contextAPI) keyList(v goja.Value) (keys []string, isList, ok bool) {
	if s, is := v.(goja.String); is {
		return []string{text(s)}, false, s.Length() > 0
	}
	a := x.r.fromJS(v).Array()
	if a == nil || len(a.Elems) == 0 {
		return nil, false, false
	}
	for _, e := range a.Elems {
		if !e.IsString() || e.Str() == "" {
			return nil, true, false
		}
		keys = append(keys, e.Str())
	}
	return keys, true, true
}

func (x *contextAPI) get(c goja.FunctionCall) goja.Value {
	store, cb := x.storeAndCallback(c, 1)
	keys, isList, ok := x.keyList(c.Argument(0))
	if !ok {
		return x.answer(cb, value.NewError("Error", "Invalid context key"))
	}
	x.r.settle()
	values := make([]value.Value, len(keys))
	for i, k := range keys {
		if cb == nil && x.data().Uncached(k, store) {
			x.r.throw("Error", "File Store cache disabled - only asynchronous access supported")
		}
		v, err := x.data().Get(k, store)
		if err != nil {
			return x.answer(cb, err)
		}
		values[i] = v
	}
	if !isList {
		return x.answer(cb, nil, x.r.toJS(values[0]))
	}
	if cb == nil {
		return x.r.toJS(value.Arr(values...))
	}
	results := make([]goja.Value, len(values))
	for i, v := range values {
		results[i] = x.r.toJS(v)
	}
	return x.answer(cb, nil, results...)
}

func (x *contextAPI) set(c goja.FunctionCall) goja.Value {
	store, cb := x.storeAndCallback(c, 2)
	keys, isList, ok := x.keyList(c.Argument(0))
	if !ok {
		return x.answer(cb, value.NewError("Error", "Invalid context key"))
	}
	v := x.f.leaving(c.Argument(1))
	values := []value.Value{v}
	if a := v.Array(); isList && a != nil {
		values = a.Elems
	}
	for i, k := range keys {
		v := value.Null
		if i < len(values) {
			v = values[i]
		}
		if err := x.data().Set(k, store, v); err != nil {
			return x.answer(cb, err)
		}
	}
	return x.answer(cb, nil)
}

func (x *contextAPI) keys(c goja.FunctionCall) goja.Value {
	store, cb := x.storeAndCallback(c, 0)
	if cb == nil && x.data().Uncached("", store) {
		x.r.throw("Error", "Callback must be a function")
	}
	keys, err := x.data().Keys(store)
	if err != nil {
		return x.answer(cb, err)
	}
	a := &value.Array{}
	for _, k := range keys {
		a.Elems = append(a.Elems, value.Str(k))
	}
	list := x.r.toJS(value.Of(a))
	if cb == nil {
		return list
	}
	if _, err := cb(x.r.undefined, x.r.null, list); err != nil {
		panic(err)
	}
	return x.r.undefined
}

// sharedScope is context.flow or context.global: one object for all nodes of the
// scope, on which flows also keep properties (context.global.name = …), apart from
// the store. On context.global the values of the store can be read as properties,
// too, which is how those of functionGlobalContext are reached.
type sharedScope struct {
	r   *Runtime
	api *contextAPI
	own *value.Object
	fn  map[string]goja.Value
}

// sharedContext gives context.flow or context.global of a node.
func (f *Function) sharedContext(scope string) goja.Value {
	if scope == "flow" && f.self.Z == "" {
		return f.r.undefined
	}
	key := scope
	if scope == "flow" {
		key += ":" + strings.TrimSuffix(f.self.Path, "/"+f.self.ID)
	}
	if o := f.r.scopes[key]; o != nil {
		return o
	}
	x := &contextAPI{f: f, r: f.r, scope: scope}
	s := &sharedScope{r: f.r, api: x, own: value.NewObject(), fn: map[string]goja.Value{
		"get": f.r.nativeFunc("get", x.get), "set": f.r.nativeFunc("set", x.set), "keys": f.r.nativeFunc("keys", x.keys),
	}}
	o := f.r.vm.NewDynamicObject(s)
	f.r.scopes[key] = o
	return o
}

// Get implements goja.DynamicObject.
func (s *sharedScope) Get(key string) goja.Value {
	if fn, ok := s.fn[key]; ok {
		return fn
	}
	if v, ok := s.own.Lookup(key); ok {
		return s.r.toJS(v)
	}
	if s.api.scope == "global" {
		if v, err := s.api.data().Get(key, ""); err == nil && !v.IsUndefined() {
			return s.r.toJS(v)
		}
	}
	return nil
}

// Set implements goja.DynamicObject.
func (s *sharedScope) Set(key string, v goja.Value) bool {
	if _, fixed := s.fn[key]; fixed {
		return false
	}
	s.own.Set(key, s.r.fromJS(v))
	return true
}

// Has implements goja.DynamicObject.
func (s *sharedScope) Has(key string) bool { return s.Get(key) != nil }

// Delete implements goja.DynamicObject.
func (s *sharedScope) Delete(key string) bool { s.own.Delete(key); return true }

// Keys implements goja.DynamicObject.
func (s *sharedScope) Keys() []string { return s.own.Keys() }
