package js

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Script is a CommonJS module of the host, such as a settings.js.
type Script struct {
	// File is its full name, as __filename shows it and errors name it.
	File, Text string
	// Load gives the text and full name of a module that is required by a relative or
	// absolute path; nil: there are none.
	Load func(from, name string) (file, text string, err error)
	// Read is fs.readFileSync; nil: there is no module fs.
	Read func(path string) ([]byte, error)
}

// Run runs a script and gives its module.exports: plain objects and arrays as
// data, functions and class instances as live values of this runtime. An error names
// file, line and column.
func (r *Runtime) Run(s Script) (value.Value, error) {
	h := &hostScript{r: r, s: s, made: map[string]goja.Value{}}
	r.depth++
	v, err := h.run(s.File, s.Text)
	if r.depth--; err != nil {
		return value.Undefined, r.placed(s.File, err)
	}
	out := value.Undefined
	if err := r.guard(func() { out = r.leaving(v) }); err != nil {
		return value.Undefined, err
	}
	return out, nil
}

// leaving adopts a value that leaves JavaScript.
func (r *Runtime) leaving(v goja.Value) value.Value {
	out := r.fromJS(v)
	r.settle()
	return out
}

type hostScript struct {
	r    *Runtime
	s    Script
	made map[string]goja.Value // modules by full file name
}

func (h *hostScript) run(file, text string) (goja.Value, error) {
	if v, ok := h.made[file]; ok {
		return v, nil
	}
	if strings.HasSuffix(file, ".json") {
		text = "module.exports=" + text
	}
	dir := file[:strings.LastIndex(file, "/")+1]
	if len(dir) > 1 {
		dir = dir[:len(dir)-1]
	}
	v, err := h.r.runModule(file, text, func(name string) (goja.Value, error) { return h.require(file, name) },
		map[string]goja.Value{"__dirname": h.r.str(dir), "__filename": h.r.str(file)})
	if err == nil {
		h.made[file] = v
	}
	return v, err
}

func (h *hostScript) require(from, name string) (goja.Value, error) {
	switch {
	case (name == "fs" || name == "node:fs") && h.s.Read != nil:
		return h.files(), nil
	case strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../") || strings.HasPrefix(name, "/"):
		if h.s.Load == nil {
			return nil, fmt.Errorf("the module %q cannot be loaded here", name)
		}
		file, text, err := h.s.Load(from, name)
		if err != nil {
			return nil, err
		}
		return h.run(file, text)
	}
	return h.r.require(name)
}

// files is the part of the module fs that settings need: reading.
func (h *hostScript) files() *goja.Object {
	r := h.r
	if v, ok := h.made["fs"]; ok {
		return v.(*goja.Object)
	}
	o := r.vm.NewObject()
	_ = o.Set("readFileSync", r.nativeFunc("readFileSync", func(c goja.FunctionCall) goja.Value {
		b, err := h.s.Read(c.Argument(0).String())
		if err != nil {
			r.throw("Error", "%s", err)
		}
		enc := c.Argument(1)
		if e, ok := enc.(*goja.Object); ok {
			enc = e.Get("encoding")
		}
		if enc == nil || !enc.ToBoolean() {
			return r.newBuffer(b)
		}
		return r.str(decodeText(b, enc.String()))
	}))
	_ = o.Set("existsSync", r.nativeFunc("existsSync", func(c goja.FunctionCall) goja.Value {
		_, err := h.s.Read(c.Argument(0).String())
		return r.boolean(err == nil)
	}))
	for _, name := range []string{"readFile", "writeFileSync", "writeFile", "readdirSync", "statSync", "mkdirSync", "createReadStream", "createWriteStream", "unlinkSync", "appendFileSync"} {
		_ = o.Set(name, r.nativeFunc(name, func(goja.FunctionCall) goja.Value {
			r.throw("Error", "fs.%s is not available here: only readFileSync and existsSync are, within the directory of the settings", name)
			return nil
		}))
	}
	h.made["fs"] = o
	return o
}

// placed gives an error of a script with the place where it happened.
func (r *Runtime) placed(file string, err error) error {
	var wrong *syntaxProblem
	if errors.As(err, &wrong) {
		return fmt.Errorf("%s:%d:%d: SyntaxError: %s", file, wrong.line, wrong.column, wrong.text)
	}
	var ex *goja.Exception
	if !errors.As(err, &ex) {
		return fmt.Errorf("%s: %w", file, err)
	}
	v := r.mend(ex.Value())
	at, text := file, v.String()
	if o, ok := v.(*goja.Object); ok {
		if st, ok := o.Get("stack").(goja.String); ok {
			for _, line := range strings.Split(st.String(), "\n")[1:] {
				if i := strings.Index(line, file); i >= 0 {
					at = strings.TrimRight(line[i:], ")")
					break
				}
			}
		}
	}
	return fmt.Errorf("%s: %s", at, text)
}

// Use gives a runtime that was made before its engine the engine's hooks: those of
// o that are not nil replace what it has.
func (r *Runtime) Use(o Options) {
	if o.Now != nil {
		r.options.Now = o.Now
	}
	if o.Random != nil {
		r.options.Random = o.Random
		r.vm.SetRandSource(goja.RandSource(o.Random))
	}
	if o.NewID != nil {
		r.options.NewID = o.NewID
	}
	if o.Guard != nil {
		r.options.Guard = o.Guard
	}
	if o.JSONata != nil {
		r.options.JSONata = o.JSONata
	}
	if o.MaxSteps > 0 {
		r.options.MaxSteps = o.MaxSteps
		r.limit()
	}
	if o.Require != nil {
		r.options.Require = o.Require
	}
	if o.Env != nil {
		r.options.Env = o.Env
	}
}

// Invoke calls a live function of this runtime without arguments. A promise that
// it gives must be settled by what is ready to run.
func (r *Runtime) Invoke(fn value.Value) (value.Value, error) {
	call, ok := goja.AssertFunction(r.toJS(fn))
	if !ok {
		return value.Undefined, errors.New("it is not a function")
	}
	r.depth++
	v, err := call(r.undefined)
	if r.depth--; err != nil {
		return value.Undefined, r.thrown(r.mend(r.failure(err)))
	}
	if p, ok := v.Export().(*goja.Promise); ok {
		switch p.State() {
		case goja.PromiseStateFulfilled:
			v = p.Result()
		case goja.PromiseStateRejected:
			return value.Undefined, r.thrown(r.mend(p.Result()))
		default:
			return value.Undefined, errors.New("its promise waits for something that does not happen here")
		}
	}
	out := value.Undefined
	err = r.guard(func() { out = r.leaving(v) })
	return out, err
}
