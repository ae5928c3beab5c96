package js

import (
	"embed"
	"sync"

	"github.com/dop251/goja"
)

//go:embed prelude/*.js prelude/modules/*.js
var preludeFiles embed.FS

// preludeFile is the prefix of the file names of the runtime's own JavaScript.
const preludeFile = "lockstep:"

// programs are the compiled files of the prelude by name: a table that is filled
// when a file is first used. Programs are immutable and shared by all runtimes.
var programs sync.Map

// part runs a file of the prelude, which gives a function, and returns it.
func (r *Runtime) function(name string) goja.Callable {
	f, _ := goja.AssertFunction(r.cached(name))
	return f
}

// cached gives what a file of the prelude evaluates to, or one of the functions
// written in Go; it is made at first use.
func (r *Runtime) cached(name string) goja.Value {
	if o := r.cache[name]; o != nil {
		return o
	}
	var o *goja.Object
	if fn := r.goFunction(name); fn != nil {
		o = r.nativeFunc(name, fn)
	} else {
		r.uncounted(func() {
			v, err := r.vm.RunProgram(r.preludeProgram(name))
			if err != nil {
				panic(err)
			}
			o = v.(*goja.Object)
		})
	}
	r.cache[name] = o
	return o
}

// preludeProgram gives a compiled file of the prelude; in a run with a step limit
// its steps are counted, too.
func (r *Runtime) preludeProgram(name string) *goja.Program {
	if r.options.MaxSteps > 0 {
		src, err := preludeFiles.ReadFile("prelude/" + name + ".js")
		if err != nil {
			panic(err)
		}
		p, err := r.program(preludeFile+name, string(src), countAll)
		if err != nil {
			panic(err)
		}
		return p
	}
	return preludeProgram(name)
}

func preludeProgram(name string) *goja.Program {
	if p, ok := programs.Load(name); ok {
		return p.(*goja.Program)
	}
	src, err := preludeFiles.ReadFile("prelude/" + name + ".js")
	if err != nil {
		panic(err)
	}
	p := goja.MustCompile(preludeFile+name, string(src), false)
	programs.Store(name, p)
	return p
}

// goFunction gives the helpers that programs find by cached.
func (r *Runtime) goFunction(name string) func(goja.FunctionCall) goja.Value {
	switch name {
	case "pow":
		return r.pow
	case "cat":
		return r.cat
	case "catch":
		return func(c goja.FunctionCall) goja.Value { return r.mend(c.Argument(0)) }
	case "clear":
		return r.clearTimer
	case "depth":
		return r.checkDepth
	}
	return nil
}

// checkDepth throws before the limit at which goja ends the whole run.
func (r *Runtime) checkDepth(goja.FunctionCall) goja.Value {
	if depth := r.tabs.callDepth(r.vm); depth > r.options.MaxDepth-spareDepth {
		r.charge(int64(depth) / 4) // for the error's stack, and for unwinding
		panic(r.rangeError("Maximum call stack size exceeded"))
	}
	return r.undefined
}

// spareDepth is what is left for handling a RangeError of too deep a recursion.
const spareDepth = 200
