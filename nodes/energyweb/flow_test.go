package energyweb_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/live"
	ewx "github.com/lockstep-flows/lockstep/engine/live/energyweb"
	"github.com/lockstep-flows/lockstep/engine/live/sqlite"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

// services stands for all that the flow asks: the addresses, the message service, the indexer.
type services struct {
	t        *testing.T
	url      string
	mu       sync.Mutex
	messages []string // {id, content}
	next     map[string]int
	voted    []string // ids the indexer knows
	votes    []string
	tokens   map[string]bool
	sent     chan string
}

func (s *services) Vote(_ context.Context, v ewx.Vote) error {
	b, err := consensus.VoteBytes(v.Text, v.Hashed, consensus.PolkadotJS)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.votes = append(s.votes, v.Round+" "+hex.EncodeToString(b))
	s.mu.Unlock()
	s.sent <- v.Round
	return nil
}

func (s *services) Token(context.Context) (string, error) { return "the-token", nil }

func (s *services) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := func(v any) {
		if err := json.NewEncoder(w).Encode(v); err != nil {
			s.t.Error(err)
		}
	}
	switch r.URL.Path {
	case "/base_urls.json":
		answer(map[string]string{"base_indexer_url": s.url, "kafka_proxy_url": s.url, "indexer_url": s.url + "/old", "voting_round_orchestrator_url": s.url})
	case "/api/v2/message":
		s.tokens[r.Header.Get("Authorization")] = true
		i := s.next[r.URL.Query().Get("lastMessageId")]
		if r.URL.Query().Get("appId") != "ggp" || i >= len(s.messages) {
			answer(nil)
			return
		}
		_, _ = w.Write([]byte(s.messages[i]))
	case "/votes/graphql":
		var q struct {
			Query     string
			Variables struct{ Offset int }
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			s.t.Error(err)
		}
		votes := []map[string]string{}
		if q.Variables.Offset == 0 {
			for _, id := range s.voted {
				votes = append(votes, map[string]string{"rawVotingRoundId": id})
			}
		}
		answer(map[string]any{"data": map[string]any{"votes": votes, "votingRounds": []any{}}})
	default:
		http.NotFound(w, r)
	}
}

// load reads the production flow and puts into its nodes what a worker would.
func load(t *testing.T, env map[string]string) value.Value {
	t.Helper()
	text, err := os.ReadFile("../../../shared/ewx/green-proof-worker-3.0.2.flow.json")
	if err != nil {
		t.Skip("the production flow (of @energyweb/node-red-contrib-green-proof-worker) is not here")
	}
	v, err := value.ParseJSON(string(text))
	if err != nil {
		t.Fatal(err)
	}
	o := value.NewObject()
	for k, s := range env {
		o.Set(k, value.Str(s))
	}
	for _, n := range v.Array().Elems {
		n.Object().Set("__envConfig", value.Clone(value.Of(o)))
	}
	return v
}

type logs struct {
	t  *testing.T
	mu sync.Mutex
	at []string
}

func (l *logs) Put(f engine.Effect) error {
	if f.Kind == "log" {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.at = append(l.at, fmt.Sprint(f.Body.Object().Get("level").Num(), " ", value.ToString(f.Body.Object().Get("msg"))))
	}
	return nil
}

type tee [2]engine.Sink

func (t tee) Put(f engine.Effect) error {
	if err := t[0].Put(f); err != nil {
		return err
	}
	return t[1].Put(f)
}

func change(unit, owner, prev string, volume int) string {
	p := "null"
	if prev != "" {
		p = `"` + prev + `"`
	}
	return fmt.Sprintf(`{"unitId":%q,"votingId":%q,"owner":%q,"prevOwner":%s,"volume":%d}`, unit, "vote-"+unit, owner, p, volume)
}

func message(id string, changes ...string) string {
	return fmt.Sprintf(`{"id":%q,"content":{"protocolVersion":1,"type":"unitsChanged","version":1,"payload":{"txLog":{"rootUnitId":"root","changes":[%s]}}}}`, id, strings.Join(changes, ","))
}

// TestProductionFlow runs the public green-proof flow whole: messages come in, the ledger
// in SQLite follows, and it votes approve and reject with the hashes seen on mainnet. Its
// journal replays.
func TestProductionFlow(t *testing.T) {
	s := &services{t: t, tokens: map[string]bool{}, sent: make(chan string, 20), next: map[string]int{"": 0, "m1": 1, "m2": 2, "m3": 3, "m4": 4}, voted: []string{"vote-u5"}}
	server := httptest.NewServer(s)
	defer server.Close()
	s.url = server.URL
	s.messages = []string{
		message("m1", change("u1", "alice", "", 100)),
		message("m2", change("u2", "bob", "alice", 40), change("u1", "alice", "", 100)), // u1 was processed
		message("m3", change("u3", "bob", "alice", 61)),                                 // alice has 60
		`{"id":"m4","content":{"txLog":{"rootUnitId":"root","changes":[{"unitId":"u4","owner":"carol","prevOwner":"alice","volume":60},{"unitId":"vote-u5","owner":"carol","prevOwner":null,"volume":1}]}}}`,
	}
	dir := t.TempDir()
	v := load(t, map[string]string{"BASE_URL": s.url + "/base_urls.json", "EWX_SQLITE_PATH": filepath.Join(dir, "db.sqlite"), "EWX_WORKER_ADDRESS": "5Worker", "EWX_SOLUTION_ID": "sol"})
	doc, err := flow.FromValue("flow", value.Clone(v))
	if err != nil {
		t.Fatal(err)
	}
	g, err := flow.Compile(nodes.Worker().Known, doc)
	if err != nil {
		t.Fatal(err)
	}
	o := engine.Options{Seed: 7}
	h, err := journal.NewHeader("test", []value.Value{v}, o)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "run.journal")
	rec, err := journal.Create(file, h, &o, journal.RecorderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(g, nodes.Worker(), o)
	if err != nil {
		t.Fatal(err)
	}
	l := &logs{t: t}
	run := live.New(live.Options{Sink: tee{rec, l}, Performers: []live.Performer{ewx.New(ewx.Options{Host: s, Mark: func() (string, string) { return rec.Digest(), "" }}), sqlite.New(sqlite.Options{Dir: dir})}})
	go func() {
		defer run.Stop()
		for range 4 {
			select {
			case <-s.sent:
			case <-time.After(20 * time.Second):
				return
			}
		}
		time.Sleep(200 * time.Millisecond) // the last message is acknowledged
	}()
	if err := engine.Run(t.Context(), e, rec.Source(run), run); err != nil {
		t.Fatal(err)
	}
	if err := run.Close(); err != nil {
		t.Error(err)
	}
	if err := rec.Close(); err != nil {
		t.Error(err)
	}
	const approve, reject = "681266a0916bc1e435883c5ff0623178684cb80b7d71ade49e1bc6606a71ffcc", "3d67f481452bbf357edceb93da7779a4ccadc147110583e224c5c1f065c54158"
	want := []string{"vote-u1 " + approve, "vote-u2 " + approve, "vote-u3 " + reject, "u4 " + approve}
	if len(s.votes) > 4 && s.votes[4] == "vote-u5 "+approve {
		t.Error("a vote that the indexer knows was made again")
	}
	if !reflect.DeepEqual(s.votes, want) {
		t.Errorf("votes: %v\nlog:\n%s", s.votes, strings.Join(l.at, "\n"))
	}
	if !s.tokens["Bearer the-token"] {
		t.Error("the token was not sent")
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(text), "the-token") {
		t.Error("the token is in the journal", err)
	}
	replay(t, file)
}

func replay(t *testing.T, file string) {
	t.Helper()
	r, err := journal.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // it was only read
	res, err := journal.Replay(t.Context(), r, journal.ReplayOptions{Build: func(o engine.Options) (*engine.Engine, error) {
		doc, err := flow.FromValue("journal", value.Clone(r.Header.Flows[0]))
		if err != nil {
			return nil, err
		}
		g, err := flow.Compile(nodes.Worker().Known, doc)
		if err != nil {
			return nil, err
		}
		return engine.New(g, nodes.Worker(), o)
	}})
	if err != nil {
		t.Fatal(err)
	}
	if res.Count > 0 || !res.Complete {
		for _, d := range res.Differences {
			t.Errorf("%+v\n%s\n%s", d.Note, d.Want.Text, d.Got.Text)
		}
		t.Errorf("%d differences in %d events, complete %v", res.Count, res.Events, res.Complete)
	}
}
