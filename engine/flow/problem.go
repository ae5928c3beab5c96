package flow

import (
	"fmt"
	"sort"
	"strings"
)

// Position is a place in a flow file; lines and columns count from 1, columns in
// characters. The zero Position is unknown.
type Position struct {
	File      string
	Line, Col int
}

// String gives file:line:col, as much of it as is known.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Severity says whether a problem keeps a flow from starting.
type Severity int

// The severities.
const (
	SeverityError Severity = iota
	SeverityWarning
)

// String gives "error" or "warning".
func (s Severity) String() string {
	if s == SeverityWarning {
		return "warning"
	}
	return "error"
}

// Problem is one thing that is wrong with a flow.
type Problem struct {
	Position Position
	Severity Severity
	// Node, Type, Name and Property say whose; each may be empty.
	Node, Type, Name, Property string
	// Text says what is wrong, Advice what to do about it (may be empty).
	Text, Advice string
}

// Error gives the problem on one line.
func (p Problem) Error() string {
	var b strings.Builder
	if at := p.Position.String(); at != "" {
		b.WriteString(at + ": ")
	}
	if p.Node != "" {
		fmt.Fprintf(&b, "node %s", p.Node)
		if p.Type != "" {
			fmt.Fprintf(&b, " (%s", p.Type)
			if p.Name != "" {
				fmt.Fprintf(&b, " %q", p.Name)
			}
			b.WriteString(")")
		}
		if p.Property != "" {
			b.WriteString(", property " + p.Property)
		}
		b.WriteString(": ")
	}
	b.WriteString(p.Text)
	if p.Advice != "" {
		b.WriteString("; " + p.Advice)
	}
	return b.String()
}

// Problems is a list of problems; as an error it prints one per line.
type Problems []Problem

// Error gives all problems, one per line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Errors gives those that keep the flow from starting.
func (ps Problems) Errors() Problems {
	var out Problems
	for _, p := range ps {
		if p.Severity == SeverityError {
			out = append(out, p)
		}
	}
	return out
}

// Err is the list of errors as an error, nil if there is none.
func (ps Problems) Err() error {
	if errs := ps.Errors(); len(errs) > 0 {
		return errs
	}
	return nil
}

// Sort orders the problems by file and place.
func (ps Problems) Sort() {
	sort.SliceStable(ps, func(i, j int) bool {
		a, b := ps[i].Position, ps[j].Position
		if a.File != b.File {
			return a.File < b.File
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Col < b.Col
	})
}
