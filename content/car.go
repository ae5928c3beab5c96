package content

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/ipfs/go-cid"
)

// readCAR reads the blocks of a CAR of version 1 and gives each, checked, to put. limit
// bounds the bytes of all blocks. Roots are not looked at: who reads knows what it wants.
func readCAR(r io.Reader, limit int, put func(c cid.Cid, block []byte)) error {
	in := bufio.NewReader(r)
	header, err := section(in, 1<<16)
	if err != nil {
		return fmt.Errorf("the header of the CAR: %w", err)
	}
	if len(header) == 0 {
		return errors.New("the CAR has no header")
	}
	total := 0
	for {
		b, err := section(in, maxBlock+64)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the CAR: %w", err)
		}
		used, c, err := cid.CidFromBytes(b)
		if err != nil {
			return fmt.Errorf("the CAR has a block without a CID: %w", err)
		}
		if _, err := ParseCID(c.String()); err != nil {
			return err
		}
		if err := CheckBlock(c, b[used:]); err != nil {
			return err
		}
		if total += len(b); total > limit {
			return fmt.Errorf("the CAR has more than %d bytes", limit)
		}
		put(c, b[used:])
	}
}

// section reads a length and as many bytes. Memory grows with what comes, not with what is said.
func section(in *bufio.Reader, limit int) ([]byte, error) {
	if _, err := in.Peek(1); err != nil {
		return nil, err
	}
	n, err := binary.ReadUvarint(in)
	if err != nil {
		return nil, errors.New("it is cut off")
	}
	if n == 0 || n > uint64(limit) {
		return nil, fmt.Errorf("a section of %d bytes is too long", n)
	}
	b, err := io.ReadAll(io.LimitReader(in, int64(n)))
	if err == nil && uint64(len(b)) < n {
		err = errors.New("it is cut off")
	}
	return b, err
}
