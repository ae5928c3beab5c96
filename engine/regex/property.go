package regex

import (
	_ "embed" // the table of properties
	"errors"
	"strconv"
	"strings"
)

// properties has a line for each Unicode property: its kind and names, a tab, its
// ranges. It is written by properties.mjs from what Node.js knows, so that both
// have the same version of Unicode.
//
//go:embed properties.txt
var properties string

// property reads \p{…} or \P{…} from its letter on.
func (p *parser) property() (*content, error) {
	bad := errors.New("Invalid property name")
	inverse := p.peek() == 'P'
	p.at++
	if !p.eat('{') {
		return nil, bad
	}
	var name strings.Builder
	for !p.eat('}') {
		c := p.peek()
		if c != '_' && c != '=' && !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z') {
			return nil, bad
		}
		name.WriteRune(c)
		p.at++
	}
	s := propertySet(name.String())
	if s == nil {
		return nil, bad
	}
	if inverse {
		if p.flags.has(flagSets) && p.flags.has(flagIgnoreCase) {
			s = s.folded(true)
		}
		s = s.inverse()
	}
	return &content{set: s}, nil
}

// propertySet gives the characters of a property, nil if there is no such.
func propertySet(text string) *set {
	name, val, pair := strings.Cut(text, "=")
	if !pair {
		if s := propertyLine("gc", name); s != nil {
			return s
		}
		return propertyLine("bin", name)
	}
	switch name {
	case "General_Category", "gc":
		return propertyLine("gc", val)
	case "Script", "sc":
		return propertyLine("sc", val)
	case "Script_Extensions", "scx":
		if s := propertyLine("scx", val); s != nil {
			return s
		}
		return propertyLine("sc", val)
	}
	return nil
}

// propertyLine finds a line of the table by kind and name and reads its ranges.
func propertyLine(kind, name string) *set {
	if name == "" {
		return nil
	}
	for rest := properties; rest != ""; {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		head, ranges, _ := strings.Cut(line, "\t")
		k, names, _ := strings.Cut(head, " ")
		if k == kind && strings.Contains(" "+names+" ", " "+name+" ") {
			return unpack(ranges)
		}
	}
	return nil
}

func unpack(ranges string) *set {
	s := &set{}
	next := rune(0)
	for item := range strings.FieldsSeq(ranges) {
		gap, more, _ := strings.Cut(item, ",")
		lo := next + base36(gap)
		hi := lo + base36(more)
		s.add(lo, hi)
		next = hi + 1
	}
	return s.done()
}

func base36(s string) rune {
	n, _ := strconv.ParseInt("0"+s, 36, 32)
	return rune(n)
}
