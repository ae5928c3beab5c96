package live

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" //nolint:gosec // old keys are encrypted with it
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // the default of PBKDF2 in PKCS#5
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash"
)

// The parts of RFC 5958 and RFC 8018 that an encrypted private key is made of.
type (
	encryptedKey struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}
	pbes2Params struct {
		Derivation, Encryption pkix.AlgorithmIdentifier
	}
	pbkdf2Params struct {
		Salt       []byte
		Iterations int
		KeyLength  int                      `asn1:"optional"`
		PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
	}
)

// keyCipher is a block cipher, used in CBC mode, and the length of its key.
type keyCipher struct {
	size int
	make func(key []byte) (cipher.Block, error)
}

// Object identifiers as texts.
const (
	oidPBES2  = "1.2.840.113549.1.5.13"
	oidPBKDF2 = "1.2.840.113549.1.5.12"
)

var keyCiphers = map[string]keyCipher{
	"2.16.840.1.101.3.4.1.2":  {16, aes.NewCipher},
	"2.16.840.1.101.3.4.1.22": {24, aes.NewCipher},
	"2.16.840.1.101.3.4.1.42": {32, aes.NewCipher},
	"1.2.840.113549.3.7":      {24, des.NewTripleDESCipher},
}

var keyHashes = map[string]func() hash.Hash{
	"":                    sha1.New,
	"1.2.840.113549.2.7":  sha1.New,
	"1.2.840.113549.2.8":  sha256.New224,
	"1.2.840.113549.2.9":  sha256.New,
	"1.2.840.113549.2.10": sha512.New384,
	"1.2.840.113549.2.11": sha512.New,
}

// maxIterations bounds the work that a key file can ask for.
const maxIterations = 10_000_000

var errBadKey = errors.New("bad decrypt")

// openPKCS8 decrypts a private key in PKCS#8 form, encrypted by PBES2.
func openPKCS8(der []byte, passphrase string) ([]byte, error) {
	var k encryptedKey
	if _, err := asn1.Unmarshal(der, &k); err != nil {
		return nil, err
	}
	if oid := k.Algorithm.Algorithm.String(); oid != oidPBES2 {
		return nil, fmt.Errorf("its encryption %s is not known", oid)
	}
	var p pbes2Params
	if _, err := asn1.Unmarshal(k.Algorithm.Parameters.FullBytes, &p); err != nil {
		return nil, err
	}
	if oid := p.Derivation.Algorithm.String(); oid != oidPBKDF2 {
		return nil, fmt.Errorf("its key derivation %s is not known", oid)
	}
	var d pbkdf2Params
	if _, err := asn1.Unmarshal(p.Derivation.Parameters.FullBytes, &d); err != nil {
		return nil, err
	}
	var iv []byte
	if _, err := asn1.Unmarshal(p.Encryption.Parameters.FullBytes, &iv); err != nil {
		return nil, err
	}
	kind, ok := keyCiphers[p.Encryption.Algorithm.String()]
	prf, known := keyHashes[d.PRF.Algorithm.String()]
	if !ok || !known || d.Iterations < 1 || d.Iterations > maxIterations {
		return nil, errors.New("its cipher or hash is not known")
	}
	key, err := pbkdf2.Key(prf, passphrase, d.Salt, d.Iterations, kind.size)
	if err != nil {
		return nil, err
	}
	block, err := kind.make(key)
	if err != nil {
		return nil, err
	}
	return openCBC(block, iv, k.Data)
}

func openCBC(block cipher.Block, iv, data []byte) ([]byte, error) {
	size := block.BlockSize()
	if len(iv) != size || len(data) == 0 || len(data)%size != 0 {
		return nil, errBadKey
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, data)
	pad := int(out[len(out)-1])
	if pad < 1 || pad > size {
		return nil, errBadKey
	}
	for _, b := range out[len(out)-pad:] {
		if int(b) != pad {
			return nil, errBadKey
		}
	}
	return out[:len(out)-pad], nil
}
