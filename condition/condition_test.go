package condition

import (
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestHolds evaluates conditions over a message.
func TestHolds(t *testing.T) {
	v, err := value.ParseJSON(`{"payload":{"total":42,"list":[1,2,3],"name":"abc"},"topic":"a/b","b":{"z":1,"a":2}}`)
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]any{"msg": Of(v), "node": "n1", "count": 3.0}
	for _, c := range []struct {
		text string
		want bool
		err  string
	}{
		{`msg.payload.total == 42`, true, ""},
		{`msg.payload.total > 41.5 && msg.topic startsWith "a/"`, true, ""},
		{`len(msg.payload.list) == 3 && msg.payload.list[1] == 2`, true, ""},
		{`all(msg.payload.list, # > 0)`, true, ""},
		{`sum(msg.payload.list) == 6`, true, ""},
		{`msg.missing == nil`, true, ""},
		{`msg.missing?.deep == nil`, true, ""},
		{`node matches "^n[0-9]$"`, true, ""},
		{`keys(msg.b) == ["a", "z"]`, true, ""},
		{`values(msg.b) == [2, 1]`, true, ""},
		{`approx(0.1 + 0.2, 0.3)`, true, ""},
		{`approx(1, 1.4, 0.5)`, true, ""},
		{`count == 3`, true, ""},
		{`"total" in msg.payload`, true, ""},
		{`msg.payload`, false, "not true or false"},
		{`msg.`, false, "is wrong"},
		{`nosuch == 1`, false, "unknown name nosuch"},
		{`now() > date("2020-01-01")`, false, "is wrong"},
	} {
		cond, err := Compile(c.text, "msg", "node", "count")
		var got bool
		if err == nil {
			got, err = cond.Holds(env)
		}
		if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) || got != c.want {
			t.Errorf("%s: %v, %v; want %v, %q", c.text, got, err, c.want, c.err)
		}
	}
}
