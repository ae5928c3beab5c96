package moment

import (
	"math"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// format is m.format(layout).
func (m *moment) format(layout string) string {
	if layout == "" {
		layout = "YYYY-MM-DDTHH:mm:ssZ"
		if m.isUTC() {
			layout = "YYYY-MM-DDTHH:mm:ss[Z]"
		}
	}
	if !m.valid() {
		return "Invalid date"
	}
	var b strings.Builder
	for _, t := range tokens(expand(layout)) {
		if s, ok := m.token(t); ok {
			b.WriteString(s)
		} else {
			b.WriteString(literal(t))
		}
	}
	return b.String()
}

// fill writes n with zeros in front up to a width.
func fill(n float64, width int, sign bool) string {
	s := value.FormatNumber(math.Abs(n))
	s = strings.Repeat("0", max(0, width-len(s))) + s
	if n < 0 {
		return "-" + s
	}
	if sign {
		return "+" + s
	}
	return s
}

func pad(n, width int) string { return fill(float64(n), width, false) }

func ordinal(n int) string {
	end := "th"
	if n%100/10 != 1 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return strconv.Itoa(n) + end
}

// token gives what a token stands for; ok is false if it is no token.
func (m *moment) token(t string) (s string, ok bool) {
	if t == "" || t[0] == '[' || t[0] == '\\' {
		return "", false
	}
	switch t[0] {
	case 'Y', 'y', 'N', 'g', 'G':
		return m.yearToken(t)
	case 'M', 'Q', 'D':
		return m.monthToken(t)
	case 'd', 'e', 'E', 'w', 'W':
		return m.weekToken(t)
	case 'x':
		return value.FormatNumber(m.ms), t == "x"
	case 'X':
		return value.FormatNumber(math.Floor(m.ms / 1000)), t == "X"
	case 'Z':
		return m.zoneText(t == "Z"), true
	case 'z':
		return m.zoneName(), true
	}
	return m.clockToken(t)
}

func (m *moment) yearToken(t string) (string, bool) {
	y := m.fields().Year
	switch t {
	case "Y":
		if y <= 9999 {
			return pad(y, 4), true
		}
		return "+" + strconv.Itoa(y), true
	case "YY":
		return pad(y%100, 2), true
	case "YYYY", "YYYYY":
		return pad(y, len(t)), true
	case "YYYYYY":
		return fill(float64(y), 6, true), true
	case "N", "NN", "NNN", "NNNNN":
		return era(y, "AD", "BC"), true
	case "NNNN":
		return era(y, "Anno Domini", "Before Christ"), true
	case "gg", "GG", "gggg", "GGGG", "ggggg", "GGGGG":
		dow, doy := 0, 6
		if t[0] == 'G' {
			dow, doy = 1, 4
		}
		_, year := m.week(dow, doy)
		if len(t) == 2 {
			year %= 100
		}
		return pad(year, len(t)), true
	}
	eraYear := y
	if y < 1 {
		eraYear = 1 - y
	}
	switch t {
	case "y", "yy", "yyy", "yyyy":
		return pad(eraYear, len(t)), true
	case "yo":
		return ordinal(eraYear), true
	}
	return "", false
}

func era(year int, after, before string) string {
	if year < 1 {
		return before
	}
	return after
}

func (m *moment) monthToken(t string) (string, bool) {
	f := m.fields()
	switch t {
	case "M", "MM":
		return pad(f.Month+1, len(t)), true
	case "Mo":
		return ordinal(f.Month + 1), true
	case "MMM":
		return value.MonthName(f.Month)[:3], true
	case "MMMM":
		return monthNames[f.Month], true
	case "Q":
		return strconv.Itoa(f.Month/3 + 1), true
	case "Qo":
		return ordinal(f.Month/3 + 1), true
	case "D", "DD":
		return pad(f.Day, len(t)), true
	case "Do":
		return ordinal(f.Day), true
	case "DDD":
		return strconv.Itoa(m.dayOfYear()), true
	case "DDDD":
		return pad(m.dayOfYear(), 3), true
	case "DDDo":
		return ordinal(m.dayOfYear()), true
	}
	return "", false
}

// The English names of months and days.
var (
	monthNames = strings.Fields("January February March April May June July August September October November December")
	dayNames   = strings.Fields("Sunday Monday Tuesday Wednesday Thursday Friday Saturday")
)

func (m *moment) weekToken(t string) (string, bool) {
	day := m.fields().Weekday
	switch t {
	case "d", "e":
		return strconv.Itoa(day), true
	case "do":
		return ordinal(day), true
	case "dd":
		return dayNames[day][:2], true
	case "ddd":
		return dayNames[day][:3], true
	case "dddd":
		return dayNames[day], true
	case "E":
		return strconv.Itoa(m.isoWeekday()), true
	}
	week, _ := m.week(0, 6)
	if t[0] == 'W' {
		week, _ = m.week(1, 4)
	}
	switch t {
	case "w", "ww", "W", "WW":
		return pad(week, len(t)), true
	case "wo", "Wo":
		return ordinal(week), true
	}
	return "", false
}

func (m *moment) clockToken(t string) (string, bool) {
	f := m.fields()
	half := (f.Hour+11)%12 + 1
	switch t {
	case "H", "HH":
		return pad(f.Hour, len(t)), true
	case "h", "hh":
		return pad(half, len(t)), true
	case "k", "kk":
		return pad((f.Hour+23)%24+1, len(t)), true
	case "hmm":
		return strconv.Itoa(half) + pad(f.Minute, 2), true
	case "hmmss":
		return strconv.Itoa(half) + pad(f.Minute, 2) + pad(f.Second, 2), true
	case "Hmm":
		return strconv.Itoa(f.Hour) + pad(f.Minute, 2), true
	case "Hmmss":
		return strconv.Itoa(f.Hour) + pad(f.Minute, 2) + pad(f.Second, 2), true
	case "m", "mm":
		return pad(f.Minute, len(t)), true
	case "s", "ss":
		return pad(f.Second, len(t)), true
	case "a", "A":
		s := "am"
		if f.Hour > 11 {
			s = "pm"
		}
		if t == "A" {
			s = strings.ToUpper(s)
		}
		return s, true
	case "S":
		return strconv.Itoa(f.Ms / 100), true
	case "SS":
		return pad(f.Ms/10, 2), true
	}
	if len(t) >= 3 && strings.Trim(t, "S") == "" {
		return pad(f.Ms, 3) + strings.Repeat("0", len(t)-3), true
	}
	return "", false
}

// zoneText is the offset as +01:00 or +0100.
func (m *moment) zoneText(colon bool) string {
	offset := m.utcOffset()
	sign := "+"
	if offset < 0 {
		sign, offset = "-", -offset
	}
	sep := ""
	if colon {
		sep = ":"
	}
	return sign + pad(int(offset/60), 2) + sep + pad(int(math.Mod(offset, 60)), 2)
}

// zoneName is what z shows: nothing for local time.
func (m *moment) zoneName() string {
	switch m.mode {
	case modeLocal:
		return ""
	case modeZone:
		return zoneAbbreviation(m.ms, m.zone)
	}
	return "UTC"
}
