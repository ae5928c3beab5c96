package random

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/lockstep-flows/lockstep/conformance"
)

// messages is how many messages each case sends.
const messages = 8

// Cases makes n cases from a seed.
func Cases(seed uint64, n int) []*conformance.Case {
	out := make([]*conformance.Case, n)
	for i := range out {
		g := &gen{rand.New(rand.NewPCG(seed, uint64(i)))}
		out[i] = g.flow(fmt.Sprintf("random/%d/%d", seed, i))
	}
	return out
}

type gen struct{ *rand.Rand }

// object is a JSON object that keeps its order.
type object []field

type field struct {
	key   string
	value any
}

// MarshalJSON writes the fields in order.
func (o object) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		k, err := json.Marshal(f.key)
		if err != nil {
			return nil, err
		}
		v, err := json.Marshal(f.value)
		if err != nil {
			return nil, err
		}
		b.Write(k)
		b.WriteByte(':')
		b.Write(v)
	}
	b.WriteByte('}')
	return []byte(b.String()), nil
}

func (o object) with(key string, v any) object { return append(o, field{key, v}) }

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only values this package made
	}
	return string(b)
}

func pick[T any](g *gen, list ...T) T { return list[g.IntN(len(list))] }

// chance is true once in n times.
func (g *gen) chance(n int) bool { return g.IntN(n) == 0 }

func (g *gen) flow(name string) *conformance.Case {
	if g.chance(4) {
		nodes := g.graph()
		joinGroups(nodes)
		return g.script(&conformance.Case{Name: name, Summary: "A random flow: graph.", Flow: []byte(lines(nodes))}, "graph")
	}
	nodes := []any{object{{"id", "tab"}, {"type", "tab"}}}
	kind, chain := g.chain()
	for i, n := range chain {
		next := "o"
		if i+1 < len(chain) {
			next = fmt.Sprintf("n%d", i+1)
		}
		var wires [][]string
		for range max(1, n.outputs) {
			wires = append(wires, []string{next})
		}
		nodes = append(nodes, append(object{{"id", fmt.Sprintf("n%d", i)}, {"type", n.typ}, {"z", "tab"}, {"x", 1}, {"y", 1}}, n.config...).with("wires", wires))
	}
	nodes = append(nodes,
		object{{"id", "ca"}, {"type", "catch"}, {"z", "tab"}, {"x", 1}, {"y", 1}, {"scope", nil}, {"uncaught", false}, {"wires", [][]string{{"e"}}}},
		object{{"id", "co"}, {"type", "complete"}, {"z", "tab"}, {"x", 1}, {"y", 1}, {"scope", []any{"n0"}}, {"uncaught", false}, {"wires", [][]string{{"e"}}}},
		object{{"id", "o"}, {"type", "helper"}, {"z", "tab"}, {"x", 1}, {"y", 1}, {"wires", []any{}}},
		object{{"id", "e"}, {"type", "helper"}, {"z", "tab"}, {"x", 1}, {"y", 1}, {"wires", []any{}}})
	return g.script(&conformance.Case{Name: name, Summary: "A random flow: " + kind + ".", Flow: []byte(lines(nodes))}, kind)
}

// timed are the kinds of flows with timers.
var timed = map[string]bool{"delay": true, "trigger": true, "join": true, "batch": true}

// script writes the messages, and pauses if there are timers.
func (g *gen) script(c *conformance.Case, kind string) *conformance.Case {
	c.ByNode = timed[kind] // messages of one moment are some milliseconds apart on the judge
	paused := 0
	for i := range messages {
		msg := object{{"_msgid", fmt.Sprintf("m%d", i)}, {"payload", g.payload(kind)}}
		if g.chance(2) {
			msg = msg.with("topic", pick(g, "a", "b", "t/1", ""))
		}
		if g.chance(3) {
			msg = msg.with("n", g.number())
		}
		if g.chance(4) {
			msg = msg.with("o", g.value(2))
		}
		if kind == "graph" && g.chance(2) {
			msg = msg.with("target", pick(g, "call ci1", "call ci2", "ci1", "nobody"))
		}
		if timed[kind] && g.chance(6) {
			if g.chance(3) {
				msg = msg.with(pick(g, "delay", "rate"), 100)
			} else {
				msg = msg.with(pick(g, "reset", "flush", "complete", "restartTimeout", "toFront"), pick[any](g, true, 1))
			}
		}
		c.Script = append(c.Script, text(object{{"op", "receive"}, {"node", "n0"}, {"msg", msg}}))
		if timed[kind] && g.chance(3) && paused < mostWaits {
			paused++
			c.Script = append(c.Script, text(object{{"op", "wait"}, {"ms", pick(g, waits...)}}))
		}
	}
	if timed[kind] {
		c.Script = append(c.Script, text(object{{"op", "wait"}, {"ms", waits[len(waits)-1]}}))
	}
	return c
}

func lines(list []any) string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = text(v)
	}
	return "[\n" + strings.Join(out, ",\n") + "\n]\n"
}

type node struct {
	typ     string
	config  object
	outputs int
}

// chain makes the nodes of a flow; kind says what it is about.
func (g *gen) chain() (kind string, chain []node) {
	switch g.IntN(22) {
	case 0:
		return "change", []node{g.change(), g.change()}
	case 1:
		return "switch", []node{g.switching()}
	case 2:
		return "range", []node{g.rang()}
	case 3:
		return "template", []node{g.template()}
	case 4:
		return "sequence", g.sequence()
	case 5:
		return "csv", []node{g.csv()}
	case 6:
		return "json", []node{g.json()}
	case 7:
		return "function", []node{g.function()}
	case 8:
		return "delay", []node{g.delay()}
	case 9:
		return "trigger", []node{g.trigger()}
	case 10:
		return "join", []node{g.joining()}
	case 11:
		return "sequence", g.reducing()
	case 12:
		return "sequence", []node{g.sorting()}
	case 13:
		return "batch", []node{g.batching()}
	case 14:
		return "rbe", []node{g.rbe()}
	case 15:
		return "context", []node{g.contextual()}
	case 16:
		return "sequence", []node{g.splitting()}
	case 17:
		return "xml", []node{g.xml()}
	case 18:
		return "html", []node{g.html()}
	case 19:
		return "yaml", []node{g.yaml()}
	case 20:
		return "sequence", []node{g.splitting(), {"join", object{{"mode", "auto"}, {"build", "array"}, {"property", "payload"}, {"propertyType", "msg"}}, 1}}
	}
	return "jsonata", []node{{"change", object{{"rules", []any{object{{"t", "set"}, {"p", "payload"}, {"pt", "msg"}, {"to", g.expression(3)}, {"tot", "jsonata"}}}}}, 1}}
}
