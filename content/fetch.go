package content

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ipfs/go-cid"
)

// Gateway is where content is asked for.
type Gateway struct {
	// URL comes before the CID: https://host/ipfs/ or https://host/api/v0/cat?arg=
	URL string
	// User and Password make it a POST with basic authentication, as some services want it.
	User, Password string
	// Agent is the User-Agent; "" is lockstep.
	Agent string
}

// Options configure a Fetcher.
type Options struct {
	// Gateways are asked one after the other.
	Gateways []Gateway
	// Dir is where content is kept by its CID; "" keeps none.
	Dir string
	// Limit is how many bytes content may have; 0 is 16 MiB.
	Limit int
	// Timeout of one request; 0 is 30 s. Total is that of all requests that one content takes;
	// 0 is four times Timeout.
	Timeout, Total time.Duration
	// Unverified takes bytes that could not be checked from the last gateway; Warn is told.
	Unverified bool
	Warn       func(text string)
	// Client carries out requests; nil is one without proxies and cookies.
	Client *http.Client
}

// Fetcher fetches content. It may be used from several goroutines.
type Fetcher struct{ o Options }

// NewFetcher makes a Fetcher.
func NewFetcher(o Options) *Fetcher {
	if o.Limit <= 0 {
		o.Limit = 16 << 20
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Total <= 0 {
		o.Total = 4 * o.Timeout
	}
	if o.Client == nil {
		o.Client = &http.Client{}
	}
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
	return &Fetcher{o}
}

// ErrUnverified says that content does not have its CID, or that this cannot be shown.
var ErrUnverified = errors.New("the content could not be verified")

// Fetch gives the file of a CID, from disk or from a gateway.
func (f *Fetcher) Fetch(ctx context.Context, text string) ([]byte, error) {
	c, err := ParseCID(text)
	if err != nil {
		return nil, err
	}
	if data, ok := f.cached(c); ok {
		return data, nil
	}
	ctx, cancel := context.WithTimeout(ctx, f.o.Total)
	defer cancel()
	var errs []error
	for _, g := range f.o.Gateways {
		data, err := f.from(ctx, g, c)
		if err == nil {
			f.keep(c, data)
			return data, nil
		}
		errs = append(errs, fmt.Errorf("%s: %w", host(g.URL), err))
		if ctx.Err() != nil {
			break
		}
	}
	if f.o.Unverified && len(f.o.Gateways) > 0 && ctx.Err() == nil {
		g := f.o.Gateways[len(f.o.Gateways)-1]
		data, _, err := f.get(ctx, g, c, "", "")
		if err == nil {
			f.o.Warn(fmt.Sprintf("%s from %s is used without being verified", c, host(g.URL)))
			return data, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", c, errors.Join(errs...))
}

// host shows where a gateway is, without what may be secret in its URL.
func host(url string) string {
	u := url
	if _, rest, ok := strings.Cut(url, "://"); ok {
		u = rest
	}
	u, _, _ = strings.Cut(u, "/")
	if i := strings.LastIndex(u, "@"); i >= 0 {
		u = u[i+1:]
	}
	return u
}

// the forms in which a gateway may give content that can be checked.
const (
	typeRaw = "application/vnd.ipld.raw"
	typeCAR = "application/vnd.ipld.car"
)

// from gets content from a gateway in the way that needs the fewest requests.
func (f *Fetcher) from(ctx context.Context, g Gateway, c cid.Cid) ([]byte, error) {
	if c.Prefix().Codec != cid.Raw && g.User == "" && !strings.Contains(g.URL, "?") {
		data, err := f.trustless(ctx, g, c)
		if err == nil || ctx.Err() != nil {
			return data, err
		}
		f.o.Warn(fmt.Sprintf("%s gives no blocks of %s (%v): its plain bytes are tried", host(g.URL), c, err))
	}
	data, _, err := f.get(ctx, g, c, "", "")
	if err != nil {
		return nil, err
	}
	if err := Check(c, data); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnverified, err)
	}
	return data, nil
}

func (f *Fetcher) trustless(ctx context.Context, g Gateway, c cid.Cid) ([]byte, error) {
	have := map[string][]byte{}
	body, kind, err := f.get(ctx, g, c, typeCAR+";version=1;order=dfs;dups=n", "?format=car&dag-scope=entity")
	if err == nil && kind == typeCAR {
		err := readCAR(bytes.NewReader(body), f.limit(), func(c cid.Cid, b []byte) { have[c.KeyString()] = b })
		if err != nil {
			return nil, err
		}
	}
	return assemble(ctx, c, func(ctx context.Context, c cid.Cid) ([]byte, error) {
		if b, ok := have[c.KeyString()]; ok {
			return b, nil
		}
		b, kind, err := f.get(ctx, g, c, typeRaw, "?format=raw")
		if err == nil && kind != typeRaw {
			err = fmt.Errorf("it answers %s, not a block", kind)
		}
		return b, err
	}, f.o.Limit)
}

// limit bounds an answer: blocks take some more than what they hold.
func (f *Fetcher) limit() int { return f.o.Limit + f.o.Limit/8 + maxBlock }

// get makes one request and gives the body and its type.
func (f *Fetcher) get(ctx context.Context, g Gateway, c cid.Cid, accept, query string) ([]byte, string, error) {
	ctx, cancel := context.WithTimeout(ctx, f.o.Timeout)
	defer cancel()
	method := http.MethodGet
	if g.User != "" {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(ctx, method, g.URL+c.String()+query, nil)
	if err != nil {
		return nil, "", errors.New("its URL cannot be used")
	}
	if g.User != "" {
		req.SetBasicAuth(g.User, g.Password)
	}
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	req.Header.Set("User-Agent", "lockstep")
	if g.Agent != "" {
		req.Header.Set("User-Agent", g.Agent)
	}
	res, err := f.o.Client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	if res.StatusCode != http.StatusOK {
		return nil, "", fmt.Errorf("it answers %s", res.Status)
	}
	limit := f.limit()
	body, err := io.ReadAll(io.LimitReader(res.Body, int64(limit)+1))
	if err != nil {
		return nil, "", err
	}
	if len(body) > limit || accept == "" && len(body) > f.o.Limit {
		return nil, "", fmt.Errorf("the content has more than %d bytes", f.o.Limit)
	}
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")) // "" if there is none
	return body, kind, nil
}

func (f *Fetcher) file(c cid.Cid) string { return filepath.Join(f.o.Dir, c.String()) }

// sealed is a cached file: its hash goes before it, as a disk may fail too.
func (f *Fetcher) cached(c cid.Cid) ([]byte, bool) {
	if f.o.Dir == "" {
		return nil, false
	}
	b, err := os.ReadFile(f.file(c))
	if err != nil || len(b) < 32 || len(b)-32 > f.o.Limit {
		return nil, false
	}
	seal := sum(cid.Prefix{Version: 1, Codec: cid.Raw}, b[32:]).Hash()
	if string(seal[2:]) != string(b[:32]) {
		f.o.Warn(fmt.Sprintf("%s was damaged on disk: it is fetched again", c))
		return nil, false
	}
	return b[32:], true
}

// keep writes content to disk; that it cannot is no reason to fail.
func (f *Fetcher) keep(c cid.Cid, data []byte) {
	if f.o.Dir == "" {
		return
	}
	seal := sum(cid.Prefix{Version: 1, Codec: cid.Raw}, data).Hash()
	err := os.MkdirAll(f.o.Dir, 0o700)
	if err == nil {
		var tmp *os.File
		if tmp, err = os.CreateTemp(f.o.Dir, ".new-*"); err == nil {
			_, err = tmp.Write(append(append([]byte{}, seal[2:]...), data...))
			if err = errors.Join(err, tmp.Close()); err == nil {
				err = os.Rename(tmp.Name(), f.file(c))
			}
		}
	}
	if err != nil {
		f.o.Warn(fmt.Sprintf("%s could not be kept: %v", c, err))
	}
}
