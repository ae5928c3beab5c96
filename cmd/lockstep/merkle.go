package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

func merkleCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use: "merkle", Short: "Show one record of many that were voted on, without the others",
		Long: `merkle makes and checks proofs that values are in the data whose Merkle root was voted
for: the root is that of a merkle-tree-root-hash node.

A proof has the values that it shows and hashes of others. Mind what the tree of that node
holds: the texts of values, neither their names nor their places. A proof shows that a value
with this text is in the data; the path beside it is what the prover says. So 12.5 as kWh of
one record and as that of another give the same proof. And who sees the hash of a short
text, such as a number, can find it by trying. To prove whole records, and keep the others
secret, let the flow put each record into the tree as one text with something in it that
nobody can guess, and that comes with the data so that all workers have the same:
payload = {records: list.map(r => JSON.stringify(r))}, where each r has such a salt.`,
		Example: `  lockstep merkle root data.json
  lockstep merkle prove --receipt receipts/round.json --record 3 > proof.json
  lockstep merkle check proof.json --receipt receipts/round.json`,
	}
	c.AddCommand(merkleRootCommand(s), merkleProveCommand(s), merkleCheckCommand(s))
	return c
}

const receiptUsage = "take the data from the run behind a vote: the worker's receipt, with its journal"

// payloadOf reads a JSON file.
func payloadOf(s streams, name string) (value.Value, error) {
	text, err := readAll(s, name)
	if err != nil {
		return value.Undefined, err
	}
	return value.ParseJSON(strings.TrimPrefix(value.Text(text), "\ufeff"))
}

func merkleRootCommand(s streams) *cobra.Command {
	var all bool
	var in merkleInput
	c := &cobra.Command{
		Use: "root [FILE]", Short: "Print the Merkle root of a JSON file, as a merkle-tree-root-hash node gives it", Args: cobra.MaximumNArgs(1),
		Example: "  lockstep merkle root data.json\n  lockstep merkle root --leaves --receipt receipt.json",
		RunE: func(c *cobra.Command, args []string) error {
			in.args = args
			payload, name, err := in.payload(c.Context(), s)
			if err != nil {
				return err
			}
			named, err := consensus.NamedLeaves(payload)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			leaves := make([]consensus.Hash, len(named))
			for i, l := range named {
				leaves[i] = l.Hash
				if !all {
					continue
				}
				if _, err := fmt.Fprintf(s.out, "0x%x %s %q\n", l.Hash, pathShown(l.Path), l.Text); err != nil {
					return err
				}
			}
			root, err := consensus.MerkleRoot(leaves)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			_, err = fmt.Fprintf(s.out, "0x%x\n", root)
			return err
		},
	}
	c.Flags().StringVar(&in.receipt, "receipt", "", receiptUsage)
	c.Flags().BoolVar(&all, "leaves", false, "print each leaf before it: hash, path and text")
	return c
}

// pathShown shows a path, which may come from somebody else's file.
func pathShown(path string) string {
	switch {
	case path == "":
		return "the whole"
	case strings.ContainsFunc(path, func(r rune) bool { return !unicode.IsPrint(r) }):
		return strconv.Quote(path)
	}
	return path
}

func merkleProveCommand(s streams) *cobra.Command {
	var record int
	var path string
	var in merkleInput
	c := &cobra.Command{
		Use: "prove [FILE]", Short: "Print a proof of some values of a JSON file, or of what was voted on", Args: cobra.MaximumNArgs(1),
		Long: `prove prints a proof, to be kept in a file: of all values at a path or under it, such as
matches[3] or total.kWh; or of the N-th record, from 0, of a file that is a list, or an
object with one list. With --receipt the data are taken from the run behind a vote, which is
executed again as lockstep verify does.`,
		Example: "  lockstep merkle prove data.json --record 3 > proof.json\n  lockstep merkle prove --receipt receipt.json --path total.kWh > proof.json",
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("record") == c.Flags().Changed("path") {
				return exitError{exitUsage, "give --record or --path: what is to be shown"}
			}
			in.args = args
			payload, name, err := in.payload(c.Context(), s)
			if err != nil {
				return err
			}
			if c.Flags().Changed("record") {
				if path, err = recordPath(payload, record); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
			p, err := consensus.ProvePath(payload, path)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			out := json.NewEncoder(s.out)
			out.SetEscapeHTML(false)
			out.SetIndent("", " ")
			return out.Encode(p)
		},
	}
	c.Flags().StringVar(&in.receipt, "receipt", "", receiptUsage)
	c.Flags().IntVar(&record, "record", 0, "number of the record, from 0")
	c.Flags().StringVar(&path, "path", "", "where the values are, as merkle root --leaves shows it")
	return c
}

// recordPath finds the list of records and the path of one in it.
func recordPath(payload value.Value, n int) (string, error) {
	list, name := payload.Array(), ""
	if list == nil && payload.Object() != nil {
		for _, k := range value.Keys(payload) {
			a := payload.Object().Get(k).Array()
			switch {
			case a == nil:
			case list != nil:
				return "", errors.New("it has more than one list: use --path, with a path that lockstep merkle root --leaves shows")
			default:
				list, name = a, k
			}
		}
	}
	switch {
	case list == nil:
		return "", errors.New("it has no list of records: use --path")
	case n < 0 || n >= list.Length():
		return "", fmt.Errorf("it has %d records: --record is 0 to %d", list.Length(), list.Length()-1)
	}
	return consensus.ElementPath(name, n), nil
}

func merkleCheckCommand(s streams) *cobra.Command {
	var root, receipt string
	var asJSON bool
	c := &cobra.Command{
		Use: "check PROOF", Short: "Check that the values of a proof are under a root, or under the vote of a receipt", Args: cobra.ExactArgs(1),
		Long: `check computes the root from each value of a proof. Without --root or --receipt it is only
held against the root that the proof itself says. --receipt takes the text that a worker
voted for as the root, and checks its hash and signature; lockstep verify checks the rest of
a receipt.

Exit codes: 0 all holds; 1 something does not; 2 a file or the command line is wrong.`,
		Example: "  lockstep merkle check proof.json --root 0x8ba3…f5de\n  lockstep merkle check proof.json --receipt receipt.json",
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := readAll(s, args[0])
			if err != nil {
				return err
			}
			p, err := consensus.ParseMerkleProof(text)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			list := provenValues(p)
			held := consensus.Check{Name: "root", State: "absent", Text: fmt.Sprintf("0x%x is only what the proof says: give --root or --receipt", []byte(p.Root))}
			if root != "" {
				want, err := hex.DecodeString(strings.TrimPrefix(root, "0x"))
				if err != nil || len(want) != 32 {
					return exitError{exitUsage, "--root is 32 bytes as hex digits"}
				}
				held = sameRoot("root", p, want, "")
			}
			if root != "" || receipt == "" {
				list = append(list, held)
			}
			if receipt != "" {
				text, err := readAll(s, receipt)
				if err != nil {
					return err
				}
				r, err := consensus.ParseReceipt(text)
				if err != nil {
					return fmt.Errorf("%s: %w", receipt, err)
				}
				list = append(list, votedRoot(p, r))
			}
			return showChecks(s, list, asJSON)
		},
	}
	c.Flags().StringVar(&root, "root", "", "the root to hold it against, as hex digits")
	c.Flags().StringVar(&receipt, "receipt", "", "the receipt of a vote for the root")
	c.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	return c
}

func provenValues(p *consensus.MerkleProof) (list []consensus.Check) {
	for _, v := range p.Values {
		c := consensus.Check{Name: "value", State: "ok", Text: fmt.Sprintf("%q at %s", v.Text, pathShown(v.Path))}
		if !v.Holds(p.Root) {
			c.State = "failed"
			c.Text += ", which does not lead to the root: the text or the proof was changed"
		}
		list = append(list, c)
	}
	return list
}

func sameRoot(name string, p *consensus.MerkleProof, want []byte, of string) consensus.Check {
	if !bytes.Equal(p.Root, want) {
		return consensus.Check{Name: name, State: "failed", Text: fmt.Sprintf("the proof leads to 0x%x, not to 0x%x%s", []byte(p.Root), want, of)}
	}
	return consensus.Check{Name: name, State: "ok", Text: fmt.Sprintf("0x%x%s", want, of)}
}

// votedRoot holds a proof against the text of a vote.
func votedRoot(p *consensus.MerkleProof, r *consensus.Receipt) consensus.Check {
	failed := func(text string) consensus.Check {
		return consensus.Check{Name: "receipt", State: "failed", Text: text}
	}
	rule, err := consensus.ParseTextRule(r.Vote.Rule)
	if err != nil {
		return failed(err.Error())
	}
	result, err := consensus.VoteBytes(r.Vote.Text, r.Vote.Hashed, rule)
	switch {
	case err != nil:
		return failed(err.Error())
	case !bytes.Equal(result, r.Vote.Result):
		return failed("its result is not that of its text")
	case !keys.Verify(keys.Sr25519, r.Vote.Public, r.Vote.Result, r.Vote.Signature):
		return failed("its signature is not that of its worker")
	}
	worker := onchain.Address(r.Vote.Public)
	root, err := hex.DecodeString(strings.TrimPrefix(r.Vote.Text, "0x"))
	if err != nil || len(root) != 32 {
		return failed(fmt.Sprintf("the vote %.80q is no Merkle root", r.Vote.Text))
	}
	return sameRoot("receipt", p, root, fmt.Sprintf(", which %s voted for in the round %q", worker, r.Vote.Round))
}
