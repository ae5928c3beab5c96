package js

import (
	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// native makes a function of JavaScript that is written in Go.
func (r *Runtime) nativeFunc(name string, fn func(goja.FunctionCall) goja.Value) *goja.Object {
	o := r.vm.ToValue(fn).(*goja.Object)
	_ = o.DefineDataProperty("name", r.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return o
}

// methods sets functions of an object.
func (r *Runtime) methods(o *goja.Object, table map[string]func(goja.FunctionCall) goja.Value, order ...string) *goja.Object {
	for _, name := range order {
		_ = o.Set(name, r.nativeFunc(name, table[name]))
	}
	return o
}

// nodeNames are the properties of the object called node, in Node-RED's order.
var nodeNames = []string{
	"id", "name", "path", "outputCount", "log", "error", "warn", "debug", "trace", "on", "status", "send", "done", "linkcall",
}

// nodeObject is the object called node in one run of a function node's code. What
// it has is shared by all runs; it knows which message the run is for.
type nodeObject struct {
	f    *Function
	msg  *value.Object
	id   value.Value
	kind int64
	own  map[string]goja.Value
}

// Get implements goja.DynamicObject.
func (n *nodeObject) Get(key string) goja.Value {
	if v, ok := n.own[key]; ok {
		return v
	}
	return n.f.api[key]
}

// Set implements goja.DynamicObject.
func (n *nodeObject) Set(key string, v goja.Value) bool {
	if n.own == nil {
		n.own = map[string]goja.Value{}
	}
	n.own[key] = v
	return true
}

// Has implements goja.DynamicObject.
func (n *nodeObject) Has(key string) bool { return n.Get(key) != nil }

// Delete implements goja.DynamicObject.
func (n *nodeObject) Delete(key string) bool { n.Set(key, n.f.r.undefined); return true }

// Keys implements goja.DynamicObject.
func (n *nodeObject) Keys() []string { return nodeNames }

// nodeMaker gives the function that makes the object called node in the programs.
func (f *Function) nodeMaker() goja.Value {
	r := f.r
	if !mentions(f.source.Func+" "+f.source.Initialize+" "+f.source.Finalize, "node") {
		return r.undefined
	}
	f.api = map[string]goja.Value{
		"id": r.str(f.self.ID), "name": r.str(f.self.Name), "path": r.str(f.self.Path), "outputCount": r.toJS(f.self.Outputs),
	}
	set := func(name string, fn func(goja.FunctionCall) goja.Value) { f.api[name] = r.nativeFunc(name, fn) }
	for _, method := range []string{"log", "error", "warn", "debug", "trace", "status"} {
		set(method, func(c goja.FunctionCall) goja.Value { return f.nodeCall(method, c.Arguments) })
	}
	set("on", f.on)
	set("linkcall", f.linkcall)
	set("send", f.nodeSend)
	set("done", f.nodeDone)
	return r.nativeFunc("node", func(c goja.FunctionCall) goja.Value {
		n := &nodeObject{f: f, msg: f.message(c.Argument(0)), id: r.primitiveOrNone(c.Argument(1)), kind: c.Argument(2).ToInteger()}
		return r.vm.NewDynamicObject(n)
	})
}

// nodeCall is node.log, warn, error, debug, trace and status.
func (f *Function) nodeCall(method string, args []goja.Value) goja.Value {
	f.r.settle()
	list := make([]value.Value, len(args))
	for i, a := range args {
		list[i] = f.r.fromJS(f.r.mend(a))
	}
	f.statused = f.statused || method == "status"
	if err := f.host.Call(method, list); err != nil {
		f.r.throwValue(err)
	}
	return f.r.undefined
}

// primitiveOrNone gives a primitive as a value, undefined for an object.
func (r *Runtime) primitiveOrNone(v goja.Value) value.Value {
	if o, ok := v.(*goja.Object); ok {
		return r.adopt(o)
	}
	return r.primitive(v)
}

// run gives the run a method of node was called for; called without its object
// (const {send} = node) that is the run for the message being handled.
func (f *Function) run(this goja.Value) *nodeObject {
	if n, ok := f.r.wrapper(this).(*nodeObject); ok {
		return n
	}
	n := &nodeObject{f: f, msg: f.r.handling}
	if n.msg != nil {
		n.id = n.msg.Get("_msgid")
	}
	return n
}

// leaving gives a value that leaves JavaScript, with all that was written so far.
func (f *Function) leaving(v goja.Value) value.Value {
	f.r.settle()
	return f.r.fromJS(v)
}

// on is node.on: only "close" has an effect here.
func (f *Function) on(c goja.FunctionCall) goja.Value {
	switch c.Argument(0).String() {
	case "input":
		f.r.throw("Error", "%s", f.host.Text("function.error.inputListener"))
	case "close":
		if fn, ok := goja.AssertFunction(c.Argument(1)); ok {
			n := c.Argument(1).(*goja.Object).Get("length").ToInteger()
			f.handlers = append(f.handlers, closer{fn, int(n)})
		}
	}
	return f.r.undefined
}

// closer is code that runs when the node closes: a listener of node.on("close")
// with the number of its parameters, or the close code.
type closer struct {
	fn     goja.Callable
	params int
}

// call calls it as Node-RED does: with done, or with removed and done. What a
// listener throws is lost. Closing does not wait for done.
func (f *Function) callCloser(h closer, removed bool) {
	var args []goja.Value
	if h.params > 0 {
		if h.params == 2 {
			args = append(args, f.r.boolean(removed))
		}
		args = append(args, f.r.nativeFunc("", func(goja.FunctionCall) goja.Value { return f.r.undefined }))
	}
	_, _ = h.fn(f.r.undefined, args...)
}

// nodeSend is node.send(msgs, clone).
func (f *Function) nodeSend(c goja.FunctionCall) goja.Value {
	n := f.run(c.This)
	f.r.chargeTree(c.Argument(0))
	id := n.id
	switch n.kind {
	case programSetup:
		id = value.Str(f.r.newID())
	case programClose:
		f.host.Error(value.Str("Cannot send from close function"), value.Undefined)
		return f.r.undefined
	}
	if thrown := f.send(n.msg, c.Argument(0), id, c.Argument(1) != f.r.no); thrown != nil {
		panic(thrown)
	}
	return f.r.undefined
}

// The kinds of program, as the wrapper tells them.
const (
	programSetup = 1
	programClose = 2
)

// message gives the native object of a message.
func (f *Function) message(v goja.Value) *value.Object {
	o, ok := v.(*goja.Object)
	if !ok {
		return nil
	}
	return f.r.adopt(o).Object()
}

// nodeDone is node.done(err).
func (f *Function) nodeDone(c goja.FunctionCall) goja.Value {
	msg := f.run(c.This).msg
	if err := c.Argument(0); err.ToBoolean() {
		f.host.Fail(msg, f.leaving(f.r.mend(err)))
	} else {
		f.r.settle()
		f.host.Done(msg)
	}
	return f.r.undefined
}

func (r *Runtime) newID() string {
	if r.options.NewID != nil {
		return r.options.NewID()
	}
	const hex = "0123456789abcdef"
	var b [16]byte
	for i := range b {
		b[i] = hex[int(r.random()*16)&15]
	}
	return string(b[:])
}

// getEnv is env.get(name), which fails on what is no text as Node-RED's does.
func (f *Function) getEnv(c goja.FunctionCall) goja.Value {
	name, ok := c.Argument(0).(goja.String)
	switch {
	case ok:
		return f.r.toJS(f.host.Env(text(name)))
	case goja.IsUndefined(c.Argument(0)), goja.IsNull(c.Argument(0)):
		f.r.throw("TypeError", "Cannot read properties of %s (reading 'startsWith')", c.Argument(0))
	}
	f.r.throw("TypeError", "key.startsWith is not a function")
	return nil
}

// sandboxValue gives one of the objects a function node has for itself.
func (f *Function) sandboxValue(name string) goja.Value {
	r := f.r
	switch name {
	case "context":
		o := f.contextObject("node")
		for _, scope := range []string{"global", "flow"} {
			var made goja.Value
			get := func(goja.FunctionCall) goja.Value {
				if made == nil {
					made = f.sharedContext(scope)
				}
				return made
			}
			_ = o.DefineAccessorProperty(scope, r.vm.ToValue(get), nil, goja.FLAG_TRUE, goja.FLAG_TRUE)
		}
		return o
	case "flow", "global":
		return f.contextObject(name)
	case "env":
		return r.methods(r.vm.NewObject(), map[string]func(goja.FunctionCall) goja.Value{
			"get": f.getEnv,
		}, "get")
	case "RED":
		return f.redObject()
	case "setTimeout", "setInterval":
		fn := r.nativeFunc(name, func(c goja.FunctionCall) goja.Value { return f.setTimer(c, name == "setInterval") })
		if name == "setTimeout" {
			f.promisified(fn)
		}
		return fn
	}
	return r.nativeFunc(name, r.clearTimer)
}

// inSandbox reports names that libs must not take.
func inSandbox(name string) bool {
	for _, n := range sandboxNames {
		if n == name {
			return true
		}
	}
	switch name {
	case "console", "util", "Buffer", "URL", "URLSearchParams", "Date", "promisify", "__node__":
		return true
	}
	return false
}
