package content

import (
	"encoding/binary"
	"fmt"

	"github.com/ipfs/go-cid"
)

// Settings say how a tool makes blocks of a file.
type Settings struct {
	// Version of the CID, 0 or 1; RawLeaves puts the content into raw blocks.
	Version   uint64
	RawLeaves bool
	// Chunk is the size of a part in bytes, Links how many a block joins at most.
	Chunk, Links int
	// Wrapped puts a block above a file of one raw part, as some tools do.
	Wrapped bool
	// RawNodes marks dag-pb leaves as type Raw, as js-ipfs once did; kubo marks them File.
	RawNodes bool
}

// String names the settings.
func (s Settings) String() string {
	leaves := "dag-pb"
	if s.RawLeaves {
		leaves = "raw"
	}
	return fmt.Sprintf("CIDv%d, %s leaves, %d KiB, %d links", s.Version, leaves, s.Chunk>>10, s.Links)
}

// Kubo are the settings of `ipfs add`, KuboV1 those of `ipfs add --cid-version=1`.
var (
	Kubo   = Settings{Version: 0, Chunk: 256 << 10, Links: 174}
	KuboV1 = Settings{Version: 1, RawLeaves: true, Chunk: 256 << 10, Links: 174}
)

// usual are the settings that are tried on plain bytes, the likeliest first.
func usual(version uint64) (list []Settings) {
	for _, chunk := range []int{256 << 10, 1 << 20} {
		for _, links := range []int{174, 1024} {
			for _, raw := range []bool{version == 1, version == 0} {
				for _, odd := range []bool{false, true} {
					s := Settings{Version: version, RawLeaves: raw, Chunk: chunk, Links: links}
					if raw {
						s.Wrapped = odd
					} else {
						s.RawNodes = odd
					}
					list = append(list, s)
				}
			}
		}
	}
	return list
}

// CID gives the CID that a file has with these settings.
func CID(data []byte, s Settings) cid.Cid { return s.build(data, nil).cid }

// Blocks gives the CID of a file and all its blocks, to serve them.
func Blocks(data []byte, s Settings) (cid.Cid, map[string][]byte) {
	all := map[string][]byte{}
	root := s.build(data, func(c cid.Cid, b []byte) { all[c.String()] = b })
	return root.cid, all
}

// Check reports whether a file has a CID with any of the usual settings.
func Check(c cid.Cid, data []byte) error {
	p := c.Prefix()
	if p.Codec == cid.Raw {
		if sum(p, data).Equals(c) {
			return nil
		}
		return fmt.Errorf("the content is not that of %s: its hash differs", c)
	}
	for _, s := range usual(p.Version) {
		if CID(data, s).Equals(c) {
			return nil
		}
	}
	return fmt.Errorf("the content is not that of %s, or was added with unusual settings", c)
}

// piece is a block of the tree being built.
type piece struct {
	cid  cid.Cid
	size uint64 // of the file below
	all  uint64 // of all blocks below
}

// build makes a balanced tree; put may be nil.
func (s Settings) build(data []byte, put func(cid.Cid, []byte)) piece {
	var row []piece
	for first := true; first || len(data) > 0; first = false {
		part := data[:min(s.Chunk, len(data))]
		data = data[len(part):]
		row = append(row, s.leaf(part, put))
	}
	if len(row) == 1 && s.RawLeaves && s.Wrapped {
		return s.join(row, put)
	}
	for len(row) > 1 {
		var up []piece
		for len(row) > 0 {
			n := min(s.Links, len(row))
			up = append(up, s.join(row[:n], put))
			row = row[n:]
		}
		row = up
	}
	return row[0]
}

func (s Settings) leaf(part []byte, put func(cid.Cid, []byte)) piece {
	if s.RawLeaves {
		return s.block(cid.Raw, part, uint64(len(part)), 0, put)
	}
	kind := uint64(kindFile)
	if s.RawNodes {
		kind = kindRaw
	}
	var fs []byte
	fs = appendNumber(fs, 1, kind)
	if len(part) > 0 {
		fs = appendBytes(fs, 2, part)
	}
	fs = appendNumber(fs, 3, uint64(len(part)))
	return s.block(cid.DagProtobuf, appendBytes(nil, 1, fs), uint64(len(part)), 0, put)
}

func (s Settings) join(parts []piece, put func(cid.Cid, []byte)) piece {
	var b, sizes []byte
	var size, all uint64
	for _, p := range parts {
		l := appendBytes(nil, 1, p.cid.Bytes())
		l = appendBytes(l, 2, nil)
		l = appendNumber(l, 3, p.all)
		b = appendBytes(b, 2, l)
		sizes = appendNumber(sizes, 4, p.size)
		size += p.size
		all += p.all
	}
	fs := appendNumber(nil, 1, kindFile)
	fs = appendNumber(fs, 3, size)
	return s.block(cid.DagProtobuf, appendBytes(b, 1, append(fs, sizes...)), size, all, put)
}

func (s Settings) block(codec uint64, b []byte, size, below uint64, put func(cid.Cid, []byte)) piece {
	p := piece{cid: sum(cid.Prefix{Version: s.version(codec), Codec: codec}, b), size: size, all: below + uint64(len(b))}
	if put != nil {
		put(p.cid, b)
	}
	return p
}

// version is 1 for raw blocks, which have no CIDv0.
func (s Settings) version(codec uint64) uint64 {
	if codec == cid.Raw {
		return 1
	}
	return s.Version
}

func appendNumber(b []byte, num int, v uint64) []byte {
	return binary.AppendUvarint(append(b, byte(num<<3)), v)
}

func appendBytes(b []byte, num int, data []byte) []byte {
	return append(binary.AppendUvarint(append(b, byte(num<<3|2)), uint64(len(data))), data...)
}
