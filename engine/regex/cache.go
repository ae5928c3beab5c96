package regex

import "sync"

// cacheSize bounds the number of expressions that Cached remembers.
const cacheSize = 256

// cacheEntry is a remembered expression in a list ordered by use.
type cacheEntry struct {
	key        [2]string
	re         *Regexp
	err        error
	prev, next *cacheEntry
}

// cache remembers compiled expressions, the least recently used go first. What it
// gives is what Compile would, so sharing it cannot be seen.
type cache struct {
	mu      sync.Mutex
	entries map[[2]string]*cacheEntry
	root    cacheEntry // root.next is the most recently used
}

var recent cache // a table of pure results

// Cached is Compile that remembers the last few hundred expressions.
func Cached(source, flags string) (*Regexp, error) {
	key := [2]string{source, flags}
	recent.mu.Lock()
	e := recent.get(key)
	recent.mu.Unlock()
	if e == nil {
		re, err := Compile(source, flags)
		e = &cacheEntry{key: key, re: re, err: err}
		recent.mu.Lock()
		recent.add(e)
		recent.mu.Unlock()
	}
	return e.re, e.err
}

func (c *cache) get(key [2]string) *cacheEntry {
	e := c.entries[key]
	if e != nil {
		e.unlink()
		c.front(e)
	}
	return e
}

func (c *cache) add(e *cacheEntry) {
	if c.entries == nil {
		c.entries = make(map[[2]string]*cacheEntry)
		c.root.prev, c.root.next = &c.root, &c.root
	}
	if old := c.entries[e.key]; old != nil {
		old.unlink()
	}
	c.entries[e.key] = e
	c.front(e)
	if len(c.entries) > cacheSize {
		last := c.root.prev
		last.unlink()
		delete(c.entries, last.key)
	}
}

func (c *cache) front(e *cacheEntry) {
	e.prev, e.next = &c.root, c.root.next
	e.prev.next, e.next.prev = e, e
}

func (e *cacheEntry) unlink() { e.prev.next, e.next.prev = e.next, e.prev }
