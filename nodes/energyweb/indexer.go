package energyweb

import (
	"fmt"
	"net/url"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// pages of the indexer.
const (
	pageSize = 50
	maxPages = 100
)

// query asks a GraphQL service once; then gets its data.
func query(c *engine.Call, url, text string, vars value.Value, then func(*value.Object, error)) {
	fetchJSON(c, url, value.Obj("query", text, "variables", vars), func(o *value.Object, err error) {
		if err != nil {
			then(nil, err)
			return
		}
		if list := o.Get("errors").Array(); list.Length() > 0 {
			then(nil, fmt.Errorf("%s: %s", short(url), value.AppendJSON(nil, list.At(0))))
			return
		}
		data := o.Get("data").Object()
		if data == nil {
			then(nil, fmt.Errorf("%s gave no data", short(url)))
			return
		}
		then(data, nil)
	})
}

// queryPages asks page after page; page says whether there may be more.
func queryPages(c *engine.Call, url, text string, vars *value.Object, page func(data *value.Object) (more bool, err error), then func(error)) {
	var ask func(n int)
	ask = func(n int) {
		if n >= maxPages {
			then(fmt.Errorf("%s has more than %d pages", short(url), maxPages))
			return
		}
		v := value.Clone(value.Of(vars)).Object()
		v.Set("limit", value.Int(pageSize))
		v.Set("offset", value.Int(n*pageSize))
		query(c, url, text, value.Of(v), func(data *value.Object, err error) {
			more := false
			if err == nil {
				more, err = page(data)
			}
			if err != nil || !more {
				then(err)
				return
			}
			ask(n + 1)
		})
	}
	ask(0)
}

// IsNominated is the configuration of an is-nominated or is-nominated-v2 node.
type IsNominated struct {
	// EWXConfig is the id of an energywebx-config node; empty takes the first there is.
	EWXConfig string `json:"ewxConfig"`
}

var isNominatedType = engine.Define("is-nominated", "Asks the indexer whether the worker is nominated for the solution.",
	func(_ *engine.Call, cfg IsNominated) (engine.Node, error) { return &isNominated{cfg, false}, nil })

var isNominatedV2Type = engine.Define("is-nominated-v2", "Asks the indexer whether the worker is nominated for the round payload.votingRoundId.",
	func(_ *engine.Call, cfg IsNominated) (engine.Node, error) { return &isNominated{cfg, true}, nil })

type isNominated struct {
	IsNominated
	rounds bool
}

const nominatedQuery = `query Nominated($solution: String!, $worker: String!) {
  workerNodesNominateds(limit: 1, where: {solution_eq: $solution, workers_containsAny: [$worker]}) { id }
}`

const nominatedRoundQuery = `query Nominated($round: String!, $worker: String!) {
  votingRoundNominatedWorkersSnapshots(limit: 1, where: {votingRound: {votingRoundId_eq: $round}, worker: {account: {id_eq: $worker}}}) { id }
}`

func (n *isNominated) Receive(c *engine.Call, m *engine.Message) error {
	round := ""
	if o := m.Get("payload").Object(); o != nil {
		round = o.Get("votingRoundId").Str()
	}
	if n.rounds && round == "" {
		return engine.Fail("payload.votingRoundId has to be a text")
	}
	settled(c, n.EWXConfig, func(f *config, err error) {
		if err != nil {
			c.Fail(m, err)
			return
		}
		vars := value.Obj("worker", f.env.get("EWX_WORKER_ADDRESS"), "solution", f.env.get("EWX_SOLUTION_ID")).Object()
		url, text := f.url("indexer_url"), nominatedQuery
		if n.rounds {
			url, text = below(f.url("base_indexer_url"), "votes/graphql"), nominatedRoundQuery
			vars.Delete("solution")
			vars.Set("round", value.Str(round))
		}
		query(c, url, text, value.Of(vars), func(data *value.Object, err error) {
			is := value.Null // it is not known
			if err != nil {
				c.Error(err, m)
			} else {
				is = value.Bool(data.Len() > 0 && data.At(0).Value.Array().Length() > 0)
			}
			c.Send(with(m, "isNominated", is))
			c.Done(m)
		})
	})
	return engine.Pending
}

// Orchestrator is the configuration of a voting-round-orchestrator node.
type Orchestrator struct {
	// EWXConfig is the id of an energywebx-config node; empty takes the first there is.
	EWXConfig string `json:"ewxConfig"`
}

var orchestratorType = engine.Define("voting-round-orchestrator", "Asks which voting round the worker may vote in now.",
	func(_ *engine.Call, cfg Orchestrator) (engine.Node, error) { return &orchestrator{cfg}, nil })

type orchestrator struct{ Orchestrator }

func (n *orchestrator) Receive(c *engine.Call, m *engine.Message) error {
	settled(c, n.EWXConfig, func(f *config, err error) {
		if err != nil {
			c.Fail(m, err)
			return
		}
		base := f.url("voting_round_orchestrator_url")
		if base == "" {
			c.Fail(m, engine.Fail("the addresses have no voting_round_orchestrator_url"))
			return
		}
		address := below(base, "api/v1/voting-round/"+url.PathEscape(f.env.get("EWX_SOLUTION_ID"))+"/"+url.PathEscape(f.env.get("EWX_WORKER_ADDRESS"))+"/latest")
		fetch(c, address, value.Undefined, false, func(r fetched, err error) {
			round := value.Null
			switch v, bad := value.ParseJSON(r.text); {
			case err != nil:
			case r.status == 404: // none that the worker may vote in
			case r.status != 200 || bad != nil || v.Object() == nil:
				err = fmt.Errorf("%s answered %d", short(address), r.status)
			default:
				round = v.Object().Get("votingRoundId")
			}
			if err != nil {
				c.Fail(m, err)
				return
			}
			c.Send(with(m, "votingRoundId", round))
			c.Done(m)
		})
	})
	return engine.Pending
}
