package regex

// run tries to match at one position. It is one loop over the instructions, and
// longer than functions here are, because that is what makes it fast; all but the
// simple cases are in slow.
func run[T unit](m *machine, in []T, pos int) (bool, error) {
	code := m.p.code
	pc := 0
	for {
		if m.steps++; m.steps > m.limit || len(m.stack) > maxStack {
			return false, errSteps()
		}
		ok := true
		i := &code[pc]
		pc++
		switch i.op {
		case opChar:
			if ok = pos < len(in) && uint16(in[pos]) == i.c; ok {
				pos++
			}
		case opPair:
			if ok = pos < len(in) && (uint16(in[pos]) == i.c || uint16(in[pos]) == i.d); ok {
				pos++
			}
		case opSet:
			if ok = pos < len(in) && i.set.has(rune(in[pos])); ok {
				pos++
			}
		case opJump:
			pc = int(i.x)
		case opSplit:
			m.stack = append(m.stack, record{choice, i.x, int32(pos), 0})
		case opSplitFar:
			m.stack = append(m.stack, record{choice, int32(pc), int32(pos), 0})
			pc = int(i.x)
		case opSave:
			m.save(i.x, int32(pos))
		case opRun, opRunPoint:
			pos, ok = greedy(m, in, i, pc-1, pos)
		case opMatch:
			return true, nil
		default:
			pc, pos, ok = slow(m, in, i, pc, pos)
		}
		if !ok {
			if pc, pos = back(m, in); pc < 0 {
				return false, nil
			}
		}
	}
}

// greedy runs over as many characters as possible and notes that fewer will do.
func greedy[T unit](m *machine, in []T, i *inst, pc, pos int) (int, bool) {
	start, least, n := pos, pos, int32(0)
	if i.op == opRun {
		end := len(in)
		if int(i.max) < end-pos {
			end = pos + int(i.max)
		}
		for pos < end && i.set.has(rune(in[pos])) {
			pos++
		}
		if n = int32(pos - start); n >= i.min {
			least = start + int(i.min)
		}
	} else {
		for n < i.max {
			size := step(i, in, pos)
			if size == 0 {
				break
			}
			pos += size
			if n++; n == i.min {
				least = pos
			}
		}
	}
	m.steps += pos - start
	if n < i.min {
		return pos, false
	}
	if pos > least && !i.sure {
		m.stack = append(m.stack, record{runChoice, int32(pc), int32(pos), int32(least)})
	}
	return pos, true
}

// slow does the less common instructions. pc is already past i.
func slow[T unit](m *machine, in []T, i *inst, pc, pos int) (int, int, bool) {
	switch i.op {
	case opClear:
		for slot := i.x; slot < i.y; slot++ {
			if m.caps[slot] >= 0 {
				m.save(slot, -1)
			}
		}
	case opStart, opStartLine, opEnd, opEndLine, opWord:
		return pc, pos, assert(m, in, i, pos)
	case opBackref, opBackrefBack:
		return backref(m, in, i, pc, pos)
	case opZero:
		m.set(i.x, 0)
	case opCount:
		return loop(m, i, pc, pos)
	case opAgain:
		m.set(i.x, m.regs[i.x]+1)
		m.set(i.x+1, int32(pos))
	case opMark:
		m.set(i.x, int32(pos))
	case opMoved:
		if m.regs[i.x] == int32(pos) && (i.y == 0 || m.regs[i.y-1] > i.min) {
			return pc, pos, false
		}
	case opLook:
		m.regs[i.x], m.regs[i.x+1] = int32(len(m.stack)), int32(pos)
	case opFound:
		m.commit(int(m.regs[i.x]))
		return pc, int(m.regs[i.x+1]), true
	case opAbsent:
		m.regs[i.x] = int32(len(m.stack))
		m.stack = append(m.stack, record{choice, i.y, int32(pos), 0})
	case opFail:
		m.unwind(int(m.regs[i.x]))
		return pc, pos, false
	case opRunLazy, opRunLazyPoint:
		return lazy(m, in, i, pc, pos)
	default:
		return character(in, i, pc, pos)
	}
	return pc, pos, true
}

// character matches one character by code points or backwards.
func character[T unit](in []T, i *inst, pc, pos int) (int, int, bool) {
	n := 1
	var c rune
	switch i.op {
	case opSetPoint:
		if pos >= len(in) {
			return pc, pos, false
		}
		c, n = point(in, pos)
		return pc, pos + n, i.set.has(c)
	case opCharBack:
		return pc, pos - 1, pos > 0 && uint16(in[pos-1]) == i.c
	}
	if pos == 0 {
		return pc, pos, false
	}
	c = rune(in[pos-1])
	if i.op == opSetPointBack {
		c, n = pointBack(in, pos)
	}
	return pc, pos - n, i.set.has(c)
}

// loop is the head of a counted loop.
func loop(m *machine, i *inst, pc, pos int) (int, int, bool) {
	n := m.regs[i.x]
	switch {
	case n < i.min:
	case i.max != infinite && n >= i.max:
		return int(i.y), pos, true
	case i.lazy:
		m.stack = append(m.stack, record{choice, int32(pc), int32(pos), 0})
		return int(i.y), pos, true
	default:
		m.stack = append(m.stack, record{choice, i.y, int32(pos), 0})
	}
	return pc, pos, true
}

// lazy runs over as few characters as possible and notes that more will do.
func lazy[T unit](m *machine, in []T, i *inst, pc, pos int) (int, int, bool) {
	for range i.min {
		n := step(i, in, pos)
		if n == 0 {
			return pc, pos, false
		}
		pos += n
		m.steps++
	}
	left := int32(infinite)
	if i.max != infinite {
		left = i.max - i.min
	}
	if left > 0 {
		m.stack = append(m.stack, record{lazyChoice, int32(pc - 1), int32(pos), left})
	}
	return pc, pos, true
}

func assert[T unit](m *machine, in []T, i *inst, pos int) bool {
	switch i.op {
	case opStart:
		return pos == 0
	case opStartLine:
		return pos == 0 || lineEnd(in[pos-1])
	case opEnd:
		return pos == len(in)
	case opEndLine:
		return pos == len(in) || lineEnd(in[pos])
	}
	before := pos > 0 && m.p.words.has(rune(in[pos-1]))
	after := pos < len(in) && m.p.words.has(rune(in[pos]))
	return (before != after) == (i.y == 0)
}

func lineEnd[T unit](c T) bool {
	return c == '\n' || c == '\r' || uint16(c) == 0x2028 || uint16(c) == 0x2029
}

// backref matches the text of a capture again; an unset one matches emptily.
func backref[T unit](m *machine, in []T, i *inst, pc, pos int) (int, int, bool) {
	from, to := int(m.caps[2*i.x]), int(m.caps[2*i.x+1])
	full := m.p.flags.unicode()
	if from < 0 || to < 0 {
		return pc, pos, !full || !inPair(in, pos)
	}
	n := to - from
	start := pos
	if i.op == opBackrefBack {
		start = pos - n
	}
	if start < 0 || start+n > len(in) {
		return pc, pos, false
	}
	m.steps += n
	fold := m.p.flags.has(flagIgnoreCase)
	for k := 0; k < n; k++ {
		a, b := in[from+k], in[start+k]
		if a == b {
			continue
		}
		if !fold {
			return pc, pos, false
		}
		x, y, size := rune(a), rune(b), 1
		if full {
			x, size = point(in, from+k)
			y, _ = point(in, start+k)
		}
		if canonical(x, full) != canonical(y, full) {
			return pc, pos, false
		}
		k += size - 1
	}
	if i.op == opBackref {
		start += n
	}
	return pc, start, !full || !inPair(in, start)
}

// inPair reports whether pos is inside of a surrogate pair.
func inPair[T unit](in []T, pos int) bool {
	return pos > 0 && pos < len(in) && isLow(uint16(in[pos])) && isHigh(uint16(in[pos-1]))
}
