package live

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// server makes one with a route /hi that says what it saw of the request.
func server(t *testing.T, o HTTPOptions) *HTTP {
	t.Helper()
	o.Addr = "127.0.0.1:0"
	p, err := NewHTTP(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	for i, method := range []string{"get", "post"} {
		f := engine.Effect{Kind: "http.listen", Request: uint64(i + 1), Body: value.Obj("method", method, "path", "/hi")}
		if err := p.Perform(f, func(v value.Value, _ bool) {
			o := v.Object()
			req := o.Get("req").Object()
			text := value.ToString(req.Get("baseUrl")) + "|" + value.ToString(req.Get("url")) + "|" + value.ToString(req.Get("originalUrl")) + "|" + value.ToString(req.Get("path"))
			if err := o.Get("error").Error(); err != nil {
				text = err.Message
			}
			answer := value.Obj("id", o.Get("id"), "status", 200, "headers", value.Arr(value.Str("Content-Type"), value.Str("text/x")), "body", text)
			_ = p.Perform(engine.Effect{Kind: "http.respond", Body: answer}, nil)
		}); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// get gives status, body and headers; headers are pairs of name and value.
func get(t *testing.T, p *HTTP, method, path string, headers ...string) (int, string, http.Header) {
	t.Helper()
	r, err := http.NewRequest(method, p.URL()+path, strings.NewReader(strings.Repeat("x", 20*strings.Count(method, "POST"))))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	c := &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer c.CloseIdleConnections()
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b), res.Header
}

// TestHTTPRoot: routes lie under the root; mounts and exact paths come first.
func TestHTTPRoot(t *testing.T) {
	p := server(t, HTTPOptions{Root: "/api/", MaxBody: 10})
	if s, b, _ := get(t, p, "GET", "/api/hi?a=1"); s != 200 || b != "/api|/hi?a=1|/api/hi?a=1|/hi" {
		t.Error(s, b)
	}
	if s, _, _ := get(t, p, "GET", "/hi"); s != 404 {
		t.Error(s)
	}
	if _, b, _ := get(t, p, "POST", "/api/hi"); b != "request entity too large" {
		t.Error(b)
	}
	say := func(text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
	}
	p.Mount("/admin", say("admin"))
	p.Mount("/admin/deep", say("deep"))
	remove, err := p.Route("/hi", say("route"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Route("hi", say("")); err == nil {
		t.Error("a path was given away twice")
	}
	for path, want := range map[string]string{"/admin": "admin", "/admin/x": "admin", "/admin/deep/x": "deep", "/api/hi": "route"} {
		if _, b, _ := get(t, p, "GET", path, "Connection", "Upgrade", "Upgrade", "own"); b != want {
			t.Error(path, b)
		}
	}
	if _, b, _ := get(t, p, "GET", "/api/hi"); b == "route" {
		t.Error("a request that upgrades nothing went to the exact path")
	}
	if s, _, _ := get(t, p, "GET", "/administrator"); s != 404 {
		t.Error(s)
	}
	remove()
	if _, b, _ := get(t, p, "GET", "/api/hi", "Connection", "Upgrade", "Upgrade", "own"); b == "route" {
		t.Error("it is still there")
	}
}

// some takes only the path /mine.
type some struct{ http.Handler }

func (some) Takes(r *http.Request) bool { return r.URL.Path == "/mine" }

// TestHTTPTaker: a handler at / leaves to flows what it does not take.
func TestHTTPTaker(t *testing.T) {
	p := server(t, HTTPOptions{})
	p.Mount("/", some{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "mine") })})
	for path, want := range map[string]string{"/mine": "mine", "/hi": "|/hi|/hi|/hi"} {
		if _, b, _ := get(t, p, "GET", path); b != want {
			t.Error(path, b)
		}
	}
}

// TestHTTPAuth: who has the password gets in; preflights need none.
func TestHTTPAuth(t *testing.T) {
	hash, err := bcrypt.GenerateFromPassword([]byte("pw"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte("file"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := server(t, HTTPOptions{Root: "/n", NodeAuth: &BasicAuth{"me", string(hash)}, StaticAuth: &BasicAuth{"me", "8fe4c11451281c094a6578e6ddbf5eed"}, Static: []Static{{Dir: dir}}})
	auth := func(r string) []string { return []string{"Authorization", "Basic " + r} }
	if s, b, h := get(t, p, "GET", "/n/hi"); s != 401 || b != "Unauthorized" || h.Get("WWW-Authenticate") != `Basic realm="Authorization Required"` {
		t.Error(s, b, h)
	}
	for range 2 {
		if s, _, _ := get(t, p, "GET", "/n/hi", auth("bWU6cHc=")...); s != 200 {
			t.Error(s)
		}
	}
	if s, _, _ := get(t, p, "GET", "/n/hi", auth("bWU6bm8=")...); s != 401 {
		t.Error(s)
	}
	if s, _, _ := get(t, p, "OPTIONS", "/n/hi"); s != 200 {
		t.Error(s)
	}
	if s, _, _ := get(t, p, "GET", "/a.txt"); s != 401 {
		t.Error(s)
	}
	if s, b, _ := get(t, p, "GET", "/a.txt", auth("bWU6cHc=")...); s != 200 || b != "file" {
		t.Error(s, b)
	}
}

// TestHTTPStatic: files, folders, validators, ranges, and no way out.
func TestHTTPStatic(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "www")
	for name, text := range map[string]string{"secret": "secret", "www/index.html": "<i>", "www/sub/index.html": "sub", "www/a b.json": "{}", "www/.hidden": "h", "www/hi": "file"} {
		file := filepath.Join(top, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../secret", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	p := server(t, HTTPOptions{Static: []Static{{Dir: dir}, {Dir: dir, Prefix: "/s/"}}})
	for path, want := range map[string]string{"/": "<i>", "/sub/": "sub", "/a%20b.json": "{}", "/s/sub/": "sub", "/hi": "|/hi|/hi|/hi"} {
		if s, b, _ := get(t, p, "GET", path); s != 200 || b != want {
			t.Error(path, s, b)
		}
	}
	for _, path := range []string{"/.hidden", "/link", "/%2e%2e/secret", "/sub/..%2f..%2fsecret", "/nope", "/a%20b.json/", "/x%00"} {
		if s, _, _ := get(t, p, "GET", path); s != 404 {
			t.Error(path, s)
		}
	}
	if s, _, h := get(t, p, "GET", "/sub?q=1"); s != 301 || h.Get("Location") != "/sub/?q=1" {
		t.Error(s, h)
	}
	_, _, h := get(t, p, "GET", "/a%20b.json")
	if h.Get("Content-Type") != "application/json; charset=UTF-8" || h.Get("Cache-Control") != "public, max-age=0" || !strings.HasPrefix(h.Get("ETag"), `W/"2-`) {
		t.Error(h)
	}
	if s, _, _ := get(t, p, "GET", "/a%20b.json", "If-None-Match", h.Get("ETag")); s != 304 {
		t.Error(s)
	}
	if s, _, _ := get(t, p, "GET", "/a%20b.json", "If-Modified-Since", h.Get("Last-Modified")); s != 304 {
		t.Error(s)
	}
	if s, b, _ := get(t, p, "GET", "/index.html", "Range", "bytes=1-1"); s != 206 || b != "i" {
		t.Error(s, b)
	}
	if s, _, _ := get(t, p, "POST", "/index.html"); s != 404 {
		t.Error(s)
	}
}

// TestHTTPCORS: the forms of the setting.
func TestHTTPCORS(t *testing.T) {
	for _, c := range []struct{ setting, origin, allow, vary string }{
		{`{}`, "http://a", "*", ""},
		{`{"origin":"*"}`, "http://a", "*", ""},
		{`{"origin":"http://b"}`, "http://a", "http://b", "Origin"},
		{`{"origin":true}`, "http://a", "http://a", "Origin"},
		{`{"origin":["http://a","http://b"]}`, "http://b", "http://b", "Origin"},
		{`{"origin":["http://a"]}`, "http://c", "", "Origin"},
	} {
		v, err := value.ParseJSON(c.setting)
		if err != nil {
			t.Fatal(err)
		}
		p := server(t, HTTPOptions{CORS: CORSFrom(v)})
		_, b, h := get(t, p, "GET", "/hi", "Origin", c.origin)
		if h.Get("Access-Control-Allow-Origin") != c.allow || h.Get("Vary") != c.vary || b == "" {
			t.Errorf("%s: %v", c.setting, h)
		}
	}
	v, err := value.ParseJSON(`{"origin":"*","methods":["GET","PUT"],"credentials":true,"maxAge":5,"exposedHeaders":"X-E"}`)
	if err != nil {
		t.Fatal(err)
	}
	p := server(t, HTTPOptions{CORS: CORSFrom(v)})
	s, _, h := get(t, p, "OPTIONS", "/anything", "Origin", "http://a", "Access-Control-Request-Headers", "x-a,x-b")
	want := map[string]string{"Access-Control-Allow-Methods": "GET,PUT", "Access-Control-Allow-Headers": "x-a,x-b", "Access-Control-Max-Age": "5",
		"Access-Control-Allow-Credentials": "true", "Access-Control-Expose-Headers": "X-E", "Content-Length": "", "Vary": "Access-Control-Request-Headers"}
	for name, text := range want {
		if h.Get(name) != text {
			t.Errorf("%s: %q", name, h.Get(name))
		}
	}
	if s != 204 {
		t.Error(s)
	}
}
