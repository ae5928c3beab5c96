package function

import (
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// output is a program's output: text if it looks like text, else bytes.
func output(b []byte) value.Value {
	if value.LooksUTF8(b) {
		return value.Str(value.Text(b))
	}
	return value.Bytes(b)
}

// latin1 is bytes as characters of the same numbers.
func latin1(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// spawned handles what a program does that runs without a shell.
func (r *execRun) spawned(c *engine.Call, o *value.Object) {
	m := r.m
	send := func(port int, payload value.Value) {
		m.Set("payload", payload)
		outs := make([][]*engine.Message, 3)
		outs[port] = []*engine.Message{value.CloneMessage(m)}
		c.SendAll(outs)
	}
	switch {
	case o.Has("pid"):
		r.started(c, o.Get("pid"))
		return
	case o.Has("stdout"):
		send(0, output(o.Get("stdout").Buffer().B))
		return
	case o.Has("stderr"):
		send(1, output(o.Get("stderr").Buffer().B))
		return
	}
	code, signal := o.Get("code"), o.Get("signal")
	if e := o.Get("error").Error(); e != nil {
		number := e.Prop("errno")
		if !number.IsNumber() || e.Prop("code").Str() == "E2BIG" {
			r.over(c)
			c.Fail(m, e)
			return
		}
		c.Status("blue", "dot", "pid:undefined")
		code, signal = number, value.Null
	}
	r.over(c)
	payload := code
	if !value.Truthy(r.n.OldRC) || value.ToString(r.n.OldRC) == "false" {
		payload = value.Obj("code", code)
		if value.Truthy(signal) {
			payload.Object().Set("signal", signal)
		}
	}
	if code.IsNumber() && code.Num() == 0 {
		c.Status("", "", "")
	}
	switch {
	case code.IsNull():
		c.Status("red", "dot", "killed")
	case code.Num() < 0:
		c.Status("red", "dot", "rc:"+value.ToString(code))
	default:
		c.Status("yellow", "dot", "rc:"+value.ToString(code))
	}
	send(2, payload)
	c.Done(m)
}

// executed handles what a line in a shell does.
func (r *execRun) executed(c *engine.Call, o *value.Object) {
	if o.Has("pid") {
		r.started(c, o.Get("pid"))
		return
	}
	if e := o.Get("error").Error(); e != nil && e.Prop("code").Str() == "E2BIG" {
		r.over(c)
		c.Fail(r.m, e)
		return
	}
	m := r.m
	m.Delete("payload")
	bytesOf := func(name string) []byte {
		if b := o.Get(name).Buffer(); b != nil {
			return b.B
		}
		return nil
	}
	var second, third *engine.Message
	stderr := bytesOf("stderr")
	if len(stderr) > 0 {
		second = value.CloneMessage(m)
		second.Set("payload", output(stderr))
	}
	m.Set("payload", output(bytesOf("stdout")))
	c.Status("", "", "")
	switch err := r.failure(o, stderr); {
	case err != nil:
		third = value.CloneMessage(m)
		code := err.Prop("code")
		third.Set("payload", value.Obj("code", code, "message", err.Message))
		if s := err.Prop("signal"); value.Truthy(s) {
			third.Get("payload").Object().Set("signal", s)
		}
		if code.IsNull() {
			c.Status("red", "dot", "killed")
		} else {
			c.Status("red", "dot", "error:"+value.ToString(code))
		}
		c.Debug(value.Str("error:" + err.Error()))
	case !value.Truthy(r.n.OldRC) || value.ToString(r.n.OldRC) == "false":
		third = value.CloneMessage(m)
		third.Set("payload", value.Obj("code", 0))
	}
	if third == nil {
		c.Status("", "", "")
	} else {
		m.Set("rc", third.Get("payload"))
		if second != nil {
			second.Set("rc", third.Get("payload"))
		}
	}
	outs := make([][]*engine.Message, 3)
	for i, out := range []*engine.Message{m, second, third} {
		if out != nil {
			outs[i] = []*engine.Message{out}
		}
	}
	c.SendAll(outs)
	r.over(c)
	c.Done(m)
}

// failure is the error that Node.js makes of how a line ended, nil if it ended well.
func (r *execRun) failure(o *value.Object, stderr []byte) *value.Error {
	if e := o.Get("error").Error(); e != nil {
		return e
	}
	if name := o.Get("overflow").Str(); name != "" {
		return codeError("RangeError", "ERR_CHILD_PROCESS_STDIO_MAXBUFFER", name+" maxBuffer length exceeded")
	}
	code, signal := o.Get("code"), o.Get("signal")
	if code.IsNumber() && code.Num() == 0 && signal.IsNull() {
		return nil
	}
	text := "Command failed: " + r.line + "\n" + latin1(stderr)
	e := value.ThrownError("Error", text)
	e.SetProp("code", code)
	e.SetProp("signal", signal)
	return e
}
