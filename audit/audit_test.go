package audit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/flow"
)

func TestFlows(t *testing.T) {
	doc, err := flow.Parse("f.json", []byte(`[{"id":"t","type":"tab"},{"id":"off","type":"tab","disabled":true},
{"id":"h","type":"http in","z":"t","url":"/x","method":"get","wires":[["f"]]},
{"id":"x","type":"http in","z":"off","url":"/y","method":"get","wires":[[]]},
{"id":"f","type":"function","z":"t","name":"calc","func":"const t = Date.now();\n  let d = new Date(), e = new Date(5);\nfunction setTimeout2() {}\nmsg.a = Math.sin(1) + Math.random() + Math.floor(2);\ntry { x() } catch (e) { node.warn(e.stack) }\nmsg.s = 'Date.now()'; setTimeout(() => 1, 5)\nreturn msg","wires":[["c"]]},
{"id":"c","type":"change","z":"t","rules":[{"t":"set","p":"a","pt":"msg","to":"$now() & \"$random()\" &\n $power(2, 3)","tot":"jsonata"},{"t":"set","p":"b","pt":"msg","to":"","tot":"date"}],"wires":[["j"]]},
{"id":"j","type":"join","z":"t","mode":"auto","wires":[[]]}]`))
	if err != nil {
		t.Fatal(err)
	}
	found := Flows(doc)
	var got strings.Builder
	for _, f := range found {
		fmt.Fprintf(&got, "%s %s %s %v %s %d:%d %d:%d\n", f.Node, f.Property, f.Kind, f.Harmless, f.What, f.Line, f.Column, f.CodeLine, f.CodeColumn)
		if f.Why == "" || f.Advice == "" {
			t.Errorf("%+v", f)
		}
	}
	const want = `h type input false http in 2:18 0:0
f func time true Date.now 4:58 1:11
f func time true new Date 4:58 2:11
f func number true Math.sin 4:58 4:9
f func random true Math.random 4:58 4:23
f func stack false .stack 4:58 5:37
f func timer true setTimeout 4:58 6:23
c rules time true $now 5:43 1:1
c rules number true $power 5:43 2:2
c rules time true typed input date 5:43 0:0
j type order false join 6:18 0:0
`
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
	if r := Refused(found, []Kind{Input, Order}); len(r) != 1 || r[0].Kind != Stack {
		t.Errorf("%+v", r)
	}
}

// TestWorker finds what the nodes of a worker take from outside.
func TestWorker(t *testing.T) {
	for typ, kind := range map[string]Kind{
		"source-http-api": Input, "voting-marketplace": Input, "voting-round-orchestrator": Input, "consensus": Input, "is-nominated": Host, "is-nominated-v2": Host,
		"energywebx-config": Host, "sqlite-inject": Host, "submit-result": "", "merkle-tree-root-hash": "", "json-schema-validator": "",
	} {
		doc, err := flow.Parse("f.json", fmt.Appendf(nil, `[{"id":"t","type":"tab"},{"id":"a","type":%q,"z":"t","wires":[[]]}]`, typ))
		if err != nil {
			t.Fatal(err)
		}
		found := Flows(doc)
		if kind == "" && len(found) > 0 || kind != "" && (len(found) != 1 || found[0].Kind != kind || found[0].Harmless) {
			t.Errorf("%s: %+v", typ, found)
		}
	}
}
