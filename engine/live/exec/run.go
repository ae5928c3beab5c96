package exec

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// pipes are a child's standard streams: the ends that are ours.
type pipes struct {
	in       *os.File
	out, err *os.File
	theirs   []*os.File
}

func (c *child) open() (*pipes, error) {
	p := &pipes{}
	ends := make([]*os.File, 0, 6)
	for range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			for _, f := range ends {
				_ = f.Close()
			}
			return nil, err
		}
		ends = append(ends, r, w)
	}
	p.in, p.out, p.err = ends[1], ends[2], ends[4]
	p.theirs = []*os.File{ends[0], ends[3], ends[5]}
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = ends[0], ends[3], ends[5]
	return p, nil
}

func (p *pipes) close() {
	_, _, _ = p.in.Close(), p.out.Close(), p.err.Close() // nothing is lost by it
}

// run starts the child and tells what it does until it is over.
func (c *child) run() {
	defer close(c.gone)
	p, err := c.open()
	if err != nil {
		c.fail(err)
		return
	}
	defer p.close()
	err = c.cmd.Start()
	for _, f := range p.theirs {
		_ = f.Close() // the child has its own
	}
	if err != nil {
		c.fail(err)
		return
	}
	c.begun()
	c.answer(value.Obj("pid", c.cmd.Process.Pid), false)
	stop := make(chan struct{})
	defer close(stop)
	go c.watch(p, stop)
	var readers sync.WaitGroup
	result := value.NewObject(5)
	var stdout, stderr []byte
	var over string
	var mu sync.Mutex
	for name, f := range map[string]*os.File{"stdout": p.out, "stderr": p.err} {
		readers.Go(func() {
			if !c.whole {
				c.tell(name, f)
				return
			}
			data, full := c.collect(f, p)
			mu.Lock()
			defer mu.Unlock()
			if name == "stdout" {
				stdout = data
			} else {
				stderr = data
			}
			if full && over == "" {
				over = name
			}
		})
	}
	readers.Wait()
	_ = c.cmd.Wait() // how it ended is in its state
	if c.whole {
		result.Set("stdout", value.Bytes(stdout))
		result.Set("stderr", value.Bytes(stderr))
	}
	setOutcome(result, c.cmd.ProcessState)
	if over != "" {
		result.Set("overflow", value.Str(over))
	}
	c.answer(value.Of(result), true)
}

// setOutcome says how a child ended: by itself with a code, or by a signal.
func setOutcome(o *value.Object, s *os.ProcessState) {
	code, signal := value.Value(value.Null), value.Null
	if name := signalOf(s); name != "" {
		signal = value.Str(name)
	} else if s != nil {
		code = value.Int(s.ExitCode())
	}
	o.Set("code", code)
	o.Set("signal", signal)
}

// pieceSize is how much of a child's output is told at a time, at most.
const pieceSize = 64 << 10

// tell tells a stream as it comes.
func (c *child) tell(name string, f *os.File) {
	buf := make([]byte, pieceSize)
	for {
		n, err := f.Read(buf)
		if n > 0 {
			c.answer(value.Obj(name, append([]byte(nil), buf[:n]...)), false)
		}
		if err != nil {
			return
		}
	}
}

// collect reads a stream to its end, or up to the limit: then the child is ended.
func (c *child) collect(f *os.File, p *pipes) (data []byte, full bool) {
	data, _ = io.ReadAll(io.LimitReader(f, int64(c.limit)+1)) // what came is what there is
	if len(data) <= c.limit {
		return data, false
	}
	c.signal("SIGTERM")
	_, _ = p.out.Close(), p.err.Close()
	return data[:c.limit], true
}

// begun sends the signals that came before the child was there.
func (c *child) begun() {
	c.mu.Lock()
	c.started = true
	early, ended := c.pending, c.ended
	c.pending = nil
	c.mu.Unlock()
	for _, s := range early {
		c.signal(s)
	}
	if ended {
		c.endGroup()
	}
}

// signal sends a signal to the child alone.
func (c *child) signal(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.started {
		c.pending = append(c.pending, name)
		return
	}
	if s, ok := signals[name]; ok {
		_ = c.cmd.Process.Signal(s) // one that is gone needs none
	}
}

// end ends the child and everything it started; nobody listens any more.
func (c *child) end() {
	c.mu.Lock()
	started, before := c.started, c.ended
	c.ended = true
	c.mu.Unlock()
	if started && !before {
		c.endGroup()
	}
}

func (c *child) endGroup() {
	pid := c.cmd.Process.Pid
	signalGroup(pid, syscall.SIGTERM)
	go func() {
		select {
		case <-c.gone:
		case <-time.After(endTime):
		}
		signalGroup(pid, syscall.SIGKILL) // those that would not listen
	}()
}

// watch closes the streams of a child that was ended: what it started may hold
// them open.
func (c *child) watch(p *pipes, stop <-chan struct{}) {
	t := time.NewTicker(endTime / 10)
	defer t.Stop()
	late := 0
	for {
		select {
		case <-stop:
			return
		case <-t.C:
		}
		c.mu.Lock()
		ended := c.ended
		c.mu.Unlock()
		if ended {
			if late++; late > 15 {
				p.close()
				return
			}
		}
	}
}

// nodeCode is Node.js's name and number for why a program could not be started.
func nodeCode(err error) (code string, number int) {
	var no syscall.Errno
	if errors.As(err, &no) {
		switch no {
		case syscall.ENOENT:
			return "ENOENT", -2
		case syscall.EACCES:
			return "EACCES", -13
		case syscall.E2BIG:
			return "E2BIG", -7
		case syscall.EAGAIN:
			return "EAGAIN", -11
		case syscall.EMFILE:
			return "EMFILE", -24
		case syscall.ENOEXEC:
			return "ENOEXEC", -8
		case syscall.ENOTDIR:
			return "ENOTDIR", -20
		}
	}
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		return "ENOENT", -2
	}
	return "", 0
}
