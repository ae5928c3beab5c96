package random

import (
	"fmt"
	"strings"
)

var words = []string{"a", "B", "foo", "bar baz", "é", "日本", "x,y", "say \"hi\"", "1", "01", "-2.50", "1e3", "true", "null", "", " ", "line\nbreak", "tab\there", "<b>&'</b>", "😀"}

var numbers = []float64{0, 1, -1, 2, 3, 7, 10, 42, 100, 0.1, 0.5, -0.25, 1.005, 3.14159, 1e21, 1e-7, 123456789.125, -1e15, 99.995, 1 / 3.0}

func (g *gen) number() float64 { return pick(g, numbers...) }

func (g *gen) word() string { return pick(g, words...) }

func (g *gen) key() string { return pick(g, "a", "b", "c", "name", "value", "10", "2", "x y") }

// value makes any JSON value, at most so deep.
func (g *gen) value(depth int) any {
	n := 8
	if depth <= 0 {
		n = 5
	}
	switch g.IntN(n) {
	case 0:
		return g.number()
	case 1, 2:
		return g.word()
	case 3:
		return g.chance(2)
	case 4:
		return nil
	case 5:
		return g.list(depth-1, 4)
	}
	return g.object(depth-1, 4)
}

func (g *gen) list(depth, most int) []any {
	out := make([]any, g.IntN(most+1))
	for i := range out {
		out[i] = g.value(depth)
	}
	return out
}

func (g *gen) object(depth, most int) object {
	o := object{}
	seen := map[string]bool{}
	for range g.IntN(most + 1) {
		if k := g.key(); !seen[k] {
			seen[k] = true
			o = o.with(k, g.value(depth))
		}
	}
	return o
}

// records makes rows with the same keys, more or less.
func (g *gen) records() []any {
	out := make([]any, 1+g.IntN(5))
	for i := range out {
		o := object{{"name", g.word()}, {"value", g.number()}}
		if g.chance(2) {
			o = o.with("b", g.value(0))
		}
		out[i] = o
	}
	return out
}

// payload makes what suits a kind of flow, and now and then anything.
func (g *gen) payload(kind string) any {
	if g.chance(4) && kind != "html" { // which would hang a document on any object
		return g.value(3)
	}
	if g.chance(20) {
		return g.buffer()
	}
	switch kind {
	case "xml":
		return pick[any](g, g.markup(3), g.markup(2), g.object(3, 2))
	case "html":
		return g.markup(3) + g.markup(2)
	case "yaml":
		return pick[any](g, g.document("", 2), g.value(3), "---\n"+g.document("", 1))
	case "range", "rbe", "delay":
		return pick[any](g, g.number(), fmt.Sprint(g.number()), g.word())
	case "csv":
		if g.chance(2) {
			return g.records()
		}
		return g.csvText()
	case "json":
		if g.chance(2) {
			return g.value(3)
		}
		t := text(g.value(3))
		if g.chance(4) && t != "" {
			t = t[:g.IntN(len(t))]
		}
		return strings.ToValidUTF8(t, "")
	case "sequence":
		return pick[any](g, g.list(1, 6), g.object(1, 5), strings.Join([]string{g.word(), g.word(), g.word()}, pick(g, "\n", ",", " ")))
	case "jsonata", "function", "template":
		return pick[any](g, g.records(), g.object(3, 5), g.number(), g.word())
	}
	return pick[any](g, g.number(), g.word(), g.value(2))
}

func (g *gen) csvText() string {
	var b strings.Builder
	for range 1 + g.IntN(4) {
		for j := range 1 + g.IntN(4) {
			if j > 0 {
				b.WriteString(pick(g, ",", ",", ",", ";"))
			}
			w := g.word()
			if strings.ContainsAny(w, ",\"\n") || g.chance(5) {
				w = `"` + strings.ReplaceAll(w, `"`, `""`) + `"`
			}
			b.WriteString(w)
		}
		b.WriteString(pick(g, "\n", "\n", "\r\n"))
	}
	return b.String()
}
