package live_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

// counter is a node that counts what arrives.
type counter struct {
	messages, bytes int
	peak            uint64
}

func (n *counter) Receive(_ *engine.Call, m *engine.Message) error {
	n.messages++
	n.bytes += len(m.Get("payload").Str()) + 1
	if n.messages%50_000 == 0 {
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		n.peak = max(n.peak, s.HeapAlloc)
	}
	return nil
}

// TestStream sends a file through split, line by line: all lines arrive, and memory
// stays bounded. LOCKSTEP_STREAM_MB says how large the file is.
func TestStream(t *testing.T) {
	mb := 24
	if n, err := strconv.Atoi(os.Getenv("LOCKSTEP_STREAM_MB")); err == nil {
		mb = n
	}
	file := filepath.Join(t.TempDir(), "big.txt")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	lines, size := 0, 0
	for size < mb<<20 {
		n, _ := fmt.Fprintf(w, "line %d of a long file, with some text in it to make it longer\n", lines)
		size += n
		lines++
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	doc, err := flow.FromValue("f", value.Arr(
		value.Obj("id", "t", "type", "tab"),
		value.Obj("id", "i", "type", "inject", "z", "t", "x", 1, "y", 1, "props", value.NewArray(), "once", true, "onceDelay", 0.01, "wires", value.Arr(value.Arr(value.Str("r")))),
		value.Obj("id", "r", "type", "file in", "z", "t", "x", 1, "y", 1, "filename", file, "filenameType", "str", "format", "stream", "wires", value.Arr(value.Arr(value.Str("b")))),
		value.Obj("id", "b", "type", "split", "z", "t", "x", 1, "y", 1, "stream", true, "splt", "\\n", "spltType", "str", "arraySplt", 1, "arraySpltType", "len", "addname", "", "wires", value.Arr(value.Arr(value.Str("c")))),
		value.Obj("id", "c", "type", "counter", "z", "t", "x", 1, "y", 1)))
	if err != nil {
		t.Fatal(err)
	}
	n := &counter{}
	registry := engine.NewRegistry(nodes.Core().Types(), []engine.Type{{Name: "counter", Summary: "Counts.", New: func(*engine.Call) (engine.Node, error) { return n, nil }}})
	g, err := flow.Compile(registry.Known, doc)
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(g, registry, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l := live.New(live.Options{Performers: []live.Performer{live.NewFiles("")}, Once: true})
	if err := engine.Run(t.Context(), e, l, l); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if n.messages < lines-1 || n.messages > lines {
		t.Errorf("%d of %d lines came through", n.messages, lines)
	}
	const bound = 256 << 20
	if n.peak > bound {
		t.Errorf("%d MB of heap for a stream", n.peak>>20)
	}
	t.Logf("%d lines, %d MB, at most %d MB of heap", n.messages, mb, n.peak>>20)
}
