package jsonata

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// The English number words.
var (
	fewWords = strings.Fields(`Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen
		Fifteen Sixteen Seventeen Eighteen Nineteen`)
	ordinalWords = strings.Fields(`Zeroth First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh
		Twelfth Thirteenth Fourteenth Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth`)
	decadeWords    = strings.Fields("Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety Hundred")
	magnitudeWords = strings.Fields("Thousand Million Billion Trillion")
)

// toWords writes a number in words.
func toWords(n float64, ordinal bool) (string, error) {
	if n-n != 0 {
		return "", errDepth()
	}
	return wordsFor(n, false, ordinal), nil
}

// wordsFor writes a part of a number; more says that words stand before it.
func wordsFor(n float64, more, ordinal bool) string {
	lead := func(s string) string {
		if more {
			return s
		}
		return ""
	}
	switch {
	case n <= 19:
		list := fewWords
		if ordinal {
			list = ordinalWords
		}
		if n != math.Trunc(n) {
			return lead(" and ") + "undefined"
		}
		return lead(" and ") + list[int(n)]
	case n < 100:
		words := lead(" and ") + decadeWords[int(n/10)-2]
		if rest := math.Mod(n, 10); rest > 0 {
			return words + "-" + wordsFor(rest, false, ordinal)
		}
		if ordinal {
			return words[:len(words)-1] + "ieth"
		}
		return words
	case n < 1000:
		words := lead(", ") + fewWords[int(n/100)] + " Hundred"
		return words + restWords(math.Mod(n, 100), ordinal)
	}
	mag := int(math.Floor(value.Log10(n) / 3))
	mag = min(mag, len(magnitudeWords))
	factor := value.Pow(10, float64(mag*3))
	mant := math.Floor(n / factor)
	rest := n - float64(mant*factor)
	return lead(", ") + wordsFor(mant, false, false) + " " + magnitudeWords[mag-1] + restWords(rest, ordinal)
}

func restWords(rest float64, ordinal bool) string {
	if rest > 0 {
		return wordsFor(rest, true, ordinal)
	}
	if ordinal {
		return "th"
	}
	return ""
}

// wordValue is the value of a lower-case number word, NaN if it is none.
func wordValue(word string) float64 {
	for i := range fewWords {
		if word == strings.ToLower(fewWords[i]) || word == strings.ToLower(ordinalWords[i]) {
			return float64(i)
		}
	}
	for i, d := range decadeWords {
		d = strings.ToLower(d)
		if word == d || word == d[:len(d)-1]+"ieth" {
			return float64(i+2) * 10
		}
	}
	if word == "hundredth" {
		return 100
	}
	for i, m := range magnitudeWords {
		m = strings.ToLower(m)
		if word == m || word == m+"th" {
			return value.Pow(10, float64(i+1)*3)
		}
	}
	return math.NaN()
}

// fromWords reads a number in lower-case words.
func fromWords(text string) float64 {
	sums := []float64{0}
	for _, word := range wordParts(text) {
		v := wordValue(word)
		last := len(sums) - 1
		if !(v < 100) {
			sums[last] *= v
			continue
		}
		top := sums[last]
		if top >= 1000 {
			sums = append(sums, v)
		} else {
			sums[last] = top + v
		}
	}
	total := 0.0
	for _, s := range sums {
		total += s
	}
	return total
}

// wordParts splits at ", ", " and " or one blank, hyphen or backslash, whichever
// comes first.
func wordParts(text string) (parts []string) {
	blank := func(i int) bool {
		return i < len(text) && value.TrimStart(text[i:i+1]) == ""
	}
	start := 0
	for i := 0; i < len(text); {
		n := 0
		switch {
		case text[i] == ',' && blank(i+1):
			n = 2
		case blank(i) && strings.HasPrefix(text[i+1:], "and") && blank(i+4):
			n = 5
		case blank(i) || text[i] == '-' || text[i] == '\\':
			n = 1
		}
		if n == 0 {
			i++
			continue
		}
		parts = append(parts, text[start:i])
		i += n
		start = i
	}
	return append(parts, text[start:])
}
