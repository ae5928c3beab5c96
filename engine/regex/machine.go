package regex

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// maxStack bounds the choices and undo records a match may hold.
const maxStack = 1 << 24

// record is what the stack of the machine holds: a choice to come back to, or
// what to undo on the way back.
type record struct {
	kind recordKind
	pc   int32
	pos  int32 // or the old value
	more int32
}

type recordKind uint8

const (
	choice      recordKind = iota // go on at pc with pos
	undoCapture                   // capture slot pc was pos
	undoReg                       // register pc was pos
	runChoice                     // the run at pc may end at pos, at least at more
	lazyChoice                    // the lazy run at pc ended at pos and may take more
)

// machine is the state of a match.
type machine struct {
	p     *program
	caps  []int32
	regs  []int32
	stack []record
	steps int
	limit int // of steps
}

func newMachine(p *program) *machine {
	return &machine{p: p, caps: make([]int32, 2*(p.groups+1)), regs: make([]int32, p.registers), limit: p.limit}
}

// unit is a UTF-16 unit; ASCII text is read as bytes.
type unit interface{ byte | uint16 }

func errSteps() error {
	return value.NewError("Error", "regular expression needs more than "+value.FormatNumber(maxSteps)+" steps")
}

// search looks for the first match from a position on. text is the input if it
// is ASCII. It looks inside surrogate pairs too, as V8 does: no character matches
// there, but an assertion may hold.
func search[T unit](m *machine, in []T, text string, from int, sticky bool) (bool, error) {
	m.steps = 0
	p := m.p
	for at := from; at <= len(in); at++ {
		if !sticky {
			if at = skip(p, in, text, at); at < 0 {
				return false, nil
			}
		}
		for i := range m.caps {
			m.caps[i] = -1
		}
		m.stack = m.stack[:0]
		ok, err := run(m, in, at)
		if ok || err != nil || sticky || p.anchored {
			return ok, err
		}
	}
	return false, nil
}

// skip gives the first position from at on where a match may start, -1 if there
// is none.
func skip[T unit](p *program, in []T, text string, at int) int {
	switch {
	case p.anchored && at > 0:
		return -1
	case p.prefix != "" && text != "":
		if i := strings.Index(text[at:], p.prefix); i >= 0 {
			return at + i
		}
		return -1
	case p.prefix != "":
		for first := T(p.prefix[0]); at < len(in); at++ {
			if in[at] == first {
				return at
			}
		}
		return -1
	case p.first != nil:
		for ; at < len(in); at++ {
			if p.first.has(rune(in[at])) {
				return at
			}
		}
		return -1
	}
	return at
}

// save sets a capture slot so that it is undone on the way back.
func (m *machine) save(slot int32, v int32) {
	m.stack = append(m.stack, record{undoCapture, slot, m.caps[slot], 0})
	m.caps[slot] = v
}

// set sets a register so that it is undone on the way back.
func (m *machine) set(reg int32, v int32) {
	m.stack = append(m.stack, record{undoReg, reg, m.regs[reg], 0})
	m.regs[reg] = v
}

// unwind takes back everything above a height of the stack.
func (m *machine) unwind(height int) {
	for i := len(m.stack) - 1; i >= height; i-- {
		switch r := &m.stack[i]; r.kind {
		case undoCapture:
			m.caps[r.pc] = r.pos
		case undoReg:
			m.regs[r.pc] = r.pos
		}
	}
	m.stack = m.stack[:height]
}

// commit drops the choices above a height, but keeps what undoes.
func (m *machine) commit(height int) {
	kept := m.stack[:height]
	for _, r := range m.stack[height:] {
		if r.kind == undoCapture || r.kind == undoReg {
			kept = append(kept, r)
		}
	}
	m.stack = kept
}

// back goes back to the last choice; pc is -1 if there is none left.
func back[T unit](m *machine, in []T) (pc, pos int) {
	for n := len(m.stack) - 1; n >= 0; n-- {
		r := &m.stack[n]
		switch r.kind {
		case undoCapture:
			m.caps[r.pc] = r.pos
			continue
		case undoReg:
			m.regs[r.pc] = r.pos
			continue
		case choice:
			m.stack = m.stack[:n]
			return int(r.pc), int(r.pos)
		case runChoice:
			m.stack = m.stack[:n+1]
			if pos := shorten(m, in, r); pos >= 0 {
				return int(r.pc) + 1, pos
			}
		case lazyChoice:
			m.stack = m.stack[:n+1]
			if pos := lengthen(m, in, r); pos >= 0 {
				return int(r.pc) + 1, pos
			}
		}
	}
	return -1, 0
}

// shorten gives up the last character of a run, or more where what must follow
// cannot follow; -1 if the run cannot be shorter. The record goes when it is used up.
func shorten[T unit](m *machine, in []T, r *record) int {
	code := &m.p.code[r.pc]
	pos := r.pos
	for pos > r.more {
		pos--
		m.steps++
		if code.op == opRunPoint && pos > r.more && isLow(uint16(in[pos])) && isHigh(uint16(in[pos-1])) {
			pos--
		}
		if code.next < 0 || code.next == int32(in[pos]) {
			r.pos = pos
			if pos == r.more {
				m.stack = m.stack[:len(m.stack)-1]
			}
			return int(pos)
		}
	}
	m.stack = m.stack[:len(m.stack)-1]
	return -1
}

// lengthen takes one character more into a lazy run; -1 if it cannot.
func lengthen[T unit](m *machine, in []T, r *record) int {
	code := &m.p.code[r.pc]
	n := 0
	if r.more > 0 {
		n = step(code, in, int(r.pos))
	}
	if n == 0 {
		m.stack = m.stack[:len(m.stack)-1]
		return -1
	}
	r.pos += int32(n)
	if r.more--; r.more == 0 {
		pos := int(r.pos)
		m.stack = m.stack[:len(m.stack)-1]
		return pos
	}
	return int(r.pos)
}

// step is the length of the character of the run's set at pos, 0 if there is none.
func step[T unit](code *inst, in []T, pos int) int {
	if pos >= len(in) {
		return 0
	}
	c, n := rune(in[pos]), 1
	if code.op == opRunPoint || code.op == opRunLazyPoint {
		c, n = point(in, pos)
	}
	if code.set.has(c) {
		return n
	}
	return 0
}

// noRune is what point reads inside of a pair; it is in no set.
const noRune = -1

// point reads the code point at pos.
func point[T unit](in []T, pos int) (rune, int) {
	c := uint16(in[pos])
	if isHigh(c) && pos+1 < len(in) && isLow(uint16(in[pos+1])) {
		return pair(c, uint16(in[pos+1])), 2
	}
	if isLow(c) && pos > 0 && isHigh(uint16(in[pos-1])) {
		return noRune, 1
	}
	return rune(c), 1
}

// pointBack reads the code point before pos.
func pointBack[T unit](in []T, pos int) (rune, int) {
	c := uint16(in[pos-1])
	if isLow(c) && pos > 1 && isHigh(uint16(in[pos-2])) {
		return pair(uint16(in[pos-2]), c), 2
	}
	if isHigh(c) && pos < len(in) && isLow(uint16(in[pos])) {
		return noRune, 1
	}
	return rune(c), 1
}
