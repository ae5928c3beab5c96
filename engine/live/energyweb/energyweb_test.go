package energyweb

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// ask performs an effect and gives its answer.
func ask(t *testing.T, p *Performer, kind string, body value.Value) *value.Object {
	t.Helper()
	out := make(chan value.Value, 1)
	if err := p.Perform(engine.Effect{Kind: kind, Request: 1, Body: body}, func(v value.Value, _ bool) { out <- v }); err != nil {
		t.Fatal(err)
	}
	select {
	case v := <-out:
		return v.Object()
	case <-time.After(10 * time.Second):
		t.Fatal("there is no answer")
		return nil
	}
}

// TestRemote: without a worker in the process, the nodes reach one through its API as those
// of the reference do.
func TestRemote(t *testing.T) {
	var got string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/sse/1":
			b, _ := io.ReadAll(r.Body)
			got = r.UserAgent() + " " + string(b)
			w.WriteHeader(http.StatusNoContent)
		case "/token":
			_, _ = w.Write([]byte(`{"token":"tok"}`))
		case "/endless":
			for {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		default:
			_, _ = w.Write([]byte(r.Method + " " + r.Header.Get("Authorization")))
		}
	}))
	defer s.Close()
	p := New(Options{Host: Remote{URL: s.URL, Client: s.Client()}, MaxBody: 1 << 18})
	if o := ask(t, p, "energyweb.vote", value.Obj("round", "r", "vote", "a", "hashed", true, "tab", "t")); o.Has("error") || got != `ewx-marketplace {"hashVote":true,"id":"r","noderedId":"t","root":"a"}` {
		t.Error(got, o.Keys())
	}
	fetch := func(path string, token bool) *value.Object {
		return ask(t, p, "energyweb.fetch", value.Obj("method", "GET", "url", s.URL+path, "token", token))
	}
	if o := fetch("/x", true); o.Get("text").Str() != "GET Bearer tok" || o.Get("status").Num() != 200 {
		t.Error(o.Get("text").Str())
	}
	if o := fetch("/x", false); o.Get("text").Str() != "GET " {
		t.Error(o.Get("text").Str())
	}
	if o := fetch("/endless", false); !o.Has("error") {
		t.Error("an endless answer was taken")
	}
	p.o.TokenHosts = func(string) bool { return false }
	if o := fetch("/x", true); o.Get("text").Str() != "GET " {
		t.Error("the token went to a host that is not named")
	}
	if o := ask(t, p, "energyweb.fetch", value.Obj("method", "GET", "url", "http://127.0.0.1:1/?key=hidden", "token", false)); strings.Contains(value.ToString(o.Get("error")), "hidden") {
		t.Error("the URL is in the error")
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if o := ask(t, p, "energyweb.fetch", value.Obj("method", "GET", "url", s.URL, "token", false)); !o.Has("error") {
		t.Error("a closed performer worked")
	}
}

// TestHostile: a service that does not end, or does not answer, costs bounded memory and can be
// left.
func TestHostile(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/endless":
			for {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		case "/hang":
			<-r.Context().Done()
		case "/long":
			w.Header().Set("Content-Length", "99999999999999")
		default:
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		}
	}))
	defer s.Close()
	p := New(Options{MaxBody: 1 << 20, MaxRequests: 2})
	get := func(path string) value.Value { return value.Obj("method", "GET", "url", s.URL+path) }
	for path, want := range map[string]string{"/endless": "more than 1048576 bytes", "/long": "fetch failed", "/round": "fetch failed"} {
		if e := ask(t, p, "energyweb.fetch", get(path)).Get("error").Error(); e == nil || !strings.Contains(e.Message, want) {
			t.Errorf("%s: %v", path, e)
		}
	}
	out := make(chan value.Value, 3)
	for i := range uint64(3) { // one more than may be under way
		if err := p.Perform(engine.Effect{Kind: "energyweb.fetch", Request: i + 1, Body: get("/hang")}, func(v value.Value, _ bool) { out <- v }); err != nil {
			t.Fatal(err)
		}
	}
	if e := (<-out).Object().Get("error").Error(); e == nil || !strings.Contains(e.Message, "too many") {
		t.Error(e)
	}
	p.Cancel(1)
	if e := (<-out).Object().Get("error").Error(); e == nil || !strings.Contains(e.Message, "fetch failed") {
		t.Error(e)
	}
	if err := p.Close(); err != nil { // ends the other
		t.Error(err)
	}
	if (<-out).Object().Get("error").Error() == nil {
		t.Error("it was answered")
	}
}
