package regex

// findStart finds out how every match must begin, so that the search can skip.
func (c *compiler) findStart(root *node) {
	c.anchored = !c.flags.has(flagMultiline) && anchored(root)
	var prefix []byte
	for n := leading(root); n != nil && n.kind == kindChar && n.c < 128; {
		prefix = append(prefix, byte(n.c))
		n = nil
		if root.kind == kindSeq && len(prefix) < len(root.list) {
			n = root.list[len(prefix)]
		}
	}
	if c.prefix = string(prefix); c.prefix != "" {
		return
	}
	s := &set{}
	if c.firstOf(root, s) {
		c.first = s.done()
		if c.flags.unicode() {
			c.first = units(c.first)
		}
	}
}

func leading(n *node) *node {
	if n.kind == kindSeq && len(n.list) > 0 {
		return n.list[0]
	}
	return n
}

func anchored(n *node) bool {
	switch n.kind {
	case kindStart:
		return true
	case kindSeq:
		return len(n.list) > 0 && anchored(n.list[0])
	case kindGroup:
		return anchored(n.list[0])
	case kindAlt:
		for _, x := range n.list {
			if !anchored(x) {
				return false
			}
		}
		return true
	}
	return false
}

// firstOf adds to s what a match of n can begin with; it reports false if n can be
// empty or that is not known.
func (c *compiler) firstOf(n *node, s *set) bool {
	switch n.kind {
	case kindChar:
		s.add(n.c, n.c)
		return true
	case kindSet:
		s.spans = append(s.spans, n.set.spans...)
		return true
	case kindGroup:
		return c.firstOf(n.list[0], s)
	case kindAlt:
		for _, x := range n.list {
			if !c.firstOf(x, s) {
				return false
			}
		}
		return true
	case kindRepeat:
		return c.firstOf(n.list[0], s) && n.min > 0
	case kindSeq:
		for _, x := range n.list {
			if c.firstOf(x, s) {
				return true
			}
			if !skippable(x) {
				return false
			}
		}
	}
	return false
}

// skippable reports whether what follows n, or n itself as far as firstOf added it,
// begins the match: n is optional or only looks.
func skippable(n *node) bool {
	switch n.kind {
	case kindStart, kindEnd, kindWord, kindLook, kindEmpty:
		return true
	case kindRepeat:
		x := n.list[0]
		return single(x) != nil
	}
	return false
}

// units turns a set of code points into the set of the units they begin with.
func units(s *set) *set {
	out := &set{}
	for _, r := range s.spans {
		if r.lo < 0x10000 {
			out.add(r.lo, min(r.hi, 0xFFFF))
		}
		if r.hi >= 0x10000 {
			out.add(0xD800, 0xDBFF)
		}
	}
	return out.done()
}
