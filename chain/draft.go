package chain

import (
	"context"
	"fmt"

	"github.com/lockstep-flows/lockstep/chain/extrinsic"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/metadata"
)

// Draft is a transaction that nobody signed yet. Nothing in it changes any more: what is
// read from it is what will be signed.
type Draft struct {
	// SpecName, SpecVersion and TxVersion are those of the runtime it was made for.
	SpecName               string
	SpecVersion, TxVersion uint32
	// Until is the first block in which it is not valid any more; 0 is for ever.
	Until uint32

	account [32]byte
	meta    *metadata.Metadata
	call    []byte
	context extrinsic.Context
}

// Draft makes a transaction of an account, as Signed does, without signing it.
func (c *Client) Draft(ctx context.Context, account [32]byte, pallet, call string, args any, o SignOptions) (*Draft, error) {
	r, err := c.refresh(ctx)
	if err != nil {
		return nil, err
	}
	b, err := r.meta.Call(pallet, call, args)
	if err != nil {
		return nil, err
	}
	d := &Draft{SpecName: r.name, SpecVersion: r.spec, TxVersion: r.tx, account: account, meta: r.meta, call: b}
	var nonce uint64
	if o.Nonce != nil {
		nonce = *o.Nonce
	} else if nonce, err = c.Nonce(ctx, account); err != nil {
		return nil, err
	}
	d.context = extrinsic.Context{SpecVersion: r.spec, TxVersion: r.tx, Genesis: c.Genesis(), Nonce: nonce, Tip: o.Tip, Asset: o.Asset, MetadataHash: o.MetadataHash, Values: o.Extensions}
	if !o.Immortal {
		d.Until, err = c.mortal(ctx, &d.context, o.Blocks)
	}
	return d, err
}

// Metadata is that by which the draft was encoded.
func (d *Draft) Metadata() *metadata.Metadata { return d.meta }

// Sign makes the transaction. The key must be that of the draft's account.
func (d *Draft) Sign(key *keys.Pair) (Extrinsic, error) {
	if key.AccountID() != d.account {
		return Extrinsic{}, fmt.Errorf("the transaction is one of %s, the key is that of %s", keys.Address(d.account, 42), key.Address(42))
	}
	return d.by(key, key.Scheme())
}

// Sketch is the transaction with zeros for its signature: to read it, and to ask for its
// fee. No chain takes it.
func (d *Draft) Sketch(s keys.Scheme) (Extrinsic, error) {
	size := 64
	if s == keys.Ecdsa {
		size = 65
	}
	return d.by(zeros{d.account, size}, s)
}

func (d *Draft) by(s extrinsic.Signer, scheme keys.Scheme) (Extrinsic, error) {
	b, err := extrinsic.Signed(d.meta, d.call, d.context, s, scheme.String())
	return Extrinsic{Bytes: b, Nonce: d.context.Nonce, Until: d.Until}, err
}

// zeros signs with zeros.
type zeros struct {
	id   [32]byte
	size int
}

// Sign gives zeros.
func (z zeros) Sign([]byte) ([]byte, error) { return make([]byte, z.size), nil }

// AccountID is the account of the draft.
func (z zeros) AccountID() [32]byte { return z.id }
