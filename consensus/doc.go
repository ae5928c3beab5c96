// Package consensus turns what a flow put out into a vote, and votes into results.
//
//	effects ──▶ canonical bytes ──▶ digest ─┐
//	vote text ──▶ vote bytes ───────────────┴─▶ Vote ──▶ Store (disk) ──▶ Queue ──▶ Ledger
//	                                                                        └──▶ Receipt
//
// A vote is on disk before it leaves, and there is one for each solution and round,
// ever. The chain stands behind the interface Ledger: this package knows none.
//
// All bytes that are hashed are made in bytes.go, and pinned by vectors.
//
// Two generations of Energy Web X are counted: "offline consensus" (TallyOffline), where
// each worker counts what the indexer shows, and voting rounds on chain (TallyRound,
// Settle). Agree is for those who choose a rule for each field instead: identical,
// majority, median, or mean within a tolerance.
package consensus
