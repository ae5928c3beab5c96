package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/nodes"
)

func nodesCommand(s streams) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "nodes [TYPE]", Short: "List the node types, or explain one", Args: cobra.MaximumNArgs(1),
		Example: "  lockstep nodes\n  lockstep nodes \"http in\"\n  lockstep nodes --json",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, t := range nodes.Worker().Types() {
				names = append(names, t.Name)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			types := nodes.Worker().Types()
			if len(args) == 1 {
				t, ok := nodes.Worker().Lookup(args[0])
				if !ok {
					return fmt.Errorf("there is no node type %q; lockstep nodes lists them", args[0])
				}
				types = []engine.Type{t}
			}
			switch {
			case asJSON:
				return json.NewEncoder(s.out).Encode(describe(types))
			case len(args) == 1:
				return explain(s, types[0])
			}
			w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
			for _, t := range types {
				fmt.Fprintf(w, "%s\t%s\n", t.Name, t.Summary)
			}
			return w.Flush()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print them as JSON")
	return c
}

type described struct {
	Type       string           `json:"type"`
	Summary    string           `json:"summary"`
	Properties []nodes.Property `json:"properties,omitempty"`
}

func describe(types []engine.Type) []described {
	out := make([]described, len(types))
	for i, t := range types {
		out[i] = described{t.Name, t.Summary, nodes.Properties(t)}
	}
	return out
}

// explain prints the help of a type, made from its config struct.
func explain(s streams, t engine.Type) error {
	fmt.Fprintf(s.out, "%s\n%s\n", t.Name, t.Summary)
	props := nodes.Properties(t)
	if len(props) == 0 {
		return nil
	}
	fmt.Fprintln(s.out, "\nProperties in the flow file:")
	for _, p := range props {
		fmt.Fprintf(s.out, "\n  %s (%s)\n", p.Name, p.Type)
		for _, line := range wrap(p.Text, 74) {
			fmt.Fprintf(s.out, "      %s\n", line)
		}
	}
	return nil
}

// wrap breaks a text into lines of at most width characters.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(text) {
		if line != "" && len(line)+1+len(w) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	return append(lines, line)
}
