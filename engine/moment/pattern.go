package moment

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// The patterns of the tokens of layouts.
var (
	oneToTwo    = value.NewPattern(`\d\d?`)
	oneToThree  = value.NewPattern(`\d{1,3}`)
	oneToFour   = value.NewPattern(`\d{1,4}`)
	oneToSix    = value.NewPattern(`[+-]?\d{1,6}`)
	threeToFour = value.NewPattern(`\d{3,4}`)
	fiveToSix   = value.NewPattern(`\d{5,6}`)
	exactly     = [5]*value.Pattern{nil, value.NewPattern(`\d`), value.NewPattern(`\d\d`), value.NewPattern(`\d{3}`), value.NewPattern(`\d{4}`)}
	exactlySix  = value.NewPattern(`[+-]?\d{6}`)
	noZero      = value.NewPattern(`^[1-9]\d?`)
	withZero    = value.NewPattern(`^([1-9]\d|\d)`)
	unsigned    = value.NewPattern(`\d+`)
	signed      = value.NewPattern(`[+-]?\d+`)
	timestamp   = value.NewPattern(`[+-]?\d+(\.\d{1,3})?`)
	word        = value.NewPattern(`(?i)[0-9]{0,256}['a-z\x{A0}-\x{5FF}\x{700}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FF07}\x{FF10}-\x{FFEF}]{1,256}`)
	offset      = value.NewPattern(`(?i)Z|[+-]\d\d(?::?\d\d)?`)
	halves      = value.NewPattern(`(?i)[ap]\.?m?\.?`)
	dayOrdinal  = value.NewPattern(`(?i)\d{1,2}(th|st|nd|rd)|\d{1,2}`)
	dayStrict   = value.NewPattern(`\d{1,2}(th|st|nd|rd)`)
	eraWord     = value.NewPattern(`(?i)AD|BC|Anno Domini|Before Christ`)
)

// pattern is what the text of a token looks like, nil if it is no token.
func pattern(token string, strict bool) *value.Pattern {
	pick := func(lenient, exact *value.Pattern) *value.Pattern {
		if strict {
			return exact
		}
		return lenient
	}
	switch token {
	case "M", "D", "h", "k", "w", "W":
		return pick(oneToTwo, noZero)
	case "H", "m", "s":
		return pick(oneToTwo, withZero)
	case "YY", "MM", "DD", "HH", "hh", "kk", "mm", "ss", "ww", "WW", "gg", "GG":
		return pick(oneToTwo, exactly[2])
	case "YYYY", "gggg", "GGGG":
		return pick(oneToFour, exactly[4])
	case "YYYYY", "YYYYYY", "ggggg", "GGGGG":
		return pick(oneToSix, exactlySix)
	case "S", "SS", "SSS":
		return pick(oneToThree, exactly[len(token)])
	case "Do":
		return pick(dayOrdinal, dayStrict)
	}
	return fixedPattern(token)
}

// fixedPattern is pattern for the tokens that are read alike in strict mode.
func fixedPattern(token string) *value.Pattern {
	switch token {
	case "d", "e", "E":
		return oneToTwo
	case "Y", "x", "G", "g":
		return signed
	case "Q":
		return exactly[1]
	case "DDD":
		return oneToThree
	case "DDDD":
		return exactly[3]
	case "y", "yy", "yyy", "yyyy":
		return unsigned
	case "MMM", "MMMM", "dd", "ddd", "dddd":
		return word
	case "a", "A":
		return halves
	case "hmm", "Hmm":
		return threeToFour
	case "hmmss", "Hmmss":
		return fiveToSix
	case "Z", "ZZ":
		return offset
	case "X":
		return timestamp
	case "N", "NN", "NNN", "NNNN", "NNNNN":
		return eraWord
	}
	if len(token) > 3 && strings.Trim(token, "S") == "" {
		return unsigned
	}
	return nil
}
