package consensus_test

import (
	"fmt"

	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Four workers say what they measured. One is not calibrated and takes no part, one is far off.
func ExamplePolicy_Agree() {
	said := func(worker string, celsius float64, calibrated bool) consensus.Opinion {
		return consensus.Opinion{Worker: worker, Value: value.Obj("celsius", celsius, "unit", "°C", "calibrated", calibrated)}
	}
	p := consensus.Policy{
		Eligible: `value.calibrated`, Least: 3,
		Rules: []consensus.Rule{{Field: "celsius", Method: consensus.Median}, {Field: "unit", Method: consensus.Identical}},
	}
	a, err := p.Agree([]consensus.Opinion{said("a", 20.1, true), said("b", 20.3, true), said("c", 99, true), said("d", 20.2, false)})
	fmt.Println(a.Values["celsius"].Num(), a.Values["unit"].Str(), a.Part, err)
	// Output: 20.3 °C [a b c] <nil>
}

// The canonical bytes of a value are the same on every machine, whatever order its keys have.
func ExampleAppendCanonical() {
	v, err := value.ParseJSON(`{"b": [1e3, -0.0], "a": "é"}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := consensus.AppendCanonical(nil, v)
	fmt.Println(string(b), err)
	// Output: {"a":"é","b":[1000,0]} <nil>
}
