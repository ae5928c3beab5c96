package value

import "math/bits"

// keyIndex finds properties by key: a hash table of positions with open
// addressing. A slot holds a position plus one, 0 if it never held any and -1 if
// its property is gone. Slots may be out of date; a find looks at the key.
type keyIndex struct {
	slots  []int32
	used   int
	unread *unread // the text of an object that is not read yet, which has no index
}

func newKeyIndex(props []Prop) *keyIndex {
	x := &keyIndex{slots: make([]int32, 1<<bits.Len(uint(2*len(props))))}
	for i := range props {
		x.put(props[i].Key, i)
	}
	return x
}

func (x *keyIndex) put(key string, at int) {
	mask := uint32(len(x.slots) - 1)
	h := hashKey(key)
	for x.slots[h&mask] > 0 {
		h++
	}
	if x.slots[h&mask] == 0 {
		x.used++
	}
	x.slots[h&mask] = int32(at + 1)
}

// added puts in the new property at a position; it gives a bigger index when
// this one is full.
func (x *keyIndex) added(props []Prop, at int) *keyIndex {
	if x.used >= len(x.slots)/4*3 {
		return newKeyIndex(props)
	}
	x.put(props[at].Key, at)
	return x
}

func (x *keyIndex) find(props []Prop, key string) int {
	mask := uint32(len(x.slots) - 1)
	for h := hashKey(key); ; h++ {
		at := x.slots[h&mask]
		if at == 0 {
			return -1
		}
		if at > 0 && int(at) <= len(props) && props[at-1].Key == key {
			return int(at - 1)
		}
	}
}

// shift moves the positions from at on up by one, or down after the property at
// at is gone.
func (x *keyIndex) shift(at, by int) {
	for i, s := range x.slots {
		switch {
		case s == int32(at+1) && by < 0:
			x.slots[i] = -1
		case s > int32(at):
			x.slots[i] = s + int32(by)
		}
	}
}

// hashKey is a quick hash, the same on every machine.
func hashKey(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h ^ h>>15
}
