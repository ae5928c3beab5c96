package worker

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/consensus"
)

// installed runs a worker with one solution, named sol, that votes in round r1 and has the endpoint /one.
func (s *story) installed() (*Worker, func()) {
	s.Helper()
	s.chain.solutions = []Solution{{ID: "sol", Name: "Sol", Group: "grp", Status: "Active", WorkLogic: s.publish(fmt.Sprintf(flowText, "r1", "one")), JSON: "{}"}}
	w, stop := s.run()
	s.until("the vote of the flow", s.has("r1"))
	return w, stop
}

// TestRoutes answers with the codes of the reference's framework, at both ports.
func TestRoutes(t *testing.T) {
	s := newStory(t)
	w, stop := s.installed()
	defer stop()
	api, admin, flows := w.Addresses()
	tab := w.find("", "sol").tab
	vote := func(more string) string { return `{"id":"x","noderedId":"` + tab + `","root":"a"` + more + `}` }
	for _, c := range []struct {
		method, url, body string
		code              int
		want              string
	}{
		{"GET", api + "/STATUS/", "", 200, `{"status":"READY"}`},
		{"PUT", api + "/status", "", 404, "<pre>Cannot PUT /status</pre>"},
		{"GET", api + "/no<thing>", "", 404, "<pre>Cannot GET /no%3Cthing%3E</pre>"},
		{"GET", api + "//status", "", 404, "Cannot GET //status"},
		{"GET", api + "/api/one", "", 200, `"solution":"sol"`},
		{"GET", flows + "/status", "", 200, `{"status":"READY"}`},
		{"GET", flows + "/health/readiness", "", 200, `"installedSolutionsCount":1`},
		{"GET", flows + "/queue-info", "", 200, `"runningTasks":`},
		{"GET", flows + "/token", "", 404, "Cannot GET /token"},
		{"GET", flows + "/health/status", "", 404, "Cannot GET"},
		{"POST", flows + "/sse/1", vote(""), 404, "Cannot POST"},
		{"GET", admin + "/stop", "", 404, "Cannot GET /stop"},
		{"POST", api + "/sse/1", "{", 400, "no JSON"},
		{"POST", api + "/sse/1", `"text"`, 400, "no JSON"},
		{"POST", api + "/sse/1", vote("") + "x", 400, "no JSON"},
		{"POST", api + "/sse/1", "", 500, "needed"},
		{"POST", api + "/sse/1", "[]", 500, "needed"},
		{"POST", api + "/sse/1", strings.Replace(vote(""), `"id"`, `"ID"`, 1), 500, "needed"},
		{"POST", api + "/sse/1", vote(`,"hashVote":"no"`), 500, "hashVote"},
		{"POST", api + "/sse/1", vote(`,"more":"` + strings.Repeat("x", maxRequest) + `"`), 413, "too large"},
		{"POST", api + "/SSE/1/", vote(`,"solutionId":"other"`), 204, ""}, // which wins, and does not run
	} {
		if code, body := get(t, c.method, c.url, c.body); code != c.code || !strings.Contains(body, c.want) {
			t.Errorf("%s %s: %d %s", c.method, c.url, code, body)
		}
	}
	// A page whose name leads to this machine is of another site, though it has no Origin.
	for _, c := range []struct {
		url, host string
		code      int
	}{{api + "/token", "evil.example:3002", 403}, {api + "/token", "LOCALHOST", 200}, {api + "/token", "[::1]:3002", 200}, {api + "/token", "127.0.0.1", 200}, {api + "/token", "10.0.0.1", 403}, {flows + "/status", "evil.example", 200}} {
		req, err := http.NewRequest(http.MethodGet, c.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = c.host
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if _ = res.Body.Close(); res.StatusCode != c.code { // its body does not matter
			t.Errorf("%s as %s: %d", c.url, c.host, res.StatusCode)
		}
	}
	if w.store.Len() != 1 {
		t.Errorf("%d votes", w.store.Len())
	}
	// A surrogate without its half is U+FFFD, a round in hex is one whatever its letters' case.
	for _, b := range []string{`{"id":"0xAB","noderedId":"` + tab + `","root":"\ud800","hashVote":false}`, `{"id":"0xab","solutionId":"sol","root":"other"}`} {
		if code, body := get(t, "POST", api+"/sse/1?voteIdentifier=me", b); code != 204 {
			t.Error(code, body)
		}
	}
	s.until("the vote", s.has("0xab"))
	if e, _ := w.store.Get(consensus.Key{Solution: "sol", Round: "0xab"}); !bytes.Equal(e.Result, []byte("\uFFFD")) || w.store.Len() != 2 {
		t.Errorf("% x, %d votes", e.Result, w.store.Len())
	}
}

// FuzzVoteBody: whatever is posted, it is a vote that can be one, or an error with a code.
func FuzzVoteBody(f *testing.F) {
	f.Add(`{"id":"r","noderedId":"t","root":"x","hashVote":false}`)
	f.Add(`{"id":"\ud800","solutionId":"s","root":"0x12"}`)
	f.Fuzz(func(t *testing.T, text string) {
		r := httptest.NewRequest(http.MethodPost, "/sse/1", strings.NewReader(text))
		b, status, err := readVote(httptest.NewRecorder(), r)
		if err != nil {
			if status < 400 || status > 500 {
				t.Errorf("%d %v", status, err)
			}
			return
		}
		result, err := consensus.VoteBytes(b.vote.Text, b.vote.Hashed, consensus.PolkadotJS)
		if err != nil || len(result) > 32 || consensus.RoundText(consensus.RoundText(b.vote.Round)) != consensus.RoundText(b.vote.Round) {
			t.Errorf("%+v: %x %v", b, result, err)
		}
	})
}
