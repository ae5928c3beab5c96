package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/lockstep-flows/lockstep/chain/extrinsic"
	"github.com/lockstep-flows/lockstep/chain/keys"
)

// Extrinsic is a transaction, ready to be submitted.
type Extrinsic struct {
	// Bytes with their length.
	Bytes []byte
	// Nonce of a signed one.
	Nonce uint64
	// Until is the first block in which it is not valid any more; 0 is for ever.
	Until uint32
}

// Hash is the name of the transaction.
func (x Extrinsic) Hash() [32]byte { return extrinsic.Hash(x.Bytes) }

// SignOptions say how a transaction is signed. The zero value is valid for 64 blocks.
type SignOptions struct {
	// Blocks for which it is valid, a power of two from 4 to 65536 (others are rounded up);
	// 0 is 64.
	Blocks uint32
	// Immortal makes it valid for ever.
	Immortal bool
	// Tip for the block's author; nil is 0.
	Tip *big.Int
	// Asset in which fees are paid, where the chain offers it; nil is its own.
	Asset any
	// Nonce, instead of the next one that the node tells.
	Nonce *uint64
	// MetadataHash switches CheckMetadataHash on.
	MetadataHash *[32]byte
	// Extensions give the data of extensions that are not known here, by name.
	Extensions map[string]extrinsic.Data
}

// Unsigned builds a transaction that nobody signs. It asks the chain nothing. Arguments are
// a list, or a map by name.
func (c *Client) Unsigned(pallet, call string, args any) (Extrinsic, error) {
	m := c.Metadata()
	b, err := m.Call(pallet, call, args)
	if err != nil {
		return Extrinsic{}, err
	}
	b, err = extrinsic.Unsigned(m, b)
	return Extrinsic{Bytes: b}, err
}

// Signed builds a transaction and signs it.
func (c *Client) Signed(ctx context.Context, key *keys.Pair, pallet, call string, args any, o SignOptions) (Extrinsic, error) {
	d, err := c.Draft(ctx, key.AccountID(), pallet, call, args, o)
	if err != nil {
		return Extrinsic{}, err
	}
	return d.Sign(key)
}

// mortal lets a transaction live from the last finalized block on, and gives the first
// block in which it is not valid any more.
func (c *Client) mortal(ctx context.Context, ec *extrinsic.Context, blocks uint32) (until uint32, err error) {
	if blocks == 0 {
		blocks = 64
	}
	hash, number, err := c.Finalized(ctx)
	if err != nil {
		return 0, err
	}
	ec.Era = extrinsic.NewEra(uint64(blocks), uint64(number))
	until = uint32(ec.Era.Death(uint64(number)))
	birth := uint32(ec.Era.Birth(uint64(number)))
	if birth == number {
		ec.EraBlock = hash
		return until, nil
	}
	ec.EraBlock, err = c.BlockHash(ctx, birth)
	return until, err
}

// Nonce is the next one of an account, also counting what waits to be included.
func (c *Client) Nonce(ctx context.Context, account [32]byte) (uint64, error) {
	var n uint64
	err := c.rpc.Call(ctx, &n, "system_accountNextIndex", keys.Address(account, 42))
	return n, err
}

// Submit hands a transaction to a node, once. An *rpc.Error says that the node refused it;
// after another error it may have been taken or not.
func (c *Client) Submit(ctx context.Context, x Extrinsic) ([32]byte, error) {
	want := x.Hash()
	if len(x.Bytes) == 0 {
		return want, errors.New("there is no transaction")
	}
	var s string
	if err := c.rpc.Once(ctx, &s, "author_submitExtrinsic", text(x.Bytes)); err != nil {
		return want, err
	}
	if got, err := parseHash(s); err != nil || got != want {
		return want, fmt.Errorf("the node took the transaction 0x%x for another: %s", want, s)
	}
	return want, nil
}
