package js

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// builtinModules are Node's own modules that are here, by name; the value names the
// part of the prelude, "" for what exists as a global.
var builtinModules = map[string]string{
	"assert": "assert", "assert/strict": "assert", "buffer": "", "crypto": "crypto", "events": "events", "os": "os", "path": "path", "path/posix": "path",
	"process": "process", "querystring": "querystring", "string_decoder": "string_decoder", "timers": "timers", "timers/promises": "timers",
	"url": "url", "util": "", "util/types": "", "console": "", "perf_hooks": "",
}

// absentModules are Node's own modules that are not here, with what to use instead.
var absentModules = map[string]string{
	"fs": "use the file nodes", "fs/promises": "use the file nodes", "child_process": "use the exec node", "http": "use the http request node",
	"https": "use the http request node", "http2": "use the http request node", "net": "use the tcp nodes", "tls": "use the tcp nodes", "dgram": "use the udp nodes",
	"dns": "", "dns/promises": "", "worker_threads": "", "cluster": "", "stream": "", "stream/promises": "", "stream/web": "", "zlib": "", "vm": "", "v8": "", "module": "", "readline": "",
	"tty": "", "async_hooks": "", "inspector": "", "repl": "", "domain": "", "punycode": "", "diagnostics_channel": "", "trace_events": "", "wasi": "", "sys": "", "constants": "", "test": "", "sqlite": "", "sea": "",
}

// require gives the exports of a module: one of Node's own, else one whose text
// Options.Require gives. A module is made once for all.
func (r *Runtime) require(name string) (goja.Value, error) {
	name = strings.TrimPrefix(name, "node:")
	if v, ok := r.modules[name]; ok {
		return v, nil
	}
	v, err := r.makeModule(name)
	if err == nil {
		r.modules[name] = v
	}
	return v, err
}

func (r *Runtime) makeModule(name string) (goja.Value, error) {
	if _, ok := builtinModules[name]; ok {
		return r.builtinModule(name)
	}
	if instead, ok := absentModules[name]; ok {
		return nil, absentModule(name, instead)
	}
	if r.options.Require == nil {
		return nil, &moduleError{"MODULE_NOT_FOUND", "Cannot find module '" + name + "': no folder with modules is given"}
	}
	text, err := r.options.Require(name)
	if err != nil {
		return nil, err
	}
	v, err := r.runModule(name, text, nil, nil)
	if absent, ok := errors.AsType[*absentError](err); ok {
		return nil, fmt.Errorf("the module %q needs Node's own module %q, which is not available here", name, absent.name)
	}
	return v, err
}

// absentError says that a module of Node's own is not here.
type absentError struct{ name, text string }

func (e *absentError) Error() string { return e.text }

func absentModule(name, instead string) error {
	text := fmt.Sprintf("Node's own module %q is not available here", name)
	if instead != "" {
		text += ": " + instead
	}
	return &absentError{name, text}
}

// runModule runs the text of a CommonJS module. require nil is that of npm modules;
// extra are further names it sees.
func (r *Runtime) runModule(file, text string, require func(name string) (goja.Value, error), extra map[string]goja.Value) (v goja.Value, err error) {
	var missing *absentError
	if require == nil {
		require = func(name string) (goja.Value, error) {
			v, err := r.require(name)
			if absent, ok := errors.AsType[*absentError](err); ok {
				missing = absent
			}
			return v, err
		}
	}
	process, err := r.require("process")
	if err != nil {
		return nil, err
	}
	names := map[string]goja.Value{"process": process, "global": r.globals, "require": r.requireFunc(require)}
	for k, v := range extra {
		names[k] = v
	}
	timers := r.moduleTimers()
	for _, k := range timers.Keys() {
		names[k] = timers.Get(k)
	}
	list := make([]string, 0, len(names))
	for k := range names {
		list = append(list, k)
	}
	sort.Strings(list)
	args := make([]goja.Value, len(list))
	for i, k := range list {
		args[i] = names[k]
	}
	full := "(function(" + strings.Join(list, ",") + "){var module={exports:{}},exports=module.exports;(function(){" + text + "\n}).call(exports);return module.exports})"
	prg, err := r.program(file, full, r.counting())
	if err != nil {
		return nil, problem(full)
	}
	r.asHost(func() {
		var made goja.Value
		if made, err = r.vm.RunProgram(prg); err != nil {
			return
		}
		run, _ := goja.AssertFunction(made)
		v, err = run(r.undefined, args...)
	})
	if err != nil && missing != nil {
		return nil, missing
	}
	return v, err
}

// asHost runs fn with the shared global object.
func (r *Runtime) asHost(fn func()) {
	before := r.vm.GlobalObject()
	r.vm.SetGlobalObject(r.globals)
	defer r.vm.SetGlobalObject(before)
	fn()
}

func (r *Runtime) requireFunc(require func(string) (goja.Value, error)) goja.Value {
	return r.nativeFunc("require", func(c goja.FunctionCall) goja.Value {
		v, err := require(c.Argument(0).String())
		if err == nil {
			return v
		}
		var thrown *goja.Exception
		if errors.As(err, &thrown) {
			panic(thrown.Value())
		}
		e := r.construct(r.builtin("Error"), r.str(err.Error()))
		if m, ok := errors.AsType[*moduleError](err); ok {
			_ = e.Set("code", m.code)
		}
		panic(e)
	})
}

// builtinModule makes one of Node's own modules.
func (r *Runtime) builtinModule(name string) (goja.Value, error) {
	o := r.vm.NewObject()
	switch name {
	case "buffer":
		_ = o.Set("Buffer", r.buffer())
		_ = o.Set("kMaxLength", int64(1)<<32)
		for _, k := range []string{"atob", "btoa"} {
			_ = o.Set(k, r.globals.Get(k))
		}
		return o, nil
	case "util":
		return r.util(), nil
	case "util/types":
		return r.util().(*goja.Object).Get("types"), nil
	case "console":
		return r.globals.Get("console"), nil
	case "perf_hooks":
		p := r.vm.NewObject()
		_ = p.Set("now", r.nativeFunc("now", func(goja.FunctionCall) goja.Value { return r.vm.ToValue(r.millis()) }))
		_ = p.Set("timeOrigin", 0)
		_ = o.Set("performance", p)
		return o, nil
	case "assert/strict":
		v, err := r.require("assert")
		if err != nil {
			return nil, err
		}
		return v.(*goja.Object).Get("strict"), nil
	case "timers/promises":
		v, err := r.require("timers")
		if err != nil {
			return nil, err
		}
		return v.(*goja.Object).Get("promises"), nil
	}
	make, _ := goja.AssertFunction(r.cached("modules/" + builtinModules[name]))
	return make(r.undefined, r.moduleHost())
}

// moduleHost is what the texts of Node's own modules find of the runtime.
func (r *Runtime) moduleHost() *goja.Object {
	if o := r.native["modulehost"]; o != nil {
		return o
	}
	o := r.vm.NewObject()
	set := func(name string, fn func(goja.FunctionCall) goja.Value) { _ = o.Set(name, r.nativeFunc(name, fn)) }
	set("received", func(c goja.FunctionCall) goja.Value { return r.str(r.received(c.Argument(0))) })
	set("inspect", r.inspectDefault)
	set("now", func(goja.FunctionCall) goja.Value { return r.vm.ToValue(r.millis()) })
	set("cwd", func(goja.FunctionCall) goja.Value { return r.str(r.directory()) })
	set("machine", func(goja.FunctionCall) goja.Value {
		if r.options.Machine == nil {
			return r.vm.NewObject()
		}
		return r.toJS(value.Clone(value.Of(r.options.Machine)))
	})
	set("env", func(goja.FunctionCall) goja.Value {
		return r.vm.NewDynamicObject(&envObject{r, map[string]goja.Value{}})
	})
	set("timers", func(goja.FunctionCall) goja.Value { return r.moduleTimers() })
	_ = o.Set("require", r.requireFunc(r.require))
	_ = o.Set("util", r.util())
	_ = o.Set("URL", r.urls().Get("URL"))
	_ = o.Set("URLSearchParams", r.urls().Get("URLSearchParams"))
	_ = o.Set("crypto", r.cryptoNatives())
	r.native["modulehost"] = o
	return o
}

func (r *Runtime) directory() string {
	if r.options.Dir == "" {
		return "/"
	}
	return r.options.Dir
}

// moduleTimers are setTimeout and its kin as modules see them: those of the node
// at work.
func (r *Runtime) moduleTimers() *goja.Object {
	if o := r.native["moduletimers"]; o != nil {
		return o
	}
	o := r.vm.NewObject()
	later := func(repeat, soon bool) func(goja.FunctionCall) goja.Value {
		return func(c goja.FunctionCall) goja.Value {
			if r.current == nil {
				r.throw("Error", "timers are available only while a node is at work")
			}
			if soon {
				args := append([]goja.Value{c.Argument(0), r.vm.ToValue(0)}, c.Arguments[min(1, len(c.Arguments)):]...)
				c.Arguments = args
			}
			return r.current.setTimer(c, repeat)
		}
	}
	_ = o.Set("setTimeout", r.nativeFunc("setTimeout", later(false, false)))
	_ = o.Set("setInterval", r.nativeFunc("setInterval", later(true, false)))
	_ = o.Set("setImmediate", r.nativeFunc("setImmediate", later(false, true)))
	for _, name := range []string{"clearTimeout", "clearInterval", "clearImmediate"} {
		_ = o.Set(name, r.nativeFunc(name, r.clearTimer))
	}
	r.native["moduletimers"] = o
	return o
}

// envObject is process.env: the variables the host shows, and what code sets.
type envObject struct {
	r   *Runtime
	own map[string]goja.Value
}

func (x *envObject) Get(key string) goja.Value {
	if v, ok := x.own[key]; ok {
		return v
	}
	if x.r.options.Env != nil {
		if s, ok := x.r.options.Env(key); ok {
			return x.r.str(s)
		}
	}
	return nil
}
func (x *envObject) Set(key string, v goja.Value) bool { x.own[key] = x.r.str(v.String()); return true }
func (x *envObject) Has(key string) bool               { return x.Get(key) != nil }
func (x *envObject) Delete(key string) bool            { x.own[key] = nil; return true }
func (x *envObject) Keys() []string {
	keys := make([]string, 0, len(x.own))
	for k, v := range x.own {
		if v != nil {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	return keys
}

// withoutVersion is a module's name without the version that a flow file may ask for.
func withoutVersion(spec string) string {
	if i := strings.LastIndex(spec, "@"); i > 0 {
		return spec[:i]
	}
	return spec
}
