package devnet

import (
	"math/big"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// period is the current reward period.
func (x *exec) period() *scale.Record { return record(x.get(w + "ActiveRewardPeriodInfo")) }

// initialize does what a block begins with.
func (x *exec) initialize() {
	p := x.period()
	if uint64(x.block) >= small(p.Get("first_block"))+small(p.Get("length")) {
		p = scale.Rec("index", small(p.Get("index"))+1, "first_block", x.block, "length", x.get(w+"RewardPeriodLength"))
		x.put(w+"ActiveRewardPeriodInfo", p)
		x.newPeriod(uint32(small(p.Get("index"))))
		x.emit(w+"NewRewardPeriod", x.block, p.Get("index"), p.Get("length"))
	}
	x.scheduled()
	index := uint32(small(p.Get("index")))
	if uint64(x.block) > small(p.Get("first_block")) && x.place(index) {
		x.rewards(index - 1)
	}
	if x.r.later {
		x.expireRounds()
	}
}

// newPeriod makes the configurations of groups for a period and the one after it.
func (x *exec) newPeriod(index uint32) {
	x.each(w+"SolutionsGroups", nil, func(keys []any, _ any) bool {
		x.periodConfig(index, keys[0])
		x.periodConfig(index+1, keys[0])
		return true
	})
}

// periodConfig writes a group's configuration for a period, with the stakes it may have
// already.
func (x *exec) periodConfig(index uint32, ns any) {
	g := record(x.get(w+"SolutionsGroups", ns))
	p := x.period()
	from := small(p.Get("first_block"))
	if now := uint32(small(p.Get("index"))); index > now {
		from += uint64(index-now) * small(p.Get("length"))
	}
	to := min(from+small(p.Get("length")), small(g.Get("operation_end_block")))
	active := uint64(0)
	if start := max(from, small(g.Get("operation_start_block"))); to > start {
		active = to - start
	}
	c := record(x.get(w+"SolutionGroupRewardPeriodConfig", index, ns))
	stakes, weighted := new(big.Int), new(big.Int)
	if c != nil {
		stakes, weighted = number(c.Get("total_subscription_stakes")), number(c.Get("total_weighted_subscription_stake"))
	}
	x.put(w+"SolutionGroupRewardPeriodConfig", scale.Rec("total_subscription_stakes", stakes, "total_weighted_subscription_stake", weighted,
		"rewards_config", g.Get("rewards_config"), "active_blocks_count", active), index, ns)
}

// addStake adds to a sum of a group's configuration in a period.
func (x *exec) addStake(index uint32, ns any, amount *big.Int, field string) {
	if c := record(x.get(w+"SolutionGroupRewardPeriodConfig", index, ns)); c != nil {
		x.put(w+"SolutionGroupRewardPeriodConfig", with(c, field, new(big.Int).Add(number(c.Get(field)), amount)), index, ns)
	}
}

// resume reads how far a piece of work in batches came: done, or after which item.
func (x *exec) resume(status string, index uint32) (done bool, last *scale.Record) {
	v, _ := x.get(status).(*scale.Variant)
	if v == nil {
		return false, nil
	}
	if v.Name == "Completed" {
		return small(v.Fields.At(0)) >= uint64(index), nil
	}
	if r := record(v.Fields.At(0)); r != nil && small(r.At(0)) == uint64(index) {
		return false, r
	}
	return false, nil
}

// progress writes it.
func (x *exec) progress(status string, index uint32, last []any) {
	if last == nil {
		x.put(status, scale.Var("Completed", index))
		return
	}
	x.put(status, scale.Var("LastProcessedItem", last))
}

// place makes a batch of stakes count in a period; it gives true when all do.
func (x *exec) place(index uint32) bool {
	const status = w + "LatestGeneratedSubscription"
	done, last := x.resume(status, index)
	if done {
		return true
	}
	begin := ""
	if last != nil {
		_, begin = x.key(w+"SolutionGroupStakeRecords", last.At(1), last.At(2))
	}
	n := 0
	var at []any
	x.after(w+"SolutionGroupStakeRecords", begin, nil, func(_ string, keys []any, v any) bool {
		if n == x.s.Batch {
			return false
		}
		n++
		at = []any{index, keys[0], keys[1]}
		list, _ := v.([]any)
		stake := stakeAt(list, uint64(index))
		if len(list) > 1 {
			x.shrink(list, index, keys)
		}
		if stake.Sign() > 0 && x.active(keys[0], index) {
			x.put(w+"SolutionGroupSubscriptionRegistry", stake, index, []any{keys[0], keys[1]})
			x.addStake(index, keys[0], stake, "total_subscription_stakes")
		}
		return true
	})
	if n < x.s.Batch {
		at = nil
	}
	x.progress(status, index, at)
	return at == nil
}

// shrink forgets stakes that later ones replaced.
func (x *exec) shrink(list []any, index uint32, keys []any) {
	from := 0
	for i, e := range list {
		if p, _ := e.([]any); len(p) == 2 && small(p[0]) <= uint64(index) {
			from = i
		}
	}
	if from > 0 {
		x.put(w+"SolutionGroupStakeRecords", list[from:], keys...)
	}
}

// active reports whether a group has active blocks in a period.
func (x *exec) active(ns any, index uint32) bool {
	c := record(x.get(w+"SolutionGroupRewardPeriodConfig", index, ns))
	return c != nil && small(c.Get("active_blocks_count")) > 0
}

// rewards calculates a batch of the rewards of a period that is over.
func (x *exec) rewards(index uint32) {
	const status = w + "LatestRewardsCalculated"
	if index == 0 {
		return
	}
	done, last := x.resume(status, index)
	if done || x.r.later && x.openRounds(index) {
		return
	}
	begin := ""
	if last != nil {
		_, begin = x.key(w+"SolutionGroupSubscriptionRegistry", index, []any{last.At(1), last.At(2)})
	}
	n := 0
	var at, operators []any
	x.after(w+"SolutionGroupSubscriptionRegistry", begin, []any{index}, func(_ string, keys []any, v any) bool {
		if n == x.s.Batch {
			return false
		}
		n++
		pair, _ := keys[1].([]any)
		at = []any{index, pair[0], pair[1]}
		if x.earn(index, pair[0], pair[1], number(v)) {
			operators = append(operators, pair[1])
		}
		return true
	})
	if len(operators) > 0 {
		x.emit(w+"EarnedRewardCalculated", ordered(operators))
	}
	if n < x.s.Batch {
		at = nil
	}
	x.progress(status, index, at)
	if at == nil {
		x.emit(w+"RewardsCalculatedForPeriod", index)
	}
}

// earn adds the rewards of one subscription: the group's rewards for its active blocks, by
// share of the stakes, and by share of the stakes times votes.
func (x *exec) earn(index uint32, ns, operator any, stake *big.Int) bool {
	c := record(x.get(w+"SolutionGroupRewardPeriodConfig", index, ns))
	if c == nil {
		return false
	}
	config, blocks := record(c.Get("rewards_config")), new(big.Int).SetUint64(small(c.Get("active_blocks_count")))
	sub := share(number(config.Get("subscription_reward_per_block")), blocks, stake, number(c.Get("total_subscription_stakes")))
	votes := small(x.get(w+"NumberOfSubmissions", ns, index, operator))
	if x.r.later {
		votes = x.slaVotes(index, ns, operator)
	}
	weight := new(big.Int).Mul(stake, new(big.Int).SetUint64(votes))
	voting := share(number(config.Get("voting_reward_per_block")), blocks, weight, number(c.Get("total_weighted_subscription_stake")))
	if sub.Sign() == 0 && voting.Sign() == 0 {
		return false
	}
	for name, keys := range map[string][]any{"EarnedRewards": {operator, ns}, "SolutionGroupCalculatedRewards": {ns}} {
		old, _ := x.get(w+name, keys...).([]any)
		x.put(w+name, []any{new(big.Int).Add(number(old[0]), sub), new(big.Int).Add(number(old[1]), voting)}, keys...)
	}
	return true
}

func share(reward, blocks, part, whole *big.Int) *big.Int {
	if whole.Sign() == 0 {
		return new(big.Int)
	}
	n := new(big.Int).Mul(reward, blocks)
	return n.Div(n.Mul(n, part), whole)
}

// slaVotes is the number of an operator's correct votes in a period, 0 if they were too few
// of the rounds in which it could vote.
func (x *exec) slaVotes(index uint32, ns, operator any) uint64 {
	correct := small(x.get(w+"VoteMetadata", ns, index, operator))
	possible := small(x.get(w+"NumberOfVotings", index, ns)) - small(x.get(w+"NumberOfVotingsWithNomination", index, ns)) +
		small(x.get(w+"NumberOfOperatorVotingsWithNomination", index, []any{operator, ns}))
	percent := uint64(x.s.SLAPercent)
	if g := record(x.get(w+"SolutionsGroups", ns)); g != nil {
		percent = small(g.Get("sla_voting_threshold"))
	}
	if correct*100 < percent*possible {
		return 0
	}
	return correct
}
