package indexer_test

import (
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/chain/indexer"
)

func hexOf(text string) string { return "0x" + hex.EncodeToString([]byte(text)) }

// TestRounds: a round is opened by the registrar, votes come, it is settled; another one
// expires. The indexer tells all that, whenever it began to read.
func TestRounds(t *testing.T) {
	n := prepared(t, devnet.Settings{RewardPeriod: 10, SettleEarly: true})
	n.sign("//Bob", pallet, "open_voting_round", []any{"sol", "r1"})
	opened := n.head()
	n.wait()
	r, ok := n.ix.Round("sol", "r1")
	if !ok || r.State != indexer.Open || r.Opened != opened || r.Expires != opened+8 || len(r.Votes) != 0 {
		t.Fatalf("%v %+v, opened in %d", ok, r, opened)
	}
	n.vote("//Dave", "r1", "yes")
	n.wait()
	if r, _ = n.ix.Round("sol", "r1"); r.State != indexer.Open || len(r.Votes) != 1 {
		t.Fatalf("after one vote: %+v", r)
	}
	v := r.Votes[0]
	if v.Worker != n.address("//Dave//worker") || v.Operator != n.address("//Dave") || v.Result != hexOf("yes") || v.Block != opened+1 || v.At.IsZero() {
		t.Errorf("the vote is %+v", v)
	}
	n.vote("//Charlie", "r1", "no")
	n.vote("//Eve", "r1", "yes")
	settled := n.head()
	n.vote("//Dave", "r2", "a")
	n.vote("//Eve", "r2", "b")
	n.seal(12)
	n.wait()
	check := func(ix *indexer.Indexer) {
		t.Helper()
		list := ix.Rounds()
		if len(list) != 2 {
			t.Fatalf("%d rounds: %+v", len(list), list)
		}
		if r := list[0]; r.ID != "r1" || r.Solution != "sol" || r.State != indexer.Settled || r.Settled != settled || r.Result != hexOf("yes") || len(r.Votes) != 3 {
			t.Errorf("the first round is %+v, settled in %d", r, settled)
		}
		if r := list[1]; r.ID != "r2" || r.State != indexer.Expired || r.Settled != 0 || r.Result != "" || len(r.Votes) != 2 {
			t.Errorf("the second round is %+v", r)
		}
		if w := ix.Workers(); len(w) != 3 || fmt.Sprint(ix.Votes("sol", "r1")) != fmt.Sprint(list[0].Votes) {
			t.Errorf("workers %+v, votes %+v", w, ix.Votes("sol", "r1"))
		}
		for _, w := range ix.Workers() {
			if w.Operator == n.address("//Eve") && (w.Address != n.address("//Eve//worker") || w.Name != "Eve") {
				t.Errorf("a worker is %+v", w)
			}
		}
	}
	check(n.ix)
	for _, best := range []bool{true, false} {
		late := *n
		late.index(indexer.Options{Best: best})
		n.seal(1)
		if !best {
			n.seal(1)
			n.waitFor(late.ix, n.head()-1)
		} else {
			n.waitFor(late.ix, n.head())
		}
		check(late.ix)
	}
	if _, ok := n.ix.Round("sol", "r3"); ok {
		t.Error("there is a round that was not opened")
	}
}

// TestOldState: a node that has forgotten its first blocks still has the state that they
// led to.
func TestOldState(t *testing.T) {
	n := newNetwork(t, devnet.Settings{RewardPeriod: 10, SettleEarly: true, History: 16})
	n.prepare()
	n.vote("//Dave", "r1", "yes")
	n.vote("//Charlie", "r1", "no")
	n.vote("//Eve", "r1", "yes")
	n.sign("//Bob", pallet, "open_voting_round", []any{"sol", "r2"})
	n.vote("//Eve", "r2", "b")
	n.seal(40)
	n.index(indexer.Options{Best: true, Warn: func(string) {}})
	n.wait()
	first, last, ok := n.ix.Blocks()
	if !ok || first < 10 || last != n.head() {
		t.Errorf("it read from %d to %d, the head is %d", first, last, n.head())
	}
	list := n.ix.Rounds()
	if len(list) != 2 || list[0].State != indexer.Settled || list[0].Result != hexOf("yes") || len(list[0].Votes) != 3 || list[1].State != indexer.Expired || len(list[1].Votes) != 1 {
		t.Fatalf("%+v", list)
	}
	v := list[1].Votes[0]
	if v.Worker != n.address("//Eve//worker") || v.Operator != n.address("//Eve") || v.Result != hexOf("b") {
		t.Errorf("a vote is %+v", v)
	}
	n.vote("//Dave", "r3", "c")
	n.wait()
	if r, _ := n.ix.Round("sol", "r3"); len(r.Votes) != 1 {
		t.Errorf("what happens later is %+v", r)
	}
}

// TestBefore: a chain of before the voting rounds has votes and no rounds.
func TestBefore(t *testing.T) {
	n := prepared(t, devnet.Settings{RewardPeriod: 10, Spec73: true})
	n.vote("//Dave", "r1", "yes")
	n.wait()
	if list := n.ix.Rounds(); len(list) != 0 {
		t.Errorf("rounds %+v", list)
	}
	if list := n.ix.Votes("sol", "r1"); len(list) != 1 || list[0].Result != hexOf("yes") {
		t.Errorf("votes %+v", list)
	}
	got := n.ask(`{votingRounds{id} votes{rawVotingRoundId votingRound{id}} solutions{id quorumPercent}}`)
	if got != `{"votingRounds":[],"votes":[{"rawVotingRoundId":"r1","votingRound":null}],"solutions":[{"id":"sol","quorumPercent":null}]}` {
		t.Error(got)
	}
}

// TestForget: of what happened only the newest is kept.
func TestForget(t *testing.T) {
	n := newNetwork(t, devnet.Settings{RewardPeriod: 10, SettleEarly: true})
	n.prepare()
	n.index(indexer.Options{Best: true, Keep: 4})
	for i := range 6 {
		n.vote("//Dave", fmt.Sprintf("r%d", i), "x")
		n.vote("//Eve", fmt.Sprintf("r%d", i), "x")
	}
	n.wait()
	list := n.ix.Rounds()
	if len(list) != 2 || list[1].ID != "r5" || len(list[1].Votes) != 2 {
		t.Errorf("%+v", list)
	}
	got := n.ask(`{votesConnection(orderBy: id_ASC){totalCount} solutionResultSubmittedsConnection(orderBy: id_ASC){totalCount} voteResults{rawVotingRoundId}}`)
	if got != `{"votesConnection":{"totalCount":4},"solutionResultSubmittedsConnection":{"totalCount":4},"voteResults":[{"rawVotingRoundId":"r4"},{"rawVotingRoundId":"r5"}]}` {
		t.Error(got)
	}
}
