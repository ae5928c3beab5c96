package onchain

import (
	"context"
	"math/big"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// Rewards are what an operator has earned and not claimed yet, at a block.
type Rewards struct {
	Address string `json:"address"`
	Block   uint32 `json:"block"`
	// Period is the current one: its rewards are calculated when it is over.
	Period Period `json:"period"`
	// Through is the last period whose rewards are calculated for all; nil if the chain does
	// not say so.
	Through *uint32  `json:"calculatedThrough"`
	Groups  []Reward `json:"groups"`
	Total   Amount   `json:"total"`
}

// Reward is what was earned in a group.
type Reward struct {
	Group string `json:"group"`
	Name  string `json:"name"`
	// Subscription is for the stake, Voting for votes; Claimable is both.
	Subscription Amount `json:"subscription"`
	Voting       Amount `json:"voting"`
	Claimable    Amount `json:"claimable"`
	// Gone says that the group was deregistered since; its rewards can still be claimed.
	Gone bool `json:"deregistered,omitempty"`
	// Namespace is the group as the chain has it.
	Namespace []byte `json:"-"`
}

// RewardsOf reads the rewards of an operator, by group.
func (w *Chain) RewardsOf(ctx context.Context, address string) (*Rewards, error) {
	id, err := account(address)
	if err != nil {
		return nil, err
	}
	s, number, err := w.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	out := &Rewards{Address: Address(id), Block: number, Groups: []Reward{}, Total: Amount{new(big.Int)}}
	if out.Period, err = s.period(ctx); err != nil {
		return nil, err
	}
	if out.Through, err = s.through(ctx); err != nil {
		return nil, err
	}
	err = s.c.Each(ctx, &s.block, Pallet, "EarnedRewards", []any{id}, func(keys []any, v any) error {
		ns, _ := keys[len(keys)-1].([]byte)
		pair, _ := v.([]any)
		r := Reward{Group: Name(ns), Namespace: ns, Claimable: Amount{new(big.Int)}}
		for i, a := range []*Amount{&r.Subscription, &r.Voting} {
			a.Int = new(big.Int)
			if i < len(pair) {
				if n, ok := pair[i].(*big.Int); ok {
					a.Int = n
				}
			}
			r.Claimable.Add(r.Claimable.Int, a.Int)
		}
		if r.Claimable.Sign() > 0 {
			out.Groups = append(out.Groups, r)
			out.Total.Add(out.Total.Int, r.Claimable.Int)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range out.Groups {
		g := &out.Groups[i]
		v, err := s.get(ctx, "SolutionsGroups", g.Namespace)
		if err != nil {
			return nil, err
		}
		g.Name, g.Gone = textOf(record(v, "info").Get("name")), v == nil
	}
	slices.SortFunc(out.Groups, func(a, b Reward) int { return strings.Compare(a.Group, b.Group) })
	return out, nil
}

// through is the last period of which all rewards are calculated.
func (s snapshot) through(ctx context.Context) (*uint32, error) {
	if _, err := s.c.Metadata().Storage(Pallet, "LatestRewardsCalculated"); err != nil {
		return nil, nil //nolint:nilerr // another version of the pallet
	}
	v, err := s.get(ctx, "LatestRewardsCalculated")
	if err != nil {
		return nil, err
	}
	status, ok := v.(*scale.Variant)
	if !ok {
		return nil, nil
	}
	switch at := status.Fields.At(0).(type) {
	case uint64:
		n := numberOf(at)
		return &n, nil
	case *scale.Record: // it is in the middle of a period
		if n := numberOf(at.At(0)); n > 0 {
			n--
			return &n, nil
		}
	case []any:
		if len(at) > 0 && numberOf(at[0]) > 0 {
			n := numberOf(at[0]) - 1
			return &n, nil
		}
	}
	return nil, nil
}

// Sudo is the account that may do everything on a chain, "" if there is none.
func (w *Chain) Sudo(ctx context.Context) (string, error) {
	s, _, err := w.snapshot(ctx)
	if err != nil {
		return "", err
	}
	if _, err := s.c.Metadata().Storage("Sudo", "Key"); err != nil {
		return "", nil //nolint:nilerr // it has no such pallet
	}
	v, err := s.c.Get(ctx, &s.block, "Sudo", "Key")
	b, _ := v.([]byte)
	return Address(b), err
}
