package value

import (
	"math/bits"
	"strconv"
	"strings"
)

// number reads over a number. It is written as it stands if it has at most 15
// digits that count and neither an exponent nor a zero at the end of a fraction:
// no other decimal of so few digits is the same number.
func (c *jsonScan) number(start int) int {
	s := c.s
	i := start
	if s[i] == '-' {
		i++
	}
	first := i
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	digits := i - first
	if digits == 0 || s[first] == '0' && digits > 1 {
		return -1
	}
	zero := s[first] == '0'
	if i < len(s) && s[i] == '.' {
		i++
		from := i
		for i < len(s) && s[i]-'0' <= 9 {
			i++
		}
		n := i - from
		if n == 0 {
			return -1
		}
		if s[i-1] == '0' {
			c.exact = exactNo
		}
		if digits += n; zero && (n > 15 || strings.HasPrefix(s[from:i], "00000")) {
			c.doubt()
		}
	} else if zero && first > start {
		c.exact = exactNo // -0 is written 0
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		from := i
		for i < len(s) && s[i]-'0' <= 9 {
			i++
		}
		if i == from {
			return -1
		}
		c.doubt()
	} else if digits > 15 {
		c.doubt()
	}
	if c.try && c.exact == exactUnknown {
		c.exact = c.tried(s[start:i])
	}
	return i
}

// doubt notes that a number must be tried.
func (c *jsonScan) doubt() {
	if c.exact == exactYes {
		c.exact = exactUnknown
	}
}

// tried says whether a number is written as it stands.
func (c *jsonScan) tried(text string) int32 {
	f, _ := strconv.ParseFloat(text, 64)
	if c.buf = appendJSONNumber(c.buf[:0], f); string(c.buf) == text {
		return exactYes
	}
	return exactNo
}

// duplicateSpans is duplicates for keys that are parts of a text.
func (k *keySet) duplicateSpans(s string, keys []span) bool {
	size := 1 << bits.Len(uint(2*len(keys)))
	if len(k.table) < size {
		k.table = make([]int32, size)
	}
	table := k.table[:size]
	clear(table)
	for i, at := range keys {
		key := s[at.from:at.to]
		for h := hashKey(key); ; h++ {
			slot := &table[int(h)&(size-1)]
			if *slot == 0 {
				*slot = int32(i + 1)
				break
			}
			if o := keys[*slot-1]; s[o.from:o.to] == key {
				return true
			}
		}
	}
	return false
}
