package value

import (
	"math"
	"time"
)

// ParseDate is Date.parse as V8 has it: the ISO form of the standard, else any
// text in which V8's older rules find a date. loc is the zone of a time that
// names none. The result is NaN if there is no date.
func ParseDate(s string, loc *time.Location) float64 {
	p := dateParser{scan: dateScanner{s: s}, zone: zoneParts{hour: none, minute: none}, month: none, halfDay: none}
	p.scan.next()
	if !p.parse() {
		return math.NaN()
	}
	year, month, day, ok := p.date()
	if !ok || !p.clockValid() {
		return math.NaN()
	}
	t := UTC(float64(year), float64(month-1), float64(day), float64(p.clock[0]), float64(p.clock[1]), float64(p.clock[2]), float64(p.clock[3]))
	if p.zone.sign == 0 {
		return TimeClip(FromLocal(t, loc))
	}
	off := max(p.zone.hour, 0)*3600 + max(p.zone.minute, 0)*60
	return TimeClip(t - float64(p.zone.sign*off*1000))
}

// none marks a part that has not been read.
const none = -1 << 30

// zoneParts is a zone that was read; sign is 0 if none was.
type zoneParts struct{ sign, hour, minute int }

func (z *zoneParts) set(hours int) {
	z.sign, z.hour, z.minute = 1, hours, 0
	if hours < 0 {
		z.sign, z.hour = -1, -hours
	}
}

func (z *zoneParts) expects(n int) bool {
	return z.hour != none && z.minute == none && n >= 0 && n < 60
}

// dateParser collects the parts of a date in the order they come.
type dateParser struct {
	scan    dateScanner
	zone    zoneParts
	days    [3]int
	nDays   int
	month   int // a month that was named
	iso     bool
	clock   [4]int
	nClock  int
	halfDay int // 0 for AM, 12 for PM
}

func (p *dateParser) addDay(n int) bool {
	if p.nDays >= len(p.days) {
		return false
	}
	p.days[p.nDays] = n
	p.nDays++
	return true
}

func (p *dateParser) addClock(n int) bool {
	if p.nClock >= len(p.clock) {
		return false
	}
	p.clock[p.nClock] = n
	p.nClock++
	return true
}

// lastClock adds the last part of a time; those after it are zero.
func (p *dateParser) lastClock(n int) {
	p.addClock(n)
	p.nClock = len(p.clock)
}

func (p *dateParser) clockExpects(n int) bool {
	switch p.nClock {
	case 1, 2:
		return n >= 0 && n < 60
	case 3:
		return n >= 0 && n < 1000
	}
	return false
}

func (p *dateParser) clockValid() bool {
	c := &p.clock
	if p.halfDay != none {
		if c[0] < 0 || c[0] > 12 {
			return false
		}
		c[0] = c[0]%12 + p.halfDay
	}
	if c[0] == 24 {
		return c[1] == 0 && c[2] == 0 && c[3] == 0
	}
	return c[0] >= 0 && c[0] < 24 && c[1] >= 0 && c[1] < 60 && c[2] >= 0 && c[2] < 60 && c[3] >= 0 && c[3] < 1000
}

func isDay(n int) bool   { return n >= 1 && n <= 31 }
func isMonth(n int) bool { return n >= 1 && n <= 12 }

// date makes a date of the numbers read, in the order that fits them.
func (p *dateParser) date() (year, month, day int, ok bool) {
	if p.nDays < 1 {
		return 0, 0, 0, false
	}
	for p.nDays < len(p.days) {
		p.addDay(1)
	}
	d := &p.days
	switch {
	case p.month == none && (p.iso || !isDay(d[0])):
		year, month, day = d[0], d[1], d[2]
	case p.month == none:
		month, day, year = d[0], d[1], d[2]
	case !isDay(d[0]):
		year, month, day = d[0], p.month, d[1]
	default:
		day, month, year = d[0], p.month, d[1]
	}
	if !p.iso {
		if year >= 0 && year <= 49 {
			year += 2000
		} else if year >= 50 && year <= 99 {
			year += 1900
		}
	}
	return year, month, day, isMonth(month) && isDay(day)
}

// parse reads the ISO form and, from where it does not fit, the older forms.
func (p *dateParser) parse() bool {
	t, ok := p.parseISO()
	if !ok {
		return false
	}
	hasNumber := p.nDays > 0
	for ; t.kind != dateEnd; t = p.scan.next() {
		switch {
		case t.kind == dateNumber:
			hasNumber = true
			ok = p.number(t.value)
		case t.kind == dateWord:
			ok = p.word(t, hasNumber)
		case t.sign() != 0 && (p.zone.hour == 0 && p.zone.minute == 0 || p.nClock > 0):
			hasNumber = true
			ok = p.offset(t.sign())
		case (t.sign() != 0 || t.is(')')) && hasNumber:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return true
}

func (p *dateParser) number(n int) bool {
	s := &p.scan
	switch {
	case s.skip(':'):
		if s.skip(':') {
			if p.nClock > 0 {
				return false
			}
			p.addClock(n)
			p.addClock(0)
			return true
		}
		if !p.addClock(n) {
			return false
		}
		s.skip('.')
		return true
	case s.skip('.') && p.clockExpects(n):
		p.addClock(n)
		if s.peek.kind != dateNumber {
			return false
		}
		p.lastClock(s.next().milliseconds())
		return true
	case p.zone.expects(n):
		p.zone.minute = n
		return true
	case p.clockExpects(n):
		p.lastClock(n)
		t := s.peek
		return t.kind == dateEnd || t.kind == dateSpace || t.isZ() || t.sign() != 0
	}
	if !p.addDay(n) {
		return false
	}
	s.skip('-')
	return true
}

func (p *dateParser) word(t dateToken, hasNumber bool) bool {
	switch {
	case t.word == wordHalf && p.nClock > 0:
		p.halfDay = t.value
	case t.word == wordMonth:
		p.month = t.value
		p.scan.skip('-')
	case t.word == wordZone && hasNumber:
		p.zone.set(t.value)
	case hasNumber || p.scan.peek.kind == dateNumber:
		return false // a word that means nothing may only stand in front
	}
	return true
}

// offset reads what follows a + or - after a time or after UTC.
func (p *dateParser) offset(sign int) bool {
	p.zone.sign = sign
	n, length := 0, 0
	if p.scan.peek.kind == dateNumber {
		t := p.scan.next()
		n, length = t.value, t.length
	}
	switch {
	case p.scan.peek.is(':'):
		p.zone.hour, p.zone.minute = n, none
	case length == 1 || length == 2:
		p.zone.hour, p.zone.minute = n, 0
	case length == 3 || length == 4:
		p.zone.hour, p.zone.minute = n/100, n%100
	default:
		return false
	}
	return true
}

// parseISO reads the ISO form. Where the text leaves it before a time it gives
// the token with which the older rules go on; after that it fails.
func (p *dateParser) parseISO() (next dateToken, ok bool) {
	s := &p.scan
	if sign := s.peek.sign(); sign != 0 {
		t := s.next()
		if !s.peek.fixed(6) || sign < 0 && s.peek.value == 0 {
			if s.peek.fixed(6) {
				s.next()
			}
			return t, true
		}
		p.addDay(sign * s.next().value)
	} else if s.peek.fixed(4) {
		p.addDay(s.next().value)
	} else {
		return s.next(), true
	}
	if s.skip('-') {
		if !s.peek.fixed(2) || !isMonth(s.peek.value) {
			return s.next(), true
		}
		p.addDay(s.next().value)
		if s.skip('-') {
			if !s.peek.fixed(2) || !isDay(s.peek.value) {
				return s.next(), true
			}
			p.addDay(s.next().value)
		}
	}
	if s.peek.kind != dateWord || s.peek.word != wordT {
		if s.peek.kind != dateEnd {
			return s.next(), true
		}
	} else if s.next(); !p.isoClock() || !p.isoZone() || s.peek.kind != dateEnd {
		return dateToken{}, false
	}
	if p.zone.sign == 0 && p.nClock == 0 {
		p.zone.set(0)
	}
	p.iso = true
	return dateToken{kind: dateEnd}, true
}

func (p *dateParser) isoClock() bool {
	s := &p.scan
	if !s.peek.fixed(2) || s.peek.value > 24 {
		return false
	}
	limit := 59
	if s.peek.value == 24 {
		limit = 0
	}
	p.addClock(s.next().value)
	if !s.skip(':') || !s.peek.fixed(2) || s.peek.value > limit {
		return false
	}
	p.addClock(s.next().value)
	if !s.skip(':') {
		return true
	}
	if !s.peek.fixed(2) || s.peek.value > limit {
		return false
	}
	p.addClock(s.next().value)
	if !s.skip('.') {
		return true
	}
	if s.peek.kind != dateNumber || limit == 0 && s.peek.value > 0 {
		return false
	}
	return p.addClock(s.next().milliseconds())
}

func (p *dateParser) isoZone() bool {
	s := &p.scan
	if s.peek.isZ() {
		s.next()
		p.zone.set(0)
		return true
	}
	if s.peek.sign() == 0 {
		return true
	}
	p.zone.sign = s.next().sign()
	t := s.peek
	if t.fixed(4) {
		s.next()
		p.zone.hour, p.zone.minute = t.value/100, t.value%100
		return p.zone.hour < 24 && p.zone.minute < 60
	}
	if !t.fixed(2) || t.value > 23 {
		return false
	}
	p.zone.hour = s.next().value
	if !s.skip(':') || !s.peek.fixed(2) || s.peek.value > 59 {
		return false
	}
	p.zone.minute = s.next().value
	return true
}
