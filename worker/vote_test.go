package worker

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/consensus"
)

// manyVotes votes with voting-marketplace in rounds of which two cannot be voted in, then says that it is done.
const manyVotes = `{"label":"x","nodes":[
 {"id":"aaaaaaaaaaaa0001","type":"inject","z":"f","x":1,"y":1,"props":[{"p":"payload"}],"payload":"{\"voting\":[{\"votingId\":\"old\",\"vote\":\"b\"},{\"votingId\":\"\",\"vote\":\"c\"},{\"votingId\":\"long\",\"vote\":\"%s\"},{\"votingId\":\"new\",\"vote\":\"d\"}]}","payloadType":"json","once":true,"onceDelay":0,"wires":[["aaaaaaaaaaaa0002"]]},
 {"id":"aaaaaaaaaaaa0002","type":"voting-marketplace","z":"f","x":1,"y":1,"noHashing":true,"wires":[["aaaaaaaaaaaa0003"]]},
 {"id":"aaaaaaaaaaaa0003","type":"function","z":"f","x":1,"y":1,"outputs":0,"func":"node.warn('done')","wires":[]}],"configs":[]}`

// TestVotesGoOn: a vote that cannot be made is logged, and the flow makes its other ones: so
// it is in the reference, where the API takes all and says nothing.
func TestVotesGoOn(t *testing.T) {
	s := newStory(t)
	s.at("/votes/graphql", says(200, `{"data":{"votes":[],"votingRounds":[]}}`))
	w, stop := s.installed()
	api, _, _ := w.Addresses()
	if code, _ := get(t, "POST", api+"/sse/1?voteIdentifier=me", `{"id":"old","solutionId":"sol","root":"a"}`); code != 204 {
		t.Error(code)
	}
	s.until("the vote of before", s.has("old"))
	s.chain.set(func() {
		s.chain.solutions[0].WorkLogic = s.publish(fmt.Sprintf(manyVotes, strings.Repeat("x", 33)))
	})
	s.until("the vote after those that fail", s.has("new"))
	s.until("the end of the flow", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return strings.Contains(strings.Join(s.log, "\n"), "[sol] done")
	})
	stop()
	for _, why := range []string{consensus.ErrOther.Error(), "it is no vote: it has no round", "it is no vote: a vote that is not hashed may have 32 bytes; this one has 33"} {
		s.told("error [sol] Error: the vote is refused: " + why)
	}
	if string(s.chain.votes[consensus.Key{Solution: "sol", Round: "old"}]) == "b" {
		t.Error("a second vote was made")
	}
}

// TestRefusedVote: a vote that the chain does not take has no transaction that could be looked for.
func TestRefusedVote(t *testing.T) {
	s := newStory(t)
	w, stop := s.installed()
	s.chain.set(func() { s.chain.refuses = true })
	api, _, _ := w.Addresses()
	if code, _ := get(t, "POST", api+"/sse/1?voteIdentifier=me", `{"id":"r2","solutionId":"sol","root":"a"}`); code != 204 {
		t.Error(code)
	}
	s.until("the refusal", func() bool {
		e, _ := w.store.Get(consensus.Key{Solution: "sol", Round: "r2"})
		return e.State == consensus.Refused
	})
	if code, body := get(t, "GET", api+"/sse/1?voteIdentifier=me", ""); code != 200 || body != `{"hash":null}` {
		t.Error(code, body)
	}
	stop()
	s.told("error vote of sol in round r2: refused: no")
}

// asking has credentials with its node, as Node-RED takes them when a flow is added.
const asking = `{"label":"x","nodes":[
 {"id":"aaaaaaaaaaaa0001","type":"inject","z":"f","x":1,"y":1,"props":[{"p":"payload"}],"once":true,"onceDelay":0,"wires":[["aaaaaaaaaaaa0002"]]},
 {"id":"aaaaaaaaaaaa0002","type":"http request","z":"f","x":1,"y":1,"method":"GET","ret":"txt","url":"%s/private","authType":"basic","credentials":{"user":"ann","password":"pw"},"wires":[["aaaaaaaaaaaa0003"]]},
 {"id":"aaaaaaaaaaaa0003","type":"function","z":"f","x":1,"y":1,"outputs":1,"func":"return {payload:{result:msg.payload,votingRoundID:'0xCAFE'}}","wires":[["aaaaaaaaaaaa0004"]]},
 {"id":"aaaaaaaaaaaa0004","type":"submit-result","z":"f","x":1,"y":1,"wires":[[]]}],"configs":[]}`

// TestCredentials: nodes have the credentials that were published with them, also when a
// receipt is checked.
func TestCredentials(t *testing.T) {
	s := newStory(t)
	s.env = map[string]string{"LOCKSTEP_ALLOW_HOSTS": "127.0.0.1"}
	s.at("/private", func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		_, _ = w.Write([]byte(user + ":" + password))
	})
	s.chain.solutions = []Solution{{ID: "sol", Group: "grp", Status: "Active", WorkLogic: s.publish(fmt.Sprintf(asking, s.urls.URL)), JSON: "{}"}}
	w, stop := s.run()
	s.until("the vote", s.has("0xcafe"))
	stop()
	if e, _ := w.store.Get(consensus.Key{Solution: "sol", Round: "0xcafe"}); len(e.Result) != 32 {
		t.Errorf("% x", e.Result)
	}
	want, err := consensus.VoteBytes("ann:pw", true, consensus.PolkadotJS)
	if got := s.chain.votes[consensus.Key{Solution: "sol", Round: "0xcafe"}]; err != nil || string(got) != string(want) {
		t.Errorf("% x, want % x, %v", got, want, err)
	}
	if got := s.checks(w, "0xcafe"); !strings.Contains(got, "replay ok") || strings.Contains(got, "failed") {
		t.Error(got)
	}
}

// TestHeartbeat: a file tells the time, and a line of the log says so, unless that is not wanted.
func TestHeartbeat(t *testing.T) {
	for _, set := range []string{"", "true", "false"} {
		s := newStory(t)
		s.env = map[string]string{"HEARTBEAT_INTERVAL": "1", "HEARTBEAT_PRINT_SUCCESS_LOG": set}
		_, stop := s.run()
		s.until("the file", func() bool {
			b, err := os.ReadFile(filepath.Join(s.dir, "heartbeat"))
			return err == nil && len(b) == len("1700000000000")
		})
		stop()
		if shown := strings.Contains(strings.Join(s.log, "\n"), "info heartbeat 1"); shown != (set != "false") {
			t.Errorf("HEARTBEAT_PRINT_SUCCESS_LOG=%s: %v", set, shown)
		}
	}
}
