package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/chain/metadata"
	"github.com/lockstep-flows/lockstep/chain/scale"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// metadataOf is that of a devnet.
func metadataOf(t testing.TB, s devnet.Settings) *metadata.Metadata {
	t.Helper()
	c, err := devnet.New(s)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(c)
	defer func() {
		_ = c.Close() // only its metadata is wanted
		server.Close()
	}()
	client, err := chain.Dial(t.Context(), chain.Options{Endpoints: []string{server.URL}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	return client.Metadata()
}

// TestArguments: arguments are found by their names on the chain, whatever their order; what
// nobody knows is named.
func TestArguments(t *testing.T) {
	m := metadataOf(t, devnet.Settings{})
	group := argument{path: "namespace|group_namespace", from: "GROUP", value: []byte("g"), given: true, needed: true}
	limits := []argument{{path: "operators_config.staking_amounts.min", from: "--min-stake", value: 1, given: true}}
	for _, c := range []struct {
		call  string
		known []argument
		more  []string
		want  string
	}{
		{"allow_operator", []argument{group, {path: "operator", value: [32]byte{1}, given: true}}, nil, ""},
		{"allow_operator", []argument{group}, nil, "WorkerNodePallet.allow_operator: it asks for operator (AccountId32), which this version does not know: give it by --arg operator=JSON"},
		{"allow_operator", []argument{group}, []string{`operator="5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"`}, ""},
		{"allow_operator", []argument{group}, []string{`operator="5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694tz"`}, "--arg operator"},
		{"allow_operator", []argument{group}, []string{`operator="0x00"`}, "64 hex digits are needed"},
		{"allow_operator", []argument{group}, []string{`group_namespace="x"`}, "group_namespace is given twice: by GROUP and --arg"},
		{"operator_deregistration", []argument{group}, nil, "it takes no namespace or group_namespace: leave out GROUP"},
		{"operator_deregistration", []argument{{path: "x", from: "--x"}}, nil, ""},
		{"operator_deregistration", nil, []string{"a=1"}, "it takes no a: leave out --arg a"},
		{"unsubscribe_from_solution_group", []argument{{path: "namespace", from: "GROUP", needed: true}}, nil, "it asks for namespace: give GROUP"},
		{"raise_group_rewards", []argument{group, {path: "*.subscription", value: nil}, {path: "*.voting", value: nil}, {path: "*.bonus", value: nil}}, nil, ""},
		{"raise_group_rewards", []argument{group, {path: "*.subscription", value: nil}, {path: "*.voting", value: nil}}, nil, "it asks for change.bonus"},
		{"raise_group_rewards", []argument{group}, []string{`change={"subscription":{"Times":2},"voting":null,"bonus":null}`}, ""},
		{"raise_group_rewards", []argument{group, {path: "*.voting", value: nil}}, []string{`change.subscription={"Amount":"7"}`, "change.bonus=null"}, ""},
		{"raise_group_rewards", []argument{group}, []string{`change={"subscription":{"Half":2},"voting":null,"bonus":null}`}, `no case "Half"`},
		{"raise_group_rewards", []argument{group}, []string{`change={"subscription":null,"votes":null,"bonus":null}`}, `no field "votes"`},
		{"solution_group_registration", append(limits, group), nil, "operators_config.staking_amounts.max"},
		{"submit_solution_result", nil, []string{`solution_namespace="s"`, `voting_round_id="r"`, `result=[1,2,255]`, `signature="0x00"`, `pub_key="0x00"`}, "128 hex digits"},
		{"claim_rewards", nil, []string{`group_namespaces=["a","b"]`}, ""},
		{"claim_rewards", nil, []string{`group_namespaces=["a",1.5]`}, "[1]: 1.5 is no whole number"},
		{"set_admin_setting", nil, []string{`value={"RewardPeriodLen":50}`}, ""},
		{"no_such_call", nil, nil, "no call no_such_call"},
	} {
		more, err := moreArgs(c.more)
		if err != nil {
			t.Fatal(err)
		}
		args, err := arguments(m, onchain.Pallet, c.call, c.known, more)
		if err == nil {
			_, err = m.Call(onchain.Pallet, c.call, args)
		}
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %v %q: %v, want %q", c.call, c.known, c.more, err, c.want)
		}
	}
	for _, bad := range [][]string{{"x"}, {"=1"}, {"x="}, {"x=1 2"}, {"x=1", "x=2"}, {"x={"}} {
		if _, err := moreArgs(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// FuzzArgument reads anything as arguments of calls: what is taken is encoded or refused, and
// what is encoded is read back and shown.
func FuzzArgument(f *testing.F) {
	m := metadataOf(f, devnet.Settings{})
	calls, err := m.Types.Type(uint32(m.Pallet(onchain.Pallet).Calls))
	if err != nil {
		f.Fatal(err)
	}
	for i, s := range []string{`"x"`, `{"subscription":{"Times":2},"voting":null,"bonus":null}`, `["a"]`, "1", "[1,2,3]", `{"SubmissionsQuota":1}`, `"5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"`, "null", "true"} {
		f.Add(uint8(i), uint8(0), s)
	}
	f.Fuzz(func(t *testing.T, call, at uint8, text string) {
		c := calls.Cases[int(call)%len(calls.Cases)]
		if len(c.Fields) == 0 {
			return
		}
		field := c.Fields[int(at)%len(c.Fields)]
		more, err := moreArgs([]string{field.Name + "=" + text})
		if err != nil {
			return
		}
		v, err := fromJSON(m.Types, field.Type, more[field.Name])
		if err != nil {
			return
		}
		b, err := m.Types.Encode(field.Type, v)
		if err != nil {
			return
		}
		back, err := m.Types.DecodeAll(b, field.Type)
		if err != nil {
			t.Fatalf("%s.%s=%s is encoded as %x, which cannot be read: %v", c.Name, field.Name, text, b, err)
		}
		if _, err := (members{{"x", readable(m.Types, field.Type, back)}}).MarshalJSON(); err != nil {
			t.Fatal(err)
		}
		_ = short(readable(m.Types, field.Type, back))
	})
}

// TestReadable shows values of a chain, in text that does nothing to a terminal.
func TestReadable(t *testing.T) {
	m := metadataOf(t, devnet.Settings{})
	fields, err := m.CallFields(onchain.Pallet, "submit_solution_result")
	if err != nil {
		t.Fatal(err)
	}
	pub := [32]byte{'a', 'b'}
	rec := scale.Rec("solution_namespace", []byte("a\x1b[2J\n"), "voting_round_id", []byte{0xff}, "result", []byte("0x41"), "signature", make([]byte, 64), "pub_key", pub[:])
	out := readableFields(m.Types, fields, rec)
	want := `solution_namespace "a\x1b[2J\n", voting_round_id 0xff, result "0x41", signature 0x` + strings.Repeat("00", 64) + ", pub_key 0x6162" + strings.Repeat("00", 30)
	if got := short(out); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	js, err := out.(members).MarshalJSON()
	if err != nil || !strings.HasPrefix(string(js), `{"solution_namespace":"0x611b5b324a0a","voting_round_id":"0xff","result":"0x30783431",`) {
		t.Errorf("%s %v", js, err)
	}
	var b strings.Builder
	members{{"a", members{}}, {"list", []any{members{{"x", leaf{"1", 1}}, {"y", nil}}, leaf{"2", 2}}}, {"empty", []any{}}}.print(&b, "")
	if got := b.String(); got != "a      none\nlist\n  -\n    x  1\n    y  none\n  -  2\nempty  none\n" {
		t.Errorf("%q", got)
	}
	if got := blocksText(10); got != "10 blocks, about 2m0s at 12 s each" {
		t.Error(got)
	}
}
