package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// archWorkers is how many workers vote.
const archWorkers = 10

// longest is how long an example takes: the thermostat raises an alarm after 20 s without a reading.
const longest = 30 * time.Second

// runners are the programs that run another architecture; "" is none.
var runners = map[string]string{"amd64": "", "386": "", "arm64": "qemu-aarch64-static", "riscv64": "qemu-riscv64-static"}

// voting makes of an example a flow that votes with the hash of each message that reaches a
// debug or an http response node, without the ids that each worker draws, each in a round of its own. What a person presses is
// pressed at the start, one after the other. Flows with subflows cannot be published.
func voting(t *testing.T, file string) (string, bool) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var nodes, kept []map[string]any
	if err := json.Unmarshal(text, &nodes); err != nil {
		t.Fatal(err)
	}
	sinks := map[string]bool{}
	presses := 0
	for _, n := range nodes {
		switch n["type"] {
		case "subflow":
			return "", false
		case "tab":
			continue
		case "debug", "http response":
			sinks[n["id"].(string)] = true
		case "inject":
			n["once"], n["onceDelay"] = true, 0.3+float64(presses)/2
			presses++
		}
		kept = append(kept, n)
	}
	for _, n := range kept {
		outs, _ := n["wires"].([]any)
		for i, out := range outs {
			for _, to := range out.([]any) {
				if sinks[to.(string)] {
					outs[i] = append(outs[i].([]any), "d0d0"+to.(string)[4:])
				}
			}
		}
	}
	for id := range sinks {
		kept = append(kept, map[string]any{"id": "d0d0" + id[4:], "type": "function", "z": "f", "x": 1, "y": 1, "outputs": 1, "libs": []any{map[string]any{"var": "crypto", "module": "crypto"}},
			"func":  "const n = (context.get('n') || 0) + 1; context.set('n', n);\nfor (const k of Object.keys(msg)) if (k[0] === '_' || k === 'req' || k === 'res') delete msg[k];\nreturn {payload: {result: crypto.createHash('sha256').update(JSON.stringify(msg)).digest('hex'), votingRoundID: '" + id + "-' + n}};",
			"wires": []any{[]any{"d1d1" + id[4:]}}},
			map[string]any{"id": "d1d1" + id[4:], "type": "submit-result", "z": "f", "x": 1, "y": 1, "wires": []any{[]any{}}})
	}
	out, err := json.Marshal(map[string]any{"label": filepath.Base(filepath.Dir(file)), "nodes": kept, "configs": []any{}})
	if err != nil {
		t.Fatal(err)
	}
	return string(out), true
}

// TestArchitectures runs workers of several architectures, by qemu-user where the machine is
// none of them: all vote the same for every example. LOCKSTEP_ARCHES names them.
func TestArchitectures(t *testing.T) {
	if os.Getenv("LOCKSTEP_ARCHES") == "" {
		t.Skip("LOCKSTEP_ARCHES is not set: make arch sets it")
	}
	programs := archPrograms(t)
	files, err := filepath.Glob("../../examples/*/flow.json")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	var names, documents []string
	for _, f := range files {
		if text, ok := voting(t, f); ok {
			names, documents = append(names, filepath.Base(filepath.Dir(f))), append(documents, text)
		}
	}
	n := newArchNet(t, names, documents)
	for i := range archWorkers {
		n.start(t, programs[i%len(programs)], i)
	}
	n.order(t)
	n.compare(t, names, programs)
}

// archPrograms builds the program for each architecture, and gives how each is run.
func archPrograms(t *testing.T) (list [][]string) {
	dir := t.TempDir()
	for _, arch := range strings.Fields(os.Getenv("LOCKSTEP_ARCHES")) {
		by, known := runners[arch]
		if !known {
			continue
		}
		if by != "" {
			if _, err := exec.LookPath(by); err != nil {
				t.Logf("%s: skipped, it needs %s", arch, by)
				continue
			}
		}
		file := filepath.Join(dir, arch)
		cmd := exec.Command("go", "build", "-o", file, ".")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOARCH="+arch)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", arch, err, out)
		}
		list = append(list, slices.DeleteFunc([]string{by, file}, func(s string) bool { return s == "" }))
	}
	return list
}

// archNet is a chain with a group of solutions, and workers.
type archNet struct {
	*onDevnet
	services  string
	endpoints []string
	keys      []*keys.Pair
}

func newArchNet(t *testing.T, names, documents []string) *archNet {
	n := &archNet{}
	settings := fast
	settings.Spec73 = true
	var operators []operator
	for i := range archWorkers {
		uri := fmt.Sprintf("//Operator%d", i)
		op, err := keys.FromURI(uri, keys.Sr25519)
		if err != nil {
			t.Fatal(err)
		}
		w, err := keys.FromURI(uri+"//worker", keys.Sr25519)
		if err != nil {
			t.Fatal(err)
		}
		settings.Accounts, n.keys = append(settings.Accounts, op.AccountID()), append(n.keys, w)
		operators = append(operators, operator{uri, w.AccountID()})
	}
	n.onDevnet = devChain(t, settings)
	var cids []string
	n.services, cids = services(t, n.url, documents...)
	var solutions [][2]string
	for i, name := range names {
		solutions = append(solutions, [2]string{name, cids[i]})
	}
	n.found(solutions, operators)
	time.Sleep(1500 * time.Millisecond) // the subscriptions count from the next period on
	return n
}

func (n *archNet) start(t *testing.T, program []string, i int) {
	dir := t.TempDir()
	env, endpoints, _ := settings(t, dir, n.url, n.services, "RETRY_WORKER_CHECKS=true\nEXCLUDED_NODES=exec")
	n.endpoints = append(n.endpoints, endpoints)
	cmd := exec.Command(program[0], append(program[1:], "worker", "--env-file", env)...) //nolint:gosec // it was built above
	cmd.Env = append(os.Environ(), fmt.Sprintf("VOTING_WORKER_SEED=//Operator%d//worker", i))
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()         // it was killed
		if t.Failed() {
			t.Logf("worker %d, %s\n%s", i, program, log.Bytes()[max(0, log.Len()-3000):])
		}
	})
}

// order asks the HTTP API of the example the same of all workers.
func (n *archNet) order(t *testing.T) {
	ask := func(base, method, path, body string) int {
		req, err := http.NewRequestWithContext(t.Context(), method, base+"/api"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0
		}
		_ = res.Body.Close() // its status is enough
		return res.StatusCode
	}
	for i, base := range n.endpoints {
		for end := time.Now().Add(2 * time.Minute); ask(base, "GET", "/orders", "") != http.StatusOK; time.Sleep(100 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("worker %d does not answer", i)
			}
		}
		for _, r := range [][3]string{{"POST", "/orders", `{"item":" bolts ","count":3}`}, {"POST", "/orders", `{"item":"","count":0.5}`}, {"GET", "/orders/1", ""}, {"GET", "/orders/7", ""}} {
			if code := ask(base, r[0], r[1], r[2]); code == 0 || code >= 500 {
				t.Errorf("worker %d answers %s %s with %d", i, r[0], r[1], code)
			}
		}
	}
}

// compare waits until all workers have voted as often as the first, and compares.
func (n *archNet) compare(t *testing.T, names []string, programs [][]string) {
	var votes []map[string]string
	begun := time.Now()
	for end := time.Now().Add(3 * time.Minute); ; time.Sleep(time.Second) {
		votes = n.votes(t, names)
		least, most := len(votes[0]), 0
		for _, v := range votes {
			least, most = min(least, len(v)), max(most, len(v))
		}
		if time.Since(begun) > longest && least == most || time.Now().After(end) {
			break
		}
	}
	voted := map[string]int{}
	for i, v := range votes {
		for round, result := range v {
			if i == 0 {
				voted[strings.Fields(round)[0]]++
			}
			if result != votes[0][round] {
				t.Errorf("%s: worker %d (%s) voted %s, worker 0 %s", round, i, programs[i%len(programs)], result, votes[0][round])
			}
		}
		if len(v) != len(votes[0]) {
			t.Errorf("worker %d (%s) voted in %d rounds, worker 0 in %d", i, programs[i%len(programs)], len(v), len(votes[0]))
		}
	}
	if len(programs) < 2 {
		t.Skip("there is one architecture only")
	}
	for _, name := range names {
		if voted[name] == 0 {
			t.Errorf("nobody voted for %s", name)
		}
	}
	t.Logf("%d workers of %d architectures voted the same in %d rounds: %v", len(votes), len(programs), len(votes[0]), voted)
}

// votes gives of each worker its result by round.
func (n *archNet) votes(t *testing.T, names []string) []map[string]string {
	out := make([]map[string]string, len(n.keys))
	for i := range out {
		out[i] = map[string]string{}
	}
	for _, name := range names {
		err := n.rpc.Each(t.Context(), nil, onchain.Pallet, "SolutionResults", []any{name}, func(k []any, v any) error {
			result, ok := v.([]byte)
			who, fine := k[len(k)-1].([]byte)
			round, good := k[len(k)-2].([]byte)
			i := slices.IndexFunc(n.keys, func(p *keys.Pair) bool { id := p.AccountID(); return bytes.Equal(id[:], who) })
			if !ok || !fine || !good || i < 0 {
				return fmt.Errorf("a result is %v: %v", k, v)
			}
			out[i][name+" "+string(round)] = hex.EncodeToString(result)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}
