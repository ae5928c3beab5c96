package moment

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// part gets or sets one part of the time; x undefined gets.
func (m *moment) part(unit string, x value.Value) value.Value {
	switch unit {
	case "":
		return value.Live(m)
	case "isLeapYear":
		return value.Undefined
	}
	if !m.valid() {
		if x.IsNullish() {
			return value.Num(math.NaN())
		}
		return value.Live(m)
	}
	if x.IsNullish() {
		return value.Num(m.get(unit))
	}
	m.set(unit, x)
	return value.Live(m)
}

// get gives a part of the time.
func (m *moment) get(unit string) float64 {
	f := m.fields()
	switch unit {
	case "year":
		return float64(f.Year)
	case "month":
		return float64(f.Month)
	case "date":
		return float64(f.Day)
	case "hour":
		return float64(f.Hour)
	case "minute":
		return float64(f.Minute)
	case "second":
		return float64(f.Second)
	case "millisecond":
		return float64(f.Ms)
	case "day", "weekday":
		return float64(f.Weekday)
	case "isoWeekday":
		return float64(m.isoWeekday())
	case "dayOfYear":
		return float64(m.dayOfYear())
	case "quarter":
		return float64(f.Month/3 + 1)
	}
	dow, doy := 0, 6
	if strings.HasPrefix(unit, "iso") {
		dow, doy = 1, 4
	}
	week, year := m.week(dow, doy)
	if strings.HasSuffix(strings.ToLower(unit), "year") {
		return float64(year)
	}
	return float64(week)
}

// set sets a part of the time.
func (m *moment) set(unit string, x value.Value) {
	n := value.ToNumber(x)
	switch unit {
	case "month":
		if n != n {
			n = nameIndex(value.ToString(x), monthNames)
		}
		if n == n {
			m.setMonth(n)
		}
		return
	case "day":
		if n != n {
			n = nameIndex(value.ToString(x), dayNames)
		}
	}
	if n != n {
		return
	}
	days := func(by float64) { m.addDuration(duration{days: by}, 1) }
	switch unit {
	case "year":
		m.move(func(f *[7]float64) {
			if f[0] = n; f[1] == 1 && f[2] == 29 && !leap(n) {
				f[2] = 28
			}
		})
	case "quarter":
		m.setMonth(float64((n-1)*3) + math.Mod(m.get("month"), 3))
	case "week", "isoWeek":
		days((n - m.get(unit)) * 7)
	case "day", "weekday", "dayOfYear":
		days(n - m.get(unit))
	case "isoWeekday":
		days(n - m.get(unit))
	case "weekYear", "isoWeekYear":
		m.setWeekYear(unit, n)
	default:
		for i, name := range []string{"", "", "date", "hour", "minute", "second", "millisecond"} {
			if name == unit {
				m.move(func(f *[7]float64) { f[i] = n })
			}
		}
	}
}

// setWeekYear moves to the same week and day of another week year.
func (m *moment) setWeekYear(unit string, year float64) {
	dow, doy, day := 0, 6, m.fields().Weekday
	week, _ := m.week(0, 6)
	if unit == "isoWeekYear" {
		dow, doy, day = 1, 4, m.isoWeekday()
		week, _ = m.week(1, 4)
	}
	week = min(week, weeksInYear(year, dow, doy))
	y, n := fromWeek(year, float64(week), float64(day), dow, doy)
	f := m.fields()
	m.ms = m.at(y, 0, n, float64(f.Hour), float64(f.Minute), float64(f.Second), float64(f.Ms))
}

// fromWeek gives the year and the day of the year of a day in a week.
func fromWeek(year, week, day float64, dow, doy int) (y, dayOfYear float64) {
	local := math.Mod(7+day-float64(dow), 7)
	n := 1 + float64(7*(week-1)) + local + float64(firstWeekOffset(year, dow, doy))
	switch {
	case n <= 0:
		return year - 1, daysInYear(year-1) + n
	case n > daysInYear(year):
		return year + 1, n - daysInYear(year)
	}
	return year, n
}

// setAll sets several parts, the large ones first.
func (m *moment) setAll(o *value.Object) {
	for _, unit := range []string{"year", "weekYear", "isoWeekYear", "dayOfYear", "week", "isoWeek", "quarter", "month",
		"date", "day", "weekday", "isoWeekday", "hour", "minute", "second", "millisecond"} {
		for i := range o.Len() {
			if unitOf(o.At(i).Key) == unit {
				m.part(unit, o.At(i).Value)
			}
		}
	}
}

// nameIndex finds a full or short name, NaN if it is none.
func nameIndex(s string, names []string) float64 {
	s = strings.ToLower(s)
	for i, name := range names {
		name = strings.ToLower(name)
		if s == name || s == name[:3] || len(s) == 2 && s == name[:2] && len(names) == 7 {
			return float64(i)
		}
	}
	return math.NaN()
}
