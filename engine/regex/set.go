package regex

import "sort"

// span is a range of characters, both ends included.
type span struct{ lo, hi rune }

// set is a set of characters: sorted ranges that do not touch, and a bit for each
// ASCII character.
type set struct {
	spans []span
	ascii [2]uint64
}

// newSet gives the set of the ranges.
func newSet(spans ...span) *set {
	s := &set{spans: append([]span(nil), spans...)}
	return s.done()
}

// add adds a range; done must follow.
func (s *set) add(lo, hi rune) { s.spans = append(s.spans, span{lo, hi}) }

// done sorts and joins the ranges.
func (s *set) done() *set {
	sort.Slice(s.spans, func(i, j int) bool { return s.spans[i].lo < s.spans[j].lo })
	out := s.spans[:0]
	for _, r := range s.spans {
		if n := len(out); n > 0 && r.lo <= out[n-1].hi+1 {
			out[n-1].hi = max(out[n-1].hi, r.hi)
			continue
		}
		out = append(out, r)
	}
	s.spans = out
	s.ascii = [2]uint64{}
	for _, r := range s.spans {
		for c := r.lo; c <= r.hi && c < 128; c++ {
			s.ascii[c>>6] |= 1 << (c & 63)
		}
	}
	return s
}

// has reports whether c is in the set.
func (s *set) has(c rune) bool {
	if uint32(c) < 128 {
		return s.ascii[c>>6]&(1<<(c&63)) != 0
	}
	lo, hi := 0, len(s.spans)
	for lo < hi {
		m := (lo + hi) / 2
		if s.spans[m].hi < c {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo < len(s.spans) && s.spans[lo].lo <= c
}

// inverse gives the characters that are not in the set.
func (s *set) inverse() *set {
	out := &set{}
	next := rune(0)
	for _, r := range s.spans {
		if r.lo > next {
			out.add(next, r.lo-1)
		}
		next = r.hi + 1
	}
	if next <= 0x10FFFF {
		out.add(next, 0x10FFFF)
	}
	return out.done()
}

// union gives the characters of either set.
func (s *set) union(t *set) *set {
	return newSet(append(append([]span(nil), s.spans...), t.spans...)...)
}

// intersect gives the characters of both sets.
func (s *set) intersect(t *set) *set {
	return s.inverse().union(t.inverse()).inverse()
}

// minus gives the characters of s that are not in t.
func (s *set) minus(t *set) *set { return s.intersect(t.inverse()) }

// disjoint reports whether no character is in both sets.
func (s *set) disjoint(t *set) bool {
	for i, j := 0, 0; i < len(s.spans) && j < len(t.spans); {
		a, b := s.spans[i], t.spans[j]
		switch {
		case a.hi < b.lo:
			i++
		case b.hi < a.lo:
			j++
		default:
			return false
		}
	}
	return true
}
