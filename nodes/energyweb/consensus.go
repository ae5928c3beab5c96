package energyweb

import (
	"encoding/hex"
	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Consensus is the configuration of a consensus node.
type Consensus struct {
	// EWXConfig is the id of an energywebx-config node; empty takes the first there is.
	EWXConfig string `json:"ewxConfig"`
}

var consensusType = engine.Define("consensus", "Tells what the workers decided in a voting round, and who leads.",
	func(_ *engine.Call, cfg Consensus) (engine.Node, error) { return &consensusNode{cfg}, nil })

type consensusNode struct{ Consensus }

const (
	pollRound = 6_000  // ms between two looks for a round
	askAgain  = 12_000 // ms that a round in progress is given
	waitRound = 72_000 // ms a round has to appear in: 6 blocks
)

// Receive counts as the second generation does if payload.votingRoundId is given, as
// the first ("offline consensus") if it is payload.votingRoundID.
func (n *consensusNode) Receive(c *engine.Call, m *engine.Message) error {
	o := m.Get("payload").Object()
	if o == nil {
		n.send(c, m, consensus.Outcome{Status: consensus.Failed})
		return engine.Pending
	}
	settled(c, n.EWXConfig, func(f *config, err error) {
		if err != nil {
			c.Error(err, m)
			n.send(c, m, consensus.Outcome{Status: consensus.Failed, Retry: true})
			return
		}
		if old := o.Get("votingRoundID"); old.IsString() && !o.Has("votingRoundId") {
			n.offline(c, m, f, old.Str())
			return
		}
		round := o.Get("votingRoundId")
		if l := value.UTF16Len(round.Str()); !round.IsString() || l < 1 || l > maxRound {
			n.send(c, m, consensus.Outcome{Status: consensus.Failed})
			return
		}
		wait := float64(waitRound)
		if w := o.Get("waitForVotingRound"); w.IsNumber() && w.Num() >= 0 {
			wait = w.Num()
		}
		n.round(c, m, f, round.Str(), c.Now()+wait)
	})
	return engine.Pending
}

func (n *consensusNode) send(c *engine.Call, m *engine.Message, out consensus.Outcome) {
	attempt := 1.0
	if o := m.Get("payload").Object(); o != nil && o.Get("attempt").IsNumber() {
		attempt += o.Get("attempt").Num()
	}
	text := func(s string) value.Value {
		if s == "" {
			return value.Null
		}
		return value.Str(s)
	}
	c.Send(with(m, "leaderAddress", text(out.Leader), "consensusStatus", string(out.Status), "attempt", attempt,
		"shouldRetry", out.Retry, "result", text(out.Result), "resultHash", text(out.Result)))
	c.Done(m)
}

const roundQuery = `query Round($round: String!, $solution: String!) {
  votingRounds(limit: 1, where: {votingRoundId_eq: $round, solution: {id_eq: $solution}}) {
    settled expired result
    votes(orderBy: blockNumber_ASC) { result { result } worker { id } }
  }
}`

// round looks for a round of the chain until it is there.
func (n *consensusNode) round(c *engine.Call, m *engine.Message, f *config, id string, until float64) {
	vars := value.Obj("round", id, "solution", f.env.get("EWX_SOLUTION_ID"))
	query(c, below(f.url("base_indexer_url"), "votes/graphql"), roundQuery, vars, func(data *value.Object, err error) {
		if err != nil {
			c.Error(err, m)
			n.send(c, m, consensus.Outcome{Status: consensus.Failed, Retry: true})
			return
		}
		o := value.Index(data.Get("votingRounds"), 0).Object()
		if o == nil {
			if c.Now()+pollRound > until {
				n.send(c, m, consensus.Outcome{Status: consensus.Failed, Retry: true})
				return
			}
			c.After(pollRound, func() { n.round(c, m, f, id, until) })
			return
		}
		r := consensus.Round{Settled: o.Get("settled").Bool(), Expired: o.Get("expired").Bool(), Result: o.Get("result").Str()}
		for _, v := range value.Elements(o.Get("votes")) {
			if b := v.Object(); b != nil && b.Get("worker").Object() != nil && b.Get("result").Object() != nil {
				r.Ballots = append(r.Ballots, consensus.Ballot{Worker: b.Get("worker").Object().Get("id").Str(), Result: b.Get("result").Object().Get("result").Str()})
			}
		}
		out := consensus.TallyRound(r)
		if out.Retry {
			c.After(askAgain, func() { n.send(c, m, out) })
			return
		}
		n.send(c, m, out)
	})
}

const resultsQuery = `query Results($solution: String!, $round: String!, $limit: Int!, $offset: Int!) {
  solutionResultSubmitteds(limit: $limit, offset: $offset, orderBy: blockNumber_ASC, where: {solutionNamespace_eq: $solution, votingRoundId_eq: $round, success_eq: true}) {
    result workerNode
  }
}`

const operatorsQuery = `query Operators($group: String!, $limit: Int!, $offset: Int!) {
  operatorSubscribedSolutionGroups(limit: $limit, offset: $offset, where: {solutionGroup: {id_eq: $group}}) {
    operator { id workerNode { id } }
  }
}`

// offline counts the votes of the first generation.
func (n *consensusNode) offline(c *engine.Call, m *engine.Message, f *config, round string) {
	url := f.url("indexer_url")
	var ballots []consensus.Ballot
	operators := 0
	failed := func(err error) {
		c.Error(err, m)
		n.send(c, m, consensus.Outcome{Status: consensus.Failed, Retry: true})
	}
	count := func(err error) {
		if err != nil {
			failed(err)
			return
		}
		n.send(c, m, consensus.TallyOffline(ballots, operators))
	}
	results := func(err error) {
		if err != nil {
			failed(err)
			return
		}
		vars := value.Obj("solution", f.env.get("EWX_SOLUTION_ID"), "round", round).Object()
		queryPages(c, url, resultsQuery, vars, func(data *value.Object) (bool, error) {
			list := value.Elements(data.Get("solutionResultSubmitteds"))
			for _, v := range list {
				if o := v.Object(); o != nil {
					ballots = append(ballots, consensus.Ballot{Worker: o.Get("workerNode").Str(), Result: o.Get("result").Str()})
				}
			}
			return len(list) == pageSize, nil
		}, count)
	}
	vars := value.Obj("group", f.env.get("EWX_SOLUTION_GROUP_ID")).Object()
	queryPages(c, url, operatorsQuery, vars, func(data *value.Object) (bool, error) {
		list := value.Elements(data.Get("operatorSubscribedSolutionGroups"))
		for _, v := range list {
			if o := v.Object(); o != nil && o.Get("operator").Object() != nil && !o.Get("operator").Object().Get("workerNode").IsNullish() {
				operators++
			}
		}
		return len(list) == pageSize, nil
	}, results)
}

// Merkle is the configuration of a merkle-tree-root-hash node.
type Merkle struct {
	// EnvConfig is what the worker puts in; it is not used.
	EnvConfig value.Value `json:"__envConfig"`
}

var merkleType = engine.Define("merkle-tree-root-hash", "Puts the root of a Merkle tree over the payload into payload.rootHash.",
	func(*engine.Call, Merkle) (engine.Node, error) { return merkle{}, nil })

type merkle struct{}

func (merkle) Receive(c *engine.Call, m *engine.Message) error {
	payload := m.Get("payload")
	leaves, err := consensus.Leaves(payload)
	if err != nil {
		return engine.Fail(err.Error())
	}
	root, err := consensus.MerkleRoot(leaves)
	if err != nil {
		return engine.Fail(err.Error())
	}
	out := value.NewObject()
	for i := range m.Len() {
		out.Set(m.At(i).Key, m.At(i).Value)
	}
	all := value.NewObject() // {...payload, rootHash}
	if err := spread(all, payload); err != nil {
		return err
	}
	all.Set("rootHash", value.Str("0x"+hex.EncodeToString(root[:])))
	out.Set("payload", value.Of(all))
	c.Send(out)
	return nil
}
