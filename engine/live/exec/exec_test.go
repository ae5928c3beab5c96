//go:build unix

package exec

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// patience bounds every wait of these tests.
const patience = 20 * time.Second

func start(t *testing.T, p *Children, id uint64, body value.Value) <-chan *value.Object {
	t.Helper()
	answers := make(chan *value.Object, 1000)
	err := p.Perform(engine.Effect{Kind: "exec.run", Request: id, Body: body}, func(v value.Value, _ bool) { answers <- v.Object() })
	if err != nil {
		t.Fatal(err)
	}
	return answers
}

func next(t *testing.T, answers <-chan *value.Object) *value.Object {
	t.Helper()
	select {
	case o := <-answers:
		return o
	case <-time.After(patience):
		t.Fatal("no answer")
		return nil
	}
}

// TestCancelEndsGroup: closing a node ends what its program started too, even if it
// does not listen to a polite signal.
func TestCancelEndsGroup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := New(Options{Dir: dir})
	answers := start(t, p, 1, value.Obj("command", "trap '' TERM; (trap '' TERM; echo $BASHPID > pid; mv pid child; sleep 100) & wait; sleep 100", "maxBuffer", 100.0))
	next(t, answers)
	var pid int
	for deadline := time.Now().Add(patience); pid == 0; {
		if data, err := os.ReadFile(filepath.Join(dir, "child")); err == nil {
			if pid, err = strconv.Atoi(strings.TrimSpace(string(data))); err != nil {
				t.Fatal(err)
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("the program did not start")
		}
		time.Sleep(time.Millisecond)
	}
	p.Cancel(1)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		if err := syscall.Kill(pid, 0); err != nil || zombie(pid) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("what the program started still runs")
		}
	}
	if len(answers) > 0 {
		t.Error("a cancelled request was answered")
	}
}

// zombie reports whether a process has ended, though nobody has asked how.
func zombie(pid int) bool {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(data), ") Z ")
}

// TestCloseManyRuns: closing does not wait for programs that would run on.
func TestCloseManyRuns(t *testing.T) {
	t.Parallel()
	p := New(Options{})
	for id := range uint64(20) {
		answers := start(t, p, id+1, value.Obj("file", "sleep", "args", value.Arr(value.Str("100"))))
		if id%2 == 0 {
			next(t, answers)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestSlowListener: a program that writes faster than its output is taken waits.
func TestSlowListener(t *testing.T) {
	t.Parallel()
	p := New(Options{})
	answers := make(chan *value.Object)
	body := value.Obj("file", "head", "args", value.Arr(value.Str("-c"), value.Str("3000000"), value.Str("/dev/zero")))
	err := p.Perform(engine.Effect{Kind: "exec.run", Request: 1, Body: body}, func(v value.Value, _ bool) { answers <- v.Object() })
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for {
		o := next(t, answers)
		if b := o.Get("stdout").Buffer(); b != nil {
			if len(b.B) > pieceSize {
				t.Fatalf("a piece of %d bytes", len(b.B))
			}
			total += len(b.B)
		}
		if o.Has("code") {
			break
		}
	}
	if total != 3000000 {
		t.Errorf("%d bytes arrived", total)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}
