package moment

import (
	"math"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// methodNames are the methods that moments have here, each between blanks.
const methodNames = ` add subtract calendar clone diff endOf format from fromNow get isAfter isBefore isBetween isSame
 isSameOrAfter isSameOrBefore isValid locale set startOf to toNow toArray toObject toDate toISOString toJSON toString
 unix valueOf year years isLeapYear weekYear isoWeekYear quarter quarters month months daysInMonth week weeks isoWeek
 isoWeeks weeksInYear isoWeeksInYear date dates day days weekday isoWeekday dayOfYear hour hours minute minutes second
 seconds millisecond milliseconds utcOffset utc local isDST isLocal isUtcOffset isUtc isUTC zoneAbbr zoneName tz
 eraName eraYear max min inspect `

func isMethod(name string) bool {
	return name != "" && strings.Contains(strings.ReplaceAll(methodNames, "\n", ""), " "+name+" ")
}

// call calls a method by name.
func (m *moment) call(name string, args []value.Value) (value.Value, error) {
	if v, ok := m.compare(name, args); ok {
		return v, nil
	}
	if v, ok := m.convert(name, args); ok {
		return v, nil
	}
	if v, ok := m.zoneMethod(name, args); ok {
		return v, nil
	}
	if v, ok := m.relative(name, args); ok {
		return v, nil
	}
	a := argument(args, 0)
	self := value.Live(m)
	switch name {
	case "add", "subtract":
		unit := argument(args, 1)
		if unit.IsNumber() || unit.IsString() && value.ToNumber(unit) == value.ToNumber(unit) {
			a, unit = unit, a // the old order
		}
		sign := 1.0
		if name == "subtract" {
			sign = -1
		}
		m.addDuration(durationOf(a, unit), sign)
		return self, nil
	case "startOf":
		m.startOf(unitOf(value.ToString(a)))
		return self, nil
	case "endOf":
		m.endOf(unitOf(value.ToString(a)))
		return self, nil
	case "locale":
		if a.IsUndefined() {
			return value.Str("en"), nil
		}
		return self, nil
	case "get":
		return m.part(unitOf(value.ToString(a)), value.Undefined), nil
	case "set":
		if o := a.Object(); o != nil {
			m.setAll(o)
			return self, nil
		}
		return m.part(unitOf(value.ToString(a)), argument(args, 1)), nil
	case "weekYear", "isoWeekYear", "weekday", "isoWeekday", "dayOfYear", "date":
		return m.part(name, a), nil
	}
	return m.part(unitOf(name), a), nil
}

// compare does the methods that compare with another time.
func (m *moment) compare(name string, args []value.Value) (value.Value, bool) {
	unit := ""
	if v := argument(args, 1); value.Truthy(v) {
		unit = unitOf(value.ToString(v))
	}
	switch name {
	case "isBefore", "isAfter", "isSame", "isSameOrBefore", "isSameOrAfter":
		return value.Bool(m.ordered(name, m.like(argument(args, 0)), unit)), true
	case "isBetween":
		unit = ""
		if v := argument(args, 2); value.Truthy(v) {
			unit = unitOf(value.ToString(v))
		}
		bounds := "()"
		if v := argument(args, 3); value.Truthy(v) {
			bounds = value.ToString(v) + "  "
		}
		from, to := m.like(argument(args, 0)), m.like(argument(args, 1))
		if !m.valid() || !from.valid() || !to.valid() {
			return value.False, true
		}
		above, below := m.ordered("isAfter", from, unit), m.ordered("isBefore", to, unit)
		if bounds[0] != '(' {
			above = !m.ordered("isBefore", from, unit)
		}
		if bounds[1] != ')' {
			below = !m.ordered("isAfter", to, unit)
		}
		return value.Bool(above && below), true
	case "diff":
		return value.Num(m.diff(m.like(argument(args, 0)), unit, value.Truthy(argument(args, 2)))), true
	case "max", "min":
		other := m.like(argument(args, 0))
		if !m.valid() || !other.valid() {
			return value.Live(&moment{ms: math.NaN(), local: m.local, now: m.now}), true
		}
		if (other.ms < m.ms) == (name == "max") && other.ms != m.ms { // the names are the wrong way round
			return value.Live(other), true
		}
		return value.Live(m), true
	}
	return value.Undefined, false
}

func (m *moment) ordered(how string, that *moment, unit string) bool {
	if !m.valid() || !that.valid() {
		return false
	}
	from, to := m.ms, m.ms
	if unit != "" && unit != "millisecond" {
		from, to = m.bounds(unit)
		to--
	}
	switch how {
	case "isBefore":
		return to < that.ms
	case "isAfter":
		return that.ms < from
	case "isSame":
		return from <= that.ms && that.ms <= to
	case "isSameOrBefore":
		return from <= that.ms
	}
	return that.ms <= to
}

// convert does the methods that give the time in another form.
func (m *moment) convert(name string, args []value.Value) (value.Value, bool) {
	a := argument(args, 0)
	switch name {
	case "format":
		layout := ""
		if value.Truthy(a) {
			layout = value.ToString(a)
		}
		return value.Str(m.format(layout)), true
	case "valueOf":
		return value.Num(m.ms), true
	case "unix":
		return value.Num(math.Floor(m.ms / 1000)), true
	case "toISOString":
		return m.iso(a.Bool()), true
	case "toJSON":
		return m.iso(false), true
	case "toString":
		s, _ := m.ToString()
		return value.Str(s), true
	case "inspect":
		return m.inspect(), true
	case "toDate":
		return value.NewDate(m.ms), true
	case "clone":
		return value.Live(m.clone()), true
	case "isValid":
		return value.Bool(m.valid()), true
	case "toArray", "toObject":
		f := m.fields()
		parts := []int{f.Year, f.Month, f.Day, f.Hour, f.Minute, f.Second, f.Ms}
		list, o := value.NewArray(), value.NewObject()
		for i, key := range []string{"years", "months", "date", "hours", "minutes", "seconds", "milliseconds"} {
			v := value.Int(parts[i])
			if !m.valid() {
				v = value.Num(math.NaN())
			}
			list.Append(v)
			o.Set(key, v)
		}
		if name == "toArray" {
			return value.Of(list), true
		}
		return value.Of(o), true
	}
	return value.Undefined, false
}

func (m *moment) inspect() value.Value {
	if !m.valid() {
		return value.Str("moment.invalid(/* " + "Invalid date" + " */)")
	}
	name, zone := "moment", ""
	if m.mode != modeLocal {
		name, zone = "moment.utc", "Z"
		if m.utcOffset() != 0 {
			name = "moment.parseZone"
		}
	}
	layout := "YYYY-MM-DD[T]HH:mm:ss.SSS"
	if y := m.fields().Year; y < 0 || y > 9999 {
		layout = "YY" + layout
	}
	return value.Str(name + `("` + m.format(layout+zone) + `")`)
}

// zoneMethod does the methods about zones.
func (m *moment) zoneMethod(name string, args []value.Value) (value.Value, bool) {
	a := argument(args, 0)
	self := value.Live(m)
	switch name {
	case "utc":
		m.setOffset(0, value.Truthy(a))
		return self, true
	case "local":
		if m.mode != modeLocal {
			m.setOffset(0, value.Truthy(a))
			m.mode = modeLocal
			if value.Truthy(a) {
				m.keep(m.ms)
			}
		}
		return self, true
	case "utcOffset":
		if a.IsNullish() {
			return value.Num(m.utcOffset()), true
		}
		offset, ok := value.ToNumber(a), true
		if a.IsString() {
			offset, ok = offsetOf(a.Str())
		} else if math.Abs(offset) < 16 {
			offset *= 60
		}
		if ok {
			m.setOffset(offset, value.Truthy(argument(args, 1)))
		}
		return self, true
	case "tz":
		if !a.IsString() {
			return value.Undefined, true
		}
		load := m.load
		if load == nil {
			load = value.LoadZone
		}
		if loc, err := load(a.Str()); err == nil {
			local := m.ms + float64(m.utcOffset()*60_000)
			m.mode, m.zone = modeZone, loc
			if value.Truthy(argument(args, 1)) {
				m.keep(local)
			}
		}
		return self, true
	}
	return m.zoneQuestion(name)
}

// zoneQuestion does the methods that tell about the zone.
func (m *moment) zoneQuestion(name string) (value.Value, bool) {
	switch name {
	case "isDST":
		f := m.fields()
		winter := m.clone()
		winter.ms = m.at(float64(f.Year), 0, 1, 0, 0, 0, 0)
		summer := m.clone()
		summer.ms = m.at(float64(f.Year), 6, 1, 0, 0, 0, 0)
		least := math.Min(winter.utcOffset(), summer.utcOffset())
		return value.Bool(m.valid() && m.utcOffset() > least), true
	case "isLocal":
		return value.Bool(m.valid() && m.mode == modeLocal), true
	case "isUtcOffset":
		return value.Bool(m.valid() && m.mode != modeLocal), true
	case "isUtc", "isUTC":
		return value.Bool(m.valid() && m.mode != modeLocal && m.utcOffset() == 0), true
	case "zoneAbbr":
		return value.Str(m.zoneName()), true
	case "zoneName":
		if m.mode == modeFixed {
			return value.Str("Coordinated Universal Time"), true
		}
		return value.Str(m.zoneName()), true
	}
	return value.Undefined, false
}

// setOffset reads the moment by a fixed offset from now on; keep keeps the local time.
func (m *moment) setOffset(offset float64, keep bool) {
	if !m.valid() {
		return
	}
	local := m.ms + float64(m.utcOffset()*60_000)
	m.mode, m.offset = modeFixed, offset
	if keep {
		m.keep(local)
	}
}

// keep sets the moment to a local time, given as if it were UTC.
func (m *moment) keep(local float64) {
	f := value.Fields(local, time.UTC)
	m.ms = m.at(float64(f.Year), float64(f.Month), float64(f.Day), float64(f.Hour), float64(f.Minute), float64(f.Second), float64(f.Ms))
}
