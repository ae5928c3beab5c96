package moment

import (
	"math"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// The forms of texts that need no layout.
var (
	isoExtended = value.NewPattern(`^\s*((?:[+-]\d{6}|\d{4})-(?:\d\d-\d\d|W\d\d-\d|W\d\d|\d\d\d|\d\d))(?:(T| )(\d\d(?::\d\d(?::\d\d(?:[.,]\d+)?)?)?)([+-]\d\d(?::?\d\d)?|\s*Z)?)?$`)
	isoBasic    = value.NewPattern(`^\s*((?:[+-]\d{6}|\d{4})(?:\d\d\d\d|W\d\d\d|W\d\d|\d\d\d|\d\d|))(?:(T| )(\d\d(?:\d\d(?:\d\d(?:[.,]\d+)?)?)?)([+-]\d\d(?::?\d\d)?|\s*Z)?)?$`)
	aspNet      = value.NewPattern(`(?i)^/?Date\((-?\d+)`)
	rfc2822     = value.NewPattern(`^(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s)?(\d{1,2})\s(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s(\d{2,4})\s(\d\d):(\d\d)(?::(\d\d))?\s(?:(UT|GMT|[ECMP][SD]T)|([Zz])|([+-]\d{4}))$`)
	rfcComment  = value.NewPattern(`\([^()]*\)|[\n\t]`)
	blanks      = value.NewPattern(`\s\s+`)
)

// isoForm is a form of a date or time and the layout that reads it.
type isoForm struct {
	layout string
	form   *value.Pattern
	alone  bool // no time may follow
}

var isoDates = []isoForm{
	{"YYYYYY-MM-DD", value.NewPattern(`[+-]\d{6}-\d\d-\d\d`), false},
	{"YYYY-MM-DD", value.NewPattern(`\d{4}-\d\d-\d\d`), false},
	{"GGGG-[W]WW-E", value.NewPattern(`\d{4}-W\d\d-\d`), false},
	{"GGGG-[W]WW", value.NewPattern(`\d{4}-W\d\d`), true},
	{"YYYY-DDD", value.NewPattern(`\d{4}-\d{3}`), false},
	{"YYYY-MM", value.NewPattern(`\d{4}-\d\d`), true},
	{"YYYYYYMMDD", value.NewPattern(`[+-]\d{10}`), false},
	{"YYYYMMDD", value.NewPattern(`\d{8}`), false},
	{"GGGG[W]WWE", value.NewPattern(`\d{4}W\d{3}`), false},
	{"GGGG[W]WW", value.NewPattern(`\d{4}W\d{2}`), true},
	{"YYYYDDD", value.NewPattern(`\d{7}`), false},
	{"YYYYMM", value.NewPattern(`\d{6}`), true},
	{"YYYY", value.NewPattern(`\d{4}`), true},
}

var isoTimes = []isoForm{
	{"HH:mm:ss.SSSS", value.NewPattern(`\d\d:\d\d:\d\d\.\d+`), false},
	{"HH:mm:ss,SSSS", value.NewPattern(`\d\d:\d\d:\d\d,\d+`), false},
	{"HH:mm:ss", value.NewPattern(`\d\d:\d\d:\d\d`), false},
	{"HH:mm", value.NewPattern(`\d\d:\d\d`), false},
	{"HHmmss.SSSS", value.NewPattern(`\d\d\d\d\d\d\.\d+`), false},
	{"HHmmss,SSSS", value.NewPattern(`\d\d\d\d\d\d,\d+`), false},
	{"HHmmss", value.NewPattern(`\d\d\d\d\d\d`), false},
	{"HHmm", value.NewPattern(`\d\d\d\d`), false},
	{"HH", value.NewPattern(`\d\d`), false},
}

// text reads a text without a layout: ISO 8601, RFC 2822, else what JavaScript's
// Date makes of it.
func (m *moment) text(s string, strict bool) {
	if found := aspNet.FindStringSubmatch(s); found != nil {
		m.ms = value.TimeClip(value.ParseNumber(found[1]))
		return
	}
	if layout := isoLayout(s); layout != "" {
		p := newParse(m, s, strict)
		p.format(layout)
		m.take(p)
		return
	}
	if m.mail(s) {
		return
	}
	m.ms = math.NaN()
	if !strict {
		m.ms = value.ParseDate(s, m.local)
	}
}

// isoLayout gives the layout of an ISO 8601 text, "" if it is none.
func isoLayout(s string) string {
	found := isoExtended.FindStringSubmatch(s)
	if found == nil {
		found = isoBasic.FindStringSubmatch(s)
	}
	if found == nil {
		return ""
	}
	layout := ""
	for _, d := range isoDates {
		if d.form.MatchString(found[1]) {
			if d.alone && found[3] != "" {
				return ""
			}
			layout = d.layout
			break
		}
	}
	if layout == "" {
		return ""
	}
	if found[3] != "" {
		for _, t := range isoTimes {
			if t.form.MatchString(found[3]) {
				layout += found[2] + t.layout
				break
			}
		}
	}
	if found[4] != "" {
		layout += "Z"
	}
	return layout
}

// mail reads a text as mails date themselves (RFC 2822).
func (m *moment) mail(s string) bool {
	s = blanks.ReplaceAllString(rfcComment.ReplaceAllString(s, " "), " ")
	found := rfc2822.FindStringSubmatch(value.Trim(s))
	if found == nil {
		return false
	}
	year := number(found[4])
	switch {
	case year <= 49:
		year += 2000
	case year <= 999:
		year += 1900
	}
	month, day := nameIndex(found[3], monthNames), number(found[2])
	ms := value.UTC(year, month, day, number(found[5]), number(found[6]), number("0"+found[7]), 0)
	if found[1] != "" {
		if date := value.UTC(year, month, day, 0, 0, 0, 0); dayNames[value.Fields(date, nil).Weekday][:3] != found[1] {
			m.ms = math.NaN()
			return true
		}
	}
	minutes := 0.0
	switch {
	case found[8] != "":
		minutes = 60 * float64(map[string]int{"EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8}[found[8]])
	case found[10] != "":
		n := value.ParseNumber(strings.TrimPrefix(found[10], "+"))
		minutes = float64(math.Trunc(n/100)*60) + math.Mod(n, 100)
	}
	m.ms = value.TimeClip(ms - float64(minutes*60_000))
	return true
}
