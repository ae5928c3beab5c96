package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/admin"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/userdir"
)

// adminDefault stands for --admin without an address.
const adminDefault = "default"

// adminAPI is the admin API of a run, where it listens, and its own server if that is
// not the flows'.
type adminAPI struct {
	*admin.API
	root  string
	addr  string
	same  bool // it shares the port of the flows
	local bool // it answers on this machine's loopback addresses only
	own   *live.HTTP
}

// admin makes the admin API; nil if nobody asked for it.
func (h *host) admin(f *runFlags, s streams, r *journal.Recorder) (*adminAPI, error) {
	if f.admin == "" {
		if f.editor != "" {
			return nil, exitError{exitUsage, "--editor needs --admin: the editor works through the admin API"}
		}
		return nil, nil
	}
	if h.web.AdminRoot == "" {
		return nil, errors.New("settings.js switches the admin API off (httpAdminRoot: false): change that or leave out --admin")
	}
	o, err := h.adminOptions(f, s)
	if err != nil {
		return nil, err
	}
	if r != nil {
		o.Hide = func(all map[string]*value.Object) *value.Object {
			r.Hide(all)
			return journal.Named(all)
		}
	}
	a := &adminAPI{root: h.web.AdminRoot}
	if err := a.address(f, h.web); err != nil {
		return nil, err
	}
	if a.API, err = admin.New(o); err != nil {
		return nil, err
	}
	if !a.local && !a.Protected() {
		return nil, fmt.Errorf("the admin API would be open to everybody at %s: set adminAuth in settings.js, or leave it on this machine: --admin=127.0.0.1:%s", a.addr, portOf(a.addr))
	}
	if o.SaveFlows == nil {
		fmt.Fprintln(s.err, "flows that are deployed live in memory only: with --user-dir they are kept")
	}
	return a, nil
}

// address settles where the API listens: by default at the port of the flows, for
// this machine only.
func (a *adminAPI) address(f *runFlags, w userdir.HTTP) error {
	if f.admin == adminDefault {
		ip := net.ParseIP(w.Host)
		covers := w.Host == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
		a.addr, a.same, a.local = net.JoinHostPort("127.0.0.1", strconv.Itoa(w.Port)), covers, true
		return nil
	}
	host, port, err := net.SplitHostPort(f.admin)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
		return exitError{exitUsage, fmt.Sprintf("--admin=%s: it must be an address such as 127.0.0.1:1881", f.admin)}
	}
	a.addr, a.same = f.admin, port == strconv.Itoa(w.Port) && host == w.Host && port != "0"
	ip := net.ParseIP(host)
	a.local = host == "localhost" || ip != nil && ip.IsLoopback()
	return nil
}

func portOf(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}

// adminOptions are what the API gets of the host.
func (h *host) adminOptions(f *runFlags, s streams) (admin.Options, error) {
	flows, err := flowsOf(h.files)
	if err != nil {
		return admin.Options{}, err
	}
	o := admin.Options{
		Root: h.web.AdminRoot, NodeRoot: h.web.NodeRoot, Flows: flows, Credentials: h.options.Credentials, Registry: h.registry, Missing: f.anyway,
		CORS: live.CORSFrom(h.web.AdminCORS), MaxBody: h.web.MaxBody, Editor: f.editor, Release: version(),
		Load:     h.reload(f),
		Deployed: func(kind string, nodes int) { fmt.Fprintf(s.err, "deployed (%s): %s\n", kind, count(nodes, "node")) },
	}
	if h.dir == nil {
		return o, nil
	}
	o.Settings, o.UserDir = h.dir.Settings, h.dir.Path
	if c := o.Settings.Get("credentialSecret"); c.IsBool() && !c.Bool() {
		o.Encryption = "disabled"
	} else if c.Str() != "" {
		o.Encryption = "user"
	}
	if value.Truthy(o.Settings.Get("readOnly")) {
		o.UserDir = ""
		return o, nil
	}
	if len(h.files) == 1 && h.files[0].name == h.dir.FlowFile {
		o.SaveFlows, o.SaveCredentials = h.dir.SaveFlows, h.dir.SaveCredentials
	}
	return o, nil
}

// flowsOf gives the entries of flow files as one array.
func flowsOf(files []input) (value.Value, error) {
	docs, err := documents(files)
	if err != nil {
		return value.Undefined, err
	}
	if len(files) == 1 {
		text := bytes.TrimPrefix(files[0].text, []byte("\ufeff"))
		if v, err := value.ParseJSON(value.Text(text)); err == nil && v.Array() != nil {
			return v, nil
		}
	}
	all := value.Arr()
	for _, d := range docs {
		for _, e := range d.Defs {
			all.Array().Elems = append(all.Array().Elems, value.Clone(value.Of(e.Raw)))
		}
	}
	return all, nil
}

// reload reads the flow files and credentials again; nil if they came from stdin.
func (h *host) reload(f *runFlags) func() (value.Value, map[string]*value.Object, error) {
	var names []string
	for _, i := range h.files {
		if i.name == "stdin" {
			return nil
		}
		names = append(names, i.name)
	}
	return func() (value.Value, map[string]*value.Object, error) {
		files, err := inputs(nil, names)
		if err != nil {
			return value.Undefined, nil, err
		}
		flows, err := flowsOf(files)
		if err != nil {
			return value.Undefined, nil, err
		}
		creds := h.options.Credentials
		switch {
		case f.credentials != "":
			creds, err = userdir.ReadCredentials(f.credentials, h.options.Env)
		case h.dir != nil:
			creds, err = h.dir.ReloadCredentials()
		}
		return flows, creds, err
	}
}

// mount puts the API into the server of the flows, or opens its own.
func (a *adminAPI) mount(flows *live.HTTP, h *host, s streams) error {
	if a.same && flows != nil {
		flows.Mount(a.root, a.handler())
		fmt.Fprintf(s.err, "admin API on %s\n", a.url(flows))
		return nil
	}
	var err error
	if a.own, err = live.NewHTTP(live.HTTPOptions{Addr: a.addr, TLS: h.web.TLS}); err != nil {
		return err
	}
	a.own.Mount(a.root, a.handler())
	fmt.Fprintf(s.err, "admin API on %s\n", a.url(a.own))
	return nil
}

// url is where a person finds the API.
func (a *adminAPI) url(server *live.HTTP) string {
	scheme, at, _ := strings.Cut(server.URL(), "://")
	if a.local {
		host, _, _ := net.SplitHostPort(a.addr)
		at = net.JoinHostPort(host, portOf(at))
	}
	return scheme + "://" + at + a.root
}

// handler is the API; one that is for this machine only does not see the requests
// that come to its other addresses.
func (a *adminAPI) handler() http.Handler {
	if a.local {
		return localOnly{a.API}
	}
	return a.API
}

// localOnly takes requests to loopback addresses only.
type localOnly struct{ *admin.API }

// Takes reports whether a request came to a loopback address and is for the API.
func (l localOnly) Takes(r *http.Request) bool {
	at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return (!ok || at.IP.IsLoopback()) && l.API.Takes(r)
}

// close ends the API and its server.
func (a *adminAPI) close() error {
	if a == nil {
		return nil
	}
	err := a.Close()
	if a.own != nil {
		err = errors.Join(err, a.own.Close())
	}
	return err
}
