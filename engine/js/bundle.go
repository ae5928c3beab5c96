package js

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// Bundle gives one text for a module of a node_modules folder and all it needs,
// as Options.Require hands it to a Runtime: its value is what module.exports is in
// the end. Modules are looked for from dir upwards, as Node does. imported chooses what
// import() gives (a default export or the whole), else what require() gives. Node's
// own modules stay calls of require.
func Bundle(dir, module string, imported bool) (text string, err error) {
	name := strconv.Quote(module)
	entry, file := "module.exports = require("+name+");", "lockstep.cjs"
	if imported {
		entry, file = "import * as m from "+name+"; module.exports = m.default || m;", "lockstep.mjs"
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	res := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: entry, ResolveDir: dir, Sourcefile: file, Loader: api.LoaderJS},
		Bundle: true, Write: false, Format: api.FormatCommonJS, Platform: api.PlatformNode, Target: api.ESNext,
		Supported: bundled(), Charset: api.CharsetUTF8, LogLevel: api.LogLevelSilent, LegalComments: api.LegalCommentsNone,
		AbsWorkingDir: dir, LogOverride: map[string]api.LogLevel{"commonjs-variable-in-esm": api.LogLevelSilent},
		Define: map[string]string{"process.env.NODE_ENV": `"production"`},
		Loader: map[string]api.Loader{".html": api.LoaderText, ".txt": api.LoaderText, ".css": api.LoaderEmpty},
	})
	if len(res.Errors) > 0 {
		return "", bundleError(module, res.Errors[0])
	}
	if len(res.OutputFiles) == 0 {
		return "", fmt.Errorf("the module %q gave no text", module)
	}
	return string(res.OutputFiles[0].Contents), nil
}

func bundled() map[string]bool {
	out := map[string]bool{"dynamic-import": false, "top-level-await": false}
	for k, v := range lowered {
		out[k] = v
	}
	return out
}

func bundleError(module string, m api.Message) error {
	if strings.HasPrefix(m.Text, "Could not resolve") && (m.Location == nil || strings.HasPrefix(m.Location.File, "lockstep.")) {
		return &moduleError{code: "MODULE_NOT_FOUND", text: fmt.Sprintf("Cannot find module '%s': it is not in node_modules; npm install it there", module)}
	}
	if strings.Contains(m.Text, `".node" files`) {
		return fmt.Errorf("the module %q has native code (%s), which does not run here", module, m.Location.File)
	}
	if m.Location != nil {
		return fmt.Errorf("the module %q: %s:%d:%d: %s", module, m.Location.File, m.Location.Line, m.Location.Column+1, m.Text)
	}
	return fmt.Errorf("the module %q: %s", module, m.Text)
}

// moduleError is an error with one of Node's codes.
type moduleError struct{ code, text string }

func (e *moduleError) Error() string { return e.text }
