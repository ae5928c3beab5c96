package admin

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
)

// The files NAME.jsonl in testdata are requests, and NAME.json what a real Node-RED
// 5.0.7 answered to them with the settings of NAME.settings.json; TestRecord makes
// those. In requests and answers <rev> is the revision last seen, <id> the id of the
// flow last added, <token> the access token last given.

// ask is a request of a list.
type ask struct {
	Name, Method, Path string
	Headers            map[string]string
	Body               json.RawMessage
	Pause              int      // ms to wait after it
	Ignore             []string // properties of the answer that need not be the same
	// BodyOnly is "status" to compare no headers and body, and "hash" to compare the
	// hash of a body that is not ours to keep.
	BodyOnly string `json:"body_only"`
}

// answer is what is compared.
type answer struct {
	Name    string
	Status  int
	Headers map[string]string `json:",omitempty"`
	Body    any               `json:",omitempty"`
}

// compared are the headers that must be the same.
var compared = []string{"Content-Type", "Www-Authenticate", "Location", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Vary"}

// play sends a list of requests.
func play(t *testing.T, base, name string) []answer {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	known := map[string]string{"<rev>": "", "<id>": "", "<token>": ""}
	var out []answer
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var a ask
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		out = append(out, send(t, client, base, a, known))
	}
	if len(out) == 0 {
		t.Fatal("there are no requests")
	}
	return out
}

func send(t *testing.T, client *http.Client, base string, a ask, known map[string]string) answer {
	t.Helper()
	fill := func(s string) string {
		for k, v := range known {
			s = strings.ReplaceAll(s, k, v)
		}
		return s
	}
	body, kind := string(a.Body), "application/json"
	var text string
	if json.Unmarshal(a.Body, &text) == nil {
		body, kind = text, ""
	}
	r, err := http.NewRequestWithContext(t.Context(), a.Method, base+fill(a.Path), strings.NewReader(fill(body)))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", kind)
	}
	for k, v := range a.Headers {
		r.Header.Set(k, fill(v))
	}
	res, err := client.Do(r)
	if err != nil {
		t.Fatalf("%s: %v", a.Name, err)
	}
	got, err := io.ReadAll(res.Body)
	_ = res.Body.Close() // it was read
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Duration(a.Pause) * time.Millisecond)
	out := answer{Name: a.Name, Status: res.StatusCode, Headers: map[string]string{}}
	for _, h := range compared {
		if v := strings.Join(res.Header.Values(h), ", "); v != "" {
			out.Headers[h] = v
		}
	}
	if a.BodyOnly == "status" {
		out.Headers = nil
		return out
	}
	out.Body = readable(got, a, known)
	return out
}

// readable is a body with what changes from run to run replaced.
func readable(got []byte, a ask, known map[string]string) any {
	var v any
	text := string(got)
	isJSON := json.Unmarshal(got, &v) == nil
	if a.BodyOnly == "hash" {
		if again, err := json.Marshal(v); isJSON && err == nil {
			got = again // the order of keys does not count
		}
		return fmt.Sprintf("%d bytes, sha256 %x", len(got), sha256.Sum256(got))
	}
	if !isJSON {
		return text
	}
	if o, ok := v.(map[string]any); ok {
		note := func(k, prop string) {
			if s, ok := o[prop].(string); ok && s != "" {
				known[k] = s
			}
		}
		note("<rev>", "rev")
		note("<token>", "access_token")
		if a.Method == http.MethodPost && strings.HasSuffix(a.Path, "/flow") {
			note("<id>", "id")
		}
		for _, k := range a.Ignore {
			delete(o, k)
		}
	}
	again, err := json.Marshal(v)
	if err != nil {
		return text
	}
	text = string(again)
	for _, k := range []string{"<id>", "<token>"} {
		if known[k] != "" {
			text = strings.ReplaceAll(text, known[k], k)
		}
	}
	_ = json.Unmarshal([]byte(text), &v) // it is JSON still
	return v
}

// world is a running engine behind an API.
type world struct {
	api  *API
	live *live.Live
	url  string
}

// newWorld runs flows behind an API with settings.
func newWorld(t *testing.T, o Options, more ...engine.Sink) *world {
	t.Helper()
	o.Registry = nodes.Core()
	if o.Flows.IsUndefined() {
		o.Flows = value.Arr()
	}
	doc, err := flow.FromValue("flows", o.Flows)
	if err != nil {
		t.Fatal(err)
	}
	g, err := flow.Compile(nil, doc)
	if err != nil {
		t.Fatal(err)
	}
	opt := engine.Options{Seed: 1, Credentials: o.Credentials, Settings: value.NewObject()}
	if o.Settings != nil {
		opt.Globals = o.Settings.Get("functionGlobalContext").Object()
		if all := o.Settings.Get("contextStorage").Object(); all != nil {
			for _, k := range all.Keys() {
				opt.Stores = append(opt.Stores, engine.ContextStore{Name: k})
			}
		}
	}
	e, err := engine.New(g, o.Registry, opt)
	if err != nil {
		t.Fatal(err)
	}
	api, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	sink := engine.Sink(api)
	if len(more) > 0 {
		sink = engine.SinkFunc(func(f engine.Effect) error {
			for _, s := range append(more, api) {
				if err := s.Put(f); err != nil {
					return err
				}
			}
			return nil
		})
	}
	l := live.New(live.Options{Sink: sink})
	server := httptest.NewServer(api)
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(t.Context(), e, l, l) }()
	t.Cleanup(func() {
		_ = api.Close() // it never fails
		server.Close()
		l.Stop()
		<-ended
	})
	api.Start(e, l)
	return &world{api, l, server.URL}
}

// settingsOf reads the settings of a list of requests.
func settingsOf(t *testing.T, name string) *value.Object {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".settings.json"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := value.ParseJSON(value.Text(text))
	if err != nil {
		t.Fatal(err)
	}
	return v.Object()
}

// editorDir is where `make editor-test` installs the editor; "" if it is not there.
func editorDir() string {
	if _, err := os.Stat("editortest/node_modules/@node-red/nodes"); err != nil {
		return ""
	}
	return "editortest"
}

// TestSame compares our answers with those of Node-RED.
func TestSame(t *testing.T) {
	for _, name := range []string{"open", "auth", "cors"} {
		t.Run(name, func(t *testing.T) {
			s := settingsOf(t, name)
			saved := value.Arr()
			o := Options{Settings: s, Root: s.Get("httpAdminRoot").Str(), NodeRoot: "/", UserDir: t.TempDir(), Editor: editorDir(), Encryption: "user", CORS: live.CORSFrom(s.Get("httpAdminCors")),
				SaveFlows: func(text []byte) error {
					v, err := value.ParseJSON(value.Text(text))
					saved = v
					return err
				},
				Load: func() (value.Value, map[string]*value.Object, error) { return saved, nil, nil }}
			if r := s.Get("httpNodeRoot").Str(); r != "" {
				o.NodeRoot = r + "/"
			}
			if c := s.Get("credentialSecret"); c.IsBool() {
				o.Encryption = "disabled"
			}
			got := play(t, newWorld(t, o).url, name)
			text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var want []answer
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			if len(got) != len(want) {
				t.Fatalf("%d answers, Node-RED gave %d: record them anew", len(got), len(want))
			}
			for i := range want {
				compare(t, got[i], want[i], o.Editor != "")
			}
		})
	}
}

// ofEditor are the requests whose answers come from the editor's files.
func ofEditor(name string) bool {
	for _, p := range []string{"GET /locales", "GET /nodes", "GET /debug/view", "GET /icons", "GET /favicon", "GET /", "GET /red", "GET /vendor", "icons", "theme", "root", "root query", "page", "nobody's icons"} {
		if name == p || len(p) > 6 && strings.HasPrefix(name, p) {
			return true
		}
	}
	return strings.HasPrefix(name, "GET /library/examples")
}

func compare(t *testing.T, got, want answer, editor bool) {
	t.Helper()
	if !editor && ofEditor(want.Name) {
		return
	}
	g, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	w, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(g, w) {
		t.Errorf("%s:\n got %.1500s\nwant %.1500s", want.Name, g, w)
	}
}
