package devnet

import (
	"math/big"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

func signupOperator(x *exec, o origin, a *scale.Record) error {
	who, err := o.account()
	if err != nil {
		return err
	}
	if x.has(w+"WorkerNodeOperatorInventory", who) {
		return fail("ExistingWorkerNodeOperator")
	}
	err = first(bounded(a.Get("friendly_name"), "FriendlyName", x.s.InfoBound), bounded(a.Get("legal_location"), "LegalLocation", x.s.InfoBound))
	if err == nil {
		err = x.reserve(who, number(x.get(w+"WorkerNodeOperatorDeposit")))
	}
	if err != nil {
		return err
	}
	x.put(w+"WorkerNodeOperatorInventory", a, who)
	x.emit(w+"NewWorkerNodeOperatorSignup", who, a.Get("friendly_name"), a.Get("legal_location"))
	return nil
}

// operator is the caller, who must have signed up as one.
func (x *exec) operator(o origin) ([32]byte, error) {
	who, err := o.account()
	if err == nil && !x.has(w+"WorkerNodeOperatorInventory", who) {
		err = fail("OperatorNotFound")
	}
	return who, err
}

func deleteOperator(x *exec, o origin, _ *scale.Record) error {
	who, err := x.operator(o)
	if err != nil {
		return err
	}
	if x.hasAny(w+"OperatorSubscriptions", who) {
		return fail("SubscriptionFound")
	}
	if worker := x.get(w+"OperatorToWorkerNode", who); worker != nil {
		x.disconnect(who, worker)
	}
	x.unreserve(who, number(x.get(w+"WorkerNodeOperatorDeposit")))
	x.remove(w+"WorkerNodeOperatorInventory", who)
	x.emit(w+"WorkerNodeOperatorRemoval", who)
	return nil
}

func connectWorker(x *exec, o origin, a *scale.Record) error {
	who, err := x.operator(o)
	if err != nil {
		return err
	}
	worker := a.Get("worker_node_account")
	if x.has(w+"WorkerNodeToOperator", worker) {
		return fail("WorkerAlreadyConnectedToOperator")
	}
	if x.has(w+"OperatorToWorkerNode", who) {
		return fail("OperatorAlreadyConnectedToWorker")
	}
	x.put(w+"WorkerNodeToOperator", who, worker)
	x.put(w+"OperatorToWorkerNode", worker, who)
	x.emit(w+"NewWorkerConnected", who, worker)
	return nil
}

func disconnectWorker(x *exec, o origin, _ *scale.Record) error {
	who, err := x.operator(o)
	if err != nil {
		return err
	}
	worker := x.get(w+"OperatorToWorkerNode", who)
	if worker == nil {
		return fail("NoWorkerConnected")
	}
	x.disconnect(who, worker)
	return nil
}

func (x *exec) disconnect(operator, worker any) {
	x.remove(w+"OperatorToWorkerNode", operator)
	x.remove(w+"WorkerNodeToOperator", worker)
	x.emit(w+"WorkerDisconnected", operator, worker)
}

// nominateWorkers replaces the workers that may vote for a solution; an empty list lets all
// vote again.
func nominateWorkers(x *exec, o origin, a *scale.Record) error {
	ns := a.Get("solution_namespace")
	_, s, err := x.mySolution(o, ns)
	if err != nil {
		return err
	}
	list, _ := a.Get("worker_node_accounts").([]any)
	if len(list) > x.s.AccountsListBound {
		return failField("ArgumentOutOfBounds", "OperatorSubscriptionsLimit")
	}
	for _, worker := range list {
		if !x.has(w+"WorkerNodeToOperator", worker) {
			return fail("IsNotWorker")
		}
	}
	x.each(w+"NominatedWorkerNodes", []any{ns}, func(keys []any, _ any) bool {
		x.remove(w+"NominatedWorkerNodes", keys...)
		return true
	})
	for _, worker := range list {
		x.put(w+"NominatedWorkerNodes", unit, ns, worker)
	}
	x.put(w+"Solutions", with(s, "nominations_enabled", len(list) > 0), ns)
	x.emit(w+"WorkerNodesNominated", ns, list)
	return nil
}

// claimRewards pays out what was earned in groups; none named means all.
func claimRewards(x *exec, o origin, a *scale.Record) error {
	who, err := o.account()
	if err != nil {
		return err
	}
	groups, _ := a.Get("group_namespaces").([]any)
	if len(groups) > x.s.ClaimBound {
		return fail("TooManyGroupNamespaces")
	}
	if len(groups) == 0 {
		x.each(w+"EarnedRewards", []any{who}, func(keys []any, _ any) bool {
			groups = append(groups, keys[1])
			return len(groups) < x.s.ClaimBound
		})
	}
	paid := false
	for _, ns := range groups {
		pair, _ := x.get(w+"EarnedRewards", who, ns).([]any)
		sum := new(big.Int).Add(number(pair[0]), number(pair[1]))
		if sum.Sign() == 0 {
			continue
		}
		owner, ok := x.ownerOf(ns)
		if !ok {
			return fail("SolutionGroupNotFound")
		}
		if err := x.repatriate(owner, who, sum); err != nil {
			return err
		}
		x.remove(w+"EarnedRewards", who, ns)
		x.paidOut(ns, pair)
		paid = true
		x.emit(w+"ClaimedRewardsCounterUpdated", ns, sum)
	}
	if !paid {
		return fail("DataNotFound")
	}
	x.emit(w+"RewardsClaimed", who)
	return nil
}

// paidOut takes what was paid off the sums of a group; a group that is gone is forgotten
// with its last reward.
func (x *exec) paidOut(ns any, pair []any) {
	sums, _ := x.get(w+"SolutionGroupCalculatedRewards", ns).([]any)
	left := []any{new(big.Int).Sub(number(sums[0]), number(pair[0])), new(big.Int).Sub(number(sums[1]), number(pair[1]))}
	x.put(w+"SolutionGroupCalculatedRewards", left, ns)
	if number(left[0]).Sign() > 0 || number(left[1]).Sign() > 0 || !x.has(w+"DeregisteredGroupsWithRewards", ns) {
		return
	}
	if owner, ok := x.ownerOf(ns); ok {
		x.remove(w+"SolutionsGroupsInventory", owner, ns)
	}
	x.remove(w+"DeregisteredGroupsWithRewards", ns)
	x.remove(w+"SolutionGroupCalculatedRewards", ns)
}
