package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/rpc"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// publicRPC is the node of the EWX main net that everybody may read. It takes no
// transactions.
const publicRPC = "wss://public-rpc.mainnet.energywebx.com"

// signFlags are what the verbs take that read a chain or sign transactions.
type signFlags struct {
	rpc     string
	key     keyFlags
	address string
	tip     string
	args    []string
	yes     bool
	best    bool
	dryRun  bool
	json    bool
	timeout time.Duration
}

// both adds the flags of all these verbs.
func (f *signFlags) both(p *pflag.FlagSet) {
	p.StringVar(&f.rpc, "rpc", "", "URL of a node, or several with commas (or LOCKSTEP_RPC); reading defaults to "+publicRPC+", which takes no transactions")
	f.key.flags(p)
	p.BoolVar(&f.json, "json", false, "print the result as JSON; amounts are in planck, 10^18 of which are an EWT")
	p.DurationVar(&f.timeout, "timeout", 5*time.Minute, "how long to wait for the chain")
}

// reading adds the flags of verbs that only read.
func (f *signFlags) reading(p *pflag.FlagSet) {
	f.both(p)
	p.StringVar(&f.address, "address", "", "account to read, as SS58 of any prefix; without it, that of the key")
}

// signing adds the flags of verbs that sign.
func (f *signFlags) signing(p *pflag.FlagSet) {
	f.both(p)
	p.StringVar(&f.tip, "tip", "0", "tip for the block's author in EWT, such as 0.01")
	p.StringArrayVar(&f.args, "arg", nil, "NAME=JSON: an argument of the call that this version does not know; parts are NAME.PART=JSON; may be repeated")
	p.BoolVar(&f.yes, "yes", false, "sign and send without asking")
	p.BoolVar(&f.best, "best", false, "wait for the best block only, which may still be undone, not for a final one")
	p.BoolVar(&f.dryRun, "dry-run", false, "show what would be signed, and stop")
	p.StringVar(&f.address, "address", "", "account that would sign, instead of a key; with --dry-run")
}

// endpoints are the nodes to ask.
func (f *signFlags) endpoints(sends bool) ([]string, error) {
	text := f.rpc
	if text == "" {
		text = os.Getenv("LOCKSTEP_RPC")
	}
	if text == "" && sends {
		return nil, errors.New("name a node that takes transactions by --rpc or LOCKSTEP_RPC: the public node " + publicRPC + " refuses them")
	}
	if text == "" {
		text = publicRPC
	}
	var out []string
	for _, u := range strings.Split(text, ",") {
		if u = strings.TrimSpace(u); u != "" {
			out = append(out, u)
		}
	}
	return out, nil
}

// ledger is a chain that is connected.
type ledger struct {
	*chain.Client
	name string
	// development is whether the node says that its chain is for development.
	development bool
}

// dial connects to the chain and asks what it is.
func (f *signFlags) dial(ctx context.Context, sends bool) (*ledger, error) {
	ends, err := f.endpoints(sends)
	if err != nil {
		return nil, err
	}
	c, err := chain.Dial(ctx, chain.Options{Endpoints: ends})
	if err != nil {
		return nil, failed(fmt.Errorf("connecting to the chain: %w", err))
	}
	l := &ledger{Client: c}
	if err := l.identify(ctx); err != nil {
		c.Close()
		return nil, failed(err)
	}
	return l, nil
}

// identify reads the name and the kind of the chain, and makes sure that its amounts are
// counted as ours.
func (l *ledger) identify(ctx context.Context) error {
	var name string
	if err := l.ask(ctx, &name, "system_chain"); err != nil {
		return err
	}
	if l.name = name; !onchain.Printable(name) {
		l.name = fmt.Sprintf("%q", name)
	}
	var kind any // a text, or an object of a custom kind
	if err := l.ask(ctx, &kind, "system_chainType"); err != nil {
		return err
	}
	l.development = kind == "Development" || kind == "Local"
	var properties struct {
		Decimals any `json:"tokenDecimals"`
	}
	if err := l.ask(ctx, &properties, "system_properties"); err != nil {
		return err
	}
	d := properties.Decimals
	if list, ok := d.([]any); ok && len(list) > 0 {
		d = list[0]
	}
	if n, ok := d.(float64); ok && n != onchain.Decimals {
		return fmt.Errorf("the chain counts tokens with %v decimals, an EWT has %d: its amounts would be misread", n, onchain.Decimals)
	}
	return nil
}

// ask asks a method of the node; one that the node does not have changes nothing.
func (l *ledger) ask(ctx context.Context, result any, method string, params ...any) error {
	var answer *rpc.Error
	err := l.RPC().Call(ctx, result, method, params...)
	if errors.As(err, &answer) {
		return nil
	}
	return err
}

// failed is an error that is not one of the command line.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return exitError{exitFailed, err.Error()}
}

// readCommand makes a verb that reads something about an account.
func readCommand(io streams, c *cobra.Command, read func(context.Context, *onchain.Chain, string) (any, error), show func(streams, any)) *cobra.Command {
	f := &signFlags{}
	f.reading(c.Flags())
	c.Args = cobra.NoArgs
	c.RunE = func(c *cobra.Command, _ []string) error {
		ctx, cancel := context.WithTimeout(c.Context(), f.timeout)
		defer cancel()
		l, err := f.dial(ctx, false)
		if err != nil {
			return err
		}
		defer l.Close()
		id, _, err := f.whom(c.Context(), io, l)
		if err != nil {
			return err
		}
		address := onchain.Address(id[:])
		v, err := read(ctx, onchain.Of(l.Client), address)
		if err != nil {
			return failed(fmt.Errorf("reading %s: %w", address, err))
		}
		if f.json {
			return failed(json.NewEncoder(io.out).Encode(v))
		}
		show(io, v)
		return nil
	}
	return c
}

// verbs makes a command that is nothing but its verbs: another word is an error.
func verbs(c *cobra.Command, list ...*cobra.Command) *cobra.Command {
	c.Args = cobra.NoArgs
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	c.AddCommand(list...)
	return c
}

// whom is the account of --address or of the key, and the scheme of its key.
func (f *signFlags) whom(ctx context.Context, io streams, l *ledger) (id [32]byte, scheme keys.Scheme, err error) {
	if f.address == "" {
		id, scheme, err = f.key.public(ctx, io, l.development)
		if errors.Is(err, errNoKey) {
			err = errors.New("name the account: --address SS58, or a key by --key-file, --keystore or LOCKSTEP_KEY")
		}
		return id, scheme, err
	}
	if scheme, err = keys.ParseScheme(f.key.scheme); err != nil {
		return id, 0, fmt.Errorf("--scheme: %w", err)
	}
	id, dev, err := accountArg("--address", f.address)
	if err == nil && dev && !l.development {
		err = errDev
	}
	return id, scheme, err
}

// amount reads a flag of EWT.
func amount(flag, text string) (*big.Int, error) {
	n, err := onchain.ParseEWT(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	return n, nil
}
