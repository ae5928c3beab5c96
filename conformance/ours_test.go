package conformance_test

import (
	"context"
	"flag"
	"io"
	"os"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/conformance"
	"github.com/lockstep-flows/lockstep/conformance/rut"
	"github.com/lockstep-flows/lockstep/nodes"
)

// TestMain lets several cases run at a time, also on few cores: those in real time
// mostly wait.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("16")
	}
	os.Exit(m.Run())
}

// TestOursLive holds our runtime to the recorded cases that need real time. It is not
// parallel to others, whose work would make it late.
func TestOursLive(t *testing.T) { holdOurs(t, true) }

// TestOurs holds our runtime to all other recorded cases, in virtual time.
func TestOurs(t *testing.T) {
	t.Parallel()
	holdOurs(t, false)
}

// attempts is how often a case in real time is played: on a busy machine it may be late.
const attempts = 6

func holdOurs(t *testing.T, wall bool) {
	cases, err := conformance.LoadCases(conformance.Cases(), "")
	if err != nil {
		t.Fatal(err)
	}
	ours := conformance.InProcess(func(ctx context.Context, dir string, in io.Reader, out io.Writer) error {
		return rut.Serve(ctx, in, out, rut.Options{Virtual: !wall, Dir: dir})
	})
	known := nodes.Core()
	for _, c := range cases {
		if c.Wall != wall {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			if typ := c.Unsupported(known.Known); typ != "" {
				t.Skipf("the node type %q is not built yet", typ)
			}
			diff, err := conformance.Run(t.Context(), ours, c, t.TempDir())
			for n := 1; wall && n < attempts && (err != nil || (diff == "") == (c.Differs != "")); n++ {
				t.Logf("attempt %d: %v\n%s", n, err, diff)
				time.Sleep(time.Duration(n) * 200 * time.Millisecond)
				diff, err = conformance.Run(t.Context(), ours, c, t.TempDir())
			}
			switch {
			case err != nil:
				t.Error(err)
			case diff != "" && c.Differs == "":
				t.Errorf("%s\n%s", c.Summary, diff)
			case diff == "" && c.Differs != "":
				t.Errorf("no longer differs, remove the header: %s", c.Differs)
			}
		})
	}
}
