package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lockstep-flows/lockstep/conformance"
)

// attempts is how often a case in real time is played.
const attempts = 6

// verify records the cases afresh and compares. Cases in real time that differ are played
// again, one at a time and after longer and longer pauses; those that still differ on a machine
// that is late by itself are not judged, and named.
func verify(ctx context.Context, o *options, cases []*conformance.Case) error {
	differ := func(cases []*conformance.Case, workers int) (again []*conformance.Case, diffs string) {
		conformance.Record(ctx, judge(o), cases, workers, func(r conformance.Recording) {
			d, err := "", r.Err
			if err == nil {
				d, err = conformance.Diff(r.Case, r.Lines)
			}
			if err != nil {
				d = err.Error() + "\n"
			}
			if d != "" {
				again = append(again, r.Case)
				diffs += d
			}
		})
		return again, diffs
	}
	unstable, diffs := differ(cases, o.workers)
	for n := 1; n < attempts && len(unstable) > 0 && realTime(unstable); n++ {
		time.Sleep(time.Duration(n) * time.Second)
		unstable, diffs = differ(unstable, 1)
	}
	if len(unstable) == 0 {
		fmt.Printf("%d cases are as recorded\n", len(cases))
		return nil
	}
	fmt.Print(diffs)
	if late := lateness(); realTime(unstable) && late > tooLate {
		fmt.Printf("%d cases are as recorded; %d in real time are not judged, since this machine is late by %v\n", len(cases)-len(unstable), len(unstable), late)
		return nil
	}
	return fmt.Errorf("%d of %d cases differ from their recording", len(unstable), len(cases))
}

// realTime tells that each of the cases is in real time: the judge itself may
// be late on a busy machine.
func realTime(cases []*conformance.Case) bool {
	return !slices.ContainsFunc(cases, func(c *conformance.Case) bool { return !c.Wall })
}

// tooLate is by how much a machine may be late: waits of cases are 25 ms and more.
const tooLate = 10 * time.Millisecond

// lateness is by how much the worst of many short sleeps was too long.
func lateness() (worst time.Duration) {
	const nap = 2 * time.Millisecond
	for range 1000 {
		begun := time.Now()
		time.Sleep(nap)
		worst = max(worst, time.Since(begun)-nap)
	}
	return worst
}
