package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lockstep-flows/lockstep/consensus"
)

// errOtherChain says that the votes on disk are those of another chain.
var errOtherChain = errors.New("the votes in LOCKSTEP_DATA are those of another chain")

// ownChain sees that the folder of a worker is used with one chain only: on another one its
// votes would be sent again, and new ones taken for those that were made.
func (w *Worker) ownChain() error {
	genesis := w.o.Chain.Genesis()
	if genesis == "" {
		return nil // nothing was asked yet
	}
	w.chainMu.Lock()
	defer w.chainMu.Unlock()
	if w.chain == "" {
		name := filepath.Join(w.c.Data, "genesis")
		text, err := os.ReadFile(name)
		if os.IsNotExist(err) {
			text = []byte(genesis + "\n")
			err = os.WriteFile(name, text, 0o600)
		}
		if err != nil {
			return err
		}
		w.chain = strings.TrimSpace(string(text))
	}
	if w.chain != genesis {
		return fmt.Errorf("%w: its genesis is %s, that of the RPC %s; name another folder", errOtherChain, w.chain, genesis)
	}
	return nil
}

// ownLedger is a Ledger to which votes go only if it is that of the worker's folder.
type ownLedger struct {
	consensus.Ledger
	w *Worker
}

// Encode makes the transaction of a vote.
func (l ownLedger) Encode(ctx context.Context, v consensus.Vote) ([]byte, string, error) {
	x, hash, err := l.Ledger.Encode(ctx, v)
	if err == nil {
		if err = l.w.ownChain(); err != nil {
			err = &consensus.Failure{Cause: consensus.Unreachable, Text: "the vote stays here", Err: err}
		}
	}
	return x, hash, err
}
