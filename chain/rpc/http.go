package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
)

// httpEnd is an endpoint over HTTP.
type httpEnd struct {
	url    string
	o      Options
	client *http.Client
	ids    atomic.Uint64
	known  atomic.Bool // verified
}

func newHTTP(url string, o Options) *httpEnd {
	return &httpEnd{url: url, o: o, client: &http.Client{Timeout: o.Timeout, Transport: http.DefaultTransport.(*http.Transport).Clone()}}
}

func (e *httpEnd) call(ctx context.Context, method string, params []any) (json.RawMessage, error) {
	if !e.known.Load() {
		if err := e.o.verify(ctx, e.url, e.ask); err != nil {
			return nil, unsent{err}
		}
		e.known.Store(true)
	}
	raw, err := e.ask(ctx, method, params)
	var answer *Error
	if err != nil && !errors.As(err, &answer) {
		e.known.Store(false) // who answers next may be another
	}
	return raw, err
}

func (e *httpEnd) ask(ctx context.Context, method string, params []any) (json.RawMessage, error) {
	id := e.ids.Add(1)
	body, err := json.Marshal(request{"2.0", id, method, params})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := e.client.Do(req)
	if err != nil {
		return nil, hide(e.url, err)
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(io.LimitReader(res.Body, e.o.MaxBody+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > e.o.MaxBody {
		return nil, fmt.Errorf("the answer has more than %d bytes", e.o.MaxBody)
	}
	var r response
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("the endpoint answered %s with no JSON-RPC", res.Status)
	}
	if r.Error != nil {
		return nil, r.Error
	}
	if r.ID == nil || *r.ID != id {
		return nil, errors.New("the answer is that to another request")
	}
	return r.Result, nil
}

func (e *httpEnd) subscribe(context.Context, *Subscription) error {
	return errors.New("a subscription needs an endpoint with ws or wss")
}

func (e *httpEnd) close() { e.client.CloseIdleConnections() }
