package js

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// source is a compiled text.
type source struct {
	program *goja.Program
	err     error
}

// sandboxNames are the names a function node finds besides the language's own and
// that are its own (not shared with other nodes).
var sandboxNames = []string{
	"context", "flow", "global", "env", "RED", "setTimeout", "clearTimeout", "setInterval", "clearInterval",
}

// compile makes sure that a function node can run: what has no setup code and is
// right is only looked at, and built for its first message.
func (f *Function) compile() error {
	src := f.source
	if strings.TrimSpace(src.Initialize) == "" && strings.TrimSpace(src.Finalize) == "" && len(src.Libs) == 0 && right(src.Func) {
		f.unbuilt = true
		return nil
	}
	return f.build()
}

// right reports whether the code of a function node compiles without further ado.
func right(text string) bool {
	kind := "(function(){return (function(msg){0;\n"
	if mentions(text, "await") {
		kind = "(function(){return (async function(msg){0;\n"
	}
	full := kind + text + "\n})})"
	p, err := goja.Parse("", full, parser.WithDisableSourceMaps)
	if err != nil || needsLowering(text) {
		return false
	}
	_, err = goja.CompileAST(p, false)
	return err == nil
}

// built builds the programs of a function node that has not run yet.
func (f *Function) built() error {
	if !f.unbuilt {
		return nil
	}
	err := f.build()
	f.unbuilt = err != nil // an interrupted one is tried again
	return err
}

// build compiles the three programs of a function node and makes its functions.
func (f *Function) build() error {
	src := f.source
	src.Initialize, src.Finalize = strings.TrimSpace(src.Initialize), strings.TrimSpace(src.Finalize)
	f.globals = f.r.vm.CreateObject(f.r.globals)
	all := src.Func + "\n" + src.Initialize + "\n" + src.Finalize
	if strings.Contains(all, "RegExp.$") || strings.Contains(all, "RegExp.l") {
		f.r.cached("lastmatch")
	}
	names, args := f.sandbox(all)
	if err := f.libs(); err != nil {
		return err
	}
	f.autoDone = !callsDone(src.Func)
	f.async = mentions(src.Func, "await")
	kind := "(function(msg){0;"
	if f.async {
		kind = "(async function(msg){0;"
	}
	body, err := f.part("", kind, "var __m__=msg,__msgid__=msg._msgid,node=__node__(__m__,__msgid__);", src.Func, names, args)
	if err != nil {
		return err
	}
	f.body = body
	if src.Initialize != "" {
		if f.setup, err = f.part(" setup", "(async function(){0;", "var node=__node__(undefined,undefined,1);", src.Initialize, names, args); err != nil {
			return err
		}
	}
	if src.Finalize != "" {
		if f.cleanup, err = f.part(" cleanup", "(function(){0;", "var node=__node__(undefined,undefined,2);", src.Finalize, names, args); err != nil {
			return err
		}
	}
	return nil
}

// linesBefore moves the user's text to the line it has in Node-RED's programs.
var linesBefore = map[string]string{
	"": "\n", " setup": strings.Repeat("\n", 17), " cleanup": strings.Repeat("\n", 16),
}

// part compiles one program and gives the function it makes. The user's text starts
// on the line it has in Node-RED.
func (f *Function) part(kind, head, node, text string, names string, args []goja.Value) (goja.Callable, error) {
	if !mentions(text, "node") {
		node = ""
	}
	open, shut := "{return ", "\n})})"
	if sharesFunctions(text) {
		open, shut = "{with(__globals__)return ", "\n})})"
	}
	full := "(function(" + names + ")" + open + head + node + linesBefore[kind] + text + shut
	file := "Function node" + kind + ":" + f.name
	prg, err := f.r.program(file, full, f.counting())
	if err != nil {
		return nil, f.syntaxError(kind, err, full)
	}
	var fn goja.Callable
	f.enter(func() {
		var v, res goja.Value
		if v, err = f.r.vm.RunProgram(prg); err != nil {
			return
		}
		make, _ := goja.AssertFunction(v)
		if res, err = make(f.r.undefined, args...); err == nil {
			fn, _ = goja.AssertFunction(res)
		}
	})
	if err != nil {
		return nil, err
	}
	return fn, nil
}

// sharesFunctions reports whether code may put functions into context, from where
// other nodes call them: its variables must then be found from there, too. (Free
// names are else looked up in the node that is running, which is faster.)
func sharesFunctions(text string) bool {
	return strings.Contains(text, ".set(") && (strings.Contains(text, "=>") || strings.Contains(text, "function"))
}

// sandbox gives the parameters of the closure around a node's programs: the names
// of the sandbox that its text mentions, and their values.
func (f *Function) sandbox(text string) (names string, args []goja.Value) {
	list := []string{"__globals__", "__node__", powName, catName, catchName, depthName}
	args = []goja.Value{f.globals, f.nodeMaker(), f.r.cached("pow"), f.r.cached("cat"), f.r.cached("catch"), f.r.cached("depth")}
	everything := mentions(text, "globalThis") || mentions(text, "eval") || mentions(text, "Function") || mentions(text, "this")
	for _, name := range sandboxNames {
		if !everything && !mentions(text, name) {
			continue
		}
		v := f.sandboxValue(name)
		list, args = append(list, name), append(args, v)
		if everything {
			_ = f.globals.Set(name, v)
		}
	}
	if everything {
		_ = f.globals.DefineDataProperty("globalThis", f.globals, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	return strings.Join(list, ","), args
}

// dynamicImport finds calls of import(…).
var dynamicImport = value.NewPattern(`(^|[^.\w$])import(\s*\()`)

// program parses and compiles a text: with goja's parser or, where that refuses,
// after esbuild has lowered newer syntax.
func (r *Runtime) program(file, text string, steps counting) (*goja.Program, error) {
	r.texts[file] = text
	if s, ok := r.sources[file+"\x00"+text]; ok {
		return s.program, s.err
	}
	p, err := goja.Parse(file, text, parser.WithDisableSourceMaps)
	if err == nil {
		rewrite(p, text, steps)
		var prg *goja.Program
		if prg, err = goja.CompileAST(p, false); err == nil && !needsLowering(text) {
			return prg, r.instrument(prg, steps)
		}
	}
	if err != nil && dynamicImport.MatchString(text) {
		// There are no modules to import: the call becomes one of a function that says so.
		return r.program(file, dynamicImport.ReplaceAllString(text, "$1"+importName+"$2"), steps)
	}
	lowered, lerr := lower(file, text)
	s := &source{err: err}
	if lerr == nil {
		s.program, s.err = r.compileLowered(file, lowered, steps)
	} else if err == nil || s.err == nil {
		s.err = lerr
	}
	r.sources[file+"\x00"+text] = s
	return s.program, s.err
}

func (r *Runtime) compileLowered(file, text string, steps counting) (*goja.Program, error) {
	p, err := goja.Parse(file, text)
	if err != nil {
		return nil, err
	}
	rewrite(p, text, steps)
	prg, err := goja.CompileAST(p, false)
	if err == nil {
		err = r.instrument(prg, steps)
	}
	return prg, err
}

// mentions reports whether a text contains a word, not as part of a longer one.
func mentions(text, word string) bool {
	for i := 0; ; {
		j := strings.Index(text[i:], word)
		if j < 0 {
			return false
		}
		i += j
		end := i + len(word)
		if (i == 0 || !wordByte(text[i-1])) && (end == len(text) || !wordByte(text[end])) {
			return true
		}
		i = end
	}
}

func wordByte(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// libs gives the imported modules their variables.
func (f *Function) libs() error {
	for _, lib := range f.source.Libs {
		if lib.Var == "" || lib.Module == "" {
			continue
		}
		v, err := f.r.require(withoutVersion(lib.Module))
		if err != nil {
			f.host.Error(value.Str(f.host.Text("function.error.moduleLoadError", "module", lib.Module, "error", err.Error())), value.Undefined)
			return &Thrown{value.Str(f.host.Text("function.error.externalModuleLoadError"))}
		}
		_ = f.globals.Set(lib.Var, v)
	}
	return nil
}

// Taken gives the names of libs that a function node has for something else.
func (s Source) Taken() (names []string) {
	for _, lib := range s.Libs {
		if lib.Var == "node" || inSandbox(lib.Var) {
			names = append(names, lib.Var)
		}
	}
	return names
}
