package chain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/rpc"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// version of a runtime.
type version struct {
	name string
	spec uint32
	tx   uint32
}

// runtime is one with its metadata.
type runtime struct {
	version
	meta *metadata.Metadata
}

// kept bounds how many runtimes, and how many blocks with theirs, are remembered.
const (
	keptRuntimes = 8
	keptBlocks   = 256
)

// now is the current runtime, looked at again if that is long ago.
func (c *Client) now(ctx context.Context) (*runtime, error) {
	c.lock.Lock()
	r, old := c.current, time.Since(c.looked) > c.o.RuntimeEvery
	c.lock.Unlock()
	if !old {
		return r, nil
	}
	return c.refresh(ctx)
}

// follow looks at the version of the runtime now and then, so that what is built without
// asking the chain is built for the current one.
func (c *Client) follow() {
	defer c.wait.Done()
	ctx, cancel := c.life()
	defer cancel()
	t := time.NewTicker(max(c.o.RuntimeEvery, time.Second))
	defer t.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-t.C:
			_, _ = c.now(ctx) // who asks the chain next is told why it fails
		}
	}
}

// life is a context that ends with the client, or with cancel.
func (c *Client) life() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		select {
		case <-c.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// API calls a function of a runtime API with values, and gives its result decoded. The
// metadata must declare it: version 15 or 16.
func (c *Client) API(ctx context.Context, at *[32]byte, api, method string, args ...any) (any, error) {
	r, err := c.at(ctx, at)
	if err != nil {
		return nil, err
	}
	m, err := r.meta.Method(api, method)
	if err != nil {
		return nil, err
	}
	if len(args) != len(m.Inputs) {
		return nil, fmt.Errorf("%s_%s takes %d arguments, not %d", api, method, len(m.Inputs), len(args))
	}
	var in []byte
	for i, p := range m.Inputs {
		if in, err = r.meta.Types.Append(in, p.Type, args[i]); err != nil {
			return nil, fmt.Errorf("%s_%s: argument %s: %w", api, method, p.Name, err)
		}
	}
	out, err := c.State(ctx, at, api+"_"+method, in)
	if err != nil {
		return nil, err
	}
	v, err := r.meta.Types.DecodeAll(out, m.Output)
	if err != nil {
		return nil, fmt.Errorf("%s_%s: %w", api, method, err)
	}
	return v, nil
}

// refresh reads the version of the runtime, and the metadata if it is new.
func (c *Client) refresh(ctx context.Context) (*runtime, error) {
	r, err := c.runtime(ctx, nil)
	if err != nil {
		return nil, err
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	c.current, c.looked = r, time.Now()
	return r, nil
}

// at is the runtime whose types a block's state and events have; nil is the best block. It
// is that of the block before: a runtime that a block brings is used from the next one on.
func (c *Client) at(ctx context.Context, block *[32]byte) (*runtime, error) {
	if block == nil {
		return c.now(ctx)
	}
	c.lock.Lock()
	r := c.blocks[*block]
	c.lock.Unlock()
	if r != nil {
		return r, nil
	}
	before, err := c.parent(ctx, *block)
	if err != nil {
		return nil, err
	}
	if r, err = c.runtime(ctx, &before); err != nil {
		return nil, err
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.blocks[*block] == nil {
		if len(c.order) == keptBlocks {
			delete(c.blocks, c.order[0])
			c.order = slices.Delete(c.order, 0, 1)
		}
		c.blocks[*block] = r
		c.order = append(c.order, *block)
	}
	return r, nil
}

// parent of a block; the first is its own.
func (c *Client) parent(ctx context.Context, block [32]byte) ([32]byte, error) {
	h, err := c.header(ctx, block)
	if err != nil {
		return block, err
	}
	if n, err := h.number(); err != nil || n == 0 {
		return block, err
	}
	return parseHash(h.ParentHash)
}

// runtime asks for the version at a block, and for the metadata unless it is known.
func (c *Client) runtime(ctx context.Context, block *[32]byte) (*runtime, error) {
	var params []any
	if block != nil {
		params = []any{text(block[:])}
	}
	var v struct {
		SpecName           string `json:"specName"`
		SpecVersion        uint32 `json:"specVersion"`
		TransactionVersion uint32 `json:"transactionVersion"`
	}
	if err := c.rpc.Call(ctx, &v, "state_getRuntimeVersion", params...); err != nil {
		return nil, err
	}
	key := version{v.SpecName, v.SpecVersion, v.TransactionVersion}
	c.lock.Lock()
	r := c.runtimes[key]
	c.lock.Unlock()
	if r != nil {
		return r, nil
	}
	m, err := c.fetch(ctx, block, params)
	if err != nil {
		return nil, fmt.Errorf("the metadata of %s %d: %w", key.name, key.spec, err)
	}
	r = &runtime{key, m}
	c.lock.Lock()
	defer c.lock.Unlock()
	if len(c.runtimes) >= keptRuntimes {
		clear(c.runtimes)
	}
	c.runtimes[key] = r
	return r, nil
}

// fetch reads the metadata in the best version that is offered and can be read.
func (c *Client) fetch(ctx context.Context, block *[32]byte, params []any) (*metadata.Metadata, error) {
	var answer *rpc.Error
	raw, err := c.State(ctx, block, "Metadata_metadata_versions", nil)
	if err != nil && !errors.As(err, &answer) {
		return nil, err
	}
	for _, v := range []byte{16, 15} {
		if err != nil || !offers(raw, uint32(v)) {
			continue
		}
		if m := c.fetchAt(ctx, block, v); m != nil {
			return m, nil
		}
	}
	var s string
	if err := c.rpc.Call(ctx, &s, "state_getMetadata", params...); err != nil {
		return nil, err
	}
	b, err := parse(s)
	if err != nil {
		return nil, err
	}
	return metadata.Decode(b)
}

// fetchAt reads the metadata in a version; nil if that fails.
func (c *Client) fetchAt(ctx context.Context, block *[32]byte, v byte) *metadata.Metadata {
	raw, err := c.State(ctx, block, "Metadata_metadata_at_version", []byte{v, 0, 0, 0})
	if err != nil || len(raw) == 0 || raw[0] != 1 {
		return nil
	}
	d := scale.NewDecoder(raw[1:])
	n, err := d.Length(1)
	if err != nil || n != d.Left() {
		return nil
	}
	b, _ := d.Bytes(n)
	m, err := metadata.Decode(b)
	if err != nil {
		return nil
	}
	return m
}

// offers reports whether a list of u32 has v.
func offers(raw []byte, v uint32) bool {
	d := scale.NewDecoder(raw)
	n, err := d.Length(4)
	for ; err == nil && n > 0; n-- {
		var x uint32
		if x, err = d.U32(); err == nil && x == v {
			return true
		}
	}
	return false
}
