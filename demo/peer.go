package demo

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/flow/svg"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/worker"
)

// peer is a worker of the demo.
type peer struct {
	number   int
	liar     bool
	worker   *worker.Worker
	address  string
	operator string
	// operatorID is the account behind it.
	operatorID [32]byte

	mu    sync.Mutex
	defs  []*flow.Def
	count map[string]int // messages by node
}

func (p *peer) name() string { return fmt.Sprintf("worker %d", p.number) }

// peer makes the n-th worker, as somebody would who writes its environment file.
func (d *demo) peer(n int) (*peer, error) {
	op, err := pair(operatorURI(n))
	if err != nil {
		return nil, err
	}
	key, err := pair(workerURI(n))
	if err != nil {
		return nil, err
	}
	p := &peer{number: n, liar: n > d.o.Workers-d.o.Faulty, address: key.Address(42), operator: op.Address(42), operatorID: op.AccountID(), count: map[string]int{}}
	name := "worker" + strconv.Itoa(n)
	env := map[string]string{
		"VOTING_RPC_URL": d.rpc, "PALLET_RPC_URL": d.rpc, "VOTING_WORKER_SEED": workerURI(n), "BASE_URLS": d.base + "/base_urls.json", "IPFS_URL": d.base,
		"SOLUTION_QUEUE_PROCESS_DELAY": "1000", "SQLITE_BASE_PATH": d.path(name, "sqlite"), "LOCKSTEP_DATA": d.path(name, "data"), "HEARTBEAT_PATH": d.path(name, "heartbeat.txt"),
		"PORT": "0", "LOCKSTEP_API_PORT": "0", "ADMIN_SERVER_PORT": "0", "SHUTDOWN_TIMEOUT_MS": "2000", "HOST": "127.0.0.1", "LOCKSTEP_ALLOW_HOSTS": "127.0.0.1",
	}
	if p.liar {
		env["IPFS_URL"], env["LOCKSTEP_UNVERIFIED_CONTENT"] = d.base+"/liar", "true"
	}
	lookup := func(n string) (string, bool) { v, ok := env[n]; return v, ok }
	c, err := worker.NewConfig(lookup)
	if err != nil {
		return nil, err
	}
	c.Seed = ""
	p.worker, err = worker.New(worker.Options{
		Config: c, Chain: d.pallet, Key: key, Address: p.address, Version: d.o.Version, Lookup: lookup,
		Log:     func(level, text string) { d.o.Log(level, p.name()+": "+text) },
		Client:  &http.Client{Timeout: 10 * time.Second},
		Observe: func(_ string, defs []*flow.Def) engine.Observer { return p.watch(defs) },
	})
	return p, err
}

func (p *peer) watch(defs []*flow.Def) engine.Observer {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.defs, p.count = defs, map[string]int{}
	return counter{p}
}

// counter counts the messages that nodes get, and those that nodes without an input send.
type counter struct{ p *peer }

// Input counts a message.
func (c counter) Input(n *engine.Call, _ value.Value) {
	c.p.mu.Lock()
	c.p.count[n.ID()]++
	c.p.mu.Unlock()
}

// Called hears nothing of interest.
func (counter) Called(*engine.Call, string, ...value.Value) {}

// drawing is the flow with its counts, "" before it runs.
func (p *peer) drawing() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	pages := svg.DrawWith(p.defs, svg.Paint{Note: func(d *flow.Def) string {
		switch n := p.count[d.ID]; n {
		case 0:
			return ""
		case 1:
			return "1 message"
		default:
			return strconv.Itoa(n) + " messages"
		}
	}})
	if len(pages) == 0 {
		return ""
	}
	return pages[0].SVG
}
