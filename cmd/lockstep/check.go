package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/nodes"
)

func checkCommand(s streams) *cobra.Command {
	var asJSON, deterministic bool
	var allow []string
	c := &cobra.Command{
		Use: "check FLOWS…", Short: "Find every problem of flows without running them", Args: cobra.MinimumNArgs(1),
		Long: `check reads flows as run does and lists all that is wrong with them at once, each
with its place in the file: unknown types, wires that lead nowhere, properties
and typed inputs that cannot be right, JavaScript and JSONata that does not parse,
ids used twice, nodes that nothing reaches.

With --deterministic it lists instead what can make two machines differ that run the
flows: input from outside, time, chance, locale, order of arrival, timers, error stacks, the
machine; each with why, what to do, and whether the journal or lockstep makes it harmless.
It fails if a finding that is not harmless is of a kind that --allow does not name.

Exit codes: 0 no errors (there may be warnings); 1 errors; 2 a file cannot be read.`,
		Example: "  lockstep check flows.json\n  lockstep check --json flows.json\n  lockstep check --deterministic --allow input flows.json",
		RunE: func(_ *cobra.Command, args []string) error {
			if deterministic {
				return auditFlows(s, args, allow, asJSON)
			}
			problems, err := check(s, args)
			if err != nil {
				return err
			}
			if err := printProblems(s, problems, asJSON); err != nil {
				return err
			}
			if problems.Err() != nil {
				return exitError{code: exitFailed}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&deterministic, "deterministic", false, "list what can make machines differ that run the flows")
	c.Flags().StringSliceVar(&allow, "allow", nil, "kinds of findings that are no failure with --deterministic, such as input,order")
	c.Flags().BoolVar(&asJSON, "json", false, "print the problems as a JSON array")
	return c
}

// check finds all problems of the files together.
func check(s streams, files []string) (flow.Problems, error) {
	var all flow.Problems
	read, err := inputs(s.in, files)
	if err != nil {
		return nil, err
	}
	docs, err := documents(read)
	if err != nil && !errors.As(err, &all) {
		return nil, err
	}
	registry := nodes.Worker()
	for _, d := range docs {
		for _, def := range d.Defs {
			all = append(all, registry.Check(def)...)
		}
	}
	g, err := flow.Compile(known(registry), docs...)
	var problems flow.Problems
	if errors.As(err, &problems) {
		all = append(all, problems...)
	}
	if g != nil {
		all = append(all, g.Problems...)
		all = append(all, missingTypes(g)...)
		all = append(all, workerTypes(docs)...)
		all = append(all, unreached(g, registry)...)
	}
	all.Sort()
	return all, nil
}

func missingTypes(g *flow.Graph) flow.Problems {
	var out flow.Problems
	for _, m := range g.Missing {
		advice := "remove the node, or run with --ignore-missing"
		if pkg := packageOf(m.Type); pkg != "" {
			advice = "it comes from the npm package " + pkg + ", which needs Node.js; " + advice
		}
		for _, d := range m.Defs {
			out = append(out, d.Problem(flow.SeverityError, "type", advice, "the type %q is not known", m.Type))
		}
	}
	return out
}

// workerTypes warns of nodes that need a worker around them.
func workerTypes(docs []*flow.Document) flow.Problems {
	var out flow.Problems
	core, all := nodes.Core(), nodes.Worker()
	for _, d := range docs {
		for _, def := range d.Defs {
			if all.Known(def.Type) && !core.Known(def.Type) {
				out = append(out, def.Problem(flow.SeverityWarning, "type", "lockstep run does not start it", "nodes of the type %q run in lockstep worker only", def.Type))
			}
		}
	}
	return out
}

// unreached warns of nodes that no wire leads to and that start nothing themselves.
func unreached(g *flow.Graph, r *engine.Registry) flow.Problems {
	reached := map[*flow.Node]bool{}
	for _, n := range g.Nodes {
		for _, out := range n.Outputs {
			for _, to := range out {
				reached[to] = true
			}
		}
	}
	var out flow.Problems
	seen := map[*flow.Def]bool{}
	for _, n := range g.Nodes {
		t, ok := r.Lookup(n.Type)
		if reached[n] || n.IsConfig || seen[n.Def] || !ok && n.Instance == nil || t.Source || n.Type == flow.SubflowStatus {
			continue
		}
		if n.Instance != nil && len(n.Outputs) == 0 {
			continue
		}
		seen[n.Def] = true
		out = append(out, n.Def.Problem(flow.SeverityWarning, "", "wire something to it, or delete it", "no wire leads to the node: it never gets a message"))
	}
	return out
}

func printProblems(s streams, problems flow.Problems, asJSON bool) error {
	if asJSON {
		list := []map[string]any{}
		for _, p := range problems {
			list = append(list, map[string]any{
				"severity": p.Severity.String(), "file": p.Position.File, "line": p.Position.Line, "col": p.Position.Col,
				"node": p.Node, "type": p.Type, "name": p.Name, "property": p.Property, "text": p.Text, "advice": p.Advice,
			})
		}
		return json.NewEncoder(s.out).Encode(list)
	}
	red, yellow, off := "", "", ""
	if colours(s.out) {
		red, yellow, off = "\x1b[31m", "\x1b[33m", "\x1b[0m"
	}
	counts := map[flow.Severity]int{}
	for _, p := range problems {
		counts[p.Severity]++
		on := red
		if p.Severity == flow.SeverityWarning {
			on = yellow
		}
		at := p.Position.String()
		text := strings.TrimPrefix(p.Error(), at+": ")
		fmt.Fprintf(s.out, "%s: %s%s%s: %s\n", at, on, p.Severity, off, text)
	}
	_, err := fmt.Fprintf(s.out, "%s, %s\n", count(counts[flow.SeverityError], "error"), count(counts[flow.SeverityWarning], "warning"))
	return err
}

// packages are npm packages of node types that many flows use, by the start of the type's name.
var packages = []struct {
	name  string
	types []string
}{
	{"node-red-dashboard", []string{"ui_"}},
	{"@flowfuse/node-red-dashboard", []string{"ui-"}},
	{"node-red-contrib-influxdb", []string{"influxdb"}},
	{"node-red-node-serialport", []string{"serial "}},
	{"node-red-node-email", []string{"e-mail"}},
	{"node-red-contrib-modbus", []string{"modbus"}},
	{"node-red-contrib-opcua", []string{"OpcUa"}},
	{"node-red-node-mysql", []string{"mysql", "MySQLdatabase"}},
	{"node-red-node-mongodb", []string{"mongodb"}},
	{"node-red-contrib-home-assistant-websocket", []string{"api-", "ha-", "server-state-changed", "poll-state"}},
	{"node-red-contrib-telegrambot", []string{"telegram"}},
	{"node-red-node-pi-gpio", []string{"rpi-gpio"}},
	{"node-red-contrib-cron-plus", []string{"cronplus"}},
	{"node-red-node-sqlite", []string{"sqlite"}},
	{"node-red-contrib-s7", []string{"s7 "}},
	{"node-red-node-random", []string{"random"}},
	{"node-red-node-smooth", []string{"smooth"}},
	{"node-red-node-ping", []string{"ping"}},
	{"node-red-contrib-zigbee2mqtt", []string{"zigbee2mqtt"}},
	{"node-red-contrib-postgresql", []string{"postgresql"}},
	{"node-red-contrib-bigtimer", []string{"bigtimer"}},
}

// packageOf names the npm package a type comes from, "" if it is not known.
func packageOf(typ string) string {
	for _, p := range packages {
		if slices.ContainsFunc(p.types, func(start string) bool { return strings.HasPrefix(typ, start) }) {
			return p.name
		}
	}
	return ""
}

// count says how many, "1 error" or "2 errors".
func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
