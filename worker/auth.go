package worker

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// auth logs the worker in at the services and registers it.
type auth struct {
	w       *Worker
	mu      sync.Mutex
	token   string
	expires time.Time
	told    string
}

// renewBefore is how long before its end a token is renewed.
const renewBefore = 60 * time.Second

// maxService is how many bytes a service may answer with.
const maxService = 1 << 20

func newAuth(w *Worker) *auth { return &auth{w: w} }

// current is the token, "" if there is none.
func (a *auth) current() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.w.o.Clock().Before(a.expires) {
		return ""
	}
	return a.token
}

// keep keeps the worker logged in and registered until ctx ends, beside the loop: services
// that do not answer hold up no solution.
func (a *auth) keep(ctx context.Context) {
	for {
		a.renew(ctx)
		if !sleep(ctx, a.w.c.Delay+a.w.o.Pauses.Good) {
			return
		}
	}
}

// renew logs in if that is due, and sees that the worker is registered. What goes
// wrong is told once: a worker can vote without it.
func (a *auth) renew(ctx context.Context) {
	err := a.login(ctx)
	if err == nil {
		err = a.register(ctx)
	}
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != "" && text != a.told && ctx.Err() == nil {
		a.w.warn("registration: " + text)
	}
	a.told = text
}

func (a *auth) address(ctx context.Context, own, name string) (string, error) {
	if own != "" {
		return strings.TrimRight(own, "/"), nil
	}
	urls, err := a.w.urls.get(ctx)
	if err != nil {
		return "", err
	}
	return strings.TrimRight(urls.Get(name).Str(), "/"), nil
}

// login asks for a token with a signed payload. The text that is signed is the JSON that
// the reference makes: its keys in this order.
func (a *auth) login(ctx context.Context) error {
	a.mu.Lock()
	due := !a.w.o.Clock().Before(a.expires.Add(-renewBefore))
	a.mu.Unlock()
	if !due {
		return nil
	}
	url, err := a.address(ctx, a.w.c.LoginURL, "auth_server_url")
	if err != nil {
		return err
	}
	payload, err := json.Marshal(struct {
		AccountType string `json:"accountType"`
		DomainName  string `json:"domainName"`
		Address     string `json:"address"`
		SignedAt    int64  `json:"signedAt"`
	}{"WORKER", a.w.c.Domain, a.w.o.Address, a.w.o.Clock().UnixMilli()})
	if err != nil {
		return err
	}
	sig, err := a.w.o.Key.Sign(payload)
	if err != nil {
		return errors.New("the login could not be signed")
	}
	var out struct {
		AccessToken string `json:"accessToken"`
	}
	if _, err := a.ask(ctx, http.MethodPost, url+"/api/auth/login", map[string]any{"payload": json.RawMessage(payload), "signature": "0x" + hex.EncodeToString(sig)}, nil, &out); err != nil {
		return fmt.Errorf("login: %w", err)
	}
	if out.AccessToken == "" {
		return errors.New("login: the answer has no token")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.token, a.expires = out.AccessToken, a.expiry(out.AccessToken)
	return nil
}

// expiry reads when a JSON web token ends; one that does not say is used for five minutes.
func (a *auth) expiry(token string) time.Time {
	parts := strings.Split(token, ".")
	if len(parts) == 3 {
		var claims struct {
			Exp float64 `json:"exp"`
		}
		b, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err == nil && json.Unmarshal(b, &claims) == nil && claims.Exp > 0 && claims.Exp < 1e12 {
			return time.UnixMilli(int64(claims.Exp * 1000))
		}
	}
	return a.w.o.Clock().Add(5 * time.Minute)
}

// register tells the registry of the worker, once for each reward period.
func (a *auth) register(ctx context.Context) error {
	url, err := a.address(ctx, a.w.c.RegistryURL, "workers_registry_url")
	if err != nil {
		return err
	}
	bearer := map[string]string{"Authorization": "Bearer " + a.current()}
	var known struct {
		RewardIndex *uint32 `json:"rewardIndex"`
		Error       struct {
			Name string `json:"name"`
		} `json:"error"`
	}
	status, err := a.ask(ctx, http.MethodGet, url+"/api/v1/workers/"+a.w.o.Address, nil, bearer, &known)
	switch {
	case status == http.StatusNotFound && known.Error.Name == "WorkerNotFoundException":
	case err != nil:
		return fmt.Errorf("registry: %w", err)
	default:
		period, err := a.w.o.Chain.Period(ctx)
		if err != nil {
			return err
		}
		if known.RewardIndex != nil && *known.RewardIndex == period {
			return nil
		}
	}
	sig, err := a.w.o.Key.Sign([]byte(`{"source":"WNS"}`))
	if err != nil {
		return errors.New("the registration could not be signed")
	}
	bearer["x-worker-version"], bearer["x-worker-source"] = a.w.o.Version, "WNS"
	_, err = a.ask(ctx, http.MethodPost, url+"/api/v1/workers", map[string]string{"source": "WNS", "signature": "0x" + hex.EncodeToString(sig)}, bearer, nil)
	if err != nil {
		return fmt.Errorf("registry: %w", err)
	}
	return nil
}

func (a *auth) ask(ctx context.Context, method, url string, in any, headers map[string]string, out any) (int, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return 0, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return 0, errors.New("the address is no URL")
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for k, v := range headers {
		req.Header.Set(k, v)
	}
	res, err := a.w.o.Client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(io.LimitReader(res.Body, maxService+1))
	if err != nil {
		return res.StatusCode, err
	}
	if len(text) > maxService {
		return res.StatusCode, fmt.Errorf("it answers with more than %d bytes", maxService)
	}
	var bad error
	if res.StatusCode >= 400 {
		bad = fmt.Errorf("it answers %s", res.Status)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil && bad == nil {
			bad = errors.New("it does not answer with JSON")
		}
	}
	return res.StatusCode, bad
}
