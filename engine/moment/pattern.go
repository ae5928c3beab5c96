package moment

import (
	"regexp"
	"strings"
)

// The patterns of the tokens of layouts.
var (
	oneToTwo    = regexp.MustCompile(`\d\d?`)
	oneToThree  = regexp.MustCompile(`\d{1,3}`)
	oneToFour   = regexp.MustCompile(`\d{1,4}`)
	oneToSix    = regexp.MustCompile(`[+-]?\d{1,6}`)
	threeToFour = regexp.MustCompile(`\d{3,4}`)
	fiveToSix   = regexp.MustCompile(`\d{5,6}`)
	exactly     = [5]*regexp.Regexp{nil, regexp.MustCompile(`\d`), regexp.MustCompile(`\d\d`), regexp.MustCompile(`\d{3}`), regexp.MustCompile(`\d{4}`)}
	exactlySix  = regexp.MustCompile(`[+-]?\d{6}`)
	noZero      = regexp.MustCompile(`^[1-9]\d?`)
	withZero    = regexp.MustCompile(`^([1-9]\d|\d)`)
	unsigned    = regexp.MustCompile(`\d+`)
	signed      = regexp.MustCompile(`[+-]?\d+`)
	timestamp   = regexp.MustCompile(`[+-]?\d+(\.\d{1,3})?`)
	word        = regexp.MustCompile(`(?i)[0-9]{0,256}['a-z\x{A0}-\x{5FF}\x{700}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FF07}\x{FF10}-\x{FFEF}]{1,256}`)
	offset      = regexp.MustCompile(`(?i)Z|[+-]\d\d(?::?\d\d)?`)
	halves      = regexp.MustCompile(`(?i)[ap]\.?m?\.?`)
	dayOrdinal  = regexp.MustCompile(`(?i)\d{1,2}(th|st|nd|rd)|\d{1,2}`)
	dayStrict   = regexp.MustCompile(`\d{1,2}(th|st|nd|rd)`)
	eraWord     = regexp.MustCompile(`(?i)AD|BC|Anno Domini|Before Christ`)
)

// pattern is what the text of a token looks like, nil if it is no token.
func pattern(token string, strict bool) *regexp.Regexp {
	pick := func(lenient, exact *regexp.Regexp) *regexp.Regexp {
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
func fixedPattern(token string) *regexp.Regexp {
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
