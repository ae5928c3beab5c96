package demo

import (
	"bytes"
	"context"
	_ "embed" // the flow
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/chain/indexer"
	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/content"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// Options of a demo.
type Options struct {
	// Workers is how many there are, Faulty how many of them, the last ones, run another
	// flow than the published one.
	Workers, Faulty int
	// Page is where the page and the services listen, RPC where the chain does; port 0 takes a
	// free one.
	Page, RPC string
	// BlockTime of the chain; 0 is 1 s. Every is the time between rounds; 0 is 12 s.
	BlockTime, Every time.Duration
	// Version of the program.
	Version string
	// Log prints a line: level is info, warn or error.
	Log func(level, text string)
	// Ready is called once, with the addresses, when all runs.
	Ready func(page, rpc string)
}

// MaxWorkers is how many workers one machine is asked to run.
const MaxWorkers = 50

// rewardPeriod is the length of a reward period in blocks.
const rewardPeriod = 30

// kept is how many votes the indexer remembers.
const kept = 5000

//go:embed flow.json
var published []byte

// faulty is the flow of a worker that lies: it takes a quarter more out of each certificate
// than is in it.
func faulty() ([]byte, error) {
	const honest, lie = `Math.min(open, cert.kWh)`, `Math.min(open, cert.kWh * 1.25)`
	out := bytes.Replace(published, []byte(honest), []byte(lie), 1)
	if bytes.Equal(out, published) {
		return nil, errors.New("the flow has no place to lie in")
	}
	return out, nil
}

// resultOf is what is voted for a Merkle root, as the chain shows it.
func resultOf(root string) string {
	b, err := consensus.VoteBytes(strings.TrimPrefix(root, "0x"), true, consensus.PolkadotJS)
	if err != nil {
		return ""
	}
	return "0x" + hex.EncodeToString(b)
}

// demo is what runs.
type demo struct {
	o        Options
	dir      string
	base     string // URL of the page
	rpc      string // URL of the chain
	cid      string
	chain    *devnet.Chain
	client   *chain.Client
	pallet   *onchain.Chain
	index    *indexer.Indexer
	business *business
	registry *registry
	peers    []*peer

	mu    sync.Mutex
	facts facts
}

// Run runs a demo until ctx ends, and leaves nothing behind.
func Run(ctx context.Context, o Options) (err error) {
	switch {
	case o.Workers < 1 || o.Workers > MaxWorkers:
		return fmt.Errorf("there have to be 1 to %d workers", MaxWorkers)
	case o.Faulty < 0 || o.Faulty > o.Workers:
		return fmt.Errorf("%d of %d workers cannot be faulty", o.Faulty, o.Workers)
	}
	if o.BlockTime == 0 {
		o.BlockTime = time.Second
	}
	if o.Every == 0 {
		o.Every = 12 * time.Second
	}
	if o.Log == nil {
		o.Log = func(string, string) {}
	}
	d := &demo{o: o}
	if d.dir, err = os.MkdirTemp("", "lockstep-devnet-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(d.dir)) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return d.run(ctx)
}

func (d *demo) run(ctx context.Context) error {
	rich, err := accounts(d.o.Workers)
	if err != nil {
		return err
	}
	d.chain, err = devnet.New(devnet.Settings{Name: "Lockstep demo", Accounts: rich, BlockTime: d.o.BlockTime, RewardPeriod: rewardPeriod, RegistrarRounds: true})
	if err != nil {
		return err
	}
	defer d.chain.Close() //nolint:errcheck // nothing of it is kept
	rpc, err := new(net.ListenConfig).Listen(ctx, "tcp", d.o.RPC)
	if err != nil {
		return err
	}
	d.rpc = "ws://" + rpc.Addr().String()
	defer serve(ctx, rpc, d.chain)()
	page, err := new(net.ListenConfig).Listen(ctx, "tcp", d.o.Page)
	if err != nil {
		return err
	}
	defer page.Close() //nolint:errcheck // it is closed before when all goes well
	d.base = "http://" + page.Addr().String()
	if d.client, err = chain.Dial(ctx, chain.Options{Endpoints: []string{d.rpc}}); err != nil {
		return err
	}
	defer d.client.Close()
	d.pallet = onchain.Of(d.client)
	d.index = indexer.New(d.client, indexer.Options{Best: true, Every: d.o.BlockTime / 4, Keep: kept})
	routes, err := d.routes()
	if err != nil {
		return err
	}
	for n := 1; n <= d.o.Workers; n++ {
		p, err := d.peer(n)
		if err != nil {
			return err
		}
		d.peers = append(d.peers, p)
	}
	f := &founder{ctx: ctx, chain: d.chain, client: d.client}
	if err := f.prepare(d.cid, d.o.Workers); err != nil {
		return err
	}
	defer serve(ctx, page, routes)()
	return d.live(ctx)
}

// serve answers at a listener until stop is called.
func serve(ctx context.Context, l net.Listener, h http.Handler) (stop func()) {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	go func() { _ = s.Serve(l) }()  // ends with stop
	return func() { _ = s.Close() } // nobody is left to be told
}

// routes are the page and the services.
func (d *demo) routes() (http.Handler, error) {
	lie, err := faulty()
	if err != nil {
		return nil, err
	}
	store := content.NewStore()
	c, err := store.Add(published, content.Kubo)
	if err != nil {
		return nil, err
	}
	d.cid = c.String()
	d.business = &business{may: d.may, settled: d.settled, reports: map[string]Report{}}
	d.registry = &registry{period: func() uint32 { return d.known().Period }, tokens: map[string]string{}, workers: map[string]uint32{}}
	m := http.NewServeMux()
	m.HandleFunc("GET /base_urls.json", d.addresses)
	m.Handle("GET /ipfs/", store)
	m.HandleFunc("GET /liar/ipfs/{cid}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(lie) // who went away cannot be told
	})
	for _, p := range []string{"/votes/graphql", "/core/graphql", "/graphql"} {
		m.Handle(p, d.index)
	}
	d.business.routes(m)
	d.registry.routes(m)
	d.pages(m)
	return m, nil
}

// addresses is base_urls.json.
func (d *demo) addresses(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]string{
		"base_indexer_url": d.base + "/", "indexer_url": d.base + "/graphql", "rpc_url": d.rpc, "workers_registry_url": d.base, "auth_server_url": d.base,
		"voting_round_orchestrator_url": d.base, "business_url": d.base,
	})
}

// live runs the indexer, the workers and the business system until ctx ends.
func (d *demo) live(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, d.o.Workers+3)
	run := func(name string, fn func(context.Context) error) {
		wg.Go(func() {
			if err := fn(ctx); err != nil && ctx.Err() == nil {
				failed <- fmt.Errorf("%s: %w", name, err)
			}
		})
	}
	run("indexer", d.index.Run)
	run("facts", d.look)
	for _, p := range d.peers {
		run(p.name(), p.worker.Run)
	}
	run("business system", d.open)
	if d.o.Ready != nil {
		d.o.Ready(d.base, d.rpc)
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return err
	}
}

// open opens a round after the other.
func (d *demo) open(ctx context.Context) error {
	key, err := pair(businessURI)
	if err != nil {
		return err
	}
	for day := 0; ; day++ {
		_, err := d.client.Execute(ctx, key, onchain.Pallet, "open_voting_round", []any{solution, roundName(day)}, chain.SignOptions{}, chain.WatchOptions{Best: true, Every: d.o.BlockTime / 4})
		if err != nil {
			return err
		}
		d.business.mu.Lock()
		d.business.opened = day + 1
		d.business.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(d.o.Every):
		}
	}
}

// path is a file or folder of the demo.
func (d *demo) path(parts ...string) string {
	return filepath.Join(append([]string{d.dir}, parts...)...)
}
