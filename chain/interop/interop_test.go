// Package interop holds the client and the devnet against other people's: polkadot.js, and
// the runtime of a real chain in chopsticks. The tests need the packages of package.json
// (make interop installs them) and are skipped without.
package interop

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/chain/keys"
)

func node(t *testing.T, folder string) string {
	t.Helper()
	if os.Getenv("LOCKSTEP_JUDGE") == "" {
		t.Skip("make interop runs this")
	}
	if _, err := os.Stat(folder + "/node_modules"); err != nil {
		t.Skip("the packages are not installed: make interop")
	}
	name, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	return name
}

// seen is what the script of polkadot.js tells.
type seen struct {
	Metadata struct {
		V14  int `json:"14"`
		V15  int `json:"15"`
		Same bool
		Used int
		APIs []string
	}
	Calls            map[string][]string
	Storage          map[string]string
	Heads, Finalized int
	Events           map[string]int
	Failures, Missed []string
	Batch, Fee       string
	Nonce            int
	Stake            string
	Block            struct{ Number, Extrinsics int }
}

// TestPolkadotJS lets polkadot.js drive a devnet, and compares what it read with what our
// client reads.
func TestPolkadotJS(t *testing.T) {
	bin := node(t, "polkadotjs")
	c, err := devnet.New(devnet.Settings{RewardPeriod: 60})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	server := httptest.NewServer(c)
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	url := strings.Replace(server.URL, "http", "ws", 1)
	cmd := exec.CommandContext(ctx, bin, "polkadotjs/drive.mjs", url)
	var log bytes.Buffer
	cmd.Stderr = &log
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, text, log.String())
	}
	var s seen
	if i := bytes.IndexByte(text, '{'); i < 0 || json.Unmarshal(text[i:], &s) != nil {
		t.Fatalf("%s\n%s", text, log.String())
	}
	for _, f := range s.Failures {
		t.Error(f)
	}
	if len(s.Missed) > 0 || s.Batch != "" || s.Nonce == 0 || s.Block.Number != 5 || s.Block.Extrinsics < 2 {
		t.Errorf("missed %v, batch %q, nonce %d, block %+v", s.Missed, s.Batch, s.Nonce, s.Block)
	}
	if m := s.Metadata; m.V14 != 14 || m.V15 != 15 || !m.Same {
		t.Errorf("metadata %+v", m)
	}
	if s.Heads < 40 || s.Finalized < 40 || s.Events["workerNodePallet.SolutionResultSubmitted"] != 1 || s.Events["workerNodePallet.VotingRoundSettled"] != 1 {
		t.Errorf("%d heads, %d finalized, events %v", s.Heads, s.Finalized, s.Events)
	}
	compare(ctx, t, url, s)
	calls := 0
	for _, r := range s.Calls {
		calls += len(r)
	}
	t.Logf("polkadot.js %v: %d calls of %d kinds, %d values, %d heads", s.Metadata, calls, len(s.Calls), len(s.Storage), s.Heads)
}

// compare reads with our client what polkadot.js read.
func compare(ctx context.Context, t *testing.T, url string, s seen) {
	t.Helper()
	client, err := chain.Dial(ctx, chain.Options{Endpoints: []string{url}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	m := client.Metadata()
	n := 0
	for _, e := range m.Pallet("WorkerNodePallet").Storage {
		err := client.Each(ctx, nil, "WorkerNodePallet", e.Name, nil, func(k []any, v any) error {
			key, err := m.Key(e, k...)
			if err != nil {
				return err
			}
			raw, err := m.Types.Encode(e.Value, v)
			if err != nil {
				return err
			}
			n++
			if want := s.Storage["0x"+hex.EncodeToString(key)]; want != "0x"+hex.EncodeToString(raw) {
				t.Errorf("%s%v: %x, polkadot.js has %s", e.Name, k, raw, want)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if n < 20 {
		t.Errorf("only %d values", n)
	}
}

// TestChopsticks uses our client on the runtime of a real parachain.
func TestChopsticks(t *testing.T) {
	bin := node(t, "chopsticks")
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	url := chopsticks(ctx, t, bin)
	c, err := chain.Dial(ctx, chain.Options{Endpoints: []string{url}, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	name, spec, _ := c.Runtime()
	m := c.Metadata()
	alice, err := keys.FromURI("//Alice", keys.Sr25519)
	if err != nil {
		t.Fatal(err)
	}
	before, err := c.Get(ctx, nil, "System", "Account", alice.AccountID())
	if err != nil || before == nil {
		t.Fatal(before, err)
	}
	accounts := 0
	if err := c.Each(ctx, nil, "System", "Account", nil, func([]any, any) error { accounts++; return nil }); err != nil || accounts == 0 {
		t.Errorf("%d accounts, %v", accounts, err)
	}
	for i, o := range []chain.SignOptions{{}, {Immortal: true}, {Blocks: 128, Tip: big.NewInt(5)}} {
		x, err := c.Signed(ctx, alice, "System", "remark_with_event", []any{strings.Repeat("lockstep", 1+40*i)}, o)
		if err != nil {
			t.Fatal(err)
		}
		_, from, err := c.Head(ctx)
		if err != nil {
			t.Fatal(err)
		}
		hash, err := c.Submit(ctx, x)
		if err != nil {
			t.Fatal(err)
		}
		in, err := c.Watch(ctx, hash, chain.WatchOptions{From: from + 1, Blocks: 3, Best: true, Every: 200 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		remarked := false
		for _, e := range in.Events {
			remarked = remarked || e.Pallet == "System" && e.Name == "Remarked"
		}
		if in.Error != "" || !remarked {
			t.Errorf("%s: %+v", in.Error, in.Events)
		}
	}
	t.Logf("%s %d, metadata %d, %d pallets, %d types, extensions %d, %d accounts", name, spec, m.Version, len(m.Pallets), m.Types.Len(), len(m.Extrinsic.Extensions), accounts)
}

// chopsticks starts a chain from a genesis that an npm package carries, and gives its URL.
func chopsticks(ctx context.Context, t *testing.T, bin string) string {
	t.Helper()
	dir := t.TempDir()
	script := `import { writeFileSync } from 'fs';
const spec = await import('./node_modules/@substrate/connect-known-chains/dist/esm/specs/rococo_v2_2_asset_hub.js');
writeFileSync(process.argv[2], Object.values(spec).find((v) => typeof v === 'string'));`
	file := "chopsticks/genesis.tmp.mjs"
	if err := os.WriteFile(file, []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(file)
	genesis := dir + "/genesis.json"
	if out, err := exec.CommandContext(ctx, bin, file, genesis).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	config := "genesis: " + genesis + "\nport: 0\naddr: 127.0.0.1\nhost: 127.0.0.1\nbuild-block-mode: Instant\nimport-storage:\n  System:\n    Account:\n      - - - 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY\n        - providers: 1\n          data:\n            free: '1000000000000000000000'\n"
	if err := os.WriteFile(dir+"/config.yml", []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	cmd := exec.CommandContext(ctx, bin, "chopsticks/node_modules/@acala-network/chopsticks/chopsticks.cjs", "-c", dir+"/config.yml", "--port", port)
	log, err := os.Create(dir + "/log")
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		log.Close()
	})
	url := "ws://127.0.0.1:" + port
	for range 240 {
		c, err := chain.Dial(ctx, chain.Options{Endpoints: []string{url}, Attempts: 1, Timeout: 20 * time.Second})
		if err == nil {
			c.Close()
			return url
		}
		select {
		case <-ctx.Done():
		case <-time.After(500 * time.Millisecond):
		}
	}
	text, _ := os.ReadFile(dir + "/log")
	t.Fatalf("chopsticks did not start:\n%s", text)
	return ""
}

// freePort is one that nobody uses now.
func freePort(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(nil)
	defer s.Close()
	return s.URL[strings.LastIndexByte(s.URL, ':')+1:]
}
