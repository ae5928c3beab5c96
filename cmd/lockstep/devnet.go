package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/demo"
)

// devnetFlags are what lockstep devnet can be told.
type devnetFlags struct {
	listen   string
	open     bool
	block    time.Duration
	onDemand bool
	instant  bool
	log      string
	accounts []string
	balance  string
	sudo     string
	spec73   bool
	period   uint32
	early    bool
	json     bool
	workers  int
	faulty   int
	page     string
	every    time.Duration
	verbose  bool
}

func devnetCommand(io streams) *cobra.Command {
	var f devnetFlags
	c := &cobra.Command{
		Use: "devnet", Short: "Run a chain with the EWX worker pallet for tests and demos", Args: cobra.NoArgs,
		Long: `devnet runs a chain in this process that speaks the RPC of a Substrate node over
HTTP and WebSocket, with the worker pallet of Energy Web X. It is for tests, demos and
private set-ups. It is no blockchain: one process makes all blocks, and whoever runs it
can change anything.

//Alice … //Ferdie, whose keys everybody knows, have a million EWT each; //Alice is sudo.

With --workers it runs a whole private network, to look at: the chain, a content store with
an IPFS gateway, an indexer, a business system that opens voting rounds, the workers, and a
page that shows rounds, votes, rewards, the flows at work, and receipts to check. --faulty
says how many of the workers lie. An interrupt ends all of it and leaves nothing behind.`,
		Example: `  lockstep devnet --workers 5 --faulty 1
  lockstep devnet
  lockstep devnet --block-time 12s --log chain.log
  lockstep devnet --on-demand --listen 127.0.0.1:0 --json`,
		RunE: func(c *cobra.Command, _ []string) error {
			if f.workers == 0 {
				return f.run(c.Context(), io)
			}
			for _, name := range []string{"on-demand", "instant", "log", "account", "balance", "sudo", "spec73", "reward-period", "settle-early"} {
				if c.Flags().Changed(name) {
					return fmt.Errorf("--%s does not go with --workers: it is for a chain alone", name)
				}
			}
			return f.network(c.Context(), io, c.Flags().Changed("block-time"))
		},
	}
	p := c.Flags()
	p.IntVar(&f.workers, "workers", 0, "run a whole network with so many workers")
	p.IntVar(&f.faulty, "faulty", 0, "how many of the workers lie")
	p.StringVar(&f.page, "page", "127.0.0.1:9945", "address of the page and the services, with --workers; port 0 takes a free one")
	p.DurationVar(&f.every, "round-every", 12*time.Second, "time between two voting rounds, with --workers")
	p.BoolVar(&f.verbose, "verbose", false, "print what the workers log, with --workers")
	p.StringVar(&f.listen, "listen", "127.0.0.1:9944", "address of the RPC; port 0 takes a free one")
	p.BoolVar(&f.open, "open", false, "let --listen be an address that other machines reach: everybody can then do everything")
	p.DurationVar(&f.block, "block-time", 2*time.Second, "time between blocks")
	p.BoolVar(&f.onDemand, "on-demand", false, "make blocks only when a transaction arrives or dev_newBlock is called")
	p.BoolVar(&f.instant, "instant", false, "make a block at once when a transaction arrives, besides those of --block-time")
	p.StringVar(&f.log, "log", "", "file to which blocks are written, and from which the chain goes on; without, nothing is kept")
	p.StringArrayVar(&f.accounts, "account", nil, "further account that has money at the beginning: an address, or a URI such as //Worker1; may be repeated")
	p.StringVar(&f.balance, "balance", "1000000", "EWT of each account at the beginning")
	p.StringVar(&f.sudo, "sudo", "", "account that may do everything, instead of //Alice")
	p.BoolVar(&f.spec73, "spec73", false, "leave out what the worker pallet got after spec 73: voting rounds, CID allow-lists")
	p.Uint32Var(&f.period, "reward-period", 20, "blocks of a reward period; subscriptions count from the next one on")
	p.BoolVar(&f.early, "settle-early", false, "settle a voting round as soon as its result cannot change any more")
	p.BoolVar(&f.json, "json", false, "print where it listens as JSON")
	return c
}

func (f *devnetFlags) settings() (devnet.Settings, error) {
	s := devnet.Settings{BlockTime: f.block, Instant: f.instant, Log: f.log, Spec73: f.spec73, RewardPeriod: f.period, SettleEarly: f.early}
	if f.onDemand {
		s.BlockTime = 0
	} else if f.block < time.Millisecond {
		return s, errors.New("--block-time is at least 1ms; --on-demand makes blocks when they are needed")
	}
	if f.period < 2 {
		return s, errors.New("--reward-period is at least 2")
	}
	tokens, ok := new(big.Int).SetString(f.balance, 10)
	if !ok || tokens.Sign() < 0 {
		return s, fmt.Errorf("--balance %q is no whole number of EWT", f.balance)
	}
	s.Endowment = tokens.Mul(tokens, big.NewInt(1_000_000_000_000_000_000))
	for _, a := range f.accounts {
		id, err := accountOf(a)
		if err != nil {
			return s, fmt.Errorf("--account: %w", err)
		}
		s.Accounts = append(s.Accounts, id)
	}
	var err error
	if f.sudo != "" {
		if s.Sudo, err = accountOf(f.sudo); err != nil {
			return s, fmt.Errorf("--sudo: %w", err)
		}
	}
	return s, nil
}

// accountOf reads an address, or the URI of a development key, which begins with a slash.
func accountOf(text string) ([32]byte, error) {
	if len(text) > 0 && text[0] == '/' {
		p, err := keys.FromURI(text, keys.Sr25519)
		if err != nil {
			return [32]byte{}, err
		}
		defer p.Wipe()
		return p.AccountID(), nil
	}
	id, _, err := keys.ParseAddress(text)
	return id, err
}

// local refuses addresses that other machines reach, unless that is meant.
func (f *devnetFlags) local(flag, address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%s %q: %w", flag, address, err)
	}
	if ip := net.ParseIP(host); !f.open && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("%s %s would let other machines do everything on the chain: add --open if that is meant", flag, address)
	}
	return nil
}

// network runs a whole private network with a page.
func (f *devnetFlags) network(ctx context.Context, io streams, blockTime bool) error {
	if err := errors.Join(f.local("--listen", f.listen), f.local("--page", f.page)); err != nil {
		return err
	}
	o := demo.Options{Workers: f.workers, Faulty: f.faulty, Page: f.page, RPC: f.listen, Every: f.every, Version: version()}
	if blockTime {
		o.BlockTime = f.block
	}
	o.Log = func(level, text string) {
		if f.verbose || level == "error" {
			fmt.Fprintf(io.err, "%-5s %s\n", level, text)
		}
	}
	o.Ready = func(page, rpc string) {
		if f.json {
			_ = json.NewEncoder(io.out).Encode(map[string]string{"page": page, "rpc": rpc})
			return
		}
		fmt.Fprintf(io.out, "devnet: %d workers, %d of them faulty\nopen %s in a browser; the chain is at %s; Ctrl-C ends all\n", f.workers, f.faulty, page, rpc)
	}
	if err := demo.Run(ctx, o); err != nil {
		return exitError{exitFailed, err.Error()}
	}
	return nil
}

func (f *devnetFlags) run(ctx context.Context, io streams) error {
	s, err := f.settings()
	if err != nil {
		return err
	}
	if err := f.local("--listen", f.listen); err != nil {
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", f.listen)
	if err != nil {
		return exitError{exitFailed, err.Error()}
	}
	chain, err := devnet.New(s)
	if err != nil {
		_ = l.Close()
		return exitError{exitFailed, err.Error()}
	}
	server := &http.Server{Handler: chain, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	f.say(io, chain, l.Addr().String())
	select {
	case <-ctx.Done():
		err = nil
	case err = <-served:
	}
	_ = server.Close()
	if end := chain.Close(); err == nil {
		err = end
	}
	if err != nil {
		return exitError{exitFailed, err.Error()}
	}
	return nil
}

func (f *devnetFlags) say(io streams, c *devnet.Chain, addr string) {
	genesis := c.Genesis()
	_, number := c.Head()
	if f.json {
		_ = json.NewEncoder(io.out).Encode(map[string]any{"rpc": "ws://" + addr, "http": "http://" + addr, "genesis": fmt.Sprintf("0x%x", genesis), "block": number})
		return
	}
	fmt.Fprintf(io.out, "devnet: ws://%s and http://%s, genesis 0x%x, block %d\n", addr, addr, genesis, number)
	fmt.Fprintln(io.err, "this is a chain for tests and demos, no blockchain: whoever reaches the port can do everything with it")
}
