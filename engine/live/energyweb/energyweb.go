// Package energyweb performs the effects of the nodes of Energy Web X.
package energyweb

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Vote is what a flow votes, and the effect it was put out as.
type Vote struct {
	Round, Text, Tab string
	Hashed           bool
	// Effect is the number of the effect in the run, Node the node it comes from, Body
	// a copy of its body.
	Effect uint64
	Node   string
	Body   value.Value
	// Mark is what Options.Mark gave while the effect was put out, Unmarked why it gave "".
	Mark, Unmarked string
}

// ErrRefused says that a vote can never be made: it is no vote, or there is another one for the
// round.
var ErrRefused = errors.New("the vote is refused")

// Host is the worker that a flow runs in.
type Host interface {
	// Vote takes a vote; it returns when it is safe. Its error is ErrRefused if it is of no use
	// to try again.
	Vote(ctx context.Context, v Vote) error
	// Token is what authorizes the worker, "" if it has none.
	Token(ctx context.Context) (string, error)
}

// Options configure a performer.
type Options struct {
	// Host is the worker; nil is one that listens at http://localhost:3002.
	Host Host
	// Client carries out requests; nil is one without cookies.
	Client *http.Client
	// MaxBody bounds an answer in bytes; 0 is 16 MiB. MaxRequests bounds those under way; 0
	// is 256.
	MaxBody     int64
	MaxRequests int
	// Mark is asked on the goroutine of the run for each vote: the digest of its journal, or
	// why there is none.
	Mark func() (digest, why string)
	// TokenHosts says for which hosts the token may go out; nil is all, as in the reference.
	TokenHosts func(host string) bool
}

// Performer performs
//
//	energyweb.vote  {round, vote, hashed, tab} → {} or {error}, with code ERR_VOTE_REFUSED if it can never be made
//	energyweb.fetch {method, url, json, token: bool} → {status, text} or {error}
type Performer struct {
	o        Options
	requests live.Requests
}

const requestTime = 60 * time.Second

// New makes a performer.
func New(o Options) *Performer {
	if o.Client == nil {
		o.Client = &http.Client{}
	}
	if o.Host == nil {
		o.Host = Remote{URL: "http://localhost:3002", Client: o.Client}
	}
	if o.MaxBody == 0 {
		o.MaxBody = 16 << 20
	}
	if o.MaxRequests == 0 {
		o.MaxRequests = 256
	}
	return &Performer{o: o, requests: live.Requests{Always: true}}
}

// Kinds are energyweb.vote and energyweb.fetch.
func (p *Performer) Kinds() []string { return []string{"energyweb.vote", "energyweb.fetch"} }

// Perform starts a request.
func (p *Performer) Perform(f engine.Effect, reply func(value.Value, bool)) error {
	var work func(context.Context) value.Value
	if f.Kind == "energyweb.vote" {
		work = p.vote(f)
	} else {
		body := value.Clone(f.Body).Object()
		work = func(ctx context.Context) value.Value { return p.fetch(ctx, body) }
	}
	p.requests.Start(f.Request, p.o.MaxRequests, func(ctx context.Context) value.Value {
		ctx, cancel := context.WithTimeout(ctx, requestTime)
		defer cancel()
		return work(ctx)
	}, reply)
	return nil
}

func (p *Performer) vote(f engine.Effect) func(context.Context) value.Value {
	o := f.Body.Object()
	v := Vote{Round: o.Get("round").Str(), Text: o.Get("vote").Str(), Tab: o.Get("tab").Str(), Hashed: o.Get("hashed").Bool(),
		Effect: f.Seq, Node: f.Node, Body: value.Clone(f.Body)}
	if p.o.Mark != nil {
		v.Mark, v.Unmarked = p.o.Mark()
	}
	return func(ctx context.Context) value.Value {
		switch err := p.o.Host.Vote(ctx, v); {
		case errors.Is(err, ErrRefused):
			return live.Failure("ERR_VOTE_REFUSED", err.Error())
		case err != nil:
			return live.Failure("", err.Error())
		}
		return value.Of(value.NewObject())
	}
}

func (p *Performer) fetch(ctx context.Context, o *value.Object) value.Value {
	var body io.Reader
	if j := o.Get("json"); !j.IsUndefined() {
		body = bytes.NewReader(value.AppendJSON(nil, j))
	}
	req, err := http.NewRequestWithContext(ctx, o.Get("method").Str(), o.Get("url").Str(), body)
	if err != nil {
		return live.Failure("ERR_INVALID_URL", "Invalid URL")
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if o.Get("token").Bool() && (p.o.TokenHosts == nil || p.o.TokenHosts(req.URL.Hostname())) {
		// Without a token the request goes out too, as in the reference.
		if token, err := p.o.Host.Token(ctx); err == nil && token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
	}
	res, err := p.o.Client.Do(req)
	if err != nil {
		return live.Failure("", "fetch failed: "+plain(err))
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(io.LimitReader(res.Body, p.o.MaxBody+1))
	if err != nil {
		return live.Failure("", "fetch failed: "+plain(err))
	}
	if int64(len(text)) > p.o.MaxBody {
		return live.Failure("", fmt.Sprintf("the answer has more than %d bytes", p.o.MaxBody))
	}
	return value.Obj("status", float64(res.StatusCode), "text", value.Text(text))
}

// plain is the cause of an error of a request, without its URL, which may hold secrets.
func plain(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil || !strings.Contains(err.Error(), "://") {
			return err.Error()
		}
		err = inner
	}
}

// Cancel ends a request.
func (p *Performer) Cancel(request uint64) { p.requests.Cancel(request) }

// Close ends all requests and waits for them, at most 2 s.
func (p *Performer) Close() error {
	p.requests.Close()
	return nil
}

// Remote is a worker in another process, reached through its HTTP API.
type Remote struct {
	URL    string
	Client *http.Client
}

// Vote posts the vote.
func (r Remote) Vote(ctx context.Context, v Vote) error {
	body, err := json.Marshal(map[string]any{"noderedId": v.Tab, "root": v.Text, "id": v.Round, "hashVote": v.Hashed})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL+"/sse/1", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", "ewx-marketplace")
	req.Header.Set("Content-Type", "application/json")
	res, err := r.Client.Do(req)
	if err != nil {
		return fmt.Errorf("the worker cannot be reached: %s", plain(err))
	}
	defer res.Body.Close() //nolint:errcheck // it was not read
	if res.StatusCode >= 400 {
		return fmt.Errorf("the worker answered %s", res.Status)
	}
	return nil
}

// Token asks for the token.
func (r Remote) Token(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL+"/token", nil)
	if err != nil {
		return "", err
	}
	res, err := r.Client.Do(req)
	if err != nil {
		return "", errors.New("the worker cannot be reached")
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	var out struct{ Token *string }
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<16)).Decode(&out); err != nil || out.Token == nil {
		return "", err
	}
	return *out.Token, nil
}
