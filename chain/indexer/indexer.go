package indexer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/rpc"
)

// Options of an Indexer. The zero value reads the final blocks of Energy Web X.
type Options struct {
	// Pallet is the name of the pallet of workers; "" is WorkerNodePallet.
	Pallet string
	// Best reads the best blocks, and all again if these are undone; otherwise blocks are read
	// when they are final.
	Best bool
	// Every is how often a new block is looked for if the node does not tell; 0 is 500 ms.
	Every time.Duration
	// Keep bounds how many votes, rounds and other things that happened are kept, each; the
	// oldest are forgotten. 0 is 100,000.
	Keep int
	// Warn is told why a block could not be read; it is tried again. nil tells nobody.
	Warn func(text string)
}

// Indexer reads a chain and answers queries about it. It is an http.Handler, and may be
// used from several goroutines.
type Indexer struct {
	o      Options
	client *chain.Client
	m      *model
	slots  chan struct{}

	mu      sync.RWMutex
	store   *store
	first   uint32
	last    point
	started bool
	changed chan struct{}
}

// point is a block.
type point struct {
	hash   [32]byte
	number uint32
	time   time.Time
}

// New makes an Indexer of a client, which stays the caller's. It reads nothing before Run.
func New(client *chain.Client, o Options) *Indexer {
	if o.Pallet == "" {
		o.Pallet = "WorkerNodePallet"
	}
	if o.Every <= 0 {
		o.Every = 500 * time.Millisecond
	}
	if o.Keep <= 0 {
		o.Keep = 100_000
	}
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
	m, err := newModel()
	if err != nil {
		panic(err) // the entities are part of the program
	}
	return &Indexer{o: o, client: client, m: m, slots: make(chan struct{}, atOnce), store: newStore(m, o.Keep), changed: make(chan struct{})}
}

// Run reads blocks until ctx ends, and gives nil then. What goes wrong meanwhile is told to
// Options.Warn, each text once in a row, and tried again.
func (ix *Indexer) Run(ctx context.Context) error {
	method, off := "chain_subscribeFinalizedHeads", "chain_unsubscribeFinalizedHeads"
	if ix.o.Best {
		method, off = "chain_subscribeNewHeads", "chain_unsubscribeNewHeads"
	}
	var told <-chan struct{}
	if sub, err := ix.client.RPC().Subscribe(ctx, method, off); err == nil { // over HTTP there are none
		defer sub.Close()
		news := make(chan struct{}, 1)
		told = news
		go func() {
			for range sub.C() {
				select {
				case news <- struct{}{}:
				default:
				}
			}
		}()
	}
	tick := time.NewTicker(ix.o.Every)
	defer tick.Stop()
	said := ""
	for {
		err := ix.catchUp(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil:
			said = ""
		case err.Error() != said:
			said = err.Error()
			ix.o.Warn("the indexer: " + said)
		}
		if err != nil { // not at once again, whatever the node tells
			select {
			case <-ctx.Done():
			case <-time.After(ix.o.Every):
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-told:
		}
	}
}

// catchUp reads all blocks that are new.
func (ix *Indexer) catchUp(ctx context.Context) error {
	head := ix.client.Finalized
	if ix.o.Best {
		head = ix.client.Head
	}
	_, top, err := head(ctx)
	if err != nil {
		return err
	}
	if ix.started && ix.undone(ctx, top) {
		ix.o.Warn("the indexer: the blocks it has read were undone, or are not the chain's any more: it reads all again")
		ix.reset()
	}
	if !ix.started {
		if err := ix.begin(ctx, top); err != nil {
			return fmt.Errorf("the first block cannot be read: %w", err)
		}
	}
	for n := ix.last.number + 1; n <= top; n++ {
		if err := ix.block(ctx, n); err != nil {
			var answer *rpc.Error
			if errors.As(err, &answer) { // its state may be gone: begin at the oldest there is
				ix.reset()
			}
			return fmt.Errorf("block %d cannot be read: %w", n, err)
		}
	}
	return nil
}

// undone reports whether the last block is not the chain's.
func (ix *Indexer) undone(ctx context.Context, top uint32) bool {
	if ix.last.number > top {
		return true
	}
	h, err := ix.client.BlockHash(ctx, ix.last.number)
	return err == nil && h != ix.last.hash || errors.Is(err, chain.ErrNoBlock)
}

func (ix *Indexer) reset() {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.store, ix.last, ix.started = newStore(ix.m, ix.o.Keep), point{}, false
}

// begin finds the oldest block whose state can be read, and reads that.
func (ix *Indexer) begin(ctx context.Context, top uint32) error {
	low, high := uint32(0), top
	for low < high {
		middle := low + (high-low)/2
		ok, err := ix.readable(ctx, middle)
		if err != nil {
			return err
		}
		if ok {
			high = middle
		} else {
			low = middle + 1
		}
	}
	b, err := ix.open(ctx, low)
	if err != nil {
		return err
	}
	if err := b.time(ctx); err != nil {
		return err
	}
	if err := b.snapshot(ctx); err != nil {
		return err
	}
	ix.mu.Lock()
	ix.first = low
	ix.mu.Unlock()
	ix.apply(b)
	return nil
}

func (ix *Indexer) readable(ctx context.Context, number uint32) (bool, error) {
	h, err := ix.client.BlockHash(ctx, number)
	if err == nil {
		_, err = ix.client.Events(ctx, h)
	}
	var answer *rpc.Error
	switch {
	case err == nil:
		return true, nil
	case ctx.Err() == nil && (errors.As(err, &answer) || errors.Is(err, chain.ErrNoBlock)):
		return false, nil
	}
	// A node that knows the hash but not the block any more says so in a text.
	if _, _, failed := ix.client.Head(ctx); failed == nil {
		return false, nil
	}
	return false, err
}

// block reads one block.
func (ix *Indexer) block(ctx context.Context, number uint32) error {
	b, err := ix.open(ctx, number)
	if err != nil {
		return err
	}
	if err := b.events(ctx); err != nil {
		return err
	}
	ix.apply(b)
	return nil
}

// apply makes a block's changes seen, all at once.
func (ix *Indexer) apply(b *block) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	for _, change := range b.changes {
		change(ix.store)
	}
	ix.store.forget()
	ix.last, ix.started = b.point, true
	close(ix.changed)
	ix.changed = make(chan struct{})
}
