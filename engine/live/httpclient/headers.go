package httpclient

import (
	"bytes"
	"net"
	"net/http"
	"sort"
	"strings"
	"sync"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// conn notes the head of each answer as it came, for the order of its headers.
type conn struct {
	net.Conn
	mu   sync.Mutex
	head []byte
	on   bool
}

// begin notes what comes from now on.
func (c *conn) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.head, c.on = c.head[:0], true
}

func (c *conn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.mu.Lock()
		if c.on {
			c.head = append(c.head, b[:n]...)
			_, whole := lastHead(c.head)
			c.on = !whole && len(c.head) < 2*headerLimit
		}
		c.mu.Unlock()
	}
	return n, err
}

// lastHead gives the head of the answer proper, after those of status 1xx; whole
// says that it is there.
func lastHead(b []byte) (head []byte, whole bool) {
	for {
		end := bytes.Index(b, []byte("\r\n\r\n"))
		if end < 0 {
			return nil, false
		}
		head = b[:end]
		status := bytes.IndexByte(head, ' ')
		if status < 0 || !bytes.HasPrefix(head[status:], []byte(" 1")) || bytes.HasPrefix(head[status:], []byte(" 101")) {
			return head, true
		}
		b = b[end+4:]
	}
}

// onlyFirst are headers of which Node.js keeps the first and drops others.
var onlyFirst = map[string]bool{
	"age": true, "authorization": true, "content-length": true, "content-type": true, "etag": true, "expires": true, "from": true,
	"host": true, "if-modified-since": true, "if-unmodified-since": true, "last-modified": true, "location": true,
	"max-forwards": true, "proxy-authorization": true, "referer": true, "retry-after": true, "server": true, "user-agent": true,
}

// responseHeaders are an answer's headers in lower case, in the order in which
// they came, joined as Node.js does.
func responseHeaders(c *conn, res *http.Response) *value.Object {
	o := value.NewObject(len(res.Header))
	add := func(name, text string) {
		name = strings.ToLower(name)
		v := value.Str(wide(text))
		old, has := o.Lookup(name)
		switch {
		case name == "set-cookie" && has:
			old.Array().Append(v)
		case name == "set-cookie":
			o.Set(name, value.Arr(v))
		case has && onlyFirst[name]:
		case has && name == "cookie":
			o.Set(name, value.Str(old.Str()+"; "+v.Str()))
		case has:
			o.Set(name, value.Str(old.Str()+", "+v.Str()))
		default:
			o.Set(name, v)
		}
	}
	if c != nil {
		c.mu.Lock()
		head, whole := lastHead(c.head)
		lines := strings.Split(string(head), "\r\n")
		c.mu.Unlock()
		if whole {
			for _, l := range lines[1:] {
				if name, text, ok := strings.Cut(l, ":"); ok {
					add(name, strings.Trim(text, " \t"))
				}
			}
			return o
		}
	}
	var names []string
	for n := range res.Header {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		for _, v := range res.Header[n] {
			add(n, v)
		}
	}
	return o
}

// wide reads bytes as Latin-1.
func wide(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}
