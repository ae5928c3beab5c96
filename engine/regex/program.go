package regex

import "errors"

// opcode is what an instruction does.
type opcode uint8

const (
	opMatch    opcode = iota
	opChar            // the unit c
	opCharBack        // the unit c before
	opPair            // the unit c or d
	opSet             // one unit in set
	opSetPoint        // one code point in set
	opSetBack         // as opSet, backwards
	opSetPointBack
	opJump     // to x
	opSplit    // goes on at the next instruction, then at x
	opSplitFar // goes on at x, then at the next instruction
	opSave     // capture slot x
	opClear    // captures slots x to y are unset
	opStart
	opStartLine
	opEnd
	opEndLine
	opWord // y = 1: not at a boundary
	opBackref
	opBackrefBack
	opZero   // register x = 0
	opCount  // the loop of register x: see loop
	opAgain  // a pass of that loop begins
	opMark   // register x = position
	opMoved  // fails if the position is the one in register x
	opLook   // register x = stack height, x+1 = position
	opFound  // the look-ahead of register x matched
	opAbsent // a negative look-around: its body follows, y is where it ends
	opFail   // the body of the negative look-around of register x matched
	opRun    // as many units of set as possible, x to y
	opRunPoint
	opRunLazy
	opRunLazyPoint
)

// inst is one instruction of a program.
type inst struct {
	op   opcode
	sure bool // opRun: what follows cannot begin with a character of set
	c, d uint16
	x, y int32
	min  int32
	max  int32
	next int32 // opRun: the unit that must follow, -1 if unknown
	lazy bool
	set  *set
}

// program is a compiled pattern.
type program struct {
	code      []inst
	groups    int
	names     []string
	registers int
	limit     int // of steps for one match
	flags     flag
	prefix    string // every match starts with this ASCII text
	first     *set   // every match starts with one of these units; nil if unknown
	anchored  bool   // a match can only be at the start of the string
	words     *set
}

// maxProgram bounds the size of a program.
const maxProgram = 1 << 20

// compiler writes a program for a tree.
type compiler struct {
	*program
	back bool  // inside a look-behind
	open []int // the groups that are open
}

var errTooLarge = errors.New("Regular expression too large")

func compile(root *node, p *parser) (*program, error) {
	c := &compiler{program: &program{groups: p.groups, names: p.names, flags: p.flags, limit: maxSteps}}
	c.words = words(p.flags.has(flagIgnoreCase) && p.flags.unicode())
	c.emit(inst{op: opSave, x: 0})
	err := c.node(root)
	c.emit(inst{op: opSave, x: 1})
	c.emit(inst{op: opMatch})
	if err != nil {
		return nil, err
	}
	c.findStart(root)
	c.tuneRuns()
	return c.program, nil
}

func (c *compiler) emit(in inst) int {
	c.code = append(c.code, in)
	return len(c.code) - 1
}

func (c *compiler) here() int32 { return int32(len(c.code)) }

func (c *compiler) register(n int) int32 {
	c.registers += n
	return int32(c.registers - n)
}

func (c *compiler) node(n *node) error {
	if len(c.code) > maxProgram {
		return errTooLarge
	}
	switch n.kind {
	case kindChar:
		c.char(n.c)
	case kindSet:
		c.emit(c.setInst(n.set))
	case kindSeq:
		return c.sequence(n.list)
	case kindAlt:
		return c.alternatives(n.list)
	case kindGroup:
		return c.group(n)
	case kindRepeat:
		return c.repeat(n)
	case kindStart:
		c.emit(inst{op: c.either(opStart, opStartLine)})
	case kindEnd:
		c.emit(inst{op: c.either(opEnd, opEndLine)})
	case kindWord:
		in := inst{op: opWord}
		if n.neg {
			in.y = 1
		}
		c.emit(in)
	case kindLook:
		return c.look(n)
	case kindBackref:
		for _, open := range c.open {
			if open == n.index {
				return nil // inside of the group itself nothing is captured yet
			}
		}
		in := inst{op: opBackref, x: int32(n.index)}
		if c.back {
			in.op = opBackrefBack
		}
		c.emit(in)
	}
	return nil
}

func (c *compiler) either(plain, multiline opcode) opcode {
	if c.flags.has(flagMultiline) {
		return multiline
	}
	return plain
}

func (c *compiler) char(r rune) {
	op := opChar
	if c.back {
		op = opCharBack
	}
	if r < 0x10000 {
		c.emit(inst{op: op, c: uint16(r)})
		return
	}
	r -= 0x10000
	hi, lo := uint16(0xD800+r>>10), uint16(0xDC00+r&0x3FF)
	if c.back {
		hi, lo = lo, hi
	}
	c.emit(inst{op: op, c: hi})
	c.emit(inst{op: op, c: lo})
}

// setInst is the instruction that matches one character of a set.
func (c *compiler) setInst(s *set) inst {
	if !c.back && len(s.spans) == 2 && s.spans[0].lo == s.spans[0].hi && s.spans[1].lo == s.spans[1].hi && s.spans[1].hi < 0xD800 {
		return inst{op: opPair, c: uint16(s.spans[0].lo), d: uint16(s.spans[1].lo), set: s}
	}
	op := opSet
	if c.flags.unicode() {
		op = opSetPoint
	}
	if c.back {
		op += opSetBack - opSet
	}
	return inst{op: op, set: s}
}

func (c *compiler) sequence(list []*node) error {
	for i := range list {
		n := list[i]
		if c.back {
			n = list[len(list)-1-i]
		}
		if err := c.node(n); err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) alternatives(list []*node) error {
	var jumps []int
	for i, n := range list {
		split := -1
		if i < len(list)-1 {
			split = c.emit(inst{op: opSplit})
		}
		if err := c.node(n); err != nil {
			return err
		}
		if split >= 0 {
			jumps = append(jumps, c.emit(inst{op: opJump}))
			c.code[split].x = c.here()
		}
	}
	for _, j := range jumps {
		c.code[j].x = c.here()
	}
	return nil
}

func (c *compiler) group(n *node) error {
	first, second := int32(2*n.index), int32(2*n.index+1)
	if c.back {
		first, second = second, first
	}
	c.emit(inst{op: opSave, x: first})
	c.open = append(c.open, n.index)
	err := c.node(n.list[0])
	c.open = c.open[:len(c.open)-1]
	c.emit(inst{op: opSave, x: second})
	return err
}

func (c *compiler) look(n *node) error {
	was := c.back
	c.back = n.behind
	reg := c.register(2)
	op := opLook
	if n.neg {
		op = opAbsent
	}
	start := c.emit(inst{op: op, x: reg})
	err := c.node(n.list[0])
	if n.neg {
		c.emit(inst{op: opFail, x: reg})
	} else {
		c.emit(inst{op: opFound, x: reg})
	}
	c.code[start].y = c.here()
	c.back = was
	return err
}
