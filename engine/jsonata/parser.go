package jsonata

import (
	"github.com/lockstep-flows/lockstep/engine/value"
)

// maxNesting bounds how deep an expression may be nested in its text.
const maxNesting = 10_000

// parser reads an expression by operator precedence.
type parser struct {
	lex   *lexer
	tok   token
	len   int
	depth int

	labels   int // parent slots made so far
	ancestry []*node
}

// thrown is what a parser panics with; parse turns it into an error.
type thrown struct{ err *value.Error }

func throw(err *value.Error) { panic(thrown{err}) }

// parse gives the tree of an expression, ready for evaluation.
func parse(src string) (n *node, err error) {
	p := &parser{lex: newLexer(src)}
	p.len = len(p.lex.src)
	defer func() {
		if r := recover(); r != nil {
			t, ok := r.(thrown)
			if !ok {
				panic(r)
			}
			n, err = nil, t.err
		}
	}()
	p.advance(true)
	tree := p.expression(0)
	if p.tok.kind != tokenEnd {
		throw(fail("S0201", "position", p.tok.pos, "token", p.tokenValue(), "stack"))
	}
	tree = p.process(tree)
	if tree.kind == kindParent || tree.seeking != nil {
		throw(fail("S0217", "token", kindNames[tree.kind], "position", tree.position()))
	}
	p.finish(tree)
	return tree, nil
}

// is reports whether the current token is that operator.
func (p *parser) is(op string) bool { return p.tok.kind == tokenOperator && p.tok.text == op }

func (p *parser) tokenValue() value.Value {
	switch p.tok.kind {
	case tokenString, tokenNumber, tokenValue:
		return p.tok.value
	case tokenEnd:
		return value.Str("(end)")
	case tokenRegex:
		return value.Obj()
	}
	return value.Str(p.tok.text)
}

// advance reads the next token; operand says that an operand is expected.
func (p *parser) advance(operand bool) {
	tok, err := p.lex.next(operand)
	if err != nil {
		throw(err)
	}
	if tok.kind == tokenOperator && (tok.text == "!" || tok.text == "~") {
		throw(fail("S0204", "stack", "position", tok.pos, "token", tok.text))
	}
	if tok.kind == tokenEnd {
		tok.pos = p.len
	}
	p.tok = tok
}

// expect moves past an operator that must be there.
func (p *parser) expect(op string, operand bool) {
	if !p.is(op) {
		code := "S0202"
		if p.tok.kind == tokenEnd {
			code = "S0203"
		}
		throw(fail(code, "position", p.tok.pos, "token", p.tokenValue(), "value", op, "stack"))
	}
	p.advance(operand)
}

// power is how strongly an operator binds to what is on its left.
func (p *parser) power() int {
	if p.tok.kind != tokenOperator {
		return 0
	}
	switch p.tok.text {
	case "[", "(", "@", "#":
		return 80
	case ".":
		return 75
	case "{":
		return 70
	case "*", "/", "%":
		return 60
	case "+", "-", "&":
		return 50
	case "=", "<", ">", "!=", "<=", ">=", "^", "~>", "?:", "??", "in":
		return 40
	case "and":
		return 30
	case "or":
		return 25
	case "?":
		return 20
	case ":=":
		return 10
	}
	return 0
}

func (p *parser) expression(min int) *node {
	if p.depth++; p.depth > maxNesting {
		throw(fail("D1011", "stack"))
	}
	t := p.tok
	p.advance(false)
	left := p.prefix(t)
	for min < p.power() {
		t = p.tok
		p.advance(true)
		left = p.infix(t, left)
	}
	p.depth--
	return left
}

// prefix reads what begins with the token t.
func (p *parser) prefix(t token) *node {
	n := &node{pos: t.pos, name: t.text, value: t.value, re: t.re}
	switch t.kind {
	case tokenEnd:
		n.kind = kindEnd
		return n
	case tokenName:
		n.kind = kindName
	case tokenVariable:
		n.kind = kindVariable
	case tokenString:
		n.kind = kindString
	case tokenNumber:
		n.kind = kindNumber
	case tokenValue:
		n.kind = kindValue
	case tokenRegex:
		n.kind = kindRegex
	default:
		p.prefixOperator(t, n)
	}
	return n
}

func (p *parser) prefixOperator(t token, n *node) {
	switch t.text {
	case "and", "or", "in":
		n.kind = kindOperator
	case "*":
		n.kind = kindWildcard
	case "**":
		n.kind = kindDescendant
	case "%":
		n.kind = kindParent
	case "-":
		n.kind, n.op = kindUnary, opNegate
		n.lhs = p.expression(70)
	case "(":
		n.kind = kindBlock
		for !p.is(")") {
			n.list = append(n.list, p.expression(0))
			if !p.is(";") {
				break
			}
			p.advance(true)
		}
		p.expect(")", false)
	case "[":
		p.array(n)
	case "{":
		n.kind, n.op = kindUnary, opGroup
		n.pairs = p.objectPairs()
	case "|":
		n.kind = kindTransform
		n.lhs = p.expression(0)
		p.expect("|", true)
		n.rhs = p.expression(0)
		if p.is(",") {
			p.advance(true)
			n.third = p.expression(0)
		}
		p.expect("|", true)
	default:
		throw(fail("S0211", "token", t.text, "position", t.pos, "stack"))
	}
}

// array reads an array constructor after its bracket.
func (p *parser) array(n *node) {
	n.kind, n.op = kindUnary, opFilter
	if !p.is("]") {
		for {
			item := p.expression(0)
			if p.is("..") {
				r := &node{kind: kindBinary, op: opRange, pos: p.tok.pos, lhs: item}
				p.advance(true)
				r.rhs = p.expression(0)
				item = r
			}
			n.list = append(n.list, item)
			if !p.is(",") {
				break
			}
			p.advance(true)
		}
	}
	p.expect("]", false)
}

func (p *parser) objectPairs() (pairs [][2]*node) {
	if !p.is("}") {
		for {
			key := p.expression(0)
			p.expect(":", true)
			pairs = append(pairs, [2]*node{key, p.expression(0)})
			if !p.is(",") {
				break
			}
			p.advance(true)
		}
	}
	p.expect("}", false)
	return pairs
}

// infix reads what the operator t joins to left.
func (p *parser) infix(t token, left *node) *node {
	n := &node{pos: t.pos, name: t.text, kind: kindBinary, lhs: left}
	switch t.text {
	case "(":
		return p.call(n)
	case "[":
		return p.filter(n)
	case "{":
		n.op, n.pairs = opGroup, p.objectPairs()
	case "^":
		n.op = opSort
		p.orderBy(n)
	case ":=":
		if left.kind != kindVariable {
			throw(fail("S0212", "stack", "position", left.position(), "token", left.valueField()))
		}
		n.op, n.rhs = opBind, p.expression(9)
	case "@", "#":
		n.op = opFocus
		if t.text == "#" {
			n.op = opIndex
		}
		if n.rhs = p.expression(80); n.rhs.kind != kindVariable {
			throw(fail("S0214", "stack", "position", n.rhs.position(), "token", t.text))
		}
	case "?":
		n.kind = kindCondition
		n.rhs = p.expression(0)
		if p.is(":") {
			p.advance(true)
			n.third = p.expression(0)
		}
	case "?:", "??":
		n.kind = kindCondition
		n.lhs, n.rhs = left.clone(), left
		if t.text == "??" {
			exists := &node{kind: kindVariable, name: "exists", noPos: true}
			n.lhs = &node{kind: kindFunction, name: "(", lhs: exists, list: []*node{n.lhs}, noPos: true}
		}
		n.third = p.expression(0)
	default:
		n.op = binaryOperator(t.text)
		power := (&parser{tok: t}).power()
		n.rhs = p.expression(power)
	}
	return n
}

func binaryOperator(text string) operator {
	for i, s := range operatorTexts {
		if s == text {
			return operator(i)
		}
	}
	return opNone
}

// filter reads a predicate or index after its bracket; [] keeps single values
// as arrays.
func (p *parser) filter(n *node) *node {
	if p.is("]") {
		step := n.lhs
		for step.kind == kindBinary && step.op == opFilter {
			step = step.lhs
		}
		step.keepArray = true
		p.advance(true)
		return n.lhs
	}
	n.op, n.rhs = opFilter, p.expression(0)
	p.expect("]", false)
	return n
}

func (p *parser) orderBy(n *node) {
	p.expect("(", true)
	for {
		var t term
		if p.is("<") {
			p.advance(true)
		} else if p.is(">") {
			t.descending = true
			p.advance(true)
		}
		t.expr = p.expression(0)
		n.terms = append(n.terms, t)
		if !p.is(",") {
			break
		}
		p.advance(true)
	}
	p.expect(")", true)
}

// position is the node's position field, undefined if it has none.
func (n *node) position() value.Value {
	if n.noPos {
		return value.Undefined
	}
	return value.Int(n.pos)
}

// clone copies a tree as read, before it is processed.
func (n *node) clone() *node {
	if n == nil {
		return nil
	}
	c := *n
	c.lhs, c.rhs, c.third, c.body = n.lhs.clone(), n.rhs.clone(), n.third.clone(), n.body.clone()
	c.list = nil
	for _, x := range n.list {
		c.list = append(c.list, x.clone())
	}
	c.pairs = nil
	for _, x := range n.pairs {
		c.pairs = append(c.pairs, [2]*node{x[0].clone(), x[1].clone()})
	}
	c.terms = nil
	for _, t := range n.terms {
		c.terms = append(c.terms, term{t.descending, t.expr.clone()})
	}
	return &c
}
