package jsonata

// seekParent goes one step back for a parent operator; when its level is used up,
// the step binds its input to the slot's label.
func (p *parser) seekParent(n *node, s *slot) *slot {
	switch n.kind {
	case kindName, kindWildcard:
		s.level--
		if s.level == 0 {
			if n.ancestor == nil {
				n.ancestor = s
			} else {
				p.ancestry[s.index].slot.label = n.ancestor.label
				n.ancestor = s
			}
			n.tuple = true
		}
	case kindParent:
		s.level++
	case kindBlock:
		if len(n.list) > 0 {
			n.tuple = true
			s = p.seekParent(n.list[len(n.list)-1], s)
		}
	case kindPath:
		n.tuple = true
		i := len(n.list) - 1
		s = p.seekParent(n.list[i], s)
		for i--; s.level > 0 && i >= 0; i-- {
			s = p.seekParent(n.list[i], s)
		}
	default:
		throw(fail("S0217", "token", kindNames[n.kind], "position", n.position()))
	}
	return s
}

// pushAncestry hands the slots that a part still seeks to what it is part of. The
// list is shared with the part if it is the first.
func pushAncestry(out, part *node) {
	if part.seeking == nil && part.kind != kindParent {
		return
	}
	list := part.seeking
	if list == nil {
		list = &slots{}
	}
	if part.kind == kindParent {
		list.list = append(list.list, part.slot)
	}
	if out.seeking == nil {
		out.seeking = list
	} else {
		out.seeking.list = append(out.seeking.list, list.list...)
	}
}

// resolveAncestry finds the steps for what the last step of a path seeks.
func resolveAncestry(p *parser, path *node) {
	last := path.list[len(path.list)-1]
	list := last.seeking
	if list == nil {
		list = &slots{}
	}
	if last.kind == kindParent {
		list.list = append(list.list, last.slot)
	}
	for i := 0; i < len(list.list); i++ {
		s := list.list[i]
		at := len(path.list) - 2
		for s.level > 0 {
			if at < 0 {
				if path.seeking == nil {
					path.seeking = &slots{}
				}
				path.seeking.list = append(path.seeking.list, s)
				break
			}
			step := path.list[at]
			at--
			for at >= 0 && step.focus != "" && path.list[at].focus != "" {
				step = path.list[at]
				at--
			}
			s = p.seekParent(step, s)
		}
	}
}
