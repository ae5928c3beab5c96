package chain_test

import (
	"bytes"
	"net/http/httptest"
	"testing"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/chain/extrinsic"
	"github.com/lockstep-flows/lockstep/chain/keys"
)

// TestDraft: what is read from a draft is what its signature is over, for each scheme, and
// only the key of its account signs it.
func TestDraft(t *testing.T) {
	c, err := devnet.New(devnet.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(c)
	client, err := chain.Dial(t.Context(), chain.Options{Endpoints: []string{server.URL}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		_ = c.Close() // at the end of the test
		server.Close()
	})
	other, err := keys.FromURI("//Other", keys.Sr25519)
	if err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []keys.Scheme{keys.Sr25519, keys.Ed25519, keys.Ecdsa} {
		key, err := keys.FromURI("//Mine", scheme)
		if err != nil {
			t.Fatal(err)
		}
		d, err := client.Draft(t.Context(), key.AccountID(), "System", "remark", map[string]any{"remark": "hello"}, chain.SignOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Sign(other); err == nil {
			t.Errorf("%s: another key signs it", scheme)
		}
		sketch, err := d.Sketch(scheme)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := d.Sign(key)
		if err != nil {
			t.Fatal(err)
		}
		a, errA := extrinsic.Decode(d.Metadata(), sketch.Bytes)
		b, errB := extrinsic.Decode(d.Metadata(), signed.Bytes)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		from, okA := a.Account()
		by, okB := b.Account()
		if !bytes.Equal(a.Bytes, b.Bytes) || len(sketch.Bytes) != len(signed.Bytes) || a.Nonce() != b.Nonce() || a.Era() != b.Era() || !okA || !okB || from != by || by != key.AccountID() {
			t.Errorf("%s: the draft %x is signed as %x", scheme, sketch.Bytes, signed.Bytes)
		}
		if a.Call != "remark" || string(a.Args.Get("remark").([]byte)) != "hello" || d.Until == 0 || d.Until != signed.Until {
			t.Errorf("%s: %+v until %d", scheme, a, d.Until)
		}
	}
	if _, err := client.Draft(t.Context(), other.AccountID(), "System", "nothing", nil, chain.SignOptions{}); err == nil {
		t.Error("there is no such call")
	}
}
