package jsonata

import (
	"github.com/lockstep-flows/lockstep/engine/value"
)

// partial evaluates a partial application, f(1, ?).
func (ev *evaluator) partial(n *node, in value.Value, env *frame) (value.Value, error) {
	args := make([]value.Value, len(n.list))
	open := make([]bool, len(n.list))
	for i, x := range n.list {
		if open[i] = x.kind == kindOperator; open[i] {
			continue
		}
		v, err := ev.eval(x, in, env)
		if err != nil {
			return v, err
		}
		args[i] = v
	}
	proc, err := ev.eval(n.lhs, in, env)
	if err != nil {
		return proc, err
	}
	if proc.IsUndefined() && n.lhs.kind == kindPath {
		if name := n.lhs.list[0].valueField(); known(name.Str(), env) {
			return proc, fail("T1007", "stack", "position", n.pos, "token", name)
		}
	}
	f := functionOf(proc)
	if f == nil {
		if !isFunction(proc) {
			return proc, fail("T1008", "stack", "position", n.pos, "token", procName(n.lhs))
		}
		f = &function{kind: funcClosure, live: proc, env: env}
	}
	names := f.params
	scope := env
	if f.kind == funcLambda || f.kind == funcPartial {
		scope = f.env
	} else {
		if names, err = f.nativeParams(); err != nil {
			return proc, err
		}
	}
	out := &function{kind: f.kind, node: f.node, input: f.input, inner: f.inner, env: newFrame(scope)}
	if f.kind != funcLambda && f.kind != funcPartial {
		out.kind, out.inner = funcPartial, f
	}
	for i, name := range names {
		if i < len(open) && open[i] {
			out.params = append(out.params, name)
		} else {
			out.env.bind(name, argument(args, i))
		}
	}
	return functionValue(out), nil
}

// nativeParams are the parameter names of a function that is not a lambda. The
// original takes them from its own source; a default value there is an error.
func (f *function) nativeParams() ([]string, error) {
	switch f.kind {
	case funcBuiltin:
		if f.builtin.params == nil {
			return []string{""}, nil
		}
		if f.builtin.name == "string" {
			return nil, fail("S0208", "stack", "position", 26, "token", "=", "value", 2)
		}
		return f.builtin.params, nil
	case funcTransform:
		return []string{"obj"}, nil
	case funcRegex:
		return []string{"str", "fromIndex"}, nil
	case funcClosure:
		return nil, fail("S0201", "position", 10, "token", "..", "stack")
	}
	return f.params, nil
}

// applyPartial calls the native function in a partial application with the values
// of its parameters.
func (f *function) applyPartial(ev *evaluator, args []value.Value) (value.Value, error) {
	scope := newFrame(f.env)
	for i, name := range f.params {
		scope.bind(name, argument(args, i))
	}
	names, err := f.inner.nativeParams()
	if err != nil {
		return value.Undefined, err
	}
	all := make([]value.Value, len(names))
	for i, name := range names {
		all[i], _ = scope.lookup(name)
	}
	c := call{ev, scope, value.Undefined, all}
	switch inner := f.inner; inner.kind {
	case funcBuiltin:
		return inner.builtin.fn(c)
	case funcTransform:
		return ev.transform(inner, c.arg(0))
	case funcRegex:
		return ev.match(inner, all)
	case funcNative:
		return inner.native(c)
	}
	return value.Undefined, fail("T1006", "stack")
}
