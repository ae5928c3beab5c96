package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// Options configure an API. Registry is the only one that must be set.
type Options struct {
	// Root is the path under which the API lies (httpAdminRoot); "" is /.
	Root string
	// NodeRoot is httpNodeRoot, which the editor shows; "" is /.
	NodeRoot string
	// Settings are those of settings.js, by name; nil is none.
	Settings *value.Object
	// Flows is what runs at the start: the array of a flow file. Credentials are by
	// node id, decrypted.
	Flows       value.Value
	Credentials map[string]*value.Object
	// Registry has the node types.
	Registry *engine.Registry
	// Missing lets flows be deployed that have unknown types; their nodes are left out.
	Missing bool
	// Load reads flows and credentials anew, for a deploy of type reload; nil: there is
	// nothing to read.
	Load func() (flows value.Value, credentials map[string]*value.Object, err error)
	// SaveFlows and SaveCredentials keep what is deployed; nil: it lives in memory.
	SaveFlows       func(text []byte) error
	SaveCredentials func(all *value.Object) error
	// UserDir is where sessions and the users' settings of the editor are kept; "" is
	// in memory.
	UserDir string
	// Encryption says how credentials are kept: disabled, system or user.
	Encryption string
	// Editor is the folder that holds node_modules/@node-red/editor-client and
	// node_modules/@node-red/nodes; "" serves no editor.
	Editor string
	// CORS of the API (httpAdminCors); nil sets nothing.
	CORS *live.CORS
	// MaxBody bounds requests in bytes (apiMaxLength); 0 is 5 MB.
	MaxBody int64
	// Release is the version of this program.
	Release string
	// Hide is told of credentials before nodes get them, on the goroutine of the
	// engine, so that a journal does not hold them; it gives what may stand in it for them.
	// It may be nil.
	Hide func(all map[string]*value.Object) *value.Object
	// Deployed is told of each deploy, for the log; it may be nil.
	Deployed func(kind string, nodes int)
}

// apiVersion is the version of Node-RED whose API this is.
const apiVersion = "5.0.7"

const defaultMaxBody = 5 << 20

// API is the admin API: an http.Handler, and an engine.Sink for the comms of the editor.
type API struct {
	opt    Options
	root   string // without a slash at its end
	routes map[string][]route
	cors   func(next http.Handler) http.Handler
	auth   *auth
	comms  *comms
	users  *userSettings
	editor *editor

	deploying sync.Mutex // one deploy at a time
	mu        sync.RWMutex
	now       state
	engine    *engine.Engine
	live      *live.Live
}

// New makes an API. It answers 503 until Start.
func New(o Options) (*API, error) {
	if o.Settings == nil {
		o.Settings = value.NewObject()
	}
	if o.MaxBody == 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.Encryption == "" {
		o.Encryption = "system"
	}
	a := &API{opt: o, root: strings.TrimRight("/"+strings.Trim(o.Root, "/"), "/")}
	if _, err := o.CORS.Wrap(http.NotFoundHandler()); err != nil {
		return nil, fmt.Errorf("httpAdminCors: %w", err)
	}
	a.cors = func(next http.Handler) http.Handler {
		h, _ := o.CORS.Wrap(next) // it was tried above
		return h
	}
	var err error
	if a.auth, err = newAuth(o.Settings.Get("adminAuth"), o.UserDir); err != nil {
		return nil, err
	}
	if a.users, err = openUserSettings(o.UserDir); err != nil {
		return nil, err
	}
	if o.Editor != "" && !a.setting("disableEditor") {
		if a.editor, err = openEditor(o, a.sets()); err != nil {
			return nil, err
		}
	}
	a.comms = newComms(a.auth, keepAlive(o.Settings), int(limitOf(o.Settings, "debugMaxLength", debugLength)))
	a.now = state{flows: o.Flows, credentials: cloneCredentials(o.Credentials), rev: revision(o.Flows), running: true}
	a.routes = a.table()
	return a, nil
}

// Protected reports whether users must log in (adminAuth).
func (a *API) Protected() bool { return a.auth != nil }

// Start connects the API with what runs. The engine's events come from l.
func (a *API) Start(e *engine.Engine, l *live.Live) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.engine, a.live = e, l
	a.comms.notify("runtime-state", value.Obj("state", "start"))
	a.comms.notify("runtime-deploy", value.Obj("revision", a.now.rev))
}

// Put hears an effect: statuses, debug messages and log entries go to the editors
// that are connected.
func (a *API) Put(f engine.Effect) error {
	a.comms.effect(f)
	return nil
}

// Close ends all connections of editors.
func (a *API) Close() error {
	a.comms.close()
	if a.auth != nil {
		a.auth.sessions.close()
	}
	return a.editor.close()
}

// setting is a setting that is true.
func (a *API) setting(name string) bool { return value.Truthy(a.opt.Settings.Get(name)) }

// Takes reports whether a request is one for the API; if not, it may be one for flows.
func (a *API) Takes(r *http.Request) bool {
	_, _, ok := a.find(r)
	return ok
}

// find gives the route of a request, and the parts of its path.
func (a *API) find(r *http.Request) (route, []string, bool) {
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), a.root)
	if !ok {
		return route{}, nil, false
	}
	if path == "" {
		path = "/"
	}
	if path[0] != '/' {
		return route{}, nil, false
	}
	first, _, _ := strings.Cut(path[1:], "/")
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for _, rt := range a.routes[first] {
		if rt.method != method && !(method == http.MethodOptions && rt.cors && a.opt.CORS != nil) {
			continue
		}
		if m := rt.path.FindStringSubmatch(path); m != nil {
			return rt, unescaped(m[1:]), true
		}
	}
	return route{}, nil, false
}

func unescaped(parts []string) []string {
	for i, p := range parts {
		if s, err := url.PathUnescape(p); err == nil {
			parts[i] = s
		}
	}
	return parts
}

// ServeHTTP answers a request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rt, parts, ok := a.find(r)
	if !ok {
		cannot(w, r)
		return
	}
	q := &request{a: a, w: w, r: r, parts: parts}
	h := http.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { a.serve(q, rt) }))
	if rt.cors {
		h = a.cors(h)
	}
	h.ServeHTTP(w, r)
}

// serve reads the body, finds the user and calls the route.
func (a *API) serve(q *request, rt route) {
	if !rt.public && !a.trusted(q) {
		return
	}
	if rt.secure && q.insecure() {
		redirect(q, http.StatusFound, "https://"+hostOf(q.r.Host)+q.r.URL.RequestURI())
		return
	}
	if !q.readBody() {
		return
	}
	if rt.permission != open && !a.auth.admits(q, rt.permission) {
		return
	}
	a.mu.RLock()
	started := a.live != nil
	a.mu.RUnlock()
	if !started {
		q.text(http.StatusServiceUnavailable, "text/html; charset=utf-8", "Not started")
		return
	}
	rt.do(q)
}
