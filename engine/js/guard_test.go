package js

import (
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// testGuard stops every second piece of code as soon as it begins.
type testGuard struct{ entered int }

func (g *testGuard) Enter(stop func(reason string)) {
	if g.entered++; g.entered%2 == 0 {
		stop("Script execution was stopped")
	}
}

func (g *testGuard) Leave() bool { return g.entered%2 == 0 }

// TestGuard stops endless code; the node and others go on.
func TestGuard(t *testing.T) {
	for _, body := range []string{
		`if (msg.endless) { for (;;) {} } return msg;`,
		`await 1; if (msg.endless) { for (;;) {} } return msg;`,
		`if (msg.endless) { for (;;) { try { for (;;) {} } catch (e) {} finally { n = 1 } } } return msg;`,
		`if (msg.endless) { [1].forEach(() => { for (;;) {} }) } return msg;`,
	} {
		h := newHost()
		r := New(Options{Guard: &testGuard{}})
		f, err := r.NewFunction(h, Identity{ID: "n1", Z: "t"}, Source{Func: body})
		if err == nil {
			err = f.built() // so that only messages count
		}
		if err != nil {
			t.Fatal(err)
		}
		if f.Start(); r.options.Guard.(*testGuard).entered == 1 {
			r.options.Guard.(*testGuard).entered = 0
		}
		f.Receive(value.Obj("_msgid", "a").Object())
		f.Receive(value.Obj("_msgid", "b", "endless", true).Object())
		f.Receive(value.Obj("_msgid", "c").Object())
		got := strings.Join(h.log, "\n")
		want := "send0 {\"_msgid\":\"a\"}\ndone\nfail [Error: Script execution was stopped]\nsend0 {\"_msgid\":\"c\"}\ndone"
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", body, got, want)
		}
	}
}
