package svg

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestCourse holds wires against those of Node-RED's editor: testdata/wires.txt has, for two
// ends and whether a text is under the node, the numbers of the path that
// generateLinkPath of @node-red/editor-client 5.0.7 gives.
func TestCourse(t *testing.T) {
	text, err := os.ReadFile("testdata/wires.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		ends, want, _ := strings.Cut(strings.TrimSpace(line), "|")
		var a, b point
		var noted int
		if _, err := fmt.Sscan(ends, &a.x, &a.y, &b.x, &b.y, &noted); err != nil {
			t.Fatal(line, err)
		}
		got := course(a, b, noted == 1)
		if !same(t, got, want) {
			t.Errorf("%s: %s, the editor has %s", ends, got, want)
		}
	}
}

// same compares the numbers of a path; where the editor writes the length of a level line, ours has its end.
func same(t *testing.T, got, want string) bool {
	t.Helper()
	list := func(text string) (out []float64) {
		for _, f := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r >= 'A' && r <= 'Z' }) {
			v, err := strconv.ParseFloat(f, 64)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, v)
		}
		return out
	}
	g, w := list(got), list(want)
	if i := strings.Index(got, " L "); i >= 0 {
		at := len(list(got[:i]))
		if math.Abs(g[at]-(w[at-2]+w[at])) > 0.06 {
			return false
		}
		g, w = append(g[:at:at], g[at+2:]...), append(w[:at:at], w[at+1:]...)
	}
	if len(g) != len(w) {
		return false
	}
	for i := range g {
		if math.Abs(g[i]-w[i]) > 0.06 {
			return false
		}
	}
	return true
}
