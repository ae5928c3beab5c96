package value

import (
	_ "embed" // the names of the zones
	"math"
	"strings"
	"time"
)

// zoneNames has a line for each pair of names: standard time|daylight time, a
// tab, the zones. It is written by zones.mjs.
//
//go:embed zones.txt
var zoneNames string

// ZoneName is the English name that Date.prototype.toString shows for local time
// at a point in time, as "Central European Summer Time".
func ZoneName(ms float64, loc *time.Location) string {
	if loc == nil || loc == time.UTC {
		return "Coordinated Universal Time"
	}
	standard, daylight, ok := strings.Cut(namesOf(loc.String()), "|")
	if ok {
		if inDaylight(ms, loc) {
			return daylight
		}
		return standard
	}
	minutes := int(math.Trunc(float64(ZoneOffset(ms, loc)) / 60))
	sign := "+"
	if minutes < 0 {
		sign, minutes = "-", -minutes
	}
	b := appendPadded([]byte("GMT"+sign), minutes/60, 2)
	return string(appendPadded(append(b, ':'), minutes%60, 2))
}

// inDaylight reports whether V8 takes ms for daylight time. It asks the rules of
// a like year of our days about times before 1970 and after 2037. Where Go's
// data have winter time as the exception, V8's have summer time.
func inDaylight(ms float64, loc *time.Location) bool {
	if ms < 0 || ms > math.MaxInt32*1000 {
		ms = likeTime(ms)
	}
	dst := time.UnixMilli(int64(ms)).In(loc).IsDST()
	switch loc.String() {
	case "Europe/Dublin":
		const from = 57722400000 // until then there was no winter time
		return !dst && ms >= from
	case "Africa/Windhoek":
		return !dst
	case "Africa/Casablanca", "Africa/El_Aaiun":
		const from = 1540692000000 // since 2018 summer time is their standard
		return dst != (ms >= from)
	}
	return dst
}

// likeTime moves ms to a year between 2008 and 2035 that is as long and starts
// on the same day of the week.
func likeTime(ms float64) float64 {
	t := int64(ms)
	days := floorDiv(t, msPerDay)
	year, month, day := civil(days)
	first := dayNumber(int64(year), 0)
	weekday := int(((first+4)%7 + 7) % 7)
	like := 1967
	if dayNumber(int64(year), 2)-first == 60 {
		like = 1956
	}
	like += weekday * 12 % 28
	like = 2008 + (like+3*28-2008)%28
	return float64((dayNumber(int64(like), int64(month))+int64(day)-1)*msPerDay + t - days*msPerDay)
}

// namesOf finds the names of a zone, "" if it is not known.
func namesOf(zone string) string {
	for at := 0; ; {
		i := strings.Index(zoneNames[at:], zone)
		if i <= 0 && at == 0 || i < 0 || zone == "" {
			return ""
		}
		i += at
		end := i + len(zone)
		at = end
		before, after := zoneNames[i-1], byte('\n')
		if end < len(zoneNames) {
			after = zoneNames[end]
		}
		if (before == '\t' || before == ' ') && (after == ' ' || after == '\n') {
			start := strings.LastIndexByte(zoneNames[:i], '\n') + 1
			names, zones, _ := strings.Cut(zoneNames[start:end], "\t")
			if zones != "" {
				return names
			}
		}
	}
}
