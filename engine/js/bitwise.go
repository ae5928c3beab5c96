package js

import (
	"math"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// goja makes 32-bit integers of numbers by a conversion of Go's that gives, for
// numbers from 2⁶³ on, another result on each architecture, and never JavaScript's.
// The instructions here make such operands small before goja sees them.

// hugeInt is the size from which Go's conversion to int64 is not defined.
const hugeInt = 1 << 63

// wrapped gives a number whose 32-bit value is that of a huge one; others stay.
func (r *Runtime) wrapped(v goja.Value) goja.Value {
	if o, ok := v.(*goja.Object); ok {
		v = o.ToNumber()
	}
	if _, ok := v.(*goja.Symbol); ok || goja.IsBigInt(v) {
		return v
	}
	f := v.ToFloat()
	if math.Abs(f) < hugeInt || f != f || math.IsInf(f, 0) {
		return v
	}
	return r.vm.ToValue(int64(math.Mod(f, 1<<32)))
}

// foldable finds programs with operators that make 32-bit integers, or products that
// may be -0: what goja computes of constants would be wrong.
var foldable = value.NewPattern(`(^|[^|])\|([^|]|$)|(^|[^&])&([^&]|$)|[~^]|<<|>>|\*\s*["'\x60(~0-]|[0)"'\x60]\s*\*`)

// unfolded gives an operand in a form of which goja does not know that it is constant:
// the operator then runs with our instruction, and not when goja compiles.
func unfolded(e ast.Expression) ast.Expression {
	switch n := e.(type) {
	case *ast.NumberLiteral:
		if f, ok := n.Value.(float64); n.Value != int64(0) && (!ok || f != 0 && math.Abs(f) < hugeInt) {
			return e
		}
	case *ast.StringLiteral, *ast.TemplateLiteral, *ast.UnaryExpression, *ast.BinaryExpression:
	default:
		return e
	}
	return &ast.SequenceExpression{Sequence: []ast.Expression{e}}
}

func wrapPair(r *Runtime, pair *[2]goja.Value) {
	pair[0] = r.wrapped(pair[0])
	pair[1] = r.wrapped(pair[1])
}

// bitwise gives what stands for an instruction that makes 32-bit integers, nil for others.
func (n *instrumenter) bitwise(name string, next instruction) instruction {
	switch name {
	case "_or", "_and", "_xor", "_sal", "_sar", "_shr":
		p := &pairMark{r: n.r, next: next, convert: wrapPair, stack: n.at.stack, sp: n.at.sp, small: [2]unsafe.Pointer{n.small[0], n.small[0]}}
		if name == "_sal" && n.all {
			p.before = beforeShift
		}
		return p
	case "_mul":
		product := &productMark{next: next, at: n.at, integer: n.small[0], minus: n.r.ints[smallInts-1]}
		if !n.all {
			return product
		}
		return &pairMark{r: n.r, next: product, before: beforeMultiply, stack: n.at.stack, sp: n.at.sp, small: n.small}
	case "_bnot":
		return &lastMark{r: n.r, next: next, at: n.at, integer: n.small[0]}
	}
	return nil
}

// lastMark makes the value on top of the stack small, for ~.
type lastMark struct {
	r       *Runtime
	next    instruction
	at      registers
	integer unsafe.Pointer
}

func (p *lastMark) exec(vm unsafe.Pointer) {
	top := p.at.values(vm)[:p.at.height(vm)]
	if at := len(top) - 1; tabOf(top[at]) != p.integer {
		small := p.r.wrapped(top[at]) // the stack may move while code runs
		p.at.values(vm)[at] = small
	}
	p.next.exec(vm)
}

// productMark multiplies: goja's product of 0 and a negative integer other than -1 is
// 0, not -0. (That of what is no number, such as null, stays so.)
type productMark struct {
	next    instruction
	at      registers
	integer unsafe.Pointer
	minus   goja.Value // -1
}

func (p *productMark) exec(vm unsafe.Pointer) {
	pair := (*[2]goja.Value)(unsafe.Pointer(&p.at.values(vm)[p.at.height(vm)-2]))
	a, b := (*iface)(unsafe.Pointer(&pair[0])), (*iface)(unsafe.Pointer(&pair[1]))
	if a.tab == p.integer && b.tab == p.integer {
		switch x, y := *(*int64)(a.data), *(*int64)(b.data); {
		case x == 0 && y < 0:
			pair[1] = p.minus
		case y == 0 && x < 0:
			pair[0] = p.minus
		}
	}
	p.next.exec(vm)
}
