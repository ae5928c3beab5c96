package determinism

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/live/all"
)

// journals is where recorded runs are kept.
const journals = "../testdata/journals"

// TestHistories plays all recorded runs back: what they did they must do today, or
// the semantics version is raised, with a line in the changelog (CONTRIBUTING.md).
func TestHistories(t *testing.T) {
	files, err := filepath.Glob(journals + "/*.journal")
	if err != nil || len(files) < 7 {
		t.Fatalf("%d journals, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".journal"), func(t *testing.T) {
			if res := replayed(t, file); res.Effects == 0 {
				t.Error("no effects")
			}
		})
	}
}

const (
	inject = `{"id":"i","type":"inject","z":"t","x":1,"y":1,"props":[{"p":"payload"}],"payload":"7","payloadType":"num","repeat":"0.03","once":true,"onceDelay":0,"wires":[["a"]]}`
	debug  = `{"id":"d","type":"debug","z":"t","x":1,"y":1,"active":true,"tosidebar":true,"console":true,"complete":"true","targetType":"full","wires":[]}`
)

// histories are the flows of the journals; each runs for a third of a second.
var histories = map[string]string{
	"timers": inject + `,{"id":"a","type":"delay","z":"t","x":1,"y":1,"pauseType":"delay","timeout":"20","timeoutUnits":"milliseconds","wires":[["g"]]},
 {"id":"g","type":"trigger","z":"t","x":1,"y":1,"op1":"on","op1type":"str","op2":"off","op2type":"str","duration":"15","units":"ms","wires":[["d"]]},` + debug,
	"function-async": inject + `,{"id":"a","type":"function","z":"t","x":1,"y":1,"outputs":1,"initialize":"context.set('n', 0)","finalize":"node.warn('end')","func":"const n = context.get('n') + 1; context.set('n', n);\nawait new Promise(r => setTimeout(r, 5));\nif (n === 3) throw new Error('three');\nmsg.at = new Date().toString(); msg.r = [Math.random(), Math.sin(n), RED.util.generateId()]; node.status({text: 'n ' + n}); return msg","wires":[["d"]]},` + debug + `,{"id":"c","type":"catch","z":"t","x":1,"y":1,"wires":[["d"]]}`,
	"context": inject + `,{"id":"a","type":"change","z":"t","x":1,"y":1,"rules":[{"t":"set","p":"last","pt":"flow","to":"payload","tot":"msg"},{"t":"set","p":"n","pt":"global","to":"$globalContext('n') + 1","tot":"jsonata"},{"t":"set","p":"payload","pt":"msg","to":"$now() & $string($random() < 2)","tot":"jsonata"}],"wires":[["s"]]},
 {"id":"s","type":"switch","z":"t","x":1,"y":1,"property":"last","propertyType":"flow","rules":[{"t":"gt","v":"5","vt":"num"},{"t":"else"}],"wires":[["d"],[]]},` + debug,
	"files": inject + `,{"id":"a","type":"file","z":"t","x":1,"y":1,"filename":"DIR/x.txt","filenameType":"str","appendNewline":true,"overwriteFile":"false","wires":[["r"]]},
 {"id":"r","type":"file in","z":"t","x":1,"y":1,"filename":"DIR/x.txt","filenameType":"str","format":"lines","wires":[["d"]]},` + debug,
	"subflow": `{"id":"sf","type":"subflow","name":"twice","in":[{"x":1,"y":1,"wires":[{"id":"sa"}]}],"out":[{"x":1,"y":1,"wires":[{"id":"sb","port":0}]}],"env":[{"name":"BY","type":"num","value":"2"}]},
 {"id":"sa","type":"function","z":"sf","x":1,"y":1,"outputs":1,"func":"msg.payload *= env.get('BY'); return msg","wires":[["sb"]]},
 {"id":"sb","type":"delay","z":"sf","x":1,"y":1,"pauseType":"random","randomFirst":"1","randomLast":"9","randomUnits":"milliseconds","wires":[[]]},
 {"id":"a","type":"subflow:sf","z":"t","x":1,"y":1,"env":[{"name":"BY","type":"num","value":"3"}],"wires":[["d"]]},` + inject + `,` + debug,
	"http": inject + `,{"id":"a","type":"http request","z":"t","x":1,"y":1,"method":"POST","url":"URL/hello","ret":"obj","wires":[["d"]]},
 {"id":"h","type":"http in","z":"t","x":1,"y":1,"url":"/hello","method":"post","wires":[["f"]]},
 {"id":"f","type":"function","z":"t","x":1,"y":1,"outputs":1,"func":"msg.payload = {got: msg.payload, q: msg.req.query}; return msg","wires":[["p"]]},
 {"id":"p","type":"http response","z":"t","x":1,"y":1,"statusCode":"201","wires":[]},` + debug,
	"exec": inject + `,{"id":"a","type":"exec","z":"t","x":1,"y":1,"command":"echo","addpay":"payload","append":"","useSpawn":"false","wires":[["d"],["d"],["d"]]},` + debug,
	"mqtt": inject + `,{"id":"a","type":"mqtt out","z":"t","x":1,"y":1,"topic":"a/b","qos":"1","retain":"false","broker":"b","wires":[]},
 {"id":"m","type":"mqtt in","z":"t","x":1,"y":1,"topic":"a/#","qos":"1","datatype":"auto-detect","broker":"b","inputs":0,"wires":[["d"]]},
 {"id":"b","type":"mqtt-broker","broker":"127.0.0.1","port":"PORT","clientid":"","autoConnect":true,"usetls":false,"protocolVersion":"4","keepalive":"60","cleansession":true},` + debug + `,{"id":"st","type":"status","z":"t","x":1,"y":1,"scope":null,"wires":[["d"]]}`,
	"watch": inject + `,{"id":"a","type":"file","z":"t","x":1,"y":1,"filename":"DIR/w.txt","filenameType":"str","appendNewline":true,"overwriteFile":"false","wires":[[]]},
 {"id":"w","type":"watch","z":"t","x":1,"y":1,"files":"DIR","recursive":false,"wires":[["d"]]},` + debug,
	"tcp": inject + `,{"id":"a","type":"tcp request","z":"t","x":1,"y":1,"server":"127.0.0.1","port":"PORT","out":"time","splitc":"20","ret":"string","wires":[["d"]]},
 {"id":"l","type":"tcp in","z":"t","x":1,"y":1,"server":"server","host":"","port":"PORT","datamode":"stream","datatype":"utf8","newline":"","wires":[["f"]]},
 {"id":"f","type":"function","z":"t","x":1,"y":1,"outputs":1,"func":"msg.payload = 'got ' + msg.payload; return msg","wires":[["o"]]},
 {"id":"o","type":"tcp out","z":"t","x":1,"y":1,"beserver":"reply","base64":false,"end":false,"wires":[]},` + debug,
	"udp": inject + `,{"id":"a","type":"udp out","z":"t","x":1,"y":1,"addr":"127.0.0.1","port":"PORT","ipv":"udp4","outport":"","base64":false,"multicast":"false","wires":[]},
 {"id":"l","type":"udp in","z":"t","x":1,"y":1,"port":"PORT","datatype":"utf8","ipv":"udp4","multicast":"false","wires":[["d"]]},` + debug,
	"sequences": inject + `,{"id":"a","type":"function","z":"t","x":1,"y":1,"outputs":1,"func":"msg.payload = 'b,' + Math.floor(Math.random()*9) + '\\na,2\\n'; return msg","wires":[["k"]]},
 {"id":"k","type":"csv","z":"t","x":1,"y":1,"sep":",","hdrin":"","multi":"one","temp":"name,n","wires":[["b"]]},
 {"id":"b","type":"batch","z":"t","x":1,"y":1,"mode":"count","count":"4","overlap":"1","wires":[["so"]]},
 {"id":"so","type":"sort","z":"t","x":1,"y":1,"target":"","targetType":"seq","msgKey":"payload.name","msgKeyType":"msg","seqKey":"payload","seqKeyType":"msg","order":"ascending","as_num":false,"wires":[["j"]]},
 {"id":"j","type":"join","z":"t","x":1,"y":1,"mode":"auto","wires":[["x","d"]]},
 {"id":"x","type":"xml","z":"t","x":1,"y":1,"property":"payload","wires":[["d"]]},` + debug,
	"limits": inject + `,{"id":"a","type":"function","z":"t","x":1,"y":1,"outputs":1,"timeout":0.002,"func":"for (;;) {}","wires":[[]]},` + debug + `,{"id":"c","type":"catch","z":"t","x":1,"y":1,"wires":[["d"]]}`,
}

// TestRecordHistories records the runs that are missing, with LOCKSTEP_WRITE=1. It
// never overwrites one: histories stay.
func TestRecordHistories(t *testing.T) {
	if os.Getenv("LOCKSTEP_WRITE") != "1" {
		t.Skip("histories are only recorded with LOCKSTEP_WRITE=1")
	}
	for name, flows := range histories {
		file := filepath.Join(journals, name+".journal")
		if _, err := os.Stat(file); err == nil {
			continue
		}
		o := all.Options{}
		flows = strings.ReplaceAll(flows, "DIR", filepath.ToSlash(t.TempDir()))
		if name == "http" {
			h, err := live.NewHTTP(live.HTTPOptions{Addr: "127.0.0.1:0", Root: "/"})
			if err != nil {
				t.Fatal(err)
			}
			o.HTTP = h
			flows = strings.ReplaceAll(flows, "URL", strings.TrimSuffix(h.URL(), "/"))
		}
		switch name {
		case "mqtt":
			flows = strings.ReplaceAll(flows, "PORT", broker(t))
		case "tcp", "udp":
			flows = strings.ReplaceAll(flows, "PORT", freePort(t))
		}
		made := runLive(t, `[{"id":"t","type":"tab"},`+flows+`]`, 350*time.Millisecond, all.Performers(o)...)
		replayed(t, made)
		text, err := os.ReadFile(made)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o644); err != nil { //nolint:gosec // a fixture
			t.Fatal(err)
		}
	}
}

// freePort is a port nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}
