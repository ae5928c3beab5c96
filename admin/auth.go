package admin

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// auth is the setting adminAuth: who may use the API. A nil auth lets everybody in.
type auth struct {
	typ      string
	users    map[string]*value.Object
	tokens   map[string]apiToken
	fallback *value.Object // for those who are nobody; nil: they may not enter
	sessions *sessions

	mu       sync.Mutex
	attempts []attempt
}

type apiToken struct {
	user  string
	scope value.Value
}

type attempt struct {
	user string
	at   time.Time
}

const (
	attemptWindow = 10 * time.Minute
	maxAttempts   = 5
	maxRemembered = 10000
)

// codeAdvice ends the errors about code in adminAuth.
const codeAdvice = "code does not run here: use type credentials with users as data (lockstep takes the hashes of node-red admin hash-pw), or a proxy"

// newAuth reads the setting adminAuth.
func newAuth(v value.Value, userDir string) (*auth, error) {
	if !value.Truthy(v) {
		return nil, nil
	}
	o := v.Object()
	if o == nil || v.TypeOf() != "object" {
		return nil, errors.New("adminAuth: it must be an object: " + codeAdvice)
	}
	a := &auth{typ: o.Get("type").Str(), users: map[string]*value.Object{}, tokens: map[string]apiToken{}}
	if a.typ != "credentials" {
		return nil, fmt.Errorf("adminAuth: the type %q is not available: %s", a.typ, codeAdvice)
	}
	for _, k := range []string{"module", "strategy", "authenticate"} {
		if value.Truthy(o.Get(k)) {
			return nil, fmt.Errorf("adminAuth.%s: %s", k, codeAdvice)
		}
	}
	for _, k := range []string{"users", "default", "tokens"} {
		if o.Get(k).TypeOf() == "function" {
			return nil, fmt.Errorf("adminAuth.%s: %s", k, codeAdvice)
		}
	}
	if err := a.takeUsers(o.Get("users")); err != nil {
		return nil, err
	}
	for _, t := range value.Elements(o.Get("tokens")) {
		if e := t.Object(); e != nil && e.Get("token").Str() != "" {
			a.tokens[e.Get("token").Str()] = apiToken{e.Get("user").Str(), e.Get("scope")}
		}
	}
	if d := o.Get("default"); value.Truthy(d) {
		a.fallback = value.NewObject()
		a.fallback.Set("anonymous", value.True)
		if d.Object() != nil {
			a.fallback.Set("permissions", d.Object().Get("permissions"))
		}
	}
	life := defaultExpiry
	if s := value.ToNumber(o.Get("sessionExpiryTime")); s > 0 {
		life = time.Duration(s * float64(time.Second))
	}
	var err error
	a.sessions, err = openSessions(userDir, life)
	return a, err
}

func (a *auth) takeUsers(v value.Value) error {
	list := []value.Value{v}
	switch {
	case v.IsNullish():
		list = nil
	case v.Array() != nil:
		list = v.Array().Elems
	}
	for i, e := range list {
		u := e.Object()
		if u == nil || u.Get("username").Str() == "" {
			return fmt.Errorf("adminAuth.users[%d]: it must be {username, password, permissions}", i)
		}
		if _, err := bcrypt.Cost([]byte(u.Get("password").Str())); err != nil {
			return fmt.Errorf("adminAuth.users[%d].password: it must be the bcrypt hash of a password, as node-red admin hash-pw gives it", i)
		}
		a.users[u.Get("username").Str()] = u
	}
	return nil
}

// public is a user without the password.
func public(u *value.Object) *value.Object {
	o := value.Clone(value.Of(u)).Object()
	o.Delete("password")
	return o
}

// byToken finds the user of an access token and what the token allows.
func (a *auth) byToken(token string) (*value.Object, value.Value, bool) {
	t, ok := a.tokens[token]
	if !ok {
		if t, ok = a.sessions.get(token); !ok {
			return nil, value.Undefined, false
		}
	}
	u := a.users[t.user]
	if u == nil {
		return nil, value.Undefined, false
	}
	return public(u), t.scope, true
}

// anonymous is what those may who are nobody.
func (a *auth) anonymous() (value.Value, bool) {
	if a == nil || a.fallback == nil {
		return value.Undefined, false
	}
	return a.fallback.Get("permissions"), true
}

// admits finds who asks and whether that user may; if not, the request was answered.
func (a *auth) admits(q *request, permission string) bool {
	if a == nil {
		return true
	}
	challenge := `Bearer realm="Users"`
	token, given, sane := q.token()
	user, scope, ok := value.NewObject(), value.Undefined, false
	if given && sane {
		if user, scope, ok = a.byToken(token); !ok {
			challenge += `, error="invalid_token"`
		}
	}
	if !ok {
		scope, ok = a.anonymous()
		switch {
		case ok:
		case !sane:
			q.refuse(http.StatusBadRequest, "Bad Request")
			return false
		default:
			q.w.Header().Set("WWW-Authenticate", challenge)
			q.refuse(http.StatusUnauthorized, "Unauthorized")
			return false
		}
		user = a.fallback
	}
	if !allows(scope, value.Str(permission)) {
		q.bare(http.StatusUnauthorized)
		return false
	}
	q.user = user
	return true
}

// refuse answers with a word as a bare body.
func (q *request) refuse(status int, text string) {
	q.w.Header()["Content-Type"] = nil
	q.w.WriteHeader(status)
	_, _ = q.w.Write([]byte(text)) // a client that went away cannot be told
}

// token is the access token of a request; sane says that there is one at most.
func (q *request) token() (token string, given, sane bool) {
	n := 0
	if scheme, rest, ok := strings.Cut(q.r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "bearer") && !strings.Contains(rest, " ") {
		token = rest
		n++
	}
	if t := q.field("access_token").Str(); t != "" {
		token = t
		n++
	}
	if t := q.r.URL.Query().Get("access_token"); t != "" {
		token = t
		n++
	}
	return token, n > 0, n <= 1
}

func (a *API) getLogin(q *request) {
	if a.auth == nil {
		empty(q)
		return
	}
	out := value.Obj("type", "credentials", "prompts", value.Arr(
		value.Obj("id", "username", "type", "text", "label", "user.username"),
		value.Obj("id", "password", "type", "password", "label", "user.password")))
	a.editor.decorateLogin(out.Object())
	q.ok(out)
}

// oauthError answers as OAuth 2 says.
func (q *request) oauthError(status int, code, description string) {
	o := value.Obj("error", code, "error_description", description)
	q.w.Header().Set("Content-Type", "application/json")
	q.w.WriteHeader(status)
	_, _ = q.w.Write(value.AppendJSON(nil, o)) // a client that went away cannot be told
}

// postToken gives a session for a name and password.
func (a *API) postToken(q *request) {
	if a.auth == nil {
		q.json(http.StatusBadRequest, value.Obj("error", "Error: Invalid exchange code"))
		return
	}
	secret := q.field("client_secret").Str()
	if secret == "" {
		secret = "not_available"
	}
	client := q.field("client_id").Str()
	if client != "node-red-editor" && client != "node-red-admin" || secret != "not_available" {
		q.refuse(http.StatusUnauthorized, "Unauthorized")
		return
	}
	if grant := q.field("grant_type").Str(); grant != "password" {
		if grant == "" {
			grant = "undefined"
		}
		q.oauthError(http.StatusNotImplemented, "unsupported_grant_type", "Unsupported grant type: "+grant)
		return
	}
	name, password := q.field("username").Str(), q.field("password").Str()
	if name == "" {
		q.oauthError(http.StatusBadRequest, "invalid_request", "Missing required parameter: username")
		return
	}
	if password == "" {
		q.oauthError(http.StatusBadRequest, "invalid_request", "Missing required parameter: password")
		return
	}
	if a.auth.tooMany(name) {
		q.oauthError(http.StatusInternalServerError, "server_error", "Too many login attempts. Wait 10 minutes and try again")
		return
	}
	u := a.auth.users[name]
	if u == nil || bcrypt.CompareHashAndPassword([]byte(u.Get("password").Str()), []byte(password)) != nil {
		q.oauthError(http.StatusForbidden, "invalid_grant", "Invalid resource owner credentials")
		return
	}
	a.login(q, u, client)
}

// login opens the session.
func (a *API) login(q *request, u *value.Object, client string) {
	scope := value.Undefined
	if s := q.field("scope"); value.Truthy(s) {
		scope = value.Arr()
		for _, p := range strings.Split(value.ToString(s), " ") {
			scope.Array().Elems = append(scope.Array().Elems, value.Str(p))
		}
	} else if s.IsString() {
		scope = u.Get("permissions")
	}
	if !allows(u.Get("permissions"), scope) {
		q.oauthError(http.StatusForbidden, "invalid_grant", "Invalid resource owner credentials")
		return
	}
	a.auth.forget(u.Get("username").Str())
	out := value.NewObject()
	if t := u.Get("token").Str(); t != "" {
		out.Set("access_token", value.Str(t))
	} else {
		token, err := a.auth.sessions.create(u.Get("username").Str(), client, scope)
		if err != nil {
			q.oauthError(http.StatusInternalServerError, "server_error", "the session cannot be kept: "+err.Error())
			return
		}
		out.Set("access_token", value.Str(token))
		out.Set("expires_in", value.Num(a.auth.sessions.life.Seconds()))
	}
	out.Set("token_type", value.Str("Bearer"))
	h := q.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	_, _ = q.w.Write(value.AppendJSON(nil, value.Of(out))) // a client that went away cannot be told
}

// tooMany notes an attempt to log in; after some in a time no more are allowed.
func (a *auth) tooMany(user string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	a.attempts = slices.DeleteFunc(a.attempts, func(t attempt) bool { return now.Sub(t.at) >= attemptWindow })
	if len(a.attempts) >= maxRemembered {
		a.attempts = a.attempts[1:]
	}
	a.attempts = append(a.attempts, attempt{user, now})
	n := 0
	for _, t := range a.attempts {
		if t.user == user {
			n++
		}
	}
	return n > maxAttempts
}

func (a *auth) forget(user string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.attempts = slices.DeleteFunc(a.attempts, func(t attempt) bool { return t.user == user })
}

func (a *API) postRevoke(q *request) {
	if err := a.auth.sessions.revoke(q.field("token").Str()); err != nil {
		q.fail(err)
		return
	}
	if theme := object(a.opt.Settings, "editorTheme"); theme != nil {
		if out := object(theme, "logout"); out != nil && value.Truthy(out.Get("redirect")) {
			q.ok(value.Obj("redirect", out.Get("redirect")))
			return
		}
	}
	q.bare(http.StatusOK)
}

// object is a property that is an object, nil if it is not.
func object(o *value.Object, name string) *value.Object {
	if o == nil {
		return nil
	}
	return o.Get(name).Object()
}
