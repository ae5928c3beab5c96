package demo

import (
	"context"
	"math/big"
	"slices"
	"time"

	"github.com/lockstep-flows/lockstep/chain/indexer"
	"github.com/lockstep-flows/lockstep/chain/scale"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// facts are what the chain's storage says now, and no event.
type facts struct {
	Block, Period uint32
	// Subscription and Voting are what each worker's operator has earned, in planck.
	Subscription, Voting []*big.Int
}

// known are the last facts.
func (d *demo) known() facts {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.facts
}

// look reads the facts in each block.
func (d *demo) look(ctx context.Context) error {
	for {
		f, err := d.read(ctx)
		if err != nil {
			return err
		}
		d.mu.Lock()
		d.facts = f
		d.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(d.o.BlockTime / 2):
		}
	}
}

func (d *demo) read(ctx context.Context) (f facts, err error) {
	at, block, err := d.client.Head(ctx)
	if err != nil {
		return f, err
	}
	f.Block = block
	if f.Period, err = d.pallet.Period(ctx); err != nil {
		return f, err
	}
	var list [][]any
	for _, p := range d.peers {
		list = append(list, []any{p.operatorID, group})
	}
	earned, err := d.client.GetMany(ctx, &at, onchain.Pallet, "EarnedRewards", list)
	for _, v := range earned {
		sub, vote := new(big.Int), new(big.Int)
		if both := elements(v); len(both) == 2 {
			sub, vote = planck(both[0]), planck(both[1])
		}
		f.Subscription, f.Voting = append(f.Subscription, sub), append(f.Voting, vote)
	}
	return f, err
}

func elements(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case *scale.Record:
		return v.Values
	}
	return nil
}

func planck(v any) *big.Int {
	if n, ok := v.(*big.Int); ok {
		return n
	}
	return new(big.Int)
}

// tokens shows planck as EWT with four digits.
func tokens(n *big.Int) string {
	f, _ := new(big.Float).Quo(new(big.Float).SetInt(n), big.NewFloat(1e18)).Float64()
	return big.NewFloat(f).Text('f', 4)
}

// round finds a round in what the indexer has.
func (d *demo) round(id string) (indexer.Round, bool) { return d.index.Round(solution, id) }

// may reports whether a round is open, and the worker has not voted in it.
func (d *demo) may(round, worker string) bool {
	r, ok := d.round(round)
	return ok && r.State == indexer.Open && !slices.ContainsFunc(r.Votes, func(v indexer.Vote) bool { return v.Worker == worker })
}

// settled is the result of a round, "" while it has none.
func (d *demo) settled(round string) string {
	r, _ := d.round(round)
	if r.State != indexer.Settled {
		return ""
	}
	return r.Result
}
