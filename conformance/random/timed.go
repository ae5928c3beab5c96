package random

// waits are the pauses of a script in milliseconds. The timers of these nodes are
// multiples of 100, which few of these pauses come near to.
var waits = []int{40, 340}

// mostWaits is how many pauses a script has.
const mostWaits = 4

func (g *gen) delay() node {
	return node{"delay", object{
		{"pauseType", pick(g, "delay", "delayv", "rate", "rate", "queue", "timed", "burst")}, {"timeout", "100"}, {"timeoutUnits", "milliseconds"},
		{"rate", "1"}, {"nbRateUnits", pick(g, "0.3", "0.4")}, {"rateUnits", "second"}, {"drop", g.chance(3)}, {"allowrate", g.chance(2)}, {"outputs", pick(g, 1, 2)},
	}, 2}
}

func (g *gen) trigger() node {
	kinds := []string{"str", "num", "pay", "payl", "nul", "bool", "json", "flow", "val"}
	first, second := pick(g, kinds...), pick(g, kinds...)
	val := func(k string) string {
		switch k {
		case "num":
			return text(g.number())
		case "json":
			return text(g.value(2))
		case "bool":
			return pick(g, "true", "false")
		case "flow":
			return "k"
		}
		return pick(g, "0", "1", "on", "{{payload}}", "{{topic}} x")
	}
	return node{"trigger", object{
		{"op1", val(first)}, {"op1type", first}, {"op2", val(second)}, {"op2type", second}, {"duration", pick(g, "100", "200", "0", "-100")}, {"units", "ms"}, {"extend", g.chance(2)}, {"overrideDelay", g.chance(2)},
		{"reset", pick(g, "", "", "a", "1")}, {"bytopic", pick(g, "all", "topic")}, {"topic", "topic"}, {"outputs", pick(g, 1, 2)},
	}, 2}
}

func (g *gen) joining() node {
	build := pick(g, "array", "string", "object", "merged", "buffer")
	return node{"join", object{
		{"mode", "custom"}, {"build", build}, {"property", pick(g, "payload", "payload", "payload.a", "o")}, {"propertyType", pick(g, "msg", "msg", "full")}, {"key", pick(g, "topic", "n")},
		{"joiner", pick(g, "\\n", ",", "")}, {"joinerType", "str"}, {"useparts", g.chance(2)}, {"accumulate", build == "object" && g.chance(2)}, {"timeout", pick(g, "", "", "0.2")}, {"count", pick(g, "", "2", "3")},
	}, 1}
}

func (g *gen) reducing() []node {
	return []node{
		{"split", object{{"splt", ","}, {"spltType", "str"}, {"arraySplt", 1}, {"arraySpltType", "len"}, {"stream", false}, {"addname", ""}, {"property", "payload"}}, 1},
		{"join", object{{"mode", "reduce"}, {"build", "array"}, {"property", "payload"}, {"propertyType", "msg"}, {"reduceRight", g.chance(2)},
			{"reduceExp", pick(g, "$A + payload", "$A & $string(payload)", "$append($A, [payload])", "$I & \"/\" & $N", "$count($A) + 1")}, {"reduceInit", pick(g, "0", "[]", "\"x\"", "topic")},
			{"reduceInitType", pick(g, "num", "str", "json", "jsonata")}, {"reduceFixup", pick(g, "", "", "$A / $N", "[$A]")}}, 1},
	}
}

func (g *gen) sorting() node {
	return node{"sort", object{{"order", pick(g, "ascending", "descending")}, {"as_num", g.chance(2)}, {"target", "payload"}, {"targetType", "msg"},
		{"msgKey", pick(g, "payload", "name", "value", "$.value", "$string($)", "$length(name)")}, {"msgKeyType", pick(g, "elem", "jsonata")}, {"seqKey", "payload"}, {"seqKeyType", "msg"}}, 1}
}

func (g *gen) batching() node {
	mode := pick(g, "count", "interval", "concat")
	return node{"batch", object{{"mode", mode}, {"count", pick(g, 1, 2, 3)}, {"overlap", pick(g, 0, 1)}, {"interval", "0.1"}, {"allowEmptySequence", g.chance(3)}, {"honourParts", g.chance(3)},
		{"topics", []any{object{{"topic", "a"}}, object{{"topic", "b"}}}}}, 1}
}

func (g *gen) rbe() node {
	return node{"rbe", object{{"func", pick(g, "rbe", "rbei", "deadband", "deadbandEq", "narrowband", "narrowbandEq")}, {"gap", pick(g, "1", "10%", "0", "", "2.5")}, {"start", pick(g, "", "5")}, {"inout", pick(g, "in", "out")},
		{"septopics", g.chance(2)}, {"property", pick(g, "payload", "payload", "n")}, {"topi", pick(g, "topic", "n")}}, 1}
}

// contextual is a change node on flow and global context and the environment.
func (g *gen) contextual() node {
	place := func() (string, string) {
		return pick(g, "k", "k.a", "k[0]", "k.a.b", "other", "k[msg.topic]"), pick(g, "flow", "global", "msg")
	}
	var rules []any
	for range 1 + g.IntN(4) {
		p, pt := place()
		q, qt := place()
		r := object{{"t", pick(g, "set", "set", "move", "delete", "change")}, {"p", p}, {"pt", pt}}
		switch r[0].value {
		case "set":
			r = append(r, field{"to", pick(g, q, "payload", "payload[msg.topic]")}, field{"tot", pick(g, qt, "msg")})
			if g.chance(2) {
				r = r.with("dc", true)
			}
		case "move":
			r = append(r, field{"to", q}, field{"tot", qt})
		case "change":
			r = append(r, field{"from", pick(g, "a", "topic", "k")}, field{"fromt", pick(g, "str", "msg", "flow")}, field{"to", pick(g, "b", "payload")}, field{"tot", pick(g, "str", "msg")})
		}
		rules = append(rules, r)
	}
	rules = append(rules, object{{"t", "set"}, {"p", "seen"}, {"pt", "msg"}, {"to", pick(g, "$flowContext(\"k\")", "$globalContext(\"k\")", "[$flowContext(\"k.a\"), $globalContext(\"other\")]", "$env(\"NR_NODE_ID\")")}, {"tot", "jsonata"}})
	return node{"change", object{{"rules", rules}}, 1}
}

// splitting is a split of everything, streams and buffers too.
func (g *gen) splitting() node {
	n := node{"split", object{
		{"splt", pick(g, "\\n", ",", " ", "a", "é")}, {"spltType", pick(g, "str", "str", "len", "bin")}, {"arraySplt", pick(g, 1, 2)}, {"arraySpltType", "len"},
		{"stream", g.chance(2)}, {"addname", pick(g, "", "key", "o.k")}, {"property", pick(g, "payload", "payload", "o")},
	}, 1}
	switch n.config[1].value {
	case "len":
		n.config[0].value = pick(g, "1", "2", "5")
	case "bin":
		n.config[0].value = pick(g, "[10]", "[97,98]", "[44]")
	}
	return n
}
