package value

import "sort"

// indexFrom is the number of properties from which an object keeps a hash index;
// below it a scan is faster.
const indexFrom = 12

// Prop is one property of an object.
type Prop struct {
	Key   string
	Value Value
}

// Object is a plain JavaScript object. The zero Object is empty and ready.
type Object struct {
	props []Prop
	ints  int            // the first ints properties have integer-like keys, ascending
	index map[string]int // position by key, kept from indexFrom properties on
	copy  *Object        // set while a clone is being made
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
func (o *Object) Len() int { return len(o.props) }

// At is the property at position i in JavaScript's order; i < Len.
func (o *Object) At(i int) *Prop { return &o.props[i] }

// Keys gives the keys in JavaScript's order.
func (o *Object) Keys() []string {
	keys := make([]string, len(o.props))
	for i := range o.props {
		keys[i] = o.props[i].Key
	}
	return keys
}

func (o *Object) find(key string) int {
	if o.index != nil {
		if i, ok := o.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range o.props {
		if o.props[i].Key == key {
			return i
		}
	}
	return -1
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
	if o.index != nil {
		o.index[key] = len(o.props) - 1
	} else if len(o.props) > indexFrom {
		o.reindex()
	}
}

func (o *Object) insertInt(n uint32, key string, v Value) {
	at := sort.Search(o.ints, func(i int) bool {
		k, _ := ArrayIndex(o.props[i].Key)
		return k > n
	})
	o.props = append(o.props, Prop{})
	copy(o.props[at+1:], o.props[at:])
	o.props[at] = Prop{key, v}
	o.ints++
	if o.index == nil && len(o.props) <= indexFrom {
		return
	}
	if o.index != nil && at == len(o.props)-1 {
		o.index[key] = at
		return
	}
	o.reindex()
}

// Delete removes a property; deleting a missing one does nothing.
func (o *Object) Delete(key string) bool {
	i := o.find(key)
	if i < 0 {
		return false
	}
	if i < o.ints {
		o.ints--
	}
	last := len(o.props) - 1
	copy(o.props[i:], o.props[i+1:])
	o.props[last] = Prop{}
	o.props = o.props[:last]
	if o.index != nil {
		if i == last {
			delete(o.index, key)
		} else {
			o.reindex()
		}
	}
	return true
}

// Clear removes all properties.
func (o *Object) Clear() { o.props, o.ints, o.index = nil, 0, nil }

func (o *Object) reindex() {
	if len(o.props) <= indexFrom {
		o.index = nil
		return
	}
	o.index = make(map[string]int, len(o.props)+len(o.props)/2)
	for i := range o.props {
		o.index[o.props[i].Key] = i
	}
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
