package worker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/crypto/blake2b"

	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live/energyweb"
)

// host is what the nodes of a solution reach.
type host struct {
	w  *Worker
	in *installed
}

// Vote takes a vote of the solution.
func (h *host) Vote(_ context.Context, v energyweb.Vote) error {
	err := h.w.vote(h.in, v, "")
	if errors.Is(err, consensus.ErrOther) || errors.Is(err, errVote) {
		return fmt.Errorf("%w: %w", energyweb.ErrRefused, err)
	}
	return err
}

// errVote says that what a flow wants to vote is no vote.
var errVote = errors.New("it is no vote")

// Token is what authorizes the worker at services.
func (h *host) Token(context.Context) (string, error) { return h.w.auth.current(), nil }

// identifierLife is how long a vote can be asked for by its identifier.
const identifierLife = 24 * time.Hour

// vote signs a vote and puts it on its way. When it returns nil the vote is on disk.
func (w *Worker) vote(in *installed, v energyweb.Vote, identifier string) error {
	v.Round, v.Text = consensus.RoundText(v.Round), consensus.WellFormed(v.Text)
	if v.Round == "" {
		return fmt.Errorf("%w: it has no round", errVote)
	}
	result, err := consensus.VoteBytes(v.Text, v.Hashed, w.c.Text)
	if err != nil {
		return fmt.Errorf("%w: %w", errVote, err)
	}
	if consensus.IsHex(v.Text) || consensus.IsHex(v.Round) {
		w.warn(fmt.Sprintf("solution %s, round %s: a text that looks like hex is taken as %s does", in.ID, v.Round, w.c.Text))
	}
	key := consensus.Key{Solution: in.ID, Round: v.Round}
	sig, err := w.o.Key.Sign(result)
	if err != nil {
		return errors.New("the vote could not be signed")
	}
	vote := consensus.Vote{Key: key, ID: identifier, Result: result, Signature: sig, Public: w.o.Key.Public(), Created: w.o.Clock().UnixMilli()}
	if _, known := w.store.Get(key); !known {
		if err := w.writeReceipt(w.receipt(in, v, vote)); err != nil {
			w.warn("the receipt could not be written: " + err.Error())
		}
	}
	if identifier != "" {
		w.remember(identifier, key)
	}
	_, added, err := w.queue.Add(vote)
	if err == nil && !added {
		w.info(fmt.Sprintf("solution %s has voted so in round %s before", in.ID, v.Round))
	}
	return err
}

func (w *Worker) remember(identifier string, key consensus.Key) {
	now := w.o.Clock()
	w.mu.Lock()
	defer w.mu.Unlock()
	for k, v := range w.voteIDs {
		if now.After(v.until) {
			delete(w.voteIDs, k)
		}
	}
	w.voteIDs[identifier] = voteID{key, now.Add(identifierLife)}
}

// receipt says what can be said of a vote when it is made.
func (w *Worker) receipt(in *installed, v energyweb.Vote, vote consensus.Vote) *consensus.Receipt {
	sum := sha256.Sum256(in.text)
	r := &consensus.Receipt{
		Kind: "receipt", Format: consensus.ReceiptFormat, Version: w.o.Version, Semantics: engine.Semantics,
		Flow: consensus.ReceiptFlow{WorkLogic: in.WorkLogic, CID: in.cid, SHA256: sum[:], Document: string(in.text), Variables: in.vars},
		Vote: consensus.ReceiptVote{Solution: vote.Solution, Round: vote.Round, Text: v.Text, Hashed: v.Hashed, Rule: w.c.Text.String(),
			Result: vote.Result, Worker: w.o.Address, Public: vote.Public, Signature: vote.Signature},
		Chain: consensus.ReceiptChain{Genesis: w.o.Chain.Genesis(), State: consensus.Pending},
	}
	if w.c.TextIDs {
		r.Flow.Rewrite = "text"
	}
	if v.Effect == 0 {
		return r // it came through the API: no effect of the run is the vote
	}
	b, err := consensus.EffectBytes([]engine.Effect{{Node: v.Node, Kind: consensus.VoteEffect, Body: v.Body}})
	if err != nil {
		return r
	}
	digest := blake2b.Sum256(b)
	r.Canonical, r.Digest = string(b), digest[:]
	r.Journal.Missing = v.Unmarked
	if in.journal != "" && v.Mark != "" {
		file := in.journal
		if rel, err := filepath.Rel(filepath.Join(w.c.Data, "receipts"), file); err == nil {
			file = rel
		}
		r.Journal = consensus.ReceiptJournal{File: filepath.ToSlash(file), Digest: v.Mark, Effect: v.Effect, Seed: fmt.Sprint(in.seed), Zone: in.zone}
	}
	return r
}

// Receipt is the file in which the receipt of a vote is, if there is such a vote.
func (w *Worker) Receipt(k consensus.Key) string {
	h := blake2b.Sum256([]byte(k.Solution + "\x00" + k.Round))
	return filepath.Join(w.c.Data, "receipts", hex.EncodeToString(h[:16])+".json")
}

func (w *Worker) writeReceipt(r *consensus.Receipt) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	name := w.Receipt(consensus.Key{Solution: r.Vote.Solution, Round: r.Vote.Round})
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(name+".new", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// voted hears that a vote became final: its receipt gets the chain's part.
func (w *Worker) voted(e consensus.Entry) {
	level, text := "info", fmt.Sprintf("vote of %s in round %s: %s", e.Solution, e.Round, e.State)
	if e.State != consensus.Counted {
		level, text = "error", text+": "+e.Cause
	}
	w.o.Log(level, text)
	b, err := os.ReadFile(w.Receipt(e.Key))
	if err != nil {
		return // it could not be written
	}
	r, err := consensus.ParseReceipt(b)
	if err == nil {
		r.Chain.Extrinsic, r.Chain.Inclusion, r.Chain.State = e.Extrinsic, consensus.Inclusion{Block: e.Block, Number: e.Number}, e.State
		err = w.writeReceipt(r)
	}
	if err != nil {
		w.warn("the receipt could not be written: " + err.Error())
	}
}
