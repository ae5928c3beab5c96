package demo

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/scale"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// The names on chain.
const (
	group    = "matching"
	solution = "matching.hourly"
)

// roundBlocks is how long a round is open.
const roundBlocks = 8

// operatorURI and workerURI are the keys of the n-th, from 1: everybody knows them.
func operatorURI(n int) string { return fmt.Sprintf("//Operator%d", n) }
func workerURI(n int) string   { return operatorURI(n) + "//worker" }

const businessURI = "//Business"

func pair(uri string) (*keys.Pair, error) { return keys.FromURI(uri, keys.Sr25519) }

// accounts are those that need money.
func accounts(workers int) (list [][32]byte, err error) {
	uris := []string{businessURI}
	for n := 1; n <= workers; n++ {
		uris = append(uris, operatorURI(n))
	}
	for _, u := range uris {
		p, err := pair(u)
		if err != nil {
			return nil, err
		}
		list = append(list, p.AccountID())
	}
	return list, nil
}

// ewt is a number of thousandths of EWT in planck.
func ewt(thousandths int64) *big.Int {
	return new(big.Int).Mul(big.NewInt(thousandths), big.NewInt(1_000_000_000_000_000))
}

// founder prepares the chain: it makes blocks itself, so that nobody waits for them.
type founder struct {
	ctx    context.Context //nolint:containedctx // lives as long as the preparation
	chain  *devnet.Chain
	client *chain.Client
	err    error
}

// sign carries out a call in a block of its own. After a failure it does nothing.
func (f *founder) sign(uri, pallet, call string, args any) {
	if f.err != nil {
		return
	}
	key, err := pair(uri)
	if err != nil {
		f.err = err
		return
	}
	x, err := f.client.Signed(f.ctx, key, pallet, call, args, chain.SignOptions{})
	if err == nil {
		_, from := f.chain.Head()
		if _, err = f.client.Submit(f.ctx, x); err == nil {
			if _, err = f.chain.Seal(); err == nil {
				var in *chain.Inclusion
				in, err = f.client.Watch(f.ctx, x.Hash(), chain.WatchOptions{From: from + 1, Best: true, Every: 10 * time.Millisecond})
				if err == nil && in.Error != "" {
					err = &chain.Failed{Call: call, Name: in.Error, Docs: in.Docs}
				}
			}
		}
	}
	if err != nil {
		f.err = fmt.Errorf("%s signs %s: %w", uri, call, err)
	}
}

// prepare makes the group, the solution with the flow of this CID, and the operators with
// their workers; and goes on to where their subscriptions count.
func (f *founder) prepare(cid string, workers int) error {
	business, err := pair(businessURI)
	if err != nil {
		return err
	}
	pallet := onchain.Pallet
	f.sign("//Alice", "Sudo", "sudo", []any{scale.Var(pallet, &scale.Variant{Name: "allow_account", Fields: scale.Rec("account", business.AccountID())})})
	f.sign(businessURI, pallet, "signup_solution_registrar", []any{"Matching Ltd", "BE"})
	f.sign(businessURI, pallet, "register_solution", map[string]any{"namespace": solution, "name": "24/7 matching", "description": "Matches consumption to certificates hour by hour", "publisher_info": "Matching Ltd",
		"logo_url": nil, "work_logic_cid": cid, "execution_environment": "NodeRedV1", "expiration_block": 1_000_000_000, "max_waiting_threshold": roundBlocks, "vote_threshold_percent": 60,
		"addition_to_extraneous_groups_allowed": false, "quorum_percent": 50})
	f.sign(businessURI, pallet, "set_activation_status", []any{solution, "Active"})
	_, head := f.chain.Head()
	f.sign(businessURI, pallet, "solution_group_registration", map[string]any{"namespace": group, "info": map[string]any{"name": "Matching", "description": "24/7 matching", "publisher_info": "Matching Ltd", "logo_url": nil},
		"operators_config":      map[string]any{"start_block": 0, "max_operator_workers": workers, "allowed_operators": workers, "staking_amounts": map[string]any{"min": ewt(100_000), "max": ewt(1_000_000)}, "has_operators_allowlist": false},
		"rewards_config":        map[string]any{"subscription_reward_per_block": ewt(10), "voting_reward_per_block": ewt(50), "top_performance_bonus": 0},
		"operation_start_block": head + 5, "operation_end_block": head + 1_000_000, "withdrawal_delay": 10, "has_cid_allowance": false})
	f.sign(businessURI, pallet, "add_solution_to_group", []any{group, solution})
	for n := 1; n <= workers; n++ {
		w, err := pair(workerURI(n))
		if err != nil {
			return err
		}
		f.sign(operatorURI(n), pallet, "signup_worker_node_operator", []any{fmt.Sprintf("Operator %d", n), "DE"})
		f.sign(operatorURI(n), pallet, "connect_worker_node", []any{w.AccountID()})
		f.sign(operatorURI(n), pallet, "subscribe_to_solution_group", []any{group, ewt(100_000)})
	}
	return f.waitForStake(workers)
}

// waitForStake makes blocks until the last subscription counts.
func (f *founder) waitForStake(workers int) error {
	if f.err != nil {
		return f.err
	}
	last, err := pair(operatorURI(workers))
	if err != nil {
		return err
	}
	c := onchain.Of(f.client)
	for range 10 * rewardPeriod {
		stake, err := c.Stake(f.ctx, last.Address(42), group)
		if err != nil {
			return err
		}
		if stake.Sign() > 0 {
			return nil
		}
		if _, err := f.chain.Seal(); err != nil {
			return err
		}
	}
	return fmt.Errorf("the subscriptions do not count after %d blocks", 10*rewardPeriod)
}
