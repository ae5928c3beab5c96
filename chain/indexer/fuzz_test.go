package indexer

import (
	"encoding/json"
	"testing"
	"time"
)

// FuzzQuery: whatever is asked, the answer is JSON or errors, and comes soon.
func FuzzQuery(f *testing.F) {
	for _, q := range []string{
		`{votingRounds(where: {OR: [{votingRoundId_in: ["a"]}, {votes_some: {worker: {id_eq: "w"}}}]}, orderBy: [id_ASC, solution_id_DESC]) {id votes {result {result}}}}`,
		`query Q($v: [String!], $w: VoteWhereInput) {votes(where: $w) {...F} a: votesConnection(orderBy: id_ASC, first: 1) {totalCount edges {node {id}}}} fragment F on Vote {worker {account {id}}}`,
		`{solutions @include(if: true) {__typename votingRounds(limit: 1, offset: 0) {timestamp}} rewardPeriods {index}}`,
		`{a: operatorById(id: "\u{1F600}") {id} __schema {types {name}}}`,
		`query($v: Int = 1) {votes(limit: $v, where: {timestamp_gt: "2026-01-01T00:00:00Z", blockNumber_not_in: [1, 2]}) {id}}`,
		`{solutionGroups(where: {minStake_gt: 1, hasCidAllowList_eq: null}) {minStake}}`,
		`{workerNodesNominateds(where: {workers_containsAny: "w", workers_containsNone: []}) {workers}}`,
	} {
		f.Add(q, `{"v":["a"],"w":{"AND":[{"id_eq":"x"}]}}`)
	}
	ix := New(nil, Options{})
	at := time.Unix(1, 0)
	s := ix.store
	s.put("Account", "w")
	s.put("WorkerNode", "w", "account", "w")
	s.put("Solution", "s", "namespace", "s", "voteThresholdPercent", int64(50), "nominatedWorkers", []string{"w"})
	s.put("SolutionGroup", "g", "minStake", amount(nil))
	s.put("WorkerNodesNominated", "n", "workers", []string{"w"})
	for _, id := range []string{"a", "b"} {
		s.put("VotingRound", id, "votingRoundId", id, "solution", "s", "settled", id == "a", "timestamp", at)
		s.put("VoteResult", id, "result", "0x00", "votingRound", id)
		s.put("Vote", id, "votingRound", id, "worker", "w", "result", id, "blockNumber", int64(1), "timestamp", at)
	}
	f.Fuzz(func(t *testing.T, query, variables string) {
		q := &request{Query: query}
		if len(query) > maxQuery || len(variables) > maxBody || json.Unmarshal([]byte(variables), &q.Variables) != nil {
			return
		}
		data, errs := ix.answer(q)
		if len(errs) == 0 && !json.Valid(data) {
			t.Errorf("%q gives %q", query, data)
		}
		if data == nil && len(errs) == 0 {
			t.Errorf("%q gives nothing", query)
		}
	})
}
