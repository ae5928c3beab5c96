package engine

import (
	"container/heap"
	"math"
)

// Timer names a timer of a node; the zero Timer is none.
type Timer uint64

type timer struct {
	due    float64
	id     Timer
	period float64 // 0: fires once
	node   *node
	fn     func()
	at     int // position in the heap
}

// timers is a heap by due time, then by creation.
type timers struct {
	heap []*timer
	byID map[Timer]*timer
	last Timer
}

func (t *timers) Len() int { return len(t.heap) }
func (t *timers) Less(i, j int) bool {
	a, b := t.heap[i], t.heap[j]
	if a.due != b.due {
		return a.due < b.due
	}
	return a.id < b.id
}
func (t *timers) Swap(i, j int) {
	t.heap[i], t.heap[j] = t.heap[j], t.heap[i]
	t.heap[i].at, t.heap[j].at = i, j
}
func (t *timers) Push(x any) {
	tm := x.(*timer)
	tm.at = len(t.heap)
	t.heap = append(t.heap, tm)
}
func (t *timers) Pop() any {
	last := len(t.heap) - 1
	tm := t.heap[last]
	t.heap[last] = nil
	t.heap = t.heap[:last]
	return tm
}

func (t *timers) next() float64 {
	if len(t.heap) == 0 {
		return math.Inf(1)
	}
	return t.heap[0].due
}

// delay is a delay as JavaScript's setTimeout takes it: whole milliseconds, at
// least 1; what is not a number or too long counts as 1.
func delay(ms float64) float64 {
	if !(ms >= 1 && ms <= math.MaxInt32) {
		return 1
	}
	return math.Trunc(ms)
}

func (e *Engine) addTimer(n *node, ms, period float64, fn func()) Timer {
	t := &e.timers
	if t.byID == nil {
		t.byID = map[Timer]*timer{}
	}
	t.last++
	tm := &timer{due: e.now + ms, id: t.last, period: period, node: n, fn: fn}
	t.byID[tm.id] = tm
	heap.Push(t, tm)
	return tm.id
}

func (e *Engine) cancelTimer(id Timer) {
	if tm := e.timers.byID[id]; tm != nil {
		delete(e.timers.byID, id)
		if tm.at >= 0 {
			heap.Remove(&e.timers, tm.at)
			tm.at = -1
		}
	}
}

// fire runs the timers that are due first, all that share that time.
func (e *Engine) fire() {
	due := e.timers.next()
	if due > e.now {
		e.now = due
	}
	for range len(e.timers.heap) {
		if e.timers.next() != due {
			return
		}
		tm := heap.Pop(&e.timers).(*timer)
		tm.at = -1
		if tm.period == 0 {
			delete(e.timers.byID, tm.id)
		}
		if tm.node.impl != nil {
			e.guard(tm.node, tm.fn)
		}
		if tm.period > 0 && e.timers.byID[tm.id] == tm {
			tm.due = e.now + tm.period
			heap.Push(&e.timers, tm)
		}
	}
}

// After calls fn once after ms milliseconds (by setTimeout's rules: whole, at
// least 1).
func (c *Call) After(ms float64, fn func()) Timer { return c.e.addTimer(c.n, delay(ms), 0, fn) }

// Every calls fn every ms milliseconds (by setInterval's rules).
func (c *Call) Every(ms float64, fn func()) Timer {
	ms = delay(ms)
	return c.e.addTimer(c.n, ms, ms, fn)
}

// Cancel stops a timer; one that fired or never was is no matter.
func (c *Call) Cancel(t Timer) { c.e.cancelTimer(t) }

// At calls fn once at a time in milliseconds since the Unix epoch, or in a
// millisecond if that has passed.
func (c *Call) At(ms float64, fn func()) Timer {
	return c.e.addTimer(c.n, math.Max(1, ms-c.e.now), 0, fn)
}
