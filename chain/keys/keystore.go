package keys

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/oasisprotocol/curve25519-voi/primitives/sr25519"
	"golang.org/x/crypto/nacl/secretbox"
	"golang.org/x/crypto/scrypt"
)

// keystore is the JSON that polkadot-js exports.
type keystore struct {
	Address  string
	Encoded  string
	Encoding struct {
		Content []string
		Type    any
		Version string
	}
}

// header and divider are the fixed parts of the PKCS#8 that a keystore wraps.
var (
	header  = []byte{48, 83, 2, 1, 1, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32}
	divider = []byte{161, 35, 3, 33, 0}
)

// limits of scrypt's work that a keystore may ask for.
const (
	maxScryptN  = 1 << 20
	maxScryptPR = 1 << 10
)

// FromKeystore opens a JSON keystore of polkadot-js (version 3; scrypt and
// xsalsa20-poly1305, or not encrypted).
func FromKeystore(text []byte, password string) (*Pair, error) {
	var k keystore
	if err := json.Unmarshal(text, &k); err != nil {
		return nil, errors.New("the keystore is not JSON")
	}
	if k.Encoding.Version != "3" || len(k.Encoding.Content) != 2 || k.Encoding.Content[0] != "pkcs8" {
		return nil, fmt.Errorf("a keystore of version %q is not known: export it anew", k.Encoding.Version)
	}
	scheme, err := ParseScheme(k.Encoding.Content[1])
	if err != nil {
		return nil, err
	}
	data, err := k.decode()
	if err != nil {
		return nil, err
	}
	if data, err = k.open(data, password); err != nil {
		return nil, err
	}
	defer clear(data)
	return k.pair(scheme, data)
}

func (k *keystore) decode() ([]byte, error) {
	if digits, ok := strings.CutPrefix(k.Encoded, "0x"); ok {
		if b, err := hex.DecodeString(digits); err == nil {
			return b, nil
		}
		return nil, errors.New("the keystore's content is not hex")
	}
	b, err := base64.StdEncoding.DecodeString(k.Encoded)
	if err != nil {
		return nil, errors.New("the keystore's content is not base 64")
	}
	return b, nil
}

func (k *keystore) types() []string {
	switch t := k.Encoding.Type.(type) {
	case string:
		return []string{t}
	case []any:
		var out []string
		for _, x := range t {
			s, _ := x.(string)
			out = append(out, s)
		}
		return out
	}
	return nil
}

func (k *keystore) open(data []byte, password string) ([]byte, error) {
	types := k.types()
	if slices.Equal(types, []string{"none"}) {
		return data, nil
	}
	if !slices.Equal(types, []string{"scrypt", "xsalsa20-poly1305"}) {
		return nil, fmt.Errorf("a keystore encrypted with %s is not known", strings.Join(types, ", "))
	}
	const params, nonceSize = 32 + 12, 24
	if len(data) < params+nonceSize {
		return nil, errors.New("the keystore's content is too short")
	}
	n, p, r := int(binary.LittleEndian.Uint32(data[32:])), int(binary.LittleEndian.Uint32(data[36:])), int(binary.LittleEndian.Uint32(data[40:]))
	if n > maxScryptN || p > maxScryptPR || r > maxScryptPR || p*r > maxScryptPR {
		return nil, errors.New("the keystore asks for too much work to open it")
	}
	stretched, err := scrypt.Key([]byte(password), data[:32], n, r, p, 64)
	if err != nil {
		return nil, errors.New("the keystore's parameters are not valid")
	}
	defer clear(stretched)
	opened, ok := secretbox.Open(nil, data[params+nonceSize:], (*[24]byte)(data[params:params+nonceSize]), (*[32]byte)(stretched[:32]))
	if !ok {
		return nil, errors.New("the keystore cannot be opened: the password is wrong")
	}
	return opened, nil
}

func (k *keystore) pair(scheme Scheme, data []byte) (*Pair, error) {
	bad := errors.New("the keystore's content is not a key")
	if len(data) < len(header) || !slices.Equal(data[:len(header)], header) {
		return nil, bad
	}
	data = data[len(header):]
	for _, size := range []int{64, 32} {
		if len(data) < size+len(divider)+32 || !slices.Equal(data[size:size+len(divider)], divider) {
			continue
		}
		public := data[size+len(divider):]
		var p *Pair
		var err error
		if scheme == Sr25519 && size == 64 {
			var secret *sr25519.SecretKey
			if secret, err = sr25519.NewSecretKeyFromEd25519Bytes(data[:64]); err == nil {
				p, err = srPair(secret)
			}
		} else {
			p, err = newPair(scheme, data[:32])
		}
		if err != nil || !slices.Equal(p.public, public) {
			return nil, bad
		}
		return p, nil
	}
	return nil, bad
}
