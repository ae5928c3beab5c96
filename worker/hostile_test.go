package worker

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/content"
)

// hang answers nothing until who asked goes away.
func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // or the server does not see them go
	<-r.Context().Done()
}

// endless answers without an end.
func endless(w http.ResponseWriter, _ *http.Request) {
	for part := []byte(strings.Repeat(" ", 1<<16)); ; {
		if _, err := w.Write(part); err != nil {
			return
		}
	}
}

func says(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text))
	}
}

// at has a story's services answer so at paths that begin so.
func (s *story) at(path string, h http.HandlerFunc) {
	s.serve = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, path) {
			return false
		}
		h(w, r)
		return true
	}
}

// TestServicesHang: services that do not answer hold up no solution, no vote, no stop.
func TestServicesHang(t *testing.T) {
	for _, path := range []string{"/api/auth/login", "/api/v1/workers"} {
		s := newStory(t)
		s.at(path, hang)
		_, stop := s.installed()
		stop()
	}
}

// TestBaseURLsHang: who asks the API is answered though the base URLs are not.
func TestBaseURLsHang(t *testing.T) {
	s := newStory(t)
	asked := make(chan struct{}, 100)
	hangs := make(chan struct{})
	s.serve = func(w http.ResponseWriter, r *http.Request) bool {
		select {
		case <-hangs:
		default:
			return false
		}
		if r.URL.Path != "/base_urls.json" {
			return false
		}
		asked <- struct{}{}
		hang(w, r)
		return true
	}
	w, stop := s.installed()
	defer stop()
	close(hangs)
	w.urls.mu.Lock()
	w.urls.until = time.Time{}
	w.urls.mu.Unlock()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { _, err := w.urls.get(ctx); done <- err }()
	<-asked
	api, _, _ := w.Addresses()
	if code, body := get(t, "GET", api+"/health/status", ""); code != 200 || !strings.Contains(body, `"rpcUrl":"wss://rpc"`) {
		t.Error(code, body)
	}
	short, end := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer end()
	if urls := w.urls.recent(short); urls == nil || urls.Get("rpc_url").Str() != "wss://rpc" {
		t.Error("the addresses of before are gone")
	}
	cancel()
	if err := <-done; err == nil {
		t.Error("it was answered")
	}
}

// TestServicesRubbish: whatever services answer, it is a warning, once, and the worker votes.
func TestServicesRubbish(t *testing.T) {
	token := func(claims string) http.HandlerFunc {
		return says(200, `{"accessToken":"h.`+base64.RawURLEncoding.EncodeToString([]byte(claims))+`.s"}`)
	}
	around := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }
	const login, registry = "/api/auth/login", "/api/v1/workers"
	for i, c := range []struct {
		path string
		h    http.HandlerFunc
		want string // of the warning; "" is none
	}{
		{login, says(200, ""), "registration: login: it does not answer with JSON"},
		{login, says(200, "{"), "does not answer with JSON"},
		{login, says(200, "[]"), "does not answer with JSON"},
		{login, says(200, `{"accessToken":5}`), "does not answer with JSON"},
		{login, says(200, `{}`), "the answer has no token"},
		{login, says(500, `<html>`), "it answers 500"},
		{login, endless, "more than 1048576 bytes"},
		{login, around, "redirects"},
		{login, says(200, `{"accessToken":"two\nlines"}`), "header"},
		{login, token(`{"exp":1e300}`), "registry"}, // then the services know another token
		{login, token(`{"exp":-1}`), "registry"},
		{login, token(`{"exp":"x"}`), "registry"},
		{registry, says(200, "rubbish"), "registry: it does not answer with JSON"},
		{registry, says(404, "rubbish"), "registry: it answers 404"},
		{registry, says(200, `{"rewardIndex":"7"}`), "registry: it does not answer with JSON"},
		{registry, says(200, `{"rewardIndex":7}`), ""},
		{registry, says(404, `{"error":{"name":"WorkerNotFoundException"}}`), "registry: it answers 404"}, // also the POST
		{registry, endless, "more than 1048576 bytes"},
	} {
		s := newStory(t)
		s.at(c.path, c.h)
		_, stop := s.installed()
		warned := func() (n int, text string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, l := range s.log {
				if strings.HasPrefix(l, "warn registration: ") {
					n, text = n+1, l
				}
			}
			return n, text
		}
		if c.want != "" {
			s.until(fmt.Sprint("the warning of case ", i), func() bool { _, text := warned(); return strings.Contains(text, c.want) })
		}
		stop()
		if n, text := warned(); n > 1 || (n == 1) != (c.want != "") {
			t.Errorf("case %d: %d warnings: %s", i, n, text)
		}
	}
}

// TestBaseURLsRubbish: the start waits until the base URLs can be used.
func TestBaseURLsRubbish(t *testing.T) {
	for want, h := range map[string]http.HandlerFunc{
		"no JSON object": says(200, "[1"), "more than 1048576 bytes": endless, "answers 503": says(503, "{}"), "have no rpc_url": says(200, `{"base_indexer_url":"x"}`),
	} {
		s := newStory(t)
		s.env = map[string]string{"RETRY_WORKER_CHECKS": ""}
		s.at("/base_urls.json", h)
		w := s.worker()
		if err := w.Run(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want …%s…", err, want)
		}
	}
}

// TestGateways: content that does not come, does not end or is something else is no solution, in
// bounded memory, and the next pass may find it.
func TestGateways(t *testing.T) {
	drip := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			_, _ = w.Write([]byte(" "))
			w.(http.Flusher).Flush()
			time.Sleep(5 * time.Millisecond)
		}
	}
	for name, h := range map[string]http.HandlerFunc{"endless": endless, "drips": drip, "hangs": hang, "other": says(200, `{"label":"x","nodes":[]}`), "error": says(500, "")} {
		s := newStory(t)
		var well atomic.Bool
		s.serve = func(w http.ResponseWriter, r *http.Request) bool {
			bad := strings.HasPrefix(r.URL.Path, "/ipfs/") && !well.Load()
			if bad {
				h(w, r)
			}
			return bad
		}
		s.chain.solutions = []Solution{{ID: "sol", Group: "grp", Status: "Active", WorkLogic: s.publish(fmt.Sprintf(flowText, "r1", "one")), JSON: "{}"}}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, stop := s.run()
		if name != "hangs" && name != "drips" {
			s.until(name, func() bool {
				s.mu.Lock()
				defer s.mu.Unlock()
				return strings.Contains(strings.Join(s.log, "\n"), "error solution sol: ")
			})
		}
		runtime.GC()
		if runtime.ReadMemStats(&after); after.HeapAlloc > before.HeapAlloc+200<<20 {
			t.Errorf("%s: %d MB more", name, (after.HeapAlloc-before.HeapAlloc)>>20)
		}
		if name == "error" {
			well.Store(true)
			s.until("the vote", s.has("r1"))
		}
		stop() // also while a gateway hangs
	}
}

// TestMissingContent: content that a gateway looks for without an end holds up no other solution.
func TestMissingContent(t *testing.T) {
	s := newStory(t)
	lost := content.CID([]byte("lost"), content.Kubo).String()
	s.at("/ipfs/"+lost, hang)
	s.chain.solutions = []Solution{{ID: "a", Group: "grp", Status: "Active", WorkLogic: lost, JSON: "{}"},
		{ID: "sol", Group: "grp", Status: "Active", WorkLogic: s.publish(fmt.Sprintf(flowText, "r1", "one")), JSON: "{}"}}
	w, stop := s.run()
	s.until("the vote", s.has("r1"))
	for _, server := range w.api.servers { // those who send slowly are left
		if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 {
			t.Error("the worker's server waits for ever")
		}
	}
	stop()
}

// TestOtherChain: the folder of one chain is not used on another.
func TestOtherChain(t *testing.T) {
	s := newStory(t)
	s.env = map[string]string{"SHUTDOWN_TIMEOUT_MS": "50"}
	s.chain.set(func() { s.chain.broken = true })
	s.chain.solutions = []Solution{{ID: "sol", Group: "grp", Status: "Active", WorkLogic: s.publish(fmt.Sprintf(flowText, "r1", "one")), JSON: "{}"}}
	w, stop := s.run()
	s.until("the vote on disk", func() bool { _, ok := w.store.Get(consensus.Key{Solution: "sol", Round: "r1"}); return ok })
	stop()
	s.chain.broken, s.chain.genesis = false, "0x01"
	if err := s.worker().Run(t.Context()); !errors.Is(err, errOtherChain) {
		t.Error(err)
	}
	if s.has("r1")() {
		t.Error("a vote went to another chain")
	}
	s.chain.genesis = ""
	_, stop = s.run()
	s.until("the vote", s.has("r1"))
	stop()
}
