package determinism

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

// Environment variables that make arch sets.
const (
	programsVar = "LOCKSTEP_PROGRAMS" // how many programs; 300 if unset
	digestsVar  = "LOCKSTEP_DIGESTS"  // a file for a line per program
	batch       = 100
)

// prologue is in front of each batch. Numbers are shown with their bits.
const prologue = `const n = x => x, out = [], bits = new DataView(new ArrayBuffer(8));
const show = v => typeof v === "number" ? (bits.setFloat64(0, v), bits.getUint32(0).toString(16) + "." + bits.getUint32(4).toString(16) + " " + (Object.is(v, -0) ? "-0" : v))
  : Array.isArray(v) ? "[" + v.map(show).join() + "]" : typeof v + ":" + String(v);
const jsonata = s => JSON.stringify(RED.util.evaluateJSONataExpression(RED.util.prepareJSONataExpression(s, node), {}));
const t = f => { let s; try { s = show(f()) } catch (e) { s = "throws " + e } out.push(s) };
`

type keep struct{ text []string }

func (k *keep) Put(f engine.Effect) error {
	if f.Kind == "log" || f.Kind == "warn" || f.Kind == "error" {
		k.text = append(k.text, value.Inspect(f.Body, value.InspectOptions{}))
	}
	if v := f.Body.Object(); v != nil {
		if m := v.Get("msg"); m.IsString() {
			k.text = append(k.text, m.Str())
		}
	}
	return nil
}

// results runs programs from one on and gives what each showed.
func results(t *testing.T, from int, zone string) []string {
	t.Helper()
	code := prologue
	for i := from; i < from+batch; i++ {
		code += "t(() => " + Program(i) + ");\n"
	}
	return batchResults(t, code, from, zone)
}

// batchResults runs code that pushes the results of a batch to out.
func batchResults(t *testing.T, code string, from int, zone string) []string {
	t.Helper()
	code += "node.warn(\"results\\n\" + out.map(s => encodeURIComponent(s.toWellFormed())).join(\"\\n\"))"
	flows, err := json.Marshal([]map[string]any{{"id": "t", "type": "tab"}, {
		"id": "f", "type": "function", "z": "t", "x": 1, "y": 1, "outputs": 1, "func": "return msg", "initialize": code, "wires": [][]string{{}}}})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := flow.Parse("f.json", flows)
	if err != nil {
		t.Fatal(err)
	}
	g, err := flow.Compile(nil, doc)
	if err != nil {
		t.Fatal(err)
	}
	z, err := value.LoadZone(zone)
	if err != nil {
		t.Fatal(err)
	}
	o := engine.Options{Seed: 1, Zone: z}
	if from/batch%2 == 1 { // every other batch runs with steps counted
		o.Settings = value.Obj("functionMaxSteps", 1e9).Object()
	}
	e, err := engine.New(g, nodes.Core(), o)
	if err != nil {
		t.Fatal(err)
	}
	k := &keep{}
	const start = 1_700_000_000_000
	if err := engine.Run(t.Context(), e, engine.NewScript(start, engine.Event{Kind: engine.EventStop, Time: start}), k); err != nil {
		t.Fatal(err)
	}
	for _, s := range k.text {
		if _, list, ok := strings.Cut(s, "results\n"); ok {
			if lines := strings.Split(list, "\n"); len(lines) == batch {
				return lines
			}
		}
	}
	t.Fatalf("programs %d to %d: no results: %.500s", from, from+batch, strings.Join(k.text, "\n"))
	return nil
}

// TestPrograms runs generated programs. Their digests, written where LOCKSTEP_DIGESTS
// says, are compared between architectures by make arch; the first hundred are compared
// with those recorded.
func TestPrograms(t *testing.T) {
	n := 300
	if s := os.Getenv(programsVar); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	var lines []string
	broken := 0
	for from := 0; from < n; from += batch {
		for i, s := range results(t, from, zones[from/batch%len(zones)]) {
			if strings.HasPrefix(s, "throws%20SyntaxError") || strings.HasPrefix(s, "throws%20ReferenceError") {
				broken++
				t.Logf("%s: %s", Program(from+i), s)
			}
			lines = append(lines, fmt.Sprintf("program %d %x", from+i, sha256.Sum256([]byte(s)))[:32])
		}
	}
	if broken > 0 {
		t.Errorf("%d programs are no programs", broken)
	}
	compare(t, "testdata/programs.txt", lines[:batch])
	if file := os.Getenv(digestsVar); file != "" {
		writeLines(t, file, lines)
	}
}

// compare holds lines to those of a file; with LOCKSTEP_WRITE=1 it writes the file.
func compare(t *testing.T, file string, lines []string) {
	t.Helper()
	if os.Getenv("LOCKSTEP_WRITE") == "1" {
		writeLines(t, file, lines)
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	for i, l := range lines {
		if i >= len(want) || want[i] != l {
			t.Errorf("%s: %s: got %s", file, Program(i), l)
		}
	}
}

func writeLines(t *testing.T, file string, lines []string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	for _, l := range lines {
		fmt.Fprintln(w, l)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
