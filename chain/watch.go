package chain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lockstep-flows/lockstep/chain/extrinsic"
	"github.com/lockstep-flows/lockstep/chain/metadata"
)

// WatchOptions say where a transaction is looked for.
type WatchOptions struct {
	// From is the first block; 0 is the last finalized (or best) one at the call.
	From uint32
	// Blocks is how many are looked at; 0 is 64.
	Blocks uint32
	// Best looks at the best blocks, which may be undone; otherwise at finalized ones.
	Best bool
	// Every is the longest pause between looks; 0 is 1 s. Where the node tells of blocks (over
	// WebSocket), it is looked at each.
	Every time.Duration
}

// Inclusion is where a transaction was found and what came of it.
type Inclusion struct {
	Block  [32]byte
	Number uint32
	// Index of the transaction in its block.
	Index int
	// Events that it caused.
	Events []metadata.Event
	// Error is the name of the error if it failed, such as
	// WorkerNodePallet.SolutionIsNotActive; Docs what the chain says about it.
	Error, Docs string
}

// ErrNotIncluded says that a transaction is in none of the blocks that were looked at.
var ErrNotIncluded = errors.New("the transaction was not included")

// Watch waits until a transaction is in a block. It reads every block from the starting one
// on, once.
func (c *Client) Watch(ctx context.Context, hash [32]byte, o WatchOptions) (*Inclusion, error) {
	if o.Blocks == 0 {
		o.Blocks = 64
	}
	if o.Every == 0 {
		o.Every = time.Second
	}
	head := c.Finalized
	if o.Best {
		head = c.Head
	}
	news := c.next(o.Best)
	_, top, err := head(ctx)
	if err != nil {
		return nil, err
	}
	next := o.From
	if next == 0 {
		next = top
	}
	end := uint64(next) + uint64(o.Blocks)
	for {
		for ; next <= top && uint64(next) < end; next++ {
			in, err := c.find(ctx, next, hash)
			if in != nil || err != nil {
				return in, err
			}
		}
		if uint64(next) >= end {
			return nil, fmt.Errorf("0x%x: %w in the blocks %d to %d", hash, ErrNotIncluded, end-uint64(o.Blocks), end-1)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(o.Every):
		case <-news:
		}
		news = c.next(o.Best)
		if _, top, err = head(ctx); err != nil {
			return nil, err
		}
	}
}

// find looks for a transaction in a block.
func (c *Client) find(ctx context.Context, number uint32, hash [32]byte) (*Inclusion, error) {
	block, err := c.BlockHash(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("block %d: %w", number, err)
	}
	list, err := c.Transactions(ctx, block)
	if err != nil {
		return nil, fmt.Errorf("block %d: %w", number, err)
	}
	i := slices.IndexFunc(list, func(x []byte) bool { return extrinsic.Hash(x) == hash })
	if i < 0 {
		return nil, nil
	}
	in := &Inclusion{Block: block, Number: number, Index: i}
	r, err := c.at(ctx, &block)
	if err != nil {
		return nil, err
	}
	events, err := c.Events(ctx, block)
	if err != nil {
		return nil, err
	}
	done := false
	for _, e := range events {
		if e.Extrinsic != i {
			continue
		}
		in.Events = append(in.Events, e)
		if e.Pallet != "System" {
			continue
		}
		switch e.Name {
		case "ExtrinsicSuccess":
			done = true
		case "ExtrinsicFailed":
			done = true
			in.Error, in.Docs = r.meta.DispatchError(e.Fields.At(0))
		}
	}
	if !done {
		return nil, fmt.Errorf("block %d has the transaction 0x%x, but no event that says what came of it", number, hash)
	}
	return in, nil
}

// Transactions of a block, encoded.
func (c *Client) Transactions(ctx context.Context, block [32]byte) ([][]byte, error) {
	var b *struct {
		Block struct {
			Extrinsics []string `json:"extrinsics"`
		} `json:"block"`
	}
	if err := c.rpc.Call(ctx, &b, "chain_getBlock", text(block[:])); err != nil {
		return nil, err
	}
	if b == nil {
		return nil, fmt.Errorf("the node does not know the block 0x%x", block)
	}
	out := make([][]byte, len(b.Block.Extrinsics))
	for i, s := range b.Block.Extrinsics {
		x, err := parse(s)
		if err != nil {
			return nil, err
		}
		out[i] = x
	}
	return out, nil
}

// Events of a block.
func (c *Client) Events(ctx context.Context, block [32]byte) ([]metadata.Event, error) {
	r, err := c.at(ctx, &block)
	if err != nil {
		return nil, err
	}
	e, err := r.meta.Storage("System", "Events")
	if err != nil {
		return nil, err
	}
	raw, err := c.raw(ctx, &block, e.PrefixKey())
	if err != nil {
		return nil, err
	}
	return r.meta.Events(raw)
}
