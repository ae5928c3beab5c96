// Package onchain is what a worker reads from the worker pallet of Energy Web X, and how
// its votes get there: the worker.Chain of a real chain.
//
// All layouts come from the metadata that the chain serves; what is here are names only.
package onchain

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/scale"
	"github.com/lockstep-flows/lockstep/worker"
)

// Pallet is the name of the pallet of workers.
const Pallet = "WorkerNodePallet"

// dialled is a client that connects when it is first used.
type dialled struct {
	url  func(context.Context) (string, error)
	name string // what the operator calls the endpoints
	one  *oneChain
	mu   sync.Mutex
	c    *chain.Client
}

// oneChain sees that all clients are of the same chain: a vote that is worked out on one chain
// must not go to another.
type oneChain struct {
	mu      sync.Mutex
	genesis [32]byte
	name    string // of the endpoints that were first
}

func (o *oneChain) check(c *chain.Client, name string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.name == "":
		o.genesis, o.name = c.Genesis(), name
	case o.genesis != c.Genesis():
		return fmt.Errorf("%s and %s are of different chains: their genesis hashes are %x and %x", o.name, name, o.genesis, c.Genesis())
	}
	return nil
}

func (d *dialled) get(ctx context.Context) (*chain.Client, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.c != nil {
		return d.c, nil
	}
	url, err := d.url(ctx)
	if err != nil {
		return nil, err
	}
	var endpoints []string
	for _, u := range strings.Split(url, ",") {
		endpoints = append(endpoints, strings.TrimSpace(u))
	}
	c, err := chain.Dial(ctx, chain.Options{Endpoints: endpoints})
	if err != nil {
		return nil, err
	}
	if err := d.one.check(c, d.name); err != nil {
		c.Close()
		return nil, err
	}
	d.c = c
	return c, nil
}

func (d *dialled) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.c != nil {
		d.c.Close()
	}
}

// Chain is a worker.Chain: it reads at one node and votes at another.
type Chain struct {
	read, vote *dialled
}

// New makes a Chain. read and vote give the endpoints, separated by commas, when they are
// first needed. Those of another chain than the first are refused.
func New(read, vote func(context.Context) (string, error)) *Chain {
	one := &oneChain{}
	return &Chain{read: &dialled{url: read, name: "the RPC that is read (PALLET_RPC_URL or rpc_url)", one: one}, vote: &dialled{url: vote, name: "VOTING_RPC_URL", one: one}}
}

// Of is a Chain that reads and votes by a client that is connected.
func Of(c *chain.Client) *Chain {
	d := &dialled{c: c}
	return &Chain{read: d, vote: d}
}

// Close ends the connections.
func (w *Chain) Close() {
	w.read.close()
	w.vote.close()
}

// Genesis is the hash of the chain's first block, "" before anything was asked.
func (w *Chain) Genesis() string {
	for _, d := range []*dialled{w.vote, w.read} {
		d.mu.Lock()
		c := d.c
		d.mu.Unlock()
		if c != nil {
			g := c.Genesis()
			return "0x" + hex.EncodeToString(g[:])
		}
	}
	return ""
}

func account(address string) ([]byte, error) {
	id, _, err := keys.ParseAddress(address)
	return id[:], err
}

// Address shows an account as the reference does.
func Address(id []byte) string {
	if len(id) != 32 {
		return ""
	}
	return keys.Address([32]byte(id), 42)
}

// Operator finds the operator of a worker.
func (w *Chain) Operator(ctx context.Context, address string) (string, error) {
	c, err := w.read.get(ctx)
	if err != nil {
		return "", err
	}
	id, err := account(address)
	if err != nil {
		return "", err
	}
	v, err := c.Get(ctx, nil, Pallet, "WorkerNodeToOperator", id)
	b, _ := v.([]byte)
	return Address(b), err
}

// Subscriptions lists the groups of an operator.
func (w *Chain) Subscriptions(ctx context.Context, operator string) (out []string, err error) {
	c, err := w.read.get(ctx)
	if err != nil {
		return nil, err
	}
	id, err := account(operator)
	if err != nil {
		return nil, err
	}
	groups, err := subscriptions(ctx, c, nil, id)
	for _, g := range groups {
		out = append(out, string(g))
	}
	slices.Sort(out)
	return out, err
}

// subscriptions lists the groups of an operator at a block, in the order of the storage.
func subscriptions(ctx context.Context, c *chain.Client, at *[32]byte, operator any) (groups [][]byte, err error) {
	var all bound
	err = c.Each(ctx, at, Pallet, "OperatorSubscriptions", []any{operator}, func(keys []any, _ any) error {
		if err := all.add(0); err != nil {
			return err
		}
		if b, ok := keys[len(keys)-1].([]byte); ok {
			groups = append(groups, b)
		}
		return nil
	})
	return groups, err
}

// bound keeps a node that has no end of entries from filling the memory.
type bound struct{ entries, bytes int }

// the most that is taken of one list: far more than there is on any chain.
const (
	maxEntries = 50_000
	maxBytes   = 64 << 20
)

func (b *bound) add(bytes int) error {
	b.entries, b.bytes = b.entries+1, b.bytes+bytes
	if b.entries > maxEntries || b.bytes > maxBytes {
		return fmt.Errorf("the node gives more than %d entries or %d MB of a list: use another RPC", maxEntries, maxBytes>>20)
	}
	return nil
}

func texts(ids []string) (list [][]any) {
	for _, id := range ids {
		list = append(list, []any{[]byte(id)})
	}
	return list
}

func record(v any, names ...string) *scale.Record {
	r, _ := v.(*scale.Record)
	for _, n := range names {
		r, _ = r.Get(n).(*scale.Record)
	}
	return r
}

func textOf(v any) string {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case string:
		return v
	}
	return ""
}

func numberOf(v any) uint32 {
	n, _ := v.(uint64)
	return uint32(min(n, 1<<32-1))
}

// Groups reads groups.
func (w *Chain) Groups(ctx context.Context, ids []string) (out []worker.Group, err error) {
	c, err := w.read.get(ctx)
	if err != nil {
		return nil, err
	}
	list, err := c.GetMany(ctx, nil, Pallet, "SolutionsGroups", texts(ids))
	for i, v := range list {
		r := record(v)
		if r == nil {
			continue
		}
		g := worker.Group{ID: ids[i], Name: textOf(record(v, "info").Get("name")), StartBlock: numberOf(r.Get("operation_start_block"))}
		g.MinStake, _ = record(v, "operators_config", "staking_amounts").Get("min").(*big.Int)
		for n, name := range r.Names {
			if strings.HasPrefix(name, "has_cid_allow") {
				b, _ := r.Values[n].(bool)
				g.CIDAllowList = &b
			}
		}
		out = append(out, g)
	}
	return out, err
}

// Solutions reads all solutions and their groups at one block.
func (w *Chain) Solutions(ctx context.Context) (out []worker.Solution, err error) {
	c, err := w.read.get(ctx)
	if err != nil {
		return nil, err
	}
	at, _, err := c.Head(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	var all bound
	err = c.Each(ctx, &at, Pallet, "Solutions", nil, func(keys []any, v any) error {
		b, _ := keys[len(keys)-1].([]byte)
		r := record(v)
		if r == nil {
			return fmt.Errorf("the solution %q has an unknown form", b)
		}
		s := worker.Solution{ID: string(b), Name: textOf(record(v, "info").Get("name")), WorkLogic: textOf(record(v, "workload").Get("work_logic"))}
		if st, ok := r.Get("status").(*scale.Variant); ok {
			s.Status = st.Name
		}
		text, err := json.Marshal(human(v))
		s.JSON = string(text)
		if err := all.add(len(text)); err != nil {
			return err
		}
		out, ids = append(out, s), append(ids, s.ID)
		return err
	})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	groups, err := c.GetMany(ctx, &at, Pallet, "GroupOfSolution", texts(ids))
	for i, g := range groups {
		out[i].Group = textOf(g)
	}
	slices.SortFunc(out, func(a, b worker.Solution) int { return strings.Compare(a.ID, b.ID) })
	return out, err
}

// ordered is an object with its keys in order.
type ordered struct {
	names  []string
	values []any
}

// MarshalJSON writes the object.
func (o ordered) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, n := range o.names {
		if i > 0 {
			b = append(b, ',')
		}
		k, err := json.Marshal(n)
		if err != nil {
			return nil, err
		}
		v, err := json.Marshal(o.values[i])
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, k...), ':'), v...)
	}
	return append(b, '}'), nil
}

// human shows a decoded value as polkadot-js does to people: names in camel case, bytes as
// text.
func human(v any) any {
	switch v := v.(type) {
	case *scale.Record:
		var o ordered
		for i, n := range v.Names {
			parts := strings.Split(n, "_")
			for j := 1; j < len(parts); j++ {
				if parts[j] != "" {
					parts[j] = strings.ToUpper(parts[j][:1]) + parts[j][1:]
				}
			}
			o.names, o.values = append(o.names, strings.Join(parts, "")), append(o.values, human(v.Values[i]))
		}
		return o
	case *scale.Variant:
		return v.Name
	case []byte:
		return string(v)
	case *big.Int:
		return v.String()
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = human(v[i])
		}
		return out
	}
	return v
}

// Stake asks the runtime for the stake of an operator that counts in this period.
func (w *Chain) Stake(ctx context.Context, operator, group string) (*big.Int, error) {
	s, err := w.StakeOf(ctx, operator, []byte(group))
	return s.Current, err
}

// Block is the number of the best block.
func (w *Chain) Block(ctx context.Context) (uint32, error) {
	c, err := w.read.get(ctx)
	if err != nil {
		return 0, err
	}
	_, n, err := c.Head(ctx)
	return n, err
}

// Period is the number of the reward period.
func (w *Chain) Period(ctx context.Context) (uint32, error) {
	c, err := w.read.get(ctx)
	if err != nil {
		return 0, err
	}
	v, err := c.Get(ctx, nil, Pallet, "ActiveRewardPeriodInfo")
	return numberOf(record(v).Get("index")), err
}
