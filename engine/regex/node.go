package regex

// kind is the kind of a node of a pattern.
type kind uint8

const (
	kindEmpty   kind = iota
	kindChar         // c
	kindSet          // set
	kindSeq          // list
	kindAlt          // list
	kindGroup        // index, list[0]
	kindRepeat       // min, max, lazy, list[0]
	kindStart        // ^
	kindEnd          // $
	kindWord         // \b, \B if neg
	kindLook         // neg, behind, list[0]
	kindBackref      // index, or name until it is resolved
)

// infinite stands for a quantifier without an upper bound.
const infinite = 1<<31 - 1

// node is a part of a parsed pattern.
type node struct {
	kind     kind
	c        rune
	set      *set
	list     []*node
	index    int // of a group or back-reference
	name     string
	min, max int
	lazy     bool
	neg      bool
	behind   bool
	from, to int // the groups inside: from ≤ index < to
}

// canBeEmpty reports whether the node can match without moving.
func (n *node) canBeEmpty() bool {
	switch n.kind {
	case kindChar, kindSet:
		return false
	case kindSeq:
		for _, x := range n.list {
			if !x.canBeEmpty() {
				return false
			}
		}
		return true
	case kindAlt:
		for _, x := range n.list {
			if x.canBeEmpty() {
				return true
			}
		}
		return false
	case kindGroup:
		return n.list[0].canBeEmpty()
	case kindRepeat:
		return n.min == 0 || n.list[0].canBeEmpty()
	}
	return true
}
