package metadata

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/crypto/blake2b"

	"github.com/cespare/xxhash/v2"
)

// Hasher of a storage key.
type Hasher uint8

// The hashers, in the order of the metadata.
const (
	Blake2x128 Hasher = iota
	Blake2x256
	Blake2x128Concat
	Twox128
	Twox256
	Twox64Concat
	Identity
)

// Hash gives a key hashed.
func (h Hasher) Hash(b []byte) []byte {
	switch h {
	case Blake2x128:
		return blake2(16, b)
	case Blake2x256:
		return blake2(32, b)
	case Blake2x128Concat:
		return append(blake2(16, b), b...)
	case Twox128:
		return twox(2, b)
	case Twox256:
		return twox(4, b)
	case Twox64Concat:
		return append(twox(1, b), b...)
	}
	return append([]byte(nil), b...)
}

// skip is how many bytes come before the key itself, -1 if it cannot be found again.
func (h Hasher) skip() int {
	switch h {
	case Blake2x128Concat:
		return 16
	case Twox64Concat:
		return 8
	case Identity:
		return 0
	}
	return -1
}

func blake2(size int, b []byte) []byte {
	h, err := blake2b.New(size, nil)
	if err != nil {
		panic(fmt.Sprintf("metadata: %v", err)) // the sizes are constants
	}
	h.Write(b)
	return h.Sum(nil)
}

// twox is xxHash-64 with the seeds 0, 1 …, each little-endian.
func twox(n int, b []byte) []byte {
	out := make([]byte, 0, 8*n)
	for seed := range n {
		d := xxhash.NewWithSeed(uint64(seed))
		_, _ = d.Write(b) // never fails
		out = binary.LittleEndian.AppendUint64(out, d.Sum64())
	}
	return out
}
