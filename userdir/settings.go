package userdir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/js"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// used are the settings that have their effect here.
var used = []string{
	"adminAuth", "apiMaxLength", "contextStorage", "credentialSecret", "debugMaxLength", "debugStatusLength", "execMaxBufferSize", "exportGlobalContextKeys",
	"fileWorkingDirectory", "flowFile", "flowFilePretty", "functionExternalModules", "functionGlobalContext", "functionMaxSteps", "globalFunctionTimeout", "httpAdminCookieOptions", "httpAdminCors",
	"httpAdminRoot", "httpNodeAuth", "httpNodeCors", "httpNodeRoot", "httpRequestTimeout", "httpRoot", "httpStatic", "httpStaticAuth", "httpStaticCors", "httpStaticRoot", "https",
	"inboundWebSocketTimeout", "logging", "mqttReconnectTime", "nodeMessageBufferMaxLength", "requireHttps", "sessionExpiryTime", "socketReconnectTime", "socketTimeout", "tcpMsgQueueSize", "tlsConfigDisableLocalFiles",
	"uiHost", "uiPort",
}

// idle are settings of Node-RED that mean nothing here: its editor's, its package
// manager's, and those of nodes that are not here.
var idle = []string{
	"autoInstallModules", "coreNodesDir", "debugUseColors", "diagnostics", "disableEditor", "editorTheme", "enableProjects", "externalModules", "functionTimeout", "httpServerOptions",
	"httpsRefreshInterval", "lang", "nodeDefaults", "nodesDir", "nodesExcludes", "paletteCategories", "readOnly", "runtimeState", "safeMode", "serialReconnectTime", "settingsFile", "swagger", "telemetry",
	"ui", "userDir", "verbose",
}

// refused are settings that cannot be kept, and must not be passed over.
var refused = map[string]string{
	"httpNodeMiddleware":        "code in front of http in nodes does not run here: use httpNodeAuth or a proxy, and remove the setting",
	"httpAdminMiddleware":       "code in front of the admin API does not run here: use adminAuth or a proxy, and remove the setting",
	"webSocketNodeVerifyClient": "code that verifies websocket clients does not run here: use httpNodeAuth or a proxy, and remove the setting",
	"storageModule":             "another storage for flows is not available here: give the flow file and remove the setting",
	"httpAuth":                  "it was split long ago: use httpNodeAuth and adminAuth",
}

// readSettings runs settings.js.
func (d *Dir) readSettings() error {
	d.Settings, d.Globals = value.NewObject(), value.NewObject()
	d.Runtime = js.New(js.Options{
		Env: d.opt.Env, Machine: d.opt.Machine, Zone: d.opt.Zone, Dir: d.Path,
		Require: func(name string) (string, error) { return js.Bundle(d.Path, name, false) },
	})
	file := d.opt.SettingsFile
	if file == "" {
		if file = filepath.Join(d.Path, "settings.js"); !exists(file) {
			return nil
		}
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	v, err := d.Runtime.Run(js.Script{File: file, Text: strings.TrimPrefix(string(text), "\ufeff"), Load: d.load, Read: d.read})
	if err != nil {
		return err
	}
	o := v.Object()
	if o == nil {
		return fmt.Errorf("%s does not set module.exports to an object", file)
	}
	return d.takeSettings(file, o)
}

// load gives a module that settings.js requires by its path.
func (d *Dir) load(from, name string) (file, text string, err error) {
	base := name
	if !filepath.IsAbs(base) {
		base = filepath.Join(filepath.Dir(from), base)
	}
	for _, f := range []string{base, base + ".js", base + ".json", filepath.Join(base, "index.js")} {
		if info, err := os.Stat(f); err == nil && !info.IsDir() {
			b, err := d.read(f)
			return f, string(b), err
		}
	}
	return "", "", errors.New("Cannot find module '" + name + "'")
}

// read reads a file for settings.js: only within the directory, or that of the
// settings file.
func (d *Dir) read(path string) ([]byte, error) {
	full := path
	if !filepath.IsAbs(full) {
		full = filepath.Join(d.Path, full)
	}
	real, err := filepath.EvalSymlinks(full)
	if err != nil {
		return nil, errors.New("ENOENT: no such file or directory, open '" + path + "'")
	}
	homes := []string{d.Path}
	if d.opt.SettingsFile != "" {
		homes = append(homes, filepath.Dir(d.opt.SettingsFile))
	}
	for _, h := range homes {
		if h, err := filepath.EvalSymlinks(h); err == nil {
			if rel, err := filepath.Rel(h, real); err == nil && filepath.IsLocal(rel) {
				return os.ReadFile(real)
			}
		}
	}
	return nil, fmt.Errorf("%s is outside of %s: settings.js may read files within it only", path, d.Path)
}

func (d *Dir) takeSettings(file string, o *value.Object) error {
	var problems []string
	var unknown []string
	for i := range o.Len() {
		name, v := o.At(i).Key, o.At(i).Value
		switch {
		case v.IsUndefined():
		case refused[name] != "":
			problems = append(problems, fmt.Sprintf("%s: %s: %s", file, name, refused[name]))
		case name == "functionGlobalContext":
			if g := v.Object(); g != nil {
				d.Globals = g
			}
		case slices.Contains(used, name):
			d.Settings.Set(name, v)
		case slices.Contains(idle, name):
			d.Settings.Set(name, v)
		default:
			unknown = append(unknown, name)
			d.Settings.Set(name, v)
		}
	}
	if len(problems) > 0 {
		return errors.New(strings.Join(problems, "\n"))
	}
	if len(unknown) > 0 {
		d.warn("%s: these settings are not known and have no effect: %s", file, strings.Join(unknown, ", "))
	}
	return nil
}

func (d *Dir) warn(format string, args ...any) {
	d.Warnings = append(d.Warnings, fmt.Sprintf(format, args...))
}

// hidden are settings that nodes must not see.
var hidden = []string{"credentialSecret", "adminAuth", "httpNodeAuth", "httpStaticAuth", "https"}

// NodeSettings are the settings that nodes read: those without secrets and code.
func (d *Dir) NodeSettings() *value.Object {
	out := value.NewObject()
	for i := range d.Settings.Len() {
		if p := d.Settings.At(i); !slices.Contains(hidden, p.Key) && p.Value.TypeOf() != "function" {
			out.Set(p.Key, p.Value)
		}
	}
	return out
}

// Module gives the text of a module that a function node imports, from the
// directory's node_modules.
func (d *Dir) Module(name string) (string, error) { return js.Bundle(d.Path, name, true) }

// LogLevel is the level of the console's log, "" if none is set.
func (d *Dir) LogLevel() string {
	o := d.Settings.Get("logging").Object()
	if o == nil || o.Get("console").Object() == nil {
		return ""
	}
	return o.Get("console").Object().Get("level").Str()
}
