package main

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/engine"
	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/journal"
	"github.com/lockstep-flows/lockstep/engine/js"
	"github.com/lockstep-flows/lockstep/engine/live"
	"github.com/lockstep-flows/lockstep/engine/live/all"
	"github.com/lockstep-flows/lockstep/engine/value"
	"github.com/lockstep-flows/lockstep/nodes"
	"github.com/lockstep-flows/lockstep/nodes/function"
	"github.com/lockstep-flows/lockstep/userdir"
)

// defaultPort is Node-RED's.
const defaultPort = 1880

// host is what flows run with: read from the command line and, if there is one, a
// user directory.
type host struct {
	registry *engine.Registry
	graph    *flow.Graph
	options  engine.Options
	dir      *userdir.Dir // nil if there is none
	web      userdir.HTTP
	files    []input
}

// prepare reads all that a run needs, without starting anything.
func (f *runFlags) prepare(s streams, files []string) (*host, error) {
	env, err := f.environment()
	if err != nil {
		return nil, err
	}
	h := &host{registry: nodes.Core(), options: engine.Options{Seed: f.seed, Env: env, Machine: machine()},
		web: userdir.HTTP{Port: -1, NodeRoot: "/", AdminRoot: "/"}}
	if h.options.Seed == 0 {
		h.options.Seed = seed()
	}
	if h.options.Zone, err = localZone(f.zone); err != nil {
		return nil, err
	}
	if f.userDir != "" {
		if files, err = h.open(f, s, files); err != nil {
			return nil, err
		}
	}
	if f.maxSteps > 0 {
		h.options.Settings = withSetting(h.options.Settings, "functionMaxSteps", value.Num(float64(f.maxSteps)))
	}
	if len(files) == 0 && h.files == nil {
		return nil, exitError{exitUsage, "there is nothing to run: give flow files, or --user-dir with the directory of a Node-RED user"}
	}
	if f.credentials != "" {
		if h.options.Credentials, err = userdir.ReadCredentials(f.credentials, env); err != nil {
			return nil, err
		}
	}
	if h.options.Modules == nil && files[0] != "-" {
		dir := filepath.Dir(files[0])
		h.options.Modules = func(name string) (string, error) { return js.Bundle(dir, name, true) }
	}
	f.address(&h.web)
	if h.files == nil {
		if h.files, err = inputs(s.in, files); err != nil {
			return nil, err
		}
	}
	h.graph, err = compile(h.registry, h.files, f.anyway)
	return h, err
}

// withSetting gives settings with one more; those given stay as they are.
func withSetting(settings *value.Object, key string, v value.Value) *value.Object {
	o := value.NewObject()
	if settings != nil {
		for _, k := range settings.Keys() {
			o.Set(k, settings.Get(k))
		}
	}
	o.Set(key, v)
	return o
}

// record starts the journal of the run.
func (h *host) record(f *runFlags, o *engine.Options) (*journal.Recorder, error) {
	var flows []value.Value
	for _, i := range h.files {
		v, err := value.ParseJSON(strings.TrimPrefix(value.Text(i.text), "\ufeff"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", i.name, err)
		}
		flows = append(flows, v)
	}
	header, err := journal.NewHeader(release, flows, *o)
	if err != nil {
		return nil, err
	}
	return journal.Create(f.record, header, o, journal.RecorderOptions{Limit: f.recordLimit})
}

// open opens the user directory and takes what it says.
func (h *host) open(f *runFlags, s streams, files []string) ([]string, error) {
	name, err := os.Hostname()
	if err != nil {
		return nil, err
	}
	o := userdir.Options{Path: f.userDir, SettingsFile: f.settings, Env: h.options.Env, Machine: h.options.Machine, Zone: h.options.Zone, Hostname: name}
	if len(files) == 1 && files[0] != "-" {
		o.FlowFile = files[0]
	}
	d, err := userdir.Open(o)
	if err != nil {
		return nil, err
	}
	for _, w := range d.Warnings {
		fmt.Fprintln(s.err, "warning: "+w)
	}
	h.dir = d
	h.options.Settings, h.options.Globals, h.options.Credentials = d.NodeSettings(), d.Globals, d.Credentials
	h.options.Stores, h.options.DefaultStore, h.options.Modules = d.Stores, d.DefaultStore, d.Module
	function.Share(&h.options, d.Runtime)
	if h.web, err = d.HTTP(); err != nil {
		return nil, err
	}
	if level := d.LogLevel(); level != "" && !f.levelSet {
		f.logLevel = level
	}
	if len(files) > 1 {
		return files, nil
	}
	if _, err := os.Stat(d.FlowFile); err != nil && f.admin != "" {
		h.files = []input{{name: d.FlowFile, text: []byte("[]")}}
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("there are no flows: %w", err)
	}
	return []string{d.FlowFile}, nil
}

// address settles where the web server listens: the command line, settings.js, then
// the defaults.
func (f *runFlags) address(w *userdir.HTTP) {
	if f.host != "" {
		w.Host = f.host
	}
	if w.Host == "" {
		w.Host = "127.0.0.1"
		if f.userDir != "" {
			w.Host = "0.0.0.0"
		}
	}
	if f.portSet {
		w.Port = f.port
	}
	if w.Port < 0 {
		w.Port = defaultPort
	}
}

// outside makes what carries out the effects.
func (h *host) outside(s streams, api *adminAPI) ([]live.Performer, error) {
	o := all.Options{Settings: h.options.Settings, Env: h.options.Env}
	if h.needsHTTP() || api != nil && h.web.NodeRoot != "" {
		var err error
		if o.HTTP, err = live.NewHTTP(h.webOptions()); err != nil {
			return nil, err
		}
		fmt.Fprintf(s.err, "listening on %s\n", o.HTTP.URL())
	}
	if api != nil {
		if err := api.mount(o.HTTP, h, s); err != nil {
			return nil, err
		}
	}
	list := all.Performers(o)
	if h.dir != nil && len(h.dir.StoreDirs) > 0 {
		list = append(list, live.NewContextFiles(h.dir.StoreDirs))
	}
	return list, nil
}

// webOptions are those of the web server.
func (h *host) webOptions() live.HTTPOptions {
	w := h.web
	o := live.HTTPOptions{
		Addr: net.JoinHostPort(w.Host, strconv.Itoa(w.Port)), MaxBody: w.MaxBody, Root: w.NodeRoot, TLS: w.TLS, CORS: live.CORSFrom(w.NodeCORS),
		NodeAuth: (*live.BasicAuth)(w.NodeAuth), StaticAuth: (*live.BasicAuth)(w.StaticAuth),
	}
	for _, st := range w.Static {
		o.Static = append(o.Static, live.Static{Dir: st.Dir, Prefix: st.Root, CORS: live.CORSFrom(st.CORS)})
	}
	return o
}

// needsHTTP reports whether there is anything for a web server to serve.
func (h *host) needsHTTP() bool {
	served := slices.ContainsFunc(h.graph.Nodes, func(n *flow.Node) bool { return n.Type == "http in" || n.Type == "websocket-listener" })
	return served && h.web.NodeRoot != "" || len(h.web.Static) > 0
}

// localZone finds the time zone of the flows: the one named, else that of the
// machine under its name, which a journal must know.
func localZone(name string) (*time.Location, error) {
	if name != "" {
		z, err := value.LoadZone(name)
		if err != nil {
			return nil, exitError{exitUsage, fmt.Sprintf("--zone %s: there is no such time zone", name)}
		}
		return z, nil
	}
	if tz, ok := os.LookupEnv("TZ"); ok {
		name = strings.TrimPrefix(tz, ":")
	} else if target, err := os.Readlink("/etc/localtime"); err == nil {
		_, name, _ = strings.Cut(target, "zoneinfo/")
	}
	if z, err := value.LoadZone(name); err == nil && name != "Local" {
		return z, nil
	}
	return time.Local, nil
}

// machine is what flows may read of this machine through the module os.
func machine() *value.Object {
	o := value.NewObject()
	if name, err := os.Hostname(); err == nil {
		o.Set("hostname", value.Str(name))
	}
	if home, err := os.UserHomeDir(); err == nil {
		o.Set("homedir", value.Str(home))
	}
	o.Set("tmpdir", value.Str(strings.TrimSuffix(os.TempDir(), "/")))
	return o
}

func seed() uint64 {
	var b [8]byte
	_, _ = io.ReadFull(rand.Reader, b[:]) // never fails
	return binary.LittleEndian.Uint64(b[:])
}
