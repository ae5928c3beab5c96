package worker

import (
	"context"
	"math/big"

	"github.com/lockstep-flows/lockstep/consensus"
)

// Group is a solution group.
type Group struct {
	ID, Name string
	// MinStake is the least stake of an operator, StartBlock where its operation starts.
	MinStake   *big.Int
	StartBlock uint32
	// CIDAllowList says that only allowed work logic runs in it; nil: the chain does not know that.
	CIDAllowList *bool
}

// Solution is a solution on chain.
type Solution struct {
	ID, Name, Group string
	// Status is Active, Paused or Ended; WorkLogic names its flow.
	Status, WorkLogic string
	// JSON is the whole entry as JSON, as flows see it in EWX_SOLUTION.
	JSON string
}

// Chain is what a worker reads from the chain; it also takes its votes.
type Chain interface {
	consensus.Ledger
	// Operator is the operator that a worker belongs to, "" if there is none.
	Operator(ctx context.Context, worker string) (string, error)
	// Subscriptions are the groups of an operator.
	Subscriptions(ctx context.Context, operator string) ([]string, error)
	// Groups are those of these ids that exist.
	Groups(ctx context.Context, ids []string) ([]Group, error)
	// Solutions are all there are, with their groups.
	Solutions(ctx context.Context) ([]Solution, error)
	// Stake is what an operator has in a group now.
	Stake(ctx context.Context, operator, group string) (*big.Int, error)
	// Block is the number of the last block, Period that of the reward period.
	Block(ctx context.Context) (uint32, error)
	Period(ctx context.Context) (uint32, error)
	// Genesis is the hash of the chain's first block.
	Genesis() string
}

// Key signs for the worker.
type Key interface {
	Public() []byte
	Sign(message []byte) ([]byte, error)
}
