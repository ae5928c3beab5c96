package consensus

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Leaves gives the leaves of a payload as the reference's merkle-tree-root-hash node
// does, in its order before they are sorted. Each is SHA-256 of String(x) of a property that is
// no object. Objects come first, depth first; then the properties in the order of their
// names, where an object counts again as the text "[object Object]". Of an array at
// the top each element is taken so, and the array adds nothing. null fails.
func Leaves(payload value.Value) ([]Hash, error) {
	switch {
	case payload.IsString() || payload.IsNumber():
		return []Hash{leaf(payload)}, nil
	case payload.Array() != nil:
		var out []Hash
		for i, e := range payload.Array().Elems {
			var err error
			if out, err = members(out, e, 0); err != nil {
				return nil, fmt.Errorf("element %d: %w", i, err)
			}
		}
		return out, nil
	case payload.Object() != nil:
		return members(nil, payload, 0)
	}
	return nil, fmt.Errorf("a %s has no Merkle tree: it takes an object, an array, a string or a number", payload.TypeOf())
}

func leaf(v value.Value) Hash {
	text := value.ToString(v)
	if v.IsObject() {
		text = "[object Object]"
	}
	return sha256.Sum256([]byte(text))
}

var errNull = errors.New("null has no leaf: the reference fails with it")

// members appends the leaves of an object's or an array's members.
func members(out []Hash, v value.Value, depth int) ([]Hash, error) {
	if v.IsNull() {
		return nil, errNull
	}
	if depth > maxDepth {
		return nil, errors.New("the value refers to itself, or is nested too deep")
	}
	keys := value.Keys(v)
	for _, k := range keys {
		m, err := value.GetKey(v, k)
		if err != nil {
			return nil, err
		}
		if m.IsNull() {
			return nil, fmt.Errorf("%s: %w", k, errNull)
		}
		if m.TypeOf() == "object" {
			if out, err = members(out, m, depth+1); err != nil {
				return nil, fmt.Errorf("%s: %w", k, err)
			}
		}
	}
	slices.SortFunc(keys, value.CompareStrings)
	for _, k := range keys {
		m, err := value.GetKey(v, k)
		if err != nil {
			return nil, err
		}
		out = append(out, leaf(m))
	}
	return out, nil
}

// MerkleRoot is the root over leaves in any order: they are sorted, a pair is SHA-256
// of its two, and the last of an odd number goes up as it is.
func MerkleRoot(leaves []Hash) (Hash, error) {
	if len(leaves) == 0 {
		return Hash{}, errors.New("a Merkle tree needs a leaf")
	}
	row := sorted(leaves)
	for len(row) > 1 {
		row = above(row)
	}
	return row[0], nil
}

func sorted(leaves []Hash) []Hash {
	row := slices.Clone(leaves)
	slices.SortFunc(row, func(a, b Hash) int { return bytes.Compare(a[:], b[:]) })
	return row
}

func above(row []Hash) []Hash {
	next := make([]Hash, 0, len(row)/2+1)
	for i := 0; i+1 < len(row); i += 2 {
		next = append(next, pair(row[i], row[i+1]))
	}
	if len(row)%2 == 1 {
		next = append(next, row[len(row)-1])
	}
	return next
}

func pair(a, b Hash) Hash {
	var both [64]byte
	copy(both[:32], a[:])
	copy(both[32:], b[:])
	return sha256.Sum256(both[:])
}

// Proof shows that a leaf is in a tree without the other leaves.
type Proof struct {
	Leaf Hash
	// Steps lead from the leaf to the root.
	Steps []Step
}

// Step is a hash beside the way up; Left says on which side it stands.
type Step struct {
	Hash Hash
	Left bool
}

// Prove gives the proof of a leaf.
func Prove(leaves []Hash, l Hash) (Proof, error) {
	row := sorted(leaves)
	at, ok := slices.BinarySearchFunc(row, l, func(a, b Hash) int { return bytes.Compare(a[:], b[:]) })
	if !ok {
		return Proof{}, errors.New("the leaf is not in the tree")
	}
	p := Proof{Leaf: l}
	for len(row) > 1 {
		if beside := at ^ 1; beside < len(row) {
			p.Steps = append(p.Steps, Step{row[beside], beside < at})
		}
		row, at = above(row), at/2
	}
	return p, nil
}

// Root is the root that the proof leads to.
func (p Proof) Root() Hash {
	h := p.Leaf
	for _, s := range p.Steps {
		if s.Left {
			h = pair(s.Hash, h)
		} else {
			h = pair(h, s.Hash)
		}
	}
	return h
}
