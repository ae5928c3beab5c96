package live

import (
	"net"
	"net/http"
	"net/url"
	"sort"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// request gives what a flow sees of a request: msg.req. The error is one of
// reading or parsing the body.
func (p *HTTP) request(w http.ResponseWriter, r *http.Request, rt *route, params *value.Object, fields [][2]string) (*value.Object, error) {
	req := value.NewObject(26)
	set := func(key string, v any) { req.Add(key, value.From(v)) }
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		ip = r.RemoteAddr
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	set("httpVersion", strings.TrimPrefix(r.Proto, "HTTP/"))
	path := r.URL.EscapedPath()[len(p.opt.Root):]
	if path == "" {
		path = "/"
	}
	url := r.RequestURI
	if p.opt.Root != "" {
		url = path + query(r)
	}
	set("url", url)
	set("method", r.Method)
	set("headers", headers(r, fields))
	set("baseUrl", p.opt.Root)
	set("originalUrl", r.RequestURI)
	set("params", params)
	set("query", parseQuery(r.URL.RawQuery, queryArrayLimit, queryDepth))
	set("path", path)
	set("hostname", host)
	set("ip", ip)
	set("ips", value.NewArray())
	set("protocol", protocol(r))
	set("secure", r.TLS != nil)
	set("xhr", strings.EqualFold(r.Header.Get("X-Requested-With"), "xmlhttprequest"))
	set("subdomains", subdomains(host))
	set("cookies", cookies(r))
	set("signedCookies", value.NewObject())
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return req, nil
	}
	body, files, err := p.body(w, r, rt)
	req.Add("body", body)
	if files != nil {
		req.Add("files", value.Of(files))
	}
	return req, err
}

func protocol(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

func subdomains(host string) *value.Array {
	out := value.NewArray()
	parts := strings.Split(host, ".")
	if net.ParseIP(host) != nil {
		return out
	}
	for i := len(parts) - 3; i >= 0; i-- {
		out.Append(value.Str(parts[i]))
	}
	return out
}

// oneOnly are headers of which Node.js keeps the first and drops others.
var oneOnly = map[string]bool{
	"age": true, "authorization": true, "content-length": true, "content-type": true, "etag": true, "expires": true, "from": true, "host": true,
	"if-modified-since": true, "if-unmodified-since": true, "last-modified": true, "location": true, "max-forwards": true,
	"proxy-authorization": true, "referer": true, "retry-after": true, "server": true, "user-agent": true,
}

// ordered joins headers as Node.js does, in the order in which they came.
func ordered(fields [][2]string) *value.Object {
	o := value.NewObject(len(fields))
	for _, f := range fields {
		name, text := f[0], wide(f[1])
		old, has := o.Lookup(name)
		switch {
		case !has && name == "set-cookie":
			o.Set(name, value.Arr(value.Str(text)))
		case !has:
			o.Set(name, value.Str(text))
		case name == "set-cookie":
			old.Array().Append(value.Str(text))
		case oneOnly[name]:
		case name == "cookie":
			o.Set(name, value.Str(old.Str()+"; "+text))
		default:
			o.Set(name, value.Str(old.Str()+", "+text))
		}
	}
	return o
}

// headers are a request's headers in lower case. If their order is not known, host
// comes first, the others in order of their names.
func headers(r *http.Request, fields [][2]string) *value.Object {
	if fields != nil {
		return ordered(fields)
	}
	names := make([]string, 0, len(r.Header))
	for n := range r.Header {
		names = append(names, n)
	}
	sort.Strings(names)
	o := value.NewObject(len(names) + 1)
	o.Set("host", value.Str(r.Host))
	for _, n := range names {
		values := r.Header[n]
		sep := ", "
		if n == "Cookie" {
			sep = "; "
		}
		o.Set(strings.ToLower(n), value.Str(wide(strings.Join(values, sep))))
	}
	if r.ContentLength > 0 && !o.Has("content-length") {
		o.Set("content-length", value.Str(value.FormatNumber(float64(r.ContentLength))))
	}
	return o
}

// cookies are a request's cookies; those that hold JSON ("j:…") are parsed.
func cookies(r *http.Request) *value.Object {
	o := value.NewObject()
	for _, part := range strings.Split(r.Header.Get("Cookie"), ";") {
		name, v, ok := strings.Cut(part, "=")
		name, v = strings.TrimSpace(name), strings.Trim(strings.TrimSpace(v), `"`)
		if !ok || name == "" || o.Has(name) {
			continue
		}
		if plain, err := url.PathUnescape(v); err == nil {
			v = plain
		}
		if text, ok := strings.CutPrefix(v, "j:"); ok {
			if parsed, err := value.ParseJSON(text); err == nil {
				o.Set(name, parsed)
				continue
			}
		}
		o.Set(name, value.Str(v))
	}
	return o
}

const (
	queryArrayLimit, queryDepth = 20, 5
	formArrayLimit, formDepth   = 100, 32
	parameterLimit              = 1000
)

// parseQuery parses a query or form text with nested keys: a=1&a=2, a[]=1,
// a[b]=1, a[0]=1.
func parseQuery(text string, arrayLimit, depth int) *value.Object {
	o := value.NewObject()
	for i, part := range strings.Split(text, "&") {
		if i == parameterLimit {
			break
		}
		if part == "" {
			continue
		}
		eq := strings.Index(part, "=")
		if b := strings.Index(part, "]="); b >= 0 {
			eq = b + 1
		}
		key, v := part, ""
		if eq >= 0 {
			key, v = part[:eq], part[eq+1:]
		}
		insert(o, keyPath(unescape(key), depth), value.Str(unescape(v)), arrayLimit)
	}
	return o
}

func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return value.Text([]byte(plain))
	}
	return strings.ReplaceAll(s, "+", " ")
}

// keyPath splits a[b][c] into a, b, c; what is deeper than depth stays in one.
func keyPath(key string, depth int) []string {
	open := strings.IndexByte(key, '[')
	if open < 0 {
		return []string{key}
	}
	var path []string
	if open > 0 {
		path = append(path, key[:open])
	}
	rest := key[open:]
	for i := 0; i < depth && strings.HasPrefix(rest, "["); i++ {
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			return append(path, rest)
		}
		path = append(path, rest[1:end])
		rest = rest[end+1:]
	}
	if strings.HasPrefix(rest, "[") {
		path = append(path, rest)
	}
	return path
}

// insert puts a value at a path; arrays grow from "[]" and from small indexes.
func insert(o *value.Object, path []string, v value.Value, arrayLimit int) {
	key := path[0]
	if key == "__proto__" {
		return
	}
	old, has := o.Lookup(key)
	if len(path) == 1 {
		if has {
			v = joinValues(old, v)
		}
		o.Set(key, v)
		return
	}
	o.Set(key, insertInto(old, path[1:], v, arrayLimit))
}

func joinValues(old, v value.Value) value.Value {
	if a := old.Array(); a != nil {
		a.Append(v)
		return old
	}
	return value.Arr(old, v)
}

func insertInto(old value.Value, path []string, v value.Value, arrayLimit int) value.Value {
	key := path[0]
	index, isIndex := value.ArrayIndex(key)
	list := key == "" || isIndex && int(index) <= arrayLimit
	a := old.Array()
	if list && old.Object() == nil {
		if a == nil {
			a = value.NewArray()
			if !old.IsUndefined() {
				a.Append(old)
			}
		}
		switch {
		case len(path) > 1:
			at := value.Undefined
			if isIndex {
				at = a.At(int(index))
			}
			v = insertInto(at, path[1:], v, arrayLimit)
			if isIndex && int(index) < a.Len() {
				a.SetAt(int(index), v)
				return value.Of(a)
			}
			a.Append(v)
		default:
			a.Append(v)
		}
		return value.Of(a)
	}
	o := old.Object()
	if o == nil {
		o = value.NewObject()
		for i := range a.Length() {
			o.Set(value.FormatNumber(float64(i)), a.At(i))
		}
		if old.IsString() {
			o.Set(old.Str(), value.True)
		}
	}
	insert(o, path, v, arrayLimit)
	return value.Of(o)
}
