package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// subscription is what operator status says of one.
type subscription struct {
	CountsFromPeriod, CountsFromBlock uint32
	Votes, CorrectVotes, Rounds       int
}

// statusOf is the only subscription of the operator whose key is set.
func statusOf(t *testing.T) subscription {
	t.Helper()
	code, out, all := at(t, "operator", "status", "--json")
	var o struct{ Subscriptions []subscription }
	if err := json.Unmarshal([]byte(out), &o); code != exitOK || err != nil || len(o.Subscriptions) != 1 {
		t.Fatal(code, err, all)
	}
	return o.Subscriptions[0]
}

// TestVotesAndRewards: status counts the votes of a period, rewards are what the chain pays.
func TestVotesAndRewards(t *testing.T) {
	url, ch := altered(t, nil)
	t.Setenv("LOCKSTEP_RPC", url)
	t.Setenv("LOCKSTEP_KEY", "//Dave")
	client, err := chain.Dial(t.Context(), chain.Options{Endpoints: []string{url}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	worker, err := keys.FromURI("//Dave//worker", keys.Sr25519)
	if err != nil {
		t.Fatal(err)
	}
	(&onDevnet{TB: t, rpc: client, url: url}).prepare("cid", worker.AccountID())
	until := func(block uint32) {
		for _, n := ch.Head(); n < block; _, n = ch.Head() {
			if _, err := ch.Seal(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if s := statusOf(t); s != (subscription{2, 22, 0, 0, 0}) {
		t.Errorf("%+v", s)
	}
	until(23)
	sig, err := worker.Sign([]byte("approve"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := client.Unsigned(onchain.Pallet, "submit_solution_result", map[string]any{"solution_namespace": "sol", "voting_round_id": "r", "result": "approve", "signature": sig, "pub_key": worker.Public()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Submit(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if s := statusOf(t); s != (subscription{0, 0, 1, 0, 1}) {
		t.Errorf("after the vote: %+v", s)
	}
	until(30)
	if s := statusOf(t); s != (subscription{0, 0, 1, 1, 1}) {
		t.Errorf("after the round: %+v", s)
	}
	until(43)
	code, out, all := at(t, "operator", "rewards", "--json")
	// for 20 blocks of a period 1 planck for the stake and 2 for votes, all to one operator
	if want := `"groups":[{"group":"grp","name":"n","subscription":"20","voting":"40","claimable":"60"}],"total":"60"`; code != exitOK || !strings.Contains(out, want) {
		t.Errorf("%d, want %s: %s", code, want, all)
	}
	if code, out, all := at(t, "operator", "claim", "--yes", "--best", "--json"); code != exitOK || !strings.Contains(out, `"claimed_rewards":"60"`) {
		t.Error(code, all)
	}
}
