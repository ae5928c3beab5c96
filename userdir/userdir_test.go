package userdir

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

const left = "testdata/nodered" // what a real Node-RED left, see testdata/make.sh

// TestOpen opens what a real Node-RED left: its generated secret, its context files.
func TestOpen(t *testing.T) {
	d, err := Open(Options{Path: left})
	if err != nil {
		t.Fatal(err)
	}
	show := func(v value.Value) string { return string(value.AppendJSON(nil, v)) }
	if got := show(value.Of(d.Credentials["br1"])); got != `{"user":"ann","password":"s3cret pä$$"}` {
		t.Errorf("credentials: %s", got)
	}
	if d.DefaultStore != "" || len(d.Stores) != 2 || d.Stores[0].Name != "default" || !d.Stores[0].Saved || d.Stores[0].Delay != 1000 || d.Stores[1].Saved {
		t.Errorf("stores: %+v", d.Stores)
	}
	for scope, want := range map[string]string{"global": `{"g":{"h":1.5}}`, "tab1": `{"f":{"type":"Buffer","data":[120]},"c":{"x":1}}`, "fn1:tab1": `{"n":{"a":[1,{"b":"ü"}]}}`} {
		if got := show(value.Of(d.Stores[0].Data[scope])); got != want {
			t.Errorf("context of %s: %s, want %s", scope, got, want)
		}
	}
	if d.Globals.Get("answer").Num() != 42 || d.Globals.Get("twice").TypeOf() != "function" || d.Globals.Get("os").Object() == nil {
		t.Errorf("globals: %v", d.Globals.Keys())
	}
	if d.LogLevel() != "warn" || filepath.Base(d.FlowFile) != "flows.json" || len(d.Warnings) != 0 {
		t.Errorf("level %q, flows %q, warnings %q", d.LogLevel(), d.FlowFile, d.Warnings)
	}
}

// folder makes a user directory of files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestSecrets opens credentials with secrets from each place, and writes them again.
func TestSecrets(t *testing.T) {
	creds := value.Obj("n", value.Obj("password", "pä")).Object()
	sealed := `{"$":"` + Encrypt(creds, "right") + `"}`
	flows := map[string]string{"flows.json": "[]", "flows_cred.json": sealed}
	with := func(more map[string]string) map[string]string {
		out := map[string]string{}
		for _, m := range []map[string]string{flows, more} {
			for k, v := range m {
				out[k] = v
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		files map[string]string
		env   string
		err   string
	}{
		"setting":        {files: with(map[string]string{"settings.js": "exports.credentialSecret='right'"})},
		"environment":    {files: flows, env: "right"},
		"generated":      {files: with(map[string]string{".config.runtime.json": `{"_credentialSecret":"right"}`})},
		"old generated":  {files: with(map[string]string{".config.json": `{"_credentialSecret":"right"}`})},
		"changed":        {files: with(map[string]string{"settings.js": "exports.credentialSecret='new'", ".config.runtime.json": `{"_credentialSecret":"right"}`})},
		"plain":          {files: with(map[string]string{"settings.js": "exports.credentialSecret=false", "flows_cred.json": `{"n":{"password":"pä"}}`})},
		"none":           {files: flows, err: "are encrypted, and there is no secret"},
		"wrong":          {files: with(map[string]string{"settings.js": "exports.credentialSecret='wrong'"}), err: "cannot be decrypted with the secret of the setting credentialSecret"},
		"broken":         {files: with(map[string]string{"flows_cred.json": "{"}), err: "is not a JSON object"},
		"both are wrong": {files: with(map[string]string{"settings.js": "exports.credentialSecret='wrong'"}), env: "wrong too", err: "nor with that of NODE_RED_CREDENTIAL_SECRET"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, c.files)
			open := func() (*Dir, error) {
				return Open(Options{Path: dir, Hostname: "h", Env: func(n string) (string, bool) {
					return c.env, n == "NODE_RED_CREDENTIAL_SECRET" && c.env != ""
				}})
			}
			d, err := open()
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "wrong too") {
					t.Fatalf("error %v, want %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d.Credentials["n"].Get("password").Str() != "pä" {
				t.Fatalf("credentials %v", d.Credentials)
			}
			if err := d.SaveCredentials(value.Obj("m", value.Obj("k", "v")).Object()); err != nil {
				t.Fatal(err)
			}
			if d, err = open(); err != nil || d.Credentials["m"].Get("k").Str() != "v" {
				t.Fatalf("after saving: %v, %v", d, err)
			}
		})
	}
}

// TestSettings gives settings that cannot be right, and some that can.
func TestSettings(t *testing.T) {
	for _, c := range []struct{ settings, err, warning string }{
		{"module.exports = {httpNodeMiddleware: function () {}}", "httpNodeMiddleware: code in front of http in nodes does not run here", ""},
		{"module.exports = {webSocketNodeVerifyClient: function () {}, storageModule: {}}", "storageModule: another storage", ""},
		{"module.exports = {contextStorage: {a: {module: 'redis'}}}", "contextStorage.a.module: 'redis' is not available here", ""},
		{"module.exports = {contextStorage: {default: 'x'}}", `there is no store "x"`, ""},
		{"module.exports = {contextStorage: {'a b': {}}}", "letters, digits and _", ""},
		{"module.exports = 5", "does not set module.exports to an object", ""},
		{"module.exports = {\n\n  a: require('fs').readFileSync('/etc/passwd')\n}", "settings.js:3:32: Error: /etc/passwd is outside of", ""},
		{"module.exports = {\n  a: require('fs').readFileSync('../x')\n}", "ENOENT", ""},
		{"module.exports = {speed: 9, colour: 'red', flowFilePretty: false}", "", "these settings are not known and have no effect: speed, colour"},
		{"module.exports = Object.assign(require('./base'), {uiPort: process.env.PORT})", "", ""},
	} {
		dir := folder(t, map[string]string{"settings.js": c.settings, "flows_h.json": "[]", "base.js": "module.exports = {uiHost: '::1'}"})
		d, err := Open(Options{Path: dir, Hostname: "h", Env: func(n string) (string, bool) { return "99", n == "PORT" }})
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v, want %s", c.settings, err, c.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.settings, err)
			continue
		}
		if got := strings.Join(d.Warnings, "\n"); !strings.Contains(got, c.warning) || c.warning == "" && got != "" {
			t.Errorf("%s: warnings %q", c.settings, got)
		}
		if h, err := d.HTTP(); strings.Contains(c.settings, "PORT") && (err != nil || h.Port != 99 || h.Host != "::1") {
			t.Errorf("%s: %+v, %v", c.settings, h, err)
		}
	}
}

// TestHTTP reads the settings of the web server.
func TestHTTP(t *testing.T) {
	dir := folder(t, map[string]string{"flows_h.json": "[]", "settings.js": `module.exports = {
		httpRoot: '/r', httpAdminRoot: false, httpStatic: ['pub', {path: '/x', root: '/img'}], httpStaticRoot: 's/',
		httpNodeAuth: {user: 'u', pass: '$2a$08$x'}, apiMaxLength: '10mb', httpNodeCors: {origin: '*'}}`})
	d, err := Open(Options{Path: dir, Hostname: "h"})
	if err != nil {
		t.Fatal(err)
	}
	h, err := d.HTTP()
	if err != nil {
		t.Fatal(err)
	}
	if h.NodeRoot != "/r/" || h.AdminRoot != "" || h.MaxBody != 10<<20 || h.NodeAuth == nil || h.NodeAuth.User != "u" || h.NodeCORS.Object() == nil {
		t.Errorf("%+v", h)
	}
	if len(h.Static) != 2 || h.Static[0].Root != "/s/" || h.Static[1].Root != "/s/img/" || h.Static[1].Dir != "/x" {
		t.Errorf("static %+v", h.Static)
	}
}

// TestProject finds the files of the active project.
func TestProject(t *testing.T) {
	creds := value.Obj("n", value.Obj("k", "v")).Object()
	dir := folder(t, map[string]string{
		"settings.js":                 "exports.editorTheme = {projects: {enabled: true}}",
		".config.projects.json":       `{"activeProject": "p", "projects": {"p": {"credentialSecret": "ps"}}}`,
		"projects/p/package.json":     `{"node-red": {"settings": {"flowFile": "f.json", "credentialsFile": "c.json"}}}`,
		"projects/p/f.json":           "[]",
		"projects/p/c.json":           `{"$":"` + Encrypt(creds, "ps") + `"}`,
		"projects/other/package.json": "{}",
	})
	d, err := Open(Options{Path: dir, Hostname: "h"})
	if err != nil {
		t.Fatal(err)
	}
	if d.Project != "p" || filepath.Base(d.FlowFile) != "f.json" || d.Credentials["n"].Get("k").Str() != "v" {
		t.Errorf("%+v", d)
	}
}
