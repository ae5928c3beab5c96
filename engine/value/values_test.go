package value

import (
	"fmt"
	"testing"
	"time"
)

// shortened is how values.mjs writes a long text.
func shortened(s string) string {
	n := UTF16Len(s)
	if n <= 400 {
		return s
	}
	return fmt.Sprintf("sha %d %s…%s", n, Slice(s, 0, 150), Slice(s, n-150, n))
}

// outcome is how values.mjs writes what an expression gave or threw.
func outcome(s string, ok bool, err error) Value {
	switch {
	case err != nil:
		return Obj("e", err.Error())
	case !ok:
		return Obj("u", 1)
	}
	return Obj("v", shortened(s))
}

func TestValues(t *testing.T) {
	bad := 0
	for i, l := range lines(t, "values.jsonl") {
		v, want := FromTagged(l.Array().At(0)), l.Array().At(1).Object()
		check := func(name string, got Value) {
			t.Helper()
			w := want.Get(name)
			if w.IsUndefined() {
				return
			}
			g, ws := string(AppendTagged(nil, got)), string(AppendJSON(nil, w))
			if g == ws {
				return
			}
			if bad++; bad <= 40 {
				in := string(AppendTagged(nil, v))
				t.Errorf("line %d: %s of %.200s\n got %s\nwant %s", i+1, name, in, got.plain(), w.plain())
			}
		}
		text := func(name, s string) { t.Helper(); check(name, Str(shortened(s))) }
		if v.kind != KindSymbol {
			check("num", Obj("v", ToNumber(v)))
		}
		check("str", outcome(ToString(v), true, nil))
		check("tos", outcome(ToObjectString(v), true, nil))
		check("json", outcome(Stringify(v, "")))
		check("json2", outcome(Stringify(v, "  ")))
		check("truthy", Bool(Truthy(v)))
		text("i", Inspect(v, InspectOptions{}))
		text("i0", Inspect(v, InspectOptions{Depth: InspectNone}))
		text("iall", Inspect(v, InspectOptions{Depth: InspectAll, BreakLength: 60}))
		text("icol", Inspect(v, InspectOptions{Colors: true, Depth: 10}))
		text("ic0", Inspect(v, InspectOptions{Compact: InspectNone}))
		text("ic1", Inspect(v, InspectOptions{Compact: 1, MaxArrayLength: 4, MaxStringLength: 12}))
		text("isort", Inspect(v, InspectOptions{Sorted: true, BreakLength: 40}))
		text("iwide", Inspect(v, InspectOptions{BreakLength: InspectAll}))
		check("fs", outcome(Format([]Value{Str("%s"), v}), true, nil))
		check("fd", outcome(Format([]Value{Str("%d|%i|%f"), v, v, v}), true, nil))
		check("fp", outcome(Format([]Value{v, Str("x"), Num(1)}), true, nil))
		check("fO", outcome(Format([]Value{Str("a %O b"), v}), true, nil))
		for name, limit := range map[string]int{"enc": 1000, "enc5": 5} {
			msg, format := EncodeDebugIn(v, limit, time.UTC)
			if msg.IsString() && name == "enc" {
				msg = Str(shortened(msg.Str()))
			}
			check(name, Obj("v", Arr(Str(format), msg)))
		}
	}
	if bad > 0 {
		t.Errorf("%d differences", bad)
	}
}

// plain is a value as a test shows it.
func (v Value) plain() string {
	if v.IsString() {
		return v.Str()
	}
	if o := v.Object(); o != nil && o.Len() == 1 && o.At(0).Value.IsString() {
		return o.At(0).Key + " " + o.At(0).Value.Str()
	}
	return string(AppendTagged(nil, v))
}
