package admin

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// getSettings tells an editor what it may do and how it should look.
func (a *API) getSettings(q *request) {
	s := a.opt.Settings
	root := a.opt.NodeRoot
	if root == "" {
		root = "/"
	}
	o := value.Obj("httpNodeRoot", root, "version", apiVersion, "lockstep", a.opt.Release).Object()
	if q.user != nil {
		user := value.NewObject()
		for _, k := range []string{"anonymous", "username", "image", "permissions"} {
			if v, ok := q.user.Lookup(k); ok {
				user.Set(k, v)
			}
		}
		o.Set("user", value.Of(user))
	}
	if a.setting("disableEditor") {
		q.ok(value.Of(o))
		return
	}
	stores, fallback := a.storeNames()
	o.Set("context", value.Obj("default", fallback, "stores", stores))
	if theme := object(s, "editorTheme"); theme != nil {
		a.themeSettings(o, theme)
	}
	o.Set("libraries", value.Arr(
		value.Obj("id", "local", "label", "editor:library.types.local", "user", false, "icon", "font-awesome/fa-hdd-o", "readOnly", true),
		value.Obj("id", "examples", "label", "editor:library.types.examples", "user", false, "icon", "font-awesome/fa-life-ring", "types", value.Arr(value.Str("flows")), "readOnly", true)))
	for _, k := range []string{"paletteCategories", "flowFilePretty"} {
		if v := s.Get(k); value.Truthy(v) {
			o.Set(k, v)
		}
	}
	o.Set("externalModules", value.Obj("palette", value.Obj("allowInstall", false, "allowUpload", false)))
	o.Set("flowEncryptionType", value.Str(a.opt.Encryption))
	enabled, ui := on(s, "diagnostics", "enabled", true), on(s, "diagnostics", "ui", true)
	o.Set("diagnostics", value.Obj("enabled", enabled, "ui", ui && enabled))
	o.Set("telemetryEnabled", value.False)
	enabled, ui = on(s, "runtimeState", "enabled", false), on(s, "runtimeState", "ui", false)
	o.Set("runtimeState", value.Obj("enabled", enabled, "ui", ui && enabled))
	if d := s.Get("nodeDefaults"); value.Truthy(d) {
		o.Set("nodeDefaults", d)
	}
	for _, p := range []struct {
		name string
		v    value.Value
	}{{"functionExternalModules", value.True}, {"functionTimeout", value.Int(0)}, {"tlsConfigDisableLocalFiles", value.False}} {
		if v, ok := s.Lookup(p.name); ok {
			p.v = v
		}
		o.Set(p.name, p.v)
	}
	o.Set("editorTheme", value.Of(a.editor.settings(object(s, "editorTheme"))))
	q.ok(value.Of(o))
}

func (a *API) storeNames() (value.Value, string) {
	var names []string
	var fallback string
	a.live.Do(func() { names, fallback = a.engine.ContextStores() })
	list := value.Arr()
	for _, n := range names {
		list.Array().Elems = append(list.Array().Elems, value.Str(n))
	}
	return list, fallback
}

// themeSettings are those of editorTheme that stand beside it.
func (a *API) themeSettings(o, theme *value.Object) {
	if c := object(theme, "codeEditor"); c != nil {
		c = value.Clone(value.Of(c)).Object()
		if !value.Truthy(c.Get("lib")) {
			c.Set("lib", value.Str("monaco"))
		}
		if !value.Truthy(c.Get("options")) {
			c.Set("options", value.Of(value.NewObject()))
		}
		o.Set("codeEditor", value.Of(c))
	}
	if m := object(theme, "markdownEditor"); m != nil {
		m = value.Clone(value.Of(m)).Object()
		if !value.Truthy(m.Get("mermaid")) {
			m.Set("mermaid", value.Obj("enabled", true))
		}
		o.Set("markdownEditor", value.Of(m))
	}
	if m := theme.Get("mermaid"); value.Truthy(m) {
		o.Set("mermaid", m)
	}
}

// on is a switch in a group of settings.
func on(s *value.Object, group, name string, fallback bool) bool {
	g := object(s, group)
	if g == nil || !g.Get(name).IsBool() {
		return fallback
	}
	return g.Get(name).Bool()
}

// userSettings are what editors keep for each user, in .config.users.json.
type userSettings struct {
	file string // "" keeps them in memory
	mu   sync.Mutex
	all  *value.Object
}

func openUserSettings(dir string) (*userSettings, error) {
	u := &userSettings{all: value.NewObject()}
	if dir == "" {
		return u, nil
	}
	u.file = filepath.Join(dir, ".config.users.json")
	text, err := os.ReadFile(u.file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(text) == 0 {
		return u, nil
	}
	if err != nil {
		return nil, err
	}
	v, err := value.ParseJSON(value.Text(text))
	if err != nil || v.Object() == nil {
		return nil, fmt.Errorf("%s is not a JSON object: mend it or move it away", u.file)
	}
	u.all = v.Object()
	return u, nil
}

// userName is under which name a user's settings are kept.
func (q *request) userName() string {
	if q.user == nil || value.Truthy(q.user.Get("anonymous")) {
		return "_"
	}
	return q.user.Get("username").Str()
}

func (a *API) getUserSettings(q *request) {
	a.users.mu.Lock()
	v := value.Clone(a.users.all.Get(q.userName()))
	a.users.mu.Unlock()
	if v.Object() == nil {
		v = value.Of(value.NewObject())
	}
	q.ok(v)
}

func (a *API) postUserSettings(q *request) {
	fresh := q.body.Object()
	if fresh == nil {
		q.fail(failed(http.StatusBadRequest, "invalid_request", "the settings must be an object"))
		return
	}
	u := a.users
	u.mu.Lock()
	defer u.mu.Unlock()
	now := u.all.Get(q.userName()).Object()
	if now == nil {
		now = value.NewObject()
	}
	merge(now, fresh)
	now.Delete("telemetryEnabled")
	u.all.Set(q.userName(), value.Of(now))
	if u.file != "" {
		text, _, err := value.Stringify(value.Of(u.all), "    ")
		if err == nil {
			err = writeFile(u.file, []byte(text), 0o644)
		}
		if err != nil {
			q.fail(err)
			return
		}
	}
	q.bare(http.StatusNoContent)
}

// merge puts settings over others: objects are merged, null deletes.
func merge(into, from *value.Object) {
	for i := from.Len() - 1; i >= 0; i-- { // backwards, as Node-RED does: the order shows
		p := from.At(i)
		old, deep := into.Get(p.Key).Object(), p.Value.Object()
		switch {
		case p.Value.IsNull():
			into.Delete(p.Key)
		case deep != nil && old != nil:
			merge(old, deep)
		default:
			into.Set(p.Key, value.Clone(p.Value))
		}
	}
}

// getDiagnostics reports on this program and machine, in the form of Node-RED.
func (a *API) getDiagnostics(q *request) {
	s := a.opt.Settings
	if d := object(s, "diagnostics"); d != nil && value.ToString(d.Get("enabled")) == "false" {
		q.fail(failed(http.StatusForbidden, "diagnostics.disabled", "diagnostics are disabled"))
		return
	}
	scope := "basic"
	if d := object(s, "diagnostics"); d != nil && d.Get("level").Str() != "" {
		scope = d.Get("level").Str()
	}
	now := milliseconds(time.Now())
	zone, _ := time.Now().Zone()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	arch := runtime.GOARCH
	if arch == "amd64" {
		arch = "x64"
	}
	running := a.current().running
	q.ok(value.Obj("report", "diagnostics", "scope", scope,
		"time", value.Obj("utc", value.UTCString(now), "local", value.LocaleString(now, time.Local)),
		"intl", value.Obj("locale", defaultLanguage, "timeZone", zone),
		"lockstep", value.Obj("version", a.opt.Release, "go", runtime.Version(), "arch", arch, "platform", runtime.GOOS,
			"memoryUsage", value.Obj("heapTotal", float64(m.HeapSys), "heapUsed", float64(m.HeapAlloc), "sys", float64(m.Sys))),
		"os", value.Obj("arch", arch, "platform", runtime.GOOS, "cpus", runtime.NumCPU()),
		"runtime", value.Obj("version", apiVersion, "isStarted", true,
			"flows", value.Obj("state", stateName(running), "started", running),
			"modules", value.Obj(coreModule, apiVersion),
			"settings", a.diagnosedSettings())))
}

// diagnosedSettings says of each setting what it is, or only that it is set.
func (a *API) diagnosedSettings() value.Value {
	s := a.opt.Settings
	o := value.Obj("available", true).Object()
	for _, k := range []string{"apiMaxLength", "disableEditor", "debugMaxLength", "editorTheme", "flowFile", "mqttReconnectTime", "serialReconnectTime", "socketReconnectTime",
		"socketTimeout", "tcpMsgQueueSize", "inboundWebSocketTimeout", "runtimeState", "httpAdminRoot", "httpNodeRoot", "httpStaticRoot"} {
		v := s.Get(k)
		if !value.Truthy(v) {
			v = value.Str("UNSET")
		}
		o.Set(k, v)
	}
	for _, k := range []string{"adminAuth", "httpAdminCors", "httpNodeAuth", "httpNodeCors", "httpStatic", "httpStaticCors", "uiHost", "uiPort"} {
		word := "UNSET"
		if value.Truthy(s.Get(k)) {
			word = "SET"
		}
		o.Set(k, value.Str(word))
	}
	stores := value.NewObject()
	if all := object(s, "contextStorage"); all != nil {
		for i := range all.Len() {
			if c := all.At(i).Value.Object(); c != nil {
				stores.Set(all.At(i).Key, value.Obj("module", value.ToString(c.Get("module"))))
			}
		}
	}
	o.Set("contextStorage", value.Of(stores))
	return value.Of(o)
}
