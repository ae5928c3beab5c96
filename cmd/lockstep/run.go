package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/nodes"
)

// stopTime bounds how long closing nodes may take after a signal.
const stopTime = 15 * time.Second

type runFlags struct {
	host, envFile, logLevel, logFormat string
	userDir, settings, credentials     string
	port                               int
	set                                []string
	once, anyway, portSet, levelSet    bool
	limit                              time.Duration
	record, zone                       string
	recordLimit                        int64
	seed                               uint64
	maxSteps                           int64
	admin, editor                      string
}

func runCommand(s streams) *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use: "run [FLOWS…]", Short: "Run flows",
		Long: `run starts the flows of one or more files ("-" reads stdin) and keeps them
running until it is interrupted. What debug nodes show goes to stdout, node logs and
what it listens on to stderr. A second interrupt ends it at once.

With --user-dir it runs what a Node-RED user directory holds: the flow file (or
FLOWS instead), with its settings.js, credentials, context on disk and node_modules. It
listens where settings.js says, on all interfaces at port 1880 if that says nothing, as
Node-RED does.

With --admin it serves Node-RED's admin API, on this machine only unless settings.js has
users (adminAuth), and with --editor also the editor, from a folder into which it was
installed: npm install @node-red/editor-client @node-red/nodes

With --record the run can be played back: see lockstep replay.

With --once it ends when nothing is left to do: no message, timer or request.
Exit codes: 0 ended well; 1 a node raised an error that no catch node took
(--once only); 2 the flows or the command line are wrong.`,
		Example: `  lockstep run flows.json
  lockstep run --port 8080 --set CITY=Berlin flows.json
  lockstep run --once report.json
  lockstep run --user-dir ~/.node-red
  cat flows.json | lockstep run -`,
		RunE: func(c *cobra.Command, args []string) error {
			f.portSet, f.levelSet = c.Flags().Changed("port"), c.Flags().Changed("log-level")
			return f.run(c.Context(), s, args)
		},
	}
	c.Flags().IntVarP(&f.port, "port", "p", 0, "port of the HTTP server (default 1880, or what settings.js says)")
	c.Flags().StringVar(&f.host, "host", "", "address the HTTP server listens on (default 127.0.0.1, or what settings.js says)")
	c.Flags().StringVarP(&f.userDir, "user-dir", "u", "", "directory of a Node-RED user, such as ~/.node-red")
	c.Flags().StringVar(&f.settings, "settings", "", "settings.js in place of the one in the user directory")
	c.Flags().StringVar(&f.credentials, "credentials", "", "credentials file of FLOWS; its secret is in NODE_RED_CREDENTIAL_SECRET")
	c.Flags().StringVar(&f.envFile, "env-file", "", "file of NAME=value lines added to the environment of the flows")
	c.Flags().StringArrayVar(&f.set, "set", nil, "environment variable of the flows, NAME=value (repeatable)")
	c.Flags().StringVar(&f.record, "record", "", "write a journal of the run to this new file")
	c.Flags().Int64Var(&f.recordLimit, "record-limit", 256<<20, "size in bytes from which the journal goes on in a further file; 0 is never")
	c.Flags().StringVar(&f.zone, "zone", "", "time zone of the flows, such as Europe/Berlin (default that of the machine)")
	c.Flags().Uint64Var(&f.seed, "seed", 0, "seed of all randomness (default a random one)")
	c.Flags().StringVar(&f.admin, "admin", "", "serve Node-RED's admin API; `ADDRESS` is 127.0.0.1 at the port of the flows if it is not given")
	c.Flags().Lookup("admin").NoOptDefVal = adminDefault
	c.Flags().StringVar(&f.editor, "editor", "", "folder with node_modules of @node-red/editor-client and @node-red/nodes: serves the editor with the admin API")
	c.Flags().BoolVar(&f.once, "once", false, "end when nothing is left to do")
	c.Flags().BoolVar(&f.anyway, "ignore-missing", false, "run even if types are missing; their nodes are left out")
	c.Flags().DurationVar(&f.limit, "code-limit", time.Minute, "time a function may run without a pause before its node fails; 0 is no limit")
	c.Flags().Int64Var(&f.maxSteps, "max-steps", 0, "steps the code of a function may take for one message, the same on every machine (setting functionMaxSteps); 0 is no limit")
	c.Flags().StringVar(&f.logLevel, "log-level", "info", "least level of node logs: error, warn, info, debug, trace, off")
	c.Flags().StringVar(&f.logFormat, "log-format", "text", "form of node logs: text or json")
	return c
}

func (f *runFlags) run(ctx context.Context, s streams, files []string) error {
	h, err := f.prepare(s, files)
	if err != nil {
		return err
	}
	printer, err := newPrinter(s, f.logLevel, f.logFormat)
	if err != nil {
		return err
	}
	o := h.options
	if f.limit > 0 {
		w := live.NewWatchdog(f.limit)
		defer w.Close()
		o.Guard = w
	}
	var sink engine.Sink = printer
	var recorder *journal.Recorder
	if f.record != "" {
		if recorder, err = h.record(f, &o); err != nil {
			return err
		}
		sink = tee{printer, recorder}
	}
	e, err := engine.New(h.graph, h.registry, o)
	if err != nil && !f.anyway {
		return err
	}
	api, err := h.admin(f, s, recorder)
	if err != nil {
		return err
	}
	defer api.close() //nolint:errcheck // nothing is kept when it ends
	if api != nil {
		sink = tee{sink, api}
	}
	outside, err := h.outside(s, api)
	if err != nil {
		return err
	}
	l := live.New(live.Options{Once: f.once, Sink: sink, Performers: outside})
	var src engine.Source = l
	if recorder != nil {
		src = recorder.Source(l)
	}
	if api != nil {
		api.Start(e, l)
	}
	done := context.AfterFunc(ctx, l.Stop)
	defer done()
	fmt.Fprintf(s.err, "started %d nodes on %d tabs\n", len(h.graph.Nodes), countTabs(h.graph))
	err = runBounded(ctx, e, src, l)
	if recorder != nil {
		err = errors.Join(err, recorder.Close())
	}
	if err != nil {
		return exitError{exitFailed, err.Error()}
	}
	if f.once && printer.uncaught > 0 {
		return exitError{exitFailed, count(printer.uncaught, "error") + " that no catch node took"}
	}
	return nil
}

// tee gives effects to two sinks.
type tee [2]engine.Sink

// Put gives an effect to both.
func (t tee) Put(f engine.Effect) error {
	if err := t[0].Put(f); err != nil {
		return err
	}
	return t[1].Put(f)
}

// runBounded runs the engine to its end. Once ctx is done it has stopTime left,
// then it is left alone: code of a flow may never end.
func runBounded(ctx context.Context, e *engine.Engine, src engine.Source, l *live.Live) error {
	ended, late := make(chan error, 1), make(chan struct{})
	go func() {
		err := engine.Run(context.WithoutCancel(ctx), e, src, l)
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

func countTabs(g *flow.Graph) (n int) {
	for _, s := range g.Scopes {
		if s.Kind == flow.ScopeTab {
			n++
		}
	}
	return n
}

// input is a flow file that was read.
type input struct {
	name string
	text []byte
}

// inputs reads flow files; "-" is stdin.
func inputs(in io.Reader, files []string) ([]input, error) {
	var out []input
	for _, name := range files {
		i := input{name: name}
		var err error
		if name == "-" {
			i.name = "stdin"
			i.text, err = io.ReadAll(in)
		} else {
			i.text, err = os.ReadFile(name)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, nil
}

// documents parses flow files, and gives all their problems at once as its error,
// with the documents that have none.
func documents(files []input) ([]*flow.Document, error) {
	var docs []*flow.Document
	var all flow.Problems
	for _, f := range files {
		d, err := flow.Parse(f.name, f.text)
		var problems flow.Problems
		if errors.As(err, &problems) {
			all = append(all, problems...)
			continue
		}
		docs = append(docs, d)
	}
	return docs, all.Err()
}

// compile compiles flow files.
func compile(r *engine.Registry, files []input, anyway bool) (*flow.Graph, error) {
	docs, err := documents(files)
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
	worker := nodes.Worker()
	b.WriteString("nothing was started, because these node types are not known:")
	for _, m := range g.Missing {
		fmt.Fprintf(&b, "\n  %s", m.Type)
		if worker.Known(m.Type) {
			b.WriteString(" (runs in lockstep worker)")
		}
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
