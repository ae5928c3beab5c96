// Package demo is a whole private network in one process, to look at: what lockstep devnet
// --workers runs.
//
//	business system ── opens rounds, has the data ──┐
//	                                                ▼
//	devnet ◀── votes ── workers (a flow each, fetched by CID) ◀── content store
//	   │                                            ▲
//	   └──▶ indexer (GraphQL) ──────────────────────┘
//	   └──▶ page: rounds, votes, rewards, flows, receipts
//
// All parts are those that one would run alone, and talk over HTTP and WebSocket. One worker
// or more may be faulty: such a one runs another flow than the published one, as somebody
// would who wants more matched than there was.
package demo
