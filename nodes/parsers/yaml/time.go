package yaml

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// clock reads the parts of a timestamp.
type clock struct {
	s  string
	ok bool
}

// number reads from least up to most digits.
func (c *clock) number(least, most int) float64 {
	n := countDigits(c.s[:min(len(c.s), most)])
	if n < least {
		c.ok = false
		return 0
	}
	f := value.ParseInt(c.s[:n], 10)
	c.s = c.s[n:]
	return f
}

// take reads one of some characters.
func (c *clock) take(chars string) bool {
	if c.s == "" || strings.IndexByte(chars, c.s[0]) < 0 {
		return false
	}
	c.s = c.s[1:]
	return true
}

func (c *clock) expect(chars string) { c.ok = c.take(chars) && c.ok }

// toTime reads a date, or a date and a time.
func toTime(s string) (value.Value, bool) {
	if len(s) < 8 || s[0]-'0' > 9 || s[4] != '-' {
		return value.Undefined, false
	}
	c := clock{s, true}
	year := c.number(4, 4)
	c.expect("-")
	month := c.number(1, 2)
	c.expect("-")
	day := c.number(1, 2)
	if year < 100 {
		year += 1900
	}
	if c.ok && c.s == "" {
		return value.NewDate(value.UTC(year, month-1, day, 0, 0, 0, 0)), len(s) == 10
	}
	if !c.take("Tt") {
		c.expect(" \t")
		c.s = strings.TrimLeft(c.s, " \t")
	}
	hour := c.number(1, 2)
	c.expect(":")
	minute := c.number(2, 2)
	c.expect(":")
	second := c.number(2, 2)
	ms := 0.0
	if c.take(".") {
		n := countDigits(c.s)
		ms = value.ParseInt((c.s[:n] + "000")[:3], 10)
		c.s = c.s[n:]
	}
	offset := c.offset()
	return value.NewDate(value.UTC(year, month-1, day, hour, minute, second, ms) - offset), c.ok && c.s == ""
}

// offset reads a time zone, in milliseconds; none is UTC.
func (c *clock) offset() float64 {
	if c.s == "" {
		return 0
	}
	c.s = strings.TrimLeft(c.s, " \t")
	if c.take("Z") {
		return 0
	}
	sign := 1.0
	if c.take("-") {
		sign = -1
	} else {
		c.expect("+")
	}
	hours, minutes := c.number(1, 2), 0.0
	if c.take(":") {
		minutes = c.number(2, 2)
	}
	total := float64(hours*60) + minutes
	return sign * total * 60000
}
