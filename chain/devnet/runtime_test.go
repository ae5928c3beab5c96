package devnet

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// TestMetadata reads the runtime's metadata back in both versions.
func TestMetadata(t *testing.T) {
	for _, later := range []bool{false, true} {
		r, err := newRuntime(later)
		if err != nil {
			t.Fatal(err)
		}
		m14, err := metadata.Decode(r.v14)
		if err != nil {
			t.Fatal(err)
		}
		if len(m14.Pallets) != len(r.meta.Pallets) || m14.Extrinsic.Call < 0 || len(r.meta.APIs) != len(apis) {
			t.Errorf("%d pallets, %+v", len(m14.Pallets), m14.Extrinsic)
		}
		for _, p := range r.meta.Pallets {
			for _, e := range p.Storage {
				if _, err := r.meta.Value(e, nil); err != nil {
					t.Errorf("the default of %s.%s: %v", p.Name, e.Name, err)
				}
			}
			for _, c := range p.Constants {
				if _, err := r.meta.Constant(p.Name, c.Name); err != nil {
					t.Errorf("the constant %s.%s: %v", p.Name, c.Name, err)
				}
			}
		}
	}
}

// TestSpec73 holds our declarations against the metadata of the EWX parachain at spec 73.
func TestSpec73(t *testing.T) {
	text, err := os.ReadFile("../../../shared/ewx/ewx-parachain.testnet.v73.metadata.jsonl")
	if err != nil {
		t.Skip("the chain's data is not beside the project")
	}
	var line struct{ Metadata string }
	if err := json.Unmarshal(bytes.SplitN(text, []byte("\n"), 2)[0], &line); err != nil {
		t.Fatal(err)
	}
	raw, err := hex.DecodeString(strings.TrimPrefix(line.Metadata, "0x"))
	if err != nil {
		t.Fatal(err)
	}
	real, err := metadata.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRuntime(false)
	if err != nil {
		t.Fatal(err)
	}
	want, got := describe(real, "WorkerNodePallet"), describe(r.meta, "WorkerNodePallet")
	if len(want) < 150 {
		t.Fatalf("only %d items", len(want))
	}
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%s is %s, want %s", k, got[k], v)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d items, want %d", len(got), len(want))
	}
	if a, b := fmt.Sprint(len(real.Extrinsic.Extensions)), fmt.Sprint(len(r.meta.Extrinsic.Extensions)); a != b {
		t.Errorf("%s extensions, want %s", b, a)
	}
}

// describe spells all items of a pallet with their types down to primitives.
func describe(m *metadata.Metadata, name string) map[string]string {
	out := map[string]string{}
	p := m.Pallet(name)
	for kind, id := range map[string]int64{"call": p.Calls, "event": p.Events, "error": p.Errors} {
		t, err := m.Types.Type(uint32(id))
		if err != nil {
			continue
		}
		for _, c := range t.Cases {
			out[kind+" "+c.Name] = fmt.Sprint(c.Index) + spellFields(m.Types, c.Fields)
		}
	}
	for _, e := range p.Storage {
		s := fmt.Sprintf("%v %v %x ", e.Optional, e.Hashers, e.Default)
		if len(e.Hashers) > 0 {
			s += spell(m.Types, e.Key)
		}
		out["storage "+e.Name] = s + " " + spell(m.Types, e.Value)
	}
	return out
}

func spellFields(r *scale.Registry, fields []scale.Field) string {
	var s string
	for _, f := range fields {
		s += " " + f.Name + ":" + spell(r, f.Type)
	}
	return "{" + s + "}"
}

func spell(r *scale.Registry, id uint32) string {
	t, err := r.Type(id)
	if err != nil {
		return err.Error()
	}
	name := strings.Join(t.Path, "::")
	switch t.Kind {
	case scale.Composite:
		return name + spellFields(r, t.Fields)
	case scale.VariantKind:
		for _, c := range t.Cases {
			name += fmt.Sprintf("|%d %s%s", c.Index, c.Name, spellFields(r, c.Fields))
		}
		return name
	case scale.Tuple:
		for _, e := range t.Elems {
			name += "," + spell(r, e)
		}
		return "(" + name + ")"
	case scale.Sequence, scale.Array, scale.Compact:
		return fmt.Sprintf("%d[%s;%d]", t.Kind, spell(r, t.Elem), t.Len)
	}
	return t.Prim.String()
}
