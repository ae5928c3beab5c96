package admin

import (
	"compress/gzip"
	"errors"
	"fmt"
	"html"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// request is one of a client, with what is known of it.
type request struct {
	a     *API
	w     http.ResponseWriter
	r     *http.Request
	parts []string      // of the path
	body  value.Value   // an object or array; empty if there is none
	user  *value.Object // who asks, nil if anybody may
}

// failure is an error that a client is told.
type failure struct {
	status        int
	code, message string
}

func (f *failure) Error() string { return f.message }

func failed(status int, code, format string, args ...any) error {
	return &failure{status, code, fmt.Sprintf(format, args...)}
}

// notFound is what Node-RED answers for flows and stores that are not there.
var notFound = &failure{http.StatusNotFound, "not_found", "Error"}

// fail answers with an error.
func (q *request) fail(err error) {
	f := &failure{http.StatusBadRequest, "unexpected_error", err.Error()}
	_ = errors.As(err, &f)
	q.json(f.status, value.Obj("code", f.code, "message", f.message))
}

// json answers with a value.
func (q *request) json(status int, v value.Value) {
	q.text(status, "application/json; charset=utf-8", string(value.AppendJSON(nil, v)))
}

// ok answers a read.
func (q *request) ok(v value.Value) { q.json(http.StatusOK, v) }

// text answers with a text, or says that it has not changed.
func (q *request) text(status int, kind, text string) {
	h := q.w.Header()
	tag := engine.ETag([]byte(text))
	h.Set("ETag", tag)
	read := q.r.Method == http.MethodGet || q.r.Method == http.MethodHead
	if status == http.StatusOK && read && q.r.Header.Get("If-None-Match") == tag {
		q.w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	q.w.WriteHeader(status)
	if q.r.Method != http.MethodHead {
		_, _ = io.WriteString(q.w, text) // a client that went away cannot be told
	}
}

// status answers with a status and its name, as Express' sendStatus.
func (q *request) status(status int) {
	q.text(status, "text/plain; charset=utf-8", http.StatusText(status))
}

// bare answers with a status and nothing else.
func (q *request) bare(status int) {
	if status != http.StatusNoContent {
		q.w.Header().Set("Content-Length", "0")
	}
	q.w.WriteHeader(status)
}

func redirect(q *request, status int, to string) {
	q.w.Header().Set("Location", to)
	q.w.Header().Add("Vary", "Accept")
	q.text(status, "text/plain; charset=utf-8", http.StatusText(status)+". Redirecting to "+to)
}

// empty answers {}.
func empty(q *request) { q.ok(value.Of(value.NewObject())) }

// cannot is Express' answer for what there is no route for.
func cannot(w http.ResponseWriter, r *http.Request) {
	page(w, http.StatusNotFound, "Cannot "+r.Method+" "+r.URL.EscapedPath())
}

func page(w http.ResponseWriter, status int, text string) {
	body := "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>" +
		html.EscapeString(text) + "</pre>\n</body>\n</html>\n"
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // a client that went away cannot be told
}

// readBody reads a JSON or form body; what is neither is no body. False says that
// the request was answered.
func (q *request) readBody() bool {
	q.body = value.Of(value.NewObject())
	kind, _, _ := mime.ParseMediaType(q.r.Header.Get("Content-Type"))
	if q.r.Body == nil || kind != "application/json" && kind != "application/x-www-form-urlencoded" {
		return true
	}
	var in io.Reader = q.r.Body
	if strings.EqualFold(q.r.Header.Get("Content-Encoding"), "gzip") {
		z, err := gzip.NewReader(in)
		if err != nil {
			page(q.w, http.StatusBadRequest, "Error: incorrect header check")
			return false
		}
		in = z
	}
	text, err := io.ReadAll(io.LimitReader(in, q.a.opt.MaxBody+1))
	switch {
	case err != nil:
		page(q.w, http.StatusBadRequest, "BadRequestError: request aborted")
		return false
	case int64(len(text)) > q.a.opt.MaxBody:
		page(q.w, http.StatusRequestEntityTooLarge, "PayloadTooLargeError: request entity too large")
		return false
	case len(text) == 0:
		return true
	case kind == "application/json":
		v, err := value.ParseJSON(value.Text(text))
		if err == nil && v.Object() == nil && v.Array() == nil {
			err = errors.New("the body is neither an object nor an array")
		}
		if err != nil {
			page(q.w, http.StatusBadRequest, "SyntaxError: "+err.Error())
			return false
		}
		q.body = v
		return true
	}
	form, err := url.ParseQuery(string(text))
	if err != nil {
		page(q.w, http.StatusBadRequest, "BadRequestError: the form cannot be read")
		return false
	}
	for k := range form {
		q.body.Object().Set(k, value.Str(form.Get(k)))
	}
	return true
}

// field is a property of the body, undefined if it is an array.
func (q *request) field(name string) value.Value {
	if o := q.body.Object(); o != nil {
		return o.Get(name)
	}
	return value.Undefined
}

// trusted keeps pages of other sites from using an API that has no users: a browser
// on this machine reaches it whatever page it shows. True passes the request on.
func (a *API) trusted(q *request) bool {
	if a.auth != nil {
		return true
	}
	host := hostOf(q.r.Host)
	origin := q.r.Header.Get("Origin")
	cross := false
	if origin != "" && a.opt.CORS == nil {
		u, err := url.Parse(origin)
		cross = err != nil || !strings.EqualFold(u.Host, q.r.Host)
	}
	local := host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host) != nil
	if local && !cross {
		return true
	}
	q.json(http.StatusForbidden, value.Obj("code", "forbidden", "message",
		"without adminAuth the admin API answers under localhost or an IP address only, and no pages of other sites: set adminAuth in settings.js"))
	return false
}

// insecure reports whether a request must come by https and did not (requireHttps).
func (q *request) insecure() bool {
	s := q.a.opt.Settings.Get("requireHttps")
	proto, _, _ := strings.Cut(q.r.Header.Get("X-Forwarded-Proto"), ",")
	return s.IsBool() && s.Bool() && !q.a.setting("disableEditor") && q.r.TLS == nil && !strings.EqualFold(strings.TrimSpace(proto), "https")
}

func hostOf(hostport string) string {
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		hostport = h
	}
	return strings.ToLower(strings.Trim(hostport, "[]"))
}
