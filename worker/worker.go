package worker

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/content"
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

// Options are what a worker gets from outside.
type Options struct {
	Config *Config
	Chain  Chain
	Key    Key
	// Address is the worker's account as the chain's tools show it.
	Address string
	// Version of the program.
	Version string
	// Lookup finds variables of the process, for flows: they see those only that no
	// secret is in.
	Lookup func(string) (string, bool)
	// Log prints a line: level is info, warn or error.
	Log func(level, text string)
	// Clock gives the time; nil is the system's.
	Clock func() time.Time
	// Client asks services; nil is one with a time limit.
	Client *http.Client
	// Pauses are those of the loop; zero values are the reference's.
	Pauses Pauses
	// Queue configures the queue of votes.
	Queue consensus.QueueOptions
	// Observe gives who watches a solution's flow from inside its loop, nil for nobody: defs
	// are the flow as it runs.
	Observe func(solution string, defs []*flow.Def) engine.Observer
}

// Pauses of the loop.
type Pauses struct {
	// Idle is after a pass in which there was nothing to do, Good within one that went
	// well, Failed after an error, Check between two start-up checks.
	Idle, Good, Failed, Check time.Duration
}

// Status is how far a worker has come.
type Status string

// The statuses, in their order, by the reference's names.
const (
	Started     Status = "STARTED"
	ExposedHTTP Status = "EXPOSED_HTTP"
	Initialized Status = "INITIALIZED_WORKER_ACCOUNT"
	Checked     Status = "PERFORMED_CHECKS"
	StartedRed  Status = "STARTED_RED_SERVER"
	Ready       Status = "READY"
)

// Worker is a running worker.
type Worker struct {
	o      Options
	c      *Config
	types  *engine.Registry
	policy *policy
	urls   *services
	auth   *auth
	fetch  *content.Fetcher
	store  *consensus.Store
	queue  *consensus.Queue
	api    *api
	stop   context.CancelFunc

	chainMu sync.Mutex
	chain   string // the genesis hash that belongs to the folder, "" before it is known

	mu       sync.Mutex
	status   Status
	operator string
	groups   []groupState
	running  map[string]*installed // by solution
	voteIDs  map[string]voteID
	fresh    atomic.Bool // something was installed
}

// groupState is what the health API tells of a group.
type groupState struct {
	Group
	solutions []Solution
}

// voteID leads from the identifier that a caller gave to its vote.
type voteID struct {
	key   consensus.Key
	until time.Time
}

// New makes a worker; Run runs it.
func New(o Options) (*Worker, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = func(string, string) {}
	}
	if o.Lookup == nil {
		o.Lookup = func(string) (string, bool) { return "", false }
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 30 * time.Second}
	}
	p := &o.Pauses
	for _, d := range []struct {
		at   *time.Duration
		when time.Duration
	}{{&p.Idle, 5 * time.Second}, {&p.Good, 30 * time.Second}, {&p.Failed, 50 * time.Second}, {&p.Check, 10 * time.Second}} {
		if *d.at == 0 {
			*d.at = d.when
		}
	}
	c := o.Config
	w := &Worker{o: o, c: c, status: Started, types: nodes.Worker(), running: map[string]*installed{}, voteIDs: map[string]voteID{}}
	w.urls = newServices(c, o.Client, o.Clock)
	w.policy = &policy{hosts: c.AllowHosts}
	w.auth = newAuth(w)
	gateway := content.Gateway{URL: strings.TrimRight(c.IPFSURL, "/") + "/" + strings.TrimLeft(c.IPFSPath, "/"), Agent: c.IPFSAgent}
	if c.IPFSKey != "" && c.IPFSSecret != "" {
		gateway.User, gateway.Password = c.IPFSKey, c.IPFSSecret
	}
	w.fetch = content.NewFetcher(content.Options{Gateways: []content.Gateway{gateway}, Dir: filepath.Join(c.Data, "content"), Unverified: c.Unverified, Warn: w.warn})
	return w, nil
}

func (w *Worker) warn(text string) { w.o.Log("warn", text) }
func (w *Worker) info(text string) { w.o.Log("info", text) }

func (w *Worker) setStatus(s Status) {
	w.mu.Lock()
	w.status = s
	w.mu.Unlock()
	w.info("status " + string(s))
}

// Run runs the worker until ctx ends, then lets the votes out and stops.
func (w *Worker) Run(ctx context.Context) (err error) {
	ctx, w.stop = context.WithCancel(ctx)
	defer w.stop()
	for _, text := range w.c.Warnings() {
		w.warn(text)
	}
	if w.store, err = consensus.OpenStore(filepath.Join(w.c.Data, "votes.log")); err != nil {
		return err
	}
	q := w.o.Queue
	q.Done, q.Warn = w.voted, func(e consensus.Entry, err error) {
		w.warn(fmt.Sprintf("vote of %s in round %s: %v; it is tried again", e.Solution, e.Round, err))
	}
	w.queue = consensus.NewQueue(w.store, ownLedger{w.o.Chain, w}, q)
	if w.api, err = w.serve(); err != nil {
		w.queue.Close()
		return errors.Join(err, w.store.Close())
	}
	w.setStatus(ExposedHTTP)
	var wg sync.WaitGroup
	wg.Go(func() { w.heartbeat(ctx) })
	err = w.work(ctx)
	w.stop()
	wg.Wait()
	return errors.Join(err, w.shutdown())
}

// Addresses are where the API, the admin API and the endpoints of flows listen, once the worker
// runs.
func (w *Worker) Addresses() (apiURL, adminURL, flowsURL string) { return w.api.addresses() }

func (w *Worker) work(ctx context.Context) error {
	w.setStatus(Initialized)
	if err := w.checks(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	w.setStatus(Checked)
	w.setStatus(StartedRed)
	w.setStatus(Ready)
	var wg sync.WaitGroup
	wg.Go(func() { w.auth.keep(ctx) })
	w.loop(ctx)
	wg.Wait()
	return nil
}

// checks are those at the start: an operator, a subscription, the base URLs.
func (w *Worker) checks(ctx context.Context) error {
	for {
		err := w.check(ctx)
		if err == nil {
			return nil
		}
		w.o.Log("error", "start-up check: "+err.Error())
		if !w.c.RetryChecks || errors.Is(err, errOtherChain) {
			return err
		}
		if !sleep(ctx, w.o.Pauses.Check) {
			return ctx.Err()
		}
	}
}

func (w *Worker) check(ctx context.Context) error {
	if _, err := w.urls.get(ctx); err != nil {
		return err
	}
	op, err := w.o.Chain.Operator(ctx, w.o.Address)
	if err == nil {
		err = w.ownChain()
	}
	if err != nil {
		return err
	}
	if op == "" {
		return fmt.Errorf("the worker %s is not connected to an operator", w.o.Address)
	}
	subs, err := w.o.Chain.Subscriptions(ctx, op)
	if err == nil && len(subs) == 0 {
		err = fmt.Errorf("the operator %s has subscribed to no solution group", op)
	}
	return err
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (w *Worker) heartbeat(ctx context.Context) {
	for {
		text := strconv.FormatInt(w.o.Clock().UnixMilli(), 10)
		if err := os.WriteFile(w.c.Heartbeat, []byte(text), 0o600); err != nil {
			w.warn("heartbeat: " + err.Error())
		} else if w.c.HeartbeatLog {
			w.info("heartbeat " + text)
		}
		if !sleep(ctx, w.c.HeartbeatEvery) {
			return
		}
	}
}

// shutdown lets the votes out, stops the solutions, closes the servers.
func (w *Worker) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), w.c.ShutdownTime)
	defer cancel()
	w.mu.Lock()
	list := make([]*installed, 0, len(w.running))
	for id, in := range w.running {
		list = append(list, in)
		delete(w.running, id)
	}
	w.mu.Unlock()
	var errs []error
	for _, in := range list {
		in.live.Stop()
	}
	for _, in := range list {
		errs = append(errs, in.stop(ctx))
	}
	if err := w.queue.Drain(ctx); err != nil {
		p, r := w.queue.Info()
		w.warn(fmt.Sprintf("%d votes are not on the chain yet: they are sent after the next start", p+r))
	}
	w.queue.Close()
	errs = append(errs, w.api.close(), w.store.Close())
	return errors.Join(errs...)
}

func (w *Worker) seed() uint64 {
	var b [8]byte
	_, _ = io.ReadFull(rand.Reader, b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:])
}

// flowVariables are the variables of the process that flows see, by their beginning; what
// holds a secret is not among them. LOCKSTEP_FLOW_ENV names more.
var flowVariables = []string{"SOURCE_HTTP_API_", "VOTING_SERVICE_CONFIG_", "SQLITE_CONFIG_DB_LOCATION", "LEDGER_SQLITE_CONFIG_DB_LOCATION"}

// flowEnv is the environment of flows. In the reference they can read the worker's seed.
func (w *Worker) flowEnv(name string) (string, bool) {
	allowed := false
	for _, p := range flowVariables {
		allowed = allowed || strings.HasPrefix(name, p)
	}
	more, _ := w.o.Lookup("LOCKSTEP_FLOW_ENV")
	for _, n := range list(more) {
		allowed = allowed || n == name
	}
	if !allowed || strings.Contains(name, "SEED") || strings.Contains(name, "SECRET") || strings.HasSuffix(name, "_KEY") {
		return "", false
	}
	return w.o.Lookup(name)
}

// logs prints what a solution logs.
func (w *Worker) logs(in *installed) engine.Sink {
	return engine.SinkFunc(func(f engine.Effect) error {
		if f.Kind != "log" {
			return nil
		}
		o := f.Body.Object()
		level := "info"
		switch n := o.Get("level").Num(); {
		case n <= 20:
			level = "error"
		case n <= 30:
			level = "warn"
		case n > 40:
			level = "debug"
		}
		msg := o.Get("msg")
		text := msg.Str()
		if !msg.IsString() {
			text = value.ToString(msg)
		}
		w.o.Log(level, fmt.Sprintf("[%s] %s", in.ID, text))
		return nil
	})
}
