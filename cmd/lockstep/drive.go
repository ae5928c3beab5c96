package main

import (
	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/conformance/rut"
)

func driveCommand(io streams) *cobra.Command {
	var virtual bool
	c := &cobra.Command{
		Use: "drive", Short: "Be driven by another process over stdin and stdout (JSON lines)", Args: cobra.NoArgs,
		Long: `drive speaks a line protocol of JSON objects on stdin and stdout, through which
another program loads flows, puts messages into nodes and sees what happens. It
is used to hold several runtimes to the same script. It ends when stdin ends.`,
		Example: `  echo '{"id":1,"op":"load","flow":[]}' | lockstep drive`,
		RunE: func(c *cobra.Command, _ []string) error {
			return rut.Serve(c.Context(), io.in, io.out, rut.Options{Version: version(), Virtual: virtual})
		},
	}
	c.Flags().BoolVar(&virtual, "virtual", false, "let time pass only in wait requests")
	return c
}
