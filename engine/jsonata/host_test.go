package jsonata

import (
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestHost evaluates what Node-RED adds to JSONata. The results are those of
// Node-RED 5.0.7 in the zone Europe/Berlin.
func TestHost(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	host := &Host{
		Now:         func() float64 { return 1718454896789 },
		Zone:        berlin,
		Env:         func(name string) value.Value { return value.Str("env:" + name) },
		FlowContext: func(key, store string) (value.Value, error) { return value.Str(key + "@" + store), nil },
		GlobalContext: func(key, store string) (value.Value, error) {
			return value.Undefined, value.NewError("Error", "no store")
		},
	}
	input := value.Obj("date", value.NewDate(1709164800123), "buf", value.Bytes([]byte("häß")), "list", value.Arr(value.Int(1)))
	for _, c := range [][2]string{
		{`$env("A")`, `"env:A"`},
		{`$flowContext("a.b")`, `"a.b@"`},
		{`$flowContext("a", "file")`, `"a@file"`},
		{`$globalContext("a")`, `Error: no store`},
		{`$map(["a","b"], $env)`, `["env:a","env:b"]`},
		{`$moment().format("YYYY-MM-DD HH:mm")`, `"2024-06-15 14:34"`},
		{`$moment("2024-02-28").add(2, "days").format()`, `"2024-03-01T00:00:00+01:00"`},
		{`$moment("2024-02-29").startOf("month").toISOString()`, `"2024-01-31T23:00:00.000Z"`},
		{`$moment("29.02.2024", "DD.MM.YYYY").year()`, `2024`},
		{`$moment("2024-03-01").diff("2024-02-01", "days")`, `29`},
		{`$moment("2024-03-01").isBefore($moment())`, `true`},
		{`$string($moment("2024-03-01T12:00:00Z"))`, `"\"2024-03-01T12:00:00.000Z\""`},
		{`{"at": $moment("2024-03-01T12:00:00Z")}`, `{"at":"2024-03-01T12:00:00.000Z"}`},
		{`$moment.nothing`, `undefined`},
		{`date.getTime()`, `1709164800123`},
		{`date.toISOString()`, `"2024-02-29T00:00:00.123Z"`},
		{`date.getHours()`, `1`},
		{`$string(date)`, `"\"2024-02-29T00:00:00.123Z\""`},
		{`buf.length`, `5`},
		{`buf.toString("hex")`, `"68c3a4c39f"`},
		{`buf.toString()`, `"häß"`},
		{`$string(buf)`, `"{\"type\":\"Buffer\",\"data\":[104,195,164,195,159]}"`},
		{`$clone({"a":1})`, `{"a":1}`},
		{`$toMillis("2024-02-29T12:00:00")`, `1709204400000`},
		{`list ~> |$|{}|`, `[1]`},
	} {
		x, err := Compile(c[0])
		if err != nil {
			t.Fatal(err)
		}
		v, err := x.Eval(input, host)
		got := "undefined"
		if err != nil {
			got = err.Error()
		} else if !v.IsUndefined() {
			got = string(value.AppendJSON(nil, v))
		}
		if got != c[1] {
			t.Errorf("%s: got %s, want %s", c[0], got, c[1])
		}
	}
	if o := input.Object(); o.Len() != 3 || o.Get("list").Array().Extra != nil {
		t.Error("the input was changed")
	}
}

// TestAssign checks that assigned variables stay, and that a function can stand in
// for a built-in one.
func TestAssign(t *testing.T) {
	x, err := Compile("$v + 1")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		x.Assign("v", value.Int(i))
		if v, err := x.Eval(value.Undefined, nil); err != nil || v.Num() != float64(i+1) {
			t.Errorf("got %v %v", v.Num(), err)
		}
	}
}
