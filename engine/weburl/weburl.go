// Package weburl reads http and https addresses as browsers and Node.js do: by the
// rules of the WHATWG URL standard, which forgive more than RFC 3986 and say how
// the result is written.
package weburl

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// URL is an address in its normal form.
type URL struct {
	// Scheme is http, https or, with nothing but Rest, another one.
	Scheme string
	// User and Password are percent-encoded.
	User, Password string
	// Hostname is in lower case, in ASCII, IPv6 in brackets; Port is "" for the scheme's own.
	Hostname, Port string
	// Path is percent-encoded and starts with a slash; Query starts with "?" and
	// Fragment with "#", if there is one: it may be only that.
	Path, Query, Fragment string
	// Rest is what follows the scheme of an address of another kind.
	Rest string
}

// Host is the host's name with its port, if it is not the scheme's own.
func (u *URL) Host() string {
	if u.Port == "" {
		return u.Hostname
	}
	return u.Hostname + ":" + u.Port
}

// DialPort is the port to connect to.
func (u *URL) DialPort() string {
	switch {
	case u.Port != "":
		return u.Port
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// Special reports whether the scheme is http or https.
func (u *URL) Special() bool { return u.Scheme == "http" || u.Scheme == "https" }

// Target is path and query, as a server is asked for them.
func (u *URL) Target() string {
	if u.Query == "?" {
		return u.Path
	}
	return u.Path + u.Query
}

// String writes the address.
func (u *URL) String() string {
	if !u.Special() {
		return u.Scheme + ":" + u.Rest
	}
	user := ""
	if u.User != "" || u.Password != "" {
		user = u.User
		if u.Password != "" {
			user += ":" + u.Password
		}
		user += "@"
	}
	return u.Scheme + "://" + user + u.Host() + u.Path + u.Query + u.Fragment
}

var (
	scheme = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*:`)
	blanks = strings.NewReplacer("\t", "", "\n", "", "\r", "")
)

// Parse reads an address; base (nil for none) is what a relative one starts from.
// It reports whether the text is an address.
func Parse(text string, base *URL) (*URL, bool) {
	text = blanks.Replace(strings.TrimFunc(text, func(r rune) bool { return r <= ' ' }))
	u := &URL{}
	if s := scheme.FindString(text); s != "" {
		u.Scheme = strings.ToLower(s[:len(s)-1])
		text = text[len(s):]
		if !u.Special() {
			u.Rest = text
			return u, true
		}
		if base == nil || base.Scheme != u.Scheme || isSlash(text, 0) {
			return u, u.authority(strings.TrimLeft(text, `/\`))
		}
	}
	if base == nil || !base.Special() {
		return nil, false
	}
	u.Scheme = base.Scheme
	if isSlash(text, 0) && isSlash(text, 1) {
		return u, u.authority(strings.TrimLeft(text, `/\`))
	}
	u.User, u.Password, u.Hostname, u.Port = base.User, base.Password, base.Hostname, base.Port
	u.relative(text, base)
	return u, true
}

func isSlash(s string, i int) bool { return i < len(s) && (s[i] == '/' || s[i] == '\\') }

// relative takes path, query and fragment, starting from base's.
func (u *URL) relative(text string, base *URL) {
	path, query, fragment := cut(text)
	switch {
	case path == "" && query == "":
		u.Path, u.Query = base.Path, base.Query
	case path == "":
		u.Path = base.Path
	case isSlash(path, 0):
		u.Path = cleanPath(path)
	default:
		u.Path = cleanPath(base.Path[:strings.LastIndexByte(base.Path, '/')+1] + path)
	}
	u.tail(query, fragment)
}

// cut splits path, "?query" and "#fragment".
func cut(text string) (path, query, fragment string) {
	if i := strings.IndexByte(text, '#'); i >= 0 {
		text, fragment = text[:i], text[i:]
	}
	if i := strings.IndexByte(text, '?'); i >= 0 {
		text, query = text[:i], text[i:]
	}
	return text, query, fragment
}

func (u *URL) tail(query, fragment string) {
	if query != "" {
		u.Query = "?" + escape(query[1:], "\"#<>'")
	}
	if fragment != "" {
		u.Fragment = "#" + escape(fragment[1:], "\"<>`")
	}
}

// authority takes host, port, path and so on.
func (u *URL) authority(text string) bool {
	end := strings.IndexAny(text, `/\?#`)
	if end < 0 {
		end = len(text)
	}
	host := text[:end]
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		user, password, _ := strings.Cut(host[:at], ":")
		const set = "\"#<>?`{}/:;=@[\\]^|"
		u.User, u.Password = escape(user, set), escape(password, set)
		host = host[at+1:]
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.Contains(host[i:], "]") {
		if !u.port(host[i+1:]) {
			return false
		}
		host = host[:i]
	}
	name, ok := hostname(host)
	u.Hostname = name
	path, query, fragment := cut(text[end:])
	u.Path = cleanPath(path)
	u.tail(query, fragment)
	return ok
}

func (u *URL) port(text string) bool {
	if text == "" {
		return true
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return false
	}
	if n != 80 && u.Scheme == "http" || n != 443 && u.Scheme == "https" {
		u.Port = strconv.FormatUint(n, 10)
	}
	return true
}

// hostname gives a host in normal form.
func hostname(host string) (string, bool) {
	if strings.HasPrefix(host, "[") {
		return ipv6(host)
	}
	host = unescape(host)
	for i := range len(host) {
		if host[i] >= 0x80 {
			name, err := idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false)).ToASCII(host)
			if err != nil {
				return "", false
			}
			host = name
			break
		}
	}
	host = strings.ToLower(host)
	if host == "" || strings.ContainsAny(host, " #/:<>?@[\\]^|%") || strings.ContainsFunc(host, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", false
	}
	return ipv4(host)
}

func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// escape percent-encodes controls, spaces, what is not ASCII, and the bytes of set.
func escape(s, set string) string {
	const hex = "0123456789ABCDEF"
	at := 0
	for at < len(s) && s[at] > ' ' && s[at] < 0x7f && strings.IndexByte(set, s[at]) < 0 {
		at++
	}
	if at == len(s) {
		return s
	}
	var b strings.Builder
	b.WriteString(s[:at])
	for i := at; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(set, c) >= 0 {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// cleanPath encodes a path and resolves its dot segments.
func cleanPath(path string) string {
	path = strings.ReplaceAll(path, `\`, "/")
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	var out []string
	for i, p := range parts {
		last := i == len(parts)-1
		switch strings.ReplaceAll(strings.ToLower(p), "%2e", ".") {
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		case ".":
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, escape(p, "\"#<>?^`{}"))
		}
	}
	return "/" + strings.Join(out, "/")
}
