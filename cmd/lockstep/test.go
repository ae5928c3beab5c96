package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/flowtest"
)

type testFlags struct {
	only, junit, coverSVG        string
	verbose, json, update, cover bool
	parallel                     int
	limit                        time.Duration
}

func testCommand(s streams) *cobra.Command {
	var f testFlags
	c := &cobra.Command{
		Use: "test PATH…", Short: "Test flows", Args: cobra.MinimumNArgs(1),
		Long: `test runs the tests of flows: the files *.test.yaml that are named or lie in the
folders named, and below them. A test puts messages into the flow, lets time pass and
says what must come of it:

  tests:
    - name: the alarm comes after 20 s without a reading
      steps:
        - inject: {node: hysteresis, payload: 20, topic: room}
        - wait: 20s
      expect:
        - last("alarm").payload == "no reading from the room for 20 seconds"

Time is virtual and nothing outside is touched: files live in memory, and requests
get the answers that the test gives.

A file has flow (default flow.json beside it), user-dir, given and tests. given, of the
file or a test, has time, zone, seed, env, settings, globals, credentials, context,
stores, files, answers, and unanswered: fail, error or wait. Steps are
  inject: {node, msg, payload, topic}      press: NODE       wait: 1h (or idle)
  http: {method, path, query, headers, cookies, body, form, name}
  mqtt: {topic, payload, qos, retain}      udp: {node, from, port, data}
  tcp or websocket: {node, from, data, close}
  answer: {kind, node, when, with or fail: CODE, after, times}
  expect: […]      snapshot: true          stop: true
Expectations are conditions, {value, is}, {value, has}, or snapshots.

Conditions are those of https://expr-lang.org over
  received(NODE), sent(NODE, PORT), last(NODE)     messages
  status(NODE), statuses(NODE), errors(NODE), logs(LEVEL or NODE), debug(NODE)
  response(NAME), responses()                      answers to the http steps
  published(TOPIC), file(NAME), files()
  effects(KIND, NODE)                              all that left the flow
  global(KEY), flow(TAB, KEY), context(NODE, KEY)
  elapsed()                                        ms since the start
  same(A, B)                                       whether two values are equal
A NODE is a name, an id, or "tab/name".

Exit codes: 0 all passed; 1 a test failed; 2 a file or the command line is wrong.`,
		Example: `  lockstep test .
  lockstep test --run alarm -v thermostat.test.yaml
  lockstep test --cover --junit report.xml flows/...`,
		RunE: func(c *cobra.Command, args []string) error { return f.run(c.Context(), s, args) },
	}
	f.define(c)
	return c
}

func (f *testFlags) define(c *cobra.Command) {
	c.Flags().StringVar(&f.only, "run", "", "run only the tests whose name this regular expression finds")
	c.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "name the tests that passed, too")
	c.Flags().BoolVar(&f.json, "json", false, "print the results as JSON, one test per line")
	c.Flags().StringVar(&f.junit, "junit", "", "write the results to this file, for CI")
	c.Flags().BoolVar(&f.update, "update", false, "write the snapshots anew")
	c.Flags().BoolVar(&f.cover, "cover", false, "show which nodes and wires the tests have reached")
	c.Flags().StringVar(&f.coverSVG, "cover-svg", "", "draw the flow coloured by what was reached to this file")
	c.Flags().IntVar(&f.parallel, "parallel", runtime.GOMAXPROCS(0), "number of files to run at a time")
	c.Flags().DurationVar(&f.limit, "code-limit", 10*time.Second, "time a function may run without a pause before its node fails; 0 is no limit")
}

// tested is what came of one file.
type tested struct {
	file    string
	err     error
	results []ran
	cover   *flowtest.Cover
	updated int
}

// ran is the result of a test and how long it took.
type ran struct {
	*flowtest.Result
	took time.Duration
}

func (f *testFlags) run(ctx context.Context, s streams, paths []string) error {
	only, err := regexp.Compile(f.only)
	if err != nil {
		return exitError{exitUsage, "--run: " + err.Error()}
	}
	files, err := flowtest.Find(paths)
	if err != nil {
		return exitError{exitUsage, err.Error()}
	}
	if len(files) == 0 {
		return exitError{exitUsage, "there are no tests: no file there ends with .test.yaml"}
	}
	started := time.Now()
	report := newTestReport(s, f)
	all := make([]*tested, len(files))
	ready := make([]chan struct{}, len(files))
	var next sync.Mutex
	at := 0
	for i := range ready {
		ready[i] = make(chan struct{})
	}
	for range max(1, min(f.parallel, len(files))) {
		go func() {
			for {
				next.Lock()
				i := at
				at++
				next.Unlock()
				if i >= len(files) {
					return
				}
				all[i] = f.file(ctx, files[i], only)
				close(ready[i])
			}
		}()
	}
	progress := newProgress(s.err, f.json)
	for i := range files {
		f.await(progress, ready[i], i, len(files))
		progress.end()
		report.file(all[i])
	}
	if err := f.finish(s, all); err != nil {
		return err
	}
	return report.end(time.Since(started), all)
}

// await waits for a file; on a terminal it shows how many are done.
func (f *testFlags) await(p *progress, ready chan struct{}, done, of int) {
	for {
		select {
		case <-ready:
			return
		case <-time.After(progressEvery):
			if p.on && !time.Now().Before(p.next) {
				fmt.Fprintf(p.out, "\r%d of %d files", done, of)
			}
		}
	}
}

// file runs the tests of a file.
func (f *testFlags) file(ctx context.Context, name string, only *regexp.Regexp) *tested {
	t := &tested{file: name}
	suite, err := flowtest.Load(name)
	if err != nil {
		t.err = err
		return t
	}
	o := flowtest.RunOptions{}
	if o.Snapshots, t.err = flowtest.OpenSnapshots(name, f.update); t.err != nil {
		return t
	}
	if f.cover || f.coverSVG != "" {
		t.cover = flowtest.NewCover(suite)
		o.Cover = t.cover
	}
	if f.limit > 0 {
		w := live.NewWatchdog(f.limit)
		defer w.Close()
		o.Guard = w
	}
	all := true
	for _, test := range suite.Tests {
		if !only.MatchString(test.Name) {
			all = false
			continue
		}
		started := time.Now()
		r := suite.Run(ctx, test, o)
		all = all && r.Passed() && r.Skipped == ""
		t.results = append(t.results, ran{r, time.Since(started)})
	}
	t.err = o.Snapshots.Save(all)
	t.updated = o.Snapshots.Changed
	return t
}

// finish writes the files that were asked for, and the coverage.
func (f *testFlags) finish(s streams, all []*tested) error {
	if f.junit != "" {
		if err := writeJUnit(f.junit, all); err != nil {
			return err
		}
	}
	if !f.cover && f.coverSVG == "" {
		return nil
	}
	var list []*flowtest.Cover
	for _, t := range all {
		if t.cover != nil {
			list = append(list, t.cover)
		}
	}
	list = flowtest.Join(list)
	if f.cover && !f.json {
		for _, c := range list {
			printCover(s.out, c)
		}
	}
	if f.coverSVG != "" {
		return writeCover(s, f.coverSVG, list)
	}
	return nil
}

// problemLines are the lines of the errors of a file.
func problemLines(err error) []string {
	var flows flow.Problems
	if errors.As(err, &flows) {
		var out []string
		for _, p := range flows {
			out = append(out, p.Error())
		}
		return out
	}
	return []string{err.Error()}
}
