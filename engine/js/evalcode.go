package js

import (
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Code that is made from text while a flow runs (eval, new Function) is code like any
// other: it gets the same changes and its steps are counted. goja compiles such text by
// itself and lets nobody in between, so calls of eval are instructions of ours.

// compileIn is goja's compiler, which makes of a program what eval runs: with the
// variables of the place where the machine is.
//
//go:linkname compileIn github.com/dop251/goja.compileAST
func compileIn(p *ast.Program, strict, inGlobal bool, vm unsafe.Pointer) (*goja.Program, error)

// surroundings are what code sees where it runs: variables, new.target, its function.
type surroundings struct {
	stash, private unsafe.Pointer
	target, callee goja.Value
}

// compileSteps is what it takes to compile a text, besides its length.
const compileSteps = 100

// evalLayout says where goja's machine keeps its surroundings.
type evalLayout struct {
	original               *goja.Object   // eval
	global                 unsafe.Pointer // the variables of programs
	stash, private, target uintptr
	sb                     uintptr
	outer, kind            uintptr // in variables
}

// installEval finds where goja keeps what eval needs and puts our code into eval and
// the constructors of functions.
func (r *Runtime) installEval() error {
	l := &r.evals
	l.original = r.builtin("eval")
	machine, _ := reflect.TypeFor[goja.Runtime]().FieldByName("vm")
	t := machine.Type.Elem()
	for name, into := range map[string]*uintptr{"stash": &l.stash, "privEnv": &l.private, "newTarget": &l.target, "sb": &l.sb} {
		f, ok := t.FieldByName(name)
		if !ok || name == "sb" && f.Type.Kind() != reflect.Int || name == "newTarget" && f.Type != reflect.TypeFor[goja.Value]() {
			return fmt.Errorf("js: goja's machine has another layout than the pinned version's")
		}
		*into = f.Offset
	}
	stash, _ := t.FieldByName("stash")
	outer, ok := stash.Type.Elem().FieldByName("outer")
	kind, ok2 := stash.Type.Elem().FieldByName("funcType")
	global, ok3 := reflect.TypeFor[goja.Runtime]().FieldByName("global")
	if !ok || !ok2 || !ok3 || kind.Type.Kind() != reflect.Uint8 || global.Type.Kind() != reflect.Struct {
		return fmt.Errorf("js: goja's variables have another layout than the pinned version's")
	}
	variables, ok := global.Type.FieldByName("stash")
	if !ok || variables.Type != stash.Type.Elem() {
		return fmt.Errorf("js: goja's global variables are not where the pinned version has them")
	}
	l.outer, l.kind = outer.Offset, kind.Offset
	l.global = unsafe.Add(unsafe.Pointer(r.vm), global.Offset+variables.Offset)
	r.recodeCall(l.original, func(nativeCall) nativeCall {
		return func(c goja.FunctionCall) goja.Value {
			s, ok := c.Argument(0).(goja.String)
			if !ok {
				return c.Argument(0)
			}
			r.charge(compileSteps + int64(s.Length()))
			vm := *(*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(r.vm), r.tabs.vm))
			return r.evaluate(vm, text(s), surroundings{stash: l.global, callee: r.undefined}, false, true)
		}
	})
	return r.installMakers()
}

// installMakers makes new Function(…) and its kin compile as we do.
func (r *Runtime) installMakers() error {
	samples, err := r.vm.RunString("[function(){}, function*(){}, async function(){}]")
	if err != nil {
		return err
	}
	for i, head := range []string{"function", "function*", "async function"} {
		f := samples.(*goja.Object).Get(value.FormatNumber(float64(i))).(*goja.Object)
		maker := f.Prototype().Get("constructor").(*goja.Object)
		r.recodeCall(maker, func(nativeCall) nativeCall {
			return func(c goja.FunctionCall) goja.Value { return r.functionOf(head, c.Arguments) }
		})
		r.recodeConstruct(maker, func(nativeConstruct) nativeConstruct {
			return func(args []goja.Value, target *goja.Object) *goja.Object {
				o := r.functionOf(head, args).(*goja.Object)
				if proto, ok := r.prototypeFor(target, maker); ok {
					_ = o.SetPrototype(proto)
				}
				return o
			}
		})
	}
	return nil
}

// prototypeFor gives what a class that extends a constructor wants for its objects.
func (r *Runtime) prototypeFor(target, maker *goja.Object) (*goja.Object, bool) {
	if target == nil || target == maker {
		return nil, false
	}
	proto, ok := target.Get("prototype").(*goja.Object)
	return proto, ok
}

// countingNow says what is counted in code made now.
func (r *Runtime) countingNow() counting {
	if r.current != nil {
		return r.current.counting()
	}
	return r.counting()
}

// evaluate compiles and runs a text in surroundings.
func (r *Runtime) evaluate(vm unsafe.Pointer, src string, in surroundings, strict, inGlobal bool) goja.Value {
	r.checkDepth(goja.FunctionCall{})
	l := &r.evals
	stash, private := (*unsafe.Pointer)(unsafe.Add(vm, l.stash)), (*unsafe.Pointer)(unsafe.Add(vm, l.private))
	before, beforePrivate := *stash, *private
	*stash, *private = in.stash, in.private
	p, err := r.evalProgram(vm, src, strict, inGlobal)
	*stash, *private = before, beforePrivate
	if err != nil {
		r.throw("SyntaxError", "%s", textOfSyntax(err))
	}
	code := reflect.ValueOf(p).Elem().FieldByName("code")
	if code.Len() == 0 {
		return r.undefined
	}
	first := (*instruction)(code.UnsafePointer())
	*first = &surroundMark{r: r, next: *first, in: in}
	v, err := r.vm.RunProgram(p)
	if err != nil {
		panic(err)
	}
	return v
}

// evalProgram compiles the text of an eval.
func (r *Runtime) evalProgram(vm unsafe.Pointer, src string, strict, inGlobal bool) (*goja.Program, error) {
	const file = "<eval>"
	src = escaped(src)
	p, err := goja.Parse(file, src, parser.WithDisableSourceMaps)
	if err != nil || needsLowering(src) {
		lowered, lerr := lower(file, src)
		if lerr != nil {
			return nil, problem(src)
		}
		if p, err = goja.Parse(file, lowered, parser.WithDisableSourceMaps); err != nil {
			return nil, problem(src)
		}
	}
	steps := r.countingNow()
	rewrite(p, src, steps)
	prg, err := compileIn(p, strict, inGlobal, vm)
	if err != nil {
		return nil, problem(src)
	}
	return prg, r.instrument(prg, steps)
}

// escaped writes halves of surrogate pairs as escapes, as goja takes no others.
func escaped(src string) string {
	if utf8.ValidString(src) {
		return src
	}
	var out strings.Builder
	for i := 0; i < len(src); {
		c, n := utf8.DecodeRuneInString(src[i:])
		if c == utf8.RuneError && n == 1 && i+2 < len(src) && src[i] == 0xED {
			fmt.Fprintf(&out, `\u%04x`, 0xD000|uint(src[i+1]&0x3F)<<6|uint(src[i+2]&0x3F))
			n = 3
		} else {
			out.WriteString(src[i : i+n])
		}
		i += n
	}
	return out.String()
}

// surroundMark is the first instruction of an eval: it goes where eval was called.
type surroundMark struct {
	r    *Runtime
	next instruction
	in   surroundings
}

func (p *surroundMark) exec(vm unsafe.Pointer) {
	l := &p.r.evals
	*(*unsafe.Pointer)(unsafe.Add(vm, l.stash)) = p.in.stash
	*(*unsafe.Pointer)(unsafe.Add(vm, l.private)) = p.in.private
	*(*goja.Value)(unsafe.Add(vm, l.target)) = p.in.target
	if sb := *(*int)(unsafe.Add(vm, l.sb)); sb > 0 {
		(*(*[]goja.Value)(unsafe.Add(vm, p.r.tabs.stack)))[sb-1] = p.in.callee
	}
	p.next.exec(vm)
}

// evalMark stands for a call of what is called eval.
type evalMark struct {
	r      *Runtime
	next   instruction
	at     registers
	args   int
	strict bool
}

func (p *evalMark) exec(vm unsafe.Pointer) {
	sp := p.at.height(vm)
	top := p.at.values(vm)
	callee := top[sp-p.args-1]
	if callee != goja.Value(p.r.evals.original) || p.args == 0 {
		p.next.exec(vm)
		return
	}
	s, ok := top[sp-p.args].(goja.String)
	if !ok {
		p.next.exec(vm)
		return
	}
	if p.r.steps.limited && p.r.take(compileSteps+int64(s.Length())) {
		return
	}
	l := &p.r.evals
	in := surroundings{
		stash: *(*unsafe.Pointer)(unsafe.Add(vm, l.stash)), private: *(*unsafe.Pointer)(unsafe.Add(vm, l.private)),
		target: *(*goja.Value)(unsafe.Add(vm, l.target)), callee: p.r.undefined,
	}
	if sb := *(*int)(unsafe.Add(vm, l.sb)); sb > 0 {
		in.callee = top[sb-1]
	}
	v := p.r.evaluate(vm, text(s), in, p.strict, l.inGlobal(in.stash))
	p.at.values(vm)[sp-p.args-2] = v // the stack may have moved
	*(*int)(unsafe.Add(vm, p.at.sp)) = sp - p.args - 1
	*(*int)(unsafe.Add(vm, p.at.pc))++
}

// inGlobal reports whether no function is around variables.
func (l *evalLayout) inGlobal(stash unsafe.Pointer) bool {
	for ; stash != nil; stash = *(*unsafe.Pointer)(unsafe.Add(stash, l.outer)) {
		if *(*uint8)(unsafe.Add(stash, l.kind)) != 0 {
			return false
		}
	}
	return true
}

// evalCall gives what stands for a call of eval, nil for other instructions.
func (n *instrumenter) evalCall(name string, op reflect.Value, next instruction) instruction {
	switch name {
	case "callEval", "callEvalStrict":
		return &evalMark{r: n.r, next: next, at: n.at, args: int(op.Uint()), strict: name == "callEvalStrict"}
	}
	return nil
}
