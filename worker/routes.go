package worker

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/engine/live/energyweb"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// open adds the routes that tell nothing that is not for everyone. The reference has all its routes
// at the port of flows' endpoints, too; here these only.
func (w *Worker) open(m *http.ServeMux) {
	m.HandleFunc("GET /queue-info", func(rw http.ResponseWriter, _ *http.Request) {
		pending, running := w.queue.Info()
		answer(rw, http.StatusOK, map[string]any{"pendingTasks": pending, "isIdle": pending+running == 0, "runningTasks": running})
	})
	m.HandleFunc("GET /status", func(rw http.ResponseWriter, _ *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		answer(rw, http.StatusOK, map[string]any{"status": w.status})
	})
	if w.c.HealthAPI {
		m.HandleFunc("GET /health/liveness", func(rw http.ResponseWriter, _ *http.Request) {
			answer(rw, http.StatusOK, map[string]any{"status": "OK", "name": "LIVE"})
		})
		m.HandleFunc("GET /health/readiness", w.getReadiness)
	}
}

// flowRoutes are those at the port of flows' endpoints.
func (w *Worker) flowRoutes() http.Handler {
	m := http.NewServeMux()
	w.open(m)
	return loose(m, http.HandlerFunc(w.flows))
}

// loose finds routes as the reference's framework does: the case of letters and a slash at
// the end do not matter. What the mux has not, or not by that method, goes to other.
func loose(m *http.ServeMux, other http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		at := strings.ToLower(r.URL.Path)
		if len(at) > 1 {
			at = strings.TrimSuffix(at, "/")
		}
		again := *r
		again.URL = &url.URL{Path: at, RawQuery: r.URL.RawQuery}
		if _, pattern := m.Handler(&again); pattern == "" || path.Clean(at) != at {
			other.ServeHTTP(rw, r)
			return
		}
		m.ServeHTTP(rw, &again)
	})
}

// missing is the page for what is not there.
func missing(rw http.ResponseWriter, r *http.Request) {
	h := rw.Header()
	h.Set("Content-Security-Policy", "default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", "text/html; charset=utf-8")
	rw.WriteHeader(http.StatusNotFound)
	_, _ = fmt.Fprintf(rw, "<!DOCTYPE html>\n<title>Error</title>\n<pre>Cannot %s %s</pre>\n", html.EscapeString(r.Method), html.EscapeString(r.URL.EscapedPath())) // who went away cannot be told
}

// voteBody is what POST /sse takes.
type voteBody struct {
	tab, solution string
	vote          energyweb.Vote
}

// readVote reads the body of a vote; status is that of the answer if there is an error.
func readVote(rw http.ResponseWriter, r *http.Request) (b voteBody, status int, err error) {
	text, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxRequest))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return b, http.StatusRequestEntityTooLarge, errors.New("the body is too large")
	case err != nil:
		return b, http.StatusBadRequest, errors.New("the body cannot be read")
	}
	v := value.Of(value.NewObject())
	if len(text) > 0 {
		if v, err = value.ParseJSON(value.Text(text)); err != nil || v.TypeOf() != "object" || v.IsNull() {
			return b, http.StatusBadRequest, errors.New("the body is no JSON object")
		}
	}
	return b, http.StatusInternalServerError, b.take(v.Object())
}

// take reads the members of a body.
func (b *voteBody) take(o *value.Object) error {
	if o == nil || !o.Get("id").IsString() || !o.Get("root").IsString() || !o.Get("noderedId").IsString() && !o.Get("solutionId").IsString() {
		return errors.New("id, root and noderedId are needed, as texts")
	}
	hashed := o.Get("hashVote")
	if !hashed.IsUndefined() && hashed.TypeOf() != "boolean" {
		return errors.New("hashVote has to be true or false")
	}
	b.tab, b.solution = o.Get("noderedId").Str(), o.Get("solutionId").Str()
	b.vote = energyweb.Vote{Round: o.Get("id").Str(), Text: o.Get("root").Str(), Hashed: hashed.IsUndefined() || hashed.Bool()}
	if !b.vote.Hashed && len(b.vote.Text) > consensus.MaxPlainVote {
		return fmt.Errorf("a vote that is not hashed is too long: it may have %d bytes", consensus.MaxPlainVote)
	}
	return nil
}
