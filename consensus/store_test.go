package consensus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func vote(solution, round, result string) Vote {
	return Vote{Key: Key{solution, round}, ID: "id", Result: []byte(result), Signature: bytes.Repeat([]byte{1}, 64), Public: bytes.Repeat([]byte{2}, 32), Created: time.Now().UnixMilli()}
}

func TestStore(t *testing.T) {
	file := filepath.Join(t.TempDir(), "votes", "votes.log")
	s, err := OpenStore(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStore(file); err == nil {
		t.Error("it was opened twice")
	}
	if _, added, err := s.Add(vote("s", "1", "a")); !added || err != nil {
		t.Fatal(added, err)
	}
	if _, added, err := s.Add(vote("s", "1", "a")); added || err != nil {
		t.Error("the same vote:", added, err)
	}
	if _, added, err := s.Add(vote("s", "1", "b")); added || !errors.Is(err, ErrOther) {
		t.Error("another vote:", added, err)
	}
	if _, _, err := s.Add(vote("s", "2", "b")); err != nil {
		t.Error(err)
	}
	if err := s.Sent(Key{"s", "1"}, "0x12", 5); err != nil {
		t.Error(err)
	}
	if err := s.End(Key{"s", "2"}, Refused, Inclusion{Block: "0xb", Number: 7}, "why", 6); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, _, err := s.Add(vote("s", "3", "b")); err == nil {
		t.Error("a closed store took a vote")
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// Whatever is cut off the end, what stands before counts.
	for cut := range 40 {
		if err := os.WriteFile(file, whole[:len(whole)-cut], 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := OpenStore(file)
		if err != nil {
			t.Fatal(cut, err)
		}
		e, ok := s.Get(Key{"s", "1"})
		if !ok || e.State != Pending || e.Extrinsic != "0x12" || string(e.Result) != "a" || len(e.Signature) != 64 {
			t.Errorf("cut %d: %+v", cut, e)
		}
		e, _ = s.Get(Key{"s", "2"})
		if want := map[bool]State{true: Refused, false: Pending}[cut == 0]; e.State != want {
			t.Errorf("cut %d: %s", cut, e.State)
		}
		if _, _, err := s.Add(vote("s", "4", "b")); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	// A change within is an error, not a lost vote.
	bad := bytes.Clone(whole)
	bad[20] ^= 1
	if err := os.WriteFile(file, bad, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStore(file); err == nil {
		t.Error("a damaged file was read")
	}
}

// fakeLedger is a chain with one block for each transaction.
type fakeLedger struct {
	mu      sync.Mutex
	votes   map[Key][]byte
	found   map[string]*Failure
	sent    []Key
	fail    func(v Key, attempt int) error // nil: it is taken
	tries   map[Key]int
	most    int
	running int
	hold    chan struct{}
}

func (l *fakeLedger) Encode(_ context.Context, v Vote) ([]byte, string, error) {
	x := fmt.Appendf(nil, "%s|%s|%x", v.Solution, v.Round, v.Result)
	return x, fmt.Sprintf("0x%x", x), nil
}

func (l *fakeLedger) Submit(_ context.Context, x []byte) error {
	l.mu.Lock()
	l.running++
	l.most = max(l.most, l.running)
	l.mu.Unlock()
	if l.hold != nil {
		<-l.hold
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running--
	parts := bytes.Split(x, []byte("|"))
	k := Key{string(parts[0]), string(parts[1])}
	l.tries[k]++
	if l.fail != nil {
		if err := l.fail(k, l.tries[k]); err != nil {
			return err
		}
	}
	l.sent = append(l.sent, k)
	if _, twice := l.votes[k]; twice {
		return &Failure{Cause: Known, Text: "already imported"}
	}
	result := make([]byte, len(parts[2])/2)
	_, _ = fmt.Sscanf(string(parts[2]), "%x", &result)
	l.votes[k] = result
	return nil
}

func (l *fakeLedger) Mark(context.Context) (uint32, error) { return 1, nil }

func (l *fakeLedger) Find(_ context.Context, hash string, _ uint32) (Inclusion, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f := l.found[hash]; f != nil {
		return Inclusion{}, f
	}
	return Inclusion{Block: "0xb", Number: 2}, nil
}

func (l *fakeLedger) Voted(_ context.Context, k Key, _ []byte) ([]byte, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r, ok := l.votes[k]
	return r, ok, nil
}

func TestQueue(t *testing.T) {
	s, err := OpenStore(filepath.Join(t.TempDir(), "votes.log"))
	if err != nil {
		t.Fatal(err)
	}
	l := &fakeLedger{votes: map[Key][]byte{}, tries: map[Key]int{}, found: map[string]*Failure{}}
	l.fail = func(k Key, n int) error {
		switch {
		case k.Round == "unreachable" && n < 3:
			return &Failure{Cause: Unreachable, Text: "no route"}
		case k.Round == "plain" && n < 2:
			return errors.New("anything")
		case k.Round == "busy" && n < 3:
			return &Failure{Cause: Busy, Text: "full"}
		case k.Round == "invalid":
			return &Failure{Cause: Invalid, Text: "1010"}
		}
		return nil
	}
	failing := vote("s", "dispatched", "x")
	_, hash, _ := l.Encode(t.Context(), failing)
	l.found[hash] = &Failure{Cause: Dispatched, Text: "WorkerNodePallet.IsNotWorker"}
	l.votes[failing.Key] = []byte("y") // somebody else's result
	done := make(chan Entry, 20)
	q := NewQueue(s, l, QueueOptions{RetryAfter: time.Millisecond, BusyAfter: time.Millisecond, Done: func(e Entry) { done <- e }})
	rounds := map[string]State{"fine": Counted, "unreachable": Counted, "plain": Counted, "busy": Counted, "invalid": Refused, "dispatched": Refused}
	for r := range rounds {
		if _, added, err := q.Add(vote("s", r, "x")); !added || err != nil {
			t.Fatal(r, added, err)
		}
	}
	for range rounds {
		e := <-done
		if e.State != rounds[e.Round] {
			t.Errorf("%s is %s (%s)", e.Round, e.State, e.Cause)
		}
	}
	if err := q.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	if l.tries[Key{"s", "invalid"}] != 1 || l.tries[Key{"s", "unreachable"}] != 3 {
		t.Error(l.tries)
	}
	q.Close()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestQueueLimits: four at once, and what is too old is not sent.
func TestQueueLimits(t *testing.T) {
	s, err := OpenStore(filepath.Join(t.TempDir(), "votes.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // at the end
	old := vote("s", "old", "x")
	old.Created -= (9 * time.Minute).Milliseconds()
	for _, v := range []Vote{old, vote("s", "new", "x")} {
		if _, _, err := s.Add(v); err != nil {
			t.Fatal(err)
		}
	}
	l := &fakeLedger{votes: map[Key][]byte{}, tries: map[Key]int{}, hold: make(chan struct{})}
	done := make(chan Entry, 20)
	q := NewQueue(s, l, QueueOptions{Done: func(e Entry) { done <- e }}) // they were there before
	defer q.Close()
	for i := range 9 {
		if _, _, err := q.Add(vote("s", fmt.Sprint(i), "x")); err != nil {
			t.Fatal(err)
		}
	}
	if e := <-done; e.Round != "old" || e.State != Expired {
		t.Error(e)
	}
	for range 10 {
		l.hold <- struct{}{}
		if e := <-done; e.State != Counted {
			t.Error(e)
		}
	}
	if l.most != 4 {
		t.Errorf("%d were under way at once", l.most)
	}
	if len(l.sent) != 10 {
		t.Errorf("%d were sent", len(l.sent))
	}
}
