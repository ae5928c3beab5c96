package energyweb

import (
	"fmt"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// the longest texts that the reference's client takes.
const (
	maxResult = 64
	maxRound  = 64
)

// SubmitResult is the configuration of a submit-result node.
type SubmitResult struct {
	// EnvConfig is what the worker puts in: the solution, the worker's address and so on.
	EnvConfig value.Value `json:"__envConfig"`
}

var submitResultType = engine.Define("submit-result", "Votes with payload.result in the round payload.votingRoundID.", newSubmitResult)

type submitResult struct{}

func newSubmitResult(*engine.Call, SubmitResult) (engine.Node, error) { return submitResult{}, nil }

func (submitResult) Receive(c *engine.Call, m *engine.Message) error {
	o := m.Get("payload").Object()
	if o == nil {
		return engine.Fail("the payload has no result and no votingRoundID")
	}
	result := o.Get("result")
	round := o.Get("votingRoundID")
	if round.IsUndefined() {
		round = o.Get("votingRoundId")
	}
	for _, x := range []struct {
		name string
		v    value.Value
		most int
	}{{"result", result, maxResult}, {"votingRoundID", round, maxRound}} {
		if n := value.UTF16Len(x.v.Str()); !x.v.IsString() || n == 0 || n > x.most {
			return engine.Fail(fmt.Sprintf("payload.%s has to be a text of 1 to %d characters", x.name, x.most))
		}
	}
	vote(c, round.Str(), result.Str(), true, func(err error) {
		out := value.NewObject()
		for i := range m.Len() {
			out.Set(m.At(i).Key, m.At(i).Value)
		}
		out.Set("payload", value.Obj("noderedId", c.Def().Z, "root", result, "id", round, "success", err == nil))
		if err != nil {
			c.Error(err, m)
		}
		c.Send(out)
		c.Done(m)
	})
	return engine.Pending
}
