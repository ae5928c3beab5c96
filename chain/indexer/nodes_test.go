package indexer_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/chain/devnet"
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

// host carries out what nodes ask for: requests go to the indexer, votes are noted.
type host struct {
	*engine.Script
	n      *network
	asked  []string
	votes  []string
	shown  []string
	errors []string
	open   []engine.Event
}

func (h *host) Put(f engine.Effect) error {
	body := f.Body.Object()
	switch {
	case f.Kind == "out":
		h.shown = append(h.shown, string(value.AppendJSON(nil, f.Body)))
	case f.Kind == "log" && body.Get("level").Num() <= 20:
		h.errors = append(h.errors, value.ToString(body.Get("msg")))
	case f.Kind == "energyweb.vote":
		h.votes = append(h.votes, body.Get("round").Str()+" "+body.Get("vote").Str())
		h.reply(f, value.Of(value.NewObject()))
	case f.Kind == "energyweb.fetch":
		url := body.Get("url").Str()
		if strings.HasPrefix(url, "http://base") {
			h.reply(f, value.Obj("status", 200.0, "text", `{"base_indexer_url":"`+h.n.url+`/","indexer_url":"`+h.n.url+`/graphql"}`))
			return nil
		}
		h.asked = append(h.asked, strings.TrimPrefix(url, h.n.url))
		req, err := http.NewRequestWithContext(h.n.Context(), http.MethodPost, url, strings.NewReader(string(value.AppendJSON(nil, body.Get("json")))))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close() //nolint:errcheck // it was only read
		text, err := io.ReadAll(res.Body)
		if err != nil {
			return err
		}
		h.reply(f, value.Obj("status", float64(res.StatusCode), "text", string(text)))
	}
	return nil
}

func (h *host) reply(f engine.Effect, v value.Value) {
	h.open = append(h.open, engine.Event{Kind: engine.EventReply, Request: f.Request, Last: true, Body: v})
}

func (h *host) Next(ctx context.Context, p engine.Progress) (engine.Event, error) {
	if len(h.open) > 0 && !p.Pending {
		ev := h.open[0]
		h.open = h.open[1:]
		return ev, nil
	}
	return h.Script.Next(ctx, p)
}

// show is a node that shows what it gets.
var show = engine.Define("test-show", "Shows messages.", func(*engine.Call, struct{}) (engine.Node, error) { return showNode{}, nil })

type showNode struct{ engine.Mute }

func (showNode) Receive(c *engine.Call, m *engine.Message) error {
	c.Emit("out", m.Get("payload"))
	return nil
}

// node sends a payload to a node of Energy Web as a worker, and gives what it sends on.
func (n *network) node(worker, node, payload string) *host {
	n.Helper()
	config := `"__envConfig":{"EWX_WORKER_ADDRESS":"` + n.address(worker) + `","EWX_SOLUTION_ID":"sol","EWX_SOLUTION_GROUP_ID":"grp","BASE_URL":"http://base/urls"}`
	doc, err := flow.Parse("test", []byte(`[{"id":"t","type":"tab"},{"id":"cfg","type":"energywebx-config",`+config+`},{"id":"n","z":"t","x":1,"y":1,`+node+`,`+config+`,"wires":[["o"]]},{"id":"o","type":"test-show","z":"t","x":1,"y":1,"wires":[]}]`))
	if err != nil {
		n.Fatal(err)
	}
	g, err := flow.Compile(nil, doc)
	if err != nil {
		n.Fatal(err)
	}
	e, err := engine.New(g, engine.NewRegistry(nodes.Worker().Types(), []engine.Type{show}), engine.Options{})
	if err != nil {
		n.Fatal(err)
	}
	v, err := value.ParseJSON(payload)
	if err != nil {
		n.Fatal(err)
	}
	h := &host{n: n, Script: engine.NewScript(1000, engine.Event{Kind: engine.EventMessage, Time: 1001, Target: "n", Body: value.Obj("payload", v)})}
	h.Until = 200_000
	if err := engine.Run(n.Context(), e, h, h); err != nil && !errors.Is(err, io.EOF) {
		n.Fatal(err)
	}
	return h
}

// TestNodes runs the nodes of Energy Web flows, with the queries that they have.
func TestNodes(t *testing.T) {
	n := prepared(t, devnet.Settings{RewardPeriod: 10, SettleEarly: true})
	n.vote("//Charlie", "r1", "no")
	n.vote("//Dave", "r1", "yes")
	n.vote("//Eve", "r1", "yes")
	n.vote("//Dave", "r2", "a")
	n.sign("//Bob", pallet, "nominate_worker_nodes", []any{[]any{pair(t, "//Dave//worker").AccountID()}, "sol"})
	n.vote("//Dave", "r3", "x")
	n.wait()
	dave := n.address("//Dave//worker")
	for _, c := range []struct {
		worker, node, payload, want, asked, votes string
	}{
		{"//Eve//worker", `"type":"consensus"`, `{"votingRoundId":"r1"}`,
			`{"votingRoundId":"r1","leaderAddress":"` + dave + `","consensusStatus":"SETTLED","attempt":1,"shouldRetry":false,"result":"` + hexOf("yes") + `","resultHash":"` + hexOf("yes") + `"}`, "/votes/graphql", ""},
		{"//Eve//worker", `"type":"consensus"`, `{"votingRoundId":"r2"}`,
			`{"votingRoundId":"r2","leaderAddress":null,"consensusStatus":"IN_PROGRESS","attempt":1,"shouldRetry":true,"result":null,"resultHash":null}`, "/votes/graphql", ""},
		{"//Eve//worker", `"type":"consensus"`, `{"votingRoundID":"r1"}`,
			`{"votingRoundID":"r1","leaderAddress":"` + n.address("//Eve//worker") + `","consensusStatus":"REACHED","attempt":1,"shouldRetry":false,"result":"` + hexOf("yes") + `","resultHash":"` + hexOf("yes") + `"}`, "/graphql /graphql", ""},
		{"//Dave//worker", `"type":"is-nominated"`, `{}`, `{"isNominated":true}`, "/graphql", ""},
		{"//Eve//worker", `"type":"is-nominated"`, `{}`, `{"isNominated":false}`, "/graphql", ""},
		{"//Dave//worker", `"type":"is-nominated-v2"`, `{"votingRoundId":"r3"}`, `{"votingRoundId":"r3","isNominated":true}`, "/votes/graphql", ""},
		{"//Eve//worker", `"type":"is-nominated-v2"`, `{"votingRoundId":"r3"}`, `{"votingRoundId":"r3","isNominated":false}`, "/votes/graphql", ""},
		{"//Eve//worker", `"type":"voting-marketplace"`, `{"voting":[{"votingId":"r1","vote":"a"},{"votingId":"r2","vote":"b"},{"votingId":"r4","vote":"c"}]}`,
			`{"voting":[{"votingId":"r1","vote":"a"},{"votingId":"r2","vote":"b"},{"votingId":"r4","vote":"c"}]}`, "/votes/graphql /votes/graphql", "r2 b, r4 c"},
		{"//Dave//worker", `"type":"voting-marketplace"`, `{"voting":[{"votingId":"r2","vote":"b"}]}`, `{"voting":[{"votingId":"r2","vote":"b"}]}`, "/votes/graphql /votes/graphql", ""},
	} {
		h := n.node(c.worker, c.node, c.payload)
		if got := strings.Join(h.shown, " "); got != c.want || len(h.errors) > 0 || strings.Join(h.asked, " ") != c.asked || strings.Join(h.votes, ", ") != c.votes {
			t.Errorf("%s %s as %s\n got %s\nwant %s\nasked %v, votes %v, errors %v", c.node, c.payload, c.worker, got, c.want, h.asked, h.votes, h.errors)
		}
	}
}
