package consensus

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// MerkleFormat is the version of the file format of proofs.
const MerkleFormat = 1

// Leaf is a leaf of a payload. The tree has only the hash of its text: neither the name of
// the property nor its place goes into it.
type Leaf struct {
	// Path is where it is, such as matches[3].kWh; "" is the payload itself.
	Path string
	// Text is String(x) of the value, "[object Object]" of an object.
	Text string
	Hash Hash
}

// NamedLeaves are the Leaves of a payload with where they come from.
func NamedLeaves(payload value.Value) (out []Leaf, err error) {
	err = eachLeaf(payload, func(way []place, v value.Value) {
		text := leafText(v)
		out = append(out, Leaf{pathText(way), text, sha256.Sum256([]byte(text))})
	})
	return out, err
}

// pathText writes a way as JavaScript does.
func pathText(way []place) string {
	var b strings.Builder
	for _, p := range way {
		switch {
		case p.element:
			b.WriteString("[" + p.key + "]")
		case !identifier(p.key):
			b.WriteString("[" + string(value.AppendJSON(nil, value.Str(p.key))) + "]")
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(p.key)
		}
	}
	return b.String()
}

func identifier(s string) bool {
	for i, c := range s {
		if c != '_' && c != '$' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// ElementPath is the path of the n-th element of a list that is a property of a payload, or
// the payload itself if name is "".
func ElementPath(name string, n int) string {
	way := []place{{strconv.Itoa(n), true}}
	if name != "" {
		way = append([]place{{name, false}}, way...)
	}
	return pathText(way)
}

// Below reports whether a leaf is at a path or under it.
func (l Leaf) Below(path string) bool {
	rest, ok := strings.CutPrefix(l.Path, path)
	return ok && (rest == "" || path == "" || rest[0] == '.' || rest[0] == '[')
}

// MerkleProof is the file that shows some values of a payload without the others.
type MerkleProof struct {
	Kind   string `json:"lockstep"` // "merkle proof"
	Format int    `json:"format"`
	// Root that the values lead to.
	Root   Bytes         `json:"root"`
	Values []ProvenValue `json:"values"`
}

// ProvenValue is one of the values. Path is what the prover says: the tree does not have it.
type ProvenValue struct {
	Path  string       `json:"path"`
	Text  string       `json:"text"`
	Steps []MerkleStep `json:"steps"`
}

// MerkleStep is a hash beside the way up; one of the two is there.
type MerkleStep struct {
	Left  Bytes `json:"left,omitempty"`
	Right Bytes `json:"right,omitempty"`
}

// ProvePath makes the proof of all values that are at a path of a payload, or under it.
// Objects have none but those of their members.
func ProvePath(payload value.Value, path string) (*MerkleProof, error) {
	named, err := NamedLeaves(payload)
	if err != nil {
		return nil, err
	}
	leaves := make([]Hash, len(named))
	for i, l := range named {
		leaves[i] = l.Hash
	}
	root, err := MerkleRoot(leaves)
	if err != nil {
		return nil, err
	}
	p := &MerkleProof{Kind: "merkle proof", Format: MerkleFormat, Root: root[:]}
	tree := newTree(leaves)
	for _, l := range named {
		if !l.Below(path) || l.Text == objectText {
			continue
		}
		proof, err := tree.prove(l.Hash)
		if err != nil {
			return nil, err
		}
		v := ProvenValue{Path: l.Path, Text: l.Text, Steps: []MerkleStep{}}
		for _, s := range proof.Steps {
			if s.Left {
				v.Steps = append(v.Steps, MerkleStep{Left: s.Hash[:]})
			} else {
				v.Steps = append(v.Steps, MerkleStep{Right: s.Hash[:]})
			}
		}
		p.Values = append(p.Values, v)
	}
	if len(p.Values) == 0 {
		return nil, fmt.Errorf("there is no value at %s: the paths are those that lockstep merkle root --leaves shows", path)
	}
	return p, nil
}

// bounds of a proof that is read: a tree of more levels cannot be.
const (
	maxProof = 64 << 20
	maxSteps = 64
)

// ParseMerkleProof reads a proof. What it says is not checked.
func ParseMerkleProof(text []byte) (*MerkleProof, error) {
	if len(text) > maxProof {
		return nil, fmt.Errorf("it has more than %d bytes", maxProof)
	}
	var p MerkleProof
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("it is no proof: %w", err)
	}
	switch {
	case p.Kind != "merkle proof":
		return nil, errors.New("it is no Merkle proof of lockstep")
	case p.Format != MerkleFormat:
		return nil, fmt.Errorf("it has format %d; this program reads format %d", p.Format, MerkleFormat)
	case len(p.Root) != len(Hash{}) || len(p.Values) == 0:
		return nil, errors.New("it has no root of 32 bytes, or no values")
	}
	for _, v := range p.Values {
		if len(v.Steps) > maxSteps {
			return nil, fmt.Errorf("the value at %q has more than %d steps", v.Path, maxSteps)
		}
		for _, s := range v.Steps {
			if len(s.Left)+len(s.Right) != len(Hash{}) || len(s.Left) != 0 && len(s.Right) != 0 {
				return nil, fmt.Errorf("a step of the value at %q is no hash of 32 bytes to the left or to the right", v.Path)
			}
		}
	}
	return &p, nil
}

// Holds reports whether the text of a value leads to a root.
func (v ProvenValue) Holds(root []byte) bool {
	p := Proof{Leaf: sha256.Sum256([]byte(v.Text))}
	for _, s := range v.Steps {
		p.Steps = append(p.Steps, Step{Hash([]byte(append(append(Bytes{}, s.Left...), s.Right...))), len(s.Left) > 0})
	}
	got := p.Root()
	return string(got[:]) == string(root)
}
