package indexer_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/chain/indexer"
)

// everything asks for all tables.
const everything = `{squidStatus{height}
 solutions{id status removed nominationsEnabled nominatedWorkers registrar{id} solutionGroup{id}}
 solutionGroups{id name logoUrl registrar{id} removed operationStartBlock subscriptionRewardPerBlock votingRewardPerBlock hasCidAllowList slaVotingThreshold}
 operators{id friendlyName legalLocation removed workerNode{id} account{id}}
 workerNodes{id operator{id} account{id}}
 operatorSubscribedSolutionGroups{id operator{id} solutionGroup{id} stake}
 votingRounds{id votingRoundId settled expired startBlock expirationBlock processBlock settleBlock result eligible timestamp votes{id} results{id} nominatedWorkers{worker{id}}}
 votes{id worker{id} operator{id} result{id result} blockNumber timestamp}
 solutionResultSubmitteds{id result success error extrinsicHash operator workerNode}
 workerNodesNominateds{solution workers blockNumber}
 rewardPeriods{id index firstBlock length rewardsCalculated}
 earnedRewards{operator{id} subscription voting}
}`

// TestState follows a chain through what can happen on it.
func TestState(t *testing.T) {
	n := prepared(t, devnet.Settings{RewardPeriod: 10, SettleEarly: true})
	check := func(query, want string) {
		t.Helper()
		n.wait()
		if got := n.ask(query); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
	id := func(uri string) []byte { a := pair(t, uri).AccountID(); return a[:] }
	n.vote("//Dave", "r1", "yes")
	n.vote("//Eve", "r1", "yes")
	n.sign("//Bob", pallet, "nominate_worker_nodes", []any{[]any{id("//Eve//worker")}, "sol"})
	check(`{solutions{nominationsEnabled nominatedWorkers} workerNodesNominateds{solution workers}}`,
		`{"solutions":[{"nominationsEnabled":true,"nominatedWorkers":["`+n.address("//Eve//worker")+`"]}],"workerNodesNominateds":[{"solution":"sol","workers":["`+n.address("//Eve//worker")+`"]}]}`)
	n.vote("//Eve", "r2", "yes")
	check(`{votingRoundNominatedWorkersSnapshots{votingRound{votingRoundId} worker{id}}}`, `{"votingRoundNominatedWorkersSnapshots":[{"votingRound":{"votingRoundId":"r2"},"worker":{"id":"`+n.address("//Eve//worker")+`"}}]}`)
	n.seal(25) // the rewards of the period are known
	check(`{earnedRewards(where: {operator: {friendlyName_eq: "Dave"}, voting_gt: 0}){solutionGroup{id}} rewardPeriods(where: {index_eq: 2}){rewardsCalculated}}`, `{"earnedRewards":[{"solutionGroup":{"id":"grp"}}],"rewardPeriods":[{"rewardsCalculated":true}]}`)
	n.sign("//Charlie", pallet, "unsubscribe_from_solution_group", []any{"grp"})
	n.seal(8)
	check(`{operatorSubscribedSolutionGroups(orderBy: operator_friendlyName_ASC){operator{friendlyName}}}`, `{"operatorSubscribedSolutionGroups":[{"operator":{"friendlyName":"Dave"}},{"operator":{"friendlyName":"Eve"}}]}`)
	n.sign("//Charlie", pallet, "disconnect_worker_node", []any{})
	check(`{operators(where: {workerNode_isNull: true}){friendlyName} workerNodes(where: {operator_isNull: true}){id}}`, `{"operators":[{"friendlyName":"Charlie"}],"workerNodes":[{"id":"`+n.address("//Charlie//worker")+`"}]}`)
	n.sign("//Bob", pallet, "set_activation_status", []any{"sol", "Paused"})
	n.sign("//Bob", pallet, "remove_solution_from_group", []any{"sol"})
	n.sign("//Bob", pallet, "delete_solution", []any{"sol"})
	check(`{solutions{id removed solutionGroup{id} votingRounds{votingRoundId}}}`, `{"solutions":[{"id":"sol","removed":true,"solutionGroup":null,"votingRounds":[{"votingRoundId":"r1"},{"votingRoundId":"r2"}]}]}`)
	followed := n.ask(everything)
	late := *n
	late.index(indexer.Options{Best: true})
	late.wait()
	if got := late.ask(everything); got != followed {
		t.Errorf("who reads later has\n%s\nwho followed\n%s", got, followed)
	}
	if strings.Count(followed, "blockNumber") < 4 {
		t.Errorf("there is little in %s", followed)
	}
}

// TestAgain: when the chain begins again, the indexer does, too, and says so.
func TestAgain(t *testing.T) {
	clock := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	settings := devnet.Settings{RewardPeriod: 10, Manual: true, Clock: func() time.Time { return clock }}
	first, err := devnet.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close() //nolint:errcheck // at the end of the test
	var now atomic.Pointer[devnet.Chain]
	now.Store(first)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { now.Load().ServeHTTP(w, r) }))
	defer server.Close()
	client, err := chain.Dial(t.Context(), chain.Options{Endpoints: []string{server.URL}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	n := &network{T: t, chain: first, client: client}
	n.prepare()
	var mu sync.Mutex
	told := ""
	n.index(indexer.Options{Best: true, Warn: func(text string) {
		mu.Lock()
		defer mu.Unlock()
		told += text
	}})
	n.wait()
	second, err := devnet.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close() //nolint:errcheck // at the end of the test
	if first.Genesis() != second.Genesis() {
		t.Fatal("the chains do not begin the same")
	}
	now.Store(second)
	n.chain = second
	n.seal(2)
	for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if _, last, ok := n.ix.Blocks(); ok && last == 2 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the indexer did not begin again")
		}
	}
	if got := n.ask(`{solutions{id} squidStatus{height}}`); got != `{"solutions":[],"squidStatus":{"height":2}}` {
		t.Error(got)
	}
	mu.Lock()
	defer mu.Unlock()
	if !strings.Contains(told, "it reads all again") {
		t.Errorf("it told %q", told)
	}
}
