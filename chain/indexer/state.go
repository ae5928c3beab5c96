package indexer

import (
	"context"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// section is a part of the state with the events after which it is read again, separated
// by spaces.
type section struct {
	events string
	read   func(*block, context.Context) error
}

// sections in the order in which they are read.
var sections = []section{
	{"NewWorkerNodeOperatorSignup WorkerNodeOperatorRemoval NewWorkerConnected WorkerDisconnected", (*block).operators},
	{"SolutionGroupCreated SolutionGroupRemoved GroupRewardsRaised", (*block).groups},
	{"SolutionCreated SolutionStatusChanged RemovedSolution SolutionAddedToGroup SolutionRemovedFromGroup WorkerNodesNominated", (*block).solutions},
	{"NewSolutionGroupSubscription UnsubscribeFromSolutionGroup StakeIncreased", (*block).subscriptions},
	{"EarnedRewardCalculated RewardsClaimed", (*block).rewards},
	{"NewRewardPeriod", (*block).period},
}

// ours are the events that change no section.
const ours = "SolutionResultSubmitted VotingRoundStarted VotingRoundSettled VotingRoundExpired RewardsCalculatedForPeriod NewSolutionRegistrarSignup RemovedSolutionRegistrar NewRegistrarAllowed RegistrarDisallowed NewOperatorAllowed OperatorDisallowed NewCidAllowed UnexpectedState ClaimedRewardsCounterUpdated AdminSettingsUpdated UnsubscriptionScheduled"

// refresh reads the sections that events have changed. An event that is not known here may
// have changed all of them.
func (b *block) refresh(ctx context.Context, events map[string]bool) error {
	all := false
	known := strings.Fields(ours)
	for _, s := range sections {
		known = append(known, strings.Fields(s.events)...)
	}
	for name := range events {
		all = all || !slices.Contains(known, name)
	}
	for _, s := range sections {
		if all || slices.ContainsFunc(strings.Fields(s.events), func(name string) bool { return events[name] }) {
			if err := s.read(b, ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// snapshot reads all that the state tells.
func (b *block) snapshot(ctx context.Context) error {
	for _, s := range sections {
		if err := s.read(b, ctx); err != nil {
			return err
		}
	}
	err := b.each(ctx, "SystemVotingRound", nil, func(keys []any, v any) {
		if key := record(keys[len(keys)-1]); key != nil {
			b.roundState(key.Get("solution_namespace"), key.Get("voting_round_id"), record(v))
		}
	})
	if err != nil {
		return err
	}
	workers := map[string]any{} // by their operators, as some chains keep results by these
	err = b.each(ctx, "OperatorToWorkerNode", nil, func(keys []any, v any) { workers[address(keys[0])] = v })
	if err != nil {
		return err
	}
	operators := map[string]any{}
	err = b.each(ctx, "WorkerNodeToOperator", nil, func(keys []any, v any) { operators[address(keys[0])] = v })
	if err != nil {
		return err
	}
	return b.each(ctx, "SolutionResults", nil, func(keys []any, v any) {
		worker := keys[2]
		operator := operators[address(worker)]
		if w := workers[address(worker)]; operator == nil && w != nil {
			worker, operator = w, worker
		}
		b.vote(scale.Rec("solution_namespace", keys[0], "voting_round_id", keys[1], "result", v, "worker", worker, "operator", operator))
	})
}

func (b *block) operators(ctx context.Context) error {
	workers, connected, signed := map[string]any{}, map[string]bool{}, map[string]bool{}
	err := b.each(ctx, "OperatorToWorkerNode", nil, func(keys []any, v any) {
		operator, worker := b.operator(keys[0]), b.worker(v)
		workers[operator], connected[worker] = worker, true
		b.put("WorkerNode", worker, "operator", operator)
	})
	if err != nil {
		return err
	}
	err = b.each(ctx, "WorkerNodeOperatorInventory", nil, func(keys []any, v any) {
		operator := b.account(keys[0])
		signed[operator] = true
		r := record(v)
		b.put("Operator", operator, "account", operator, "friendlyName", text(r.Get("friendly_name")), "legalLocation", text(r.Get("legal_location")), "workerNode", workers[operator], "removed", false)
	})
	b.changes = append(b.changes, func(s *store) {
		s.update("Operator", func(id string) bool { return !signed[id] }, "removed", true, "workerNode", nil)
		s.update("WorkerNode", func(id string) bool { return !connected[id] }, "operator", nil)
	})
	return err
}

// update changes the rows with ids of some kind.
func (s *store) update(name string, which func(id string) bool, pairs ...any) {
	for _, r := range s.table(name).list {
		if !r.gone && which(r.id()) {
			s.put(name, r.id(), pairs...)
		}
	}
}

func (b *block) groups(ctx context.Context) error {
	owners, err := b.owners(ctx, "SolutionsGroupsInventory")
	if err != nil {
		return err
	}
	there := map[string]bool{}
	err = b.each(ctx, "SolutionsGroups", nil, func(keys []any, v any) {
		id, g := text(keys[0]), record(v)
		there[id] = true
		info, ops, rewards := record(g.Get("info")), record(g.Get("operators_config")), record(g.Get("rewards_config"))
		stakes := record(ops.Get("staking_amounts"))
		list := g.Get("has_cid_allow_list")
		if list == nil {
			list = g.Get("has_cid_allowance")
		}
		b.put("SolutionGroup", id, "namespace", id, "name", text(info.Get("name")), "description", text(info.Get("description")), "publisherInfo", text(info.Get("publisher_info")), "logoUrl", optionalText(info.Get("logo_url")),
			"operationStartBlock", count(g.Get("operation_start_block")), "operationEndBlock", count(g.Get("operation_end_block")), "withdrawalDelay", count(g.Get("withdrawal_delay")),
			"maxOperatorWorkers", count(ops.Get("max_operator_workers")), "allowedOperators", count(ops.Get("allowed_operators")), "minStake", amount(stakes.Get("min")), "maxStake", amount(stakes.Get("max")),
			"hasOperatorsAllowlist", is(ops.Get("has_operators_allowlist")), "hasCidAllowList", maybe(list), "slaVotingThreshold", whole(g.Get("sla_voting_threshold")),
			"subscriptionRewardPerBlock", amount(rewards.Get("subscription_reward_per_block")), "votingRewardPerBlock", amount(rewards.Get("voting_reward_per_block")),
			"registrar", owners[id], "removed", false)
	})
	b.changes = append(b.changes, func(s *store) {
		s.update("SolutionGroup", func(id string) bool { return !there[id] }, "removed", true)
	})
	return err
}

// owners are the registrars of solutions or groups, by namespace.
func (b *block) owners(ctx context.Context, entry string) (map[string]any, error) {
	out := map[string]any{}
	err := b.each(ctx, entry, nil, func(keys []any, _ any) { out[text(keys[1])] = b.account(keys[0]) })
	return out, err
}

func (b *block) solutions(ctx context.Context) error {
	owners, err := b.owners(ctx, "RegistrarActiveSolutionRegistry")
	if err != nil {
		return err
	}
	groups, nominated, there := map[string]any{}, map[string][]string{}, map[string]bool{}
	if err := b.each(ctx, "GroupOfSolution", nil, func(keys []any, v any) { groups[text(keys[0])] = text(v) }); err != nil {
		return err
	}
	err = b.each(ctx, "NominatedWorkerNodes", nil, func(keys []any, _ any) {
		ns := text(keys[0])
		nominated[ns] = append(nominated[ns], b.worker(keys[1]))
	})
	if err != nil {
		return err
	}
	err = b.each(ctx, "Solutions", nil, func(keys []any, v any) {
		id, s := text(keys[0]), record(v)
		there[id] = true
		info, work, rules := record(s.Get("info")), record(s.Get("workload")), record(s.Get("consensus"))
		slices.Sort(nominated[id])
		b.put("Solution", id, "namespace", id, "name", text(info.Get("name")), "description", text(info.Get("description")), "publisherInfo", text(info.Get("publisher_info")), "logoUrl", optionalText(info.Get("logo_url")),
			"status", caseName(s.Get("status")), "workLogic", text(work.Get("work_logic")), "executionEnvironment", caseName(work.Get("execution_environment")), "expirationBlock", count(s.Get("expiration_block")),
			"maxWaitingThreshold", count(rules.Get("max_waiting_threshold")), "voteThresholdPercent", count(rules.Get("vote_threshold_percent")), "quorumPercent", whole(rules.Get("quorum_percent")),
			"additionToExtraneousGroupsAllowed", is(s.Get("addition_to_extraneous_groups_allowed")), "nominationsEnabled", is(s.Get("nominations_enabled")),
			"nominatedWorkers", nominated[id], "registrar", owners[id], "solutionGroup", groups[id], "removed", false)
	})
	b.changes = append(b.changes, func(s *store) {
		s.update("Solution", func(id string) bool { return !there[id] }, "removed", true, "solutionGroup", nil)
	})
	return err
}

func (b *block) subscriptions(ctx context.Context) error {
	stakes, there := map[string]any{}, map[string]bool{}
	err := b.each(ctx, "SolutionGroupStakeRecords", nil, func(keys []any, v any) {
		list, _ := v.([]any)
		if len(list) == 0 {
			return
		}
		if last, _ := list[len(list)-1].([]any); len(last) == 2 { // by period
			stakes[text(keys[0])+" "+address(keys[1])] = amount(last[1])
		}
	})
	if err != nil {
		return err
	}
	err = b.each(ctx, "OperatorSubscriptions", nil, func(keys []any, _ any) {
		operator, group := b.operator(keys[0]), text(keys[1])
		id := operator + "-" + group
		there[id] = true
		b.put("OperatorSubscribedSolutionGroup", id, "operator", operator, "solutionGroup", group, "stake", stakes[group+" "+operator])
	})
	b.changes = append(b.changes, func(s *store) { s.only("OperatorSubscribedSolutionGroup", there) })
	return err
}

func (b *block) rewards(ctx context.Context) error {
	there := map[string]bool{}
	err := b.each(ctx, "EarnedRewards", nil, func(keys []any, v any) {
		pair, _ := v.([]any)
		if len(pair) != 2 {
			return
		}
		operator, group := b.operator(keys[0]), text(keys[1])
		id := operator + "-" + group
		there[id] = true
		b.put("EarnedReward", id, "operator", operator, "solutionGroup", group, "subscription", amount(pair[0]), "voting", amount(pair[1]))
	})
	b.changes = append(b.changes, func(s *store) { s.only("EarnedReward", there) })
	return err
}

func (b *block) period(ctx context.Context) error {
	v, err := b.get(ctx, "ActiveRewardPeriodInfo")
	if p := record(v); p != nil {
		b.rewardPeriod(p.Get("index"), p.Get("first_block"), p.Get("length"))
	}
	return err
}
