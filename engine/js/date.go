package js

import (
	"math"
	"strings"
	"time"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

const (
	msPerDay = 86400000
	maxDate  = 8.64e15
)

// installDate makes Date use the runtime's zone; goja's own knows only the process's.
func (r *Runtime) installDate() {
	d := r.builtin("Date")
	p := d.Get("prototype").(*goja.Object)
	r.dateProto = p
	r.dateValueOf, _ = goja.AssertFunction(p.Get("valueOf"))
	setTime, _ := goja.AssertFunction(p.Get("setTime"))
	getters := []struct {
		name  string
		field func(f fields) float64
	}{
		{"getFullYear", func(f fields) float64 { return f.year }}, {"getMonth", func(f fields) float64 { return f.month }},
		{"getDate", func(f fields) float64 { return f.day }}, {"getDay", func(f fields) float64 { return f.weekday }},
		{"getHours", func(f fields) float64 { return f.hour }}, {"getMinutes", func(f fields) float64 { return f.minute }},
		{"getSeconds", func(f fields) float64 { return f.second }}, {"getMilliseconds", func(f fields) float64 { return f.ms }},
		{"getTimezoneOffset", func(f fields) float64 { return 0 - f.offset/60000 }},
		{"getYear", func(f fields) float64 { return f.year - 1900 }},
	}
	for _, g := range getters {
		r.defineFunc(p, g.name, 0, func(c goja.FunctionCall) goja.Value {
			ms := r.thisDate(c)
			if ms != ms {
				return r.vm.ToValue(ms)
			}
			return r.number(g.field(fieldsOf(ms, r.options.Zone)))
		})
	}
	set := func(this goja.Value, ms float64) goja.Value {
		v, err := setTime(this, r.vm.ToValue(ms))
		if err != nil {
			panic(err)
		}
		if n, ok := r.linked(this.(*goja.Object)).(*value.Date); ok {
			n.Ms = v.ToFloat()
		}
		return v
	}
	for _, s := range dateSetters {
		for _, utc := range []bool{false, true} {
			name, zone := "set"+s.name, r.options.Zone
			if utc {
				if s.name == "Year" {
					continue
				}
				name, zone = "setUTC"+s.name, time.UTC
			}
			r.defineFunc(p, name, s.args, func(c goja.FunctionCall) goja.Value {
				ms := r.thisDate(c)
				return set(c.This, s.apply(ms, c.Arguments, zone))
			})
		}
	}
	r.defineFunc(p, "setTime", 1, func(c goja.FunctionCall) goja.Value {
		r.thisDate(c)
		return set(c.This, timeClip(c.Argument(0).ToFloat()))
	})
	r.installDateText(d, p)
}

func (r *Runtime) installDateText(d, p *goja.Object) {
	date := func(s string) string { return strings.Join(strings.SplitN(s, " ", 5)[:4], " ") }
	for name, cut := range map[string]func(string) string{
		"toString": func(s string) string { return s }, "toDateString": date,
		"toTimeString": func(s string) string { return strings.TrimPrefix(s, date(s)+" ") },
	} {
		r.defineFunc(p, name, 0, func(c goja.FunctionCall) goja.Value {
			ms := r.thisDate(c)
			if ms != ms {
				return r.str("Invalid Date")
			}
			return r.str(cut(value.DateString(ms, r.options.Zone)))
		})
	}
	for _, name := range []string{"toLocaleString", "toLocaleDateString", "toLocaleTimeString"} {
		r.defineFunc(p, name, 0, func(c goja.FunctionCall) goja.Value {
			ms := r.thisDate(c)
			if ms != ms {
				return r.str("Invalid Date")
			}
			res, err := r.function("datelocale")(r.undefined, r.intlObject(), r.str(name), c.Argument(0), c.Argument(1), r.vm.ToValue(ms))
			if err != nil {
				panic(err)
			}
			return res
		})
	}
	r.defineFunc(p, "toISOString", 0, func(c goja.FunctionCall) goja.Value {
		s, err := value.ISOString(r.thisDate(c))
		if err != nil {
			r.throwValue(err)
		}
		return r.str(s)
	})
	r.defineFunc(d, "parse", 1, func(c goja.FunctionCall) goja.Value {
		return r.vm.ToValue(value.ParseDate(text(c.Argument(0).ToString()), r.options.Zone))
	})
	r.defineFunc(d, "now", 0, func(goja.FunctionCall) goja.Value { return r.vm.ToValue(math.Floor(r.millis())) })
}

// thisDate is the time of the Date a method was called on.
func (r *Runtime) thisDate(c goja.FunctionCall) float64 {
	o, ok := c.This.(*goja.Object)
	if !ok || r.kindOf(o) != kindDate {
		r.throw("TypeError", "this is not a Date object.")
	}
	return r.dateMs(o)
}

// dateArguments gives the time that new Date(…) means.
func (r *Runtime) dateArguments(c goja.FunctionCall) goja.Value {
	switch len(c.Arguments) {
	case 0:
		return r.vm.ToValue(math.Floor(r.millis()))
	case 1:
		v := c.Arguments[0]
		if o, ok := v.(*goja.Object); ok {
			if r.kindOf(o) == kindDate {
				return r.vm.ToValue(r.dateMs(o))
			}
			v = r.toPrimitive(o)
		}
		if s, ok := v.(goja.String); ok {
			return r.vm.ToValue(value.ParseDate(text(s), r.options.Zone))
		}
		return r.vm.ToValue(timeClip(v.ToFloat()))
	}
	f := fields{day: 1}
	dst := []*float64{&f.year, &f.month, &f.day, &f.hour, &f.minute, &f.second, &f.ms}
	for i, v := range c.Arguments {
		if i < len(dst) {
			*dst[i] = whole(v.ToFloat())
		}
	}
	if f.year >= 0 && f.year <= 99 {
		f.year += 1900
	}
	return r.vm.ToValue(timeClip(f.time(r.options.Zone)))
}

// toPrimitive is ToPrimitive of the language without a hint.
func (r *Runtime) toPrimitive(o *goja.Object) goja.Value {
	v, err := r.function("primitive")(r.undefined, o)
	if err != nil {
		panic(err)
	}
	return v
}

// fields is a time taken apart; month counts from 0, offset is local minus UTC in ms.
type fields struct {
	year, month, day, hour, minute, second, ms float64
	weekday, offset                            float64
}

func fieldsOf(ms float64, zone *time.Location) fields {
	t := time.UnixMilli(int64(ms)).In(zone)
	_, off := t.Zone()
	return fields{
		year: float64(t.Year()), month: float64(t.Month() - 1), day: float64(t.Day()), hour: float64(t.Hour()),
		minute: float64(t.Minute()), second: float64(t.Second()), ms: float64(t.Nanosecond() / 1e6),
		weekday: float64(t.Weekday()), offset: float64(off) * 1000,
	}
}

// time puts the fields together, which may be out of range; NaN if that gives no time.
func (f fields) time(zone *time.Location) float64 {
	local := float64(f.days()*msPerDay) + (float64(f.hour*3600000) + float64(f.minute*60000) + float64(f.second*1000) + f.ms)
	if math.IsNaN(local) || math.Abs(local) > maxDate+2*msPerDay {
		return math.NaN()
	}
	return fromLocal(local, zone)
}

// days is the day number of year, month and day.
func (f fields) days() float64 {
	y, m := f.year+math.Floor(f.month/12), math.Mod(f.month, 12)
	if m < 0 {
		m += 12
	}
	if math.IsNaN(y) || math.IsNaN(f.day) || math.Abs(y) > 400000 {
		return math.NaN()
	}
	first := time.Date(int(y), time.Month(int(m)+1), 1, 0, 0, 0, 0, time.UTC).Unix() / 86400
	return float64(first) + f.day - 1
}

// fromLocal gives the time at which clocks show a local time: the earlier one where
// it occurs twice; where it is skipped, as if the change had not been made yet.
func fromLocal(local float64, zone *time.Location) float64 {
	if zone == time.UTC {
		return local
	}
	offset := func(ms float64) float64 {
		_, off := time.UnixMilli(int64(ms)).In(zone).Zone()
		return float64(off) * 1000
	}
	before, after := offset(local-msPerDay), offset(local+msPerDay)
	if offset(local-before) == before {
		return local - before
	}
	if offset(local-after) == after {
		return local - after
	}
	return local - before
}

func timeClip(ms float64) float64 {
	if !(math.Abs(ms) <= maxDate) {
		return math.NaN()
	}
	return math.Trunc(ms) + 0
}

func whole(f float64) float64 {
	if math.IsInf(f, 0) {
		return math.NaN()
	}
	return math.Trunc(f)
}

// dateSetter is one of the set methods.
type dateSetter struct {
	name string
	args int
	from int // the first field it sets: 0 year … 6 milliseconds
}

var dateSetters = []dateSetter{
	{"FullYear", 3, 0}, {"Month", 2, 1}, {"Date", 1, 2}, {"Hours", 4, 3}, {"Minutes", 3, 4}, {"Seconds", 2, 5},
	{"Milliseconds", 1, 6}, {"Year", 1, 0},
}

func (s dateSetter) apply(ms float64, args []goja.Value, zone *time.Location) float64 {
	if ms != ms {
		if s.from != 0 {
			return ms
		}
		ms = fromLocal(0, zone)
	}
	f := fieldsOf(ms, zone)
	dst := []*float64{&f.year, &f.month, &f.day, &f.hour, &f.minute, &f.second, &f.ms}
	if len(args) == 0 {
		return math.NaN()
	}
	for i, v := range args {
		if i < s.args && s.from+i < len(dst) {
			*dst[s.from+i] = whole(v.ToFloat())
		}
	}
	if s.name == "Year" && f.year >= 0 && f.year <= 99 {
		f.year += 1900
	}
	return timeClip(f.time(zone))
}

// newDate gives a goja Date.
func (r *Runtime) newDate(ms float64) *goja.Object {
	return r.construct(r.realDate, r.vm.ToValue(ms))
}
