package indexer

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/lockstep-flows/lockstep/chain/extrinsic"
	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// events reads what happened in the block.
func (b *block) events(ctx context.Context) error {
	list, err := b.c.Events(ctx, b.hash)
	if err != nil {
		return err
	}
	names := map[string]bool{}
	failed := false
	for _, e := range list {
		if e.Pallet == b.pallet {
			names[e.Name] = true
		}
		failed = failed || e.Pallet == "System" && e.Name == "ExtrinsicFailed"
	}
	if err := b.time(ctx); err != nil || len(names) == 0 && !failed {
		return err
	}
	if err := b.refresh(ctx, names); err != nil {
		return err
	}
	var sent [][]byte
	if failed || names["SolutionResultSubmitted"] {
		if sent, err = b.c.Transactions(ctx, b.hash); err != nil {
			return err
		}
	}
	for i, e := range list {
		switch {
		case e.Pallet == b.pallet:
			err = b.event(ctx, i, e, sent)
		case e.Pallet == "System" && e.Name == "ExtrinsicFailed":
			b.refused(i, e, sent)
		}
		if err != nil {
			return fmt.Errorf("event %d, %s: %w", i, e.Name, err)
		}
	}
	return nil
}

// event takes in one event of the pallet.
func (b *block) event(ctx context.Context, i int, e metadata.Event, sent [][]byte) error {
	get := e.Fields.Get
	switch e.Name {
	case "SolutionResultSubmitted":
		b.vote(e.Fields)
		b.submitted(i, e.Fields, transaction(sent, e.Extrinsic), "operator", address(get("operator")), "workerNode", address(get("worker")), "success", true)
	case "VotingRoundStarted":
		return b.roundStarted(ctx, e.Fields)
	case "VotingRoundSettled", "VotingRoundExpired":
		return b.roundEnded(ctx, e)
	case "WorkerNodesNominated":
		workers := []string{}
		list, _ := get("worker_node_accounts").([]any)
		for _, w := range list {
			workers = append(workers, b.worker(w))
		}
		b.put("WorkerNodesNominated", b.eventID(i), "solution", text(get("solution")), "workers", workers, "blockNumber", int64(b.number), "timestamp", b.point.time)
	case "NewRewardPeriod":
		b.rewardPeriod(get("index"), get("starting_block"), get("length"))
	case "RewardsCalculatedForPeriod":
		id := strconv.FormatUint(number(get("index")), 10)
		b.changes = append(b.changes, func(s *store) {
			if s.table("RewardPeriod").byID[id] != nil {
				s.put("RewardPeriod", id, "rewardsCalculated", true)
			}
		})
	}
	return nil
}

func (b *block) rewardPeriod(index, first, length any) {
	id := strconv.FormatUint(number(index), 10)
	b.ensure("RewardPeriod", id, "rewardsCalculated", false)
	b.put("RewardPeriod", id, "index", count(index), "firstBlock", count(first), "length", count(length))
}

// vote takes in a result that counts, with the fields of its event.
func (b *block) vote(f *scale.Record) {
	solution, round, result := text(f.Get("solution_namespace")), text(f.Get("voting_round_id")), hexText(f.Get("result"))
	worker := b.worker(f.Get("worker"))
	key := roundID(solution, round)
	var operator any
	if v := f.Get("operator"); v != nil {
		operator = b.operator(v)
	}
	b.ensure("VoteResult", key+"/"+result, "result", result, "solution", solution, "rawVotingRoundId", round, "votingRound", key)
	b.put("Vote", key+"/"+worker, "rawVotingRoundId", round, "votingRound", key, "solution", solution, "worker", worker, "operator", operator,
		"result", key+"/"+result, "blockNumber", int64(b.number), "timestamp", b.point.time)
}

// submitted notes a result that was sent, taken or not.
func (b *block) submitted(i int, f *scale.Record, tx []byte, pairs ...any) {
	var hash any
	if tx != nil {
		h := extrinsic.Hash(tx)
		hash = hexText(h[:])
	}
	pairs = append(pairs, "solutionNamespace", text(f.Get("solution_namespace")), "votingRoundId", text(f.Get("voting_round_id")), "result", hexText(f.Get("result")),
		"extrinsicHash", hash, "blockNumber", int64(b.number), "timestamp", b.point.time)
	b.put("SolutionResultSubmitted", b.eventID(i), pairs...)
}

func transaction(sent [][]byte, i int) []byte {
	if i < 0 || i >= len(sent) {
		return nil
	}
	return sent[i]
}

// refused notes a result that failed in its block; other calls that fail do not matter.
func (b *block) refused(i int, e metadata.Event, sent [][]byte) {
	m := b.c.Metadata()
	tx := transaction(sent, e.Extrinsic)
	if tx == nil {
		return
	}
	d, err := extrinsic.Decode(m, tx)
	if err != nil || d.Pallet != b.pallet || d.Call != "submit_solution_result" {
		return
	}
	name, _ := m.DispatchError(e.Fields.At(0))
	b.submitted(i, d.Args, tx, "workerNode", address(d.Args.Get("pub_key")), "success", false, "error", name)
}

// roundStarted takes in a new round, and who was nominated for it.
func (b *block) roundStarted(ctx context.Context, f *scale.Record) error {
	ns, round := f.Get("solution_namespace"), f.Get("voting_round_id")
	key := roundID(text(ns), text(round))
	info, err := b.roundInfo(ctx, ns, round)
	if err != nil {
		return err
	}
	if info == nil { // the event alone has to do
		info = scale.Rec("start_block", uint64(b.number), "expiration_block", f.Get("expiration_block"))
	}
	b.roundState(ns, round, info)
	if !is(info.Get("nominations_enabled")) {
		return nil
	}
	return b.each(ctx, "NominatedWorkerNodes", []any{ns}, func(keys []any, _ any) {
		worker := b.worker(keys[1])
		b.put("VotingRoundNominatedWorkersSnapshot", key+"/"+worker, "votingRound", key, "worker", worker)
	})
}

// roundInfo reads what the state says about a round, nil if it says nothing.
func (b *block) roundInfo(ctx context.Context, ns, round any) (*scale.Record, error) {
	period, err := b.get(ctx, "VotingRoundPeriod", ns, round)
	if err != nil || period == nil {
		return nil, err
	}
	v, err := b.get(ctx, "SystemVotingRound", period, map[string]any{"solution_namespace": ns, "voting_round_id": round})
	return record(v), err
}

// roundState takes in a round as the state has it.
func (b *block) roundState(ns, round any, info *scale.Record) {
	key, status := roundID(text(ns), text(round)), caseName(info.Get("status"))
	var group, result any
	if v := info.Get("group_namespace"); v != nil {
		group = text(v)
	}
	if v := info.Get("result"); v != nil {
		result = hexText(v)
	}
	b.ensure("VotingRound", key, "timestamp", b.point.time)
	b.put("VotingRound", key, "votingRoundId", text(round), "solution", text(ns), "solutionGroup", group,
		"startBlock", count(info.Get("start_block")), "expirationBlock", count(info.Get("expiration_block")), "eligible", whole(info.Get("eligible")),
		"settled", status == "Settled", "expired", status == "Expired", "result", result,
		"processBlock", whole(info.Get("process_block")), "settleBlock", whole(info.Get("settle_block")))
}

// roundEnded takes in the end of a round.
func (b *block) roundEnded(ctx context.Context, e metadata.Event) error {
	ns, round := e.Fields.Get("solution_namespace"), e.Fields.Get("voting_round_id")
	info, err := b.roundInfo(ctx, ns, round)
	if err != nil {
		return err
	}
	if info != nil {
		b.roundState(ns, round, info)
	}
	key := roundID(text(ns), text(round))
	pairs := []any{"processBlock", int64(b.number), "settled", false, "expired", true}
	if e.Name == "VotingRoundSettled" {
		pairs = []any{"processBlock", int64(b.number), "settled", true, "expired", false, "settleBlock", int64(b.number), "result", hexText(e.Fields.Get("result"))}
	}
	b.changes = append(b.changes, func(s *store) {
		if s.table("VotingRound").byID[key] != nil {
			s.put("VotingRound", key, slices.Clone(pairs)...)
		}
	})
	return nil
}
