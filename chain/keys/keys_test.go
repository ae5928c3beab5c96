package keys

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// vectors are what polkadot-js 16.4.9 gave: see testdata/gen.mjs.
type vectors struct {
	Pairs []struct{ Type, URI, Public, Address, Signature string }

	Keystores []struct {
		Password, Public string
		JSON             json.RawMessage
	}
	Addresses []struct {
		Prefix  uint16
		Address string
	}
}

func read(t testing.TB) (v vectors) {
	t.Helper()
	text, err := os.ReadFile("testdata/polkadotjs.json")
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err != nil || len(v.Pairs) < 30 {
		t.Fatal(err)
	}
	return v
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.TrimPrefix(s, "0x"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestURIs derives the keys that polkadot-js derives, verifies its signatures and signs.
func TestURIs(t *testing.T) {
	msg := []byte("lockstep")
	for _, c := range read(t).Pairs {
		s, err := ParseScheme(c.Type)
		if err != nil {
			t.Fatal(err)
		}
		p, err := FromURI(c.URI, s)
		if err != nil {
			t.Errorf("%s %s: %v", c.Type, c.URI, err)
			continue
		}
		if hex.EncodeToString(p.Public()) != c.Public[2:] || p.Address(42) != c.Address {
			t.Errorf("%s %s: %x %s, want %s %s", c.Type, c.URI, p.Public(), p.Address(42), c.Public, c.Address)
		}
		if !Verify(s, unhex(t, c.Public), msg, unhex(t, c.Signature)) {
			t.Errorf("%s %s: its signature does not verify", c.Type, c.URI)
		}
		sig, err := p.Sign(msg)
		if err != nil || !Verify(s, p.Public(), msg, sig) || Verify(s, p.Public(), []byte("other"), sig) {
			t.Errorf("%s %s: our signature: %v", c.Type, c.URI, err)
		}
		if !VerifyAccount(s, p.AccountID(), msg, unhex(t, c.Signature)) || !VerifyAccount(s, p.AccountID(), msg, sig) || VerifyAccount(s, [32]byte{1}, msg, sig) ||
			VerifyAccount(s, p.AccountID(), []byte("other"), sig) || VerifyAccount(s, p.AccountID(), msg, sig[1:]) {
			t.Errorf("%s %s: the account is not told by the signature", c.Type, c.URI)
		}
		if s == Ed25519 && hex.EncodeToString(sig) != c.Signature[2:] {
			t.Errorf("%s %s: signature %x", c.Type, c.URI, sig)
		}
		p.Wipe()
		if _, err := p.Sign(msg); err == nil {
			t.Error("a wiped key signs")
		}
	}
}

// TestKeystores opens keystores, also with a wrong password.
func TestKeystores(t *testing.T) {
	for _, c := range read(t).Keystores {
		p, err := FromKeystore(c.JSON, c.Password)
		if err != nil || hex.EncodeToString(p.Public()) != c.Public[2:] {
			t.Errorf("%s: %v, %v", c.JSON, p, err)
		}
		if c.Password != "" {
			if _, err := FromKeystore(c.JSON, "wrong"); err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("with a wrong password: %v", err)
			}
		}
	}
}

// TestAddresses writes and reads SS58 of many prefixes.
func TestAddresses(t *testing.T) {
	id := [32]byte(unhex(t, strings.Repeat("d4", 32)))
	for _, c := range read(t).Addresses {
		if got := Address(id, c.Prefix); got != c.Address {
			t.Errorf("%d: %s, want %s", c.Prefix, got, c.Address)
		}
		back, prefix, err := ParseAddress(c.Address)
		if err != nil || back != id || prefix != c.Prefix {
			t.Errorf("%s: %x %d %v", c.Address, back, prefix, err)
		}
	}
	for _, bad := range []string{"", "5", "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ", "0OIl", "1111111111111111111111111111111111111111111111"} {
		if _, _, err := ParseAddress(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// TestSilence: a key is not shown, and errors do not repeat what was given.
func TestSilence(t *testing.T) {
	const phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk"
	p, err := FromURI(phrase, Sr25519)
	if err != nil {
		t.Fatal(err)
	}
	js, err := json.Marshal(map[string]any{"key": p})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := p.sr.SecretKey().MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprint(p), fmt.Sprintf("%v %+v %#v %s", p, p, p, p), string(js)} {
		if strings.Contains(text, "bottom") || strings.Contains(text, hex.EncodeToString(raw[:8])) {
			t.Errorf("the secret shows: %s", text)
		}
	}
	for _, uri := range []string{"bottom drive obey", phrase + "x", "0x1234", phrase + "//", "secretword//Alice"} {
		if _, err := FromURI(uri, Sr25519); err == nil || strings.Contains(err.Error(), "bottom") || strings.Contains(err.Error(), "secretword") || strings.Contains(err.Error(), "1234") {
			t.Errorf("%q: %v", uri, err)
		}
	}
}

// FuzzKeystore reads anything as a keystore.
func FuzzKeystore(f *testing.F) {
	for _, c := range read(f).Keystores {
		if c.Password == "" {
			f.Add([]byte(c.JSON), "")
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, password string) {
		if strings.Contains(string(text), "scrypt") {
			return // slow on purpose
		}
		_, _ = FromKeystore(text, password)
	})
}
