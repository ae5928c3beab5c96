package value

import (
	"sort"
	"sync/atomic"
)

// indexFrom is the number of properties above which an object has a hash index,
// made when it is first looked into; up to it a scan is faster.
const indexFrom = 12

// Prop is one property of an object.
type Prop struct {
	Key   string
	Value Value
}

// Object is a plain JavaScript object. The zero Object is empty and ready. Several
// goroutines may read one at the same time as long as none writes.
type Object struct {
	props []Prop
	ints  int32                    // the first ints properties have integer-like keys, ascending
	late  atomic.Bool              // the properties are still to be read, from the text in index
	index atomic.Pointer[keyIndex] // nil until needed
	copy  *Object                  // set while a clone is being made
	wrap  any
}

// NewObject gives an empty object, with room for n properties if n is given.
func NewObject(n ...int) *Object {
	o := &Object{}
	if len(n) > 0 {
		o.props = make([]Prop, 0, n[0])
	}
	return o
}

// ObjectOf gives an object with these properties, which it keeps: no key may be
// integer-like or occur twice.
func ObjectOf(props []Prop) *Object { return &Object{props: props} }

// Obj gives an object value with these keys and values, in order: Obj("a", Num(1)).
// Each value is a Value, string, float64, int or bool.
func Obj(pairs ...any) Value {
	o := NewObject(len(pairs) / 2)
	for i := 0; i+1 < len(pairs); i += 2 {
		key, _ := pairs[i].(string)
		o.Set(key, From(pairs[i+1]))
	}
	return Of(o)
}

// Len is the number of properties.
func (o *Object) Len() int { return len(o.list()) }

// At is the property at position i in JavaScript's order; i < Len.
func (o *Object) At(i int) *Prop { return &o.list()[i] }

// list gives the properties; whoever uses props must have called it first.
func (o *Object) list() []Prop {
	if o.late.Load() {
		o.read()
	}
	return o.props
}

// Keys gives the keys in JavaScript's order.
func (o *Object) Keys() []string {
	keys := make([]string, len(o.list()))
	for i := range o.props {
		keys[i] = o.props[i].Key
	}
	return keys
}

func (o *Object) find(key string) int {
	if len(o.list()) > indexFrom {
		return o.indexed().find(o.props, key)
	}
	for i := range o.props {
		if o.props[i].Key == key {
			return i
		}
	}
	return -1
}

// indexed gives the index, which it makes if there is none.
func (o *Object) indexed() *keyIndex {
	x := o.index.Load()
	if x == nil {
		x = newKeyIndex(o.props)
		o.index.Store(x)
	}
	return x
}

// Get gives a property, undefined if it is missing.
func (o *Object) Get(key string) Value {
	if i := o.find(key); i >= 0 {
		return o.props[i].Value
	}
	return Undefined
}

// Lookup gives a property and whether the object has it.
func (o *Object) Lookup(key string) (Value, bool) {
	if i := o.find(key); i >= 0 {
		return o.props[i].Value, true
	}
	return Undefined, false
}

// Has reports whether the object has the property itself.
func (o *Object) Has(key string) bool { return o.find(key) >= 0 }

// Add is Set for a key that is new and not integer-like, without a look for it.
func (o *Object) Add(key string, v Value) {
	o.props = append(o.list(), Prop{key, v})
	if x := o.index.Load(); x != nil {
		o.index.Store(x.added(o.props, len(o.props)-1))
	}
}

// Set writes a property; a new one takes its place in JavaScript's order.
func (o *Object) Set(key string, v Value) {
	if i := o.find(key); i >= 0 {
		o.props[i].Value = v
		return
	}
	if n, ok := ArrayIndex(key); ok {
		o.insertInt(n, key, v)
		return
	}
	o.props = append(o.props, Prop{key, v})
	if x := o.index.Load(); x != nil {
		o.index.Store(x.added(o.props, len(o.props)-1))
	}
}

func (o *Object) insertInt(n uint32, key string, v Value) {
	at := int(o.ints)
	if at > 0 {
		if last, _ := ArrayIndex(o.props[at-1].Key); last > n {
			at = sort.Search(int(o.ints), func(i int) bool {
				k, _ := ArrayIndex(o.props[i].Key)
				return k > n
			})
		}
	}
	o.props = append(o.props, Prop{})
	copy(o.props[at+1:], o.props[at:])
	o.props[at] = Prop{key, v}
	o.ints++
	if x := o.index.Load(); x != nil {
		if at < len(o.props)-1 {
			x.shift(at, 1)
		}
		o.index.Store(x.added(o.props, at))
	}
}

// Delete removes a property; deleting a missing one does nothing.
func (o *Object) Delete(key string) bool {
	i := o.find(key)
	if i < 0 {
		return false
	}
	if i < int(o.ints) {
		o.ints--
	}
	last := len(o.props) - 1
	copy(o.props[i:], o.props[i+1:])
	o.props[last] = Prop{}
	o.props = o.props[:last]
	if x := o.index.Load(); x != nil && i < last {
		x.shift(i, -1)
	}
	return true
}

// Clear removes all properties.
func (o *Object) Clear() {
	o.props, o.ints = nil, 0
	o.index.Store(nil)
	o.late.Store(false)
}

// ArrayIndex reports whether key is a canonical array index ("0", "1", … below
// 2^32-1), and which.
func ArrayIndex(key string) (uint32, bool) {
	if len(key) == 0 || len(key) > 10 || key[0] < '0' || key[0] > '9' || (key[0] == '0' && len(key) > 1) {
		return 0, false
	}
	var n uint64
	for i := 0; i < len(key); i++ {
		c := key[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	if n >= 1<<32-1 {
		return 0, false
	}
	return uint32(n), true
}
