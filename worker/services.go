package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// services are the addresses in base_urls.json.
type services struct {
	c      *Config
	client *http.Client
	clock  func() time.Time
	mu     sync.Mutex
	urls   *value.Object
	until  time.Time
}

// urlsLife is how long the addresses are used before they are asked for again.
const urlsLife = 300 * time.Second

func newServices(c *Config, client *http.Client, clock func() time.Time) *services {
	return &services{c: c, client: client, clock: clock}
}

// required are the addresses that have to be there.
var required = []string{"base_indexer_url", "rpc_url", "workers_registry_url", "auth_server_url"}

// get gives the addresses. No lock is held while they are asked for, so that a place that does
// not answer holds up nothing else.
func (s *services) get(ctx context.Context) (*value.Object, error) {
	s.mu.Lock()
	urls, fresh := s.urls, s.clock().Before(s.until)
	s.mu.Unlock()
	if urls != nil && fresh {
		return urls, nil
	}
	urls, err := s.ask(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.urls, s.until = urls, s.clock().Add(urlsLife)
	return urls, nil
}

// recent gives the addresses, or those of before if they cannot be had now, nil if there were
// none.
func (s *services) recent(ctx context.Context) *value.Object {
	ctx, cancel := context.WithTimeout(ctx, recentTime)
	defer cancel()
	if urls, err := s.get(ctx); err == nil {
		return urls
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.urls
}

// recentTime is how long a caller of the API waits for new addresses.
const recentTime = 3 * time.Second

func (s *services) ask(ctx context.Context) (*value.Object, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.c.BaseURLs, nil)
	if err != nil {
		return nil, errors.New("BASE_URLS is no URL")
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the base URLs: %w", err)
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the base URLs: %s answers %s", s.c.BaseURLs, res.Status)
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, maxService+1))
	if err != nil {
		return nil, fmt.Errorf("the base URLs: %w", err)
	}
	if len(text) > maxService {
		return nil, fmt.Errorf("the base URLs have more than %d bytes", maxService)
	}
	v, err := value.ParseJSON(value.Text(text))
	if err != nil || v.Object() == nil {
		return nil, errors.New("the base URLs are no JSON object")
	}
	for _, k := range required {
		if v.Object().Get(k).Str() == "" {
			return nil, fmt.Errorf("the base URLs have no %s", k)
		}
	}
	return v.Object(), nil
}

// RPC finds where the chain is read: PALLET_RPC_URL, or what the base URLs say.
func RPC(ctx context.Context, c *Config, client *http.Client) (string, error) {
	if c.PalletRPC != "" {
		return c.PalletRPC, nil
	}
	s := newServices(c, client, time.Now)
	urls, err := s.get(ctx)
	if err != nil {
		return "", err
	}
	return urls.Get("rpc_url").Str(), nil
}

// rpc is where the chain is read.
func (s *services) rpc() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.c.PalletRPC != "" || s.urls == nil {
		return s.c.PalletRPC
	}
	return s.urls.Get("rpc_url").Str()
}

// names reports whether a host is one of those that the operator has named.
func (s *services) names(host string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	is := func(text string) bool {
		u, err := url.Parse(text)
		return err == nil && u.Hostname() != "" && u.Hostname() == host
	}
	if is(s.c.BaseURLs) || is(s.c.PalletRPC) {
		return true
	}
	for i := 0; s.urls != nil && i < s.urls.Len(); i++ {
		for _, v := range append(value.Elements(s.urls.At(i).Value), s.urls.At(i).Value) {
			if v.IsString() && is(v.Str()) {
				return true
			}
		}
	}
	return false
}
