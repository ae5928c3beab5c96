package js

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// folder writes a node_modules folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, "node_modules", name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestBundle requires modules of every kind from a folder.
func TestBundle(t *testing.T) {
	dir := folder(t, map[string]string{
		"plain/index.js":      "const p = require('path'); module.exports = {join: p.join('a', 'b'), dep: require('dep').x}",
		"dep/package.json":    `{"main": "lib/main.js"}`,
		"dep/lib/main.js":     "exports.x = async function* () {}; exports.x = 5",
		"esm/package.json":    `{"type": "module", "exports": {".": {"import": "./i.js", "require": "./r.cjs"}}}`,
		"esm/i.js":            "export default function hello() { return 'imported' }; export const other = 1",
		"esm/r.cjs":           "module.exports = () => 'required'",
		"named/package.json":  `{"type": "module", "main": "n.js"}`,
		"named/n.js":          "export const a = 1, b = 2",
		"@scope/pkg/index.js": "module.exports = 'scoped'",
		"net/index.js":        "exports.x = 1",
		"needy/index.js":      "require('net')",
		"broken/index.js":     "module.exports = {",
		"lost/index.js":       "require('nowhere')",
		"native/index.js":     "require('./x.node')",
		"native/x.node":       "",
		"lazy/index.js":       "exports.ok = 1; exports.dial = () => require('net')",
	})
	for _, c := range []struct{ module, code, want, err string }{
		{"plain", "m.join + m.dep", "a/b5", ""},
		{"esm", "m()", "imported", ""},
		{"named", "m.a + m.b", "3", ""},
		{"@scope/pkg", "m", "scoped", ""},
		{"lazy", "m.ok", "1", ""},
		{"needy", "", "", `the module "needy" needs Node's own module "net", which is not available here`},
		{"nosuch", "", "", "Cannot find module 'nosuch': it is not in node_modules; npm install it there"},
		{"broken", "", "", `the module "broken": node_modules/broken/index.js:1:19: Expected identifier but found end of file`},
		{"lost", "", "", `the module "lost": node_modules/lost/index.js:1:9: Could not resolve "nowhere"`},
		{"native", "", "", `the module "native" has native code (node_modules/native/index.js), which does not run here`},
	} {
		r := New(Options{Require: func(m string) (string, error) { return Bundle(dir, m, true) }})
		v, err := r.require(c.module)
		if c.err != "" {
			if err == nil || err.Error() != c.err {
				t.Errorf("%s: %v, want %s", c.module, err, c.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.module, err)
			continue
		}
		_ = r.vm.Set("m", v)
		got, err := r.vm.RunString(c.code)
		if err != nil || got.String() != c.want {
			t.Errorf("%s: %s gives %v, %v, want %s", c.module, c.code, got, err, c.want)
		}
	}
}

// TestRun runs scripts of the host, and looks at where errors are said to be.
func TestRun(t *testing.T) {
	load := func(_, name string) (string, string, error) {
		if name == "./more" {
			return "/u/more.js", "exports.z = [1, {b: __filename}]", nil
		}
		return "", "", errors.New("there is no " + name)
	}
	for _, c := range []struct{ text, want, err string }{
		{"module.exports = {a: process.env.PORT || 1880, d: __dirname, f: require('fs').readFileSync('x', 'utf8')}", `{"a":"PORT!","d":"/u","f":"x"}`, ""},
		{"module.exports = require('./more')", `{"z":[1,{"b":"/u/more.js"}]}`, ""},
		{"module.exports = {\n  a: require('net')\n}", "", "/u/settings.js:2:13: Error: Node's own module \"net\" is not available here: use the tcp nodes"},
		{"module.exports = {\n  a: b.c\n}", "", "/u/settings.js:2:6: ReferenceError: b is not defined"},
		{"module.exports = {\n  a: 1,,\n}", "", "/u/settings.js:2:8: SyntaxError: Unexpected token ','"},
		{"exports.a = require('fs').writeFileSync('x')", "", "/u/settings.js:1:"},
		{"exports.a = require('./none')", "", "Error: there is no ./none"},
	} {
		r := New(Options{Env: func(n string) (string, bool) { return n + "!", true }})
		v, err := r.Run(Script{File: "/u/settings.js", Text: c.text, Load: load, Read: func(p string) ([]byte, error) { return []byte(p), nil }})
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v, want %s", c.text, err, c.err)
			}
			continue
		}
		if got := string(value.AppendJSON(nil, v)); err != nil || got != c.want {
			t.Errorf("%s: %s, %v, want %s", c.text, got, err, c.want)
		}
	}
}
