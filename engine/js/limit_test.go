package js

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

var write = flag.Bool("write", false, "write what came out into testdata/limits.txt")

// hostileLimit is the limit the programs of testdata/limits.txt run with.
const hostileLimit = 100_000

// limited runs a body with a limit and tells what came of it.
func limited(t testing.TB, limit int64, body string) string {
	t.Helper()
	h := newHost()
	r := New(Options{MaxSteps: limit})
	f, err := r.NewFunction(h, Identity{ID: "a"}, Source{Func: body})
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	f.Start()
	f.Receive(value.Obj("payload", 1, "_msgid", "id").Object())
	at := fmt.Sprintf("%d steps", limit-r.steps.left)
	if r.steps.stopped {
		at = fmt.Sprintf("stopped at %d asking %d", limit-r.steps.end, r.steps.asked)
	}
	out := at + ": " + strings.Join(h.log, "|")
	if len(out) > 200 {
		out = out[:200]
	}
	h.log = nil
	g, err := r.NewFunction(h, Identity{ID: "b"}, Source{Func: "let n = 0; for (let i = 0; i < 5; i++) n += i; return {payload: n}"})
	if err != nil {
		t.Fatal(err)
	}
	g.Start()
	g.Receive(value.Obj("payload", 1, "_msgid", "id").Object())
	if got := strings.Join(h.log, "|"); got != `send0 {"payload":10,"_msgid":"id"}|done` {
		t.Errorf("%s: another node after it: %s", body, got)
	}
	return out
}

// TestHostile: programs that want too much stop, all at the step that is recorded,
// and other nodes go on.
func TestHostile(t *testing.T) {
	const file = "testdata/limits.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	lines, seen := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"), 0
	for i := 0; i < len(lines); i++ {
		if strings.HasPrefix(lines[i], "#") {
			out.WriteString(lines[i] + "\n")
			continue
		}
		seen++
		body, want := lines[i], strings.TrimPrefix(lines[i+1], "  => ")
		i++
		start := time.Now()
		got := limited(t, hostileLimit, body)
		t.Log(time.Since(start), body)
		fmt.Fprintf(&out, "%s\n  => %s\n", body, got)
		if got != want && !*write {
			t.Errorf("%s\n got %s\nwant %s", body, got, want)
		}
	}
	if seen < 60 {
		t.Errorf("only %d programs", seen)
	}
	if *write {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
