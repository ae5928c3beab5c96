// Package worker is a worker node of Energy Web X: it finds on chain which solutions its
// operator has subscribed to, runs their flows, and votes with what they put out.
//
//	chain ──▶ loop ──▶ content (by CID) ──▶ document ──▶ solution: engine + journal
//	                                                        │ energyweb.vote, POST /sse
//	chain ◀── consensus.Queue ◀── consensus.Store ◀─────────┘
//
// It follows the reference worker server: the same variables, routes, bodies and
// rules. Where the reference is careless the safe way is the default, and a variable
// LOCKSTEP_… brings back the other: see Config.
//
// The chain is behind the interface Chain; what knows pallets is elsewhere.
package worker
