package flowtest

import (
	"fmt"
	"sort"
	"strings"
)

// Problem is something wrong in a test file, and where.
type Problem struct {
	File      string
	Line, Col int
	Text      string
	// Advice says what to do, "" if that is plain.
	Advice string
}

// Error is file:line:col: text; advice.
func (p Problem) Error() string {
	text := fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Col, p.Text)
	switch {
	case p.Advice == "":
	case strings.Contains(p.Text, "\n"):
		text += "\n    " + p.Advice
	default:
		text += "; " + p.Advice
	}
	return text
}

// Problems are all that is wrong in a test file.
type Problems []Problem

// Error lists the problems, one per line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, x := range p {
		lines[i] = x.Error()
	}
	return strings.Join(lines, "\n")
}

func (p Problems) err() error {
	if len(p) == 0 {
		return nil
	}
	sort.SliceStable(p, func(i, j int) bool {
		if p[i].Line != p[j].Line {
			return p[i].Line < p[j].Line
		}
		return p[i].Col < p[j].Col
	})
	return p
}

// Place is a place in a test file.
type Place struct{ Line, Col int }

// nearest finds the word most like w, "" if none is like it.
func nearest(w string, words []string) string {
	best, least := "", 3
	for _, x := range words {
		if d := distance(strings.ToLower(w), strings.ToLower(x)); d < least {
			best, least = x, d
		}
	}
	return best
}

// distance is how many letters must change to make one word of another.
func distance(a, b string) int {
	if d := len(a) - len(b); d > 3 || d < -3 {
		return 4
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(row[j+1]+1, row[j]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
