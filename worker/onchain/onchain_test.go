package onchain

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/consensus"
)

// network runs a chain and gives its address.
func network(t *testing.T, name string) string {
	t.Helper()
	c, err := devnet.New(devnet.Settings{Manual: true, Name: name})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(c)
	t.Cleanup(func() {
		_ = c.Close() // at the end of the test
		s.Close()
	})
	return s.URL
}

// TestOneChain: what is read on one chain is not voted on another, whichever is asked first.
func TestOneChain(t *testing.T) {
	at := func(url string) func(context.Context) (string, error) {
		return func(context.Context) (string, error) { return url, nil }
	}
	a, b := network(t, "a"), network(t, "b")
	vote := consensus.Vote{Key: consensus.Key{Solution: "s", Round: "r"}, Result: make([]byte, 32), Signature: make([]byte, 64), Public: make([]byte, 32)}
	c := New(at(a), at(b))
	defer c.Close()
	if _, err := c.Block(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Encode(t.Context(), vote); err == nil || !strings.Contains(err.Error(), "VOTING_RPC_URL are of different chains") {
		t.Error(err)
	}
	c = New(at(a), at(b))
	defer c.Close()
	if _, _, err := c.Encode(t.Context(), vote); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Block(t.Context()); err == nil || !strings.Contains(err.Error(), "VOTING_RPC_URL and the RPC that is read") {
		t.Error(err)
	}
	c = New(at(a), at(a))
	defer c.Close()
	if _, _, err := c.Encode(t.Context(), vote); err != nil {
		t.Error(err)
	}
	if _, err := c.Block(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestBound: a list ends, however long a node makes it.
func TestBound(t *testing.T) {
	var entries, bytes bound
	n := 0
	for ; n < 2*maxEntries && entries.add(1) == nil; n++ {
	}
	if n != maxEntries {
		t.Error(n)
	}
	for n = 0; n < 100 && bytes.add(1<<20) == nil; n++ {
	}
	if n != maxBytes>>20 {
		t.Error(n)
	}
}
