package devnet

import (
	"math/big"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// groupCalls are the calls of the worker pallet about groups and subscriptions.
func groupCalls() map[string]callFunc {
	return map[string]callFunc{
		w + "solution_group_registration":     registerGroup,
		w + "solution_group_deregistration":   deleteGroup,
		w + "add_solution_to_group":           addSolution,
		w + "remove_solution_from_group":      removeSolution,
		w + "allow_operator":                  allowOperator,
		w + "remove_allowed_operator":         removeAllowedOperator,
		w + "subscribe_to_solution_group":     subscribe,
		w + "top_up_stake":                    topUp,
		w + "unsubscribe_from_solution_group": unsubscribe,
		w + "allow_new_cid":                   allowCID,
		w + "raise_group_rewards":             raiseRewards,
	}
}

// rewardDeposit is what a registrar reserves for a group: both rewards for all its blocks.
func rewardDeposit(rewards *scale.Record, blocks uint64) *big.Int {
	sum := new(big.Int).Add(number(rewards.Get("subscription_reward_per_block")), number(rewards.Get("voting_reward_per_block")))
	return sum.Mul(sum, new(big.Int).SetUint64(blocks))
}

func registerGroup(x *exec, o origin, a *scale.Record) error {
	who, err := x.registrar(o)
	if err != nil {
		return err
	}
	ns, info, ops, rewards := a.Get("namespace"), record(a.Get("info")), record(a.Get("operators_config")), record(a.Get("rewards_config"))
	start, end := small(a.Get("operation_start_block")), small(a.Get("operation_end_block"))
	limits := record(ops.Get("staking_amounts"))
	err = first(bounded(ns, "Namespace", x.s.NamespaceBound), bounded(info.Get("name"), "Name", x.s.NamespaceBound),
		within(info.Get("description"), "Description", x.s.LongInfoBound), within(info.Get("publisher_info"), "PublisherInfo", x.s.LongInfoBound),
		within(info.Get("logo_url"), "LogoUrl", x.s.LongInfoBound))
	switch {
	case err != nil:
		return err
	case x.has(w+"SolutionsGroups", ns) || x.has(w+"DeregisteredGroupsWithRewards", ns):
		return fail("ExistingNamespace")
	case start < uint64(x.block):
		return failField("ArgumentInvalid", "OperationStartBlock")
	case end <= start:
		return failField("ArgumentInvalid", "OperationEndBlock")
	case number(limits.Get("min")).Sign() == 0 || number(limits.Get("min")).Cmp(number(limits.Get("max"))) > 0:
		return failField("ArgumentInvalid", "StakingLimits")
	case small(ops.Get("max_operator_workers")) == 0:
		return failField("ArgumentInvalid", "OperatorSubscriptionsLimit")
	case small(a.Get("withdrawal_delay")) > uint64(x.s.MaxWithdrawalDelay):
		return failField("ArgumentOutOfBounds", "InvalidWithdrawalDelay")
	case number(rewards.Get("top_performance_bonus")).Sign() > 0:
		return fail("NotImplemented")
	}
	if err := x.reserve(who, rewardDeposit(rewards, end-start)); err != nil {
		return err
	}
	g := scale.Rec("namespace", ns, "info", info, "operators_config", ops, "rewards_config", rewards,
		"operation_start_block", start, "operation_end_block", end, "withdrawal_delay", a.Get("withdrawal_delay"))
	if x.r.later {
		g.Names = append(g.Names, "has_cid_allow_list", "sla_voting_threshold")
		g.Values = append(g.Values, a.Get("has_cid_allowance"), x.s.SLAPercent)
	}
	x.put(w+"SolutionsGroups", g, ns)
	x.put(w+"SolutionsGroupsInventory", unit, who, ns)
	x.periodConfig(uint32(small(x.period().Get("index")))+1, ns)
	x.emit(w+"SolutionGroupCreated", who, ns)
	return nil
}

// ownerOf is the registrar of a group.
func (x *exec) ownerOf(ns any) (owner [32]byte, ok bool) {
	x.each(w+"SolutionsGroupsInventory", nil, func(keys []any, _ any) bool {
		ok = string(blob(keys[1])) == string(blob(ns))
		owner = id32(keys[0])
		return !ok
	})
	return owner, ok
}

// myGroup is a group of the caller.
func (x *exec) myGroup(o origin, ns any) ([32]byte, *scale.Record, error) {
	who, err := x.registrar(o)
	if err != nil {
		return who, nil, err
	}
	g, err := x.group(ns)
	if err == nil && !x.has(w+"SolutionsGroupsInventory", who, ns) {
		err = fail("SenderNotGroupOwner")
	}
	return who, g, err
}

// group by its namespace.
func (x *exec) group(ns any) (*scale.Record, error) {
	if g := record(x.get(w+"SolutionsGroups", ns)); g != nil {
		return g, nil
	}
	if x.has(w+"DeregisteredGroupsWithRewards", ns) {
		return nil, fail("SolutionGroupHasBeenDeregistered")
	}
	return nil, fail("SolutionGroupNotFound")
}

// ended reports whether a group's time is over.
func (x *exec) ended(g *scale.Record) bool {
	return uint64(x.block) > small(g.Get("operation_end_block"))
}

func deleteGroup(x *exec, o origin, a *scale.Record) error {
	ns := a.Get("namespace")
	who, g, err := x.myGroup(o, ns)
	if err != nil {
		return err
	}
	if small(x.get(w+"NumberOfSolutionsInGroup", ns)) > 0 {
		return fail("GroupHasSolutions")
	}
	if small(x.get(w+"SolutionGroupSubscribersCount", ns)) > 0 {
		return fail("SolutionGroupHasSubscribedWorkerNodes")
	}
	sums, _ := x.get(w+"SolutionGroupCalculatedRewards", ns).([]any)
	owed := new(big.Int).Add(number(sums[0]), number(sums[1]))
	blocks := small(g.Get("operation_end_block")) - small(g.Get("operation_start_block"))
	x.unreserve(who, new(big.Int).Sub(rewardDeposit(record(g.Get("rewards_config")), blocks), owed))
	x.remove(w+"SolutionsGroups", ns)
	if owed.Sign() > 0 {
		x.put(w+"DeregisteredGroupsWithRewards", unit, ns)
	} else {
		x.remove(w+"SolutionsGroupsInventory", who, ns)
	}
	x.emit(w+"SolutionGroupRemoved", who, ns)
	return nil
}

func addSolution(x *exec, o origin, a *scale.Record) error {
	gns, sns := a.Get("group_namespace"), a.Get("solution_namespace")
	who, err := x.registrar(o)
	if err != nil {
		return err
	}
	s := record(x.get(w+"Solutions", sns))
	if s == nil {
		return fail("SolutionNotFound")
	}
	g, err := x.group(gns)
	if err != nil {
		return err
	}
	mine, myGroup := x.has(w+"RegistrarActiveSolutionRegistry", who, sns), x.has(w+"SolutionsGroupsInventory", who, gns)
	extraneous, _ := s.Get("addition_to_extraneous_groups_allowed").(bool)
	cids, _ := g.Get("has_cid_allow_list").(bool)
	switch {
	case !mine && !myGroup:
		return fail("SenderNotGroupOrSolutionOwner")
	case !myGroup:
		return fail("SenderNotGroupOwner")
	case !mine && !extraneous:
		return fail("NotAllowedToAddSolution")
	case x.has(w+"GroupOfSolution", sns):
		return fail("SolutionAlreadyInGroup")
	case small(s.Get("expiration_block")) < uint64(x.block):
		return fail("SolutionIsExpired")
	case x.ended(g):
		return fail("SolutionGroupExpired")
	case cids && !x.has(w+"AllowedCids", gns, record(s.Get("workload")).Get("work_logic")):
		return fail("CidNotAllowed")
	}
	x.put(w+"GroupOfSolution", gns, sns)
	x.put(w+"NumberOfSolutionsInGroup", small(x.get(w+"NumberOfSolutionsInGroup", gns))+1, gns)
	x.emit(w+"SolutionAddedToGroup", sns, gns)
	return nil
}

func removeSolution(x *exec, o origin, a *scale.Record) error {
	ns := a.Get("namespace")
	who, err := x.registrar(o)
	if err != nil {
		return err
	}
	if !x.has(w+"Solutions", ns) {
		return fail("SolutionNotFound")
	}
	gns := x.get(w+"GroupOfSolution", ns)
	if gns == nil {
		return fail("SolutionIsNotPartOfGroup")
	}
	if !x.has(w+"RegistrarActiveSolutionRegistry", who, ns) && !x.has(w+"SolutionsGroupsInventory", who, gns) {
		return fail("SenderNotGroupOrSolutionOwner")
	}
	x.remove(w+"GroupOfSolution", ns)
	x.put(w+"NumberOfSolutionsInGroup", small(x.get(w+"NumberOfSolutionsInGroup", gns))-1, gns)
	x.emit(w+"SolutionRemovedFromGroup", ns, gns)
	return nil
}

func allowOperator(x *exec, o origin, a *scale.Record) error {
	ns, op := a.Get("group_namespace"), a.Get("operator")
	_, g, err := x.myGroup(o, ns)
	if err != nil {
		return err
	}
	ops := record(g.Get("operators_config"))
	count := uint64(0)
	x.each(w+"AllowedOperators", []any{ns}, func([]any, any) bool { count++; return true })
	switch {
	case ops.Get("has_operators_allowlist") != true:
		return fail("SolutionGroupDoesntSupportOperatorAllowList")
	case x.has(w+"AllowedOperators", ns, op):
		return fail("AlreadyAllowedAccount")
	case !x.has(w+"WorkerNodeOperatorInventory", op):
		return fail("WorkerNodeOperatorNotFound")
	case small(ops.Get("allowed_operators")) > 0 && count >= small(ops.Get("allowed_operators")):
		return fail("MaxAllowedOperatorsExceeded")
	}
	x.put(w+"AllowedOperators", unit, ns, op)
	x.emit(w+"NewOperatorAllowed", op, ns)
	return nil
}

func removeAllowedOperator(x *exec, o origin, a *scale.Record) error {
	ns, op := a.Get("group_namespace"), a.Get("operator")
	_, g, err := x.myGroup(o, ns)
	if err != nil {
		return err
	}
	if record(g.Get("operators_config")).Get("has_operators_allowlist") != true {
		return fail("SolutionGroupDoesntSupportOperatorAllowList")
	}
	if !x.has(w+"AllowedOperators", ns, op) {
		return fail("OperatorNotAllowed")
	}
	if x.has(w+"OperatorSubscriptions", op, ns) {
		return fail("SubscriptionFound")
	}
	x.remove(w+"AllowedOperators", ns, op)
	x.emit(w+"OperatorDisallowed", op, ns)
	return nil
}

func allowCID(x *exec, o origin, a *scale.Record) error {
	ns, cid := a.Get("group_namespace"), a.Get("cid")
	_, g, err := x.myGroup(o, ns)
	if err != nil {
		return err
	}
	if g.Get("has_cid_allow_list") != true {
		return fail("GroupDoesntSupportCidAllowList")
	}
	if err := bounded(cid, "WorkLogicCid", x.s.InfoBound); err != nil {
		return err
	}
	if x.has(w+"AllowedCids", ns, cid) {
		return fail("CidAlreadyAllowed")
	}
	x.put(w+"AllowedCids", unit, ns, cid)
	x.emit(w+"NewCidAllowed", ns, cid)
	return nil
}

// raised is a reward after a change: Times multiplies, Amount adds.
func raised(old *big.Int, change any) (*big.Int, error) {
	v, ok := change.(*scale.Variant)
	if !ok {
		return old, nil
	}
	n := number(v.Fields.At(0))
	if n.Sign() == 0 {
		return nil, failField("ArgumentInvalid", "Name")
	}
	if v.Name == "Times" {
		return new(big.Int).Mul(old, n), nil
	}
	return new(big.Int).Add(old, n), nil
}

// raiseRewards takes effect from the next period on: the configuration of a period is that
// of the group when it begins.
func raiseRewards(x *exec, o origin, a *scale.Record) error {
	ns, change := a.Get("namespace"), record(a.Get("change"))
	who, g, err := x.myGroup(o, ns)
	if err != nil {
		return err
	}
	if change.Get("bonus") != nil {
		return fail("NotImplemented")
	}
	if x.ended(g) {
		return fail("SolutionGroupExpired")
	}
	old := record(g.Get("rewards_config"))
	sub, err := raised(number(old.Get("subscription_reward_per_block")), change.Get("subscription"))
	if err != nil {
		return err
	}
	voting, err := raised(number(old.Get("voting_reward_per_block")), change.Get("voting"))
	if err != nil {
		return err
	}
	next := with(with(old, "subscription_reward_per_block", sub), "voting_reward_per_block", voting)
	blocks := small(g.Get("operation_end_block")) - small(g.Get("operation_start_block"))
	if err := x.reserve(who, new(big.Int).Sub(rewardDeposit(next, blocks), rewardDeposit(old, blocks))); err != nil {
		return err
	}
	x.put(w+"SolutionsGroups", with(g, "rewards_config", next), ns)
	x.periodConfig(uint32(small(x.period().Get("index")))+1, ns)
	x.emit(w+"GroupRewardsRaised", ns, next)
	return nil
}
