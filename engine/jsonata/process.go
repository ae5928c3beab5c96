package jsonata

import (
	"strconv"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// process turns a tree as read into one that can be evaluated: paths are lists of
// steps, predicates belong to their steps, parent operators to theirs.
func (p *parser) process(n *node) *node {
	var out *node
	switch n.kind {
	case kindBinary:
		out = p.binary(n)
	case kindUnary:
		out = p.unary(n)
	case kindFunction, kindPartial:
		out = &node{kind: n.kind, name: n.name, pos: n.pos, noPos: n.noPos}
		for _, a := range n.list {
			a = p.process(a)
			pushAncestry(out, a)
			out.list = append(out.list, a)
		}
		out.lhs = p.process(n.lhs)
	case kindLambda:
		out = &node{kind: kindLambda, list: n.list, sig: n.sig, pos: n.pos, body: tailCall(p.process(n.body))}
		for _, a := range n.list {
			out.params = append(out.params, a.name)
		}
	case kindCondition:
		out = &node{kind: kindCondition, pos: n.pos}
		out.lhs = p.child(out, n.lhs)
		out.rhs = p.child(out, n.rhs)
		if n.third != nil {
			out.third = p.child(out, n.third)
		}
	case kindTransform:
		out = &node{kind: kindTransform, pos: n.pos, lhs: p.process(n.lhs), rhs: p.process(n.rhs)}
		if n.third != nil {
			out.third = p.process(n.third)
		}
	case kindBlock:
		out = &node{kind: kindBlock, pos: n.pos}
		for _, x := range n.list {
			part := p.child(out, x)
			if part.consArray || part.kind == kindPath && part.list[0].consArray {
				out.consArray = true
			}
			out.list = append(out.list, part)
		}
	case kindName:
		out = &node{kind: kindPath, list: []*node{n}, keepSingleton: n.keepArray, noPos: true}
	case kindParent:
		out = &node{kind: kindParent, noPos: true, slot: &slot{"!" + strconv.Itoa(p.labels), 1, p.labels}}
		p.labels++
		p.ancestry = append(p.ancestry, out)
	case kindOperator:
		if n.name == "?" {
			return n
		}
		n.kind = kindName
		out = p.process(n)
	case kindEnd:
		throw(fail("S0207", "position", n.pos, "token", "(end)", "stack"))
	default:
		out = n
	}
	out.keepArray = out.keepArray || n.keepArray
	return out
}

// child processes a part whose parent operators may look further up.
func (p *parser) child(parent, n *node) *node {
	n = p.process(n)
	pushAncestry(parent, n)
	return n
}

func (p *parser) unary(n *node) *node {
	out := &node{kind: kindUnary, op: n.op, pos: n.pos}
	switch n.op {
	case opFilter:
		for _, x := range n.list {
			out.list = append(out.list, p.child(out, x))
		}
	case opGroup:
		for _, pair := range n.pairs {
			key := p.child(out, pair[0])
			out.pairs = append(out.pairs, [2]*node{key, p.child(out, pair[1])})
		}
	default:
		out.lhs = p.process(n.lhs)
		if out.lhs.kind == kindNumber {
			out = out.lhs
			out.value = value.Num(-out.value.Num())
			return out
		}
		pushAncestry(out, out.lhs)
	}
	return out
}

func (p *parser) binary(n *node) *node {
	switch n.op {
	case opMap:
		return p.path(n)
	case opFilter:
		return p.predicate(n)
	case opGroup:
		return p.groupBy(n)
	case opSort:
		out := p.process(n.lhs)
		if out.kind != kindPath {
			out = &node{kind: kindPath, list: []*node{out}, noPos: true}
		}
		step := &node{kind: kindSort, pos: n.pos}
		for _, t := range n.terms {
			step.terms = append(step.terms, term{t.descending, p.child(step, t.expr)})
		}
		out.list = append(out.list, step)
		resolveAncestry(p, out)
		return out
	case opBind:
		out := &node{kind: kindBind, op: opBind, pos: n.pos, lhs: p.process(n.lhs)}
		out.rhs = p.child(out, n.rhs)
		return out
	case opFocus:
		return p.focus(n)
	case opIndex:
		return p.index(n)
	case opApply:
		out := &node{kind: kindApply, op: opApply, pos: n.pos, lhs: p.process(n.lhs), rhs: p.process(n.rhs)}
		out.keepArray = out.lhs.keepArray || out.rhs.keepArray
		return out
	}
	out := &node{kind: kindBinary, op: n.op, pos: n.pos}
	out.lhs = p.process(n.lhs)
	out.rhs = p.process(n.rhs)
	pushAncestry(out, out.lhs)
	pushAncestry(out, out.rhs)
	return out
}

// path joins two parts of a path.
func (p *parser) path(n *node) *node {
	left := p.process(n.lhs)
	out := left
	if left.kind != kindPath {
		out = &node{kind: kindPath, list: []*node{left}, noPos: true}
	}
	if left.kind == kindParent {
		out.seeking = &slots{[]*slot{left.slot}}
	}
	if rest := p.process(n.rhs); rest.kind == kindPath {
		out.list = append(out.list, rest.list...)
	} else {
		if rest.predicate != nil {
			rest.stages, rest.hasStages, rest.predicate = rest.predicate, true, nil
		}
		out.list = append(out.list, rest)
	}
	for _, step := range out.list {
		if step.kind == kindNumber || step.kind == kindValue {
			throw(fail("S0213", "stack", "position", step.position(), "value", step.value))
		}
	}
	for _, step := range out.list {
		if step.kind == kindString {
			step.kind, step.name = kindName, step.value.Str()
		}
		if step.keepArray {
			out.keepSingleton = true
		}
	}
	for _, step := range []*node{out.list[0], out.list[len(out.list)-1]} {
		if step.kind == kindUnary && step.op == opFilter {
			step.consArray = true
		}
	}
	resolveAncestry(p, out)
	return out
}

// predicate adds a filter to the step on its left.
func (p *parser) predicate(n *node) *node {
	out := p.process(n.lhs)
	step := out
	if out.kind == kindPath {
		step = out.list[len(out.list)-1]
	}
	if step.group != nil {
		throw(fail("S0209", "stack", "position", n.pos))
	}
	expr := p.process(n.rhs)
	if expr.seeking != nil {
		for _, s := range expr.seeking.list {
			if s.level == 1 {
				p.seekParent(step, s)
			} else {
				s.level--
			}
		}
		pushAncestry(step, expr)
	}
	if out.kind == kindPath {
		step.stages, step.hasStages = append(step.stages, stage{expr: expr}), true
	} else {
		step.predicate = append(step.predicate, stage{expr: expr})
	}
	return out
}

func (p *parser) groupBy(n *node) *node {
	out := p.process(n.lhs)
	if out.group != nil {
		throw(fail("S0210", "stack", "position", n.pos))
	}
	g := &group{pos: n.pos}
	for _, pair := range n.pairs {
		key := p.process(pair[0])
		g.pairs = append(g.pairs, [2]*node{key, p.process(pair[1])})
	}
	out.group = g
	return out
}

func (p *parser) focus(n *node) *node {
	out := p.process(n.lhs)
	step := out
	if out.kind == kindPath {
		step = out.list[len(out.list)-1]
	}
	if step.hasStages || step.predicate != nil {
		throw(fail("S0215", "stack", "position", n.pos))
	}
	if step.kind == kindSort {
		throw(fail("S0216", "stack", "position", n.pos))
	}
	step.keepArray = step.keepArray || n.keepArray
	step.focus = n.rhs.name
	step.tuple = true
	return out
}

func (p *parser) index(n *node) *node {
	out := p.process(n.lhs)
	step := out
	if out.kind == kindPath {
		step = out.list[len(out.list)-1]
	} else {
		out = &node{kind: kindPath, list: []*node{out}, noPos: true}
		if step.predicate != nil {
			step.stages, step.hasStages, step.predicate = step.predicate, true, nil
		}
	}
	if step.hasStages {
		step.stages = append(step.stages, stage{index: n.rhs.name})
	} else {
		step.index = n.rhs.name
	}
	step.tuple = true
	return out
}

// tailCall makes a thunk of a call in tail position, so that the loop of apply
// goes on with it instead of recursion.
func tailCall(n *node) *node {
	switch n.kind {
	case kindFunction:
		if n.predicate == nil {
			return &node{kind: kindLambda, thunk: true, pos: n.pos, body: n}
		}
	case kindCondition:
		n.rhs = tailCall(n.rhs)
		if n.third != nil {
			n.third = tailCall(n.third)
		}
	case kindBlock:
		if last := len(n.list) - 1; last >= 0 {
			n.list[last] = tailCall(n.list[last])
		}
	}
	return n
}
