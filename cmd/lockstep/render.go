package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/flow/svg"
)

func renderCommand(s streams) *cobra.Command {
	var dir, tab string
	c := &cobra.Command{
		Use: "render FLOWS…", Short: "Draw the tabs of flows as SVG", Args: cobra.MinimumNArgs(1),
		Long: `render draws each tab and subflow as the editor would: nodes in their places and
colours, ports, wires, groups and labels; disabled nodes are pale. One file per tab is
written, named after it; with --tab one tab is drawn to stdout.`,
		Example: "  lockstep render flows.json\n  lockstep render --dir docs flows.json\n  lockstep render --tab \"Flow 1\" flows.json > flow.svg",
		RunE: func(_ *cobra.Command, args []string) error {
			read, err := inputs(s.in, args)
			if err != nil {
				return err
			}
			docs, err := documents(read)
			if err != nil {
				return err
			}
			var defs []*flow.Def
			for _, d := range docs {
				defs = append(defs, d.Defs...)
			}
			return render(s, svg.Draw(defs), dir, tab)
		},
	}
	c.Flags().StringVar(&dir, "dir", ".", "folder the files are written to")
	c.Flags().StringVar(&tab, "tab", "", "label or id of the one tab to draw to stdout")
	return c
}

func render(s streams, pages []svg.Page, dir, tab string) error {
	if len(pages) == 0 {
		return fmt.Errorf("there is nothing to draw: no node has a place on a tab")
	}
	if tab != "" {
		for _, p := range pages {
			if p.ID == tab || p.Label == tab {
				_, err := fmt.Fprint(s.out, p.SVG)
				return err
			}
		}
		return fmt.Errorf("there is no tab %q", tab)
	}
	used := map[string]bool{}
	for _, p := range pages {
		name := fileName(p.Label)
		if name == "" || used[name] {
			name = strings.Trim(name+"-"+fileName(p.ID), "-")
		}
		used[name] = true
		path := filepath.Join(dir, name+".svg")
		if err := os.WriteFile(path, []byte(p.SVG), 0o644); err != nil { //nolint:gosec // a drawing
			return err
		}
		fmt.Fprintln(s.err, "wrote "+path)
	}
	return nil
}

// fileName makes a label a safe name for a file.
func fileName(label string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, label), "-")
}
