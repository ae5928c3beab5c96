package rut

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// shownHeaders are the response headers a recording keeps.
var shownHeaders = []string{"content-type", "location", "set-cookie", "etag", "content-length", "content-disposition", "cache-control", "vary", "allow", "www-authenticate"}

// http makes a request to our own server; it is answered when the response is here.
func (s *Server) http(r *request) {
	base := ""
	if s.opt.BaseURL != nil {
		base = s.opt.BaseURL()
	}
	body := r.args.Get("body")
	data := []byte(body.Str())
	if b := body.Buffer(); b != nil {
		data = b.B
	}
	method := strings.ToUpper(r.args.Get("method").Str())
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(s.ctx, method, base+r.args.Get("path").Str(), bytes.NewReader(data))
	if err != nil {
		s.fail(r, err.Error())
		return
	}
	if h := r.args.Get("headers").Object(); h != nil {
		for i := range h.Len() {
			req.Header.Set(h.At(i).Key, value.ToString(h.At(i).Value))
		}
	}
	s.due, r.http = r, make(chan value.Value, 1)
	l := s.live
	go func() {
		r.http <- fetch(req)
		l.Post(engine.Event{Kind: engine.EventTick})
	}()
}

// fetched answers an http request whose response is here.
func (s *Server) fetched() {
	if s.due == nil || s.due.http == nil {
		return
	}
	select {
	case v := <-s.due.http:
		if text := v.Object().Get("failed"); text.IsString() {
			s.fail(s.due, text.Str())
		} else {
			s.ok(s.due, v)
		}
		s.due = nil
	default:
	}
}

// answerTime is how long a response may take, as with Node-RED's driver.
const answerTime = 5 * time.Second

func fetch(req *http.Request) value.Value {
	client := http.Client{
		Timeout:       answerTime,
		Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(req)
	if late, ok := errors.AsType[*url.Error](err); ok && late.Timeout() {
		return value.Obj("failed", "no answer within 5 s")
	}
	if err != nil {
		return value.Obj("failed", err.Error())
	}
	data, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return value.Obj("failed", err.Error())
	}
	headers := value.NewObject()
	var keys []string
	for k := range res.Header {
		k = strings.ToLower(k)
		if strings.HasPrefix(k, "x-") || strings.HasPrefix(k, "access-control-") {
			keys = append(keys, k)
		}
	}
	keys = append(keys, shownHeaders...)
	sort.Strings(keys)
	for _, k := range keys {
		switch v := res.Header.Values(k); {
		case len(v) > 1 || k == "set-cookie" && len(v) > 0:
			list := value.NewArray()
			for _, e := range v {
				list.Append(value.Str(e))
			}
			headers.Set(k, value.Of(list))
		case len(v) == 1:
			headers.Set(k, value.Str(v[0]))
		}
	}
	return value.Obj("status", res.StatusCode, "headers", headers, "body", textOrBytes(data))
}
