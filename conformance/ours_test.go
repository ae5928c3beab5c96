package conformance_test

import (
	"context"
	"io"
	"testing"

	"github.com/lockstep-flows/lockstep/conformance"
	"github.com/lockstep-flows/lockstep/conformance/rut"
	"github.com/lockstep-flows/lockstep/nodes"
)

// TestOurs holds our runtime to every recorded case, in virtual time unless the case says otherwise.
func TestOurs(t *testing.T) {
	t.Parallel()
	cases, err := conformance.LoadCases(conformance.Cases(), "")
	if err != nil {
		t.Fatal(err)
	}
	ours := func(c *conformance.Case) conformance.Target {
		return conformance.InProcess(func(ctx context.Context, dir string, in io.Reader, out io.Writer) error {
			return rut.Serve(ctx, in, out, rut.Options{Virtual: !c.Wall, Dir: dir})
		})
	}
	known := nodes.Core()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			if typ := c.Unsupported(known.Known); typ != "" {
				t.Skipf("the node type %q is not built yet", typ)
			}
			diff, err := conformance.Run(t.Context(), ours(c), c, t.TempDir())
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
