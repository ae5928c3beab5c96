// Package devnet is a chain in one's own process that speaks the JSON-RPC of a Substrate
// node over HTTP and WebSocket: for tests, demos and private set-ups. It is no blockchain:
// one process makes all blocks, nothing is agreed on with others, its state and extrinsics
// roots are hashes, not tries, and whoever runs it can change anything.
//
// With Settings.Log each block is on disk before anybody sees it, and the chain goes on from
// there after a crash. Transactions that wait are lost then, as in any node: who submitted
// them looks whether they were included.
//
// It has the worker pallet of Energy Web X with the layouts of spec 73 and, unless
// Settings.Spec73 is set, with voting rounds that settle, the allow-list of CIDs and the
// raising of rewards. Its metadata (versions 14 and 15) is generated from the declarations
// in this package, by which its own code reads and writes storage, too.
package devnet
