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
		object{{"id", "o"}, {"type", "helper"}, {"z", "tab"}, {"x", 1}, {"y", 1}, {"wires", []any{}}},
		object{{"id", "e"}, {"type", "helper"}, {"z", "tab"}, {"x", 1}, {"y", 1}, {"wires", []any{}}})
	c := &conformance.Case{Name: name, Summary: "A random flow: " + kind + ".", Flow: []byte(lines(nodes))}
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
		c.Script = append(c.Script, text(object{{"op", "receive"}, {"node", "n0"}, {"msg", msg}}))
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
	switch g.IntN(9) {
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
	}
	return "jsonata", []node{{"change", object{{"rules", []any{object{{"t", "set"}, {"p", "payload"}, {"pt", "msg"}, {"to", g.expression(3)}, {"tot", "jsonata"}}}}}, 1}}
}
