package engine

// Guard watches over code of users that may never end. Enter is called before such
// code runs, with a function that stops it and may be called from any goroutine;
// Leave is called after it and reports whether it was stopped. A guard goes by the
// clock, so what it stops is no longer a pure function of the events: who votes
// on a result must abstain when a guard has stopped something, or count steps
// instead (setting functionMaxSteps).
type Guard interface {
	Enter(stop func(reason string))
	Leave() (stopped bool)
}

// Guard is the engine's guard, nil if it has none.
func (c *Call) Guard() Guard { return c.e.opt.Guard }
