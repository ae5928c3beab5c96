package value

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
)

var lateRounds = flag.Int("late.rounds", 3000, "rounds of the random test of objects that are read late")

// randomJSON writes random JSON: with blanks or without, canonical or not.
type randomJSON struct {
	*rand.Rand
	b      strings.Builder
	blanks bool
	odd    bool
}

func (r *randomJSON) space() {
	if r.blanks && r.IntN(4) == 0 {
		r.b.WriteString([]string{" ", "\n", "\t", "\r\n", "   "}[r.IntN(5)])
	}
}

func (r *randomJSON) pick(plain, odd []string) {
	if r.odd && r.IntN(12) == 0 {
		r.b.WriteString(odd[r.IntN(len(odd))])
		return
	}
	r.b.WriteString(plain[r.IntN(len(plain))])
}

func (r *randomJSON) value(depth int) {
	r.space()
	switch k := r.IntN(12); {
	case depth > 0 && k < 3 || depth > 3:
		r.object(depth)
	case depth > 0 && k < 5:
		r.b.WriteByte('[')
		for i := range r.IntN(5) {
			if i > 0 {
				r.b.WriteByte(',')
			}
			r.value(depth - 1)
		}
		r.space()
		r.b.WriteByte(']')
	case k < 8:
		r.pick([]string{"0", "1", "-7", "1700000000123", "21.5", "-0.25", "123456.789", "999999999999999", "0.00001"},
			[]string{"-0", "1.0", "1e3", "1E400", "-1e-400", "0.1e1", "1234567890123456789", "0.30000000000000004", "0.000001",
				"0.0000001", "1e-7", "1e21", "1.5e+300", "9007199254740993", "0.1000000000000000055", "-0.0", "5e-324", "48.137154000000001"})
	case k < 10:
		r.pick([]string{`""`, `"abc"`, `"` + strings.Repeat("long text ", 12) + `"`, `"a\"b\\c\n"`, `"ü€😀"`, `"한국 힣"`, "\"\u2028\x7f\""},
			[]string{`"\/"`, `"\u0041"`, `"\ud83d\ude00"`, `"\ud800"`, `"\u001f"`, "\"\xed\xa0\x80\"", "\"\xed\xa0\x80\\udc00\"", `"\b\f\r\t"`, `"\u00e9"`})
	default:
		r.b.WriteString([]string{"true", "false", "null"}[r.IntN(3)])
	}
	r.space()
}

func (r *randomJSON) object(depth int) {
	r.b.WriteByte('{')
	r.space()
	for i := range r.IntN(14) {
		if i > 0 {
			r.b.WriteByte(',')
		}
		r.space()
		if r.odd && r.IntN(60) == 0 {
			r.b.WriteString([]string{`"7"`, `"12"`, `"a"`, `"k1"`, `"__proto__"`, `"\u0061"`, `"01"`, `""`}[r.IntN(8)])
		} else {
			fmt.Fprintf(&r.b, `"k%d"`, i)
		}
		r.space()
		r.b.WriteByte(':')
		r.value(depth - 1)
	}
	r.b.WriteByte('}')
}

// parseLate reads late, whatever became of texts before.
func parseLate(text string) (Value, error) { return parseJSON(text, &LateJSON{}) }

// twins are the same value twice: read late, and read at once.
type twins struct{ late, plain Value }

func (w twins) get(key string) twins {
	a, _ := GetKey(w.late, key)
	b, _ := GetKey(w.plain, key)
	return twins{a, b}
}

// part walks down to a random part.
func (w twins) part(r *rand.Rand) twins {
	for r.IntN(4) > 0 {
		keys := Keys(w.plain)
		if w.plain.Object() == nil && w.plain.Array() == nil || len(keys) == 0 {
			break
		}
		next := w.get(keys[r.IntN(len(keys))])
		if next.plain.Object() == nil && next.plain.Array() == nil {
			break
		}
		w = next
	}
	return w
}

// mutate changes both in the same way.
func (w twins) mutate(t *testing.T, r *rand.Rand) {
	at := w.part(r)
	from := w.part(r)
	v := twins{Int(r.IntN(100)), Undefined}
	v.plain = v.late
	switch r.IntN(5) {
	case 0:
		v = twins{Clone(from.late), Clone(from.plain)}
	case 1:
		v = twins{Obj("new", 1), Obj("new", 1)}
	case 2:
		v.late = Undefined
		v.plain = Undefined
	}
	key := "k" + strconv.Itoa(r.IntN(15))
	if r.IntN(5) == 0 {
		key = strconv.Itoa(r.IntN(5))
	}
	if at.plain.Object() != nil {
		mutateObject(t, r, at, v, key)
	} else if at.plain.Array() != nil {
		mutateArray(r, at, v)
	}
}

func mutateObject(t *testing.T, r *rand.Rand, at, v twins, key string) {
	if o, p := at.late.Object(), at.plain.Object(); p != nil {
		switch r.IntN(8) {
		case 0:
			o.Set(key, v.late)
			p.Set(key, v.plain)
		case 1:
			if o.Delete(key) != p.Delete(key) {
				t.Fatal("delete differs")
			}
		case 2:
			if p.Len() > 0 {
				i := r.IntN(p.Len())
				o.At(i).Value, p.At(i).Value = v.late, v.plain
			}
		case 3:
			if !p.Has("added") {
				o.Add("added", v.late)
				p.Add("added", v.plain)
			}
		case 4:
			if r.IntN(6) == 0 {
				o.Clear()
				p.Clear()
			}
		case 5:
			_, _ = SetMessageProperty(o, key+".b.c", v.late, true)
			_, _ = SetMessageProperty(p, key+".b.c", v.plain, true)
		case 6:
			_ = SetKey(at.late, key, v.late)
			_ = SetKey(at.plain, key, v.plain)
		case 7:
			_ = DeleteKey(at.late, key)
			_ = DeleteKey(at.plain, key)
		}
	}
}

func mutateArray(r *rand.Rand, at, v twins) {
	if a, b := at.late.Array(), at.plain.Array(); b != nil {
		i := r.IntN(5)
		switch r.IntN(7) {
		case 0:
			a.SetAt(i, v.late)
			b.SetAt(i, v.plain)
		case 1:
			a.Splice(i, 2)
			b.Splice(i, 2)
		case 2:
			a.Append(v.late)
			b.Append(v.plain)
		case 3:
			_ = a.SetLength(float64(i))
			_ = b.SetLength(float64(i))
		case 4:
			byText := func(x, y Value) int { return strings.Compare(string(plainJSON(nil, x)), string(plainJSON(nil, y))) }
			SortStable(a.Elems, byText)
			SortStable(b.Elems, byText)
		case 5:
			if i < len(b.Elems) {
				a.Elems[i], b.Elems[i] = v.late, v.plain
			}
		case 6:
			_ = SetKey(at.late, strconv.Itoa(i), v.late)
			_ = SetKey(at.plain, strconv.Itoa(i), v.plain)
		}
	}
}

// plainJSON writes the JSON of a tree in the plainest way.
func plainJSON(dst []byte, v Value) []byte {
	switch v.Kind() {
	case KindObject:
		dst = append(dst, '{')
		comma := false
		for _, k := range v.Object().Keys() {
			x := v.Object().Get(k)
			if x.IsUndefined() {
				continue
			}
			if comma {
				dst = append(dst, ',')
			}
			comma = true
			dst = append(plainQuote(dst, k), ':')
			dst = plainJSON(dst, x)
		}
		return append(dst, '}')
	case KindArray:
		dst = append(dst, '[')
		for i := range v.Array().Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = plainJSON(dst, v.Array().At(i))
		}
		return append(dst, ']')
	case KindString:
		return plainQuote(dst, v.Str())
	case KindNumber:
		if s := FormatNumber(v.Num()); !strings.Contains(s, "Inf") && s != "NaN" {
			return append(dst, s...)
		}
	case KindBool:
		return strconv.AppendBool(dst, v.Bool())
	}
	return append(dst, "null"...)
}

func plainQuote(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		c, n := decode(s, i)
		at := strings.IndexByte("\"\\\b\f\n\r\t", s[i])
		switch {
		case at >= 0:
			dst = append(dst, '\\', `"\bfnrt`[at])
		case c < 0x20 || c >= 0xD800 && c < 0xE000:
			dst = fmt.Appendf(dst, `\u%04x`, c)
		default:
			dst = append(dst, s[i:i+n]...)
		}
		i += n
	}
	return append(dst, '"')
}

func (w twins) check(t *testing.T, source string) {
	want := string(plainJSON(nil, w.plain))
	if got, _, err := Stringify(w.late, ""); got != want || err != nil {
		t.Fatalf("of %s\n got %s %v\nwant %s", source, got, err, want)
	}
	if got := string(AppendJSON(nil, w.late)); got != want {
		t.Fatalf("of %s\n got %s\nwant %s", source, got, want)
	}
}

func TestLateJSON(t *testing.T) {
	held := 0
	for seed := range *lateRounds {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		doc := &randomJSON{Rand: r, blanks: r.IntN(3) == 0, odd: r.IntN(2) == 0}
		doc.value(4 + r.IntN(2))
		text := doc.b.String()
		if r.IntN(10) == 0 && len(text) > 0 {
			i := r.IntN(len(text))
			text = Text([]byte(text[:i] + string(`{}[]",:0a \`[r.IntN(11)]) + text[i+r.IntN(2):]))
		}
		a, errA := parseLate(text)
		b, errB := ParseJSON(text)
		if fmt.Sprint(errA) != fmt.Sprint(errB) {
			t.Fatalf("%s\n got %v\nwant %v", text, errA, errB)
		}
		if errB != nil {
			continue
		}
		w := twins{a, b}
		if o := a.Object(); o != nil && o.late.Load() {
			held++
		}
		other := w
		for range r.IntN(6) {
			switch r.IntN(5) {
			case 0:
				w.check(t, text)
			case 1:
				other = w
				w = twins{Clone(w.late), Clone(w.plain)}
			default:
				w.mutate(t, r)
			}
		}
		w.check(t, text)
		other.check(t, text)
		if one, two := string(AppendTagged(nil, w.late)), string(AppendTagged(nil, w.plain)); one != two {
			t.Fatalf("of %s\n tagged %s\nwant %s", text, one, two)
		}
		one, _, _ := Stringify(other.late, "  ")
		if two, _, _ := Stringify(other.plain, "  "); one != two || !DeepEqual(other.late, other.plain) {
			t.Fatalf("of %s\n spaced %s\nwant %s", text, one, two)
		}
	}
	if held < *lateRounds/20 {
		t.Errorf("only %d of %d were read late", held, *lateRounds)
	}
}

// TestLateReaders looks into one object in several goroutines, for the race detector.
func TestLateReaders(t *testing.T) {
	text := sample(20_000)
	v := must(parseLate(text))
	want, _, _ := Stringify(must(ParseJSON(text)), "")
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if got, _, _ := Stringify(v, strings.Repeat(" ", i%2)); i%2 == 0 && got != want {
				t.Errorf("got %.100s", got)
			}
			_ = v.Object().Get("readings")
		})
	}
	all.Wait()
}

// TestLateHolds says what is held as text, and that what is written is that text.
func TestLateHolds(t *testing.T) {
	text := rows(40)
	v := must(parseLate(`  ` + text + ` `))
	if got, _, _ := Stringify(v, ""); got != text || !v.Object().late.Load() {
		t.Error("an object that nobody looked into was not written as it stood")
	}
	spaced := strings.Replace(text, ":", ": ", 1)
	v = must(parseLate(spaced))
	if !v.Object().late.Load() {
		t.Error("an object with blanks was read at once")
	}
	if got, _, _ := Stringify(v, ""); got != text {
		t.Errorf("got %s", got)
	}
	exact := strings.Replace(text, `"qty":0`, `"qty":0.30000000000000004`, 1)
	v = must(parseLate(exact))
	if got, _, _ := Stringify(v, ""); got != exact || !v.Object().late.Load() {
		t.Error("numbers of many digits were not found to be exact")
	}
	deep := strings.Repeat(`{"a":`, 2000) + `1` + strings.Repeat("}", 2000)
	if got, _, _ := Stringify(must(parseLate(deep)), ""); got != deep {
		t.Error("a deep document was changed")
	}
}

// TestLateGivesUp counts texts that are read late where all are looked into.
func TestLateGivesUp(t *testing.T) {
	text := rows(40)
	for _, look := range []bool{false, true} {
		var l LateJSON
		late := 0
		for range 1000 {
			v := must(l.Parse(text))
			if v.Object().late.Load() {
				late++
			}
			if look {
				_ = v.Object().Len()
			}
		}
		if want := []int{1000, 70}[btoi(look)]; late > want || !look && late < want {
			t.Errorf("looking %v: %d of 1000 read late", look, late)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func FuzzLateJSON(f *testing.F) {
	f.Add(rows(20))
	f.Add(`{"a":[1,-2.5e+3,"x\u0041\n"],"b":{"c":true,"d":null},"` + strings.Repeat("k", 600) + `":1}`)
	f.Fuzz(func(t *testing.T, s string) {
		s = Text([]byte(s))
		for _, text := range []string{s, `{"p":"` + strings.Repeat("x", lateFrom) + `","q":` + s + `}`} {
			a, errA := parseLate(text)
			b, errB := ParseJSON(text)
			if fmt.Sprint(errA) != fmt.Sprint(errB) {
				t.Fatalf("%q\n got %v\nwant %v", text, errA, errB)
			}
			if errB == nil {
				twins{a, b}.check(t, text)
			}
		}
	})
}
