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
	for _, level := range []string{"log", "warn", "debug", "trace"} {
		set(level, func(c goja.FunctionCall) goja.Value {
			f.host.Log(level, f.leaving(c.Argument(0)))
			return r.undefined
		})
	}
	set("error", func(c goja.FunctionCall) goja.Value {
		err := f.leaving(r.mend(c.Argument(0)))
		f.host.Error(err, f.leaving(c.Argument(1)))
		return r.undefined
	})
	set("status", func(c goja.FunctionCall) goja.Value {
		f.statused = true
		f.host.Status(f.leaving(c.Argument(0)))
		return r.undefined
	})
	set("on", f.on)
	set("linkcall", f.linkcall)
	set("send", f.nodeSend)
	set("done", f.nodeDone)
	return r.nativeFunc("node", func(c goja.FunctionCall) goja.Value {
		n := &nodeObject{f: f, msg: f.message(c.Argument(0)), id: r.primitiveOrNone(c.Argument(1)), kind: c.Argument(2).ToInteger()}
		return r.vm.NewDynamicObject(n)
	})
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
			f.handlers = append(f.handlers, fn)
		}
	}
	return f.r.undefined
}

// nodeSend is node.send(msgs, clone).
func (f *Function) nodeSend(c goja.FunctionCall) goja.Value {
	n := f.run(c.This)
	id := n.id
	switch n.kind {
	case programSetup:
		id = value.Str(f.r.newID())
	case programClose:
		f.host.Error(value.Str("Cannot send from close function"), value.Undefined)
		return f.r.undefined
	}
	f.send(n.msg, c.Argument(0), id, c.Argument(1) != f.r.no)
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

// send sends what node.send or return was given, as Node-RED's function node
// does: the first message is cloned unless told not to, every one gets the id of
// the message being handled, and what is no object is reported.
func (f *Function) send(msg *value.Object, what goja.Value, id value.Value, clone bool) {
	v := f.leaving(what)
	if v.IsNullish() {
		return
	}
	list := []value.Value{v}
	if a := arrayOf(v); a != nil {
		list = a.Elems
	}
	outputs := make([][]*value.Object, len(list))
	count := 0
	one := func(i int, v value.Value) {
		if v.IsNullish() {
			return
		}
		o := f.sendable(v)
		if o == nil {
			return
		}
		if count == 0 && clone {
			o = value.CloneMessage(o)
		}
		o.Set("_msgid", id)
		count++
		outputs[i] = append(outputs[i], o)
	}
	for i, out := range list {
		if !value.Truthy(out) {
			continue
		}
		if a := arrayOf(out); a != nil {
			for _, v := range a.Elems {
				one(i, v)
			}
		} else {
			one(i, out)
		}
	}
	if count > 0 {
		f.host.Send(msg, outputs)
	}
}

// arrayOf gives the array a value is, also a frozen one or one of a derived class;
// nil if it is none.
func arrayOf(v value.Value) *value.Array {
	if l := v.Foreign(); l != nil && l.IsArray() {
		return l.Snapshot().Array()
	}
	return v.Array()
}

// sendable gives a value as a message, nil (and an error is reported) if it is none.
func (f *Function) sendable(v value.Value) *value.Object {
	typ := ""
	switch v.Kind() {
	case value.KindObject:
		return v.Object()
	case value.KindBuffer:
		typ = "Buffer"
	case value.KindArray:
		typ = "Array"
	default:
		if typ = v.TypeOf(); typ == "object" {
			return plainCopy(v)
		}
	}
	f.host.Error(value.Str(f.host.Text("function.error.non-message-returned", "type", typ)), value.Undefined)
	return nil
}

// plainCopy gives any object as a plain one with its enumerable own properties.
func plainCopy(v value.Value) *value.Object {
	if l := v.Foreign(); l != nil {
		v = l.Snapshot()
	}
	if o := v.Object(); o != nil {
		return o
	}
	o := value.NewObject()
	for _, k := range value.Keys(v) {
		x, _ := value.GetKey(v, k)
		o.Set(k, x)
	}
	return o
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

// sandboxValue gives one of the objects a function node has for itself.
func (f *Function) sandboxValue(name string) goja.Value {
	r := f.r
	switch name {
	case "context":
		o := f.contextObject("node")
		for _, scope := range []string{"flow", "global"} {
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
			"get": func(c goja.FunctionCall) goja.Value { return r.toJS(f.host.Env(c.Argument(0).String())) },
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
func (r *Runtime) inSandbox(name string) bool {
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
