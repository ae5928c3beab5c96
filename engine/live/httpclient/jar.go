package httpclient

import (
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine/weburl"
)

// jar holds the cookies of one exchange, by the rules of RFC 6265.
type jar struct{ list []cookie }

type cookie struct {
	name, value, domain, path string
	hostOnly, secure          bool
	expires                   time.Time
}

// set takes a Set-Cookie text that came from u.
func (j *jar) set(text string, u *weburl.URL) {
	pair, attributes, _ := strings.Cut(text, ";")
	name, val, ok := strings.Cut(pair, "=")
	name, val = strings.TrimSpace(name), strings.TrimSpace(val)
	if !ok || name == "" {
		return
	}
	host := strings.Trim(u.Hostname, "[]")
	c := cookie{name: name, value: val, domain: host, hostOnly: true, path: defaultPath(u.Path)}
	age := false
	for _, a := range strings.Split(attributes, ";") {
		key, v, _ := strings.Cut(a, "=")
		key, v = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(v)
		switch key {
		case "domain":
			if d := strings.ToLower(strings.TrimPrefix(v, ".")); d != "" {
				if !within(host, d) {
					return
				}
				c.domain, c.hostOnly = d, false
			}
		case "path":
			if strings.HasPrefix(v, "/") {
				c.path = v
			}
		case "secure":
			c.secure = true
		case "max-age":
			if n, err := strconv.Atoi(v); err == nil {
				age = true
				c.expires = time.Now().Add(time.Duration(n) * time.Second)
				if n <= 0 {
					c.expires = time.Unix(1, 0)
				}
			}
		case "expires":
			if t, err := http.ParseTime(v); err == nil && !age {
				c.expires = t
			}
		}
	}
	same := func(o cookie) bool { return o.name == c.name && o.domain == c.domain && o.path == c.path }
	if i := slices.IndexFunc(j.list, same); i >= 0 {
		j.list[i] = c
		return
	}
	j.list = append(j.list, c)
}

func within(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain) && net.ParseIP(host) == nil
}

func defaultPath(path string) string {
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		return path[:i]
	}
	return "/"
}

// header is the Cookie header for u, "" for none: longer paths first.
func (j *jar) header(u *weburl.URL, now time.Time) string {
	var fit []cookie
	host := strings.Trim(u.Hostname, "[]")
	for _, c := range j.list {
		path := u.Path == c.path || strings.HasPrefix(u.Path, c.path) && (strings.HasSuffix(c.path, "/") || u.Path[len(c.path)] == '/')
		domain := c.hostOnly && host == c.domain || !c.hostOnly && within(host, c.domain)
		if path && domain && (!c.secure || u.Scheme == "https") && (c.expires.IsZero() || c.expires.After(now)) {
			fit = append(fit, c)
		}
	}
	slices.SortStableFunc(fit, func(a, b cookie) int { return len(b.path) - len(a.path) })
	parts := make([]string, len(fit))
	for i, c := range fit {
		parts[i] = c.name + "=" + c.value
	}
	return strings.Join(parts, "; ")
}
