package indexer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/chain/indexer"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

const pallet = "WorkerNodePallet"

// operators of the tests; the worker of one is its //worker.
var operators = []string{"//Charlie", "//Dave", "//Eve"}

// network is a chain that makes blocks when the test says so, and an indexer of it.
type network struct {
	*testing.T
	chain  *devnet.Chain
	client *chain.Client
	ix     *indexer.Indexer
	url    string
}

// newNetwork starts a chain without an indexer.
func newNetwork(t *testing.T, s devnet.Settings) *network {
	t.Helper()
	s.Manual = true
	c, err := devnet.New(s)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(c)
	client, err := chain.Dial(t.Context(), chain.Options{Endpoints: []string{"ws" + strings.TrimPrefix(server.URL, "http")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		_ = c.Close() // at the end of the test
		server.Close()
	})
	return &network{T: t, chain: c, client: client}
}

// index starts an indexer, which runs until the test ends.
func (n *network) index(o indexer.Options) {
	n.Helper()
	o.Every = 10 * time.Millisecond
	if o.Warn == nil {
		o.Warn = func(text string) { n.Error(text) }
	}
	n.ix = indexer.New(n.client, o)
	ctx, cancel := context.WithCancel(n.Context())
	done := make(chan error, 1)
	go func() { done <- n.ix.Run(ctx) }()
	server := httptest.NewServer(n.ix)
	n.url = server.URL
	n.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			n.Error(err)
		}
		server.Close()
	})
}

// prepared is a chain with a group, a solution and operators whose stakes count, and an
// indexer that has read it all.
func prepared(t *testing.T, s devnet.Settings) *network {
	t.Helper()
	n := newNetwork(t, s)
	n.prepare()
	n.index(indexer.Options{Best: true})
	n.wait()
	return n
}

func pair(t testing.TB, uri string) *keys.Pair {
	t.Helper()
	p, err := keys.FromURI(uri, keys.Sr25519)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (n *network) address(uri string) string {
	n.Helper()
	return pair(n, uri).Address(42)
}

func (n *network) seal(blocks int) {
	n.Helper()
	for range blocks {
		if _, err := n.chain.Seal(); err != nil {
			n.Fatal(err)
		}
	}
}

func (n *network) head() uint32 {
	_, number := n.chain.Head()
	return number
}

// sign carries out a call in a block of its own.
func (n *network) sign(uri, pallet, call string, args any) {
	n.Helper()
	x, err := n.client.Signed(n.Context(), pair(n, uri), pallet, call, args, chain.SignOptions{})
	if err != nil {
		n.Fatal(err)
	}
	n.include(x)
	in, err := n.client.Watch(n.Context(), x.Hash(), chain.WatchOptions{From: n.head(), Best: true, Blocks: 1})
	if err != nil || in.Error != "" {
		n.Fatalf("%s: %v %v", call, err, in)
	}
}

func (n *network) include(x chain.Extrinsic) {
	n.Helper()
	if _, err := n.client.Submit(n.Context(), x); err != nil {
		n.Fatal(err)
	}
	n.seal(1)
}

// vote votes as the worker of an operator, in a block of its own.
func (n *network) vote(operator, round, result string) {
	n.Helper()
	key := pair(n, operator+"//worker")
	id := key.AccountID()
	sig, err := key.Sign([]byte(result))
	if err != nil {
		n.Fatal(err)
	}
	x, err := n.client.Unsigned(pallet, "submit_solution_result", map[string]any{"solution_namespace": "sol", "voting_round_id": round, "result": []byte(result), "signature": sig, "pub_key": id[:]})
	if err != nil {
		n.Fatal(err)
	}
	n.include(x)
}

func (n *network) prepare() {
	n.Helper()
	one := new(big.Int).SetUint64(1e18)
	later := false
	if _, err := n.client.Metadata().Storage(pallet, "SystemVotingRound"); err == nil {
		later = true
	}
	n.sign("//Alice", "Sudo", "sudo", []any{scale.Var(pallet, &scale.Variant{Name: "allow_account", Fields: scale.Rec("account", pair(n, "//Bob").AccountID())})})
	n.sign("//Bob", pallet, "signup_solution_registrar", []any{"Bob", "BE"})
	solution := map[string]any{"namespace": "sol", "name": "A solution", "description": "d", "publisher_info": "p", "logo_url": nil, "work_logic_cid": "ipfs:Qm", "execution_environment": "NodeRedV1",
		"expiration_block": 1_000_000, "max_waiting_threshold": 8, "vote_threshold_percent": 60, "addition_to_extraneous_groups_allowed": false}
	group := map[string]any{"namespace": "grp", "info": map[string]any{"name": "A group", "description": "d", "publisher_info": "p", "logo_url": "l"},
		"operators_config":      map[string]any{"start_block": 0, "max_operator_workers": 9, "allowed_operators": 9, "staking_amounts": map[string]any{"min": one, "max": new(big.Int).Mul(one, one)}, "has_operators_allowlist": false},
		"rewards_config":        map[string]any{"subscription_reward_per_block": 1, "voting_reward_per_block": 2, "top_performance_bonus": 0},
		"operation_start_block": n.head() + 6, "operation_end_block": 100_000, "withdrawal_delay": 3}
	if later {
		solution["quorum_percent"], group["has_cid_allowance"] = 50, false
	}
	n.sign("//Bob", pallet, "register_solution", solution)
	n.sign("//Bob", pallet, "set_activation_status", []any{"sol", "Active"})
	n.sign("//Bob", pallet, "solution_group_registration", group)
	n.sign("//Bob", pallet, "add_solution_to_group", []any{"grp", "sol"})
	for _, o := range operators {
		n.sign(o, pallet, "signup_worker_node_operator", []any{o[2:], "DE"})
		n.sign(o, pallet, "connect_worker_node", []any{pair(n, o+"//worker").AccountID()})
		n.sign(o, pallet, "subscribe_to_solution_group", []any{"grp", one})
	}
	for range 100 {
		v, err := n.client.Get(n.Context(), nil, pallet, "ActiveRewardPeriodInfo")
		if err != nil {
			n.Fatal(err)
		}
		period, _ := v.(*scale.Record)
		stake, err := n.client.Get(n.Context(), nil, pallet, "SolutionGroupSubscriptionRegistry", period.Get("index"), []any{"grp", pair(n, operators[2]).AccountID()})
		if err != nil {
			n.Fatal(err)
		}
		if stake != nil {
			return
		}
		n.seal(1)
	}
	n.Fatal("the stakes do not count after 100 blocks")
}

// wait waits until the indexer has read the best block.
func (n *network) wait() {
	n.Helper()
	n.waitFor(n.ix, n.head())
}

func (n *network) waitFor(ix *indexer.Indexer, block uint32) {
	n.Helper()
	ctx, cancel := context.WithTimeout(n.Context(), time.Minute)
	defer cancel()
	for {
		changed := ix.Changed()
		if _, last, ok := ix.Blocks(); ok && last >= block {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			n.Fatalf("the indexer did not come to block %d", block)
		}
	}
}

// ask sends a query, and gives the data; pairs are variables.
func (n *network) ask(query string, pairs ...any) string {
	n.Helper()
	status, data, errs := post(n, n.url+"/graphql", query, pairs...)
	if status != http.StatusOK || len(errs) > 0 {
		n.Fatalf("%s: %d %v", query, status, errs)
	}
	return data
}

// post sends a query; the errors are their texts.
func post(t testing.TB, url, query string, pairs ...any) (status int, data string, errs []string) {
	t.Helper()
	vars := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		vars[pairs[i].(string)] = pairs[i+1]
	}
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	return result(t, req)
}

func result(t testing.TB, req *http.Request) (status int, data string, errs []string) {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Data   json.RawMessage
		Errors []struct {
			Message   string
			Locations []struct{ Line, Column int }
		}
	}
	if err := json.Unmarshal(b, &answer); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	for _, e := range answer.Errors {
		text := e.Message
		for _, l := range e.Locations {
			text = fmt.Sprintf("%d:%d %s", l.Line, l.Column, text)
		}
		errs = append(errs, text)
	}
	return res.StatusCode, string(answer.Data), errs
}
