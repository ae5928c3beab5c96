package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/flowtest"
)

// cutTest prints a test that does what a journal has recorded.
func cutTest(ctx context.Context, s streams, file, flowFile, name string) error {
	r, err := journal.Open(file)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // it was only read
	o := flowtest.CutOptions{Name: name}
	if flowFile != "" {
		o.Dir, o.Flow = filepath.Dir(flowFile), filepath.Base(flowFile)
	}
	c, err := flowtest.Cut(ctx, r, o)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, n := range c.Notes {
		fmt.Fprintln(s.err, "note: "+n)
	}
	if c.Exact {
		fmt.Fprintln(s.err, "note: the order of events matters here: the steps say after how many deliveries they come (turns)")
	}
	if _, err := s.out.Write(c.Text); err != nil {
		return err
	}
	if c.Result.Passed() {
		return nil
	}
	for _, f := range c.Result.Failures {
		fmt.Fprintf(s.err, "line %d: %s\n", f.Line, f.Text)
		for _, d := range f.Details {
			fmt.Fprintln(s.err, "    "+d)
		}
	}
	return exitError{exitFailed, "the test was cut, but does not pass: the flow does something else now"}
}
