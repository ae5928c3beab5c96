package function

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// RBE is the configuration of a filter (report by exception) node.
type RBE struct {
	// Func is the mode: rbe, rbei, deadband, deadbandEq, narrowband, narrowbandEq.
	Func string `json:"func"`
	// Gap is the width of the band, a number or a percentage such as "10%".
	Gap value.Value `json:"gap"`
	// Start is the value narrowband modes compare the first with.
	Start value.Value `json:"start"`
	// InOut says which value is remembered: "out" the last sent, "in" the last that came.
	InOut string `json:"inout"`
	// SepTopics keeps a value for each topic; default true.
	SepTopics value.Value `json:"septopics"`
	// Property is what is watched; payload if empty.
	Property string `json:"property"`
	// TopI is the property that holds the topic; topic if empty.
	TopI string `json:"topi"`
}

var rbeType = engine.Define("rbe", "Lets a message pass only if its value changed.", newRBE).With(map[string]string{
	"rbe.warn.nonumber": "The value is not a number",
})

type rbe struct {
	RBE
	percent  bool
	gap, g   float64
	topics   bool
	start    value.Value
	previous *value.Object
}

func newRBE(_ *engine.Call, cfg RBE) (engine.Node, error) {
	n := &rbe{RBE: cfg, topics: true, start: cfg.Start, previous: value.NewObject()}
	if n.Func == "" {
		n.Func = "rbe"
	}
	if n.InOut == "" {
		n.InOut = "out"
	}
	if n.Property == "" {
		n.Property = "payload"
	}
	if n.TopI == "" {
		n.TopI = "topic"
	}
	if !value.Truthy(n.start) {
		n.start = value.Str("")
	}
	gap := "0"
	if value.Truthy(cfg.Gap) {
		gap = value.ToString(cfg.Gap)
	}
	if strings.HasSuffix(gap, "%") {
		n.percent = true
		n.gap = value.ParseFloat(gap)
	} else {
		n.gap = value.ParseNumber(gap)
	}
	n.g = n.gap
	if cfg.SepTopics.IsBool() && !cfg.SepTopics.Bool() {
		n.topics = false
	}
	return n, nil
}

func (n *rbe) Receive(c *engine.Call, m *engine.Message) error {
	topic, err := value.GetMessageProperty(m, n.TopI)
	if err != nil {
		topic = value.Undefined
	}
	if m.Has("reset") {
		if n.topics && topic.Str() != "" {
			n.previous.Delete(value.ToString(m.Get("topic")))
		} else {
			n.previous.Clear()
		}
	}
	v, err := value.GetMessageProperty(m, n.Property)
	if err != nil || v.IsUndefined() {
		return engine.Pending
	}
	key := "_no_topic"
	if n.topics && value.Truthy(topic) {
		key = value.ToString(topic)
	}
	var pass bool
	if n.Func == "rbe" || n.Func == "rbei" {
		pass = n.changed(key, v)
	} else {
		x := value.ParseFloat(value.ToString(v))
		if math.IsNaN(x) {
			c.Warn(value.Str(c.Text("rbe.warn.nonumber")))
			return engine.Pending
		}
		pass = n.band(key, x)
	}
	if pass {
		c.Send(m)
	}
	return engine.Pending
}

// changed compares with the last value of the key.
func (n *rbe) changed(key string, v value.Value) bool {
	prev, seen := n.previous.Lookup(key)
	send := n.Func != "rbei" || seen
	if v.TypeOf() == "object" {
		if prev.TypeOf() != "object" {
			prev = value.Of(value.NewObject())
			n.previous.Set(key, prev)
		}
		if value.DeepEqual(v, prev) {
			return false
		}
	} else if value.StrictEqual(v, prev) {
		return false
	}
	n.previous.Set(key, value.Clone(v))
	return send
}

// band compares a number with the last one of the key and the gap.
func (n *rbe) band(key string, x float64) bool {
	prev, has := n.previous.Lookup(key)
	has = has && !prev.IsUndefined()
	if !has && (n.Func == "narrowband" || n.Func == "narrowbandEq") {
		prev, has = n.start, true
		if n.start.IsString() && n.start.Str() == "" {
			prev = value.Num(x)
		}
	}
	p := value.ToNumber(prev)
	if n.percent {
		n.gap = math.Abs(p * n.g / 100)
		if math.IsNaN(n.gap) {
			n.gap = 0
		}
	}
	if !has {
		p = x - n.gap - 1
		prev = value.Num(p)
	}
	n.previous.Set(key, prev)
	d := math.Abs(x - p)
	var pass bool
	switch {
	case d == n.gap:
		pass = n.Func == "deadbandEq" || n.Func == "narrowband"
	case d > n.gap:
		pass = n.Func == "deadband" || n.Func == "deadbandEq"
	case d < n.gap:
		pass = n.Func == "narrowband" || n.Func == "narrowbandEq"
	}
	if pass && n.InOut == "out" || n.InOut == "in" {
		n.previous.Set(key, value.Num(x))
	}
	return pass
}
