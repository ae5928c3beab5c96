package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// merkleInput says where a payload comes from: a file, or the run behind a receipt.
type merkleInput struct {
	args    []string
	receipt string
}

// payload reads it; name is what errors call it.
func (in merkleInput) payload(ctx context.Context, s streams) (v value.Value, name string, err error) {
	switch {
	case (len(in.args) == 1) == (in.receipt != ""):
		return v, "", exitError{exitUsage, "give a JSON file or --receipt: what is to be shown is in one of them"}
	case in.receipt != "":
		name = in.receipt
		v, err = votedPayload(ctx, s, name)
	default:
		name = in.args[0]
		v, err = payloadOf(s, name)
	}
	if err != nil {
		return v, name, fmt.Errorf("%s: %w", name, err)
	}
	return v, name, nil
}

// votedPayload executes the journal of a receipt again, and gives the payload whose root the
// vote is.
func votedPayload(ctx context.Context, s streams, file string) (value.Value, error) {
	text, err := readAll(s, file)
	if err != nil {
		return value.Undefined, err
	}
	r, err := consensus.ParseReceipt(text)
	if err != nil {
		return value.Undefined, err
	}
	w := &rootWatch{root: strings.ToLower(strings.TrimPrefix(r.Vote.Text, "0x")), found: value.Undefined}
	checks := onchain.Checks(filepath.Dir(file))
	build := checks.Build
	checks.Build = func(r *consensus.Receipt, h *journal.Header, o engine.Options) (*engine.Engine, error) {
		o.Observer = w
		return build(r, h, o)
	}
	for _, c := range r.Verify(ctx, checks) {
		if c.State == "failed" {
			return value.Undefined, fmt.Errorf("the receipt does not hold: %s: %s", c.Name, c.Text)
		}
	}
	switch {
	case r.Journal.Digest == "":
		return value.Undefined, errors.New("the receipt has no journal, from which the data could be taken: give them as a file")
	case w.found.IsUndefined():
		return value.Undefined, errors.New("the vote is not a root that a merkle-tree-root-hash node of the flow made")
	}
	return w.found, nil
}

// rootWatch looks for the payload of a merkle-tree-root-hash node that has a root.
type rootWatch struct {
	root  string // hex digits
	found value.Value
}

// Input is called when a node gets a message.
func (w *rootWatch) Input(c *engine.Call, m value.Value) {
	if c.Type() != "merkle-tree-root-hash" || m.Object() == nil {
		return
	}
	payload := m.Object().Get("payload")
	leaves, err := consensus.Leaves(payload)
	if err != nil {
		return
	}
	if root, err := consensus.MerkleRoot(leaves); err == nil && hex.EncodeToString(root[:]) == w.root {
		w.found = value.Clone(payload)
	}
}

// Called is called when a node uses its API.
func (w *rootWatch) Called(*engine.Call, string, ...value.Value) {}
