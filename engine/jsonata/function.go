package jsonata

import (
	"github.com/lockstep-flows/lockstep/engine/value"
)

// funcKind is what kind of function a value is.
type funcKind uint8

const (
	funcBuiltin   funcKind = iota // builtin
	funcLambda                    // node, env, input
	funcNative                    // native, without a signature
	funcClosure                   // inner, called in env
	funcPartial                   // a lambda around a native function: inner
	funcRegex                     // node
	funcNext                      // the next match of a regular expression: matches
	funcTransform                 // node, env
)

// native is a function written in Go.
type native func(c call) (value.Value, error)

// call is what a native function gets.
type call struct {
	ev    *evaluator
	env   *frame
	input value.Value
	args  []value.Value
}

// arg is argument i, undefined if it is missing.
func (c *call) arg(i int) value.Value { return argument(c.args, i) }

// builtin is one of the functions that expressions know by name.
type builtin struct {
	id     int
	name   string
	sig    *signature
	arity  int      // the number of parameters that JavaScript counts
	params []string // their names
	fn     native
}

// function is a function value. It implements value.Foreign.
type function struct {
	kind    funcKind
	builtin *builtin
	node    *node
	env     *frame
	input   value.Value
	sig     *signature
	params  []string
	inner   *function
	live    value.Value // a function of the JavaScript engine
	native  native
	arity   int
	thunk   bool
	matches *matches
	site    callSite
}

// callSite is what a function remembers of where it was last called by name.
type callSite struct {
	token value.Value
	pos   int
	known bool
}

func functionValue(f *function) value.Value { return value.Live(f) }

// functionOf gives the function of this package that v is, or nil.
func functionOf(v value.Value) *function {
	if v.Kind() != value.KindForeign {
		return nil
	}
	f, _ := v.Foreign().(*function)
	return f
}

// isFunction reports whether v is a function, of an expression or of JavaScript.
func isFunction(v value.Value) bool {
	return v.Kind() == value.KindForeign && v.Foreign().TypeOf() == "function"
}

// callable is a live value that can be called.
type callable interface {
	Call(this value.Value, args []value.Value) (value.Value, error)
}

// params gives the arity of a function value.
func arityOf(v value.Value) int {
	f := functionOf(v)
	if f == nil {
		n, _ := value.GetKey(v, "length")
		return int(n.Num())
	}
	switch f.kind {
	case funcBuiltin:
		return f.builtin.arity
	case funcLambda, funcPartial:
		return len(f.params)
	case funcRegex:
		return 2
	case funcTransform:
		return 1
	}
	return f.arity
}

// site is the call site record of a function; built-in functions have one for
// each expression.
func (ev *evaluator) site(f *function) *callSite {
	if f.kind != funcBuiltin {
		return &f.site
	}
	if ev.calls == nil {
		if ev.x.calls == nil {
			ev.x.calls = make([]callSite, builtinCount())
		}
		ev.calls = ev.x.calls
	}
	return &ev.calls[f.builtin.id]
}

// lambda makes a function of its definition.
func (ev *evaluator) lambda(n *node, in value.Value, env *frame) value.Value {
	f := &function{kind: funcLambda, node: n, env: env, input: in, sig: n.sig, thunk: n.thunk, params: n.params}
	return functionValue(f)
}

// procName is the name of the called function as errors show it.
func procName(n *node) value.Value {
	switch n.kind {
	case kindPath:
		return n.list[0].valueField()
	case kindBlock, kindLambda, kindCondition, kindTransform, kindParent, kindSort:
		return value.Undefined
	case kindBind:
		return value.Str(":=")
	case kindApply:
		return value.Str("~>")
	}
	return n.valueField()
}

// call evaluates a function call; context, if not nil, is the first argument.
func (ev *evaluator) call(n *node, in value.Value, env *frame, context *value.Value) (value.Value, error) {
	proc, err := ev.eval(n.lhs, in, env)
	if err != nil {
		return proc, err
	}
	if proc.IsUndefined() && n.lhs.kind == kindPath {
		if name := n.lhs.list[0].valueField(); known(name.Str(), env) {
			return proc, fail("T1005", "stack", "position", n.position(), "token", name)
		}
	}
	args := make([]value.Value, 0, len(n.list)+1)
	if context != nil {
		args = append(args, *context)
	}
	for _, x := range n.list {
		v, err := ev.eval(x, in, env)
		if err != nil {
			return v, err
		}
		if isFunction(v) {
			v = functionValue(&function{kind: funcClosure, inner: functionOf(v), live: v, env: env, arity: arityOf(v)})
		}
		args = append(args, v)
	}
	if f := functionOf(proc); f != nil && f.isObject() {
		name := procName(n.lhs)
		*ev.site(f) = callSite{name, n.pos, !name.IsUndefined()}
	}
	var v value.Value
	if proc.IsNull() {
		err = typeError("Cannot set properties of null (setting 'token')")
	} else {
		v, err = ev.apply(proc, args, in, env)
	}
	if err != nil {
		e := asError(err)
		if !value.Truthy(e.Prop("position")) {
			set(e, "position", n.position())
		}
		if !value.Truthy(e.Prop("token")) {
			set(e, "token", procName(n.lhs))
		}
		return v, e
	}
	return v, nil
}

// known reports whether a variable of that name has a value that counts as true.
func known(name string, env *frame) bool {
	v, ok := env.lookup(name)
	if !ok {
		v = builtinNamed(name)
	}
	return value.Truthy(v)
}

// isObject reports whether the original holds the function as an object, which
// remembers where it was called; the others are plain JavaScript functions.
func (f *function) isObject() bool {
	switch f.kind {
	case funcBuiltin, funcLambda, funcPartial, funcTransform:
		return true
	}
	return false
}

// apply calls a function, and goes on as long as it gives a call in tail position.
func (ev *evaluator) apply(proc value.Value, args []value.Value, in value.Value, env *frame) (value.Value, error) {
	if ev.depth++; ev.depth > maxDepth {
		return value.Undefined, errTooDeep()
	}
	v, err := ev.applyOnce(proc, args, in, env)
	for err == nil {
		thunk := functionOf(v)
		if thunk == nil || !thunk.thunk {
			break
		}
		body := thunk.node.body
		next, err2 := ev.eval(body.lhs, thunk.input, thunk.env)
		if err2 != nil {
			return next, err2
		}
		if err2 = ev.mark(next, body.lhs); err2 != nil {
			return next, err2
		}
		args = make([]value.Value, len(body.list))
		for i, x := range body.list {
			if args[i], err = ev.eval(x, thunk.input, thunk.env); err != nil {
				return args[i], err
			}
		}
		v, err = ev.applyOnce(next, args, in, env)
	}
	ev.depth--
	return v, err
}

// mark notes in a function where it is called in tail position.
func (ev *evaluator) mark(proc value.Value, name *node) error {
	key := "position"
	if name.kind == kindVariable {
		key = "token"
	}
	if !proc.IsObject() {
		if proc.IsNullish() {
			return typeError("Cannot set properties of " + value.ToString(proc) + " (setting '" + key + "')")
		}
		return typeError("Cannot create property '" + key + "' on " + proc.TypeOf() + " '" + value.ToString(proc) + "'")
	}
	f := functionOf(proc)
	if f == nil {
		return nil
	}
	site := ev.site(f)
	if name.kind == kindVariable {
		site.token, site.known = value.Str(name.name), true
	}
	site.pos = name.pos
	if name.noPos {
		site.pos = 0
	}
	return nil
}

// applyOnce calls a function and gives what it returns, be it a thunk.
func (ev *evaluator) applyOnce(proc value.Value, args []value.Value, in value.Value, env *frame) (value.Value, error) {
	v, err := ev.invoke(proc, args, in, env)
	if err == nil || !value.Truthy(proc) {
		return v, err
	}
	e := asError(err)
	f := functionOf(proc)
	var site callSite
	if f != nil {
		site = *ev.site(f)
	}
	if site.known && e.Prop("token").IsUndefined() {
		set(e, "token", site.token)
	}
	if site.pos != 0 {
		set(e, "position", value.Int(site.pos))
	} else {
		set(e, "position", e.Prop("position"))
	}
	return v, e
}

func (ev *evaluator) invoke(proc value.Value, args []value.Value, in value.Value, env *frame) (value.Value, error) {
	f := functionOf(proc)
	if f == nil {
		if live, ok := liveFunction(proc); ok {
			return live.Call(in, args)
		}
		return value.Undefined, fail("T1006", "stack")
	}
	sig := f.sig
	if f.kind == funcBuiltin {
		sig = f.builtin.sig
	}
	if sig != nil {
		valid, err := sig.validate(args, in)
		if err != nil {
			return value.Undefined, err
		}
		args = valid
	}
	switch f.kind {
	case funcBuiltin:
		return f.builtin.fn(call{ev, env, in, args})
	case funcLambda:
		scope := newFrame(f.env)
		for i, name := range f.params {
			scope.bind(name, argument(args, i))
		}
		return ev.eval(f.node.body, f.input, scope)
	case funcPartial:
		return f.applyPartial(ev, args)
	case funcClosure:
		return ev.apply(f.live, args, value.Null, f.env)
	case funcTransform:
		return ev.transform(f, argument(args, 0))
	case funcRegex:
		return ev.match(f, args)
	case funcNext:
		return f.matches.next(ev)
	}
	return f.native(call{ev, env, in, args})
}

// liveFunction gives a function of the JavaScript engine that can be called.
func liveFunction(v value.Value) (callable, bool) {
	if !isFunction(v) {
		return nil, false
	}
	c, ok := v.Foreign().(callable)
	return c, ok
}

// apply2 evaluates lhs ~> rhs.
func (ev *evaluator) apply2(n *node, in value.Value, env *frame) (value.Value, error) {
	lhs, err := ev.eval(n.lhs, in, env)
	if err != nil {
		return lhs, err
	}
	if n.rhs.kind == kindFunction {
		return ev.call(n.rhs, in, env, &lhs)
	}
	f, err := ev.eval(n.rhs, in, env)
	if err != nil {
		return f, err
	}
	if !isFunction(f) {
		return f, fail("T2006", "stack", "position", n.pos, "value", f)
	}
	if !isFunction(lhs) {
		return ev.apply(f, []value.Value{lhs}, value.Null, env)
	}
	chain, err := parse("function($f, $g) { function($x){ $g($f($x)) } }")
	if err != nil {
		return f, err
	}
	return ev.apply(ev.lambda(chain, value.Null, env), []value.Value{lhs, f}, value.Null, env)
}
