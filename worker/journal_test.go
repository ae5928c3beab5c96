package worker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/consensus"
)

// long is a flow that votes in its first round, then logs a lot, then votes again when it is asked to.
const long = `{"label":"x","nodes":[
 {"id":"aaaaaaaaaaaa0001","type":"inject","z":"f","x":1,"y":1,"props":[{"p":"payload"}],"payload":"{\"result\":\"a\",\"votingRoundID\":\"first\"}","payloadType":"json","once":true,"onceDelay":0,"wires":[["aaaaaaaaaaaa0002"]]},
 {"id":"aaaaaaaaaaaa0002","type":"submit-result","z":"f","x":1,"y":1,"wires":[["aaaaaaaaaaaa0003"]]},
 {"id":"aaaaaaaaaaaa0003","type":"function","z":"f","x":1,"y":1,"outputs":1,"func":"if (msg.payload.id !== 'first' || context.get('done')) return; context.set('done',1); for (let i=0;i<30;i++) node.warn('%s'+i); return {payload:{result:'b',votingRoundID:'second'}}","wires":[["aaaaaaaaaaaa0002"]]},
 {"id":"n1","type":"http in","z":"f","x":1,"y":1,"url":"/vote","method":"get","wires":[["aaaaaaaaaaaa0004"]]},
 {"id":"aaaaaaaaaaaa0004","type":"function","z":"f","x":1,"y":1,"outputs":2,"func":"return [msg,{payload:{result:'c',votingRoundID:'third'}}]","wires":[["aaaaaaaaaaaa0005"],["aaaaaaaaaaaa0002"]]},
 {"id":"aaaaaaaaaaaa0005","type":"http response","z":"f","x":1,"y":1,"wires":[]}],"configs":[]}`

func (s *story) longFlow() {
	text := fmt.Sprintf(long, strings.Repeat("x", 60_000))
	s.chain.solutions = []Solution{{ID: "sol", Group: "grp", Status: "Active", WorkLogic: s.publish(text), JSON: "{}"}}
}

// checks gives what is said of the journal and the replay of a receipt.
func (s *story) checks(w *Worker, round string) (out string) {
	s.Helper()
	name := w.Receipt(consensus.Key{Solution: "sol", Round: round})
	text, err := os.ReadFile(name)
	if err != nil {
		s.Fatal(err)
	}
	r, err := consensus.ParseReceipt(text)
	if err != nil {
		s.Fatal(err)
	}
	c := Checks(filepath.Dir(name))
	c.Signature, c.Address = func(_, _, _ []byte) bool { return true }, func([]byte) string { return "5Worker" }
	for _, x := range r.Verify(s.Context(), c) {
		if x.Name == "journal" || x.Name == "replay" || x.State == "failed" {
			out += x.Name + " " + x.State + " " + x.Text + "; "
		}
	}
	return out
}

func journals(t *testing.T, s *story) (files int, size int64) {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(s.dir, "data", "journals", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if i, err := os.Stat(f); err == nil {
			size += i.Size()
		}
	}
	return len(list), size
}

// TestJournalFull: a run whose journal is full goes on; receipts from before hold, and those of
// later say that they have no journal, and why.
func TestJournalFull(t *testing.T) {
	s := newStory(t)
	s.env = map[string]string{"LOCKSTEP_JOURNAL_MB": "1"}
	s.longFlow()
	w, stop := s.run()
	s.until("two votes", func() bool { return s.has("first")() && s.has("second")() })
	_, _, flows := w.Addresses()
	seed := w.find("", "sol").seed
	if code, body := get(t, "GET", flows+"/api/vote", ""); code != 200 {
		t.Error(code, body)
	}
	s.until("the third", s.has("third"))
	if w.find("", "sol").seed != seed {
		t.Error("the solution was started again")
	}
	_, size := journals(t, s)
	stop()
	if n, after := journals(t, s); n != 1 || after != size || size < 1<<20 || size > 1<<20+200_000 {
		t.Errorf("%d files, %d bytes, then %d", n, size, after)
	}
	if got := s.checks(w, "first"); !strings.HasPrefix(got, "journal ok ") || !strings.Contains(got, "replay ok ") || strings.Contains(got, "failed") {
		t.Error(got)
	}
	for _, round := range []string{"second", "third"} {
		const why = "absent the receipt does not have it: the journal of this run has reached 1 MB (LOCKSTEP_JOURNAL_MB)"
		if got := s.checks(w, round); strings.Count(got, why) != 2 || strings.Contains(got, "failed") {
			t.Error(round, got)
		}
	}
	s.told("warn solution sol: the journal of this run has reached 1 MB (LOCKSTEP_JOURNAL_MB): receipts of its votes are without a journal from now on")
}

// told looks for a line of the log.
func (s *story) told(line string) {
	s.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.log {
		if l == line {
			return
		}
	}
	s.Errorf("the log does not have %q:\n%s", line, strings.Join(s.log, "\n"))
}

// TestJournalRenew: with LOCKSTEP_JOURNAL_FULL=restart the solution begins anew, and old
// journals go.
func TestJournalRenew(t *testing.T) {
	s := newStory(t)
	s.env = map[string]string{"LOCKSTEP_JOURNAL_MB": "1", "LOCKSTEP_JOURNAL_FULL": "restart", "LOCKSTEP_JOURNALS": "2"}
	s.longFlow()
	w, stop := s.run()
	seeds := map[uint64]bool{}
	s.until("four runs", func() bool {
		if in := w.find("", "sol"); in != nil {
			seeds[in.seed] = true
		}
		return len(seeds) >= 4
	})
	stop()
	if n, size := journals(t, s); n != 2 || size > 2*(1<<20+200_000) {
		t.Errorf("%d files, %d bytes", n, size)
	}
	if w.store.Len() != 2 {
		t.Errorf("%d votes", w.store.Len()) // those that the flow makes at its start again are the same
	}
}

// TestJournalFiles: a long journal goes over files, whose order is that of their names.
func TestJournalFiles(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.journal")
	j, err := newJournalFiles(name)
	if err != nil {
		t.Fatal(err)
	}
	j.each = 10
	for range 5 {
		if _, err := j.Write([]byte("123456\n")); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(j.Close(), j.Close()); err != nil || j.total != 35 {
		t.Error(err, j.total)
	}
	if n, err := j.Write([]byte("late")); n != 4 || err != nil {
		t.Error(n, err)
	}
	for f, want := range map[string]int{name: 14, name + ".1": 14, name + ".2": 7} {
		if b, err := os.ReadFile(f); err != nil || len(b) != want {
			t.Errorf("%s: %q %v", f, b, err)
		}
	}
	if _, err := newJournalFiles(name); !errors.Is(err, os.ErrExist) {
		t.Error(err)
	}
}

// TestNoPlaceForJournal: a solution runs and votes although no journal can be made.
func TestNoPlaceForJournal(t *testing.T) {
	s := newStory(t)
	if err := os.MkdirAll(filepath.Join(s.dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "data", "journals"), nil, 0o600); err != nil { // where a folder should be
		t.Fatal(err)
	}
	w, stop := s.installed()
	defer stop()
	s.until("the receipt", func() bool {
		_, err := os.Stat(w.Receipt(consensus.Key{Solution: "sol", Round: "r1"}))
		return err == nil
	})
	if got := s.checks(w, "r1"); !strings.Contains(got, "absent the receipt does not have it: the journal could not be made") {
		t.Error(got)
	}
}
