package regex

// repeat writes a quantified part.
func (c *compiler) repeat(n *node) error {
	body := n.list[0]
	if n.max == 0 {
		return nil
	}
	if n.min == 1 && n.max == 1 {
		return c.node(body)
	}
	if !c.back {
		if s := single(body); s != nil && (body.kind == kindSet || body.c < 0x10000) {
			c.run(n, s)
			return nil
		}
	}
	if n.max == 1 {
		return c.optional(n)
	}
	if n.min <= 1 && n.max == infinite {
		return c.star(n)
	}
	return c.counted(n)
}

// single gives the set of a node that matches exactly one character, else nil.
func single(n *node) *set {
	switch n.kind {
	case kindChar:
		return newSet(span{n.c, n.c})
	case kindSet:
		return n.set
	case kindSeq:
		if len(n.list) == 1 {
			return single(n.list[0])
		}
	}
	return nil
}

// run writes the loop over one character as a single instruction.
func (c *compiler) run(n *node, s *set) {
	in := inst{op: opRun, set: s, min: int32(n.min), max: int32(n.max), next: -1}
	if n.lazy {
		in.op = opRunLazy
	}
	if c.flags.unicode() {
		in.op++
	}
	c.emit(in)
}

// split writes a choice between the next instruction and one set later; the next
// one comes first unless lazy.
func (c *compiler) split(lazy bool) int {
	if lazy {
		return c.emit(inst{op: opSplitFar})
	}
	return c.emit(inst{op: opSplit})
}

// round writes one pass of a loop: the captures inside are unset, and a pass that
// may be left out must move.
func (c *compiler) round(n *node, mustMove bool) error {
	body := n.list[0]
	if n.to > n.from {
		c.emit(inst{op: opClear, x: int32(2 * n.from), y: int32(2 * n.to)})
	}
	if !mustMove || !body.canBeEmpty() {
		return c.node(body)
	}
	reg := c.register(1)
	c.emit(inst{op: opMark, x: reg})
	err := c.node(body)
	c.emit(inst{op: opMoved, x: reg})
	return err
}

// optional writes x? (and x{0,1}).
func (c *compiler) optional(n *node) error {
	split := c.split(n.lazy)
	err := c.round(n, true)
	c.code[split].x = c.here()
	return err
}

// star writes x* and x+.
func (c *compiler) star(n *node) error {
	if n.min == 1 {
		if err := c.round(n, false); err != nil {
			return err
		}
	}
	start := c.here()
	split := c.split(n.lazy)
	err := c.round(n, true)
	c.emit(inst{op: opJump, x: start})
	c.code[split].x = c.here()
	return err
}

// counted writes the general loop. Register reg counts the passes begun, reg+1
// holds where the last one began.
func (c *compiler) counted(n *node) error {
	reg := c.register(2)
	c.emit(inst{op: opZero, x: reg})
	loop := c.emit(inst{op: opCount, x: reg, min: int32(n.min), max: int32(n.max), lazy: n.lazy})
	c.emit(inst{op: opAgain, x: reg})
	if n.to > n.from {
		c.emit(inst{op: opClear, x: int32(2 * n.from), y: int32(2 * n.to)})
	}
	body := n.list[0]
	if err := c.node(body); err != nil {
		return err
	}
	if body.canBeEmpty() {
		c.emit(inst{op: opMoved, x: reg + 1, y: reg + 1, min: int32(n.min)})
	}
	c.emit(inst{op: opJump, x: int32(loop)})
	c.code[loop].y = c.here()
	return nil
}

// tuneRuns finds what must follow each run of characters.
func (c *compiler) tuneRuns() {
	for i := range c.code {
		in := &c.code[i]
		if in.op != opRun && in.op != opRunPoint {
			continue
		}
		next := i + 1
		for c.code[next].op == opSave || c.code[next].op == opJump {
			if c.code[next].op == opJump {
				next = int(c.code[next].x)
				if next <= i { // around a loop
					break
				}
				continue
			}
			next++
		}
		switch follow := &c.code[next]; {
		case next <= i:
		case follow.op == opChar:
			in.next = int32(follow.c)
			in.sure = !in.set.has(rune(follow.c)) && (in.op == opRun || follow.c < 0xD800)
		case follow.op == opSet || follow.op == opPair, follow.op == opSetPoint && in.op == opRunPoint:
			in.sure = in.set.disjoint(follow.set)
		case (follow.op == opRun || follow.op == opRunPoint) && follow.min > 0 && follow.op == in.op:
			in.sure = in.set.disjoint(follow.set)
		case follow.op == opMatch:
			in.sure = true
		}
	}
}
