package live

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Files performs the effects of the file nodes:
//
//	file.write  {path, data: Buffer, append: bool, mkdir: bool} → {} or {error}
//	file.delete {path} → {} or {error}
//	file.read   {path, chunks: bool} → {data: Buffer} …, {end: true}, or {error}
//
// Operations on one path happen in the order they were asked for; those on
// different paths do not wait for each other.
type Files struct {
	dir   string
	mu    sync.Mutex
	lanes map[string]*lane
	wg    sync.WaitGroup
}

// lane is the queue of operations on one path.
type lane struct{ jobs []func() }

// chunkSize is how much of a file one answer of a chunked read carries.
const chunkSize = 64 << 10

// NewFiles gives a performer whose relative paths start at dir; "" is the
// process's working directory.
func NewFiles(dir string) *Files { return &Files{dir: dir, lanes: map[string]*lane{}} }

// Kinds are file.write, file.delete and file.read.
func (p *Files) Kinds() []string { return []string{"file.write", "file.delete", "file.read"} }

// Perform queues the operation.
func (p *Files) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	o := f.Body.Object()
	name := value.ToString(o.Get("path"))
	path := within(p.dir, name)
	var job func()
	switch f.Kind {
	case "file.write":
		data := append([]byte(nil), o.Get("data").Buffer().B...)
		add, mkdir := o.Get("append").Bool(), o.Get("mkdir").Bool()
		job = func() { reply(write(path, name, data, add, mkdir), true) }
	case "file.delete":
		job = func() {
			out := value.Of(value.NewObject())
			if err := os.Remove(path); err != nil {
				out = fileFailure(err, "unlink", name)
			}
			reply(out, true)
		}
	default:
		chunks := o.Get("chunks").Bool()
		job = func() { readFile(path, name, chunks, reply) }
	}
	p.queue(path, job)
	return nil
}

func (p *Files) queue(path string, job func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.lanes[path]
	if l != nil {
		l.jobs = append(l.jobs, job)
		return
	}
	l = &lane{jobs: []func(){job}}
	p.lanes[path] = l
	p.wg.Add(1)
	go p.work(path, l)
}

func (p *Files) work(path string, l *lane) {
	defer p.wg.Done()
	for {
		p.mu.Lock()
		if len(l.jobs) == 0 {
			delete(p.lanes, path)
			p.mu.Unlock()
			return
		}
		job := l.jobs[0]
		l.jobs = l.jobs[1:]
		p.mu.Unlock()
		job()
	}
}

func write(path, name string, data []byte, add, mkdir bool) value.Value {
	if mkdir {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil { //nolint:gosec // as Node.js: the umask decides
			out := fileFailure(err, "mkdir", filepath.Dir(name)).Object()
			out.Set("mkdir", value.True)
			return value.Of(out)
		}
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if add {
		flags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	}
	f, err := os.OpenFile(path, flags, 0o666) //nolint:gosec // as Node.js: the umask decides
	if err != nil {
		return fileFailure(err, "open", name)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return fileFailure(err, "write", name)
	}
	return value.Of(value.NewObject())
}

func readFile(path, name string, chunks bool, reply func(value.Value, bool)) {
	f, err := os.Open(path)
	if err != nil {
		reply(fileFailure(err, "open", name), true)
		return
	}
	defer func() { _ = f.Close() }() // it was only read
	if !chunks {
		data, err := io.ReadAll(f)
		if err != nil {
			reply(readFailure(err, name), true)
			return
		}
		reply(value.Obj("data", data, "end", true), true)
		return
	}
	for {
		buf := make([]byte, chunkSize)
		n, err := io.ReadFull(f, buf)
		if n > 0 {
			reply(value.Obj("data", buf[:n]), false)
		}
		switch {
		case err == nil:
			continue
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			reply(value.Obj("end", true), true)
		default:
			reply(readFailure(err, name), true)
		}
		return
	}
}

// readFailure words an error of reading as Node.js does, which names no path.
func readFailure(err error, name string) value.Value {
	out := fileFailure(err, "read", name)
	if e := out.Object().Get("error").Error(); e.Props != nil {
		e.Props.Delete("path")
		if i := len(e.Message) - len(quote(name)) - 1; i > 0 && e.Prop("syscall").Str() == "read" {
			e.Message = e.Message[:i]
			e.Stack = e.Error()
		}
	}
	return out
}

// Cancel does nothing: an operation that began is carried out.
func (p *Files) Cancel(uint64) {}

// Close waits until all operations are done.
func (p *Files) Close() error {
	p.wg.Wait()
	return nil
}
