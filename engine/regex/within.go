package regex

// NextWithin is Next with at most so many steps. It also gives the steps it took,
// which are the same on every machine; beyond the limit it gives an error.
func (sc *Scanner) NextWithin(from, most int) (m *Match, steps int, err error) {
	sc.machine()
	sc.m.steps = 0
	sc.m.limit = min(most, sc.re.prog.limit)
	m, err = sc.Next(from)
	if sc.m != nil {
		steps = sc.m.steps
		sc.m.limit = sc.re.prog.limit
	}
	return m, steps, err
}
