package regex

import (
	"unsafe"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Scanner finds matches in one string; the string is prepared once.
type Scanner struct {
	re  *Regexp
	s   string
	u   []uint16 // nil if s is ASCII
	m   *machine
	len int
	// sticky asks for matches that start at the given position only.
	sticky bool
}

// Scan prepares a string for matching. Close should be called at the end.
func (r *Regexp) Scan(s string) *Scanner {
	sc := &Scanner{re: r, s: s, len: len(s), sticky: r.Sticky()}
	if !value.IsASCII(s) {
		sc.u = value.UTF16(s)
		sc.len = len(sc.u)
	}
	return sc
}

// machine gives the scanner a machine if it has none.
func (sc *Scanner) machine() {
	if sc.m != nil {
		return
	}
	if m, ok := sc.re.spare.Get().(*machine); ok {
		sc.m = m
	} else {
		sc.m = newMachine(sc.re.prog)
	}
}

// Close gives the memory of the matcher back; the matches found stay valid, and
// Next may still be called.
func (sc *Scanner) Close() {
	if sc.m != nil {
		if cap(sc.m.stack) > 1<<16 {
			sc.m.stack = nil
		}
		sc.re.spare.Put(sc.m)
		sc.m = nil
	}
}

// Len is the length of the string in UTF-16 units.
func (sc *Scanner) Len() int { return sc.len }

// Slice gives a part of the string by UTF-16 positions.
func (sc *Scanner) Slice(from, to int) string {
	if to <= from {
		return ""
	}
	if sc.u == nil {
		return sc.s[from:to]
	}
	return value.FromUTF16(sc.u[from:to])
}

// Next gives the first match at or after from, nil if there is none; see Exec.
func (sc *Scanner) Next(from int) (*Match, error) {
	ok, err := sc.find(from)
	if !ok || err != nil {
		return nil, err
	}
	caps := sc.m.caps
	m := &Match{Groups: make([]Group, len(caps)/2), Names: sc.re.prog.names}
	for i := range m.Groups {
		from, to := caps[2*i], caps[2*i+1]
		if from < 0 || to < 0 {
			m.Groups[i] = Group{Start: -1, End: -1}
			continue
		}
		m.Groups[i] = Group{int(from), int(to), sc.Slice(int(from), int(to)), true}
	}
	return m, nil
}

// find runs the machine from position from on and leaves the captures in it.
func (sc *Scanner) find(from int) (bool, error) {
	if from < 0 {
		from = 0
	}
	if from > sc.len {
		return false, nil
	}
	sc.machine()
	if sc.u == nil {
		return search(sc.m, unsafe.Slice(unsafe.StringData(sc.s), len(sc.s)), sc.s, from, sc.sticky)
	}
	if sc.re.flags.unicode() && from > 0 && from < sc.len && isLow(sc.u[from]) && isHigh(sc.u[from-1]) {
		from--
	}
	return search(sc.m, sc.u, "", from, sc.sticky)
}

// advance is the position after an empty match at i.
func (sc *Scanner) advance(i int) int {
	if sc.u != nil && sc.re.flags.unicode() && i+1 < sc.len && isHigh(sc.u[i]) && isLow(sc.u[i+1]) {
		return i + 2
	}
	return i + 1
}

func isHigh(u uint16) bool { return u&0xFC00 == 0xD800 }
func isLow(u uint16) bool  { return u&0xFC00 == 0xDC00 }
