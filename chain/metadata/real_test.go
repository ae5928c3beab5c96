package metadata

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// shared is a folder beside the project with data of a real chain; it may be absent.
const shared = "../../../shared/ewx"

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.TrimPrefix(s, "0x"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// real reads the metadata of the EWX parachain at spec 73.
func real(t testing.TB) *Metadata {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(shared, "ewx-parachain.testnet.v73.metadata.jsonl"))
	if err != nil {
		t.Skip("the chain's data is not beside the project")
	}
	var line struct{ Metadata string }
	if err := json.Unmarshal(bytes.SplitN(text, []byte("\n"), 2)[0], &line); err != nil {
		t.Fatal(err)
	}
	m, err := Decode(unhex(t, line.Metadata))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const (
	alice = "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"
	bob   = "8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48"
)

type vectors struct {
	StorageKeys map[string]string
	Values      map[string]struct{ Hex string }
	Extrinsics  map[string]struct{ Call string }
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(shared, "vectors.v73.json"))
	if err != nil {
		t.Skip("the chain's data is not beside the project")
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestRealKeys compares storage keys with those that polkadot.js made.
func TestRealKeys(t *testing.T) {
	m, v := real(t), readVectors(t)
	accounts := map[string][]byte{"5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty": unhex(t, bob), "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY": unhex(t, alice)}
	if len(v.StorageKeys) < 10 {
		t.Fatal("too few keys")
	}
	for spelled, want := range v.StorageKeys {
		name, args, _ := strings.Cut(strings.TrimSuffix(spelled, ")"), "(")
		var keys []any
		for _, a := range strings.Split(args, ",") {
			if b, ok := accounts[a]; ok {
				keys = append(keys, b)
			} else if a == "7" {
				keys = append(keys, 7)
			} else if a != "" {
				keys = append(keys, a)
			}
		}
		e, err := m.Storage("WorkerNodePallet", name)
		if err != nil {
			t.Error(err)
			continue
		}
		got, err := m.Key(e, keys...)
		if err != nil || hex.EncodeToString(got) != strings.TrimPrefix(want, "0x") {
			t.Errorf("%s: %x, %v; want %s", spelled, got, err, want)
		}
		back, err := m.Keys(e, got)
		if err != nil || len(back) != len(keys) {
			t.Errorf("%s: keys read back: %v, %v", spelled, back, err)
		}
	}
}

// TestRealValues decodes and encodes values again.
func TestRealValues(t *testing.T) {
	m, v := real(t), readVectors(t)
	for name, entry := range map[string]string{"Solution": "solutions", "SolutionGroup": "solutionsGroups", "RewardPeriod": "activeRewardPeriodInfo"} {
		raw := unhex(t, v.Values[name].Hex)
		e, err := m.Storage("workerNodePallet", entry)
		if err != nil {
			t.Fatal(err)
		}
		val, err := m.Value(e, raw)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := m.Types.Encode(e.Value, val)
		if err != nil || !bytes.Equal(again, raw) {
			t.Errorf("%s: %x, %v", name, again, err)
		}
		if name == "Solution" {
			rec := val.(*scale.Record)
			if string(rec.Get("namespace").([]byte)) != "ZEV" || rec.Get("status").(*scale.Variant).Name != "Active" || rec.Get("consensus").(*scale.Record).Get("vote_threshold_percent") != uint64(60) {
				t.Errorf("%+v", rec)
			}
		}
	}
}

// TestRealCalls encodes calls as polkadot.js does.
func TestRealCalls(t *testing.T) {
	m, v := real(t), readVectors(t)
	sig := unhex(t, "d60d9ff61019979aae523e3af0d629b1f9c3343d1a5a7acf7b09d41947bf5c29788339d5b696ed2e5d578edcf51a8a020faee5e811a86432e6414387f9c0ab8a")
	hash := unhex(t, "681266a0916bc1e435883c5ff0623178684cb80b7d71ade49e1bc6606a71ffcc")
	for name, c := range map[string]struct {
		call string
		args any
	}{
		"submit_solution_result_example": {"submitSolutionResult", []any{"ZEV", "123", hash, sig, unhex(t, bob)}},
		"connect_worker_node":            {"connect_worker_node", []any{unhex(t, bob)}},
		"subscribe":                      {"subscribe_to_solution_group", map[string]any{"namespace": "grp.one", "stake_amount": "2000000000000000000"}},
	} {
		got, err := m.Call("WorkerNodePallet", c.call, c.args)
		if err != nil || hex.EncodeToString(got) != strings.TrimPrefix(v.Extrinsics[name].Call, "0x") {
			t.Errorf("%s: %x, %v; want %s", name, got, err, v.Extrinsics[name].Call)
		}
		if err == nil {
			pallet, fn, args, err := m.DecodeCall(scale.NewDecoder(got))
			if err != nil || pallet != "WorkerNodePallet" || args.Len() == 0 {
				t.Errorf("%s read back: %s.%s %v %v", name, pallet, fn, args, err)
			}
		}
	}
	if len(m.Extrinsic.Extensions) != 8 || m.Extrinsic.Versions[0] != 4 || m.Extrinsic.Address < 0 {
		t.Errorf("%+v", m.Extrinsic)
	}
}

// TestErrors names an error of a pallet.
func TestErrors(t *testing.T) {
	m := real(t)
	name, _ := m.DispatchError(scale.Var("Module", scale.Rec("index", uint64(150), "error", []byte{29, 0, 0, 0})))
	if name != "WorkerNodePallet.SolutionResultSignatureNotVerified" {
		t.Error(name)
	}
}

// FuzzDecode reads anything as metadata.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{0x6d, 0x65, 0x74, 0x61, 14, 0, 0})
	f.Add([]byte{0x6d, 0x65, 0x74, 0x61, 16, 4, 0, 0, 0, 5, 2, 0})
	f.Fuzz(func(t *testing.T, b []byte) { _, _ = Decode(b) })
}
