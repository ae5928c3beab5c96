package js

import (
	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Source is the JavaScript of a function node, with the spelling of the flow file.
type Source struct {
	Func, Initialize, Finalize string
	// Libs are modules by the variable that shall hold them.
	Libs []Lib
	// Timeout is the time in milliseconds one run of the code may take; 0 is no
	// limit. It is counted in steps (loop turns and calls), stepsPerMs for each
	// millisecond, so that it ends at the same point on every machine.
	Timeout float64
}

// stepsPerMs is how many steps stand for a millisecond of a node's timeout.
const stepsPerMs = 5000

// Lib is a module a function node imports.
type Lib struct{ Var, Module string }

// Function is one function node: its programs, its global variables, its timers.
type Function struct {
	r             *Runtime
	host          Host
	self          Identity
	source        Source
	name          string // what stack traces call the node's file
	globals       *goja.Object
	body          goja.Callable
	setup         goja.Callable
	cleanup       goja.Callable
	unbuilt       bool // it is right, but compiled only for its first message
	autoDone      bool
	async         bool
	early         bool
	api           map[string]goja.Value // the properties of node
	args          [3]goja.Value
	handlers      []closer // node.on("close")
	setupHandlers int      // how many of them the setup code made: they run before the close code
	timers        map[uint64]*timer
	state         state
	waiting       []*value.Object
	outMessage    [1]*value.Object
	outList       [1][]*value.Object
	statused      bool
}

type state uint8

const (
	resolving state = iota
	resolved
	failed
)

// NewFunction compiles a function node. The error is the SyntaxError Node-RED
// reports when the node starts; nil on success. Start must be called next.
func (r *Runtime) NewFunction(host Host, self Identity, source Source) (*Function, error) {
	f := &Function{r: r, host: host, self: self, source: source, timers: map[uint64]*timer{}}
	f.name = self.ID
	if self.Name != "" {
		f.name += " [" + self.Name + "]"
	}
	if err := f.compile(); err != nil {
		return nil, err
	}
	return f, nil
}

// enter runs fn as this node's JavaScript: its globals are the global object, and
// when the outermost call ends the promise jobs have run and what was written is
// settled.
func (f *Function) enter(fn func()) {
	before := f.begin()
	defer f.end(before)
	fn()
}

func (f *Function) begin() (before *Function) {
	r := f.r
	if before = r.current; before != f {
		r.current = f
		r.vm.SetGlobalObject(f.globals)
	}
	if r.depth == 0 {
		r.looks = 0
		r.refill(f.budget())
		r.tabs.setStack(r.vm, r.stack[:])
		if r.options.Guard != nil {
			r.options.Guard.Enter(r.stop)
		}
	}
	r.depth++
	return before
}

func (f *Function) end(before *Function) {
	r := f.r
	if r.depth--; r.depth == 0 {
		if r.options.Guard != nil && r.options.Guard.Leave() {
			r.vm.ClearInterrupt()
		}
		r.forgetStack()
		r.forgetTexts()
		if len(r.rejected) > 0 {
			r.reportRejections()
		}
		r.settle()
	} else if before != f && before != nil {
		r.current = before
		r.vm.SetGlobalObject(before.globals)
	}
}

// budget is the number of steps one turn may take; 0 for no limit.
func (f *Function) budget() int64 {
	most := f.r.options.MaxSteps
	if n := int64(f.source.Timeout * stepsPerMs); n > 0 && (most == 0 || n < most) {
		return n
	}
	return most
}

// Start runs the setup code. Messages that arrive before it has ended wait.
func (f *Function) Start() {
	if f.setup == nil {
		f.state = resolved
		return
	}
	f.enter(func() {
		res, err := f.setup(f.r.undefined)
		f.setupHandlers = len(f.handlers)
		if err != nil {
			f.setupFailed(f.failure(err))
			return
		}
		f.r.then(res, func(goja.Value) { f.ready() }, func(e goja.Value) { f.setupFailed(e) })
	})
}

func (f *Function) setupFailed(e goja.Value) {
	f.waiting = nil
	f.state = failed
	f.r.settle()
	f.host.Error(f.r.fromJS(f.r.mend(e)), value.Undefined)
}

func (f *Function) ready() {
	for len(f.waiting) > 0 {
		list := f.waiting
		f.waiting = nil
		for _, m := range list {
			f.handle(m)
		}
	}
	f.state = resolved
}

// Receive handles a message. It returns when the synchronous part and the promise
// jobs that are ready have run; the rest comes through Fire and Answer.
func (f *Function) Receive(msg *value.Object) {
	switch f.state {
	case resolving:
		f.waiting = append(f.waiting, msg)
	case resolved:
		f.handle(msg)
	}
}

func (f *Function) handle(msg *value.Object) {
	if err := f.built(); err != nil {
		if stopped(err) {
			f.host.Fail(msg, f.r.fromJS(f.failure(err)))
			return
		}
		f.host.Fail(msg, errorOf(err))
		return
	}
	f.r.handling = msg
	before := f.begin()
	defer f.end(before)
	res, err := f.call(msg)
	if err != nil {
		if stopped(err) {
			f.r.settle()
			f.host.Fail(msg, f.r.fromJS(f.failure(err)))
			return
		}
		f.failed(msg, f.failure(err), true)
		return
	}
	if o, ok := res.(*goja.Object); ok && f.mayBePromise(o) {
		f.wait(msg, o)
		return
	}
	f.returned(msg, res)
}

// wait handles what a returned promise comes to.
func (f *Function) wait(msg *value.Object, promise *goja.Object) {
	early := f.early
	f.r.then(promise, func(v goja.Value) { f.returned(msg, v) }, func(e goja.Value) { f.failed(msg, e, early) })
}

// call calls the body. For an async one it notes whether that failed before its
// first await (early), which shows in Node-RED's error positions.
func (f *Function) call(msg *value.Object) (goja.Value, error) {
	r := f.r
	m := r.toJS(value.Of(msg))
	if !f.async {
		f.args = [3]goja.Value{m, r.undefined, r.undefined}
		return f.body(r.undefined, f.args[:]...)
	}
	var res goja.Value
	var err error
	f.early = false
	_, outer := r.function("run")(r.undefined, r.vm.ToValue(func(goja.FunctionCall) goja.Value {
		if res, err = f.body(r.undefined, m, r.undefined, r.undefined); err == nil {
			p, _ := res.Export().(*goja.Promise)
			f.early = p != nil && p.State() == goja.PromiseStateRejected
		}
		return r.undefined
	}))
	if err == nil {
		err = outer
	}
	return res, err
}

// mayBePromise reports whether returning o from an async function would wait for
// it: it has a method then.
func (f *Function) mayBePromise(o *goja.Object) bool {
	if w, ok := f.r.wrapper(o).(*object); ok && w.side == nil {
		then, has := w.o.Lookup("then")
		return has && then.TypeOf() == "function"
	}
	switch f.r.kindOf(o) {
	case kindPromise:
		return true
	case kindPlain, kindOther, kindDynamic, kindFunction, kindProxy:
		is := false
		_ = f.r.vm.Try(func() { _, is = goja.AssertFunction(o.Get("then")) })
		return is
	}
	return false
}

// returned handles the value the function returned.
func (f *Function) returned(msg *value.Object, res goja.Value) {
	if res != f.r.undefined && res != f.r.null {
		id := msg.Get("_msgid")
		if thrown := f.send(msg, res, id, false); thrown != nil {
			f.failed(msg, thrown, false)
			return
		}
	}
	if f.autoDone {
		f.r.settle()
		f.host.Done(msg)
	}
}

// failed handles what the function threw, as Node-RED's function node does. (It
// handles null not at all; ours then leaves the message unfinished, too.)
func (f *Function) failed(msg *value.Object, thrown goja.Value, early bool) {
	r := f.r
	r.settle()
	switch thrown {
	case r.null:
		return
	case r.undefined:
		f.host.Done(msg)
		return
	}
	if o, ok := thrown.(*goja.Object); ok && r.hasStack(o) {
		r.mend(o)
		if !early {
			r.dropFrame(o)
		}
		v := r.fromJS(o)
		msg.Set("error", v)
		f.host.Fail(msg, r.positioned(o, v))
		return
	}
	v := r.fromJS(thrown)
	if !v.IsString() {
		s, ok, err := value.Stringify(v, "")
		if err != nil || !ok {
			f.host.Fail(msg, value.Undefined)
			return
		}
		v = value.Str(s)
	}
	f.host.Fail(msg, v)
}

// Close runs the close code, removes the timers and calls the close listeners;
// removed says that the node was deleted from the flow. Afterwards the node's status
// must be cleared if Close reports true.
func (f *Function) Close(removed bool) (clearStatus bool) {
	if f.unbuilt {
		return false // it has never run
	}
	f.enter(func() {
		for _, h := range f.handlers[:f.setupHandlers] {
			f.callCloser(h, removed)
		}
		if f.cleanup != nil {
			if _, err := f.cleanup(f.r.undefined); err != nil {
				f.host.Error(f.r.fromJS(f.r.mend(f.failure(err))), value.Undefined)
			}
		}
		for _, h := range f.handlers[f.setupHandlers:] {
			f.callCloser(h, removed)
		}
	})
	for id := range f.timers {
		f.host.ClearTimer(id)
		delete(f.r.timers, id)
	}
	clear(f.timers)
	return f.statused
}
