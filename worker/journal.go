package worker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/live"
)

// journalFile is the size in bytes at which a journal goes on in a further file.
const journalFile = 64 << 20

// recording is the journal of a solution's run. It ends before the run does when it has
// reached its limit, or cannot be written: the run goes on without it, as the state of a flow is
// worth more than the record of it. All is used by the goroutine of the run.
type recording struct {
	rec   *journal.Recorder
	files *journalFiles
	limit int64
	// ended is told why the journal ends; full says that it is for its limit.
	ended func(why string, full bool)
	why   string // why it ended, "" while it goes on
}

// Put records an effect.
func (r *recording) Put(f engine.Effect) error {
	if r.why == "" {
		r.look(r.rec.Put(f))
	}
	return nil
}

// follow has the recorder told of what a run takes in.
func (r *recording) follow(l *live.Live) {
	s := &told{}
	r.rec.Source(s)
	l.Tell(func(ev engine.Event, p engine.Progress) error {
		if r.why == "" {
			r.look(s.event(ev, p))
		}
		return nil
	}, func() {
		if r.why == "" {
			s.idle()
		}
	})
}

// told is a source that keeps what it is to tell.
type told struct {
	engine.Source
	event func(engine.Event, engine.Progress) error
	idle  func()
}

// Tell takes what is to be called.
func (s *told) Tell(event func(engine.Event, engine.Progress) error, idle func()) {
	s.event, s.idle = event, idle
}

// look ends the journal if it has to end.
func (r *recording) look(err error) {
	switch {
	case err != nil:
		r.why = err.Error()
	case r.limit > 0 && r.files.total >= r.limit:
		r.why = fmt.Sprintf("the journal of this run has reached %d MB (LOCKSTEP_JOURNAL_MB)", r.limit>>20)
	default:
		return
	}
	if bad := r.rec.Close(); bad != nil && err == nil {
		r.why += ", and " + bad.Error()
	}
	r.ended(r.why, err == nil)
}

// mark is the digest of what was recorded so far, "" if there is no journal any more; then
// why tells the cause.
func (r *recording) mark() (digest, why string) {
	if r.why != "" {
		return "", r.why
	}
	return r.rec.Digest(), ""
}

// close ends the journal with the run.
func (r *recording) close() error {
	if r.why != "" {
		return nil // it has ended
	}
	return r.rec.Close()
}

// journalFiles is where a journal is written: a file, then NAME.1, NAME.2 and so on. It is
// given whole lines.
type journalFiles struct {
	name    string
	each    int64 // bytes of a file
	file    *os.File
	n       int
	written int64 // to the last file
	total   int64
}

func newJournalFiles(name string) (*journalFiles, error) {
	f, err := createJournal(name)
	return &journalFiles{name: name, each: journalFile, file: f}, err
}

func createJournal(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
}

// Write appends lines, at first opening a further file if the last is full. What comes after
// Close is dropped.
func (j *journalFiles) Write(b []byte) (int, error) {
	if j.file == nil {
		return len(b), nil
	}
	if j.written >= j.each {
		f, err := createJournal(j.name + "." + strconv.Itoa(j.n+1))
		if err != nil {
			return 0, err
		}
		err = j.file.Close()
		if j.n, j.file, j.written = j.n+1, f, 0; err != nil {
			return 0, err
		}
	}
	n, err := j.file.Write(b)
	j.written += int64(n)
	j.total += int64(n)
	return n, err
}

// Close closes the last file.
func (j *journalFiles) Close() error {
	if j.file == nil {
		return nil
	}
	err := j.file.Close()
	j.file = nil
	return err
}

// record starts a journal and removes old ones.
func (w *Worker) record(in *installed, h *journal.Header, o *engine.Options) (*recording, error) {
	dir := filepath.Join(w.c.Data, "journals", freshID(Variables{"EWX_SOLUTION_ID": in.ID}, "journal"))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	in.seed, in.zone = h.Seed, h.Zone
	w.prune(dir)
	var files *journalFiles
	for n := 0; ; n++ {
		in.journal = filepath.Join(dir, journalName(w.o.Clock().UnixMilli(), n))
		var err error
		if files, err = newJournalFiles(in.journal); err == nil {
			break
		}
		if !errors.Is(err, os.ErrExist) {
			return nil, err
		}
	}
	return &recording{rec: journal.New(files, h, o), files: files, limit: w.c.JournalLimit, ended: func(why string, full bool) {
		after := "receipts of its votes are without a journal from now on"
		if full && w.c.JournalRenew {
			in.full.Store(true)
			after = "it is started again, with a new one"
		}
		w.warn(fmt.Sprintf("solution %s: %s: %s", in.ID, why, after))
	}}, nil
}

// journalName is the name of the n-th journal of a millisecond; they sort by time.
func journalName(ms int64, n int) string {
	if n == 0 {
		return strconv.FormatInt(ms, 10) + ".journal"
	}
	return fmt.Sprintf("%d-%d.journal", ms, n)
}

// prune removes the oldest journals of a solution, with their further files.
func (w *Worker) prune(dir string) {
	list, err := filepath.Glob(filepath.Join(dir, "*.journal"))
	if err != nil {
		return
	}
	sort.Strings(list)
	for len(list) >= w.c.Journals {
		more, _ := filepath.Glob(list[0] + ".*") // the pattern is well formed
		for _, f := range append(more, list[0]) {
			if err := os.Remove(f); err != nil {
				w.warn("an old journal stays: " + err.Error())
			}
		}
		list = list[1:]
	}
}
