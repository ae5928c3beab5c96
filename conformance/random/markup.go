package random

import (
	"encoding/base64"
	"strings"
)

func (g *gen) xml() node {
	return node{"xml", object{{"property", "payload"}, {"attr", pick(g, "", "", "@", "attrs")}, {"chr", pick(g, "", "", "#", "text")}}, 1}
}

func (g *gen) yaml() node { return node{"yaml", object{{"property", "payload"}}, 1} }

func (g *gen) html() node {
	return node{"html", object{{"property", "payload"}, {"outproperty", pick(g, "payload", "out")},
		{"tag", pick(g, "a", "div", "p, b", "div > b", "[x]", "[x=\"1\"]", ".c", "#i", "b:first-child", "p:not(.c)", "a + b", "div b", "*", "a:contains(foo)", "b:nth-child(2)")},
		{"ret", pick(g, "html", "text", "attr", "compl")}, {"chr", pick(g, "", "_")}, {"as", pick(g, "single", "multi")}}, 1}
}

// markup is XML or HTML, mostly well formed.
func (g *gen) markup(depth int) string {
	name := pick(g, "a", "b", "p", "div")
	var b strings.Builder
	b.WriteString("<" + name)
	for range g.IntN(3) {
		b.WriteString(pick(g, ` x="1"`, ` id="i"`, ` class="c d"`, ` é="ü"`, ` y='q"q'`))
	}
	if g.chance(6) {
		b.WriteString("/>")
		return b.String()
	}
	b.WriteString(">")
	for range g.IntN(4) {
		switch {
		case depth > 0 && g.chance(2):
			b.WriteString(g.markup(depth - 1))
		default:
			b.WriteString(pick(g, "foo", " ", "\n", "1.50", "é 日本", "&lt;&amp;", "<!-- c -->", "<![CDATA[ <x> ]]>", "&#65;", "true"))
		}
	}
	if !g.chance(20) {
		b.WriteString("</" + name + ">")
	}
	return b.String()
}

// document is text in YAML.
func (g *gen) document(indent string, depth int) string {
	var b strings.Builder
	for range 1 + g.IntN(3) {
		b.WriteString(indent + pick(g, "a", "b", "name", "1", "'q'", "\"d q\"", "true", "é") + ":")
		if depth > 0 && g.chance(3) {
			b.WriteString("\n" + g.document(indent+"  ", depth-1))
			continue
		}
		b.WriteString(pick(g, " 1", " 1.5", " 0x1F", " 1e3", " true", " yes", " ~", " null", "", " text", " 'it''s'", ` "a\tb"`, " [1, two, {x: 3}]", " {a: 1, b: [2]}", " |\n"+indent+"   one\n"+indent+"   two", " >-\n"+indent+"   one\n"+indent+"   two",
			" 2001-12-14", " 2001-12-14t21:59:43.10-05:00", " .inf", " 0o14", " 012", " &x 1", " !!str 5", " a: b", " # note", " - x", " 1_000", "\n"+indent+"  - 1\n"+indent+"  - a: 2\n"+indent+"    b: 3") + "\n")
	}
	return b.String()
}

// buffer is a Buffer of some text or bytes.
func (g *gen) buffer() object {
	return object{{"$t", "buffer"}, {"v", base64.StdEncoding.EncodeToString([]byte(pick(g, g.word(), "a,b\nc", "\x00\xff\x80", text(g.value(2)))))}}
}
