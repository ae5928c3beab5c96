package keys

import (
	"crypto/pbkdf2"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/oasisprotocol/curve25519-voi/curve/scalar"
	"github.com/oasisprotocol/curve25519-voi/primitives/merlin"
	"github.com/oasisprotocol/curve25519-voi/primitives/sr25519"
	"github.com/tyler-smith/go-bip39"
	"golang.org/x/crypto/blake2b"
)

// devPhrase is what a URI without a phrase means: everyone knows it.
const devPhrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk"

// FromURI makes a pair of a secret URI: a mnemonic of 12 to 24 words or a seed 0x…, then
// any of //hard and /soft, then ///password. "//Alice" is Alice of development chains.
func FromURI(uri string, s Scheme) (*Pair, error) {
	main, password, _ := strings.Cut(strings.TrimSpace(uri), "///")
	phrase, path := main, ""
	if i := strings.IndexByte(main, '/'); i >= 0 {
		phrase, path = main[:i], main[i:]
	}
	seed, err := seedOf(strings.TrimSpace(phrase), password)
	if err != nil {
		return nil, err
	}
	defer clear(seed)
	junctions, err := parsePath(path)
	if err != nil {
		return nil, err
	}
	if s == Sr25519 {
		return deriveSr(seed, junctions)
	}
	for _, j := range junctions {
		if !j.hard {
			return nil, fmt.Errorf("%s keys know hard derivation (//) only", s)
		}
		label := "Ed25519HDKD"
		if s == Ecdsa {
			label = "Secp256k1HDKD"
		}
		data := append([]byte{byte(len(label) << 2)}, label...)
		next := blake2b.Sum256(append(append(data, seed...), j.code[:]...))
		copy(seed, next[:])
	}
	return newPair(s, seed)
}

// seedOf gives the 32 bytes of a phrase. Errors do not repeat it.
func seedOf(phrase, password string) ([]byte, error) {
	if digits, ok := strings.CutPrefix(phrase, "0x"); ok {
		b, err := hex.DecodeString(digits)
		if err != nil || len(b) != 32 {
			return nil, errors.New("a raw seed is 0x and 64 hex digits")
		}
		return b, nil
	}
	if phrase == "" {
		phrase = devPhrase
	}
	words := strings.Fields(phrase)
	if n := len(words); n < 12 || n > 24 || n%3 != 0 {
		return nil, fmt.Errorf("a mnemonic has 12, 15, 18, 21 or 24 words, not %d", len(words))
	}
	entropy, err := bip39.EntropyFromMnemonic(strings.Join(words, " "))
	if err != nil {
		return nil, errors.New("the mnemonic is not valid: a word is not of the BIP-39 list, or the checksum is wrong")
	}
	defer clear(entropy)
	// Substrate stretches the entropy, not the words, and keeps half of what comes out.
	long, err := pbkdf2.Key(sha512.New, string(entropy), []byte("mnemonic"+password), 2048, 64)
	if err != nil {
		return nil, errors.New("the mnemonic cannot be stretched")
	}
	return long[:32], nil
}

// junction is a step of derivation.
type junction struct {
	hard bool
	code [32]byte
}

func parsePath(path string) ([]junction, error) {
	var out []junction
	for path != "" {
		j := junction{}
		path = path[1:]
		if strings.HasPrefix(path, "/") {
			j.hard, path = true, path[1:]
		}
		name := path
		if i := strings.IndexByte(path, '/'); i >= 0 {
			name, path = path[:i], path[i:]
		} else {
			path = ""
		}
		if name == "" {
			return nil, errors.New("a step of the derivation path is empty")
		}
		if n, err := strconv.ParseUint(name, 10, 64); err == nil {
			binary.LittleEndian.PutUint64(j.code[:], n)
		} else {
			data := append(compactLength(len(name)), name...)
			if len(data) > 32 {
				j.code = blake2b.Sum256(data)
			} else {
				copy(j.code[:], data)
			}
		}
		out = append(out, j)
	}
	return out, nil
}

func compactLength(n int) []byte {
	if n < 64 {
		return []byte{byte(n << 2)}
	}
	return []byte{byte(n<<2) | 1, byte(n >> 6)}
}

// deriveSr derives as schnorrkel does (SchnorrRistrettoHDKD).
func deriveSr(seed []byte, path []junction) (*Pair, error) {
	mini, err := sr25519.NewMiniSecretKeyFromBytes(seed)
	if err != nil {
		return nil, errors.New("a seed has 32 bytes")
	}
	secret := mini.ExpandEd25519()
	for _, j := range path {
		if secret, err = step(secret, j); err != nil {
			return nil, errors.New("the key cannot be derived")
		}
	}
	return srPair(secret)
}

func step(secret *sr25519.SecretKey, j junction) (*sr25519.SecretKey, error) {
	raw, err := secret.MarshalBinary()
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	t := merlin.NewTranscript("SchnorrRistrettoHDKD")
	t.AppendMessage("sign-bytes", nil)
	t.AppendMessage("chain-code", j.code[:])
	if j.hard {
		t.AppendMessage("secret-key", raw[:32])
		var b [32]byte
		t.ExtractBytes(b[:], "HDKD-hard")
		mini, err := sr25519.NewMiniSecretKeyFromBytes(b[:])
		if err != nil {
			return nil, err
		}
		return mini.ExpandEd25519(), nil
	}
	public, err := secret.PublicKey().MarshalBinary()
	if err != nil {
		return nil, err
	}
	t.AppendMessage("public-key", public)
	var wide [64]byte
	t.ExtractBytes(wide[:], "HDKD-scalar")
	add, err := scalar.NewFromBytesModOrderWide(wide[:])
	if err != nil {
		return nil, err
	}
	key, err := scalar.NewFromCanonicalBytes(raw[:32])
	if err != nil {
		return nil, err
	}
	out := make([]byte, 64)
	if err := scalar.New().Add(key, add).ToBytes(out[:32]); err != nil {
		return nil, err
	}
	// The nonce only has to be secret and its own: schnorrkel takes it at random.
	nonce := blake2b.Sum256(append(append([]byte("lockstep HDKD-nonce"), raw...), j.code[:]...))
	copy(out[32:], nonce[:])
	return sr25519.NewSecretKeyFromBytes(out)
}
