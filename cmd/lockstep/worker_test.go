package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/scale"
	"github.com/lockstep-flows/lockstep/content"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

const votingFlow = `{"label":"x","nodes":[
 {"id":"aaaaaaaaaaaa0001","type":"inject","z":"f","x":1,"y":1,"props":[{"p":"payload"}],"payload":"{\"result\":\"approve\",\"votingRoundID\":\"round-1\"}","payloadType":"json","once":true,"onceDelay":0,"wires":[["aaaaaaaaaaaa0002"]]},
 {"id":"aaaaaaaaaaaa0002","type":"submit-result","z":"f","x":1,"y":1,"wires":[[]]}],"configs":[]}`

// onDevnet makes a chain with a solution that a worker's operator has subscribed to.
type onDevnet struct {
	testing.TB
	rpc    *chain.Client
	url    string
	spec73 bool
}

// fast are the settings of a chain that nobody has to wait for.
var fast = devnet.Settings{BlockTime: 100 * time.Millisecond, Instant: true, RewardPeriod: 10}

func devChain(t testing.TB, s devnet.Settings) *onDevnet {
	t.Helper()
	c, err := devnet.New(s)
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
	return &onDevnet{t, client, server.URL, s.Spec73}
}

func (d *onDevnet) sign(who, pallet, call string, args any) {
	d.Helper()
	p, err := keys.FromURI(who, keys.Sr25519)
	if err != nil {
		d.Fatal(err)
	}
	if _, err := d.rpc.Execute(d.Context(), p, pallet, call, args, chain.SignOptions{}, chain.WatchOptions{Best: true, Every: 20 * time.Millisecond}); err != nil {
		d.Fatal(err)
	}
}

// prepare makes a group with the solution sol, to which //Dave subscribes with a worker.
func (d *onDevnet) prepare(cid string, worker [32]byte) {
	d.Helper()
	d.found([][2]string{{"sol", cid}}, []operator{{"//Dave", worker}})
}

// operator is one who subscribes, with the account of the worker.
type operator struct {
	uri    string
	worker [32]byte
}

// found makes a group with solutions, each a name and a CID, and subscribes operators to it.
func (d *onDevnet) found(solutions [][2]string, operators []operator) {
	d.Helper()
	bob, err := keys.FromURI("//Bob", keys.Sr25519)
	if err != nil {
		d.Fatal(err)
	}
	one := new(big.Int).SetUint64(1e18)
	pallet := onchain.Pallet
	d.sign("//Alice", "Sudo", "sudo", []any{scale.Var(pallet, &scale.Variant{Name: "allow_account", Fields: scale.Rec("account", bob.AccountID())})})
	d.sign("//Bob", pallet, "signup_solution_registrar", []any{"Bob", "BE"})
	for _, s := range solutions {
		solution := map[string]any{"namespace": s[0], "name": "name", "description": "d", "publisher_info": "p", "logo_url": nil, "work_logic_cid": s[1], "execution_environment": "NodeRedV1",
			"expiration_block": 1_000_000, "max_waiting_threshold": 5, "vote_threshold_percent": 60, "addition_to_extraneous_groups_allowed": false, "quorum_percent": 50}
		if d.spec73 {
			delete(solution, "quorum_percent")
		}
		d.sign("//Bob", pallet, "register_solution", solution)
		d.sign("//Bob", pallet, "set_activation_status", []any{s[0], "Active"})
	}
	_, head, err := d.rpc.Head(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	group := map[string]any{"namespace": "grp", "info": map[string]any{"name": "n", "description": "d", "publisher_info": "p", "logo_url": "l"},
		"operators_config":      map[string]any{"start_block": 0, "max_operator_workers": max(5, len(operators)), "allowed_operators": max(2, len(operators)), "staking_amounts": map[string]any{"min": one, "max": one}, "has_operators_allowlist": false},
		"rewards_config":        map[string]any{"subscription_reward_per_block": 1, "voting_reward_per_block": 2, "top_performance_bonus": 0},
		"operation_start_block": head + 5, "operation_end_block": 900_000, "withdrawal_delay": 3, "has_cid_allowance": false}
	if d.spec73 {
		delete(group, "has_cid_allowance")
	}
	d.sign("//Bob", pallet, "solution_group_registration", group)
	for _, s := range solutions {
		d.sign("//Bob", pallet, "add_solution_to_group", []any{"grp", s[0]})
	}
	for _, o := range operators {
		d.sign(o.uri, pallet, "signup_worker_node_operator", []any{o.uri[2:], "DE"})
		d.sign(o.uri, pallet, "connect_worker_node", []any{o.worker})
		d.sign(o.uri, pallet, "subscribe_to_solution_group", []any{"grp", one})
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // only its port is wanted
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// services are the base URLs and the gateway that a worker asks, with documents, whose
// CIDs it gives.
func services(t testing.TB, rpc string, documents ...string) (url string, cids []string) {
	t.Helper()
	blocks := map[string][]byte{}
	for _, d := range documents {
		c, parts := content.Blocks([]byte(d), content.Kubo)
		maps.Copy(blocks, parts)
		cids = append(cids, c.String())
	}
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/base_urls.json":
			_ = json.NewEncoder(w).Encode(map[string]string{"base_indexer_url": server.URL, "rpc_url": rpc, "workers_registry_url": server.URL, "auth_server_url": server.URL})
		case strings.HasPrefix(r.URL.Path, "/ipfs/") && r.Header.Get("Accept") == "application/vnd.ipld.raw":
			w.Header().Set("Content-Type", "application/vnd.ipld.raw")
			_, _ = w.Write(blocks[strings.TrimPrefix(r.URL.Path, "/ipfs/")])
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, cids
}

// settings writes the environment of //Dave//worker, and gives where it listens.
func settings(t testing.TB, dir, rpc, services, more string) (file, endpoints, api string) {
	t.Helper()
	file = filepath.Join(dir, "worker.env")
	ports := [3]string{freePort(t), freePort(t), freePort(t)}
	text := fmt.Sprintf("VOTING_RPC_URL=%s\nVOTING_WORKER_SEED=//Dave//worker\nBASE_URLS=%s/base_urls.json\nIPFS_URL=%s\nSOLUTION_QUEUE_PROCESS_DELAY=100\nLOCKSTEP_DATA=%s/data\nSQLITE_BASE_PATH=%s/sqlite\nHEARTBEAT_PATH=%s/beat\nPORT=%s\nLOCKSTEP_API_PORT=%s\nADMIN_SERVER_PORT=%s\nPRETTY_PRINT=true\n%s\n",
		rpc, services, services, dir, dir, dir, ports[0], ports[1], ports[2], more)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, "http://127.0.0.1:" + ports[0], "http://127.0.0.1:" + ports[1]
}

// TestWorkerOnDevnet goes from chain to vote: the worker finds its solution, fetches the
// flow by its CID, votes, and its receipt holds, also against the chain.
func TestWorkerOnDevnet(t *testing.T) {
	d := devChain(t, fast)
	services, cids := services(t, d.url, votingFlow)
	pair, err := keys.FromURI("//Dave//worker", keys.Sr25519)
	if err != nil {
		t.Fatal(err)
	}
	d.prepare(cids[0], pair.AccountID())
	dir := t.TempDir()
	env, _, _ := settings(t, dir, d.url, services, "SHUTDOWN_TIMEOUT_MS=20000")
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"worker", "--env-file", env}, streams{strings.NewReader(""), &bytes.Buffer{}, &out})
	}()
	var receipts []string
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		receipts, _ = filepath.Glob(filepath.Join(dir, "data", "receipts", "*.json"))
		if len(receipts) == 1 {
			if b, err := os.ReadFile(receipts[0]); err == nil && strings.Contains(string(b), `"state": "counted"`) {
				break
			}
		}
	}
	cancel()
	if code := <-done; code != exitOK {
		t.Errorf("it ended with %d", code)
	}
	if len(receipts) != 1 {
		t.Fatalf("there is no receipt\n%s", out.String())
	}
	var shown, errs bytes.Buffer
	code := run(t.Context(), []string{"verify", "--rpc", d.url, receipts[0]}, streams{strings.NewReader(""), &shown, &errs})
	if code != exitOK || strings.Count(shown.String(), " ok ") != 7 {
		t.Errorf("verify gives %d\n%s%s\n%s", code, shown.String(), errs.String(), out.String())
	}
	v, err := d.rpc.Get(t.Context(), nil, onchain.Pallet, "SolutionResults", "sol", "round-1", pair.AccountID())
	if b, ok := v.([]byte); err != nil || !ok || fmt.Sprintf("%x", b) != "681266a0916bc1e435883c5ff0623178684cb80b7d71ade49e1bc6606a71ffcc" {
		t.Errorf("the chain has %v %v", v, err)
	}
	if strings.Contains(out.String(), "//Dave//worker") {
		t.Error("the seed is in the log")
	}
	t.Log("\n" + shown.String())
}
