package consensus

import (
	"errors"
	"math/big"
)

// Ballot is a vote as it is counted: ballots are in the order of their blocks.
type Ballot struct {
	Worker string
	Result string
}

// Status of a count, by the names that the reference's nodes give.
type Status string

// The statuses of both generations.
const (
	Reached        Status = "REACHED"
	NotEnoughVotes Status = "NOT_ENOUGH_VOTES"
	Unable         Status = "UNABLE_TO_REACH_CONSENSUS"
	Failed         Status = "FAILED"
	Settled        Status = "SETTLED"
	RoundExpired   Status = "EXPIRED"
	InProgress     Status = "IN_PROGRESS"
)

// Outcome is what a count gives.
type Outcome struct {
	Status Status
	// Result is the one that won, or that has most votes so far; Leader the worker
	// whose vote decided.
	Result, Leader string
	// Retry says that counting again later may give more.
	Retry bool
}

// minOperators is how many operators "offline consensus" needs.
const minOperators = 3

// TallyOffline counts as the first generation: each worker for itself, from the votes
// that the indexer shows, in the order of their blocks. operators is how many are
// subscribed and have a worker. A result needs operators/2 + ½ votes; the worker whose
// vote first lifts one there is the leader, and later votes change nothing.
func TallyOffline(ballots []Ballot, operators int) Outcome {
	if operators < minOperators {
		return Outcome{Status: Failed}
	}
	if len(ballots) == 0 {
		return Outcome{Status: NotEnoughVotes, Retry: true}
	}
	votes := map[string]int{}
	best := ""
	for _, b := range ballots {
		votes[b.Result]++
		if best == "" || votes[b.Result] > votes[best] {
			best = b.Result
		}
		if 2*votes[b.Result] >= operators+1 {
			return Outcome{Status: Reached, Result: b.Result, Leader: b.Worker}
		}
	}
	if left := operators - len(ballots); 2*(votes[best]+left) < operators+1 {
		return Outcome{Status: Unable, Result: best}
	}
	return Outcome{Status: NotEnoughVotes, Result: best, Retry: true}
}

// Round is a voting round of the second generation as the indexer shows it.
type Round struct {
	Settled, Expired bool
	Result           string
	Ballots          []Ballot
}

// TallyRound reads a round: settled, its leader is the first that voted the settled
// result.
func TallyRound(r Round) Outcome {
	switch {
	case r.Settled:
		out := Outcome{Status: Settled, Result: r.Result}
		for _, b := range r.Ballots {
			if b.Result == r.Result {
				out.Leader = b.Worker
				break
			}
		}
		return out
	case r.Expired:
		return Outcome{Status: RoundExpired}
	}
	return Outcome{Status: InProgress, Retry: true}
}

// Settle decides an expired round as the chain does: of the eligible workers at least
// quorum percent must have voted, and one result must have at least threshold percent
// of the votes; 50 or less decides only if no other has as many.
func Settle(ballots []Ballot, eligible, threshold, quorum int) (result string, ok bool, err error) {
	if threshold < 1 || threshold > 100 || quorum < 0 || quorum > 100 {
		return "", false, errors.New("threshold and quorum are percents")
	}
	if len(ballots) == 0 || 100*len(ballots) < quorum*eligible {
		return "", false, nil
	}
	votes := map[string]int{}
	most := 0
	for _, b := range ballots {
		if votes[b.Result]++; votes[b.Result] > most {
			most, result = votes[b.Result], b.Result
		}
	}
	for other, n := range votes {
		if n == most && other != result {
			return "", false, nil
		}
	}
	if 100*most < threshold*len(ballots) {
		return "", false, nil
	}
	return result, true, nil
}

// SLA is whether an operator voted often enough in a reward period. votings are those of
// the group, nominated those of them with nominations, own those that nominated this
// operator; correct are its votes that agreed with the result, needed is in percent.
func SLA(votings, nominated, own, correct uint64, needed *big.Rat) (eligible uint64, share *big.Rat, ok bool) {
	share = new(big.Rat)
	if votings+own < nominated {
		return 0, share, false
	}
	if eligible = votings + own - nominated; eligible == 0 {
		return 0, share, false
	}
	share.SetFrac(new(big.Int).Mul(new(big.Int).SetUint64(correct), big.NewInt(100)), new(big.Int).SetUint64(eligible))
	return eligible, share, share.Cmp(needed) >= 0
}
