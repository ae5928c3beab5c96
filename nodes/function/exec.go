package function

import (
	"math"
	"regexp"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Exec is the configuration of an exec node.
type Exec struct {
	// Command is the line to run.
	Command string `json:"command"`
	// AddPay is the message property that is added to the line: true for payload, the
	// default; empty or false for none.
	AddPay value.Value `json:"addpay"`
	// Append is added at the end of the line.
	Append string `json:"append"`
	// UseSpawn is "true" to run the program without a shell and to send output as it comes.
	UseSpawn value.Value `json:"useSpawn"`
	// Timer is after how many seconds the program is ended; 0, the default, never.
	Timer value.Value `json:"timer"`
	// OldRC sends the return code as a plain number, as Node-RED did before 0.17.
	OldRC value.Value `json:"oldrc"`
	// WinHide hides the window of the program on Windows.
	WinHide value.Value `json:"winHide"`
}

var execType = engine.Define("exec", "Runs a command of the operating system.", newExec)

type execNode struct {
	Exec
	timer float64 // ms
	limit float64 // bytes of output
	runs  []*execRun
}

// defaultLimit is Node-RED's for execMaxBufferSize.
const defaultLimit = 10_000_000

// execRun is a program that runs.
type execRun struct {
	n       *execNode
	m       *engine.Message
	id      uint64 // of the request
	pid     value.Value
	timeout engine.Timer
	line    string
}

func newExec(c *engine.Call, cfg Exec) (engine.Node, error) {
	n := &execNode{Exec: cfg, limit: defaultLimit}
	n.Command, n.Append = strings.TrimSpace(cfg.Command), strings.TrimSpace(cfg.Append)
	switch {
	case cfg.AddPay.IsUndefined(), cfg.AddPay.IsBool() && cfg.AddPay.Bool():
		n.AddPay = value.Str("payload")
	}
	if value.Truthy(cfg.Timer) {
		n.timer = float64(value.ToNumber(cfg.Timer) * 1000)
	}
	if l := c.Setting("execMaxBufferSize"); value.Truthy(l) {
		n.limit = value.ToNumber(l)
	}
	return n, nil
}

// Receive starts the command, or ends one with msg.kill.
func (n *execNode) Receive(c *engine.Call, m *engine.Message) error {
	if m.Has("kill") {
		return n.kill(c, m)
	}
	line := n.Command
	if value.Truthy(n.AddPay) {
		if !n.AddPay.IsString() {
			return value.ThrownError("TypeError", "expr.indexOf is not a function")
		}
		v, err := value.GetMessageProperty(m, value.ToString(n.AddPay))
		if err != nil {
			return err
		}
		if !v.IsUndefined() {
			text, err := value.ToStringStrict(v)
			if err != nil {
				return err
			}
			line += " " + text
		}
	}
	if n.Append != "" {
		line += " " + n.Append
	}
	r := &execRun{n: n, m: m, line: line}
	body := value.Obj("hide", n.WinHide.IsBool() && n.WinHide.Bool()).Object()
	if n.UseSpawn.Str() == "true" {
		if err := spawnBody(c, line, body); err != nil {
			return err
		}
		r.id = c.AskMany("exec.run", value.Of(body), func(v value.Value, _ bool) { r.spawned(c, v.Object()) })
	} else {
		c.Debug(value.Str(line))
		body.Set("command", value.Str(line))
		body.Set("maxBuffer", value.Num(n.limit))
		r.id = c.AskMany("exec.run", value.Of(body), func(v value.Value, _ bool) { r.executed(c, v.Object()) })
	}
	n.runs = append(n.runs, r)
	return engine.Pending
}

// words splits a line at blanks outside quotation marks.
var words = regexp.MustCompile(`(?:[^\s"]+|"[^"]*")+`)

func spawnBody(c *engine.Call, line string, body *value.Object) error {
	list := words.FindAllString(line, -1)
	if list == nil {
		return value.ThrownError("TypeError", "Cannot read properties of null (reading 'map')")
	}
	args := value.NewArray()
	for i, w := range list {
		if len(w) > 1 && w[0] == '"' && w[len(w)-1] == '"' && !strings.Contains(w, "\n") {
			list[i] = w[1 : len(w)-1]
		}
		if i > 0 {
			args.Append(value.Str(list[i]))
		}
	}
	c.Debug(value.Str(list[0] + " [" + value.Join(args, ",") + "]"))
	if list[0] == "" {
		return codeError("TypeError", "ERR_INVALID_ARG_VALUE", "The argument 'file' cannot be empty. Received ''")
	}
	body.Set("file", value.Str(list[0]))
	body.Set("args", value.Of(args))
	return nil
}

// codeError is one of Node.js's own errors, with a code.
func codeError(class, code, text string) *value.Error {
	e := value.ThrownError(class, text)
	e.Code = code
	e.SetProp("code", value.Str(code))
	e.Stack = e.Error()
	return e
}

// kill sends a signal to the program msg.pid names, or to the only one.
func (n *execNode) kill(c *engine.Call, m *engine.Message) error {
	name := m.Get("kill").Str()
	if !strings.HasPrefix(value.ToUpper(name), "SIG") {
		name = "SIGTERM"
		m.Set("kill", value.Str(name))
	}
	name = value.ToUpper(name)
	var found *execRun
	if m.Has("pid") {
		for _, r := range n.runs {
			if value.ToString(r.pid) == value.ToString(m.Get("pid")) {
				found = r
			}
		}
	} else if len(n.runs) == 1 {
		found = n.runs[0]
	}
	if found == nil {
		return nil
	}
	if !strings.Contains(knownSignals, " "+name+" ") {
		return codeError("TypeError", "ERR_UNKNOWN_SIGNAL", "Unknown signal: "+name)
	}
	c.Emit("exec.kill", value.Obj("run", float64(found.id), "signal", name))
	c.Status("red", "dot", "killed")
	return nil
}

// knownSignals are those of Linux, as Node.js names them.
const knownSignals = " SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGIOT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM " +
	"SIGTERM SIGCHLD SIGSTKFLT SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPOLL " +
	"SIGPWR SIGSYS "

// started shows the program's number and sets the time it has.
func (r *execRun) started(c *engine.Call, pid value.Value) {
	r.pid = pid
	c.Status("blue", "dot", "pid:"+value.ToString(pid))
	if t := r.n.timer; t != 0 && !math.IsNaN(t) {
		r.timeout = c.After(t, func() {
			c.Emit("exec.kill", value.Obj("run", float64(r.id), "signal", "SIGTERM"))
		})
	}
}

// over forgets a program that has ended.
func (r *execRun) over(c *engine.Call) {
	if r.timeout != 0 {
		c.Cancel(r.timeout)
	}
	for i, other := range r.n.runs {
		if other == r {
			r.n.runs = append(r.n.runs[:i:i], r.n.runs[i+1:]...)
			return
		}
	}
}

// Close forgets the programs: the engine cancels their requests, which ends them.
func (n *execNode) Close(c *engine.Call, _ bool) error {
	n.runs = nil
	c.Status("", "", "")
	return nil
}
