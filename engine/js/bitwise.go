package js

import (
	"math"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"

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

// hugeLiteral finds programs with numbers that may be huge.
var hugeLiteral = value.NewPattern(`\d[eE]\+?\d\d|\d{19}|0[xX][0-9a-fA-F]{16}`)

// smallLiteral is wrapped for a literal, which goja computes with when it compiles.
func smallLiteral(e ast.Expression) ast.Expression {
	switch e := e.(type) {
	case *ast.NumberLiteral:
		if f, ok := e.Value.(float64); ok && math.Abs(f) >= hugeInt && !math.IsInf(f, 0) {
			return &ast.NumberLiteral{Idx: e.Idx, Literal: e.Literal, Value: int64(math.Mod(f, 1<<32))}
		}
	case *ast.UnaryExpression:
		if e.Operator == token.MINUS {
			e.Operand = smallLiteral(e.Operand)
		}
	}
	return e
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
	case "_bnot", "_setElem", "_setElemP", "_setElemStrict", "_setElemStrictP":
		return &lastMark{r: n.r, next: next, at: n.at, float: n.small[1], element: name != "_bnot"}
	}
	return nil
}

// lastMark makes the value on top of the stack small, for ~ and for elements of
// integer arrays.
type lastMark struct {
	r       *Runtime
	next    instruction
	at      registers
	float   unsafe.Pointer
	element bool
}

func (p *lastMark) exec(vm unsafe.Pointer) {
	sp := p.at.height(vm)
	top := p.at.values(vm)[:sp]
	if tabOf(top[sp-1]) == p.float && (!p.element || p.r.isInts(top[sp-3])) {
		top[sp-1] = p.r.wrapped(top[sp-1])
	}
	p.next.exec(vm)
}

// isInts reports whether v is a typed array of integers that wrap.
func (r *Runtime) isInts(v goja.Value) bool {
	o, ok := v.(*goja.Object)
	if !ok || r.kindOf(o) != kindTyped {
		return false
	}
	switch s, _ := o.GetSymbol(goja.SymToStringTag).(goja.String); s.String() {
	case "Int8Array", "Uint8Array", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array":
		return true
	}
	return false
}
