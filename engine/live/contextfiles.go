package live

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// ContextFiles performs the effects of context stores that are saved, in the files
// of Node-RED's localfilesystem store:
//
//	context.save   {store, scope, text} → {} or {error}
//	context.delete {store, scope} → {} or {error}
//
// A store is a folder with global/global.json, FLOW/flow.json and FLOW/NODE.json. A
// file is written beside its place and then renamed, so that it is whole at any
// time. What is saved again before it was written is written once.
type ContextFiles struct {
	dirs map[string]string

	mu      sync.Mutex
	idle    *sync.Cond
	jobs    []*contextJob
	running bool
}

type contextJob struct {
	path    string
	text    string
	remove  bool
	replies []func(value.Value, bool)
}

// NewContextFiles gives a performer for stores by name and their folders.
func NewContextFiles(dirs map[string]string) *ContextFiles {
	p := &ContextFiles{dirs: dirs}
	p.idle = sync.NewCond(&p.mu)
	return p
}

// Kinds are context.save and context.delete.
func (p *ContextFiles) Kinds() []string { return []string{"context.save", "context.delete"} }

// Perform queues the file.
func (p *ContextFiles) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	o := f.Body.Object()
	dir, ok := p.dirs[o.Get("store").Str()]
	if !ok {
		go reply(Failure("", "the context store "+o.Get("store").Str()+" has no folder"), true)
		return nil
	}
	path, err := ContextFile(dir, o.Get("scope").Str())
	if err != nil {
		go reply(Failure("", err.Error()), true)
		return nil
	}
	job := &contextJob{path: path, text: o.Get("text").Str(), remove: f.Kind == "context.delete", replies: []func(value.Value, bool){reply}}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, j := range p.jobs {
		if j.path == path {
			j.text, j.remove, j.replies = job.text, job.remove, append(j.replies, reply)
			return nil
		}
	}
	p.jobs = append(p.jobs, job)
	if !p.running {
		p.running = true
		go p.work()
	}
	return nil
}

// work writes until nothing is queued.
func (p *ContextFiles) work() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.jobs) > 0 {
		j := p.jobs[0]
		p.jobs = p.jobs[1:]
		p.mu.Unlock()
		out := value.Of(value.NewObject())
		if err := j.do(); err != nil {
			out = value.Obj("error", value.ThrownError("Error", err.Error()))
		}
		for _, reply := range j.replies {
			reply(out, true)
		}
		p.mu.Lock()
	}
	p.running = false
	p.idle.Broadcast()
}

func (j *contextJob) do() error {
	if j.remove {
		if err := os.Remove(j.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(j.path), 0o755); err != nil {
		return err
	}
	tmp := j.path + ".tmp"
	if err := os.WriteFile(tmp, []byte(j.text), 0o644); err != nil { //nolint:gosec // as Node-RED writes it
		return err
	}
	return os.Rename(tmp, j.path)
}

// Cancel does nothing: what was asked for is written.
func (p *ContextFiles) Cancel(uint64) {}

// Close waits until all is written.
func (p *ContextFiles) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.running {
		p.idle.Wait()
	}
	return nil
}

// ContextFile is the file of a scope ("global", a flow's id, "node:flow") in the
// folder of a store.
func ContextFile(dir, scope string) (string, error) {
	id, flow, local := strings.Cut(scope, ":")
	for _, part := range []string{id, flow} {
		if strings.ContainsAny(part, `/\`) || part == ".." || part == "." {
			return "", errors.New("the context of " + scope + " cannot be a file")
		}
	}
	switch {
	case scope == "global":
		return filepath.Join(dir, "global", "global.json"), nil
	case local:
		return filepath.Join(dir, flow, id+".json"), nil
	}
	return filepath.Join(dir, id, "flow.json"), nil
}
