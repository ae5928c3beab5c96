package jsonata

import (
	"math"
	"time"

	"github.com/lockstep-flows/lockstep/engine/moment"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// method gives a method that JavaScript's own objects inherit and expressions may
// call: those of dates and buffers. Undefined if there is none.
func method(v value.Value, name string) value.Value {
	switch v.Kind() {
	case value.KindDate:
		if dateMethod(name, v.Date().Ms, time.UTC).IsUndefined() {
			return value.Undefined
		}
		return methodOf(func(ev *evaluator, this value.Value, _ []value.Value) (value.Value, error) {
			d := this.Date()
			if d == nil {
				return value.Undefined, typeError("this is not a Date object.")
			}
			if name == "toISOString" {
				s, err := value.ISOString(d.Ms)
				return value.Str(s), err
			}
			return dateMethod(name, d.Ms, ev.zone()), nil
		})
	case value.KindBuffer:
		if name != "toString" {
			return value.Undefined
		}
		return methodOf(func(_ *evaluator, this value.Value, args []value.Value) (value.Value, error) {
			b := this.Buffer()
			if b == nil {
				return value.Undefined, typeError("argument must be a buffer")
			}
			return value.Str(bufferText(b.B, argument(args, 0).Str())), nil
		})
	}
	return value.Undefined
}

func methodOf(f func(ev *evaluator, this value.Value, args []value.Value) (value.Value, error)) value.Value {
	return functionValue(&function{kind: funcNative, native: func(c call) (value.Value, error) {
		return f(c.ev, c.input, c.args)
	}})
}

func (ev *evaluator) zone() *time.Location {
	if ev.host.Zone == nil {
		return time.UTC
	}
	return ev.host.Zone
}

func bufferText(b []byte, encoding string) string {
	switch encoding {
	case "hex":
		out := make([]byte, 0, 2*len(b))
		for _, c := range b {
			out = append(out, hexLower[c>>4], hexLower[c&15])
		}
		return string(out)
	case "base64":
		return base64encode(latin1(b, 0xFF))
	case "latin1", "binary":
		return latin1(b, 0xFF)
	case "ascii":
		return latin1(b, 0x7F)
	case "utf16le", "ucs2", "utf-16le", "ucs-2":
		u := make([]uint16, len(b)/2)
		for i := range u {
			u[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
		}
		return value.FromUTF16(u)
	}
	return value.Text(b)
}

const hexLower = "0123456789abcdef"

func latin1(b []byte, mask byte) string {
	u := make([]uint16, len(b))
	for i, c := range b {
		u[i] = uint16(c & mask)
	}
	return value.FromUTF16(u)
}

// dateMethod gives what a getter of Date.prototype gives.
func dateMethod(name string, ms float64, local *time.Location) value.Value {
	switch name {
	case "getTime", "valueOf":
		return value.Num(ms)
	case "toISOString", "toJSON":
		return value.Str(value.ISO(ms))
	case "toString":
		return value.Str(value.DateString(ms, local))
	case "toDateString":
		return value.Str(value.DayString(ms, local))
	case "toTimeString":
		return value.Str(value.ClockString(ms, local))
	case "toUTCString", "toGMTString":
		return value.Str(value.UTCString(ms))
	case "toLocaleString":
		return value.Str(value.LocaleString(ms, local))
	case "toLocaleDateString":
		return value.Str(value.LocaleDateString(ms, local))
	case "toLocaleTimeString":
		return value.Str(value.LocaleTimeString(ms, local))
	case "getTimezoneOffset":
		return value.Num(-math.Trunc(float64(value.ZoneOffset(ms, local)) / 60))
	}
	if len(name) > 6 && name[:6] == "getUTC" {
		return dateField(name[6:], ms, time.UTC)
	}
	if len(name) > 3 && name[:3] == "get" {
		return dateField(name[3:], ms, local)
	}
	return value.Undefined
}

func dateField(name string, ms float64, loc *time.Location) value.Value {
	f := value.Fields(ms, loc)
	n := 0
	switch name {
	case "FullYear":
		n = f.Year
	case "Month":
		n = f.Month
	case "Date":
		n = f.Day
	case "Day":
		n = f.Weekday
	case "Hours":
		n = f.Hour
	case "Minutes":
		n = f.Minute
	case "Seconds":
		n = f.Second
	case "Milliseconds":
		n = f.Ms
	default:
		return value.Undefined
	}
	if ms != ms {
		return value.Num(ms)
	}
	return value.Int(n)
}

// fnMoment is Node-RED's $moment.
func fnMoment(c call) (value.Value, error) {
	h := moment.Host{Now: c.ev.now, Zone: c.ev.zone(), LoadZone: c.ev.host.LoadZone}
	return moment.New(c.args, h), nil
}
