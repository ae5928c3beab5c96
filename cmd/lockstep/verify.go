package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

func verifyCommand(s streams) *cobra.Command {
	var journalFile, endpoint string
	var asJSON bool
	c := &cobra.Command{
		Use: "verify RECEIPT", Short: "Check a vote: signature, flow, journal, and what comes of executing it again", Args: cobra.ExactArgs(1),
		Long: `verify checks a receipt that a worker wrote: that the vote is what the flow put out, that
the flow has its content identifier, that the journal was not changed, that executing it
again gives the same vote, and that the worker signed it. It needs no network.
With --rpc it also finds the vote on chain.

Exit codes: 0 all holds; 1 something does not; 2 the receipt or the command line is wrong.`,
		Example: "  lockstep verify receipt.json\n  lockstep verify --rpc wss://public-rpc.mainnet.energywebx.com receipt.json",
		RunE: func(c *cobra.Command, args []string) error {
			text, err := readAll(s, args[0])
			if err != nil {
				return err
			}
			r, err := consensus.ParseReceipt(text)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			checks := onchain.Checks(filepath.Dir(args[0]))
			checks.Journal = journalFile
			list := r.Verify(c.Context(), checks)
			if endpoint != "" {
				list = append(list, onChain(c.Context(), endpoint, r))
			}
			return showChecks(s, list, asJSON)
		},
	}
	c.Flags().StringVar(&journalFile, "journal", "", "the journal, if it is not where the receipt says")
	c.Flags().StringVar(&endpoint, "rpc", "", "URL of a node of the chain, to find the vote there")
	c.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	return c
}

func showChecks(s streams, list []consensus.Check, asJSON bool) error {
	failed := 0
	for _, c := range list {
		if c.State == "failed" {
			failed++
		}
		if !asJSON {
			if _, err := fmt.Fprintf(s.out, "%-9s %-7s %s\n", c.Name, c.State, c.Text); err != nil {
				return err
			}
		}
	}
	if asJSON {
		if err := json.NewEncoder(s.out).Encode(map[string]any{"checks": list, "failed": failed}); err != nil {
			return err
		}
	}
	if failed > 0 {
		return exitError{code: exitFailed}
	}
	return nil
}

// onChain looks for the vote in the block that the receipt names, or in the storage.
func onChain(ctx context.Context, endpoint string, r *consensus.Receipt) consensus.Check {
	c := consensus.Check{Name: "chain", State: "ok"}
	text, err := findVote(ctx, endpoint, r)
	if c.Text = text; err != nil {
		c.State, c.Text = "failed", err.Error()
	}
	return c
}

func findVote(ctx context.Context, endpoint string, r *consensus.Receipt) (string, error) {
	o := chain.Options{Endpoints: []string{endpoint}}
	if b, err := hex.DecodeString(strings.TrimPrefix(r.Chain.Genesis, "0x")); err == nil && len(b) == 32 {
		o.Genesis = [32]byte(b)
	}
	client, err := chain.Dial(ctx, o)
	if err != nil {
		return "", err
	}
	defer client.Close()
	if r.Chain.Block != "" {
		b, err := hex.DecodeString(strings.TrimPrefix(r.Chain.Extrinsic, "0x"))
		if err != nil || len(b) != 32 {
			return "", errors.New("the receipt does not name the transaction")
		}
		in, err := client.Watch(ctx, [32]byte(b), chain.WatchOptions{From: r.Chain.Number, Blocks: 1})
		switch {
		case err != nil:
			return "", fmt.Errorf("block %d: %w", r.Chain.Number, err)
		case in.Error != "":
			return "", fmt.Errorf("the vote failed in block %d: %s", in.Number, in.Error)
		}
		return fmt.Sprintf("in block %d %s", in.Number, r.Chain.Block), nil
	}
	result, found, err := onchain.Of(client).Voted(ctx, consensus.Key{Solution: r.Vote.Solution, Round: r.Vote.Round}, r.Vote.Public)
	switch {
	case err != nil:
		return "", err
	case !found:
		return "", errors.New("the chain has no vote of this worker for the round")
	case !bytes.Equal(result, r.Vote.Result):
		return "", fmt.Errorf("the chain has another result: 0x%x", result)
	}
	return "the chain has this result of the worker", nil
}
