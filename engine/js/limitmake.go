package js

import (
	"errors"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// makers are the constructors that count; a call without new counts as well.
var makers = []struct {
	names string
	cost  cost
}{
	{"Array", costMakeArray},
	{"ArrayBuffer", costMakeBytes},
	{"Uint8Array Int8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array", costMakeTyped},
	{"Map Set", costFirst},
	{"WeakMap WeakSet", func(r *Runtime, c goja.FunctionCall) int64 { return r.lengthOf(c.Argument(0)) }},
	{"RegExp", func(_ *Runtime, c goja.FunctionCall) int64 { return textUnits(c.Argument(0)) }},
	{"BigInt", func(_ *Runtime, c goja.FunctionCall) int64 {
		n := textUnits(c.Argument(0)) / 16
		return times(n, n) / wordsPerStep
	}},
}

// limitMakers puts counting constructors in the place of the language's own.
func (r *Runtime) limitMakers() {
	for _, m := range makers {
		for _, name := range strings.Fields(m.names) {
			if r.globals.Get(name) == nil {
				continue
			}
			old := r.builtin(name)
			plain, construct := r.callable(old)
			r.replaceMaker(name, old, func(args []goja.Value, this goja.Value, target *goja.Object) goja.Value {
				r.charge(m.cost(r, goja.FunctionCall{This: this, Arguments: args}))
				var v goja.Value
				var err error
				if target != nil {
					v, err = construct(target, args...)
				} else {
					v, err = plain(r.undefined, args...)
				}
				if err != nil {
					panic(err)
				}
				return v
			})
		}
	}
}

// callable gives a constructor as a function and for new.
func (r *Runtime) callable(o *goja.Object) (goja.Callable, func(target *goja.Object, args ...goja.Value) (*goja.Object, error)) {
	plain, _ := goja.AssertFunction(o)
	construct, _ := goja.AssertConstructor(o)
	return plain, construct
}

// replaceMaker puts a constructor in the place of another, with the same prototype
// and properties.
func (r *Runtime) replaceMaker(name string, old *goja.Object, make func(args []goja.Value, this goja.Value, target *goja.Object) goja.Value) {
	native := r.nativeFunc(name, func(c goja.FunctionCall) goja.Value {
		args := append([]goja.Value(nil), c.Arguments[1:]...)
		target, _ := c.Arguments[0].(*goja.Object)
		return make(args, c.This, target)
	})
	v, err := r.function("maker")(r.undefined, native, old)
	if err != nil {
		panic(err)
	}
	r.define(r.globals, name, v)
}

// functionOf is new Function(…): a function made from text.
func (r *Runtime) functionOf(head string, args []goja.Value) goja.Value {
	var names []string
	body := ""
	r.charge(compileSteps)
	for i, a := range args {
		s := text(a.ToString())
		r.charge(int64(len(s)))
		if i == len(args)-1 {
			body = s
		} else {
			names = append(names, s)
		}
	}
	params := strings.Join(names, ",")
	alone := "(" + head + "(){\n" + body + "\n})"
	if p, err := goja.Parse("", alone, parser.WithDisableSourceMaps); err == nil {
		e, _ := p.Body[0].(*ast.ExpressionStatement)
		if _, ok := e.Expression.(*ast.FunctionLiteral); !ok || len(p.Body) != 1 {
			r.throw("SyntaxError", "Single function literal required")
		}
	} else if _, err := lower("", alone); err != nil {
		r.throw("SyntaxError", "%s", textOfSyntax(problem(alone)))
	}
	r.checkDepth(goja.FunctionCall{})
	p, err := r.program("anonymous", "("+head+" anonymous("+params+"\n) {\n"+body+"\n})", r.countingNow())
	if err != nil {
		r.throw("SyntaxError", "%s", textOfSyntax(err))
	}
	v, err := r.vm.RunProgram(p)
	if err != nil {
		panic(err)
	}
	return v
}

func textOfSyntax(err error) string {
	var p *syntaxProblem
	s := err.Error()
	if errors.As(err, &p) {
		s = p.text
	}
	if m := anonymousText.FindStringSubmatch(s); m != nil {
		return v8Syntax(m[1])
	}
	return s
}

func costMakeArray(r *Runtime, c goja.FunctionCall) int64 {
	if len(c.Arguments) == 1 && goja.IsNumber(c.Argument(0)) {
		if n := c.Argument(0).ToFloat(); n >= 0 && n <= 1<<32-1 {
			return int64(n)
		}
		return 1
	}
	return int64(len(c.Arguments))
}

func costMakeBytes(_ *Runtime, c goja.FunctionCall) int64 {
	return countOf(c.Argument(0)) / unitsPerStep
}

func costMakeTyped(r *Runtime, c goja.FunctionCall) int64 {
	o, ok := c.Argument(0).(*goja.Object)
	switch {
	case !ok:
		return countOf(c.Argument(0))
	case r.kindOf(o) == kindBytes:
		return 1 // a view of it
	}
	return costFirst(r, c)
}

// limitBuffer makes the functions of Buffer count that make or read many bytes.
func (r *Runtime) limitBuffer(buffer *goja.Object) {
	if buffer == nil || r.options.MaxSteps <= 0 {
		return
	}
	alloc := func(_ *Runtime, c goja.FunctionCall) int64 { return countOf(c.Argument(0)) / unitsPerStep }
	r.limitCall(buffer, "alloc", alloc)
	r.limitCall(buffer, "allocUnsafe", alloc)
	r.limitCall(buffer, "allocUnsafeSlow", alloc)
	r.limitCall(buffer, "from", func(r *Runtime, c goja.FunctionCall) int64 { return r.lengthOf(c.Argument(0)) / unitsPerStep })
	r.limitCall(buffer, "byteLength", func(_ *Runtime, c goja.FunctionCall) int64 { return textUnits(c.Argument(0)) / readPerStep })
	r.limitCall(buffer, "concat", func(r *Runtime, c goja.FunctionCall) int64 {
		n := countOf(c.Argument(1)) / unitsPerStep
		if list, ok := c.Argument(0).(*goja.Object); ok {
			for i := range min(r.sizeOf(list), 1<<24) {
				r.charge(1)
				n += r.lengthOf(list.Get(value.FormatNumber(float64(i)))) / unitsPerStep
			}
		}
		return n
	})
	proto := buffer.Get("prototype").(*goja.Object)
	whole := func(r *Runtime, c goja.FunctionCall) int64 {
		return (r.lengthOf(c.This) + r.lengthOf(c.Argument(0))) / unitsPerStep
	}
	for _, name := range strings.Fields("toString toJSON fill write copy equals compare indexOf lastIndexOf includes swap16 swap32 swap64 " +
		"utf8Write latin1Write hexWrite base64Write asciiSlice utf8Slice hexSlice base64Slice latin1Slice inspect toLocaleString") {
		r.limitCall(proto, name, whole)
	}
}
