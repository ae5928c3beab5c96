package devnet

import (
	"slices"
	"sort"
	"strings"
)

// store holds all values of storage with their history: what a key was at each block that
// is still remembered. Readers of old blocks see them unchanged.
type store struct {
	// buckets by where keys begin: pallet and item.
	buckets map[string]*bucket
	// oldest block that can be read.
	oldest uint32
	// touched are the keys with more than one version, by the block of the newer one.
	touched map[uint32][]string
}

// bucket holds the keys of one item. New keys wait unsorted until somebody asks for an
// order.
type bucket struct {
	items map[string][]state
	keys  []string
	fresh []string
}

// state of a key from a block on; nil means that it is not there.
type state struct {
	block uint32
	value []byte
}

// prefixSize is the length of a pallet's and an item's hash.
const prefixSize = 32

func newStore() *store {
	return &store{buckets: map[string]*bucket{}, touched: map[uint32][]string{}}
}

func bucketOf(key string) string { return key[:min(len(key), prefixSize)] }

// get is the value of a key at a block, nil if there is none.
func (s *store) get(key string, block uint32) []byte {
	b := s.buckets[bucketOf(key)]
	if b == nil {
		return nil
	}
	h := b.items[key]
	if n := len(h); n > 0 && h[n-1].block <= block {
		return h[n-1].value
	}
	i := sort.Search(len(h), func(i int) bool { return h[i].block > block })
	if i == 0 {
		return nil
	}
	return h[i-1].value
}

// set changes a key from a block on, the newest.
func (s *store) set(key string, block uint32, value []byte) {
	name := bucketOf(key)
	b := s.buckets[name]
	if b == nil {
		b = &bucket{items: map[string][]state{}}
		s.buckets[name] = b
	}
	h, known := b.items[key]
	if !known {
		b.fresh = append(b.fresh, key)
	}
	if n := len(h); n > 0 && h[n-1].block == block {
		h[n-1].value = value
		return
	}
	b.items[key] = append(h, state{block, value})
	if len(h) > 0 || value == nil {
		s.touched[block] = append(s.touched[block], key)
	}
}

// forget drops what was before a block.
func (s *store) forget(block uint32) {
	for ; s.oldest < block; s.oldest++ {
		next := s.oldest + 1
		for _, key := range s.touched[next] {
			b := s.buckets[bucketOf(key)]
			h := b.items[key]
			for len(h) > 1 && h[1].block <= next {
				h[0] = state{} // its value can be freed
				h = h[1:]
			}
			if len(h) == 1 && h[0].value == nil && h[0].block <= next {
				delete(b.items, key)
				b.sort()
				if i, ok := slices.BinarySearch(b.keys, key); ok {
					b.keys = slices.Delete(b.keys, i, i+1)
				}
				continue
			}
			b.items[key] = h
		}
		delete(s.touched, next)
	}
}

// sort merges the new keys into the order.
func (b *bucket) sort() {
	if len(b.fresh) == 0 {
		return
	}
	sort.Strings(b.fresh)
	out := make([]string, 0, len(b.keys)+len(b.fresh))
	old := b.keys
	for _, key := range b.fresh {
		i, _ := slices.BinarySearch(old, key)
		out = append(out, old[:i]...)
		old = old[i:]
		if len(out) == 0 || out[len(out)-1] != key {
			out = append(out, key)
		}
		if len(old) > 0 && old[0] == key {
			old = old[1:]
		}
	}
	b.keys, b.fresh = append(out, old...), nil
}

// scan calls fn with the keys after a key that begin with a prefix, in order, and their
// values at a block, until it gives false.
func (s *store) scan(prefix, after string, block uint32, fn func(key string, value []byte) bool) {
	var names []string
	for name := range s.buckets {
		if strings.HasPrefix(name, prefix) || strings.HasPrefix(prefix, name) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		b := s.buckets[name]
		b.sort()
		from, exact := slices.BinarySearch(b.keys, max(prefix, after))
		if exact && after >= prefix {
			from++
		}
		for _, key := range b.keys[from:] {
			if !strings.HasPrefix(key, prefix) {
				break
			}
			if key <= after && after != "" && after >= prefix && len(after) > len(prefix) {
				continue
			}
			if v := s.get(key, block); v != nil && !fn(key, v) {
				return
			}
		}
	}
}
