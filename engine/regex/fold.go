package regex

import "unicode"

// canonical maps c to the character that stands for it when case is ignored:
// upper case without u, simple case folding with it.
func canonical(c rune, full bool) rune {
	if c < 128 {
		if c >= 'a' && c <= 'z' {
			return c - 32
		}
		return c
	}
	if full {
		least := c // the smallest of those that fold together
		for r := unicode.SimpleFold(c); r != c; r = unicode.SimpleFold(r) {
			least = min(least, r)
		}
		if least < 128 && least >= 'a' {
			least -= 32
		}
		return least
	}
	if c > 0xFFFF || longUpper(c) {
		return c
	}
	u := unicode.ToUpper(c)
	if u < 128 || u > 0xFFFF {
		return c
	}
	return u
}

// longUpper reports whether the upper case of c is more than one character,
// though Unicode gives it a simple one as well; then c stands for itself.
func longUpper(c rune) bool {
	switch c {
	case 0x1FB3, 0x1FBC, 0x1FC3, 0x1FCC, 0x1FF3, 0x1FFC:
		return true
	}
	return c >= 0x1F80 && c <= 0x1FAF
}

// variants gives all characters that are the same as c when case is ignored.
func variants(c rune, full bool) []rune {
	out := []rune{c}
	same := canonical(c, full)
	for r := unicode.SimpleFold(c); r != c; r = unicode.SimpleFold(r) {
		if canonical(r, full) == same {
			out = append(out, r)
		}
	}
	return out
}

// folded adds to a set all characters that are the same as one of its own when
// case is ignored.
func (s *set) folded(full bool) *set {
	out := &set{spans: append([]span(nil), s.spans...)}
	for _, r := range s.spans {
		for c := nextCased(r.lo); c <= r.hi; c = nextCased(c + 1) {
			for _, v := range variants(c, full) {
				out.add(v, v)
			}
		}
	}
	return out.done()
}

// nextCased is the first character from c on that may have another case.
func nextCased(c rune) rune {
	lo, hi := 0, len(unicode.CaseRanges)
	for lo < hi {
		m := (lo + hi) / 2
		if rune(unicode.CaseRanges[m].Hi) < c {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo == len(unicode.CaseRanges) {
		return 0x110000
	}
	return max(c, rune(unicode.CaseRanges[lo].Lo))
}
