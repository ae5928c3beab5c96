package regex

import (
	"errors"
	"strings"
	"unicode"
)

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
		if c != '_' && c != '=' && (c < '0' || c > '9' && c < 'A' || c > 'Z' && c < 'a' || c > 'z') {
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
	return &content{set: s, plain: true}, nil
}

// propertySet gives the characters of a property, nil if there is no such.
func propertySet(text string) *set {
	name, val, pair := strings.Cut(text, "=")
	if pair {
		switch name {
		case "General_Category", "gc":
			return category(val)
		case "Script", "sc":
			return script(val, false)
		case "Script_Extensions", "scx":
			return script(val, true)
		}
		return nil
	}
	if s := category(name); s != nil {
		return s
	}
	return binary(name)
}

// category gives the characters of a general category by its short or long name.
func category(name string) *set {
	for i := 0; i+1 < len(categoryNames); i += 2 {
		if name == categoryNames[i] {
			name = categoryNames[i+1]
			break
		}
	}
	switch name {
	case "LC":
		return tables(unicode.Lu, unicode.Ll, unicode.Lt)
	case "Cn":
		return assigned().inverse()
	case "C":
		return tables(unicode.C).union(assigned().inverse())
	case "Cs":
		return newSet(span{0xD800, 0xDFFF})
	}
	if t := unicode.Categories[name]; t != nil && len(name) <= 2 {
		return tables(t)
	}
	return nil
}

func assigned() *set {
	return tables(unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.C)
}

// tables gives the characters of any of the tables.
func tables(list ...*unicode.RangeTable) *set {
	s := &set{}
	for _, t := range list {
		for _, r := range t.R16 {
			s.stride(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range t.R32 {
			s.stride(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	return s.done()
}

func (s *set) stride(lo, hi, step rune) {
	if step == 1 {
		s.add(lo, hi)
		return
	}
	for c := lo; c <= hi; c += step {
		s.add(c, c)
	}
}

// binary gives the characters of a binary property.
func binary(name string) *set {
	switch name {
	case "Any":
		return newSet(span{0, 0x10FFFF})
	case "ASCII":
		return newSet(span{0, 0x7F})
	case "Assigned":
		return assigned()
	case "Alphabetic", "Alpha":
		return tables(unicode.L, unicode.Nl, unicode.Other_Alphabetic)
	case "Lowercase", "Lower":
		return tables(unicode.Ll, unicode.Other_Lowercase)
	case "Uppercase", "Upper":
		return tables(unicode.Lu, unicode.Other_Uppercase)
	case "Math":
		return tables(unicode.Sm, unicode.Other_Math)
	case "ID_Start", "IDS":
		return idStart()
	case "ID_Continue", "IDC":
		return idStart().union(tables(unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue)).
			minus(tables(unicode.Pattern_Syntax, unicode.Pattern_White_Space))
	case "Default_Ignorable_Code_Point", "DI":
		return packed("Default_Ignorable_Code_Point")
	}
	for i := 0; i+1 < len(propertyNames); i += 2 {
		if name == propertyNames[i] {
			name = propertyNames[i+1]
			break
		}
	}
	if s := packed(name); s != nil {
		return s
	}
	switch name {
	case "ASCII_Hex_Digit", "Bidi_Control", "Dash", "Deprecated", "Diacritic", "Extender", "Hex_Digit",
		"Ideographic", "IDS_Binary_Operator", "IDS_Trinary_Operator", "Join_Control", "Logical_Order_Exception",
		"Noncharacter_Code_Point", "Pattern_Syntax", "Pattern_White_Space", "Quotation_Mark", "Radical",
		"Regional_Indicator", "Sentence_Terminal", "Soft_Dotted", "Terminal_Punctuation", "Unified_Ideograph",
		"Variation_Selector", "White_Space":
		return tables(unicode.Properties[name])
	}
	return nil
}

func idStart() *set {
	return tables(unicode.L, unicode.Nl, unicode.Other_ID_Start).minus(tables(unicode.Pattern_Syntax, unicode.Pattern_White_Space))
}

// script gives the characters of a script by its long or short name; with
// extensions also those it shares with other scripts.
func script(name string, extensions bool) *set {
	for i := 0; i+1 < len(scriptNames); i += 2 {
		if name == scriptNames[i] {
			name = scriptNames[i+1]
			break
		}
	}
	t := unicode.Scripts[name]
	if t == nil {
		return nil
	}
	if extensions {
		if s := packed("scx=" + name); s != nil {
			return s
		}
	}
	return tables(t)
}
