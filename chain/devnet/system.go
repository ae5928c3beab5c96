package devnet

import (
	"math/big"

	"golang.org/x/crypto/blake2b"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// accountOf reads an account's record.
func (x *exec) accountOf(who [32]byte) *scale.Record {
	return record(x.get("System.Account", who))
}

// balance gives what an account has free and reserved.
func (x *exec) balance(who [32]byte) (free, reserved *big.Int) {
	d := record(x.accountOf(who).Get("data"))
	return number(d.Get("free")), number(d.Get("reserved"))
}

// setBalance writes both; an account that is new is announced.
func (x *exec) setBalance(who [32]byte, free, reserved *big.Int) {
	fresh := !x.has("System.Account", who)
	a := x.accountOf(who)
	data := with(with(record(a.Get("data")), "free", free), "reserved", reserved)
	a = with(a, "data", data)
	if fresh {
		a = with(a, "providers", 1)
	}
	x.put("System.Account", a, who)
	if fresh {
		x.emit("System.NewAccount", who)
		x.emit("Balances.Endowed", who, free)
	}
}

// insufficient is what the balances say when there is too little.
var insufficient = &failure{name: "Token.FundsUnavailable"}

// reserve moves what is free to what is reserved.
func (x *exec) reserve(who [32]byte, amount *big.Int) error {
	free, reserved := x.balance(who)
	if free.Cmp(amount) < 0 {
		return fail("InsufficientFunds")
	}
	x.setBalance(who, new(big.Int).Sub(free, amount), new(big.Int).Add(reserved, amount))
	x.emit("Balances.Reserved", who, amount)
	return nil
}

// unreserve moves it back, as much as there is.
func (x *exec) unreserve(who [32]byte, amount *big.Int) {
	free, reserved := x.balance(who)
	if reserved.Cmp(amount) < 0 {
		amount = reserved
	}
	if amount.Sign() == 0 {
		return
	}
	x.setBalance(who, new(big.Int).Add(free, amount), new(big.Int).Sub(reserved, amount))
	x.emit("Balances.Unreserved", who, amount)
}

// repatriate pays out of what one has reserved to what another has free.
func (x *exec) repatriate(from, to [32]byte, amount *big.Int) error {
	free, reserved := x.balance(from)
	if reserved.Cmp(amount) < 0 {
		return fail("RewardsDepositInsufficient")
	}
	x.setBalance(from, free, new(big.Int).Sub(reserved, amount))
	free, reserved = x.balance(to)
	x.setBalance(to, new(big.Int).Add(free, amount), reserved)
	x.emit("Balances.ReserveRepatriated", from, to, amount, "Free")
	return nil
}

func (x *exec) transfer(from, to [32]byte, amount *big.Int) error {
	free, reserved := x.balance(from)
	if free.Cmp(amount) < 0 {
		return insufficient
	}
	x.setBalance(from, new(big.Int).Sub(free, amount), reserved)
	free, reserved = x.balance(to)
	x.setBalance(to, new(big.Int).Add(free, amount), reserved)
	x.emit("Balances.Transfer", from, to, amount)
	return nil
}

// lookup reads an address.
func lookup(v any) ([32]byte, error) {
	a, ok := v.(*scale.Variant)
	if !ok || a.Name != "Id" {
		return [32]byte{}, &failure{name: "CannotLookup"}
	}
	return id32(a.Fields.At(0)), nil
}

// dispatch carries out a call. What it changed is undone if it fails.
func (x *exec) dispatch(o origin, pallet, call string, args *scale.Record) error {
	m := x.mark()
	f, ok := x.r.calls[pallet+"."+call]
	if !ok {
		return &failure{name: "System.CallFiltered"}
	}
	err := f(x, o, args)
	if err != nil {
		x.back(m)
	}
	return err
}

// inner carries out a call that is an argument.
func (x *exec) inner(o origin, v any) error {
	outer, ok := v.(*scale.Variant)
	if !ok {
		return badOrigin
	}
	c, ok := outer.Fields.At(0).(*scale.Variant)
	if !ok {
		return badOrigin
	}
	return x.dispatch(o, outer.Name, c.Name, c.Fields)
}

// result is a Result as events have it.
func (x *exec) result(err error) any {
	if err != nil {
		return scale.Var("Err", x.dispatchError(err))
	}
	return scale.Var("Ok", unit)
}

// callFunc carries out a call.
type callFunc func(x *exec, o origin, a *scale.Record) error

// systemCalls are the calls of all pallets but the worker pallet, by Pallet.call.
func systemCalls() map[string]callFunc {
	return map[string]callFunc{
		"System.remark":            func(_ *exec, o origin, _ *scale.Record) error { return signedOrRoot(o) },
		"System.remark_with_event": remarkWithEvent,
		"Timestamp.set":            timestampSet,
		"Balances.transfer_allow_death": func(x *exec, o origin, a *scale.Record) error {
			return balanceTransfer(x, o, a, number(a.Get("value")))
		},
		"Balances.transfer_keep_alive": func(x *exec, o origin, a *scale.Record) error {
			return balanceTransfer(x, o, a, number(a.Get("value")))
		},
		"Balances.transfer_all": func(x *exec, o origin, a *scale.Record) error {
			free, _ := x.balance(o.who)
			return balanceTransfer(x, o, a, free)
		},
		"Balances.force_set_balance": forceSetBalance,
		"Sudo.sudo":                  sudo,
		"Sudo.sudo_unchecked_weight": sudo,
		"Sudo.sudo_as":               sudoAs,
		"Sudo.set_key":               sudoSetKey,
		"Utility.batch":              func(x *exec, o origin, a *scale.Record) error { return batch(x, o, a, "batch") },
		"Utility.batch_all":          func(x *exec, o origin, a *scale.Record) error { return batch(x, o, a, "all") },
		"Utility.force_batch":        func(x *exec, o origin, a *scale.Record) error { return batch(x, o, a, "force") },
	}
}

func signedOrRoot(o origin) error {
	if !o.signed && !o.root {
		return badOrigin
	}
	return nil
}

func remarkWithEvent(x *exec, o origin, a *scale.Record) error {
	who, err := o.account()
	if err != nil {
		return err
	}
	x.emit("System.Remarked", who, blake2b.Sum256(blob(a.Get("remark"))))
	return nil
}

func timestampSet(x *exec, o origin, a *scale.Record) error {
	if o.signed || o.root {
		return badOrigin
	}
	x.put("Timestamp.Now", a.Get("now"))
	return nil
}

func balanceTransfer(x *exec, o origin, a *scale.Record, amount *big.Int) error {
	who, err := o.account()
	if err != nil {
		return err
	}
	to, err := lookup(a.Get("dest"))
	if err != nil {
		return err
	}
	return x.transfer(who, to, amount)
}

func forceSetBalance(x *exec, o origin, a *scale.Record) error {
	if !o.root {
		return badOrigin
	}
	who, err := lookup(a.Get("who"))
	if err != nil {
		return err
	}
	free, reserved := x.balance(who)
	next := number(a.Get("new_free"))
	total := number(x.get("Balances.TotalIssuance"))
	x.put("Balances.TotalIssuance", new(big.Int).Add(new(big.Int).Sub(total, free), next))
	x.setBalance(who, next, reserved)
	x.emit("Balances.BalanceSet", who, next)
	return nil
}

// sudoer fails unless the caller is the one who may do everything.
func (x *exec) sudoer(o origin) error {
	who, err := o.account()
	if err != nil {
		return err
	}
	if id32(x.get("Sudo.Key")) != who {
		return &failure{name: "Sudo.RequireSudo"}
	}
	return nil
}

func sudo(x *exec, o origin, a *scale.Record) error {
	if err := x.sudoer(o); err != nil {
		return err
	}
	x.emit("Sudo.Sudid", x.result(x.inner(origin{root: true}, a.Get("call"))))
	return nil
}

func sudoAs(x *exec, o origin, a *scale.Record) error {
	if err := x.sudoer(o); err != nil {
		return err
	}
	who, err := lookup(a.Get("who"))
	if err != nil {
		return err
	}
	x.emit("Sudo.SudoAsDone", x.result(x.inner(origin{signed: true, who: who}, a.Get("call"))))
	return nil
}

func sudoSetKey(x *exec, o origin, a *scale.Record) error {
	if err := x.sudoer(o); err != nil {
		return err
	}
	who, err := lookup(a.Get("new"))
	if err != nil {
		return err
	}
	x.put("Sudo.Key", who)
	x.emit("Sudo.KeyChanged", o.who)
	return nil
}

// batch carries out several calls: it stops at the first that fails (batch), undoes all if
// one fails (all), or goes on (force).
func batch(x *exec, o origin, a *scale.Record, mode string) error {
	if err := signedOrRoot(o); err != nil {
		return err
	}
	list, _ := a.Get("calls").([]any)
	failed := false
	for i, c := range list {
		err := x.inner(o, c)
		switch {
		case err == nil:
			x.emit("Utility.ItemCompleted")
		case mode == "all":
			return err
		case mode == "force":
			failed = true
			x.emit("Utility.ItemFailed", x.dispatchError(err))
		default:
			x.emit("Utility.BatchInterrupted", i, x.dispatchError(err))
			return nil
		}
	}
	if failed {
		x.emit("Utility.BatchCompletedWithErrors")
	} else {
		x.emit("Utility.BatchCompleted")
	}
	return nil
}

// schedule makes the scheduler carry out a call as root at a block.
func (x *exec) schedule(name [32]byte, at uint32, call []byte) {
	list, _ := x.get("Scheduler.Agenda", at).([]any)
	task := scale.Rec("maybe_id", name, "priority", 63, "call", scale.Var("Inline", call), "maybe_periodic", nil,
		"origin", scale.Var("system", scale.Var("Root")))
	x.put("Scheduler.Agenda", append(list, task), at)
	x.put("Scheduler.Lookup", []any{at, len(list)}, name)
	x.emit("Scheduler.Scheduled", at, len(list))
}

// scheduled carries out what is due.
func (x *exec) scheduled() {
	list, _ := x.get("Scheduler.Agenda", x.block).([]any)
	if len(list) == 0 {
		return
	}
	x.remove("Scheduler.Agenda", x.block)
	for i, v := range list {
		t := record(v)
		if t == nil {
			continue
		}
		name := t.Get("maybe_id")
		if name != nil {
			x.remove("Scheduler.Lookup", name)
		}
		var err error = badOrigin
		if c, ok := t.Get("call").(*scale.Variant); ok {
			err = x.inline(blob(c.Fields.At(0)))
		}
		x.emit("Scheduler.Dispatched", []any{x.block, i}, name, x.result(err))
	}
}

func (x *exec) inline(call []byte) error {
	pallet, name, args, err := x.r.meta.DecodeCall(scale.NewDecoder(call))
	if err != nil {
		x.fault(err)
		return badOrigin
	}
	return x.dispatch(origin{root: true}, pallet, name, args)
}

// value reads an entry of storage for readers outside a block.
func value(r *runtime, s *store, block uint32, name string, keys ...any) (any, error) {
	e := r.entries[name]
	k, err := r.meta.Key(e, keys...)
	if err != nil {
		return nil, err
	}
	return r.meta.Value(e, s.get(string(k), block))
}
