package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/conformance"
)

// aWhile lets what a flow does at its start happen.
const aWhile = `{"op":"wait","ms":400}`

// compareExamples starts and stops the flows of a folder on the judge and on ours, and
// compares the errors and warnings that nodes give.
func compareExamples(ctx context.Context, o *options, dir string) error {
	if dir == "" {
		return errors.New("usage: conform examples DIR")
	}
	var cases []*conformance.Case
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		cases = append(cases, &conformance.Case{Name: strings.TrimSuffix(filepath.ToSlash(name), ".json"), Summary: "An example.", Flow: text, Script: []string{aWhile}, Wall: true, ByNode: true})
		return err
	})
	if err != nil {
		return err
	}
	if len(cases) == 0 {
		return fmt.Errorf("there are no flows in %s", dir)
	}
	var recorded []*conformance.Case
	conformance.Record(ctx, judge(o), cases, o.workers, func(r conformance.Recording) {
		if r.Err != nil {
			fmt.Printf("%s: the judge: %v\n", r.Case.Name, r.Err)
			return
		}
		r.Case.Want = complaints(r.Lines)
		recorded = append(recorded, r.Case)
	})
	slices.SortFunc(recorded, func(a, b *conformance.Case) int { return strings.Compare(a.Name, b.Name) })
	type row struct{ flows, same int }
	rows := map[string]*row{}
	bad := 0
	for _, c := range recorded {
		folder := c.Category()
		if rows[folder] == nil {
			rows[folder] = &row{}
		}
		rows[folder].flows++
		got, err := playExample(ctx, o, c)
		if err != nil {
			got = []string{err.Error()}
		}
		more := slices.DeleteFunc(slices.Clone(got), func(l string) bool { return slices.Contains(c.Want, l) })
		less := slices.DeleteFunc(slices.Clone(c.Want), func(l string) bool { return slices.Contains(got, l) })
		if len(more)+len(less) == 0 {
			rows[folder].same++
			continue
		}
		if len(more) > 0 {
			bad++
		}
		fmt.Printf("%s\n  only ours     %s\n  only Node-RED %s\n", c.Name, strings.Join(more, "\n                "), strings.Join(less, "\n                "))
	}
	fmt.Print("| folder | flows | the same |\n| --- | ---: | ---: |\n")
	total := row{}
	folders := make([]string, 0, len(rows))
	for f := range rows {
		folders = append(folders, f)
	}
	slices.Sort(folders)
	for _, f := range folders {
		fmt.Printf("| %s | %d | %d |\n", f, rows[f].flows, rows[f].same)
		total.flows, total.same = total.flows+rows[f].flows, total.same+rows[f].same
	}
	fmt.Printf("| all | %d | %d |\n", total.flows, total.same)
	if bad > 0 {
		return fmt.Errorf("%d of %d flows give an error that Node-RED does not give", bad, total.flows)
	}
	return nil
}

func playExample(ctx context.Context, o *options, c *conformance.Case) ([]string, error) {
	dir, err := os.MkdirTemp("", "lockstep-example-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a leftover temporary folder is no failure
	conn, err := conformance.Dial(ctx, ours(o, c), dir)
	if err != nil {
		return nil, err
	}
	lines, err := conn.Play(c, dir)
	return complaints(lines), errors.Join(err, conn.Close())
}

// complaints are the log entries of levels error and warning, as "type: message".
func complaints(lines []string) []string {
	var out []string
	for _, l := range lines {
		var e struct {
			Ev    string
			Entry struct {
				Level    int
				ID, Type string
				Msg      json.RawMessage
			}
			Error string
			Op    string
		}
		if err := json.Unmarshal([]byte(l), &e); err != nil {
			continue
		}
		if e.Error != "" {
			out = append(out, e.Op+": "+e.Error)
		}
		if e.Ev == "log" && e.Entry.Level > 0 && e.Entry.Level <= 30 {
			out = append(out, fmt.Sprintf("%s %s: %s", e.Entry.Type, e.Entry.ID, e.Entry.Msg))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
