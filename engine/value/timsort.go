package value

// minGallop is how often one side must win in a row before a merge gallops.
const minGallop = 7

// timsort is Tim Peters' merge sort in the variant of JavaScript engines: which
// elements are compared, and in which order, is part of the result when a
// comparison contradicts itself.
type timsort[T any] struct {
	a      []T
	cmp    func(x, y T) int
	runs   []run
	gallop int
}

type run struct{ base, len int }

// MergeSort sorts a list stably with the comparisons that Array.prototype.sort makes.
func MergeSort[T any](list []T, compare func(x, y T) int) {
	if len(list) < 2 {
		return
	}
	s := &timsort[T]{a: list, cmp: compare, gallop: minGallop}
	low, left := 0, len(list)
	minRun := minRunLength(left)
	for left > 0 {
		n := s.countRun(low, low+left)
		if n < minRun {
			forced := min(minRun, left)
			s.insertion(low, low+n, low+forced)
			n = forced
		}
		s.runs = append(s.runs, run{low, n})
		s.collapse()
		low += n
		left -= n
	}
	for len(s.runs) > 1 {
		n := len(s.runs) - 2
		if n > 0 && s.runs[n-1].len < s.runs[n+1].len {
			n--
		}
		s.mergeAt(n)
	}
}

func minRunLength(n int) int {
	r := 0
	for n >= 64 {
		r |= n & 1
		n >>= 1
	}
	return n + r
}

// countRun finds the run that begins at low; a descending one is turned round.
func (s *timsort[T]) countRun(low, high int) int {
	if low+1 == high {
		return 1
	}
	n := 2
	down := s.cmp(s.a[low+1], s.a[low]) < 0
	for i := low + 2; i < high; i++ {
		order := s.cmp(s.a[i], s.a[i-1])
		if down != (order < 0) {
			break
		}
		n++
	}
	if down {
		for i, j := low, low+n-1; i < j; i, j = i+1, j-1 {
			s.a[i], s.a[j] = s.a[j], s.a[i]
		}
	}
	return n
}

func (s *timsort[T]) insertion(low, start, high int) {
	if low == start {
		start++
	}
	for ; start < high; start++ {
		left, right, pivot := low, start, s.a[start]
		for left < right {
			mid := left + (right-left)>>1
			if s.cmp(pivot, s.a[mid]) < 0 {
				right = mid
			} else {
				left = mid + 1
			}
		}
		copy(s.a[left+1:start+1], s.a[left:start])
		s.a[left] = pivot
	}
}

func (s *timsort[T]) invariant(n int) bool {
	return n < 2 || s.runs[n-2].len > s.runs[n-1].len+s.runs[n].len
}

func (s *timsort[T]) collapse() {
	for len(s.runs) > 1 {
		n := len(s.runs) - 2
		switch {
		case !s.invariant(n+1) || !s.invariant(n):
			if s.runs[n-1].len < s.runs[n+1].len {
				n--
			}
		case s.runs[n].len > s.runs[n+1].len:
			return
		}
		s.mergeAt(n)
	}
}

func (s *timsort[T]) mergeAt(i int) {
	a, b := s.runs[i], s.runs[i+1]
	s.runs[i].len = a.len + b.len
	s.runs = append(s.runs[:i+1], s.runs[i+2:]...)
	k := s.gallopRight(s.a[b.base], s.a[a.base:a.base+a.len], 0)
	a.base += k
	a.len -= k
	if a.len == 0 {
		return
	}
	b.len = s.gallopLeft(s.a[a.base+a.len-1], s.a[b.base:b.base+b.len], b.len-1)
	if b.len == 0 {
		return
	}
	if a.len <= b.len {
		s.mergeLow(a, b)
	} else {
		s.mergeHigh(a, b)
	}
}

// gallopLeft finds where key belongs in list, left of equal ones, starting at hint.
func (s *timsort[T]) gallopLeft(key T, list []T, hint int) int {
	last, ofs := 0, 1
	if s.cmp(list[hint], key) < 0 {
		most := len(list) - hint
		for ofs < most && s.cmp(list[hint+ofs], key) < 0 {
			last, ofs = ofs, ofs<<1+1
		}
		ofs = min(ofs, most)
		last, ofs = last+hint, ofs+hint
	} else {
		most := hint + 1
		for ofs < most && s.cmp(list[hint-ofs], key) >= 0 {
			last, ofs = ofs, ofs<<1+1
		}
		ofs = min(ofs, most)
		last, ofs = hint-ofs, hint-last
	}
	for last++; last < ofs; {
		m := last + (ofs-last)>>1
		if s.cmp(list[m], key) < 0 {
			last = m + 1
		} else {
			ofs = m
		}
	}
	return ofs
}

// gallopRight finds where key belongs in list, right of equal ones.
func (s *timsort[T]) gallopRight(key T, list []T, hint int) int {
	last, ofs := 0, 1
	if s.cmp(key, list[hint]) < 0 {
		most := hint + 1
		for ofs < most && s.cmp(key, list[hint-ofs]) < 0 {
			last, ofs = ofs, ofs<<1+1
		}
		ofs = min(ofs, most)
		last, ofs = hint-ofs, hint-last
	} else {
		most := len(list) - hint
		for ofs < most && s.cmp(key, list[hint+ofs]) >= 0 {
			last, ofs = ofs, ofs<<1+1
		}
		ofs = min(ofs, most)
		last, ofs = last+hint, ofs+hint
	}
	for last++; last < ofs; {
		m := last + (ofs-last)>>1
		if s.cmp(key, list[m]) < 0 {
			ofs = m
		} else {
			last = m + 1
		}
	}
	return ofs
}

// mergeLow merges two neighbouring runs from the left, with a copy of the first.
func (s *timsort[T]) mergeLow(x, y run) {
	a := append([]T(nil), s.a[x.base:x.base+x.len]...)
	b := s.a[y.base : y.base+y.len]
	out := s.a[x.base:]
	d, i, j := 0, 0, 0
	takeB := func(n int) { copy(out[d:], b[j:j+n]); d += n; j += n }
	takeA := func(n int) { copy(out[d:], a[i:i+n]); d += n; i += n }
	takeB(1)
	if j < len(b) && len(a) > 1 {
		s.mergeLowLoop(a, b, &i, &j, takeA, takeB)
	}
	if j < len(b) && i == len(a)-1 {
		takeB(len(b) - j)
	}
	takeA(len(a) - i)
}

func (s *timsort[T]) mergeLowLoop(a, b []T, i, j *int, takeA, takeB func(int)) {
	gallop := s.gallop
	for {
		winsA, winsB := 0, 0
		for winsA < gallop && winsB < gallop {
			if s.cmp(b[*j], a[*i]) < 0 {
				takeB(1)
				winsA, winsB = 0, winsB+1
				if *j == len(b) {
					return
				}
			} else {
				takeA(1)
				winsA, winsB = winsA+1, 0
				if *i == len(a)-1 {
					return
				}
			}
		}
		gallop++
		for first := true; first || winsA >= minGallop || winsB >= minGallop; first = false {
			gallop = max(1, gallop-1)
			s.gallop = gallop
			winsA = s.gallopRight(b[*j], a[*i:], 0)
			if winsA > 0 {
				takeA(winsA)
				if *i >= len(a)-1 {
					return
				}
			}
			takeB(1)
			if *j == len(b) {
				return
			}
			winsB = s.gallopLeft(a[*i], b[*j:], 0)
			if winsB > 0 {
				takeB(winsB)
				if *j == len(b) {
					return
				}
			}
			takeA(1)
			if *i == len(a)-1 {
				return
			}
		}
		gallop++
		s.gallop = gallop
	}
}

// mergeHigh merges two neighbouring runs from the right, with a copy of the second.
func (s *timsort[T]) mergeHigh(x, y run) {
	a := s.a[x.base : x.base+x.len]
	b := append([]T(nil), s.a[y.base:y.base+y.len]...)
	all := s.a[x.base : y.base+y.len]
	d, i, j := len(all), len(a), len(b)
	takeA := func(n int) { copy(all[d-n:d], a[i-n:i]); d -= n; i -= n }
	takeB := func(n int) { copy(all[d-n:d], b[j-n:j]); d -= n; j -= n }
	takeA(1)
	if i > 0 && len(b) > 1 {
		s.mergeHighLoop(a, b, &i, &j, takeA, takeB)
	}
	if i > 0 && j == 1 {
		takeA(i)
	}
	takeB(j)
}

func (s *timsort[T]) mergeHighLoop(a, b []T, i, j *int, takeA, takeB func(int)) {
	gallop := s.gallop
	for {
		winsA, winsB := 0, 0
		for winsA < gallop && winsB < gallop {
			if s.cmp(b[*j-1], a[*i-1]) < 0 {
				takeA(1)
				winsA, winsB = winsA+1, 0
				if *i == 0 {
					return
				}
			} else {
				takeB(1)
				winsA, winsB = 0, winsB+1
				if *j == 1 {
					return
				}
			}
		}
		gallop++
		for first := true; first || winsA >= minGallop || winsB >= minGallop; first = false {
			gallop = max(1, gallop-1)
			s.gallop = gallop
			winsA = *i - s.gallopRight(b[*j-1], a[:*i], *i-1)
			if winsA > 0 {
				takeA(winsA)
				if *i == 0 {
					return
				}
			}
			takeB(1)
			if *j == 1 {
				return
			}
			winsB = *j - s.gallopLeft(a[*i-1], b[:*j], *j-1)
			if winsB > 0 {
				takeB(winsB)
				if *j <= 1 {
					return
				}
			}
			takeA(1)
			if *i == 0 {
				return
			}
		}
		gallop++
		s.gallop = gallop
	}
}
