package moment

import (
	"math"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

func zoneAbbreviation(ms float64, zone *time.Location) string {
	name, _ := time.UnixMilli(int64(ms)).In(zone).Zone()
	return name
}

// unitOf gives the unit that a name or letter stands for, "" if there is none.
func unitOf(name string) string {
	switch name {
	case "D":
		return "date"
	case "d":
		return "day"
	case "e":
		return "weekday"
	case "E":
		return "isoWeekday"
	case "DDD":
		return "dayOfYear"
	case "h":
		return "hour"
	case "ms":
		return "millisecond"
	case "m":
		return "minute"
	case "M":
		return "month"
	case "Q":
		return "quarter"
	case "s":
		return "second"
	case "gg":
		return "weekYear"
	case "GG":
		return "isoWeekYear"
	case "w":
		return "week"
	case "W":
		return "isoWeek"
	case "y":
		return "year"
	}
	for _, unit := range []string{"date", "day", "weekday", "isoWeekday", "dayOfYear", "hour", "millisecond", "minute",
		"month", "quarter", "second", "weekYear", "isoWeekYear", "week", "isoWeek", "year"} {
		if low := strings.ToLower(unit); strings.ToLower(name) == low || strings.ToLower(name) == low+"s" {
			return unit
		}
	}
	return ""
}

// duration is a length of time in parts that do not convert into each other.
type duration struct{ months, days, ms float64 }

// add adds n units to a duration.
func (d *duration) add(unit string, n float64) {
	n = float64(n) // a product must not be fused with the sums below
	switch unit {
	case "year":
		d.months += float64(n * 12)
	case "quarter":
		d.months += float64(n * 3)
	case "month":
		d.months += n
	case "week", "isoWeek":
		d.days += float64(n * 7)
	case "day":
		d.days += n
	case "hour":
		d.ms += float64(n * 3_600_000)
	case "minute":
		d.ms += float64(n * 60_000)
	case "second":
		d.ms += float64(n * 1000)
	case "millisecond":
		d.ms += n
	}
}

// durationOf reads what add and subtract are given.
func durationOf(v, unit value.Value) (d duration) {
	if o := v.Object(); o != nil {
		for i := range o.Len() {
			d.add(unitOf(o.At(i).Key), value.ToNumber(o.At(i).Value))
		}
		return d
	}
	if n := value.ToNumber(v); n == n && !v.IsNullish() || v.IsNumber() {
		name := "millisecond"
		if value.Truthy(unit) {
			name = unitOf(value.ToString(unit))
		}
		d.add(name, n)
		return d
	}
	if v.IsString() {
		d.text(v.Str())
	}
	return d
}

// text reads 1.02:03:04.5 and P1DT2H.
func (d *duration) text(s string) {
	sign := 1.0
	t := strings.TrimPrefix(s, "+")
	if strings.HasPrefix(s, "-") {
		sign, t = -1, s[1:]
	}
	if !strings.HasPrefix(t, "P") {
		d.clock(t, sign)
		return
	}
	clock, number := false, ""
	for _, c := range t[1:] {
		switch {
		case c == 'T':
			clock = true
		case c >= '0' && c <= '9' || strings.ContainsRune("+-.,", c):
			number += string(c)
			continue
		default:
			n := value.ParseFloat(strings.Replace(number, ",", ".", 1))
			if n != n {
				n = 0
			}
			units := map[rune]string{'Y': "year", 'M': "month", 'W': "week", 'D': "day"}
			if clock {
				units = map[rune]string{'H': "hour", 'M': "minute", 'S': "second"}
			}
			d.add(units[c], n*sign)
		}
		number = ""
	}
}

// clock reads days.hours:minutes:seconds.
func (d *duration) clock(s string, sign float64) {
	parts := strings.Split(s, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return
	}
	if at := strings.IndexAny(parts[0], ". "); at >= 0 {
		d.add("day", value.ParseNumber(parts[0][:at])*sign)
		parts[0] = parts[0][at+1:]
	}
	for i, unit := range []string{"hour", "minute", "second"} {
		if i >= len(parts) {
			break
		}
		n := value.ParseNumber(parts[i])
		if n != n {
			*d = duration{}
			return
		}
		d.add(unit, n*sign)
	}
}

// addDuration moves the moment; months and days are whole numbers of local time.
func (m *moment) addDuration(d duration, sign float64) {
	months, days := float64(roundAway(d.months)*sign), float64(roundAway(d.days)*sign)
	if !m.valid() {
		return
	}
	if months != 0 {
		m.setMonth(float64(m.fields().Month) + months)
	}
	if days != 0 {
		m.move(func(f *[7]float64) { f[2] += days })
	}
	if ms := value.ToInteger(d.ms * sign); d.ms != 0 {
		m.ms = value.TimeClip(m.ms + ms)
	}
}

func roundAway(f float64) float64 {
	if f < 0 {
		return -value.Round(-f)
	}
	return value.Round(f)
}

func (m *moment) setMonth(month float64) {
	m.move(func(f *[7]float64) {
		if f[2] >= 29 {
			f[2] = math.Min(f[2], daysInMonth(f[0], month))
		}
		f[1] = month
	})
}

// bounds gives the first point in time of the unit that the moment is in, and
// that of the next one.
func (m *moment) bounds(unit string) (from, to float64) {
	f := m.fields()
	y, mo, d := float64(f.Year), float64(f.Month), float64(f.Day)
	day := func(y, mo, d float64) float64 { return m.at(y, mo, d, 0, 0, 0, 0) }
	clock := func(size, offset float64) (float64, float64) {
		from := m.ms - mod(m.ms+float64(offset), size)
		return from, from + size
	}
	switch unit {
	case "year":
		return day(y, 0, 1), day(y+1, 0, 1)
	case "quarter":
		mo -= math.Mod(mo, 3)
		return day(y, mo, 1), day(y, mo+3, 1)
	case "month":
		return day(y, mo, 1), day(y, mo+1, 1)
	case "week":
		d -= float64(f.Weekday)
		return day(y, mo, d), day(y, mo, d+7)
	case "isoWeek":
		d -= float64(m.isoWeekday() - 1)
		return day(y, mo, d), day(y, mo, d+7)
	case "day", "date":
		return day(y, mo, d), day(y, mo, d+1)
	case "hour":
		return clock(3_600_000, m.utcOffset()*60_000)
	case "minute":
		return clock(60_000, 0)
	case "second":
		return clock(1000, 0)
	}
	return m.ms, m.ms + 1
}

func mod(a, b float64) float64 { return math.Mod(math.Mod(a, b)+b, b) }

func (m *moment) startOf(unit string) *moment {
	if m.valid() {
		m.ms, _ = m.bounds(unit)
	}
	return m
}

func (m *moment) endOf(unit string) *moment {
	if m.valid() {
		_, to := m.bounds(unit)
		m.ms = to - 1
	}
	return m
}

// like makes a moment of v that is read by the same clock as m.
func (m *moment) like(v value.Value) *moment {
	o := of(v)
	if o == nil {
		o = create([]value.Value{v}, m)
	}
	c := o.clone()
	c.mode, c.offset, c.zone = m.mode, m.offset, m.zone
	return c
}

// diff is m.diff(that, unit).
func (m *moment) diff(that *moment, unit string, exact bool) float64 {
	if !m.valid() || !that.valid() {
		return math.NaN()
	}
	ms := m.ms - that.ms
	zone := float64((that.utcOffset() - m.utcOffset()) * 60_000)
	out := ms
	switch unit {
	case "year":
		out = monthDiff(m, that) / 12
	case "month":
		out = monthDiff(m, that)
	case "quarter":
		out = monthDiff(m, that) / 3
	case "second":
		out = ms / 1000
	case "minute":
		out = ms / 60_000
	case "hour":
		out = ms / 3_600_000
	case "day":
		out = (ms - zone) / 86_400_000
	case "week":
		out = (ms - zone) / 604_800_000
	}
	if exact {
		return out
	}
	return math.Trunc(out) + 0
}

func monthDiff(a, b *moment) float64 {
	x, y := a.fields(), b.fields()
	if x.Day < y.Day {
		return -monthDiff(b, a)
	}
	whole := float64((y.Year-x.Year)*12 + y.Month - x.Month)
	after := func(months float64) float64 {
		c := a.clone()
		c.addDuration(duration{months: months}, 1)
		return c.ms
	}
	anchor := after(whole)
	adjust := 0.0
	if b.ms-anchor < 0 {
		adjust = (b.ms - anchor) / (anchor - after(whole-1))
	} else {
		adjust = (b.ms - anchor) / (after(whole+1) - anchor)
	}
	return -(whole + adjust) + 0
}
