package admin

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

const small = `[{"id":"t1","type":"tab","label":"One"},
{"id":"i1","type":"inject","z":"t1","props":[{"p":"payload"}],"payload":"x","payloadType":"str","x":1,"y":1,"wires":[["f1"]]},
{"id":"f1","type":"function","z":"t1","func":"node.status({fill:'red',shape:'dot',text:msg.payload}); node.warn('careful'); return msg;","outputs":1,"x":2,"y":1,"wires":[["d1"]]},
{"id":"d1","type":"debug","z":"t1","name":"out","active":true,"tosidebar":true,"complete":"payload","targetType":"msg","x":3,"y":1,"wires":[]}]`

func parse(t *testing.T, text string) value.Value {
	t.Helper()
	v, err := value.ParseJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// do sends a request and gives status and body.
func do(t *testing.T, method, url, body string, headers ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	_ = res.Body.Close() // it was read
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// TestRefused deploys what cannot run: all is said, and nothing changes.
func TestRefused(t *testing.T) {
	saves := 0
	w := newWorld(t, Options{Flows: parse(t, small), SaveFlows: func([]byte) error { saves++; return nil }})
	_, before := do(t, "GET", w.url+"/flows", "", "Node-RED-API-Version", "v2")
	for _, c := range []struct{ body, want string }{
		{`[{"id":"a","type":"nope","x":1,"y":1},{"id":"b","type":"nope too","x":1,"y":1},{"id":"c","type":"nope","x":1,"y":1}]`, `node types are not known:\n  nope (node a, node c)\n  nope too (node b)`},
		{`[{"id":"s","type":"subflow:t","x":1,"y":1}]`, "invalid_flow"},
		{`[5]`, "an entry is no object"},
		{`[{"type":"debug"}]`, "id"},
		{`{}`, "must be an array"},
	} {
		status, text := do(t, "POST", w.url+"/flows", c.body)
		if status != http.StatusBadRequest || !strings.Contains(text, c.want) {
			t.Errorf("%s: %d %s, want %s", c.body, status, text, c.want)
		}
	}
	if status, text := do(t, "POST", w.url+"/flows", small, "Node-RED-Deployment-Type", "some"); status != http.StatusBadRequest || !strings.Contains(text, "full, nodes, flows, reload") {
		t.Errorf("a wrong type: %d %s", status, text)
	}
	if status, text := do(t, "POST", w.url+"/flows", `{"flows":[],"credentials":{"$":"abc"}}`, "Node-RED-API-Version", "v2"); status != http.StatusBadRequest || !strings.Contains(text, "encrypted") {
		t.Errorf("encrypted credentials: %d %s", status, text)
	}
	if status, text := do(t, "POST", w.url+"/flow", `{"nodes":[{"id":"z1","type":"nope","x":1,"y":1}]}`); status != http.StatusBadRequest || !strings.Contains(text, "nope") {
		t.Errorf("a wrong flow: %d %s", status, text)
	}
	if _, after := do(t, "GET", w.url+"/flows", "", "Node-RED-API-Version", "v2"); after != before || saves != 0 {
		t.Errorf("a refused deploy changed something: %s, %d saves", after, saves)
	}
}

// TestKept looks at what is written, and at a disk that fails.
func TestKept(t *testing.T) {
	var flows, creds string
	fail := false
	o := Options{Settings: parse(t, `{"flowFilePretty":true}`).Object(), SaveFlows: func(b []byte) error {
		if fail {
			return errors.New("disk full")
		}
		flows = string(b)
		return nil
	}, SaveCredentials: func(all *value.Object) error {
		creds = string(value.AppendJSON(nil, value.Of(all)))
		return nil
	}}
	w := newWorld(t, o)
	body := `[{"id":"t","type":"tab"},{"id":"h","type":"http request","z":"t","x":1,"y":1,"wires":[],"credentials":{"user":"u","password":"secret"}}]`
	if status, text := do(t, "POST", w.url+"/flows", body); status != http.StatusNoContent {
		t.Fatal(status, text)
	}
	if !strings.Contains(flows, "\n        \"id\": \"h\"") || strings.Contains(flows, "credentials") || creds != `{"h":{"user":"u","password":"secret"}}` {
		t.Errorf("flows %s\ncredentials %s", flows, creds)
	}
	if got := w.credentials("h"); got != "secret" {
		t.Errorf("the engine has the password %q", got)
	}
	creds = "not written"
	if status, text := do(t, "POST", w.url+"/flows", strings.Replace(body, "secret", kept, 1)); status != http.StatusNoContent || creds != "not written" {
		t.Errorf("the same again: %d %s, credentials %s", status, text, creds)
	}
	fail = true
	if status, text := do(t, "POST", w.url+"/flows", "[]"); status != http.StatusBadRequest || !strings.Contains(text, "disk full") {
		t.Errorf("a full disk: %d %s", status, text)
	}
	if _, text := do(t, "GET", w.url+"/flows", ""); !strings.Contains(text, `"h"`) {
		t.Errorf("after a deploy that failed: %s", text)
	}
}

// credentials is the password that a running node would get.
func (w *world) credentials(id string) (password string) {
	w.live.Do(func() { password = w.api.engine.Node(id).Credentials().Get("password").Str() })
	return password
}

// TestStopped deploys and reloads while the flows are stopped: the first waits for the
// start, the second starts them.
func TestStopped(t *testing.T) {
	w := newWorld(t, Options{Flows: parse(t, small), Settings: parse(t, `{"runtimeState":{"enabled":true}}`).Object(),
		Load: func() (value.Value, map[string]*value.Object, error) { return parse(t, small), nil, nil }})
	running := func(id string) (ok bool) {
		w.live.Do(func() { ok = w.api.engine.Node(id) != nil })
		return ok
	}
	do(t, "POST", w.url+"/flows/state", `{"state":"stop"}`)
	other := strings.ReplaceAll(small, "d1", "d2")
	if status, text := do(t, "POST", w.url+"/flows", other); status != http.StatusNoContent || running("d2") || running("d1") {
		t.Errorf("a deploy while stopped: %d %s", status, text)
	}
	do(t, "POST", w.url+"/flows/state", `{"state":"start"}`)
	if !running("d2") || running("d1") {
		t.Error("the start did not take what was deployed")
	}
	do(t, "POST", w.url+"/flows/state", `{"state":"stop"}`)
	do(t, "POST", w.url+"/flows", "", "Node-RED-Deployment-Type", "reload")
	if _, text := do(t, "GET", w.url+"/flows/state", ""); text != `{"state":"start"}` || !running("d1") || running("d2") {
		t.Errorf("a reload while stopped: %s", text)
	}
}

// TestUnchanged deploys nodes of which one changed: the others keep what they know.
func TestUnchanged(t *testing.T) {
	w := newWorld(t, Options{Flows: parse(t, small)})
	conn := listen(t, w.url)
	do(t, "POST", w.url+"/flows", strings.Replace(small, "careful", "take care", 1), "Node-RED-Deployment-Type", "nodes")
	do(t, "POST", w.url+"/debug/d1/disable", "")
	secret := strings.Replace(small, `"type":"inject"`, `"type":"inject","credentials":{}`, 1)
	do(t, "POST", w.url+"/flows", secret, "Node-RED-Deployment-Type", "nodes")
	do(t, "POST", w.url+"/flows", small, "Node-RED-Deployment-Type", "nodes")
	do(t, "POST", w.url+"/inject/i1", "")
	do(t, "POST", w.url+"/debug/d1/enable", "")
	do(t, "POST", w.url+"/inject/i1", "")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	shown := 0
	for shown == 0 {
		_, frame, err := conn.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		shown += strings.Count(string(frame), `"property":"payload"`)
	}
	if shown != 1 {
		t.Errorf("%d messages, although the node was switched off for the first", shown)
	}
}

// TestPalette tries to change what cannot be changed.
func TestPalette(t *testing.T) {
	w := newWorld(t, Options{})
	for _, c := range []struct{ method, path, body, want string }{
		{"POST", "/nodes", `{"module":"node-red-contrib-x"}`, "node-red-contrib-x was not installed"},
		{"DELETE", "/nodes/node-red", "", "cannot be removed"},
		{"PUT", "/nodes/node-red", `{"enabled":false}`, "cannot be switched off"},
		{"PUT", "/nodes/node-red/inject", `{"enabled":false}`, "cannot be switched off"},
		{"POST", "/library/local/flows/x", "[]", "cannot be written"},
	} {
		if status, text := do(t, c.method, w.url+c.path, c.body); status != http.StatusBadRequest || !strings.Contains(text, c.want) {
			t.Errorf("%s %s: %d %s", c.method, c.path, status, text)
		}
	}
	for _, typ := range nodes.Core().Types() {
		found := false
		for _, s := range palette {
			for _, n := range s.types {
				found = found || n == typ.Name
			}
		}
		if !found {
			t.Errorf("the type %q is in no set of the palette", typ.Name)
		}
	}
	if status, text := do(t, "GET", w.url+"/diagnostics", ""); status != http.StatusOK || !strings.Contains(text, `"report":"diagnostics"`) {
		t.Errorf("diagnostics: %d %s", status, text)
	}
}

// TestStrangers comes from pages of other sites.
func TestStrangers(t *testing.T) {
	w := newWorld(t, Options{})
	for _, c := range []struct {
		headers []string
		want    int
	}{
		{[]string{"Host", "evil.example"}, http.StatusForbidden},
		{[]string{"Origin", "http://evil.example"}, http.StatusForbidden},
		{[]string{"Origin", "null"}, http.StatusForbidden},
		{[]string{"Host", "localhost:1880", "Origin", "http://localhost:1880"}, http.StatusOK},
		{[]string{"Host", "[::1]:1880"}, http.StatusOK},
	} {
		if status, text := do(t, "GET", w.url+"/flows", "", c.headers...); status != c.want {
			t.Errorf("%v: %d %s", c.headers, status, text)
		}
	}
	if status, _ := do(t, "POST", w.url+"/flows", "["+strings.Repeat(" ", 6<<20)+"]"); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge body: %d", status)
	}
}

// TestRequireHTTPS sends all but logins to https, unless a proxy has spoken it.
func TestRequireHTTPS(t *testing.T) {
	w := newWorld(t, Options{Settings: parse(t, `{"requireHttps":true}`).Object()})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for path, want := range map[string]string{"/flows": "https://127.0.0.1/flows", "/settings/user?a=b": "https://127.0.0.1/settings/user?a=b", "/auth/login": ""} {
		res, err := client.Get(w.url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close() // only its head counts
		if got := res.Header.Get("Location"); got != want || want != "" && res.StatusCode != http.StatusFound {
			t.Errorf("%s: %d %s", path, res.StatusCode, got)
		}
	}
	if status, _ := do(t, "GET", w.url+"/flows", "", "X-Forwarded-Proto", "https"); status != http.StatusOK {
		t.Errorf("through a proxy: %d", status)
	}
}

// TestDisableEditor leaves the API without what only an editor needs.
func TestDisableEditor(t *testing.T) {
	w := newWorld(t, Options{Settings: parse(t, `{"disableEditor":true}`).Object()})
	for path, want := range map[string]int{"/flows": 200, "/settings": 200, "/comms": 404, "/settings/user": 404, "/credentials/a/b": 404, "/": 404} {
		if status, text := do(t, "GET", w.url+path, ""); status != want || path == "/settings" && strings.Contains(text, "context") {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
}

// TestAdminAuth gives settings that cannot work.
func TestAdminAuth(t *testing.T) {
	for text, want := range map[string]string{
		`{"adminAuth":5}`: "it must be an object",
		`{"adminAuth":{"type":"strategy","strategy":{}}}`: `the type "strategy" is not available`,
		`{"adminAuth":{}}`: `the type "" is not available`,
		`{"adminAuth":{"type":"credentials","module":{}}}`:                                   "adminAuth.module: code does not run here",
		`{"adminAuth":{"type":"credentials","users":[{"username":"a","password":"plain"}]}}`: "bcrypt",
		`{"adminAuth":{"type":"credentials","users":[{"password":"x"}]}}`:                    "adminAuth.users[0]",
		`{"httpAdminCors":{"origin":"x"},"adminAuth":{"type":"credentials"}}`:                "",
	} {
		_, err := New(Options{Registry: nodes.Core(), Flows: value.Arr(), Settings: parse(t, text).Object()})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := New(Options{Registry: nodes.Core(), Flows: value.Arr(), Editor: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "npm install @node-red/editor-client@") {
		t.Errorf("an editor that is not there: %v", err)
	}
}

// TestSessions logs in, looks at the file, and opens it again.
func TestSessions(t *testing.T) {
	dir := t.TempDir()
	s, err := openSessions(dir, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.create("ann", "node-red-admin", value.Arr(value.Str("*")))
	if err != nil {
		t.Fatal(err)
	}
	s.close()
	text, err := os.ReadFile(filepath.Join(dir, ".sessions.json"))
	if err != nil || !strings.Contains(string(text), `{"user":"ann","client":"node-red-admin","scope":["*"],"accessToken":"`) {
		t.Fatalf("%s, %v", text, err)
	}
	if s, err = openSessions(dir, time.Hour); err != nil {
		t.Fatal(err)
	}
	defer s.close()
	if got, ok := s.get(token); !ok || got.user != "ann" {
		t.Errorf("after opening: %+v, %v", got, ok)
	}
	var gone string
	s.expired = func(t string) { gone = t }
	s.all.Get(token).Object().Set("expires", value.Num(5))
	if _, ok := s.get(token); ok || gone != token {
		t.Errorf("an old session is taken: %v, %q", ok, gone)
	}
	for _, bad := range []string{"{", "[]", ""} {
		if err := os.WriteFile(filepath.Join(dir, ".sessions.json"), []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := openSessions(dir, time.Hour); err != nil || s.all.Len() != 0 {
			t.Errorf("a broken file: %v", err)
		}
	}
}

// TestPermissions follows Node-RED's rules.
func TestPermissions(t *testing.T) {
	for _, c := range []struct {
		scope, permission string
		want              bool
	}{
		{`"*"`, `"flows.write"`, true}, {`"*"`, `""`, true}, {`[]`, `""`, true}, {`[]`, `"x"`, false}, {`"read"`, `"flows.read"`, true}, {`"read"`, `"read"`, true},
		{`"read"`, `"flows.write"`, false}, {`"*.read"`, `"a.b.read"`, true}, {`"read"`, `"xread"`, false}, {`"read"`, `".read"`, false}, {`"write"`, `"flows.write"`, true},
		{`["flows.read","nodes.read"]`, `"nodes.read"`, true}, {`["flows.read"]`, `["flows.read","nodes.read"]`, false}, {`["read"]`, `["flows.read","nodes.read"]`, true},
		{`"flows.read"`, `"flows.read"`, true}, {`"flows"`, `"flows.read"`, false}, {`null`, `"flows.read"`, false}, {`"read"`, `["*"]`, false}, {`"*.write"`, `"write"`, true},
	} {
		if got := allows(parse(t, c.scope), parse(t, c.permission)); got != c.want {
			t.Errorf("%s, %s: %v", c.scope, c.permission, got)
		}
	}
}
