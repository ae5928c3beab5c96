package parsers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes/parsers"
)

// sink is wired behind the node that is measured.
type sink struct{ last *engine.Message }

func (s *sink) Receive(_ *engine.Call, m *engine.Message) error {
	s.last = m
	return nil
}

// bench runs one node and hands it the payload again and again.
func bench(b *testing.B, node string, size int, payload func() value.Value) *sink {
	b.Helper()
	s := &sink{}
	types := engine.NewRegistry(parsers.Types, []engine.Type{{Name: "sink", New: func(*engine.Call) (engine.Node, error) { return s, nil }}})
	doc, err := flow.Parse("bench", []byte(`[{"id":"t","type":"tab"},{"id":"n","z":"t","wires":[["s"]],`+node+`},{"id":"s","type":"sink","z":"t","wires":[]}]`))
	if err != nil {
		b.Fatal(err)
	}
	g, err := flow.Compile(types.Known, doc)
	if err != nil {
		b.Fatal(err)
	}
	e, err := engine.New(g, types, engine.Options{Keys: true})
	if err != nil {
		b.Fatal(err)
	}
	e.Handle(engine.Event{Kind: engine.EventStart})
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		e.Handle(engine.Event{Kind: engine.EventMessage, Target: "n", Body: value.Obj("_msgid", "m", "payload", payload())})
		for e.Step() {
			continue
		}
	}
	if s.last == nil || s.last.Get("payload").IsUndefined() {
		b.Fatal("nothing came out")
	}
	return s
}

const csvRows = 10000

func csvText() string {
	var b strings.Builder
	for i := range csvRows {
		fmt.Fprintf(&b, "%d,sensor-%d,%d.%d,\"room, %d\",ok\n", i, i%50, i%40, i%10, i%7)
	}
	return b.String()
}

func BenchmarkCSVParse(b *testing.B) {
	text := csvText()
	for _, spec := range []string{"legacy", "rfc"} {
		b.Run(spec, func(b *testing.B) {
			bench(b, `"type":"csv","spec":"`+spec+`","sep":",","temp":"id,name,value,room,state","multi":"mult","strings":true`, len(text),
				func() value.Value { return value.Str(text) })
			b.ReportMetric(float64(csvRows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkCSVBuild(b *testing.B) {
	rows := value.NewArray()
	for i := range csvRows {
		rows.Append(value.Obj("id", i, "name", fmt.Sprint("sensor-", i%50), "value", float64(i)/4, "room", fmt.Sprint("room, ", i%7), "state", "ok"))
	}
	for _, spec := range []string{"legacy", "rfc"} {
		b.Run(spec, func(b *testing.B) {
			bench(b, `"type":"csv","spec":"`+spec+`","sep":",","temp":"id,name,value,room,state","hdrout":"all"`, 0,
				func() value.Value { return value.Of(rows) })
			b.ReportMetric(float64(csvRows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// reading is a document of about the size, as objects.
func reading(size int) value.Value {
	list := value.NewArray()
	for n := 0; n < size; n += 100 {
		list.Append(value.Obj("id", n, "name", fmt.Sprintf("sensor-%d", n), "value", float64(n)/8, "tags", value.Arr(value.Str("a"), value.Str("b")), "ok", true, "note", "plain text here"))
	}
	return value.Obj("readings", list)
}

func BenchmarkJSON10k(b *testing.B) {
	text, _, _ := value.Stringify(reading(9000), "")
	b.Run("parse", func(b *testing.B) {
		bench(b, `"type":"json","action":"obj"`, len(text), func() value.Value { return value.Str(text) })
	})
	v, _ := value.ParseJSON(text)
	b.Run("stringify", func(b *testing.B) {
		bench(b, `"type":"json","action":"str"`, len(text), func() value.Value { return v })
	})
}

func BenchmarkXML3k(b *testing.B) {
	var t strings.Builder
	t.WriteString(`<?xml version="1.0" encoding="UTF-8"?><list>`)
	for i := 0; t.Len() < 2900; i++ {
		fmt.Fprintf(&t, "<item id=\"%d\"><name>sensor-%d</name><value unit=\"C\">%d.5</value><note>a &amp; b</note></item>\n", i, i, i)
	}
	t.WriteString("</list>")
	text := t.String()
	var s *sink
	b.Run("parse", func(b *testing.B) {
		s = bench(b, `"type":"xml"`, len(text), func() value.Value { return value.Str(text) })
	})
	v := s.last.Get("payload")
	b.Run("build", func(b *testing.B) {
		bench(b, `"type":"xml"`, len(text), func() value.Value { return v })
	})
}

func BenchmarkYAML2k(b *testing.B) {
	var s *sink
	v := reading(1300)
	b.Run("dump", func(b *testing.B) {
		s = bench(b, `"type":"yaml"`, 0, func() value.Value { return v })
	})
	text := s.last.Get("payload").Str()
	b.Run("load", func(b *testing.B) {
		bench(b, `"type":"yaml"`, len(text), func() value.Value { return value.Str(text) })
	})
}

func BenchmarkHTML(b *testing.B) {
	var t strings.Builder
	for i := 0; t.Len() < 5000; i++ {
		fmt.Fprintf(&t, `<tr class="row"><td id="c%d">cell %d</td><td><a href="/x?a=1&amp;b=%d">link</a></td></tr>`, i, i, i)
	}
	text := "<html><body><table>" + t.String() + "</table></body></html>"
	bench(b, `"type":"html","tag":"tr.row > td:first-child","ret":"html","as":"single"`, len(text), func() value.Value { return value.Str(text) })
}
