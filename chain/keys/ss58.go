package keys

import (
	"errors"
	"fmt"

	"github.com/mr-tron/base58"
	"golang.org/x/crypto/blake2b"
)

// Address is an account in SS58 with the prefix of a chain (42 for any).
// https://docs.substrate.io/reference/address-formats/
func Address(id [32]byte, prefix uint16) string {
	b := prefixBytes(prefix)
	b = append(b, id[:]...)
	return base58.Encode(append(b, checksum(b)...))
}

func prefixBytes(prefix uint16) []byte {
	if prefix < 64 {
		return []byte{byte(prefix)}
	}
	return []byte{byte(prefix&0xfc)>>2 | 0x40, byte(prefix>>8) | byte(prefix&3)<<6}
}

func checksum(b []byte) []byte {
	sum := blake2b.Sum512(append([]byte("SS58PRE"), b...))
	return sum[:2]
}

// ParseAddress reads an account in SS58, of any prefix.
func ParseAddress(s string) (id [32]byte, prefix uint16, err error) {
	b, err := base58.Decode(s)
	if err != nil {
		return id, 0, fmt.Errorf("%q is no address: it is not base 58", s)
	}
	if len(b) < 1 {
		return id, 0, errors.New("an address is empty")
	}
	at := 1
	prefix = uint16(b[0])
	if b[0] >= 64 {
		if len(b) < 2 || b[0] >= 128 {
			return id, 0, fmt.Errorf("%q is no address: its prefix is not known", s)
		}
		at = 2
		prefix = uint16(b[0]&0x3f)<<2 | uint16(b[1])>>6 | uint16(b[1]&0x3f)<<8
	}
	if len(b) != at+32+2 {
		return id, 0, fmt.Errorf("%q is no address of an account: it has %d bytes", s, len(b))
	}
	if string(checksum(b[:at+32])) != string(b[at+32:]) {
		return id, 0, fmt.Errorf("%q is no address: its checksum is wrong, look for a typing error", s)
	}
	return [32]byte(b[at : at+32]), prefix, nil
}
