package consensus

import (
	"bytes"
	"context"
	"errors"
	"sort"
	"sync"
	"time"
)

// QueueOptions configure a Queue; the zero values are those of the reference.
type QueueOptions struct {
	// Workers is how many votes are under way at once; 0 is 4.
	Workers int
	// Life is how long a vote is tried, from when it was made; 0 is nine minutes.
	Life time.Duration
	// RetryAfter is the pause after the chain could not be reached, BusyAfter that after it
	// had no place; 0 is 30 s, and 2 s.
	RetryAfter, BusyAfter time.Duration
	// Clock gives the time; nil is the system's.
	Clock func() time.Time
	// Done is told of each vote that became final; it may be nil.
	Done func(Entry)
	// Warn is told of what went wrong and is tried again; it may be nil.
	Warn func(Entry, error)
}

// Queue brings votes to the chain: those in its store that are not final, also from
// before a restart, and those that are added.
type Queue struct {
	o      QueueOptions
	store  *Store
	ledger Ledger

	mu      sync.Mutex
	ready   []Key
	running int
	waiting int // for their time to come
	wake    chan struct{}
	ended   chan struct{}
	closed  bool
	cancel  context.CancelFunc
	wg      sync.WaitGroup
}

// NewQueue starts a queue.
func NewQueue(s *Store, l Ledger, o QueueOptions) *Queue {
	if o.Workers <= 0 {
		o.Workers = 4
	}
	if o.Life <= 0 {
		o.Life = 9 * time.Minute
	}
	if o.RetryAfter <= 0 {
		o.RetryAfter = 30 * time.Second
	}
	if o.BusyAfter <= 0 {
		o.BusyAfter = 2 * time.Second
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	ctx, cancel := context.WithCancel(context.Background())
	q := &Queue{o: o, store: s, ledger: l, wake: make(chan struct{}, 1), ended: make(chan struct{}), cancel: cancel}
	old := s.Pending()
	sort.Slice(old, func(i, j int) bool { return old[i].Created < old[j].Created })
	for _, e := range old {
		q.ready = append(q.ready, e.Key)
	}
	for range o.Workers {
		q.wg.Add(1)
		go q.work(ctx)
	}
	q.signal()
	return q
}

// Add puts a vote on disk and on its way. See Store.Add.
func (q *Queue) Add(v Vote) (Entry, bool, error) {
	e, added, err := q.store.Add(v)
	if err == nil && added {
		q.push(v.Key)
	}
	return e, added, err
}

func (q *Queue) push(k Key) {
	q.mu.Lock()
	q.ready = append(q.ready, k)
	q.mu.Unlock()
	q.signal()
}

func (q *Queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Info is how many votes wait, and how many are under way.
func (q *Queue) Info() (pending, running int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.ready) + q.waiting, q.running
}

// Drain waits until no vote is left, or ctx ends.
func (q *Queue) Drain(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if p, r := q.Info(); p+r == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// Close ends the queue. Votes that are not final stay in the store for the next one.
func (q *Queue) Close() {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return
	}
	q.closed = true
	q.mu.Unlock()
	close(q.ended)
	q.cancel()
	q.wg.Wait()
}

func (q *Queue) next() (Key, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.ready) == 0 || q.closed {
		return Key{}, false
	}
	k := q.ready[0]
	q.ready = q.ready[1:]
	q.running++
	if len(q.ready) > 0 {
		q.signal()
	}
	return k, true
}

func (q *Queue) work(ctx context.Context) {
	defer q.wg.Done()
	for {
		if k, ok := q.next(); ok {
			q.carry(ctx, k)
			continue
		}
		select {
		case <-q.wake:
		case <-q.ended:
			return
		}
	}
}

// carry brings one vote as far as it gets.
func (q *Queue) carry(ctx context.Context, k Key) {
	after, again := q.attempt(ctx, k)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running--
	if !again || q.closed {
		return
	}
	q.waiting++
	time.AfterFunc(after, func() {
		q.mu.Lock()
		q.waiting--
		q.ready = append(q.ready, k)
		q.mu.Unlock()
		q.signal()
	})
}

// attempt tries a vote once; again says that it is to be tried again, after a pause.
func (q *Queue) attempt(ctx context.Context, k Key) (after time.Duration, again bool) {
	e, ok := q.store.Get(k)
	if !ok || e.State != Pending {
		return 0, false
	}
	at, err := q.send(ctx, e)
	switch {
	case err == nil:
		return q.end(k, Counted, at, "")
	case ctx.Err() != nil:
		return 0, false
	}
	var f *Failure
	if !errors.As(err, &f) {
		f = &Failure{Cause: Unreachable, Text: err.Error()}
	}
	if f.Cause == Invalid || f.Cause == Dispatched {
		return q.end(k, Refused, at, f.Error())
	}
	if q.age(e) >= q.o.Life {
		return q.end(k, Expired, Inclusion{}, err.Error())
	}
	if q.o.Warn != nil {
		q.o.Warn(e, err)
	}
	if f.Cause == Busy || f.Cause == Missing {
		return q.o.BusyAfter, true
	}
	return q.o.RetryAfter, true
}

func (q *Queue) age(e Entry) time.Duration {
	return time.Duration(q.o.Clock().UnixMilli()-e.Created) * time.Millisecond
}

// send submits a vote and waits until it is counted. One that may have been sent before
// is first looked for, so that it is not sent again for nothing.
func (q *Queue) send(ctx context.Context, e Entry) (Inclusion, error) {
	if e.Extrinsic != "" {
		result, found, err := q.ledger.Voted(ctx, e.Key, e.Public)
		switch {
		case err != nil:
			return Inclusion{}, err
		case found && !bytes.Equal(result, e.Result):
			return Inclusion{}, &Failure{Cause: Invalid, Text: "the chain has another result of this worker for the round"}
		case found:
			return Inclusion{}, nil
		}
	}
	if q.age(e) >= q.o.Life {
		return Inclusion{}, &Failure{Cause: Missing, Text: "it could not be sent in time"}
	}
	from, err := q.ledger.Mark(ctx)
	if err != nil {
		return Inclusion{}, err
	}
	x, hash, err := q.ledger.Encode(ctx, e.Vote)
	if err != nil {
		return Inclusion{}, err
	}
	if err := q.store.Sent(e.Key, hash, q.o.Clock().UnixMilli()); err != nil {
		return Inclusion{}, err
	}
	if err := q.ledger.Submit(ctx, x); err != nil {
		var f *Failure
		switch {
		case !errors.As(err, &f) || f.Cause != Known && f.Cause != Invalid:
			return Inclusion{}, err
		case f.Cause == Invalid:
			// It may be refused because it has been counted already.
			if q.counted(ctx, e) {
				return Inclusion{}, nil
			}
			return Inclusion{}, err
		}
	}
	at, err := q.ledger.Find(ctx, hash, from)
	var f *Failure
	if errors.As(err, &f) && f.Cause == Dispatched && q.counted(ctx, e) {
		return at, nil // sent twice, it fails the second time although the first was counted
	}
	return at, err
}

// counted reports whether the chain says that it has this vote.
func (q *Queue) counted(ctx context.Context, e Entry) bool {
	result, found, err := q.ledger.Voted(ctx, e.Key, e.Public)
	return err == nil && found && bytes.Equal(result, e.Result)
}

// end notes what came of a vote. If that cannot be noted it is tried again, which
// does no harm.
func (q *Queue) end(k Key, st State, at Inclusion, cause string) (time.Duration, bool) {
	if err := q.store.End(k, st, at, cause, q.o.Clock().UnixMilli()); err != nil {
		if e, ok := q.store.Get(k); ok && q.o.Warn != nil {
			q.o.Warn(e, err)
		}
		return q.o.RetryAfter, true
	}
	if e, ok := q.store.Get(k); ok && q.o.Done != nil {
		q.o.Done(e)
	}
	return 0, false
}
