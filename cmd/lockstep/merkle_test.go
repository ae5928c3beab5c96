package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/blake2b"

	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
	"github.com/lockstep-flows/lockstep/worker"
)

// TestMerkleReceipt holds a proof against the receipt of a vote for its root.
func TestMerkleReceipt(t *testing.T) {
	dir := t.TempDir()
	lockstep := func(args ...string) (int, string) {
		var out, errs bytes.Buffer
		code := run(t.Context(), args, streams{strings.NewReader(""), &out, &errs})
		return code, out.String() + errs.String()
	}
	file := func(name string, v any) string {
		text, ok := v.(string)
		if !ok {
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			text = string(b)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	data := file("data.json", `{"records":[{"kWh":1},{"kWh":2.5}]}`)
	_, root := lockstep("merkle", "root", data)
	root = strings.TrimSpace(root)
	code, text := lockstep("merkle", "prove", "--record", "1", data)
	if code != exitOK {
		t.Fatal(text)
	}
	proof := file("proof.json", text)
	receipt := func(vote string) *consensus.Receipt {
		r := &consensus.Receipt{Kind: "receipt", Format: consensus.ReceiptFormat, Vote: consensus.ReceiptVote{Round: "r7", Text: vote, Hashed: true, Rule: "polkadot-js"}}
		signed(t, r)
		return r
	}
	unsigned, changed := receipt(root), receipt(root)
	unsigned.Vote.Signature[5] ^= 1
	changed.Vote.Text = "0x" + strings.Repeat("ab", 32)
	for name, c := range map[string]struct {
		r    *consensus.Receipt
		code int
		want string
	}{
		"the root":       {receipt(root), exitOK, receipt(root).Vote.Worker + ` voted for in the round "r7"`},
		"without 0x":     {receipt(root[2:]), exitOK, "receipt   ok"},
		"another root":   {receipt(strings.Repeat("ab", 32)), exitFailed, "not to 0xabab"},
		"no root":        {receipt("approve"), exitFailed, `the vote "approve" is no Merkle root`},
		"signature":      {unsigned, exitFailed, "its signature is not that of its worker"},
		"a changed text": {changed, exitFailed, "its result is not that of its text"},
	} {
		code, text := lockstep("merkle", "check", "--receipt", file("receipt.json", c.r), proof)
		if code != c.code || !strings.Contains(text, c.want) || !strings.Contains(text, `"2.5" at records[1].kWh`) {
			t.Errorf("%s: %d\n%s", name, code, text)
		}
	}
}

const merkleFlow = `[{"id":"t","type":"tab"},
 {"id":"m","type":"merkle-tree-root-hash","z":"t","x":1,"y":1,"wires":[["c"]]},
 {"id":"c","type":"change","z":"t","x":1,"y":1,"rules":[{"t":"set","p":"payload","pt":"msg","to":"{\"result\":$substring(payload.rootHash, 2),\"votingRoundID\":\"r7\"}","tot":"jsonata"}],"wires":[["s"]]},
 {"id":"s","type":"submit-result","z":"t","x":1,"y":1,"wires":[[]]}]`

// recorded runs the flow with a payload, keeps the journal in a folder and gives the receipt.
func recorded(t *testing.T, dir, payload string) *consensus.Receipt {
	t.Helper()
	parse := func(text string) value.Value {
		v, err := value.ParseJSON(text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	flows, types := parse(merkleFlow), nodes.Worker()
	g, err := worker.Graph(flows, types)
	if err != nil {
		t.Fatal(err)
	}
	o := engine.Options{}
	h, err := journal.NewHeader("test", []value.Value{flows}, o)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := journal.Create(filepath.Join(dir, "run.journal"), h, &o, journal.RecorderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(g, types, o)
	if err != nil {
		t.Fatal(err)
	}
	r := &consensus.Receipt{Kind: "receipt", Format: consensus.ReceiptFormat, Semantics: engine.Semantics}
	n := uint64(0)
	sink := engine.SinkFunc(func(f engine.Effect) error {
		n++
		if err := rec.Put(f); err != nil || f.Kind != consensus.VoteEffect {
			return err
		}
		b, err := consensus.EffectBytes([]engine.Effect{f})
		r.Canonical, r.Journal = string(b), consensus.ReceiptJournal{File: "run.journal", Digest: rec.Digest(), Effect: n, Seed: "0", Zone: "UTC"}
		r.Vote = consensus.ReceiptVote{Round: "r7", Text: f.Body.Object().Get("vote").Str(), Hashed: true, Rule: "polkadot-js"}
		return err
	})
	events := engine.NewScript(1000, engine.Event{Kind: engine.EventMessage, Time: 1001, Target: "m", Body: value.Obj("payload", parse(payload))})
	if err := engine.Run(t.Context(), e, rec.Source(events), sink); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	signed(t, r)
	return r
}

// signed puts the digest, the result and the signature into a receipt.
func signed(t *testing.T, r *consensus.Receipt) {
	t.Helper()
	key, err := keys.FromURI("//Alice", keys.Sr25519)
	if err != nil {
		t.Fatal(err)
	}
	id, sum := key.AccountID(), blake2b.Sum256([]byte(r.Canonical))
	v := &r.Vote
	if v.Result, err = consensus.VoteBytes(v.Text, true, consensus.PolkadotJS); err != nil {
		t.Fatal(err)
	}
	if v.Signature, err = key.Sign(v.Result); err != nil {
		t.Fatal(err)
	}
	r.Digest, v.Public, v.Worker = sum[:], id[:], key.Address(42)
}

// TestMerkleVote takes the data of a proof from the run behind a vote.
func TestMerkleVote(t *testing.T) {
	dir := t.TempDir()
	lockstep := func(args ...string) (int, string) {
		var out, errs bytes.Buffer
		code := run(t.Context(), args, streams{strings.NewReader(""), &out, &errs})
		return code, out.String() + errs.String()
	}
	r := recorded(t, dir, `{"day":"x","records":[{"kWh":1},{"kWh":2.5}]}`)
	write := func(name string, v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := v.(string); ok {
			text = []byte(s)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, name)
	}
	receipt := write("receipt.json", r)
	if code, text := lockstep("merkle", "root", "--receipt", receipt); code != exitOK || strings.TrimSpace(text) != "0x"+r.Vote.Text {
		t.Errorf("%d %s, want %s", code, text, r.Vote.Text)
	}
	code, text := lockstep("merkle", "prove", "--record", "1", "--receipt", receipt)
	if code != exitOK {
		t.Fatal(text)
	}
	code, shown := lockstep("merkle", "check", "--receipt", receipt, write("proof.json", text))
	if code != exitOK || !strings.Contains(shown, `ok      "2.5" at records[1].kWh`) || !strings.Contains(shown, "receipt   ok") {
		t.Errorf("%d %s", code, shown)
	}
	for want, change := range map[string]func(){
		"the receipt does not hold: journal": func() { r.Journal.Digest = strings.Repeat("0", 64) },
		"the receipt has no journal":         func() { r.Journal = consensus.ReceiptJournal{} },
		"the receipt does not hold: result":  func() { r.Vote.Text = "other" },
	} {
		kept := *r
		change()
		code, text := lockstep("merkle", "prove", "--record", "1", "--receipt", write("changed.json", r))
		*r = kept
		if code != exitUsage || !strings.Contains(text, want) {
			t.Errorf("%d %s, want %s", code, text, want)
		}
	}
	if code, text := lockstep("merkle", "root", "--receipt", receipt, receipt); code != exitUsage || !strings.Contains(text, "give a JSON file or --receipt") {
		t.Errorf("%d %s", code, text)
	}
}
