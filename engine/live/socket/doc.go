// Package socket carries out the effects of the TCP and UDP nodes.
//
// Every socket has its own goroutines for reading and writing. What is read goes
// to the engine with back-pressure: while its queue is full nothing more is read,
// and the peer is slowed down. What is written waits in a bounded queue: a peer
// that does not read never holds up the engine; what does not fit is dropped and
// reported.
package socket

import (
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Options bound what waits for slow peers.
type Options struct {
	// Dir is where relative names of certificate files start.
	Dir string
	// Allow is asked before each connection, and for each datagram; nil allows all.
	Allow live.Allow
	// MaxPending is how many bytes may wait to be written to one peer; 0 is 16 MiB.
	MaxPending int
	// MaxDatagrams is how many datagrams may wait to be sent by one UDP socket; 0 is 10,000.
	MaxDatagrams int
}

const (
	defaultPending   = 16 << 20
	defaultDatagrams = 10_000
)

func (o Options) filled() Options {
	if o.MaxPending == 0 {
		o.MaxPending = defaultPending
	}
	if o.MaxDatagrams == 0 {
		o.MaxDatagrams = defaultDatagrams
	}
	return o
}

// event makes the answer that tells what happened to a socket.
func event(socket uint64, name string, more ...any) value.Value {
	return value.Obj(append([]any{"socket", float64(socket), "event", name}, more...)...)
}
