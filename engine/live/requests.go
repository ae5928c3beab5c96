package live

import (
	"context"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// closeTime bounds how long Close of a performer waits for what it has ended.
const closeTime = 2 * time.Second

// Requests are what a performer has under way. The zero value has none.
type Requests struct {
	// Always answers requests, too, that were cancelled.
	Always bool

	mu     sync.Mutex
	open   map[uint64]context.CancelFunc
	closed bool
	wg     sync.WaitGroup
}

// Start carries out a request on a goroutine of its own: work gives the answer, and ends
// soon once its context does. While limit requests are under way, and after Close, the answer
// is an error with the code ERR_TOO_MANY_REQUESTS. A request that was cancelled gets none,
// unless Always is set.
func (q *Requests) Start(request uint64, limit int, work func(context.Context) value.Value, reply func(value.Value, bool)) {
	ctx, cancel := context.WithCancel(context.Background())
	q.mu.Lock()
	if q.closed || len(q.open) >= limit {
		q.mu.Unlock()
		cancel()
		go reply(Failure("ERR_TOO_MANY_REQUESTS", "too many requests are under way"), true)
		return
	}
	if q.open == nil {
		q.open = map[uint64]context.CancelFunc{}
	}
	q.open[request] = cancel
	q.wg.Add(1)
	q.mu.Unlock()
	go func() {
		defer q.wg.Done()
		defer cancel()
		out := work(ctx)
		q.mu.Lock()
		_, wanted := q.open[request]
		delete(q.open, request)
		q.mu.Unlock()
		if wanted || q.Always {
			reply(out, true)
		}
	}()
}

// Cancel ends a request, if it is under way.
func (q *Requests) Cancel(request uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if cancel := q.open[request]; cancel != nil {
		delete(q.open, request)
		cancel()
	}
}

// Close ends all requests and waits for them, at most 2 s; false says that some go on.
func (q *Requests) Close() bool {
	q.mu.Lock()
	q.closed = true
	for id, cancel := range q.open {
		delete(q.open, id)
		cancel()
	}
	q.mu.Unlock()
	return Wait(&q.wg)
}

// Wait waits for what was ended, at most 2 s, and reports whether all has ended.
func Wait(wg *sync.WaitGroup) bool {
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	t := time.NewTimer(closeTime)
	defer t.Stop()
	select {
	case <-done:
		return true
	case <-t.C:
		return false
	}
}
