package keys

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"github.com/oasisprotocol/curve25519-voi/primitives/sr25519"
	"golang.org/x/crypto/blake2b"
)

// Scheme is a signature scheme, numbered as in MultiSignature.
type Scheme uint8

// The schemes.
const (
	Ed25519 Scheme = iota
	Sr25519
	Ecdsa
)

// String names a scheme as keystores do.
func (s Scheme) String() string {
	switch s {
	case Ed25519:
		return "ed25519"
	case Sr25519:
		return "sr25519"
	case Ecdsa:
		return "ecdsa"
	}
	return fmt.Sprintf("scheme %d", uint8(s))
}

// ParseScheme finds a scheme by its name.
func ParseScheme(name string) (Scheme, error) {
	for _, s := range []Scheme{Ed25519, Sr25519, Ecdsa} {
		if s.String() == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("the scheme %q is not known: sr25519, ed25519 and ecdsa are", name)
}

// substrate is the context of all sr25519 signatures of Substrate.
var substrate = sr25519.NewSigningContext([]byte("substrate"))

// Pair is a key that can sign.
type Pair struct {
	scheme Scheme
	public []byte
	sr     *sr25519.KeyPair
	seed   []byte // of ed25519 and ecdsa
}

// Scheme of the key.
func (p *Pair) Scheme() Scheme { return p.scheme }

// Public is the public key: 32 bytes, 33 with ecdsa.
func (p *Pair) Public() []byte { return append([]byte(nil), p.public...) }

// AccountID is the account of the key: the public key, or its hash with ecdsa.
func (p *Pair) AccountID() [32]byte {
	if p.scheme == Ecdsa {
		return blake2b.Sum256(p.public)
	}
	return [32]byte(p.public)
}

// Address is the account in SS58.
func (p *Pair) Address(prefix uint16) string { return Address(p.AccountID(), prefix) }

// String shows the account only.
func (p *Pair) String() string { return p.scheme.String() + " " + p.Address(42) }

// GoString shows the account only, also with %#v.
func (p *Pair) GoString() string { return p.String() }

// MarshalJSON gives the account only.
func (p *Pair) MarshalJSON() ([]byte, error) { return []byte(`"` + p.Address(42) + `"`), nil }

// errWiped says that a key was wiped.
var errWiped = errors.New("the key was wiped")

// Sign signs a message: 64 bytes, 65 with ecdsa (over its BLAKE2b hash).
func (p *Pair) Sign(msg []byte) ([]byte, error) {
	switch p.scheme {
	case Sr25519:
		if p.sr == nil {
			return nil, errWiped
		}
		sig, err := p.sr.Sign(rand.Reader, substrate.NewTranscriptBytes(msg))
		if err != nil {
			return nil, errors.New("signing failed")
		}
		return sig.MarshalBinary()
	case Ed25519:
		if p.seed == nil {
			return nil, errWiped
		}
		return ed25519.Sign(ed25519.NewKeyFromSeed(p.seed), msg), nil
	default:
		if p.seed == nil {
			return nil, errWiped
		}
		hash := blake2b.Sum256(msg)
		key := secp256k1.PrivKeyFromBytes(p.seed)
		defer key.Zero()
		c := ecdsa.SignCompact(key, hash[:], false) // recovery byte first, plus 27
		return append(c[1:], c[0]-27), nil
	}
}

// Wipe overwrites the secret; the pair cannot sign any more.
func (p *Pair) Wipe() {
	clear(p.seed)
	p.seed, p.sr = nil, nil
}

// Verify reports whether a signature of a message is that of a public key.
func Verify(s Scheme, public, msg, sig []byte) bool {
	switch s {
	case Sr25519:
		pk, err := sr25519.NewPublicKeyFromBytes(public)
		if err != nil {
			return false
		}
		x, err := sr25519.NewSignatureFromBytes(sig)
		return err == nil && pk.Verify(substrate.NewTranscriptBytes(msg), x)
	case Ed25519:
		return len(public) == ed25519.PublicKeySize && ed25519.Verify(public, msg, sig)
	case Ecdsa:
		if len(sig) != 65 || sig[64] > 3 {
			return false
		}
		hash := blake2b.Sum256(msg)
		pk, _, err := ecdsa.RecoverCompact(append([]byte{sig[64] + 27}, sig[:64]...), hash[:])
		return err == nil && string(pk.SerializeCompressed()) == string(public)
	}
	return false
}

// VerifyAccount reports whether a signature of a message is that of an account, as a chain
// does: with ecdsa the public key is found by the signature, and the account is its hash.
func VerifyAccount(s Scheme, account [32]byte, msg, sig []byte) bool {
	if s != Ecdsa {
		return Verify(s, account[:], msg, sig)
	}
	if len(sig) != 65 || sig[64] > 3 {
		return false
	}
	hash := blake2b.Sum256(msg)
	pk, _, err := ecdsa.RecoverCompact(append([]byte{sig[64] + 27}, sig[:64]...), hash[:])
	return err == nil && blake2b.Sum256(pk.SerializeCompressed()) == account
}

// newPair makes a pair of a seed of 32 bytes.
func newPair(s Scheme, seed []byte) (*Pair, error) {
	p := &Pair{scheme: s}
	switch s {
	case Sr25519:
		mini, err := sr25519.NewMiniSecretKeyFromBytes(seed)
		if err != nil {
			return nil, errors.New("a seed has 32 bytes")
		}
		return srPair(mini.ExpandEd25519())
	case Ed25519:
		p.seed = append([]byte(nil), seed...)
		p.public = ed25519.NewKeyFromSeed(p.seed).Public().(ed25519.PublicKey)
	case Ecdsa:
		p.seed = append([]byte(nil), seed...)
		key := secp256k1.PrivKeyFromBytes(p.seed)
		defer key.Zero()
		p.public = key.PubKey().SerializeCompressed()
	default:
		return nil, fmt.Errorf("%s is not known", s)
	}
	return p, nil
}

func srPair(secret *sr25519.SecretKey) (*Pair, error) {
	kp := secret.KeyPair()
	public, err := kp.PublicKey().MarshalBinary()
	if err != nil {
		return nil, errors.New("the key is not valid")
	}
	return &Pair{scheme: Sr25519, public: public, sr: kp}, nil
}
