// Package rpc speaks JSON-RPC with a node of a chain, over HTTP and WebSocket.
//
// A Client has one or more endpoints. It goes on with the next one when one fails, makes a
// lost WebSocket connection again with growing pauses, and renews its subscriptions.
// What an endpoint answers is bounded in size, and how long it takes in time.
package rpc
