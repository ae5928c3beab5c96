package value

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// sample is JSON of about n bytes as devices send it.
func sample(n int) string {
	var b strings.Builder
	b.WriteString(`{"device":"gateway-7","ts":1700000000123,"readings":[`)
	for i := 0; b.Len() < n-150; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"name":"sensor %d","temperature":%d.%d,"humidity":%d,"ok":%t,"tags":["kitchen","floor-%d"],"pos":{"x":%d.25,"y":-%d}}`,
			i, i, 15+i%20, i%10, 30+i%60, i%3 == 0, i%5, i, i*3)
	}
	b.WriteString(`],"status":"fine \"and\" well\n"}`)
	return b.String()
}

func BenchmarkParseJSON(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		s := sample(n)
		b.Run(fmt.Sprint(len(s)), func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			b.ReportAllocs()
			for b.Loop() {
				_, _ = ParseJSON(s)
			}
		})
	}
}

func BenchmarkParseJSONStandard(b *testing.B) {
	s := []byte(sample(10000))
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		var v any
		_ = json.Unmarshal(s, &v)
	}
}

func BenchmarkStringify(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		v := must(ParseJSON(sample(n)))
		s, _, _ := Stringify(v, "")
		b.Run(fmt.Sprint(len(s)), func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			b.ReportAllocs()
			for b.Loop() {
				_, _, _ = Stringify(v, "")
			}
		})
	}
}

func BenchmarkClone(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		v := must(ParseJSON(sample(n)))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Clone(v)
			}
		})
	}
}

func BenchmarkGetPath(b *testing.B) {
	m := Of(pathMsg(b))
	for _, e := range []string{"payload", "obj.a.b.c", "arr[2].y[1]", "obj[msg.key].b"} {
		p, err := ParsePath(e)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(e, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = GetPath(m, p, m)
			}
		})
	}
}

func BenchmarkSetPath(b *testing.B) {
	m := Of(pathMsg(b))
	for _, e := range []string{"payload", "obj.a.b.c"} {
		p, _ := ParsePath(e)
		b.Run(e, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = SetPath(m, p, True, true, m)
			}
		})
	}
}

func BenchmarkParsePath(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = ParsePath("payload.list[3].name")
	}
}

func BenchmarkFormatNumber(b *testing.B) {
	for _, f := range []float64{7, 123456, 21.5, 0.1 + 0.2, 1.7976931348623157e308} {
		b.Run(FormatNumber(f), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = FormatNumber(f)
			}
		})
	}
}

func BenchmarkParseNumber(b *testing.B) {
	for _, s := range []string{"42", "21.5", " 1e3 ", "0x1f", "kitchen"} {
		b.Run(s, func(b *testing.B) {
			for b.Loop() {
				_ = ParseNumber(s)
			}
		})
	}
}

func BenchmarkBigObject(b *testing.B) {
	var s strings.Builder
	for i := range 40 {
		fmt.Fprintf(&s, `,"property%d":%d`, i, i)
	}
	text := "{" + s.String()[1:] + "}"
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			_, _ = ParseJSON(text)
		}
	})
	v := must(ParseJSON(text))
	b.Run("clone", func(b *testing.B) {
		for b.Loop() {
			Clone(v)
		}
	})
	b.Run("get", func(b *testing.B) {
		for b.Loop() {
			_ = v.Object().Get("property33")
		}
	})
	b.Run("build", func(b *testing.B) {
		for b.Loop() {
			o := NewObject(40)
			for i := range v.Object().Len() {
				p := v.Object().At(i)
				o.Set(p.Key, p.Value)
			}
		}
	})
}

func BenchmarkMath(b *testing.B) {
	for _, f := range mathUnary[:19] {
		b.Run(f.name, func(b *testing.B) {
			x := 0.7
			for b.Loop() {
				_ = f.f(x)
			}
		})
	}
	b.Run("pow", func(b *testing.B) {
		for b.Loop() {
			_ = Pow(1.37, 2.71)
		}
	})
}
