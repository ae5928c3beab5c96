package value

import (
	"math"
	"time"
)

func ISO(ms float64) string {
	if ms != ms {
		return ""
	}
	return time.UnixMilli(int64(ms)).UTC().Format("2006-01-02T15:04:05.000Z")
}
func ISOString(ms float64) (string, error)             { return ISO(ms), nil }
func DateString(ms float64, loc *time.Location) string { return ISO(ms) }
func ParseDate(s string, loc *time.Location) float64   { return math.NaN() }

type InspectOptions struct {
	Depth                           int
	Colors                          bool
	BreakLength                     int
	Compact                         int
	MaxArrayLength, MaxStringLength int
	Sorted                          bool
	ShowHidden                      bool
}

func Inspect(v Value, o InspectOptions) string                      { return ToString(v) }
func Format(args []Value) string                                    { return ToString(args[0]) }
func EncodeDebug(v Value, maxLength int) (msg Value, format string) { return v, "" }
