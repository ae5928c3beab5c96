package jsonata

import (
	"errors"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Host is what an expression can reach besides its input. A nil function makes
// the JSONata function that needs it fail.
type Host struct {
	Now    func() float64 // milliseconds since the Unix epoch
	Random func() float64 // 0 ≤ r < 1
	Zone   *time.Location
	// FlowContext, GlobalContext and Env are Node-RED's $flowContext, $globalContext and $env.
	FlowContext, GlobalContext func(key, store string) (value.Value, error)
	Env                        func(name string) value.Value
}

// Expr is a compiled expression; it may be evaluated often.
type Expr struct{}

// Compile parses an expression. The error is a *value.Error with JSONata's code
// and position in its properties.
func Compile(src string) (*Expr, error) { return nil, errors.New("JSONata is not available yet") }

// Eval evaluates the expression on an input.
func (x *Expr) Eval(input value.Value, h *Host) (value.Value, error) {
	return value.Undefined, errors.New("JSONata is not available yet")
}

// Assign binds a variable (without $) for all evaluations that follow.
func (x *Expr) Assign(name string, v value.Value) {}
