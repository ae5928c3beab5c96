package devnet

import (
	"bytes"
	"slices"
	"time"

	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// vote is a result that a worker submits, with what the chain knows about it.
type vote struct {
	solution, round, result any
	s, group                *scale.Record
	groupNS                 any
	worker, operator        [32]byte
	period                  uint32
	stake                   any
}

// checkVote finds out whether a vote is allowed, apart from its round.
func (x *exec) checkVote(a *scale.Record) (*vote, error) {
	v := &vote{solution: a.Get("solution_namespace"), round: a.Get("voting_round_id"), result: a.Get("result"), worker: id32(a.Get("pub_key"))}
	v.s = record(x.get(w+"Solutions", v.solution))
	switch {
	case v.s == nil:
		return nil, fail("SolutionNotFound")
	case len(blob(v.round)) == 0:
		return nil, failField("ArgumentInvalid", "Name")
	case len(blob(v.round)) > x.s.RoundBound:
		return nil, failField("ArgumentOutOfBounds", "Name")
	case caseName(v.s.Get("status")) != "Active":
		return nil, fail("SolutionIsNotActive")
	case small(v.s.Get("expiration_block")) < uint64(x.block):
		return nil, fail("SolutionIsExpired")
	case len(blob(v.result)) == 0:
		return nil, fail("InvalidSolutionResult")
	case uint64(len(blob(v.result))) > small(x.get(w+"MaxSolutionResultLength")):
		return nil, fail("SolutionResultOutOfBounds")
	}
	if v.groupNS = x.get(w+"GroupOfSolution", v.solution); v.groupNS == nil {
		return nil, fail("SolutionIsNotPartOfGroup")
	}
	if v.group = record(x.get(w+"SolutionsGroups", v.groupNS)); v.group == nil {
		return nil, fail("SolutionGroupNotFound")
	}
	if x.ended(v.group) {
		return nil, fail("SolutionGroupExpired")
	}
	if uint64(x.block) < small(v.group.Get("operation_start_block")) {
		return nil, fail("GroupInactive")
	}
	if !keys.Verify(keys.Sr25519, v.worker[:], blob(v.result), blob(a.Get("signature"))) {
		return nil, fail("SolutionResultSignatureNotVerified")
	}
	return v, x.checkWorker(v)
}

// checkWorker finds out whether the worker may vote.
func (x *exec) checkWorker(v *vote) error {
	op := x.get(w+"WorkerNodeToOperator", v.worker)
	if op == nil {
		return fail("IsNotWorker")
	}
	v.operator, v.period = id32(op), uint32(small(x.period().Get("index")))
	if !x.has(w+"OperatorSubscriptions", v.operator, v.groupNS) {
		return fail("SubscriptionNotFound")
	}
	if v.stake = x.get(w+"SolutionGroupSubscriptionRegistry", v.period, []any{v.groupNS, v.operator}); v.stake == nil {
		return failField("ArgumentInvalid", "StakeNotFound") // it counts from the next period on
	}
	if v.s.Get("nominations_enabled") == true && !x.has(w+"NominatedWorkerNodes", v.solution, v.worker) {
		return fail("WorkerNotAuthorizedForSolution")
	}
	if small(x.get(w+"NumberOfSubmissions", v.groupNS, v.period, v.operator)) >= small(x.get(w+"SubmissionsQuota")) {
		return fail("SubmissionsQuotaExceeded")
	}
	return nil
}

// voter is the account under which results are kept.
func (x *exec) voter(v *vote) [32]byte {
	if x.s.ResultsByOperator {
		return v.operator
	}
	return v.worker
}

func submitResult(x *exec, o origin, a *scale.Record) error {
	if o.signed || o.root {
		return badOrigin
	}
	v, err := x.checkVote(a)
	if err != nil {
		return err
	}
	if old := x.get(w+"SolutionResults", v.solution, v.round, x.voter(v)); old != nil {
		switch {
		case !bytes.Equal(blob(old), blob(v.result)):
			return fail("SolutionResultChanged")
		case x.s.RepeatedVotes:
			return nil
		case x.r.later:
			return fail("AlreadyVoted")
		}
		return fail("InvalidSolutionResult")
	}
	if x.r.later {
		if err := x.joinRound(v); err != nil {
			return err
		}
	} else {
		x.addStake(v.period, v.groupNS, number(v.stake), "total_weighted_subscription_stake")
	}
	x.put(w+"SolutionResults", v.result, v.solution, v.round, x.voter(v))
	n := small(x.get(w+"NumberOfSubmissions", v.groupNS, v.period, v.operator))
	x.put(w+"NumberOfSubmissions", n+1, v.groupNS, v.period, v.operator)
	x.emit(w+"SolutionResultSubmitted", v.solution, v.round, v.result, v.operator, v.worker)
	if x.r.later && x.s.SettleEarly {
		x.settle(v.solution, v.round, true)
	}
	return nil
}

// roundKey is the second key of SystemVotingRound.
func roundKey(solution, round any) *scale.Record {
	return scale.Rec("solution_namespace", solution, "voting_round_id", round)
}

// round finds a round; nil if it was not opened.
func (x *exec) round(solution, round any) (period any, info *scale.Record) {
	if period = x.get(w+"VotingRoundPeriod", solution, round); period == nil {
		return nil, nil
	}
	return period, record(x.get(w+"SystemVotingRound", period, roundKey(solution, round)))
}

// joinRound counts a vote in its round, which it opens if there is none.
func (x *exec) joinRound(v *vote) error {
	period, info := x.round(v.solution, v.round)
	if info == nil {
		if x.s.RegistrarRounds {
			return fail("DataNotFound")
		}
		x.startRound(v.solution, v.round, v.s, v.groupNS)
		period, info = x.round(v.solution, v.round)
	}
	switch caseName(info.Get("status")) {
	case "Settled":
		return fail("VotingRoundSettled")
	case "Expired":
		return fail("VotingRoundExpired")
	}
	x.put(w+"SystemVotingRound", with(info, "votes", small(info.Get("votes"))+1), period, roundKey(v.solution, v.round))
	return nil
}

// openVotingRound opens a round before somebody votes.
func openVotingRound(x *exec, o origin, a *scale.Record) error {
	ns, round := a.Get("solution_namespace"), a.Get("voting_round_id")
	if err := bounded(round, "Name", x.s.RoundBound); err != nil {
		return err
	}
	_, s, err := x.mySolution(o, ns)
	if err != nil {
		return err
	}
	gns := x.get(w+"GroupOfSolution", ns)
	switch {
	case caseName(s.Get("status")) != "Active":
		return fail("SolutionIsNotActive")
	case small(s.Get("expiration_block")) < uint64(x.block):
		return fail("SolutionIsExpired")
	case gns == nil:
		return fail("SolutionIsNotPartOfGroup")
	case x.has(w+"VotingRoundPeriod", ns, round):
		return fail("VotingRoundExists")
	}
	x.startRound(ns, round, s, gns)
	return nil
}

// startRound opens a round and counts it for all who may vote in it.
func (x *exec) startRound(ns, round any, s *scale.Record, gns any) {
	period := uint32(small(x.period().Get("index")))
	nominations := s.Get("nominations_enabled") == true
	eligible := 0
	x.each(w+"SolutionGroupStakeRecords", []any{gns}, func(k []any, v any) bool {
		operator := k[1]
		worker := x.get(w+"OperatorToWorkerNode", operator)
		list, _ := v.([]any)
		switch {
		case worker == nil || stakeAt(list, uint64(period)).Sign() == 0:
		case !nominations:
			eligible++
		case x.has(w+"NominatedWorkerNodes", ns, worker):
			eligible++
			x.count(w+"NumberOfOperatorVotingsWithNomination", period, []any{operator, gns})
		}
		return true
	})
	x.count(w+"NumberOfVotings", period, gns)
	if nominations {
		x.count(w+"NumberOfVotingsWithNomination", period, gns)
	}
	expires := x.block + x.roundBlocks(small(record(s.Get("consensus")).Get("max_waiting_threshold")))
	x.put(w+"SystemVotingRound", scale.Rec("group_namespace", gns, "status", "Open", "start_block", x.block, "expiration_block", expires,
		"eligible", eligible, "votes", 0, "nominations_enabled", nominations, "result", nil, "process_block", nil, "settle_block", nil), period, roundKey(ns, round))
	x.put(w+"VotingRoundPeriod", period, ns, round)
	x.put(w+"OpenVotingRounds", unit, expires, roundKey(ns, round))
	x.emit(w+"VotingRoundStarted", ns, round, expires)
}

// roundBlocks is the life of a round in blocks.
func (x *exec) roundBlocks(threshold uint64) uint32 {
	if !x.s.RoundSeconds {
		return uint32(min(threshold, 1<<30))
	}
	step := x.s.BlockTime
	if step == 0 {
		step = time.Second
	}
	return uint32(max(1, min(threshold*uint64(time.Second)/uint64(step), 1<<30)))
}

// count adds one to a counter.
func (x *exec) count(name string, k ...any) { x.put(name, small(x.get(name, k...))+1, k...) }

// openRounds reports whether rounds of a period are still open.
func (x *exec) openRounds(period uint32) bool {
	open := false
	x.each(w+"OpenVotingRounds", nil, func(k []any, _ any) bool {
		key := record(k[1])
		open = small(x.get(w+"VotingRoundPeriod", key.Get("solution_namespace"), key.Get("voting_round_id"))) == uint64(period)
		return !open
	})
	return open
}

// expireRounds settles what is due.
func (x *exec) expireRounds() {
	x.each(w+"OpenVotingRounds", []any{x.block}, func(k []any, _ any) bool {
		key := record(k[1])
		x.settle(key.Get("solution_namespace"), key.Get("voting_round_id"), false)
		return true
	})
}

// tally is a result and who voted for it.
type tally struct {
	result []byte
	voters [][32]byte
}

// settle decides a round: the result with most votes wins if enough have voted and enough
// of them for it; otherwise the round expires. early does nothing while others can still
// change that.
func (x *exec) settle(solution, round any, early bool) {
	period, info := x.round(solution, round)
	if info == nil || caseName(info.Get("status")) != "Open" {
		return
	}
	s := record(x.get(w+"Solutions", solution))
	var tallies []tally
	votes := 0
	x.each(w+"SolutionResults", []any{solution, round}, func(k []any, v any) bool {
		votes++
		i := slices.IndexFunc(tallies, func(t tally) bool { return bytes.Equal(t.result, blob(v)) })
		if i < 0 {
			i, tallies = len(tallies), append(tallies, tally{result: blob(v)})
		}
		tallies[i].voters = append(tallies[i].voters, id32(k[2]))
		return true
	})
	slices.SortStableFunc(tallies, func(a, b tally) int { return len(b.voters) - len(a.voters) })
	eligible := max(int(small(info.Get("eligible"))), votes)
	best, second := 0, 0
	if len(tallies) > 0 {
		best = len(tallies[0].voters)
	}
	if len(tallies) > 1 {
		second = len(tallies[1].voters)
	}
	percent, quorum := x.thresholds(s)
	base := votes
	if x.s.ThresholdOfEligible || early && votes < eligible {
		base = eligible
	}
	won := best > second && best*100 >= percent*base && votes*100 >= quorum*eligible
	if early && votes < eligible && (!won || best <= second+eligible-votes) {
		return
	}
	x.close(solution, round, period, info, won, tallies)
}

// thresholds of a solution; one that is gone has none that can be met.
func (x *exec) thresholds(s *scale.Record) (percent, quorum int) {
	if s == nil {
		return 101, 101
	}
	c := record(s.Get("consensus"))
	return int(small(c.Get("vote_threshold_percent"))), int(small(c.Get("quorum_percent")))
}

func (x *exec) close(solution, round, period any, info *scale.Record, won bool, tallies []tally) {
	x.remove(w+"OpenVotingRounds", info.Get("expiration_block"), roundKey(solution, round))
	info = with(with(info, "process_block", x.block), "status", "Expired")
	if !won {
		x.put(w+"SystemVotingRound", info, period, roundKey(solution, round))
		x.emit(w+"VotingRoundExpired", solution, round, info.Get("votes"))
		return
	}
	info = with(with(with(info, "settle_block", x.block), "status", "Settled"), "result", tallies[0].result)
	x.put(w+"SystemVotingRound", info, period, roundKey(solution, round))
	gns, index := info.Get("group_namespace"), uint32(small(period))
	for _, who := range tallies[0].voters {
		operator := any(who)
		if !x.s.ResultsByOperator {
			if operator = x.get(w+"WorkerNodeToOperator", who); operator == nil {
				continue
			}
		}
		x.count(w+"VoteMetadata", gns, index, operator)
		if stake := x.get(w+"SolutionGroupSubscriptionRegistry", index, []any{gns, operator}); stake != nil {
			x.addStake(index, gns, number(stake), "total_weighted_subscription_stake")
		}
	}
	x.emit(w+"VotingRoundSettled", solution, round, tallies[0].result, len(tallies[0].voters))
}

// ordered sorts accounts, as a set must be.
func ordered(list []any) []any {
	out := slices.Clone(list)
	slices.SortFunc(out, func(a, b any) int { return bytes.Compare(blob(a), blob(b)) })
	return slices.CompactFunc(out, func(a, b any) bool { return bytes.Equal(blob(a), blob(b)) })
}
