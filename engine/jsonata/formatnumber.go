package jsonata

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// numberStyle are the characters of a number picture, by the names of XPath.
type numberStyle struct {
	decimal, grouping, exponent, minus, percent, perMille, digit, separator string
	zero                                                                    uint16
	zeroText                                                                string
}

// styleOf reads the options of $formatNumber.
func styleOf(options value.Value) numberStyle {
	get := func(key, preset string) string {
		if options.IsObject() {
			if v, err := value.GetKey(options, key); err == nil && value.HasOwn(options, key) {
				return value.ToString(v)
			}
		}
		return preset
	}
	s := numberStyle{
		decimal: get("decimal-separator", "."), grouping: get("grouping-separator", ","),
		exponent: get("exponent-separator", "e"), minus: get("minus-sign", "-"), percent: get("percent", "%"),
		perMille: get("per-mille", "\u2030"), digit: get("digit", "#"), separator: get("pattern-separator", ";"),
		zeroText: get("zero-digit", "0"),
	}
	s.zero = value.UnitAt(s.zeroText, 0)
	return s
}

// isDigit reports whether c is one of the ten digits.
func (s *numberStyle) isDigit(c uint16) bool { return c >= s.zero && c < s.zero+10 }

func (s *numberStyle) isOptional(c uint16) bool {
	return value.UTF16Len(s.digit) == 1 && value.UnitAt(s.digit, 0) == c
}

// isActive reports whether c means something in a picture.
func (s *numberStyle) isActive(c uint16) bool {
	text := value.FromUTF16([]uint16{c})
	return s.isDigit(c) || text == s.decimal || text == s.exponent || text == s.grouping || text == s.digit || text == s.separator
}

// picture is a number picture taken apart.
type picture struct {
	text, prefix, suffix        string
	active, mantissa, exponent  string
	hasExponent                 bool
	integer, fraction           string
	positions, fractionPosition []int
	regular                     int
	minInteger, scaling         int
	minFraction, maxFraction    int
	minExponent                 int
}

func units(s string) []uint16 { return value.UTF16(s) }

// indexFrom is s.indexOf(sub, from), lastIndex s.lastIndexOf(sub).
func indexFrom(s, sub string, from int) int { return value.IndexOf(s, sub, from) }

func lastIndex(s, sub string) int {
	i := strings.LastIndex(s, sub)
	if i < 0 {
		return -1
	}
	return value.UTF16Len(s[:i])
}

// split takes a picture apart.
func (s *numberStyle) split(text string) picture {
	p := picture{text: text}
	u := units(text)
	mark := func(c uint16) bool { return s.isActive(c) && value.FromUTF16([]uint16{c}) != s.exponent }
	for i, c := range u {
		if mark(c) {
			p.prefix = value.FromUTF16(u[:i])
			break
		}
	}
	for i := len(u) - 1; i >= 0; i-- {
		if mark(u[i]) {
			p.suffix = value.FromUTF16(u[i+1:])
			break
		}
	}
	first, last := value.UTF16Len(p.prefix), len(u)-value.UTF16Len(p.suffix)
	p.active = substring(text, first, last)
	p.mantissa = p.active
	if at := indexFrom(text, s.exponent, first); at >= 0 && at <= last {
		p.mantissa = substring(p.active, 0, at)
		p.exponent = substring(p.active, at+1, value.UTF16Len(p.active))
		if at+1 > value.UTF16Len(p.active) {
			p.exponent = ""
		}
		p.hasExponent = true
	}
	if at := indexFrom(p.mantissa, s.decimal, 0); at < 0 {
		p.integer, p.fraction = p.mantissa, p.suffix
	} else {
		p.integer = substring(p.mantissa, 0, at)
		p.fraction = substring(p.mantissa, at+1, value.UTF16Len(p.mantissa))
	}
	return p
}

func (s *numberStyle) count(text string, optional bool) (n int) {
	for _, c := range units(text) {
		if s.isDigit(c) || optional && s.isOptional(c) {
			n++
		}
	}
	return n
}

// check gives the code of what is wrong with a picture, "" if nothing is. Later
// rules win over earlier ones.
func (s *numberStyle) check(p *picture) (code string) {
	twice := func(sub string) bool { return indexFrom(p.text, sub, 0) != lastIndex(p.text, sub) }
	has := func(text, sub string) bool { return strings.Contains(text, sub) }
	set := func(wrong bool, c string) {
		if wrong {
			code = c
		}
	}
	set(twice(s.decimal), "D3081")
	set(twice(s.percent), "D3082")
	set(twice(s.perMille), "D3083")
	set(has(p.text, s.percent) && has(p.text, s.perMille), "D3084")
	set(s.count(p.mantissa, true) == 0, "D3085")
	for _, c := range units(p.active) {
		set(!s.isActive(c), "D3086")
	}
	at := indexFrom(p.text, s.decimal, 0)
	if at >= 0 {
		set(at > 0 && value.Slice(p.text, at-1, at) == s.grouping || value.Slice(p.text, at+1, at+2) == s.grouping, "D3087")
	} else {
		n := value.UTF16Len(p.integer)
		set(n > 0 && value.Slice(p.integer, n-1, n) == s.grouping || n == 0 && s.grouping == "", "D3088")
	}
	set(has(p.text, s.grouping+s.grouping), "D3089")
	if at := indexFrom(p.integer, s.digit, 0); at >= 0 {
		set(s.count(substring(p.integer, 0, at), false) > 0, "D3090")
	}
	if at := lastIndex(p.fraction, s.digit); at >= 0 {
		set(s.count(value.Slice(p.fraction, at, math.MaxInt32), false) > 0, "D3091")
	}
	if p.hasExponent {
		set(p.exponent != "" && (has(p.text, s.percent) || has(p.text, s.perMille)), "D3092")
		set(p.exponent == "" || s.count(p.exponent, false) < value.UTF16Len(p.exponent), "D3093")
	}
	return code
}

// analyse finds the widths and groupings of a picture.
func (s *numberStyle) analyse(p *picture) {
	p.positions = s.groupings(p, p.integer, false)
	p.regular = regularGap(p.positions)
	p.fractionPosition = s.groupings(p, p.fraction, true)
	p.minInteger = s.count(p.integer, false)
	p.scaling = p.minInteger
	p.minFraction = s.count(p.fraction, false)
	p.maxFraction = s.count(p.fraction, true)
	if p.minInteger == 0 && p.maxFraction == 0 {
		if p.hasExponent {
			p.minFraction, p.maxFraction = 1, 1
		} else {
			p.minInteger = 1
		}
	}
	if p.hasExponent && p.minInteger == 0 && strings.Contains(p.integer, s.digit) {
		p.minInteger = 1
	}
	if p.minInteger == 0 && p.minFraction == 0 {
		p.minFraction = 1
	}
	if p.hasExponent {
		p.minExponent = s.count(p.exponent, false)
	}
}

// groupings finds where separators stand, counted in digits. After the first one
// the original looks on in the integer part, whatever the part is.
func (s *numberStyle) groupings(p *picture, part string, left bool) (out []int) {
	for at := indexFrom(part, s.grouping, 0); at >= 0; at = indexFrom(p.integer, s.grouping, at+1) {
		side := value.Slice(part, at, math.MaxInt32)
		if left {
			side = value.Slice(part, 0, at)
		}
		out = append(out, s.count(side, true))
		if s.grouping == "" {
			break
		}
	}
	return out
}

// regularGap is the distance of separators that stand at each multiple of it, 0 if
// they do not.
func regularGap(at []int) int {
	if len(at) == 0 {
		return 0
	}
	factor := at[0]
	for _, x := range at[1:] {
		for x != 0 {
			factor, x = x, factor%x
		}
	}
	for i := 1; i <= len(at); i++ {
		found := false
		for _, x := range at {
			found = found || x == i*factor
		}
		if !found {
			return 0
		}
	}
	return factor
}
