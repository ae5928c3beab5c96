package regex

import (
	"regexp"
	"strings"
	"testing"
)

func benchmarkTest(b *testing.B, source, flags, text string) {
	re, err := Compile(source, flags)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			re.Test(text)
		}
	})
	if std, err := regexp.Compile(source); err == nil && flags == "" {
		b.Run("go", func(b *testing.B) {
			for b.Loop() {
				std.MatchString(text)
			}
		})
	}
}

var long = strings.Repeat("the quick brown fox jumps over the lazy dog 12345 ", 40) + "user@example.com"

func BenchmarkLiteral(b *testing.B) { benchmarkTest(b, "lazy cat", "", long) }
func BenchmarkEmail(b *testing.B)   { benchmarkTest(b, `[\w.]+@[\w.]+\.\w+`, "", long) }
func BenchmarkNumber(b *testing.B)  { benchmarkTest(b, `^\d+$`, "", "1234567") }
func BenchmarkDate(b *testing.B)    { benchmarkTest(b, `(\d{4})-(\d\d)-(\d\d)`, "", "on 2024-02-29 at") }
func BenchmarkFold(b *testing.B)    { benchmarkTest(b, `LAZY\s+cat`, "i", long) }
func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		_, _ = Compile(`^(?<y>\d{4})-(\d\d)[a-z]+(?=x|y)\s*$`, "i")
	}
}
