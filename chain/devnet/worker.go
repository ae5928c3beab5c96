package devnet

import (
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// W begins the names of the worker pallet's storage and events.
const w = "WorkerNodePallet."

// workerCalls are the calls of the worker pallet for registrars, solutions, operators and
// votes; those about groups are groupCalls.
func workerCalls() map[string]callFunc {
	return map[string]callFunc{
		w + "allow_account":                 allowAccount,
		w + "remove_allowed_account":        removeAllowedAccount,
		w + "signup_solution_registrar":     signupRegistrar,
		w + "delete_solution_registrar":     deleteRegistrar,
		w + "register_solution":             registerSolution,
		w + "set_activation_status":         setActivationStatus,
		w + "delete_solution":               deleteSolution,
		w + "signup_worker_node_operator":   signupOperator,
		w + "operator_deregistration":       deleteOperator,
		w + "connect_worker_node":           connectWorker,
		w + "disconnect_worker_node":        disconnectWorker,
		w + "nominate_worker_nodes":         nominateWorkers,
		w + "set_reward_period_len":         func(*exec, origin, *scale.Record) error { return fail("Deprecated") },
		w + "set_admin_setting":             setAdminSetting,
		w + "submit_solution_result":        submitResult,
		w + "open_voting_round":             openVotingRound,
		w + "claim_rewards":                 claimRewards,
		w + "execute_scheduled_unsubscribe": executeUnsubscribe,
	}
}

// bounded fails if a text is empty or too long.
func bounded(v any, field string, bound int) error {
	switch n := len(blob(v)); {
	case n == 0:
		return failField("ArgumentInvalid", field)
	case n > bound:
		return failField("ArgumentOutOfBounds", field)
	}
	return nil
}

// within fails if a text that may be empty is too long.
func within(v any, field string, bound int) error {
	if len(blob(v)) > bound {
		return failField("ArgumentOutOfBounds", field)
	}
	return nil
}

// first gives the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func allowAccount(x *exec, o origin, a *scale.Record) error {
	if !o.root {
		return badOrigin
	}
	who := a.Get("account")
	if x.has(w+"AllowedAccounts", who) {
		return fail("AlreadyAllowedAccount")
	}
	x.put(w+"AllowedAccounts", unit, who)
	x.emit(w+"NewRegistrarAllowed", who)
	return nil
}

func removeAllowedAccount(x *exec, o origin, a *scale.Record) error {
	if !o.root {
		return badOrigin
	}
	who := a.Get("account")
	if !x.has(w+"AllowedAccounts", who) {
		return fail("NotAllowedRegistrar")
	}
	x.remove(w+"AllowedAccounts", who)
	x.emit(w+"RegistrarDisallowed", who)
	return nil
}

func signupRegistrar(x *exec, o origin, a *scale.Record) error {
	who, err := o.account()
	if err != nil {
		return err
	}
	if x.has(w+"RegistrarInventory", who) {
		return fail("ExistingRegistrar")
	}
	if !x.has(w+"AllowedAccounts", who) {
		return fail("NotAllowedRegistrar")
	}
	err = first(bounded(a.Get("friendly_name"), "FriendlyName", x.s.InfoBound), bounded(a.Get("legal_location"), "LegalLocation", x.s.InfoBound))
	if err == nil {
		err = x.reserve(who, number(x.get(w+"RegistrarDeposit")))
	}
	if err != nil {
		return err
	}
	x.put(w+"RegistrarInventory", a, who)
	x.emit(w+"NewSolutionRegistrarSignup", who, a.Get("friendly_name"), a.Get("legal_location"))
	return nil
}

// hasAny reports whether an item has a key that begins so.
func (x *exec) hasAny(name string, prefix ...any) bool {
	found := false
	x.each(name, prefix, func([]any, any) bool { found = true; return false })
	return found
}

func deleteRegistrar(x *exec, o origin, _ *scale.Record) error {
	who, err := x.registrar(o)
	if err != nil {
		return err
	}
	if x.hasAny(w+"SolutionsGroupsInventory", who) {
		return fail("RegistrarIsGroupOwner")
	}
	if x.hasAny(w+"RegistrarActiveSolutionRegistry", who) {
		return fail("RegistrarIsSolutionOwner")
	}
	x.unreserve(who, number(x.get(w+"RegistrarDeposit")))
	x.remove(w+"RegistrarInventory", who)
	x.emit(w+"RemovedSolutionRegistrar", who)
	return nil
}

// registrar is the caller, who must have signed up as one.
func (x *exec) registrar(o origin) ([32]byte, error) {
	who, err := o.account()
	if err == nil && !x.has(w+"RegistrarInventory", who) {
		err = fail("RegistrarNotFound")
	}
	return who, err
}

func registerSolution(x *exec, o origin, a *scale.Record) error {
	who, err := x.registrar(o)
	if err != nil {
		return err
	}
	ns, percent, expires := a.Get("namespace"), small(a.Get("vote_threshold_percent")), small(a.Get("expiration_block"))
	err = first(bounded(ns, "Namespace", x.s.NamespaceBound), bounded(a.Get("name"), "Name", x.s.NamespaceBound),
		within(a.Get("description"), "Description", x.s.LongInfoBound), within(a.Get("publisher_info"), "PublisherInfo", x.s.LongInfoBound),
		within(a.Get("logo_url"), "LogoUrl", x.s.LongInfoBound), bounded(a.Get("work_logic_cid"), "WorkLogicCid", x.s.InfoBound))
	switch {
	case err != nil:
		return err
	case x.has(w+"Solutions", ns):
		return fail("ExistingNamespace")
	case percent < 1 || percent > 100:
		return failField("ArgumentOutOfBounds", "VoteThresholdPercent")
	case small(a.Get("max_waiting_threshold")) == 0:
		return failField("ArgumentInvalid", "MaxWaitingThreshold")
	case expires <= uint64(x.block):
		return fail("InvalidExpirationBlock")
	}
	consensus := scale.Rec("max_waiting_threshold", a.Get("max_waiting_threshold"), "vote_threshold_percent", percent)
	if x.r.later {
		quorum := small(a.Get("quorum_percent"))
		if quorum == 0 {
			quorum = uint64(x.s.QuorumPercent)
		}
		if quorum > 100 {
			return failField("ArgumentOutOfBounds", "VoteThresholdPercent")
		}
		consensus = scale.Rec("max_waiting_threshold", a.Get("max_waiting_threshold"), "vote_threshold_percent", percent, "quorum_percent", quorum)
	}
	x.put(w+"Solutions", scale.Rec("namespace", ns,
		"info", scale.Rec("name", a.Get("name"), "description", a.Get("description"), "publisher_info", a.Get("publisher_info"), "logo_url", a.Get("logo_url")),
		"status", "Paused", "workload", scale.Rec("work_logic", a.Get("work_logic_cid"), "execution_environment", a.Get("execution_environment")),
		"consensus", consensus, "expiration_block", expires,
		"addition_to_extraneous_groups_allowed", a.Get("addition_to_extraneous_groups_allowed"), "nominations_enabled", false), ns)
	x.put(w+"RegistrarActiveSolutionRegistry", unit, who, ns)
	x.emit(w+"SolutionCreated", who, ns)
	return nil
}

// mySolution is a solution of the caller.
func (x *exec) mySolution(o origin, ns any) ([32]byte, *scale.Record, error) {
	who, err := x.registrar(o)
	if err != nil {
		return who, nil, err
	}
	s := record(x.get(w+"Solutions", ns))
	if s == nil {
		return who, nil, fail("SolutionNotFound")
	}
	if !x.has(w+"RegistrarActiveSolutionRegistry", who, ns) {
		return who, nil, fail("SenderNotSolutionOwner")
	}
	return who, s, nil
}

func setActivationStatus(x *exec, o origin, a *scale.Record) error {
	ns := a.Get("namespace")
	_, s, err := x.mySolution(o, ns)
	if err != nil {
		return err
	}
	old, next := caseName(s.Get("status")), caseName(a.Get("new_status"))
	switch {
	case old == next:
		return fail("SolutionStatusNotChanged")
	case old == "Ended":
		return fail("SolutionIsNotActive")
	case next == "Active" && small(s.Get("expiration_block")) < uint64(x.block):
		return fail("SolutionIsExpired")
	}
	x.put(w+"Solutions", with(s, "status", next), ns)
	x.emit(w+"SolutionStatusChanged", ns, old, next)
	return nil
}

func deleteSolution(x *exec, o origin, a *scale.Record) error {
	ns := a.Get("namespace")
	who, _, err := x.mySolution(o, ns)
	if err != nil {
		return err
	}
	if x.has(w+"GroupOfSolution", ns) {
		return fail("SolutionIsPartOfGroup")
	}
	x.remove(w+"Solutions", ns)
	x.remove(w+"RegistrarActiveSolutionRegistry", who, ns)
	x.each(w+"NominatedWorkerNodes", []any{ns}, func(keys []any, _ any) bool {
		x.remove(w+"NominatedWorkerNodes", keys...)
		return true
	})
	x.emit(w+"RemovedSolution", who, ns)
	return nil
}

func setAdminSetting(x *exec, o origin, a *scale.Record) error {
	if !o.root {
		return badOrigin
	}
	v, _ := a.Get("value").(*scale.Variant)
	if v == nil {
		return badOrigin
	}
	n := small(v.Fields.At(0))
	if v.Name == "RewardPeriodLen" {
		switch {
		case n < uint64(x.s.MinRewardPeriod) || n > uint64(x.s.MaxRewardPeriod):
			return fail("RewardPeriodLengthInvalid")
		case n == small(x.get(w+"RewardPeriodLength")):
			return fail("RewardPeriodLengthNotChanged")
		}
		x.put(w+"RewardPeriodLength", n)
	} else {
		switch n {
		case 0:
			return fail("SubmissionsQuotaInvalid")
		case small(x.get(w + "SubmissionsQuota")):
			return fail("SubmissionsQuotaNotChanged")
		}
		x.put(w+"SubmissionsQuota", n)
	}
	x.emit(w+"AdminSettingsUpdated", v)
	return nil
}
