package consensus

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Leaves gives the leaves of a payload as the reference's merkle-tree-root-hash node
// does, in its order before they are sorted. Each is SHA-256 of String(x) of a property that is
// no object. Objects come first, depth first; then the properties in the order of their
// names, where an object counts again as the text "[object Object]". Of an array at
// the top each element is taken so, and the array adds nothing. null fails.
func Leaves(payload value.Value) (out []Hash, err error) {
	err = eachLeaf(payload, func(_ []place, v value.Value) { out = append(out, sha256.Sum256([]byte(leafText(v)))) })
	return out, err
}

// place is a property on the way to a leaf; element says that it is one of an array.
type place struct {
	key     string
	element bool
}

// eachLeaf gives the leaves of a payload in the order of Leaves. way is only valid in fn.
func eachLeaf(payload value.Value, fn func(way []place, v value.Value)) error {
	switch {
	case payload.IsString() || payload.IsNumber():
		fn(nil, payload)
		return nil
	case payload.Array() != nil:
		for i, e := range payload.Array().Elems {
			if err := members([]place{{strconv.Itoa(i), true}}, e, fn); err != nil {
				return fmt.Errorf("element %d: %w", i, err)
			}
		}
		return nil
	case payload.Object() != nil:
		return members(nil, payload, fn)
	}
	return fmt.Errorf("a %s has no Merkle tree: it takes an object, an array, a string or a number", payload.TypeOf())
}

// objectText is the leaf of every object.
const objectText = "[object Object]"

// leafText is the text of a leaf, whose hash is in the tree.
func leafText(v value.Value) string {
	if v.IsObject() {
		return objectText
	}
	return value.ToString(v)
}

var errNull = errors.New("null has no leaf: the reference fails with it")

// members gives the leaves of an object's or an array's members.
func members(way []place, v value.Value, fn func([]place, value.Value)) error {
	if v.IsNull() {
		return errNull
	}
	if len(way) > maxDepth {
		return errors.New("the value refers to itself, or is nested too deep")
	}
	element := v.Array() != nil
	keys := value.Keys(v)
	for _, k := range keys {
		m, err := value.GetKey(v, k)
		if err != nil {
			return err
		}
		if m.IsNull() {
			return fmt.Errorf("%s: %w", k, errNull)
		}
		if m.TypeOf() == "object" {
			if err := members(append(way, place{k, element}), m, fn); err != nil {
				return fmt.Errorf("%s: %w", k, err)
			}
		}
	}
	slices.SortFunc(keys, value.CompareStrings)
	for _, k := range keys {
		m, err := value.GetKey(v, k)
		if err != nil {
			return err
		}
		fn(append(way, place{k, element}), m)
	}
	return nil
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
func Prove(leaves []Hash, l Hash) (Proof, error) { return newTree(leaves).prove(l) }

// tree is all rows of a Merkle tree, the leaves first.
type tree [][]Hash

func newTree(leaves []Hash) tree {
	t := tree{sorted(leaves)}
	for row := t[0]; len(row) > 1; t = append(t, row) {
		row = above(row)
	}
	return t
}

func (t tree) prove(l Hash) (Proof, error) {
	at, ok := slices.BinarySearchFunc(t[0], l, func(a, b Hash) int { return bytes.Compare(a[:], b[:]) })
	if !ok {
		return Proof{}, errors.New("the leaf is not in the tree")
	}
	p := Proof{Leaf: l}
	for _, row := range t[:len(t)-1] {
		if beside := at ^ 1; beside < len(row) {
			p.Steps = append(p.Steps, Step{row[beside], beside < at})
		}
		at /= 2
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
