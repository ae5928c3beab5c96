package js

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dop251/goja"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// intlObject makes Intl: the formatters for English and the number and date forms
// of the commonest other locales.
func (r *Runtime) intlObject() goja.Value {
	if o := r.native["Intl"]; o != nil {
		return o
	}
	n := r.vm.NewObject()
	set := func(name string, fn func(goja.FunctionCall) goja.Value) { _ = n.Set(name, r.nativeFunc(name, fn)) }
	set("fraction", func(c goja.FunctionCall) goja.Value {
		return r.str(roundFraction(c.Argument(0).ToFloat(), intArg(c.Argument(1)), intArg(c.Argument(2))))
	})
	set("significant", func(c goja.FunctionCall) goja.Value {
		return r.str(roundSignificant(c.Argument(0).ToFloat(), intArg(c.Argument(1)), intArg(c.Argument(2))))
	})
	set("zone", func(goja.FunctionCall) goja.Value { return r.str(r.options.Zone.String()) })
	set("now", func(goja.FunctionCall) goja.Value { return r.vm.ToValue(math.Floor(r.millis())) })
	set("fields", func(c goja.FunctionCall) goja.Value {
		zone := r.zone(c.Argument(1))
		if zone == nil {
			return r.null
		}
		return r.zoneFields(c.Argument(0).ToFloat(), zone)
	})
	v, err := r.function("intl")(r.undefined, n)
	if err != nil {
		panic(err)
	}
	r.native["Intl"] = v.(*goja.Object)
	return v
}

// zone finds a time zone by name; undefined is the runtime's own.
func (r *Runtime) zone(v goja.Value) *time.Location {
	if v == r.undefined {
		return r.options.Zone
	}
	name := v.String()
	if strings.EqualFold(name, "utc") || strings.EqualFold(name, "gmt") {
		return time.UTC
	}
	if name == "" || strings.EqualFold(name, "local") {
		return nil
	}
	load := r.options.LoadZone
	if load == nil {
		load = value.LoadZone
	}
	zone, err := load(name)
	if err != nil {
		return nil
	}
	return zone
}

func (r *Runtime) zoneFields(ms float64, zone *time.Location) goja.Value {
	f := fieldsOf(ms, zone)
	short, _ := time.UnixMilli(int64(ms)).In(zone).Zone()
	long := ""
	if s := value.DateString(ms, zone); strings.HasSuffix(s, ")") {
		long = s[strings.LastIndex(s, "(")+1 : len(s)-1]
	}
	return r.vm.NewArray(f.year, f.month, f.day, f.hour, f.minute, f.second, f.ms, f.weekday, f.offset/60000, short, long)
}

// decimal gives the shortest digits of |x| and the position of the point in them.
func decimal(x float64) (digits string, point int) {
	s := strconv.FormatFloat(math.Abs(x), 'e', -1, 64)
	mant, exp, _ := strings.Cut(s, "e")
	e, _ := strconv.Atoi(exp)
	return strings.Replace(mant, ".", "", 1), e + 1
}

// roundDigits keeps n digits, rounding half away from zero.
func roundDigits(digits string, point, n int) (string, int) {
	if n < 0 {
		return "0", 1
	}
	if n >= len(digits) {
		return digits, point
	}
	up := digits[n] >= '5'
	b := []byte(digits[:n])
	for i := n - 1; up && i >= 0; i-- {
		if b[i]++; b[i] <= '9' {
			up = false
			break
		}
		b[i] = '0'
	}
	if up {
		b = append([]byte{'1'}, b...)
		point++
	}
	if len(b) == 0 {
		return "0", 1
	}
	return string(b), point
}

// layout writes digits with a point and at least least digits after it.
func layout(digits string, point, least int) string {
	for point <= 0 {
		digits = "0" + digits
		point++
	}
	for len(digits) < point {
		digits += "0"
	}
	whole, frac := digits[:point], strings.TrimRight(digits[point:], "0")
	for len(frac) < least {
		frac += "0"
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if frac == "" {
		return whole
	}
	return whole + "." + frac
}

func roundFraction(x float64, least, most int) string {
	digits, point := decimal(x)
	digits, point = roundDigits(digits, point, point+most)
	return layout(digits, point, least)
}

func roundSignificant(x float64, least, most int) string {
	digits, point := decimal(x)
	digits, point = roundDigits(digits, point, most)
	return layout(digits, point, max(0, least-point))
}
