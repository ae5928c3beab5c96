package content

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"

	"github.com/ipfs/go-cid"
	"github.com/multiformats/go-multihash"
)

// maxBlock is the size of the largest block that is taken, as other implementations have it.
const maxBlock = 2 << 20

// limits of a file's tree.
const (
	maxLinks  = 20_000
	maxLevels = 32
)

// ParseCID reads a CID and refuses what cannot be checked here: other hashes than
// SHA-256, other content than raw and dag-pb.
func ParseCID(text string) (cid.Cid, error) {
	c, err := cid.Decode(text)
	if err != nil {
		return cid.Undef, fmt.Errorf("%q is no content identifier: %w", text, err)
	}
	p := c.Prefix()
	if p.MhType != multihash.SHA2_256 || p.MhLength != sha256.Size {
		return cid.Undef, fmt.Errorf("%s: only SHA-256 is known here", text)
	}
	if p.Codec != cid.Raw && p.Codec != cid.DagProtobuf {
		return cid.Undef, fmt.Errorf("%s: only raw and dag-pb content is known here", text)
	}
	return c, nil
}

// sum gives the CID of a block.
func sum(p cid.Prefix, block []byte) cid.Cid {
	h := sha256.Sum256(block)
	mh, _ := multihash.Encode(h[:], multihash.SHA2_256) // a digest of the right length
	if p.Version == 0 {
		return cid.NewCidV0(mh)
	}
	return cid.NewCidV1(p.Codec, mh)
}

// CheckBlock reports whether a block has a CID.
func CheckBlock(c cid.Cid, block []byte) error {
	if len(block) > maxBlock {
		return fmt.Errorf("the block of %s has more than %d bytes", c, maxBlock)
	}
	if !sum(c.Prefix(), block).Equals(c) {
		return fmt.Errorf("the block is not that of %s: its hash differs", c)
	}
	return nil
}

// node is a dag-pb block with the UnixFS it holds.
type node struct {
	links []link
	kind  uint64
	data  []byte
	size  uint64   // of the file below
	parts []uint64 // of its links
}

type link struct {
	cid  cid.Cid
	name string
	size uint64
}

// the types of UnixFS.
const (
	kindRaw = iota
	kindDirectory
	kindFile
	kindMetadata
	kindSymlink
	kindShard
)

// parseNode reads a dag-pb block: PBNode {2: links, 1: data}, PBLink {1: hash,
// 2: name, 3: tsize}.
func parseNode(block []byte) (*node, error) {
	n := &node{}
	var inner []byte
	has := false
	err := fields(block, func(num int, v uint64, b []byte) error {
		switch {
		case num == 1 && b != nil && !has:
			inner, has = b, true
		case num == 2 && b != nil:
			if len(n.links) >= maxLinks {
				return errors.New("a block has too many links")
			}
			l, err := parseLink(b)
			n.links = append(n.links, l)
			return err
		default:
			return fmt.Errorf("field %d is not one of dag-pb", num)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !has {
		return nil, errors.New("the block is no UnixFS")
	}
	return n, n.unixfs(inner)
}

func parseLink(b []byte) (l link, err error) {
	err = fields(b, func(num int, v uint64, b []byte) (err error) {
		switch {
		case num == 1 && b != nil:
			l.cid, err = cid.Cast(b)
		case num == 2 && b != nil:
			l.name = string(b)
		case num == 3 && b == nil:
			l.size = v
		default:
			err = fmt.Errorf("field %d is not one of a link", num)
		}
		return err
	})
	if err == nil && !l.cid.Defined() {
		err = errors.New("a link leads nowhere")
	}
	return l, err
}

// unixfs reads {1: type, 2: data, 3: filesize, 4: blocksizes, …}.
func (n *node) unixfs(b []byte) error {
	typed := false
	err := fields(b, func(num int, v uint64, b []byte) error {
		switch {
		case num == 1 && b == nil:
			n.kind, typed = v, true
		case num == 2 && b != nil:
			n.data = b
		case num == 3 && b == nil:
			n.size = v
		case num == 4 && b == nil:
			n.parts = append(n.parts, v)
		case num == 4: // packed
			for len(b) > 0 {
				v, used := varint(b)
				if used == 0 || len(n.parts) > maxLinks {
					return errors.New("the sizes of a block cannot be read")
				}
				n.parts, b = append(n.parts, v), b[used:]
			}
		}
		return nil // mode, time and others do not matter
	})
	if err == nil && !typed {
		err = errors.New("the block is no UnixFS")
	}
	return err
}

// fields calls fn for each field of a protobuf message: v for a number, b (not nil) for bytes.
func fields(b []byte, fn func(num int, v uint64, b []byte) error) error {
	errShort := errors.New("the block is cut off or is no protobuf")
	for len(b) > 0 {
		key, used := varint(b)
		if used == 0 || key>>3 == 0 || key>>3 > math.MaxInt16 {
			return errShort
		}
		b = b[used:]
		v, used := varint(b)
		if used == 0 {
			return errShort
		}
		b = b[used:]
		switch key & 7 {
		case 0:
			if err := fn(int(key>>3), v, nil); err != nil {
				return err
			}
		case 2:
			if v > uint64(len(b)) {
				return errShort
			}
			if err := fn(int(key>>3), 0, b[:v:v]); err != nil {
				return err
			}
			b = b[v:]
		default:
			return errShort
		}
	}
	return nil
}

// varint reads an unsigned number; used is 0 if there is none.
func varint(b []byte) (v uint64, used int) {
	for i, c := range b {
		if i == 9 && c > 1 || i > 9 {
			return 0, 0
		}
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}

// getBlock gives a block that has been checked.
type getBlock func(ctx context.Context, c cid.Cid) ([]byte, error)

// assemble reads a file from its blocks.
func assemble(ctx context.Context, root cid.Cid, get getBlock, limit int) ([]byte, error) {
	a := &assembly{ctx: ctx, get: get, limit: limit}
	if err := a.walk(root, 0); err != nil {
		return nil, err
	}
	if a.out == nil {
		a.out = []byte{}
	}
	return a.out, nil
}

type assembly struct {
	ctx    context.Context
	get    getBlock
	out    []byte
	limit  int
	blocks int
}

// walk appends what is below a block. A file cannot have more blocks than a file of
// the limit would have of one byte each level; so links that repeat do not go on for long.
func (a *assembly) walk(c cid.Cid, level int) error {
	if a.blocks++; a.blocks > maxLinks {
		return fmt.Errorf("the content has more than %d blocks", maxLinks)
	}
	if level > maxLevels {
		return fmt.Errorf("the content has more than %d levels", maxLevels)
	}
	if _, err := ParseCID(c.String()); err != nil {
		return err
	}
	block, err := a.get(a.ctx, c)
	if err != nil {
		return err
	}
	if err := CheckBlock(c, block); err != nil {
		return err
	}
	if c.Prefix().Codec == cid.Raw {
		return a.add(block)
	}
	n, err := parseNode(block)
	if err != nil {
		return fmt.Errorf("block %s: %w", c, err)
	}
	switch n.kind {
	case kindRaw, kindFile:
	case kindDirectory, kindShard:
		return fmt.Errorf("%s is a directory, not a file", c)
	default:
		return fmt.Errorf("%s is no file", c)
	}
	if len(n.parts) != len(n.links) {
		return fmt.Errorf("block %s: it has %d links and %d sizes", c, len(n.links), len(n.parts))
	}
	start := len(a.out)
	if err := a.add(n.data); err != nil {
		return err
	}
	for i, l := range n.links {
		before := len(a.out)
		if err := a.walk(l.cid, level+1); err != nil {
			return err
		}
		if uint64(len(a.out)-before) != n.parts[i] {
			return fmt.Errorf("block %s: part %d does not have the size it says", c, i)
		}
	}
	if n.kind == kindFile && uint64(len(a.out)-start) != n.size {
		return fmt.Errorf("block %s: the file does not have the size it says", c)
	}
	return nil
}

func (a *assembly) add(b []byte) error {
	if len(a.out)+len(b) > a.limit {
		return fmt.Errorf("the content has more than %d bytes", a.limit)
	}
	a.out = append(a.out, b...)
	return nil
}
