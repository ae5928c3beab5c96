package jsonata

import (
	"math"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine/regex"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// reader reads the text of one part of a picture: a pattern and what its match means.
type reader struct {
	component byte
	pattern   string
	parse     func(string) float64 // nil for literals; NaN where there is no value
}

func fnParseInteger(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Undefined, nil
	}
	text, err := c.picture(1, "lastIndexOf")
	if err != nil {
		return value.Undefined, err
	}
	f, err := integerPicture(text)
	if err != nil {
		return value.Undefined, err
	}
	r, err := f.reader()
	if err != nil {
		return value.Undefined, err
	}
	return value.Num(r.parse(c.arg(0).Str())), nil
}

func (f *integerFormat) reader() (reader, error) {
	upper := f.letters == caseUpper
	switch f.form {
	case formLetters:
		if upper {
			return reader{pattern: "[A-Z]+", parse: func(s string) float64 { return fromLetters(s, 'A') }}, nil
		}
		return reader{pattern: "[a-z]+", parse: func(s string) float64 { return fromLetters(s, 'a') }}, nil
	case formRoman:
		if upper {
			return reader{pattern: "[MDCLXVI]+", parse: fromRoman}, nil
		}
		return reader{pattern: "[mdclxvi]+", parse: func(s string) float64 { return fromRoman(value.ToUpper(s)) }}, nil
	case formWords:
		return reader{pattern: wordPattern(), parse: func(s string) float64 { return fromWords(value.ToLower(s)) }}, nil
	case formSequence:
		return reader{}, fail("D3130", "value", f.token)
	}
	r := reader{pattern: "[0-9]+", parse: f.parseDigits}
	if f.fixedWidth {
		r.pattern = "[0-9]{" + value.FormatNumber(f.parseWidth) + "}"
	}
	if f.ordinal {
		r.pattern += "(?:th|st|nd|rd)"
	}
	return r, nil
}

func wordPattern() string {
	var words []string
	for _, list := range [][]string{fewWords, ordinalWords} {
		words = append(words, list...)
	}
	for _, d := range decadeWords {
		words = append(words, d, d[:len(d)-1]+"ieth")
	}
	words = append(words, "hundredth")
	for _, m := range magnitudeWords {
		words = append(words, m, m+"th")
	}
	return "(?:" + strings.ToLower(strings.Join(words, "|")) + "|and|[\\-, ])+"
}

func (f *integerFormat) parseDigits(s string) float64 {
	if f.ordinal {
		s = value.Slice(s, 0, value.UTF16Len(s)-2)
	}
	if f.regular > 0 {
		s = strings.ReplaceAll(s, ",", "")
	} else {
		for _, sep := range f.separators {
			s = strings.ReplaceAll(s, sep.text, "")
		}
	}
	if f.zero != '0' {
		u := value.UTF16(s)
		for i := range u {
			u[i] -= uint16(f.zero - '0')
		}
		s = value.FromUTF16(u)
	}
	return value.ParseInt(s, 0)
}

func fromLetters(s string, first uint16) float64 {
	u := value.UTF16(s)
	n := 0.0
	for i := range u {
		digit := float64(u[len(u)-1-i]) - float64(first) + 1
		n += float64(digit * value.Pow(26, float64(i)))
	}
	return n
}

func fromRoman(s string) float64 {
	n, most := 0.0, 1.0
	for i := len(s) - 1; i >= 0; i-- {
		v := math.NaN()
		if at := strings.IndexByte("MDCLXVI", s[i]); at >= 0 {
			v = []float64{1000, 500, 100, 50, 10, 5, 1}[at]
		}
		if v < most {
			n -= v
		} else {
			most = v
			n += v
		}
	}
	return n
}

// reader gives how a part of a date picture is read.
func (p *datePart) reader() (reader, error) {
	switch {
	case p.component == 0:
		var b strings.Builder
		for _, c := range p.literal {
			if strings.ContainsRune(`.*+?^${}()|[]\`, c) {
				b.WriteByte('\\')
			}
			b.WriteRune(c)
		}
		return reader{pattern: b.String()}, nil
	case p.component == 'Z' || p.component == 'z':
		return p.zoneReader(), nil
	case p.component == 'f':
		return reader{pattern: "[0-9]+", parse: func(s string) float64 {
			return value.ParseFloat("0."+s[:min(3, len(s))]) * 1000
		}}, nil
	case p.integer != nil:
		return p.integer.reader()
	}
	r := reader{pattern: "[a-zA-Z]+"}
	short := func(s string) string {
		if p.max > 0 && float64(len(s)) > p.max {
			return s[:int(p.max)]
		}
		return s
	}
	switch p.component {
	case 'M', 'x':
		r.parse = func(s string) float64 { return find(s, monthNames, short) + 1 }
	case 'F':
		r.parse = func(s string) float64 { return find(s, dayNames[1:], short) + 1 }
	case 'P':
		r.parse = func(s string) float64 {
			switch s {
			case "am", "AM":
				return 0
			case "pm", "PM":
				return 1
			}
			return math.NaN()
		}
	default:
		return r, fail("D3133", "value", string(rune(p.component)))
	}
	return r, nil
}

// find gives the last place of s in a list of shortened names, NaN if it is not there.
func find(s string, list []string, short func(string) string) float64 {
	for i := len(list) - 1; i >= 0; i-- {
		if short(list[i]) == s {
			return float64(i)
		}
	}
	return math.NaN()
}

func (p *datePart) zoneReader() reader {
	sep := ""
	if p.integer.regular > 0 {
		sep = p.integer.separators[0].text
	}
	r := reader{pattern: "[-+][0-9]+"}
	if p.component == 'z' {
		r.pattern = "GMT" + r.pattern
	}
	if sep != "" {
		r.pattern += sep + "[0-9]+"
	}
	r.parse = func(s string) float64 {
		if p.component == 'z' {
			s = s[3:]
		}
		number := func(t string) float64 { return value.ParseInt(t, 0) }
		if sep != "" {
			h, m, _ := strings.Cut(s, sep)
			return float64(number(h)*60) + number(m)
		}
		if len(s)-1 <= 2 {
			return number(s) * 60
		}
		return float64(number(s[:3])*60) + number(s[3:])
	}
	return r
}

func fnToMillis(c call) (value.Value, error) {
	if c.arg(0).IsUndefined() {
		return value.Undefined, nil
	}
	text := c.arg(0).Str()
	if !c.arg(1).IsUndefined() {
		return parseDate(text, value.ToString(c.arg(1)), c.ev.now)
	}
	re, err := regex.Cached(`^\d{4}(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$`, "")
	if err != nil || !re.Test(text) {
		return value.Undefined, fail("D3110", "stack", "code", "value", text)
	}
	return value.Num(value.ParseDate(text, c.ev.zone())), nil
}

// parseDate reads a time by a picture. What is missing on the left comes from now,
// what is missing on the right is zero.
func parseDate(text, picture string, now float64) (value.Value, error) {
	parts, err := datePicture(picture)
	if err != nil {
		return value.Undefined, err
	}
	readers := make([]reader, len(parts))
	pattern := "^"
	for i := range parts {
		if readers[i], err = parts[i].reader(); err != nil {
			return value.Undefined, err
		}
		readers[i].component = parts[i].component
		pattern += "(" + readers[i].pattern + ")"
	}
	re, err := regex.Cached(pattern+"$", "i")
	if err != nil {
		return value.Undefined, err
	}
	m, err := re.Exec(text, 0)
	if m == nil || err != nil {
		return value.Undefined, err
	}
	f := dateFields{now: now}
	for i, r := range readers {
		if r.parse != nil {
			f.set(r.component, r.parse(m.Groups[i+1].Text))
		}
	}
	return f.time()
}

// dateFields are the components found, by their letters.
type dateFields struct {
	value [128]float64
	known [128]bool // it was there, though perhaps without a value
	now   float64
}

func (f *dateFields) set(c byte, n float64) {
	f.value[c&127], f.known[c&127] = n, true
}

// defined reports whether the component has a value other than undefined; reads by
// name give undefined, numbers do not.
func (f *dateFields) defined(c byte) bool {
	return f.known[c] && (f.value[c] == f.value[c] || strings.IndexByte("MxFP", c) < 0)
}

// truthy reports whether a component counts as given in the choice of forms.
func (f *dateFields) truthy(c byte) bool {
	return f.known[c] && f.value[c] == f.value[c] && f.value[c] != 0
}

// form reports whether the components of a mask, most significant first, fit a type.
func (f *dateFields) form(order string, kind int) bool {
	mask := 0
	for i := range len(order) {
		mask <<= 1
		if f.truthy(order[i]) {
			mask++
		}
	}
	return ^kind&mask == 0 && kind&mask != 0
}

// order chooses the components that make up the time.
func (f *dateFields) order() (order string, dateB, dateC, dateD, timeB bool) {
	const date, clock = "YXMxWwdD", "PHhmsf"
	dateA := f.form(date, 0b10100001)
	dateB = !dateA && f.form(date, 0b10000010)
	dateC = f.form(date, 0b01010100)
	dateD = !dateC && f.form(date, 0b01001000)
	timeB = !f.form(clock, 0b010111) && f.form(clock, 0b101111)
	switch {
	case dateB:
		order = "YD"
	case dateC:
		order = "XxwF"
	case dateD:
		order = "XWF"
	default:
		order = "YMD"
	}
	if timeB {
		return order + "Phmsf", dateB, dateC, dateD, timeB
	}
	return order + "Hmsf", dateB, dateC, dateD, timeB
}

func (f *dateFields) time() (value.Value, error) {
	any := false
	for _, k := range f.known {
		any = any || k
	}
	if !any {
		return value.Undefined, nil
	}
	order, dateB, dateC, dateD, timeB := f.order()
	started, ended := false, false
	for i := range len(order) {
		c := order[i]
		switch {
		case f.defined(c) && ended:
			return value.Undefined, fail("D3136")
		case f.defined(c):
			started = true
		case started:
			f.set(c, 0)
			if c == 'M' || c == 'D' || c == 'd' {
				f.set(c, 1)
			}
			ended = true
		case c == 'P':
			f.set(c, math.NaN())
		default:
			f.set(c, dateComponent(f.now, c))
		}
	}
	if dateC || dateD {
		return value.Undefined, fail("D3136")
	}
	return value.Num(f.compose(dateB, timeB)), nil
}

// compose makes the time of its components.
func (f *dateFields) compose(dateB, timeB bool) float64 {
	v := &f.value
	if v['M'] > 0 {
		v['M']--
	} else {
		v['M'] = 0
	}
	if dateB {
		day := dateUTC(v['Y'], 0, 1, 0, 0, 0, 0) + float64((v['d']-1)*msPerDay)
		if day = value.TimeClip(day); day == day {
			fields := value.Fields(day, time.UTC)
			v['M'], v['D'] = float64(fields.Month), float64(fields.Day)
		} else {
			v['M'], v['D'] = day, day
		}
	}
	if timeB {
		v['H'] = v['h']
		if v['h'] == 12 {
			v['H'] = 0
		}
		if v['P'] == 1 {
			v['H'] += 12
		}
	}
	ms := dateUTC(v['Y'], v['M'], v['D'], v['H'], v['m'], v['s'], v['f'])
	for _, c := range []byte("Zz") {
		if f.truthy(c) {
			return ms - float64(v[c]*60*1000)
		}
	}
	return ms
}

// dateUTC is JavaScript's Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
func dateUTC(year, month, day, hour, minute, second, ms float64) float64 {
	if y := math.Trunc(year); y >= 0 && y <= 99 {
		year = y + 1900
	}
	return value.TimeClip(value.UTC(year, month, day, hour, minute, second, ms))
}
