package devnet_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/blake2b"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/rpc"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

// net is a chain with a client.
type net struct {
	t   *testing.T
	ctx context.Context
	c   *devnet.Chain
	*chain.Client
	url string
}

const worker = "WorkerNodePallet"

func start(t *testing.T, s devnet.Settings) *net {
	t.Helper()
	at := time.Unix(1_700_000_000, 0)
	s.Clock = func() time.Time { at = at.Add(time.Second); return at }
	c, err := devnet.New(s)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(c)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	client, err := chain.Dial(ctx, chain.Options{Endpoints: []string{strings.Replace(server.URL, "http", "ws", 1)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
		cancel()
	})
	return &net{t, ctx, c, client, server.URL}
}

func pair(t testing.TB, uri string) *keys.Pair {
	t.Helper()
	p, err := keys.FromURI(uri, keys.Sr25519)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// seal makes blocks.
func (n *net) seal(count int) {
	n.t.Helper()
	for range count {
		if _, err := n.c.Seal(); err != nil {
			n.t.Fatal(err)
		}
	}
}

// outcome puts a transaction into a block and gives the name of its error.
func (n *net) outcome(x chain.Extrinsic) string {
	n.t.Helper()
	hash, err := n.Submit(n.ctx, x)
	if err != nil {
		return err.Error()
	}
	n.seal(1)
	_, number, err := n.Head(n.ctx)
	if err != nil {
		n.t.Fatal(err)
	}
	in, err := n.Watch(n.ctx, hash, chain.WatchOptions{From: number, Blocks: 1, Best: true})
	if err != nil {
		n.t.Fatal(err)
	}
	for _, e := range in.Events {
		if r, ok := e.Fields.Get("sudo_result").(*scale.Variant); ok && r.Name == "Err" {
			name, _ := n.Metadata().DispatchError(r.Fields.At(0))
			return strings.TrimPrefix(name, worker+".")
		}
	}
	return strings.TrimPrefix(in.Error, worker+".")
}

// does signs a call of the worker pallet and gives the name of its error.
func (n *net) does(who, call string, args ...any) string {
	n.t.Helper()
	if args == nil {
		args = []any{}
	}
	x, err := n.Signed(n.ctx, pair(n.t, who), worker, call, args, chain.SignOptions{})
	if err != nil {
		n.t.Fatal(err)
	}
	return n.outcome(x)
}

// must is does that may not fail.
func (n *net) must(who, call string, args ...any) {
	n.t.Helper()
	if e := n.does(who, call, args...); e != "" {
		n.t.Fatalf("%s by %s: %s", call, who, e)
	}
}

// root lets sudo call.
func (n *net) root(call string, args ...any) string {
	n.t.Helper()
	x, err := n.Signed(n.ctx, pair(n.t, "//Alice"), "Sudo", "sudo", []any{scale.Var(worker, with(call, n, args))}, chain.SignOptions{})
	if err != nil {
		n.t.Fatal(err)
	}
	return n.outcome(x)
}

// with is a call as a value.
func with(call string, n *net, args []any) *scale.Variant {
	n.t.Helper()
	fields, err := n.Metadata().CallFields(worker, call)
	if err != nil {
		n.t.Fatal(err)
	}
	v := scale.Var(call)
	v.Fields = &scale.Record{Values: args}
	for _, f := range fields {
		v.Fields.Names = append(v.Fields.Names, f.Name)
	}
	return v
}

// vote votes and gives the name of the error.
func (n *net) vote(who, solution, round, text string) string {
	n.t.Helper()
	return n.outcome(n.ballot(who, solution, round, text))
}

func (n *net) ballot(who, solution, round, text string) chain.Extrinsic {
	n.t.Helper()
	p := pair(n.t, who)
	result := blake2b.Sum256([]byte(text))
	sig, err := p.Sign(result[:])
	if err != nil {
		n.t.Fatal(err)
	}
	x, err := n.Unsigned(worker, "submit_solution_result", []any{solution, round, result[:], sig, p.Public()})
	if err != nil {
		n.t.Fatal(err)
	}
	return x
}

func (n *net) read(entry string, k ...any) any {
	n.t.Helper()
	v, err := n.Get(n.ctx, nil, worker, entry, k...)
	if err != nil {
		n.t.Fatal(err)
	}
	return v
}

func (n *net) number() uint32 {
	_, number := n.c.Head()
	return number
}

func ewt(v int64) *big.Int { return new(big.Int).Mul(big.NewInt(v), big.NewInt(1e18)) }

func solution(n *net, ns string, extra map[string]any) map[string]any {
	out := map[string]any{"namespace": ns, "name": "name", "description": "d", "publisher_info": "p", "logo_url": nil, "work_logic_cid": "QmCID", "execution_environment": "NodeRedV1",
		"expiration_block": 1000, "max_waiting_threshold": 5, "vote_threshold_percent": 60, "addition_to_extraneous_groups_allowed": false}
	if _, spec, _ := n.Runtime(); spec > 73 {
		out["quorum_percent"] = 50
	}
	for k, v := range extra {
		out[k] = v
	}
	return out
}

func group(n *net, ns string, extra map[string]any) map[string]any {
	out := map[string]any{"namespace": ns, "info": map[string]any{"name": "n", "description": "d", "publisher_info": "p", "logo_url": "l"},
		"operators_config": operators(false), "rewards_config": map[string]any{"subscription_reward_per_block": ewt(1), "voting_reward_per_block": ewt(2), "top_performance_bonus": 0},
		"operation_start_block": n.number() + 2, "operation_end_block": 1000, "withdrawal_delay": 3}
	if _, spec, _ := n.Runtime(); spec > 73 {
		out["has_cid_allowance"] = false
	}
	for k, v := range extra {
		out[k] = v
	}
	return out
}

func operators(list bool) map[string]any {
	return map[string]any{"start_block": 0, "max_operator_workers": 5, "allowed_operators": 2, "staking_amounts": map[string]any{"min": ewt(1), "max": ewt(3)}, "has_operators_allowlist": list}
}

// prepare makes a registrar (Bob), a group with a solution, and operators with workers whose
// stakes count.
func (n *net) prepare(ops ...string) {
	n.t.Helper()
	n.root("allow_account", pair(n.t, "//Bob").AccountID())
	n.must("//Bob", "signup_solution_registrar", "Bob", "BE")
	n.sign("//Bob", "register_solution", solution(n, "sol", nil))
	n.must("//Bob", "set_activation_status", "sol", "Active")
	n.sign("//Bob", "solution_group_registration", group(n, "grp", nil))
	n.must("//Bob", "add_solution_to_group", "grp", "sol")
	for _, o := range ops {
		n.must(o, "signup_worker_node_operator", o, "DE")
		n.must(o, "connect_worker_node", pair(n.t, o+"//worker").AccountID())
		n.must(o, "subscribe_to_solution_group", "grp", ewt(1))
	}
	n.nextPeriod()
}

func (n *net) nextPeriod() {
	n.t.Helper()
	p := n.read("ActiveRewardPeriodInfo").(*scale.Record)
	n.seal(int(p.Get("first_block").(uint64)+p.Get("length").(uint64)) - int(n.number()) + 1)
}

// sign is must with arguments by name.
func (n *net) sign(who, call string, args map[string]any) {
	n.t.Helper()
	if e := n.named(who, call, args); e != "" {
		n.t.Fatalf("%s by %s: %s", call, who, e)
	}
}

func (n *net) named(who, call string, args map[string]any) string {
	n.t.Helper()
	x, err := n.Signed(n.ctx, pair(n.t, who), worker, call, args, chain.SignOptions{})
	if err != nil {
		n.t.Fatal(err)
	}
	return n.outcome(x)
}

func manual() devnet.Settings { return devnet.Settings{Manual: true, RewardPeriod: 40} }

// TestVoting runs a round that settles and one that expires, up to the rewards.
func TestVoting(t *testing.T) {
	n := start(t, manual())
	ops := []string{"//Charlie", "//Dave", "//Eve"}
	n.prepare(ops...)
	for i, o := range ops {
		text := "approve"
		if i == 2 {
			text = "reject"
		}
		if e := n.vote(o+"//worker", "sol", "r1", text); e != "" {
			t.Fatal(o, e)
		}
	}
	if e := n.vote("//Charlie//worker", "sol", "r1", "reject"); e != "SolutionResultChanged" {
		t.Error(e)
	}
	if e := n.vote("//Charlie//worker", "sol", "r2", "approve"); e != "" {
		t.Error(e)
	}
	n.seal(6)
	index := n.read("ActiveRewardPeriodInfo").(*scale.Record).Get("index")
	for round, want := range map[string]string{"r1": "Settled", "r2": "Expired"} {
		info := n.read("SystemVotingRound", index, map[string]any{"solution_namespace": "sol", "voting_round_id": round}).(*scale.Record)
		if got := info.Get("status").(*scale.Variant).Name; got != want {
			t.Errorf("%s is %s, want %s: %v", round, got, want, info)
		}
	}
	if e := n.vote("//Eve//worker", "sol", "r2", "approve"); e != "VotingRoundExpired" {
		t.Error(e)
	}
	n.nextPeriod()
	n.seal(2)
	earned := n.read("EarnedRewards", pair(t, "//Charlie").AccountID(), "grp").([]any)
	// 40 blocks of 1 EWT among three equal stakes; 40 of 2 EWT among the two who were right,
	// but each was right in one of two rounds only, which is less than 60 %.
	if want := new(big.Int).Div(ewt(40), big.NewInt(3)); earned[0].(*big.Int).Cmp(want) != 0 || earned[1].(*big.Int).Sign() != 0 {
		t.Errorf("earned %v, want %v and 0", earned, want)
	}
	n.must("//Charlie", "claim_rewards", []any{"grp"})
	if e := n.does("//Charlie", "claim_rewards", []any{"grp"}); e != "DataNotFound" {
		t.Error(e)
	}
	count := 0
	err := n.Each(n.ctx, nil, worker, "SolutionResults", []any{"sol"}, func(k []any, v any) error { count++; return nil })
	if err != nil || count != 4 {
		t.Errorf("%d results, %v", count, err)
	}
}

// TestErrors lets calls fail for every documented reason that can be reached.
func TestErrors(t *testing.T) {
	n := start(t, manual())
	n.prepare("//Charlie", "//Dave")
	bob, charlie := pair(t, "//Bob").AccountID(), pair(t, "//Charlie").AccountID()
	long := strings.Repeat("x", 2000)
	for _, c := range []struct{ got, want string }{
		{n.root("allow_account", bob), "AlreadyAllowedAccount"},
		{n.root("remove_allowed_account", charlie), "NotAllowedRegistrar"},
		{n.does("//Bob", "allow_account", charlie), "BadOrigin"},
		{n.does("//Bob", "signup_solution_registrar", "b", "b"), "ExistingRegistrar"},
		{n.does("//Charlie", "signup_solution_registrar", "b", "b"), "NotAllowedRegistrar"},
		{n.does("//Bob", "delete_solution_registrar"), "RegistrarIsGroupOwner"},
		{n.does("//Eve", "delete_solution_registrar"), "RegistrarNotFound"},
		{n.does("//Eve", "signup_worker_node_operator", "", "b"), "ArgumentInvalid"},
		{n.does("//Eve", "signup_worker_node_operator", long, "b"), "ArgumentOutOfBounds"},
		{n.does("//Charlie", "signup_worker_node_operator", "a", "b"), "ExistingWorkerNodeOperator"},
		{n.does("//Eve", "operator_deregistration"), "OperatorNotFound"},
		{n.does("//Charlie", "operator_deregistration"), "SubscriptionFound"},
		{n.does("//Charlie", "connect_worker_node", charlie), "OperatorAlreadyConnectedToWorker"},
		{n.does("//Charlie", "subscribe_to_solution_group", "grp", ewt(1)), "ExistingSubscription"},
		{n.does("//Charlie", "subscribe_to_solution_group", "none", ewt(1)), "SolutionGroupNotFound"},
		{n.does("//Charlie", "top_up_stake", "grp", ewt(3)), "StakeAmountIsOutOfBounds"},
		{n.does("//Charlie", "top_up_stake", "grp", ewt(1)), ""},
		{n.does("//Charlie", "unsubscribe_from_solution_group", "none"), "SubscriptionNotFound"},
		{n.does("//Charlie", "execute_scheduled_unsubscribe", charlie, "grp"), "InvalidUnsubscribeCall"},
		{n.does("//Charlie", "set_reward_period_len", 30), "Deprecated"},
		{n.root("set_admin_setting", map[string]any{"RewardPeriodLen": []any{1}}), "RewardPeriodLengthInvalid"},
		{n.root("set_admin_setting", map[string]any{"RewardPeriodLen": []any{40}}), "RewardPeriodLengthNotChanged"},
		{n.root("set_admin_setting", map[string]any{"SubmissionsQuota": []any{0}}), "SubmissionsQuotaInvalid"},
		{n.root("set_admin_setting", map[string]any{"SubmissionsQuota": []any{1_000_000}}), "SubmissionsQuotaNotChanged"},
		{n.named("//Bob", "register_solution", solution(n, "sol", nil)), "ExistingNamespace"},
		{n.named("//Bob", "register_solution", solution(n, "s2", map[string]any{"vote_threshold_percent": 101})), "ArgumentOutOfBounds"},
		{n.named("//Bob", "register_solution", solution(n, "s2", map[string]any{"expiration_block": 1})), "InvalidExpirationBlock"},
		{n.named("//Charlie", "register_solution", solution(n, "s2", nil)), "RegistrarNotFound"},
		{n.does("//Bob", "set_activation_status", "none", "Active"), "SolutionNotFound"},
		{n.does("//Bob", "set_activation_status", "sol", "Active"), "SolutionStatusNotChanged"},
		{n.does("//Bob", "delete_solution", "sol"), "SolutionIsPartOfGroup"},
		{n.does("//Bob", "add_solution_to_group", "grp", "sol"), "SolutionAlreadyInGroup"},
		{n.does("//Bob", "solution_group_deregistration", "grp"), "GroupHasSolutions"},
		{n.does("//Bob", "allow_operator", "grp", charlie), "SolutionGroupDoesntSupportOperatorAllowList"},
		{n.does("//Bob", "allow_new_cid", "grp", "cid"), "GroupDoesntSupportCidAllowList"},
		{n.does("//Bob", "nominate_worker_nodes", []any{bob[:]}, "sol"), "IsNotWorker"},
		{n.named("//Bob", "solution_group_registration", group(n, "g2", map[string]any{"operation_end_block": 1})), "ArgumentInvalid"},
		{n.named("//Bob", "solution_group_registration", group(n, "g2", map[string]any{"operation_end_block": 1 << 30})), "InsufficientFunds"},
		{n.does("//Bob", "claim_rewards", []any{"a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a"}), "TooManyGroupNamespaces"},
		{n.vote("//Charlie//worker", "none", "r", "x"), "SolutionNotFound"},
		{n.vote("//Bob", "sol", "r", "x"), "IsNotWorker"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// TestRules follows rules over several blocks: nominations, allow-lists, signatures, quotas,
// scheduled unsubscription, the raising of rewards, the end of a solution.
func TestRules(t *testing.T) {
	n := start(t, manual())
	n.prepare("//Charlie", "//Dave")
	charlie, dave := pair(t, "//Charlie").AccountID(), pair(t, "//Dave").AccountID()
	forged := n.ballot("//Charlie//worker", "sol", "forged", "x")
	forged.Bytes[len(forged.Bytes)-40] ^= 1
	if e := n.outcome(forged); e != "SolutionResultSignatureNotVerified" {
		t.Error(e)
	}
	n.must("//Bob", "nominate_worker_nodes", []any{pair(t, "//Charlie//worker").AccountID()}, "sol")
	if e := n.vote("//Dave//worker", "sol", "r", "x"); e != "WorkerNotAuthorizedForSolution" {
		t.Error(e)
	}
	if e := n.vote("//Charlie//worker", "sol", "r", "x"); e != "" {
		t.Error(e)
	}
	n.must("//Bob", "nominate_worker_nodes", []any{}, "sol")
	if e := n.root("set_admin_setting", map[string]any{"SubmissionsQuota": []any{1}}); e != "" {
		t.Error(e)
	}
	if e := n.vote("//Charlie//worker", "sol", "r2", "x"); e != "SubmissionsQuotaExceeded" {
		t.Error(e)
	}
	n.must("//Bob", "raise_group_rewards", "grp", map[string]any{"subscription": map[string]any{"Times": []any{2}}, "voting": map[string]any{"Amount": []any{5}}, "bonus": nil})
	n.sign("//Bob", "solution_group_registration", group(n, "list", map[string]any{"operators_config": operators(true), "has_cid_allowance": true}))
	if e := n.does("//Dave", "subscribe_to_solution_group", "list", ewt(1)); e != "OperatorNotAllowed" {
		t.Error(e)
	}
	n.must("//Bob", "allow_operator", "list", dave)
	n.must("//Dave", "subscribe_to_solution_group", "list", ewt(1))
	n.must("//Bob", "remove_solution_from_group", "sol")
	if e := n.does("//Bob", "add_solution_to_group", "list", "sol"); e != "CidNotAllowed" {
		t.Error(e)
	}
	n.must("//Bob", "allow_new_cid", "list", "QmCID")
	n.must("//Bob", "add_solution_to_group", "list", "sol")
	n.must("//Charlie", "unsubscribe_from_solution_group", "grp")
	if e := n.does("//Charlie", "unsubscribe_from_solution_group", "grp"); e != "UnsubscribeAlreadyScheduled" {
		t.Error(e)
	}
	n.seal(4)
	if n.read("OperatorSubscriptions", charlie, "grp") != nil {
		t.Error("the subscription did not end")
	}
	n.must("//Charlie", "operator_deregistration")
	n.must("//Bob", "set_activation_status", "sol", "Ended")
	if e := n.vote("//Dave//worker", "sol", "r3", "x"); e != "SolutionIsNotActive" {
		t.Error(e)
	}
}

// TestPeriod says that a subscription counts from the second block of the next period on.
func TestPeriod(t *testing.T) {
	n := start(t, manual())
	n.prepare()
	n.must("//Eve", "signup_worker_node_operator", "e", "DE")
	n.must("//Eve", "connect_worker_node", pair(t, "//Eve//worker").AccountID())
	n.must("//Eve", "subscribe_to_solution_group", "grp", ewt(2))
	if e := n.vote("//Eve//worker", "sol", "r", "x"); e != "ArgumentInvalid" {
		t.Error(e)
	}
	eve := pair(t, "//Eve").AccountID()
	args := scale.AppendBytes(eve[:], []byte("grp"))
	stake := func() string {
		raw, err := n.State(n.ctx, nil, "WorkerSolutionApi_query_stake", args)
		if err != nil || len(raw) != 36 {
			t.Fatal(raw, err)
		}
		return fmt.Sprintf("%d %v %v", raw[0], raw[4:12], raw[20:28])
	}
	two := "[0 0 200 78 103 109 193 27]"
	if got := stake(); got != "2 [0 0 0 0 0 0 0 0] "+two {
		t.Error(got)
	}
	n.nextPeriod()
	if got := stake(); got != "3 "+two+" "+two {
		t.Error(got)
	}
	if e := n.vote("//Eve//worker", "sol", "r", "x"); e != "" {
		t.Error(e)
	}
}

// TestLog stops a chain at any byte of its log, and goes on with what is whole.
func TestLog(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "log")
	s := manual()
	s.Log = name
	n := start(t, s)
	n.prepare("//Charlie")
	if e := n.vote("//Charlie//worker", "sol", "r", "x"); e != "" {
		t.Fatal(e)
	}
	hash, number := n.c.Head()
	n.Close()
	if err := n.c.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	again, err := devnet.New(s)
	if err != nil {
		t.Fatal(err)
	}
	if h, _ := again.Head(); h != hash {
		t.Errorf("the chain goes on with %x, want %x", h, hash)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{1, 7, 100} {
		if err := os.WriteFile(name, text[:len(text)-cut], 0o644); err != nil {
			t.Fatal(err)
		}
		again, err := devnet.New(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := again.Head(); got != number-1 {
			t.Errorf("%d bytes cut off: block %d, want %d", cut, got, number-1)
		}
		if _, err := again.Seal(); err != nil {
			t.Fatal(err)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s.QuorumPercent = 99
	if _, err := devnet.New(s); err == nil || !strings.Contains(err.Error(), "other settings") {
		t.Error(err)
	}
}

// TestSubmission covers what the pool refuses, and following a transaction until it is final.
func TestSubmission(t *testing.T) {
	n := start(t, devnet.Settings{})
	alice := pair(t, "//Alice")
	x, err := n.Signed(n.ctx, alice, "System", "remark_with_event", []any{"hi"}, chain.SignOptions{Blocks: 16, Tip: big.NewInt(7)})
	if err != nil {
		t.Fatal(err)
	}
	hash, err := n.Submit(n.ctx, x)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		time.Sleep(50 * time.Millisecond)
		_, _ = n.c.Seal() // makes the block final
	}()
	in, err := n.Watch(n.ctx, hash, chain.WatchOptions{From: 1, Blocks: 3, Every: 10 * time.Millisecond})
	if err != nil || in.Error != "" || in.Index != 1 || len(in.Events) < 3 {
		t.Fatalf("%+v, %v", in, err)
	}
	if _, err := n.Submit(n.ctx, x); err == nil || !strings.Contains(err.Error(), "banned") {
		t.Error(err)
	}
	bad := chain.Extrinsic{Bytes: append([]byte(nil), x.Bytes...)}
	bad.Bytes[50] ^= 1
	if _, err := n.Submit(n.ctx, bad); err == nil || !strings.Contains(err.Error(), "bad signature") {
		t.Error(err)
	}
	zero := uint64(0)
	old, err := n.Signed(n.ctx, alice, "System", "remark", []any{"again"}, chain.SignOptions{Immortal: true, Nonce: &zero})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Submit(n.ctx, old); err == nil || !strings.Contains(err.Error(), "outdated") {
		t.Error(err)
	}
	u, err := n.Unsigned("System", "remark", []any{"x"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Submit(n.ctx, u); err == nil || !strings.Contains(err.Error(), "unsigned validator") {
		t.Error(err)
	}
	if _, err := n.Watch(n.ctx, [32]byte{1}, chain.WatchOptions{From: 1, Blocks: 1}); !errors.Is(err, chain.ErrNotIncluded) {
		t.Error(err)
	}
}

// TestSubscriptions follows heads, finality, storage and a transaction by WebSocket.
func TestSubscriptions(t *testing.T) {
	n := start(t, manual())
	alice := pair(t, "//Alice")
	x, err := n.Signed(n.ctx, alice, "System", "remark", []any{"x"}, chain.SignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := n.Metadata().Storage("System", "Number")
	if err != nil {
		t.Fatal(err)
	}
	subs := map[string]*rpc.Subscription{}
	for name, args := range map[string][]any{
		"chain_subscribeNewHeads": nil, "chain_subscribeFinalizedHeads": nil, "state_subscribeRuntimeVersion": nil,
		"state_subscribeStorage": {[]string{fmt.Sprintf("0x%x", e.PrefixKey())}}, "author_submitAndWatchExtrinsic": {fmt.Sprintf("0x%x", x.Bytes)},
	} {
		if subs[name], err = n.RPC().Subscribe(n.ctx, name, strings.NewReplacer("subscribe", "unsubscribe", "submitAndWatch", "unwatch").Replace(name), args...); err != nil {
			t.Fatal(name, err)
		}
	}
	n.seal(3)
	for name, want := range map[string][]string{
		"chain_subscribeNewHeads":        {`"number":"0x0"`, `"number":"0x1"`, `"number":"0x2"`, `"number":"0x3"`},
		"chain_subscribeFinalizedHeads":  {`"number":"0x0"`, `"number":"0x1"`, `"number":"0x2"`},
		"state_subscribeRuntimeVersion":  {`"specVersion":80`},
		"state_subscribeStorage":         {`changes`, `"0x01000000"`, `"0x02000000"`, `"0x03000000"`},
		"author_submitAndWatchExtrinsic": {`ready`, `inBlock`, `finalized`},
	} {
		for _, w := range want {
			select {
			case got := <-subs[name].C():
				if !strings.Contains(string(got), w) {
					t.Errorf("%s: %s, want %s", name, got, w)
				}
			case <-n.ctx.Done():
				t.Fatalf("%s: %s did not come", name, w)
			}
		}
		subs[name].Close()
	}
	if v, err := n.API(n.ctx, nil, "AccountNonceApi", "account_nonce", alice.AccountID()); err != nil || v != uint64(1) {
		t.Error(v, err)
	}
	if v, err := n.API(n.ctx, nil, "WorkerSolutionApi", "query_stake", alice.AccountID(), "none"); err != nil || len(v.([]any)) != 3 {
		t.Error(v, err)
	}
}

// TestSpec73Layout stores groups and solutions in the bytes that the EWX parachain has.
func TestSpec73Layout(t *testing.T) {
	s := manual()
	s.Spec73 = true
	n := start(t, s)
	n.prepare("//Charlie")
	if e := n.vote("//Charlie//worker", "sol", "r", "x"); e != "" {
		t.Error(e)
	}
	if e := n.vote("//Charlie//worker", "sol", "r", "x"); e != "InvalidSolutionResult" {
		t.Error(e)
	}
	n.nextPeriod()
	n.seal(1)
	earned := n.read("EarnedRewards", pair(t, "//Charlie").AccountID(), "grp").([]any)
	if earned[0].(*big.Int).Cmp(ewt(40)) != 0 || earned[1].(*big.Int).Cmp(ewt(80)) != 0 {
		t.Errorf("earned %v", earned)
	}
	if g := n.read("SolutionsGroups", "grp").(*scale.Record); g.Len() != 7 {
		t.Errorf("%v", g.Names)
	}
}

// BenchmarkSeal makes empty blocks.
func BenchmarkSeal(b *testing.B) {
	c, err := devnet.New(devnet.Settings{Manual: true})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for b.Loop() {
		if _, err := c.Seal(); err != nil {
			b.Fatal(err)
		}
	}
}
