package devnet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/blake2b"

	"github.com/lockstep-flows/lockstep/chain/extrinsic"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// Chain is one that runs. It is an http.Handler that serves its RPC.
type Chain struct {
	r *runtime
	s Settings
	// methods of the RPC, by name.
	methods map[string]methodFunc

	lock     sync.RWMutex
	store    *store
	sorting  sync.Mutex        // of the store, when readers need an order
	blocks   map[uint32]*block // those that can be read
	hashes   [][32]byte
	byHash   map[[32]byte]uint32
	pool     *pool
	log      *blockLog
	sessions map[*session]bool
	failed   error // the chain stands still

	kick chan struct{}
	done chan struct{}
	stop sync.Once
	wait sync.WaitGroup
}

// block that was made.
type block struct {
	number          uint32
	hash, parent    [32]byte
	stateRoot, body [32]byte
	time            uint64
	transactions    [][]byte
	changed         []string
}

// New starts a chain, or goes on with the one in Settings.Log.
func New(s Settings) (*Chain, error) {
	s.defaults()
	r, err := newRuntime(!s.Spec73)
	if err != nil {
		return nil, err
	}
	c := &Chain{r: r, s: s, methods: methods(), store: newStore(), blocks: map[uint32]*block{}, byHash: map[[32]byte]uint32{}, sessions: map[*session]bool{}, kick: make(chan struct{}, 1), done: make(chan struct{})}
	c.pool = newPool(s.MaxPool)
	if err := c.genesis(); err != nil {
		return nil, err
	}
	if s.Log != "" {
		if c.log, err = openLog(s.Log, c.identity(), c.replay); err != nil {
			return nil, err
		}
	}
	c.wait.Add(1)
	go c.produce()
	return c, nil
}

// Close ends the chain and all its connections.
func (c *Chain) Close() error {
	var err error
	c.stop.Do(func() {
		close(c.done)
		c.wait.Wait()
		c.lock.Lock()
		defer c.lock.Unlock()
		for s := range c.sessions {
			s.end()
		}
		if c.log != nil {
			err = c.log.close()
		}
	})
	return err
}

// Genesis is the hash of the first block.
func (c *Chain) Genesis() [32]byte { return c.hashes[0] }

// Head is the newest block.
func (c *Chain) Head() (hash [32]byte, number uint32) {
	c.lock.RLock()
	defer c.lock.RUnlock()
	b := c.best()
	return b.hash, b.number
}

func (c *Chain) best() *block { return c.blocks[uint32(len(c.hashes)-1)] }

// finalized is the number of the last block that is final.
func (c *Chain) finalized() uint32 {
	return uint32(max(0, len(c.hashes)-1-c.s.FinalityLag))
}

var devNames = []string{"Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"}

// genesis makes the first block.
func (c *Chain) genesis() error {
	x := c.exec(0)
	var accounts [][32]byte
	sudo := c.s.Sudo
	for i, name := range devNames {
		p, err := keys.FromURI("//"+name, keys.Sr25519)
		if err != nil {
			return err
		}
		if i == 0 && sudo == [32]byte{} {
			sudo = p.AccountID()
		}
		if !c.s.NoDevAccounts {
			accounts = append(accounts, p.AccountID())
		}
	}
	accounts = append(accounts, c.s.Accounts...)
	total := ewt(0)
	for _, a := range accounts {
		if x.has("System.Account", a) {
			continue
		}
		x.setBalance(a, c.s.Endowment, ewt(0))
		total.Add(total, c.s.Endowment)
	}
	x.put("Balances.TotalIssuance", total)
	x.put("Sudo.Key", sudo)
	x.put("System.LastRuntimeUpgrade", scale.Rec("spec_version", c.r.spec, "spec_name", specName))
	x.put(w+"RegistrarDeposit", c.s.RegistrarDeposit)
	x.put(w+"WorkerNodeOperatorDeposit", c.s.OperatorDeposit)
	x.put(w+"RewardPeriodLength", c.s.RewardPeriod)
	x.put(w+"SubmissionsQuota", c.s.SubmissionsQuota)
	x.put(w+"MaxSolutionResultLength", c.s.MaxResultLength)
	x.put(w+"ActiveRewardPeriodInfo", scale.Rec("index", 1, "first_block", 1, "length", c.s.RewardPeriod))
	if x.err != nil {
		return x.err
	}
	b := &block{}
	b.seal(x, blake2b.Sum256([]byte(c.s.Name)))
	c.commit(x, b)
	return nil
}

func (c *Chain) exec(number uint32) *exec {
	return &exec{r: c.r, s: &c.s, base: c.store, block: number, changes: map[string][]byte{}, phase: []byte{2}}
}

// produce makes blocks until the chain ends.
func (c *Chain) produce() {
	defer c.wait.Done()
	var tick <-chan time.Time
	if c.s.BlockTime > 0 {
		t := time.NewTicker(c.s.BlockTime)
		defer t.Stop()
		tick = t.C
	}
	for {
		select {
		case <-c.done:
			return
		case <-tick:
		case <-c.kick:
		}
		if _, err := c.Seal(); err != nil {
			return // submissions tell why
		}
	}
}

// wake makes a block soon, if blocks are made on demand.
func (c *Chain) wake() {
	if c.s.Instant || c.s.BlockTime == 0 && !c.s.Manual {
		select {
		case c.kick <- struct{}{}:
		default:
		}
	}
}

// Seal makes a block of what waits, now.
func (c *Chain) Seal() ([32]byte, error) {
	c.lock.Lock()
	if c.failed != nil {
		c.lock.Unlock()
		return [32]byte{}, c.failed
	}
	parent := c.best()
	at := max(uint64(c.s.Clock().UnixMilli()), parent.time+1)
	b, x, out := c.build(parent, at, nil)
	err := x.err
	if err == nil && c.log != nil {
		err = c.log.append(b)
	}
	if err != nil {
		c.failed = fmt.Errorf("the chain stands still: %w", err)
		c.lock.Unlock()
		return [32]byte{}, c.failed
	}
	c.commit(x, b)
	c.pool.included(out, b)
	final := c.blocks[c.finalized()]
	if final != nil {
		c.pool.finalize(final)
	}
	sessions := slices.Collect(maps.Keys(c.sessions))
	more := c.pool.ready > 0
	c.lock.Unlock()
	for _, s := range sessions {
		s.block(b, final)
	}
	if more {
		c.wake()
	}
	return b.hash, nil
}

// build carries out a block of given transactions, or of those of the pool.
func (c *Chain) build(parent *block, at uint64, list []*pooled) (*block, *exec, []*pooled) {
	n := parent.number + 1
	b := &block{number: n, parent: parent.hash, time: at}
	x := c.exec(n)
	x.put("System.Number", n)
	x.put("System.ParentHash", parent.hash)
	x.put("System.BlockHash", parent.hash, parent.number)
	if n > 4096 {
		x.remove("System.BlockHash", n-4097)
	}
	x.initialize()
	x.inherent(b)
	var out []*pooled
	if list != nil {
		for _, p := range list {
			x.apply(b, p)
		}
	} else {
		out = c.pool.take(x, b, c.s.MaxBlock)
	}
	x.finish()
	b.body = blake2b.Sum256(slices.Concat(b.transactions...))
	b.seal(x, parent.stateRoot)
	return b, x, out
}

// seal computes what names a block: its state root is a hash over the one before and all
// changes.
func (b *block) seal(x *exec, before [32]byte) {
	h, err := blake2b.New256(nil)
	if err != nil {
		panic(fmt.Sprintf("devnet: %v", err)) // there is no key
	}
	h.Write(before[:])
	b.changed = slices.Sorted(maps.Keys(x.changes))
	for _, k := range b.changed {
		h.Write(scale.AppendBytes(nil, []byte(k)))
		if v := x.changes[k]; v == nil {
			h.Write([]byte{0})
		} else {
			h.Write(scale.AppendBytes([]byte{1}, v))
		}
	}
	b.stateRoot = [32]byte(h.Sum(nil))
	b.hash = blake2b.Sum256(b.header())
}

// commit makes a block that was carried out the newest.
func (c *Chain) commit(x *exec, b *block) {
	for _, k := range b.changed {
		c.store.set(k, b.number, x.changes[k])
	}
	c.hashes = append(c.hashes, b.hash)
	c.byHash[b.hash] = b.number
	c.blocks[b.number] = b
	if b.number > c.s.History {
		old := b.number - c.s.History
		c.store.forget(old)
		delete(c.blocks, old-1)
	}
}

// header is the block's header as its hash is over.
func (b *block) header() []byte {
	out := slices.Clone(b.parent[:])
	out = scale.AppendCompactUint(out, uint64(b.number))
	out = append(out, b.stateRoot[:]...)
	out = append(out, b.body[:]...)
	return append(out, 0) // no digests
}

// identity tells chains with other rules apart.
func (c *Chain) identity() [32]byte {
	s := c.s
	s.Log, s.BlockTime, s.Instant, s.Manual, s.MaxPool, s.History, s.FinalityLag, s.MaxBlock = "", 0, false, false, 0, 0, 0, 0
	if s.RoundSeconds {
		s.BlockTime = c.s.BlockTime
	}
	s.Clock = nil
	g := c.Genesis()
	return blake2b.Sum256(fmt.Appendf(g[:], "%v", s))
}

// replay carries out a block of the log again.
func (c *Chain) replay(b *block) error {
	parent := c.best()
	if b.number != parent.number+1 {
		return fmt.Errorf("block %d follows block %d", b.number, parent.number)
	}
	list := []*pooled{}
	for _, t := range b.transactions {
		d, err := extrinsic.Decode(c.r.meta, t)
		if err != nil {
			return fmt.Errorf("block %d: %w", b.number, err)
		}
		list = append(list, newPooled(t, d))
	}
	if len(list) == 0 {
		return errors.New("a block has no time")
	}
	again, x, _ := c.build(parent, b.time, list[1:])
	if x.err != nil {
		return x.err
	}
	if again.hash != b.hash {
		return fmt.Errorf("block %d came out otherwise than when it was made: the log is of another version", b.number)
	}
	c.commit(x, again)
	return nil
}

// inherent is the first transaction of a block: its time.
func (x *exec) inherent(b *block) {
	call, err := x.r.meta.Call("Timestamp", "set", []any{b.time})
	x.fault(err)
	t, err := extrinsic.Unsigned(x.r.meta, call)
	x.fault(err)
	b.transactions = append(b.transactions, t)
	x.phaseOf(0)
	x.put("Timestamp.Now", b.time)
	x.emit("System.ExtrinsicSuccess", dispatchInfo("Mandatory"))
}

func (x *exec) phaseOf(i int) { x.phase = binary.LittleEndian.AppendUint32([]byte{0}, uint32(i)) }

// dispatchInfo is what events say about a transaction's weight.
func dispatchInfo(class string) *scale.Record {
	return scale.Rec("weight", scale.Rec("ref_time", 100_000_000, "proof_size", 0), "class", class, "pays_fee", "Yes")
}

// finish writes the events of the block.
func (x *exec) finish() {
	raw := scale.AppendCompactUint(nil, uint64(len(x.events)))
	raw = append(raw, slices.Concat(x.events...)...)
	_, k := x.key("System.Events")
	x.write(k, raw)
	x.put("System.EventCount", len(x.events))
}
