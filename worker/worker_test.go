package worker

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/content"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// fakeChain is a chain whose state the test sets.
type fakeChain struct {
	mu        sync.Mutex
	groups    []Group
	solutions []Solution
	stake     int64
	votes     map[consensus.Key][]byte
	broken    bool   // votes get no answer
	genesis   string // "" is 0x00
	refuses   bool   // votes are invalid
}

func (c *fakeChain) set(fn func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fn()
}

func (c *fakeChain) Operator(context.Context, string) (string, error) { return "5Op", nil }
func (c *fakeChain) Subscriptions(context.Context, string) ([]string, error) {
	return []string{"grp"}, nil
}
func (c *fakeChain) Groups(context.Context, []string) ([]Group, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.groups, nil
}
func (c *fakeChain) Solutions(context.Context) ([]Solution, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Solution{}, c.solutions...), nil
}
func (c *fakeChain) Stake(context.Context, string, string) (*big.Int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return big.NewInt(c.stake), nil
}
func (c *fakeChain) Block(context.Context) (uint32, error)  { return 100, nil }
func (c *fakeChain) Period(context.Context) (uint32, error) { return 7, nil }
func (c *fakeChain) Genesis() string                        { return cmp.Or(c.genesis, "0x00") }
func (c *fakeChain) Encode(_ context.Context, v consensus.Vote) ([]byte, string, error) {
	b, err := json.Marshal(v)
	return b, "0x" + v.Round, err
}
func (c *fakeChain) Submit(_ context.Context, b []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken {
		return &consensus.Failure{Cause: consensus.Unreachable, Text: "no answer"}
	}
	if c.refuses {
		return &consensus.Failure{Cause: consensus.Invalid, Text: "no"}
	}
	var v consensus.Vote
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	c.votes[v.Key] = v.Result
	return nil
}
func (c *fakeChain) Mark(context.Context) (uint32, error) { return 1, nil }
func (c *fakeChain) Find(context.Context, string, uint32) (consensus.Inclusion, error) {
	return consensus.Inclusion{Block: "0xb10c", Number: 2}, nil
}
func (c *fakeChain) Voted(_ context.Context, k consensus.Key, _ []byte) ([]byte, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.votes[k]
	return r, ok, nil
}

type fakeKey struct{}

func (fakeKey) Public() []byte { return bytes.Repeat([]byte{7}, 32) }
func (fakeKey) Sign(m []byte) ([]byte, error) {
	return bytes.Repeat([]byte{byte(len(m))}, 64), nil
}

// flowText votes in a round as soon as it starts, and serves an endpoint.
const flowText = `{"label":"x","nodes":[
 {"id":"aaaaaaaaaaaa0001","type":"inject","z":"f","x":1,"y":1,"props":[{"p":"payload"}],"payload":"{\"result\":\"approve\",\"votingRoundID\":\"%s\"}","payloadType":"json","once":true,"onceDelay":0,"wires":[["aaaaaaaaaaaa0002"]]},
 {"id":"aaaaaaaaaaaa0002","type":"submit-result","z":"f","x":1,"y":1,"wires":[[]]},
 {"id":"n1","type":"http in","z":"f","x":1,"y":1,"url":"/%s","method":"get","wires":[["aaaaaaaaaaaa0003"]]},
 {"id":"aaaaaaaaaaaa0003","type":"function","z":"f","x":1,"y":1,"outputs":1,"func":"msg.payload={seed:env.get('VOTING_WORKER_SEED')||null,solution:env.get('EWX_SOLUTION_ID'),n1:'n1'};return msg","wires":[["aaaaaaaaaaaa0004"]]},
 {"id":"aaaaaaaaaaaa0004","type":"http response","z":"f","x":1,"y":1,"wires":[]}],"configs":[]}`

type story struct {
	testing.TB
	chain *fakeChain
	urls  *httptest.Server
	docs  map[string][]byte
	dir   string
	mu    sync.Mutex
	asked map[string]int
	log   []string
	// pauses are short, so that a test is.
	pauses Pauses
	// env is more of the environment, serve answers before the services do.
	env   map[string]string
	serve func(w http.ResponseWriter, r *http.Request) bool
}

func (s *story) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked[r.Method+" "+r.URL.Path]++
	s.mu.Unlock()
	if s.serve != nil && s.serve(w, r) {
		return
	}
	reply := func(status int, v any) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	switch {
	case r.URL.Path == "/base_urls.json":
		reply(200, map[string]string{"base_indexer_url": s.urls.URL, "rpc_url": "wss://rpc", "workers_registry_url": s.urls.URL, "auth_server_url": s.urls.URL})
	case r.URL.Path == "/api/auth/login":
		b, _ := io.ReadAll(r.Body)
		if !strings.Contains(string(b), `"payload":{"accountType":"WORKER","domainName":"default","address":"5Worker","signedAt":`) {
			s.Errorf("login %s", b)
		}
		reply(200, map[string]string{"accessToken": "secret-token"})
	case r.URL.Path == "/api/v1/workers/5Worker":
		reply(404, map[string]any{"error": map[string]string{"name": "WorkerNotFoundException"}})
	case r.URL.Path == "/api/v1/workers" && r.Header.Get("Authorization") == "Bearer secret-token" && r.Header.Get("x-worker-source") == "WNS":
		reply(201, map[string]string{})
	case s.docs[strings.TrimPrefix(r.URL.Path, "/ipfs/")] != nil:
		_, _ = w.Write(s.docs[strings.TrimPrefix(r.URL.Path, "/ipfs/")])
	default:
		http.NotFound(w, r)
	}
}

func (s *story) publish(text string) string {
	c := content.CID([]byte(text), content.Kubo).String()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.docs[c] = []byte(text)
	return c
}

// worker makes a worker.
func (s *story) worker() *Worker {
	s.Helper()
	env := map[string]string{
		"VOTING_RPC_URL": "wss://x", "VOTING_WORKER_SEED": "the secret words", "BASE_URLS": s.urls.URL + "/base_urls.json", "IPFS_URL": s.urls.URL, "SOLUTION_QUEUE_PROCESS_DELAY": "5",
		"SQLITE_BASE_PATH": filepath.Join(s.dir, "sqlite"), "LOCKSTEP_DATA": filepath.Join(s.dir, "data"), "HEARTBEAT_PATH": filepath.Join(s.dir, "heartbeat"),
		"PORT": "0", "LOCKSTEP_API_PORT": "0", "ADMIN_SERVER_PORT": "0", "SHUTDOWN_TIMEOUT_MS": "3000", "ADMIN_API_KEY": strings.Repeat("k", 32),
	}
	for _, k := range []string{"PORT", "LOCKSTEP_API_PORT", "ADMIN_SERVER_PORT"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			s.Fatal(err)
		}
		_, env[k], _ = net.SplitHostPort(l.Addr().String())
		_ = l.Close() // only its port is wanted
	}
	maps.Copy(env, s.env)
	lookup := func(n string) (string, bool) { v, ok := env[n]; return v, ok }
	c, err := NewConfig(lookup)
	if err != nil {
		s.Fatal(err)
	}
	return s.make(c, lookup)
}

func (s *story) make(c *Config, lookup func(string) (string, bool)) *Worker {
	s.Helper()
	w, err := New(Options{Config: c, Chain: s.chain, Key: fakeKey{}, Address: "5Worker", Version: "test", Lookup: lookup,
		Pauses: s.pauses,
		Queue:  consensus.QueueOptions{RetryAfter: 5 * time.Millisecond, BusyAfter: time.Millisecond},
		Log: func(level, text string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.log = append(s.log, level+" "+text)
		}})
	if err != nil {
		s.Fatal(err)
	}
	return w
}

// run starts a worker and gives how to stop it.
func (s *story) run() (*Worker, func()) {
	s.Helper()
	w := s.worker()
	ctx, cancel := context.WithCancel(s.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	s.until("ready", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.status == Ready
	})
	return w, func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				s.Error(err)
			}
		case <-time.After(20 * time.Second):
			s.Fatal("it did not stop")
		}
	}
}

func (s *story) until(what string, ok func() bool) {
	s.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.Fatalf("%s: it did not come\n%s", what, strings.Join(s.log, "\n"))
		}
	}
}

func (s *story) has(round string) func() bool {
	return func() bool {
		s.chain.mu.Lock()
		defer s.chain.mu.Unlock()
		return s.chain.votes[consensus.Key{Solution: "sol", Round: round}] != nil
	}
}

func get(t *testing.T, method, url, body string, headers ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func newStory(t testing.TB) *story {
	s := &story{TB: t, docs: map[string][]byte{}, dir: t.TempDir(), asked: map[string]int{}, pauses: Pauses{Idle: time.Millisecond, Good: time.Millisecond, Failed: time.Millisecond, Check: time.Millisecond},
		chain: &fakeChain{votes: map[consensus.Key][]byte{}, stake: 10, groups: []Group{{ID: "grp", Name: "Group", MinStake: big.NewInt(10), StartBlock: 1}}}}
	s.urls = httptest.NewServer(s)
	t.Cleanup(s.urls.Close)
	return s
}

// TestWorker is the life of a worker: solutions come, change and go, it votes by its nodes
// and its API, stops, and goes on with what was left.
func TestWorker(t *testing.T) {
	s := newStory(t)
	first := s.publish(fmt.Sprintf(flowText, "r1", "one"))
	s.chain.solutions = []Solution{{ID: "sol", Name: "Sol", Group: "grp", Status: "Active", WorkLogic: first, JSON: `{"namespace":"sol"}`}, {ID: "other", Group: "elsewhere", Status: "Active", WorkLogic: "x:y"}}
	w, stop := s.run()
	s.until("the vote of the flow", s.has("r1"))
	api, admin, flows := w.Addresses()
	if code, body := get(t, "GET", flows+"/api/one", ""); code != 200 || body != `{"seed":null,"solution":"sol","n1":"`+freshID(w.running["sol"].vars, "n1")+`"}` && !strings.Contains(body, `"n1":"n1"`) {
		t.Error(code, body)
	}
	if code, _ := get(t, "GET", flows+"/api/none", ""); code != 404 {
		t.Error(code)
	}
	tab := w.find("", "sol").tab
	if code, _ := get(t, "POST", api+"/sse/1?voteIdentifier=me", `{"id":"r2","noderedId":"`+tab+`","root":"0x12","hashVote":false}`); code != 204 {
		t.Error(code)
	}
	s.until("the vote of the API", s.has("r2"))
	if got := s.chain.votes[consensus.Key{Solution: "sol", Round: "r2"}]; string(got) != "\x12" {
		t.Errorf("% x", got)
	}
	for _, c := range []struct {
		method, url, body string
		code              int
		want              string
	}{
		{"POST", "/sse/9", `{"id":"r3","noderedId":"nobody","root":"x"}`, 204, ""},
		{"POST", "/sse/9", `{"id":"r3"}`, 500, "needed"},
		{"POST", "/sse/9", `{"id":"r3","noderedId":"t","hashVote":false,"root":"` + strings.Repeat("x", 33) + `"}`, 500, "long"},
		{"GET", "/sse/1?voteIdentifier=you", "", 200, `{"hash":null}`},
		{"GET", "/status", "", 200, `{"status":"READY"}`},
		{"GET", "/health/liveness", "", 200, `{"name":"LIVE","status":"OK"}`},
		{"GET", "/health/readiness", "", 200, `"installedSolutions":["sol"],"installedSolutionsCount":1`},
		{"GET", "/health/status", "", 200, `"solutions":[{"id":"sol","installed":true,"name":"Sol","status":"Active"}]`},
		{"GET", "/config?nodeRedId=" + tab, "", 200, `"solutionDetails":{"solutionGroupId":"grp","solutionNamespace":"sol"}`},
		{"GET", "/config", "", 200, `"solutionDetails":null`},
		{"GET", "/token", "", 200, `{"token":"secret-token"}`},
		{"GET", "/nothing", "", 404, ""},
	} {
		if code, body := get(t, c.method, api+c.url, c.body); code != c.code || !strings.Contains(body, c.want) {
			t.Errorf("%s %s: %d %s", c.method, c.url, code, body)
		}
	}
	s.until("the queue", func() bool {
		_, body := get(t, "GET", api+"/queue-info", "")
		return body == `{"isIdle":true,"pendingTasks":0,"runningTasks":0}`
	})
	if _, body := get(t, "GET", api+"/sse/1?voteIdentifier=me", ""); !strings.Contains(body, `"transactionHash":"0xr2"`) {
		t.Error(body)
	}
	if code, _ := get(t, "GET", api+"/token", "", "Origin", "https://evil.example"); code != 403 {
		t.Error("a web page got the token")
	}
	s.receipt(w, "r1")
	// Another work logic replaces the solution; the chain is away now.
	s.chain.set(func() { s.chain.broken = true })
	second := s.publish(fmt.Sprintf(flowText, "r4", "two"))
	s.chain.set(func() { s.chain.solutions[0].WorkLogic = "ipfs:" + second })
	s.until("the new flow", func() bool { code, _ := get(t, "GET", flows+"/api/two", ""); return code == 200 })
	if code, _ := get(t, "POST", admin+"/stop", ""); code != 401 {
		t.Error("it was stopped without a key")
	}
	s.until("the vote on disk", func() bool { _, ok := w.store.Get(consensus.Key{Solution: "sol", Round: "r4"}); return ok })
	if code, _ := get(t, "POST", admin+"/stop", "", "x-api-key", strings.Repeat("k", 32)); code != 200 {
		t.Error(code)
	}
	stop()
	// After the next start the vote goes out; then the solution is paused.
	s.chain.set(func() { s.chain.broken = false })
	w, stop = s.run()
	s.until("the vote that was left", s.has("r4"))
	s.until("the solution", func() bool { return len(w.names()) == 1 })
	s.chain.set(func() { s.chain.solutions[0].Status = "Paused" })
	s.until("the removal", func() bool { return len(w.names()) == 0 })
	s.chain.set(func() { s.chain.solutions[0].Status, s.chain.stake = "Active", 9 })
	time.Sleep(30 * time.Millisecond)
	if len(w.names()) != 0 {
		t.Error("it was installed with too little stake")
	}
	stop()
	if s.asked["POST /api/v1/workers"] == 0 {
		t.Error("it did not register")
	}
	for _, l := range s.log {
		if strings.Contains(l, "secret") {
			t.Error("a secret in the log: " + l)
		}
	}
	if _, err := os.Stat(filepath.Join(s.dir, "heartbeat")); err != nil {
		t.Error(err)
	}
}

// receipt checks the receipt of a vote, and that each change of it shows.
func (s *story) receipt(w *Worker, round string) {
	s.Helper()
	name := w.Receipt(consensus.Key{Solution: "sol", Round: round})
	var r *consensus.Receipt
	s.until("the receipt", func() bool {
		text, err := os.ReadFile(name)
		if err != nil {
			return false
		}
		r, err = consensus.ParseReceipt(text)
		return err == nil && r.Chain.State == consensus.Counted
	})
	c := Checks(filepath.Dir(name))
	c.Signature = func(public, msg, sig []byte) bool {
		want, _ := fakeKey{}.Sign(msg)
		return bytes.Equal(sig, want) && bytes.Equal(public, fakeKey{}.Public())
	}
	c.Address = func([]byte) string { return "5Worker" }
	states := func() (out string) {
		for _, x := range r.Verify(s.Context(), c) {
			out += x.Name + " " + x.State + "; "
			if x.State == "failed" {
				out += "(" + x.Text + ")"
			}
		}
		return out
	}
	// The journal is being written still: what the vote needs of it is there.
	s.until("the journal", func() bool { return !strings.Contains(states(), "failed") })
	if got := states(); got != "result ok; signature ok; digest ok; flow ok; journal ok; replay ok; " {
		s.Errorf("the receipt: %s", got)
	}
	whole := *r
	for what, change := range map[string]func(){
		"result":    func() { r.Vote.Text = "reject" },
		"signature": func() { r.Vote.Signature = bytes.Repeat([]byte{1}, 64) },
		"digest":    func() { r.Canonical = strings.Replace(r.Canonical, "approve", "reject_", 1) },
		"flow":      func() { r.Flow.Document = strings.Replace(r.Flow.Document, "approve", "reject_", 1) },
		"journal":   func() { r.Journal.Digest = strings.Repeat("0", 64) },
	} {
		*r = whole
		if change(); !strings.Contains(states(), what+" failed") {
			s.Errorf("a change of the %s was not seen: %s", what, states())
		}
	}
}

func TestDocument(t *testing.T) {
	for _, bad := range []string{"", "[]", "{}", `{"label":null,"nodes":[]}`, `{"label":"x"}`, `{"label":"x","nodes":{}}`, `{"label":"x","nodes":[1]}`,
		`{"label":"x","nodes":[{"id":"a"}]}`, `{"label":"x","nodes":[{"id":"a","type":"tab"}]}`, `{"label":"x","nodes":[],"configs":7}`} {
		if _, err := ParseDocument([]byte(bad)); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
	d, err := ParseDocument([]byte(`{"label":"x","nodes":[{"id":"aaaabbbbccccdddd","type":"function","z":"t1","func":"send('aaaabbbbccccdddd'); let a1","wires":[["a1"]],"links":["c"]},{"id":"a1","type":"debug","z":"t1","name":"a1x"}],"configs":[{"id":"c","type":"sqlite-config"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	v := Variables{"EWX_SOLUTION_ID": "s", "EWX_SOLUTION_GROUP_ID": "g"}
	flows, err := d.Flows(v, false)
	if err != nil {
		t.Fatal(err)
	}
	text := string(value.AppendJSON(nil, flows))
	for _, want := range []string{`send('` + freshID(v, "aaaabbbbccccdddd") + `'); let a1`, `"wires":[["` + freshID(v, "a1") + `"]]`, `"links":["` + freshID(v, "c") + `"]`, `"name":"a1x"`,
		`"z":"` + TabID(v) + `"`, `"__envConfig":{"EWX_SOLUTION_ID":"s"`, `"type":"tab","label":"s","info":"g","versionId":"s"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	again, _ := d.Flows(v, false)
	if string(value.AppendJSON(nil, again)) != text {
		t.Error("it is another the second time")
	}
	flows, err = d.Flows(v, true)
	if text := string(value.AppendJSON(nil, flows)); err == nil && !strings.Contains(text, freshID(v, "a1")+`x"`) {
		t.Errorf("the reference replaces everywhere: %s", text)
	}
	if typ, bad := d.Excluded([]string{"bug"}); !bad || typ != "debug" {
		t.Error("a type is excluded by its end")
	}
}

func TestPolicy(t *testing.T) {
	p := &policy{hosts: []string{"inside.example"}}
	for ip, ok := range map[string]bool{"8.8.8.8": true, "10.1.2.3": false, "127.0.0.1": false, "169.254.169.254": false, "::1": false, "fe80::1": false, "::ffff:10.0.0.1": false,
		"100.64.0.1": false, "0.0.0.0": false, "2606:4700::1": true, "fd00::1": false, "64:ff9b::a00:1": false, "224.0.0.1": false} {
		if err := p.Allow("a.example", net.ParseIP(ip)); (err == nil) != ok {
			t.Errorf("%s: %v", ip, err)
		}
	}
	if p.Allow("inside.example", net.ParseIP("10.0.0.1")) != nil || p.Allow("10.0.0.1", nil) == nil || p.Allow("a.example", nil) != nil {
		t.Error("hosts")
	}
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	if res, err := p.client(func(string) bool { return false }).Get(server.URL); err == nil {
		_ = res.Body.Close() // it must not be there
		t.Error("a private address was reached")
	}
	res, err := p.client(func(string) bool { return true }).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close() // it is empty
}

func TestConfig(t *testing.T) {
	env := map[string]string{"VOTING_RPC_URL": "a", "VOTING_WORKER_SEED": "b"}
	lookup := func(n string) (string, bool) { v, ok := env[n]; return v, ok }
	c, err := NewConfig(lookup)
	if err != nil || c.Port != 8000 || c.Host != "localhost" || c.AdminPort != 3003 || c.Delay != 20*time.Second || len(c.Excluded) != 4 || !c.RetryChecks || c.Text != consensus.PolkadotJS || len(c.Warnings()) != 0 {
		t.Errorf("%+v %v", c, err)
	}
	env["LOCKSTEP_API_HOST"], env["LOCKSTEP_ADMIN_HOST"], env["LOCKSTEP_ALLOW_HOSTS"], env["RETRY_WORKER_CHECKS"] = "0.0.0.0", "0.0.0.0", "*", "false"
	if c, err = NewConfig(lookup); err != nil || len(c.Warnings()) != 3 || !c.RetryChecks {
		t.Error(c.Warnings(), err)
	}
	env["VOTING_WORKER_SEED"], env["ADMIN_API_KEY"], env["PORT"], env["LOCKSTEP_VOTE_TEXT"] = "", "short-secret", "x", "y"
	if _, err = NewConfig(lookup); err == nil || strings.Count(err.Error(), "\n") != 3 || strings.Contains(err.Error(), "short-secret") {
		t.Error(err)
	}
	// Lines of a template that were left empty, words that are none, variables that do nothing.
	env = map[string]string{"VOTING_RPC_URL": "a", "VOTING_WORKER_SEED": "b", "IPFS_URL": "", "BASE_URLS": " ", "HOST": "", "PORT": "", "HEARTBEAT_PATH": "", "SQLITE_BASE_PATH": "", "LOCKSTEP_DATA": "",
		"ADMIN_API_KEY": "", "RED_ENABLE_UI": "true", "LOG_RETENTION_DAYS": "7", "SS58_FORMAT": "42"}
	if c, err = NewConfig(lookup); err != nil || c.IPFSURL != defaultIPFS || c.BaseURLs != defaultBaseURLs || c.Host != "localhost" || c.Port != 8000 || c.Heartbeat != "heartbeat_monitor.txt" || c.SQLite != "./sqlite" ||
		c.Data != "./lockstep-data" || c.JournalLimit != 1<<30 || c.JournalRenew || len(c.Warnings()) != 2 {
		t.Errorf("%+v %v %v", c, err, c.Warnings())
	}
	env["LOCKSTEP_JOURNAL_FULL"], env["LOCKSTEP_ID_REWRITE"], env["BASE_URLS"], env["LOCKSTEP_JOURNAL_MB"] = "maybe", "x", "ftp://x", "-1"
	if _, err := NewConfig(lookup); err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Error(err)
	}
	if _, err := c.sqlitePath("w", Solution{ID: "../x", Group: "g"}); err == nil {
		t.Error("a path was left")
	}
}

func FuzzDocument(f *testing.F) {
	f.Add(fmt.Sprintf(flowText, "r", "p"))
	f.Fuzz(func(_ *testing.T, text string) {
		d, err := ParseDocument([]byte(text))
		if err != nil {
			return
		}
		_, _ = d.Flows(Variables{}, false) // that it ends
		_, _ = d.Flows(Variables{}, true)
	})
}
