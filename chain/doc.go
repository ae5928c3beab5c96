// Package chain is a client of a Substrate chain: it reads storage, calls the runtime,
// builds, submits and follows transactions, over JSON-RPC by HTTP or WebSocket, at one or
// more endpoints. All types come from the metadata that the chain serves (version 14, 15
// or 16), and change with it when the runtime is upgraded.
//
// What a node answers is not proved: a node can lie about values. It cannot crash or
// exhaust the client, change the chain unseen (the genesis hash is compared at every new
// connection), or make it take one transaction for another (hashes are computed here).
package chain
