package extrinsic

import (
	"errors"
	"fmt"
	"math/big"

	"golang.org/x/crypto/blake2b"

	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// Decoded is a transaction that was read.
type Decoded struct {
	// Version of the format, 4 or 5.
	Version uint8
	// Signer is the address as the runtime spells it, Signature its signature; nil if there
	// is none. A general transaction has them in its extensions.
	Signer, Signature any
	// General says that it is a version 5 transaction with extensions.
	General bool
	// Extensions are the data of the extensions that have any, by name; the era is an Era.
	Extensions map[string]any
	// Pallet, Call and Args say what shall be done; Bytes is the call encoded.
	Pallet, Call string
	Args         *scale.Record
	Bytes        []byte

	explicit []byte
}

// Decode reads a transaction with its length, which must be all of b.
func Decode(m *metadata.Metadata, b []byte) (*Decoded, error) {
	d := scale.NewDecoder(b)
	n, err := d.Length(1)
	if err != nil || n != d.Left() {
		return nil, errors.New("a transaction begins with its length, which is wrong")
	}
	first, err := d.Byte()
	if err != nil {
		return nil, err
	}
	x := &Decoded{Version: first & 0x3f, General: first&0xc0 == general}
	switch {
	case x.Version == 4 && (first&0xc0 == bare || first&0xc0 == signed):
	case x.Version == 5 && (first&0xc0 == bare || x.General):
	default:
		return nil, fmt.Errorf("a transaction that begins with 0x%02x is not known", first)
	}
	if err := x.head(m, d, first); err != nil {
		return nil, err
	}
	left := d.Left()
	if x.Pallet, x.Call, x.Args, err = m.DecodeCall(d); err != nil {
		return nil, fmt.Errorf("the call cannot be read: %w", err)
	}
	if d.Left() > 0 {
		return nil, fmt.Errorf("%d bytes follow the call", d.Left())
	}
	x.Bytes = b[len(b)-left:]
	return x, nil
}

// head reads what comes before the call.
func (x *Decoded) head(m *metadata.Metadata, d *scale.Decoder, first byte) error {
	switch first & 0xc0 {
	case signed:
		for _, f := range []struct {
			what string
			id   int64
			to   *any
		}{{"address", m.Extrinsic.Address, &x.Signer}, {"signature", m.Extrinsic.Signature, &x.Signature}} {
			t, err := declared(m, f.id, f.what)
			if err != nil {
				return err
			}
			if *f.to, err = m.Types.Decode(d, t.ID); err != nil {
				return fmt.Errorf("the %s cannot be read: %w", f.what, err)
			}
		}
	case general:
		v, err := d.Byte()
		if err != nil {
			return err
		}
		if v != 0 {
			return fmt.Errorf("extensions of version %d are not known", v)
		}
	default:
		return nil
	}
	return x.extensions(m, d)
}

func (x *Decoded) extensions(m *metadata.Metadata, d *scale.Decoder) error {
	x.Extensions = map[string]any{}
	rest, _ := d.Bytes(d.Left())
	in := scale.NewDecoder(rest)
	for _, e := range m.Extrinsic.Extensions {
		var v any
		var err error
		switch {
		case e.Name == "CheckMortality" || e.Name == "CheckEra":
			v, err = readEra(in)
		case Empty(m.Types, e.Type):
			continue
		default:
			v, err = m.Types.Decode(in, e.Type)
		}
		if err != nil {
			return fmt.Errorf("the extension %s cannot be read: %w", e.Name, err)
		}
		x.Extensions[e.Name] = v
	}
	x.explicit = rest[:in.Pos()]
	*d = *scale.NewDecoder(rest)
	_, err := d.Bytes(in.Pos())
	return err
}

// Account is the account of the signer; ok is false if nobody signed, or the address is
// not an account.
func (x *Decoded) Account() (id [32]byte, ok bool) {
	v := x.Signer
	if a, is := v.(*scale.Variant); is {
		if a.Name != "Id" {
			return id, false
		}
		v = a.Fields.At(0)
	}
	b, is := v.([]byte)
	if !is || len(b) != 32 {
		return id, false
	}
	return [32]byte(b), true
}

// Nonce is the nonce of a signed transaction.
func (x *Decoded) Nonce() uint64 {
	n, _ := x.Extensions["CheckNonce"].(uint64)
	return n
}

// Era is the era of a signed transaction.
func (x *Decoded) Era() Era {
	for _, name := range []string{"CheckMortality", "CheckEra"} {
		if e, ok := x.Extensions[name].(Era); ok {
			return e
		}
	}
	return Era{}
}

// Tip of a signed transaction.
func (x *Decoded) Tip() *big.Int {
	switch v := x.Extensions["ChargeTransactionPayment"].(type) {
	case *big.Int:
		return v
	case uint64:
		return new(big.Int).SetUint64(v)
	}
	if r, ok := x.Extensions["ChargeAssetTxPayment"].(*scale.Record); ok {
		if v, ok := r.Get("tip").(*big.Int); ok {
			return v
		}
	}
	return new(big.Int)
}

// Signed gives the bytes that the signature must be over, for a chain and an era that
// began at a block; what the transaction says of itself is taken from it.
func (x *Decoded) Signed(m *metadata.Metadata, c Context) ([]byte, error) {
	c.Era, c.Nonce, c.Tip = x.Era(), x.Nonce(), x.Tip()
	ps, err := parts(m, &c)
	if err != nil {
		return nil, err
	}
	out := append(append([]byte(nil), x.Bytes...), x.explicit...)
	for _, p := range ps {
		out = append(out, p.implicit...)
	}
	if len(out) > 256 {
		sum := blake2b.Sum256(out)
		return sum[:], nil
	}
	return out, nil
}
