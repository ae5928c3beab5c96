// Package exec carries out the effects of the exec node: it runs programs.
package exec

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Children performs the effects of the exec node:
//
//	exec.run  {command: string, maxBuffer} runs a line in a shell
//	          → {pid}, {stdout: Buffer, stderr: Buffer, code | null, signal | null, overflow}
//	exec.run  {file, args: [string …]} runs a program, and tells its output as it comes
//	          → {pid}, {stdout: Buffer} or {stderr: Buffer} …, {code | null, signal | null}
//	          either answers {error} if nothing could be started
//	exec.kill {run, signal} sends a signal to the program of a request
//
// A child's standard input is open and empty. Cancel and Close end a child with all
// that it started.
type Children struct {
	opt Options

	mu       sync.Mutex
	children map[uint64]*child
	closed   bool
	wg       sync.WaitGroup
}

// Options configure the performer.
type Options struct {
	// Dir is the children's working directory; "" is the process's.
	Dir string
	// Environ lists the children's environment as name=value; nil is the process's.
	Environ func() []string
}

// New gives a performer.
func New(o Options) *Children {
	if o.Environ == nil {
		o.Environ = os.Environ
	}
	return &Children{opt: o, children: map[uint64]*child{}}
}

// endTime is how long a child that is to end may take before it is killed.
const endTime = time.Second

// Kinds are exec.run and exec.kill.
func (p *Children) Kinds() []string { return []string{"exec.run", "exec.kill"} }

// Perform starts a child or sends it a signal.
func (p *Children) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	o := f.Body.Object()
	p.mu.Lock()
	defer p.mu.Unlock()
	if f.Kind == "exec.kill" {
		if c := p.children[uint64(o.Get("run").Num())]; c != nil {
			c.signal(o.Get("signal").Str())
		}
		return nil
	}
	if p.closed {
		return nil
	}
	c := &child{limit: int(o.Get("maxBuffer").Num()), reply: reply, gone: make(chan struct{})}
	c.prepare(o, p.opt)
	p.children[f.Request] = c
	p.wg.Add(1)
	go func() {
		defer p.wg.Done()
		c.run()
		p.mu.Lock()
		delete(p.children, f.Request)
		p.mu.Unlock()
	}()
	return nil
}

// Cancel ends a child whose node was closed.
func (p *Children) Cancel(request uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.children[request]; c != nil {
		c.end()
	}
}

// Close ends all children and waits for them.
func (p *Children) Close() error {
	p.mu.Lock()
	p.closed = true
	for _, c := range p.children {
		c.end()
	}
	p.mu.Unlock()
	p.wg.Wait()
	return nil
}

// child is one program that runs.
type child struct {
	cmd   *exec.Cmd
	whole bool // output is told at the end, as a whole
	limit int  // of output then, in bytes
	reply func(value.Value, bool)

	mu      sync.Mutex
	ended   bool // nobody listens any more
	started bool
	gone    chan struct{} // it is over
	pending []string      // signals from before the start
}

// prepare makes the command of an effect.
func (c *child) prepare(o *value.Object, opt Options) {
	env := opt.Environ()
	if line, ok := o.Lookup("command"); ok {
		c.whole = true
		shell := "/bin/bash"
		if _, err := os.Stat(shell); err != nil {
			shell = "/bin/sh"
		}
		c.cmd = &exec.Cmd{Path: shell, Args: []string{shell, "-c", line.Str()}}
	} else {
		file := o.Get("file").Str()
		c.cmd = &exec.Cmd{Path: find(file, opt.Dir, env), Args: []string{file}}
		for _, a := range value.Elements(o.Get("args")) {
			c.cmd.Args = append(c.cmd.Args, a.Str())
		}
	}
	c.cmd.Dir, c.cmd.Env = opt.Dir, env
	apart(c.cmd)
}

// find is where a program is, looked up along the children's PATH.
func find(name, dir string, env []string) string {
	if strings.Contains(name, "/") {
		return name
	}
	path := "/usr/local/bin:/bin:/usr/bin"
	for _, e := range env {
		if v, ok := strings.CutPrefix(e, "PATH="); ok {
			path = v
		}
	}
	for _, d := range filepath.SplitList(path) {
		full := filepath.Join(d, name)
		at := full
		if !filepath.IsAbs(at) {
			at = filepath.Join(dir, full)
		}
		if info, err := os.Stat(at); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
			return full
		}
	}
	return name
}

// fail answers that nothing was started, as Node.js words it.
func (c *child) fail(err error) {
	code, number := nodeCode(err)
	if code == "" {
		c.answer(live.Failure("", err.Error()), true)
		return
	}
	name := c.cmd.Args[0]
	out := live.Failure(code, "spawn "+name+" "+code)
	e := out.Object().Get("error").Error()
	e.SetProp("errno", value.Int(number))
	e.SetProp("syscall", value.Str("spawn "+name))
	e.SetProp("path", value.Str(name))
	c.answer(out, true)
}

func (c *child) answer(v value.Value, last bool) {
	c.mu.Lock()
	ended := c.ended
	c.mu.Unlock()
	if !ended {
		c.reply(v, last)
	}
}
