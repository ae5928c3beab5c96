package flowtest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Snapshots are the values that a test file keeps beside it, by name, in NAME.snap
// for NAME.test.yaml.
type Snapshots struct {
	// Update renews those that differ and adds those that are missing.
	Update bool
	// Changed counts what Update has changed.
	Changed int

	file string
	mu   sync.Mutex
	kept map[string]any
	used map[string]bool
}

// OpenSnapshots reads the snapshots of a test file.
func OpenSnapshots(test string, update bool) (*Snapshots, error) {
	name := test
	for _, s := range suffixes {
		name = strings.TrimSuffix(name, s)
	}
	s := &Snapshots{Update: update, file: name + ".snap", kept: map[string]any{}, used: map[string]bool{}}
	text, err := os.ReadFile(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		if err = yaml.Unmarshal(text, &s.kept); err != nil {
			err = fmt.Errorf("%s: %w; delete it and run with --update", s.file, err)
		}
	}
	return s, err
}

// check compares a value with that kept; it gives what differs.
func (s *Snapshots) check(name string, got any) (diff []string, missing bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used[name] = true
	want, ok := s.kept[name]
	if ok {
		diff = differences(want, got, false)
	}
	if ok && len(diff) == 0 {
		return nil, false
	}
	if s.Update {
		s.kept[name] = got
		s.Changed++
		return nil, false
	}
	return diff, !ok
}

// Save writes the snapshots if they were to be updated; all says that every test of the
// file ran, so that those no test has asked for can go.
func (s *Snapshots) Save(all bool) error {
	if !s.Update {
		return nil
	}
	for name := range s.kept {
		if all && !s.used[name] {
			delete(s.kept, name)
			s.Changed++
		}
	}
	if s.Changed == 0 {
		return nil
	}
	if len(s.kept) == 0 {
		return os.Remove(s.file)
	}
	var b bytes.Buffer
	b.WriteString("# Written by lockstep test --update.\n")
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := errors.Join(enc.Encode(s.kept), enc.Close()); err != nil {
		return err
	}
	return os.WriteFile(s.file, b.Bytes(), 0o644) //nolint:gosec // a file of the project
}

// snapshot compares a value, or all that the flow showed, with the snapshot.
func (r *runner) snapshot(x Expectation, env map[string]any) {
	name := x.Name
	if name == "" {
		if name = r.t.Name; r.snaps > 0 {
			name = fmt.Sprintf("%s (%d)", r.t.Name, r.snaps+1)
		}
		r.snaps++
	}
	var got any = r.everything()
	if x.Cond != nil {
		var err error
		if got, err = x.Cond.Value(env); err != nil {
			r.fail(x.Place, "this has no value: "+cleaned(err))
			return
		}
	}
	if r.opt.Snapshots == nil {
		r.fail(x.Place, "there are no snapshots here")
		return
	}
	switch diff, missing := r.opt.Snapshots.check(name, got); {
	case missing:
		r.fail(x.Place, fmt.Sprintf("there is no snapshot %q yet", name), "run with --update to write it", "it would be  "+show(got))
	case len(diff) > 0:
		r.fail(x.Place, fmt.Sprintf("the snapshot %q is different", name), append(diff, "if that is right, run with --update")...)
	}
}

// everything is what the flow showed to the outside, but for times.
func (r *runner) everything() map[string]any {
	out := map[string]any{}
	put := func(key string, list []any) {
		if len(list) > 0 {
			out[key] = list
		}
	}
	var debug, logs, errs, status []any
	for _, s := range r.seen.of(nil, "debug") {
		debug = append(debug, map[string]any{r.label(s): debugValue(s.v.Object())})
	}
	for _, s := range r.seen.of(nil, "status") {
		if o := s.v.Object(); o != nil && value.Truthy(o.Get("text")) {
			status = append(status, map[string]any{r.label(s): s.plainView()})
		}
	}
	for _, s := range r.seen.of(nil, "log") {
		if v := s.logView(); slices.Contains([]any{"warn", "error", "fatal"}, v["level"]) {
			logs = append(logs, map[string]any{r.label(s): v["level"].(string) + ": " + show(v["msg"])})
		}
	}
	for _, s := range r.seen.errors {
		errs = append(errs, map[string]any{r.label(s): s.errorView().(map[string]any)["message"]})
	}
	put("debug", debug)
	put("status", status)
	put("log", logs)
	put("errors", errs)
	put("responses", r.world.http.responses())
	put("published", r.published())
	if files := r.world.files.shown(); len(files) > 0 {
		out["files"] = files
	}
	return out
}

func (r *runner) label(s *shot) string {
	switch {
	case s.node == nil:
		return "engine"
	case s.node.Name != "":
		return s.node.Name
	}
	return s.node.Type + " " + s.node.ID
}
