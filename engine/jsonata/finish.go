package jsonata

// finish walks the processed tree and notes what the evaluator wants to know:
// which nodes have predicates or groups, and which blocks need a frame.
func (p *parser) finish(n *node) {
	uses := false
	n.walk(func(x *node) bool {
		uses = uses || x.kind == kindVariable && x.name == "eval"
		return true
	})
	n.walk(func(x *node) bool {
		x.extra = x.predicate != nil || x.group != nil && x.kind != kindPath
		if x.kind == kindVariable {
			x.value = builtinNamed(x.name)
		}
		x.plain = x.kind == kindPath && isPlain(x)
		if x.kind == kindBlock {
			x.frames = uses || binds(x)
		}
		return true
	})
}

// binds reports whether evaluating a block may bind a variable in its own frame.
func binds(block *node) bool {
	found := false
	for _, x := range block.list {
		x.walk(func(x *node) bool {
			found = found || x.kind == kindBind
			return !found && x.kind != kindBlock && (x.kind != kindLambda || x.thunk)
		})
	}
	return found
}

// walk visits a tree; visit says whether to go on below a node.
func (n *node) walk(visit func(*node) bool) {
	if n == nil || !visit(n) {
		return
	}
	n.lhs.walk(visit)
	n.rhs.walk(visit)
	n.third.walk(visit)
	n.body.walk(visit)
	for _, x := range n.list {
		x.walk(visit)
	}
	for _, pair := range n.pairs {
		pair[0].walk(visit)
		pair[1].walk(visit)
	}
	for _, t := range n.terms {
		t.expr.walk(visit)
	}
	for _, s := range n.predicate {
		s.expr.walk(visit)
	}
	for _, s := range n.stages {
		s.expr.walk(visit)
	}
	if n.group != nil {
		for _, pair := range n.group.pairs {
			pair[0].walk(visit)
			pair[1].walk(visit)
		}
	}
}

// isPlain reports whether a path is names only.
func isPlain(path *node) bool {
	for _, x := range path.list {
		if x.kind != kindName || x.hasStages || x.predicate != nil || x.group != nil || x.tuple || x.keepArray || blocked(x.name) {
			return false
		}
	}
	return path.group == nil && !path.keepSingleton && !path.keepArray && !path.tuple
}
