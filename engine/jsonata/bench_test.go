package jsonata

import (
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

const orders = `{"topic":"t","payload":21,"orders":[
{"id":1,"customer":"ann","total":12.5,"items":[{"sku":"a","qty":1,"price":2.5},{"sku":"b","qty":2,"price":5}]},
{"id":2,"customer":"bob","total":7.25,"items":[{"sku":"c","qty":1,"price":7.25}]},
{"id":3,"customer":"ann","total":99,"items":[{"sku":"a","qty":10,"price":2.5},{"sku":"d","qty":2,"price":37}]},
{"id":4,"customer":"cid","total":1,"items":[{"sku":"e","qty":1,"price":1}]}]}`

// medium sums, filters, groups, sorts and maps.
const medium = `{"total": $sum(orders.total), "big": orders[total > 5].id, "by": orders{customer: $sum(total)},
"sorted": orders^(>total).id, "lines": $map(orders, function($o) { $o.customer & ":" & $count($o.items) })}`

func benchmarkEval(b *testing.B, src, data string) {
	x, err := Compile(src)
	if err != nil {
		b.Fatal(err)
	}
	in, err := value.ParseJSON(data)
	if err != nil {
		b.Fatal(err)
	}
	host := &Host{Now: func() float64 { return 0 }}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := x.Eval(in, host); err != nil {
			b.Fatal(err)
		}
	}
}

// orders20 are twenty orders.
func orders20() string {
	v, _ := value.ParseJSON(orders)
	list := v.Object().Get("orders").Array()
	for len(list.Elems) < 20 {
		list.Append(list.Elems[:4]...)
	}
	return string(value.AppendJSON(nil, v))
}

func BenchmarkSmall(b *testing.B)  { benchmarkEval(b, "payload * 2 + 1", orders) }
func BenchmarkPath(b *testing.B)   { benchmarkEval(b, "orders.items.price", orders) }
func BenchmarkMedium(b *testing.B) { benchmarkEval(b, medium, orders20()) }
func BenchmarkRecursion(b *testing.B) {
	benchmarkEval(b, "($f := function($n) { $n < 2 ? $n : $f($n - 1) + $f($n - 2) }; $f(15))", "{}")
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(medium); err != nil {
			b.Fatal(err)
		}
	}
}
