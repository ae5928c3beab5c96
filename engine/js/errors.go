package js

import (
	"errors"
	"strings"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// failure gives what a call into JavaScript failed with as the value thrown.
func (f *Function) failure(err error) goja.Value { return f.r.failure(err) }

func (r *Runtime) failure(err error) goja.Value {
	var ex *goja.Exception
	var stopped *goja.InterruptedError
	var deep *goja.StackOverflowError
	switch {
	case errors.As(err, &deep):
		return r.rangeError("Maximum call stack size exceeded")
	case errors.As(err, &stopped):
		r.vm.ClearInterrupt()
		e := r.construct(r.builtin("Error"), r.str(stoppedText(stopped)))
		_ = e.Set("code", "ERR_SCRIPT_EXECUTION_TIMEOUT")
		return e
	case errors.As(err, &ex):
		return ex.Value()
	}
	return r.construct(r.builtin("Error"), r.str(err.Error()))
}

// stopped reports whether a call was ended from outside or by a limit.
func stopped(err error) bool {
	var e *goja.InterruptedError
	return errors.As(err, &e)
}

func stoppedText(e *goja.InterruptedError) string {
	if reason, ok := e.Value().(error); ok {
		return reason.Error()
	}
	return "Script execution was interrupted."
}

// hasStack is Node-RED's test for an error: an object with an own property stack.
func (r *Runtime) hasStack(o *goja.Object) bool {
	if r.kindOf(o) == kindError {
		return true
	}
	has := false
	_ = r.vm.Try(func() {
		for _, k := range o.GetOwnPropertyNames() {
			has = has || k == "stack"
		}
	})
	return has
}

// mend gives an error that goja made V8's text and stack, in place; anything else
// is left as it is.
func (r *Runtime) mend(v goja.Value) goja.Value {
	o, ok := v.(*goja.Object)
	if !ok || r.kindOf(o) != kindError {
		return v
	}
	_ = r.vm.Try(func() { r.mendError(o) })
	return v
}

func (r *Runtime) mendError(o *goja.Object) {
	st := o.Get("stack")
	s, ok := st.(goja.String)
	if !ok {
		return
	}
	stack := text(s)
	at := strings.Index(stack, "\n\tat ")
	if at < 0 {
		if strings.HasSuffix(stack, "\n") {
			_ = o.DefineDataProperty("stack", r.str(strings.TrimSuffix(stack, "\n")), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		}
		return
	}
	frames := parseFrames(stack[at+1:])
	head := stack[:at]
	if m, ok := o.Get("message").(goja.String); ok {
		old := text(m)
		fixed, class := r.v8Text(old, frames)
		if b := bigintText.FindStringSubmatch(old); b != nil && strings.HasPrefix(head, "RangeError") {
			fixed = "The number " + b[1] + " cannot be converted to a BigInt because it is not an integer"
		}
		if fixed != old {
			_ = o.DefineDataProperty("message", r.str(fixed), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
			if strings.HasSuffix(head, old) {
				head = head[:len(head)-len(old)] + fixed
			}
			if class != "" {
				_ = o.SetPrototype(r.builtin(class).Get("prototype").(*goja.Object))
				head = class + head[strings.Index(head, ":"):]
			}
		}
	}
	if m := notDefined.FindStringSubmatch(head); m != nil && len(frames) > 0 {
		r.place(frames).statement(m[1], &frames[0])
	}
	for _, f := range frames {
		head += "\n    at " + f.String()
	}
	_ = o.DefineDataProperty("stack", r.str(head), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// frame is one line of a stack.
type frame struct {
	function, file string
	line, column   string
}

func (f frame) String() string {
	if f.file == "" {
		return f.function + " (<anonymous>)"
	}
	place := f.file + ":" + f.line + ":" + f.column
	if f.function == "" {
		return place
	}
	return f.function + " (" + place + ")"
}

var framePlace = value.NewPattern(`^(.*):(\d+):(\d+)\(\d+\)$`)

// maxFrames is how many frames a stack shows.
const maxFrames = 10

// parseFrames reads goja's stack lines; frames of the runtime's own code are left out.
func parseFrames(s string) (frames []frame) {
	for _, line := range strings.Split(s, "\n") {
		line = strings.TrimPrefix(line, "\tat ")
		if line == "" || len(frames) == maxFrames {
			continue
		}
		var f frame
		place := line
		if i := strings.LastIndex(line, " ("); i >= 0 && strings.HasSuffix(line, "))") {
			f.function, place = line[:i], line[i+2:len(line)-1]
		} else if i >= 0 && strings.HasSuffix(line, " (native)") {
			f.function, place = line[:i], "native"
		}
		if m := framePlace.FindStringSubmatch(place); m != nil {
			f.file, f.line, f.column = m[1], m[2], m[3]
		}
		if strings.HasPrefix(f.file, preludeFile) || f.file == "" && (f.function == "" || strings.Contains(f.function, "lockstep")) {
			continue
		}
		frames = append(frames, f)
	}
	return frames
}

var notDefined = value.NewPattern(`^ReferenceError: (.+) is not defined$`)

// dropFrame removes the last frame of a stack, as Node-RED does where it looks for
// the frame of its own call and finds none.
func (r *Runtime) dropFrame(o *goja.Object) {
	st, ok := o.Get("stack").(goja.String)
	if !ok {
		return
	}
	s := text(st)
	if i := strings.LastIndex(s, "\n"); i >= 0 {
		_ = o.Set("stack", r.str(s[:i]))
	}
}

var endPlace = value.NewPattern(`:(\d+):(\d+)$`)

// positioned puts the place of a ReferenceError into its message, as Node-RED does.
func (r *Runtime) positioned(o *goja.Object, v value.Value) value.Value {
	st, ok := o.Get("stack").(goja.String)
	if !ok {
		return v
	}
	lines := strings.Split(strings.ReplaceAll(text(st), "\r\n", "\n"), "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "ReferenceError") {
			continue
		}
		if i+1 < len(lines) {
			if m := endPlace.FindStringSubmatch(lines[i+1]); m != nil {
				line += " (line " + minusOne(m[1]) + ", col " + m[2] + ")"
			}
		}
		_ = o.Set("message", r.str(line))
		if e := v.Error(); e != nil {
			e.Message = line
		}
		break
	}
	return v
}

// errorValue gives a goja error as data; the goja object stays its wrapper.
func (r *Runtime) errorValue(o *goja.Object) *value.Error {
	if e, ok := r.linked(o).(*value.Error); ok {
		r.readError(o, e)
		return e
	}
	e := &value.Error{}
	e.SetWrapper(o)
	r.link(o, e)
	r.readError(o, e)
	return e
}

// readError copies name, message, stack and the further own properties.
func (r *Runtime) readError(o *goja.Object, e *value.Error) {
	_ = r.vm.Try(func() {
		r.mendError(o)
		str := func(k string) string {
			if v := o.Get(k); v != nil && !goja.IsUndefined(v) {
				return text(v.ToString())
			}
			return ""
		}
		e.Name, e.Message, e.Stack = str("name"), str("message"), str("stack")
		for _, k := range o.Keys() {
			if k != "name" && k != "message" && k != "stack" {
				e.SetProp(k, r.fromJS(o.Get(k)))
			}
		}
		for _, k := range o.GetOwnPropertyNames() {
			if k == "cause" || k == "errors" {
				e.SetProp(k, r.fromJS(o.Get(k)))
			}
		}
	})
}

// newError makes the goja error of an error that is data.
func (r *Runtime) newError(e *value.Error) *goja.Object {
	class := e.Name
	switch class {
	case "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError":
	default:
		class = "Error"
	}
	o := r.construct(r.builtin(class), r.str(e.Message))
	r.link(o, e)
	e.SetWrapper(o)
	hidden := func(k string, v goja.Value) {
		_ = o.DefineDataProperty(k, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	if class != e.Name {
		hidden("name", r.str(e.Name))
	}
	stack := e.Stack
	if stack == "" {
		stack = e.Error()
	}
	hidden("stack", r.str(stack))
	if e.Props != nil {
		for _, k := range e.Props.Keys() {
			if v := r.toJS(e.Props.Get(k)); k == "cause" {
				hidden(k, v)
			} else {
				_ = o.Set(k, v)
			}
		}
	}
	return o
}

// trackRejection keeps the list of rejected promises nobody handles.
func (r *Runtime) trackRejection(p *goja.Promise, op goja.PromiseRejectionOperation) {
	if op == goja.PromiseRejectionReject {
		r.rejected = append(r.rejected, p)
		return
	}
	for i, q := range r.rejected {
		if q == p {
			r.rejected = append(r.rejected[:i], r.rejected[i+1:]...)
			return
		}
	}
}

// reportRejections reports promises that were rejected in this turn without a
// handler as errors of the node at work. (Node-RED itself would end.)
func (r *Runtime) reportRejections() {
	list := r.rejected
	r.rejected = nil
	for _, p := range list {
		if f := r.current; f != nil {
			f.host.Error(r.fromJS(r.mend(p.Result())), value.Undefined)
		}
	}
}
