package function

import (
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/js"
)

// checkFunction finds code of a function node that does not parse.
func checkFunction(d *flow.Def) flow.Problems {
	var out flow.Problems
	code := js.Source{Func: d.Raw.Get("func").Str(), Initialize: d.Raw.Get("initialize").Str(), Finalize: d.Raw.Get("finalize").Str()}
	for _, p := range js.Check(code) {
		out = append(out, d.Problem(flow.SeverityError, p.Part, "mend the JavaScript", "%s (line %d, col %d)", p.Text, p.Line, p.Column))
	}
	return out
}
