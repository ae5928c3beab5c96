package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/admin"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

// screen is what a running command prints.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

var apiAddress = regexp.MustCompile(`admin API on (http:\S+)/\n`)

// running is a run in this process with an admin API.
type running struct {
	t       *testing.T
	url     string
	out     *screen
	log     *screen
	stop    context.CancelFunc
	stopped chan error
}

func startRun(t *testing.T, f runFlags, files ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{t: t, out: &screen{}, log: &screen{}, stop: cancel, stopped: make(chan error, 1)}
	f.logLevel, f.logFormat, f.portSet = "info", "text", true
	if f.admin == "" {
		f.admin = adminDefault
	}
	go func() { r.stopped <- f.run(ctx, streams{in: strings.NewReader(""), out: r.out, err: r.log}, files) }()
	r.await(r.log, "started ")
	m := apiAddress.FindStringSubmatch(r.log.String())
	if m == nil {
		t.Fatalf("no address:\n%s", r.log.String())
	}
	r.url = m[1]
	return r
}

// await waits for a text.
func (r *running) await(s *screen, text string) {
	r.t.Helper()
	for range 2000 {
		if strings.Contains(s.String(), text) {
			return
		}
		select {
		case err := <-r.stopped:
			r.t.Fatalf("the run ended: %v\n%s", err, r.log.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	r.t.Fatalf("%q did not come:\n%s%s", text, s.String(), r.log.String())
}

func (r *running) end() {
	r.t.Helper()
	r.stop()
	if err := <-r.stopped; err != nil {
		r.t.Fatalf("%v\n%s", err, r.log.String())
	}
}

// send makes a request, which must succeed.
func (r *running) send(method, path, body string, headers ...string) string {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	_ = res.Body.Close() // it was read
	if err != nil || res.StatusCode >= 300 {
		r.t.Fatalf("%s %s: %s %s, %v", method, path, res.Status, text, err)
	}
	return string(text)
}

const pressed = `[{"id":"t1","type":"tab","label":"One"},
{"id":"i1","type":"inject","z":"t1","props":[{"p":"payload"}],"payload":"hello","payloadType":"str","x":1,"y":1,"wires":[["f1"]]},
{"id":"f1","type":"function","z":"t1","func":"flow.set('n', (flow.get('n') || 0) + 1); msg.payload += ' ' + flow.get('n') + Math.random(); return msg;","outputs":1,"x":2,"y":1,"wires":[["d1"]]},
{"id":"d1","type":"debug","z":"t1","name":"out","active":true,"tosidebar":true,"tostatus":true,"complete":"payload","targetType":"msg","x":3,"y":1,"wires":[]}]`

// TestAdminReplay records a run with presses, switches, deploys and credentials; it
// must replay without a difference, and hold no secret.
func TestAdminReplay(t *testing.T) {
	dir := t.TempDir()
	flows, recorded := filepath.Join(dir, "flows.json"), filepath.Join(dir, "run.journal")
	if err := os.WriteFile(flows, []byte(pressed), 0o644); err != nil {
		t.Fatal(err)
	}
	r := startRun(t, runFlags{record: recorded, limit: time.Minute}, flows)
	r.send("POST", "/inject/i1", "")
	r.await(r.out, "out: hello 1")
	r.send("POST", "/debug/d1/disable", "")
	r.send("POST", "/inject/i1", "")
	r.send("POST", "/debug/enable", `{"nodes":["d1"]}`)
	r.send("POST", "/inject/i1", `{"__user_inject_props__":[{"p":"payload","v":"once","vt":"str"}]}`)
	r.await(r.out, "out: once 3")
	second := strings.Replace(pressed, "hello", "changed", 1)
	r.send("POST", "/flows", second, "Node-RED-Deployment-Type", "nodes")
	r.send("POST", "/inject/i1", "")
	r.await(r.out, "out: changed 4")
	third := strings.Replace(second, `"wires":[]}]`, `"wires":[]},
{"id":"h1","type":"http request","z":"t1","method":"GET","url":"http://127.0.0.1:1/","authType":"basic","ret":"txt","x":5,"y":5,"wires":[["d1"]],"credentials":{"user":"ann","password":"hunter22"}},
{"id":"i2","type":"inject","z":"t1","props":[{"p":"payload"}],"payload":"","payloadType":"str","x":1,"y":1,"wires":[["h1"]]}]`, 1)
	r.send("POST", "/flows", third, "Node-RED-Deployment-Type", "full")
	r.send("POST", "/inject/i2", "")
	r.await(r.out, "ECONNREFUSED")
	r.send("DELETE", "/context/flow/t1/n", "")
	r.send("POST", "/inject/i1", "")
	r.await(r.out, "out: changed 1")
	r.end()
	text, err := os.ReadFile(recorded)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "hunter22") || !strings.Contains(string(text), "‹secret:h1/password›") {
		t.Error("the journal holds the password, or no name in its place")
	}
	var out, log bytes.Buffer
	err = (&replayFlags{}).run(t.Context(), streams{in: strings.NewReader(""), out: &out, err: &log}, []string{recorded})
	if err != nil || !strings.Contains(out.String(), ": 0 differences") {
		t.Fatalf("%v\n%s%s", err, out.String(), log.String())
	}
	if now, err := os.ReadFile(flows); err != nil || string(now) != pressed {
		t.Errorf("the flow file was changed: %s, %v", now, err)
	}
}

// TestLocalOnly keeps requests to other addresses of this machine from the API.
func TestLocalOnly(t *testing.T) {
	api, err := admin.New(admin.Options{Registry: nodes.Core(), Flows: value.Arr()})
	if err != nil {
		t.Fatal(err)
	}
	defer api.Close() //nolint:errcheck // it never fails
	for at, want := range map[string]bool{"127.0.0.1": true, "::1": true, "192.0.2.7": false} {
		ctx := context.WithValue(t.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.ParseIP(at), Port: 1880})
		r, err := http.NewRequestWithContext(ctx, "GET", "http://localhost/flows", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := (localOnly{api}).Takes(r); got != want {
			t.Errorf("%s: %v", at, got)
		}
	}
}

// TestAdminUserDir deploys into an empty user directory; the next run has it all.
func TestAdminUserDir(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "settings.js"), []byte("module.exports = {flowFile: 'flows.json', uiHost: '127.0.0.1', httpAdminRoot: '/adm', httpNodeRoot: '/'}"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := startRun(t, runFlags{userDir: dir})
	if !strings.HasSuffix(r.url, "/adm") {
		t.Fatal(r.url)
	}
	r.send("POST", "/flows", `[{"id":"t1","type":"tab"},{"id":"w1","type":"http in","z":"t1","url":"/flows","method":"get","x":1,"y":1,"wires":[["w2"]]},{"id":"w2","type":"http response","z":"t1","statusCode":"201","x":1,"y":1,"wires":[]},
{"id":"h1","type":"http request","z":"t1","x":5,"y":5,"wires":[],"credentials":{"user":"ann","password":"hunter22"}}]`)
	res, err := http.Get(strings.TrimSuffix(r.url, "/adm") + "/flows") //nolint:noctx // our own server
	if err != nil || res.StatusCode != http.StatusCreated {
		t.Errorf("the route that was deployed: %v, %v", res, err)
	}
	_ = res.Body.Close() // only its status counts
	r.end()
	for _, name := range []string{"flows.json", "flows_cred.json"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || strings.Contains(string(text), "hunter22") || strings.Contains(string(text), `"credentials"`) {
			t.Errorf("%s: %s, %v", name, text, err)
		}
	}
	r = startRun(t, runFlags{userDir: dir})
	if got := r.send("GET", "/credentials/http-request/h1", ""); got != `{"user":"ann","has_password":true}` {
		t.Errorf("credentials after a new start: %s", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "flows.json"), []byte(`[{"id":"t9","type":"tab"}]`), 0o644); err != nil {
		t.Fatal(err)
	}
	r.send("POST", "/flows", "", "Node-RED-Deployment-Type", "reload")
	if got := r.send("GET", "/flows", ""); got != `[{"id":"t9","type":"tab"}]` {
		t.Errorf("after a reload: %s", got)
	}
	r.end()
}
