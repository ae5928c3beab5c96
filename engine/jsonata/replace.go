package jsonata

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

func fnReplace(c call) (value.Value, error) {
	str, pattern := c.arg(0), c.arg(1)
	if str.IsUndefined() {
		return str, nil
	}
	if pattern.IsString() && pattern.Str() == "" {
		return str, fail("D3010", "stack", "value", pattern, "index", 2)
	}
	limit, err := c.limit(3, "D3011", "stack", "value", c.arg(3), "index", 4)
	if err != nil || limit == 0 {
		return str, err
	}
	if pattern.IsString() {
		return replaceText(str.Str(), pattern.Str(), value.ToString(c.arg(2)), limit), nil
	}
	return c.replaceMatches(str, limit)
}

func replaceText(s, pattern, by string, limit int) value.Value {
	var b strings.Builder
	at := 0
	for count := 0; limit < 0 || count < limit; count++ {
		i := value.IndexOf(s, pattern, 0)
		if i < 0 {
			break
		}
		b.WriteString(value.Slice(s, 0, i))
		b.WriteString(by)
		at = i + value.UTF16Len(pattern)
		s = value.Slice(s, at, value.UTF16Len(s))
	}
	b.WriteString(s)
	return value.Str(joined(b.String()))
}

// joined makes one character of surrogate halves that met.
func joined(s string) string {
	if !strings.Contains(s, "\xED") {
		return s
	}
	return value.FromUTF16(value.UTF16(s))
}

func (c *call) replaceMatches(str value.Value, limit int) (value.Value, error) {
	m, err := c.matcher(c.arg(1), str)
	if err != nil || m.IsUndefined() {
		return str, err
	}
	var b strings.Builder
	at, s := 0, str.Str()
	for count := 0; !m.IsUndefined() && (limit < 0 || count < limit); count++ {
		start := int(field(m, "start").Num())
		b.WriteString(substring(s, at, start))
		by, err := c.replacement(m)
		if err != nil {
			return str, err
		}
		if !by.IsString() {
			return str, fail("D3012", "stack", "value", by)
		}
		b.WriteString(by.Str())
		at = start + value.UTF16Len(field(m, "match").Str())
		if m, err = c.matcher(field(m, "next")); err != nil {
			return str, err
		}
	}
	b.WriteString(substring(s, at, value.UTF16Len(s)))
	return value.Str(joined(b.String())), nil
}

// replacement gives the text for a match: that of a function, or the third argument
// with $0, $1 … filled in.
func (c *call) replacement(m value.Value) (value.Value, error) {
	by := c.arg(2)
	if !by.IsString() {
		if !isFunction(by) {
			return by, typeError("Cannot read properties of undefined (reading 'apply')")
		}
		return c.callback(by, []value.Value{m})
	}
	t := by.Str()
	var b strings.Builder
	for {
		at := strings.IndexByte(t, '$')
		if at < 0 {
			b.WriteString(t)
			return value.Str(b.String()), nil
		}
		b.WriteString(t[:at])
		t = t[at+1:]
		switch {
		case strings.HasPrefix(t, "$"):
			b.WriteByte('$')
			t = t[1:]
		case strings.HasPrefix(t, "0"):
			b.WriteString(value.ToString(field(m, "match")))
			t = t[1:]
		default:
			t = t[groupText(&b, t, elements(field(m, "groups"))):]
		}
	}
}

// groupText writes the group whose number begins t and gives how much of t that is.
func groupText(b *strings.Builder, t string, groups []value.Value) int {
	n := float64(len(groups))
	digits := 1
	if len(groups) > 0 {
		digits = int(math.Floor(float64(value.Log(n)*0.4342944819032518))) + 1
	}
	read := func(k int) float64 { return value.ParseInt(t[:min(k, len(t))], 10) }
	index := read(digits)
	if digits > 1 && index > n {
		index = read(digits - 1)
	}
	if index != index {
		b.WriteByte('$')
		return 0
	}
	if at := int(index) - 1; at >= 0 && at < len(groups) && !groups[at].IsUndefined() {
		b.WriteString(value.ToString(groups[at]))
	}
	return min(len(value.FormatNumber(index)), len(t))
}
