package value

import "testing"

func TestDeepEqual(t *testing.T) {
	var a, b []Value
	for _, l := range lines(t, "equal.jsonl") {
		a = append(a, FromTagged(l.Array().At(0)))
	}
	all := lines(t, "equal.jsonl")
	for _, l := range all {
		b = append(b, FromTagged(l.Array().At(0)))
	}
	for i, x := range a {
		want := all[i].Array().At(1).Str()
		for j, y := range b {
			if got := DeepEqual(x, y); got != (want[j] == '1') {
				t.Errorf("%s and %s: got %v", AppendTagged(nil, x), AppendTagged(nil, y), got)
			}
		}
	}
}
