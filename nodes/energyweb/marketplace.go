package energyweb

import (
	"fmt"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes/parsers/schema"
)

// VotingMarketplace is the configuration of a voting-marketplace node.
type VotingMarketplace struct {
	// WorkerAddress is the account of the worker; empty takes the worker's own.
	WorkerAddress string `json:"workerAddress"`
	// IndexerURL is the address of the votes indexer; empty takes that of the base URLs.
	IndexerURL string `json:"indexerUrl"`
	// SolutionNamespace is not used.
	SolutionNamespace string `json:"solutionNamespace"`
	// NoHashing votes with the text itself, at most 32 bytes, not with its hash.
	NoHashing bool `json:"noHashing"`
	// EnvConfig is what the worker puts in.
	EnvConfig value.Value `json:"__envConfig"`
}

var votingMarketplaceType = engine.Define("voting-marketplace", "Votes with each of payload.voting that is still open.",
	func(c *engine.Call, cfg VotingMarketplace) (engine.Node, error) {
		return &votingMarketplace{cfg, injected{cfg.EnvConfig.Object()}}, nil
	})

type votingMarketplace struct {
	VotingMarketplace
	env injected
}

// choice is a vote to be made.
type choice struct{ id, vote string }

const votedQuery = `query Voted($votingRoundId: [String!], $workerAddress: String!, $offset: Int!, $limit: Int!) {
  votes(limit: $limit, offset: $offset, where: {rawVotingRoundId_in: $votingRoundId, worker: {account: {id_eq: $workerAddress}}}) { rawVotingRoundId }
  votingRounds(limit: $limit, offset: $offset, where: {votingRoundId_in: $votingRoundId}) { votingRoundId expired settled }
}`

func (n *votingMarketplace) Receive(c *engine.Call, m *engine.Message) error {
	list, err := choices(m)
	if err != nil {
		c.Error(err, nil)
		return err
	}
	fail := func(err error) {
		c.Error(err, nil) // the reference tells twice
		c.Fail(m, err)
	}
	worker := n.WorkerAddress
	for _, name := range []string{"EWX_WORKER_ADDRESS", "VOTING_SERVICE_CONFIG_WORKER_ADDRESS"} {
		if worker == "" {
			worker = n.env.or(c, name)
		}
	}
	n.indexer(c, func(url string, err error) {
		if err == nil && worker == "" {
			err = engine.Fail("the address of the worker is not known")
		}
		if err != nil {
			fail(err)
			return
		}
		c.Log(value.Str(fmt.Sprintf("Checking already voted votings as worker %s at indexer %s", worker, url)))
		n.closed(c, url, worker, list, func(closed map[string]bool, err error) {
			if err != nil {
				fail(err)
				return
			}
			var open []choice
			for _, v := range list {
				if closed[v.id] {
					c.Log(value.Str(fmt.Sprintf("Skipping voting on votingId = %s, vote = %s, because it was already voted on or voting is expired/settled", v.id, v.vote)))
				} else {
					open = append(open, v)
				}
			}
			n.next(c, m, open, fail)
		})
	})
	return engine.Pending
}

// choices reads payload.voting.
func choices(m *engine.Message) ([]choice, error) {
	o := m.Get("payload").Object()
	if o == nil || o.Get("voting").Array() == nil {
		return nil, engine.Fail("payload.voting has to be a list of {votingId, vote}")
	}
	var out []choice
	for i, v := range o.Get("voting").Array().Elems {
		e := v.Object()
		if e == nil || !e.Get("votingId").IsString() || !e.Get("vote").IsString() {
			return nil, engine.Fail(fmt.Sprintf("payload.voting[%d] has to be {votingId, vote}, both texts", i))
		}
		out = append(out, choice{e.Get("votingId").Str(), e.Get("vote").Str()})
	}
	return out, nil
}

func (n *votingMarketplace) indexer(c *engine.Call, then func(string, error)) {
	for _, u := range []string{n.IndexerURL, value.ToString(orEmpty(c.Env("VOTING_SERVICE_CONFIG_INDEXER_URL")))} {
		if u != "" {
			then(u, nil)
			return
		}
	}
	baseURLs(c, n.env, func(o *value.Object, err error) {
		if err != nil {
			then("", err)
			return
		}
		base := o.Get("base_indexer_url").Str()
		if base == "" {
			then("", engine.Fail("the addresses have no base_indexer_url"))
			return
		}
		then(origin(base)+"/votes", nil)
	})
}

func orEmpty(v value.Value) value.Value {
	if v.IsNullish() {
		return value.Str("")
	}
	return v
}

// origin is scheme and host of a URL: the path of a base is replaced, as URL does.
func origin(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return strings.TrimRight(url, "/")
	}
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// closed finds the rounds in which the worker has voted, or nobody can any more.
func (n *votingMarketplace) closed(c *engine.Call, url, worker string, list []choice, then func(map[string]bool, error)) {
	ids := value.NewArray()
	for _, v := range list {
		ids.Append(value.Str(v.id))
	}
	out := map[string]bool{}
	vars := value.Obj("workerAddress", worker, "votingRoundId", value.Of(ids)).Object()
	queryPages(c, below(url, "graphql"), votedQuery, vars, func(data *value.Object) (bool, error) {
		votes, rounds := data.Get("votes").Array(), data.Get("votingRounds").Array()
		if votes == nil || rounds == nil {
			return false, engine.Fail("the indexer gave no votes and rounds")
		}
		for _, v := range votes.Elems {
			if o := v.Object(); o != nil {
				out[o.Get("rawVotingRoundId").Str()] = true
			}
		}
		for _, v := range rounds.Elems {
			if o := v.Object(); o != nil && (o.Get("expired").Bool() || o.Get("settled").Bool()) {
				out[o.Get("votingRoundId").Str()] = true
			}
		}
		return votes.Length()+rounds.Length() > 0, nil
	}, func(err error) { then(out, err) })
}

// checked is a message as it goes on after the package has checked it: the payload first, no
// topic. The order counts for who hashes it.
func checked(m *engine.Message, payload value.Value) *engine.Message {
	out := value.Obj("payload", payload).Object()
	for i := range m.Len() {
		if p := m.At(i); p.Key != "topic" && p.Key != "payload" {
			out.Set(p.Key, p.Value)
		}
	}
	return out
}

// voted is the payload after its votes: voting first, each with votingId and vote only.
func voted(m *engine.Message) value.Value {
	list := value.NewArray()
	in := m.Get("payload").Object()
	for _, v := range value.Elements(in.Get("voting")) {
		list.Append(value.Obj("votingId", v.Object().Get("votingId"), "vote", v.Object().Get("vote")))
	}
	out := value.Obj("voting", value.Of(list)).Object()
	for i := range in.Len() {
		if p := in.At(i); p.Key != "voting" {
			out.Set(p.Key, p.Value)
		}
	}
	return value.Of(out)
}

// next votes one after the other, then sends the message on.
func (n *votingMarketplace) next(c *engine.Call, m *engine.Message, open []choice, fail func(error)) {
	if len(open) == 0 {
		c.Send(checked(m, voted(m)))
		c.Done(m)
		return
	}
	v := open[0]
	c.Log(value.Str(fmt.Sprintf("Voting on votingId = %s, vote = %s...", v.id, v.vote)))
	c.Status("yellow", "dot", "Voting on correct transaction...")
	vote(c, v.id, v.vote, !n.NoHashing, func(err error) {
		if refused(err) {
			// The reference does not look at the answer: the other votes are made, and the
			// message goes on, or what sends it would send it for ever.
			c.Error(err, nil)
			err = nil
		}
		if err != nil {
			fail(err)
			return
		}
		c.StatusValue(value.Of(value.NewObject()))
		c.Log(value.Str(fmt.Sprintf("Voting on votingId = %s, vote = %s done", v.id, v.vote)))
		n.next(c, m, open[1:], fail)
	})
}

// SchemaValidator is the configuration of a json-schema-validator node.
type SchemaValidator struct {
	// JSONSchema is the schema as JSON text; empty takes anything.
	JSONSchema string `json:"jsonSchema"`
	// EnvConfig is what the worker puts in; it is not used.
	EnvConfig value.Value `json:"__envConfig"`
}

var schemaValidatorType = engine.Define("json-schema-validator", "Lets messages through whose payload fits a JSON schema; others are errors.", newSchemaValidator)

type schemaValidator struct{ schema *schema.Schema }

func newSchemaValidator(_ *engine.Call, cfg SchemaValidator) (engine.Node, error) {
	if cfg.JSONSchema == "" {
		cfg.JSONSchema = "{}"
	}
	v, err := value.ParseJSON(cfg.JSONSchema)
	if err != nil {
		return nil, err
	}
	s, err := (&schema.Set{}).Compile(v)
	return &schemaValidator{s}, err
}

func (n *schemaValidator) Receive(c *engine.Call, m *engine.Message) error {
	payload := m.Get("payload")
	if payload.TypeOf() != "object" || payload.IsNull() || payload.Array() != nil {
		err := ggpError("InvalidPayload", 5, value.Obj("payload", value.Str(string(value.AppendJSON(nil, value.Of(m))))))
		c.Error(err, nil)
		return err
	}
	errs, err := n.schema.Validate(payload)
	if err == nil && len(errs) > 0 {
		err = ggpError("JsonSchemaValidationFailed", 7, value.Obj("error", value.Arr(errs...), "inputMessagePayload", payload))
	}
	if err != nil {
		c.Error(err, nil) // the reference tells twice
		return err
	}
	c.Send(checked(m, payload))
	return nil
}

// ggpError words an error as the package does.
func ggpError(name string, number int, details value.Value) error {
	text, _, err := value.Stringify(details, "  ")
	if err != nil {
		text = quoted(err.Error())
	}
	return value.NewError("Error", fmt.Sprintf("GGP node error: %s (e%d). Details=%s", name, number, text))
}
