package jsonata

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

func fnFormatNumber(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Undefined, nil
	}
	s := styleOf(c.arg(2))
	if s.zeroText == "" {
		s.zero = 0
	}
	picture, err := c.picture(1, "split")
	if err != nil {
		return value.Undefined, err
	}
	f, err := s.formatter(picture)
	if err != nil {
		return value.Undefined, err
	}
	text, err := f.format(c.arg(0).Num())
	return value.Str(text), err
}

// numberFormat is a style with the pictures for positive and negative numbers.
type numberFormat struct {
	*numberStyle
	positive, negative picture
}

func (s *numberStyle) formatter(text string) (*numberFormat, error) {
	parts := strings.Split(text, s.separator)
	if s.separator == "" {
		parts = parts[:0]
		for _, c := range units(text) {
			parts = append(parts, value.FromUTF16([]uint16{c}))
		}
	}
	if len(parts) > 2 {
		return nil, fail("D3080", "stack")
	}
	var pictures []picture
	for _, part := range parts {
		pictures = append(pictures, s.split(part))
	}
	for i := range pictures {
		if code := s.check(&pictures[i]); code != "" {
			return nil, fail(code, "stack")
		}
	}
	for i := range pictures {
		s.analyse(&pictures[i])
	}
	if len(pictures) == 0 {
		return nil, typeError("Cannot read properties of undefined (reading 'prefix')")
	}
	f := &numberFormat{numberStyle: s, positive: pictures[0], negative: pictures[len(pictures)-1]}
	if len(pictures) == 1 {
		f.negative.prefix = s.minus + f.negative.prefix
	}
	return f, nil
}

// digits writes |f| with dp decimals in the style's digits.
func (s *numberStyle) digits(f float64, dp int) (string, error) {
	text, err := value.ToFixed(math.Abs(f), dp)
	if err != nil || s.zeroText == "0" {
		return text, err
	}
	u := units(text)
	for i, c := range u {
		if c >= '0' && c <= '9' {
			u[i] = s.zero + c - '0'
		}
	}
	return value.FromUTF16(u), nil
}

func (f *numberFormat) format(n float64) (string, error) {
	p := &f.negative
	if n >= 0 {
		p = &f.positive
	}
	switch {
	case strings.Contains(p.text, f.percent):
		n *= 100
	case strings.Contains(p.text, f.perMille):
		n *= 1000
	}
	exponent := 0
	if p.minExponent > 0 {
		n, exponent = scale(n, p.scaling)
	}
	text, err := f.digits(round(n, float64(p.maxFraction)), p.maxFraction)
	if err != nil {
		return "", err
	}
	text = f.group(p, f.pad(p, text))
	at := indexFrom(text, f.decimal, 0)
	if !strings.Contains(p.text, f.decimal) || at == value.UTF16Len(text)-1 {
		text = value.Slice(text, 0, value.UTF16Len(text)-1)
	}
	if p.minExponent > 0 {
		e, err := f.digits(float64(exponent), 0)
		if err != nil {
			return "", err
		}
		e = strings.Repeat(f.zeroText, max(0, p.minExponent-value.UTF16Len(e))) + e
		if exponent < 0 {
			e = f.minus + e
		}
		text += f.exponent + e
	}
	return p.prefix + text + p.suffix, nil
}

// scale moves the decimal point of n so that it has as many integer digits as the
// picture.
func scale(n float64, digits int) (mantissa float64, exponent int) {
	most, least := value.Pow(10, float64(digits)), value.Pow(10, float64(digits-1))
	if n == 0 || n-n != 0 {
		return n, 0
	}
	for math.Abs(n) < least {
		n *= 10
		exponent--
	}
	for math.Abs(n) > most {
		n /= 10
		exponent++
	}
	return n, exponent
}

// pad brings both sides of the decimal separator to their least widths.
func (f *numberFormat) pad(p *picture, text string) string {
	if strings.Contains(text, ".") {
		text = strings.Replace(text, ".", f.decimal, 1)
	} else {
		text += f.decimal
	}
	if f.zeroText != "" {
		zero := value.FromUTF16([]uint16{f.zero})
		if zero == f.zeroText {
			text = strings.TrimLeft(text, zero)
			text = strings.TrimRight(text, zero)
		}
	}
	at := indexFrom(text, f.decimal, 0)
	left := p.minInteger - at
	right := p.minFraction - (value.UTF16Len(text) - at - 1)
	return strings.Repeat(f.zeroText, max(0, left)) + text + strings.Repeat(f.zeroText, max(0, right))
}

// group puts in the grouping separators.
func (f *numberFormat) group(p *picture, text string) string {
	insert := func(at int) {
		n := value.UTF16Len(text)
		if at < 0 {
			at = max(0, n+at)
		}
		text = value.Slice(text, 0, at) + f.grouping + value.Slice(text, at, n)
	}
	at := indexFrom(text, f.decimal, 0)
	if p.regular > 0 {
		for i := 1; i <= (at-1)/p.regular; i++ {
			insert(at - i*p.regular)
		}
	} else {
		for _, pos := range p.positions {
			insert(at - pos)
			at++
		}
	}
	at = indexFrom(text, f.decimal, 0)
	for _, pos := range p.fractionPosition {
		insert(pos + at + 1)
	}
	return text
}
