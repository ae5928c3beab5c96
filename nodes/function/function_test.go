package function_test

import (
	"context"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

// runFlow runs a flow of one tab and gives the effects as text: kind and body.
func runFlow(t *testing.T, flowText string, events ...engine.Event) string {
	t.Helper()
	doc, err := flow.Parse("test.json", []byte(flowText))
	if err != nil {
		t.Fatal(err)
	}
	reg := nodes.Core()
	g, err := flow.Compile(reg.Known, doc)
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(g, reg, engine.Options{Keys: true})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	sink := engine.SinkFunc(func(f engine.Effect) error {
		body, _, _ := value.Stringify(f.Body, "")
		out = append(out, f.Node+" "+f.Kind+" "+body)
		return nil
	})
	if err := engine.Run(context.Background(), e, engine.NewScript(1000, events...), sink); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, "\n")
}

func message(to string, at float64, payload any) engine.Event {
	return engine.Event{Kind: engine.EventMessage, Time: at, Target: to, Body: value.Obj("payload", payload, "_msgid", "m1")}
}

func TestChain(t *testing.T) {
	got := runFlow(t, `[{"id":"t","type":"tab"},
		{"id":"a","type":"function","z":"t","func":"count = (typeof count === 'undefined' ? 0 : count) + 1; flow.set('o', {n: count}); msg.list = [count]; setTimeout(() => node.send({payload: 'later'}), 100); return msg;","outputs":1,"wires":[["b"]]},
		{"id":"b","type":"function","z":"t","func":"let o = flow.get('o'); o.n += 10; msg.list.push(o.n, Date.now()); return msg;","wires":[["d"]]},
		{"id":"d","type":"debug","z":"t","complete":"true","wires":[]},
		{"id":"c","type":"catch","z":"t","wires":[["d"]]},
		{"id":"x","type":"function","z":"t","func":"\n  return nope;","wires":[[]]}]`,
		message("a", 2000, 1), message("a", 3000, 2), message("x", 4000, 3))
	for _, want := range []string{`"list":[1,11,2000]`, `"list":[2,12,3000]`, `ReferenceError: ReferenceError: nope is not defined (line 2, col 3)`} {
		if !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(got, `\"`, `"`), `\n`, ""), strings.ReplaceAll(want, " ", " ")) && !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestLinkCall(t *testing.T) {
	got := runFlow(t, `[{"id":"t","type":"tab"},
		{"id":"a","type":"function","z":"t","func":"let m = await node.linkcall('in', {payload: 5}); let e; try { await node.linkcall('none', msg) } catch (x) { e = x.message } try { await node.linkcall('slow', msg, {timeout: 30}) } catch (x) { e += x.message } return {payload: [m.payload, e]}","wires":[["d"]]},
		{"id":"in","type":"link in","z":"t","links":[],"wires":[["f"]]},
		{"id":"slow","type":"link in","z":"t","links":[],"wires":[[]]},
		{"id":"f","type":"function","z":"t","func":"msg.payload *= 2; return msg","wires":[["out"]]},
		{"id":"out","type":"link out","z":"t","mode":"return","links":[],"wires":[]},
		{"id":"d","type":"debug","z":"t","wires":[]}]`, message("a", 2000, 1))
	if !strings.Contains(got, "10") || !strings.Contains(got, "timeout") {
		t.Error(got)
	}
}

func TestSetupAndClose(t *testing.T) {
	got := runFlow(t, `[{"id":"t","type":"tab"},
		{"id":"a","type":"function","z":"t","initialize":"await new Promise(r => setTimeout(r, 500)); base = 40; node.status({text:'ready'})",
		 "func":"return {payload: base + msg.payload}","finalize":"node.warn('bye ' + base)","wires":[["d"]]},
		{"id":"d","type":"debug","z":"t","wires":[]}]`, message("a", 1200, 2), engine.Event{Kind: engine.EventStop, Time: 3000})
	for _, want := range []string{"42", "ready", "bye 40"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
