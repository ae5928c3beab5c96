package jsonata

import "github.com/lockstep-flows/lockstep/engine/value"

// call reads the arguments of a function and, for function(…), its definition.
func (p *parser) call(n *node) *node {
	n.kind = kindFunction
	if !p.is(")") {
		for {
			if p.is("?") {
				n.kind = kindPartial
				n.list = append(n.list, &node{kind: kindOperator, name: "?", pos: p.tok.pos})
				p.advance(true)
			} else {
				n.list = append(n.list, p.expression(0))
			}
			if !p.is(",") {
				break
			}
			p.advance(true)
		}
	}
	p.expect(")", false)
	if n.lhs.kind == kindName && (n.lhs.name == "function" || n.lhs.name == "\u03BB") {
		p.lambda(n)
	}
	return n
}

func (p *parser) lambda(n *node) {
	for i, arg := range n.list {
		if arg.kind != kindVariable {
			throw(fail("S0208", "stack", "position", arg.position(), "token", arg.valueField(), "value", i+1))
		}
	}
	n.kind = kindLambda
	if p.is("<") {
		start, depth, text := p.tok.pos, 1, "<"
		for depth > 0 && !p.is("{") && p.tok.kind != tokenEnd {
			p.advance(true)
			if p.is(">") {
				depth--
			} else if p.is("<") {
				depth++
			}
			text += value.ToString(p.tokenValue())
		}
		p.expect(">", true)
		sig, err := parseSignature(text)
		if err != nil {
			at := value.ToNumber(err.Prop("offset")) // NaN if the error is none of ours
			set(err, "position", value.Num(float64(start)+at))
			throw(err)
		}
		n.sig = sig
	}
	p.expect("{", true)
	n.body = p.expression(0)
	p.expect("}", true)
}
