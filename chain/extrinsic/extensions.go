package extrinsic

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// Context is what the extensions of a transaction say and sign.
type Context struct {
	SpecVersion, TxVersion uint32
	Genesis                [32]byte
	// Era and the hash of the block at which it was born; the zero era is for ever.
	Era      Era
	EraBlock [32]byte
	Nonce    uint64
	// Tip for the block's author; nil is 0.
	Tip *big.Int
	// Asset in which fees are paid, where the chain offers it; nil is its own.
	Asset any
	// MetadataHash switches CheckMetadataHash on; nil leaves it off.
	MetadataHash *[32]byte
	// Values give the data of extensions that are not known here, by name.
	Values map[string]Data
}

// Data of an extension: Explicit goes into the transaction, Implicit is only signed.
type Data struct{ Explicit, Implicit any }

// part is one extension encoded.
type part struct {
	name               string
	explicit, implicit []byte
}

// verifiers are the extensions that carry the signature of a general transaction.
var verifiers = map[string]bool{"VerifySignature": true, "VerifyMultiSignature": true}

// parts encodes all extensions of a runtime in its order.
func parts(m *metadata.Metadata, c *Context) ([]part, error) {
	out := make([]part, 0, len(m.Extrinsic.Extensions))
	for _, e := range m.Extrinsic.Extensions {
		p := part{name: e.Name}
		if !verifiers[e.Name] {
			var err error
			if p.explicit, p.implicit, err = c.extension(m, e); err != nil {
				return nil, fmt.Errorf("the extension %s: %w", e.Name, err)
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// extension encodes one.
func (c *Context) extension(m *metadata.Metadata, e metadata.Extension) (explicit, implicit []byte, err error) {
	var ex, im any
	switch e.Name {
	case "CheckSpecVersion":
		im = c.SpecVersion
	case "CheckTxVersion":
		im = c.TxVersion
	case "CheckGenesis":
		im = c.Genesis
	case "CheckMortality", "CheckEra":
		im = c.EraBlock
		if c.Era.Period == 0 {
			im = c.Genesis
		}
		if explicit, err = c.Era.Append(nil); err != nil {
			return nil, nil, err
		}
		implicit, err = m.Types.Encode(e.Implicit, im)
		return explicit, implicit, err
	case "CheckNonce":
		ex = c.Nonce
	case "ChargeTransactionPayment":
		if c.Asset != nil {
			return nil, nil, errors.New("the chain takes fees in its own asset only")
		}
		ex = c.tip()
	case "ChargeAssetTxPayment":
		ex = map[string]any{"tip": c.tip(), "asset_id": c.Asset}
	case "CheckMetadataHash":
		ex = map[string]any{"mode": "Disabled"}
		if c.MetadataHash != nil {
			ex, im = map[string]any{"mode": "Enabled"}, *c.MetadataHash
		}
	default:
		if v, ok := c.Values[e.Name]; ok {
			ex, im = v.Explicit, v.Implicit
		}
	}
	if explicit, err = side(m.Types, e.Type, ex); err != nil {
		return nil, nil, err
	}
	implicit, err = side(m.Types, e.Implicit, im)
	return explicit, implicit, err
}

func (c *Context) tip() *big.Int {
	if c.Tip == nil {
		return new(big.Int)
	}
	return c.Tip
}

// side encodes the data of one side. Types without data and options need no value.
func side(r *scale.Registry, id uint32, v any) ([]byte, error) {
	if Empty(r, id) {
		return nil, nil
	}
	if v == nil && !optional(r, id) {
		t, err := r.Type(id)
		if err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("it is not known and needs a %s", t.Name())
	}
	return r.Encode(id, v)
}

// Empty reports whether values of a type take no bytes.
func Empty(r *scale.Registry, id uint32) bool { return empty(r, id, 0) }

func empty(r *scale.Registry, id uint32, depth int) bool {
	t, err := r.Type(id)
	if err != nil || depth > 16 {
		return false
	}
	switch t.Kind {
	case scale.Composite:
		for _, f := range t.Fields {
			if !empty(r, f.Type, depth+1) {
				return false
			}
		}
		return true
	case scale.Tuple:
		for _, e := range t.Elems {
			if !empty(r, e, depth+1) {
				return false
			}
		}
		return true
	case scale.Array:
		return t.Len == 0 || empty(r, t.Elem, depth+1)
	case scale.Compact:
		return empty(r, t.Elem, depth+1)
	}
	return false
}

// optional reports whether a type is an Option, maybe wrapped.
func optional(r *scale.Registry, id uint32) bool {
	t, err := r.Type(id)
	for depth := 0; err == nil && depth < 16 && t.Kind == scale.Composite && len(t.Fields) == 1; depth++ {
		t, err = r.Type(t.Fields[0].Type)
	}
	return err == nil && t.Kind == scale.VariantKind && len(t.Path) == 1 && t.Path[0] == "Option"
}
