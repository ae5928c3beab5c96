package indexer

import (
	"cmp"
	"slices"
	"time"
)

// State of a round.
type State string

// The states of a round: votes are taken; a result won; it ended without one.
const (
	Open    State = "open"
	Settled State = "settled"
	Expired State = "expired"
)

// Round is a voting round as the chain told of it. Blocks are numbers.
type Round struct {
	// Solution is the namespace, ID the name of the round.
	Solution, ID string
	// Opened is its first block, Expires the one in which it ends at the latest, Settled that
	// in which a result won, 0 if none did.
	Opened, Expires, Settled uint32
	State                    State
	// Result that won, as 0x and hex digits; "" if none did.
	Result string
	// Votes in the order in which the chain took them.
	Votes []Vote
}

// Vote is a vote that the chain took.
type Vote struct {
	// Worker and Operator are addresses in SS58 with the prefix 42; Operator is "" if it is not known.
	Worker, Operator string
	// Result as 0x and hex digits.
	Result string
	// Block of the vote and its time.
	Block uint32
	At    time.Time
}

// Worker is a worker that was connected to an operator at some time.
type Worker struct {
	// Address of the worker; Operator is that of its operator, "" once it was disconnected.
	Address, Operator string
	// Name that the operator gave when it signed up.
	Name string
}

// Rounds are all rounds that are kept, the oldest first. They are copies.
func (ix *Indexer) Rounds() []Round {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var out []Round
	for _, r := range ix.store.table("VotingRound").list {
		if !r.gone {
			out = append(out, ix.store.round(r))
		}
	}
	slices.SortStableFunc(out, func(a, b Round) int { return cmp.Compare(a.Opened, b.Opened) })
	return out
}

// Round finds a round of a solution; ok is false if there is none.
func (ix *Indexer) Round(solution, id string) (r Round, ok bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	found := ix.store.table("VotingRound").byID[roundID(solution, id)]
	if found == nil {
		return Round{}, false
	}
	return ix.store.round(found), true
}

// Votes are those of a round in the order in which the chain took them; on a chain without
// rounds too.
func (ix *Indexer) Votes(solution, id string) []Vote {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.store.votes(roundID(solution, id))
}

// Workers are all workers that are known, in the order in which they came.
func (ix *Indexer) Workers() []Worker {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	t, operators := ix.store.table("WorkerNode"), ix.store.table("Operator")
	var out []Worker
	for _, r := range t.list {
		w := Worker{Address: r.id(), Operator: t.text(r, "operator")}
		if o := operators.byID[w.Operator]; o != nil {
			w.Name = operators.text(o, "friendlyName")
		}
		out = append(out, w)
	}
	return out
}

// Blocks are the first block that was read, whose state stands for all before it, and the
// last one. ok is false until the first was read.
func (ix *Indexer) Blocks() (first, last uint32, ok bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.first, ix.last.number, ix.started
}

// Changed is closed when the next block has been read. Who waits asks for it first, then
// looks, then waits.
func (ix *Indexer) Changed() <-chan struct{} {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.changed
}

// round copies a row of VotingRound.
func (s *store) round(r *row) Round {
	t := s.table("VotingRound")
	out := Round{Solution: t.text(r, "solution"), ID: t.text(r, "votingRoundId"), Opened: t.block(r, "startBlock"), Expires: t.block(r, "expirationBlock"),
		Settled: t.block(r, "settleBlock"), State: Open, Result: t.text(r, "result"), Votes: s.votes(r.id())}
	switch {
	case is(t.get(r, "settled")):
		out.State = Settled
	case is(t.get(r, "expired")):
		out.State = Expired
	}
	return out
}

// votes copies the rows of Vote that belong to a round.
func (s *store) votes(round string) []Vote {
	t, results := s.table("Vote"), s.table("VoteResult")
	var out []Vote
	for _, r := range t.refs[t.e.byName["votingRound"].column][round] {
		v := Vote{Worker: t.text(r, "worker"), Operator: t.text(r, "operator"), Block: t.block(r, "blockNumber")}
		v.At, _ = t.get(r, "timestamp").(time.Time)
		if to := results.byID[t.text(r, "result")]; to != nil {
			v.Result = results.text(to, "result")
		}
		out = append(out, v)
	}
	return out
}

func (t *table) get(r *row, name string) any { return r.vals[t.e.byName[name].column] }

// text is a text of a row, "" if it has none.
func (t *table) text(r *row, name string) string {
	s, _ := t.get(r, name).(string)
	return s
}

// block is the number of a block in a row, 0 if it has none.
func (t *table) block(r *row, name string) uint32 {
	n, _ := t.get(r, name).(int64)
	return uint32(n)
}
