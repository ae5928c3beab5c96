package random

import (
	"fmt"
	"strings"
)

// graph is a flow of many nodes that tests the delivery: wires in all directions,
// links, junctions, groups, subflows, catch, status and complete nodes.
type graph struct {
	*gen
	nodes  []any
	ids    []string // those that can be wired to, in the order they were made
	groups []string
	count  int
}

// hop ends a message that has gone through too many functions.
const hop = "msg.hops = (msg.hops || 0) + 1; if (msg.hops > 3) { return null; }\n"

func (g *gen) graph() []any {
	gr := &graph{gen: g}
	gr.nodes = []any{object{{"id", "tab"}, {"type", "tab"}, {"env", []any{object{{"name", "TABENV"}, {"value", g.word()}, {"type", "str"}}}}}}
	if g.chance(2) {
		gr.groups = []string{"g1", "g2"}
		gr.nodes = append(gr.nodes, object{{"id", "g1"}, {"type", "group"}, {"z", "tab"}, {"name", "G1"}, {"nodes", []any{"g2"}}, {"env", []any{object{{"name", "GENV"}, {"value", "1"}, {"type", "num"}}}}},
			object{{"id", "g2"}, {"type", "group"}, {"z", "tab"}, {"g", "g1"}, {"nodes", []any{}}})
	}
	for i := range 3 + g.IntN(5) {
		gr.ids = append(gr.ids, fmt.Sprintf("n%d", i))
	}
	if g.chance(2) {
		gr.subflow()
	}
	for i, id := range gr.ids {
		gr.add(id, i)
	}
	gr.watchers()
	for _, id := range []string{"o", "e"} {
		gr.nodes = append(gr.nodes, object{{"id", id}, {"type", "helper"}, {"z", "tab"}, {"x", 1}, {"y", 1}, {"wires", []any{}}})
	}
	return gr.nodes
}

// targets are one or two nodes behind the one with a number, or a helper; with back,
// which only a node may have that counts hops, now and then one before it.
func (gr *graph) targets(i int, back bool) []string {
	out := []string{}
	for range pick(gr.gen, 1, 1, 2) {
		switch {
		case gr.chance(4):
			out = append(out, "o")
		case back && gr.chance(6):
			out = append(out, pick(gr.gen, gr.ids[:i+1]...))
		case i+1 < len(gr.ids):
			out = append(out, pick(gr.gen, gr.ids[i+1:]...))
		default:
			out = append(out, "o")
		}
	}
	return out
}

func (gr *graph) add(id string, i int) {
	n := gr.part(i)
	o := append(object{{"id", id}, {"type", n.typ}, {"z", "tab"}, {"x", 1}, {"y", 1}, {"name", pick(gr.gen, "", "", "name "+id)}}, n.config...)
	if len(gr.groups) > 0 && gr.chance(2) {
		o = o.with("g", pick(gr.gen, gr.groups...))
	}
	if i > 0 && gr.chance(15) {
		o = o.with("d", true)
	}
	wires := [][]string{}
	for range n.outputs {
		wires = append(wires, gr.targets(i, strings.HasPrefix(n.typ, "function")))
	}
	gr.nodes = append(gr.nodes, o.with("wires", wires))
}

// part is any node of a graph.
func (gr *graph) part(i int) node {
	g := gr.gen
	switch g.IntN(12) {
	case 0:
		return node{"junction", nil, 1}
	case 1:
		gr.count++
		in := fmt.Sprintf("li%d", gr.count)
		gr.nodes = append(gr.nodes, object{{"id", in}, {"type", "link in"}, {"z", "tab"}, {"x", 1}, {"y", 1}, {"links", []any{}}, {"wires", [][]string{gr.targets(i, false)}}})
		return node{"link out", object{{"mode", "link"}, {"links", []any{in}}}, 0}
	case 2:
		return gr.call()
	case 3:
		return node{"switch", object{{"property", pick(g, "payload", "hops", "topic")}, {"propertyType", "msg"}, {"rules", []any{
			object{{"t", pick(g, "gt", "eq", "cont", "istype")}, {"v", pick(g, "1", "a", "number")}, {"vt", pick(g, "str", "num", "number")}},
			object{{"t", "else"}}}}, {"checkall", pick(g, "true", "false")}, {"repair", g.chance(2)}, {"outputs", 2}}, 2}
	case 4:
		return g.change()
	case 5:
		return pick(g, g.rang(), g.json(), g.template())
	case 6:
		if gr.hasSubflow() {
			return node{"subflow:sub", object{{"env", []any{object{{"name", "A"}, {"value", g.word()}, {"type", "str"}}}}}, 2}
		}
	}
	return gr.code()
}

func (gr *graph) hasSubflow() bool {
	for _, n := range gr.nodes {
		if o := n.(object); o[0].value == "sub" {
			return true
		}
	}
	return false
}

// call is a link call with a link in and a function before the link out that
// returns, or one that never does.
func (gr *graph) call() node {
	gr.count++
	in, fn, out := fmt.Sprintf("ci%d", gr.count), fmt.Sprintf("cf%d", gr.count), fmt.Sprintf("co%d", gr.count)
	place := func(id, typ string) object {
		return object{{"id", id}, {"type", typ}, {"z", "tab"}, {"x", 1}, {"y", 1}}
	}
	gr.nodes = append(gr.nodes,
		append(place(in, "link in"), field{"name", "call " + in}, field{"wires", [][]string{{fn}}}),
		append(place(fn, "function"), field{"func", pick(gr.gen, "msg.called = (msg.called || 0) + 1; return msg;", "return [[msg, RED.util.cloneMessage(msg)]];", "return null;", "throw new Error('in call');", "return { payload: 1, hops: msg.hops, _linkSource: msg._linkSource };")},
			field{"outputs", 1}, field{"wires", [][]string{{out}}}),
		append(place(out, "link out"), field{"mode", "return"}, field{"links", []any{}}, field{"wires", []any{}}))
	c := object{{"links", []any{in}}, {"linkType", "static"}, {"timeout", "30"}}
	if gr.chance(3) {
		c = object{{"links", []any{}}, {"linkType", "dynamic"}, {"timeout", "30"}}
	}
	return node{"link call", c, 1}
}

// code is a function node of one or two outputs.
func (gr *graph) code() node {
	g := gr.gen
	body := pick(g,
		"return [msg, { payload: 'two', hops: msg.hops, topic: msg.topic }];", "return [[msg, { payload: 'b', hops: msg.hops }], msg];", "node.send(msg); return [null, msg];",
		"node.send([msg, msg]); msg.late = true;", "node.send(msg, false); node.send([null, msg], false);", "node.error('bad', msg); return msg;", "node.error('no message'); return msg;", "throw new Error('thrown ' + msg.hops);",
		"throw 'text';", "throw { message: 'object', code: 7 };", "node.warn({ a: msg.hops }); return msg;", "node.status({ fill: 'red', shape: 'dot', text: 'h' + msg.hops }); return msg;", "node.status('text'); return [null, msg];",
		"node.done(); node.send(msg); return;", "await Promise.resolve(1); return msg;", "Promise.resolve().then(() => node.send(msg)); return;", "await null; throw new Error('async');",
		"const m = { payload: env.get('GENV') + '|' + env.get('TABENV') + '|' + env.get('A') + '|' + env.get('NR_NODE_ID') + '|' + env.get('NR_GROUP_NAME') + '|' + env.get('NR_FLOW_ID'), hops: msg.hops }; return m;",
		"flow.set('x', (flow.get('x') || 0) + 1); msg.x = flow.get('x'); return msg;", "global.set('o', msg); msg.g = Object.keys(global.get('o')); return msg;", "count = (typeof count === 'undefined' ? 0 : count) + 1; msg.count = count; return msg;",
		"return [[], null];", "return [msg, msg, msg];", "return 'no object';", "return [undefined, [null, msg, undefined]];", "msg.self = msg.payload; msg._msgid = undefined; return msg;", "delete msg._msgid; return [[msg, msg]];",
		"msg.res = { a: 1 }; msg.req = { b: 2 }; return [[msg, msg], msg];", "msg.error = { message: 'mine', source: { id: 'x', count: 1 } }; throw new Error('second');", "msg.buf = Buffer.from('é'); msg.d = new Date(5); return [msg, msg];")
	return node{"function", object{{"func", hop + body}, {"outputs", 2}, {"initialize", pick(g, "", "", "node.status({ text: 'ready' });", "context.set('n', 1);")}, {"finalize", pick(g, "", "node.warn('closing');")}, {"libs", []any{}}}, 2}
}

// subflow adds a definition with two outputs, and nodes that catch inside.
func (gr *graph) subflow() {
	g := gr.gen
	in := func(id, typ string, wires ...string) object {
		if wires == nil {
			wires = []string{}
		}
		return object{{"id", id}, {"type", typ}, {"z", "sub"}, {"x", 1}, {"y", 1}, {"wires", [][]string{wires}}}
	}
	port := func(id string, n int) object {
		return object{{"x", 1}, {"y", 1}, {"wires", []any{object{{"id", id}, {"port", n}}}}}
	}
	second := pick(g, "s1", "sub", "sc")
	def := object{{"id", "sub"}, {"type", "subflow"}, {"name", "Sub"}, {"in", []any{object{{"x", 1}, {"y", 1}, {"wires", []any{object{{"id", "s1"}}}}}}},
		{"out", []any{port("s2", 0), port(second, 0)}}, {"env", []any{object{{"name", "A"}, {"type", "str"}, {"value", "def"}}, object{{"name", "B"}, {"type", "json"}, {"value", `{"x":[1]}`}}}}}
	status := g.chance(2)
	if status {
		def = def.with("status", object{{"x", 1}, {"y", 1}, {"wires", []any{object{{"id", pick(g, "ss", "s2")}, {"port", 0}}}}})
	}
	gr.nodes = append(gr.nodes, def,
		in("s1", "function", "s2").with("name", pick(g, "", "inner")).with("func", pick(g, "msg.A = env.get('A'); msg.B = env.get('B'); return msg;", "node.status({ text: env.get('A') }); return msg;", "throw new Error('inside');", "node.error('inside', msg); return msg;",
			"flow.set('k', 1); msg.parent = flow.get('$parent.x'); return msg;", "msg.name = [env.get('NR_SUBFLOW_NAME'), env.get('NR_SUBFLOW_ID'), node.name]; return msg;")),
		in("s2", "change").with("rules", []any{object{{"t", "set"}, {"p", "viaEnv"}, {"pt", "msg"}, {"to", pick(g, "A", "B", "x${A}y", "TABENV")}, {"tot", "env"}}}))
	if second == "sc" || g.chance(2) {
		gr.nodes = append(gr.nodes, in("sc", "catch", "s2").with("scope", pick[any](g, nil, []any{"s1"})).with("uncaught", g.chance(3)))
	}
	if status || g.chance(2) {
		gr.nodes = append(gr.nodes, in("ss", "status", "s2").with("scope", nil))
	}
}

// watchers adds catch, complete and status nodes of all scopes.
func (gr *graph) watchers() {
	g := gr.gen
	some := func() []any {
		out := []any{}
		for _, id := range gr.ids {
			if g.chance(2) {
				out = append(out, id)
			}
		}
		return out
	}
	for i := range 1 + g.IntN(4) {
		typ := pick(g, "catch", "catch", "complete", "status")
		var scope any
		switch {
		case typ == "complete" || g.chance(3):
			scope = some()
		case len(gr.groups) > 0 && g.chance(2):
			scope = "group"
		}
		to := "e"
		if i == 0 && typ == "catch" && g.chance(4) { // others, or several, would never end
			to = gr.ids[len(gr.ids)-1]
		}
		o := object{{"id", fmt.Sprintf("w%d", i)}, {"type", typ}, {"z", "tab"}, {"x", 1}, {"y", 1}, {"scope", scope}, {"uncaught", typ == "catch" && scope == nil && g.chance(3)}, {"wires", [][]string{{to}}}}
		if len(gr.groups) > 0 && g.chance(2) {
			o = o.with("g", pick(g, gr.groups...))
		}
		gr.nodes = append(gr.nodes, o)
	}
}

// joinGroups writes the members of groups into them.
func joinGroups(nodes []any) {
	for _, n := range nodes {
		o := n.(object)
		if !strings.HasPrefix(fmt.Sprint(o[1].value), "group") {
			continue
		}
		members := []any{}
		for _, m := range nodes {
			for _, f := range m.(object) {
				if f.key == "g" && f.value == o[0].value {
					members = append(members, m.(object)[0].value)
				}
			}
		}
		for i := range o {
			if o[i].key == "nodes" {
				o[i].value = members
			}
		}
	}
}
