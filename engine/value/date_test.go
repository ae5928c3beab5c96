package value

import (
	"math"
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// number reads a number of a vector, null standing for NaN.
func number(v Value) float64 {
	if v.IsNull() {
		return math.NaN()
	}
	return v.Num()
}

func TestDate(t *testing.T) {
	files, _ := os.ReadDir("testdata")
	zones := 0
	for _, f := range files {
		zone, ok := strings.CutPrefix(f.Name(), "date_")
		if !ok {
			continue
		}
		zones++
		zone = strings.TrimSuffix(zone, ".jsonl")
		loc, err := time.LoadLocation(strings.Replace(zone, "_", "/", 1))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines(t, f.Name()) {
			a := l.Array()
			switch a.At(0).Str() {
			case "parse":
				got, want := ParseDate(a.At(1).Str(), loc), number(a.At(2))
				if !sameBits(got, want) {
					t.Errorf("%s: parse %q: got %v (%s), want %v (%s)", zone, a.At(1).Str(), got, ISO(got), want, ISO(want))
				}
			case "format":
				checkFormat(t, zone, a, loc)
			case "make":
				checkMake(t, zone, a, loc)
			case "local":
				got, want := TimeClip(FromLocal(number(a.At(1)), loc)), number(a.At(2))
				if want == want && !sameBits(got, want) {
					t.Errorf("%s: local %v: got %v, want %v", zone, a.At(1).Num(), got, want)
				}
			}
		}
	}
	if zones == 0 {
		t.Fatal("no date vectors")
	}
}

func checkFormat(t *testing.T, zone string, a *Array, loc *time.Location) {
	ms := number(a.At(1))
	for i, got := range []string{ISO(ms), DateString(ms, loc), DayString(ms, loc), ClockString(ms, loc), UTCString(ms), LocaleString(ms, loc)} {
		if want := a.At(i + 2).Str(); got != want {
			t.Errorf("%s: %v: got %q, want %q", zone, ms, got, want)
		}
	}
	if ms != ms {
		return
	}
	f := Fields(ms, loc)
	for i, got := range []int{f.Year, f.Month, f.Day, f.Hour, f.Minute, f.Second, f.Ms, f.Weekday} {
		if want := int(a.At(8).Array().At(i).Num()); got != want {
			t.Errorf("%s: %v: field %d is %d, want %d", zone, ms, i, got, want)
		}
	}
}

func checkMake(t *testing.T, zone string, a *Array, loc *time.Location) {
	p := a.At(1).Array()
	year := number(p.At(0))
	if y := ToInteger(year); y >= 0 && y <= 99 {
		year = y + 1900
	}
	ms := UTC(year, number(p.At(1)), number(p.At(2)), number(p.At(3)), number(p.At(4)), number(p.At(5)), number(p.At(6)))
	got, want := TimeClip(FromLocal(ms, loc)), number(a.At(2))
	if !sameBits(got, want) {
		t.Errorf("%s: new Date(%s): got %v, want %v", zone, AppendJSON(nil, a.At(1)), got, want)
	}
}
