package random

import "strings"

func (g *gen) path() string {
	return pick(g, "payload", "payload", "payload.a", "payload.b", "payload.value", "topic", "n", "o", "payload[0]", "payload.a.b", `payload["x y"]`, "o.a[1]", "new", "new.deep.er")
}

// typed makes a typed input: value and type.
func (g *gen) typed() (any, string) {
	switch g.IntN(7) {
	case 0:
		return text(g.number()), "num"
	case 1:
		return g.word(), "str"
	case 2:
		return g.path(), "msg"
	case 3:
		return pick(g, "true", "false"), "bool"
	case 4:
		return text(g.value(2)), "json"
	case 5:
		return g.expression(2), "jsonata"
	}
	return pick(g, "[1,2,3]", `"bin"`), "bin"
}

func (g *gen) change() node {
	var rules []any
	for range 1 + g.IntN(3) {
		r := object{{"t", pick(g, "set", "set", "change", "delete", "move")}, {"p", g.path()}, {"pt", "msg"}}
		switch r[0].value {
		case "set":
			v, t := g.typed()
			r = append(r, field{"to", v}, field{"tot", t})
			if g.chance(3) {
				r = r.with("dc", true)
			}
		case "change":
			r = append(r, field{"from", pick(g, "a", "o", "1", "foo", ".", "true")}, field{"fromt", pick(g, "str", "re", "num", "bool")})
			v, t := g.typed()
			if t == "jsonata" || t == "bin" {
				v, t = "X", "str"
			}
			r = append(r, field{"to", v}, field{"tot", t})
		case "move":
			r = append(r, field{"to", g.path()}, field{"tot", "msg"})
		}
		rules = append(rules, r)
	}
	return node{"change", object{{"rules", rules}}, 1}
}

func (g *gen) switching() node {
	ops := []string{"eq", "neq", "lt", "lte", "gt", "gte", "btwn", "cont", "regex", "true", "false", "null", "nnull", "empty", "nempty", "istype", "hask", "jsonata_exp", "else"}
	var rules []any
	n := 1 + g.IntN(5)
	for range n {
		op := pick(g, ops...)
		r := object{{"t", op}}
		v, t := g.typed()
		switch op {
		case "btwn":
			r = append(r, field{"v", text(g.number())}, field{"vt", "num"}, field{"v2", text(g.number())}, field{"v2t", "num"})
		case "regex":
			r = append(r, field{"v", pick(g, "^a", "o+", "[0-9]", "é", "(a|b)$")}, field{"vt", "str"}, field{"case", g.chance(2)})
		case "istype":
			k := pick(g, "string", "number", "boolean", "array", "object", "json", "null", "undefined", "buffer")
			r = append(r, field{"v", k}, field{"vt", k})
		case "jsonata_exp":
			r = append(r, field{"v", g.expression(2)}, field{"vt", "jsonata"})
		case "hask":
			r = append(r, field{"v", g.key()}, field{"vt", "str"})
		default:
			if t == "bin" || t == "json" {
				v, t = g.word(), "str"
			}
			r = append(r, field{"v", v}, field{"vt", t})
		}
		rules = append(rules, r)
	}
	return node{"switch", object{{"property", g.path()}, {"propertyType", "msg"}, {"rules", rules}, {"checkall", pick(g, "true", "false")}, {"repair", false}, {"outputs", n}}, n}
}

func (g *gen) rang() node {
	return node{"range", object{
		{"minin", text(g.number())}, {"maxin", text(g.number())}, {"minout", text(g.number())}, {"maxout", text(g.number())},
		{"action", pick(g, "scale", "clamp", "roll", "drop")}, {"round", g.chance(2)}, {"property", pick(g, "payload", "n")},
	}, 1}
}

func (g *gen) template() node {
	tags := []string{"{{payload}}", "{{{payload}}}", "{{&topic}}", "{{payload.a}}", "{{#payload}}[{{name}}={{value}}]{{/payload}}", "{{^payload}}none{{/payload}}", "{{#payload.a}}<{{.}}>{{/payload.a}}",
		"{{! note }}", "{{=<% %>=}}<%topic%><%={{ }}=%>", " text ", "\n", "{{payload.length}}", "{{payload.0}}", "{{#topic}}T{{/topic}}\n", "{{ n }}", "{{o.a}}"}
	var b strings.Builder
	for range 1 + g.IntN(6) {
		b.WriteString(pick(g, tags...))
	}
	return node{"template", object{{"field", pick(g, "payload", "out")}, {"fieldType", "msg"}, {"syntax", pick(g, "mustache", "mustache", "plain")}, {"template", b.String()}, {"output", "str"}}, 1}
}

func (g *gen) sequence() []node {
	split := node{"split", object{
		{"splt", pick(g, "\\n", ",", " ", "ab", "3")}, {"spltType", pick(g, "str", "str", "str", "len")}, {"arraySplt", pick(g, 1, 1, 2, 3)}, {"arraySpltType", "len"},
		{"stream", false}, {"addname", pick(g, "", "key")}, {"property", "payload"},
	}, 1}
	if split.config[1].value == "len" {
		split.config[0].value = pick(g, "1", "2", "5")
	}
	join := node{"join", object{{"mode", "auto"}, {"build", "array"}, {"property", "payload"}, {"propertyType", "msg"}}, 1}
	middle := pick(g,
		node{"sort", object{{"order", pick(g, "ascending", "descending")}, {"as_num", g.chance(2)}, {"target", ""}, {"targetType", "seq"}, {"msgKey", "payload"}, {"msgKeyType", "elem"}, {"seqKey", "payload"}, {"seqKeyType", "msg"}}, 1},
		node{"batch", object{{"mode", "count"}, {"count", pick(g, 2, 3)}, {"overlap", pick(g, 0, 1)}, {"honourParts", g.chance(2)}}, 1},
		node{"switch", object{{"property", "payload"}, {"propertyType", "msg"}, {"rules", []any{object{{"t", "nnull"}}}}, {"checkall", "true"}, {"repair", true}, {"outputs", 1}}, 1},
		g.change())
	switch g.IntN(4) {
	case 0:
		return []node{split}
	case 1:
		return []node{split, join}
	case 2:
		return []node{split, middle}
	}
	return []node{split, middle, join}
}

func (g *gen) csv() node {
	return node{"csv", object{
		{"spec", pick(g, "rfc", "")}, {"sep", pick(g, ",", ",", ";", "\\t")}, {"hdrin", pick[any](g, true, false, "")}, {"hdrout", pick(g, "none", "all", "once")},
		{"multi", pick(g, "one", "mult")}, {"ret", pick(g, "\\n", "\\r\\n")}, {"temp", pick(g, "", "", "name,value", "a,,c", `"x y",b`)}, {"skip", pick(g, "0", "1")},
		{"strings", g.chance(2)}, {"include_empty_strings", g.chance(2)}, {"include_null_values", g.chance(2)},
	}, 1}
}

func (g *gen) json() node {
	return node{"json", object{{"property", pick(g, "payload", "payload", "o")}, {"action", pick(g, "", "str", "obj")}, {"pretty", g.chance(2)}}, 1}
}
