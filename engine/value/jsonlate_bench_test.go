package value

import (
	"fmt"
	"strings"
	"testing"
)

// rows is a document of n rows of five columns.
func rows(n int) string {
	var b strings.Builder
	b.WriteString(`{"site":"s3","rows":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"name":"item-%d","price":%d,"qty":%d,"ok":%t}`, i, i, i*37%101, i*7%13, i%3 == 0)
	}
	return b.String() + "]}"
}

func BenchmarkJSONRows(b *testing.B) {
	text := rows(174)
	run := func(name string, f func()) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
	run("parse", func() { _, _ = ParseJSON(text) })
	run("parseLate", func() { _, _ = parseLate(text) })
	run("parseLateRead", func() { must(parseLate(text)).Object().Len() })
	v := must(ParseJSON(text))
	run("stringify", func() { _, _, _ = Stringify(v, "") })
	run("lateBoth", func() { _, _, _ = Stringify(must(parseLate(text)), "") })
}
