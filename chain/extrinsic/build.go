package extrinsic

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/crypto/blake2b"

	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// Signer signs; *keys.Pair is one.
type Signer interface {
	Sign(msg []byte) ([]byte, error)
	AccountID() [32]byte
}

// Kinds of transaction, the upper bits of the first byte.
const (
	bare    = 0x00
	general = 0x40
	signed  = 0x80
)

// format chooses the version of the format: 4 where it is taken.
func format(m *metadata.Metadata) (uint8, error) {
	for _, v := range []uint8{4, 5} {
		if slices.Contains(m.Extrinsic.Versions, v) {
			return v, nil
		}
	}
	return 0, fmt.Errorf("transactions of the versions %v are not known: 4 and 5 are", m.Extrinsic.Versions)
}

// Hash is the name of a transaction: BLAKE2b-256 over all its bytes.
func Hash(x []byte) [32]byte { return blake2b.Sum256(x) }

// Unsigned builds a transaction without a signature: version 4, or 5 (bare) where the
// runtime takes nothing else.
func Unsigned(m *metadata.Metadata, call []byte) ([]byte, error) {
	v, err := format(m)
	if err != nil {
		return nil, err
	}
	return scale.AppendBytes(make([]byte, 0, len(call)+6), append([]byte{bare | v}, call...)), nil
}

// Payload gives the bytes that a version 4 signature is over.
func Payload(m *metadata.Metadata, call []byte, c Context) ([]byte, error) {
	ps, err := parts(m, &c)
	if err != nil {
		return nil, err
	}
	return payload(call, ps), nil
}

func payload(call []byte, ps []part) []byte {
	out := slices.Clone(call)
	for _, p := range ps {
		out = append(out, p.explicit...)
	}
	for _, p := range ps {
		out = append(out, p.implicit...)
	}
	if len(out) > 256 {
		sum := blake2b.Sum256(out)
		return sum[:]
	}
	return out
}

// Signed builds a signed transaction: version 4, or 5 (general, with the extension that
// verifies signatures) where the runtime takes nothing else.
func Signed(m *metadata.Metadata, call []byte, c Context, key Signer, scheme string) ([]byte, error) {
	v, err := format(m)
	if err != nil {
		return nil, err
	}
	ps, err := parts(m, &c)
	if err != nil {
		return nil, err
	}
	if v == 5 {
		return generalSigned(m, call, ps, key, scheme)
	}
	body := []byte{signed | v}
	if body, err = appendAddress(m, body, key.AccountID()); err != nil {
		return nil, err
	}
	sig, err := key.Sign(payload(call, ps))
	if err != nil {
		return nil, err
	}
	if body, err = appendSignature(m, body, sig, scheme); err != nil {
		return nil, err
	}
	for _, p := range ps {
		body = append(body, p.explicit...)
	}
	return scale.AppendBytes(nil, append(body, call...)), nil
}

// generalSigned builds a version 5 transaction whose signature is an extension's data: it
// is over the version of the extensions, the call, and the data of the extensions after it.
func generalSigned(m *metadata.Metadata, call []byte, ps []part, key Signer, scheme string) ([]byte, error) {
	at := slices.IndexFunc(ps, func(p part) bool { return verifiers[p.name] })
	if at < 0 {
		return nil, errors.New("the runtime takes general transactions only, and has no extension that verifies signatures")
	}
	const version = 0
	msg := append([]byte{version}, call...)
	for _, p := range ps[at+1:] {
		msg = append(msg, p.explicit...)
	}
	for _, p := range ps[at+1:] {
		msg = append(msg, p.implicit...)
	}
	sum := blake2b.Sum256(msg)
	sig, err := key.Sign(sum[:])
	if err != nil {
		return nil, err
	}
	data := scale.Var("Signed")
	data.Fields = scale.Rec("signature", scale.Var(caseOf(scheme), sig), "account", key.AccountID())
	ext := m.Extrinsic.Extensions[at]
	if ps[at].explicit, err = m.Types.Encode(ext.Type, data); err != nil {
		return nil, fmt.Errorf("the extension %s: %w", ext.Name, err)
	}
	body := []byte{general | 5, version}
	for _, p := range ps {
		body = append(body, p.explicit...)
	}
	return scale.AppendBytes(nil, append(body, call...)), nil
}

// caseOf is the case of MultiSignature for a scheme.
func caseOf(scheme string) string {
	switch scheme {
	case "ed25519":
		return "Ed25519"
	case "ecdsa":
		return "Ecdsa"
	}
	return "Sr25519"
}

// appendAddress appends the sender as the runtime spells it.
func appendAddress(m *metadata.Metadata, dst []byte, id [32]byte) ([]byte, error) {
	t, err := declared(m, m.Extrinsic.Address, "address")
	if err != nil {
		return nil, err
	}
	var v any = id
	if t.Kind == scale.VariantKind {
		if t.Case("Id") == nil {
			return nil, fmt.Errorf("the addresses of the chain (%s) are not known", t.Name())
		}
		v = scale.Var("Id", id)
	}
	out, err := m.Types.Append(dst, t.ID, v)
	if err != nil {
		return nil, fmt.Errorf("the addresses of the chain (%s) are not those of Substrate: %w", t.Name(), err)
	}
	return out, nil
}

func appendSignature(m *metadata.Metadata, dst, sig []byte, scheme string) ([]byte, error) {
	t, err := declared(m, m.Extrinsic.Signature, "signature")
	if err != nil {
		return nil, err
	}
	var v any = sig
	if t.Kind == scale.VariantKind {
		v = scale.Var(caseOf(scheme), sig)
	}
	out, err := m.Types.Append(dst, t.ID, v)
	if err != nil {
		return nil, fmt.Errorf("the signatures of the chain (%s) cannot be made with a %s key: %w", t.Name(), scheme, err)
	}
	return out, nil
}

func declared(m *metadata.Metadata, id int64, what string) (*scale.Type, error) {
	if id < 0 {
		return nil, fmt.Errorf("the metadata does not name the type of the %s", what)
	}
	return m.Types.Type(uint32(id))
}
