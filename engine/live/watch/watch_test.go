package watch

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// patience bounds every wait of these tests.
const patience = 20 * time.Second

// TestManyChanges: every file of many that are written and deleted is told, with
// several watches at once, and closing ends them though nobody listens.
func TestManyChanges(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "a", "b"), 0o755); err != nil {
		t.Fatal(err)
	}
	p := New(dir)
	seen := make(chan string, 10000)
	body := value.Obj("files", value.Arr(value.Str("a")), "recursive", true)
	for id := range uint64(3) {
		err := p.Perform(engine.Effect{Kind: "watch.start", Request: id + 1, Body: body}, func(v value.Value, _ bool) {
			if id == 0 {
				seen <- v.Object().Get("path").Str()
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	missing := map[string]bool{}
	const files = 200
	for deadline := time.Now().Add(patience); ; { // until the watch is there
		touch(t, filepath.Join(dir, "a", "b", "ready"))
		select {
		case <-seen:
		case <-time.After(2 * delay):
			if time.Now().After(deadline) {
				t.Fatal("nothing is told")
			}
			continue
		}
		break
	}
	for i := range files {
		name := filepath.Join("a", "b", fmt.Sprint(i))
		missing[name] = true
		touch(t, filepath.Join(dir, name))
	}
	for len(missing) > 0 {
		select {
		case name := <-seen:
			delete(missing, name)
		case <-time.After(patience):
			t.Fatalf("%d changes are missing", len(missing))
		}
	}
	p.Cancel(2)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

func touch(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
}
