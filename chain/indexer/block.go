package indexer

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/big"
	"net/url"
	"time"
	"unicode/utf8"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// block is one that is being read, with the changes that it makes to the tables.
type block struct {
	point
	ix      *Indexer
	c       *chain.Client
	pallet  string
	changes []func(*store)
}

// open finds a block.
func (ix *Indexer) open(ctx context.Context, number uint32) (*block, error) {
	h, err := ix.client.BlockHash(ctx, number)
	return &block{point: point{hash: h, number: number}, ix: ix, c: ix.client, pallet: ix.o.Pallet}, err
}

// time reads when the block was made.
func (b *block) time(ctx context.Context) error {
	v, err := b.c.Get(ctx, &b.hash, "Timestamp", "Now")
	b.point.time = time.UnixMilli(int64(min(number(v), 1<<52)))
	return err
}

func (b *block) put(entity, id string, pairs ...any) {
	b.changes = append(b.changes, func(s *store) { s.put(entity, id, pairs...) })
}

func (b *block) ensure(entity, id string, pairs ...any) {
	b.changes = append(b.changes, func(s *store) { s.ensure(entity, id, pairs...) })
}

// account makes sure that an account is known, and gives its address.
func (b *block) account(v any) string {
	a := address(v)
	b.ensure("Account", a)
	return a
}

// worker makes sure that a worker is known, and gives its address.
func (b *block) worker(v any) string {
	a := b.account(v)
	b.ensure("WorkerNode", a, "account", a)
	return a
}

// operator makes sure that an operator is known, and gives its address.
func (b *block) operator(v any) string {
	a := b.account(v)
	b.ensure("Operator", a, "account", a, "friendlyName", "", "legalLocation", "", "removed", true)
	return a
}

// has reports whether the chain has an item of storage.
func (b *block) has(entry string) bool {
	_, err := b.c.Metadata().Storage(b.pallet, entry)
	return err == nil
}

// each reads the values of an item of storage; one that the chain does not have is empty.
func (b *block) each(ctx context.Context, entry string, prefix []any, fn func(keys []any, v any)) error {
	if !b.has(entry) {
		return nil
	}
	return b.c.Each(ctx, &b.hash, b.pallet, entry, prefix, func(keys []any, v any) error {
		fn(keys, v)
		return nil
	})
}

// get reads a value of storage, nil if the chain has no such item.
func (b *block) get(ctx context.Context, entry string, keys ...any) (any, error) {
	if !b.has(entry) {
		return nil, nil
	}
	return b.c.Get(ctx, &b.hash, b.pallet, entry, keys...)
}

// roundID is the id of a round: its solution and its name, so that no two meet.
func roundID(solution, round string) string {
	return url.PathEscape(solution) + "/" + url.PathEscape(round)
}

// address shows an account as the nodes do.
func address(v any) string {
	raw, _ := v.([]byte)
	if len(raw) != 32 {
		return hexText(raw)
	}
	return keys.Address([32]byte(raw), 42)
}

func hexText(v any) string {
	raw, _ := v.([]byte)
	return "0x" + hex.EncodeToString(raw)
}

// text shows bytes that hold a text; what is none is shown as hex.
func text(v any) string {
	raw, _ := v.([]byte)
	if !utf8.Valid(raw) {
		return hexText(raw)
	}
	return string(raw)
}

// optionalText is a text, or nil if there is none.
func optionalText(v any) any {
	if v == nil {
		return nil
	}
	return text(v)
}

// number is a small number, 0 if it is none.
func number(v any) uint64 {
	n, _ := v.(uint64)
	return n
}

// whole is a number as a column holds it, nil if it is none.
func whole(v any) any {
	if n, ok := v.(uint64); ok {
		return int64(min(n, 1<<62))
	}
	return nil
}

// count is a number as a column holds it, 0 if it is none.
func count(v any) int64 {
	n, _ := whole(v).(int64)
	return n
}

// amount is a number of any size, 0 if it is none.
func amount(v any) *big.Int {
	if n, ok := v.(*big.Int); ok {
		return n
	}
	return new(big.Int)
}

func record(v any) *scale.Record {
	r, _ := v.(*scale.Record)
	return r
}

// caseName is the name of a variant, "" if it is none.
func caseName(v any) string {
	if c, ok := v.(*scale.Variant); ok {
		return c.Name
	}
	return ""
}

// is reports whether a value is true.
func is(v any) bool { return v == true }

// maybe is a boolean as a column holds it, nil if there is none.
func maybe(v any) any {
	if b, ok := v.(bool); ok {
		return b
	}
	return nil
}

// eventID is the id of something that happened as Subsquid writes them: block, position,
// and where its hash begins.
func (b *block) eventID(position int) string {
	return fmt.Sprintf("%010d-%06d-%x", b.number, position, b.hash[:3])
}
