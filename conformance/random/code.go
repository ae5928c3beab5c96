package random

import "strings"

// expression makes a JSONata expression, at most so deep.
func (g *gen) expression(depth int) string {
	if depth <= 0 {
		return pick(g, "payload", "payload.a", "payload.value", "payload.name", "n", "topic", "1", "2.5", `"s"`, "true", "null", "payload[0]", "payload.b", "$", "[1,2,3]", `{"k":payload}`)
	}
	e := func() string { return g.expression(depth - 1) }
	switch g.IntN(14) {
	case 0:
		return "(" + e() + pick(g, " + ", " - ", " * ", " / ", " % ") + e() + ")"
	case 1:
		return "(" + e() + pick(g, " = ", " != ", " < ", " > ", " <= ", " >= ", " in ") + e() + ")"
	case 2:
		return "(" + e() + pick(g, " and ", " or ", " & ") + e() + ")"
	case 3:
		return "(" + e() + " ? " + e() + " : " + e() + ")"
	case 4:
		return pick(g, "$string", "$number", "$boolean", "$not", "$type", "$exists", "$count", "$sum", "$max", "$min", "$average", "$keys", "$length", "$uppercase", "$lowercase", "$trim", "$reverse", "$distinct", "$abs", "$floor", "$ceil", "$round", "$sqrt", "$spread", "$merge", "$sort", "$zip", "$encodeUrlComponent", "$base64encode") + "(" + e() + ")"
	case 5:
		return pick(g, "$append", "$join", "$split", "$contains", "$substringBefore", "$substringAfter", "$power", "$formatBase", "$lookup") + "(" + e() + ", " + e() + ")"
	case 6:
		return "$map(" + e() + ", function($v, $i) {" + pick(g, "$v", "$i", "$v.value", "[$i, $v]", "$v & $i", "$v * 2") + "})"
	case 7:
		return "$filter(" + e() + ", function($v) {" + pick(g, "$v > 1", "$v.value > 1", "$v", "$exists($v.name)") + "})"
	case 8:
		return e() + "[" + pick(g, "0", "-1", "value > 1", "name = \"foo\"", "[0..1]", "$") + "]"
	case 9:
		return pick(g, "payload", "o", "payload.a") + ".{" + pick(g, `"x": value`, `"n": name, "v": value`, "name: value") + "}"
	case 10:
		return "payload^(" + pick(g, "", "<", ">") + pick(g, "value", "name", "$") + ")"
	case 11:
		return "payload{" + pick(g, "name: value", `"k": $sum(value)`, "name: $") + "}"
	case 12:
		return "($x := " + e() + "; " + pick(g, "$x", "[$x, $x]", "$string($x)", "$x + 1") + ")"
	}
	return pick(g, `$replace("abcabc", /b/, "-")`, `$match("a1b22", /[0-9]+/)`, "$substring(\"日本語😀x\", 1, 3)", `$pad("é", -4, "*")`, "$formatNumber(1234.5678, \"#,##0.00\")", "$reduce([1..5], function($a, $b){$a * $b})",
		"[1..3].($ * $)", "$fromMillis(1510067557121)", `$toMillis("2017-11-07T15:07:54.972Z")`, "payload.*", "**.value", `$formatInteger(1999, "I")`, "$each(payload, function($v, $k) {$k & $string($v)})", "$sift(payload, function($v, $k) {$k = \"a\"})", `"a" ~> $uppercase ~> $length`)
}

// function makes a function node from a grammar of statements.
func (g *gen) function() node {
	statements := []string{
		"msg.payload = JSON.stringify(msg.payload);", "msg.keys = Object.keys(Object(msg.payload));", "msg.t = typeof msg.payload;", "msg.s = String(msg.payload);",
		"msg.n2 = Number(msg.payload);", "msg.p = parseInt(msg.payload);", "msg.f = parseFloat(msg.payload);", "msg.fixed = Number(msg.n || 1).toFixed(2);",
		"msg.list = [3, 1, 2, 10].sort();", "msg.num = [3, 1, 2, 10].sort((a, b) => a - b);", "msg.m = Array.isArray(msg.payload) ? msg.payload.map(x => x && x.value) : [];",
		"msg.r = Array.isArray(msg.payload) ? msg.payload.reduce((a, x) => a + (x && x.value || 0), 0) : 0;", "for (const k in Object(msg.payload)) { if (Object.hasOwn(Object(msg.payload), k)) { msg['k_' + k] = 1; } }",
		"const { a = 'none', ...rest } = Object(msg.payload); msg.a = a; msg.rest = rest;", "msg.up = String(msg.topic).toUpperCase().split('').reverse().join('');",
		"msg.re = /(\\d+)/.exec(String(msg.payload)); msg.re = msg.re && msg.re[1];", "msg.tpl = `${msg.topic}-${msg.n}`;", "msg.set = [...new Set([1, 2, 2, 3])].length;",
		"msg.map = Array.from(new Map([['a', 1], ['b', 2]]));", "msg.date = new Date(86400000).toISOString();", "msg.b = Buffer.from(String(msg.payload)).toString('hex');",
		"msg.b64 = Buffer.from(String(msg.topic)).toString('base64');", "msg.x = msg.payload?.a?.b ?? 'dflt';", "msg.math = [Math.max(1, msg.n || 0), Math.round(msg.n * 10) / 10, Math.sqrt(Math.abs(msg.n || 0))];",
		"context.set('c', (context.get('c') || 0) + 1); msg.c = context.get('c');", "flow.set('last', msg.payload); msg.last = flow.get('last');", "node.warn(msg.topic);", "node.status({ text: String(msg.n) });",
		"node.send({ payload: 'extra', topic: msg.topic });", "msg.clone = RED.util.cloneMessage(msg.payload);", "msg.eq = RED.util.compareObjects(msg.payload, msg.o);", "delete msg.topic;",
		"msg.enc = encodeURIComponent(String(msg.payload).replace(/[\\ud800-\\udfff]/g, ''));", "msg.cmp = 'a' < 'B';", "msg.neg = [-0, 1 / 3, 1e21, 5e-324].map(String);", "msg.sp = Object.assign({}, msg.o, { z: 1 });",
		"msg.int = 7 / 2 | 0;", "msg.hex = (255).toString(16) + (0.5).toString(2);", "msg.fl = [1, [2, [3, [4]]]].flat(2);", "msg.e = Object.entries(Object(msg.o));", "msg.pad = String(msg.n).padStart(6, '0');",
		"if (msg.n > 50) { throw new Error('too big: ' + msg.n); }", "if (msg.topic === 'b') { node.error('bad topic', msg); return null; }", "try { msg.payload.x.y.z(); } catch (e) { msg.err = e instanceof TypeError; }",
		"switch (msg.topic) { case 'a': msg.sw = 1; break; default: msg.sw = 0; }", "var i = 0; while (i < 5) { i++; if (i === 3) { continue; } } msg.i = i;", "msg.label = (function () { return this === undefined ? 'u' : 'o'; })();",
	}
	var b strings.Builder
	for range 1 + g.IntN(5) {
		b.WriteString(pick(g, statements...) + "\n")
	}
	b.WriteString(pick(g, "return msg;", "return msg;", "return [msg];", "return [[msg, { payload: 2 }]];", "return null;", "node.send(msg);", "return { payload: msg.payload };"))
	return node{"function", object{{"func", b.String()}, {"outputs", 1}, {"initialize", ""}, {"finalize", ""}, {"libs", []any{}}}, 1}
}
