package chain

import (
	"bytes"
	"context"
	"fmt"

	"github.com/lockstep-flows/lockstep/chain/metadata"
)

// page is how many keys are asked for at once.
const page = 256

// Get reads a value of storage, decoded; nil if it is optional and absent. at nil is the
// best block.
func (c *Client) Get(ctx context.Context, at *[32]byte, pallet, entry string, keys ...any) (any, error) {
	r, e, err := c.item(ctx, at, pallet, entry)
	if err != nil {
		return nil, err
	}
	k, err := fullKey(r.meta, e, keys)
	if err != nil {
		return nil, err
	}
	raw, err := c.raw(ctx, at, k)
	if err != nil {
		return nil, fmt.Errorf("%s.%s: %w", e.Pallet, e.Name, err)
	}
	return r.meta.Value(e, raw)
}

// item finds an item of storage in the runtime of a block.
func (c *Client) item(ctx context.Context, at *[32]byte, pallet, entry string) (*runtime, *metadata.Entry, error) {
	r, err := c.at(ctx, at)
	if err != nil {
		return nil, nil, err
	}
	e, err := r.meta.Storage(pallet, entry)
	return r, e, err
}

func fullKey(m *metadata.Metadata, e *metadata.Entry, keys []any) ([]byte, error) {
	if len(keys) != len(e.Hashers) {
		return nil, fmt.Errorf("the storage %s.%s takes %d keys, not %d", e.Pallet, e.Name, len(e.Hashers), len(keys))
	}
	return m.Key(e, keys...)
}

// raw reads the bytes under a key, nil if there are none.
func (c *Client) raw(ctx context.Context, at *[32]byte, key []byte) ([]byte, error) {
	params := []any{text(key)}
	if at != nil {
		params = append(params, text(at[:]))
	}
	var s *string
	if err := c.rpc.Call(ctx, &s, "state_getStorage", params...); err != nil || s == nil {
		return nil, err
	}
	return parse(*s)
}

// GetMany reads several values of one item at one block, in the order of the keys.
func (c *Client) GetMany(ctx context.Context, at *[32]byte, pallet, entry string, keys [][]any) ([]any, error) {
	at, err := c.fixed(ctx, at)
	if err != nil {
		return nil, err
	}
	r, e, err := c.item(ctx, at, pallet, entry)
	if err != nil {
		return nil, err
	}
	raw := make([][]byte, len(keys))
	for i, k := range keys {
		if raw[i], err = fullKey(r.meta, e, k); err != nil {
			return nil, err
		}
	}
	out := make([]any, 0, len(keys))
	for len(raw) > 0 {
		n := min(page, len(raw))
		values, err := c.values(ctx, at, raw[:n])
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", e.Pallet, e.Name, err)
		}
		for _, b := range values {
			v, err := r.meta.Value(e, b)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		raw = raw[n:]
	}
	return out, nil
}

// fixed is at, or the best block now.
func (c *Client) fixed(ctx context.Context, at *[32]byte) (*[32]byte, error) {
	if at != nil {
		return at, nil
	}
	h, err := c.hash(ctx, "chain_getBlockHash")
	return &h, err
}

// values reads the bytes under several keys at a block.
func (c *Client) values(ctx context.Context, at *[32]byte, keys [][]byte) ([][]byte, error) {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = text(k)
	}
	var sets []struct {
		Changes [][2]*string `json:"changes"`
	}
	if err := c.rpc.Call(ctx, &sets, "state_queryStorageAt", names, text(at[:])); err != nil {
		return nil, err
	}
	found := make(map[string]*string, len(keys))
	for _, s := range sets {
		for _, ch := range s.Changes {
			if ch[0] == nil {
				return nil, fmt.Errorf("the node told of a value without a key")
			}
			found[*ch[0]] = ch[1]
		}
	}
	if len(found) != len(set(names)) {
		return nil, fmt.Errorf("the node told of %d keys, not of the %d that were asked for", len(found), len(names))
	}
	out := make([][]byte, len(keys))
	for i, n := range names {
		s, ok := found[n]
		if !ok {
			return nil, fmt.Errorf("the node did not tell of the key %s", n)
		}
		if s == nil {
			continue
		}
		b, err := parse(*s)
		if err != nil {
			return nil, err
		}
		out[i] = b
	}
	return out, nil
}

func set(names []string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// Each reads all values of an item whose keys begin with prefix, at one block, in the order
// of the storage; fn may end it with an error.
func (c *Client) Each(ctx context.Context, at *[32]byte, pallet, entry string, prefix []any, fn func(keys []any, v any) error) error {
	at, err := c.fixed(ctx, at)
	if err != nil {
		return err
	}
	r, e, err := c.item(ctx, at, pallet, entry)
	if err != nil {
		return err
	}
	begin, err := r.meta.Key(e, prefix...)
	if err != nil {
		return err
	}
	last := begin
	for {
		keys, err := c.keys(ctx, at, begin, last)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", e.Pallet, e.Name, err)
		}
		if len(keys) == 0 {
			return nil
		}
		values, err := c.values(ctx, at, keys)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", e.Pallet, e.Name, err)
		}
		for i, k := range keys {
			parts, err := r.meta.Keys(e, k)
			if err != nil {
				return err
			}
			v, err := r.meta.Value(e, values[i])
			if err != nil {
				return err
			}
			if err := fn(parts, v); err != nil {
				return err
			}
		}
		if len(keys) < page {
			return nil
		}
		last = keys[len(keys)-1]
	}
}

// keys reads the keys after last that begin with begin: each must come after the one
// before, so that no node can keep a reader for ever.
func (c *Client) keys(ctx context.Context, at *[32]byte, begin, last []byte) ([][]byte, error) {
	var names []string
	if err := c.rpc.Call(ctx, &names, "state_getKeysPaged", text(begin), page, text(last), text(at[:])); err != nil {
		return nil, err
	}
	if len(names) > page {
		return nil, fmt.Errorf("the node gave %d keys where %d were asked for", len(names), page)
	}
	out := make([][]byte, len(names))
	for i, n := range names {
		k, err := parse(n)
		if err != nil {
			return nil, err
		}
		if !bytes.HasPrefix(k, begin) || bytes.Compare(k, last) < 0 || bytes.Equal(k, last) && len(k) > len(begin) {
			return nil, fmt.Errorf("the node gave the key %s, which is not in order", n)
		}
		out[i], last = k, k
	}
	return out, nil
}
