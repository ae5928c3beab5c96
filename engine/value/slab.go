package value

// slab hands out objects, arrays and their contents from larger pieces of memory,
// which is quicker than one by one. A value that is kept keeps its piece, so
// pieces are small: at most 32 containers or 128 elements.
type slab struct {
	objects []Object
	arrays  []Array
	props   []Prop
	elems   []Value
	nObject int
	nArray  int
	nProps  int
	nElems  int
}

// grown is the size of the next piece: it doubles up to a limit.
func grown(n *int, first, limit int) int {
	switch {
	case *n <= 1: // the first two are made one by one
		*n++
		return 1
	case *n == 2:
		*n = max(first, 2)
	case *n < limit:
		*n *= 2
	}
	return *n
}

func (s *slab) object() *Object {
	if len(s.objects) == 0 {
		s.objects = make([]Object, grown(&s.nObject, 2, 32))
	}
	o := &s.objects[0]
	s.objects = s.objects[1:]
	return o
}

func (s *slab) array() *Array {
	if len(s.arrays) == 0 {
		s.arrays = make([]Array, grown(&s.nArray, 1, 32))
	}
	a := &s.arrays[0]
	s.arrays = s.arrays[1:]
	return a
}

// propList gives room for n properties, which does not run into other lists.
func (s *slab) propList(n int) []Prop {
	if n > len(s.props) {
		if n > 32 {
			return make([]Prop, n)
		}
		g := grown(&s.nProps, 8, 128)
		if g == 1 {
			return make([]Prop, n, n+1) // room for one more
		}
		s.props = make([]Prop, max(n, g))
	}
	list := s.props[:n:n]
	s.props = s.props[n:]
	return list
}

func (s *slab) elemList(n int) []Value {
	if n > len(s.elems) {
		if n > 32 {
			return make([]Value, n)
		}
		g := grown(&s.nElems, 4, 128)
		if g == 1 {
			return make([]Value, n)
		}
		s.elems = make([]Value, max(n, g))
	}
	list := s.elems[:n:n]
	s.elems = s.elems[n:]
	return list
}
