package js

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// TestFunctionNode holds the function node to what Node-RED's did for the cases of
// testdata/func.json (see genfunc.cjs).
func TestFunctionNode(t *testing.T) {
	var cases []struct {
		Func, Initialize, Finalize string
		Timeout                    float64
		Early                      bool
		Wait                       float64
		Msgs                       []json.RawMessage
	}
	var wants [][]string
	read := func(name string, into any) {
		b, err := os.ReadFile("testdata/" + name)
		if err == nil {
			err = json.Unmarshal(b, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	read("func.json", &cases)
	read("func.want.json", &wants)
	known := readKnown(t)
	if len(cases) == 0 || len(cases) != len(wants) {
		t.Fatal("no cases")
	}
	bad := 0
	for i, c := range cases {
		h := newHost()
		r := New(Options{Now: func() float64 { return h.now }, NewID: func() string { return "0123456789abcdef" }})
		src := Source{Func: c.Func, Initialize: c.Initialize, Finalize: c.Finalize, Timeout: c.Timeout * 1000}
		f, err := r.NewFunction(h, Identity{ID: "n1", Name: "fn", Z: "t", Path: "t/n1", Outputs: value.Int(1)}, src)
		if err != nil {
			h.add("error [%s] about undefined", err)
		} else {
			f.Start()
			if !c.Early {
				h.run(r, 5)
			}
			if len(c.Msgs) == 0 {
				c.Msgs = []json.RawMessage{json.RawMessage(`{"payload":1,"_msgid":"id"}`)}
			}
			for _, m := range c.Msgs {
				v, err := value.ParseJSON(string(m))
				if err != nil {
					t.Fatal(err)
				}
				f.Receive(v.Object())
			}
			h.run(r, h.now+max(c.Wait, 40))
			if f.Close(false) {
				h.add("status %s", show(value.Obj()))
			}
		}
		got, want := strings.Join(h.log, "\n"), strings.Join(wants[i], "\n")
		if got != want && known["func: "+strings.ReplaceAll(c.Func, "\n", "\\n")] != strings.ReplaceAll(got, "\n", "\\n") {
			bad++
			one := func(s string) string { return strings.ReplaceAll(s, "\n", "\\n") }
			recordKnown(t, "func: "+one(c.Func), one(got), one(want))
			t.Errorf("func %s | init %s | fin %s\n got %s\nwant %s", c.Func, c.Initialize, c.Finalize, got, want)
		}
	}
	t.Logf("%d of %d differ", bad, len(cases))
}
