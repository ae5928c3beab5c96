package js

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"errors"
	"hash"
	"strconv"
	"strings"

	"github.com/dop251/goja"
	"golang.org/x/crypto/blake2b"
	"golang.org/x/crypto/blake2s"
	"golang.org/x/crypto/ripemd160" //nolint:staticcheck // flows may ask for it
	"golang.org/x/crypto/scrypt"
)

// hashes are the digests of the module crypto, in the order getHashes lists them.
var hashes = []struct {
	name string
	make func() hash.Hash
}{
	{"blake2b512", func() hash.Hash { h, _ := blake2b.New512(nil); return h }},
	{"blake2s256", func() hash.Hash { h, _ := blake2s.New256(nil); return h }},
	{"md5", md5.New},
	{"ripemd160", ripemd160.New},
	{"rmd160", ripemd160.New},
	{"sha1", sha1.New},
	{"sha224", sha256.New224},
	{"sha256", sha256.New},
	{"sha3-224", func() hash.Hash { return sha3.New224() }},
	{"sha3-256", func() hash.Hash { return sha3.New256() }},
	{"sha3-384", func() hash.Hash { return sha3.New384() }},
	{"sha3-512", func() hash.Hash { return sha3.New512() }},
	{"sha384", sha512.New384},
	{"sha512", sha512.New},
	{"sha512-224", sha512.New512_224},
	{"sha512-256", sha512.New512_256},
}

func hashNamed(name string) func() hash.Hash {
	for _, h := range hashes {
		if h.name == name {
			return h.make
		}
	}
	return nil
}

// cipherNames are those of the module crypto.
var cipherNames = []string{
	"aes-128-cbc", "aes-128-ctr", "aes-128-ecb", "aes-128-gcm", "aes-192-cbc", "aes-192-ctr", "aes-192-ecb", "aes-192-gcm",
	"aes-256-cbc", "aes-256-ctr", "aes-256-ecb", "aes-256-gcm",
}

// cryptoNatives is what the module crypto finds written in Go.
func (r *Runtime) cryptoNatives() *goja.Object {
	o := r.vm.NewObject()
	set := func(name string, fn func(goja.FunctionCall) goja.Value) { _ = o.Set(name, r.nativeFunc(name, fn)) }
	data := func(c goja.FunctionCall, i int) []byte { b, _ := r.rawBytes(c.Argument(i)); return b }
	set("hashes", func(goja.FunctionCall) goja.Value {
		names := make([]any, len(hashes))
		for i, h := range hashes {
			names[i] = h.name
		}
		return r.vm.NewArray(names...)
	})
	set("ciphers", func(goja.FunctionCall) goja.Value {
		names := make([]any, len(cipherNames))
		for i, n := range cipherNames {
			names[i] = n
		}
		return r.vm.NewArray(names...)
	})
	set("hash", func(c goja.FunctionCall) goja.Value {
		h := hashNamed(c.Argument(0).String())()
		h.Write(data(c, 1))
		return r.newBuffer(h.Sum(nil))
	})
	set("hmac", func(c goja.FunctionCall) goja.Value {
		h := hmac.New(hashNamed(c.Argument(0).String()), data(c, 1))
		h.Write(data(c, 2))
		return r.newBuffer(h.Sum(nil))
	})
	set("random", func(c goja.FunctionCall) goja.Value {
		n := c.Argument(0).ToInteger()
		if n < 0 || n > 1<<31-1 {
			r.throw("RangeError", "The value of \"size\" is out of range. It must be >= 0 && <= 2147483647. Received %s", c.Argument(0))
		}
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.random() * 256)
		}
		return r.newBuffer(b)
	})
	set("uniform", func(goja.FunctionCall) goja.Value { return r.vm.ToValue(r.random()) })
	set("pbkdf2", func(c goja.FunctionCall) goja.Value {
		key, err := pbkdf2.Key(hashNamed(c.Argument(4).String()), string(data(c, 0)), data(c, 1), int(c.Argument(2).ToInteger()), int(c.Argument(3).ToInteger()))
		return r.bufferOr(key, err)
	})
	set("scrypt", func(c goja.FunctionCall) goja.Value {
		n := func(i int) int { return int(c.Argument(i).ToInteger()) }
		key, err := scrypt.Key(data(c, 0), data(c, 1), n(2), n(3), n(4), n(5))
		return r.bufferOr(key, err)
	})
	set("cipherCheck", func(c goja.FunctionCall) goja.Value {
		if _, _, err := newCipher(c.Argument(0).String(), data(c, 1), data(c, 2)); err != nil {
			r.throwCipher(err)
		}
		return r.undefined
	})
	set("cipher", func(c goja.FunctionCall) goja.Value {
		x := cipherCall{data(c, 1), data(c, 2), data(c, 3), c.Argument(4).ToBoolean(), c.Argument(5).ToBoolean(), data(c, 6), data(c, 7), int(c.Argument(8).ToInteger())}
		out, tag, err := x.run(c.Argument(0).String())
		if err != nil {
			r.throwCipher(err)
		}
		res := r.vm.NewObject()
		_ = res.Set("data", r.newBuffer(out))
		_ = res.Set("tag", r.newBuffer(tag))
		return res
	})
	return o
}

func (r *Runtime) bufferOr(b []byte, err error) goja.Value {
	if err != nil {
		r.throw("Error", "%s", err)
	}
	return r.newBuffer(b)
}

// cipherErrors are the class and code that go with a text.
var cipherErrors = map[string][2]string{
	"Invalid key length": {"RangeError", "ERR_CRYPTO_INVALID_KEYLEN"}, "Invalid initialization vector": {"TypeError", "ERR_CRYPTO_INVALID_IV"},
	"Unknown cipher": {"Error", "ERR_CRYPTO_UNKNOWN_CIPHER"}, badDecrypt: {"Error", "ERR_OSSL_BAD_DECRYPT"}, wrongLength: {"Error", "ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH"},
}

const (
	badDecrypt  = "error:1C800064:Provider routines::bad decrypt"
	wrongLength = "error:1C80006B:Provider routines::wrong final block length"
)

func (r *Runtime) throwCipher(err error) {
	kind, ok := cipherErrors[err.Error()]
	if !ok {
		kind[0] = "Error"
	}
	e := r.construct(r.builtin(kind[0]), r.str(err.Error()))
	if ok {
		_ = e.Set("code", kind[1])
	}
	panic(e)
}

type cipherCall struct {
	key, iv, data    []byte
	decrypt, padding bool
	aad, tag         []byte
	tagLength        int
}

func newCipher(name string, key, iv []byte) (block cipher.Block, mode string, err error) {
	parts := strings.Split(name, "-")
	known := false
	for _, n := range cipherNames {
		known = known || n == name
	}
	if !known {
		return nil, "", errors.New("Unknown cipher")
	}
	if bits, _ := strconv.Atoi(parts[1]); bits != 8*len(key) {
		return nil, "", errors.New("Invalid key length")
	}
	mode = parts[2]
	want := aes.BlockSize
	switch {
	case mode == "ecb":
		want = 0
	case mode == "gcm" && len(iv) > 0:
		want = len(iv)
	}
	if len(iv) != want {
		return nil, "", errors.New("Invalid initialization vector")
	}
	block, err = aes.NewCipher(key)
	return block, mode, err
}

func (x *cipherCall) run(name string) (out, tag []byte, err error) {
	block, mode, err := newCipher(name, x.key, x.iv)
	if err != nil {
		return nil, nil, err
	}
	switch mode {
	case "ctr":
		out = make([]byte, len(x.data))
		cipher.NewCTR(block, x.iv).XORKeyStream(out, x.data)
		return out, nil, nil
	case "gcm":
		return x.gcm(block)
	}
	data := x.data
	if !x.decrypt && x.padding {
		n := aes.BlockSize - len(data)%aes.BlockSize
		data = append(append([]byte(nil), data...), bytes.Repeat([]byte{byte(n)}, n)...)
	}
	if len(data)%aes.BlockSize != 0 {
		return nil, nil, errors.New(wrongLength)
	}
	out = make([]byte, len(data))
	x.blocks(block, mode, out, data)
	if x.decrypt && x.padding {
		n := 0
		if len(out) > 0 {
			n = int(out[len(out)-1])
		}
		if n < 1 || n > aes.BlockSize || n > len(out) || !bytes.Equal(out[len(out)-n:], bytes.Repeat([]byte{byte(n)}, n)) {
			return nil, nil, errors.New(badDecrypt)
		}
		out = out[:len(out)-n]
	}
	return out, nil, nil
}

func (x *cipherCall) blocks(block cipher.Block, mode string, out, data []byte) {
	if mode == "cbc" {
		m := cipher.NewCBCEncrypter(block, x.iv)
		if x.decrypt {
			m = cipher.NewCBCDecrypter(block, x.iv)
		}
		m.CryptBlocks(out, data)
		return
	}
	for i := 0; i < len(data); i += aes.BlockSize {
		if x.decrypt {
			block.Decrypt(out[i:], data[i:])
		} else {
			block.Encrypt(out[i:], data[i:])
		}
	}
}

func (x *cipherCall) gcm(block cipher.Block) (out, tag []byte, err error) {
	if len(x.iv) != 12 && x.tagLength != 16 {
		return nil, nil, errors.New("GCM here takes either another length of the tag or one of the initialization vector, not both")
	}
	aead, err := cipher.NewGCMWithTagSize(block, x.tagLength)
	if len(x.iv) != 12 {
		aead, err = cipher.NewGCMWithNonceSize(block, len(x.iv))
	}
	if err != nil {
		return nil, nil, err
	}
	if !x.decrypt {
		sealed := aead.Seal(nil, x.iv, x.data, x.aad)
		n := len(sealed) - aead.Overhead()
		return sealed[:n], sealed[n:], nil
	}
	out, err = aead.Open(nil, x.iv, append(append([]byte(nil), x.data...), x.tag...), x.aad)
	if err != nil {
		return nil, nil, errors.New("Unsupported state or unable to authenticate data")
	}
	return out, x.tag, nil
}
