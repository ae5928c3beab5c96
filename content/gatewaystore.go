package content

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/ipfs/go-cid"
)

// Store holds files as blocks in memory, and serves them as a gateway: see ServeHTTP. It
// may be used from several goroutines.
type Store struct {
	mu     sync.RWMutex
	blocks map[string][]byte // by multihash, as CIDs of both versions may be of one block
}

// NewStore makes an empty Store.
func NewStore() *Store { return &Store{blocks: map[string][]byte{}} }

// Add cuts a file into blocks, keeps them and gives its CID. Kubo and KuboV1 are settings
// that others use; some without a size of parts or a number of links are refused.
func (s *Store) Add(data []byte, how Settings) (cid.Cid, error) {
	const most = 1 << 20 // so that a block with its frame is none that others refuse
	switch {
	case how.Version > 1:
		return cid.Undef, fmt.Errorf("there is no CID of version %d: use 0 or 1", how.Version)
	case how.Chunk < 1 || how.Chunk > most:
		return cid.Undef, fmt.Errorf("a file cannot be cut into parts of %d bytes: use 1 to %d, such as the settings Kubo", how.Chunk, most)
	case how.Links < 2 || how.Links > maxLinks:
		return cid.Undef, fmt.Errorf("a block cannot have %d links: use 2 to %d, such as the settings Kubo", how.Links, maxLinks)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	root := how.build(data, func(c cid.Cid, b []byte) { s.blocks[string(c.Hash())] = bytes.Clone(b) })
	return root.cid, nil
}

// AddBlock keeps a block, whatever it holds, and refuses it if it does not have the CID.
func (s *Store) AddBlock(c cid.Cid, block []byte) error {
	if _, err := ParseCID(c.String()); err != nil {
		return err
	}
	if err := CheckBlock(c, block); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blocks[string(c.Hash())] = bytes.Clone(block)
	return nil
}

// errAbsent says that a block is not in a Store.
var errAbsent = errors.New("it is not here")

func (s *Store) block(c cid.Cid) ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.blocks[string(c.Hash())]
	if !ok {
		return nil, fmt.Errorf("block %s: %w", c, errAbsent)
	}
	return b, nil
}

// maxServed is how many bytes an answer has at most; links that repeat could make more of few.
const maxServed = 256 << 20

// file puts a file together.
func (s *Store) file(ctx context.Context, c cid.Cid) ([]byte, error) {
	return assemble(ctx, c, func(_ context.Context, c cid.Cid) ([]byte, error) { return s.block(c) }, maxServed)
}

// car writes the blocks from one on as a CAR of version 1, depth first. deep takes what is
// below it too, repeat each block as often as it is used.
func (s *Store) car(root cid.Cid, deep, repeat bool) ([]byte, error) {
	key := root.Bytes()
	// {roots: [root], version: 1} in DAG-CBOR, where a CID is tag 42 of bytes after a zero
	header := append([]byte("\xa2\x65roots\x81\xd8\x2a\x58"), byte(len(key)+1), 0)
	header = append(append(header, key...), "\x67version\x01"...)
	out := appendSection(nil, header, nil)
	seen := map[string]bool{}
	blocks := 0
	var walk func(c cid.Cid, level int) error
	walk = func(c cid.Cid, level int) error {
		if seen[c.KeyString()] && !repeat {
			return nil
		}
		seen[c.KeyString()] = true
		b, err := s.block(c)
		if err != nil {
			return err
		}
		if blocks++; blocks > maxLinks || level > maxLevels || len(out)+len(b) > maxServed {
			return fmt.Errorf("%s has too many blocks, levels or bytes for one answer: ask for its blocks one by one", root)
		}
		out = appendSection(out, c.Bytes(), b)
		if !deep || c.Prefix().Codec != cid.DagProtobuf {
			return nil
		}
		n, err := parseNode(b)
		if err != nil {
			return fmt.Errorf("block %s: %w", c, err)
		}
		for _, l := range n.links {
			if err := walk(l.cid, level+1); err != nil {
				return err
			}
		}
		return nil
	}
	err := walk(root, 0)
	return out, err
}

// appendSection appends a part of a CAR: its length, then the two.
func appendSection(out, head, body []byte) []byte {
	out = binary.AppendUvarint(out, uint64(len(head)+len(body)))
	return append(append(out, head...), body...)
}
