package jsonata

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// ofText makes a built-in function of one on strings.
func ofText(f func(string) string) native {
	return func(c call) (value.Value, error) {
		if !c.arg(0).IsString() {
			return value.Undefined, nil
		}
		return value.Str(f(c.arg(0).Str())), nil
	}
}

func fnString(c call) (value.Value, error) {
	v := c.arg(0)
	if v.IsUndefined() {
		return v, nil
	}
	s, err := stringify(v, value.Truthy(c.arg(1)))
	return value.Str(s), err
}

// characters is the number of code points of a string.
func characters(s string) int {
	n := 0
	for i := range len(s) {
		if s[i]&0xC0 != 0x80 {
			n++
		}
	}
	return n
}

// cut gives the code points from from up to to, with JavaScript's rules for
// negative and fractional positions.
func cut(s string, from, to float64) string {
	n := float64(characters(s))
	clamp := func(f float64) int {
		f = value.ToInteger(f)
		if f < 0 {
			f += n
		}
		return int(math.Max(0, math.Min(f, n)))
	}
	start, end := clamp(from), clamp(to)
	if start >= end {
		return ""
	}
	if len(s) == int(n) {
		return s[start:end]
	}
	at, first := 0, 0
	for i := range len(s) {
		if s[i]&0xC0 == 0x80 {
			continue
		}
		if at == start {
			first = i
		}
		if at == end {
			return s[first:i]
		}
		at++
	}
	return s[first:]
}

func fnSubstring(c call) (value.Value, error) {
	if !c.arg(0).IsString() {
		return value.Undefined, nil
	}
	s, start := c.arg(0).Str(), value.ToNumber(c.arg(1))
	n := float64(characters(s))
	if n+start < 0 {
		start = 0
	}
	if c.arg(2).IsUndefined() {
		if start != start {
			start = 0
		}
		return value.Str(cut(s, start, n)), nil
	}
	length := c.arg(2).Num()
	if length <= 0 {
		return value.Str(""), nil
	}
	end := n + start + length
	if start >= 0 {
		end = start + length
	}
	return value.Str(cut(s, start, end)), nil
}

// before finds chars in str: the UTF-16 position and whether it is there. A missing
// chars is the text "undefined".
func indexIn(c call) (str, chars string, at int) {
	str, chars = c.arg(0).Str(), value.ToString(c.arg(1))
	return str, chars, value.IndexOf(str, chars, 0)
}

func fnSubstringBefore(c call) (value.Value, error) {
	if !c.arg(0).IsString() {
		return value.Undefined, nil
	}
	str, _, at := indexIn(c)
	if at < 0 {
		return c.arg(0), nil
	}
	return value.Str(value.Slice(str, 0, at)), nil
}

func fnSubstringAfter(c call) (value.Value, error) {
	if !c.arg(0).IsString() {
		return value.Undefined, nil
	}
	str, chars, at := indexIn(c)
	if at < 0 {
		return c.arg(0), nil
	}
	if c.arg(1).IsUndefined() {
		return value.Undefined, typeError("Cannot read properties of undefined (reading 'length')")
	}
	return value.Str(value.Slice(str, at+value.UTF16Len(chars), value.UTF16Len(str))), nil
}

func fnLength(c call) (value.Value, error) {
	if !c.arg(0).IsString() {
		return value.Undefined, nil
	}
	return value.Int(characters(c.arg(0).Str())), nil
}

// trim makes one blank of each run of blanks and drops those at the ends.
func trim(s string) string {
	fields := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' })
	return strings.Join(fields, " ")
}

// maxText bounds the length of a string that a function makes.
const maxText = 1<<29 - 24

func fnPad(c call) (value.Value, error) {
	if !c.arg(0).IsString() {
		return value.Undefined, nil
	}
	s, fill := c.arg(0).Str(), c.arg(2).Str()
	if fill == "" {
		fill = " "
	}
	width := math.Trunc(value.ToNumber(c.arg(1)))
	missing := math.Abs(width) - float64(characters(s))
	if !(missing > 0) {
		return c.arg(0), nil
	}
	if missing >= 1<<32-1 {
		return value.Undefined, value.NewError("RangeError", "Invalid array length")
	}
	if missing*float64(len(fill)) > maxText {
		return value.Undefined, value.NewError("RangeError", "Invalid string length")
	}
	padding := strings.Repeat(fill, int(missing))
	if value.UTF16Len(fill) > 1 {
		padding = cut(padding, 0, missing)
	}
	if width > 0 {
		return value.Str(s + padding), nil
	}
	return value.Str(padding + s), nil
}

func fnJoin(c call) (value.Value, error) {
	if !isArray(c.arg(0)) {
		return value.Undefined, nil
	}
	return value.Str(value.Join(value.NewArray(elements(c.arg(0))...), c.arg(1).Str())), nil
}
