package consensus

import (
	"context"
	"fmt"
)

// Ledger is where votes go: a chain.
type Ledger interface {
	// Encode gives the transaction of a vote and its hash. The same vote gives the same
	// bytes as long as the rules of the chain stay.
	Encode(ctx context.Context, v Vote) (transaction []byte, hash string, err error)
	// Submit hands a transaction to the chain, once. Its errors are *Failure.
	Submit(ctx context.Context, transaction []byte) error
	// Mark is where the chain stands: Find looks from there on.
	Mark(ctx context.Context) (uint32, error)
	// Find waits until the transaction is in a finalized block, for a bounded number of
	// blocks from a mark. A *Failure with Missing says that it is in none, one with
	// Dispatched that it is there and failed; then the inclusion is given, too.
	Find(ctx context.Context, hash string, from uint32) (Inclusion, error)
	// Voted gives the result that the chain has of this worker for a round.
	Voted(ctx context.Context, k Key, public []byte) (result []byte, found bool, err error)
}

// Inclusion is where a vote stands on the chain.
type Inclusion struct {
	Block  string `json:"block"`
	Number uint32 `json:"number"`
	Index  int    `json:"index"`
}

// Cause says what kind of failure it was, and so what to do.
type Cause uint8

// The causes.
const (
	// Unreachable: no answer came, or it is not known whether anything was taken. It is
	// tried again after RetryAfter.
	Unreachable Cause = iota
	// Busy: the chain has no place now. It is tried again soon.
	Busy
	// Known: the chain has the transaction already; it is as good as submitted.
	Known
	// Invalid: the chain refuses it, and always will.
	Invalid
	// Dispatched: it is in a block and failed there.
	Dispatched
	// Missing: it was taken but is in no block.
	Missing
)

// Failure is an error of a Ledger.
type Failure struct {
	Cause Cause
	Text  string
	Err   error
}

// Error gives the text.
func (f *Failure) Error() string {
	if f.Err != nil {
		return fmt.Sprintf("%s: %v", f.Text, f.Err)
	}
	return f.Text
}

// Unwrap gives the error behind it.
func (f *Failure) Unwrap() error { return f.Err }
