package function

import (
	"math"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Range is the configuration of a range node.
type Range struct {
	// MinIn and MaxIn are the range of the input, MinOut and MaxOut of the output.
	MinIn  value.Value `json:"minin"`
	MaxIn  value.Value `json:"maxin"`
	MinOut value.Value `json:"minout"`
	MaxOut value.Value `json:"maxout"`
	// Action says what happens outside the input range: scale, clamp, roll or drop.
	Action string `json:"action"`
	// Round gives whole numbers.
	Round bool `json:"round"`
	// Property is the message property that is mapped; payload if empty.
	Property string `json:"property"`
}

var rangeType = engine.Define("range", "Maps a number from one range to another.", newRange).With(map[string]string{
	"range.errors.notnumber": "Not a number",
})

type rangeNode struct {
	Range
	minIn, maxIn, minOut, maxOut float64
}

func newRange(_ *engine.Call, cfg Range) (engine.Node, error) {
	n := &rangeNode{
		Range: cfg, minIn: value.ToNumber(cfg.MinIn), maxIn: value.ToNumber(cfg.MaxIn),
		minOut: value.ToNumber(cfg.MinOut), maxOut: value.ToNumber(cfg.MaxOut),
	}
	if n.minIn > n.maxIn {
		n.minIn, n.maxIn, n.minOut, n.maxOut = n.maxIn, n.minIn, n.maxOut, n.minOut
	}
	if n.Round {
		n.maxOut, n.minOut = math.Floor(n.maxOut), math.Ceil(n.minOut)
	}
	if n.Property == "" {
		n.Property = "payload"
	}
	return n, nil
}

func (n *rangeNode) Receive(c *engine.Call, m *engine.Message) error {
	v, err := value.GetMessageProperty(m, n.Property)
	if err != nil {
		return err
	}
	if v.IsUndefined() {
		c.Send(m)
		return nil
	}
	x := value.ToNumber(v)
	if math.IsNaN(x) {
		c.Log(value.Str(c.Text("range.errors.notnumber") + ": " + value.ToString(v)))
		return nil
	}
	switch n.Action {
	case "drop":
		if x < n.minIn || x > n.maxIn {
			return nil
		}
	case "clamp":
		x = math.Max(n.minIn, math.Min(n.maxIn, x))
	case "roll":
		d := n.maxIn - n.minIn
		x = math.Mod(math.Mod(x-n.minIn, d)+d, d) + n.minIn
	}
	out := float64((x-n.minIn)/(n.maxIn-n.minIn)*(n.maxOut-n.minOut)) + n.minOut
	if n.Round {
		out = value.Round(out)
	}
	if _, err := value.SetMessageProperty(m, n.Property, value.Num(out), true); err != nil {
		return err
	}
	c.Send(m)
	return nil
}
