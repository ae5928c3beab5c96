package engine

import (
	"errors"
	"unsafe"
)

// errBigEndian is why an engine does not start on some machines: the bytes of typed
// arrays, and with them results, would differ from all others.
var errBigEndian = errors.New("this machine is big-endian: flows would give other bytes here than on all others; lockstep needs a little-endian one, such as amd64, arm64 or riscv64")

func littleEndian() error {
	if one := uint16(1); *(*byte)(unsafe.Pointer(&one)) != 1 {
		return errBigEndian
	}
	return nil
}
