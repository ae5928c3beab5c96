package moment

import (
	"math"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// The places of the parts.
const (
	partYear = iota
	partMonth
	partDate
	partHour
	partMinute
	partSecond
	partMs
)

// parse is what has been read of a text.
type parse struct {
	m         *moment
	text      string
	strict    bool
	parts     [7]float64
	has       [7]bool
	ms        float64 // the whole time, if it was given
	hasMs     bool
	week      map[string]float64 // by token letter; only looked up
	dayOfYear float64
	hasDay    bool
	pm, half  bool
	tzm       float64
	hasTzm    bool
	bc        bool
	bigHour   bool
	empty     bool
	bad       bool // a name that is none, or a day that does not fit
	overflow  bool
	unused    int // tokens without text
	left      int // characters that were not read
	any       bool
	nextDay   bool
}

func newParse(m *moment, text string, strict bool) *parse {
	return &parse{m: m, text: text, strict: strict}
}

func (p *parse) set(i int, n float64) {
	if n == n {
		p.parts[i], p.has[i] = n, true
	}
}

// take makes the moment what was read.
func (m *moment) take(p *parse) {
	m.ms = math.NaN()
	ok := !p.empty && !p.bad && !p.overflow && (!p.half || p.any)
	if p.strict {
		ok = ok && p.left == 0 && p.unused == 0 && !p.bigHour
	}
	if ok {
		m.ms = value.TimeClip(p.ms)
		if p.nextDay {
			m.addDuration(duration{days: 1}, 1)
		}
	}
}

// parseBest reads a text by the layout that fits best.
func (m *moment) parseBest(text string, layouts []value.Value, strict bool) {
	var best *parse
	bestScore, found := 0, false
	for _, l := range layouts {
		p := newParse(m, text, strict)
		p.format(value.ToString(l))
		c := m.clone()
		c.take(p)
		score := p.left + 10*p.unused
		if !found && (best == nil || score < bestScore || c.valid()) || found && score < bestScore {
			best, bestScore = p, score
			found = found || c.valid()
		}
	}
	if best != nil {
		m.take(best)
	}
}

// format reads the text by a layout.
func (p *parse) format(layout string) {
	p.empty = true
	rest := p.text
	read := 0
	for _, t := range tokens(expand(layout)) {
		found := ""
		re := pattern(t, p.strict)
		if re != nil {
			found = re.FindString(rest)
		} else if lit := unescape(t); strings.Contains(rest, lit) {
			found = lit
		}
		if found != "" {
			rest = rest[strings.Index(rest, found)+len(found):]
			read += value.UTF16Len(found)
		}
		if re == nil {
			if p.strict && found == "" {
				p.unused++
			}
			continue
		}
		if found == "" {
			p.unused++
			continue
		}
		p.empty = false
		p.token(t, found)
	}
	p.left = value.UTF16Len(p.text) - read
	if p.has[partHour] && p.parts[partHour] <= 12 && p.parts[partHour] > 0 {
		p.bigHour = false
	}
	for _, has := range p.has {
		p.any = p.any || has
	}
	if p.half && p.has[partHour] {
		if p.pm && p.parts[partHour] < 12 {
			p.parts[partHour] += 12
		} else if !p.pm && p.parts[partHour] == 12 {
			p.parts[partHour] = 0
		}
	}
	if p.bc && p.has[partYear] {
		p.parts[partYear] = 1 - p.parts[partYear]
	}
	p.compose()
}

// unescape is the text that a part of a layout without a token stands for.
func unescape(t string) string {
	t = strings.Replace(t, "\\", "", 1)
	if strings.HasPrefix(t, "[") && strings.HasSuffix(t, "]") && !strings.ContainsAny(t[1:len(t)-1], "[]") {
		return t[1 : len(t)-1]
	}
	return t
}

func number(s string) float64 {
	n := value.ParseNumber(s)
	if n != n {
		return 0
	}
	return math.Trunc(n)
}

func twoDigitYear(s string) float64 {
	n := number(s)
	if n > 68 {
		return n + 1900
	}
	return n + 2000
}

// token takes the text of one token.
func (p *parse) token(t, s string) {
	switch t {
	case "Y", "YYYYY", "YYYYYY", "y", "yy", "yyy", "yyyy":
		p.set(partYear, number(s))
	case "YYYY":
		if p.set(partYear, number(s)); len(s) == 2 {
			p.set(partYear, twoDigitYear(s))
		}
	case "YY":
		p.set(partYear, twoDigitYear(s))
	case "M", "MM":
		p.set(partMonth, number(s)-1)
	case "MMM", "MMMM":
		n := p.name(s, monthNames, t == "MMMM")
		p.bad = p.bad || n != n
		p.set(partMonth, n)
	case "Q":
		p.set(partMonth, (number(s)-1)*3)
	case "D", "DD":
		p.set(partDate, number(s))
	case "Do":
		p.set(partDate, number(oneToTwo.FindString(s)))
	case "DDD", "DDDD":
		p.dayOfYear, p.hasDay = number(s), true
	case "dd", "ddd", "dddd":
		n := p.name(s, dayNames, t == "dddd")
		p.bad = p.bad || n != n
		if n == n {
			p.weekPart("d", n)
		}
	case "d", "e", "E", "w", "ww", "W", "WW", "gggg", "ggggg", "GGGG", "GGGGG":
		p.weekPart(t[:1], number(s))
	case "gg", "GG":
		p.weekPart(t[:1], twoDigitYear(s))
	case "Z", "ZZ":
		p.tzm, p.hasTzm = offsetOf(s)
	case "X":
		p.ms, p.hasMs = value.TimeClip(value.ParseFloat(s)*1000), true
	case "x":
		p.ms, p.hasMs = value.TimeClip(number(s)), true
	case "N", "NN", "NNN", "NNNN", "NNNNN":
		p.bc = strings.HasPrefix(strings.ToLower(s), "b")
	default:
		p.clock(t, s)
	}
}

func (p *parse) weekPart(letter string, n float64) {
	if p.week == nil {
		p.week = make(map[string]float64)
	}
	p.week[letter] = n
}

// name finds the month or day that a text begins with, NaN if there is none.
func (p *parse) name(s string, names []string, long bool) float64 {
	low := strings.ToLower(s)
	for i, name := range names {
		name = strings.ToLower(name)
		if p.strict {
			if long && low == name || !long && (low == name[:3] || len(names) == 7 && low == name[:2]) {
				return float64(i)
			}
			continue
		}
		if strings.HasPrefix(low, name[:3]) || len(names) == 7 && strings.HasPrefix(low, name[:2]) {
			return float64(i)
		}
	}
	return math.NaN()
}

// clock takes the text of a token of the time of day.
func (p *parse) clock(t, s string) {
	switch t {
	case "H", "HH", "h", "hh":
		p.set(partHour, number(s))
		p.bigHour = p.bigHour || t[0] == 'h'
	case "k", "kk":
		n := number(s)
		if n == 24 {
			n = 0
		}
		p.set(partHour, n)
	case "a", "A":
		p.half, p.pm = true, strings.HasPrefix(strings.ToLower(s), "p")
	case "hmm", "Hmm", "hmmss", "Hmmss":
		n := len(s)
		if len(t) == 5 {
			p.set(partSecond, number(s[n-2:]))
			n -= 2
		}
		p.set(partMinute, number(s[n-2:n]))
		p.set(partHour, number(s[:n-2]))
		p.bigHour = p.bigHour || t[0] == 'h'
	case "m", "mm":
		p.set(partMinute, number(s))
	case "s", "ss":
		p.set(partSecond, number(s))
	default:
		p.set(partMs, math.Trunc(value.ParseNumber("0."+s)*1000))
	}
}

// compose makes the time of its parts; what is missing before the first part comes
// from now.
func (p *parse) compose() {
	if p.hasMs {
		return
	}
	clock := p.m.clone()
	clock.ms = p.m.now
	if p.hasTzm {
		clock.mode, clock.offset = modeFixed, 0
	}
	now := clock.fields()
	if p.week != nil && !p.has[partDate] && !p.has[partMonth] {
		p.weekDay(clock)
	}
	current := [3]float64{float64(now.Year), float64(now.Month), float64(now.Day)}
	if p.hasDay {
		year := current[0]
		if p.has[partYear] {
			year = p.parts[partYear]
		}
		p.overflow = p.overflow || p.dayOfYear > daysInYear(year) || p.dayOfYear == 0
		f := value.Fields(value.UTC(year, 0, p.dayOfYear, 0, 0, 0, 0), time.UTC)
		p.set(partMonth, float64(f.Month))
		p.set(partDate, float64(f.Day))
	}
	i := 0
	for ; i < 3 && !p.has[i]; i++ {
		p.parts[i] = current[i]
	}
	if i < 3 && !p.has[partDate] {
		p.parts[partDate] = 1
	}
	a := &p.parts
	if a[partHour] == 24 && a[partMinute] == 0 && a[partSecond] == 0 && a[partMs] == 0 {
		p.nextDay, a[partHour] = true, 0
	}
	p.check()
	p.ms = clock.at(a[0], a[1], a[2], a[3], a[4], a[5], a[6])
	clock.ms = p.ms
	if d, ok := p.week["d"]; ok && p.ms == p.ms && float64(clock.fields().Weekday) != d {
		p.bad = true
	}
	p.ms -= float64(p.tzm * 60_000)
}

// check finds parts that are out of their ranges.
func (p *parse) check() {
	a := &p.parts
	p.overflow = p.overflow || a[partMonth] < 0 || a[partMonth] > 11 ||
		a[partDate] < 1 || a[partDate] > daysInMonth(a[partYear], a[partMonth]) ||
		a[partHour] < 0 || a[partHour] > 23 || a[partMinute] < 0 || a[partMinute] > 59 ||
		a[partSecond] < 0 || a[partSecond] > 59 || a[partMs] < 0 || a[partMs] > 999
}

// weekDay finds the day that a week and a day of the week mean.
func (p *parse) weekDay(clock *moment) {
	or := func(letter string, preset float64) float64 {
		if n, ok := p.week[letter]; ok {
			return n
		}
		return preset
	}
	_, g := p.week["G"]
	_, w := p.week["W"]
	_, e := p.week["E"]
	dow, doy, yearLetter, weekLetter := 0, 6, "g", "w"
	if g || w || e {
		dow, doy, yearLetter, weekLetter = 1, 4, "G", "W"
	}
	thisWeek, thisYear := clock.week(dow, doy)
	year, week := float64(thisYear), float64(thisWeek)
	if p.has[partYear] {
		year = p.parts[partYear]
	}
	day := or("d", or("e", 0))
	if dow == 1 {
		week, day = 1, or("E", 1)
		p.overflow = p.overflow || day < 1 || day > 7
	} else {
		p.overflow = p.overflow || day < 0 || day > 6
	}
	year, week = or(yearLetter, year), or(weekLetter, week)
	if week < 1 || week > float64(weeksInYear(year, dow, doy)) {
		p.overflow = true
		return
	}
	y, n := fromWeek(year, week, day, dow, doy)
	p.set(partYear, y)
	p.dayOfYear, p.hasDay = n, true
}
