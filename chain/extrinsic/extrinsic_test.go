package extrinsic

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/blake2b"

	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

const shared = "../../../shared/ewx"

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.TrimPrefix(s, "0x"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestVectors compares whole transactions with those that polkadot.js made for the EWX
// parachain.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(shared, "ewx-parachain.testnet.v73.metadata.jsonl"))
	if err != nil {
		t.Skip("the chain's data is not beside the project")
	}
	var line struct{ Metadata string }
	if err := json.Unmarshal(bytes.SplitN(text, []byte("\n"), 2)[0], &line); err != nil {
		t.Fatal(err)
	}
	m, err := metadata.Decode(unhex(t, line.Metadata))
	if err != nil {
		t.Fatal(err)
	}
	if text, err = os.ReadFile(filepath.Join(shared, "vectors.v73.json")); err != nil {
		t.Fatal(err)
	}
	var v struct {
		Extrinsics map[string]struct{ Call, UnsignedExtrinsic, Hash string }
	}
	if err := json.Unmarshal(text, &v); err != nil || len(v.Extrinsics) < 4 {
		t.Fatal(len(v.Extrinsics), err)
	}
	for name, want := range v.Extrinsics {
		got, err := Unsigned(m, unhex(t, want.Call))
		if err != nil || !bytes.Equal(got, unhex(t, want.UnsignedExtrinsic)) {
			t.Errorf("%s: %x, %v", name, got, err)
		}
		if h := Hash(got); !bytes.Equal(h[:], unhex(t, want.Hash)) {
			t.Errorf("%s: hash %x, want %s", name, h, want.Hash)
		}
		d, err := Decode(m, got)
		if err != nil || d.Pallet != "WorkerNodePallet" || d.Signer != nil || !bytes.Equal(d.Bytes, unhex(t, want.Call)) {
			t.Errorf("%s read back: %+v, %v", name, d, err)
		}
	}
	// A signed one of the real chain's layout.
	alice := pair(t, keys.Sr25519)
	x, err := Signed(m, unhex(t, v.Extrinsics["subscribe"].Call), Context{SpecVersion: 73, TxVersion: 1, Nonce: 5, Era: NewEra(64, 1000), Tip: big.NewInt(3)}, alice, "sr25519")
	if err != nil {
		t.Fatal(err)
	}
	check(t, m, x, alice, Context{SpecVersion: 73, TxVersion: 1})
}

// TestEra encodes eras as Substrate's own tests do.
func TestEra(t *testing.T) {
	for _, c := range []struct {
		blocks, at, birth uint64
		want              string
	}{{0, 7, 0, "00"}, {64, 42, 42, "a502"}, {32768, 20000, 20000, "4e9c"}, {200, 513, 513, "1700"}, {2, 1, 1, "1100"}, {4, 6, 6, "2100"}} {
		e := NewEra(c.blocks, c.at)
		b, err := e.Append(nil)
		if err != nil || hex.EncodeToString(b) != c.want || e.Birth(c.at) != c.birth {
			t.Errorf("%+v: %x, %v, birth %d", c, b, err, e.Birth(c.at))
		}
		if back, err := readEra(scale.NewDecoder(b)); err != nil || back != e {
			t.Errorf("%x read back: %+v, %v", b, back, err)
		}
	}
}

func pair(t testing.TB, s keys.Scheme) *keys.Pair {
	t.Helper()
	p, err := keys.FromURI("//Alice", s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// check reads a signed transaction back and verifies its signature.
func check(t *testing.T, m *metadata.Metadata, x []byte, key *keys.Pair, c Context) {
	t.Helper()
	d, err := Decode(m, x)
	if err != nil {
		t.Fatal(err)
	}
	msg, err := d.Signed(m, c)
	if err != nil {
		t.Fatal(err)
	}
	sig := d.Signature
	if v, ok := sig.(*scale.Variant); ok {
		sig = v.Fields.At(0)
	}
	b, _ := sig.([]byte)
	if id, ok := d.Account(); !ok || id != key.AccountID() || !keys.Verify(key.Scheme(), key.Public(), msg, b) {
		t.Errorf("the signature %x of %v is not valid", b, d.Signer)
	}
}

// types of a runtime that offers every kind of extension.
func types(t testing.TB) *scale.Registry {
	t.Helper()
	r, err := scale.NewRegistry([]*scale.Type{
		{ID: 0, Kind: scale.Tuple}, {ID: 1, Kind: scale.Primitive, Prim: scale.U32}, {ID: 2, Kind: scale.Primitive, Prim: scale.U128}, {ID: 3, Kind: scale.Primitive, Prim: scale.U8},
		{ID: 4, Kind: scale.Array, Elem: 3, Len: 32}, {ID: 5, Kind: scale.Array, Elem: 3, Len: 64}, {ID: 6, Kind: scale.Array, Elem: 3, Len: 65}, {ID: 7, Kind: scale.Sequence, Elem: 3},
		{ID: 8, Kind: scale.Composite, Path: []string{"sp_core", "crypto", "AccountId32"}, Fields: []scale.Field{{Type: 4}}},
		{ID: 9, Kind: scale.VariantKind, Path: []string{"sp_runtime", "multiaddress", "MultiAddress"}, Cases: []scale.Case{{Name: "Id", Fields: []scale.Field{{Type: 8}}}}},
		{ID: 10, Kind: scale.VariantKind, Path: []string{"sp_runtime", "MultiSignature"}, Cases: []scale.Case{{Name: "Ed25519", Fields: []scale.Field{{Type: 5}}}, {Name: "Sr25519", Index: 1, Fields: []scale.Field{{Type: 5}}}, {Name: "Ecdsa", Index: 2, Fields: []scale.Field{{Type: 6}}}}},
		{ID: 11, Kind: scale.Compact, Elem: 1}, {ID: 12, Kind: scale.Compact, Elem: 2},
		{ID: 13, Kind: scale.VariantKind, Path: []string{"Option"}, Cases: []scale.Case{{Name: "None"}, {Name: "Some", Index: 1, Fields: []scale.Field{{Type: 1}}}}},
		{ID: 14, Kind: scale.Composite, Path: []string{"ChargeAssetTxPayment"}, Fields: []scale.Field{{Name: "tip", Type: 12}, {Name: "asset_id", Type: 13}}},
		{ID: 15, Kind: scale.VariantKind, Path: []string{"Mode"}, Cases: []scale.Case{{Name: "Disabled"}, {Name: "Enabled", Index: 1}}},
		{ID: 16, Kind: scale.Composite, Path: []string{"CheckMetadataHash"}, Fields: []scale.Field{{Name: "mode", Type: 15}}},
		{ID: 17, Kind: scale.VariantKind, Path: []string{"Option"}, Cases: []scale.Case{{Name: "None"}, {Name: "Some", Index: 1, Fields: []scale.Field{{Type: 4}}}}},
		{ID: 18, Kind: scale.VariantKind, Path: []string{"pallet", "Call"}, Cases: []scale.Case{{Name: "remark", Index: 3, Fields: []scale.Field{{Name: "remark", Type: 7}}}}},
		{ID: 19, Kind: scale.VariantKind, Path: []string{"RuntimeCall"}, Cases: []scale.Case{{Name: "System", Fields: []scale.Field{{Type: 18}}}}},
		{ID: 20, Kind: scale.VariantKind, Path: []string{"VerifySignature"}, Cases: []scale.Case{{Name: "Signed", Fields: []scale.Field{{Name: "signature", Type: 10}, {Name: "account", Type: 8}}}, {Name: "Disabled", Index: 1}}},
		{ID: 21, Kind: scale.VariantKind, Path: []string{"Era"}, Cases: []scale.Case{{Name: "Immortal"}}},
		{ID: 22, Kind: scale.Composite, Path: []string{"StorageWeightReclaim"}, Fields: []scale.Field{{Type: 0}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func runtime(t testing.TB, version uint8, ext ...metadata.Extension) *metadata.Metadata {
	t.Helper()
	m := &metadata.Metadata{Types: types(t), Pallets: []*metadata.Pallet{{Name: "System", Calls: 18, Events: -1, Errors: -1}}}
	m.Extrinsic = metadata.Extrinsic{Versions: []uint8{version}, Address: 9, Call: 19, Signature: 10, Type: -1, Extensions: append(ext,
		metadata.Extension{Name: "CheckSpecVersion", Type: 0, Implicit: 1}, metadata.Extension{Name: "CheckGenesis", Type: 0, Implicit: 4}, metadata.Extension{Name: "CheckEra", Type: 21, Implicit: 4},
		metadata.Extension{Name: "CheckNonce", Type: 11, Implicit: 0}, metadata.Extension{Name: "ChargeAssetTxPayment", Type: 14, Implicit: 0},
		metadata.Extension{Name: "CheckMetadataHash", Type: 16, Implicit: 17}, metadata.Extension{Name: "StorageWeightReclaim", Type: 22, Implicit: 0})}
	return m
}

// TestExtensions signs with every extension and every scheme.
func TestExtensions(t *testing.T) {
	hash := [32]byte{9}
	for _, s := range []keys.Scheme{keys.Sr25519, keys.Ed25519, keys.Ecdsa} {
		for _, remark := range []string{"short", strings.Repeat("long", 100)} {
			m := runtime(t, 4)
			call, err := m.Call("System", "remark", []any{remark})
			if err != nil {
				t.Fatal(err)
			}
			c := Context{SpecVersion: 1, Genesis: [32]byte{1}, Era: NewEra(64, 100), EraBlock: [32]byte{2}, Nonce: 70, Tip: big.NewInt(1000), MetadataHash: &hash}
			key := pair(t, s)
			x, err := Signed(m, call, c, key, s.String())
			if err != nil {
				t.Fatal(err)
			}
			check(t, m, x, key, c)
			d, err := Decode(m, x)
			if err != nil || d.Nonce() != 70 || d.Era() != c.Era || d.Tip().Int64() != 1000 || d.Call != "remark" || !bytes.Equal(d.Bytes, call) {
				t.Errorf("%+v, %v", d, err)
			}
		}
	}
	m := runtime(t, 4)
	with, err := Payload(m, []byte{0, 3, 0}, Context{Asset: 7, MetadataHash: &hash})
	if want := "000300" + "00" + "00" + "00" + "0107000000" + "01"; err != nil || !strings.HasPrefix(hex.EncodeToString(with), want) {
		t.Errorf("%x, %v, want %s…", with, err, want)
	}
}

// TestUnknown refuses extensions that are not known and need data, by name.
func TestUnknown(t *testing.T) {
	call := []byte{0, 3, 0}
	for name, c := range map[string]struct {
		ext  metadata.Extension
		fine bool
	}{
		"no data": {metadata.Extension{Name: "Novel", Type: 22, Implicit: 0}, true}, "option": {metadata.Extension{Name: "Novel", Type: 13, Implicit: 17}, true},
		"data": {metadata.Extension{Name: "Novel", Type: 1, Implicit: 0}, false}, "implicit": {metadata.Extension{Name: "Novel", Type: 0, Implicit: 4}, false},
	} {
		_, err := Payload(runtime(t, 4, c.ext), call, Context{})
		if (err == nil) != c.fine || err != nil && !strings.Contains(err.Error(), "Novel") {
			t.Errorf("%s: %v", name, err)
		}
	}
	m := runtime(t, 4, metadata.Extension{Name: "Novel", Type: 1, Implicit: 0})
	if _, err := Payload(m, call, Context{Values: map[string]Data{"Novel": {Explicit: 5}}}); err != nil {
		t.Error(err)
	}
	if _, err := Unsigned(runtime(t, 6), call); err == nil {
		t.Error("version 6 was taken")
	}
}

// TestGeneral builds transactions of version 5.
func TestGeneral(t *testing.T) {
	call := []byte{0, 3, 0}
	b, err := Unsigned(runtime(t, 5), call)
	if err != nil || hex.EncodeToString(b) != "1005000300" {
		t.Errorf("%x, %v", b, err)
	}
	key := pair(t, keys.Sr25519)
	if _, err := Signed(runtime(t, 5), call, Context{}, key, "sr25519"); err == nil {
		t.Error("signed without an extension that verifies")
	}
	m := runtime(t, 5, metadata.Extension{Name: "VerifySignature", Type: 20, Implicit: 0})
	c := Context{SpecVersion: 1, Nonce: 4}
	x, err := Signed(m, call, c, key, "sr25519")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Decode(m, x)
	if err != nil || !d.General || d.Nonce() != 4 || !bytes.Equal(d.Bytes, call) {
		t.Fatalf("%+v, %v", d, err)
	}
	v := d.Extensions["VerifySignature"].(*scale.Variant)
	ps, err := parts(m, &c)
	if err != nil {
		t.Fatal(err)
	}
	msg := append([]byte{0}, call...)
	for _, p := range ps[1:] {
		msg = append(msg, p.explicit...)
	}
	for _, p := range ps[1:] {
		msg = append(msg, p.implicit...)
	}
	sum := blake2b.Sum256(msg)
	if !keys.Verify(keys.Sr25519, key.Public(), sum[:], v.Fields.Get("signature").(*scale.Variant).Fields.At(0).([]byte)) {
		t.Error("the signature is not valid")
	}
}

// FuzzExtrinsic reads anything as a transaction.
func FuzzExtrinsic(f *testing.F) {
	m4 := runtime(f, 4)
	m5 := runtime(f, 5, metadata.Extension{Name: "VerifySignature", Type: 20, Implicit: 0})
	x, err := Signed(m4, []byte{0, 3, 0}, Context{Era: NewEra(64, 1)}, pair(f, keys.Ed25519), "ed25519")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(x)
	f.Add([]byte{0x10, 5, 0, 3, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, m := range []*metadata.Metadata{m4, m5} {
			d, err := Decode(m, b)
			if err != nil {
				continue
			}
			d.Account()
			if _, err := d.Signed(m, Context{}); err != nil && !d.General && d.Signer != nil && d.Era().Period != 0 {
				t.Errorf("%x: %v", b, err)
			}
		}
	})
}
