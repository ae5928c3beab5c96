package onchain

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/rpc"
	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/worker"
)

// voteBlocks is how many finalized blocks are looked at for a vote, voteEvery how often:
// the reference looks at ten blocks from the head, which is some blocks ahead.
const (
	voteBlocks = 16
	voteEvery  = 2 * time.Second
)

// Encode makes the transaction of a vote.
func (w *Chain) Encode(ctx context.Context, v consensus.Vote) ([]byte, string, error) {
	c, err := w.vote.get(ctx)
	if err != nil {
		return nil, "", unreachable(err)
	}
	x, err := c.Unsigned(Pallet, "submit_solution_result", map[string]any{
		"solution_namespace": consensus.TextBytes(v.Solution, consensus.PolkadotJS), "voting_round_id": consensus.TextBytes(v.Round, consensus.PolkadotJS),
		"result": v.Result, "signature": v.Signature, "pub_key": v.Public,
	})
	if err != nil {
		return nil, "", &consensus.Failure{Cause: consensus.Invalid, Text: "the vote cannot be encoded for this chain", Err: err}
	}
	h := x.Hash()
	return x.Bytes, "0x" + hex.EncodeToString(h[:]), nil
}

func unreachable(err error) error {
	return &consensus.Failure{Cause: consensus.Unreachable, Text: "the chain cannot be reached", Err: err}
}

// Submit hands a transaction to the node.
func (w *Chain) Submit(ctx context.Context, transaction []byte) error {
	c, err := w.vote.get(ctx)
	if err != nil {
		return unreachable(err)
	}
	_, err = c.Submit(ctx, chain.Extrinsic{Bytes: transaction})
	if err == nil {
		return nil
	}
	var e *rpc.Error
	if !errors.As(err, &e) {
		return unreachable(err)
	}
	f := &consensus.Failure{Cause: consensus.Unreachable, Text: "the node refuses the vote", Err: err}
	switch e.Code {
	case 1010, 1011, -32000, -32602:
		f.Cause = consensus.Invalid
	case 1013:
		f.Cause = consensus.Known
	case 1012, 1014, 1016:
		f.Cause = consensus.Busy
	}
	return f
}

// Mark is the last finalized block.
func (w *Chain) Mark(ctx context.Context) (uint32, error) {
	c, err := w.vote.get(ctx)
	if err != nil {
		return 0, unreachable(err)
	}
	_, n, err := c.Finalized(ctx)
	if err != nil {
		return 0, unreachable(err)
	}
	return n, nil
}

// Find waits for a transaction in finalized blocks.
func (w *Chain) Find(ctx context.Context, hash string, from uint32) (consensus.Inclusion, error) {
	c, err := w.vote.get(ctx)
	if err != nil {
		return consensus.Inclusion{}, unreachable(err)
	}
	b, err := hex.DecodeString(strings.TrimPrefix(hash, "0x"))
	if err != nil || len(b) != 32 {
		return consensus.Inclusion{}, errors.New("it is no hash of a transaction")
	}
	in, err := c.Watch(ctx, [32]byte(b), chain.WatchOptions{From: from, Blocks: voteBlocks, Every: voteEvery})
	switch {
	case errors.Is(err, chain.ErrNotIncluded):
		return consensus.Inclusion{}, &consensus.Failure{Cause: consensus.Missing, Text: fmt.Sprintf("it is in none of %d blocks", voteBlocks)}
	case err != nil:
		return consensus.Inclusion{}, unreachable(err)
	}
	at := consensus.Inclusion{Block: "0x" + hex.EncodeToString(in.Block[:]), Number: in.Number, Index: in.Index}
	if in.Error != "" {
		return at, &consensus.Failure{Cause: consensus.Dispatched, Text: in.Error}
	}
	return at, nil
}

// Voted looks for a result of the worker, or of its operator: the public material does not say
// which of the two the chain names.
func (w *Chain) Voted(ctx context.Context, k consensus.Key, public []byte) ([]byte, bool, error) {
	c, err := w.vote.get(ctx)
	if err != nil {
		return nil, false, unreachable(err)
	}
	who := [][]byte{public}
	if op, err := c.Get(ctx, nil, Pallet, "WorkerNodeToOperator", public); err == nil {
		if b, ok := op.([]byte); ok {
			who = append(who, b)
		}
	}
	for _, id := range who {
		v, err := c.Get(ctx, nil, Pallet, "SolutionResults", consensus.TextBytes(k.Solution, consensus.PolkadotJS), consensus.TextBytes(k.Round, consensus.PolkadotJS), id)
		if err != nil {
			return nil, false, unreachable(err)
		}
		if b, ok := v.([]byte); ok {
			return b, true, nil
		}
	}
	return nil, false, nil
}

// Checks are what it takes to verify a receipt in a folder: those of the worker, and who signed.
func Checks(dir string) consensus.Checks {
	c := worker.Checks(dir)
	c.Signature = func(public, msg, sig []byte) bool { return keys.Verify(keys.Sr25519, public, msg, sig) }
	c.Address = Address
	return c
}
