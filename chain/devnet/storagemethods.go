package devnet

import (
	"slices"

	"golang.org/x/crypto/blake2b"
)

func getStorage(c *Chain, _ *session, p *params) (any, *rpcError) {
	if v := c.store.get(string(p.bytes(0)), c.block(p, 1).number); v != nil {
		return hex0x(v), nil
	}
	return nil, nil
}

func getStorageHash(c *Chain, _ *session, p *params) (any, *rpcError) {
	if v := c.store.get(string(p.bytes(0)), c.block(p, 1).number); v != nil {
		h := blake2b.Sum256(v)
		return hex0x(h[:]), nil
	}
	return nil, nil
}

func getStorageSize(c *Chain, _ *session, p *params) (any, *rpcError) {
	if v := c.store.get(string(p.bytes(0)), c.block(p, 1).number); v != nil {
		return len(v), nil
	}
	return nil, nil
}

// keysOf gives the keys that begin with a parameter, after another one.
func (c *Chain) keysOf(p *params, prefix, after, most, at int) []string {
	begin, last := string(p.bytes(prefix)), ""
	if after >= 0 && p.at(after) != nil {
		last = string(p.bytes(after))
	}
	b := c.block(p, at)
	out := []string{}
	if p.err != nil {
		return out
	}
	c.sorting.Lock()
	defer c.sorting.Unlock()
	c.store.scan(begin, last, b.number, func(key string, _ []byte) bool {
		out = append(out, hex0x([]byte(key)))
		return len(out) < most
	})
	return out
}

func getKeysPaged(c *Chain, _ *session, p *params) (any, *rpcError) {
	var n int
	if !p.read(1, &n) || n < 1 || n > 1000 {
		return nil, &rpcError{-32602, "Invalid params", "count is from 1 to 1000"}
	}
	return c.keysOf(p, 0, 2, n, 3), nil
}

func queryStorageAt(c *Chain, _ *session, p *params) (any, *rpcError) {
	return []any{c.changes(c.block(p, 1), p.keys(0))}, nil
}

func queryStorage(c *Chain, _ *session, p *params) (any, *rpcError) {
	names, from, to := p.keys(0), c.block(p, 1), c.block(p, 2)
	if p.err != nil {
		return nil, p.err
	}
	out := []any{c.changes(from, names)}
	for n := from.number + 1; n <= to.number && len(out) < 1024; n++ {
		b := c.blocks[n]
		var changed []string
		for _, k := range names {
			if _, ok := slices.BinarySearch(b.changed, k); ok {
				changed = append(changed, k)
			}
		}
		if changed != nil {
			out = append(out, c.changes(b, changed))
		}
	}
	return out, nil
}
