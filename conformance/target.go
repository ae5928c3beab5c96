package conformance

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Target starts a runtime that speaks the drive protocol and gives the pipes to it: what is
// written reaches its stdin, what is read comes from its stdout. dir is its working
// directory. Closing ends the runtime.
type Target func(ctx context.Context, dir string) (io.ReadWriteCloser, error)

// Exec is a Target that runs a program. env is added to the environment.
func Exec(argv, env []string) Target {
	return func(ctx context.Context, dir string) (io.ReadWriteCloser, error) {
		cmd := exec.CommandContext(ctx, argv[0], argv[1:]...) //nolint:gosec // the caller chooses the runtime
		cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
		p := &process{cmd: cmd}
		cmd.Stderr = &p.stderr
		var err error
		if p.WriteCloser, err = cmd.StdinPipe(); err != nil {
			return nil, err
		}
		if p.Reader, err = cmd.StdoutPipe(); err != nil {
			return nil, err
		}
		if err = cmd.Start(); err != nil {
			return nil, fmt.Errorf("starting %s: %w", argv[0], err)
		}
		return p, nil
	}
}

type process struct {
	io.Reader
	io.WriteCloser
	cmd    *exec.Cmd
	stderr tail
}

// Close closes stdin, which ends the runtime, and kills it if it does not end.
func (p *process) Close() error {
	_ = p.WriteCloser.Close()
	kill := time.AfterFunc(2*time.Second, func() { _ = p.cmd.Process.Kill() })
	defer kill.Stop()
	_, _ = io.Copy(io.Discard, p.Reader)
	return p.cmd.Wait()
}

// Complaint is the last that the runtime wrote to stderr.
func (p *process) Complaint() string { return p.stderr.String() }

// tail keeps the last few kilobytes written to it.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if over := len(t.buf) - 4096; over > 0 {
		t.buf = t.buf[over:]
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.buf))
}

// InProcess is a Target that runs serve in this process, with serve's two ends as stdin and
// stdout. serve must return when in ends.
func InProcess(serve func(ctx context.Context, dir string, in io.Reader, out io.Writer) error) Target {
	return func(ctx context.Context, dir string) (io.ReadWriteCloser, error) {
		inR, inW := io.Pipe()
		outR, outW := io.Pipe()
		l := &local{Reader: outR, WriteCloser: inW, done: make(chan error, 1)}
		go func() {
			err := serve(ctx, dir, inR, outW)
			_ = inR.CloseWithError(io.ErrClosedPipe)
			_ = outW.CloseWithError(err)
			l.done <- err
		}()
		return l, nil
	}
}

type local struct {
	io.Reader
	io.WriteCloser
	done chan error
}

func (l *local) Close() error {
	_ = l.WriteCloser.Close()
	go func() { _, _ = io.Copy(io.Discard, l.Reader) }()
	select {
	case err := <-l.done:
		return err
	case <-time.After(5 * time.Second):
		return errors.New("the runtime does not end when its input ends")
	}
}

// Conn is a connection to a running Target: it sends requests and collects the lines that come back.
type Conn struct {
	rwc   io.ReadWriteCloser
	lines chan []byte
	fail  error
	ids   int
	// Hello is the first line the runtime sent.
	Hello []byte
}

const (
	helloTime = 20 * time.Second
	replyTime = 30 * time.Second
)

// Dial starts a target and waits for its hello.
func Dial(ctx context.Context, t Target, dir string) (*Conn, error) {
	rwc, err := t(ctx, dir)
	if err != nil {
		return nil, err
	}
	c := &Conn{rwc: rwc, lines: make(chan []byte, 64)}
	go c.read()
	if c.Hello, err = c.line(time.After(helloTime)); err != nil {
		return nil, errors.Join(fmt.Errorf("waiting for hello: %w", err), c.Close())
	}
	return c, nil
}

// Judge names the runtime and version that said hello.
func (c *Conn) Judge() string {
	v, err := parseJSON(c.Hello)
	if err != nil {
		return ""
	}
	return v.str("name") + " " + v.str("version")
}

func (c *Conn) read() {
	r := bufio.NewReaderSize(c.rwc, 1<<16)
	for {
		l, err := r.ReadBytes('\n')
		if l = bytes.TrimSpace(l); len(l) > 0 {
			c.lines <- l
		}
		if err != nil {
			c.fail = err
			close(c.lines)
			return
		}
	}
}

func (c *Conn) line(timeout <-chan time.Time) ([]byte, error) {
	select {
	case l, ok := <-c.lines:
		if !ok {
			return nil, fmt.Errorf("the runtime ended: %w%s", c.fail, c.complaint())
		}
		return l, nil
	case <-timeout:
		return nil, errors.New("no answer in time" + c.complaint())
	}
}

func (c *Conn) complaint() string {
	if p, ok := c.rwc.(interface{ Complaint() string }); ok && p.Complaint() != "" {
		return "; it said:\n" + p.Complaint()
	}
	return ""
}

// Close ends the runtime.
func (c *Conn) Close() error {
	go func() {
		for range c.lines { //nolint:revive // what is left over must not block the reader
		}
	}()
	return c.rwc.Close()
}

// do sends requests in one write and gives their replies and the events that came up to the last of them.
func (c *Conn) do(requests ...jvalue) (replies, events []jvalue, err error) {
	var text strings.Builder
	waiting := map[string]int{}
	for i := range requests {
		c.ids++
		requests[i].set("id", jint(c.ids))
		requests[i].order("id", "op")
		waiting[strconv.Itoa(c.ids)] = i
		text.WriteString(requests[i].String() + "\n")
	}
	sent := make(chan error, 1)
	go func() { // the runtime may write before it has read everything
		_, err := io.WriteString(c.rwc, text.String())
		sent <- err
	}()
	replies = make([]jvalue, len(requests))
	timeout := time.After(replyTime)
	for len(waiting) > 0 {
		l, err := c.line(timeout)
		if err != nil {
			return nil, nil, fmt.Errorf("waiting for the reply to %s: %w", requests[0].str("op"), err)
		}
		v, err := parseJSON(l)
		if err != nil {
			return nil, nil, err
		}
		if v.get("ev") != nil {
			events = append(events, v)
		} else if id := v.get("id"); id != nil {
			if i, ok := waiting[id.text]; ok {
				replies[i] = v
				delete(waiting, id.text)
			}
		}
	}
	return replies, events, <-sent
}

// ask sends one request that takes no arguments and gives its result.
func (c *Conn) ask(op string) (*jvalue, error) {
	replies, _, err := c.do(request(op))
	if err != nil {
		return nil, err
	}
	if e := replies[0].get("error"); e != nil {
		return nil, fmt.Errorf("%s: %s", op, e.str("message"))
	}
	return replies[0].get("result"), nil
}

func request(op string) jvalue {
	return jvalue{kind: '{', keys: []string{"op"}, list: []jvalue{jstring(op)}}
}
