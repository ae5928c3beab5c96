package js

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// Counting is done by instructions of our own in goja's programs: a call from
// JavaScript into Go for each loop turn would cost several times as much. rewrite
// marks the places with an expression that nobody writes, a call of a regular
// expression; instrument finds the marks in the compiled program, and the operators
// that join strings, and puts its instructions there. An instruction of goja is an
// interface with one method, exec(*vm); ours has the same shape. testInstructions and testCounting refuse
// to start if any of this does not hold.

// markText is the start of the pattern of a mark; its weight follows.
const markText = "lockstep steps:"

// deepMark ends the pattern of a mark that also looks how deep calls are nested.
const deepMark = "+"

// mark is the expression that counts weight steps.
func mark(at file.Idx, weight int, deep bool) ast.Expression {
	text := markText + strconv.Itoa(weight)
	if deep {
		text += deepMark
	}
	return &ast.CallExpression{
		Callee:          &ast.RegExpLiteral{Idx: at, Literal: "/" + text + "/", Pattern: text},
		LeftParenthesis: at, RightParenthesis: at,
	}
}

// counted is an expression that first counts.
func counted(e ast.Expression, weight int, deep bool) ast.Expression {
	return &ast.SequenceExpression{Sequence: []ast.Expression{mark(e.Idx0(), weight, deep), e}}
}

// weigh walks a function or loop and gives the steps of one turn: one, and one for
// each thing it makes itself.
func (t *rewriter) weigh(v reflect.Value) int {
	t.made = append(t.made, 0)
	t.walk(v.Elem())
	n := t.made[len(t.made)-1]
	t.made = t.made[:len(t.made)-1]
	if t.steps != countAll {
		return 1
	}
	return 1 + n
}

// makes notes a node of the syntax that makes something.
func (t *rewriter) makes(n any) {
	if len(t.made) == 0 {
		return
	}
	size := 1
	switch n := n.(type) {
	case *ast.ArrayLiteral:
		size += len(n.Value) / 4
	case *ast.ObjectLiteral:
		size += len(n.Value) / 2
	case *ast.TemplateLiteral, *ast.RegExpLiteral, *ast.NewExpression, *ast.ClassLiteral:
	default:
		return
	}
	t.made[len(t.made)-1] += size
}

// instruction has the shape of goja's.
type instruction interface{ exec(vm unsafe.Pointer) }

// registers says where goja's machine keeps what instructions use.
type registers struct{ stack, sp, pc uintptr }

func (m *registers) values(vm unsafe.Pointer) []goja.Value {
	return *(*[]goja.Value)(unsafe.Add(vm, m.stack))
}
func (m *registers) height(vm unsafe.Pointer) int { return *(*int)(unsafe.Add(vm, m.sp)) }

// stepMark counts steps and goes on after the mark it stands for.
type stepMark struct {
	r      *Runtime
	weight int64
	pc     uintptr
	skip   int
	deep   bool
}

func (p *stepMark) exec(vm unsafe.Pointer) {
	if p.r.steps.left -= p.weight; p.r.steps.left <= 0 {
		p.r.runOut(p.weight)
		return
	}
	if p.deep {
		p.r.checkDepth(goja.FunctionCall{})
	}
	*(*int)(unsafe.Add(vm, p.pc)) += p.skip
}

// pairMark counts what an operator with two operands does before it runs.
type pairMark struct {
	r         *Runtime
	next      instruction
	convert   func(r *Runtime, pair *[2]goja.Value) // nil: objects stay
	before    func(r *Runtime, a, b goja.Value) (stop bool)
	stack, sp uintptr
	small     [2]unsafe.Pointer // the kinds of numbers
}

func (p *pairMark) exec(vm unsafe.Pointer) {
	sp := *(*int)(unsafe.Add(vm, p.sp))
	top := (*[2]goja.Value)(unsafe.Pointer(&(*(*[]goja.Value)(unsafe.Add(vm, p.stack)))[sp-2]))
	if a := tabOf(top[0]); a == p.small[0] || a == p.small[1] {
		if b := tabOf(top[1]); b == p.small[0] || b == p.small[1] {
			p.next.exec(vm)
			return
		}
	}
	a, b := top[0], top[1]
	if p.convert != nil {
		pair := [2]goja.Value{a, b} // the stack may move while code runs
		p.convert(p.r, &pair)
		a, b = pair[0], pair[1]
		top = (*[2]goja.Value)(unsafe.Pointer(&(*(*[]goja.Value)(unsafe.Add(vm, p.stack)))[sp-2]))
		top[0], top[1] = a, b
	}
	if p.before == nil || !p.before(p.r, a, b) {
		p.next.exec(vm)
	}
}

// topMark counts by what is on the stack before and after an instruction.
type topMark struct {
	r      *Runtime
	next   instruction
	at     registers
	n      int // of the values it takes
	before func(r *Runtime, args []goja.Value) (stop bool)
	after  func(r *Runtime, result goja.Value)
}

func (p *topMark) exec(vm unsafe.Pointer) {
	sp := p.at.height(vm)
	if p.before != nil && p.before(p.r, p.at.values(vm)[sp-p.n:sp]) {
		return
	}
	p.next.exec(vm)
	if p.after != nil {
		p.after(p.r, p.at.values(vm)[p.at.height(vm)-1])
	}
}

// take counts n steps in an instruction and reports whether that ends the code.
func (r *Runtime) take(n int64) (stop bool) {
	if r.steps.left -= n; n >= 0 && r.steps.left > 0 {
		return false
	}
	r.runOut(n)
	return true
}

// instrument puts the instructions that count into a program and its functions.
func (r *Runtime) instrument(p *goja.Program, what counting) error {
	n := &instrumenter{r: r, all: what == countAll, seen: map[unsafe.Pointer]bool{}}
	if err := n.find(); err != nil {
		return err
	}
	return n.program(reflect.ValueOf(p))
}

type instrumenter struct {
	r     *Runtime
	all   bool
	at    registers
	small [2]unsafe.Pointer
	seen  map[unsafe.Pointer]bool
}

// find notes where goja's machine keeps its stack and its place in the program.
func (n *instrumenter) find() error {
	t, ok := reflect.TypeOf(goja.Runtime{}).FieldByName("vm")
	if !ok {
		return fmt.Errorf("js: goja's runtime has another layout than the pinned version's")
	}
	for name, into := range map[string]*uintptr{"stack": &n.at.stack, "sp": &n.at.sp, "pc": &n.at.pc} {
		f, ok := t.Type.Elem().FieldByName(name)
		if !ok || name != "stack" && f.Type.Kind() != reflect.Int {
			return fmt.Errorf("js: goja's machine has another layout than the pinned version's")
		}
		*into = f.Offset
	}
	n.small = [2]unsafe.Pointer{tabOf(n.r.vm.ToValue(int64(1))), tabOf(n.r.vm.ToValue(1.5))}
	return nil
}

var programType = reflect.TypeOf((*goja.Program)(nil))

func (n *instrumenter) program(p reflect.Value) error {
	if p.IsNil() || n.seen[p.UnsafePointer()] {
		return nil
	}
	n.seen[p.UnsafePointer()] = true
	code := p.Elem().FieldByName("code")
	list := unsafe.Slice((*instruction)(code.UnsafePointer()), code.Len())
	for i := range list {
		op := code.Index(i).Elem()
		if !op.IsValid() {
			continue
		}
		if err := n.instruction(list, code, i, op); err != nil {
			return err
		}
	}
	return nil
}

// instruction handles one instruction: functions it makes, marks, operators.
func (n *instrumenter) instruction(list []instruction, code reflect.Value, i int, op reflect.Value) error {
	name := op.Type().String()
	if name == "*goja.newRegexp" {
		text := op.Elem().FieldByName("src").Elem().String()
		if weight, ok := strings.CutPrefix(text, markText); ok {
			return n.mark(list, code, i, weight)
		}
		return nil
	}
	if strings.HasPrefix(name, "*js.") {
		return nil
	}
	if mark := n.evalCall(strings.TrimPrefix(name, "goja."), op, list[i]); mark != nil {
		list[i] = mark
		return nil
	}
	if mark := n.bitwise(strings.TrimPrefix(name, "goja."), list[i]); mark != nil {
		list[i] = mark
		return nil
	}
	if n.all {
		if mark := n.operator(strings.TrimPrefix(strings.TrimPrefix(name, "*"), "goja."), op, list[i]); mark != nil {
			list[i] = mark
			return nil
		}
	}
	if op.Kind() == reflect.Pointer && op.Elem().Kind() == reflect.Struct {
		return n.fields(op.Elem())
	}
	return nil
}

// fields looks for programs in the fields of an instruction.
func (n *instrumenter) fields(v reflect.Value) error {
	for i := range v.NumField() {
		f := v.Field(i)
		var err error
		switch {
		case f.Type() == programType:
			err = n.program(f)
		case f.Kind() == reflect.Struct:
			err = n.fields(f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// mark replaces the call of a mark: an undefined "this", the regular expression, the
// call, and the dropping (in an eval, the keeping) of what it gives.
func (n *instrumenter) mark(list []instruction, code reflect.Value, i int, weight string) error {
	weight, deep := strings.CutSuffix(weight, deepMark)
	steps, err := strconv.Atoi(weight)
	name := func(i int) string {
		if i < 0 || i >= code.Len() {
			return ""
		}
		return code.Index(i).Elem().Type().String()
	}
	if err != nil || name(i-1) != "goja._loadUndef" || name(i+1) != "goja.call" || name(i+2) != "goja._pop" && name(i+2) != "goja._saveResult" {
		return fmt.Errorf("js: the steps of a program cannot be counted: %s %s %s", name(i-1), name(i+1), name(i+2))
	}
	list[i-1] = &stepMark{r: n.r, weight: int64(steps), pc: n.at.pc, skip: 4, deep: deep}
	return nil
}

// operator gives what counts an operator, nil if it needs no counting.
func (n *instrumenter) operator(name string, op reflect.Value, next instruction) instruction {
	pair := func(before func(r *Runtime, a, b goja.Value) bool) *pairMark {
		return &pairMark{r: n.r, next: next, before: before, stack: n.at.stack, sp: n.at.sp, small: n.small}
	}
	switch name {
	case "_add":
		p := pair(beforeAdd)
		p.convert = operands
		return p
	case "_op_eq", "_op_neq", "_op_strict_eq", "_op_strict_neq", "_op_lt", "_op_lte", "_op_gt", "_op_gte":
		return pair(beforeCompare)
	case "concatStrings":
		return &topMark{r: n.r, next: next, at: n.at, n: int(op.Int()), before: beforeJoin}
	case "_pushSpread", "_pushArraySpread":
		return &topMark{r: n.r, next: next, at: n.at, n: 1, before: beforeSpread}
	case "_newArrayFromIter":
		return &topMark{r: n.r, next: next, at: n.at, after: afterRest}
	case "_copySpread", "_copyRest", "_enumerate":
		return &topMark{r: n.r, next: next, at: n.at, n: 1, before: beforeKeys}
	}
	return nil
}
