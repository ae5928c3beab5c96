package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/live/all"
	"github.com/lockstep-flows/lockstep/nodes"
)

// stopTime bounds how long closing nodes may take after a signal.
const stopTime = 15 * time.Second

type runFlags struct {
	host, envFile, logLevel, logFormat string
	port                               int
	set                                []string
	once, anyway                       bool
	limit                              time.Duration
}

func runCommand(s streams) *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use: "run FLOWS…", Short: "Run flows", Args: cobra.MinimumNArgs(1),
		Long: `run starts the flows of one or more files ("-" reads stdin) and keeps them
running until it is interrupted. What debug nodes show goes to stdout, node logs and
what it listens on to stderr. A second interrupt ends it at once.

With --once it ends when nothing is left to do: no message, timer or request.
Exit codes: 0 ended well; 1 a node raised an error that no catch node took
(--once only); 2 the flows or the command line are wrong.`,
		Example: `  lockstep run flows.json
  lockstep run --port 8080 --set CITY=Berlin flows.json
  lockstep run --once report.json
  cat flows.json | lockstep run -`,
		RunE: func(c *cobra.Command, args []string) error { return f.run(c.Context(), s, args) },
	}
	c.Flags().IntVarP(&f.port, "port", "p", 1880, "port of the HTTP server")
	c.Flags().StringVar(&f.host, "host", "127.0.0.1", "address the HTTP server listens on")
	c.Flags().StringVar(&f.envFile, "env-file", "", "file of NAME=value lines added to the environment of the flows")
	c.Flags().StringArrayVar(&f.set, "set", nil, "environment variable of the flows, NAME=value (repeatable)")
	c.Flags().BoolVar(&f.once, "once", false, "end when nothing is left to do")
	c.Flags().BoolVar(&f.anyway, "ignore-missing", false, "run even if types are missing; their nodes are left out")
	c.Flags().DurationVar(&f.limit, "code-limit", time.Minute, "time a function may run without a pause before its node fails; 0 is no limit")
	c.Flags().StringVar(&f.logLevel, "log-level", "info", "least level of node logs: error, warn, info, debug, trace, off")
	c.Flags().StringVar(&f.logFormat, "log-format", "text", "form of node logs: text or json")
	return c
}

func (f *runFlags) run(ctx context.Context, s streams, files []string) error {
	env, err := f.environment()
	if err != nil {
		return err
	}
	registry := nodes.Core()
	g, err := compile(s.in, registry, files, f.anyway)
	if err != nil {
		return err
	}
	printer, err := newPrinter(s, f.logLevel, f.logFormat)
	if err != nil {
		return err
	}
	o := engine.Options{Seed: seed(), Zone: time.Local, Env: env}
	if f.limit > 0 {
		w := live.NewWatchdog(f.limit)
		defer w.Close()
		o.Guard = w
	}
	e, err := engine.New(g, registry, o)
	if err != nil && !f.anyway {
		return err
	}
	outside := all.Options{Settings: o.Settings, Env: env}
	if needsHTTP(g) {
		if outside.HTTP, err = live.NewHTTP(live.HTTPOptions{Addr: net.JoinHostPort(f.host, strconv.Itoa(f.port))}); err != nil {
			return err
		}
		fmt.Fprintf(s.err, "listening on %s\n", outside.HTTP.URL())
	}
	l := live.New(live.Options{Once: f.once, Sink: printer, Performers: all.Performers(outside)})
	done := context.AfterFunc(ctx, l.Stop)
	defer done()
	fmt.Fprintf(s.err, "started %d nodes on %d tabs\n", len(g.Nodes), countTabs(g))
	if err := runBounded(ctx, e, l); err != nil {
		return exitError{exitFailed, err.Error()}
	}
	if f.once && printer.uncaught > 0 {
		return exitError{exitFailed, count(printer.uncaught, "error") + " that no catch node took"}
	}
	return nil
}

// runBounded runs the engine to its end. Once ctx is done it has stopTime left,
// then it is left alone: code of a flow may never end.
func runBounded(ctx context.Context, e *engine.Engine, l *live.Live) error {
	ended, late := make(chan error, 1), make(chan struct{})
	go func() {
		err := engine.Run(context.WithoutCancel(ctx), e, l, l)
		ended <- errors.Join(err, l.Close())
	}()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(stopTime, func() { close(late) }) })
	defer stop()
	select {
	case err := <-ended:
		return err
	case <-late:
		return fmt.Errorf("the flows did not stop within %v", stopTime)
	}
}

// needsHTTP reports whether a flow has nodes that the HTTP server serves.
func needsHTTP(g *flow.Graph) bool {
	return slices.ContainsFunc(g.Nodes, func(n *flow.Node) bool { return n.Type == "http in" || n.Type == "websocket-listener" })
}

func countTabs(g *flow.Graph) (n int) {
	for _, s := range g.Scopes {
		if s.Kind == flow.ScopeTab {
			n++
		}
	}
	return n
}

func seed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:])
}

// read reads a flow file; "-" is stdin.
func read(in io.Reader, name string) (string, []byte, error) {
	if name == "-" {
		text, err := io.ReadAll(in)
		return "stdin", text, err
	}
	text, err := os.ReadFile(name)
	return name, text, err
}

// documents parses flow files, and gives all their problems at once as its error,
// with the documents that have none.
func documents(in io.Reader, files []string) ([]*flow.Document, error) {
	var docs []*flow.Document
	var all flow.Problems
	for _, name := range files {
		name, text, err := read(in, name)
		if err != nil {
			return nil, err
		}
		d, err := flow.Parse(name, text)
		var problems flow.Problems
		if errors.As(err, &problems) {
			all = append(all, problems...)
			continue
		}
		docs = append(docs, d)
	}
	return docs, all.Err()
}

// compile reads and compiles flow files.
func compile(in io.Reader, r *engine.Registry, files []string, anyway bool) (*flow.Graph, error) {
	docs, err := documents(in, files)
	if err != nil {
		return nil, err
	}
	g, err := flow.Compile(known(r), docs...)
	if err != nil {
		return nil, err
	}
	if len(g.Missing) > 0 && !anyway {
		return nil, missing(g)
	}
	return g, nil
}

// known also takes the types that do nothing when they run.
func known(r *engine.Registry) func(string) bool {
	return func(t string) bool { return r.Known(t) || engine.Inert(t) }
}

func missing(g *flow.Graph) error {
	var b strings.Builder
	b.WriteString("nothing was started, because these node types are not known:")
	for _, m := range g.Missing {
		fmt.Fprintf(&b, "\n  %s", m.Type)
		for i, d := range m.Defs {
			if i == 3 {
				fmt.Fprintf(&b, "\n    and %d more", len(m.Defs)-i)
				break
			}
			fmt.Fprintf(&b, "\n    %s: node %s %q", d.Position(""), d.ID, d.Name)
		}
	}
	b.WriteString("\nwith --ignore-missing the rest is started without them")
	return errors.New(b.String())
}

// environment is what flows see as process environment: the process's own, then
// the file's, then --set.
func (f *runFlags) environment() (func(string) (string, bool), error) {
	over := map[string]string{}
	lines := f.set
	if f.envFile != "" {
		text, err := os.ReadFile(f.envFile)
		if err != nil {
			return nil, err
		}
		fromFile, err := envLines(f.envFile, string(text))
		if err != nil {
			return nil, err
		}
		lines = append(fromFile, f.set...)
	}
	for _, l := range lines {
		name, v, ok := strings.Cut(l, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("%q is not of the form NAME=value", l)
		}
		over[name] = v
	}
	return func(name string) (string, bool) {
		if v, ok := over[name]; ok {
			return v, true
		}
		return os.LookupEnv(name)
	}, nil
}

// envLines reads the lines of an env file: comments and blank lines are left
// out, "export " and quotes around values taken off.
func envLines(file, text string) ([]string, error) {
	var out []string
	for i, l := range strings.Split(text, "\n") {
		l = strings.TrimSpace(l)
		if l == "" || l[0] == '#' {
			continue
		}
		name, v, ok := strings.Cut(strings.TrimPrefix(l, "export "), "=")
		if !ok {
			return nil, fmt.Errorf("%s:%d: %q is not of the form NAME=value", file, i+1, l)
		}
		v = strings.TrimSpace(v)
		if len(v) > 1 && (v[0] == '"' || v[0] == '\'') && v[len(v)-1] == v[0] {
			v = v[1 : len(v)-1]
		}
		out = append(out, strings.TrimSpace(name)+"="+v)
	}
	return out, nil
}
