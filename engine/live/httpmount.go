package live

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
)

// mounts are the handlers that others put into the server: prefixes for all
// requests below them, and exact paths. Readers do not lock.
type mounts struct {
	prefixes atomic.Pointer[[]mount]
	paths    atomic.Pointer[map[string]http.Handler]
}

type mount struct {
	prefix string
	h      http.Handler
}

// Taker is what a mounted handler may be, too: it says which requests for its prefix
// it takes. Others go on to the next mount and to the routes of flows, so that an
// admin API at / leaves room for them.
type Taker interface {
	Takes(r *http.Request) bool
}

// Mount hands all requests for a prefix and what is below it to h, before any
// static file or http in route: an admin API can share the port. The handler sees
// the whole path. Longer prefixes come first; see Taker for one that takes only some.
func (p *HTTP) Mount(prefix string, h http.Handler) {
	prefix = "/" + strings.Trim(prefix, "/")
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []mount
	if old := p.mounts.prefixes.Load(); old != nil {
		list = append(list, *old...)
	}
	at := 0
	for at < len(list) && len(list[at].prefix) >= len(prefix) {
		at++
	}
	list = append(list[:at:at], append([]mount{{prefix, h}}, list[at:]...)...)
	p.mounts.prefixes.Store(&list)
}

// Route hands requests to upgrade the connection (to a WebSocket) for an exact path
// under the server's root to h; all others go the usual way. It fails if the path is taken; remove
// gives it up.
func (p *HTTP) Route(path string, h http.Handler) (remove func(), err error) {
	path = p.opt.Root + "/" + strings.TrimPrefix(path, "/")
	p.mu.Lock()
	defer p.mu.Unlock()
	if old := p.mounts.paths.Load(); old != nil && (*old)[path] != nil {
		return nil, fmt.Errorf("the path %s is taken", path)
	}
	p.setPath(path, h)
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.setPath(path, nil)
	}, nil
}

// setPath replaces the table of exact paths by one in which path leads to h;
// the caller holds the lock.
func (p *HTTP) setPath(path string, h http.Handler) {
	next := map[string]http.Handler{}
	if old := p.mounts.paths.Load(); old != nil {
		for k, v := range *old {
			next[k] = v
		}
	}
	if h == nil {
		delete(next, path)
	} else {
		next[path] = h
	}
	p.mounts.paths.Store(&next)
}

// find gives the handler of others that takes a request, nil if none does.
func (m *mounts) find(r *http.Request) http.Handler {
	path := r.URL.Path
	if paths := m.paths.Load(); paths != nil && r.Header.Get("Upgrade") != "" {
		if h := (*paths)[path]; h != nil {
			return h
		}
	}
	list := m.prefixes.Load()
	if list == nil {
		return nil
	}
	for _, c := range *list {
		if c.prefix != "/" && path != c.prefix && (!strings.HasPrefix(path, c.prefix) || path[len(c.prefix)] != '/') {
			continue
		}
		if t, ok := c.h.(Taker); ok && !t.Takes(r) {
			continue
		}
		return c.h
	}
	return nil
}
