package jsonata

import (
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Host is what an expression can reach besides its input. A nil function makes
// the JSONata function that needs it fail.
type Host struct {
	Now    func() float64 // milliseconds since the Unix epoch; read once for each evaluation
	Random func() float64 // 0 ≤ r < 1
	Zone   *time.Location // local time; nil is UTC
	// LoadZone finds a zone that $moment().tz() names; nil is value.LoadZone.
	LoadZone func(name string) (*time.Location, error)
	// FlowContext, GlobalContext and Env are Node-RED's $flowContext, $globalContext and $env.
	FlowContext, GlobalContext func(key, store string) (value.Value, error)
	Env                        func(name string) value.Value
}

// Expr is a compiled expression; it may be evaluated often, but not by two
// goroutines at once.
type Expr struct {
	root     *node
	assigned *frame
	calls    []callSite
	limit    int // of steps
}

// Compile parses an expression. The error is a *value.Error: JSONata's message,
// and in Props the fields of the error it throws (code, position, token …) in
// their order. Errors with a code have no Name, since they are plain objects.
func Compile(src string) (*Expr, error) {
	root, err := parse(src)
	if err != nil {
		e := asError(err)
		addText(e)
		return nil, e
	}
	return &Expr{root: root, assigned: newFrame(nil), limit: maxSteps}, nil
}

// Eval evaluates the expression on an input. A nil host is an empty one. Errors
// are as those of Compile.
func (x *Expr) Eval(input value.Value, h *Host) (value.Value, error) {
	if h == nil {
		h = &Host{}
	}
	ev := &evaluator{x: x, host: h, root: newFrame(x.assigned)}
	ev.root.bind("$", input)
	if h.Now != nil {
		ev.now = h.Now()
	}
	in := input
	if a := in.Array(); in.Kind() == value.KindArray && !isSequence(a) || a == nil && isArray(in) {
		in = value.Of(ev.marked([]value.Value{in}, markOuter))
	}
	v, err := ev.eval(x.root, in, ev.root)
	if ts := tuplesOf(v); ts != nil {
		v = ts.array()
	}
	if len(ev.marks) > 0 {
		ev.release()
	}
	if err != nil {
		e := asError(err)
		addText(e)
		return value.Undefined, e
	}
	return v, nil
}

// Assign binds a variable (without $) for all evaluations that follow.
func (x *Expr) Assign(name string, v value.Value) { x.assigned.bind(name, v) }
