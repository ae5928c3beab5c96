package worker

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// api are the worker's servers: the API, the admin API, the endpoints of flows.
type api struct {
	servers []*http.Server
	at      []string
}

// maxRequest bounds the body of a request, as the reference's framework does.
const maxRequest = 100 << 10

// serve opens the servers. The address of the API is one that flows may reach.
func (w *Worker) serve() (*api, error) {
	a := &api{}
	for _, s := range []struct {
		host string
		port int
		h    http.Handler
	}{{w.c.APIHost, w.c.APIPort, w.routes()}, {w.c.AdminHost, w.c.AdminPort, w.adminRoutes()}, {w.c.Host, w.c.Port, w.flowRoutes()}} {
		l, err := net.Listen("tcp", net.JoinHostPort(s.host, strconv.Itoa(s.port)))
		if err != nil {
			return nil, errors.Join(err, a.close())
		}
		server := &http.Server{Handler: s.h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second, IdleTimeout: 60 * time.Second}
		a.servers = append(a.servers, server)
		a.at = append(a.at, "http://"+l.Addr().String())
		go func() { _ = server.Serve(l) }() // ends with close
	}
	_, port, _ := net.SplitHostPort(a.at[0][len("http://"):]) // of our own listener
	w.policy.own = []string{"localhost:" + port, "127.0.0.1:" + port}
	return a, nil
}

func (a *api) addresses() (string, string, string) { return a.at[0], a.at[1], a.at[2] }

func (a *api) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var errs []error
	for _, s := range a.servers {
		if err := s.Shutdown(ctx); err != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}

func answer(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b) // who went away cannot be told
}

func (w *Worker) routes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("POST /sse/{id}", w.postVote)
	m.HandleFunc("GET /sse/{id}", w.getVote)
	w.open(m)
	m.HandleFunc("GET /token", func(rw http.ResponseWriter, _ *http.Request) {
		var token any
		if t := w.auth.current(); t != "" {
			token = t
		}
		answer(rw, http.StatusOK, map[string]any{"token": token})
	})
	m.HandleFunc("GET /config", w.getConfig)
	if w.c.HealthAPI {
		m.HandleFunc("GET /health/status", w.getStatus)
	}
	return local(w.c.APIHost, loose(m, http.HandlerFunc(w.flows)))
}

// local refuses requests that a web page made: those of another site have an Origin, and those of a
// page whose name leads here have that name, if the server at host is for this machine only.
func local(host string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.Host
		if s, _, err := net.SplitHostPort(r.Host); err == nil {
			name = s
		}
		if r.Header.Get("Origin") != "" || loopback(host) && !loopback(strings.Trim(name, "[]")) {
			answer(w, http.StatusForbidden, map[string]any{"message": "not for web pages"})
			return
		}
		h.ServeHTTP(w, r)
	})
}

// find gives the solution of a tab, or of a solution's id, which wins.
func (w *Worker) find(tab, solution string) *installed {
	w.mu.Lock()
	defer w.mu.Unlock()
	if solution != "" {
		return w.running[solution]
	}
	for _, in := range w.running {
		if in.tab == tab {
			return in
		}
	}
	return nil
}

func (w *Worker) postVote(rw http.ResponseWriter, r *http.Request) {
	b, status, err := readVote(rw, r)
	if err != nil {
		answer(rw, status, map[string]any{"message": err.Error()})
		return
	}
	in := w.find(b.tab, b.solution)
	if in == nil {
		w.warn("a vote for a flow that does not run was dropped")
	} else if err := w.vote(in, b.vote, r.URL.Query().Get("voteIdentifier")); err != nil {
		w.o.Log("error", "vote of "+in.ID+" in round "+b.vote.Round+": "+err.Error())
	}
	rw.WriteHeader(http.StatusNoContent)
}

func (w *Worker) getVote(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	id, ok := w.voteIDs[r.URL.Query().Get("voteIdentifier")]
	w.mu.Unlock()
	e, known := w.store.Get(id.key)
	gone := e.State == consensus.Refused || e.State == consensus.Expired // its transaction is none
	if !ok || !known || gone || e.Extrinsic == "" || w.o.Clock().After(id.until) {
		answer(rw, http.StatusOK, map[string]any{"hash": nil})
		return
	}
	answer(rw, http.StatusOK, map[string]any{"hash": map[string]any{"createdAt": e.Created, "transactionHash": e.Extrinsic}})
}

func (w *Worker) getConfig(rw http.ResponseWriter, r *http.Request) {
	var details any
	if in := w.find(r.URL.Query().Get("nodeRedId"), ""); in != nil {
		details = map[string]any{"solutionNamespace": in.ID, "solutionGroupId": in.Group}
	}
	urls := json.RawMessage("null")
	if o := w.urls.recent(r.Context()); o != nil {
		urls = value.AppendJSON(nil, value.Of(o))
	}
	answer(rw, http.StatusOK, map[string]any{"rpcUrl": w.urls.rpc(), "workerAddress": w.o.Address, "appVersion": map[string]any{"version": w.o.Version, "gitSha": w.o.Version},
		"solutionDetails": details, "baseUrlsSource": w.c.BaseURLs, "baseUrls": urls})
}

func (w *Worker) names() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]string, 0, len(w.running))
	for id := range w.running {
		out = append(out, id)
	}
	sort.Strings(out)
	return out
}

func (w *Worker) getReadiness(rw http.ResponseWriter, _ *http.Request) {
	names := w.names()
	answer(rw, http.StatusOK, []any{map[string]any{"status": "OK", "name": "NODE_RED", "additionalDetails": map[string]any{"installedSolutions": names, "installedSolutionsCount": len(names)}}})
}

func (w *Worker) getStatus(rw http.ResponseWriter, _ *http.Request) {
	w.mu.Lock()
	var operator any
	if w.operator != "" {
		subs, groups := []string{}, []any{}
		for _, g := range w.groups {
			subs = append(subs, g.ID)
			solutions := []any{}
			for _, s := range g.solutions {
				_, runs := w.running[s.ID]
				solutions = append(solutions, map[string]any{"id": s.ID, "name": s.Name, "status": s.Status, "installed": runs})
			}
			o := map[string]any{"id": g.ID, "name": g.Name, "solutions": solutions}
			if g.CIDAllowList != nil {
				o["hasCidAllowList"] = *g.CIDAllowList
			}
			groups = append(groups, o)
		}
		operator = map[string]any{"address": w.operator, "subscriptions": subs, "solutionGroups": groups}
	}
	w.mu.Unlock()
	answer(rw, http.StatusOK, map[string]any{"timestamp": value.ISO(float64(w.o.Clock().UnixMilli())), "rpcUrl": w.urls.rpc(), "workerAddress": w.o.Address, "operator": operator})
}

func (w *Worker) adminRoutes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("POST /stop", func(rw http.ResponseWriter, r *http.Request) {
		if w.c.AdminKey != "" && subtle.ConstantTimeCompare([]byte(r.Header.Get("x-api-key")), []byte(w.c.AdminKey)) != 1 {
			answer(rw, http.StatusUnauthorized, map[string]any{"success": false, "message": "Unauthorized"})
			return
		}
		answer(rw, http.StatusOK, map[string]any{"success": true, "message": "Stopping"})
		w.stop()
	})
	return local(w.c.AdminHost, loose(m, http.HandlerFunc(missing)))
}

// flows hands a request to the first solution that has an endpoint for it.
func (w *Worker) flows(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, 5<<20))
	if err != nil {
		http.Error(rw, "request entity too large", http.StatusRequestEntityTooLarge)
		return
	}
	for _, id := range w.names() {
		in := w.find("", id)
		if in == nil {
			continue
		}
		try := &attempt{ResponseWriter: rw, header: http.Header{}}
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		in.http.ServeHTTP(try, again)
		if !try.missing {
			return
		}
	}
	missing(rw, r)
}

// attempt passes an answer on unless it is that there is no such endpoint.
type attempt struct {
	http.ResponseWriter
	header  http.Header
	began   bool
	missing bool
}

// Header are the headers of the answer, which count once it begins.
func (a *attempt) Header() http.Header { return a.header }

// WriteHeader begins the answer. The server's own page for a path that nobody serves has
// a policy for its content, which answers of flows have only if they set it.
func (a *attempt) WriteHeader(status int) {
	if a.began {
		return
	}
	a.began = true
	if status == http.StatusNotFound && a.header.Get("Content-Security-Policy") == "default-src 'none'" {
		a.missing = true
		return
	}
	for k, v := range a.header {
		a.ResponseWriter.Header()[k] = v
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write writes the answer.
func (a *attempt) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.missing {
		return len(b), nil
	}
	return a.ResponseWriter.Write(b)
}
