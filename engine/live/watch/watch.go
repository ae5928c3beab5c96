// Package watch carries out the effects of the watch node: it hears of changes to
// files and folders.
package watch

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Watches performs the effect of the watch node:
//
//	watch.start {files: [string …], recursive} → {event: "update" | "remove", path, type, size} …, {error} …
//
// type is file, directory, blockdevice, characterdevice, socket, fifo, n/a, or none
// for what is not there; size is that of a file. Changes are told a while after the
// first of several, each name once.
type Watches struct {
	dir string

	mu     sync.Mutex
	active map[uint64]*watching
	wg     sync.WaitGroup
}

// New gives a performer; relative names start at dir.
func New(dir string) *Watches { return &Watches{dir: dir, active: map[uint64]*watching{}} }

// Kinds is watch.start.
func (p *Watches) Kinds() []string { return []string{"watch.start"} }

// Perform starts to watch.
func (p *Watches) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	o := f.Body.Object()
	w := &watching{dir: p.dir, recursive: o.Get("recursive").Bool(), reply: reply, stop: make(chan struct{})}
	for _, el := range value.Elements(o.Get("files")) {
		if name := el.Str(); !slices.Contains(w.files, name) {
			w.files = append(w.files, name)
		}
	}
	p.mu.Lock()
	p.active[f.Request] = w
	p.mu.Unlock()
	p.wg.Go(w.run)
	return nil
}

// Cancel ends a watch.
func (p *Watches) Cancel(request uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w := p.active[request]; w != nil {
		delete(p.active, request)
		close(w.stop)
	}
}

// Close ends all watches and waits for them.
func (p *Watches) Close() error {
	p.mu.Lock()
	for id, w := range p.active {
		delete(p.active, id)
		close(w.stop)
	}
	p.mu.Unlock()
	p.wg.Wait()
	return nil
}

// delay is how long changes are collected from the first one on, as Node-RED does.
const delay = 200 * time.Millisecond

// watching is one watch node's watch.
type watching struct {
	dir       string
	files     []string
	recursive bool
	reply     func(value.Value, bool)
	stop      chan struct{}

	system *fsnotify.Watcher
	units  []*unit
}

// unit is a folder that is watched, for all in it or for one file.
type unit struct {
	shown   string // the folder as it was named
	at      string // where it is
	only    string // the path of the one file, "" for all
	changed []string
	due     time.Time // when changed is told
}

func (w *watching) run() {
	var err error
	if w.system, err = fsnotify.NewWatcher(); err != nil {
		w.fail(err.Error())
		return
	}
	defer func() { _ = w.system.Close() }() // nothing is lost by it
	for _, f := range w.files {
		w.begin(f)
	}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(w.next())
		select {
		case <-w.stop:
			return
		case ev, ok := <-w.system.Events:
			if !ok {
				return
			}
			w.happened(ev)
		case err, ok := <-w.system.Errors:
			if !ok {
				return
			}
			w.fail(err.Error())
		case <-timer.C:
			w.flush(time.Now())
		}
	}
}

func (w *watching) fail(text string) { w.reply(live.Failure("", text), false) }

// place is where a name is.
func (w *watching) place(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(w.dir, name)
}

// begin watches a file, by its folder, or a folder.
func (w *watching) begin(name string) {
	at := w.place(name)
	info, err := os.Stat(at)
	switch {
	case name == "" || err != nil:
		w.fail(name + " does not exist.")
	case info.IsDir():
		w.add(&unit{shown: name, at: at})
	case info.Mode().IsRegular():
		w.add(&unit{shown: filepath.Dir(name), at: filepath.Dir(at), only: at})
	}
}

// add watches a folder, and those in it if they are wanted too.
func (w *watching) add(u *unit) {
	for _, other := range w.units {
		if other.at == u.at && other.only == u.only {
			return
		}
	}
	if err := w.system.Add(u.at); err != nil {
		w.fail(err.Error())
		return
	}
	w.units = append(w.units, u)
	if !w.recursive || u.only != "" {
		return
	}
	entries, err := os.ReadDir(u.at)
	if err != nil {
		return // it may be gone already
	}
	for _, e := range entries {
		if info, err := os.Stat(filepath.Join(u.at, e.Name())); err == nil && info.IsDir() {
			w.add(&unit{shown: filepath.Join(u.shown, e.Name()), at: filepath.Join(u.at, e.Name())})
		}
	}
}

// happened notes a change.
func (w *watching) happened(ev fsnotify.Event) {
	at := filepath.Clean(ev.Name)
	for _, u := range slices.Clone(w.units) {
		base := filepath.Base(at)
		if at != u.at && filepath.Dir(at) != u.at {
			continue
		}
		path := filepath.Join(u.at, base)
		if u.only != "" && path != u.only {
			continue
		}
		if len(u.changed) == 0 {
			u.due = time.Now().Add(delay)
		}
		u.changed = append(u.changed, filepath.Join(u.shown, base))
		if w.recursive && u.only == "" && at != u.at {
			if info, err := os.Stat(path); err != nil {
				w.forget(path)
			} else if info.IsDir() {
				w.add(&unit{shown: filepath.Join(u.shown, base), at: path})
			}
		}
	}
}

// forget stops watching a folder that is gone; what happened in it is still told.
func (w *watching) forget(at string) {
	for _, u := range w.units {
		if u.only == "" && u.at == at {
			_ = w.system.Remove(at) // the system may have done so
			u.at = ""
		}
	}
}

// next is how long it is until something is told.
func (w *watching) next() time.Duration {
	wait := time.Hour
	for _, u := range w.units {
		if len(u.changed) > 0 {
			wait = min(wait, max(time.Until(u.due), 0))
		}
	}
	return wait
}

// flush tells what is due; those due with it go together, so that several units do
// not tell the same change twice.
func (w *watching) flush(now time.Time) {
	told := map[string]bool{}
	for _, u := range w.units {
		if len(u.changed) == 0 || u.due.After(now.Add(time.Millisecond)) {
			continue
		}
		names := w.filtered(u.changed)
		u.changed = nil
		for _, name := range names {
			if !told[name] {
				told[name] = true
				w.tell(name)
			}
		}
	}
	w.units = slices.DeleteFunc(w.units, func(u *unit) bool { return u.at == "" && len(u.changed) == 0 })
}

// filtered gives each name once. If an editor's backup was written beside a file,
// names that are not there any more are left out.
func (w *watching) filtered(names []string) []string {
	var once []string
	plain := map[string]int{}
	special, twice := false, false
	for _, n := range names {
		if !slices.Contains(once, n) {
			once = append(once, n)
		}
		cut := strings.TrimSuffix(n, "~")
		special = special || cut != n
		plain[cut]++
		twice = twice || plain[cut] > 1
	}
	if special && twice {
		once = slices.DeleteFunc(once, func(n string) bool {
			_, err := os.Stat(w.place(n))
			return err != nil
		})
	}
	return once
}

func (w *watching) tell(name string) {
	body := value.Obj("event", "update", "path", name, "type", "none").Object()
	info, err := os.Stat(w.place(name))
	if err != nil {
		body.Set("event", value.Str("remove"))
	} else {
		body.Set("type", value.Str(kindOf(info.Mode())))
		if info.Mode().IsRegular() {
			body.Set("size", value.Num(float64(info.Size())))
		}
	}
	w.reply(value.Of(body), false)
}

func kindOf(m os.FileMode) string {
	switch {
	case m.IsRegular():
		return "file"
	case m.IsDir():
		return "directory"
	case m&os.ModeCharDevice != 0:
		return "characterdevice"
	case m&os.ModeDevice != 0:
		return "blockdevice"
	case m&os.ModeSocket != 0:
		return "socket"
	case m&os.ModeNamedPipe != 0:
		return "fifo"
	}
	return "n/a"
}
