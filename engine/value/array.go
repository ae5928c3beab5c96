package value

// maxGrow bounds how far past its end an array may be written at once, so that
// a[4e9] = 1 is an error and not four thousand million holes.
const maxGrow = 1 << 26

// Array is a JavaScript array; a hole is held as undefined. Elems may be read
// and written directly; Extra holds properties other than elements (a match
// result's index and input) and is nil for nearly all.
type Array struct {
	Elems []Value
	Extra *Object
	copy  *Array
	wrap  any
}

// NewArray gives an array of these elements (not copied).
func NewArray(elems ...Value) *Array { return &Array{Elems: elems} }

// Arr gives an array value of these elements (not copied).
func Arr(elems ...Value) Value { return Of(&Array{Elems: elems}) }

// Len is the number of elements.
func (a *Array) Len() int { return len(a.Elems) }

// At is element i, undefined outside.
func (a *Array) At(i int) Value {
	if i < 0 || i >= len(a.Elems) {
		return Undefined
	}
	return a.Elems[i]
}

// SetAt writes element i, growing the array as JavaScript does; it reports
// false (and writes nothing) if that would grow it by more than 67 million.
func (a *Array) SetAt(i int, v Value) bool {
	if i < 0 || i-len(a.Elems) > maxGrow {
		return false
	}
	for len(a.Elems) <= i {
		a.Elems = append(a.Elems, Undefined)
	}
	a.Elems[i] = v
	return true
}

// Append adds elements at the end.
func (a *Array) Append(v ...Value) { a.Elems = append(a.Elems, v...) }

// Splice removes n elements from position i on.
func (a *Array) Splice(i, n int) {
	if i < 0 || i >= len(a.Elems) || n <= 0 {
		return
	}
	if i+n > len(a.Elems) {
		n = len(a.Elems) - i
	}
	copy(a.Elems[i:], a.Elems[i+n:])
	clear(a.Elems[len(a.Elems)-n:])
	a.Elems = a.Elems[:len(a.Elems)-n]
}

// Length is Len that takes a nil array as empty.
func (a *Array) Length() int {
	if a == nil {
		return 0
	}
	return len(a.Elems)
}
