package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/extrinsic"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/scale"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// order is a call of the worker pallet that a verb makes.
type order struct {
	call string
	// sudo makes it as the account that may do everything.
	sudo bool
	// args gives the arguments from the command line.
	args func(positional []string) ([]argument, error)
	// look reads on the chain what the call depends on, before anything is shown; it may give
	// arguments, which come before those of args. It may be nil.
	look func(ctx context.Context, w *onchain.Chain, address string, positional []string) ([]argument, error)
}

// signCommand makes a verb that signs a call.
func signCommand(s streams, c *cobra.Command, o order) *cobra.Command {
	f := &signFlags{}
	f.signing(c.Flags())
	if c.Args == nil {
		c.Args = cobra.NoArgs
	}
	c.RunE = func(c *cobra.Command, positional []string) error {
		var known []argument
		if o.args != nil {
			var err error
			if known, err = o.args(positional); err != nil {
				return err
			}
		}
		return f.carryOut(c.Context(), s, o, known, positional)
	}
	return c
}

// offer is a transaction that was shown.
type offer struct {
	draft *chain.Draft
	read  *extrinsic.Decoded
	call  string
	// account and args are parts of shown, which is all that the signature is over.
	account leaf
	args    any
	shown   members
}

// carryOut shows a call, asks, signs, sends and waits.
func (f *signFlags) carryOut(ctx context.Context, s streams, o order, known []argument, positional []string) error {
	tip, err := amount("--tip", f.tip)
	if err != nil {
		return err
	}
	more, err := moreArgs(f.args)
	if err != nil {
		return err
	}
	if f.address != "" && !f.dryRun {
		return errors.New("--address goes with --dry-run: to sign, a key is needed")
	}
	within, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	l, err := f.dial(within, !f.dryRun)
	if err != nil {
		return err
	}
	defer l.Close()
	for _, a := range known {
		if a.dev && !l.development {
			return errDev
		}
	}
	key, from, err := f.signer(ctx, s, l)
	if err != nil {
		return err
	}
	if key != nil {
		defer key.Wipe()
	}
	if o.look != nil {
		found, err := o.look(within, onchain.Of(l.Client), from.address(), positional)
		if err != nil {
			return failed(fmt.Errorf("%s: %w", o.call, err))
		}
		known = append(found, known...)
	}
	args, err := arguments(l.Metadata(), onchain.Pallet, o.call, known, more)
	if err != nil {
		return err
	}
	t, err := l.offer(within, from, o, args, tip)
	switch {
	case err != nil:
		return failed(err)
	case f.dryRun && f.json:
		return failed(json.NewEncoder(s.out).Encode(t.shown))
	case f.dryRun:
		t.shown.print(s.out, "")
		return nil
	case !f.json || !f.yes:
		t.shown.print(s.err, "")
	}
	if err := f.confirm(ctx, s); err != nil {
		return err
	}
	return f.send(ctx, s, l, key, t)
}

// sender is the account of a transaction, and the scheme of its key.
type sender struct {
	id     [32]byte
	scheme keys.Scheme
}

func (s sender) address() string { return onchain.Address(s.id[:]) }

// signer reads the key that signs; with --dry-run there is none.
func (f *signFlags) signer(ctx context.Context, s streams, l *ledger) (key *keys.Pair, from sender, err error) {
	if f.dryRun {
		from.id, from.scheme, err = f.whom(ctx, s, l)
		return nil, from, err
	}
	if key, err = f.key.pair(ctx, s, l.development); err != nil {
		return nil, from, err
	}
	return key, sender{key.AccountID(), key.Scheme()}, nil
}

// offer drafts the transaction and reads from its bytes what is shown.
func (l *ledger) offer(ctx context.Context, from sender, o order, args map[string]any, tip *big.Int) (*offer, error) {
	pallet, call, all := onchain.Pallet, o.call, any(args)
	if o.sudo {
		sudo, err := onchain.Of(l.Client).Sudo(ctx)
		switch {
		case err != nil:
			return nil, err
		case sudo == "":
			return nil, errors.New("this chain has no account that may do everything: such calls go through its governance")
		case sudo != from.address():
			return nil, fmt.Errorf("only %s may do that on this chain, the key is that of %s", sudo, from.address())
		}
		pallet, call, all = "Sudo", "sudo", []any{scale.Var(onchain.Pallet, map[string]any{o.call: args})}
	}
	d, err := l.Draft(ctx, from.id, pallet, call, all, chain.SignOptions{Tip: tip})
	if err != nil {
		return nil, err
	}
	x, err := d.Sketch(from.scheme)
	if err != nil {
		return nil, err
	}
	read, err := extrinsic.Decode(d.Metadata(), x.Bytes)
	if err != nil {
		return nil, err
	}
	t := &offer{draft: d, read: read, call: read.Pallet + "." + read.Call}
	fee, err := l.fee(ctx, x.Bytes)
	t.show(l, from.address(), fee)
	return t, err
}

// fee asks what a transaction costs; nil if the node does not say.
func (l *ledger) fee(ctx context.Context, x []byte) (*big.Int, error) {
	var info struct {
		Fee json.RawMessage `json:"partialFee"`
	}
	if err := l.ask(ctx, &info, "payment_queryInfo", "0x"+hex.EncodeToString(x)); err != nil {
		return nil, err
	}
	n, ok := new(big.Int).SetString(strings.Trim(string(info.Fee), `"`), 0)
	if !ok || n.Sign() < 0 {
		return nil, nil
	}
	return n, nil
}

// show says all that the signature will be over.
func (t *offer) show(l *ledger, address string, fee *big.Int) {
	genesis := l.Genesis()
	text := func(s string) leaf { return leaf{s, s} }
	tokens := func(n *big.Int) leaf { return leaf{onchain.EWT(n) + " EWT", n.String()} }
	t.account, t.args = text(address), readableCall(t.draft.Metadata(), t.read.Pallet, t.read.Call, t.read.Args)
	t.shown = members{
		{"chain", text(l.name)},
		{"genesis", text("0x" + hex.EncodeToString(genesis[:]))},
		{"runtime", text(fmt.Sprintf("%s %d", onchain.Name([]byte(t.draft.SpecName)), t.draft.SpecVersion))},
		{"account", t.account},
		{"call", text(t.call)},
		{"arguments", t.args},
		{"nonce", leaf{fmt.Sprint(t.read.Nonce()), t.read.Nonce()}},
		{"tip", tokens(t.read.Tip())},
	}
	if fee != nil {
		t.shown = append(t.shown, member{"fee", tokens(fee)})
	}
	valid := leaf{"for ever", nil}
	if t.draft.Until > 0 {
		valid = leaf{fmt.Sprintf("until block %d", t.draft.Until-1), t.draft.Until - 1}
	}
	t.shown = append(t.shown, member{"valid", valid})
}

// errRefused says that somebody said no.
var errRefused = exitError{exitFailed, "nothing was signed, nothing was sent"}

// confirm asks whether to go on.
func (f *signFlags) confirm(ctx context.Context, s streams) error {
	if f.yes {
		return nil
	}
	if _, ok := terminalOf(s.in); !ok {
		return errors.New("there is no terminal to ask on: add --yes to sign and send, or --dry-run to look only; nothing was sent")
	}
	fmt.Fprint(s.err, "sign and send? [y/N] ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(io.LimitReader(s.in, 256)).ReadString('\n') // what is no yes is a no
		answer <- line
	}()
	select {
	case a := <-answer:
		switch strings.ToLower(strings.TrimSpace(a)) {
		case "y", "yes":
			return nil
		}
		return errRefused
	case <-ctx.Done():
		fmt.Fprintln(s.err)
		return exitError{exitStopped, "interrupted: nothing was sent"}
	}
}

// send signs what was shown, and waits for what comes of it.
func (f *signFlags) send(ctx context.Context, s streams, l *ledger, key *keys.Pair, t *offer) error {
	x, err := t.draft.Sign(key)
	key.Wipe()
	if err != nil {
		return failed(err)
	}
	hash := x.Hash()
	if !f.json {
		fmt.Fprintf(s.err, "sending 0x%x\n", hash)
	}
	within, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	in, err := l.Send(within, t.call, x, chain.WatchOptions{Best: f.best})
	var refused *chain.Failed
	switch {
	case errors.As(err, &refused):
	case err != nil && within.Err() != nil:
		code := exitFailed
		if ctx.Err() != nil {
			code = exitStopped
		}
		return exitError{code, fmt.Sprintf("%s: no answer yet: the transaction 0x%x may still be carried out before block %d: look before sending it again", t.call, hash, t.draft.Until)}
	case err != nil:
		return failed(err)
	default:
		refused = sudoFailed(t, in)
	}
	return f.report(s, t, hash, in, refused)
}

// sudoFailed is the error of the call that sudo carried: sudo itself succeeds.
func sudoFailed(t *offer, in *chain.Inclusion) *chain.Failed {
	for _, e := range in.Events {
		if e.Pallet != "Sudo" || e.Name != "Sudid" {
			continue
		}
		if r, ok := e.Fields.At(0).(*scale.Variant); ok && r.Name == "Err" {
			name, docs := t.draft.Metadata().DispatchError(r.Fields.At(0))
			return &chain.Failed{Call: t.call, Name: name, Docs: docs}
		}
	}
	return nil
}

// report says what came of a transaction.
func (f *signFlags) report(s streams, t *offer, hash [32]byte, in *chain.Inclusion, refused *chain.Failed) error {
	final := "final"
	if f.best {
		final = "best"
	}
	events := eventsOf(t.draft.Metadata(), in.Events)
	if f.json {
		out := map[string]any{"ok": refused == nil, "call": t.call, "arguments": t.args, "account": t.account,
			"transaction": "0x" + hex.EncodeToString(hash[:]), "block": in.Number, "blockHash": "0x" + hex.EncodeToString(in.Block[:]), "events": events}
		if refused != nil {
			out["error"], out["docs"] = refused.Name, refused.Docs
		}
		if err := json.NewEncoder(s.out).Encode(out); err != nil {
			return failed(err)
		}
	} else {
		fmt.Fprintf(s.out, "in %s block %d 0x%x\n", final, in.Number, in.Block)
		for _, e := range events {
			fmt.Fprintln(s.out, short(e[0].value)+"  "+short(e[1].value))
		}
	}
	if refused != nil {
		return failed(refused)
	}
	return nil
}

// eventsOf gives the events of the worker pallet.
func eventsOf(m *metadata.Metadata, list []metadata.Event) []members {
	out := []members{}
	for _, e := range list {
		if e.Pallet == onchain.Pallet {
			name := e.Pallet + "." + e.Name
			out = append(out, members{{"event", leaf{name, name}}, {"fields", readableEvent(m, e)}})
		}
	}
	return out
}
