package userdir

import (
	"crypto/tls"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// HTTP is what the settings say of the web server.
type HTTP struct {
	// Host and Port to listen on; Port is -1 if it is not set.
	Host string
	Port int
	// NodeRoot and AdminRoot begin and end with "/"; "" means that they are off.
	NodeRoot, AdminRoot string
	// Static are the folders served.
	Static []Static
	// NodeAuth and StaticAuth are nil where all may come in.
	NodeAuth, StaticAuth *Auth
	// NodeCORS and AdminCORS are npm cors' options, nil if there are none.
	NodeCORS, AdminCORS value.Value
	// TLS is nil for plain HTTP.
	TLS *tls.Config
	// MaxBody bounds request bodies in bytes; 0 is the default.
	MaxBody int64
}

// Static is a folder that is served under Root.
type Static struct {
	Dir, Root string
	CORS      value.Value
}

// Auth is a user with the bcrypt hash (or, from old times, MD5) of a password.
type Auth struct{ User, Hash string }

// HTTP reads the settings of the web server.
func (d *Dir) HTTP() (h HTTP, err error) {
	s := d.Settings
	h = HTTP{Host: s.Get("uiHost").Str(), Port: -1, NodeCORS: s.Get("httpNodeCors"), AdminCORS: s.Get("httpAdminCors")}
	if v := s.Get("uiPort"); !v.IsNullish() {
		n := value.ToNumber(v)
		if !(n >= 0 && n <= 65535) {
			return h, fmt.Errorf("uiPort: %s is no port", value.ToString(v))
		}
		h.Port = int(n)
	}
	h.NodeRoot, h.AdminRoot = root(s, "httpNodeRoot"), root(s, "httpAdminRoot")
	if h.NodeAuth, err = auth(s, "httpNodeAuth"); err != nil {
		return h, err
	}
	if h.StaticAuth, err = auth(s, "httpStaticAuth"); err != nil {
		return h, err
	}
	if h.MaxBody, err = size(s.Get("apiMaxLength")); err != nil {
		return h, fmt.Errorf("apiMaxLength: %w", err)
	}
	if h.TLS, err = d.https(); err != nil {
		return h, err
	}
	h.Static, err = statics(s)
	return h, err
}

func root(s *value.Object, name string) string {
	v := s.Get(name)
	if v.IsBool() && !v.Bool() || s.Get("httpRoot").IsBool() && !s.Get("httpRoot").Bool() {
		return ""
	}
	r := v.Str()
	if r == "" {
		r = s.Get("httpRoot").Str()
	}
	return rooted(r)
}

func rooted(r string) string { return strings.TrimSuffix("/"+strings.Trim(r, "/"), "/") + "/" }

func auth(s *value.Object, name string) (*Auth, error) {
	v := s.Get(name)
	if !value.Truthy(v) {
		return nil, nil
	}
	o := v.Object()
	if o == nil || o.Get("user").Str() == "" || o.Get("pass").Str() == "" {
		return nil, fmt.Errorf("%s: it must be {user, pass} with the hash of a password; code does not run here", name)
	}
	return &Auth{o.Get("user").Str(), o.Get("pass").Str()}, nil
}

// size reads a number of bytes as npm's bytes does: 5mb, 100kb, 1024.
func size(v value.Value) (int64, error) {
	if v.IsNullish() {
		return 0, nil
	}
	text := strings.ToLower(strings.TrimSpace(value.ToString(v)))
	factor := int64(1)
	for _, u := range []struct {
		unit   string
		factor int64
	}{{"kb", 1 << 10}, {"mb", 1 << 20}, {"gb", 1 << 30}, {"tb", 1 << 40}, {"b", 1}} {
		if rest, ok := strings.CutSuffix(text, u.unit); ok {
			text, factor = strings.TrimSpace(rest), u.factor
			break
		}
	}
	n := value.ToNumber(value.Str(text))
	if text == "" || !(n > 0) {
		return 0, fmt.Errorf("%q is no size such as 5mb", value.ToString(v))
	}
	return int64(float64(n * float64(factor))), nil
}

func statics(s *value.Object) ([]Static, error) {
	v := s.Get("httpStatic")
	if !value.Truthy(v) {
		return nil, nil
	}
	base := s.Get("httpStaticRoot").Str()
	list := []value.Value{v}
	if a := v.Array(); a != nil {
		list = a.Elems
	}
	var out []Static
	for i, e := range list {
		st := Static{Dir: e.Str(), Root: rooted(base), CORS: s.Get("httpStaticCors")}
		if o := e.Object(); o != nil {
			if st.Dir = o.Get("path").Str(); st.Dir == "" {
				continue
			}
			if value.Truthy(o.Get("middleware")) {
				return nil, fmt.Errorf("httpStatic[%d].middleware: code does not run here: use httpStaticAuth or a proxy", i)
			}
			st.Root = rooted(path.Join("/", base, o.Get("root").Str()))
			if c := o.Get("cors"); value.Truthy(c) {
				st.CORS = c
			}
		}
		out = append(out, st)
	}
	return out, nil
}

// https makes the server's certificate from the setting https: an object, or a
// function that gives one.
func (d *Dir) https() (*tls.Config, error) {
	v := d.Settings.Get("https")
	if f := v.Foreign(); f != nil && v.TypeOf() == "function" {
		made, err := d.Runtime.Invoke(v)
		if err != nil {
			return nil, fmt.Errorf("https: %w", err)
		}
		v = made
	}
	if !value.Truthy(v) {
		return nil, nil
	}
	o := v.Object()
	if o == nil || o.Get("key").IsNullish() || o.Get("cert").IsNullish() {
		return nil, errors.New("https: it must be an object with key and cert, or a function that gives one at once")
	}
	pair, err := tls.X509KeyPair(pem(o.Get("cert")), pem(o.Get("key")))
	if err != nil {
		return nil, fmt.Errorf("https: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}, nil
}

func pem(v value.Value) []byte {
	if b := v.Buffer(); b != nil {
		return b.B
	}
	return []byte(value.ToString(v))
}
