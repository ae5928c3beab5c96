package js

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
)

// expandProperties replaces \p{…} and \P{…} of a regular expression by the ranges
// they stand for: goja accepts them but never matches them. An unknown property is
// left as it is.
func expandProperties(pattern string) string {
	if !strings.Contains(pattern, `\p{`) && !strings.Contains(pattern, `\P{`) {
		return pattern
	}
	var out strings.Builder
	inClass := false
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		if c != '\\' || i+1 >= len(pattern) {
			switch c {
			case '[':
				inClass = true
			case ']':
				inClass = false
			}
			out.WriteByte(c)
			continue
		}
		end := strings.IndexByte(pattern[i:], '}')
		if k := pattern[i+1]; (k == 'p' || k == 'P') && i+2 < len(pattern) && pattern[i+2] == '{' && end > 0 {
			if ranges, ok := propertyRanges(pattern[i+3:i+end], k == 'P'); ok {
				if inClass {
					out.WriteString(ranges)
				} else {
					out.WriteString("[" + ranges + "]")
				}
				i += end
				continue
			}
		}
		out.WriteString(pattern[i : i+2])
		i++
	}
	return out.String()
}

// longNames are the long names of general categories in Unicode properties.
var longNames = map[string]string{
	"Letter": "L", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Titlecase_Letter": "Lt", "Modifier_Letter": "Lm",
	"Other_Letter": "Lo", "Mark": "M", "Nonspacing_Mark": "Mn", "Spacing_Mark": "Mc", "Enclosing_Mark": "Me", "Number": "N",
	"Decimal_Number": "Nd", "Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P", "Dash_Punctuation": "Pd",
	"Open_Punctuation": "Ps", "Close_Punctuation": "Pe", "Connector_Punctuation": "Pc", "Other_Punctuation": "Po",
	"Initial_Punctuation": "Pi", "Final_Punctuation": "Pf", "Symbol": "S", "Math_Symbol": "Sm", "Currency_Symbol": "Sc",
	"Modifier_Symbol": "Sk", "Other_Symbol": "So", "Separator": "Z", "Space_Separator": "Zs", "Line_Separator": "Zl",
	"Paragraph_Separator": "Zp", "Other": "C", "Control": "Cc", "Format": "Cf",
}

// emojiRanges are the characters shown as pictures (Extended_Pictographic, roughly
// Emoji without digits).
const emojiRanges = `\u{a9}\u{ae}\u{203c}\u{2049}\u{2122}\u{2139}\u{2194}-\u{2199}\u{21a9}-\u{21aa}\u{231a}-\u{231b}\u{2328}\u{23cf}` +
	`\u{23e9}-\u{23f3}\u{23f8}-\u{23fa}\u{24c2}\u{25aa}-\u{25ab}\u{25b6}\u{25c0}\u{25fb}-\u{25fe}\u{2600}-\u{2604}\u{260e}\u{2611}` +
	`\u{2614}-\u{2615}\u{2618}\u{261d}\u{2620}\u{2622}-\u{2623}\u{2626}\u{262a}\u{262e}-\u{262f}\u{2638}-\u{263a}\u{2640}\u{2642}` +
	`\u{2648}-\u{2653}\u{265f}-\u{2660}\u{2663}\u{2665}-\u{2666}\u{2668}\u{267b}\u{267e}-\u{267f}\u{2692}-\u{2697}\u{2699}` +
	`\u{269b}-\u{269c}\u{26a0}-\u{26a1}\u{26a7}\u{26aa}-\u{26ab}\u{26b0}-\u{26b1}\u{26bd}-\u{26be}\u{26c4}-\u{26c5}\u{26c8}` +
	`\u{26ce}-\u{26cf}\u{26d1}\u{26d3}-\u{26d4}\u{26e9}-\u{26ea}\u{26f0}-\u{26f5}\u{26f7}-\u{26fa}\u{26fd}\u{2702}\u{2705}` +
	`\u{2708}-\u{270d}\u{270f}\u{2712}\u{2714}\u{2716}\u{271d}\u{2721}\u{2728}\u{2733}-\u{2734}\u{2744}\u{2747}\u{274c}\u{274e}` +
	`\u{2753}-\u{2755}\u{2757}\u{2763}-\u{2764}\u{2795}-\u{2797}\u{27a1}\u{27b0}\u{27bf}\u{2934}-\u{2935}\u{2b05}-\u{2b07}` +
	`\u{2b1b}-\u{2b1c}\u{2b50}\u{2b55}\u{3030}\u{303d}\u{3297}\u{3299}\u{1f004}\u{1f0cf}\u{1f170}-\u{1f171}\u{1f17e}-\u{1f17f}` +
	`\u{1f18e}\u{1f191}-\u{1f19a}\u{1f1e6}-\u{1f1ff}\u{1f201}-\u{1f202}\u{1f21a}\u{1f22f}\u{1f232}-\u{1f23a}\u{1f250}-\u{1f251}` +
	`\u{1f300}-\u{1f6ff}\u{1f7e0}-\u{1f7eb}\u{1f7f0}\u{1f90c}-\u{1f9ff}\u{1fa70}-\u{1faff}`

func propertyRanges(name string, negated bool) (string, bool) {
	key, val, isPair := strings.Cut(name, "=")
	var t *unicode.RangeTable
	switch {
	case isPair && (key == "Script" || key == "sc" || key == "Script_Extensions" || key == "scx"):
		t = unicode.Scripts[val]
	case isPair && (key == "General_Category" || key == "gc"):
		t = category(val)
	case name == "Alphabetic" || name == "Alpha":
		return joined(negated, unicode.L, unicode.Nl, unicode.Other_Alphabetic), true
	case name == "Any":
		return `\u{0}-\u{10ffff}`, !negated
	case name == "ASCII":
		return map[bool]string{false: `\u{0}-\u{7f}`, true: `\u{80}-\u{10ffff}`}[negated], true
	case (name == "Emoji" || name == "Emoji_Presentation" || name == "Extended_Pictographic") && !negated:
		if name == "Emoji" {
			return `#*0-9` + emojiRanges, true
		}
		return emojiRanges, true
	case name == "Uppercase":
		return joined(negated, unicode.Lu, unicode.Other_Uppercase), true
	case name == "Lowercase":
		return joined(negated, unicode.Ll, unicode.Other_Lowercase), true
	default:
		if t = category(name); t == nil {
			t = unicode.Properties[name]
		}
	}
	if t == nil {
		return "", false
	}
	return joined(negated, t), true
}

func category(name string) *unicode.RangeTable {
	if short, ok := longNames[name]; ok {
		name = short
	}
	return unicode.Categories[name]
}

// joined writes tables as ranges of a character class.
func joined(negated bool, tables ...*unicode.RangeTable) string {
	var list [][2]rune
	add := func(lo, hi, stride rune) {
		if stride == 1 {
			list = append(list, [2]rune{lo, hi})
			return
		}
		for c := lo; c <= hi; c += stride {
			list = append(list, [2]rune{c, c})
		}
	}
	for _, t := range tables {
		for _, r := range t.R16 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range t.R32 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i][0] < list[j][0] })
	var out strings.Builder
	put := func(lo, hi rune) {
		switch {
		case lo == hi:
			fmt.Fprintf(&out, `\u{%x}`, lo)
		case lo < hi:
			fmt.Fprintf(&out, `\u{%x}-\u{%x}`, lo, hi)
		}
	}
	next := rune(0) // the first character after the ranges seen
	for i := 0; i < len(list); {
		lo, hi := list[i][0], list[i][1]
		for i++; i < len(list) && list[i][0] <= hi+1; i++ {
			hi = max(hi, list[i][1])
		}
		if negated {
			put(next, lo-1)
		} else {
			put(lo, hi)
		}
		next = hi + 1
	}
	if negated {
		put(next, unicode.MaxRune)
	}
	return out.String()
}
