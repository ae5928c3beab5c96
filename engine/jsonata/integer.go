package jsonata

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// letterCase is how letters of a formatted number or name are written.
type letterCase uint8

const (
	caseNone letterCase = iota
	caseLower
	caseUpper
	caseTitle
)

// integerForm is what an integer is written as.
type integerForm uint8

const (
	formDecimal integerForm = iota
	formLetters
	formRoman
	formWords
	formSequence
)

// integerFormat is an integer picture taken apart.
type integerFormat struct {
	form       integerForm
	letters    letterCase
	ordinal    bool
	zero       rune
	hasDigits  bool
	mandatory  float64
	optional   int
	regular    int // the gap of regular separators
	separators []separator
	token      string
	parseWidth float64
	fixedWidth bool
}

// separator is a grouping separator: the number of digits to its right.
type separator struct {
	at   int
	text string
}

// decimalZeros are the zeros of the decimal digits that pictures may use.
var decimalZeros = []rune{0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66,
	0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
	0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10}

func integerPicture(text string) (*integerFormat, error) {
	f := &integerFormat{letters: caseLower}
	main := text
	if at := strings.LastIndexByte(text, ';'); at >= 0 {
		main = text[:at]
		f.ordinal = strings.HasPrefix(text[at+1:], "o")
	}
	switch main {
	case "A", "I", "W":
		f.letters = caseUpper
	case "Ww":
		f.letters = caseTitle
	}
	switch main {
	case "A", "a":
		f.form = formLetters
	case "I", "i":
		f.form = formRoman
	case "W", "w", "Ww":
		f.form = formWords
	default:
		return f, f.decimal(main)
	}
	return f, nil
}

// decimal reads a picture of digits, # and separators from its end.
func (f *integerFormat) decimal(text string) error {
	runes := []rune(text)
	at := 0
	for i := len(runes) - 1; i >= 0; i-- {
		c := runes[i]
		if zero := zeroOf(c); zero >= 0 {
			if f.hasDigits && zero != f.zero {
				return fail("D3131")
			}
			f.zero, f.hasDigits = zero, true
			f.mandatory++
			at++
		} else if c == '#' {
			at++
			f.optional++
		} else {
			f.separators = append(f.separators, separator{at, string(c)})
		}
	}
	if !f.hasDigits {
		f.form, f.token = formSequence, text
		return nil
	}
	positions := make([]int, len(f.separators))
	for i, s := range f.separators {
		if s.text != f.separators[0].text {
			return nil
		}
		positions[i] = s.at
	}
	f.regular = regularGap(positions)
	return nil
}

// zeroOf is the zero of the digits that c belongs to, -1 if it is no digit.
func zeroOf(c rune) rune {
	for _, zero := range decimalZeros {
		if c >= zero && c <= zero+9 {
			return zero
		}
	}
	return -1
}

// picture is argument i, which must be a string; JavaScript reads the method first.
func (c *call) picture(i int, method string) (string, error) {
	v := c.arg(i)
	if v.IsNullish() {
		return "", typeError("Cannot read properties of " + value.ToString(v) + " (reading '" + method + "')")
	}
	if !v.IsString() {
		return "", typeError("picture." + method + " is not a function")
	}
	return v.Str(), nil
}

func fnFormatInteger(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Undefined, nil
	}
	picture, err := c.picture(1, "lastIndexOf")
	if err != nil {
		return value.Undefined, err
	}
	f, err := integerPicture(picture)
	if err != nil {
		return value.Undefined, err
	}
	text, err := f.format(math.Floor(c.arg(0).Num()))
	return value.Str(text), err
}

// format writes an integer.
func (f *integerFormat) format(n float64) (string, error) {
	text := ""
	abs := math.Abs(n)
	switch f.form {
	case formLetters:
		text = toLetters(abs, f.letters)
	case formRoman:
		if abs > 1e7 || abs != abs {
			return "", errDepth()
		}
		text = toRoman(abs)
		if f.letters == caseUpper {
			text = strings.ToUpper(text)
		}
	case formWords:
		words, err := toWords(abs, f.ordinal)
		if err != nil {
			return "", err
		}
		text = words
		if f.letters == caseUpper {
			text = strings.ToUpper(text)
		} else if f.letters == caseLower {
			text = strings.ToLower(text)
		}
	case formSequence:
		return "", fail("D3130", "value", f.token)
	default:
		text = f.digits(abs)
	}
	if n < 0 {
		text = "-" + text
	}
	return text, nil
}

// digits writes a number in digits with separators and an ordinal ending.
func (f *integerFormat) digits(n float64) string {
	text := value.FormatNumber(n)
	if missing := f.mandatory - float64(len(text)); missing > 0 {
		text = strings.Repeat("0", int(missing)) + text
	}
	if f.zero != '0' {
		runes := []rune(text)
		for i := range runes {
			runes[i] += f.zero - '0'
		}
		text = string(runes)
	}
	insert := func(at int, s string) {
		n := value.UTF16Len(text)
		if at < 0 {
			at = max(0, n+at)
		}
		text = value.Slice(text, 0, at) + s + value.Slice(text, at, n)
	}
	if f.regular > 0 {
		for i := (value.UTF16Len(text) - 1) / f.regular; i > 0; i-- {
			insert(value.UTF16Len(text)-i*f.regular, f.separators[0].text)
		}
	} else {
		for i := len(f.separators) - 1; i >= 0; i-- {
			insert(value.UTF16Len(text)-f.separators[i].at, f.separators[i].text)
		}
	}
	if f.ordinal {
		text += ordinalEnding(text)
	}
	return text
}

func ordinalEnding(text string) string {
	n := len(text)
	if n > 1 && text[n-2] == '1' {
		return "th"
	}
	switch text[n-1] {
	case '1':
		return "st"
	case '2':
		return "nd"
	case '3':
		return "rd"
	}
	return "th"
}

func toLetters(n float64, c letterCase) string {
	first := byte('a')
	if c == caseUpper {
		first = 'A'
	}
	var out []byte
	for n > 0 && n-n == 0 {
		out = append([]byte{first + byte(math.Mod(n-1, 26))}, out...)
		n = math.Floor((n - 1) / 26)
	}
	return string(out)
}

// romanNumerals and their values, the largest first.
var (
	romanNumerals = []string{"m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"}
	romanValues   = []float64{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1}
)

func toRoman(n float64) string {
	var b strings.Builder
	for i, v := range romanValues {
		for n >= v {
			b.WriteString(romanNumerals[i])
			n -= v
		}
	}
	return b.String()
}
