package devnet

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/chain/extrinsic"
	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/chain/scale"
)

func open(t testing.TB, s Settings) *Chain {
	t.Helper()
	c, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func post(c *Chain, body string) string {
	w := httptest.NewRecorder()
	c.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body)))
	return w.Body.String()
}

// TestMethods calls every method without and with nonsense parameters: none may panic, all
// must answer with a result or an error.
func TestMethods(t *testing.T) {
	c := open(t, Settings{Manual: true})
	for name := range c.methods {
		for _, params := range []string{``, `[]`, `[null]`, `["0x"]`, `["0x00","0x",5]`, `[1,2,3]`, `[{}]`, `[[]]`, `["0x` + strings.Repeat("00", 32) + `"]`, `[[""]]`, `{"a":1}`} {
			body := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q`, name)
			if params != "" {
				body += `,"params":` + params
			}
			if got := post(c, body+"}"); !strings.Contains(got, `"result"`) && !strings.Contains(got, `"error"`) {
				t.Errorf("%s%s: %q", name, params, got)
			}
		}
	}
	if got := post(c, `[{"id":1,"method":"system_chain"},{"id":2,"method":"none"}]`); got != `[{"jsonrpc":"2.0","id":1,"result":"Lockstep devnet"},{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"Method not found"}}]` {
		t.Error(got)
	}
}

// signed builds a transaction of //Alice.
func signed(t testing.TB, c *Chain, call []byte, nonce uint64) []byte {
	t.Helper()
	p, err := keys.FromURI("//Alice", keys.Sr25519)
	if err != nil {
		t.Fatal(err)
	}
	x, err := extrinsic.Signed(c.r.meta, call, extrinsic.Context{SpecVersion: c.r.spec, TxVersion: txVersion, Genesis: c.Genesis(), Nonce: nonce}, p, "sr25519")
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// FuzzCall lets sudo and others call anything: the runtime may refuse it, never break.
func FuzzCall(f *testing.F) {
	c := open(f, Settings{Manual: true})
	for _, name := range []string{"signup_solution_registrar", "register_solution", "set_admin_setting", "nominate_worker_nodes", "claim_rewards", "raise_group_rewards", "solution_group_registration", "submit_solution_result"} {
		t, err := c.r.meta.Types.Type(uint32(c.r.meta.Pallet("WorkerNodePallet").Calls))
		if err != nil {
			f.Fatal(err)
		}
		v := t.Case(name)
		b := []byte{150, v.Index}
		for _, field := range v.Fields {
			b = append(b, zero(c.r.meta.Types, field.Type)...)
		}
		f.Add(b, true)
		f.Add(b, false)
	}
	f.Fuzz(func(t *testing.T, call []byte, root bool) {
		pallet, name, args, err := c.r.meta.DecodeCall(scale.NewDecoder(call))
		if err != nil {
			return
		}
		x := c.exec(uint32(len(c.hashes)))
		for _, o := range []origin{{root: root, signed: !root, who: [32]byte{1}}, {}} {
			if err := x.dispatch(o, pallet, name, args); err != nil {
				x.emit("System.ExtrinsicFailed", x.dispatchError(err), dispatchInfo("Normal"))
			}
		}
		x.finish()
		if x.err != nil {
			t.Fatalf("%s.%s %v: %v", pallet, name, args, x.err)
		}
	})
}

// FuzzSubmit hands anything to the pool.
func FuzzSubmit(f *testing.F) {
	c := open(f, Settings{Manual: true})
	call, err := c.r.meta.Call("System", "remark", []any{"x"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed(f, c, call, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = c.Submit(b)
		if _, err := c.Seal(); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzLog opens anything as a log.
func FuzzLog(f *testing.F) {
	name := filepath.Join(f.TempDir(), "log")
	s := Settings{Manual: true, Log: name}
	c, err := New(s)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := c.Seal(); err != nil {
		f.Fatal(err)
	}
	if err := c.Close(); err != nil {
		f.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		f.Fatal(err)
	}
	head := text[:len(logMagic)+32]
	f.Add(text[len(head):])
	f.Fuzz(func(t *testing.T, b []byte) {
		for r := bytes.NewReader(b); ; {
			block, _, err := readRecord(r)
			if block == nil || err != nil {
				return
			}
		}
	})
}

// TestHistory reads old blocks unchanged, and forgets those that are too old.
func TestHistory(t *testing.T) {
	c := open(t, Settings{Manual: true, History: 10})
	key := string(c.r.entries["System.Number"].PrefixKey())
	for range 50 {
		if _, err := c.Seal(); err != nil {
			t.Fatal(err)
		}
	}
	for n := uint32(41); n <= 50; n++ {
		if v := c.store.get(key, n); v == nil || uint32(v[0]) != n {
			t.Errorf("block %d: %x", n, v)
		}
	}
	if got := post(c, fmt.Sprintf(`{"id":1,"method":"state_getStorage","params":["0x00","0x%x"]}`, c.hashes[5])); !strings.Contains(got, "discarded") {
		t.Error(got)
	}
	if len(c.blocks) > 12 || len(c.store.buckets[bucketOf(key)].items[key]) > 12 {
		t.Errorf("%d blocks are kept", len(c.blocks))
	}
}

// TestStore finds what a plain map finds, in every order of changes.
func TestStore(t *testing.T) {
	s, want := newStore(), map[string]string{}
	prefix := strings.Repeat("p", prefixSize)
	for i := range 3000 {
		key := prefix + fmt.Sprint(i*7919%101)
		if i%5 == 4 {
			s.set(key, uint32(i), nil)
			delete(want, key)
		} else {
			s.set(key, uint32(i), []byte(fmt.Sprint(i)))
			want[key] = fmt.Sprint(i)
		}
		if i%100 == 99 {
			if i > 200 {
				s.forget(uint32(i - 200))
			}
			var got []string
			s.scan(prefix, "", uint32(i), func(k string, v []byte) bool {
				if want[k] != string(v) {
					t.Fatalf("%s is %s, want %s", k, v, want[k])
				}
				got = append(got, k)
				return true
			})
			if len(got) != len(want) || !slices.IsSorted(got) {
				t.Fatalf("%d keys, want %d", len(got), len(want))
			}
			if len(got) > 3 {
				var rest []string
				s.scan(prefix, got[2], uint32(i), func(k string, _ []byte) bool { rest = append(rest, k); return true })
				if !slices.Equal(rest, got[3:]) {
					t.Fatal("the keys after one are others")
				}
			}
		}
	}
}

// BenchmarkVotes carries out votes in blocks of 1,000.
func BenchmarkVotes(b *testing.B) {
	c := open(b, Settings{Manual: true, MaxBlock: 1000})
	p, err := keys.FromURI("//Alice", keys.Sr25519)
	if err != nil {
		b.Fatal(err)
	}
	x := c.exec(0)
	me := p.AccountID()
	x.put(w+"Solutions", scale.Rec("namespace", "s", "info", scale.Rec("name", "", "description", "", "publisher_info", "", "logo_url", nil), "status", "Active",
		"workload", scale.Rec("work_logic", "", "execution_environment", "NodeRedV1"), "consensus", scale.Rec("max_waiting_threshold", 5, "vote_threshold_percent", 60, "quorum_percent", 50),
		"expiration_block", 1<<30, "addition_to_extraneous_groups_allowed", false, "nominations_enabled", false), "s")
	x.put(w+"SolutionsGroups", scale.Rec("namespace", "g", "info", scale.Rec("name", "", "description", "", "publisher_info", "", "logo_url", nil),
		"operators_config", scale.Rec("start_block", 0, "max_operator_workers", 9, "allowed_operators", 9, "staking_amounts", scale.Rec("min", 1, "max", 9), "has_operators_allowlist", false),
		"rewards_config", scale.Rec("subscription_reward_per_block", 1, "voting_reward_per_block", 1, "top_performance_bonus", 0), "operation_start_block", 0, "operation_end_block", 1<<30, "withdrawal_delay", 0,
		"has_cid_allow_list", false, "sla_voting_threshold", 60), "g")
	x.put(w+"GroupOfSolution", "g", "s")
	x.put(w+"WorkerNodeToOperator", me, me)
	x.put(w+"OperatorToWorkerNode", me, me)
	x.put(w+"OperatorSubscriptions", unit, me, "g")
	x.put(w+"SolutionGroupStakeRecords", []any{[]any{1, 5}}, "g", me)
	x.newPeriod(1)
	for k, v := range x.changes {
		c.store.set(k, 0, v)
	}
	for range 2 {
		if _, err := c.Seal(); err != nil {
			b.Fatal(err)
		}
	}
	result := bytes.Repeat([]byte{1}, 32)
	sig, err := p.Sign(result)
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		n++
		call, err := c.r.meta.Call("WorkerNodePallet", "submit_solution_result", []any{"s", fmt.Sprint(n), result, sig, me})
		if err != nil {
			b.Fatal(err)
		}
		t, err := extrinsic.Unsigned(c.r.meta, call)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Submit(t); err != nil {
			b.Fatal(err)
		}
		if n%1000 == 0 {
			if _, err := c.Seal(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.StopTimer()
	if n > 1000 {
		v, err := value(c.r, c.store, ^uint32(0), w+"SolutionResults", "s", "500", me)
		if err != nil || v == nil {
			b.Fatal("the votes did not count", err)
		}
	}
}
