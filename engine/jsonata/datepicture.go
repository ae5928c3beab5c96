package jsonata

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// datePart is a part of a date picture: text that stands for itself, or a marker.
type datePart struct {
	literal   string
	component byte // 0 for a literal
	width     bool
	min, max  float64 // NaN if not given
	first     string  // presentation modifier
	second    byte
	names     letterCase
	integer   *integerFormat
	n         float64 // of a year: how many digits to show, -1 for all
}

// presetPresentation is the presentation of a component without one.
func presetPresentation(c byte) string {
	switch c {
	case 'Y', 'M', 'D', 'd', 'W', 'w', 'X', 'x', 'H', 'h', 'f':
		return "1"
	case 'F', 'P', 'C', 'E':
		return "n"
	case 'm', 's':
		return "01"
	case 'Z', 'z':
		return "01:01"
	}
	return ""
}

// datePicture takes a date picture apart.
func datePicture(text string) ([]datePart, error) {
	var parts []datePart
	literal := func(s string) {
		if s != "" {
			parts = append(parts, datePart{literal: strings.ReplaceAll(s, "]]", "]")})
		}
	}
	start := 0
	for at := 0; at < len(text); at++ {
		if text[at] != '[' {
			continue
		}
		literal(text[start:at])
		if strings.HasPrefix(text[at:], "[[") {
			parts = append(parts, datePart{literal: "["})
			at++
			start = at + 1
			continue
		}
		end := strings.IndexByte(text[at:], ']')
		if end < 0 {
			return nil, fail("D3135")
		}
		p, err := dateMarker(text[at+1 : at+end])
		if err != nil {
			return nil, err
		}
		if n := len(parts); n > 0 && p.integer != nil && strings.IndexByte("YMDdFWwXxHhmsf", p.component) >= 0 {
			if last := parts[n-1].integer; last != nil {
				last.parseWidth, last.fixedWidth = last.mandatory, last.mandatory != 0 && last.mandatory == last.mandatory
			}
		}
		parts = append(parts, p)
		at += end
		start = at + 1
	}
	literal(text[start:])
	return parts, nil
}

// dateMarker reads what stands between brackets.
func dateMarker(text string) (datePart, error) {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return value.Trim(string(r)) == "" }), "")
	p := datePart{min: math.NaN(), max: math.NaN(), n: -1}
	rest := ""
	if text != "" {
		p.component, rest = text[0], text[1:]
	}
	if at := strings.LastIndexByte(rest, ','); at >= 0 {
		p.width = true
		lo, hi, _ := strings.Cut(rest[at+1:], "-")
		p.min, p.max = width(lo), width(hi)
		rest = rest[:at]
	}
	switch n := len(rest); {
	case n == 0:
		p.first = presetPresentation(p.component)
	case value.UTF16Len(rest) > 1 && strings.IndexByte("atco", rest[n-1]) >= 0:
		p.first, p.second = rest[:n-1], rest[n-1]
	default:
		p.first = rest
	}
	if p.first == "" {
		name := value.Slice(text, 0, 1)
		return p, fail("D3132", "value", name)
	}
	return p, p.present()
}

func width(s string) float64 {
	if s == "" || s == "*" {
		return math.NaN()
	}
	return value.ParseInt(s, 0)
}

// present works out the presentation of a marker.
func (p *datePart) present() (err error) {
	switch {
	case p.first[0] == 'n':
		p.names = caseLower
	case strings.HasPrefix(p.first, "Nn"):
		p.names = caseTitle
	case p.first[0] == 'N':
		p.names = caseUpper
	case strings.IndexByte("YMDdFWwXxHhmsf", p.component) >= 0:
		pattern := p.first
		if p.second != 0 {
			pattern += ";" + string(rune(p.second))
		}
		if p.integer, err = integerPicture(pattern); err != nil {
			return err
		}
		if p.integer.hasDigits && p.integer.mandatory < p.min {
			p.integer.mandatory = p.min
		}
		if p.component == 'Y' {
			p.year()
		}
	}
	if p.component == 'Z' || p.component == 'z' {
		p.integer, err = integerPicture(p.first)
	}
	return err
}

func (p *datePart) year() {
	if p.max == p.max {
		p.n = p.max
		p.integer.mandatory = p.max
		return
	}
	if w := p.integer.mandatory + float64(p.integer.optional); p.integer.hasDigits && w >= 2 {
		p.n = w
	}
}

// The English names of days, from Monday = 1, and months.
var (
	dayNames   = strings.Split(" Monday Tuesday Wednesday Thursday Friday Saturday Sunday", " ")
	monthNames = strings.Fields("January February March April May June July August September October November December")
)

const msPerDay = 86_400_000

func utcDate(year, month, day int) float64 {
	return dateUTC(float64(year), float64(month), float64(day), 0, 0, 0, 0)
}

// firstWeek is the Monday of the week that has the first Thursday of a month.
func firstWeek(year, month int) float64 {
	first := utcDate(year, month, 1)
	day := value.Fields(first, nil).Weekday
	if day == 0 {
		day = 7
	}
	if day > 4 {
		return first + float64((8-day)*msPerDay)
	}
	return first - float64((day-1)*msPerDay)
}

func weeks(start, end float64) float64 { return (end-start)/(msPerDay*7) + 1 }

// week is the number of the week in the period that begins with a month; long is
// the number from which it may belong to the next one.
func week(today float64, year, month, step int, long float64) float64 {
	n := weeks(firstWeek(year, month), today)
	if n > long {
		if today >= firstWeek(year, month+step) {
			n = 1
		}
	} else if n < 1 {
		n = weeks(firstWeek(year, month-step), today)
	}
	return math.Floor(n)
}

// dateComponent gives a component of a time (UTC) as a number.
func dateComponent(ms float64, c byte) float64 {
	f := value.Fields(ms, nil)
	switch c {
	case 'Y':
		return float64(f.Year)
	case 'M':
		return float64(f.Month + 1)
	case 'D':
		return float64(f.Day)
	case 'd':
		return (utcDate(f.Year, f.Month, f.Day)-utcDate(f.Year, 0, 1))/msPerDay + 1
	case 'F':
		return float64((f.Weekday+6)%7 + 1)
	case 'W':
		return week(utcDate(f.Year, f.Month, f.Day), f.Year, 0, 12, 52)
	case 'w':
		return week(utcDate(f.Year, f.Month, f.Day), f.Year, f.Month, 1, 4)
	case 'X':
		switch {
		case ms < firstWeek(f.Year, 0):
			return float64(f.Year - 1)
		case ms >= firstWeek(f.Year+1, 0):
			return float64(f.Year + 1)
		}
		return float64(f.Year)
	case 'x':
		switch {
		case ms < firstWeek(f.Year, f.Month):
			return float64((f.Month+11)%12 + 1)
		case ms >= firstWeek(f.Year, f.Month+1):
			return float64((f.Month+1)%12 + 1)
		}
		return float64(f.Month + 1)
	case 'H':
		return float64(f.Hour)
	case 'h':
		return float64((f.Hour+11)%12 + 1)
	case 'm':
		return float64(f.Minute)
	case 's':
		return float64(f.Second)
	case 'f':
		return float64(f.Ms)
	}
	return math.NaN()
}
