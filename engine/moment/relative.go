package moment

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// relative does the methods that say a time relative to another, and a few that
// only read.
func (m *moment) relative(name string, args []value.Value) (value.Value, bool) {
	a := argument(args, 0)
	switch name {
	case "fromNow", "toNow":
		return m.said(m.like(value.Num(m.now)), value.Truthy(a), name == "toNow"), true
	case "from", "to":
		return m.said(m.like(a), value.Truthy(argument(args, 1)), name == "to"), true
	case "calendar":
		return value.Str(m.calendar(a)), true
	case "isLeapYear":
		return value.Bool(leap(float64(m.fields().Year))), true
	case "daysInMonth":
		f := m.fields()
		return value.Num(daysInMonth(float64(f.Year), float64(f.Month))), true
	case "weeksInYear":
		return value.Int(weeksInYear(float64(m.fields().Year), 0, 6)), true
	case "isoWeeksInYear":
		return value.Int(weeksInYear(float64(m.fields().Year), 1, 4)), true
	case "eraName":
		return value.Str(era(m.fields().Year, "Anno Domini", "Before Christ")), true
	case "eraYear":
		if y := m.fields().Year; y < 1 {
			return value.Int(1 - y), true
		}
		return value.Int(m.fields().Year), true
	}
	return value.Undefined, false
}

// said is a difference in words: m seen from that, or the other way round.
func (m *moment) said(that *moment, bare, reverse bool) value.Value {
	if !m.valid() || !that.valid() {
		return value.Str("Invalid date")
	}
	d := between(that, m)
	if reverse {
		d.months, d.ms = -d.months, -d.ms
	}
	days := d.ms/86_400_000 + 0
	months := d.months
	allDays := days + value.Round(monthsToDays(months))
	ms := d.ms + float64(value.Round(monthsToDays(months))*86_400_000)
	text := inWords(ms, allDays, months+float64(days*4800)/146_097)
	future := ms > 0
	switch {
	case bare:
	case future:
		text = "in " + text
	default:
		text += " ago"
	}
	return value.Str(text)
}

func monthsToDays(months float64) float64 { return float64(months*146_097) / 4800 }

// between gives the whole months and the milliseconds from a to b.
func between(a, b *moment) duration {
	if a.ms < b.ms {
		return monthsBetween(a, b)
	}
	d := monthsBetween(b, a)
	return duration{months: -d.months, ms: -d.ms}
}

func monthsBetween(a, b *moment) duration {
	x, y := a.fields(), b.fields()
	months := float64(y.Month - x.Month + (y.Year-x.Year)*12)
	after := func() float64 {
		c := a.clone()
		c.addDuration(duration{months: months}, 1)
		return c.ms
	}
	if after() > b.ms {
		months--
	}
	return duration{months: months, ms: b.ms - after()}
}

// inWords says a length of time without its sign.
func inWords(ms, days, months float64) string {
	abs := func(f float64) float64 { return value.Round(value.Abs(f)) }
	seconds, minutes, hours := abs(ms/1000), abs(ms/60_000), abs(ms/3_600_000)
	d, mo, years := abs(days), abs(months), abs(months/12)
	count := func(n float64, unit string) string { return value.FormatNumber(n) + " " + unit }
	switch {
	case seconds <= 44:
		return "a few seconds"
	case minutes <= 1:
		return "a minute"
	case minutes < 45:
		return count(minutes, "minutes")
	case hours <= 1:
		return "an hour"
	case hours < 22:
		return count(hours, "hours")
	case d <= 1:
		return "a day"
	case d < 26:
		return count(d, "days")
	case mo <= 1:
		return "a month"
	case mo < 11:
		return count(mo, "months")
	case years <= 1:
		return "a year"
	}
	return count(years, "years")
}

// calendar says a day near another one: Today at 2:30 AM.
func (m *moment) calendar(from value.Value) string {
	if !value.Truthy(from) {
		from = value.Num(m.now)
	}
	diff := m.diff(m.like(from).startOf("day"), "day", true)
	switch {
	case diff < -6 || diff >= 7 || diff != diff:
		return m.format("L")
	case diff < -1:
		return m.format("[Last] dddd [at] LT")
	case diff < 0:
		return m.format("[Yesterday at] LT")
	case diff < 1:
		return m.format("[Today at] LT")
	case diff < 2:
		return m.format("[Tomorrow at] LT")
	}
	return m.format("dddd [at] LT")
}

// offsetOf finds an offset as +01:00, +0100, +01 or Z in a text: the last there is,
// in minutes.
func offsetOf(s string) (minutes float64, ok bool) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == 'Z' || s[i] == 'z' {
			return 0, true
		}
		if t := offsetAt(s[i:]); t != "" {
			digits := strings.ReplaceAll(t[1:], ":", "")
			minutes = float64(value.ParseNumber(digits[:2]) * 60)
			if len(digits) > 2 {
				minutes += value.ParseNumber(digits[2:])
			}
			if t[0] == '-' && minutes != 0 {
				minutes = -minutes
			}
			return minutes, true
		}
	}
	return 0, false
}

// offsetAt gives the offset at the start of s, "" if there is none.
func offsetAt(s string) string {
	if len(s) < 3 || s[0] != '+' && s[0] != '-' || !digitsAt(s, 1, 2) {
		return ""
	}
	at := 3
	if strings.HasPrefix(s[3:], ":") {
		at = 4
	}
	if digitsAt(s, at, 2) {
		return s[:at+2]
	}
	return s[:3]
}

// digitsAt reports whether n digits begin at position at.
func digitsAt(s string, at, n int) bool {
	if at+n > len(s) {
		return false
	}
	for _, c := range []byte(s[at : at+n]) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
