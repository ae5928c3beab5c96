package conformance

import (
	"fmt"
	"strings"
)

// Diff compares what a runtime did with the recording. It is empty if they are the same, else
// readable text: for every step that differs its request, and line by line what is missing (-),
// what is there too much (+) and what is common.
func Diff(c *Case, got []string) (string, error) {
	want := c.Want
	if c.ByNode {
		var err error
		if want, err = regroup(c, want); err != nil {
			return "", fmt.Errorf("case %s: %w", c.Name, err)
		}
	}
	w, g := splitSteps(lenient(want)), splitSteps(lenient(got))
	var b strings.Builder
	for i := range max(len(w), len(g)) {
		var ws, gs []string
		if i < len(w) {
			ws = w[i]
		}
		if i < len(g) {
			gs = g[i]
		}
		if d := diffLines(ws, gs); d != "" {
			fmt.Fprintf(&b, "%s: %s\n%s", c.Name, describeStep(c, i), d)
		}
	}
	return b.String(), nil
}

// lenient reads array holes as undefined, as the drive protocol allows, and leaves
// out the header that advertises the web framework.
func lenient(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		l = strings.ReplaceAll(l, `{"$t":"hole"}`, `{"$t":"undefined"}`)
		out[i] = strings.ReplaceAll(l, `,"x-powered-by":"Express"`, "")
	}
	return out
}

func describeStep(c *Case, i int) string {
	switch {
	case i == 0:
		return "step 0: load"
	case i <= len(c.Script):
		return fmt.Sprintf("step %d: %s", i, clip(c.Script[i-1], 200))
	default:
		return fmt.Sprintf("step %d: unload", i)
	}
}

// splitSteps cuts recorded lines where a new step begins.
func splitSteps(all []string) [][]string {
	var out [][]string
	step := ""
	for _, l := range all {
		head, _, isHead := strings.Cut(l, ",")
		if isHead = isHead && strings.HasPrefix(head, `{"step":`); isHead && head != step || len(out) == 0 {
			out, step = append(out, nil), head
		}
		out[len(out)-1] = append(out[len(out)-1], l)
	}
	return out
}

// diffLines is a line diff by longest common subsequence, empty if there is no difference.
func diffLines(want, got []string) string {
	n, m := len(want), len(got)
	lcs := make([][]int, n+1)
	for i := range lcs {
		lcs[i] = make([]int, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if want[i] == got[j] {
				lcs[i][j] = lcs[i+1][j+1] + 1
			} else {
				lcs[i][j] = max(lcs[i+1][j], lcs[i][j+1])
			}
		}
	}
	if lcs[0][0] == n && n == m {
		return ""
	}
	var b strings.Builder
	i, j := 0, 0
	for i < n || j < m {
		switch {
		case i < n && j < m && want[i] == got[j]:
			fmt.Fprintf(&b, "    %s\n", clip(want[i], 160))
			i, j = i+1, j+1
		case i < n && (j == m || lcs[i+1][j] >= lcs[i][j+1]):
			fmt.Fprintf(&b, "  - %s\n", clip(want[i], 2000))
			i++
		default:
			fmt.Fprintf(&b, "  + %s\n", clip(got[j], 2000))
			j++
		}
	}
	return b.String()
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + "…"
}
