package devnet

import (
	"math/big"

	"golang.org/x/crypto/blake2b"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

func subscribe(x *exec, o origin, a *scale.Record) error {
	ns, stake := a.Get("namespace"), number(a.Get("stake_amount"))
	who, err := x.operator(o)
	if err != nil {
		return err
	}
	g, err := x.group(ns)
	if err != nil {
		return err
	}
	ops := record(g.Get("operators_config"))
	limits := record(ops.Get("staking_amounts"))
	count := small(x.get(w+"SolutionGroupSubscribersCount", ns))
	switch {
	case x.has(w+"OperatorSubscriptions", who, ns):
		return fail("ExistingSubscription")
	case x.ended(g):
		return fail("SolutionGroupExpired")
	case uint64(x.block) < small(ops.Get("start_block")):
		return fail("NoSubscriptionsAllowed")
	case ops.Get("has_operators_allowlist") == true && !x.has(w+"AllowedOperators", ns, who):
		return fail("OperatorNotAllowed")
	case count >= small(ops.Get("max_operator_workers")):
		return fail("MaxAllowedOperatorsExceeded")
	case stake.Cmp(number(limits.Get("min"))) < 0 || stake.Cmp(number(limits.Get("max"))) > 0:
		return fail("StakeAmountIsOutOfBounds")
	}
	if err := x.reserve(who, stake); err != nil {
		return err
	}
	next := uint32(small(x.period().Get("index"))) + 1
	x.put(w+"SolutionGroupStakeRecords", []any{[]any{next, stake}}, ns, who)
	x.put(w+"OperatorSubscriptions", unit, who, ns)
	x.put(w+"SolutionGroupSubscribersCount", count+1, ns)
	x.emit(w+"NewSolutionGroupSubscription", who, ns)
	return nil
}

// stakes gives a subscription's stake by the period from which it counts.
func (x *exec) stakes(ns, operator any) []any {
	list, _ := x.get(w+"SolutionGroupStakeRecords", ns, operator).([]any)
	return list
}

// stakeAt is what counts in a period.
func stakeAt(list []any, period uint64) *big.Int {
	out := new(big.Int)
	for _, e := range list {
		if p, _ := e.([]any); len(p) == 2 && small(p[0]) <= period {
			out = number(p[1])
		}
	}
	return out
}

func topUp(x *exec, o origin, a *scale.Record) error {
	ns, more := a.Get("group_name"), number(a.Get("increase_amount"))
	who, err := x.operator(o)
	if err != nil {
		return err
	}
	g, err := x.group(ns)
	if err != nil {
		return err
	}
	list := x.stakes(ns, who)
	if len(list) == 0 {
		return fail("SubscriptionNotFound")
	}
	next := small(x.period().Get("index")) + 1
	sum := new(big.Int).Add(stakeAt(list, next), more)
	limits := record(record(g.Get("operators_config")).Get("staking_amounts"))
	name := unsubscribeName(who, ns)
	switch {
	case x.ended(g):
		return fail("SolutionGroupExpired")
	case more.Sign() == 0 || sum.Cmp(number(limits.Get("max"))) > 0:
		return fail("StakeAmountIsOutOfBounds")
	case x.has("Scheduler.Lookup", name):
		return fail("UnsubscribeAlreadyScheduled")
	}
	if err := x.reserve(who, more); err != nil {
		return err
	}
	last := list[len(list)-1].([]any)
	if small(last[0]) == next {
		list[len(list)-1] = []any{next, sum}
	} else {
		list = append(list, []any{next, sum})
	}
	if len(list) > x.s.StakeBound {
		return fail("StakeRecordUpdatesExceeded")
	}
	x.put(w+"SolutionGroupStakeRecords", list, ns, who)
	x.emit(w+"StakeIncreased", who, more, sum)
	return nil
}

// unsubscribeName is how the scheduler knows an unsubscription.
func unsubscribeName(operator [32]byte, ns any) [32]byte {
	b := scale.AppendBytes(nil, []byte("Unsubscribe"))
	b = append(b, operator[:]...)
	return blake2b.Sum256(scale.AppendBytes(b, blob(ns)))
}

func unsubscribe(x *exec, o origin, a *scale.Record) error {
	ns := a.Get("namespace")
	who, err := x.operator(o)
	if err != nil {
		return err
	}
	if !x.has(w+"OperatorSubscriptions", who, ns) {
		return fail("SubscriptionNotFound")
	}
	g, err := x.group(ns)
	if err != nil {
		return err
	}
	delay := uint32(small(g.Get("withdrawal_delay")))
	name := unsubscribeName(who, ns)
	if x.has("Scheduler.Lookup", name) {
		return fail("UnsubscribeAlreadyScheduled")
	}
	if delay == 0 {
		x.endSubscription(who, ns)
		return nil
	}
	call, err := x.r.meta.Call("WorkerNodePallet", "execute_scheduled_unsubscribe", []any{who, ns})
	if err != nil {
		x.fault(err)
		return badOrigin
	}
	x.schedule(name, x.block+delay, call)
	x.emit(w+"UnsubscriptionScheduled", who, ns, name, x.block+delay)
	return nil
}

// executeUnsubscribe is called by the scheduler.
func executeUnsubscribe(x *exec, o origin, a *scale.Record) error {
	if !o.root {
		return fail("InvalidUnsubscribeCall")
	}
	who, ns := id32(a.Get("operator")), a.Get("namespace")
	if !x.has(w+"OperatorSubscriptions", who, ns) {
		return fail("SubscriptionNotFound")
	}
	x.endSubscription(who, ns)
	return nil
}

func (x *exec) endSubscription(who [32]byte, ns any) {
	index := small(x.period().Get("index"))
	list := x.stakes(ns, who)
	x.unreserve(who, stakeAt(list, index+1))
	x.remove(w+"SolutionGroupStakeRecords", ns, who)
	x.remove(w+"OperatorSubscriptions", who, ns)
	if v := x.get(w+"SolutionGroupSubscriptionRegistry", index, []any{ns, who}); v != nil {
		x.remove(w+"SolutionGroupSubscriptionRegistry", index, []any{ns, who})
		x.addStake(uint32(index), ns, new(big.Int).Neg(number(v)), "total_subscription_stakes")
	}
	if n := small(x.get(w+"SolutionGroupSubscribersCount", ns)); n > 0 {
		x.put(w+"SolutionGroupSubscribersCount", n-1, ns)
	}
	x.emit(w+"UnsubscribeFromSolutionGroup", who, ns)
}
