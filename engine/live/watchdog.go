package live

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Watchdog is an engine.Guard that stops code of users which runs longer than a
// limit. Entering and leaving cost two atomic operations; it looks at the clock
// four times per limit, so code is stopped after between 1 and 1¼ limits.
type Watchdog struct {
	limit time.Duration
	// turn counts entries and leaves: it is odd while code runs.
	turn    atomic.Uint64
	stopped atomic.Uint64
	mu      sync.Mutex // held while code is being stopped
	stop    func(reason string)
	done    chan struct{}
}

// NewWatchdog starts a watchdog for one engine. Close ends it.
func NewWatchdog(limit time.Duration) *Watchdog {
	w := &Watchdog{limit: limit, done: make(chan struct{})}
	go w.watch()
	return w
}

// Enter notes that code begins to run that stop can stop.
func (w *Watchdog) Enter(stop func(reason string)) {
	w.stop = stop
	w.turn.Add(1)
}

// Leave notes that the code has ended; it reports whether it was told to stop.
func (w *Watchdog) Leave() (stopped bool) {
	now := w.turn.Load()
	if now&1 == 1 && w.turn.CompareAndSwap(now, now+1) {
		return false
	}
	w.mu.Lock() // until stop has returned
	defer w.mu.Unlock()
	return true
}

// Stopped is how often code was stopped. After the first time the engine's state
// depends on the clock.
func (w *Watchdog) Stopped() int { return int(w.stopped.Load()) }

// Close ends the watchdog's goroutine.
func (w *Watchdog) Close() { close(w.done) }

func (w *Watchdog) watch() {
	tick := time.NewTicker(w.limit / 4)
	defer tick.Stop()
	last, seen := uint64(0), 0
	for {
		select {
		case <-w.done:
			return
		case <-tick.C:
		}
		turn := w.turn.Load()
		if turn != last {
			last, seen = turn, 0
			continue
		}
		if seen++; turn&1 == 1 && seen >= 4 {
			w.halt(turn)
		}
	}
}

// halt stops the code that has been running since a turn, if it still does.
func (w *Watchdog) halt(turn uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.turn.CompareAndSwap(turn, turn+1) {
		w.stopped.Add(1)
		w.stop(fmt.Sprintf("Script execution was stopped after %v", w.limit))
	}
}
