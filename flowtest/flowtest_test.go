package flowtest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// results runs all tests of a file.
func results(t *testing.T, file string, o RunOptions) (*Suite, []*Result) {
	t.Helper()
	s, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []*Result
	for _, test := range s.Tests {
		out = append(out, s.Run(context.Background(), test, o))
	}
	return s, out
}

func lines(r *Result) string {
	var b strings.Builder
	for _, f := range r.Failures {
		b.WriteString(Problem{File: r.File, Line: f.Line, Col: f.Col, Text: f.Text}.Error() + "\n")
		for _, d := range f.Details {
			b.WriteString("    " + d + "\n")
		}
	}
	return b.String()
}

// TestPass runs test files that pass: they say what the words of test files mean.
func TestPass(t *testing.T) {
	files, _ := filepath.Glob("testdata/pass/*.test.yaml")
	if len(files) == 0 {
		t.Fatal("there are no files")
	}
	for _, f := range files {
		s, list := results(t, f, RunOptions{})
		for i, r := range list {
			if !r.Passed() {
				t.Errorf("%s\n%s", s.Tests[i].Name, lines(r))
			}
		}
	}
}

// TestFail runs tests that fail; comments after each say what must be told.
func TestFail(t *testing.T) {
	const file = "testdata/fail/fails.test.yaml"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	source := strings.Split(string(text), "\n")
	s, list := results(t, file, RunOptions{})
	for i, r := range list {
		end := len(source)
		if i+1 < len(list) {
			end = s.Tests[i+1].Line - 1
		}
		got := lines(r)
		wanted := 0
		for _, l := range source[s.Tests[i].Line:end] {
			if want, ok := strings.CutPrefix(strings.TrimSpace(l), "# "); ok {
				wanted++
				if !strings.Contains(got, want) {
					t.Errorf("%s: %q is not told:\n%s", r.Name, want, got)
				}
			}
		}
		if wanted == 0 || r.Passed() {
			t.Errorf("%s passed, or nothing is wanted", r.Name)
		}
	}
}

// TestWrong reads files that are wrong.
func TestWrong(t *testing.T) {
	files, _ := filepath.Glob("testdata/wrong/*.yaml")
	if len(files) == 0 {
		t.Fatal("there are no files")
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(strings.TrimSuffix(f, ".yaml") + ".want")
		if err != nil {
			t.Fatal(err)
		}
		_, err = Parse(filepath.Base(f), text)
		if err == nil || err.Error()+"\n" != string(want) {
			t.Errorf("%s: got\n%v", f, err)
		}
	}
}

// TestTwice runs the same test twice: it gives the same.
func TestTwice(t *testing.T) {
	s, err := Load("testdata/pass/given.test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range append(s.Tests, s.Tests...) {
		if r := s.Run(t.Context(), test, RunOptions{}); !r.Passed() {
			t.Error(lines(r))
		}
	}
}

// TestSnapshots writes snapshots, finds them again and sees what is different.
func TestSnapshots(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.test.yaml")
	write := func(payload string) {
		text := "flow: [{id: t, type: tab}, {id: o, type: debug, z: t, name: out, active: true, tosidebar: true, complete: payload, targetType: msg}]\n" +
			"tests: [{name: one, steps: [{inject: {node: out, payload: " + payload + "}}], snapshot: true}]\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(update bool) string {
		snaps, err := OpenSnapshots(file, update)
		if err != nil {
			t.Fatal(err)
		}
		_, list := results(t, file, RunOptions{Snapshots: snaps})
		if err := snaps.Save(true); err != nil {
			t.Fatal(err)
		}
		return lines(list[0])
	}
	write("1")
	if got := run(false); !strings.Contains(got, `there is no snapshot "one" yet`) {
		t.Error(got)
	}
	if got := run(true) + run(false); got != "" {
		t.Error(got)
	}
	write("{a: 2}")
	if got := run(false); !strings.Contains(got, `debug[0].out  wanted 1, is {"a":2}`) {
		t.Error(got)
	}
	if got := run(true) + run(false); got != "" {
		t.Error(got)
	}
}

// FuzzParse reads anything.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*/*.yaml")
	examples, _ := filepath.Glob("../examples/*/*.test.yaml")
	for _, name := range append(files, examples...) {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Parse("x", text)
		if err == nil && len(file.Tests) == 0 {
			t.Error("no tests, and no error")
		}
	})
}

// TestExamples runs the tests of the examples.
func TestExamples(t *testing.T) {
	files, err := Find([]string{"../examples/..."})
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		snaps, err := OpenSnapshots(f, false)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Load(f)
		if err != nil {
			t.Fatal(err)
		}
		cover := NewCover(s)
		_, list := results(t, f, RunOptions{Snapshots: snaps, Cover: cover})
		for _, r := range list {
			if !r.Passed() {
				t.Errorf("%s: %s\n%s", f, r.Name, lines(r))
			}
		}
	}
}
