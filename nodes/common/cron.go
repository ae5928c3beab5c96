package common

import (
	"errors"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// plan is a cron expression by Node-RED's rules: five fields, or six with seconds
// first, or seven with years last; lists, steps, ranges that wrap, names, "?", "L",
// "W" and "#", and @daily and the like.
type plan struct {
	seconds, minutes, hours, months []int
	days                            monthDays
	years                           []yearItem
}

var _ cron.Schedule = (*plan)(nil)

// monthDays says which days of a month are meant.
type monthDays struct {
	last, lastWeekday            bool
	days, nearest, week, lastDow []int
	nth                          [][2]int // day of the week, which one
}

type yearItem struct{ from, to, step int }

// The greatest year a cron expression may name.
const maxYear = 275759

// searchYears bounds how far ahead the next time is looked for; leap days on a
// given day of the week come round in 28 years, 40 across a century.
const searchYears = 50

var cronNames = map[string]string{
	"@yearly": "0 0 0 1 1 * *", "@annually": "0 0 0 1 1 * *", "@monthly": "0 0 0 1 * * *", "@weekly": "0 0 0 * * 0 *",
	"@daily": "0 0 0 * * * *", "@midnight": "0 0 0 * * * *", "@hourly": "0 0 * * * * *",
}

var (
	monthNames = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
	dayNames   = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
)

func parseCron(expr string) (*plan, error) {
	expr = strings.ToLower(strings.TrimSpace(expr))
	if full, ok := cronNames[expr]; ok {
		expr = full
	}
	f := strings.Fields(expr)
	switch len(f) {
	case 5:
		f = append([]string{"0"}, append(f, "*")...)
	case 6:
		f = append(f, "*")
	case 7:
	default:
		return nil, errors.New("Expression must have at least 5 fields, and no more than 7 fields")
	}
	p := &plan{}
	var errs [6]error
	p.seconds, errs[0] = cronField(f[0], 0, 59)
	p.minutes, errs[1] = cronField(f[1], 0, 59)
	p.hours, errs[2] = cronField(f[2], 0, 23)
	errs[3] = p.days.parse(f[3], numbered(f[5], dayNames, 0))
	p.months, errs[4] = cronField(numbered(f[4], monthNames, 1), 1, 12)
	p.years, errs[5] = cronYears(f[6])
	return p, errors.Join(errs[:]...)
}

// numbered replaces names by their numbers.
func numbered(field string, names []string, first int) string {
	for i, n := range names {
		field = strings.ReplaceAll(field, n, strconv.Itoa(i+first))
	}
	return field
}

// cronItem is one item of a list: from to to by step; open items have no end.
type cronItem struct {
	from, to, step int
	any            bool
}

var (
	errCronFormat = errors.New("Field item invalid format")
	errCronValue  = errors.New("Field item out of valid value range")
	errCronRange  = errors.New("Field item range invalid, either value out of valid range or start greater than end in non wraparound field")
	errCronNth    = errors.New("Field item nth of month (#) invalid")
)

func parseCronItem(s string, first, last int, cyclic, week bool) (cronItem, error) {
	it := cronItem{step: 1}
	body, step, stepped := strings.Cut(s, "/")
	if stepped {
		n, ok := cronNumber(step)
		if !ok || n == 0 || step[0] == '0' {
			return it, errCronFormat
		}
		it.step = n
	}
	if body == "*" {
		it.from, it.to, it.any = first, last, it.step == 1
		return it, nil
	}
	a, b, ranged := strings.Cut(body, "-")
	from, ok1 := cronNumber(a)
	to, ok2 := from, true
	if ranged {
		to, ok2 = cronNumber(b)
	}
	if !ok1 || !ok2 {
		return it, errCronFormat
	}
	if week {
		from, to = from%8%7, to%8%7
		if bad(a) || ranged && bad(b) {
			return it, errCronValue
		}
	}
	switch {
	case !ranged && (from < first || from > last):
		return it, errCronValue
	case ranged && (from < first || from > last || to < first || to > last || to < from && !cyclic):
		return it, errCronRange
	case !ranged && stepped:
		to = last
	}
	it.from, it.to = from, to
	return it, nil
}

// bad reports a day of the week above 7.
func bad(s string) bool { n, _ := cronNumber(s); return n > 7 }

func cronNumber(s string) (int, bool) {
	if s == "" || len(s) > 7 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// values are the numbers an item stands for; a range may wrap.
func (it cronItem) values(first, last int) []int {
	length := it.to - it.from
	if length < 0 {
		length += last - first + 1
	}
	var out []int
	for i := 0; i <= length; i += it.step {
		out = append(out, first+(it.from-first+i)%(last-first+1))
	}
	return out
}

func cronField(s string, first, last int) ([]int, error) {
	var out []int
	for _, part := range strings.Split(s, ",") {
		it, err := parseCronItem(part, first, last, true, false)
		if err != nil {
			return nil, err
		}
		out = append(out, it.values(first, last)...)
	}
	return sorted(out), nil
}

func sorted(list []int) []int {
	sort.Ints(list)
	return slices.Compact(list)
}

func cronYears(s string) ([]yearItem, error) {
	var out []yearItem
	for _, part := range strings.Split(s, ",") {
		it, err := parseCronItem(part, 0, maxYear, false, false)
		if err != nil {
			return nil, err
		}
		out = append(out, yearItem{it.from, it.to, it.step})
	}
	return out, nil
}

func (m *monthDays) parse(dom, dow string) error {
	all, special := 0, false
	add := func(list *[]int, s string, first, last int, week bool) error {
		it, err := parseCronItem(strings.Replace(s, "?", "*", 1), first, last, week, week)
		if err != nil {
			return err
		}
		if it.any {
			all++
			return nil
		}
		special = true
		*list = append(*list, it.values(first, last)...)
		return nil
	}
	for _, s := range strings.Split(dom, ",") {
		var err error
		switch {
		case s == "l":
			m.last, special = true, true
		case s == "lw":
			m.lastWeekday, special = true, true
		case strings.HasSuffix(s, "w"):
			err = add(&m.nearest, s[:len(s)-1], 1, 31, false)
		default:
			err = add(&m.days, s, 1, 31, false)
		}
		if err != nil {
			return err
		}
	}
	for _, s := range strings.Split(dow, ",") {
		var err error
		day, nth, hash := strings.Cut(s, "#")
		switch {
		case strings.HasSuffix(s, "l"):
			err = add(&m.lastDow, s[:len(s)-1], 0, 6, true)
		case hash:
			if len(nth) != 1 || nth < "1" || nth > "5" {
				return errCronNth
			}
			var days []int
			err = add(&days, day, 0, 6, true)
			for _, d := range days {
				m.nth = append(m.nth, [2]int{d, int(nth[0] - '0')})
			}
		default:
			err = add(&m.week, s, 0, 6, true)
		}
		if err != nil {
			return err
		}
	}
	if !special && all > 0 {
		m.days = cronItem{from: 1, to: 31, step: 1}.values(1, 31)
	}
	return nil
}

// of gives the days of one month.
func (m *monthDays) of(year, month int) []int {
	length := time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	first := int(time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC).Weekday())
	weekday := func(day int) int { return (day + first - 1) % 7 }
	days := slices.Clone(m.days)
	if m.last {
		days = append(days, length)
	}
	if m.lastWeekday {
		days = append(days, nearestWeekday(length, length, weekday))
	}
	for _, d := range m.nearest {
		days = append(days, nearestWeekday(min(d, length), length, weekday))
	}
	count := [7]int{}
	for day := 1; day <= length; day++ {
		w := weekday(day)
		count[w]++
		if slices.Contains(m.week, w) || slices.Contains(m.nth, [2]int{w, count[w]}) || slices.Contains(m.lastDow, w) && day+7 > length {
			days = append(days, day)
		}
	}
	days = slices.DeleteFunc(days, func(d int) bool { return d > length })
	return sorted(days)
}

// nearestWeekday is the working day next to a day, within the month.
func nearestWeekday(day, length int, weekday func(int) int) int {
	switch weekday(day) {
	case 0:
		day++
	case 6:
		day--
	}
	switch {
	case day < 1:
		return day + 3
	case day > length:
		return day - 3
	}
	return day
}

func (p *plan) year(y int) bool {
	return slices.ContainsFunc(p.years, func(it yearItem) bool { return y >= it.from && y <= it.to && (y-it.from)%it.step == 0 })
}

// Next is the first time after t, in t's zone; the zero Time if there is none
// within 50 years. Times that a clock change skips come at its end, those it repeats
// come once.
func (p *plan) Next(t time.Time) time.Time {
	after := float64(t.UnixMilli())
	for y := t.Year(); y <= t.Year()+searchYears; y++ {
		if !p.year(y) {
			continue
		}
		for _, mo := range p.months {
			if y == t.Year() && mo < int(t.Month()) {
				continue
			}
			for _, d := range p.days.of(y, mo) {
				if y == t.Year() && mo == int(t.Month()) && d < t.Day() {
					continue
				}
				if ms, ok := p.onDay(y, mo, d, after, t.Location()); ok {
					return time.UnixMilli(int64(ms)).In(t.Location())
				}
			}
		}
	}
	return time.Time{}
}

// onDay is the first time on a day that comes after a time.
func (p *plan) onDay(y, mo, d int, after float64, zone *time.Location) (float64, bool) {
	day := value.UTC(float64(y), float64(mo-1), float64(d), 0, 0, 0, 0)
	best, ok := math.Inf(1), false
	for _, h := range p.hours {
		if value.FromLocal(day+float64(h+2)*3600e3, zone) < after {
			continue
		}
		for _, m := range p.minutes {
			for _, s := range p.seconds {
				ms := value.FromLocal(day+float64((h*60+m)*60+s)*1000, zone)
				if time.UnixMilli(int64(ms)).In(zone).Hour() != h { // skipped by a clock change
					ms = value.FromLocal(day+float64(h+1)*3600e3, zone)
				}
				if ms > after {
					if ms < best {
						best, ok = ms, true
					}
					break
				}
			}
			if ok {
				return best, true
			}
		}
	}
	return best, ok
}

// next gives the next time after now (both in milliseconds since the Unix
// epoch); false if there is none.
func (p *plan) next(now float64, zone *time.Location) (float64, bool) {
	t := p.Next(time.UnixMilli(int64(now)).In(zone))
	return float64(t.UnixMilli()), !t.IsZero()
}
