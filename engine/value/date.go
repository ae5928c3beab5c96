package value

import (
	"math"
	"strconv"
	"time"
)

// maxDate is the farthest a Date may be from the epoch, in milliseconds.
const maxDate = 8.64e15

const msPerDay = 86_400_000

// DateFields are the parts of a point in time in some zone, as the getters of a
// JavaScript Date give them.
type DateFields struct {
	Year                     int
	Month                    int // 0 is January
	Day                      int // of the month, from 1
	Hour, Minute, Second, Ms int
	Weekday                  int // 0 is Sunday
	Offset                   int // seconds east of UTC
}

// TimeClip is the time value a Date of ms has: whole milliseconds, NaN if it is
// too far away.
func TimeClip(ms float64) float64 {
	if !(math.Abs(ms) <= maxDate) {
		return math.NaN()
	}
	return ToInteger(ms)
}

// ZoneOffset is the offset of local time from UTC at a point in time, in seconds
// east of UTC.
func ZoneOffset(ms float64, loc *time.Location) int {
	if loc == time.UTC || loc == nil {
		return 0
	}
	_, off := time.UnixMilli(int64(ms)).In(loc).Zone()
	return off
}

// Fields gives the parts of ms, which must be a valid time value, in loc.
func Fields(ms float64, loc *time.Location) DateFields {
	off := ZoneOffset(ms, loc)
	t := int64(ms) + int64(off)*1000
	days := floorDiv(t, msPerDay)
	rest := int(t - days*msPerDay)
	f := DateFields{Offset: off, Weekday: int(((days+4)%7 + 7) % 7)}
	f.Year, f.Month, f.Day = civil(days)
	f.Hour, rest = rest/3_600_000, rest%3_600_000
	f.Minute, rest = rest/60_000, rest%60_000
	f.Second, f.Ms = rest/1000, rest%1000
	return f
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// civil gives the date, in the Gregorian calendar at all times, of a day
// counted from the epoch.
func civil(days int64) (year, month, day int) {
	z := days + 719_468 // from the first of March of the year 0
	era := floorDiv(z, 146_097)
	doe := z - era*146_097
	yoe := (doe - doe/1460 + doe/36_524 - doe/146_096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = int(doy - (153*mp+2)/5 + 1)
	month = int(mp + 2)
	year = int(yoe + era*400)
	if month > 11 {
		month -= 12
		year++
	}
	return year, month, day
}

// dayNumber is the day, counted from the epoch, of the first of a month (0 is
// January, and others are carried over).
func dayNumber(year, month int64) int64 {
	year += floorDiv(month, 12)
	month -= floorDiv(month, 12) * 12
	y := year
	if month < 2 {
		y--
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doy := (153*((month+10)%12) + 2) / 5
	return era*146_097 + yoe*365 + yoe/4 - yoe/100 + doy - 719_468
}

// UTC is Date.UTC of parts that may be out of their ranges; month 0 is January.
// The year is taken as it is (99 is the year 99).
func UTC(year, month, day, hour, minute, second, ms float64) float64 {
	sum := year + month + day + hour + minute + second + ms
	if math.IsNaN(sum) || math.IsInf(sum, 0) || math.Abs(year) > 1e6 || math.Abs(month) > 1e7 {
		return math.NaN()
	}
	days := float64(dayNumber(int64(year), int64(month))) + math.Trunc(day) - 1
	clock := float64(math.Trunc(hour)*3_600_000) + float64(math.Trunc(minute)*60_000) + float64(math.Trunc(second)*1000) + math.Trunc(ms)
	return float64(days*msPerDay) + clock
}

// FromLocal turns a local time, written as if it were UTC, into the point in
// time. A time that does not exist is moved on by the gap, one that exists twice
// is the first, as in JavaScript.
func FromLocal(local float64, loc *time.Location) float64 {
	if !(math.Abs(local) <= maxDate+msPerDay) {
		return math.NaN()
	}
	before := float64(ZoneOffset(local-msPerDay, loc) * 1000)
	after := float64(ZoneOffset(local+msPerDay, loc) * 1000)
	if u := local - before; float64(ZoneOffset(u, loc)*1000) == before {
		return u
	}
	if u := local - after; float64(ZoneOffset(u, loc)*1000) == after {
		return u
	}
	return local - before
}

// ISO is Date.prototype.toISOString; "" for an invalid date.
func ISO(ms float64) string {
	if !(math.Abs(ms) <= maxDate) {
		return ""
	}
	f := Fields(ms, time.UTC)
	b := make([]byte, 0, 28)
	switch {
	case f.Year >= 0 && f.Year <= 9999:
		b = appendPadded(b, f.Year, 4)
	case f.Year < 0:
		b = appendPadded(append(b, '-'), -f.Year, 6)
	default:
		b = appendPadded(append(b, '+'), f.Year, 6)
	}
	b = appendPadded(append(b, '-'), f.Month+1, 2)
	b = appendPadded(append(b, '-'), f.Day, 2)
	b = appendClock(append(b, 'T'), f)
	b = appendPadded(append(b, '.'), f.Ms, 3)
	return string(append(b, 'Z'))
}

// ISOString is ISO with JavaScript's RangeError for an invalid date.
func ISOString(ms float64) (string, error) {
	if s := ISO(ms); s != "" {
		return s, nil
	}
	return "", NewError("RangeError", "Invalid time value")
}

// appendPadded appends n with zeros in front up to width digits.
func appendPadded(b []byte, n, width int) []byte {
	digits := 1
	for m := n; m >= 10; m /= 10 {
		digits++
	}
	for ; digits < width; digits++ {
		b = append(b, '0')
	}
	return strconv.AppendInt(b, int64(n), 10)
}

func appendClock(b []byte, f DateFields) []byte {
	b = appendPadded(b, f.Hour, 2)
	b = appendPadded(append(b, ':'), f.Minute, 2)
	return appendPadded(append(b, ':'), f.Second, 2)
}

const invalidDate = "Invalid Date"

var (
	weekdays = [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	months   = [...]string{"January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December"}
)

// WeekdayName is the English name of a day of the week, 0 being Sunday.
func WeekdayName(day int) string { return weekdays[(day%7+7)%7] }

// MonthName is the English name of a month, 0 being January.
func MonthName(month int) string { return months[(month%12+12)%12] }

func appendYear(b []byte, year int) []byte {
	if year < 0 {
		return appendPadded(append(b, '-'), -year, 4)
	}
	return appendPadded(b, year, 4)
}

// DateString is Date.prototype.toString in the zone loc, as
// "Thu Jan 01 1970 01:00:00 GMT+0100 (Central European Standard Time)".
func DateString(ms float64, loc *time.Location) string {
	if ms != ms {
		return invalidDate
	}
	return DayString(ms, loc) + " " + ClockString(ms, loc)
}

// DayString is Date.prototype.toDateString.
func DayString(ms float64, loc *time.Location) string {
	if ms != ms {
		return invalidDate
	}
	f := Fields(ms, loc)
	b := make([]byte, 0, 20)
	b = append(b, weekdays[f.Weekday][:3]...)
	b = append(b, ' ')
	b = append(b, months[f.Month][:3]...)
	b = appendPadded(append(b, ' '), f.Day, 2)
	return string(appendYear(append(b, ' '), f.Year))
}

// ClockString is Date.prototype.toTimeString.
func ClockString(ms float64, loc *time.Location) string {
	if ms != ms {
		return invalidDate
	}
	f := Fields(ms, loc)
	b := appendClock(make([]byte, 0, 64), f)
	b = append(b, " GMT"...)
	off := f.Offset
	sign := byte('+')
	if off < 0 {
		sign, off = '-', -off
	}
	b = appendPadded(append(b, sign), off/3600, 2)
	b = appendPadded(b, off/60%60, 2)
	b = append(b, " ("...)
	b = append(b, ZoneName(ms, loc)...)
	return string(append(b, ')'))
}

// UTCString is Date.prototype.toUTCString, as "Thu, 01 Jan 1970 00:00:00 GMT".
func UTCString(ms float64) string {
	if ms != ms {
		return invalidDate
	}
	f := Fields(ms, time.UTC)
	b := make([]byte, 0, 32)
	b = append(b, weekdays[f.Weekday][:3]...)
	b = appendPadded(append(b, ", "...), f.Day, 2)
	b = append(b, ' ')
	b = append(b, months[f.Month][:3]...)
	b = appendYear(append(b, ' '), f.Year)
	b = appendClock(append(b, ' '), f)
	return string(append(b, " GMT"...))
}

// LocaleDateString is Date.prototype.toLocaleDateString for en-US, as "1/31/1970".
func LocaleDateString(ms float64, loc *time.Location) string {
	if ms != ms {
		return invalidDate
	}
	f := Fields(ms, loc)
	year := f.Year
	if year <= 0 { // it is 1 BC, shown without its era
		year = 1 - year
	}
	return strconv.Itoa(f.Month+1) + "/" + strconv.Itoa(f.Day) + "/" + strconv.Itoa(year)
}

// LocaleTimeString is Date.prototype.toLocaleTimeString for en-US, as "1:00:00 AM".
func LocaleTimeString(ms float64, loc *time.Location) string {
	if ms != ms {
		return invalidDate
	}
	f := Fields(ms, loc)
	half := "AM"
	if f.Hour >= 12 {
		half = "PM"
	}
	b := strconv.AppendInt(nil, int64((f.Hour+11)%12+1), 10)
	b = appendPadded(append(b, ':'), f.Minute, 2)
	b = appendPadded(append(b, ':'), f.Second, 2)
	return string(b) + " " + half
}

// LocaleString is Date.prototype.toLocaleString for en-US.
func LocaleString(ms float64, loc *time.Location) string {
	if ms != ms {
		return invalidDate
	}
	return LocaleDateString(ms, loc) + ", " + LocaleTimeString(ms, loc)
}
