package chain_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/chain"
	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/chain/keys"
)

// liar passes requests on to a chain, and answers some itself.
type liar struct {
	next http.Handler
	// lies by method; what they write is the result. Requests count from 1.
	lies map[string]func(n int64, params []json.RawMessage) string
	n    atomic.Int64
}

func (l *liar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var q struct {
		ID     json.RawMessage
		Method string
		Params []json.RawMessage
	}
	_ = json.Unmarshal(body, &q)
	if lie := l.lies[q.Method]; lie != nil {
		if text := lie(l.n.Add(1), q.Params); text != "" {
			fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":%s}`, q.ID, text)
			return
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	l.next.ServeHTTP(w, r)
}

func network(t testing.TB, s devnet.Settings) *devnet.Chain {
	t.Helper()
	c, err := devnet.New(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func serve(t testing.TB, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func dial(t testing.TB, o chain.Options) (*chain.Client, context.Context) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	o.Pause = time.Millisecond
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Second
	}
	c, err := chain.Dial(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, ctx
}

// TestLies lets a node answer with nonsense: each must be a clear error.
func TestLies(t *testing.T) {
	l := &liar{next: network(t, devnet.Settings{Manual: true})}
	c, ctx := dial(t, chain.Options{Endpoints: []string{serve(t, l)}, Attempts: 1})
	each := func() error {
		return c.Each(ctx, nil, "System", "Account", nil, func([]any, any) error { return nil })
	}
	get := func() error { _, err := c.Get(ctx, nil, "System", "Number"); return err }
	many := func() error { _, err := c.GetMany(ctx, nil, "System", "BlockHash", [][]any{{0}}); return err }
	events := func() error { _, err := c.Events(ctx, c.Genesis()); return err }
	head := func() error { _, _, err := c.Head(ctx); return err }
	prefix := "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9"
	for _, lie := range []struct {
		name, method, answer string
		do                   func() error
		want                 string
	}{
		{"short value", "state_getStorage", `"0x01"`, get, "too early"},
		{"long value", "state_getStorage", `"0x0100000000"`, get, "left over"},
		{"no hex", "state_getStorage", `"value"`, get, "no hex"},
		{"number", "state_getStorage", `5`, get, "cannot be read"},
		{"huge length", "state_getStorage", `"0xfeffffff"`, events, "length"},
		{"foreign keys", "state_getKeysPaged", `["0x00"]`, each, "not in order"},
		{"the same key for ever", "state_getKeysPaged", `["0x` + prefix + `01","0x` + prefix + `01"]`, each, "not in order"},
		{"keys that are none", "state_getKeysPaged", `["0x` + prefix + `01"]`, each, "too early"},
		{"too many keys", "state_getKeysPaged", "[" + strings.Repeat(`"0x00",`, 300) + `"0x00"]`, each, "301 keys"},
		{"other values", "state_queryStorageAt", `[{"changes":[["0x00","0x00"]]}]`, many, "did not tell"},
		{"no values", "state_queryStorageAt", `[]`, many, "told of 0 keys"},
		{"short hash", "chain_getBlockHash", `"0x00"`, head, "32 bytes"},
		{"no header", "chain_getHeader", `null`, head, "does not know"},
		{"endless number", "chain_getHeader", `{"number":"0xffffffffffff"}`, head, "no number"},
	} {
		l.lies = map[string]func(int64, []json.RawMessage) string{lie.method: func(int64, []json.RawMessage) string { return lie.answer }}
		if err := lie.do(); err == nil || !strings.Contains(err.Error(), lie.want) {
			t.Errorf("%s: %v, want …%s…", lie.name, err, lie.want)
		}
	}
	l.lies = map[string]func(int64, []json.RawMessage) string{"state_getStorage": func(int64, []json.RawMessage) string { return `"0x` + strings.Repeat("00", 1<<20) + `"` }}
	if err := get(); err == nil {
		t.Error("a value of a megabyte was taken for a number")
	}
}

// TestLargeAnswer bounds what is read of an answer that does not end.
func TestLargeAnswer(t *testing.T) {
	next := network(t, devnet.Settings{Manual: true})
	endless := atomic.Bool{}
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !endless.Load() {
			next.ServeHTTP(w, r)
			return
		}
		_, _ = io.WriteString(w, `{"jsonrpc":"2.0","id":1,"result":"0x`)
		for r.Context().Err() == nil {
			if _, err := w.Write(bytes.Repeat([]byte("00"), 4096)); err != nil {
				return
			}
		}
	}))
	c, ctx := dial(t, chain.Options{Endpoints: []string{url}, Attempts: 1, MaxBody: 1 << 20})
	endless.Store(true)
	if _, err := c.Get(ctx, nil, "System", "Number"); err == nil || !strings.Contains(err.Error(), "1048576 bytes") {
		t.Error(err)
	}
}

// TestStall gives up on a node that does not answer, and goes on at the next one.
func TestStall(t *testing.T) {
	next := network(t, devnet.Settings{Manual: true})
	stalls, end := atomic.Bool{}, make(chan struct{})
	slow := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if stalls.Load() {
			<-end
			return
		}
		next.ServeHTTP(w, r)
	}))
	defer close(end)
	c, ctx := dial(t, chain.Options{Endpoints: []string{slow, serve(t, next)}, Timeout: 200 * time.Millisecond})
	stalls.Store(true)
	if _, _, err := c.Head(ctx); err != nil {
		t.Error(err)
	}
}

// TestWrongChain does not go on at a node of another chain.
func TestWrongChain(t *testing.T) {
	right, wrong := network(t, devnet.Settings{Manual: true}), network(t, devnet.Settings{Manual: true, Name: "another"})
	down := atomic.Bool{}
	first := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			panic(http.ErrAbortHandler)
		}
		right.ServeHTTP(w, r)
	}))
	for _, scheme := range []string{"http", "ws"} {
		down.Store(false)
		c, ctx := dial(t, chain.Options{Endpoints: []string{first, strings.Replace(serve(t, wrong), "http", scheme, 1)}, Attempts: 2})
		down.Store(true)
		if _, _, err := c.Head(ctx); err == nil || !strings.Contains(err.Error(), "another chain") {
			t.Error(scheme, err)
		}
		if c.Genesis() != right.Genesis() {
			t.Error("the genesis changed")
		}
	}
	_, err := chain.Dial(context.Background(), chain.Options{Endpoints: []string{serve(t, wrong)}, Genesis: right.Genesis(), Attempts: 1})
	if err == nil || !strings.Contains(err.Error(), "another chain") {
		t.Error(err)
	}
}

// TestUpgrade follows a runtime that changes.
func TestUpgrade(t *testing.T) {
	old, next := network(t, devnet.Settings{Manual: true, Spec73: true}), network(t, devnet.Settings{Manual: true})
	l := &liar{next: old}
	genesis := fmt.Sprintf("%q", fmt.Sprintf("0x%x", old.Genesis()))
	upgraded := atomic.Bool{}
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if upgraded.Load() {
			(&liar{next: next, lies: map[string]func(int64, []json.RawMessage) string{"chain_getBlockHash": func(int64, []json.RawMessage) string { return genesis }}}).ServeHTTP(w, r)
			return
		}
		l.ServeHTTP(w, r)
	}))
	c, ctx := dial(t, chain.Options{Endpoints: []string{url}, RuntimeEvery: time.Nanosecond})
	if _, spec, _ := c.Runtime(); spec != 73 {
		t.Fatal(spec)
	}
	if _, err := c.Unsigned("WorkerNodePallet", "open_voting_round", []any{"a", "b"}); err == nil {
		t.Error("the call is there before the upgrade")
	}
	upgraded.Store(true)
	if _, err := c.Get(ctx, nil, "System", "Number"); err != nil {
		t.Fatal(err)
	}
	if _, spec, _ := c.Runtime(); spec == 73 {
		t.Error("the upgrade was not seen")
	}
	if _, err := c.Unsigned("WorkerNodePallet", "open_voting_round", []any{"a", "b"}); err != nil {
		t.Error(err)
	}
}

// TestMany reads more values than one page holds, at one block, by both transports.
func TestMany(t *testing.T) {
	s := devnet.Settings{Manual: true}
	for i := range 600 {
		s.Accounts = append(s.Accounts, [32]byte{1, byte(i), byte(i >> 8)})
	}
	n := network(t, s)
	url := serve(t, n)
	for _, u := range []string{url, strings.Replace(url, "http", "ws", 1)} {
		c, ctx := dial(t, chain.Options{Endpoints: []string{u}})
		at := c.Genesis()
		count := 0
		var list [][]any
		err := c.Each(ctx, &at, "System", "Account", nil, func(k []any, v any) error {
			count++
			list = append(list, k)
			return nil
		})
		if err != nil || count != 606 {
			t.Errorf("%d accounts, %v", count, err)
		}
		values, err := c.GetMany(ctx, &at, "System", "Account", list)
		if err != nil || len(values) != 606 || values[605] == nil {
			t.Errorf("%d values, %v", len(values), err)
		}
		stop := errors.New("enough")
		if err := c.Each(ctx, nil, "System", "Account", nil, func([]any, any) error { return stop }); !errors.Is(err, stop) {
			t.Error(err)
		}
		if _, err := c.BlockHash(ctx, 1000); !errors.Is(err, chain.ErrNoBlock) {
			t.Error(err)
		}
		if _, err := c.Get(ctx, &[32]byte{5}, "System", "Number"); err == nil {
			t.Error("a block that nobody knows was read")
		}
	}
}

// BenchmarkVote builds and submits votes: what a worker does from a result to the chain.
func BenchmarkVote(b *testing.B) {
	c, ctx := dial(b, chain.Options{Endpoints: []string{strings.Replace(serve(b, network(b, devnet.Settings{Manual: true, MaxPool: 1 << 30})), "http", "ws", 1)}})
	p, err := keys.FromURI("//Bob", keys.Sr25519)
	if err != nil {
		b.Fatal(err)
	}
	result := bytes.Repeat([]byte{7}, 32)
	n := 0
	for b.Loop() {
		n++
		sig, err := p.Sign(result)
		if err != nil {
			b.Fatal(err)
		}
		x, err := c.Unsigned("WorkerNodePallet", "submit_solution_result", []any{"ZEV", fmt.Sprint(n), result, sig, p.Public()})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Submit(ctx, x); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkUnsigned is the part of it before the transaction is written to the node.
func BenchmarkUnsigned(b *testing.B) {
	c, _ := dial(b, chain.Options{Endpoints: []string{serve(b, network(b, devnet.Settings{Manual: true}))}})
	p, err := keys.FromURI("//Bob", keys.Sr25519)
	if err != nil {
		b.Fatal(err)
	}
	result := bytes.Repeat([]byte{7}, 32)
	for b.Loop() {
		sig, err := p.Sign(result)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Unsigned("WorkerNodePallet", "submit_solution_result", []any{"ZEV", "1", result, sig, p.Public()}); err != nil {
			b.Fatal(err)
		}
	}
}
