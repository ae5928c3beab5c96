package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine/flow/svg"
	"github.com/lockstep-flows/lockstep/flowtest"
)

// testReport prints what came of tests.
type testReport struct {
	s                               streams
	f                               *testFlags
	red, green, off                 string
	passed, failed, skipped, broken int
}

func newTestReport(s streams, f *testFlags) *testReport {
	r := &testReport{s: s, f: f}
	if colours(s.out) {
		r.red, r.green, r.off = "\x1b[31m", "\x1b[32m", "\x1b[0m"
	}
	return r
}

// file prints the results of a file.
func (r *testReport) file(t *tested) {
	if t.err != nil {
		r.broken++
		for _, l := range problemLines(t.err) {
			fmt.Fprintln(r.s.err, l)
		}
	}
	failed := 0
	for _, x := range t.results {
		switch {
		case x.Skipped != "":
			r.skipped++
		case x.Passed():
			r.passed++
		default:
			failed++
			r.failed++
		}
		if r.f.json {
			r.line(x)
		} else {
			r.test(x)
		}
	}
	if r.f.json || len(t.results) == 0 {
		return
	}
	word, colour := "ok  ", r.green
	if failed > 0 || t.err != nil {
		word, colour = "FAIL", r.red
	}
	note := ""
	if t.updated > 0 {
		note = ", " + count(t.updated, "snapshot") + " written"
	}
	fmt.Fprintf(r.s.out, "%s%s%s  %s  %s%s\n", colour, word, r.off, t.file, count(len(t.results), "test"), note)
}

func (r *testReport) test(x ran) {
	switch {
	case x.Skipped != "":
		if r.f.verbose {
			fmt.Fprintf(r.s.out, "skip  %s: %s\n", x.Name, x.Skipped)
		}
	case x.Passed():
		if r.f.verbose {
			fmt.Fprintf(r.s.out, "%spass%s  %s\n", r.green, r.off, x.Name)
		}
	default:
		fmt.Fprintf(r.s.out, "%sfail%s  %s\n", r.red, r.off, x.Name)
		for _, f := range x.Failures {
			fmt.Fprintf(r.s.out, "  %s:%d:%d: %s\n", x.File, f.Line, f.Col, strings.ReplaceAll(f.Text, "\n", "\n    "))
			for _, d := range f.Details {
				fmt.Fprintf(r.s.out, "      %s\n", d)
			}
		}
	}
}

func (r *testReport) line(x ran) {
	type failure struct {
		Line    int      `json:"line"`
		Col     int      `json:"col"`
		Text    string   `json:"text"`
		Details []string `json:"details,omitempty"`
	}
	out := struct {
		File     string    `json:"file"`
		Line     int       `json:"line"`
		Name     string    `json:"name"`
		Result   string    `json:"result"`
		Reason   string    `json:"reason,omitempty"`
		Ms       float64   `json:"ms"`
		Failures []failure `json:"failures,omitempty"`
	}{x.File, x.Line, x.Name, "pass", x.Skipped, float64(x.took.Microseconds()) / 1000, nil}
	if x.Skipped != "" {
		out.Result = "skip"
	} else if !x.Passed() {
		out.Result = "fail"
	}
	for _, f := range x.Failures {
		out.Failures = append(out.Failures, failure{f.Line, f.Col, f.Text, f.Details})
	}
	enc := json.NewEncoder(r.s.out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(out) // stdout
}

// end prints the sums, and gives the exit code.
func (r *testReport) end(took time.Duration, all []*tested) error {
	if !r.f.json {
		text := fmt.Sprintf("%d passed, %d failed", r.passed, r.failed)
		if r.skipped > 0 {
			text += fmt.Sprintf(", %d skipped", r.skipped)
		}
		fmt.Fprintf(r.s.out, "%s\n", text)
		fmt.Fprintf(r.s.err, "%s in %.2f s\n", count(len(all), "file"), took.Seconds())
	}
	switch {
	case r.broken > 0:
		return exitError{code: exitUsage}
	case r.failed > 0:
		return exitError{code: exitFailed}
	case r.passed+r.skipped == 0:
		return exitError{exitUsage, "no test has a name that --run " + r.f.only + " finds"}
	}
	return nil
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",cdata"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitFailure `xml:"failure"`
	Error   *junitFailure `xml:"error"`
	Skipped *junitFailure `xml:"skipped"`
}

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

// writeJUnit writes the results in the form that CI servers read.
func writeJUnit(file string, all []*tested) error {
	var out struct {
		XMLName xml.Name `xml:"testsuites"`
		Suites  []junitSuite
	}
	for _, t := range all {
		out.Suites = append(out.Suites, junitOf(t))
	}
	text, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append([]byte(xml.Header), append(text, '\n')...), 0o644) //nolint:gosec // a report
}

func junitOf(t *tested) junitSuite {
	s := junitSuite{Name: t.file}
	total := time.Duration(0)
	for _, x := range t.results {
		c := junitCase{Name: x.Name, Class: t.file, Time: seconds(x.took)}
		total += x.took
		if x.Skipped != "" {
			c.Skipped = &junitFailure{Message: x.Skipped}
			s.Skipped++
		}
		if !x.Passed() {
			var b strings.Builder
			for _, f := range x.Failures {
				fmt.Fprintf(&b, "%s:%d:%d: %s\n", x.File, f.Line, f.Col, f.Text)
				for _, d := range f.Details {
					fmt.Fprintf(&b, "    %s\n", d)
				}
			}
			c.Failure = &junitFailure{x.Failures[0].Text, printable(b.String())}
			s.Failures++
		}
		s.Cases = append(s.Cases, c)
	}
	if t.err != nil {
		s.Cases = append(s.Cases, junitCase{Name: "(the file)", Class: t.file, Time: "0", Error: &junitFailure{"the file is wrong", printable(t.err.Error())}})
		s.Errors = 1
	}
	s.Tests, s.Time = len(s.Cases), seconds(total)
	return s
}

// printable replaces characters that XML may not hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == '\ufffe' || r == '\uffff' {
			return '\ufffd'
		}
		return r
	}, s)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.4f", d.Seconds()) }

// printCover prints which nodes and wires tests have reached.
func printCover(w io.Writer, c *flowtest.Cover) {
	total := c.Total()
	fmt.Fprintf(w, "\n%s: %s of nodes, %s of wires\n", strings.Join(c.Flows, ", "), percent(total.Nodes, total.AllNodes), percent(total.Wires, total.AllWires))
	fmt.Fprintf(w, "  %-30s %12s %12s\n", "tab", "nodes", "wires")
	for _, t := range c.Tabs() {
		fmt.Fprintf(w, "  %-30s %12s %12s\n", t.Label, share(t.Nodes, t.AllNodes), share(t.Wires, t.AllWires))
	}
	for _, m := range c.Missed() {
		fmt.Fprintln(w, "  not reached: "+m)
	}
}

func share(n, of int) string { return fmt.Sprintf("%d of %d", n, of) }

func percent(n, of int) string {
	if of == 0 {
		return "all"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(n)/float64(of))
}

// writeCover draws the flows; several drawings get names of their own.
func writeCover(s streams, file string, list []*flowtest.Cover) error {
	var pages []svg.Page
	for _, c := range list {
		pages = append(pages, c.Draw()...)
	}
	if len(pages) == 0 {
		return fmt.Errorf("there is nothing to draw: no node has a place on a tab")
	}
	used := map[string]bool{}
	for _, p := range pages {
		name := file
		if len(pages) > 1 {
			ext := filepath.Ext(file)
			base := strings.TrimSuffix(file, ext) + "-" + fileName(p.Label)
			for name = base + ext; used[name]; name = base + ext {
				base += "-" + fileName(p.ID)
			}
		}
		used[name] = true
		if err := os.WriteFile(name, []byte(p.SVG), 0o644); err != nil { //nolint:gosec // a drawing
			return err
		}
		fmt.Fprintln(s.err, "wrote "+name)
	}
	return nil
}
