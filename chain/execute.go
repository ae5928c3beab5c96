package chain

import (
	"context"
	"fmt"

	"github.com/lockstep-flows/lockstep/chain/keys"
)

// Failed is the error of a transaction that is in a block and did nothing: the chain's
// name of it, and what the chain says about that.
type Failed struct {
	Call, Name, Docs string
}

func (e *Failed) Error() string {
	text := fmt.Sprintf("%s: the chain answers %s", e.Call, e.Name)
	if e.Docs != "" {
		text += ": " + e.Docs
	}
	return text
}

// Execute signs a transaction, submits it and waits until it is in a block. A *Failed
// says that it is there and failed.
func (c *Client) Execute(ctx context.Context, key *keys.Pair, pallet, call string, args any, s SignOptions, w WatchOptions) (*Inclusion, error) {
	x, err := c.Signed(ctx, key, pallet, call, args, s)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", call, err)
	}
	return c.Send(ctx, call, x, w)
}

// Send submits a transaction and waits until it is in a block, as Execute does; call names
// it in errors.
func (c *Client) Send(ctx context.Context, call string, x Extrinsic, w WatchOptions) (*Inclusion, error) {
	if w.From == 0 {
		head := c.Finalized
		if w.Best {
			head = c.Head
		}
		_, top, err := head(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", call, err)
		}
		w.From = max(top, 1)
	}
	hash, err := c.Submit(ctx, x)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", call, err)
	}
	in, err := c.Watch(ctx, hash, w)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", call, err)
	case in.Error != "":
		return in, &Failed{Call: call, Name: in.Error, Docs: in.Docs}
	}
	return in, nil
}
