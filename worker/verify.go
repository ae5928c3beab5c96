package worker

import (
	"errors"

	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/content"
	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

// Checks are what it takes to verify a receipt in a folder; signatures and addresses are for the
// caller to add.
func Checks(dir string) consensus.Checks {
	flows := func(r *consensus.Receipt) (value.Value, error) {
		d, err := ParseDocument([]byte(r.Flow.Document))
		if err != nil {
			return value.Undefined, err
		}
		return d.Flows(r.Flow.Variables, r.Flow.Rewrite == "text")
	}
	return consensus.Checks{
		Dir: dir,
		CID: func(cid string, document []byte) error {
			c, err := content.ParseCID(cid)
			if err != nil {
				return err
			}
			return content.Check(c, document)
		},
		Flows: func(r *consensus.Receipt) (value.Value, error) {
			list, err := flows(r)
			for _, n := range value.Elements(list) {
				n.Object().Delete("credentials") // journals do not have them
			}
			return list, err
		},
		Build: func(r *consensus.Receipt, h *journal.Header, o engine.Options) (*engine.Engine, error) {
			if len(h.Flows) != 1 {
				return nil, errors.New("the journal is not that of a solution: it has not one flow")
			}
			types := nodes.Worker()
			if r.Flow.Document != "" {
				list, err := flows(r)
				if err != nil {
					return nil, err
				}
				o.Credentials = credentials(list)
			}
			g, err := Graph(value.Arr(value.Elements(h.Flows[0])...), types)
			if err != nil {
				return nil, err
			}
			return engine.New(g, types, o)
		},
	}
}
