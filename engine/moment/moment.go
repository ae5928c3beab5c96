package moment

import (
	"math"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// mode says by which clock a moment is read.
type mode uint8

const (
	modeLocal mode = iota // the host's zone
	modeFixed             // a fixed offset; UTC is the offset 0
	modeZone              // a zone set by tz()
)

// moment is a moment.js object: a point in time, changed in place by its methods.
type moment struct {
	ms     float64 // NaN is invalid
	mode   mode
	local  *time.Location
	zone   *time.Location // of modeZone
	offset float64        // of modeFixed, in minutes
	now    float64
	load   func(name string) (*time.Location, error)
}

// Format formats a time (milliseconds since the Unix epoch) in a zone by a moment
// layout: moment(ms).format(layout).
func Format(ms float64, layout string, zone *time.Location) string {
	m := &moment{ms: value.TimeClip(ms), local: orUTC(zone)}
	return m.format(layout)
}

func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}

// Host is what a moment takes from where it runs.
type Host struct {
	Now      float64                                   // milliseconds since the Unix epoch
	Zone     *time.Location                            // local time; nil is UTC
	LoadZone func(name string) (*time.Location, error) // for tz(); nil is value.LoadZone
}

// New is moment(input, format, …): a live value with the methods of a moment.
func New(args []value.Value, h Host) value.Value {
	return value.Live(create(args, &moment{now: h.Now, local: orUTC(h.Zone), load: h.LoadZone}))
}

func argument(args []value.Value, i int) value.Value {
	if i < len(args) {
		return args[i]
	}
	return value.Undefined
}

// of gives the moment that v is, or nil.
func of(v value.Value) *moment {
	if v.Kind() != value.KindForeign {
		return nil
	}
	m, _ := v.Foreign().(*moment)
	return m
}

// create makes a moment of what moment() is given, in the same place as from.
func create(args []value.Value, from *moment) *moment {
	m := &moment{ms: math.NaN(), local: from.local, now: from.now, load: from.load}
	input, format, strict := argument(args, 0), argument(args, 1), argument(args, 3)
	if format.IsBool() {
		strict, format = format, value.Undefined
	}
	if argument(args, 2).IsBool() {
		strict = argument(args, 2)
	}
	if other := of(input); other != nil {
		*m = *other
		m.local, m.now, m.load = from.local, from.now, from.load
		return m
	}
	if o := input.Object(); o != nil && o.Len() == 0 || input.Array() != nil && input.Array().Len() == 0 {
		input = value.Undefined
	}
	switch {
	case input.IsNull() || format.IsUndefined() && input.IsString() && input.Str() == "":
	case input.Kind() == value.KindDate:
		m.ms = input.Date().Ms
	case format.Array() != nil:
		m.parseBest(value.ToString(input), format.Array().Elems, value.Truthy(strict))
	case value.Truthy(format):
		p := newParse(m, value.ToString(input), value.Truthy(strict))
		p.format(value.ToString(format))
		m.take(p)
	default:
		m.input(input, value.Truthy(strict))
	}
	return m
}

// input reads an input without a format.
func (m *moment) input(v value.Value, strict bool) {
	switch {
	case v.IsUndefined():
		m.ms = m.now
	case v.IsString():
		m.text(v.Str(), strict)
	case v.IsNumber():
		m.ms = value.TimeClip(v.Num())
	case v.Array() != nil:
		p := newParse(m, "", false)
		for i, x := range v.Array().Elems {
			if i < len(p.parts) {
				p.set(i, value.ParseInt(value.ToString(x), 10))
			}
		}
		p.compose()
		m.take(p)
	case v.Object() != nil:
		m.object(v.Object())
	default:
		m.ms = value.ParseDate(value.ToString(v), m.local)
	}
}

// object reads {year: …, month: …}.
func (m *moment) object(o *value.Object) {
	p := newParse(m, "", false)
	order := []string{"year", "month", "date", "hour", "minute", "second", "millisecond"}
	for i := range o.Len() {
		unit := unitOf(o.At(i).Key)
		if unit == "day" {
			unit = "date"
		}
		for k, name := range order {
			if v := o.At(i).Value; name == unit && !v.IsUndefined() {
				p.set(k, value.ParseInt(value.ToString(v), 10))
			}
		}
	}
	p.compose()
	m.take(p)
}

func (m *moment) valid() bool { return m.ms == m.ms }

func (m *moment) isUTC() bool { return m.mode == modeFixed && m.offset == 0 }

// location is the zone by which the moment is read; nil for a fixed offset.
func (m *moment) location() *time.Location {
	switch m.mode {
	case modeLocal:
		return m.local
	case modeZone:
		return m.zone
	}
	return nil
}

// utcOffset is the offset from UTC in minutes.
func (m *moment) utcOffset() float64 {
	if loc := m.location(); loc != nil {
		return value.Round(float64(value.ZoneOffset(m.ms, loc)) / 60)
	}
	return m.offset
}

// fields are the parts of local time.
func (m *moment) fields() value.DateFields {
	if loc := m.location(); loc != nil {
		return value.Fields(m.ms, loc)
	}
	return value.Fields(m.ms+float64(m.offset*60_000), time.UTC)
}

// at is the point in time of local time; parts may be out of their ranges.
func (m *moment) at(year, month, day, hour, minute, second, ms float64) float64 {
	local := value.UTC(year, month, day, hour, minute, second, ms)
	if loc := m.location(); loc != nil {
		return value.TimeClip(value.FromLocal(local, loc))
	}
	return value.TimeClip(local - float64(m.offset*60_000))
}

// move sets some parts of local time and keeps the others.
func (m *moment) move(set func(f *[7]float64)) {
	if !m.valid() {
		return
	}
	f := m.fields()
	p := [7]float64{float64(f.Year), float64(f.Month), float64(f.Day), float64(f.Hour), float64(f.Minute), float64(f.Second), float64(f.Ms)}
	set(&p)
	m.ms = m.at(p[0], p[1], p[2], p[3], p[4], p[5], p[6])
}

func (m *moment) clone() *moment {
	c := *m
	return &c
}

func leap(year float64) bool {
	return math.Mod(year, 4) == 0 && math.Mod(year, 100) != 0 || math.Mod(year, 400) == 0
}

func daysInYear(year float64) float64 {
	if leap(year) {
		return 366
	}
	return 365
}

func daysInMonth(year, month float64) float64 {
	if year != year || month != month {
		return math.NaN()
	}
	mod := math.Mod(math.Mod(month, 12)+12, 12)
	year += (month - mod) / 12
	if mod == 1 {
		return daysInYear(year) - 337
	}
	return 31 - math.Mod(math.Mod(mod, 7), 2)
}

func (m *moment) dayOfYear() int {
	f := m.fields()
	return int((value.UTC(float64(f.Year), float64(f.Month), float64(f.Day), 0, 0, 0, 0)-
		value.UTC(float64(f.Year), 0, 1, 0, 0, 0, 0))/86_400_000) + 1
}

// firstWeekOffset is where the first week begins, in days from the first of January.
func firstWeekOffset(year float64, dow, doy int) int {
	first := 7 + dow - doy
	day := value.Fields(value.UTC(year, 0, float64(first), 0, 0, 0, 0), time.UTC).Weekday
	return -((7+day-dow)%7+7)%7 + first - 1
}

func weeksInYear(year float64, dow, doy int) int {
	return (int(daysInYear(year)) - firstWeekOffset(year, dow, doy) + firstWeekOffset(year+1, dow, doy)) / 7
}

// week is the week of the year, and that year; dow is the first day of a week, doy
// tells which week is the first.
func (m *moment) week(dow, doy int) (week, year int) {
	year = m.fields().Year
	y := float64(year)
	week = int(math.Floor(float64(m.dayOfYear()-firstWeekOffset(y, dow, doy)-1)/7)) + 1
	if week < 1 {
		return week + weeksInYear(y-1, dow, doy), year - 1
	}
	if n := weeksInYear(y, dow, doy); week > n {
		return week - n, year + 1
	}
	return week, year
}

func (m *moment) isoWeekday() int { return (m.fields().Weekday+6)%7 + 1 }
