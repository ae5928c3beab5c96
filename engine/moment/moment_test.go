package moment

import (
	"bufio"
	"math"
	"os"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestVectors compares with what moment.js did (testdata/vectors.mjs).
func TestVectors(t *testing.T) {
	f, err := os.Open("testdata/vectors.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	n, failed := 0, 0
	for sc.Scan() {
		v, err := value.ParseJSON(sc.Text())
		if err != nil {
			t.Fatal(err)
		}
		line := v.Array().Elems
		n++
		zone, err := time.LoadLocation(line[1].Str())
		if err != nil {
			t.Fatal(err)
		}
		got, want := outcome(line, zone), string(value.AppendJSON(nil, line[len(line)-1]))
		if got != want {
			if failed++; failed <= 60 {
				t.Errorf("%s\n got %s", sc.Text(), got)
			}
		}
	}
	if n < 1000 {
		t.Fatalf("only %d vectors", n)
	}
	t.Logf("%d vectors, %d differ", n, failed)
}

func outcome(line []value.Value, zone *time.Location) string {
	if line[0].Str() == "format" {
		ms := line[2].Num()
		if line[2].IsNull() {
			ms = math.NaN()
		}
		return value.Quote(Format(ms, line[3].Str(), zone))
	}
	var err error
	v := New(line[3].Array().Elems, Host{Now: line[2].Num(), Zone: zone})
	for _, step := range line[4].Array().Elems {
		name := step.Array().At(0).Str()
		var f value.Value
		if f, err = value.GetKey(v, name); err != nil || f.Foreign() == nil {
			return "no method " + name
		}
		if v, err = f.Foreign().(*method).Call(v, step.Array().Elems[1:]); err != nil {
			return err.Error()
		}
	}
	if err != nil {
		return err.Error()
	}
	return string(value.AppendJSON(nil, plain(v)))
}

func plain(v value.Value) value.Value {
	switch {
	case of(v) != nil:
		return value.Obj("moment", of(v).format("YYYY-MM-DDTHH:mm:ss.SSSZ"))
	case v.Date() != nil:
		return value.Obj("date", v.Date().Ms)
	case v.IsNumber() && v.Num()-v.Num() != 0:
		return value.Obj("number", value.FormatNumber(v.Num()))
	case v.IsUndefined():
		return value.Obj("undefined", true)
	}
	return v
}

// FuzzMoment looks for panics in layouts and in parsing.
func FuzzMoment(f *testing.F) {
	f.Add("YYYY-MM-DD [at] hh:mm", "2024-01-31 at 10:11")
	f.Fuzz(func(t *testing.T, layout, text string) {
		layout, text = value.Text([]byte(layout)), value.Text([]byte(text))
		_ = Format(1.7e12, layout, time.UTC)
		_ = New([]value.Value{value.Str(text)}, Host{Now: 1.7e12})
		_ = New([]value.Value{value.Str(text), value.Str(layout)}, Host{Now: 1.7e12})
	})
}
