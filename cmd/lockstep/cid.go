package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/content"
)

// cidLimit bounds a file whose CID is made: it is read whole.
const cidLimit = 1 << 30

func cidCommand(s streams) *cobra.Command {
	var version uint64
	var chunk int
	var raw bool
	c := &cobra.Command{
		Use: "cid FILE…", Short: "Print the content identifier of a file, as IPFS tools give it", Args: cobra.MinimumNArgs(1),
		Long: `cid prints the CID that "ipfs add" gives a file (CIDv0), or with --version 1 that of
"ipfs add --cid-version=1". "-" is stdin.`,
		Example: "  lockstep cid flow.json\n  lockstep cid --version 1 flow.json",
		RunE: func(c *cobra.Command, args []string) error {
			set := content.Kubo
			if version == 1 {
				set = content.KuboV1
			} else if version != 0 {
				return exitError{exitUsage, "--version is 0 or 1"}
			}
			if c.Flags().Changed("raw-leaves") {
				set.RawLeaves = raw
				set.Wrapped = raw && version == 0
			}
			if chunk < 1 || chunk > 1<<20 {
				return exitError{exitUsage, "--chunk is 1 to 1048576"}
			}
			set.Chunk = chunk
			for _, name := range args {
				data, err := readAll(s, name)
				if err != nil {
					return err
				}
				line := content.CID(data, set).String()
				if len(args) > 1 {
					line += " " + name
				}
				if _, err := fmt.Fprintln(s.out, line); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().Uint64Var(&version, "version", 0, "version of the CID, 0 or 1")
	c.Flags().IntVar(&chunk, "chunk", 256<<10, "size in bytes of the parts of a large file")
	c.Flags().BoolVar(&raw, "raw-leaves", false, "put the parts into raw blocks (default with --version 1)")
	return c
}

func readAll(s streams, name string) ([]byte, error) {
	in := s.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close() //nolint:errcheck // it was only read
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, cidLimit+1))
	if err == nil && len(data) > cidLimit {
		err = fmt.Errorf("%s has more than %d bytes", name, cidLimit)
	}
	return data, err
}
