package conformance

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Outcome is how a runtime did in one case.
type Outcome struct {
	Case *Case
	// Diff is empty if the runtime did what the recording says.
	Diff string
	// Err says how the runtime broke.
	Err error
}

// Passed tells whether the runtime did what the recording says, or differs on purpose.
func (o *Outcome) Passed() bool { return o.Err == nil && (o.Diff == "" || o.Case.Differs != "") }

// Report writes markdown: cases per category and node, then the cases that differ on purpose
// with their reasons, then those that fail.
func Report(w io.Writer, outcomes []Outcome) error {
	type row struct{ cases, same, differs, fails int }
	rows := map[string]*row{}
	total := &row{}
	judges := map[string]bool{}
	for _, o := range outcomes {
		key := o.Case.Category() + "\x00" + o.Case.Node()
		if rows[key] == nil {
			rows[key] = &row{}
		}
		judges[o.Case.Judge] = true
		for _, r := range []*row{rows[key], total} {
			r.cases++
			switch {
			case !o.Passed():
				r.fails++
			case o.Case.Differs != "":
				r.differs++
			default:
				r.same++
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d cases recorded from %s: %d the same, %d different on purpose, %d failing.\n\n",
		total.cases, strings.Join(slices.Sorted(maps.Keys(judges)), ", "), total.same, total.differs, total.fails)
	b.WriteString("| category | node | cases | same | differs | fails |\n| --- | --- | ---: | ---: | ---: | ---: |\n")
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		r := rows[key]
		category, node, _ := strings.Cut(key, "\x00")
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d |\n", category, node, r.cases, r.same, r.differs, r.fails)
	}
	b.WriteString(caseTable("Different on purpose", "reason", outcomes, func(o *Outcome) string {
		if !o.Passed() {
			return ""
		}
		return o.Case.Differs
	}))
	b.WriteString(caseTable("Failing", "what the case shows", outcomes, func(o *Outcome) string {
		if o.Passed() {
			return ""
		}
		return o.Case.Summary
	}))
	_, err := io.WriteString(w, b.String())
	return err
}

// caseTable is a table of the cases for which why gives a text; empty if there is none.
func caseTable(title, column string, outcomes []Outcome, why func(*Outcome) string) string {
	var b strings.Builder
	sorted := slices.SortedFunc(slices.Values(outcomes), func(x, y Outcome) int { return cmp.Compare(x.Case.Name, y.Case.Name) })
	for i := range sorted {
		if text := why(&sorted[i]); text != "" {
			fmt.Fprintf(&b, "| %s | %s |\n", sorted[i].Case.Name, strings.ReplaceAll(text, "|", `\|`))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return fmt.Sprintf("\n## %s\n\n| case | %s |\n| --- | --- |\n%s", title, column, b.String())
}
