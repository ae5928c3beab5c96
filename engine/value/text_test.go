package value

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
)

func TestText(t *testing.T) {
	bad := 0
	file := "text.jsonl"
	if f := os.Getenv("LOCKSTEP_TEXT"); f != "" {
		file = f // made by testdata/text.mjs with more vectors
	}
	for _, l := range lines(t, file) {
		a := l.Array()
		check := func(got []any, want Value) {
			t.Helper()
			w := want.Array()
			if w == nil {
				w = NewArray(want)
			}
			for i := range got {
				if g := string(AppendJSON(nil, From(got[i]))); g != string(AppendJSON(nil, w.At(i))) {
					if bad++; bad < 40 {
						t.Errorf("%.200s\n result %d: got %s, want %s", AppendJSON(nil, l), i, g, AppendJSON(nil, w.At(i)))
					}
				}
			}
		}
		switch a.At(0).Str() {
		case "string":
			check(stringResults(a), a.At(5))
		case "sweep":
			check([]any{sweep(a.At(1).Str())}, a.At(2))
		case "utf8":
			b, _ := hex.DecodeString(a.At(1).Str())
			check([]any{Text(b)}, a.At(2))
		case "number":
			f := ParseNumber(a.At(1).Str())
			check(numberResults(f), a.At(2))
		case "parse":
			check(parseResults(a.At(1).Str()), a.At(2))
		case "compare":
			x, y := comparands[int(a.At(1).Num())], comparands[int(a.At(2).Num())]
			check([]any{compareResults(x, y)}, a.At(3))
		}
	}
}

func stringResults(l *Array) []any {
	a, b, f, to := l.At(1).Str(), l.At(2).Str(), int(l.At(3).Num()), int(l.At(4).Num())
	return []any{UTF16Len(a), Slice(a, f, to), IndexOf(a, b, f), CompareStrings(a, b), Concat(a, b), ToLower(a), ToUpper(a),
		Trim(a), TrimStart(a), TrimEnd(a), int(UnitAt(a, max(to, 0)))}
}

func sweep(op string) string {
	f := map[string]func(string) string{"toLowerCase": ToLower, "toUpperCase": ToUpper, "trim": Trim}[op]
	h := sha256.New()
	for r := rune(0); r < 0x110000; r++ {
		if r < 0xD800 || r > 0xDFFF {
			h.Write([]byte(f(string(r)) + "\n"))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func numberResults(f float64) []any {
	out := []any{FormatNumber(f)}
	add := func(s string, err error) {
		if err != nil {
			s = err.Error()
		}
		if len(s) > 130 {
			s = s[:60] + strconv.Itoa(len(s)) + s[len(s)-60:]
		}
		out = append(out, s)
	}
	for _, r := range []int{2, 3, 7, 16, 36} {
		add(FormatRadix(f, r), nil)
	}
	for _, d := range []int{0, 1, 2, 5, 20, 100} {
		add(ToFixed(f, d))
	}
	for _, d := range []int{1, 2, 3, 17, 21, 100} {
		add(ToPrecision(f, d))
	}
	for _, d := range []int{-1, 0, 1, 3, 20} {
		add(ToExponential(f, d))
	}
	add(strconv.Itoa(int(ToInt32(f))), nil)
	add(strconv.FormatUint(uint64(ToUint32(f)), 10), nil)
	add(ToFixed(f, 101))
	add(ToPrecision(f, 0))
	add(ToExponential(f, 101))
	return out
}

func parseResults(s string) []any {
	num := func(f float64) any {
		switch {
		case f == 0 && math.Signbit(f):
			return "-0"
		case f != f || math.IsInf(f, 0):
			return FormatNumber(f)
		}
		return f
	}
	out := []any{num(ParseNumber(s)), num(ParseFloat(s))}
	for _, r := range []int{0, 2, 3, 7, 10, 16, 32, 36, 1, 37} {
		out = append(out, num(ParseInt(s, r)))
	}
	if b, ok := ParseBigInt(s); ok {
		return append(out, b.String())
	}
	return append(out, "SyntaxError: Cannot convert "+s+" to a BigInt")
}

var comparands = []Value{Undefined, Null, True, False, Num(0), Num(math.Copysign(0, -1)), Num(1), Num(math.NaN()), Str(""), Str("0"), Str("1"),
	Str("a"), Str("b"), Str(" 1 "), Str("NaN"), Arr(), Arr(Num(0)), Arr(Num(1)), Arr(Str("a")), Arr(Num(1), Num(2)), Obj(), Obj("a", 1)}

func compareResults(x, y Value) string {
	less, ok := Less(x, y)
	c, _ := Compare(x, y)
	s := ""
	for _, b := range []bool{StrictEqual(x, y), LooseEqual(x, y), less, ok && c <= 0, ok && c > 0, SameValue(x, y)} {
		s += string('0' + byte(len(strconv.FormatBool(!b))-4))
	}
	return s
}

func TestUTF16(t *testing.T) {
	units := []uint16{0x61, 0xD83D, 0xDE00, 0xD83D, 0x62, 0xDE00, 0xE9, 0xFFFF, 0xD83D}
	if got := UTF16(FromUTF16(units)); !slices.Equal(got, units) {
		t.Errorf("got %x, want %x", got, units)
	}
}

func FuzzStrings(f *testing.F) {
	f.Add("a\U0001F600b", "b", 1, 3)
	f.Add("\xed\xa0\xbdx", "\xed\xb8\x80", 0, 1)
	f.Fuzz(func(t *testing.T, a, b string, from, to int) {
		a, b = Text([]byte(a)), Text([]byte(b))
		ua, ub := UTF16(a), UTF16(b)
		if len(ua) != UTF16Len(a) || FromUTF16(ua) != a {
			t.Fatalf("%q: %x", a, ua)
		}
		if from >= 0 && from <= to && to <= len(ua) {
			s := Slice(a, from, to)
			if !slices.Equal(UTF16(s), ua[from:to]) {
				t.Fatalf("slice %q %d %d: %q", a, from, to, s)
			}
			if got := Concat(Concat(Slice(a, 0, from), s), Slice(a, to, len(ua))); got != a {
				t.Fatalf("concat %q: %q", a, got)
			}
			if i, want := IndexOf(a, s, 0), indexUnits(ua, ua[from:to], 0); i != want {
				t.Fatalf("index of %q in %q: %d, want %d", s, a, i, want)
			}
		}
		if c := CompareStrings(a, b); c != slices.Compare(ua, ub) {
			t.Fatalf("compare %q %q: %d", a, b, c)
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1", "0x1f", "1e400", "-.5", "Infinity", " 12 ", "5e-324"} {
		f.Add(s, 1.5)
	}
	f.Fuzz(func(t *testing.T, s string, x float64) {
		s = Text([]byte(s))
		if n := ParseNumber(s); n == n && Trim(s) != "" && prefixed(Trim(s)) == false && !sameBits(ParseFloat(s), n) {
			t.Errorf("%q: number %v, float %v", s, n, ParseFloat(s))
		}
		for r := 2; r <= 36; r++ {
			_ = ParseInt(s, r)
			_ = FormatRadix(x, r)
		}
		if got := ParseNumber(FormatNumber(x)); got != x && x == x {
			t.Errorf("%v became %v", x, got)
		}
		for d := range 30 {
			_, _ = ToFixed(x, d)
			_, _ = ToPrecision(x, d)
			_, _ = ToExponential(x, d)
		}
	})
}

func prefixed(s string) bool { return len(s) > 1 && s[0] == '0' && prefixBase(s[1]) != 0 }
