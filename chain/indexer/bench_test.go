package indexer

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkQuery asks as consensus nodes and voting-marketplace nodes do, in tables of
// 20,000 rounds with five votes each.
func BenchmarkQuery(b *testing.B) {
	ix := New(nil, Options{})
	at := time.Unix(1, 0)
	s := ix.store
	s.put("Solution", "s", "namespace", "s")
	for w := range 5 {
		id := fmt.Sprint("w", w)
		s.put("Account", id)
		s.put("WorkerNode", id, "account", id)
	}
	for i := range 20_000 {
		id := fmt.Sprint("round-", i)
		s.put("VotingRound", id, "votingRoundId", id, "solution", "s", "settled", true, "expired", false, "startBlock", int64(i), "timestamp", at)
		s.put("VoteResult", id, "result", "0x00", "votingRound", id)
		for w := range 5 {
			s.put("Vote", fmt.Sprint(id, w), "rawVotingRoundId", id, "votingRound", id, "worker", fmt.Sprint("w", w), "result", id, "blockNumber", int64(i), "timestamp", at)
		}
	}
	for name, query := range map[string]string{
		"round":  `{votingRounds(limit: 1, where: {votingRoundId_eq: "round-19999", solution: {id_eq: "s"}}) {settled expired result votes(orderBy: blockNumber_ASC) {result {result} worker {id}}}}`,
		"voted":  `{votes(limit: 50, offset: 0, where: {rawVotingRoundId_in: ["round-19999", "round-5"], worker: {account: {id_eq: "w3"}}}) {rawVotingRoundId} votingRounds(limit: 50, offset: 0, where: {votingRoundId_in: ["round-19999", "round-5"]}) {votingRoundId expired settled}}`,
		"newest": `{votingRounds(limit: 1000, orderBy: startBlock_DESC) {votingRoundId settled result votes {worker {id} result {result}}}}`,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, errs := ix.answer(&request{Query: query}); len(errs) > 0 {
					b.Fatal(errs)
				}
			}
		})
	}
	b.Run("rounds", func(b *testing.B) {
		for b.Loop() {
			ix.Rounds()
		}
	})
}
