package parsers

import (
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// FuzzCSV looks for texts on which a reader panics, or reads a row that it should not.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\r\n", "\"x\"\"y\",\n", "a\"b\"c,\"", ",,\n\n", "\"a\nb\",1e-+5", "é§😀,\r\r\n", "\"\"x\"\""} {
		f.Add(s, ",", true)
		f.Add(s, "§", false)
	}
	f.Fuzz(func(t *testing.T, text, sep string, flag bool) {
		text = value.Text([]byte(text))
		if value.UTF16Len(sep) != 1 {
			sep = ""
		}
		rows, end, err := readRFC(text, 0, sep, flag, false)
		if err == nil && end != len(text) {
			t.Errorf("reading ended at %d of %d", end, len(text))
		}
		for _, row := range rows {
			if len(row) == 0 {
				t.Error("a row without cells")
			}
		}
		n := newLegacy(csv{sep: orElse(sep, ","), unitSep: sep, empties: flag, nulls: flag, numbers: true, hdrIn: flag})
		r := &legacyReader{csvLegacy: n, csvScan: csvScan{s: text, sep: sep}}
		r.classes(true)
		r.cell.s = text
		if err := r.read(r.begin(0)); err != nil {
			return
		}
		for _, row := range r.rows {
			if row.Object().Len() == 0 {
				t.Error("an object without properties")
			}
		}
	})
}

// TestLegacyNumber compares the hand-written reader with the pattern it stands for.
func TestLegacyNumber(t *testing.T) {
	for _, c := range []struct {
		text string
		want string
	}{
		{"1", "1"}, {" -1.5\t", "-1.5"}, {".5", "0.5"}, {"5.", ""}, {"", ""}, {"-", ""}, {"0", "0"}, {"00", ""}, {"01", ""}, {"-01", ""},
		{"0.5", "0.5"}, {"1e5", "100000"}, {"1E-5", "0.00001"}, {"1e-+5", "1"}, {"1e+5", "100000"}, {"e5", ""}, {".e5", "NaN"}, {"1e", ""},
		{"1.5e3", "1500"}, {"1.e3", "1000"}, {"1 2", ""}, {"0x1", ""}, {"1_0", ""}, {"Infinity", ""}, {"1e400", "Infinity"},
	} {
		f, ok := legacyNumber(c.text)
		got := ""
		if ok {
			got = value.FormatNumber(f)
		}
		if got != c.want {
			t.Errorf("%q: %q, not %q", c.text, got, c.want)
		}
	}
}
