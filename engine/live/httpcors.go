package live

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/regex"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// CORS are the options of Node-RED's httpNodeCors, those of npm's cors 2.8.
type CORS struct {
	// Origins that may ask: one "*" allows all; more than one, or a pattern, is
	// compared with the request's and given back. None is "*".
	Origins []string
	// Patterns are regular expressions for origins, in JavaScript's syntax.
	Patterns []string
	// Reflect gives back any origin (origin: true).
	Reflect bool
	// List says that origins are compared even if there is only one (origin: ["…"]).
	List bool
	// Methods for preflights; "" is GET,HEAD,PUT,PATCH,POST,DELETE.
	Methods string
	// AllowedHeaders for preflights; "" gives back what is asked for.
	AllowedHeaders string
	// ExposedHeaders are those that scripts may read.
	ExposedHeaders string
	Credentials    bool
	// MaxAge of a preflight in seconds, "" for none.
	MaxAge string
	// SuccessStatus of a preflight; 0 is 204.
	SuccessStatus int

	patterns []*regex.Regexp
}

// CORSFrom reads the setting httpNodeCors; nil if there is none.
func CORSFrom(v value.Value) *CORS {
	o := v.Object()
	if o == nil {
		return nil
	}
	c := &CORS{Methods: joined(o.Get("methods")), AllowedHeaders: joined(o.Get("allowedHeaders")), ExposedHeaders: joined(o.Get("exposedHeaders")),
		Credentials: o.Get("credentials").IsBool() && o.Get("credentials").Bool(), SuccessStatus: int(o.Get("optionsSuccessStatus").Num())}
	if c.AllowedHeaders == "" {
		c.AllowedHeaders = joined(o.Get("headers"))
	}
	if age := o.Get("maxAge"); age.IsNumber() || value.Truthy(age) {
		c.MaxAge = value.ToString(age)
	}
	origin := o.Get("origin")
	switch {
	case o.Has("origin") && !value.Truthy(origin):
		return nil // cors is off
	case origin.IsBool():
		c.Reflect = true
	case origin.Array() != nil:
		c.List = true
		for _, e := range origin.Array().Elems {
			c.addOrigin(e)
		}
	case !origin.IsUndefined():
		c.addOrigin(origin)
	}
	return c
}

func (c *CORS) addOrigin(v value.Value) {
	if re := v.RegExp(); re != nil {
		c.Patterns = append(c.Patterns, re.Source)
		return
	}
	c.Origins = append(c.Origins, value.ToString(v))
}

func joined(v value.Value) string {
	a := v.Array()
	if a == nil {
		if !value.Truthy(v) {
			return ""
		}
		return value.ToString(v)
	}
	parts := make([]string, a.Len())
	for i, e := range a.Elems {
		parts[i] = value.ToString(e)
	}
	return strings.Join(parts, ",")
}

// prepare compiles the patterns.
func (c *CORS) prepare() error {
	for _, p := range c.Patterns {
		re, err := regex.Compile(p, "")
		if err != nil {
			return err
		}
		c.patterns = append(c.patterns, re)
	}
	return nil
}

func (c *CORS) allows(origin string) bool {
	if c.Reflect || slices.Contains(c.Origins, origin) {
		return true
	}
	for _, re := range c.patterns {
		if m, err := re.Exec(origin, 0); err == nil && m != nil {
			return true
		}
	}
	return false
}

// apply sets the headers of an answer; for a preflight it answers, and says so.
func (c *CORS) apply(w http.ResponseWriter, r *http.Request) (done bool) {
	h := w.Header()
	switch {
	case len(c.Origins)+len(c.Patterns) == 0 && !c.Reflect && !c.List, len(c.Origins) == 1 && !c.List && c.Origins[0] == "*":
		h.Set("Access-Control-Allow-Origin", "*")
	case len(c.Origins) == 1 && len(c.Patterns) == 0 && !c.List:
		h.Set("Access-Control-Allow-Origin", c.Origins[0])
		h.Add("Vary", "Origin")
	default:
		if origin := r.Header.Get("Origin"); c.allows(origin) && origin != "" {
			h.Set("Access-Control-Allow-Origin", origin)
		}
		h.Add("Vary", "Origin")
	}
	if c.Credentials {
		h.Set("Access-Control-Allow-Credentials", "true")
	}
	if r.Method == http.MethodOptions {
		c.preflight(h, r)
	}
	if c.ExposedHeaders != "" {
		h.Set("Access-Control-Expose-Headers", c.ExposedHeaders)
	}
	if r.Method != http.MethodOptions {
		return false
	}
	h.Set("Content-Length", "0")
	status := c.SuccessStatus
	if status == 0 {
		status = http.StatusNoContent
	}
	w.WriteHeader(status)
	return true
}

func (c *CORS) preflight(h http.Header, r *http.Request) {
	methods, allowed := c.Methods, c.AllowedHeaders
	if methods == "" {
		methods = "GET,HEAD,PUT,PATCH,POST,DELETE"
	}
	h.Set("Access-Control-Allow-Methods", methods)
	if allowed == "" {
		allowed = r.Header.Get("Access-Control-Request-Headers")
		vary := "Access-Control-Request-Headers"
		if old := h.Get("Vary"); old != "" {
			vary = old + ", " + vary
		}
		h.Set("Vary", vary)
	}
	if allowed != "" {
		h.Set("Access-Control-Allow-Headers", allowed)
	}
	if c.MaxAge != "" {
		h.Set("Access-Control-Max-Age", c.MaxAge)
	}
}

// plainStatus answers with a status and its name, as Express' sendStatus.
func plainStatus(w http.ResponseWriter, r *http.Request, status int) {
	text := http.StatusText(status)
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(text)) // a client that went away cannot be told
	}
}

// Wrap puts the headers on what next answers, and answers preflights itself.
func (c *CORS) Wrap(next http.Handler) (http.Handler, error) {
	if c == nil {
		return next, nil
	}
	if err := c.prepare(); err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !c.apply(w, r) {
			next.ServeHTTP(w, r)
		}
	}), nil
}
